"""Images per second of PyTorch's ResNet-18 training step, in a process of its own.

    python step.py JOB

JOB is JSON: size, batch, arithmetic (fp32 or bf16), layout (contiguous, channels_last, compiled),
threads, seconds. A step is forward, cross-entropy, backward and SGD with momentum, on one batch
that is in memory. Prints JSON: images_per_second by the median step, and how many were timed.
"""

import json
import os
import statistics
import sys
import time

WARM_UP = 3


def main(job):
    # Before torch is loaded: it reads these once.
    os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = str(job["threads"])
    import torch

    import networks

    torch.set_num_threads(job["threads"])
    torch.manual_seed(1)
    format = torch.contiguous_format if job["layout"] == "contiguous" else torch.channels_last
    network = networks.resnet18(10).to(memory_format=format).train()
    images = torch.randn(job["batch"], 3, job["size"], job["size"]).to(memory_format=format)
    labels = torch.randint(10, (job["batch"],))
    optimizer = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4)
    model = torch.compile(network) if job["layout"] == "compiled" else network

    def step():
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", torch.bfloat16, enabled=job["arithmetic"] == "bf16"):
            loss = torch.nn.functional.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()

    for _ in range(WARM_UP):
        step()
    times, end = [], time.perf_counter() + job["seconds"]
    while len(times) < 3 or time.perf_counter() < end:
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    print(json.dumps({
        "images_per_second": job["batch"] / statistics.median(times), "steps": len(times)}))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
