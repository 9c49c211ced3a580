"""Rows with something for trees to find, as CSV; the same for the same numbers."""

import numpy
import pandas


def write(folder, rows, columns):
    """train.csv, valid.csv and test.csv, unless they are there."""
    marker = folder / f"{rows}-{columns}"
    if marker.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*-*"):
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
