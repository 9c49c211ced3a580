"""The census as tensors, and the ways of sharing in plain PyTorch."""

import csv
import gzip
import re
from collections import Counter
from pathlib import Path

import numpy
import torch
from torch import nn

HERE = Path(__file__).resolve().parent


def listed(text, key):
    """The names that follow `key: [` in the template, with what is said of each thrown away."""
    block = re.search(rf"(?m)^ *{key}: \[(.*?)\]$", text, re.S).group(1)
    return [re.sub(r"\{name: (\w+).*", r"\1", name.strip())
            for name in re.split(r",\s*(?![^{]*\})", block)]


class TaskRows:
    """Vocabularies and scales are fitted to the training part."""

    def __init__(self, output, impressions):
        template = (HERE / "census.yaml").read_text()
        header = listed(template, "header")
        with gzip.open(impressions, "rt", newline="") as file:
            rows = [dict(zip(header, map(str.strip, row))) for row in csv.reader(file)]
        self.parts = {
            part: numpy.array([int(row["row"]) - 1 for row in
                               csv.DictReader(open(output / "parts" / f"{part}.csv", newline=""))])
            for part in ("train", "validation", "test")}
        train = self.parts["train"]
        self.labels = torch.tensor(
            [[float(row["income"] == "50000+."), float(row["marital_status"] == "Never married")]
             for row in rows])
        columns, self.total = [], 0
        for field in listed(template, "categorical"):
            known = sorted(Counter(rows[i][field] for i in train) - Counter({"?": len(rows)}))
            place = {value: self.total + 1 + k for k, value in enumerate(known)}
            columns.append([place.get(row[field], self.total) for row in rows])
            self.total += 1 + len(known)
        self.ids = torch.tensor(columns).T.contiguous()
        numbers = []
        for field in listed(template, "numeric"):
            values = numpy.array([float(row[field]) for row in rows])
            if field in ("capital_gains", "capital_losses"):
                values = numpy.log1p(values)
            numbers.append((values - values[train].mean()) / (values[train].std() or 1))
        self.numbers = torch.tensor(numpy.stack(numbers, 1), dtype=torch.float32)


def layers(width, hidden, outputs=0):
    parts = []
    for units in hidden:
        parts += [nn.Linear(width, units), nn.ReLU()]
        width = units
    return nn.Sequential(*parts, *([nn.Linear(width, outputs)] if outputs else []))


class Sharing(nn.Module):
    """The vectors of all fields and the numbers; subclasses make two logits of them."""

    def __init__(self, model, rows):
        super().__init__()
        self.table = nn.Embedding(rows.total, model["width"])
        nn.init.normal_(self.table.weight, std=0.05)
        self.width = rows.ids.shape[1] * model["width"] + rows.numbers.shape[1]

    def forward(self, rows, index):
        vectors = self.table(rows.ids[index]).flatten(1)
        return torch.cat(self.tasks(torch.cat([vectors, rows.numbers[index]], 1)), 1)

    def penalty(self):
        return 0


class SharedBottom(Sharing):
    def __init__(self, model, rows):
        super().__init__(model, rows)
        self.bottom = layers(self.width, model["bottom"])
        self.towers = nn.ModuleList(layers(model["bottom"][-1], model["tower"], 1) for _ in range(2))

    def tasks(self, x):
        x = self.bottom(x)
        return [tower(x) for tower in self.towers]


class SoftSharing(Sharing):
    """A network for each task; the weights of equal layers are pulled together."""

    def __init__(self, model, rows):
        super().__init__(model, rows)
        self.towers = nn.ModuleList(layers(self.width, model["hidden"], 1) for _ in range(2))

    def tasks(self, x):
        return [tower(x) for tower in self.towers]

    def penalty(self):
        return 1e-4 * sum((a - b).square().sum() for a, b in
                          zip(*(list(tower[:-1].parameters()) for tower in self.towers)))


class CrossStitch(Sharing):
    """Two networks whose activations are mixed after each layer, by shares for all units."""

    def __init__(self, model, rows):
        super().__init__(model, rows)
        widths = [self.width, *model["hidden"]]
        self.steps = nn.ModuleList(
            nn.ModuleList(nn.Linear(a, b) for _ in range(2)) for a, b in zip(widths, widths[1:]))
        self.stitches = nn.ParameterList(
            torch.tensor([[0.9, 0.1], [0.1, 0.9]]) for _ in self.steps)
        self.towers = nn.ModuleList(layers(widths[-1], model["tower"], 1) for _ in range(2))

    def tasks(self, x):
        a = b = x
        for (first, second), stitch in zip(self.steps, self.stitches):
            a, b = first(a).relu(), second(b).relu()
            a, b = stitch[0, 0] * a + stitch[0, 1] * b, stitch[1, 0] * a + stitch[1, 1] * b
        return [self.towers[0](a), self.towers[1](b)]


class Experts(Sharing):
    """A gate for each task over the experts, or one gate for all."""

    gates = 2

    def __init__(self, model, rows):
        super().__init__(model, rows)
        self.experts = nn.ModuleList(
            layers(self.width, model["expert"]) for _ in range(model["experts"]))
        self.gate = nn.ModuleList(
            nn.Linear(self.width, model["experts"], bias=False) for _ in range(self.gates))
        self.towers = nn.ModuleList(layers(model["expert"][-1], model["tower"], 1) for _ in range(2))

    def tasks(self, x):
        experts = torch.stack([expert(x) for expert in self.experts], 1)
        mixed = [(gate(x).softmax(1).unsqueeze(2) * experts).sum(1) for gate in self.gate]
        return [tower(mixed[min(k, self.gates - 1)]) for k, tower in enumerate(self.towers)]


class OneGate(Experts):
    gates = 1


SHARINGS = {
    "shared_bottom": SharedBottom, "soft_sharing": SoftSharing, "cross_stitch": CrossStitch,
    "omoe": OneGate, "mmoe": Experts}
