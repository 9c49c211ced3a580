"""Golden values for Seq2Slate (Bello et al., 2018), written in PyTorch at double precision.

    python tools/reference/slates.py            # rewrites Tests/SlatesTests/Golden/seq2slate.json

Everything is spelt out from the equations and one list at a time, without padding, so that the
batched and padded implementation under test has an independent witness.
"""

import itertools
import json
import math
from pathlib import Path

import numpy
import torch

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)

CATEGORIES = 3  # rows 1...3; row 0 is the unknown category
CATEGORY_WIDTH = 2
VISUAL = 5
VISUAL_WIDTH = 3
WIDTH = 4
CELLS = 6
NUMERIC = 3  # standardised score, reciprocal rank, has-image flag
NORM_EPSILON = 1e-5
PROPENSITY = (1.5, 4)  # eta, clip


def parameters(seed=7):
    random = numpy.random.default_rng(seed)
    inputs = NUMERIC + CATEGORY_WIDTH + VISUAL_WIDTH
    shapes = {
        "features.category.weight": (CATEGORIES + 1, CATEGORY_WIDTH),
        "features.visual.weight": (VISUAL_WIDTH, VISUAL),
        "features.visual.bias": (VISUAL_WIDTH,),
        "features.norm.weight": (VISUAL_WIDTH,),
        "features.norm.bias": (VISUAL_WIDTH,),
        "features.missing": (VISUAL_WIDTH,),
        "input.weight": (WIDTH, inputs),
        "input.bias": (WIDTH,),
        "go": (WIDTH,),
        "encoder.weight_ih": (4 * CELLS, WIDTH),
        "encoder.weight_hh": (4 * CELLS, CELLS),
        "encoder.bias": (4 * CELLS,),
        "decoder.weight_ih": (4 * CELLS, WIDTH),
        "decoder.weight_hh": (4 * CELLS, CELLS),
        "decoder.bias": (4 * CELLS,),
        "attention.encoder.weight": (CELLS, CELLS),
        "attention.decoder.weight": (CELLS, CELLS),
        "attention.vector": (CELLS,),
    }
    return {
        name: torch.tensor(random.normal(0, 0.6, shape).round(6), requires_grad=True)
        for name, shape in shapes.items()
    }


def lists(seed=11):
    """(scores, category rows, visual vectors or None, clicks), in base order."""
    random = numpy.random.default_rng(seed)

    def one(categories, images, clicks):
        n = len(categories)
        scores = sorted(random.normal(0, 2, n).round(4).tolist(), reverse=True)
        visuals = [random.normal(0, 1, VISUAL).round(4).tolist() if i else None for i in images]
        return dict(scores=scores, categories=categories, visuals=visuals, clicks=clicks)

    return [
        one([1, 0, 2, 3, 1], [1, 1, 0, 1, 1], [0, 1, 0, 1, 0]),
        one([2, 2, 3], [0, 0, 1], [0, 0, 0]),  # no click: no loss
        one([3, 1, 0, 2], [1, 0, 1, 1], [0, 0, 0, 1]),
        one([1], [1], [1]),
        one([2, 1, 3, 3, 0, 1], [1, 1, 1, 1, 0, 1], [1, 0, 0, 1, 1, 0]),
    ]


def features(p, entry):
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
            z = (z - z.mean()) / torch.sqrt(z.var(unbiased=False) + NORM_EPSILON)
            seen = z * p["features.norm.weight"] + p["features.norm.bias"]
        x = torch.cat([numeric, p["features.category.weight"][category], seen])
        rows.append(p["input.weight"] @ x + p["input.bias"])
    return torch.stack(rows)


def lstm(p, name, x, h, c):
    gates = p[name + ".weight_ih"] @ x + p[name + ".weight_hh"] @ h + p[name + ".bias"]
    i, f, g, o = gates.chunk(4)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


def encode(p, x):
    h = c = torch.zeros(CELLS)
    states = []
    for row in x:
        h, c = lstm(p, "encoder", row, h, c)
        states.append(h)
    return torch.stack(states), h, c


def attend(p, e, d):
    # Linear layers keep [outputs, inputs], so e W_e of the paper is e @ weight.T here.
    mixed = e @ p["attention.encoder.weight"].T + d @ p["attention.decoder.weight"].T
    return torch.tanh(mixed) @ p["attention.vector"]


def decode(p, entry, choose, steps):
    """Log-probabilities of every step; `choose(j, log_probabilities)` names the item picked."""
    x = features(p, entry)
    e, h, c = encode(p, x)
    previous = p["go"]
    free = torch.ones(len(x), dtype=torch.bool)
    order, logs = [], []
    for j in range(min(steps, len(x))):
        h, c = lstm(p, "decoder", previous, h, c)
        scores = attend(p, e, h).masked_fill(~free, -math.inf)
        log_probabilities = torch.log_softmax(scores, 0)
        pick = choose(j, log_probabilities)
        logs.append(log_probabilities)
        order.append(pick)
        free = free.clone()
        free[pick] = False
        previous = x[pick]
    return order, logs, x, e


def teacher_order(clicks):
    return [i for i, y in enumerate(clicks) if y] + [i for i, y in enumerate(clicks) if not y]


def click_weight(rank, eta, clip):
    """Inverse propensity (Joachims et al., 2017) of a click at a rank counted from 1."""
    return min(rank**eta, clip)


def cross_entropy(left, _, log_probabilities, weights):
    return -sum(weights[i] * log_probabilities[i] for i in left) / len(left)


def hinge(left, free, log_probabilities, weights):
    # Scores and log-probabilities differ by a constant, which the difference of two cancels.
    others = [i for i in free if i not in left]
    if not others:
        return torch.zeros(())
    worst = torch.stack([log_probabilities[i] for i in left]).min()
    best = torch.stack([log_probabilities[i] for i in others]).max()
    return sum(weights[i] for i in left) / len(left) * torch.relu(1 - worst + best)


