#!/usr/bin/env python3
"""The same models in plain PyTorch, on the rows that `league` trained and judged on.

    tools/experiments/league/peers.py movielens|sparrow OUTPUT --impressions F [--catalogue F]
        [--kinds din rnn …] [--seeds 1 2 3 4 5]

OUTPUT is league's: its parts say which rows are which. Sizes are those of models.json; Adam at 0.001,
batches of 512, and the best epoch of the validation part by AUC, as there. Features are made here
again, from the files: nothing is shared with what is compared but the split.
Needs PyTorch, NumPy and scikit-learn.
"""

import argparse
import csv
import json
import math
import statistics
import time
from collections import Counter, defaultdict
from pathlib import Path

import numpy
import torch
from sklearn.metrics import roc_auc_score
from torch import nn

HERE = Path(__file__).resolve().parent
LONGEST = 50
SETS = {
    "movielens": {
        "label": "click", "user": "user", "item": "item", "time": "timestamp",
        "ids": {"user": 5, "item": 5, "category": 1}, "attribute": "category",
        "lists": ["genres"], "numbers": {"year": False}},
    "sparrow": {
        "label": "label", "user": "userId", "item": "movieId", "time": "timestamp",
        "ids": {"movieId": 5, "movieGenre1": 1, "movieGenre2": 1, "userGenre1": 1, "userGenre2": 1,
                "releaseYear": 5}, "attribute": "movieGenre1", "lists": [],
        "numbers": {"movieRatingCount": True, "movieAvgRating": False, "movieRatingStddev": False,
                    "userRatingCount": True, "userAvgReleaseYear": False,
                    "userReleaseYearStddev": False, "userAvgRating": False,
                    "userRatingStddev": False}}}


class Rows:
    """All rows of a log as tensors, vocabularies and scales fitted to the training part."""

    def __init__(self, name, output, impressions, catalogue):
        plan = SETS[name]
        rows = list(csv.DictReader(open(impressions, newline="")))
        if catalogue:
            items = {row["id"]: row for row in csv.DictReader(open(catalogue, newline=""))}
            for row in rows:
                row.update({k: v for k, v in items.get(row[plan["item"]], {}).items() if k != "id"})
        self.parts = {
            part: numpy.array([int(row["row"]) - 1 for row in
                               csv.DictReader(open(output / "parts" / f"{part}.csv", newline=""))])
            for part in ("train", "validation", "test")}
        train = self.parts["train"]
        self.labels = torch.tensor([float(row[plan["label"]]) for row in rows])
        self.users = numpy.array([row[plan["user"]] for row in rows])
        starts, total, columns, self.fields = {}, 0, {}, list(plan["ids"])
        vocabularies = {}
        for field, least in plan["ids"].items():
            counts = Counter(rows[i][field] for i in train)
            known = sorted(v for v, n in counts.items() if n >= least and v != "")
            vocabularies[field] = {v: total + 1 + k for k, v in enumerate(known)}
            starts[field] = total
            columns[field] = [vocabularies[field].get(row[field], total) for row in rows]
            total += 1 + len(known)
        self.ids = torch.tensor(list(zip(*(columns[f] for f in self.fields))))
        self.lists = []
        for field in plan["lists"]:
            known = sorted({v for i in train for v in rows[i][field].split("|") if v})
            place = {v: total + 1 + k for k, v in enumerate(known)}
            lists = [[place.get(v, total) for v in row[field].split("|") if v] for row in rows]
            self.lists.append(padded(lists, max(map(len, lists))))
            total += 1 + len(known)
        self.rows = total
        self.sequence = [plan["item"], plan["attribute"]]
        self.target = [self.fields.index(field) for field in self.sequence]
        self.rest = [i for i in range(len(self.fields)) if i not in self.target]
        self.numbers = torch.tensor(numpy.stack(
            [scaled(rows, field, log, train) for field, log in plan["numbers"].items()], axis=1),
            dtype=torch.float32)
        self.histories(rows, plan)

    def histories(self, rows, plan):
        """Liked items strictly before each row, oldest first, with their ages in seconds."""
        times = [int(row[plan["time"]]) for row in rows]
        if "request" in rows[0]:
            first = {}
            for row, at in zip(rows, times):
                first[row["request"]] = min(at, first.get(row["request"], at))
            times = [first[row["request"]] for row in rows]
        liked = defaultdict(list)
        for i, row in enumerate(rows):
            if float(row[plan["label"]]) >= 0.5:
                liked[row[plan["user"]]].append((times[i], i))
        for events in liked.values():
            events.sort()
        lists, ages = [], []
        for i, row in enumerate(rows):
            events = [e for e in liked[row[plan["user"]]] if e[0] < times[i]][-LONGEST:]
            lists.append([e[1] for e in events])
            ages.append([times[i] - e[0] for e in events])
        events, self.lengths = padded(lists, LONGEST)
        self.there = torch.arange(LONGEST) < self.lengths.unsqueeze(1)
        self.events = self.ids[events][:, :, self.target]
        self.ages = padded(ages, LONGEST)[0].float()

    def batch(self, index):
        return {
            "ids": self.ids[index], "lists": [(v[index], n[index]) for v, n in self.lists],
            "numbers": self.numbers[index], "events": self.events[index],
            "there": self.there[index], "lengths": self.lengths[index], "ages": self.ages[index]}


