"""ListNet and RankNet: one hidden layer, Adam, gradients by hand."""

import itertools

import numpy as np

from judging import ndcg


def listnet_gradient(scores, mask, targets, _):
    """Cao et al., ICML 2007: cross-entropy of who is first, against the clicks of each session."""
    scores = np.where(mask, scores, -np.inf)
    odds = np.exp(scores - scores.max(1, keepdims=True))
    return odds / odds.sum(1, keepdims=True) * targets.sum(1, keepdims=True) - targets


def ranknet_gradient(scores, mask, _, pairs):
    """Burges et al., ICML 2005: logistic loss on clicked against passed over."""
    wrong = 1 / (1 + np.exp(np.clip(scores[:, :, None] - scores[:, None, :], -50, 50))) * pairs
    return wrong.sum(1) - wrong.sum(2)


def network(gradient):
    """A ranker of (train, validation, test) by that gradient of the scores."""

    def rank(train, validation, test):
        mean, deviation = train.features.mean(0), train.features.std(0)
        deviation[deviation == 0] = 1

        def unit(lists):
            return np.clip((lists.features - mean) / deviation, -10, 10)

        kept, top = None, -1.0
        for hidden, decay in itertools.product((32, 128), (1e-4, 1e-2)):
            scores, value = fit(gradient, train, validation, test, unit, hidden, decay)
            if value > top:
                kept, top = scores, value
        return kept

    return rank


def fit(gradient, train, validation, test, unit, hidden, decay, epochs=60, batch=32):
    random = np.random.default_rng(1)
    inputs, mask = train.padded(unit(train)), train.mask
    clicks = np.stack([train.padded(each) for each in train.clicks])
    shares = clicks / np.maximum(clicks.sum(2, keepdims=True), 1)
    targets = shares.mean(0)
    pairs = np.einsum("sqi,sqj->qij", clicks, mask[None] - clicks) / len(clicks)
    width = inputs.shape[2]
    weights = [random.normal(0, width**-0.5, (width, hidden)), np.zeros(hidden),
               random.normal(0, hidden**-0.5, hidden)]
    moments = [[np.zeros_like(weight) for weight in weights] for _ in range(2)]

    def scored(lists):
        return np.maximum(unit(lists) @ weights[0] + weights[1], 0) @ weights[2]

    kept, top, number = None, -1.0, 0
    for _ in range(epochs):
        order = random.permutation(len(inputs))
        for start in range(0, len(order), batch):
            chosen = order[start:start + batch]
            x = inputs[chosen]
            active = np.maximum(x @ weights[0] + weights[1], 0)
            slope = gradient(active @ weights[2], mask[chosen], targets[chosen], pairs[chosen])
            slope = np.where(mask[chosen], slope, 0) / len(chosen)
            back = slope[:, :, None] * weights[2] * (active > 0)
            slopes = [np.einsum("qif,qih->fh", x, back) + decay * weights[0], back.sum((0, 1)),
                      np.einsum("qi,qih->h", slope, active) + decay * weights[2]]
            number += 1
            for index, each in enumerate(slopes):
                for moment, rate, value in zip(moments, (0.9, 0.999), (each, each**2)):
                    moment[index] = rate * moment[index] + (1 - rate) * value
                first = moments[0][index] / (1 - 0.9**number)
                second = moments[1][index] / (1 - 0.999**number)
                weights[index] -= 1e-3 * first / (second**0.5 + 1e-8)
        value = ndcg(scored(validation), validation)
        if value > top:
            kept, top = scored(test), value
    return kept, top
