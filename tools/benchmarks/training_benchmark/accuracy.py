"""Minutes until a recipe of `vitrine encoder train` reaches what a plain net of PyTorch reaches."""

import json
import sys
from pathlib import Path

import measure
import ours
from steps import say

BASELINE = Path(__file__).resolve().parent / "baseline.py"
LIMIT = 6 * 3600  # seconds a training may take


def pytorch(options, threads, arithmetic, turn):
    job = {"clothing": str(options.clothing.resolve()), "epochs": options.epochs,
           "threads": threads, "arithmetic": arithmetic}
    run = measure.run([sys.executable, str(BASELINE), json.dumps(job)], turn, LIMIT)
    return record(f"pytorch, plain, {arithmetic}", json.loads(run.output), run)


def vitrine(options, turn):
    run, said = ours.vitrine_training(options.accuracy, options.work, turn, LIMIT)
    return record("vitrine", said, run)


def record(name, said, run):
    """Both sides say parameters, epochs as [seconds, validation top-1], top1 and neighbours."""
    return {
        "name": name, "parameters": said["parameters"], "epochs": said["epochs"],
        "accuracy": said["top1"], "neighbours": said["neighbours"], "seconds": run.seconds,
        "foreign": run.foreign,
    }


def compare(options, threads, turn):
    """A record for each side. What counts as reached is PyTorch's last validation top-1, so that no
    choice is made on the test photos."""
    runs = [pytorch(options, threads, arithmetic, turn) for arithmetic in options.arithmetics]
    fastest = min(runs, key=lambda run: run["seconds"])
    goal = fastest["epochs"][-1][1]
    say(f"the goal is {fastest['name']}'s validation top-1, {goal:.1%}")
    turn.give()
    runs.append(vitrine(options, turn))
    for run in runs:
        run["reached"] = next((s for s, accuracy in run["epochs"] if accuracy >= goal), None)
    return runs
