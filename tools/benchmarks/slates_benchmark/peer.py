"""The peers of tools/benchmarks/slates, one line a case.

    python peer.py latency|rate|training FOLDER
"""

import json
import statistics
import sys
import time
from pathlib import Path

import numpy as np
import torch

sys.path.append(str(Path(__file__).resolve().parents[1]))

import diversity
from seq2slate import Seq2Slate, loss, numeric
from weights import weights

FOLDER = Path(sys.argv[2])
REPETITIONS, SECONDS = 300, 2.0


def diversifiers():
    """(name, candidates, places, request) with the picks compared first."""
    for file in sorted(FOLDER.glob("diversity-*.json"), key=lambda f: int(f.stem.split("-")[1])):
        case = json.loads(file.read_text())
        vectors = np.array(case["vectors"], np.float32)
        scores = np.array(case["scores"])
        relevance, similarity = diversity.scaled(scores).tolist(), diversity.similarities(vectors)
        for name, request in [
                ("dpp", lambda top: diversity.dpp(vectors, scores, top)),
                ("mmr", lambda top: diversity.mmr(similarity, relevance, top))]:
            picks = request(len(case[name]))
            assert picks == case[name], (file.name, name, picks, case[name])
            yield name, len(scores), len(picks), lambda: request(len(picks))


def decoders():
    """The faster of PyTorch's forms."""
    p = weights(FOLDER / "seq2slate.safetensors")
    network = Seq2Slate(p["features.visual.weight"].shape[1]).load(p).eval()
    forms = [network, torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.script(network)))]
    for file in sorted(FOLDER.glob("list-*.json"), key=lambda f: int(f.stem.split("-")[1])):
        case = json.loads(file.read_text())
        present = torch.tensor([[row is not None for row in case["visuals"]]])
        width = p["features.visual.weight"].shape[1]
        vectors = torch.tensor([[row or [0.0] * width for row in case["visuals"]]])
        scores = torch.tensor([case["scores"]], dtype=torch.float64)
        inputs = (
            numeric(scores, present).float(), torch.tensor([case["categories"]]), vectors, present,
            len(case["order"]))
        for form in forms:
            order = form(*inputs)[0][0].tolist()
            assert order == case["order"], (file.name, order, case["order"])
        best = min(forms, key=lambda form: statistics.median(times(lambda: form(*inputs), 100)))
        yield "seq2slate", len(case["scores"]), len(case["order"]), lambda: best(*inputs)


def times(request, repetitions):
    found = []
    for round in range(-repetitions // 10, repetitions):
        start = time.perf_counter()
        request()
        if round >= 0:
            found.append((time.perf_counter() - start) * 1000)
    return found


def rate(request):
    count, start = 0, time.perf_counter()
    while time.perf_counter() - start < SECONDS:
        request()
        count += 1
    return count / (time.perf_counter() - start)


def training(lists=1024, batch=128, candidates=50, steps=10, epochs=3):
    """Lists a second of the fastest epoch; lists as ours has them, past choices the model's own."""
    torch.manual_seed(1)
    network = Seq2Slate(visual=0)
    optimizer = torch.optim.Adam(network.parameters(), 1e-3)
    scores = torch.randn(lists, candidates).sort(1, descending=True).values
    present = torch.zeros(lists, candidates, dtype=torch.bool)
    inputs = numeric(scores, present)
    categories = torch.randint(0, 5, (lists, candidates))
    clicks = (torch.rand(lists, candidates) < 0.1).float()
    best = 0.0
    for _ in range(epochs):
        start = time.perf_counter()
        for rows in torch.randperm(lists).split(batch):
            picks, found = network(inputs[rows], categories[rows], inputs, present, steps)
            optimizer.zero_grad()
            loss(picks, found, clicks[rows]).backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
        best = max(best, lists / (time.perf_counter() - start))
    return best


def main():
    if sys.argv[1] == "training":
        torch.set_num_threads(2)
        print(training())
        return
    torch.set_num_threads(1)
    with torch.inference_mode():
        for cases in (diversifiers(), decoders()):
            for name, candidates, top, request in cases:
                if sys.argv[1] == "latency":
                    p50, p99 = np.percentile(times(request, REPETITIONS), [50, 99])
                    print(name, candidates, top, p50, p99)
                else:
                    print(name, candidates, top, rate(request))


main()
