"""What every peer sees of a poster: decode, short side to 256, centre crop of 224.

Pillow does the work, as torchvision's transforms on PIL images would: bilinear with antialias, the
long side truncated, the crop's offset rounded half to even. The result stays uint8 HWC, a quarter
of the bytes between processes; each peer scales and normalises where it is cheapest for it.
"""

import numpy as np
from PIL import Image

RESIZE, CROP = 256, 224
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def load(path):
    """uint8 [224, 224, 3]."""
    with Image.open(path) as file:
        # libjpeg may shrink while it decodes; torchvision never asks it to, and so don't we.
        image = file.convert("RGB")
    width, height = image.size
    short, long = sorted((width, height))
    scaled = int(RESIZE * long / short)
    size = (RESIZE, scaled) if width <= height else (scaled, RESIZE)
    left, top = (int(round((side - CROP) / 2.0)) for side in size)
    image = image.resize(size, Image.Resampling.BILINEAR)
    return np.asarray(image.crop((left, top, left + CROP, top + CROP)))


def load_into(paths, batch):
    """Fills batch, uint8 [n, 224, 224, 3], from the front."""
    for row, path in enumerate(paths):
        batch[row] = load(path)


def normalized(batch):
    """uint8 [n, 224, 224, 3] to float32 [n, 3, 224, 224]."""
    scaled = (batch.astype(np.float32) / 255 - np.float32(MEAN)) / np.float32(STD)
    return np.ascontiguousarray(scaled.transpose(0, 3, 1, 2))
