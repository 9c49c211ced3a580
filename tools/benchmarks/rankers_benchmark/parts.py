"""What the networks of networks.py and sequences.py are made of."""

import torch
from torch import nn


def layers(width, hidden, outputs=1, activation=nn.ReLU):
    """Linear layers with an activation between them."""
    parts = []
    for units in hidden:
        parts += [nn.Linear(width, units), activation()]
        width = units
    return nn.Sequential(*parts, *([nn.Linear(width, outputs)] if outputs else []))


def table(rows, width, sparse, deviation):
    made = nn.Embedding(rows, width, sparse=sparse)
    nn.init.normal_(made.weight, std=deviation) if deviation else nn.init.zeros_(made.weight)
    return made


class Dice(nn.Module):
    """x · p + a · x · (1 - p), p the logistic function of the normalised x."""

    def __init__(self, units):
        super().__init__()
        self.norm = nn.BatchNorm1d(units, affine=False, eps=1e-8)
        self.slope = nn.Parameter(torch.zeros(units))

    def forward(self, x):
        share = self.norm(x).sigmoid()
        return x * (share + self.slope * (1 - share))


def dice_layers(width, hidden):
    parts = []
    for units in hidden:
        parts += [nn.Linear(width, units), Dice(units)]
        width = units
    return nn.Sequential(*parts, nn.Linear(width, 1))


class Attention(nn.Module):
    """The local activation unit of DIN over padded events: scores [count, events].

    The first layer is taken apart, as ours is: what it makes of a candidate and of an event is
    computed once for each, and only the part of their product for each pair.
    """

    def __init__(self, width, hidden):
        super().__init__()
        self.first = nn.Linear(4 * width, hidden[0])
        self.rest = nn.Sequential(nn.Sigmoid(), layers(hidden[0], hidden[1:], activation=nn.Sigmoid))

    def forward(self, target, events):
        """target [count, width]; events [count, events, width], or [1, events, width] for all."""
        q, k, d, p = self.first.weight.chunk(4, 1)
        target = target.unsqueeze(1)
        x = nn.functional.linear(target * events, p, self.first.bias)
        x = x + nn.functional.linear(target, q + d) + nn.functional.linear(events, k - d)
        return self.rest(x).squeeze(2)


def pooled(weights, events):
    """Σ weights [count, events] · events [count or 1, events, width]."""
    if events.shape[0] == 1:
        return weights @ events[0]
    return torch.bmm(weights.unsqueeze(1), events).squeeze(1)
