"""Seq2Slate (Bello et al., 2018) in PyTorch."""

import math

import torch
from torch import nn
from torch.nn import functional as F

CATEGORIES, CATEGORY_WIDTH, VISUAL_WIDTH, WIDTH, CELLS = 4, 8, 32, 64, 128


class Seq2Slate(nn.Module):
    def __init__(self, visual):
        super().__init__()
        self.category = nn.Embedding(CATEGORIES + 1, CATEGORY_WIDTH)
        self.has_visual = visual > 0
        self.visual = nn.Linear(max(visual, 1), VISUAL_WIDTH)
        self.norm = nn.LayerNorm(VISUAL_WIDTH)
        self.missing = nn.Parameter(torch.randn(VISUAL_WIDTH) * 0.1)
        self.input = nn.Linear(3 + CATEGORY_WIDTH + (VISUAL_WIDTH if visual else 0), WIDTH)
        self.go = nn.Parameter(torch.randn(WIDTH) * 0.1)
        self.encoder = nn.LSTM(WIDTH, CELLS, batch_first=True)
        self.decoder = nn.LSTMCell(WIDTH, CELLS)
        self.keys = nn.Linear(CELLS, CELLS, bias=False)
        self.query = nn.Linear(CELLS, CELLS, bias=False)
        self.vector = nn.Parameter(torch.randn(CELLS) * 0.1)

    def load(self, p):
        """The parameters of ours."""
        names = {
            "category.weight": "features.category.weight", "visual.weight": "features.visual.weight",
            "visual.bias": "features.visual.bias", "norm.weight": "features.norm.weight",
            "norm.bias": "features.norm.bias", "missing": "features.missing",
            "input.weight": "input.weight", "input.bias": "input.bias", "go": "go",
            "encoder.weight_ih_l0": "encoder.weight_ih", "encoder.weight_hh_l0": "encoder.weight_hh",
            "encoder.bias_ih_l0": "encoder.bias", "decoder.weight_ih": "decoder.weight_ih",
            "decoder.weight_hh": "decoder.weight_hh", "decoder.bias_ih": "decoder.bias",
            "keys.weight": "attention.encoder.weight", "query.weight": "attention.decoder.weight",
            "vector": "attention.vector"}
        assert set(names.values()) == set(p), set(names.values()) ^ set(p)
        state = {name: p[ours] for name, ours in names.items()}
        for name in ("encoder.bias_hh_l0", "decoder.bias_hh"):
            state[name] = torch.zeros(4 * CELLS)
        self.load_state_dict(state)
        return self

    def forward(self, numeric, category, vectors, present, steps: int):
        """Slates [lists, steps] of lists [lists, n, ...], and the scores of every step."""
        parts = [numeric, self.category(category)]
        if self.has_visual:
            seen = self.norm(self.visual(vectors))
            parts.append(torch.where(present.unsqueeze(-1), seen, self.missing))
        x = self.input(torch.cat(parts, -1))
        encodings, (h, c) = self.encoder(x)
        h, c = h[0], c[0]
        keys = self.keys(encodings)
        lists = torch.arange(x.shape[0])
        taken = torch.zeros(x.shape[0], x.shape[1], dtype=torch.bool)
        previous = self.go.unsqueeze(0).expand(x.shape[0], -1)
        picks, scores = [], []
        for _ in range(steps):
            h, c = self.decoder(previous, (h, c))
            row = torch.tanh(keys + self.query(h).unsqueeze(1)) @ self.vector
            row = row.masked_fill(taken, -math.inf)
            pick = row.argmax(1)
            taken = taken.scatter(1, pick.unsqueeze(1), True)
            previous = x[lists, pick]
            picks.append(pick)
            scores.append(row)
        return torch.stack(picks, 1), torch.stack(scores, 1)


def numeric(scores, present):
    """Standardised score, reciprocal rank, has an image: [lists, n, 3]."""
    mean, deviation = scores.mean(1, keepdim=True), scores.std(1, keepdim=True, unbiased=False)
    rank = 1 / (torch.arange(scores.shape[1]) + 1.0)
    return torch.stack([(scores - mean) / deviation, rank.expand_as(scores), present.float()], -1)


def loss(picks, scores, clicks):
    """Cross-entropy over the clicks that are left at each step, by 1 / log2(step + 1)."""
    left, total = clicks.clone(), 0.0
    for step in range(picks.shape[1]):
        log_probabilities = torch.log_softmax(scores[:, step], 1)
        share = left / left.sum(1, keepdim=True).clamp(min=1)
        terms = torch.where(left > 0, share * log_probabilities, torch.zeros(()))
        total = total - terms.sum(1) / math.log2(step + 2)
        left = left.scatter(1, picks[:, step:step + 1], 0.0)
    return total.mean()
