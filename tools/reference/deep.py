"""Reference for Wide & Deep, YouTube's ranking network and DSSM in float64 PyTorch.

    python tools/reference/deep.py Tests/RankersTests/Golden

writes one JSON file per case in the form of `rankers.py`.
"""

import json
import pathlib
import sys

import torch
from torch.nn import functional

from rankers import Model, bag_means, export, offsets_of, random_batch, single


class Dense(Model):
    """Embeddings, images and numbers side by side, through a network."""

    activation = staticmethod(torch.relu)

    def images(self):
        visual = self.layout.get("visual")
        return 0 if not visual else 2 if visual["history"] else 1

    def add_network(self, name, inputs, outputs):
        widths = [inputs] + self.configuration["hidden"] + outputs
        for layer, (i, o) in enumerate(zip(widths, widths[1:])):
            self.add(f"{name}.layers.{layer}.weight", o, i)
            self.add(f"{name}.layers.{layer}.bias", o)

    def network(self, name, hidden, linear_last=True):
        layers = len(self.configuration["hidden"]) + (1 if linear_last else 0)
        for layer in range(layers):
            hidden = functional.linear(
                hidden, self.parameters[f"{name}.layers.{layer}.weight"],
                self.parameters[f"{name}.layers.{layer}.bias"])
            if layer + 1 < layers or not linear_last:
                hidden = self.activation(hidden)
        return hidden


class WideAndDeep(Dense):
    """The wide part reads field0, bag1 and number0; the network reads everything."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        k, layout = self.configuration["width"], self.layout
        self.bag_start = layout["categorical"][0]
        self.add("wide.table", layout["categorical"][0] + layout["bags"][1], 1)
        self.add("wide.dense", 1)
        self.add("wide.bias", 1)
        self.shared, rows = offsets_of(layout, True)
        self.add("embeddings.table", rows, k)
        self.add_visual(k, normalized=True)
        vectors = len(layout["categorical"]) + len(layout["bags"]) + self.images()
        self.add_network("network", vectors * k + layout["numericWidth"] + self.images(), [1])

    def logits(self, batch):
        p, numbers = self.parameters, self.numeric(batch)
        wide = p["wide.bias"] + p["wide.table"][batch["categorical"][0], 0]
        wide = wide + bag_means(p["wide.table"], batch["bags"][1], self.bag_start)[:, 0]
        wide = wide + numbers[:, 0] * p["wide.dense"][0]
        parts = [p["embeddings.table"][[row + self.shared[field] for row in column]]
                 for field, column in enumerate(batch["categorical"])]
        for field, bag in enumerate(batch["bags"]):
            start = self.shared[len(batch["categorical"]) + field]
            parts.append(bag_means(p["embeddings.table"], bag, start))
        parts += self.visual_fields(batch) + [numbers, self.flags(batch)]
        return wide + self.network("network", torch.cat(parts, 1))[:, 0]


class YouTubeDNN(Dense):
    """An unknown id (0) is the zero vector wherever it stands."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        k, layout = self.configuration["width"], self.layout
        self.shared, rows = offsets_of(layout, True)
        self.add("embeddings.table", rows, k)
        self.add_visual(k, normalized=True)
        vectors = len(layout["categorical"]) + len(layout["bags"]) + 1 + self.images()
        self.add_network("network", vectors * k + layout["numericWidth"] + self.images(), [1])

    def vectors(self, ids, start):
        known = torch.tensor([[float(row != 0)] for row in ids])
        return self.parameters["embeddings.table"][[row + start for row in ids]] * known

    def logits(self, batch):
        width, parts = self.configuration["width"], []
        for field, column in enumerate(batch["categorical"]):
            parts.append(self.vectors(column, self.shared[field]))
        last = None
        for field, bag in enumerate(batch["bags"]):
            start = self.shared[len(batch["categorical"]) + field]
            means = []
            for a, b in zip(bag["offsets"], bag["offsets"][1:]):
                known = self.vectors(bag["values"][a:b], start) if b > a else None
                means.append(torch.zeros(width) if known is None else known.mean(0))
            parts.append(torch.stack(means))
            if field == self.layout["historyBag"]:
                last = torch.stack([
                    self.vectors([bag["values"][b - 1]], start)[0] if b > a else torch.zeros(width)
                    for a, b in zip(bag["offsets"], bag["offsets"][1:])])
        parts += [last] + self.visual_fields(batch) + [self.numeric(batch), self.flags(batch)]
        return self.network("network", torch.cat(parts, 1))[:, 0]


class DSSM(Dense):
    """The item's tower reads field0, bag1 and number1; the user's all else."""

    activation = staticmethod(torch.tanh)

    def __init__(self, *arguments):
        super().__init__(*arguments)
        k, layout = self.configuration["width"], self.layout
        self.add_visual(k, normalized=True)
        (first, second), (history, tags) = layout["categorical"], layout["bags"]
        self.add("user.embeddings.table", second + history, k)
        self.add_network("user.network", 3 * k + 2, [])
        self.add("item.embeddings.table", first + tags, k)
        self.add_network("item.network", 3 * k + 2, [])
        self.history_start, self.tag_start = second, first

    def logits(self, batch):
        p, numbers, flags = self.parameters, self.numeric(batch), self.flags(batch)
        image, images = self.visual_fields(batch)
        user = torch.cat([
            p["user.embeddings.table"][batch["categorical"][1]],
            bag_means(p["user.embeddings.table"], batch["bags"][0], self.history_start),
            images, numbers[:, :1], flags[:, 1:]], 1)
        item = torch.cat([
            p["item.embeddings.table"][batch["categorical"][0]],
            bag_means(p["item.embeddings.table"], batch["bags"][1], self.tag_start),
            image, numbers[:, 1:], flags[:, :1]], 1)
        user = self.network("user.network", user, linear_last=False)
        item = self.network("item.network", item, linear_last=False)
        lengths = ((user.square().sum(1) + 1e-8) * (item.square().sum(1) + 1e-8)).sqrt()
        return self.configuration["gamma"] * (user * item).sum(1) / lengths


def main(folder):
    common = {"width": 4, "hidden": [8, 6]}
    cases = {
        "wide_and_deep-full": (WideAndDeep, common | {"wide": ["field0", "bag1", "number0"]}),
        "youtube_dnn-full": (YouTubeDNN, common),
        "dssm-full": (DSSM, common | {"gamma": 3.0, "item": ["bag1", "number1"]}),
    }
    for seed, (name, (kind, configuration)) in enumerate(cases.items()):
        torch.manual_seed(31 + seed)
        layout = {
            "categorical": [7, 5], "bags": [7, 4], "numericWidth": 2, "historyBag": 0,
            "itemField": 0, "visual": {"width": 6, "history": True}}
        table = single(functional.normalize(torch.randn(9, 6), dim=1))
        model = kind(configuration, layout, table)
        document = export(name.split("-")[0], model, random_batch(layout, 8, 9))
        (pathlib.Path(folder) / f"{name}.json").write_text(json.dumps(document) + "\n")
        print(f"{name}: loss {document['loss']:.6f} -> {document['curve'][-1]:.6f}", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1])
