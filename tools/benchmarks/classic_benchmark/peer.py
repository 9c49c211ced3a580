"""One training by XGBoost's Python package, in a process of its own: the job is the argument."""

import json
import sys

import pandas
import xgboost


def main():
    job = json.loads(sys.argv[1])
    parts = []
    for name in ("train", "valid"):
        frame = pandas.read_csv(f"{job['folder']}/{name}.csv")
        label = frame.pop("label")
        if job["matrix"] == "quantile" and name == "train":
            parts.append(xgboost.QuantileDMatrix(frame.astype("float32"), label))
        else:
            parts.append(xgboost.DMatrix(frame.astype("float32"), label))
    booster = xgboost.train(
        job["parameters"], parts[0], job["rounds"],
        evals=[(parts[0], "train"), (parts[1], "valid")], verbose_eval=False)
    booster.save_model(job["output"])


if __name__ == "__main__":
    main()
