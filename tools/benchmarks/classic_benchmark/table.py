"""Rows with something for trees to find, as CSV; the same for the same numbers.

A process of its own: the memory of whoever starts another process counts as that one's at first.
"""

import sys
from pathlib import Path

import numpy
import pandas


def main():
    """FOLDER ROWS COLUMNS: train.csv, valid.csv and test.csv, unless they are there."""
    folder, rows, columns = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    marker = folder / f"{rows}-{columns}.done"
    if marker.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.done"):
        old.unlink()
    random = numpy.random.RandomState(1)
    weights = random.randn(columns) / numpy.sqrt(columns)
    for name, count in [("train", rows), ("valid", rows // 4), ("test", rows // 4)]:
        x = random.randn(count, columns).astype("float32").round(4)
        pairs = x[:, : columns // 2] * x[:, columns // 2 : columns // 2 * 2]
        signal = x @ weights + pairs[:, :5].sum(axis=1) + numpy.abs(x[:, 0])
        label = (signal + random.randn(count) > 1.5).astype(int)
        x[random.rand(count, columns) < 0.03] = numpy.nan
        frame = pandas.DataFrame(x, columns=[f"f{i}" for i in range(columns)])
        frame.insert(0, "label", label)
        frame.to_csv(folder / f"{name}.csv", index=False)
    marker.touch()


if __name__ == "__main__":
    main()
