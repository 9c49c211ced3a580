"""Networks that read a history, in plain PyTorch; see networks.py."""

import torch
from torch import nn
from torch.nn.utils import rnn

from parts import Attention, dice_layers, layers, pooled, table

DAY = 86400


class Sequence(nn.Module):
    """The vectors that models of a history read: candidate, events and everything else.

    A history of one row belongs to all candidates, as those of one request.
    """

    def __init__(self, job, rows, sparse):
        super().__init__()
        self.width, layout = job["model"]["width"], job["layout"]
        self.table = table(rows, self.width, sparse, job["model"]["embedding_scale"])
        attributes = [attribute["field"] for attribute in layout["history_attributes"]]
        self.item = [layout["item_field"]] + attributes
        self.rest = [i for i in range(len(layout["categorical"])) if i not in self.item]
        self.wide = self.width * len(self.item)
        self.context = self.width * len(self.rest)

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
        self.head = dice_layers(2 * wide + self.vectors.context, model["hidden"])

    def forward(self, ids, bags, lengths, ages):
        target, events, context, there = self.vectors(ids, bags, lengths)
        weights = self.attention(target, events) * there
        return self.head(torch.cat([pooled(weights, events), target, context], 1)).squeeze(1)


class TimeLSTM(nn.Module):
    """The cell of SLi-Rec. All that waits for no state is computed for all events at once, and lists
    that have ended leave the batch, as in PyTorch's own LSTM over packed sequences."""

    def __init__(self, inputs, units):
        super().__init__()
        self.units = units
        self.inputs = nn.Linear(inputs, 6 * units)
        self.states = nn.Linear(units, 4 * units, bias=False)
        self.interval, self.recency = nn.Linear(1, units), nn.Linear(1, units)
        self.of_interval = nn.Linear(units, 2 * units, bias=False)
        self.of_recency = nn.Linear(units, 2 * units, bias=False)
        with torch.no_grad():
            self.inputs.bias[units : 2 * units] += 1

    def forward(self, events, intervals, recencies, lengths):
        joined = torch.cat([events, intervals.unsqueeze(2), recencies.unsqueeze(2)], 2)
        packed = rnn.pack_padded_sequence(joined, lengths, batch_first=True, enforce_sorted=False)
        x, interval, recency = packed.data.split([events.shape[2], 1, 1], 1)
        i, f, g, o, keep, write = self.inputs(x).chunk(6, 1)
        by_interval = self.of_interval(self.interval(interval).tanh())
        by_recency = self.of_recency(self.recency(recency).tanh())
        o = o + by_interval[:, : self.units] + by_recency[:, : self.units]
        keep = (keep + by_interval[:, self.units :]).sigmoid()
        write = (write + by_recency[:, self.units :]).sigmoid()
        gates, sizes = torch.cat([i, f, g, o], 1), packed.batch_sizes.tolist()
        hidden = cell = events.new_zeros(sizes[0], self.units)
        found = []
        for gate, kept, written, size in zip(
                gates.split(sizes), keep.split(sizes), write.split(sizes), sizes):
            i, f, g, o = (gate + self.states(hidden[:size])).chunk(4, 1)
            cell = f.sigmoid() * kept * cell[:size] + i.sigmoid() * written * g.tanh()
            hidden = o.sigmoid() * cell.tanh()
            found.append(hidden)
        states = rnn.PackedSequence(
            torch.cat(found), packed.batch_sizes, packed.sorted_indices, packed.unsorted_indices)
        return rnn.pad_packed_sequence(
            states, batch_first=True, total_length=events.shape[1])[0]


class SLiRec(nn.Module):
    """Attention over the states of a Time-LSTM, an attentive average of the items, mixed by a gate."""

    def __init__(self, job, rows, sparse):
        super().__init__()
        model = job["model"]
        self.vectors = Sequence(job, rows, sparse)
        wide = self.vectors.wide
        self.judge = nn.Sequential(
            nn.Linear(wide, model["long_term_units"]), nn.Tanh(),
            nn.Linear(model["long_term_units"], 1, bias=False))
        self.cell = TimeLSTM(wide, wide)
        self.query = nn.Sequential(nn.Linear(wide, wide, bias=False), nn.PReLU(wide, init=0.1))
        self.attention = Attention(wide, model["attention_hidden"])
        self.gate = layers(3 * wide + 1, model["fusion_hidden"], activation=nn.Sigmoid)
        width = 2 * wide + self.vectors.context
        self.head = nn.Sequential(nn.BatchNorm1d(width), dice_layers(width, model["hidden"]))

    def forward(self, ids, bags, lengths, ages):
        target, events, context, there = self.vectors(ids, bags, lengths)
        recencies = (ages / DAY).clamp(min=0.5).log()
        gaps = ((ages[:, :-1] - ages[:, 1:]) / DAY).clamp(min=0.5).log()
        intervals = torch.cat([torch.zeros_like(ages[:, :1]), gaps], 1)
        states = self.cell(events, intervals, recencies, lengths)
        scores = self.attention(self.query(target), states) / states.shape[2] ** 0.5
        short = pooled(scores.masked_fill(~there, -torch.inf).softmax(1), states)
        shares = self.judge(events).squeeze(2).masked_fill(~there, -torch.inf).softmax(1)
        long = pooled(shares, events).expand_as(target)
        last = recencies.gather(1, lengths.unsqueeze(1) - 1).expand(len(ids), 1)
        share = self.gate(torch.cat([target, long, short, last], 1)).sigmoid()
        taste = short + share * (long - short)
        return self.head(torch.cat([target, taste, context], 1)).squeeze(1)
