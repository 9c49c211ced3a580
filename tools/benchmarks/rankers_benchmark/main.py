"""Rankers against their peers: see options.py."""

import importlib.metadata
import json
import os
import signal
import statistics
import sys
from pathlib import Path

# What measures processes is the same for every comparison.
HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "extraction_benchmark"))

import kinds
import measure
import options
import report
from turn import Turn

CORES = sorted(os.sched_getaffinity(0))
OURS = "vitrine"


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown processor"


def say(text):
    print(f"rankers: {text}", file=sys.stderr, flush=True)


class Comparison:
    """One kind of ranker and its peers, on one world."""

    def __init__(self, kind, chosen, turn, ids):
        self.kind, self.chosen, self.turn = kind, chosen, turn
        self.world = kinds.world(kind)
        self.rows = chosen.rows or kinds.ROWS[self.world]
        self.folder = chosen.work.resolve() / f"{self.world}-{self.rows}-{ids}-{chosen.candidates}"
        turn.give()
        measure.run([
            sys.executable, str(HERE / "world.py"), str(self.folder), self.world, str(self.rows),
            str(ids), str(chosen.candidates)])
        layout = json.loads((self.folder / "layout.json").read_text())
        if kind not in kinds.MULTI_TASK:
            layout.pop("tasks", None)
        self.job = {"model": {"kind": kind, **kinds.MODELS[kind]}, "layout": layout}

    def part(self, name, rows):
        return {"folder": str(self.folder / name), "rows": rows}

    def run(self, name, manner, job, prefix=()):
        """What a process found out, and how much of the machine others took meanwhile."""
        file = self.chosen.work.resolve() / f"{self.kind}-{name}.json"
        file.write_text(json.dumps({**self.job, **job}))
        ours = [os.environ["VITRINE_RANKERS"], str(file)]
        peer = [sys.executable, str(HERE / "peer.py"), str(file), str(manner)]
        run = measure.run([*prefix, *(peer if manner else ours)], self.turn)
        return {**json.loads(run.output.splitlines()[-1]), "foreign": run.foreign}

    def training(self, manner, batch, seeds, epochs):
        return self.run(f"training-{batch}", manner, {
            "threads": len(CORES), "seeds": list(range(1, seeds + 1)),
            "training": {
                "epochs": epochs, "patience": epochs, "batch_size": batch, "optimizer": "adam",
                "learning_rate": 0.001, "monitor": "auc"},
            "train": self.part("train", self.rows), "test": self.part("test", self.rows // 4)})

    def scoring(self, manner):
        """Pinned to one core, whatever threads a library may start."""
        return self.run("scoring", manner, {
            "threads": 1, "scoring": {
                "request": self.part("request", self.chosen.candidates),
                "forms": [form for form in kinds.FORMS
                          if form != "torch.compile" or self.kind not in kinds.UNCOMPILED],
                "repetitions": self.chosen.repetitions}}, ["taskset", "-c", str(CORES[-1])])

    def systems(self):
        return {None: OURS, **kinds.peers(self.kind)}


def compare(kind, chosen, turn):
    comparison = Comparison(kind, chosen, turn, chosen.ids)
    records = {manner: {"name": name, "training": {}}
               for manner, name in comparison.systems().items()}
    for batch in chosen.batches:
        for manner, record in records.items():
            found = comparison.training(manner, batch, chosen.seeds, chosen.epochs)
            record["training"][batch] = found
            say(f"{kind}, batch {batch}, {record['name']}: {report.speed(found):.0f} rows/s,"
                f" AUC {statistics.mean(report.aucs(found, 0)):.4f},"
                f" others' CPU {found['foreign']:.0%}")
    for manner, record in records.items():
        # The gradient of a table makes no difference to scoring.
        record["scoring"] = (
            records["sparse"]["scoring"] if manner == "dense" else comparison.scoring(manner))
        form, times = report.best_form(record["scoring"])
        say(f"{kind}, one request, {record['name']} ({form}): {statistics.median(times):.2f} ms")
    tasks = ["label"] + comparison.job["layout"].get("tasks", [])
    return {"kind": kind, "rows": comparison.rows, "tasks": tasks, "systems": list(records.values())}


def weigh(chosen, turn):
    """Memory and speed of a DeepFM by the size of its table."""
    systems = {}
    for total in (26_000, chosen.table):
        comparison = Comparison("deepfm", chosen, turn, total // 26)
        for manner, name in comparison.systems().items():
            found = comparison.training(manner, 4096, seeds=1, epochs=chosen.epochs)
            systems.setdefault(name, {})[total // 26 * 26] = found
            say(f"{total} rows of embeddings, {name}: {found['peak_bytes'] / 1e6:.0f} MB,"
                f" {report.speed(found):.0f} rows/s, others' CPU {found['foreign']:.0%}")
    return {"rows": comparison.rows, "systems": systems}


def main():
    chosen = options.parse()
    chosen.work.mkdir(parents=True, exist_ok=True)
    # What torch.compile makes stays with the rest, and serves the next run.
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = str(chosen.work.resolve() / "compiled")
    turn = Turn(chosen.lock)
    results = {
        "machine": {"processor": processor(), "cores": len(CORES)},
        "torch": importlib.metadata.version("torch"),
        "deepctr": importlib.metadata.version("deepctr-torch"),
        "seeds": chosen.seeds, "epochs": chosen.epochs, "candidates": chosen.candidates,
        "ids": chosen.ids, "cases": []}

    def keep():
        """An interrupted comparison has not run for nothing."""
        name = "results.json" if chosen.table is None else "table.json"
        (chosen.work / name).write_text(json.dumps(results, indent=1) + "\n")

    if chosen.table is not None:
        results["table"] = weigh(chosen, turn)
        keep()
    else:
        for kind in chosen.kinds:
            results["cases"].append(compare(kind, chosen, turn))
            keep()
    turn.give()
    print(report.render(results), end="")
    say(f"all numbers in {chosen.work}")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        main()
    except measure.Failed as failure:
        sys.exit(f"rankers: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
