"""Reference for the losses of lists, pair by pair and place by place in float64 PyTorch.

    python tools/reference/losses.py Tests/RankersTests/Golden

writes losses.json: lists of scores, grades and weights, and for each loss its value and its gradient
along the scores. Ties of grades are ordered as given for ListMLE.
"""

import json
import math
import pathlib
import sys

import torch

torch.set_default_dtype(torch.float64)


def pairs(labels):
    return [(i, j) for i in range(len(labels)) for j in range(len(labels)) if labels[i] > labels[j]]


def cost(scores, tau, i, j):
    return torch.nn.functional.softplus(-tau * (scores[i] - scores[j]))


def ranknet(scores, labels, weights, tau=1.0, mean=False):
    terms = [weights[i] * cost(scores, tau, i, j) for i, j in pairs(labels)]
    return sum(terms) / (len(terms) if mean else 1)


def lambdarank(scores, labels, weights, tau=1.0, truncation=None):
    limit = truncation or len(labels)
    order = sorted(range(len(labels)), key=lambda i: -scores[i].item())
    rank = {row: place for place, row in enumerate(order)}
    ideal = sum(
        (2 ** y - 1) / math.log2(2 + k) for k, y in enumerate(sorted(labels, reverse=True)[:limit]))
    total = torch.zeros(())
    for i, j in pairs(labels):
        if min(rank[i], rank[j]) >= limit:
            continue
        discount = abs(1 / math.log2(2 + rank[i]) - 1 / math.log2(2 + rank[j]))
        change = (2 ** labels[i] - 2 ** labels[j]) * discount / ideal
        total = total + weights[i] * change * cost(scores, tau, i, j)
    return total


def listnet(scores, labels, weights):
    targets = torch.softmax(torch.tensor(labels), 0)
    return -(torch.tensor(weights) * targets * torch.log_softmax(scores, 0)).sum()


def softmax(scores, labels, weights):
    targets = torch.tensor(labels) / sum(labels)
    return -(torch.tensor(weights) * targets * torch.log_softmax(scores, 0)).sum()


def listmle(scores, labels, weights):
    order = sorted(range(len(labels)), key=lambda i: -labels[i])
    terms = [
        weights[i] * (torch.logsumexp(scores[order[place:]], 0) - scores[i])
        for place, i in enumerate(order)]
    return sum(terms)


LOSSES = {
    "ranknet": ranknet,
    "ranknet-steep-mean": lambda *a: ranknet(*a, tau=2.5, mean=True),
    "lambdarank": lambdarank,
    "lambdarank-steep-truncated": lambda *a: lambdarank(*a, tau=0.5, truncation=3),
    "listnet": listnet,
    "softmax": softmax,
    "listmle": listmle,
}


def main():
    torch.manual_seed(5)
    lists = []
    for count, grades, weighted in [(2, 2, False), (7, 3, False), (12, 5, True), (30, 2, True)]:
        scores = (2 * torch.randn(count)).tolist()
        labels = torch.randint(0, grades, (count,)).tolist()
        labels[0], labels[-1] = grades - 1, 0
        labels = [float(label) for label in labels]
        weights = (0.2 + torch.rand(count)).tolist() if weighted else [1.0] * count
        results = {}
        for name, loss in LOSSES.items():
            leaf = torch.tensor(scores, requires_grad=True)
            value = loss(leaf, labels, weights)
            value.backward()
            results[name] = {"loss": value.item(), "gradient": leaf.grad.tolist()}
        lists.append({"scores": scores, "labels": labels, "weights": weights, "results": results})
    folder = pathlib.Path(sys.argv[1])
    (folder / "losses.json").write_text(json.dumps(lists))


main()
