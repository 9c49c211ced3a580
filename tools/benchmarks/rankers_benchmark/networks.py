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
            (tables if "table.weight" in name and sparse else others).append(parameter)
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


class WideAndDeep(nn.Module):
    def __init__(self, job, rows, sparse):
        super().__init__()
        model = job["model"]
        self.table = table(rows, model["width"], sparse)
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
        self.table = table(rows, model["width"], sparse)
        width = len(job["layout"]["categorical"]) * model["width"]
        self.experts = nn.ModuleList(
            layers(width, model["expert"], outputs=0) for _ in range(model["experts"]))
        self.gates = nn.ModuleList(nn.Linear(width, model["experts"]) for _ in range(tasks))
        self.towers = nn.ModuleList(
            layers(model["expert"][-1], model["tower"]) for _ in range(tasks))

    def forward(self, ids):
        x = self.table(ids).flatten(1)
        experts = torch.stack([expert(x) for expert in self.experts], 1)
        mixed = [(gate(x).softmax(1).unsqueeze(2) * experts).sum(1) for gate in self.gates]
        return torch.cat([tower(x) for tower, x in zip(self.towers, mixed)], 1)


class Dice(nn.Module):
    """x · p + a · x · (1 - p), p the logistic function of the normalised x."""

    def __init__(self, units):
        super().__init__()
        self.norm = nn.BatchNorm1d(units, affine=False)
        self.slope = nn.Parameter(torch.zeros(units))

    def forward(self, x):
        share = self.norm(x).sigmoid()
        return x * share + self.slope * x * (1 - share)


def dice_layers(width, hidden):
    parts = []
    for units in hidden:
        parts += [nn.Linear(width, units), Dice(units)]
        width = units
    return nn.Sequential(*parts, nn.Linear(width, 1))


class Attention(nn.Module):
    """The unit of DIN over padded events: weights [count, events]."""

    def __init__(self, width, hidden):
        super().__init__()
        parts, inputs = [], 4 * width
        for units in hidden:
            parts += [nn.Linear(inputs, units), nn.Sigmoid()]
            inputs = units
        self.unit = nn.Sequential(*parts, nn.Linear(inputs, 1))

    def forward(self, target, events):
        target = target.unsqueeze(1).expand_as(events)
        joined = torch.cat([target, events, target - events, target * events], 2)
        return self.unit(joined).squeeze(2)


class Sequence(nn.Module):
    """The vectors that models of a history read: candidate, events and everything else."""

    def __init__(self, job, rows, sparse):
        super().__init__()
        self.width, layout = job["model"]["width"], job["layout"]
        self.table = table(rows, self.width, sparse, deviation=0.05)
        attributes = [attribute["field"] for attribute in layout["history_attributes"]]
        self.item = [layout["item_field"]] + attributes
        self.rest = [i for i in range(len(layout["categorical"])) if i not in self.item]
        self.wide = self.width * len(self.item)

    def forward(self, ids, bags, lengths):
        target = self.table(ids[:, self.item]).flatten(1)
        events = torch.cat([self.table(bag) for bag in bags], 2)
        context = self.table(ids[:, self.rest]).flatten(1)
        there = torch.arange(events.shape[1]) < lengths.unsqueeze(1)
        return target, events, context, there


class DIN(nn.Module):
    def __init__(self, job, rows, sparse):
        super().__init__()
        model = job["model"]
        self.vectors = Sequence(job, rows, sparse)
        wide = self.vectors.wide
        self.attention = Attention(wide, model["attention_hidden"])
        context = self.vectors.width * len(self.vectors.rest)
        self.head = dice_layers(2 * wide + context, model["hidden"])

    def forward(self, ids, bags, lengths, ages):
        target, events, context, there = self.vectors(ids, bags, lengths)
        weights = self.attention(target, events).masked_fill(~there, 0)
        pooled = (weights.unsqueeze(2) * events).sum(1)
        return self.head(torch.cat([pooled, target, context], 1)).squeeze(1)


class TimeLSTM(nn.Module):
    """The cell of SLi-Rec, over padded events, one step after another."""

    def __init__(self, inputs, units):
        super().__init__()
        self.inputs = nn.Linear(inputs, 4 * units)
        self.states = nn.Linear(units, 4 * units, bias=False)
        self.gates = nn.Linear(inputs, 2 * units)
        self.times = nn.Parameter(torch.zeros(2, units))
        self.outputs = nn.Parameter(torch.zeros(2, units))
        self.units = units

    def forward(self, events, gaps, since):
        count, length = events.shape[:2]
        state = cell = events.new_zeros(count, self.units)
        into, gate = self.inputs(events), self.gates(events)
        found = []
        for step in range(length):
            i, f, g, o = (into[:, step] + self.states(state)).chunk(4, 1)
            near, far = gate[:, step].chunk(2, 1)
            gap, age = gaps[:, step, None], since[:, step, None]
            keep = (near + (gap * self.times[0]).tanh()).sigmoid()
            take = (far + (age * self.times[1]).tanh()).sigmoid()
            o = o + gap * self.outputs[0] + age * self.outputs[1]
            cell = f.sigmoid() * keep * cell + i.sigmoid() * take * g.tanh()
            state = o.sigmoid() * cell.tanh()
            found.append(state)
        return torch.stack(found, 1)


class SLiRec(nn.Module):
    """Short-term states of a time-aware LSTM, long-term attention, fused by a gate."""

    def __init__(self, job, rows, sparse):
        super().__init__()
        model = job["model"]
        self.vectors = Sequence(job, rows, sparse)
        wide = self.vectors.wide
        self.long = nn.Linear(wide, wide, bias=False)
        self.cell = TimeLSTM(wide, wide)
        self.attention = Attention(wide, model["attention_hidden"])
        context = self.vectors.width * len(self.vectors.rest)
        self.gate = dice_layers(3 * wide + context + 1, model["fusion_hidden"])
        self.head = dice_layers(2 * wide + context, model["hidden"])

    def forward(self, ids, bags, lengths, ages):
        target, events, context, there = self.vectors(ids, bags, lengths)
        hours = (ages / 3600).log1p()
        gaps = torch.cat([torch.zeros_like(ages[:, :1]), ages[:, :-1] - ages[:, 1:]], 1)
        states = self.cell(events, (gaps.clamp(min=0) / 3600).log1p(), hours)
        weights = self.attention(target, states).masked_fill(~there, -1e9).softmax(1)
        short = (weights.unsqueeze(2) * states).sum(1)
        likeness = (self.long(events) * target.unsqueeze(1)).sum(2)
        shares = likeness.masked_fill(~there, -1e9).softmax(1)
        long = (shares.unsqueeze(2) * events).sum(1)
        last = hours.gather(1, (lengths - 1).clamp(min=0).unsqueeze(1))
        share = self.gate(torch.cat([target, short, long, context, last], 1)).sigmoid()
        taste = share * long + (1 - share) * short
        return self.head(torch.cat([taste, target, context], 1)).squeeze(1)


NETWORKS = {
    "deepfm": DeepFM, "wide_and_deep": WideAndDeep, "mmoe": MMoE, "din": DIN, "sli_rec": SLiRec}