def padded(lists, longest):
    made = torch.zeros(len(lists), max(longest, 1), dtype=torch.long)
    for row, values in enumerate(lists):
        made[row, : len(values)] = torch.tensor(values, dtype=torch.long)
    return made, torch.tensor([len(values) for values in lists])


def scaled(rows, field, log, train):
    values = numpy.array([float(row[field]) if row[field] else math.nan for row in rows])
    if log:
        values = numpy.log1p(values)
    known = values[train][~numpy.isnan(values[train])]
    values = (values - known.mean()) / (known.std() or 1)
    return numpy.nan_to_num(values)


class Dice(nn.Module):
    def __init__(self, units):
        super().__init__()
        self.norm = nn.BatchNorm1d(units, affine=False, eps=1e-8)
        self.slope = nn.Parameter(torch.zeros(units))

    def forward(self, x):
        share = self.norm(x).sigmoid()
        return x * (share + self.slope * (1 - share))


def layers(width, hidden, outputs=1, activation=lambda units: nn.ReLU(), dropout=0.0):
    parts = []
    for units in hidden:
        parts += [nn.Linear(width, units), activation(units), nn.Dropout(dropout)]
        width = units
    return nn.Sequential(*parts, *([nn.Linear(width, outputs)] if outputs else []))


class Network(nn.Module):
    """The vectors of all fields; subclasses read them."""

    def __init__(self, model, rows, deviation):
        super().__init__()
        self.model, self.rows, self.width = model, rows, model["width"]
        self.table = nn.Embedding(rows.rows, self.width)
        nn.init.normal_(self.table.weight, std=deviation)
        self.wide = 2 * self.width
        self.context = self.width * (len(rows.rest) + len(rows.lists)) + rows.numbers.shape[1]
        self.dropout = model.get("dropout", 0)

    def mean(self, values, lengths):
        there = (torch.arange(values.shape[1]) < lengths.unsqueeze(1)).unsqueeze(2)
        return (self.table(values) * there).sum(1) / lengths.clamp(min=1).unsqueeze(1)

    def look(self, batch):
        """Candidate, events, everything else."""
        target = self.table(batch["ids"][:, self.rows.target]).flatten(1)
        events = self.table(batch["events"]).flatten(2)
        parts = [self.table(batch["ids"][:, self.rows.rest]).flatten(1)]
        parts += [self.mean(values, lengths) for values, lengths in batch["lists"]]
        return target, events, torch.cat(parts + [batch["numbers"]], 1)

    def history(self, batch, events):
        there = batch["there"].unsqueeze(2)
        return (events * there).sum(1) / batch["lengths"].clamp(min=1).unsqueeze(1)


class Dense(Network):
    def __init__(self, model, rows):
        super().__init__(model, rows, 0.05)
        self.deep = layers(2 * self.wide + self.context, model["hidden"], dropout=self.dropout)

    def forward(self, batch):
        target, events, context = self.look(batch)
        return self.deep(torch.cat([target, self.history(batch, events), context], 1)).squeeze(1)


class DeepFM(Network):
    """First order, pairs of fields, and a network; numbers scale a vector."""

    def __init__(self, model, rows):
        super().__init__(model, rows, 0.01)
        numbers = rows.numbers.shape[1]
        self.first = nn.Embedding(rows.rows, 1)
        nn.init.zeros_(self.first.weight)
        self.weights = nn.Linear(numbers, 1)
        self.vectors = nn.Parameter(torch.randn(numbers, self.width) * 0.01)
        fields = len(rows.fields) + len(rows.lists) + 2 + numbers
        self.deep = layers(fields * self.width, model["hidden"], dropout=self.dropout)

    def forward(self, batch):
        ids = self.table(batch["ids"])
        target, events, _ = self.look(batch)
        lists = [self.mean(values, lengths) for values, lengths in batch["lists"]]
        lists += list(self.history(batch, events).chunk(2, 1))
        fields = torch.cat(
            [ids, torch.stack(lists, 1), batch["numbers"].unsqueeze(2) * self.vectors], 1)
        pairs = 0.5 * (fields.sum(1).square() - fields.square().sum(1)).sum(1)
        linear = self.first(batch["ids"]).sum((1, 2)) + self.weights(batch["numbers"]).squeeze(1)
        return linear + pairs + self.deep(fields.flatten(1)).squeeze(1)


