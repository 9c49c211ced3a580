"""LETOR files, and ranking metrics with their conventions spelled out."""

import numpy as np

CUTOFFS = (1, 3, 5, 10)
METRICS = [f"NDCG@{k}" for k in CUTOFFS] + ["MAP"]


class Part:
    """Documents of some files: features, grades, and where each query starts."""

    def __init__(self, paths):
        features, grades, queries, self.documents = [], [], [], []
        for path in paths:
            with open(path, encoding="ascii") as file:
                for line in file:
                    numbers, comment = line.split("#")
                    grade, query, *values = numbers.split()
                    grades.append(float(grade))
                    queries.append(query[len("qid:"):])
                    features.append([float(value.split(":")[1]) for value in values])
                    self.documents.append(comment.split()[2])
        self.features = np.array(features, np.float32)
        self.grades = np.array(grades)
        self.queries = np.array(queries)
        starts = np.flatnonzero(np.r_[True, self.queries[1:] != self.queries[:-1]])
        self.bounds = np.r_[starts, len(grades)]

    @property
    def sizes(self):
        return np.diff(self.bounds)


def judge(scores, part):
    """[queries, metrics]; NaN for a query without a relevant document.

    Gains are 2^grade - 1; grades from 1 are relevant; equal scores are ordered against the ranker.
    """
    rows = []
    for start, end in zip(part.bounds, part.bounds[1:]):
        grades = part.grades[start:end]
        if grades.max() == 0:
            rows.append([np.nan] * len(METRICS))
            continue
        ranked = grades[np.lexsort((grades, -scores[start:end]))]
        ideal = np.sort(grades)[::-1]
        discounts = 1 / np.log2(np.arange(2, len(grades) + 2))
        values = [
            ((2 ** ranked[:k] - 1) * discounts[:k]).sum() / ((2 ** ideal[:k] - 1) * discounts[:k]).sum()
            for k in CUTOFFS]
        relevant = ranked > 0
        precision = np.cumsum(relevant) / np.arange(1, len(grades) + 1)
        rows.append(values + [precision[relevant].mean()])
    return np.array(rows)


def interval(differences, resamples, seed=1):
    """The mean of paired differences over queries, and its 95 % bootstrap interval."""
    random = np.random.default_rng(seed)
    draws = random.integers(0, len(differences), (resamples, len(differences)))
    means = differences[draws].mean(1)
    return differences.mean(), *np.quantile(means, [0.025, 0.975])
