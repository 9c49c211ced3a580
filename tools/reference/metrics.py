"""Golden values for RankingEvaluation, computed by scikit-learn and NumPy on random data with ties.

    python tools/reference/metrics.py > Tests/RankingEvaluationTests/Golden/metrics.json
"""

import json
import sys

import numpy as np
from scipy.stats import ks_2samp
from sklearn.metrics import (
    average_precision_score, log_loss, ndcg_score, roc_auc_score)
from sklearn.metrics.pairwise import cosine_distances


def single(values):
    """What a Float in Swift holds, so that both sides start from the same numbers."""
    return np.asarray(values, dtype=np.float32).astype(np.float64)


def pointwise(random, rows, levels):
    """Scores on few levels tie often."""
    scores = single(np.round(random.normal(size=rows) * levels) / levels)
    labels = (random.uniform(size=rows) < 1 / (1 + np.exp(1 - scores))).astype(int)
    groups = random.integers(0, 25, size=rows)
    # Users with one class only, and a user number that never occurs.
    labels[groups == 3] = 0
    labels[groups == 4] = 1
    groups[groups == 7] = 8
    probabilities = single(1 / (1 + np.exp(1.2 - scores)))
    weights = single(random.uniform(0.1, 3, size=rows))
    grouped, used = 0.0, 0
    for group in np.unique(groups):
        mine = groups == group
        if 0 < labels[mine].sum() < mine.sum():
            grouped += mine.sum() * roc_auc_score(labels[mine], scores[mine])
            used += int(mine.sum())
    weighted, total = 0.0, 0.0
    for group in np.unique(groups):
        mine = groups == group
        if 0 < labels[mine].sum() < mine.sum():
            weighted += weights[mine].sum() * roc_auc_score(
                labels[mine], scores[mine], sample_weight=weights[mine])
            total += weights[mine].sum()
    rate = labels.mean()
    entropy = -(rate * np.log(rate) + (1 - rate) * np.log(1 - rate))
    edges = np.minimum((probabilities * 10).astype(int), 9)
    width_error = sum(
        abs(labels[edges == b].sum() - probabilities[edges == b].sum()) for b in range(10)) / rows
    return dict(
        scores=scores.tolist(), labels=labels.tolist(), groups=groups.tolist(),
        probabilities=probabilities.tolist(), weights=weights.tolist(),
        auc=roc_auc_score(labels, scores),
        weighted_auc=roc_auc_score(labels, scores, sample_weight=weights),
        weighted_grouped_auc=weighted / total,
        pr_auc=average_precision_score(labels, scores),
        weighted_pr_auc=average_precision_score(labels, scores, sample_weight=weights),
        weighted_ratio=(weights * probabilities).sum() / (weights * labels).sum(),
        grouped_auc=grouped / used, coverage=used / rows,
        log_loss=log_loss(labels, probabilities),
        weighted_log_loss=log_loss(labels, probabilities, sample_weight=weights),
        normalized_entropy=log_loss(labels, probabilities) / entropy,
        equal_width_error=width_error, ratio=probabilities.sum() / labels.sum())


