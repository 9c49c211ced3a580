"""What training must compute, by PyTorch's autograd in double precision: features, gradients and
three steps of SGD for residual blocks with gates and for a whole encoder.

    python tools/reference/training.py

Writes Tests/VisualEncoderTests/Golden/training-*.safetensors. Weights, inputs and targets are drawn
from a hash of their names (drawn_weights.py), so only what is computed is stored. The loss is the
mean of (output - target)^2. Equations of the gates: Woo et al., ECCV 2018; Liu et al., KDD 2020.
"""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import save_file
from torch import nn

from drawn_weights import tensor, uniform

GOLDEN = Path(__file__).resolve().parents[2] / "Tests/VisualEncoderTests/Golden"
REDUCTION, CODE, SIDE = 16, 20, 6
STEPS, RATE, MOMENTUM, DECAY = 3, 0.1, 0.9, 1e-4
ENTRIES = 8  # of each tensor of the whole encoder, evenly spaced


class Gate(nn.Module):
    """CBAM's gate, or with rows > 0 the one that is told the category; row 0 is the unknown one."""

    def __init__(self, channels, rows):
        super().__init__()
        hidden = max(1, channels // REDUCTION)
        self.channel, self.spatial = nn.Module(), nn.Module()
        self.channel.fc1 = nn.Linear(channels + (CODE if rows else 0), hidden)
        self.channel.fc2 = nn.Linear(hidden, channels)
        self.spatial.conv = nn.Conv2d(3 if rows else 2, 1, 7, padding=3, bias=False)
        self.spatial.bn = nn.BatchNorm2d(1, momentum=0.01)
        if rows:
            self.channel.code = nn.Parameter(torch.empty(rows, CODE))
            self.spatial.code = nn.Parameter(torch.empty(rows, SIDE, SIDE))

    def forward(self, x, categories):
        pools = [x.mean((2, 3)), x.amax((2, 3))]
        if categories is not None:
            code = self.channel.code[categories]
            pools = [torch.cat([pool, code], 1) for pool in pools]
        logits = sum(self.channel.fc2(F.relu(self.channel.fc1(pool))) for pool in pools)
        x = x * torch.sigmoid(logits)[:, :, None, None]
        maps = [x.amax(1, keepdim=True), x.mean(1, keepdim=True)]
        if categories is not None:
            code = self.spatial.code[categories][:, None]
            maps.append(F.interpolate(code, x.shape[2:], mode="bilinear", align_corners=False))
        return x * torch.sigmoid(self.spatial.bn(self.spatial.conv(torch.cat(maps, 1))))


class Block(nn.Module):
    """The basic block (He et al., CVPR 2016): the gate after the last normalisation, before the
    addition."""

    def __init__(self, inputs, outputs, stride, rows):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
        self.gate = Gate(outputs, rows)

    def forward(self, x, categories):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        y = self.gate(y, categories)
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class Encoder(nn.Module):
    """ResNet-18 of half the channels, pooled: [N, 3, S, S] to [N, 256]."""

    def __init__(self, rows):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 32, 7, 2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(32)
        channels = 32
        for stage, width in enumerate((32, 64, 128, 256)):
            first = Block(channels, width, 1 if stage == 0 else 2, rows)
            self.add_module(f"layer{stage + 1}", nn.ModuleList(
                [first, Block(width, width, 1, rows)]))
            channels = width

    def forward(self, x, categories):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, padding=1)
        for stage in (self.layer1, self.layer2, self.layer3, self.layer4):
            for block in stage:
                x = block(x, categories)
        return x.mean((2, 3))


def drawn(name, shape, reach):
    """Numbers within -reach ... reach."""
    values = (2 * uniform(name, int(np.prod(shape))) - 1) * reach
    return torch.from_numpy(values.astype(np.float32).reshape(shape))


def train(network, prefix, shape, categories, dtype):
    """All that is stored, by name: three steps' worth, the first one in detail."""
    with torch.no_grad():
        for name, value in network.state_dict().items():
            if not name.endswith("num_batches_tracked"):
                value.copy_(tensor(prefix + name, tuple(value.shape)))
    network.to(dtype).train()
    rows = None if categories is None else torch.tensor(categories)
    images = drawn(prefix + "input", shape, 2).to(dtype).requires_grad_()
    optimizer = torch.optim.SGD(
        network.parameters(), lr=RATE, momentum=MOMENTUM, weight_decay=DECAY)
    found, losses = {}, []
    for step in range(STEPS):
        optimizer.zero_grad()
        output = network(images, rows)
        target = drawn(prefix + "target", output.shape, 1).to(dtype)
        loss = ((output - target) ** 2).mean()
        loss.backward()
        if step == 0:
            found["output"] = output.detach()
            found["gradient.input"] = images.grad.clone()
            for name, parameter in network.named_parameters():
                found["gradient." + name] = parameter.grad.clone()
        losses.append(loss.item())
        optimizer.step()
    for name, value in network.state_dict().items():
        if not name.endswith("num_batches_tracked"):
            found["after." + name] = value.detach().clone()
    found["losses"] = torch.tensor(losses, dtype=torch.float64)
    return found


def condensed(name, value):
    """The norm of a tensor, its largest magnitude, and entries from all over it: [2 + ENTRIES] or
    fewer."""
    if name in ("output", "losses"):
        return value
    flat = value.flatten()
    count = min(ENTRIES, len(flat))
    places = [index * len(flat) // count for index in range(count)]
    return torch.cat([flat.norm()[None], flat.abs().max()[None], flat[places]])


def disagreement(make, arguments):
    """How far single precision is from double, of each tensor's largest: what tests must allow."""
    double, single = (train(make(), *arguments, dtype) for dtype in (torch.float64, torch.float32))
    worst = {}
    for name, value in double.items():
        error = (value - single[name]).abs().max() / value.abs().max().clamp_min(1e-30)
        kind = name.split(".")[0]
        worst[kind] = max(worst.get(kind, (0, "")), (error.item(), name))
    return double, worst


def main():
    torch.manual_seed(0)
    torch.set_num_threads(1)
    cases = {
        "training-block-cbam": (
            lambda: Block(16, 32, 2, 0), ("block.", (3, 16, 8, 8), None)),
        # Row 1 of 4 is absent, row 2 serves twice.
        "training-block-category": (
            lambda: Block(16, 32, 2, 4), ("block.", (4, 16, 9, 9), [2, 0, 3, 2])),
        # At 32 pixels the last stage normalises four values a channel, and single precision loses
        # every digit within three steps, whoever computes.
        "training-resnet18half-category": (
            lambda: Encoder(4), ("", (4, 3, 64, 64), [2, 0, 3, 2])),
    }
    for file, (make, arguments) in cases.items():
        found, worst = disagreement(make, arguments)
        for kind, (error, name) in worst.items():
            print(f"{file}: {kind}: single precision is {error:.1e} away ({name})")
        print(f"{file}: losses {found['losses'].tolist()}")
        if file.startswith("training-resnet"):
            found = {name: condensed(name, value) for name, value in found.items()}
        arrays = {
            name: value.numpy().astype(np.float64 if name == "losses" else np.float32)
            for name, value in found.items()
        }
        save_file(arrays, GOLDEN / f"{file}.safetensors")


if __name__ == "__main__":
    main()
