"""Reference for the pointwise rankers: logistic regression, a multilayer perceptron and DeepFM in
float64 PyTorch.

    python tools/reference/rankers.py Tests/RankersTests/Golden

writes one JSON file per model: configuration, input layout, visual table, one batch, every
parameter, the logits, the loss, the gradient of every parameter, ten full-batch Adam losses and,
for the convex model, the lowest loss there is.
All inputs are rounded to float32 first, so that both sides start from the same numbers.
"""

import json
import math
import pathlib
import sys

import torch
from torch.nn import functional

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)

EPSILON = 1e-5


def single(tensor):
    """Rounds to what a Float can hold."""
    return tensor.to(torch.float32).to(torch.float64)


def offsets_of(layout, sharing_history):
    """Where each field starts in a table of all fields; a shared history starts at its item."""
    total, offsets = 0, []
    categorical = len(layout["categorical"])
    for field, size in enumerate(layout["categorical"] + layout["bags"]):
        if sharing_history and "historyBag" in layout and field == categorical + layout["historyBag"]:
            offsets.append(offsets[layout["itemField"]])
            continue
        offsets.append(total)
        total += size
    return offsets, total


def bag_means(table, bag, first_row=0):
    """One mean per bag; an empty bag is a zero row."""
    rows = []
    for start, end in zip(bag["offsets"], bag["offsets"][1:]):
        values = [value + first_row for value in bag["values"][start:end]]
        rows.append(table[values].mean(0) if values else torch.zeros(table.shape[1]))
    return torch.stack(rows)


class Model:
    """What both models share: the layout, the first-order terms and the visual block."""

    def __init__(self, configuration, layout, visual_table):
        self.configuration = configuration
        self.layout = layout
        self.visual_table = visual_table
        self.offsets, self.rows = offsets_of(layout, False)
        self.parameters = {}

    def add(self, name, *shape, scale=0.4, around=0.0):
        value = single(around + scale * torch.randn(*shape))
        self.parameters[name] = value.requires_grad_(True)

    def add_constant(self, name, value):
        self.parameters[name] = single(value)

    def add_first_order(self, dense):
        self.add("firstOrder.table", self.rows, 1)
        if dense:
            self.add("firstOrder.dense", dense)
        self.add("firstOrder.bias", 1)

    def add_visual(self, width, normalized):
        size = self.layout["visual"]["width"]
        self.add_constant("visual.center", 0.2 * torch.randn(size))
        self.add_constant("visual.scale", torch.tensor([1.7]))
        self.add("visual.projection.weight", width, size)
        self.add("visual.projection.bias", width)
        if normalized:
            self.add("visual.norm.weight", width, scale=0.2, around=0.5)
            self.add("visual.norm.bias", width)
        self.add("visual.missing", width)
        if self.layout["visual"]["history"]:
            self.add("visual.noHistory", width)

    def flags(self, batch):
        """[count, 1 or 2]: has an image, has a history with images."""
        columns = [torch.tensor([float(row >= 0) for row in batch["visualRows"]])]
        if self.layout["visual"]["history"]:
            bag = batch["visualHistory"]["offsets"]
            columns.append(torch.tensor([float(b > a) for a, b in zip(bag, bag[1:])]))
        return torch.stack(columns, 1)

    def numeric(self, batch):
        return torch.tensor(batch["numeric"]).reshape(batch["count"], self.layout["numericWidth"])

    def visual_fields(self, batch):
        """The candidate's projected vector and, where asked for, the mean over the history."""
        p = self.parameters
        table = (self.visual_table - p["visual.center"]) * p["visual.scale"]
        projected = table @ p["visual.projection.weight"].T + p["visual.projection.bias"]
        if "visual.norm.weight" in p:
            projected = functional.layer_norm(
                projected, projected.shape[1:], p["visual.norm.weight"], p["visual.norm.bias"],
                EPSILON)
        fields = [torch.stack([
            projected[row] if row >= 0 else p["visual.missing"] for row in batch["visualRows"]])]
        if self.layout["visual"]["history"]:
            bag = batch["visualHistory"]
            fields.append(torch.stack([
                projected[bag["values"][a:b]].mean(0) if b > a else p["visual.noHistory"]
                for a, b in zip(bag["offsets"], bag["offsets"][1:])]))
        return fields

    def first_order(self, batch, dense):
        p = self.parameters
        logits = p["firstOrder.bias"].expand(batch["count"])
        for field, column in enumerate(batch["categorical"]):
            rows = [row + self.offsets[field] for row in column]
            logits = logits + p["firstOrder.table"][rows, 0]
        for field, bag in enumerate(batch["bags"]):
            first = self.offsets[len(batch["categorical"]) + field]
            logits = logits + bag_means(p["firstOrder.table"], bag, first)[:, 0]
        if dense is not None:
            logits = logits + dense @ p["firstOrder.dense"]
        return logits

    def loss(self, batch):
        return functional.binary_cross_entropy_with_logits(
            self.logits(batch), torch.tensor(batch["labels"]))


