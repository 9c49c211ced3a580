"""Goldens of rate smoothing: counts drawn from a known prior, what fits to them, and special values.

    python3 tools/reference/smoothing.py > Tests/RankingDataTests/Golden/smoothing.json

Needs NumPy and SciPy. The likelihood is maximised by a general optimiser, not by the fixed point that
the library uses.
"""

import json

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln, psi


def moments(clicks, impressions, corrected):
    rates = clicks / impressions
    mean, variance = rates.mean(), rates.var(ddof=1)
    if corrected:
        noise = (1 / impressions).mean()
        variance = (variance - mean * (1 - mean) * noise) / (1 - noise)
    strength = mean * (1 - mean) / variance - 1
    return mean * strength, (1 - mean) * strength


def most_likely(clicks, impressions, start):
    def loss(logs):
        alpha, beta = np.exp(logs)
        return -(betaln(clicks + alpha, impressions - clicks + beta) - betaln(alpha, beta)).sum()

    found = minimize(
        loss, np.log(start), method="Nelder-Mead",
        options={"xatol": 1e-10, "fatol": 1e-10, "maxiter": 10000},
    )
    return np.exp(found.x)


def fixed_point(clicks, impressions, alpha, beta, rounds):
    for _ in range(rounds):
        both = (psi(impressions + alpha + beta) - psi(alpha + beta)).sum()
        alpha, beta = (
            alpha * (psi(clicks + alpha) - psi(alpha)).sum() / both,
            beta * (psi(impressions - clicks + beta) - psi(beta)).sum() / both,
        )
    return alpha, beta


def main():
    random = np.random.default_rng(7)
    impressions = random.integers(50, 501, 800)
    clicks = random.binomial(impressions, random.beta(3, 97, 800))
    raw = moments(clicks, impressions, False)
    corrected = moments(clicks, impressions, True)
    places = np.concatenate([np.logspace(-6, 6, 49), [0.5, 1.0, 1.4616321449683622, 9.99, 10.0]])
    print(json.dumps({
        "impressions": impressions.tolist(),
        "clicks": clicks.tolist(),
        "raw": raw,
        "corrected": corrected,
        "mostLikely": most_likely(clicks, impressions, corrected).tolist(),
        "from11After600": fixed_point(clicks, impressions, 1.0, 1.0, 600),
        "digamma": [[x, float(psi(x))] for x in places],
    }))


main()
