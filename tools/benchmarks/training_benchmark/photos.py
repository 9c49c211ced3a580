"""Photos in memory, and the augmentation of the PyTorch side: whole batches on the processor."""

import math

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
SUFFIXES = (".jpg", ".jpeg", ".png")


def load(folder, side):
    """uint8 [N, 3, side, side], squashed to squares, and labels [N]: a folder is a class."""
    images, labels = [], []
    for label, place in enumerate(sorted(p for p in folder.iterdir() if p.is_dir())):
        for path in sorted(p for p in place.iterdir() if p.suffix.lower() in SUFFIXES):
            with Image.open(path) as image:
                # Decoding at a smaller scale, where the format can.
                image.draft("RGB", (2 * side, 2 * side))
                small = image.convert("RGB").resize((side, side), Image.Resampling.BILINEAR)
            images.append(torch.from_numpy(np.array(small)).permute(2, 0, 1))
            labels.append(label)
    return torch.stack(images), torch.tensor(labels)


def normalized(pixels):
    """uint8 to float32 as ImageNet's statistics say."""
    mean = torch.tensor(MEAN).view(3, 1, 1) * 255
    scale = 1 / (torch.tensor(STD).view(3, 1, 1) * 255)
    return (pixels.float() - mean) * scale


def augmented(pixels, side):
    """uint8 [n, 3, S, S] to normalised [n, 3, side, side]: a crop of 50 to 100 % of the area with an
    aspect of up to 4:3, mirrored half of the time; brightness, contrast and saturation within
    0.7 ... 1.3; a square of a quarter of the side cut out half of the time."""
    n = len(pixels)
    area, aspect = 0.5 + 0.5 * torch.rand(n), torch.exp((torch.rand(n) - 0.5) * 2 * math.log(4 / 3))
    width, height = (area * aspect).sqrt().clamp(max=1), (area / aspect).sqrt().clamp(max=1)
    theta = torch.zeros(n, 2, 3)
    theta[:, 0, 0] = width * (1 - 2 * (torch.rand(n) < 0.5).float())
    theta[:, 1, 1] = height
    theta[:, 0, 2] = (1 - width) * (2 * torch.rand(n) - 1)
    theta[:, 1, 2] = (1 - height) * (2 * torch.rand(n) - 1)
    grid = F.affine_grid(theta, (n, 3, side, side), align_corners=False)
    x = F.grid_sample(pixels.float(), grid, padding_mode="reflection", align_corners=False)

    brightness, contrast, saturation = (0.7 + 0.6 * torch.rand(3, n, 1, 1, 1)).unbind()
    x = x * brightness
    centre = x.mean((1, 2, 3), keepdim=True)
    x = (x - centre) * contrast + centre
    grey = x.mean(1, keepdim=True)
    x = normalized(((x - grey) * saturation + grey).clamp(0, 255))

    hole = side // 4
    for index in torch.nonzero(torch.rand(n) < 0.5).flatten().tolist():
        top, left = torch.randint(side - hole + 1, (2,)).tolist()
        x[index, :, top : top + hole, left : left + hole] = 0
    return x
