"""Reference for the rankers of several tasks in float64 PyTorch.

    python tools/reference/multitask.py Tests/RankersTests/Golden

writes one JSON file per model, in the form of rankers.py, whose inputs and export it uses. Labels of
further tasks that a row says nothing about are null.
"""

import json
import math
import pathlib
import sys

import torch
from torch.nn import functional

import rankers
from rankers import bag_means, offsets_of, single


class MultiTask(rankers.Model):
    """What every network reads, and how its losses become one."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        k = self.configuration["width"]
        self.visual = self.layout.get("visual")
        flags = 0 if not self.visual else 2 if self.visual["history"] else 1
        vectors = len(self.layout["categorical"]) + len(self.layout["bags"]) + flags
        self.shared, rows = offsets_of(self.layout, True)
        self.add("embeddings.table", rows, k)
        if self.visual:
            self.add_visual(k, normalized=True)
        self.width = vectors * k + self.layout["numericWidth"] + flags
        self.names = ["label"] + self.layout["tasks"]
        self.build()
        if self.configuration.get("learned_weights"):
            self.add("objective.logVariances", len(self.names))

    def add_network(self, name, widths):
        for layer, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
            self.add(f"{name}.layers.{layer}.weight", outputs, inputs)
            self.add(f"{name}.layers.{layer}.bias", outputs)

    def network(self, name, x, linear=True):
        """`linear`: whether the last layer has no activation."""
        layer = 0
        while f"{name}.layers.{layer}.weight" in self.parameters:
            x = functional.linear(
                x, self.parameters[f"{name}.layers.{layer}.weight"],
                self.parameters[f"{name}.layers.{layer}.bias"])
            layer += 1
            if not linear or f"{name}.layers.{layer}.weight" in self.parameters:
                x = x.relu()
        return x

    def add_towers(self, width):
        for task in range(len(self.names)):
            self.add_network(f"towers.{task}", [width] + self.configuration["tower"] + [1])

    def towers(self, states):
        return [self.network(f"towers.{task}", x)[:, 0] for task, x in enumerate(states)]

    def inputs(self, batch):
        p, parts = self.parameters, []
        for field, column in enumerate(batch["categorical"]):
            parts.append(p["embeddings.table"][[row + self.shared[field] for row in column]])
        for field, bag in enumerate(batch["bags"]):
            first = self.shared[len(batch["categorical"]) + field]
            parts.append(bag_means(p["embeddings.table"], bag, first))
        if self.visual:
            parts += self.visual_fields(batch)
        parts.append(self.numeric(batch))
        if self.visual:
            parts.append(self.flags(batch))
        return torch.cat(parts, 1)

    def penalty(self, x):
        return 0.0

    def logits(self, batch):
        outcomes = self.outcomes(self.inputs(batch))
        score = self.configuration.get("score")
        if not score:
            return outcomes[0]
        return sum(score.get(name, 0) * functional.logsigmoid(outcome)
                   for name, outcome in zip(self.outcome_names(), outcomes))

    def outcome_names(self):
        return self.names

    def task_losses(self, outcomes, batch):
        """The mean over the rows that say something, task by task."""
        losses = []
        for outcome, labels in zip(outcomes, [batch["labels"]] + batch["taskLabels"]):
            rows = [row for row, label in enumerate(labels) if label is not None]
            losses.append(functional.binary_cross_entropy_with_logits(
                outcome[rows], torch.tensor([labels[row] for row in rows])))
        return losses

    def loss(self, batch):
        x = self.inputs(batch)
        losses = self.task_losses(self.outcomes(x), batch)
        if "objective.logVariances" in self.parameters:
            eta = self.parameters["objective.logVariances"]
            # L / 2s² + log s
            s = (eta / 2).exp()
            losses = [value / (2 * s[k] ** 2) + s[k].log() for k, value in enumerate(losses)]
        else:
            weights = self.configuration.get("tasks", {})
            losses = [weights.get(name, 1) * value for name, value in zip(self.names, losses)]
        return sum(losses) + self.penalty(x)


class SharedBottom(MultiTask):
    def build(self):
        self.add_network("bottom", [self.width] + self.configuration["bottom"])
        self.add_towers(self.configuration["bottom"][-1])

    def outcomes(self, x):
        return self.towers([self.network("bottom", x, linear=False)] * len(self.names))


class SoftSharing(MultiTask):
    def build(self):
        for task in range(len(self.names)):
            self.add_network(
                f"networks.{task}", [self.width] + self.configuration["hidden"] + [1])

    def outcomes(self, x):
        return [self.network(f"networks.{task}", x)[:, 0] for task in range(len(self.names))]

    def penalty(self, x):
        total = 0.0
        for a in range(len(self.names)):
            for b in range(a):
                for name, value in self.parameters.items():
                    if name.startswith(f"networks.{a}."):
                        twin = name.replace(f"networks.{a}.", f"networks.{b}.", 1)
                        total = total + (value - self.parameters[twin]).square().sum()
        return self.configuration["tie"] * total


class CrossStitch(MultiTask):
    def build(self):
        tasks, width = len(self.names), self.width
        for depth, units in enumerate(self.configuration["hidden"]):
            for task in range(tasks):
                self.add_network(f"networks.{task}.{depth}", [width, units])
            shape = [tasks, tasks] + ([units] if self.configuration["per_channel"] else [])
            self.add(f"stitches.{depth}", *shape)
            width = units
        self.add_towers(width)

    def outcomes(self, x):
        tasks = range(len(self.names))
        states = [x for _ in tasks]
        for depth in range(len(self.configuration["hidden"])):
            states = [self.network(f"networks.{task}.{depth}", states[task], linear=False)
                      for task in tasks]
            stitch = self.parameters[f"stitches.{depth}"]
            states = [sum(stitch[k, j] * states[j] for j in tasks) for k in tasks]
        return self.towers(states)


class ESMM(MultiTask):
    def build(self):
        for name in ("click", "conversion"):
            self.add_network(name, [self.width] + self.configuration["hidden"] + [1])

    def outcomes(self, x):
        return [self.network(name, x)[:, 0] for name in ("click", "conversion")]

    def task_losses(self, outcomes, batch):
        a, b = outcomes
        y = torch.tensor(batch["labels"])
        click = functional.binary_cross_entropy_with_logits(a, y)
        joint, z = a.sigmoid() * b.sigmoid(), batch["taskLabels"][0]
        rows = [row for row in range(batch["count"]) if y[row] == 0 or z[row] is not None]
        both = torch.tensor([float(y[row]) * (z[row] or 0.0) for row in rows])
        return [click, functional.binary_cross_entropy(joint[rows], both)]


class MMoE(MultiTask):
    gates = None

    def build(self):
        for expert in range(self.configuration["experts"]):
            self.add_network(
                f"mixture.experts.{expert}", [self.width] + self.configuration["expert"])
        for gate in range(self.gates or len(self.names)):
            self.add(f"mixture.gates.{gate}.weight", self.configuration["experts"], self.width)
        self.add_towers(self.configuration["expert"][-1])

    def shares(self, x):
        return [(x @ self.parameters[f"mixture.gates.{gate}.weight"].T).softmax(1)
                for gate in range(self.gates or len(self.names))]

    def outcomes(self, x):
        experts = [self.network(f"mixture.experts.{expert}", x, linear=False)
                   for expert in range(self.configuration["experts"])]
        mixed = [sum(share[:, i:i + 1] * expert for i, expert in enumerate(experts))
                 for share in self.shares(x)]
        return self.towers(mixed * (len(self.names) if self.gates else 1))

    def penalty(self, x):
        shares = self.shares(x)
        entropy = sum(-(g * g.log()).sum(1).mean() for g in shares) / len(shares)
        return -self.configuration.get("entropy_bonus", 0.0) * entropy


class OMoE(MMoE):
    gates = 1


def task_labels(labels, tasks):
    """Conversions follow clicks; of some rows nothing is known."""
    columns = []
    for task in range(tasks):
        columns.append([None if row % 4 == task + 2 else label * float((row // 2 + task) % 2)
                        for row, label in enumerate(labels)])
    return columns


def check_esmm():
    """The golden of the specification: a = b = 0, clicked and not converted."""
    half = torch.tensor(0.5)
    assert math.isclose((-half.log() - (1 - half * half).log()).item(), 0.980829, abs_tol=1e-6)


def main(folder):
    check_esmm()
    cases = {
        "shared_bottom-full": (
            SharedBottom, {"bottom": [8, 6], "tower": [5],
                           "tasks": {"label": 1.0, "purchase": 0.5, "like": 2.0}}, 2, True),
        "soft_sharing-full": (SoftSharing, {"hidden": [8, 6], "tie": 0.01}, 2, True),
        "cross_stitch-full": (
            CrossStitch, {"hidden": [8, 6], "tower": [5], "per_channel": False}, 2, True),
        "cross_stitch-plain": (
            CrossStitch, {"hidden": [8, 6], "tower": [], "per_channel": True}, 1, False),
        "esmm-full": (ESMM, {"hidden": [8, 6], "tasks": {"purchase": 0.7}}, 1, True),
        "omoe-plain": (
            OMoE, {"experts": 3, "expert": [6], "tower": [5], "score": {"label": 1.0, "like": 0.5}},
            2, False),
        "mmoe-full": (
            MMoE, {"experts": 3, "expert": [7, 6], "tower": [5], "entropy_bonus": 0.1,
                   "learned_weights": True}, 2, True),
    }
    for seed, (name, (kind, configuration, tasks, full)) in enumerate(cases.items()):
        torch.manual_seed(211 + seed)
        layout = {"categorical": [7, 5], "bags": [7, 4] if full else [],
                  "numericWidth": 2 if full else 0, "tasks": ["purchase", "like"][:tasks]}
        table = None
        if full:
            layout |= {"historyBag": 0, "itemField": 0, "visual": {"width": 6, "history": True}}
            table = single(functional.normalize(torch.randn(9, 6), dim=1))
        model = kind(configuration | {"width": 4}, layout, table)
        batch = rankers.random_batch(layout, 12, 9)
        batch["taskLabels"] = task_labels(batch["labels"], tasks)
        document = rankers.export(name.split("-")[0], model, batch)
        (pathlib.Path(folder) / f"{name}.json").write_text(json.dumps(document) + "\n")
        print(f"{name}: loss {document['loss']:.6f} -> {document['curve'][-1]:.6f}", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1])
