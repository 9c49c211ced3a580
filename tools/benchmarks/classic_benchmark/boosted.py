"""Trees through vitrine and by the Python package: seconds, and whether they are the same trees."""

import json
import os
import shutil
import statistics
import sys
from pathlib import Path

import measure

HERE = Path(__file__).resolve().parent


class Vitrine:
    name = "vitrine"

    def command(self, case, rounds, work):
        recipe, output = work / "recipe.yaml", work / "vitrine-model"
        shutil.rmtree(output, ignore_errors=True)
        columns = ", ".join(
            f"{{name: f{i}, transform: none}}" for i in range(case["columns"]))
        recipe.write_text(f"""\
model:
  kind: xgboost
  rounds: {rounds}
  early_stopping: 0
  eta: {case["eta"]}
  max_depth: {case["depth"]}
schema:
  label: label
  request: none
  user: none
  item: none
  timestamp: none
  numeric: [{columns}]
data: {{train: {work}/train.csv, validation: {work}/valid.csv, test: {work}/test.csv}}
training: {{monitor: log_loss}}
""")
        return [os.environ["VITRINE"], "train", str(recipe), "--output", str(output)]

    def model(self, work):
        return work / "vitrine-model/booster.json"


class Python:
    def __init__(self, matrix):
        self.name, self.matrix = f"xgboost, {matrix} matrix", matrix

    def command(self, case, rounds, work):
        job = {
            "folder": str(work), "matrix": self.matrix, "rounds": rounds,
            "output": str(self.model(work)),
            "parameters": {
                "objective": "binary:logistic", "eval_metric": ["logloss", "auc"],
                "tree_method": "hist", "eta": case["eta"], "max_depth": case["depth"],
                "nthread": len(os.sched_getaffinity(0))}}
        return [sys.executable, str(HERE / "peer.py"), json.dumps(job)]

    def model(self, work):
        return work / f"python-{self.matrix}.json"


def compare(options, turn, say):
    """A record for each row: name, seconds of a whole training and of a round, peak, quality."""
    case = {
        "rows": options.rows, "columns": options.columns, "rounds": options.rounds,
        "depth": options.depth, "eta": 0.1}
    work = options.work.resolve()
    measure.run(
        [sys.executable, str(HERE / "table.py"), str(work), str(case["rows"]),
         str(case["columns"])])
    rows = [Vitrine(), Python("quantile"), Python("plain")]
    records = [
        {"name": row.name, "seconds": [], "round": [], "foreign": 0, "peak_bytes": 0}
        for row in rows]
    for repetition in range(options.repetitions):
        for row, record in zip(rows, records):
            # The rounds after the first: what is read and prepared before them cancels out.
            first = measure.calm(lambda: measure.run(row.command(case, 1, work), turn))
            whole = measure.calm(
                lambda: measure.run(row.command(case, options.rounds, work), turn))
            record["seconds"].append(whole.seconds)
            record["round"].append((whole.seconds - first.seconds) / (options.rounds - 1))
            record["foreign"] = max(record["foreign"], first.foreign, whole.foreign)
            record["peak_bytes"] = max(record["peak_bytes"], whole.peak_bytes)
            say(f"{row.name}, {repetition + 1} of {options.repetitions}: {whole.seconds:.1f} s,"
                f" {record['round'][-1] * 1000:.1f} ms a round, others' CPU {whole.foreign:.0%}")
    turn.give()
    judge(rows, records, work)
    return {**case, "records": records}


def judge(rows, records, work):
    """Adds the quality of each row's model on rows that it has not seen, and whether it is ours."""
    import pandas  # late: a process that is large when it starts another makes that one look large
    import xgboost
    from sklearn.metrics import log_loss, roc_auc_score

    frame = pandas.read_csv(work / "test.csv")
    label = frame.pop("label")
    matrix = xgboost.DMatrix(frame.astype("float32"))
    for row, record in zip(rows, records):
        booster = xgboost.Booster(model_file=row.model(work))
        scores = booster.predict(matrix)
        record["auc"] = float(roc_auc_score(label, scores))
        record["log_loss"] = float(log_loss(label, scores.astype("float64")))
        record["trees"] = trees(row.model(work))
        record["seconds"] = statistics.median(record["seconds"])
        record["round"] = statistics.median(record["round"])
    own = records[0].pop("trees")
    records[0]["same_trees"] = None
    for record in records[1:]:
        record["same_trees"] = record.pop("trees") == own


def trees(path):
    """The part of a model file that says what it computes."""
    return json.loads(path.read_text())["learner"]["gradient_booster"]["model"]["trees"]
