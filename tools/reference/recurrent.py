"""Reference for the recurrent rankers and SLi-Rec in float64 PyTorch.

    python tools/reference/recurrent.py Tests/RankersTests/Golden

writes one JSON file per model in the form of rankers.py. The cells are written out gate by gate, one
list and one event at a time, and checked against torch.nn.LSTM and torch.nn.GRU first; logits and
loss are those of inference, gradients and the ten Adam losses those of training.
"""

import json
import math
import pathlib
import sys

import torch
from torch.nn import functional

from rankers import bag_means, flat, random_bag, single

DAY = 86400.0


def lstm_step(x, h, c, w, u, b, keep=1.0, write=1.0, output=0.0):
    i, f, g, o = (w @ x + u @ h + b).split(len(h))
    c = torch.sigmoid(f) * keep * c + torch.sigmoid(i) * write * torch.tanh(g)
    return torch.sigmoid(o + output) * torch.tanh(c), c


def gru_step(x, h, w, u, b, candidate_bias):
    n = len(h)
    wx, uh = w @ x + b, u @ h
    r = torch.sigmoid(wx[:n] + uh[:n])
    z = torch.sigmoid(wx[n:2 * n] + uh[n:2 * n])
    candidate = torch.tanh(wx[2 * n:] + r * (uh[2 * n:] + candidate_bias))
    return (1 - z) * candidate + z * h


class Sequence:
    """Candidate, events and context of `SequenceFields`, and what the models share."""

    def __init__(self, configuration, layout, table):
        self.configuration, self.layout, self.visual_table = configuration, layout, table
        self.parameters, self.training = {}, False
        unit = configuration["width"]
        sizes = layout["categorical"]
        self.starts = [sum(sizes[:field]) for field in range(len(sizes))]
        # Bags: the history and its category share the candidate's rows, the tags have their own.
        self.bag_starts = [self.starts[0], self.starts[2], sum(sizes)]
        self.add("fields.table", sum(sizes) + layout["bags"][2], unit)
        self.width, self.context_width = 2 * unit, 2 * unit + layout["numericWidth"]
        if layout.get("visual"):
            size = layout["visual"]["width"]
            self.add("fields.visual.center", size, scale=0.2, trained=False)
            self.add("fields.visual.scale", 1, scale=0.1, around=1.7, trained=False)
            self.add("fields.visual.projection.weight", unit, size)
            self.add("fields.visual.projection.bias", unit)
            self.add("fields.visual.norm.weight", unit, scale=0.2, around=0.5)
            self.add("fields.visual.norm.bias", unit)
            self.add("fields.visual.missing", unit)
            self.width += unit
            self.context_width += 1

    def add(self, name, *shape, scale=0.4, around=0.0, trained=True):
        value = single(around + scale * torch.randn(*shape))
        self.parameters[name] = value.requires_grad_(trained)

    def add_linear(self, name, inputs, outputs, bias=True):
        self.add(f"{name}.weight", outputs, inputs)
        if bias:
            self.add(f"{name}.bias", outputs)

    def linear(self, name, x):
        p = self.parameters
        return functional.linear(x, p[f"{name}.weight"], p.get(f"{name}.bias"))

    def add_network(self, name, inputs, hidden, dice=False):
        for layer, outputs in enumerate(hidden + [1]):
            self.add_linear(f"{name}.layers.{layer}", inputs, outputs)
            if dice and layer < len(hidden):
                self.add(f"{name}.activations.{layer}.alpha", outputs)
                self.add_statistics(f"{name}.activations.{layer}", outputs)
            inputs = outputs

    def add_statistics(self, name, size):
        self.add(f"{name}.running_mean", size, trained=False)
        self.add(f"{name}.running_var", size, scale=0.1, around=1.0, trained=False)

    def normalize(self, name, x, epsilon):
        p = self.parameters
        mean, variance = p[f"{name}.running_mean"], p[f"{name}.running_var"]
        if self.training:
            mean, variance = x.mean(0), x.var(0, unbiased=False)
        return (x - mean) / (variance + epsilon).sqrt()

    def network(self, name, x, activation):
        layer = 0
        while f"{name}.layers.{layer + 1}.weight" in self.parameters:
            x = activation(f"{name}.activations.{layer}", self.linear(f"{name}.layers.{layer}", x))
            layer += 1
        return self.linear(f"{name}.layers.{layer}", x)

    def dice(self, name, x):
        share = torch.sigmoid(self.normalize(name, x, 1e-8))
        return share * x + (1 - share) * self.parameters[f"{name}.alpha"] * x

    def projected(self, image):
        p = self.parameters
        if image < 0:
            return p["fields.visual.missing"]
        x = (self.visual_table[image] - p["fields.visual.center"]) * p["fields.visual.scale"]
        x = self.linear("fields.visual.projection", x)
        return functional.layer_norm(
            x, x.shape, p["fields.visual.norm.weight"], p["fields.visual.norm.bias"], 1e-5)

    def vector(self, item, category, image):
        table = self.parameters["fields.table"]
        parts = [table[self.starts[0] + item], table[self.starts[2] + category]]
        return torch.cat(parts + ([self.projected(image)] if self.layout.get("visual") else []))

    def row(self, batch, row):
        """Candidate, events oldest first, and context of a row."""
        table, categorical = self.parameters["fields.table"], batch["categorical"]
        target = self.vector(categorical[0][row], categorical[2][row], batch["visualRows"][row])
        start, end = batch["bags"][0]["offsets"][row:row + 2]
        images = batch["visualHistory"]["values"] or [-1] * end
        events = [self.vector(batch["bags"][0]["values"][k], batch["bags"][1]["values"][k], images[k])
                  for k in range(start, end)]
        tags = bag_means(table, batch["bags"][2], self.bag_starts[2])[row]
        width = self.layout["numericWidth"]
        context = [table[self.starts[1] + categorical[1][row]], tags,
                   torch.tensor(batch["numeric"][row * width:(row + 1) * width])]
        if self.layout.get("visual"):
            context.append(torch.tensor([float(batch["visualRows"][row] >= 0)]))
        return target, events, torch.cat(context)

    def add_attention(self, states):
        self.add_linear("attention.projection", self.width, states, bias=False)
        self.add("attention.bend.slope", states, scale=0.1, around=0.2)
        self.add_network("attention.unit", 4 * states, self.configuration["attention_hidden"])

    def attend(self, target, states):
        """The unit divides its scores by the root of the width."""
        q = functional.prelu(self.linear("attention.projection", target)[None],
                             self.parameters["attention.bend.slope"])[0]
        pairs = torch.stack([torch.cat([q, h, q - h, q * h]) for h in states])
        scores = self.network("attention.unit", pairs, lambda _, x: torch.sigmoid(x))[:, 0]
        return torch.softmax(scores, 0) @ torch.stack(states)

    def loss(self, batch):
        return functional.binary_cross_entropy_with_logits(
            self.logits(batch), torch.tensor(batch["labels"]))


