"""The PyTorch side of the time to accuracy, in a process of its own.

    python baseline.py JOB

JOB is JSON: clothing, epochs, threads, arithmetic. A plain residual net of 1.6 M parameters at 96
pixels, trained with flips, crops, colour jitter, cut-out and label smoothing by SGD with Nesterov
momentum, a warm-up and a cosine. Prints JSON: parameters, seconds in all with decoding, epochs as
[seconds since the start, validation top-1], and top-1 and neighbours on the test photos.
"""

import json
import os
import sys
import time
from pathlib import Path

SIDE, STORED, BATCH = 96, 112, 64
RATE, DECAY, SMOOTHING, WARM_UP = 0.1, 5e-4, 0.1, 0.05


def evaluate(network, pixels, labels):
    """Top-1, and how often the nearest other photo by cosine of features is of the same class."""
    import torch
    import torch.nn.functional as F

    from photos import normalized

    network.eval()
    with torch.inference_mode():
        inputs = [normalized(part).contiguous(memory_format=torch.channels_last)
                  for part in pixels.split(256)]
        features = torch.cat([network.features(part) for part in inputs])
        top1 = (network.fc(features).argmax(1) == labels).float().mean().item()
        directions = F.normalize(features, dim=1)
        cosines = directions @ directions.T
        cosines.fill_diagonal_(-2)
        neighbours = (labels[cosines.argmax(1)] == labels).float().mean().item()
    network.train()
    return top1, neighbours


def main(job):
    start = time.perf_counter()
    os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = str(job["threads"])
    import torch

    import networks
    import photos

    torch.set_num_threads(job["threads"])
    torch.manual_seed(1)
    clothing = Path(job["clothing"])
    pixels, labels = photos.load(clothing / "train", STORED)
    validation, test = (photos.load(clothing / part, SIDE) for part in ("validation", "test"))
    network = networks.plain(int(labels.max()) + 1).to(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(
        network.parameters(), lr=RATE, momentum=0.9, nesterov=True, weight_decay=DECAY)
    steps = job["epochs"] * (len(labels) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, RATE, total_steps=steps, pct_start=WARM_UP, cycle_momentum=False)
    loss = torch.nn.CrossEntropyLoss(label_smoothing=SMOOTHING)
    curve = []
    for _ in range(job["epochs"]):
        order = torch.randperm(len(labels))
        for rows in order[: len(order) // BATCH * BATCH].split(BATCH):
            images = photos.augmented(pixels[rows], SIDE)
            images = images.contiguous(memory_format=torch.channels_last)
            optimizer.zero_grad(set_to_none=True)
            with torch.autocast("cpu", torch.bfloat16, enabled=job["arithmetic"] == "bf16"):
                value = loss(network(images), labels[rows])
            value.backward()
            optimizer.step()
            schedule.step()
        curve.append([time.perf_counter() - start, evaluate(network, *validation)[0]])
        print(f"epoch {len(curve)}: {curve[-1][1]:.3f}, {curve[-1][0]:.0f} s", file=sys.stderr)
    top1, neighbours = evaluate(network, *test)
    print(json.dumps({
        "parameters": sum(
            p.numel() for name, p in network.named_parameters() if not name.startswith("fc.")),
        "seconds": time.perf_counter() - start, "epochs": curve, "top1": top1,
        "neighbours": neighbours}))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
