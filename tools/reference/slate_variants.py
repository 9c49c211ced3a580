"""Golden values for the novelty inputs of Seq2Slate and for PRM (Pei et al., RecSys 2019), written in
PyTorch at double precision on top of slates.py.

    python tools/reference/slate_variants.py    # rewrites Golden/slate_variants.json of SlatesTests

Everything is spelt out from the equations and one list at a time, without padding.
"""

import json
import math
from pathlib import Path

import numpy
import torch

import slates
from slates import CATEGORY_WIDTH, CATEGORIES, CELLS, VISUAL, VISUAL_WIDTH, WIDTH

COLUMNS = [("price", 0.25, 1.5), ("age", -0.5, 0.75)]  # name, mean, deviation
UNITS = 8
HEADS, BLOCKS, FEED_FORWARD, POSITIONS = 2, 2, 7, 4


def lists():
    random = numpy.random.default_rng(23)
    data = slates.lists()
    for entry in data:
        n = len(entry["scores"])
        entry["features"] = [
            [None if random.random() < 0.15 else round(x, 4) for x in random.normal(0, 1, 2)]
            for _ in range(n)
        ]
    return data


def standardized(entry):
    rows = [
        [0.0 if value is None else (value - mean) / deviation
         for value, (_, mean, deviation) in zip(row, COLUMNS)]
        for row in entry["features"]
    ]
    return torch.tensor(rows)


def inputs(p, entry):
    """As slates.features, with the columns behind the has-image flag, before the projection."""
    scores = torch.tensor(entry["scores"])
    deviation = scores.std(unbiased=False)
    standard = (scores - scores.mean()) / deviation if deviation > 0 else scores * 0
    rows = []
    for i, (category, visual) in enumerate(zip(entry["categories"], entry["visuals"])):
        numeric = torch.stack(
            [standard[i], torch.tensor(1 / (i + 1)), torch.tensor(float(visual is not None))])
        if visual is None:
            seen = p["features.missing"]
        else:
            z = p["features.visual.weight"] @ torch.tensor(visual) + p["features.visual.bias"]
            seen = norm(z, p["features.norm.weight"], p["features.norm.bias"])
        rows.append(torch.cat(
            [numeric, standardized(entry)[i], p["features.category.weight"][category], seen]))
    return torch.stack(rows) @ p["input.weight"].T + p["input.bias"]


def norm(x, gain, bias):
    mean, variance = x.mean(-1, keepdim=True), x.var(-1, unbiased=False, keepdim=True)
    return (x - mean) / torch.sqrt(variance + slates.NORM_EPSILON) * gain + bias


def drawn(shapes, seed):
    random = numpy.random.default_rng(seed)
    return {
        name: torch.tensor(random.normal(0, 0.6, shape).round(6), requires_grad=True)
        for name, shape in shapes.items()
    }


def candidate_shapes(width):
    return {
        "features.category.weight": (CATEGORIES + 1, CATEGORY_WIDTH),
        "features.visual.weight": (VISUAL_WIDTH, VISUAL),
        "features.visual.bias": (VISUAL_WIDTH,),
        "features.norm.weight": (VISUAL_WIDTH,),
        "features.norm.bias": (VISUAL_WIDTH,),
        "features.missing": (VISUAL_WIDTH,),
        "input.weight": (width, 3 + len(COLUMNS) + CATEGORY_WIDTH + VISUAL_WIDTH),
        "input.bias": (width,),
    }


# Novelty


def novelty_parameters():
    shapes = candidate_shapes(WIDTH) | {
        name: tuple(value.shape) for name, value in slates.parameters().items()
        if name.split(".")[0] in ("go", "encoder", "decoder", "attention")
    }
    shapes |= {
        "novelty.hidden.weight": (UNITS, 3),
        "novelty.hidden.bias": (UNITS,),
        "novelty.vector": (UNITS,),
    }
    return drawn(shapes, 17)


def similarities(entry):
    """[spaces, n, n]: cosines of centred images, equal categories, nearness of the features."""
    n = len(entry["scores"])
    seen = [torch.tensor(v) for v in entry["visuals"] if v is not None]
    mean = torch.stack(seen).mean(0) if seen else None
    points = standardized(entry)
    squares = [((points[a] - points[b]) ** 2).sum() for a in range(n) for b in range(a)]
    scale = torch.sqrt(torch.stack(squares).mean()) if squares else torch.tensor(0.0)
    found = torch.zeros(3, n, n)
    for a in range(n):
        for b in range(n):
            va, vb = entry["visuals"][a], entry["visuals"][b]
            if va is not None and vb is not None:
                x, y = torch.tensor(va) - mean, torch.tensor(vb) - mean
                length = x.norm() * y.norm()
                # A single image is its own mean.
                found[0, a, b] = x @ y / length if length > 0 else 0
            # Row 0 stands for a candidate without a category.
            same = entry["categories"][a] == entry["categories"][b] != 0
            found[1, a, b] = float(same)
            distance = (points[a] - points[b]).norm()
            found[2, a, b] = torch.exp(-distance / scale) if scale > 0 else 1
    return found


