"""Judged lists in the order of a weak ranker, and clicks on them."""

import json
import subprocess
import sys

import numpy as np
from scipy.optimize import minimize


class Lists:
    """Lists of one part: numbers of each document, and each session's clicks.

    ``features`` [documents, features] holds the file's features, then base score and base rank;
    ``clicks`` [sessions, documents]; ``bounds`` says where each list starts.
    """

    def __init__(self, path):
        rows, names, sizes, self.ids, queries = [], None, [], [], {}
        for line in open(path):
            request = json.loads(line)
            query = request.get("user", request["id"])
            items = request["items"]
            clicked = [item["clicked"] for item in items]
            if query in queries:
                queries[query].append(clicked)
                continue
            queries[query] = [clicked]
            self.ids.append(query)
            sizes.append(len(items))
            names = names or sorted(items[0]["features"])
            for rank, item in enumerate(items, 1):
                rows.append([item["features"][name] for name in names] + [item["score"], rank])
        self.names = names + ["base score", "base rank"]
        self.features = np.array(rows, np.float32)
        self.bounds = np.r_[0, np.cumsum(sizes)]
        self.clicks = np.concatenate([np.array(each) for each in queries.values()], 1)

    @property
    def sizes(self):
        return np.diff(self.bounds)

    @property
    def mask(self):
        """[lists, longest]"""
        return np.arange(self.sizes.max()) < self.sizes[:, None]

    def padded(self, values, fill=0.0):
        """[documents, ...] as [lists, longest, ...]."""
        out = np.full((*self.mask.shape, *values.shape[1:]), fill, float)
        out[self.mask] = values
        return out


def write_judged(part, scores, path):
    """Judged lists of a ``letor.Part`` with base scores, for ``vitrine dataset clicks``."""
    with open(path, "w") as file:
        for start, end in zip(part.bounds, part.bounds[1:]):
            items = [
                {"id": f"{part.documents[row]}", "score": float(scores[row]),
                 "features": {
                     **{f"f{column + 1:03}": round(float(value), 6)
                        for column, value in enumerate(part.features[row])},
                     "relevance": part.grades[row]}}
                for row in range(start, end)]
            file.write(json.dumps({"id": str(part.queries[start]), "items": items}) + "\n")


def clicked(vitrine, judged, output, diverse, eta, sessions, candidates=50):
    """Clicks by the semi-synthetic world: grades from 1, quantile 0.5, seed 1."""
    command = [
        vitrine, "dataset", "clicks", judged, "--world", "semi-synthetic", "--eta", eta,
        "--threshold", 1, "--quantile", 0.5, "--seed", 1, "--sessions", sessions, "--candidates",
        candidates, "--output", output] + (["--diverse"] if diverse else [])
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{done.stderr}seq2slate: this failed: {' '.join(map(str, command))}")
    return Lists(output)


def rank_svm(part, queries, c=0.01):
    """The weights of a line through the features: squared hinge on the pairs of some queries."""
    differences = []
    for query in queries:
        start, end = part.bounds[query], part.bounds[query + 1]
        grades, rows = part.grades[start:end], part.features[start:end].astype(float)
        better, worse = np.nonzero(grades[:, None] > grades[None])
        differences.append(rows[better] - rows[worse])
    pairs = np.concatenate(differences)

    def objective(weights):
        short = np.maximum(0, 1 - pairs @ weights)
        return (weights @ weights / 2 + c * short @ short, weights - 2 * c * short @ pairs)

    return minimize(objective, np.zeros(pairs.shape[1]), jac=True, method="L-BFGS-B").x
