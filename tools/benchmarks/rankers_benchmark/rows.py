"""The rows of a part of a world, as world.py wrote them."""

from pathlib import Path

import numpy


class Rows:
    def __init__(self, part, layout):
        folder, self.count = Path(part["folder"]), part["rows"]

        def read(name, kind="int32"):
            return numpy.fromfile(folder / name, dtype=kind)

        names = [field["name"] for field in layout["categorical"]]
        self.ids = numpy.stack([read(f"{name}.i32") for name in names], axis=1).astype("int64")
        self.label = read("label.f32", "float32")
        self.labels = [self.label] + [read(f"{task}.f32", "float32")
                                      for task in layout.get("tasks", [])]
        self.bags = [
            (read(f"{bag['name']}.values.i32"), read(f"{bag['name']}.offsets.i32"))
            for bag in layout["bags"]]
        self.ages = [read(f"{layout['bags'][bag]['name']}.ages.f32", "float32")
                     for bag in layout.get("aged_bags", [])]

    def padded(self, longest):
        """Each bag as [count, longest] with zeros at the end, the lengths, and ages likewise."""
        if not self.bags:
            return [], None, None
        offsets = self.bags[0][1].astype("int64")
        lengths = numpy.diff(offsets).clip(max=longest)
        # The most recent ones, where a list is longer.
        row = numpy.repeat(numpy.arange(self.count), lengths)
        position = numpy.arange(len(row)) - numpy.repeat(numpy.cumsum(lengths) - lengths, lengths)
        source = offsets[1:][row] - lengths[row] + position

        def spread(values, kind):
            out = numpy.zeros((self.count, longest), dtype=kind)
            out[row, position] = values[source]
            return out

        ages = spread(self.ages[0], "float32") if self.ages else None
        return [spread(values, "int64") for values, _ in self.bags], lengths, ages
