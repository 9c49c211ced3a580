"""LightGBM's lambdarank with a search of its own on the validation part."""

import itertools

import lightgbm
import numpy as np

from letor import METRICS, judge

GRID = [
    {"num_leaves": leaves, "min_data_in_leaf": rows, "feature_fraction": share}
    for leaves, rows, share in itertools.product((7, 15, 31), (20, 50, 100), (0.7, 1.0))]


def scores(training, validation, test):
    """The test scores of the winner by NDCG@10 of the validation part."""
    column = METRICS.index("NDCG@10")
    best, chosen = -1.0, None
    for choice in GRID:
        rows = lightgbm.Dataset(training.features, training.grades, group=training.sizes)
        held = lightgbm.Dataset(
            validation.features, validation.grades, group=validation.sizes, reference=rows)
        model = lightgbm.train(
            {"objective": "lambdarank", "metric": "ndcg", "eval_at": [10], "learning_rate": 0.05,
             "lambdarank_truncation_level": 30, "num_threads": 1, "seed": 1, "verbose": -1, **choice},
            rows, 500, [held], callbacks=[lightgbm.early_stopping(50, verbose=False)])
        value = np.nanmean(judge(model.predict(validation.features), validation)[:, column])
        if value > best:
            best, chosen = value, model.predict(test.features)
    return chosen
