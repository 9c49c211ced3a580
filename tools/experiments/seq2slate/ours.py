"""Our slate models by the command, from the same lists of clicks."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from judging import ndcg

HERE = Path(__file__).resolve().parent
DROPOUTS = (0.0, 0.4)


def vitrine(*arguments):
    """What the command printed; its messages only where it fails."""
    command = [os.environ["VITRINE"], *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{done.stderr}seq2slate: this failed with {done.returncode}: {' '.join(command)}")
    return done.stdout


def train(configuration, dropout, folder, seed):
    """A bundle by a configuration of this folder; kept from an earlier run."""
    bundle = folder / f"{configuration}-{dropout:g}-{seed}"
    if not bundle.exists():
        text = (HERE / f"{configuration}.yaml").read_text().replace("DROPOUT", str(dropout))
        path = bundle.with_suffix(f"{bundle.suffix}.yaml")
        path.write_text(text + "\ndata: {lists: train.jsonl, validation: validation.jsonl}\n")
        vitrine("train", path, "--output", bundle, "--seed", seed)
    return bundle


def chosen(configuration, folder, validation, seeds):
    """Bundles of each seed with the dropout that ranks the validation's clicks best on average."""

    def trained(job):
        bundle = train(configuration, job[0], folder, job[1])
        return bundle, ndcg(scores(bundle, folder, "validation", validation), validation)

    jobs = [(dropout, seed) for dropout in DROPOUTS for seed in range(1, seeds + 1)]
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        done = list(threads.map(trained, jobs))
    groups = [done[start:start + seeds] for start in range(0, len(done), seeds)]
    best = max(groups, key=lambda group: np.mean([value for _, value in group]))
    return [bundle for bundle, _ in best]


def scores(bundle, folder, part, lists, *options):
    """Scores of the documents of a part that sort as the slates do."""
    slates = vitrine(
        "rerank", "--model", bundle, "--top", 100_000, *options, folder / f"{part}-lists.jsonl")
    values = np.zeros(len(lists.features))
    for start, line in zip(lists.bounds, slates.splitlines()):
        for rank, item in enumerate(json.loads(line)["items"]):
            values[start + item["index"]] = -rank
    return values


def one_session(clicks, output):
    """The first session of each query; nothing but that session's clicks tells them apart."""
    lines, seen = [], set()
    for line in open(clicks):
        request = json.loads(line)
        query = request.get("user", request["id"])
        if query not in seen:
            seen.add(query)
            lines.append(line)
    output.write_text("".join(lines))
