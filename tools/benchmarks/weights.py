"""The weights that a test left for a peer."""

import json
from pathlib import Path

import numpy as np
import torch


def weights(path):
    """A safetensors file: the length of a JSON header, the header, the numbers."""
    data = Path(path).read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8:8 + length])
    header.pop("__metadata__", None)
    body, tensors = data[8 + length:], {}
    for key, entry in header.items():
        first, end = entry["data_offsets"]
        numbers = np.frombuffer(body[first:end], "<f4").reshape(entry["shape"])
        tensors[key] = torch.from_numpy(numbers.copy())
    return tensors
