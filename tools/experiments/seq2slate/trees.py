"""LambdaMART, MART and a random forest by LightGBM."""

import itertools

import lightgbm
import numpy as np

from judging import ndcg

GRID = [
    {"num_leaves": leaves, "min_data_in_leaf": rows}
    for leaves, rows in itertools.product((7, 15, 31), (50, 200))]
COMMON = {"learning_rate": 0.05, "feature_fraction": 0.7, "num_threads": 1, "seed": 1, "verbose": -1}


def lambdamart(train, validation, test):
    """Every session is a list of its own; early stopping on the validation's."""

    def stacked(lists):
        return (np.concatenate([lists.features] * len(lists.clicks)), lists.clicks.reshape(-1),
                np.tile(lists.sizes, len(lists.clicks)))

    rows, labels, group = stacked(train)
    held_rows, held_labels, held_group = stacked(validation)
    data = lightgbm.Dataset(rows, labels, group=group, free_raw_data=False)
    held = lightgbm.Dataset(held_rows, held_labels, group=held_group, reference=data)

    def fit(choice):
        return lightgbm.train(
            {"objective": "lambdarank", "metric": "ndcg", "eval_at": [10], **COMMON, **choice},
            data, 400, [held], callbacks=[lightgbm.early_stopping(30, verbose=False)])

    return best(map(fit, GRID), validation, test)


def mart(train, validation, test):
    """Squared error on the share of clicked sessions, which is that on all sessions."""
    data = lightgbm.Dataset(train.features, train.clicks.mean(0), free_raw_data=False)
    held = lightgbm.Dataset(validation.features, validation.clicks.mean(0), reference=data)

    def fit(choice):
        choice = {**choice, "min_data_in_leaf": choice["min_data_in_leaf"] // 5}
        return lightgbm.train(
            {"objective": "l2", **COMMON, **choice}, data, 400, [held],
            callbacks=[lightgbm.early_stopping(30, verbose=False)])

    return best(map(fit, GRID), validation, test)


def random_forest(train, validation, test):
    data = lightgbm.Dataset(train.features, train.clicks.mean(0), free_raw_data=False)

    def fit(choice):
        return lightgbm.train(
            {"objective": "l2", "boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.6,
             **COMMON, "feature_fraction": 0.4, **choice}, data, 300)

    choices = [{"num_leaves": leaves, "min_data_in_leaf": rows}
               for leaves, rows in itertools.product((15, 63, 255), (3, 10, 30))]
    return best(map(fit, choices), validation, test)


def best(models, validation, test):
    """The test scores of the model that ranks the validation's clicks best."""
    chosen = max(models, key=lambda model: ndcg(model.predict(validation.features), validation))
    return chosen.predict(test.features)
