"""How PyTorch can run one request: as it is, as frozen TorchScript, and compiled; all in inference
mode. Each form has to give the same scores."""

import time

import torch
from torch import nn


class Flat(nn.Module):
    """A network as a function of tensors alone, as a tracer wants it."""

    def __init__(self, network, inputs):
        super().__init__()
        self.network, self.nested = network, len(inputs) > 1
        self.bags = len(inputs[1]) if self.nested else 0

    def forward(self, ids, *history):
        if not self.nested:
            return self.network(ids)
        bags = list(history[: self.bags])
        return self.network(ids, bags, *history[self.bags :])

    @staticmethod
    def tensors(inputs):
        ids, *history = inputs
        return (ids, *(history[0] if history else []), *history[1:])


def times(network, inputs, names, repetitions, seconds):
    """Milliseconds of each repetition by form of those named, and why a form could not be had."""
    flat, tensors = Flat(network, inputs).eval(), Flat.tensors(inputs)
    makers = {
        "eager": lambda: flat,
        "TorchScript": lambda: torch.jit.optimize_for_inference(
            torch.jit.freeze(torch.jit.trace(flat, tensors, check_trace=False))),
        "torch.compile": lambda: torch.compile(flat)}
    found, failed = {}, {}
    with torch.inference_mode():
        expected = flat(*tensors)
        for name in names:
            try:
                form = makers[name]()
                torch.testing.assert_close(form(*tensors), expected, rtol=1e-3, atol=1e-5)
            except Exception as error:  # whatever a compiler may throw
                failed[name] = str(error).strip().splitlines()[0][:200]
                continue
            found[name] = timed(lambda: form(*tensors), repetitions, seconds)
    return found, failed


def timed(score, repetitions, seconds):
    """Fewer than asked for where they take too long; a tenth more to warm up."""
    milliseconds, begin = [], time.perf_counter()
    for round in range(-(repetitions // 10), repetitions):
        start = time.perf_counter()
        score()
        if round >= 0:
            milliseconds.append((time.perf_counter() - start) * 1000)
        if len(milliseconds) >= 100 and time.perf_counter() - begin > seconds:
            break
    return milliseconds
