"""The peers of tools/benchmarks/metrics: values must agree, times are printed as ratios to ours."""

import math
import sys
import time
from pathlib import Path

import numpy as np
from sklearn.metrics import average_precision_score, ndcg_score, roc_auc_score

FOLDER = Path(sys.argv[1])
ALL, FEW = 10_000_000, 400_000


def rows(count):
    read = lambda name, kind: np.fromfile(FOLDER / f"{name}-{count}", kind)
    return read("scores", "<f4"), read("labels", "<f4").astype(int), read("users", "<i4")


def grouped(scores, labels, users):
    """GAUC with scikit-learn's AUC for each user."""
    order = np.argsort(users, kind="stable")
    total = weight = 0
    for group in np.split(order, np.flatnonzero(np.diff(users[order])) + 1):
        own = labels[group]
        if 0 < own.sum() < len(own):
            total += len(own) * roc_auc_score(own, scores[group])
            weight += len(own)
    return total / weight


def ndcg_sklearn(scores, labels, _):
    """NDCG@10 of lists of 20, those without a relevant row left out; ties are averaged."""
    lists = labels.reshape(-1, 20)
    relevant = lists.sum(axis=1) > 0
    return ndcg_score(lists[relevant], scores.reshape(-1, 20)[relevant], k=10)


def ndcg_loop(scores, labels, _):
    """The same as people write it by hand; the first of equal rows comes first."""
    scores, labels = scores.tolist(), labels.tolist()
    total = count = 0
    for first in range(0, len(scores), 20):
        places = sorted(range(first, first + 20), key=lambda row: -scores[row])
        gains = [labels[row] for row in places]
        ideal = sum(
            gain / math.log2(place + 2)
            for place, gain in enumerate(sorted(gains, reverse=True)[:10]))
        if ideal > 0:
            total += sum(g / math.log2(p + 2) for p, g in enumerate(gains[:10])) / ideal
            count += 1
    return total / count


PEERS = [
    ("auc", ALL, "scikit-learn", lambda s, y, u: roc_auc_score(y, s), 1e-9),
    ("pr_auc", ALL, "scikit-learn", lambda s, y, u: average_precision_score(y, s), 1e-9),
    ("gauc", FEW, "scikit-learn for each user", grouped, 1e-9),
    # Averaging over ties and breaking them differ in the fifth digit.
    ("ndcg@10", FEW, "scikit-learn", ndcg_sklearn, 1e-4),
    ("ndcg@10", FEW, "plain Python", ndcg_loop, 1e-9),
]


def main():
    ours = {}
    for line in (FOLDER / "ours").read_text().splitlines():
        name, count, seconds, value = line.split()
        ours[name, int(count)] = float(seconds), float(value)
    print("| metric | rows | ours, s | peer | its s | ratio |")
    print("|---|---|---|---|---|---|")
    for name, count, peer, measure, tolerance in PEERS:
        data = rows(count)
        start = time.perf_counter()
        value = measure(*data)
        seconds = time.perf_counter() - start
        own, expected = ours[name, count]
        assert abs(value - expected) < tolerance, (name, peer, value, expected)
        print(f"| {name} | {count:,} | {own:.3f} | {peer} | {seconds:.2f} | {seconds / own:.0f} × |")
    for name in ("gauc", "ndcg@10"):
        print(f"{name} of {ALL:,} rows: {ours[name, ALL][0]:.2f} s")


main()
