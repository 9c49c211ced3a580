"""Peers in plain PyTorch: the same networks with all ids in one table, rows gathered by index.

The table's gradient is sparse with torch.optim.SparseAdam, or dense with Adam.
"""

import numpy
import torch
from torch import nn


class Model:
    """A network with its optimizer and loop: no data loader, batches are gathered by index."""

    def __init__(self, job, sparse):
        self.job, self.layout = job, job["layout"]
        rows = [field["rows"] for field in self.layout["categorical"]]
        self.starts = torch.tensor(numpy.cumsum([0] + rows[:-1]))
        self.network = NETWORKS[job["model"]["kind"]](job, sum(rows), sparse)
        tables, others = [], []
        for name, parameter in self.network.named_parameters():
            (tables if "table" in name and sparse else others).append(parameter)
        rate = job["training"]["learning_rate"]
        self.optimizers = [torch.optim.Adam(others, lr=rate)] if others else []
        if tables:
            self.optimizers.append(torch.optim.SparseAdam(tables, lr=rate))
        self.arrays = {}

    def prepared(self, rows):
        if id(rows) not in self.arrays:
            bags, lengths, ages = rows.padded(self.job.get("longest", 50))
            self.arrays[id(rows)] = {
                "ids": torch.from_numpy(rows.ids) + self.starts,
                "labels": torch.from_numpy(numpy.stack(rows.labels, axis=1)),
                "bags": [torch.from_numpy(bag) for bag in bags],
                "lengths": None if lengths is None else torch.from_numpy(lengths),
                "ages": None if ages is None else torch.from_numpy(ages)}
        return self.arrays[id(rows)]

    def batch(self, arrays, index):
        """The inputs of some rows."""
        bags = [bag[index] + self.starts[field] for bag, field in zip(arrays["bags"], self.fields())]
        if not bags:
            return (arrays["ids"][index],)
        ages = arrays["ages"][index] if arrays["ages"] is not None else None
        return arrays["ids"][index], bags, arrays["lengths"][index], ages

    def fields(self):
        """The field whose ids each bag holds."""
        return [self.layout["item_field"]] + [
            attribute["field"] for attribute in self.layout["history_attributes"]]

    def train(self, rows):
        arrays, size = self.prepared(rows), self.job["training"]["batch_size"]
        self.network.train()
        order = torch.randperm(rows.count)
        for first in range(0, rows.count, size):
            index = order[first : first + size]
            logits = self.network(*self.batch(arrays, index))
            loss = nn.functional.binary_cross_entropy_with_logits(
                logits, arrays["labels"][index].reshape(logits.shape))
            for optimizer in self.optimizers:
                optimizer.zero_grad()
            loss.backward()
            for optimizer in self.optimizers:
                optimizer.step()

    def scores(self, rows):
        arrays = self.prepared(rows)
        self.network.eval()
        with torch.inference_mode():
            parts = [
                self.network(*self.batch(arrays, torch.arange(first, min(first + 4096, rows.count))))
                for first in range(0, rows.count, 4096)]
        scores = torch.cat(parts)
        return (scores[:, 0] if scores.ndim == 2 else scores).numpy()

    def scorer(self, rows, candidates):
        inputs = self.batch(self.prepared(rows), torch.arange(candidates))
        self.network.eval()

        def score():
            with torch.inference_mode():
                return self.network(*inputs)

        return score


def layers(width, hidden, outputs=1):
    """Linear layers with ReLU between them."""
    parts = []
    for units in hidden:
        parts += [nn.Linear(width, units), nn.ReLU()]
        width = units
    return nn.Sequential(*parts, *([nn.Linear(width, outputs)] if outputs else []))


def table(rows, width, sparse, deviation=0.01):
    made = nn.Embedding(rows, width, sparse=sparse)
    nn.init.normal_(made.weight, std=deviation) if deviation else nn.init.zeros_(made.weight)
    return made


class DeepFM(nn.Module):
    def __init__(self, job, rows, sparse):
        super().__init__()
        model = job["model"]
        self.table = table(rows, model["width"], sparse)
        self.linear_table = table(rows, 1, sparse, deviation=0)
        fields = len(job["layout"]["categorical"])
        self.deep = layers(fields * model["width"], model["hidden"])

    def forward(self, ids):
        fields = self.table(ids)
        pairs = 0.5 * (fields.sum(1).square() - fields.square().sum(1)).sum(1)
        return self.linear_table(ids).sum((1, 2)) + pairs + self.deep(fields.flatten(1)).squeeze(1)


NETWORKS = {"deepfm": DeepFM}
