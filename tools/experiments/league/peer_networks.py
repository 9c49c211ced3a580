"""The rankers in plain PyTorch."""

import torch
from torch import nn


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

    def vectors(self, ids):
        return self.table(ids)

    def mean(self, values, lengths):
        there = (torch.arange(values.shape[1]) < lengths.unsqueeze(1)).unsqueeze(2)
        return (self.vectors(values) * there).sum(1) / lengths.clamp(min=1).unsqueeze(1)

    def look(self, batch):
        """Candidate, events, everything else."""
        target = self.vectors(batch["ids"][:, self.rows.target]).flatten(1)
        events = self.vectors(batch["events"]).flatten(2)
        parts = [self.vectors(batch["ids"][:, self.rows.rest]).flatten(1)]
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


class YouTubeDNN(Network):
    """The mean of the history, its last item and all else; unknown ids are zero vectors."""

    def __init__(self, model, rows):
        super().__init__(model, rows, 0.05)
        known = torch.ones(rows.rows, 1)
        known[rows.starts] = 0
        self.register_buffer("known", known)
        self.deep = layers(3 * self.wide + self.context, model["hidden"], dropout=self.dropout)

    def vectors(self, ids):
        return self.table(ids) * self.known[ids]

    def forward(self, batch):
        target, events, context = self.look(batch)
        place = (batch["lengths"] - 1).clamp(min=0)
        last = events[torch.arange(len(place)), place] * (batch["lengths"] > 0).unsqueeze(1)
        return self.deep(
            torch.cat([target, self.history(batch, events), last, context], 1)).squeeze(1)


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


class DSSM(Network):
    """Two towers of tanh and γ times the cosine; each tower has a table of its own."""

    chooses = True

    def __init__(self, model, rows):
        super().__init__(model, rows, 0.1)
        self.items = nn.Embedding(rows.rows, self.width)
        nn.init.normal_(self.items.weight, std=0.1)
        mine, numbers = rows.of_item, rows.numbers.shape[1]
        self.split = {
            part: (mine[part], [i for i in range(count) if i not in mine[part]])
            for part, count in (("ids", len(rows.fields)), ("lists", len(rows.lists)),
                                ("numbers", numbers))}
        def width(side):
            return (self.width * (len(self.split["ids"][side]) + len(self.split["lists"][side]))
                    + len(self.split["numbers"][side]))
        self.item = towers(width(0), model["hidden"])
        self.user = towers(width(1) + self.wide, model["hidden"])

    def side(self, batch, side, table):
        parts = [table(batch["ids"][:, self.split["ids"][side]]).flatten(1)]
        for k in self.split["lists"][side]:
            values, lengths = batch["lists"][k]
            there = (torch.arange(values.shape[1]) < lengths.unsqueeze(1)).unsqueeze(2)
            parts.append((table(values) * there).sum(1) / lengths.clamp(min=1).unsqueeze(1))
        return torch.cat(parts + [batch["numbers"][:, self.split["numbers"][side]]], 1)

    def forward(self, batch):
        item = self.item(self.side(batch, 0, self.items))
        history = self.history(batch, self.table(batch["events"]).flatten(2))
        user = self.user(torch.cat([self.side(batch, 1, self.table), history], 1))
        return 10 * nn.functional.cosine_similarity(user, item)


def towers(width, hidden):
    parts = []
    for units in hidden:
        parts += [nn.Linear(width, units), nn.Tanh()]
        width = units
    return nn.Sequential(*parts)


NETWORKS = {
    "mlp": Dense, "deepfm": DeepFM, "wide_and_deep": WideAndDeep, "youtube_dnn": YouTubeDNN,
    "dssm": DSSM, "din": DIN, "rnn": Recurrent, "sli_rec": SLiRec}
