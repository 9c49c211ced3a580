"""Tables of what the rounds left in a folder."""

import re
import statistics
import sys
from pathlib import Path

FOLDER = Path(sys.argv[1])
PEERS = {"dpp": "NumPy", "mmr": "plain Python", "seq2slate": "PyTorch"}


def rounds(kind, who):
    """By round: case to numbers."""
    files = sorted(FOLDER.glob(f"{kind}.{who}.*"), key=lambda f: int(f.suffix[1:]))
    return [{tuple(line.split()[:3]): [float(x) for x in line.split()[3:]]
             for line in file.read_text().splitlines()} for file in files]


def middle(values):
    return statistics.median(list(values))


def latency():
    ours, peer = rounds("latency", "ours"), rounds("latency", "peer")
    print("\n| one request, one core | ours, p50 and p99 in ms | peer | its p50 and p99"
          " | ratio of p50 | of p99 |\n|---|---|---|---|---|---|")
    for case in ours[0]:
        own = [middle(r[case][i] for r in ours) for i in (0, 1)]
        other = [middle(r[case][i] for r in peer) for i in (0, 1)]
        ratio = [middle(b[case][i] / a[case][i] for a, b in zip(ours, peer)) for i in (0, 1)]
        name, candidates, top = case
        print(f"| {name}, {candidates} to {top} | {own[0]:.4f}, {own[1]:.4f} | {PEERS[name]}"
              f" | {other[0]:.3f}, {other[1]:.3f} | {ratio[0]:.1f} × | {ratio[1]:.1f} × |")


def rate():
    ours = rounds("rate", "ours")
    peer = [{case: [a[case][0] + b[case][0]] for case in a}
            for a, b in zip(rounds("rate", "peer"), rounds("rate", "peer2"))]
    print("\n| requests a second, two cores | ours | peer, two processes | ratio |\n|---|---|---|---|")
    for case in ours[0]:
        own, other = middle(r[case][0] for r in ours), middle(r[case][0] for r in peer)
        ratio = middle(a[case][0] / b[case][0] for a, b in zip(ours, peer))
        name, candidates, top = case
        print(f"| {name}, {candidates} to {top} | {own:,.0f} | {PEERS[name]} {other:,.0f}"
              f" | {ratio:.1f} × |")


def training():
    """Ours prints the rates of its epochs."""
    def read(who):
        files = sorted(FOLDER.glob(f"training.{who}.*"))
        return [max(map(float, re.findall(r"\d+(?:\.\d+)?", file.read_text()))) for file in files]

    ours, peer = read("ours"), read("peer")
    print("\n| training, 50 candidates, 10 steps, batches of 128, two threads | lists a second |\n"
          f"|---|---|\n| ours | {middle(ours):,.0f} |\n| PyTorch | {middle(peer):,.0f} |\n"
          f"| ratio | {middle(a / b for a, b in zip(ours, peer)):.2f} × |")


latency()
rate()
training()
