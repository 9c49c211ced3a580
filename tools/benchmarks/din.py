"""The peers of tools/benchmarks/din: scores must agree, times are printed as ratios to ours."""

import sys
import time
from pathlib import Path

import numpy as np
import torch

from weights import weights

FOLDER = Path(sys.argv[1])
CANDIDATES, EVENTS, ITEMS = 200, 50, 20_000
REPETITIONS = 300


def dice(x, p, name):
    mean, variance = p[f"{name}.running_mean"], p[f"{name}.running_var"]
    gate = torch.sigmoid((x - mean) / torch.sqrt(variance + 1e-8))
    return x * (gate + (1 - gate) * p[f"{name}.alpha"])


class Network:
    def __init__(self, p, normalize):
        self.p, self.normalize = p, normalize

    def dense(self, name, x):
        return torch.nn.functional.linear(x, self.p[f"{name}.weight"], self.p[f"{name}.bias"])

    def first(self, q, k):
        """[q, k, q - k, q * k] of every pair, as the authors' code has it."""
        q = q[:, None].expand(-1, EVENTS, -1)
        k = k[None].expand(CANDIDATES, -1, -1)
        return self.dense("attention.layers.0", torch.cat([q, k, q - k, q * k], -1))

    def __call__(self, item, category, history, categories):
        table = self.p["fields.table"]
        q = torch.cat([table[item], table[ITEMS + category]], 1)
        k = torch.cat([table[history], table[ITEMS + categories]], 1)
        x = torch.sigmoid(self.first(q, k))
        x = torch.sigmoid(self.dense("attention.layers.1", x))
        scores = self.dense("attention.layers.2", x)[..., 0]
        if self.normalize == "softmax":
            scores = torch.softmax(scores / q.shape[1] ** 0.5, 1)
        x = torch.cat([scores @ k, q], 1)
        x = dice(self.dense("network.layers.0", x), self.p, "network.activations.0")
        x = dice(self.dense("network.layers.1", x), self.p, "network.activations.1")
        return self.dense("network.layers.2", x)[:, 0] + self.p["itemBias"][item, 0]


class Decomposed(Network):
    """With the first layer taken apart by hand, as ours."""

    def first(self, q, k):
        w, d = self.p["attention.layers.0.weight"], q.shape[1]
        a, b, c, e = (w[:, i * d:(i + 1) * d] for i in range(4))
        rows = q @ (a + c).T + self.p["attention.layers.0.bias"]
        return rows[:, None] + k @ (b - c).T + (q[:, None] * k) @ e.T


def main():
    torch.set_num_threads(1)
    print("| weights | ours, p50 and p99 in ms | peer | its p50 and p99 | ratio of p50 | of p99 |")
    print("|---|---|---|---|---|---|")
    for line in (FOLDER / "ours").read_text().splitlines():
        normalize, p50, p99 = line.split()
        name, own = f"din-{normalize}", (float(p50), float(p99))
        numbers = torch.from_numpy(np.fromfile(FOLDER / f"{name}.ids", "<i4").astype("int64"))
        ids = numbers.split([CANDIDATES, CANDIDATES, EVENTS, EVENTS])
        expected = np.fromfile(FOLDER / f"{name}.scores", "<f4")
        p = weights(FOLDER / f"{name}.safetensors")
        for peer, kind in [("PyTorch", Network), ("PyTorch, first layer apart", Decomposed)]:
            network, times = kind(p, normalize), []
            with torch.inference_mode():
                scores = network(*ids).numpy()
                worst = np.abs(scores - expected).max()
                assert worst < 1e-4 * max(1, np.abs(scores).max()), (name, peer, worst)
                for _ in range(REPETITIONS):
                    start = time.perf_counter()
                    network(*ids)
                    times.append((time.perf_counter() - start) * 1000)
            a, b = np.percentile(times, [50, 99])
            print(f"| {normalize} | {own[0]:.2f}, {own[1]:.2f} | {peer} | {a:.2f}, {b:.2f} |"
                  f" {a / own[0]:.1f} × | {b / own[1]:.1f} × |")
            print(f"{name}, {peer}: scores differ by at most {worst:.1e}", file=sys.stderr)


main()
