"""Writes the goldens of Tests/ImagesTests from Pillow and torchvision.

    python tools/reference/images.py [--photos ../shared/data/clothing]

Fixtures are small files of every kind the room reads, made here, with the SHA-256 of the pixels
that Pillow's convert("RGB") gives for them. Photos are named, not copied: only hashes are stored.
Needs pillow, numpy, torch, torchvision.
"""

import argparse
import hashlib
import io
import json
import struct
import zlib
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from torchvision.transforms import InterpolationMode
from torchvision.transforms import functional as F

GOLDEN = Path(__file__).resolve().parents[2] / "Tests" / "ImagesTests" / "Golden"
KERNELS = {
    "bilinear": (InterpolationMode.BILINEAR, Image.Resampling.BILINEAR),
    "bicubic": (InterpolationMode.BICUBIC, Image.Resampling.BICUBIC),
}
MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


def sha(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


def entry(image):
    return {"width": image.width, "height": image.height, "sha256": sha(np.asarray(image))}


def noise(width, height, seed):
    """The generator of `TestImage.noise`: the high byte of a linear congruence."""
    state, values = seed, bytearray()
    for _ in range(width * height * 3):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        values.append(state >> 24)
    return Image.frombytes("RGB", (width, height), bytes(values))


# Preprocessing: torchvision where it has the mode; timm's arithmetic for the border.


def resized(image, mode, kernel, resize):
    interpolation = KERNELS[kernel][0]
    if mode == "center":
        return F.resize(image, resize, interpolation)
    if mode == "squash":
        return F.resize(image, [resize, resize], interpolation)
    ratio = max(image.height / resize, image.width / resize)
    size = [max(round(image.height / ratio), 1), max(round(image.width / ratio), 1)]
    return F.resize(image, size, interpolation)


def cropped(image, mode, crop):
    if mode != "border":
        return F.center_crop(image, crop)
    missing = [max(crop - image.width, 0), max(crop - image.height, 0)]
    padding = [missing[0] // 2, missing[1] // 2, (missing[0] + 1) // 2, (missing[1] + 1) // 2]
    fill = tuple(round(255 * v) for v in MEAN)
    return F.center_crop(F.pad(image, padding, fill=fill), crop)


def normalized(image):
    return F.normalize(F.to_tensor(image), MEAN, STD).numpy()


def stages(image, resize=256, crop=224):
    result = {}
    for mode in ("center", "squash", "border"):
        for kernel in KERNELS:
            whole = resized(image, mode, kernel, resize)
            square = cropped(whole, mode, crop)
            result[f"{mode}/{kernel}"] = {
                "resized": entry(whole),
                "cropped": sha(np.asarray(square)),
                "normalized": sha(normalized(square)),
            }
    return result


# PNG of every colour type and depth, which Pillow itself does not write.


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def packed(samples, depth):
    """Rows of samples to rows of bytes."""
    if depth == 16:
        return [row.astype(">u2").tobytes() for row in samples]
    if depth == 8:
        return [row.astype(np.uint8).tobytes() for row in samples]
    rows = []
    for row in samples:
        bits = np.unpackbits(row.reshape(-1, 1).astype(np.uint8), axis=1)[:, 8 - depth :]
        rows.append(np.packbits(bits.reshape(-1)).tobytes())
    return rows


def png(samples, colour, depth, interlaced, extra=b""):
    """samples: [height, width, channels]"""
    height, width, _ = samples.shape
    passes = [(0, 0, 1, 1)]
    if interlaced:
        passes = [
            (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4),
            (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2),
        ]  # fmt: skip
    data = b""
    for x, y, dx, dy in passes:
        part = samples[y::dy, x::dx]
        if part.size:
            flat = part.reshape(part.shape[0], -1)
            data += b"".join(b"\0" + row for row in packed(flat, depth))
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + extra
        + chunk(b"IDAT", zlib.compress(data, 9))
        + chunk(b"IEND", b"")
    )


def png_fixtures():
    random = np.random.default_rng(7)
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
    names = {0: "grey", 2: "rgb", 3: "palette", 4: "grey-alpha", 6: "rgba"}
    depths = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
    for colour, name in names.items():
        for depth in depths[colour]:
            top = (1 << depth) - 1
            samples = random.integers(0, top + 1, (13, 21, channels[colour]))
            palette = b""
            if colour == 3:
                palette = chunk(b"PLTE", random.bytes(3 * (top + 1)))
            for interlaced in (False, True):
                label = f"{name}-{depth}{'-interlaced' if interlaced else ''}.png"
                yield label, png(samples, colour, depth, interlaced, palette)
            transparent = {
                0: struct.pack(">H", 1),
                2: struct.pack(">HHH", *samples[0, 0]) if colour == 2 else b"",
                3: b"\x00\x80",
            }
            if colour in transparent and depth in (8, 16, 4):
                extra = palette + chunk(b"tRNS", transparent[colour])
                yield f"{name}-{depth}-trns.png", png(samples, colour, depth, False, extra)
    samples = random.integers(0, 256, (1, 1, 3))
    yield "one-pixel.png", png(samples, 2, 8, False)
    profile = b"x\0\0" + zlib.compress(b"\0" * 5000)
    text = b"Comment\0\0" + zlib.compress(b"poster " * 1000)
    extra = chunk(b"iCCP", profile) + chunk(b"zTXt", text) + chunk(b"gAMA", struct.pack(">I", 1))
    yield "ancillary.png", png(samples, 2, 8, False, extra)
    tiff = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    samples = random.integers(0, 256, (5, 9, 3))
    yield "orientation-6.png", png(samples, 2, 8, False, chunk(b"eXIf", tiff))


def jpeg(image, **options):
    stream = io.BytesIO()
    image.save(stream, "JPEG", **options)
    return stream.getvalue()


def jpeg_fixtures(photo):
    small = photo.resize((90, 61), Image.Resampling.BICUBIC)
    tiny = photo.resize((23, 14), Image.Resampling.BICUBIC)
    yield "rgb-420.jpg", jpeg(small, quality=85)
    yield "rgb-422.jpg", jpeg(small, quality=60, subsampling="4:2:2")
    yield "rgb-444.jpg", jpeg(small, quality=95, subsampling="4:4:4")
    yield "rgb-raw.jpg", jpeg(small, quality=80, keep_rgb=True)
    yield "rgb-restart.jpg", jpeg(small, quality=75, restart_marker_blocks=3)
    yield "progressive.jpg", jpeg(small, quality=80, progressive=True)
    tall = photo.resize((16, 640), Image.Resampling.BICUBIC)
    yield "progressive-tall.jpg", jpeg(tall, quality=50, progressive=True)
    yield "grey.jpg", jpeg(small.convert("L"), quality=80)
    yield "grey-progressive.jpg", jpeg(small.convert("L"), quality=80, progressive=True)
    yield "cmyk.jpg", jpeg(small.convert("CMYK"), quality=80)
    yield "cmyk-ink.jpg", jpeg(
        Image.merge("CMYK", [*small.split(), small.convert("L")]), quality=90
    )
    yield "one-pixel.jpg", jpeg(noise(1, 1, 3))
    yield "one-column.jpg", jpeg(noise(1, 40, 4))
    yield "one-row.jpg", jpeg(noise(40, 1, 5))
    yield "odd.jpg", jpeg(noise(17, 9, 6), quality=50)
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        exif[0x010F] = "Vitrine"
        yield f"orientation-{orientation}.jpg", jpeg(tiny, quality=70, exif=exif)


def fixture(name, data):
    (GOLDEN / "fixtures" / name).write_bytes(data)
    image = Image.open(io.BytesIO(data))
    image.load()
    if image.mode == "I;16":
        # Pillow saturates 16-bit grey at 255; the room keeps the high byte, as for colour.
        rgb = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8)).convert("RGB")
    else:
        rgb = image.convert("RGB")
    result = {"file": name, "pixels": entry(rgb)}
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    if upright.size != image.size or image.getexif().get(0x0112):
        result["upright"] = entry(upright.convert("RGB"))
        result["orientation"] = image.getexif().get(0x0112)
    if name in ("rgb-420.jpg", "one-column.jpg", "rgba-8.png", "odd.jpg"):
        result["stages"] = stages(rgb)
        result["wide"] = stages(rgb, resize=33, crop=50)
    return result


