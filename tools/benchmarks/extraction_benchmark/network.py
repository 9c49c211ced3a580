"""The networks that all sides run, and features of the reference: torchvision in fp32.

Weights are random, since no trained ones come from a package registry, but behave like trained
ones: every batch norm has the statistics that its input really has over posters, with scales and
shifts that differ by channel, so signals neither die nor explode and channels have unequal ranges,
as quantization meets them in practice.
"""

import json
import os
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file

from preprocessing import MEAN, STD, load, normalized

try:
    import torchvision
except RuntimeError:
    # torchvision's compiled operators need the very build of torch that they were made with, and
    # a CPU-only torch is another. No network here uses them: declare those that the import
    # asks for.
    operators = torch.library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        operators.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    import torchvision

SEED, BATCH = 7, 32


def batches(paths):
    for start in range(0, len(paths), BATCH):
        pixels = np.stack([load(path) for path in paths[start : start + BATCH]])
        yield torch.from_numpy(normalized(pixels))


@torch.no_grad()
def make_weights(architecture, paths, file):
    """Draws weights, settles their batch norms on the images of paths, writes safetensors."""
    torch.manual_seed(SEED)
    network = getattr(torchvision.models, architecture)(weights=None)
    last = "bn3" if architecture == "resnet50" else "bn2"
    for name, module in network.named_modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            # Training keeps branches weaker than the path around them.
            scale = 0.5 if name.startswith("layer") and name.endswith(last) else 1
            module.weight.uniform_(0.5 * scale, 1.5 * scale)
            module.bias.normal_(0, 0.2)
            module.momentum = None  # a plain average over all batches
            module.reset_running_stats()
    network.train()
    for batch in batches(paths):
        network(batch)
    save_file(network.state_dict(), file)


def load_network(architecture, file):
    """The torchvision network in eval mode, ending at the pooled features [n, 512 or 2048]."""
    network = getattr(torchvision.models, architecture)(weights=None)
    network.load_state_dict(load_file(file))
    network.fc = torch.nn.Identity()
    return network.eval()


@torch.inference_mode()
def reference_features(architecture, file, paths):
    """float32 [images, width]."""
    network = load_network(architecture, file)
    return np.concatenate([network(batch).numpy() for batch in batches(paths)])


def flops(architecture):
    """Floating-point operations per image, two per multiply-add of a convolution."""
    network = getattr(torchvision.models, architecture)(weights=None).eval()
    total = 0

    def count(module, _, output):
        nonlocal total
        total += 2 * module.weight[0].numel() * output.numel()

    for module in network.modules():
        if isinstance(module, torch.nn.Conv2d):
            module.register_forward_hook(count)
    with torch.inference_mode():
        network(torch.zeros(1, 3, 224, 224))
    return total


class OnPixels(torch.nn.Module):
    """The network behind its own normalisation: uint8 [n, 224, 224, 3] to features."""

    def __init__(self, network):
        super().__init__()
        self.network = network
        self.register_buffer("mean", torch.tensor(MEAN) * 255)
        self.register_buffer("std", torch.tensor(STD) * 255)

    def forward(self, pixels):
        x = (pixels.float() - self.mean) / self.std
        return self.network(x.permute(0, 3, 1, 2))


def export(architecture, file, onnx, pixels_onnx):
    """Writes the network as ONNX twice: on normalised float32 NCHW, and on uint8 NHWC."""
    network = load_network(architecture, file)
    for module, example, name, path in (
        (network, torch.zeros(2, 3, 224, 224), "images", onnx),
        (OnPixels(network), torch.zeros(2, 224, 224, 3, dtype=torch.uint8), "pixels", pixels_onnx),
    ):
        torch.onnx.export(
            module.eval(), (example,), path, input_names=[name], output_names=["features"],
            dynamic_axes={name: {0: "n"}, "features": {0: "n"}}, dynamo=False)


def main(job_file):
    """Makes the files of a job that are missing, each complete or not at all."""
    job = json.loads(Path(job_file).read_text())
    folder, architecture = Path(job["folder"]), job["architecture"]
    if not Path(job["weights"]).exists():
        make_weights(architecture, job["calibration"], folder / "weights.partial")
        os.replace(folder / "weights.partial", job["weights"])
    if not Path(job["reference"]).exists():
        np.save(folder / "partial.npy", reference_features(
            architecture, job["weights"], job["images"]))
        os.replace(folder / "partial.npy", job["reference"])
    if not (folder / "flops.json").exists():
        export(architecture, job["weights"], job["onnx"], job["pixels_onnx"])
        (folder / "flops.json").write_text(json.dumps(flops(architecture)))


if __name__ == "__main__":
    main(sys.argv[1])