class LogisticRegression(Model):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.visual = self.layout.get("visual")
        dense = self.layout["numericWidth"]
        if self.visual:
            self.layout["visual"]["history"] = False
        self.add_first_order(dense)
        if self.visual:
            self.add_visual(1, normalized=False)

    def logits(self, batch):
        dense = self.numeric(batch) if self.layout["numericWidth"] else None
        logits = self.first_order(batch, dense)
        if self.visual:
            logits = logits + self.visual_fields(batch)[0][:, 0]
        return logits

    def loss(self, batch):
        p = self.parameters
        weights = [name for name in
                   ("firstOrder.table", "firstOrder.dense", "visual.projection.weight") if name in p]
        penalty = sum(p[name].square().sum() for name in weights)
        return super().loss(batch) + 0.5 * self.configuration["l2"] * penalty


class DenseNetwork(Model):
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
        widths = [vectors * k + self.layout["numericWidth"] + flags]
        widths += self.configuration["hidden"] + [1]
        for layer, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
            self.add(f"network.layers.{layer}.weight", outputs, inputs)
            self.add(f"network.layers.{layer}.bias", outputs)
        if self.configuration["normalization"] == "layer":
            for layer, units in enumerate(self.configuration["hidden"]):
                self.add(f"network.norms.{layer}.weight", units, scale=0.2, around=1)
                self.add(f"network.norms.{layer}.bias", units)

    def logits(self, batch):
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
        hidden = torch.cat(parts, 1)
        layers = len(self.configuration["hidden"]) + 1
        activation = getattr(functional, self.configuration["activation"])
        for layer in range(layers):
            hidden = functional.linear(
                hidden, p[f"network.layers.{layer}.weight"], p[f"network.layers.{layer}.bias"])
            if layer + 1 == layers:
                break
            if f"network.norms.{layer}.weight" in p:
                hidden = functional.layer_norm(
                    hidden, hidden.shape[1:], p[f"network.norms.{layer}.weight"],
                    p[f"network.norms.{layer}.bias"], EPSILON)
            hidden = activation(hidden)
        return hidden.reshape(batch["count"])


class DeepFM(Model):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        k = self.configuration["width"]
        self.visual = self.layout.get("visual")
        flags = 0 if not self.visual else 2 if self.visual["history"] else 1
        fields = (len(self.layout["categorical"]) + len(self.layout["bags"])
                  + self.layout["numericWidth"] + flags)
        self.add_first_order(self.layout["numericWidth"] + flags)
        self.shared, rows = offsets_of(self.layout, True)
        self.add("embeddings.table", rows, k)
        if self.layout["numericWidth"]:
            self.add("embeddings.numeric", self.layout["numericWidth"], k)
        if self.visual:
            self.add_visual(k, normalized=True)
            self.add("firstOrder.visual", flags, k)
        widths = [fields * k + flags] + self.configuration["hidden"] + [1]
        for layer, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
            self.add(f"network.layers.{layer}.weight", outputs, inputs)
            self.add(f"network.layers.{layer}.bias", outputs)

    def logits(self, batch):
        p, count = self.parameters, batch["count"]
        numeric, fields = self.numeric(batch), []
        for field, column in enumerate(batch["categorical"]):
            fields.append(p["embeddings.table"][[row + self.shared[field] for row in column]])
        for field, bag in enumerate(batch["bags"]):
            first = self.shared[len(batch["categorical"]) + field]
            fields.append(bag_means(p["embeddings.table"], bag, first))
        for column in range(self.layout["numericWidth"]):
            fields.append(numeric[:, column:column + 1] * p["embeddings.numeric"][column])
        dense = numeric
        if self.visual:
            visual, flags = self.visual_fields(batch), self.flags(batch)
            fields += visual
            dense = torch.cat([numeric, flags], 1)
        logits = self.first_order(batch, dense if dense.shape[1] else None)
        if self.visual:
            for weights, vectors in zip(p["firstOrder.visual"], visual):
                logits = logits + vectors @ weights
        # Second order by the double loop: the trick under test is in the other implementation.
        for i in range(len(fields)):
            for j in range(i + 1, len(fields)):
                logits = logits + (fields[i] * fields[j]).sum(1)
        hidden = torch.cat(fields + ([flags] if self.visual else []), 1)
        layers = len(self.configuration["hidden"]) + 1
        for layer in range(layers):
            hidden = functional.linear(
                hidden, p[f"network.layers.{layer}.weight"], p[f"network.layers.{layer}.bias"])
            if layer + 1 < layers:
                hidden = hidden.relu()
        return logits + hidden.reshape(count)