class Recurrent(Sequence):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        units, gates = self.configuration["units"], 4 if self.configuration["cell"] == "lstm" else 3
        self.add("cell.weight_ih", gates * units, self.width)
        self.add("cell.weight_hh", gates * units, units)
        self.add("cell.bias", gates * units)
        if gates == 3:
            self.add("cell.bias_hn", units)
        self.add("noHistory", units)
        if self.configuration["read_out"] == "attention":
            self.add_attention(units)
        self.add_network("head", units + self.width + self.context_width,
                         self.configuration["hidden"])

    def states(self, events):
        p, h = self.parameters, torch.zeros(self.configuration["units"])
        c, states = h, []
        w, u, b = p["cell.weight_ih"], p["cell.weight_hh"], p["cell.bias"]
        for x in events:
            if self.configuration["cell"] == "lstm":
                h, c = lstm_step(x, h, c, w, u, b)
            else:
                h = gru_step(x, h, w, u, b, p["cell.bias_hn"])
            states.append(h)
        return states

    def read_out(self, target, states):
        if not states:
            return self.parameters["noHistory"]
        return {
            "last": lambda: states[-1],
            "mean": lambda: torch.stack(states).mean(0),
            "max": lambda: torch.stack(states).max(0).values,
            "attention": lambda: self.attend(target, states),
        }[self.configuration["read_out"]]()

    def logits(self, batch):
        rows = []
        for row in range(batch["count"]):
            target, events, context = self.row(batch, row)
            rows.append(torch.cat([self.read_out(target, self.states(events)), target, context]))
        return self.network("head", torch.stack(rows), lambda _, x: x.relu())[:, 0]


