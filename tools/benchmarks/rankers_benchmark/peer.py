"""One measurement of one peer, in a process of its own: the job is a file, as for ours.

    python peer.py JOB.json deepctr|sparse|dense
"""

import json
import resource
import sys
import time
from pathlib import Path

import numpy
import torch
from sklearn.metrics import roc_auc_score

import networks
from rows import Rows


def main():
    job, manner = json.loads(Path(sys.argv[1]).read_text()), sys.argv[2]
    torch.set_num_threads(job["threads"])
    torch.manual_seed(1)
    train, test = (Rows(job[part], job["layout"]) for part in ("train", "test"))
    if manner == "deepctr":
        import deepctr
        model = deepctr.Model(job, train)
    else:
        model = networks.Model(job, sparse=manner == "sparse")
    result = {"rows_per_second": [], "auc": [], "milliseconds": []}
    for _ in range(job["training"]["epochs"]):
        start = time.perf_counter()
        model.train(train)
        result["rows_per_second"].append(train.count / (time.perf_counter() - start))
        result["auc"].append(roc_auc_score(test.label, model.scores(test)))
    if scoring := job.get("scoring"):
        torch.set_num_threads(1)
        score = model.scorer(test, scoring["candidates"])
        for round in range(-(scoring["repetitions"] // 10), scoring["repetitions"]):
            start = time.perf_counter()
            score()
            if round >= 0:
                result["milliseconds"].append((time.perf_counter() - start) * 1000)
    result["peak_bytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps(result))


if __name__ == "__main__":
    main()
