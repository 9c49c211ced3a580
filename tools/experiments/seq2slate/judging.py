"""Clicks as relevance: MAP and NDCG of lists, and the bootstrap over queries."""

import numpy as np

METRICS = ["MAP", "NDCG@5", "NDCG@10"]


def ranked(scores, lists):
    """[lists, longest] documents of each list, best first, padding last; base order breaks ties."""
    return np.argsort(-lists.padded(scores, -np.inf), axis=1, kind="stable")


def judge(scores, lists):
    """[sessions, queries, metrics]; NaN for a session without a click."""
    order = ranked(scores, lists)
    rows = []
    for clicks in lists.clicks:
        gains = np.take_along_axis(lists.padded(clicks), order, 1)
        count = gains.sum(1)
        discounts = 1 / np.log2(np.arange(2, gains.shape[1] + 2))
        ideal = np.cumsum(discounts)
        precision = np.cumsum(gains, 1) / np.arange(1, gains.shape[1] + 1)
        with np.errstate(invalid="ignore", divide="ignore"):
            values = [(precision * gains).sum(1) / count]
            for cutoff in (5, 10):
                best = ideal[np.minimum(count, cutoff).astype(int) - 1]
                values.append((gains * discounts)[:, :cutoff].sum(1) / best)
        rows.append(np.where(count[:, None] > 0, np.array(values).T, np.nan))
    return np.array(rows)


def ndcg(scores, lists):
    """NDCG@10 over all sessions with a click."""
    return np.nanmean(judge(scores, lists)[..., METRICS.index("NDCG@10")])


def expected_gains(lists):
    """[documents]: what a document adds to NDCG, by its discount alone, over all sessions."""
    ideal = np.cumsum(1 / np.log2(np.arange(2, 12)))
    gains = np.zeros(len(lists.features))
    total = 0
    for clicks in lists.clicks:
        counts = np.add.reduceat(clicks, lists.bounds[:-1])
        best = np.where(counts > 0, ideal[np.clip(counts, 1, 10) - 1], np.inf)
        gains += clicks / np.repeat(best, lists.sizes)
        total += (counts > 0).sum()
    return gains / total


def paired(first, second, resamples=10_000, seed=1):
    """Mean of second - first, its 95 % interval and two-sided p, over queries drawn with
    replacement; NaN where a query has no click."""
    differences = second - first
    differences = differences[~np.isnan(differences)]
    random = np.random.default_rng(seed)
    means = np.array([
        differences[random.integers(0, len(differences), len(differences))].mean()
        for _ in range(resamples)])
    below, above = (means <= 0).sum(), (means >= 0).sum()
    p = min(1, 2 * (min(below, above) + 1) / (resamples + 1))
    return differences.mean(), *np.quantile(means, [0.025, 0.975]), p
