"""Golden values for the diversifiers, written in NumPy from their definitions.

    python tools/reference/diversity.py            # rewrites Tests/SlatesTests/Golden/diversity.json

Nothing here is incremental: every step computes determinants, divergences and largest similarities
from scratch over all that was taken, so that the implementation under test has an independent
witness.
"""

import json
import math
from pathlib import Path

import numpy as np

JITTER = 1e-3
SMOOTHING = 0.01
CATEGORIES = ["Action", "Comedy", "Drama", "Horror"]


def entry(seed, count, visual, embedding, weights):
    """Candidates in base order; a quarter lacks each part, and the last repeats the first."""
    random = np.random.default_rng(seed)

    def vectors(width):
        rows = [random.normal(0, 1, width).round(4).tolist() if random.random() < 0.75 else None
                for _ in range(count)]
        return rows[:-1] + [rows[0]]

    categories = [CATEGORIES[random.integers(4)] if random.random() < 0.75 else None
                  for _ in range(count)]
    categories[-1] = categories[0]
    return dict(
        scores=sorted(random.normal(0, 2, count).round(4).tolist(), reverse=True),
        visuals=vectors(visual), embeddings=vectors(embedding), categories=categories,
        weights=dict(zip(["visual", "category", "embedding"], weights)),
        shares={name: float(share) for name, share in zip(CATEGORIES, random.integers(0, 6, 4))})


def cosines(rows):
    """Cosines and who has a vector."""
    has = np.array([row is not None for row in rows])
    width = len(next(row for row in rows if row is not None))
    x = np.array([row or [0] * width for row in rows])
    x /= np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-300)
    return x @ x.T, has


def parts(e):
    """(weight, similarity, who has it) of every part that counts."""
    names = e["categories"]
    equal = np.array([[float(a is not None and a == b) for b in names] for a in names])
    found = [
        (e["weights"]["visual"], *cosines(e["visuals"])),
        (e["weights"]["embedding"], *cosines(e["embeddings"])),
        (e["weights"]["category"], equal, np.array([name is not None for name in names]))]
    return [part for part in found if part[0] > 0]


def pairwise(e):
    """Mixed over the parts that both have."""
    total = sum(w * s * np.outer(has, has) for w, s, has in parts(e))
    weight = sum(w * np.outer(has, has) for w, s, has in parts(e))
    return np.where(weight > 0, total / np.maximum(weight, 1e-300), 0)


def semidefinite(e):
    """What is missing counts as 0 with its full weight; 1 on the diagonal."""
    found = parts(e)
    mixed = sum(w * s * np.outer(has, has) for w, s, has in found) / sum(w for w, _, _ in found)
    np.fill_diagonal(mixed, 1)
    kernel = (1 + mixed) / 2
    assert np.linalg.eigvalsh(kernel)[0] > -1e-12
    return kernel + JITTER * np.eye(len(kernel))


def scaled(scores):
    r = np.array(scores)
    return (r - r.min()) / (r.max() - r.min())


def greedy(count, top, value):
    """The best of the free ones in turn; the lower index where only rounding tells them apart."""
    taken = []
    while len(taken) < min(top, count):
        free = [i for i in range(count) if i not in taken]
        taken.append(max(free, key=lambda i: (round(value(taken, i), 11), -i)))
    return taken


def mmr(e, trade_off, top):
    r, s = scaled(e["scores"]), pairwise(e)

    def value(taken, i):
        return trade_off * r[i] - (1 - trade_off) * max((s[i, j] for j in taken), default=0)

    return greedy(len(r), top, value)


def log_determinant(kernel, taken):
    return np.linalg.slogdet(kernel[np.ix_(taken, taken)])[1] if taken else 0.0


def dpp(e, trade_off, window, top):
    """The whole objective of what repels and the candidate, by determinants."""
    r, kernel = scaled(e["scores"]), semidefinite(e)

    def value(taken, i):
        near = taken[max(0, len(taken) - window + 1):] if window else taken
        gain = log_determinant(kernel, near + [i]) - log_determinant(kernel, near)
        return trade_off * r[i] + (1 - trade_off) * gain

    taken = greedy(len(r), top, value)
    return taken, log_determinant(kernel, taken)


def divergence(e, taken, discounts):
    weights = [1 / math.log2(place + 2) if discounts else 1.0 for place in range(len(taken))]
    wanted = {name: share / sum(e["shares"].values()) for name, share in e["shares"].items()}
    result = 0.0
    for name, p in wanted.items():
        if p > 0 and name in e["categories"]:
            q = sum(w for w, i in zip(weights, taken) if e["categories"][i] == name) / sum(weights)
            result += p * math.log(p / ((1 - SMOOTHING) * q + SMOOTHING * p))
    return result


def calibrated(e, trade_off, discounts, top):
    r = scaled(e["scores"])

    def value(taken, i):
        slate = taken + [i]
        worth = sum(r[j] for j in slate)
        return trade_off * worth - (1 - trade_off) * divergence(e, slate, discounts)

    taken = greedy(len(r), top, value)
    return taken, divergence(e, taken, discounts)


def main():
    cases = []
    for seed, (count, visual, embedding, weights) in enumerate([
            (12, 5, 3, [0.5, 0.5, 0.0]), (30, 8, 6, [1.0, 0.5, 2.0]), (40, 20, 16, [0.0, 0.3, 0.7]),
            (25, 3, 2, [0.4, 0.0, 0.6]), (60, 33, 17, [2.0, 1.0, 1.0])]):
        e = entry(seed, count, visual, embedding, weights)
        top = count * 2 // 3
        case = dict(list=e, top=top, mmr=[], dpp=[], calibrated=[])
        # Without any relevance there are ties, which rounding would decide.
        for trade_off in [0.05, 0.3, 0.7, 0.95, 1.0]:
            case["mmr"].append(dict(trade_off=trade_off, order=mmr(e, trade_off, top)))
            for window in [None, 1, 2, 5]:
                order, volume = dpp(e, trade_off, window, top)
                case["dpp"].append(dict(
                    trade_off=trade_off, window=window, order=order, log_determinant=volume))
            for discounts in [False, True]:
                order, kl = calibrated(e, trade_off, discounts, top)
                case["calibrated"].append(dict(
                    trade_off=trade_off, discounts=discounts, order=order, divergence=kl))
        cases.append(case)
    path = Path(__file__).parents[2] / "Tests/SlatesTests/Golden/diversity.json"
    path.write_text(json.dumps(cases, separators=(",", ":")) + "\n")
    print(f"{path.name}: {path.stat().st_size} bytes, {len(cases)} lists")


if __name__ == "__main__":
    main()
