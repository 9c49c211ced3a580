"""Diversifiers as one writes them without us."""

import numpy as np

JITTER = 1e-3


def scaled(scores):
    return (scores - scores.min()) / (scores.max() - scores.min())


def unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def dpp(vectors, scores, top, trade_off=0.7):
    """Fast greedy MAP inference (Chen et al., 2018), every step over all candidates at once."""
    x = unit(vectors.astype(np.float64))
    kernel = (1 + x @ x.T) / 2
    kernel[np.diag_indices_from(kernel)] += JITTER
    gains = trade_off * scaled(scores)
    left = kernel.diagonal().copy()
    columns = np.empty((top, len(scores)))
    taken = []
    while True:
        values = gains + (1 - trade_off) * np.log(left)
        values[taken] = -np.inf
        best = int(values.argmax())
        taken.append(best)
        done = len(taken) - 1
        if done == top - 1:
            return taken
        column = (kernel[best] - columns[:done, best] @ columns[:done]) / np.sqrt(left[best])
        columns[done] = column
        left -= column * column
        left = np.maximum(left, 1e-10)


def similarities(vectors):
    x = unit(vectors.astype(np.float64))
    return (x @ x.T).tolist()


def mmr(similarity, scores, top, trade_off=0.7):
    """From the definition, in plain Python; the similarities are given."""
    taken, free = [], list(range(len(scores)))
    while len(taken) < top:
        best, best_value = free[0], float("-inf")
        for i in free:
            worst = max((similarity[i][j] for j in taken), default=0)
            value = trade_off * scores[i] - (1 - trade_off) * worst
            if value > best_value:
                best, best_value = i, value
        taken.append(best)
        free.remove(best)
    return taken
