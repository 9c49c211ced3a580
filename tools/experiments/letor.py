"""LETOR files, and ranking metrics with their conventions spelled out."""

import numpy as np

CUTOFFS = (1, 3, 5, 10)
METRICS = [f"NDCG@{k}" for k in CUTOFFS] + ["MAP"]


class Part:
    """Documents of some files: features, grades, and where each query starts.

    SVMlight files without ``qid`` come with files of group sizes.
    """

    def __init__(self, paths, groups=(), width=0):
        features, grades, queries, self.documents = [], [], [], []
        sizes = [int(size) for path in groups for size in open(path)]
        for path in paths:
            with open(path, encoding="ascii") as file:
                for line in file:
                    numbers, _, comment = line.partition("#")
                    grade, *values = numbers.split()
                    grades.append(float(grade))
                    if not groups:
                        queries.append(values.pop(0)[len("qid:"):])
                    features.append([value.split(":") for value in values])
                    words = comment.split()
                    self.documents.append(words[2] if len(words) > 2 else f"d{len(grades)}")
        self.width = max([width] + [int(row[-1][0]) for row in features if row])
        # Numbered from 1; a feature that a row does not mention is 0.
        self.features = np.zeros((len(features), self.width), np.float32)
        for row, values in enumerate(features):
            for number, value in values:
                self.features[row, int(number) - 1] = float(value)
        self.grades = np.array(grades)
        if groups:
            queries = np.repeat([f"q{query + 1}" for query in range(len(sizes))], sizes)
        self.queries = np.array(queries)
        starts = np.flatnonzero(np.r_[True, self.queries[1:] != self.queries[:-1]])
        self.bounds = np.r_[starts, len(grades)]

    def taking(self, queries):
        """Some of the queries."""
        part = object.__new__(Part)
        rows = np.concatenate([
            np.arange(self.bounds[query], self.bounds[query + 1]) for query in queries])
        part.width, part.features = self.width, self.features[rows]
        part.grades, part.queries = self.grades[rows], self.queries[rows]
        part.documents = [self.documents[row] for row in rows]
        part.bounds = np.r_[0, np.cumsum(self.sizes[queries])]
        return part

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
