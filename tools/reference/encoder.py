"""Features that the tests of VisualEncoder compare with, computed by PyTorch and torchvision.

    python tools/reference/encoder.py CLOTHING

CLOTHING is the `test` folder of the clothing photos (one folder per category). Weights are not
stored: this script and the tests draw them from the same hash of each tensor's name. Writes to
Tests/VisualEncoderTests/Golden.
"""

import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
import torchvision
from PIL import Image
from torchvision import transforms

from drawn_weights import tensor

GOLDEN = Path(__file__).resolve().parents[2] / "Tests/VisualEncoderTests/Golden"
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
CATEGORIES, CODE, SIDE = 3, 20, 6


def gate_forward(gate, x, rows):
    """CBAM, or CSCNN where rows of categories are given."""

    def mlp(pooled):
        if rows is not None:
            pooled = torch.cat([pooled, gate["channel.code"][rows]], 1)
        hidden = F.relu(F.linear(pooled, gate["channel.fc1.weight"], gate["channel.fc1.bias"]))
        return F.linear(hidden, gate["channel.fc2.weight"], gate["channel.fc2.bias"])

    channel = torch.sigmoid(mlp(x.mean((2, 3))) + mlp(x.amax((2, 3))))
    x = x * channel[:, :, None, None]
    maps = [x.amax(1, keepdim=True), x.mean(1, keepdim=True)]
    if rows is not None:
        code = gate["spatial.code"][rows][:, None]
        maps.append(F.interpolate(code, x.shape[2:], mode="bilinear", align_corners=False))
    space = F.conv2d(torch.cat(maps, 1), gate["spatial.conv.weight"], padding=3)
    space = F.batch_norm(
        space, gate["spatial.bn.running_mean"], gate["spatial.bn.running_var"],
        gate["spatial.bn.weight"], gate["spatial.bn.bias"], eps=1e-5)
    return x * torch.sigmoid(space)


def gate_tensors(block, channels, category):
    hidden = max(1, channels // 16)
    shapes = {
        "channel.fc1.weight": (hidden, channels + (CODE if category else 0)),
        "channel.fc1.bias": (hidden,),
        "channel.fc2.weight": (channels, hidden),
        "channel.fc2.bias": (channels,),
        "spatial.conv.weight": (1, 3 if category else 2, 7, 7),
        "spatial.bn.weight": (1,), "spatial.bn.bias": (1,),
        "spatial.bn.running_mean": (1,), "spatial.bn.running_var": (1,),
    }
    if category:
        shapes["channel.code"] = (CATEGORIES + 1, CODE)
        shapes["spatial.code"] = (CATEGORIES + 1, SIDE, SIDE)
    return {k: tensor(f"{block}.gate.{k}", s) for k, s in shapes.items()}


class Encoder:
    def __init__(self, architecture, attention):
        self.net = getattr(torchvision.models, architecture)(weights=None).eval()
        state = {
            name: value if name.endswith("num_batches_tracked") else tensor(name, value.shape)
            for name, value in self.net.state_dict().items()
        }
        self.net.load_state_dict(state)
        self.attention = attention

    def residual(self, name, block, x, rows):
        out = F.relu(block.bn1(block.conv1(x)))
        out = block.bn2(block.conv2(out))
        if isinstance(block, torchvision.models.resnet.Bottleneck):
            out = block.bn3(block.conv3(F.relu(out)))
        if self.attention != "none":
            gate = gate_tensors(name, out.shape[1], self.attention == "category")
            out = gate_forward(gate, out, rows)
        return F.relu(out + (block.downsample(x) if block.downsample else x))

    @torch.no_grad()
    def __call__(self, images, rows=None):
        net = self.net
        x = net.maxpool(F.relu(net.bn1(net.conv1(images))))
        for stage in range(1, 5):
            for index, block in enumerate(getattr(net, f"layer{stage}")):
                x = self.residual(f"layer{stage}.{index}", block, x, rows)
        return x.mean((2, 3)).numpy()


def formula_images(count, side):
    n, y, x, c = np.meshgrid(
        np.arange(count), np.arange(side), np.arange(side), np.arange(3), indexing="ij")
    return ((x * 3 + y * 5 + c * 40 + (x * y) // (7 + n)) % 256).astype(np.uint8)


def normalized(images):
    x = torch.from_numpy(images).permute(0, 3, 1, 2).float() / 255
    return (x - torch.tensor(MEAN)[:, None, None]) / torch.tensor(STD)[:, None, None]


def photos(folder):
    """The first photos of each category in the order of their names, 32 in all."""
    by_category = [sorted(p for p in d.iterdir() if p.suffix.lower() in (".jpg", ".jpeg"))
                   for d in sorted(Path(folder).iterdir()) if d.is_dir()]
    return [f for rank in zip(*(files[:8] for files in by_category)) for f in rank][:32]


def main():
    torch.set_num_threads(1)
    GOLDEN.mkdir(parents=True, exist_ok=True)
    images = normalized(formula_images(3, 224))
    for architecture in ("resnet18", "resnet34", "resnet50"):
        np.save(GOLDEN / f"{architecture}.npy", Encoder(architecture, "none")(images))
    np.save(GOLDEN / "resnet18-cbam.npy", Encoder("resnet18", "cbam")(images))
    np.save(GOLDEN / "resnet50-cbam.npy", Encoder("resnet50", "cbam")(images))
    rows = torch.tensor([0, 1, 3])
    np.save(GOLDEN / "resnet18-category.npy", Encoder("resnet18", "category")(images, rows))
    small = normalized(formula_images(2, 97))
    np.save(GOLDEN / "resnet18-category-97.npy",
            Encoder("resnet18", "category")(small, torch.tensor([2, 0])))

    preprocess = transforms.Compose([
        transforms.Resize(256), transforms.CenterCrop(224), transforms.ToTensor(),
        transforms.Normalize(MEAN, STD)])
    encoder = Encoder("resnet18", "none")
    files = photos(sys.argv[1])
    features = [encoder(preprocess(Image.open(f).convert("RGB"))[None])[0] for f in files]
    np.save(GOLDEN / "clothing.npy", np.stack(features))
    names = [str(f.relative_to(sys.argv[1])) for f in files]
    (GOLDEN / "clothing.txt").write_text("\n".join(names) + "\n")


if __name__ == "__main__":
    main()
