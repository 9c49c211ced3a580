"""Seq2Slate by the command, from the same lists of clicks."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent


def vitrine(*arguments, **options):
    command = [os.environ["VITRINE"], *map(str, arguments)]
    done = subprocess.run(command, **options)
    if done.returncode != 0:
        sys.exit(f"seq2slate: this failed with {done.returncode}: {' '.join(command)}")


def train(configuration, folder, name, seed=1):
    """A bundle by a configuration of this folder; kept from an earlier run."""
    bundle = folder / name
    if not bundle.exists():
        text = (HERE / f"{configuration}.yaml").read_text()
        path = folder / f"{name}.yaml"
        path.write_text(text + "\ndata: {lists: train.jsonl, validation: validation.jsonl}\n")
        vitrine("train", path, "--output", bundle, "--seed", seed, stderr=open(
            folder / f"{name}.log", "w"))
    return bundle


def scores(bundle, folder, part, lists, *options):
    """Scores of the documents of a part that sort as the slates do."""
    requests = folder / f"{part}-lists.jsonl"
    if not requests.exists():
        with open(requests, "w") as file:
            seen = set()
            for line in open(folder / f"{part}.jsonl"):
                request = json.loads(line)
                query = request.get("user", request["id"])
                if query not in seen:
                    seen.add(query)
                    file.write(line)
    slates = folder / f"{part}-slates.jsonl"
    with open(slates, "w") as file:
        vitrine("rerank", "--model", bundle, "--top", 100_000, *options, requests, stdout=file,
                stderr=subprocess.DEVNULL)
    values = np.zeros(len(lists.features))
    for start, line in zip(lists.bounds, open(slates)):
        for rank, item in enumerate(json.loads(line)["items"]):
            values[start + item["index"]] = -rank
    return values