def loss_of_list(clicks, order, logs, step_loss, propensity):
    left = [i for i, y in enumerate(clicks) if y]
    free = list(range(len(clicks)))
    weights = [click_weight(i + 1, *propensity) for i in free]
    total = torch.zeros(())
    for j, (pick, log_probabilities) in enumerate(zip(order, logs)):
        if left:
            total = total + step_loss(left, free, log_probabilities, weights) / math.log2(j + 2)
        left = [i for i in left if i != pick]
        free = [i for i in free if i != pick]
    return total


def batch_loss(p, data, orders, steps, step_loss=cross_entropy, propensity=(0, 1)):
    losses = []
    for entry, order in zip(data, orders):
        if any(entry["clicks"]):
            _, logs, _, _ = decode(p, entry, lambda j, _: order[j], steps)
            losses.append(loss_of_list(entry["clicks"], order, logs, step_loss, propensity))
    return torch.stack(losses).mean()


def ndcg(clicks, order, cutoff=10):
    gained = sum(1 / math.log2(r + 2) for r, i in enumerate(order[:cutoff]) if clicks[i])
    ideal = sum(1 / math.log2(r + 2) for r in range(min(cutoff, sum(clicks))))
    return gained / ideal if ideal else 0.0


def average_precision(clicks, order):
    found, total = 0, 0.0
    for r, i in enumerate(order):
        if clicks[i]:
            found += 1
            total += found / (r + 1)
    return total / min(sum(clicks), len(order)) if any(clicks) else 0.0


def expected_reward(p, data, steps, reward):
    """E[R] over all orders, and its gradient: what REINFORCE estimates."""
    for tensor in p.values():
        tensor.grad = None
    expectations = []
    for entry in data:
        n = len(entry["clicks"])
        if not any(entry["clicks"]):
            continue
        total = torch.zeros(())
        for order in itertools.permutations(range(n), min(steps, n)):
            _, logs, _, _ = decode(p, entry, lambda j, _: order[j], steps)
            log_probability = sum(row[pick] for row, pick in zip(logs, order))
            total = total + torch.exp(log_probability) * reward(entry["clicks"], list(order))
        expectations.append(total)
    mean = torch.stack(expectations).mean()
    mean.backward()
    return {
        "steps": steps,
        "reward": mean.item(),
        "gradients": {name: plain(tensor.grad) for name, tensor in p.items()},
    }


def plain(tensor):
    values = tensor.detach().numpy()
    return {"shape": list(values.shape), "values": [float(f"{v:.15g}") for v in values.ravel()]}


def finite(row):
    return [None if math.isinf(v) else float(f"{v:.15g}") for v in row.detach().tolist()]


def case(p, data, orders, steps, step_loss=cross_entropy, propensity=(0, 1)):
    for tensor in p.values():
        tensor.grad = None
    loss = batch_loss(p, data, orders, steps, step_loss, propensity)
    loss.backward()
    logs = [
        [finite(row) for row in decode(p, entry, lambda j, _: order[j], steps)[1]]
        for entry, order in zip(data, orders)
    ]
    return {
        "steps": steps,
        "orders": orders,
        "loss": loss.item(),
        "log_probabilities": logs,
        "gradients": {name: plain(tensor.grad) for name, tensor in p.items()},
    }


def training_curve(data, orders, steps, learning_rate, clip):
    p = parameters()
    optimizer = torch.optim.Adam(p.values(), lr=learning_rate)
    curve = []
    for _ in range(10):
        optimizer.zero_grad()
        loss = batch_loss(p, data, orders, steps)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(p.values(), clip)
        optimizer.step()
        curve.append(loss.item())
    return {"learning_rate": learning_rate, "clip": clip, "losses": curve}


def main():
    p, data = parameters(), lists()
    teacher = [teacher_order(entry["clicks"]) for entry in data]
    random = numpy.random.default_rng(3)
    shuffled = [random.permutation(len(entry["clicks"])).tolist() for entry in data]
    greedy = [
        decode(p, entry, lambda j, row: int(row.argmax()), len(entry["clicks"]))[0]
        for entry in data
    ]
    golden = {
        "configuration": {
            "categories": CATEGORIES, "category_width": CATEGORY_WIDTH, "visual": VISUAL,
            "visual_width": VISUAL_WIDTH, "width": WIDTH, "cells": CELLS,
        },
        "parameters": {name: plain(tensor) for name, tensor in p.items()},
        "lists": data,
        "inputs": [plain(features(p, entry)) for entry in data],
        "encodings": [plain(encode(p, features(p, entry))[0]) for entry in data],
        "teacher": case(p, data, teacher, 6),
        "shuffled": case(p, data, shuffled, 6),
        "short": case(p, data, shuffled, 2),
        "hinge": case(p, data, teacher, 6, hinge),
        "hinge_shuffled": case(p, data, shuffled, 6, hinge),
        "weighted": case(p, data, shuffled, 6, cross_entropy, PROPENSITY),
        "hinge_weighted": case(p, data, shuffled, 6, hinge, PROPENSITY),
        "expected_ndcg": expected_reward(p, data, 3, ndcg),
        "expected_map": expected_reward(p, data, 4, average_precision),
        "greedy": greedy,
        "training": training_curve(data, teacher, 6, 0.01, 1.0),
    }
    path = Path(__file__).parents[2] / "Tests/SlatesTests/Golden/seq2slate.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
    print(f"{path.name}: {path.stat().st_size} bytes, greedy {greedy}")


if __name__ == "__main__":
    main()
