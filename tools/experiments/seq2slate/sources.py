"""Where judged queries lie: folders that people know, as folds of (train, validation, test)."""

import sys
from pathlib import Path

import numpy as np

from letor import Part


def folds(source):
    """Names of folds, and a function that reads each one's three parts."""
    source = Path(source)
    if (source / "S1.txt").exists():
        # MQ2008: fold k trains on three files in rotation, validates on the next, tests on the last.
        def rotated(fold):
            names = [source / f"S{(fold + index - 1) % 5 + 1}.txt" for index in range(5)]
            return Part(names[:3]), Part(names[3:4]), Part(names[4:])

        return {f"fold{fold}": (lambda fold=fold: rotated(fold)) for fold in range(1, 6)}
    if (source / "rank.train.query").exists():
        return {"sample": lambda: lightgbm_sample(source)}
    found = {}
    for folder in [source, *sorted(source.glob("Fold*")), *sorted(source.glob("set*"))]:
        for names in (("train.txt", "vali.txt", "test.txt"),
                      ("set1.train.txt", "set1.valid.txt", "set1.test.txt")):
            if all((folder / name).exists() for name in names):
                found[folder.name] = lambda folder=folder, names=names: tuple(
                    Part([folder / name]) for name in names)
    if not found:
        sys.exit(f"seq2slate: {source} holds neither S1.txt … S5.txt, train.txt, vali.txt and test.txt"
                 " (or in Fold1 …), nor rank.train with rank.train.query")
    return found


def lightgbm_sample(source):
    """LightGBM's lambdarank example: a fifth of its training queries validates."""
    whole = Part([source / "rank.train"], groups=[source / "rank.train.query"])
    test = Part([source / "rank.test"], groups=[source / "rank.test.query"], width=whole.width)
    order = np.random.default_rng(1).permutation(len(whole.sizes))
    cut = len(order) * 4 // 5
    return whole.taking(np.sort(order[:cut])), whole.taking(np.sort(order[cut:])), test
