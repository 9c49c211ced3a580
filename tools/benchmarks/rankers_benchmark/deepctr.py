"""Peers in DeepCTR-Torch, trained by its own `fit`."""

import sys
import types

import numpy
import torch

# The package asks PyPI for its newest version when it is imported, in a thread, by this module.
sys.modules.setdefault("requests", types.ModuleType("requests"))

from deepctr_torch import models  # noqa: E402
from deepctr_torch.inputs import DenseFeat, SparseFeat, VarLenSparseFeat  # noqa: E402,F401


class Model:
    def __init__(self, job, rows):
        self.job, self.layout = job, job["layout"]
        model = job["model"]
        self.columns = [
            SparseFeat(field["name"], field["rows"], embedding_dim=model["width"])
            for field in self.layout["categorical"]]
        common = {"device": "cpu", "seed": 1}
        build = {"deepfm": self.deepfm}[model["kind"]]
        self.model = build(model, common)
        self.model.compile(
            torch.optim.Adam(self.model.parameters(), lr=job["training"]["learning_rate"]),
            "binary_crossentropy")

    def deepfm(self, model, common):
        return models.DeepFM(
            self.columns, self.columns, dnn_hidden_units=model["hidden"], init_std=0.01, **common)

    def inputs(self, rows):
        return {column.name: rows.ids[:, index] for index, column in enumerate(self.columns)}

    def train(self, rows):
        labels = numpy.stack(rows.labels, axis=1)
        self.model.fit(
            self.inputs(rows), labels, batch_size=self.job["training"]["batch_size"], epochs=1,
            verbose=0)

    def scores(self, rows):
        return self.model.predict(self.inputs(rows), batch_size=4096)[:, 0]

    def scorer(self, rows, candidates):
        inputs = torch.from_numpy(rows.ids[:candidates]).float()
        self.model.eval()

        def score():
            with torch.inference_mode():
                return self.model(inputs)

        return score
