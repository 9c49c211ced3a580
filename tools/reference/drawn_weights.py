"""Weights that nobody stores: a hash of each tensor's name and index, the same here and in the tests
of VisualEncoder (ReferenceWeights.swift)."""

import numpy as np
import torch


def uniform(name, count):
    """Numbers in [0, 1), SplitMix64 of FNV-1a of the name plus the index."""
    state = 0xCBF29CE484222325
    for byte in name.encode():
        state = ((state ^ byte) * 0x100000001B3) & (2**64 - 1)
    with np.errstate(over="ignore"):
        z = np.uint64(state) + np.arange(count, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((z ^ (z >> np.uint64(31))) >> np.uint64(40)).astype(np.float64) * 2.0**-24


def tensor(name, shape):
    u = uniform(name, int(np.prod(shape)))
    kind = name.rsplit(".", 1)[1]
    if kind == "code":
        values = 2 * u - 1
    elif len(shape) > 1:
        values = (2 * u - 1) * np.sqrt(6 / np.prod(shape[1:]))
    elif kind == "running_var" or (kind == "weight" and len(shape) == 1):
        values = 0.5 + u
    else:
        values = (2 * u - 1) * 0.2
    return torch.from_numpy(values.astype(np.float32).reshape(shape))
