"""What Seq2Slate's `redundancy` tells its encoder, for rankers that cannot look at a list."""

import copy

import numpy as np


def numbers(rows):
    """[n, 6] of one list in base order; see ``ListRedundancy`` (there are no categories here)."""
    count = len(rows)
    out = np.zeros((count, 6))
    deviation = rows.std(0)
    varies = deviation > 1e-9 * np.abs(rows.mean(0))
    points = ((rows - rows.mean(0)) / np.where(varies, deviation, 1))[:, varies].astype(float)
    distances = np.sqrt(((points[:, None] - points[None]) ** 2).sum(2))
    if count < 2:
        return out
    median = np.quantile(distances[np.triu_indices(count, 1)], 0.5)
    for place in range(1, count):
        above = distances[place, :place]
        near, weights = above <= median, 1 / np.arange(1, place + 1)
        out[place, 0] = np.exp(-above.min() / median) if median > 0 else above.min() == 0
        out[place, 1], out[place, 2] = near.mean(), near @ weights / weights.sum()
        out[place, 3:3 + len(near[:3])] = near[:3]
    return out


def with_redundancy(lists):
    """Lists whose documents bring these numbers besides."""
    made = copy.copy(lists)
    raw = lists.features[:, :-2].astype(np.float64)
    made.features = np.concatenate([lists.features] + [np.concatenate([
        numbers(raw[start:end]) for start, end in zip(lists.bounds, lists.bounds[1:])])], 1)
    return made
