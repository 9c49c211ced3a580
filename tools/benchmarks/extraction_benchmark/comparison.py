"""Runs all rows on one network: prepared first, then timed by turns, then judged."""

import statistics
import sys
import time

import numpy as np

import fidelity
import measure


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def compare(job, images, rows, repetitions, turn, keep):
    """One record per row, failed ones with their reason; `keep` gets them after each repetition."""
    records = {row.name: {"name": row.name, "precision": row.precision} for row in rows}
    alive = []

    def attempt(row, what, action):
        try:
            return action()
        except (measure.Failed, OSError, ValueError, KeyError) as failure:
            reason = str(failure) or type(failure).__name__
            say(f"  {row.name}: n/a: {reason}")
            records[row.name]["failure"] = f"{what}: {reason}"
            return None

    for row in rows:
        say(f"  {row.name}: prepare")
        attempt(row, "prepare", lambda: row.prepare(job, turn) or alive.append(row))
        records[row.name]["variant"] = row.variant
        records[row.name]["tried"] = getattr(row, "tried", [])
    reference = np.load(job["reference"])
    for repetition in range(repetitions):
        for row in list(alive):
            result = attempt(row, "run", lambda: measure.calm(lambda: row.run(job, turn)))
            if result is None:
                alive.remove(row)
                continue
            record = records[row.name]
            record.setdefault("runs", []).append(vars(result))
            say(f"  {row.name}: {len(images.timed) / result.seconds:.1f} images/s"
                f" ({repetition + 1} of {repetitions};"
                f" others took {result.foreign:.0%} of the cores)")
            if repetition == 0:
                record["fidelity"] = attempt(row, "features", lambda: fidelity.compare(
                    row.features(job)[images.judged], reference[images.judged]))
        for record in records.values():
            summarise(record, len(images.timed))
        keep(list(records.values()))
    turn.give()


def summarise(record, count):
    runs = record.get("runs")
    if not runs:
        return
    rates = [count / run["seconds"] for run in runs]
    middle = min(runs, key=lambda run: abs(count / run["seconds"] - statistics.median(rates)))
    record["rate"] = statistics.median(rates)
    record["rates"] = rates
    record["wall"] = statistics.median(run["wall"] for run in runs)
    record["peak_bytes"] = max(run["peak_bytes"] for run in runs)
    record["foreign"] = max(run["foreign"] for run in runs)
    record["stages"] = middle["stages"]
