"""AdaRank, coordinate ascent and RankBoost, each chosen by the validation's clicks."""

import numpy as np

from judging import expected_gains, ndcg, ranked


def mean_gain(scores, lists, gains):
    """[lists]: what each list adds to the mean NDCG@10 over all sessions."""
    order = ranked(scores, lists)[:, :10]
    sorted_gains = np.take_along_axis(lists.padded(gains), order, 1)
    return sorted_gains @ (1 / np.log2(np.arange(2, order.shape[1] + 2)))


def ada_rank(train, validation, test, rounds=100):
    """Xu and Li, SIGIR 2007: weak rankers are single features, up or down; queries that the
    ensemble ranks badly weigh more."""
    gains = expected_gains(train)
    weak = [(column, sign) for column in range(train.features.shape[1]) for sign in (1, -1)]
    # In 0...1 for each list, as the metric itself.
    scale = np.add.reduceat(gains, train.bounds[:-1])
    seen = scale > 0
    quality = np.array([
        mean_gain(sign * train.features[:, column], train, gains)[seen] / scale[seen]
        for column, sign in weak])
    low, high = train.features.min(0), train.features.max(0)
    width = np.where(high > low, high - low, 1)

    def unit(lists):
        return np.clip((lists.features - low) / width, 0, 1)

    weights = np.zeros(train.features.shape[1])
    share = scale[seen] / scale.sum()
    kept, top = weights.copy(), -1.0
    for _ in range(rounds):
        worth = quality @ share
        index = worth.argmax()
        column, sign = weak[index]
        good = share @ (1 + quality[index])
        bad = share @ (1 - quality[index])
        weights[column] += sign * np.log(good / bad) / 2
        value = ndcg(unit(validation) @ weights, validation)
        if value > top:
            kept, top = weights.copy(), value
        now = mean_gain(unit(train) @ weights, train, gains)[seen] / scale[seen]
        share = scale[seen] * np.exp(-now)
        share /= share.sum()
    return unit(test) @ kept


def coordinate_ascent(train, validation, test, sweeps=6, starts=3):
    """Metzler and Croft, 2007: one weight of a line at a time, to wherever NDCG@10 is best."""
    gains = expected_gains(train)
    mean, deviation = train.features.mean(0), train.features.std(0)
    deviation[deviation == 0] = 1

    def unit(lists):
        return (lists.features - mean) / deviation

    rows, random = unit(train), np.random.default_rng(1)
    steps = np.r_[-(2.0 ** np.arange(-6, 3)), 2.0 ** np.arange(-6, 3)]
    kept, top = None, -1.0
    for start in range(starts):
        weights = np.zeros(rows.shape[1])
        weights[-1] = -1  # the base order
        if start:
            weights += random.normal(0, 0.1, len(weights))
        scores = rows @ weights
        value = mean_gain(scores, train, gains).sum()
        held = ndcg(unit(validation) @ weights, validation)
        if held > top:
            kept, top = weights.copy(), held
        for _ in range(sweeps):
            before = value
            for column in random.permutation(len(weights)):
                trials = [scores + step * rows[:, column] for step in steps]
                values = [mean_gain(trial, train, gains).sum() for trial in trials]
                choice = int(np.argmax(values))
                if values[choice] > value:
                    value, scores = values[choice], trials[choice]
                    weights[column] += steps[choice]
            held = ndcg(unit(validation) @ weights, validation)
            if held > top:
                kept, top = weights.copy(), held
            if value - before < 1e-5:
                break
    return unit(test) @ kept


def rank_boost(train, validation, test, rounds=300, thresholds=16):
    """Freund et al., JMLR 2003: thresholds on single features; pairs still in the wrong order weigh
    more."""
    cuts = [np.unique(np.quantile(column, np.linspace(0, 1, thresholds + 2)[1:-1]))
            for column in train.features.T]
    weak = [(column, cut) for column, each in enumerate(cuts) for cut in each]
    columns, limits = np.array([column for column, _ in weak]), np.array([cut for _, cut in weak])
    above = (train.features[:, columns] > limits).astype(np.float32)
    clicks = np.stack([train.padded(each) for each in train.clicks])
    open_ = train.mask[None] - clicks
    pairs = np.einsum("sqi,sqj->qij", clicks, open_)
    pairs /= pairs.sum()
    total = {name: np.zeros(len(lists.features))
             for name, lists in (("validation", validation), ("test", test))}
    kept, top = total["test"].copy(), -1.0
    for number in range(1, rounds + 1):
        potential = (pairs.sum(2) - pairs.sum(1))[train.mask]
        edges = potential @ above
        index = np.abs(edges).argmax()
        edge = np.clip(edges[index], -0.999, 0.999)
        weight = np.log((1 + edge) / (1 - edge)) / 2
        votes = train.padded(above[:, index])
        pairs *= np.exp(weight * (votes[:, None, :] - votes[:, :, None]))
        pairs /= pairs.sum()
        column, cut = weak[index]
        for name, lists in (("validation", validation), ("test", test)):
            total[name] += weight * (lists.features[:, column] > cut)
        if number % 5 == 0 and (value := ndcg(total["validation"], validation)) > top:
            kept, top = total["test"].copy(), value
    return kept
