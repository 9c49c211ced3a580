"""Reference for the Deep Interest Network in float64 PyTorch.

    python tools/reference/din.py Tests/RankersTests/Golden

writes one JSON file per case in the form of `rankers.py`. Every pair of a row and an event goes through
the unit as it stands in the paper's appendix, one by one.
"""

import json
import math
import pathlib
import sys

import torch
from torch.nn import functional

from rankers import EPSILON, Model, bag_means, export, random_bag, random_batch, single


class DIN(Model):
    """Candidate and events: field0 (bag0), field1 (bag1), and the image. Context: all else."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        k, sizes = self.configuration["width"], self.layout["categorical"]
        self.starts = [sum(sizes[:field]) for field in range(len(sizes) + 1)]
        self.add("fields.table", sum(sizes) + self.layout["bags"][2], k)
        visual = self.layout.get("visual")
        if visual:
            self.add_visual(k, normalized=True)
            del self.parameters["visual.noHistory"]
            for name in [name for name in self.parameters if name.startswith("visual.")]:
                self.parameters["fields." + name] = self.parameters.pop(name)
        events = k * (3 if visual else 2)
        self.add_layers("attention", 4 * events, self.configuration["attention_hidden"])
        self.curve("attention", self.configuration["attention_hidden"], "attention_activation")
        inputs = 2 * events + 2 * k + self.layout["numericWidth"] + (1 if visual else 0)
        if self.configuration["normalization"] == "layer":
            self.add("norm.weight", inputs, scale=0.2, around=1)
            self.add("norm.bias", inputs)
        self.add_layers("network", inputs, self.configuration["hidden"])
        self.curve("network", self.configuration["hidden"], "activation")
        if self.configuration["item_bias"]:
            self.add("itemBias", sizes[0], 1)

    def add_layers(self, name, inputs, hidden):
        widths = [inputs] + hidden + [1]
        for layer, (i, o) in enumerate(zip(widths, widths[1:])):
            self.add(f"{name}.layers.{layer}.weight", o, i)
            self.add(f"{name}.layers.{layer}.bias", o)

    def curve(self, name, hidden, key):
        if self.configuration[key] == "prelu":
            for layer, units in enumerate(hidden):
                self.add(f"{name}.activations.{layer}.slope", units, scale=0.1, around=0.25)

    def layers(self, name, x, activation):
        p, layer = self.parameters, 0
        while f"{name}.layers.{layer}.weight" in p:
            if layer:
                slope = p.get(f"{name}.activations.{layer - 1}.slope")
                x = (torch.where(x > 0, x, slope * x) if activation == "prelu"
                     else getattr(torch, activation)(x))
            x = functional.linear(
                x, p[f"{name}.layers.{layer}.weight"], p[f"{name}.layers.{layer}.bias"])
            layer += 1
        return x

    def images(self):
        """[images + 1, width]: what stands for no image comes last, where -1 finds it."""
        own = "fields.visual."
        p = {name.removeprefix(own): value for name, value in self.parameters.items()
             if name.startswith(own)}
        raw = (self.visual_table - p["center"]) * p["scale"]
        projected = functional.linear(raw, p["projection.weight"], p["projection.bias"])
        projected = functional.layer_norm(
            projected, projected.shape[1:], p["norm.weight"], p["norm.bias"], EPSILON)
        return torch.cat([projected, p["missing"][None]])

    def vectors(self, items, others, images):
        table = self.parameters["fields.table"]
        parts = [table[items], table[[row + self.starts[1] for row in others]]]
        if self.layout.get("visual"):
            parts.append(self.images()[images])
        return torch.cat(parts, 1)

    def logits(self, batch):
        p, (history, others, tags) = self.parameters, batch["bags"]
        first, second, third = batch["categorical"]
        targets = self.vectors(first, second, batch["visualRows"])
        visual = self.layout.get("visual")
        pooled = []
        for row, (a, b) in enumerate(zip(history["offsets"], history["offsets"][1:])):
            if a == b:
                pooled.append(torch.zeros(targets.shape[1]))
                continue
            k = self.vectors(
                history["values"][a:b], others["values"][a:b],
                batch["visualHistory"]["values"][a:b] if visual else None)
            q = targets[row].expand_as(k)
            weights = self.layers(
                "attention", torch.cat([q, k, q - k, q * k], 1),
                self.configuration["attention_activation"])[:, 0]
            if self.configuration["normalize"] == "softmax":
                weights = torch.softmax(weights / math.sqrt(k.shape[1]), 0)
            pooled.append((weights[:, None] * k).sum(0))
        parts = [
            torch.stack(pooled), targets,
            p["fields.table"][[row + self.starts[2] for row in third]],
            bag_means(p["fields.table"], tags, self.starts[3]), self.numeric(batch)]
        if visual:
            parts.append(torch.tensor([[float(row >= 0)] for row in batch["visualRows"]]))
        x = torch.cat(parts, 1)
        if "norm.weight" in p:
            x = functional.layer_norm(x, x.shape[1:], p["norm.weight"], p["norm.bias"], EPSILON)
        logits = self.layers("network", x, self.configuration["activation"])[:, 0]
        return logits + p["itemBias"][first, 0] if "itemBias" in p else logits


def aligned(history, high, low=0):
    """A list beside each list of the history."""
    values = torch.randint(low, high, (len(history["values"]),)).tolist()
    return {"values": values, "offsets": history["offsets"]}


def batch_of(layout, count):
    batch = random_batch(layout, count, 9)
    # Rows 3 and 4 are two candidates of one request: they share the longest list.
    history = random_bag(count, layout["bags"][0], [2, 0, 3, 6, 1])
    a, b = history["offsets"][3], history["offsets"][4]
    lists = [history["values"][x:y] for x, y in zip(history["offsets"], history["offsets"][1:])]
    lists[4] = history["values"][a:b]
    history = {"values": sum(lists, []), "offsets": [0]}
    for values in lists:
        history["offsets"].append(history["offsets"][-1] + len(values))
    others, images = aligned(history, layout["bags"][1]), aligned(history, 9, -1)
    a, b, c = history["offsets"][3:6]
    for bag in (others, images):
        bag["values"][b:c] = bag["values"][a:b]
    batch["bags"][:2] = [history, others]
    if layout.get("visual"):
        batch["visualHistory"] = images
    return batch


def main(folder):
    common = {"width": 4, "attention_hidden": [7, 5], "hidden": [8, 6]}
    cases = {
        "din-plain": common | {
            "normalize": "none", "attention_activation": "sigmoid", "activation": "prelu",
            "normalization": "none", "item_bias": False},
        "din-full": common | {
            "normalize": "softmax", "attention_activation": "prelu", "activation": "sigmoid",
            "normalization": "layer", "item_bias": True},
    }
    for seed, (name, configuration) in enumerate(cases.items()):
        torch.manual_seed(51 + seed)
        layout = {
            "categorical": [7, 5, 3], "bags": [7, 5, 4], "numericWidth": 2, "historyBag": 0,
            "itemField": 0, "historyAttributes": [{"bag": 1, "field": 1}]}
        if name == "din-full":
            layout["visual"] = {"width": 6, "history": True}
        table = single(functional.normalize(torch.randn(9, 6), dim=1)) if "visual" in layout else None
        model = DIN(configuration, layout, table)
        document = export("din", model, batch_of(layout, 8))
        (pathlib.Path(folder) / f"{name}.json").write_text(json.dumps(document) + "\n")
        print(f"{name}: loss {document['loss']:.6f} -> {document['curve'][-1]:.6f}", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1])
