"""Logs of impressions as tensors, made again from the files: the peers share nothing with what they are
compared with but the split."""

import csv
import math
from collections import Counter, defaultdict

import numpy
import torch

LONGEST = 50
SETS = {
    "movielens": {
        "label": "click", "user": "user", "item": "item", "time": "timestamp",
        "ids": {"user": 5, "item": 5, "category": 1}, "attribute": "category",
        "lists": ["genres"], "numbers": {"year": False},
        "of_item": ["item", "category", "genres", "year"]},
    "sparrow": {
        "label": "label", "user": "userId", "item": "movieId", "time": "timestamp",
        "ids": {"movieId": 5, "movieGenre1": 1, "movieGenre2": 1, "userGenre1": 1, "userGenre2": 1,
                "releaseYear": 5}, "attribute": "movieGenre1", "lists": [],
        "numbers": {"movieRatingCount": True, "movieAvgRating": False, "movieRatingStddev": False,
                    "userRatingCount": True, "userAvgReleaseYear": False,
                    "userReleaseYearStddev": False, "userAvgRating": False,
                    "userRatingStddev": False},
        "of_item": ["movieId", "movieGenre1", "movieGenre2", "releaseYear", "movieRatingCount",
                    "movieAvgRating", "movieRatingStddev"]}}


class Rows:
    """All rows of a log as tensors, vocabularies and scales fitted to the training part."""

    def __init__(self, name, output, impressions, catalogue):
        plan = SETS[name]
        rows = list(csv.DictReader(open(impressions, newline="")))
        if catalogue:
            items = {row["id"]: row for row in csv.DictReader(open(catalogue, newline=""))}
            for row in rows:
                row.update({k: v for k, v in items.get(row[plan["item"]], {}).items() if k != "id"})
        self.parts = {
            part: numpy.array([int(row["row"]) - 1 for row in
                               csv.DictReader(open(output / "parts" / f"{part}.csv", newline=""))])
            for part in ("train", "validation", "test")}
        train = self.parts["train"]
        self.labels = torch.tensor([float(row[plan["label"]]) for row in rows])
        self.users = numpy.unique([row[plan["user"]] for row in rows], return_inverse=True)[1]
        self.requests = (
            numpy.array([int(row["request"]) for row in rows]) if "request" in rows[0] else None)
        # Each field has its rows of one table, the first of which stands for what is not known.
        self.starts, total, columns, self.fields = [], 0, [], list(plan["ids"])
        for field, least in plan["ids"].items():
            counts = Counter(rows[i][field] for i in train)
            known = sorted(v for v, n in counts.items() if n >= least and v != "")
            place = {v: total + 1 + k for k, v in enumerate(known)}
            self.starts.append(total)
            columns.append([place.get(row[field], total) for row in rows])
            total += 1 + len(known)
        self.ids = torch.tensor(columns).T.contiguous()
        self.lists = []
        for field in plan["lists"]:
            known = sorted({v for i in train for v in rows[i][field].split("|") if v})
            place = {v: total + 1 + k for k, v in enumerate(known)}
            self.starts.append(total)
            lists = [[place.get(v, total) for v in row[field].split("|") if v] for row in rows]
            self.lists.append(padded(lists, max(map(len, lists))))
            total += 1 + len(known)
        self.rows = total
        self.sequence = [plan["item"], plan["attribute"]]
        self.target = [self.fields.index(field) for field in self.sequence]
        self.of_item = {
            "ids": [i for i, field in enumerate(self.fields) if field in plan["of_item"]],
            "lists": [i for i, field in enumerate(plan["lists"]) if field in plan["of_item"]],
            "numbers": [i for i, field in enumerate(plan["numbers"]) if field in plan["of_item"]]}
        self.rest = [i for i in range(len(self.fields)) if i not in self.target]
        self.numbers = torch.tensor(numpy.stack(
            [scaled(rows, field, log, train) for field, log in plan["numbers"].items()], axis=1),
            dtype=torch.float32)
        self.histories(rows, plan)

    def histories(self, rows, plan):
        """Liked items strictly before each row, oldest first, with their ages in seconds."""
        times = [int(row[plan["time"]]) for row in rows]
        if "request" in rows[0]:
            first = {}
            for row, at in zip(rows, times):
                first[row["request"]] = min(at, first.get(row["request"], at))
            times = [first[row["request"]] for row in rows]
        liked = defaultdict(list)
        for i, row in enumerate(rows):
            if float(row[plan["label"]]) >= 0.5:
                liked[row[plan["user"]]].append((times[i], i))
        for events in liked.values():
            events.sort()
        lists, ages = [], []
        for i, row in enumerate(rows):
            events = [e for e in liked[row[plan["user"]]] if e[0] < times[i]][-LONGEST:]
            lists.append([e[1] for e in events])
            ages.append([times[i] - e[0] for e in events])
        events, self.lengths = padded(lists, LONGEST)
        self.there = torch.arange(LONGEST) < self.lengths.unsqueeze(1)
        self.events = self.ids[events][:, :, self.target]
        self.ages = padded(ages, LONGEST)[0].float()

    def batch(self, index):
        return {
            "ids": self.ids[index], "lists": [(v[index], n[index]) for v, n in self.lists],
            "numbers": self.numbers[index], "events": self.events[index],
            "there": self.there[index], "lengths": self.lengths[index], "ages": self.ages[index]}


def padded(lists, longest):
    made = torch.zeros(len(lists), max(longest, 1), dtype=torch.long)
    for row, values in enumerate(lists):
        made[row, : len(values)] = torch.tensor(values, dtype=torch.long)
    return made, torch.tensor([len(values) for values in lists])


def scaled(rows, field, log, train):
    values = numpy.array([float(row[field]) if row[field] else math.nan for row in rows])
    if log:
        values = numpy.log1p(values)
    known = values[train][~numpy.isnan(values[train])]
    values = (values - known.mean()) / (known.std() or 1)
    return numpy.nan_to_num(values)