SHAPES = [
    (1, 1, 1, 1), (1, 1, 7, 5), (1, 37, 256, 9), (37, 1, 5, 256), (2, 2, 3, 3),
    (5, 3, 5, 9), (5, 3, 11, 3), (64, 48, 64, 48), (64, 48, 21, 17), (64, 48, 128, 131),
    (3, 500, 4, 40), (700, 2, 9, 9), (1000, 1, 1, 1), (301, 203, 256, 255), (130, 90, 1, 1),
    (60, 200, 50, 180), (60, 200, 50, 179), (60, 199, 70, 198), (40, 90, 20, 10),
]  # fmt: skip


def resamples():
    for width, height, to_width, to_height in SHAPES:
        image = noise(width, height, width * 1000 + height)
        for kernel, (_, filter) in KERNELS.items():
            out = image.resize((to_width, to_height), filter)
            yield {
                "input": [width, height], "output": [to_width, to_height], "kernel": kernel,
                "sha256": sha(np.asarray(out)),
            }  # fmt: skip


def main():
    parser = argparse.ArgumentParser()
    root = Path(__file__).resolve().parents[2]
    parser.add_argument("--photos", type=Path, default=root / "../shared/data/clothing")
    photos = parser.parse_args().photos
    torch.set_num_threads(1)
    (GOLDEN / "fixtures").mkdir(parents=True, exist_ok=True)
    paths = sorted(photos.glob("test/*/*.jpg"))
    paths = [paths[i * len(paths) // 32] for i in range(32)]

    first = Image.open(paths[0]).convert("RGB")
    files = [*jpeg_fixtures(first), *png_fixtures()]
    document = {
        "fixtures": [fixture(name, data) for name, data in files],
        "resamples": list(resamples()),
        "table": sha(normalized(Image.fromarray(
            np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)))),
        "photos": [],
    }  # fmt: skip
    for path in paths:
        image = Image.open(path).convert("RGB")
        document["photos"].append({
            "file": path.relative_to(photos).as_posix(),
            "pixels": entry(image),
            "stages": stages(image),
        })  # fmt: skip
    (GOLDEN / "images.json").write_text(json.dumps(document, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