class WideAndDeep(Dense):
    def __init__(self, model, rows):
        super().__init__(model, rows)
        self.first = nn.Embedding(rows.rows, 1)
        nn.init.zeros_(self.first.weight)

    def forward(self, batch):
        return super().forward(batch) + self.first(batch["ids"]).sum((1, 2))


class Attention(nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.unit = layers(4 * width, hidden, activation=lambda units: nn.Sigmoid())

    def forward(self, target, events):
        target = target.unsqueeze(1).expand_as(events)
        return self.unit(torch.cat([target, events, target - events, target * events], 2)).squeeze(2)


class DIN(Network):
    def __init__(self, model, rows):
        super().__init__(model, rows, 0.05)
        self.attention = Attention(self.wide, model["attention_hidden"])
        self.head = layers(
            2 * self.wide + self.context, model["hidden"], activation=Dice, dropout=self.dropout)

    def forward(self, batch):
        target, events, context = self.look(batch)
        weights = self.attention(target, events).masked_fill(~batch["there"], 0)
        return self.head(
            torch.cat([(weights.unsqueeze(2) * events).sum(1), target, context], 1)).squeeze(1)


class Recurrent(Network):
    """LSTM, then attention of the candidate over its states."""

    def __init__(self, model, rows):
        super().__init__(model, rows, 0.05)
        units = model["units"]
        self.cell = nn.LSTM(self.wide, units, batch_first=True)
        self.query = nn.Sequential(nn.Linear(self.wide, units, bias=False), nn.PReLU(units))
        self.attention = Attention(units, model["attention_hidden"])
        self.head = layers(
            units + self.wide + self.context, model["hidden"], dropout=self.dropout)

    def forward(self, batch):
        target, events, context = self.look(batch)
        states, _ = self.cell(events)
        weights = self.attention(self.query(target), states).masked_fill(~batch["there"], -1e9)
        weights = weights.softmax(1) * batch["there"]
        return self.head(
            torch.cat([(weights.unsqueeze(2) * states).sum(1), target, context], 1)).squeeze(1)


class SLiRec(Network):
    """The equations of the paper, one step after another."""

    def __init__(self, model, rows):
        super().__init__(model, rows, 0.05)
        d = self.wide
        self.long = nn.Sequential(nn.Linear(d, 36), nn.Tanh(), nn.Linear(36, 1, bias=False))
        self.x, self.h = nn.Linear(d, 4 * d), nn.Linear(d, 4 * d, bias=False)
        self.gate_x = nn.Linear(d, 2 * d)
        self.delta, self.s = nn.Linear(1, d), nn.Linear(1, d)
        self.delta_gate, self.s_gate = nn.Linear(d, d, bias=False), nn.Linear(d, d, bias=False)
        self.delta_out, self.s_out = nn.Linear(d, d, bias=False), nn.Linear(d, d, bias=False)
        self.query = nn.Sequential(nn.Linear(d, d, bias=False), nn.PReLU(d, init=0.1))
        self.attention = Attention(d, model["attention_hidden"])
        self.fusion = layers(
            3 * d + 1, model["fusion_hidden"], activation=lambda units: nn.Sigmoid())
        width = 2 * d + self.context
        self.norm = nn.BatchNorm1d(width)
        self.head = layers(width, model["hidden"], activation=Dice, dropout=self.dropout)

    def states(self, events, intervals, recencies):
        delta, s = self.delta(intervals).tanh(), self.s(recencies).tanh()
        near, far = self.gate_x(events).chunk(2, 2)
        keep = (near + self.delta_gate(delta)).sigmoid()
        take = (far + self.s_gate(s)).sigmoid()
        into, out = self.x(events), self.delta_out(delta) + self.s_out(s)
        h = c = events.new_zeros(events.shape[0], self.wide)
        found = []
        for k in range(events.shape[1]):
            i, f, g, o = (into[:, k] + self.h(h)).chunk(4, 1)
            c = (f + 1).sigmoid() * keep[:, k] * c + i.sigmoid() * take[:, k] * g.tanh()
            h = (o + out[:, k]).sigmoid() * c.tanh()
            found.append(h)
        return torch.stack(found, 1)

    def forward(self, batch):
        target, events, context = self.look(batch)
        longest = max(int(batch["lengths"].max()), 1)
        events, there = events[:, :longest], batch["there"][:, :longest]
        days = batch["ages"][:, :longest] / 86400
        gaps = torch.cat([torch.full_like(days[:, :1], 1.0), days[:, :-1] - days[:, 1:]], 1)
        recencies = days.clamp(min=0.5).log().unsqueeze(2)
        states = self.states(events, gaps.clamp(min=0.5).log().unsqueeze(2), recencies)
        weights = self.attention(self.query(target), states).masked_fill(~there, -1e9).softmax(1)
        short = ((weights * there).unsqueeze(2) * states).sum(1)
        shares = self.long(events).squeeze(2).masked_fill(~there, -1e9).softmax(1)
        long = ((shares * there).unsqueeze(2) * events).sum(1)
        last = recencies[:, :, 0].gather(1, (batch["lengths"] - 1).clamp(min=0).unsqueeze(1))
        share = self.fusion(torch.cat([target, long, short, last], 1)).sigmoid()
        user = share * long + (1 - share) * short
        return self.head(self.norm(torch.cat([target, user, context], 1))).squeeze(1)


NETWORKS = {
    "mlp": Dense, "deepfm": DeepFM, "wide_and_deep": WideAndDeep, "din": DIN, "rnn": Recurrent,
    "sli_rec": SLiRec}


def scores(network, rows, index):
    network.eval()
    with torch.inference_mode():
        return torch.cat([network(rows.batch(index[i : i + 4096]))
                          for i in range(0, len(index), 4096)]).numpy()


def grouped(labels, predicted, users):
    """AUC within users of both classes, weighted by their rows."""
    total = weight = 0
    for user in numpy.unique(users):
        mine = users == user
        if 0 < labels[mine].sum() < mine.sum():
            total += mine.sum() * roc_auc_score(labels[mine], predicted[mine])
            weight += mine.sum()
    return total / weight


def train(kind, model, rows, seed):
    torch.manual_seed(seed)
    network = NETWORKS[kind](model, rows)
    optimizer = torch.optim.Adam(network.parameters(), lr=0.001)
    order, best, kept, since = rows.parts["train"], -1, None, 0
    validation = rows.parts["validation"]
    for _ in range(30):
        network.train()
        order = order[torch.randperm(len(order)).numpy()]
        for first in range(0, len(order), 512):
            index = order[first : first + 512]
            loss = nn.functional.binary_cross_entropy_with_logits(
                network(rows.batch(index)), rows.labels[index])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        found = roc_auc_score(rows.labels[validation], scores(network, rows, validation))
        since += 1
        if found > best:
            best, since = found, 0
            kept = {name: value.clone() for name, value in network.state_dict().items()}
        if since == 4:
            break
    network.load_state_dict(kept)
    test = rows.parts["test"]
    labels, predicted = rows.labels[test].numpy(), scores(network, rows, test)
    return roc_auc_score(labels, predicted), grouped(labels, predicted, rows.users[test])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", choices=list(SETS))
    parser.add_argument("output", type=Path)
    parser.add_argument("--impressions", required=True)
    parser.add_argument("--catalogue")
    parser.add_argument("--kinds", nargs="+", default=list(NETWORKS), choices=list(NETWORKS))
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3, 4, 5])
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    models = json.loads((HERE / "models.json").read_text())
    rows = Rows(options.data, options.output, options.impressions, options.catalogue)
    kept = options.output / "peers.json"
    results = json.loads(kept.read_text()) if kept.exists() else {}
    for kind in options.kinds:
        for seed in options.seeds:
            if str(seed) in results.get(kind, {}):
                continue
            start = time.monotonic()
            auc, gauc = train(kind, models[kind], rows, seed)
            seconds = time.monotonic() - start
            results.setdefault(kind, {})[str(seed)] = {
                "auc": auc, "gauc": gauc, "seconds": seconds}
            kept.write_text(json.dumps(results, indent=1))
            print(f"{kind} seed {seed}: AUC {auc:.4f}, GAUC {gauc:.4f}, {seconds:.0f} s", flush=True)
    print("\n| peer | AUC | GAUC | seconds |\n|---|---|---|---|")
    for kind, runs in results.items():
        cells = []
        for key in ("auc", "gauc"):
            values = [run[key] for run in runs.values()]
            spread = statistics.stdev(values) if len(values) > 1 else 0
            cells.append(f"{statistics.mean(values):.4f} ± {spread:.4f}")
        seconds = statistics.mean(run["seconds"] for run in runs.values())
        print(f"| {kind} | {cells[0]} | {cells[1]} | {seconds:.0f} |")


if __name__ == "__main__":
    main()
