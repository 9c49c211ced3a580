"""Images per second of a training step, row by row, by turns."""

import json
import statistics
import sys
from pathlib import Path

import measure
import ours

STEP = Path(__file__).resolve().parent / "step.py"


class PyTorch:
    def __init__(self, layout, threads):
        self.name, self.layout, self.threads = f"pytorch {layout}", layout, threads

    def measure(self, case, options, turn):
        job = {**case, "layout": self.layout, "threads": self.threads, "seconds": options.seconds}
        run = measure.run([sys.executable, str(STEP), json.dumps(job)], turn)
        return run, json.loads(run.output)["images_per_second"]


class Vitrine:
    name = "vitrine"

    def measure(self, case, options, turn):
        return ours.vitrine_rate(
            case["size"], case["batch"], case["arithmetic"], options.work, options.seconds, turn)


def all_rows(options, threads):
    layouts = ["contiguous", "channels_last"] + (["compiled"] if options.compile else [])
    rows = [Vitrine()] + [PyTorch(layout, threads) for layout in layouts]
    words = [word for word in options.rows.split(",") if word]
    return [row for row in rows if not words or any(word in row.name for word in words)]


def compare(case, rows, options, turn):
    """A record for each row: name, rates, foreign, peak_bytes; or name and failure."""
    records = [{"name": row.name, "rates": [], "foreign": 0, "peak_bytes": 0} for row in rows]
    for repetition in range(options.repetitions):
        for row, record in zip(rows, records):
            if "failure" in record:
                continue
            try:
                run, rate = calm(lambda: row.measure(case, options, turn))
            except (measure.Failed, KeyError, ValueError) as failure:
                record["failure"] = str(failure) or type(failure).__name__
                say(f"{row.name}: n/a: {record['failure']}")
                continue
            record["rates"].append(rate)
            record["foreign"] = max(record["foreign"], run.foreign)
            record["peak_bytes"] = max(record["peak_bytes"], run.peak_bytes)
            say(f"{case['size']} px {case['arithmetic']} {row.name}, {repetition + 1} of"
                f" {options.repetitions}: {rate:.1f} images/s, others' CPU {run.foreign:.0%}")
    for record in records:
        if record["rates"]:
            record["rate"] = statistics.median(record["rates"])
    return records


def calm(action):
    """The least disturbed of some attempts at a run and its rate."""
    best = None
    for _ in range(measure.ATTEMPTS):
        result = action()
        if best is None or result[0].foreign < best[0].foreign:
            best = result
        if best[0].foreign <= measure.DISTURBED:
            break
    return best


def say(text):
    print(f"training: {text}", file=sys.stderr, flush=True)
