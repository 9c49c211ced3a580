"""Peers in plain PyTorch: the same networks with all ids in one table, rows gathered by index.

The table's gradient is sparse with torch.optim.SparseAdam, or dense with Adam.
"""

import numpy
import torch
from torch import nn

from sequences import DIN, SLiRec
from parts import layers, table


class Model:
    """A network with its optimizer and loop: no data loader, batches are gathered by index."""

    def __init__(self, job, sparse):
        self.job, self.layout = job, job["layout"]
        rows = [field["rows"] for field in self.layout["categorical"]]
        self.starts = torch.tensor(numpy.cumsum([0] + rows[:-1]))
        self.network = NETWORKS[job["model"]["kind"]](job, sum(rows), sparse)
        self.optimizers = self.made_optimizers(sparse) if "training" in job else []
        self.arrays = {}

    def made_optimizers(self, sparse):
        tables, others = [], []
        for name, parameter in self.network.named_parameters():
            (tables if "table.weight" in name and sparse else others).append(parameter)
        rate = self.job["training"]["learning_rate"]
        made = [torch.optim.Adam(others, lr=rate)] if others else []
        return made + ([torch.optim.SparseAdam(tables, lr=rate)] if tables else [])

    def prepare(self, rows):
        """What can be done before the clock runs."""
        self.prepared(rows)

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
        if not self.layout["bags"]:
            return []
        return [self.layout["item_field"]] + [
            attribute["field"] for attribute in self.layout["history_attributes"]]

    def train(self, rows):
        arrays, size = self.prepared(rows), self.job["training"]["batch_size"]
        self.network.train()
        order = torch.randperm(rows.count)
        for first in range(0, rows.count, size):
            index = order[first : first + size]
            logits = self.network(*self.batch(arrays, index))
            # The mean of each task's loss, added up.
            loss = nn.functional.binary_cross_entropy_with_logits(
                logits, arrays["labels"][index].reshape(logits.shape), reduction="sum") / len(index)
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
        return (scores if scores.ndim == 2 else scores[:, None]).T.numpy()

    def request(self, rows):
        """The network, and what it reads for one request: the history once for all candidates."""
        ids, *history = self.batch(self.prepared(rows), torch.arange(rows.count))
        if history:
            bags, lengths, ages = history
            history = [[bag[:1] for bag in bags], lengths[:1], ages[:1]]
        return self.network.eval(), (ids, *history)


class DeepFM(nn.Module):
    def __init__(self, job, rows, sparse):
        super().__init__()
        model = job["model"]
        self.table = table(rows, model["width"], sparse, model["embedding_scale"])
        self.linear_table = table(rows, 1, sparse, deviation=0)
        fields = len(job["layout"]["categorical"])
        self.deep = layers(fields * model["width"], model["hidden"])

    def forward(self, ids):
        fields = self.table(ids)
        pairs = 0.5 * (fields.sum(1).square() - fields.square().sum(1)).sum(1)
        return self.linear_table(ids).sum((1, 2)) + pairs + self.deep(fields.flatten(1)).squeeze(1)


class WideAndDeep(nn.Module):
    def __init__(self, job, rows, sparse):
        super().__init__()
        model = job["model"]
        self.table = table(rows, model["width"], sparse, model["embedding_scale"])
        self.linear_table = table(rows, 1, sparse, deviation=0)
        self.deep = layers(len(job["layout"]["categorical"]) * model["width"], model["hidden"])

    def forward(self, ids):
        deep = self.deep(self.table(ids).flatten(1)).squeeze(1)
        return self.linear_table(ids).sum((1, 2)) + deep


class MMoE(nn.Module):
    """One logit for each task: [count, tasks]."""

    def __init__(self, job, rows, sparse):
        super().__init__()
        model, tasks = job["model"], 1 + len(job["layout"]["tasks"])
        self.table = table(rows, model["width"], sparse, model["embedding_scale"])
        width = len(job["layout"]["categorical"]) * model["width"]
        self.experts = nn.ModuleList(
            layers(width, model["expert"], outputs=0) for _ in range(model["experts"]))
        self.gates = nn.ModuleList(
            nn.Linear(width, model["experts"], bias=False) for _ in range(tasks))
        self.towers = nn.ModuleList(
            layers(model["expert"][-1], model["tower"]) for _ in range(tasks))

    def forward(self, ids):
        x = self.table(ids).flatten(1)
        experts = torch.stack([expert(x) for expert in self.experts], 1)
        mixed = [(gate(x).softmax(1).unsqueeze(2) * experts).sum(1) for gate in self.gates]
        return torch.cat([tower(x) for tower, x in zip(self.towers, mixed)], 1)


NETWORKS = {
    "deepfm": DeepFM, "wide_and_deep": WideAndDeep, "mmoe": MMoE, "din": DIN, "sli_rec": SLiRec}
