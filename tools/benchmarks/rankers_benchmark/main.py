"""Rankers against their peers: see options.py."""

import importlib.metadata
import json
import os
import signal
import sys
from pathlib import Path

# What measures processes is the same for every comparison.
HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "extraction_benchmark"))

import measure
import options
import report
from turn import Turn

# The same sizes for ours and the peers; what is not named here has no counterpart.
MODELS = {
    "deepfm": {"width": 16, "hidden": [400, 400, 400]},
    "wide_and_deep": {"width": 16, "hidden": [400, 400, 400]},
    "mmoe": {"width": 16, "experts": 6, "expert": [128, 64], "tower": [64]},
    "din": {"width": 16, "attention_hidden": [80, 40], "hidden": [80, 40]},
    "sli_rec": {"width": 16, "attention_hidden": [80, 40], "fusion_hidden": [80, 40],
                "hidden": [200, 80]},
}
WORLDS = {"din": "history", "sli_rec": "history"}
WITHOUT_DEEPCTR = {"sli_rec"}


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown processor"


def say(text):
    print(f"rankers: {text}", file=sys.stderr, flush=True)


def job(kind, batch, chosen, ids, rows, scoring=True):
    """What one process is asked to measure."""
    world = WORLDS.get(kind, "fields")
    folder = chosen.work.resolve() / f"{world}-{rows}-{ids}"
    measure.run([sys.executable, str(HERE / "world.py"), str(folder), world, str(rows), str(ids)])
    layout = json.loads((folder / "layout.json").read_text())
    if kind != "mmoe":
        layout.pop("tasks", None)
    made = {
        "model": {"kind": kind, **MODELS[kind]}, "layout": layout,
        "threads": len(os.sched_getaffinity(0)),
        "training": {"epochs": chosen.epochs, "patience": chosen.epochs, "batch_size": batch,
                     "optimizer": "adam", "learning_rate": 0.001, "monitor": "auc"},
        "train": {"folder": str(folder / "train"), "rows": rows},
        "test": {"folder": str(folder / "test"), "rows": rows // 4}}
    if scoring:
        made["scoring"] = {"candidates": 200, "repetitions": 500}
    file = chosen.work.resolve() / f"{kind}-{batch}.json"
    file.write_text(json.dumps(made))
    return file


def rows_of(kind):
    """Name and command of each row of a table."""
    yield "vitrine", lambda file: [os.environ["VITRINE_RANKERS"], str(file)]
    manners = ["sparse", "dense"] + ([] if kind in WITHOUT_DEEPCTR else ["deepctr"])
    names = {"sparse": "PyTorch, sparse table", "dense": "PyTorch, dense table",
             "deepctr": "DeepCTR-Torch"}
    for manner in manners:
        yield names[manner], lambda file, manner=manner: [
            sys.executable, str(HERE / "peer.py"), str(file), manner]


def compare(kind, batch, chosen, turn, ids, rows, scoring=True):
    file, records = job(kind, batch, chosen, ids, rows, scoring), []
    for name, command in rows_of(kind):
        run = measure.run(command(file), turn)
        found = json.loads(run.output.splitlines()[-1])
        records.append({**found, "name": name, "foreign": run.foreign, "peak_bytes": run.peak_bytes})
        say(f"{kind}, batch {batch}, {name}: {max(found['rows_per_second']):.0f} rows/s,"
            f" AUC {found['auc'][-1]:.4f}, others' CPU {run.foreign:.0%}")
    return {"kind": kind, "batch": batch, "rows": records}


def main():
    chosen = options.parse()
    chosen.work.mkdir(parents=True, exist_ok=True)
    turn = Turn(chosen.lock)
    results = {
        "machine": {"processor": processor(), "cores": len(os.sched_getaffinity(0))},
        "torch": importlib.metadata.version("torch"),
        "deepctr": importlib.metadata.version("deepctr-torch"),
        "training_rows": chosen.rows, "ids": chosen.ids, "cases": []}

    def keep(case):
        """An interrupted comparison has not run for nothing."""
        results["cases"].append(case)
        (chosen.work / "results.json").write_text(json.dumps(results, indent=1) + "\n")

    if chosen.table is not None:
        results["table"] = chosen.table
        ids = chosen.table // 26
        keep(compare("deepfm", 4096, chosen, turn, ids, chosen.rows, scoring=False))
    else:
        for kind in chosen.kinds:
            for batch in chosen.batches:
                keep(compare(kind, batch, chosen, turn, chosen.ids, chosen.rows))
    turn.give()
    print(report.render(results), end="")
    say(f"all numbers: {chosen.work / 'results.json'}")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        main()
    except measure.Failed as failure:
        sys.exit(f"rankers: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
