"""Rows with something to learn, as plain arrays; the same for the same numbers.

A process of its own: the memory of whoever starts another process counts as that one's at first.

    python world.py FOLDER fields|history ROWS IDS
"""

import json
import sys
from pathlib import Path

import numpy

FIELDS = 26
LONGEST = 50
CATEGORIES = 100
REQUEST = 200  # candidates


def main():
    """train/ and test/ (a quarter as many rows) and layout.json, unless they are there."""
    folder, kind, rows, ids = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    marker = folder / f"{kind}-{rows}-{ids}.done"
    if marker.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.done"):
        old.unlink()
    world = {"fields": Fields, "history": History}[kind](numpy.random.default_rng(1), ids)
    for part, count in [("train", rows), ("test", rows // 4)]:
        columns = world.rows(count)
        (folder / part).mkdir(exist_ok=True)
        for name, values in columns.items():
            values.tofile(folder / part / name)
    (folder / "layout.json").write_text(json.dumps(world.layout()))
    marker.touch()


def drawn(random, logits):
    """Labels with these log odds."""
    return (random.random(len(logits)) < 1 / (1 + numpy.exp(-logits))).astype("float32")


def numbers(count):
    """The request of each row."""
    return (numpy.arange(count) // REQUEST).astype("int32")


class Fields:
    """Categorical fields of skewed ids: a linear part, and pairs of ids that fit or do not."""

    def __init__(self, random, ids):
        self.random, self.ids = random, ids
        self.weights = random.normal(0, 0.4, (FIELDS, ids))
        self.vectors = random.normal(0, 0.3, (FIELDS, ids, 4)).astype("float32")
        self.other = random.normal(0, 0.4, (FIELDS, ids))

    def rows(self, count):
        ids = (1 + (self.ids - 1) * self.random.random((FIELDS, count)) ** 3).astype("int32")
        linear, second = numpy.zeros(count), numpy.zeros(count)
        total, squares = numpy.zeros((count, 4)), numpy.zeros(count)
        for field, column in enumerate(ids):
            linear += self.weights[field, column]
            second += self.other[field, column]
            chosen = self.vectors[field, column]
            total += chosen
            squares += (chosen**2).sum(axis=1)
        logits = linear + 0.5 * ((total**2).sum(axis=1) - squares) * 0.3 - 0.5
        columns = {f"c{field}.i32": column for field, column in enumerate(ids)}
        columns["label.f32"] = drawn(self.random, logits)
        columns["second.f32"] = drawn(self.random, 0.5 * logits + second - 1)
        columns["requests.i32"] = numbers(count)
        return columns

    def layout(self):
        return {
            "categorical": [{"name": f"c{field}", "rows": self.ids} for field in range(FIELDS)],
            "bags": [], "numeric": [], "visual": False, "visual_history": False,
            "tasks": ["second"]}


class History:
    """Users whose recent items tell which category they want next."""

    def __init__(self, random, ids):
        self.random, self.ids = random, ids
        self.category = random.integers(1, CATEGORIES, ids).astype("int32")
        self.taste = random.normal(0, 1, (CATEGORIES, 8))
        self.quality = random.normal(0, 0.5, ids)

    def rows(self, count):
        lengths = self.random.integers(5, LONGEST + 1, count)
        offsets = numpy.concatenate([[0], numpy.cumsum(lengths)]).astype("int32")
        row = numpy.repeat(numpy.arange(count), lengths)
        position = numpy.arange(len(row)) - offsets[row]
        # Each user likes two categories; the second takes over in the course of the history.
        likes = self.random.integers(1, CATEGORIES, (2, count))
        late = self.random.random(len(row)) < position / lengths[row]
        wanted = numpy.where(late, likes[1][row], likes[0][row])
        order = numpy.argsort(self.category, kind="stable")
        starts = numpy.searchsorted(self.category[order], numpy.arange(CATEGORIES + 1))
        spread = (starts[wanted + 1] - starts[wanted]).clip(1)
        values = order[starts[wanted] + (self.random.random(len(row)) * spread).astype(int)]
        values = numpy.where(
            self.random.random(len(row)) < 0.3, self.random.integers(1, self.ids, len(row)), values)
        values = values.clip(1).astype("int32")
        items = self.random.integers(1, self.ids, count).astype("int32")
        near = (self.taste[likes[1]] * self.taste[self.category[items]]).sum(axis=1)
        gaps = self.random.exponential(86400, len(row))
        ages = numpy.zeros(len(row))
        running = numpy.cumsum(gaps[::-1])[::-1]
        ends = numpy.append(running, 0)[offsets[1:]]
        ages = running - ends[row]
        return {
            "user.i32": self.random.integers(1, self.ids, count).astype("int32"),
            "item.i32": items, "category.i32": self.category[items],
            "history.values.i32": values, "history.offsets.i32": offsets,
            "history.ages.f32": ages.astype("float32"),
            "history.category.values.i32": self.category[values],
            "history.category.offsets.i32": offsets,
            "label.f32": drawn(self.random, near * 0.8 + self.quality[items] - 0.5),
            "requests.i32": numbers(count)}

    def layout(self):
        return {
            "categorical": [
                {"name": "user", "rows": self.ids}, {"name": "item", "rows": self.ids},
                {"name": "category", "rows": CATEGORIES}],
            "bags": [
                {"name": "history", "rows": self.ids},
                {"name": "history.category", "rows": CATEGORIES}],
            "aged_bags": [0], "history_bag": 0, "item_field": 1,
            "history_attributes": [{"bag": 1, "field": 2}],
            "numeric": [], "visual": False, "visual_history": False}


if __name__ == "__main__":
    main()