class SLiRec(Sequence):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        d, settings = self.width, self.configuration
        self.add_linear("longTerm.projection", d, settings["long_term_units"])
        self.add_linear("longTerm.scoring", settings["long_term_units"], 1, bias=False)
        self.add("recurrent.weight_ih", 6 * d, d)
        self.add("recurrent.weight_hh", 4 * d, d)
        self.add("recurrent.bias", 6 * d)
        self.add_linear("recurrent.interval", 1, d)
        self.add_linear("recurrent.recency", 1, d)
        self.add("recurrent.weight_interval", 2 * d, d)
        self.add("recurrent.weight_recency", 2 * d, d)
        self.add_attention(d)
        if settings["fusion"] == "adaptive":
            self.add_network("fusion", 3 * d + 1, settings["fusion_hidden"])
        inputs = 2 * d + self.context_width
        self.add("norm.weight", inputs, scale=0.2, around=1.0)
        self.add("norm.bias", inputs)
        self.add_statistics("norm", inputs)
        self.add_network("head", inputs, settings["hidden"], dice=True)

    def states(self, events, ages):
        p, d = self.parameters, self.width
        h = c = torch.zeros(d)
        states = []
        for k, x in enumerate(events):
            interval = math.log(max((ages[k - 1] - ages[k]) / DAY, 0.5)) if k else 0.0
            recency = math.log(max(ages[k] / DAY, 0.5))
            delta = torch.tanh(self.linear("recurrent.interval", torch.tensor([interval])))
            s = torch.tanh(self.linear("recurrent.recency", torch.tensor([recency])))
            w, b = p["recurrent.weight_ih"], p["recurrent.bias"]
            wd, ws = p["recurrent.weight_interval"], p["recurrent.weight_recency"]
            keep = torch.sigmoid(w[4 * d:5 * d] @ x + wd[d:] @ delta + b[4 * d:5 * d])
            write = torch.sigmoid(w[5 * d:] @ x + ws[d:] @ s + b[5 * d:])
            h, c = lstm_step(
                x, h, c, w[:4 * d], p["recurrent.weight_hh"], b[:4 * d], keep, write,
                wd[:d] @ delta + ws[:d] @ s)
            states.append(h)
        return states

    def logits(self, batch):
        rows, d = [], self.width
        for row in range(batch["count"]):
            target, events, context = self.row(batch, row)
            start, end = batch["bags"][0]["offsets"][row:row + 2]
            ages = batch["bagAges"][0][start:end]
            long = short = torch.zeros(d)
            if events:
                x = torch.stack(events)
                scores = self.linear(
                    "longTerm.scoring", torch.tanh(self.linear("longTerm.projection", x)))
                long = torch.softmax(scores[:, 0], 0) @ x
                short = self.attend(target, self.states(events, ages))
            last = math.log(max(ages[-1] / DAY, 0.5)) if events else 0.0
            alpha = self.configuration["fusion"]
            if alpha == "adaptive":
                seen = torch.cat([target, long, short, torch.tensor([last])])
                alpha = torch.sigmoid(
                    self.network("fusion", seen, lambda _, x: torch.sigmoid(x)))
            rows.append(torch.cat([target, alpha * long + (1 - alpha) * short, context]))
        x = self.normalize("norm", torch.stack(rows), 1e-5)
        x = x * self.parameters["norm.weight"] + self.parameters["norm.bias"]
        return self.network("head", x, self.dice)[:, 0]


def random_batch(layout, count, images):
    history, tags = (random_bag(count, layout["bags"][bag], lengths)
                     for bag, lengths in ((0, [2, 0, 4, 1, 3]), (2, [1, 0, 2])))
    events = len(history["values"])
    ages = []
    for start, end in zip(history["offsets"], history["offsets"][1:]):
        gaps = [float(int(DAY * 10 ** (2 * torch.rand(()).item() - 1))) for _ in range(start, end)]
        ages += [sum(gaps[k:]) for k in range(len(gaps))]
    visual = layout.get("visual")
    return {
        "count": count,
        "categorical": [torch.randint(0, size, (count,)).tolist() for size in layout["categorical"]],
        "bags": [history,
                 {"values": torch.randint(0, layout["bags"][1], (events,)).tolist(),
                  "offsets": history["offsets"]}, tags],
        "bagAges": [single(torch.tensor(ages)).tolist(), [], []],
        "numeric": single(torch.randn(count * layout["numericWidth"])).tolist(),
        "visualRows": [row % (images + 1) - 1 if visual else -1 for row in range(count)],
        "visualHistory": {
            "values": (torch.randint(0, images + 1, (events,)) - 1).tolist() if visual else [],
            "offsets": history["offsets"] if visual else [0] * (count + 1)},
        "labels": [float(row % 2) for row in range(count)],
    }