def equal_mass(random, rows, bins):
    """Distinct probabilities, so that the bins are unambiguous."""
    probabilities = single(random.permutation(rows) / rows * 0.9 + 0.05)
    labels = (random.uniform(size=rows) < probabilities ** 2).astype(int)
    order = np.argsort(probabilities, kind="stable")
    ends = [-(-rows * b // bins) for b in range(bins + 1)]
    error = sum(
        abs(labels[order[a:b]].sum() - probabilities[order[a:b]].sum())
        for a, b in zip(ends, ends[1:])) / rows
    return dict(probabilities=probabilities.tolist(), labels=labels.tolist(), error=error)


def ranked(random, length):
    """One list in ranked order."""
    grades = random.integers(0, 5, size=length) * (random.uniform(size=length) < 0.5)
    grades[random.integers(0, length)] = 2
    falling = -np.arange(length, dtype=float)
    gains = 2.0 ** grades - 1
    first = int(np.flatnonzero(grades > 0)[0])
    return dict(
        grades=grades.tolist(),
        ndcg_linear=ndcg_score([grades], [falling]),
        ndcg_linear_5=ndcg_score([grades], [falling], k=5),
        ndcg_exponential=ndcg_score([gains], [falling]),
        ndcg_exponential_5=ndcg_score([gains], [falling], k=5),
        average_precision=average_precision_score(grades > 0, falling),
        reciprocal_rank=1 / (first + 1))


def requests(random, rows, count):
    """Lists of a log, graded, with ties in the scores that a tie break decides."""
    scores = single(random.integers(0, 6, size=rows) / 4)
    labels = random.integers(0, 4, size=rows) * (random.uniform(size=rows) < 0.4)
    request = random.integers(0, count, size=rows)
    ties = random.permutation(rows)
    labels[request == 2] = 0
    names = ["NDCG", "NDCG@3", "MAP", "MRR", "precision@3", "recall@3", "hit rate@3", "ERR"]
    values = {name: [] for name in names}
    for number in np.unique(request):
        mine = np.flatnonzero(request == number)
        order = mine[np.lexsort((ties[mine], -scores[mine]))]
        grades = labels[order]
        if grades.max() == 0:
            continue
        falling = -np.arange(len(grades), dtype=float)
        gains, hits = 2.0 ** grades - 1, grades > 0
        several = len(grades) > 1
        values["NDCG"].append(ndcg_score([gains], [falling]) if several else 1.0)
        values["NDCG@3"].append(ndcg_score([gains], [falling], k=3) if several else 1.0)
        values["MAP"].append(average_precision_score(hits, falling))
        values["MRR"].append(1 / (np.flatnonzero(hits)[0] + 1))
        values["precision@3"].append(hits[:3].sum() / 3)
        values["recall@3"].append(hits[:3].sum() / hits.sum())
        values["hit rate@3"].append(float(hits[:3].any()))
        stop, reached = 0.0, 1.0
        for place, gain in enumerate(gains):
            stop += reached * gain / 8 / (place + 1)
            reached *= 1 - gain / 8
        values["ERR"].append(stop)
    return dict(
        scores=scores.tolist(), labels=labels.tolist(), requests=request.tolist(),
        ties=ties.tolist(), lists=len(values["NDCG"]),
        means=[dict(metric=name, value=float(np.mean(values[name]))) for name in names])


def drift(random, rows):
    """PSI over the deciles of the first sample; none of its values coincide with an edge's."""
    first = single(random.normal(size=rows))
    second = single(random.normal(loc=0.4, scale=1.3, size=rows // 2))
    ordered = np.sort(first)
    edges = [ordered[rows * k // 10] for k in range(1, 10)]
    bins = [np.bincount(np.searchsorted(edges, x, side="right"), minlength=10) / len(x)
            for x in (first, second)]
    p, q = [np.maximum(x, 1e-4) for x in bins]
    return dict(
        first=first.tolist(), second=second.tolist(),
        psi=float(np.sum((q - p) * np.log(q / p))), ks=float(ks_2samp(first, second).statistic))


def diversity(random, rows, width):
    vectors = single(random.normal(size=(rows, width)))
    distances = cosine_distances(vectors)
    return dict(
        vectors=vectors.ravel().tolist(), width=width,
        distance=distances[np.triu_indices(rows, 1)].mean())


def main():
    random = np.random.default_rng(7)
    json.dump(
        dict(
            pointwise=[pointwise(random, 500, 2), pointwise(random, 300, 1000)],
            equal_mass=equal_mass(random, 400, 15),
            ranked=[ranked(random, n) for n in (2, 3, 6, 30)],
            diversity=diversity(random, 9, 16),
            requests=requests(random, 400, 40),
            drift=drift(random, 500)),
        sys.stdout)
    print()


main()
