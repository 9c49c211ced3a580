"""Clicks on the order that a ranker shows, instead of those on the base order."""

import json
import os

import numpy as np

from lists import clicked


def live_gain(scores, lists, folder, diverse, eta):
    """[queries]: DCG@10 of the clicks that the same users give to the first 50 documents when they see
    them in the order of these scores. What resembles something clicked above it is not clicked, so a
    ranker that repeats itself loses here whatever the labels of the base order say. Not divided by an
    ideal, which would be a search over orders."""
    judged, output = folder / "live-judged.jsonl", folder / "live.jsonl"
    with open(judged, "w") as file:
        for start, line in zip(lists.bounds, shown(folder)):
            for row, item in enumerate(line["items"]):
                item["score"] = float(scores[start + row])
            file.write(json.dumps(line) + "\n")
    clicks = clicked(os.environ["VITRINE"], judged, output, diverse, eta, 1)
    judged.unlink()
    output.unlink()
    gains = clicks.padded(clicks.clicks[0])[:, :10]
    return gains @ (1 / np.log2(np.arange(2, gains.shape[1] + 2)))


def shown(folder):
    """The judged test lists, only the documents that were shown and in that order."""
    judged = {}
    for line in open(folder / "test-judged.jsonl"):
        request = json.loads(line)
        judged[request["id"]] = {item["id"]: item for item in request["items"]}
    for line in open(folder / "test-lists.jsonl"):
        request = json.loads(line)
        query = request.get("user", request["id"])
        yield {"id": query, "items": [judged[query][item["id"]] for item in request["items"]]}
