"""Rows with something to learn, as plain arrays; the same for the same numbers.

A process of its own: the memory of whoever starts another process counts as that one's at first.

    python world.py FOLDER fields|history ROWS IDS CANDIDATES
"""

import json
import sys
from pathlib import Path

import numpy

FIELDS = 26
LONGEST = 50
CATEGORIES = 40
SEGMENTS = 100
OF_USER = FIELDS // 2  # fields that all candidates of a request share
VERSION = 2


def main():
    """train/, test/ (a quarter as many rows), request/ and layout.json, unless they are there."""
    folder, kind = Path(sys.argv[1]), sys.argv[2]
    rows, ids, candidates = map(int, sys.argv[3:6])
    marker = folder / f"{VERSION}-{kind}-{rows}-{ids}-{candidates}.done"
    if marker.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.done"):
        old.unlink()
    world = {"fields": Fields, "history": History}[kind](numpy.random.default_rng(1), ids)
    parts = {"train": rows, "test": rows // 4, "request": candidates}
    for part, count in parts.items():
        columns = world.request(count) if part == "request" else world.rows(count)
        (folder / part).mkdir(exist_ok=True)
        for name, values in columns.items():
            values.tofile(folder / part / name)
    (folder / "layout.json").write_text(json.dumps(world.layout()))
    marker.touch()


def drawn(random, logits):
    """Labels with these log odds."""
    return (random.random(len(logits)) < 1 / (1 + numpy.exp(-logits))).astype("float32")


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
        columns["requests.i32"] = numpy.arange(count, dtype="int32")
        return columns

    def request(self, count):
        """Candidates of one user in one context: the first half of the fields."""
        columns = self.rows(count)
        for field in range(OF_USER):
            columns[f"c{field}.i32"][:] = columns[f"c{field}.i32"][0]
        columns["requests.i32"][:] = 0
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
        self.by_category = numpy.argsort(self.category, kind="stable")
        self.starts = numpy.searchsorted(
            self.category[self.by_category], numpy.arange(CATEGORIES + 1))
        self.quality = random.normal(0, 0.7, CATEGORIES)
        self.mood = random.normal(0, 0.7, SEGMENTS)

    def rows(self, count):
        return self.columns(self.random.integers(5, LONGEST + 1, count))

    def request(self, count):
        """Candidates of one user with a history as long as can be."""
        columns = self.columns(numpy.full(count, LONGEST))
        for name in ("history.values.i32", "history.ages.f32", "history.category.values.i32"):
            columns[name] = numpy.tile(columns[name][:LONGEST], count)
        columns["segment.i32"][:] = columns["segment.i32"][0]
        columns["requests.i32"][:] = 0
        return columns

    def columns(self, lengths):
        count = len(lengths)
        offsets = numpy.concatenate([[0], numpy.cumsum(lengths)]).astype("int32")
        row = numpy.repeat(numpy.arange(count), lengths)
        position = numpy.arange(len(row)) - offsets[row]
        # Each user likes two categories; the second takes over in the course of the history.
        likes = self.random.integers(1, CATEGORIES, (2, count))
        late = self.random.random(len(row)) < position / lengths[row]
        events = self.items(numpy.where(late, likes[1][row], likes[0][row]), noise=0.2)
        # Half of the candidates are of a category that the user has come across.
        liked = likes[self.random.integers(0, 2, count), numpy.arange(count)]
        items = self.items(liked, noise=0.5)
        category = self.category[items]
        near = 3.0 * (category == likes[1]) + 1.5 * (category == likes[0])
        segment = self.random.integers(0, SEGMENTS, count).astype("int32")
        gaps = self.random.exponential(86400, len(row))
        running = numpy.cumsum(gaps[::-1])[::-1]
        ages = running - numpy.append(running, 0)[offsets[1:]][row]
        return {
            "segment.i32": segment,
            "item.i32": items, "category.i32": category,
            "history.values.i32": events, "history.offsets.i32": offsets,
            "history.ages.f32": ages.astype("float32"),
            "history.category.values.i32": self.category[events],
            "history.category.offsets.i32": offsets,
            "label.f32": drawn(
                self.random, near + self.quality[category] + self.mood[segment] - 1.5),
            "requests.i32": numpy.arange(count, dtype="int32")}

    def items(self, wanted, noise):
        """An item of each wanted category, or with some probability any item."""
        spread = self.starts[wanted + 1] - self.starts[wanted]
        places = self.starts[wanted] + (self.random.random(len(wanted)) * spread).astype(int)
        anything = self.random.integers(1, self.ids, len(wanted))
        taken = numpy.where(
            self.random.random(len(wanted)) < noise, anything,
            self.by_category[places.clip(max=self.ids - 1)])
        return taken.clip(1).astype("int32")

    def layout(self):
        return {
            "categorical": [
                {"name": "segment", "rows": SEGMENTS}, {"name": "item", "rows": self.ids},
                {"name": "category", "rows": CATEGORIES}],
            "bags": [
                {"name": "history", "rows": self.ids},
                {"name": "history.category", "rows": CATEGORIES}],
            "aged_bags": [0], "history_bag": 0, "item_field": 1,
            "history_attributes": [{"bag": 1, "field": 2}],
            "numeric": [], "visual": False, "visual_history": False}


if __name__ == "__main__":
    main()