def random_bag(count, high, lengths):
    values, offsets = [], [0]
    for row in range(count):
        length = lengths[row % len(lengths)]
        values += torch.randint(0, high, (length,)).tolist()
        offsets.append(len(values))
    return {"values": values, "offsets": offsets}


def random_batch(layout, count, images):
    visual = layout.get("visual")
    history = visual and visual["history"]
    return {
        "count": count,
        "categorical": [torch.randint(0, size, (count,)).tolist() for size in layout["categorical"]],
        "bags": [random_bag(count, size, [2, 0, 3, 1]) for size in layout["bags"]],
        "numeric": single(torch.randn(count * layout["numericWidth"])).tolist(),
        "visualRows": [-1 if not visual or row % 3 == 1 else int(torch.randint(0, images, ()))
                       for row in range(count)],
        "visualHistory": random_bag(count, images if visual else 1, [3, 1, 0, 2] if history else [0]),
        "labels": [float(row % 2) for row in range(count)],
    }


def flat(tensor):
    return tensor.detach().reshape(-1).tolist()


def lowest_loss(model, batch, parameters):
    optimizer = torch.optim.LBFGS(
        parameters, max_iter=2000, tolerance_grad=1e-10, tolerance_change=1e-14,
        line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = model.loss(batch)
        loss.backward()
        return loss

    optimizer.step(closure)
    return closure().item()


def export(kind, model, batch):
    logits = model.logits(batch)
    loss = model.loss(batch)
    trained = {name: value for name, value in model.parameters.items() if value.requires_grad}
    gradients = torch.autograd.grad(loss, list(trained.values()))
    start = {name: {"shape": list(value.shape), "values": flat(value)}
             for name, value in model.parameters.items()}
    optimizer = torch.optim.Adam(trained.values(), lr=0.02, betas=(0.9, 0.999), eps=1e-8)
    curve = []
    for _ in range(10):
        optimizer.zero_grad()
        step = model.loss(batch)
        step.backward()
        optimizer.step()
        curve.append(step.item())
    table = model.visual_table
    optimum = lowest_loss(model, batch, trained.values()) if kind == "logistic" else None
    return {
        "kind": kind, "configuration": model.configuration, "layout": model.layout,
        "table": None if table is None else {"width": table.shape[1], "vectors": flat(table)},
        "batch": batch, "parameters": start, "logits": flat(logits), "loss": loss.item(),
        "gradients": {name: flat(value) for name, value in zip(trained, gradients)},
        "learningRate": 0.02, "curve": curve, "optimum": optimum,
    }


def check_factorization():
    """The golden of the specification: 0.5 * sum((sum vx)^2 - sum (vx)^2) = -1.5."""
    v = torch.tensor([[1.0, 2.0], [3.0, -1.0], [0.5, 0.5]]) * torch.tensor([1.0, 2.0, -1.0])[:, None]
    value = 0.5 * (v.sum(0).square() - v.square().sum(0)).sum()
    assert math.isclose(value.item(), -1.5)


def main(folder):
    check_factorization()
    cases = {
        "logistic-plain": (LogisticRegression, {"l2": 0.01}, [7, 5], [], 0, None),
        "logistic-full": (LogisticRegression, {"l2": 0.03}, [7, 5], [6, 4], 2, 6),
        "deepfm-plain": (DeepFM, {"width": 4, "hidden": [8, 6]}, [7, 5, 4], [], 0, None),
        "deepfm-full": (DeepFM, {"width": 4, "hidden": [8, 6]}, [7, 5], [7, 4], 2, 6),
        "mlp-plain": (
            DenseNetwork,
            {"width": 4, "hidden": [8, 6], "activation": "relu", "normalization": "none"},
            [7, 5, 4], [], 0, None),
        "mlp-full": (
            DenseNetwork,
            {"width": 4, "hidden": [8, 6], "activation": "selu", "normalization": "layer"},
            [7, 5], [7, 4], 2, 6),
    }
    for seed, (name, case) in enumerate(cases.items()):
        kind, configuration, categorical, bags, numeric, visual = case
        torch.manual_seed(11 + seed)
        layout = {"categorical": categorical, "bags": bags, "numericWidth": numeric}
        table = None
        if visual:
            layout |= {"historyBag": 0, "itemField": 0} if bags[0] == categorical[0] else {}
            layout["visual"] = {"width": visual, "history": True}
            table = single(functional.normalize(torch.randn(9, visual), dim=1))
        model = kind(configuration, layout, table)
        batch = random_batch(layout, 8, 9)
        document = export(name.split("-")[0], model, batch)
        (pathlib.Path(folder) / f"{name}.json").write_text(json.dumps(document) + "\n")
        print(f"{name}: loss {document['loss']:.6f} -> {document['curve'][-1]:.6f}", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1])
