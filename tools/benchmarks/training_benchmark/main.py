"""Training against PyTorch on the processor: see options.py."""

import importlib.metadata
import json
import os
import signal
import sys
from pathlib import Path

# What measures processes is the same for every comparison.
sys.path.append(str(Path(__file__).resolve().parent.parent / "extraction_benchmark"))

import accuracy
import measure
import options
import report
import steps
from turn import Turn


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown processor"


def main():
    chosen = options.parse()
    chosen.work.mkdir(parents=True, exist_ok=True)
    turn = Turn(chosen.lock)
    threads = len(os.sched_getaffinity(0))
    results = {
        "machine": {"processor": processor(), "cores": threads},
        "torch": importlib.metadata.version("torch"), "repetitions": chosen.repetitions,
    }

    def keep():
        """An interrupted comparison has not run for nothing."""
        (chosen.work / "results.json").write_text(json.dumps(results, indent=1) + "\n")

    if chosen.accuracy is not None:
        results["accuracy"] = accuracy.compare(chosen, threads, turn)
        keep()
    else:
        results["steps"] = []
        for size in chosen.sizes:
            for arithmetic in chosen.arithmetics:
                case = {"size": size, "batch": chosen.batch, "arithmetic": arithmetic}
                records = steps.compare(case, steps.all_rows(chosen, threads), chosen, turn)
                results["steps"].append({**case, "rows": records})
                keep()
    turn.give()
    print(report.render(results), end="")
    steps.say(f"all numbers: {chosen.work / 'results.json'}")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        main()
    except measure.Failed as failure:
        sys.exit(f"training: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