def export(kind, model, batch):
    logits, loss = model.logits(batch), model.loss(batch)
    model.training = True
    trained = {name: value for name, value in model.parameters.items() if value.requires_grad}
    gradients = torch.autograd.grad(model.loss(batch), list(trained.values()))
    start = {name: {"shape": list(value.shape), "values": flat(value)}
             for name, value in model.parameters.items()}
    optimizer = torch.optim.Adam(trained.values(), lr=0.02, betas=(0.9, 0.999), eps=1e-8)
    curve = []
    for _ in range(10):
        optimizer.zero_grad()
        step = model.loss(batch)
        step.backward()
        optimizer.step()
        curve.append(step.item())
    table = model.visual_table
    return {
        "kind": kind, "configuration": model.configuration, "layout": model.layout,
        "table": None if table is None else {"width": table.shape[1], "vectors": flat(table)},
        "batch": batch, "parameters": start, "logits": flat(logits), "loss": loss.item(),
        "gradients": {name: flat(value) for name, value in zip(trained, gradients)},
        "learningRate": 0.02, "curve": curve,
    }


def check_cells():
    """PyTorch's own layers agree with the steps above."""
    torch.manual_seed(1)
    events = torch.randn(5, 3)
    for kind in ("lstm", "gru"):
        layer = torch.nn.LSTM(3, 4) if kind == "lstm" else torch.nn.GRU(3, 4)
        w, u, b, v = layer.parameters()
        h = c = torch.zeros(4)
        for x in events:
            if kind == "lstm":
                h, c = lstm_step(x, h, c, w, u, b + v)
            else:
                merged = torch.cat([b[:8] + v[:8], b[8:]])
                h = gru_step(x, h, w, u, merged, v[8:])
        assert torch.allclose(layer(events)[0][-1], h, atol=1e-12), kind


def check_time_lstm():
    """The scalar golden of the specification."""
    half = torch.tensor([0.5])
    delta, s = torch.tanh(half * math.log(2)), torch.tanh(half * math.log(3))
    keep, write = torch.sigmoid(half + half * delta), torch.sigmoid(half + half * s)
    h, c = lstm_step(
        torch.ones(1), torch.tensor([0.2]), torch.tensor([0.4]), torch.full((4, 1), 0.5),
        torch.full((4, 1), 0.5), torch.tensor([0.0, 1.0, 0.0, 0.0]), keep, write,
        half * delta + half * s)
    for value, expected in ((delta, 1 / 3), (s, 0.5), (keep, 0.660756), (write, 0.679179),
                            (c, 0.455409), (h, 0.313068)):
        assert abs(value.item() - expected) < 1e-6, (value, expected)


def main(folder):
    check_cells()
    check_time_lstm()
    recurrent = {"width": 3, "units": 5, "hidden": [8, 6], "attention_hidden": [6, 4]}
    sli_rec = {"width": 3, "long_term_units": 5, "attention_hidden": [6, 4],
               "fusion_hidden": [6, 4], "hidden": [8, 6]}
    cases = {
        "rnn-lstm-last": (Recurrent, recurrent | {"cell": "lstm", "read_out": "last"}, False),
        "rnn-lstm-mean": (Recurrent, recurrent | {"cell": "lstm", "read_out": "mean"}, False),
        "rnn-gru-max": (Recurrent, recurrent | {"cell": "gru", "read_out": "max"}, False),
        "rnn-gru-attention": (
            Recurrent, recurrent | {"cell": "gru", "read_out": "attention"}, True),
        "sli_rec-plain": (SLiRec, sli_rec | {"fusion": 0.2}, False),
        "sli_rec-full": (SLiRec, sli_rec | {"fusion": "adaptive"}, True),
    }
    for seed, (name, (kind, configuration, visual)) in enumerate(cases.items()):
        torch.manual_seed(71 + seed)
        layout = {
            "categorical": [7, 5, 4], "bags": [7, 4, 6], "numericWidth": 2, "historyBag": 0,
            "itemField": 0, "agedBags": [0], "historyAttributes": [{"bag": 1, "field": 2}]}
        table = None
        if visual:
            layout["visual"] = {"width": 6, "history": True}
            table = single(functional.normalize(torch.randn(9, 6), dim=1))
        model = kind(configuration, layout, table)
        document = export(name.split("-")[0], model, random_batch(layout, 10, 9))
        (pathlib.Path(folder) / f"{name}.json").write_text(json.dumps(document) + "\n")
        print(f"{name}: loss {document['loss']:.6f} -> {document['curve'][-1]:.6f}", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1])
