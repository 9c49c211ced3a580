"""One measurement of one peer, in a process of its own: the job is a file, as for ours.

    python peer.py JOB.json deepctr|sparse|dense
"""

import json
import sys
import time
from pathlib import Path

import torch
from sklearn.metrics import roc_auc_score

import forms
import networks
from rows import Rows

# Of the time one form may take: the others are wanted too.
SECONDS = 10


def main():
    job, manner = json.loads(Path(sys.argv[1]).read_text()), sys.argv[2]
    torch.set_num_threads(job["threads"])
    result = {}
    if "training" in job:
        train, test = (Rows(job[part], job["layout"]) for part in ("train", "test"))
        for seed in job["seeds"]:
            found = trained(made(job, manner, seed), job, train, test)
            result.setdefault("trainings", []).append(found)
            result.setdefault("peak_bytes", peak_bytes())
    if scoring := job.get("scoring"):
        rows = Rows(scoring["request"], job["layout"])
        network, inputs = made(job, manner, seed=1).request(rows)
        result["milliseconds"], result["failed"] = forms.times(
            network, inputs, scoring["forms"], scoring["repetitions"], SECONDS)
    print(json.dumps(result))


def made(job, manner, seed):
    torch.manual_seed(seed)
    if manner == "deepctr":
        import deepctr
        return deepctr.Model(job, seed)
    return networks.Model(job, sparse=manner == "sparse")


def trained(model, job, train, test):
    found = {"rows_per_second": [], "auc": []}
    model.prepare(train), model.prepare(test)
    for _ in range(job["training"]["epochs"]):
        start = time.perf_counter()
        model.train(train)
        found["rows_per_second"].append(train.count / (time.perf_counter() - start))
        found["auc"].append(
            [roc_auc_score(labels, scores) for labels, scores in zip(test.labels, model.scores(test))])
    return found


def peak_bytes():
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


if __name__ == "__main__":
    main()