def novelty_decode(p, entry, order, steps):
    x = inputs(p, entry)
    e, h, c = slates.encode(p, x)
    near = similarities(entry)
    previous, chosen, logs = p["go"], [], []
    for j in range(min(steps, len(x))):
        h, c = slates.lstm(p, "decoder", previous, h, c)
        scores = slates.attend(p, e, h)
        if chosen:
            nearest = near[:, :, chosen].max(-1).values.T
            hidden = torch.tanh(nearest @ p["novelty.hidden.weight"].T + p["novelty.hidden.bias"])
            scores = scores + hidden @ p["novelty.vector"]
        closed = torch.zeros(len(x), dtype=torch.bool)
        closed[chosen] = True
        logs.append(torch.log_softmax(scores.masked_fill(closed, -math.inf), 0))
        chosen.append(order[j])
        previous = x[order[j]]
    return logs


def novelty_case(data):
    p = novelty_parameters()
    random = numpy.random.default_rng(3)
    orders = [random.permutation(len(entry["clicks"])).tolist() for entry in data]
    losses = [
        slates.loss_of_list(entry["clicks"], order, novelty_decode(p, entry, order, 6))
        for entry, order in zip(data, orders) if any(entry["clicks"])
    ]
    loss = torch.stack(losses).mean()
    loss.backward()
    return {
        "parameters": {name: slates.plain(tensor) for name, tensor in p.items()},
        "orders": orders,
        "loss": loss.item(),
        "log_probabilities": [
            [slates.finite(row) for row in novelty_decode(p, entry, order, 6)]
            for entry, order in zip(data, orders)
        ],
        "gradients": {name: slates.plain(tensor.grad) for name, tensor in p.items()},
    }


# PRM


def prm_parameters():
    width = HEADS * WIDTH
    shapes = candidate_shapes(width) | {"positions": (POSITIONS, width)}
    for block in range(BLOCKS):
        shapes |= {
            f"blocks.{block}.{name}": shape for name, shape in {
                "attention.weight": (3 * width, width), "attention.bias": (3 * width,),
                "mixing.weight": (width, width), "mixing.bias": (width,),
                "norm1.weight": (width,), "norm1.bias": (width,),
                "expansion.weight": (FEED_FORWARD, width), "expansion.bias": (FEED_FORWARD,),
                "contraction.weight": (width, FEED_FORWARD), "contraction.bias": (width,),
                "norm2.weight": (width,), "norm2.bias": (width,),
            }.items()
        }
    return drawn(shapes | {"output.weight": (1, width), "output.bias": (1,)}, 29)


def prm_scores(p, entry):
    x = inputs(p, entry)
    n, width = x.shape
    x = x + p["positions"][[min(i, POSITIONS - 1) for i in range(n)]]
    for block in range(BLOCKS):
        def dense(name, x):
            return x @ p[f"blocks.{block}.{name}.weight"].T + p[f"blocks.{block}.{name}.bias"]

        def after(name, x):
            return norm(x, p[f"blocks.{block}.{name}.weight"], p[f"blocks.{block}.{name}.bias"])

        q, k, v = dense("attention", x).split(width, 1)
        heads = []
        for head in range(HEADS):
            part = slice(head * WIDTH, (head + 1) * WIDTH)
            shares = torch.softmax(q[:, part] @ k[:, part].T / math.sqrt(WIDTH), 1)
            heads.append(shares @ v[:, part])
        x = after("norm1", x + dense("mixing", torch.cat(heads, 1)))
        x = after("norm2", x + dense("contraction", torch.relu(dense("expansion", x))))
    return x @ p["output.weight"][0] + p["output.bias"]


def prm_loss(p, data):
    losses = []
    for entry in data:
        clicks = torch.tensor(entry["clicks"], dtype=torch.float64)
        if clicks.sum() > 0:
            losses.append(-(clicks / clicks.sum()) @ torch.log_softmax(prm_scores(p, entry), 0))
    return torch.stack(losses).mean()


def prm_case(data):
    p = prm_parameters()
    loss = prm_loss(p, data)
    loss.backward()
    return {
        "parameters": {name: slates.plain(tensor) for name, tensor in p.items()},
        "scores": [slates.plain(prm_scores(p, entry)) for entry in data],
        "loss": loss.item(),
        "gradients": {name: slates.plain(tensor.grad) for name, tensor in p.items()},
    }


def main():
    data = lists()
    configuration = {
        "categories": CATEGORIES, "category_width": CATEGORY_WIDTH, "visual": VISUAL,
        "visual_width": VISUAL_WIDTH, "width": WIDTH, "cells": CELLS, "heads": HEADS,
        "blocks": BLOCKS, "feed_forward": FEED_FORWARD, "positions": POSITIONS,
        "columns": [
            {"name": name, "mean": mean, "deviation": deviation}
            for name, mean, deviation in COLUMNS
        ],
    }
    golden = {
        "configuration": configuration, "lists": data, "novelty": novelty_case(data),
        "prm": prm_case(data),
    }
    path = Path(__file__).parents[2] / "Tests/SlatesTests/Golden/slate_variants.json"
    path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
    print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
