"""Classic rankers against their peers: see options.py."""

import importlib.metadata
import json
import os
import signal
import sys
from pathlib import Path

# What measures processes is the same for every comparison.
sys.path.append(str(Path(__file__).resolve().parent.parent / "extraction_benchmark"))

import boosted
import measure
import options
import report
from turn import Turn


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown processor"


def say(text):
    print(f"classic: {text}", file=sys.stderr, flush=True)


def main():
    chosen = options.parse()
    chosen.work.mkdir(parents=True, exist_ok=True)
    turn = Turn(chosen.lock)
    results = {
        "machine": {"processor": processor(), "cores": len(os.sched_getaffinity(0))},
        "xgboost": importlib.metadata.version("xgboost"), "repetitions": chosen.repetitions,
    }
    results["boosted"] = boosted.compare(chosen, turn, say)
    turn.give()
    (chosen.work / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    print(report.render(results), end="")
    say(f"all numbers: {chosen.work / 'results.json'}")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        main()
    except measure.Failed as failure:
        sys.exit(f"classic: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
