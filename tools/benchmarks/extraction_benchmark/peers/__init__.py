"""The peers by the names of their rows. Modules load late: each runtime has its own process."""

import importlib

PEERS = {
    "timm-fp32": ("peers.pytorch", "Eager"),
    "inductor-fp32": ("peers.pytorch", "Compiled"),
    "onnxruntime-fp32": ("peers.onnx_runtime", "Peer"),
    "openvino-fp32": ("peers.openvino_runtime", "Fp32"),
    "openvino-bf16": ("peers.openvino_runtime", "Bf16"),
    "openvino-int8": ("peers.openvino_runtime", "Int8"),
}


def make(name):
    """A peer has variants(cores), prepare(job) for what is not timed, and run(job, variant)."""
    module, kind = PEERS[name]
    return getattr(importlib.import_module(module), kind)()
