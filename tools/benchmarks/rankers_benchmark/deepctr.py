"""Peers in DeepCTR-Torch, trained by its own `fit`."""

import contextlib
import io
import sys
import types

import numpy
import torch

# The package asks PyPI for its newest version when it is imported, in a thread, by this module.
sys.modules.setdefault("requests", types.ModuleType("requests"))

with contextlib.redirect_stdout(io.StringIO()):
    from deepctr_torch import models
    from deepctr_torch.inputs import SparseFeat, VarLenSparseFeat


class Model:
    def __init__(self, job, seed):
        self.job, self.layout = job, job["layout"]
        self.longest = job.get("longest", 50)
        model = job["model"]
        fields = self.layout["categorical"]
        self.columns = [
            SparseFeat(field["name"], field["rows"], embedding_dim=model["width"])
            for field in fields]
        # DIN looks for the history of field X under the name hist_X.
        items = [self.layout["item_field"]] if self.layout["bags"] else []
        items += [attribute["field"] for attribute in self.layout.get("history_attributes", [])]
        self.histories = [fields[field]["name"] for field in items]
        self.columns += [
            VarLenSparseFeat(
                SparseFeat(f"hist_{name}", fields[field]["rows"], embedding_dim=model["width"],
                           embedding_name=name),
                maxlen=self.longest, length_name="length")
            for name, field in zip(self.histories, items)]
        # Nothing is penalised in the others either; its default costs a pass over all tables a step.
        common = {"device": "cpu", "seed": seed, "init_std": model["embedding_scale"],
                  "l2_reg_embedding": 0}
        if model["kind"] != "din":
            common["l2_reg_linear"] = 0
        self.model = getattr(self, model["kind"])(model, common)
        if "training" in job:
            tasks = len(self.layout.get("tasks", [])) + 1
            rate = job["training"]["learning_rate"]
            self.model.compile(
                torch.optim.Adam(self.model.parameters(), lr=rate),
                "binary_crossentropy" if tasks == 1 else ["binary_crossentropy"] * tasks)
        self.kept = {}

    def deepfm(self, model, common):
        return models.DeepFM(
            self.columns, self.columns, dnn_hidden_units=model["hidden"], **common)

    def wide_and_deep(self, model, common):
        return models.WDL(
            self.columns, self.columns, dnn_hidden_units=model["hidden"], **common)

    def mmoe(self, model, common):
        from deepctr_torch.models.multitask import MMOE
        names = ["label"] + self.layout["tasks"]
        return MMOE(
            self.columns, num_experts=model["experts"], expert_dnn_hidden_units=model["expert"],
            gate_dnn_hidden_units=(), tower_dnn_hidden_units=model["tower"],
            task_types=["binary"] * len(names), task_names=names, **common)

    def din(self, model, common):
        # ReLU instead of Dice: with dnn_activation="dice" the package stops in an assertion.
        return models.DIN(
            self.columns, self.histories, dnn_hidden_units=model["hidden"], dnn_activation="relu",
            att_hidden_size=model["attention_hidden"], att_activation="sigmoid",
            **common)

    def prepare(self, rows):
        """What can be done before the clock runs."""
        self.inputs(rows)

    def inputs(self, rows):
        """Arrays by name; lists end in zeros, as the package wants them."""
        if id(rows) not in self.kept:
            names = [field["name"] for field in self.layout["categorical"]]
            found = {name: rows.ids[:, index] for index, name in enumerate(names)}
            bags, lengths, _ = rows.padded(self.longest)
            for name, bag in zip(self.histories, bags):
                found[f"hist_{name}"] = bag
            if lengths is not None:
                found["length"] = lengths
            self.kept[id(rows)] = found
        return dict(self.kept[id(rows)])

    def train(self, rows):
        labels = numpy.stack(rows.labels, axis=1)
        with contextlib.redirect_stdout(io.StringIO()):
            self.model.fit(
                self.inputs(rows), labels, batch_size=self.job["training"]["batch_size"], epochs=1,
                verbose=0)

    def scores(self, rows):
        return self.model.predict(self.inputs(rows), batch_size=4096).T

    def request(self, rows):
        """The network, and what it reads for one request: the history beside every candidate."""
        arrays = [self.inputs(rows)[name] for name in self.model.feature_index]
        columns = [array if array.ndim == 2 else array[:, None] for array in arrays]
        inputs = torch.from_numpy(numpy.concatenate(columns, axis=1)).float()
        return self.model.eval(), (inputs,)
