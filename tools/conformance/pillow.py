"""Compares `vitrine preprocess` with Pillow; see `pillow` beside this file.

    python pillow.py VITRINE FOLDER ...
"""

import json
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import PIL
from PIL import Image

RESIZE = 256
BATCH = 100
KERNELS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}
Image.MAX_IMAGE_PIXELS = None


def reduced(image):
    """RGB; of 16-bit grey the high byte, where Pillow makes everything above 255 white."""
    if image.mode == "I;16":
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8)).convert("RGB")
    return image.convert("RGB")


def size(image):
    """torchvision's: the long side is cut off, not rounded."""
    short, long = sorted(image.size)
    other = int(RESIZE * long / short)
    return (RESIZE, other) if image.width <= image.height else (other, RESIZE)


def on_white(image):
    """Composited as Pillow's paste does, from eight bits."""
    rgba = image.convert("RGBA")
    white = Image.new("RGB", image.size, "white")
    white.paste(rgba.convert("RGB"), mask=rgba.getchannel("A"))
    return white


def has_alpha(image):
    return image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info


def expected(path):
    """Yields (stage, kernel, alpha) and pixels."""
    image = Image.open(path)
    image.load()
    rgb = reduced(image)
    yield ("decoded", "bilinear", "drop"), np.asarray(rgb)
    # 4-bit grey with a transparent colour is composited wrongly by Pillow, 16-bit grey not at all.
    if has_alpha(image) and image.mode in ("LA", "PA", "RGBA", "P"):
        yield ("decoded", "bilinear", "white"), np.asarray(on_white(image))
    for kernel, filter in KERNELS.items():
        yield ("resized", kernel, "drop"), np.asarray(rgb.resize(size(rgb), filter))


def preprocess(program, paths, choice, folder):
    stage, kernel, alpha = choice
    command = [program, "preprocess", "--stage", stage, "--interpolation", kernel]
    command += ["--alpha", alpha, "--output", str(folder), "--json", *map(str, paths)]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode not in (0, 1):
        sys.exit(f"vitrine preprocess: exit status {result.returncode}\n{result.stderr}")
    summary = json.loads(result.stdout)
    # One image is written to a file, several to a folder.
    written = summary.get("written", [summary] if "output" in summary else [])
    return {item["image"]: item["output"] for item in written}


def compare(program, paths):
    """Counts of (choice, verdict), and the images that differ."""
    counts, different, wanted = {}, [], {}
    for path in paths:
        try:
            wanted[path] = dict(expected(path))
        except Exception:  # Pillow raises many kinds for files it cannot read.
            wanted[path] = {}
            key = (("any", "-", "-"), "not read by Pillow")
            counts[key] = counts.get(key, 0) + 1
    for choice in sorted({choice for pixels in wanted.values() for choice in pixels}):
        chosen = [path for path in paths if choice in wanted[path]]
        with tempfile.TemporaryDirectory() as folder:
            output = Path(folder) / "x.npy" if len(chosen) == 1 else folder
            written = preprocess(program, chosen, choice, output)
            for path in chosen:
                verdict = "equal"
                if str(path) not in written:
                    verdict = "refused"
                elif not np.array_equal(np.load(written[str(path)]), wanted[path][choice]):
                    verdict = "different"
                if verdict != "equal":
                    different.append(f"{path}: {' '.join(choice)}: {verdict}")
                counts[choice, verdict] = counts.get((choice, verdict), 0) + 1
    return counts, different


def batches(folder):
    """Images of one folder at a time: names are unique there, up to the ending."""
    kinds = {".jpg", ".jpeg", ".png"}
    paths = sorted(p for p in Path(folder).rglob("*") if p.suffix.lower() in kinds)
    groups = {}
    for path in paths:
        groups.setdefault((path.parent, path.suffix), []).append(path)
    for group in groups.values():
        yield from (group[i : i + BATCH] for i in range(0, len(group), BATCH))


def main():
    program, folders = sys.argv[1], sys.argv[2:]
    print(f"Pillow {PIL.__version__}")
    failures = 0
    for folder in folders:
        work = list(batches(folder))
        total, different = {}, []
        with ThreadPoolExecutor(2) as pool:
            for counts, names in pool.map(lambda paths: compare(program, paths), work):
                different += names
                for key, count in counts.items():
                    total[key] = total.get(key, 0) + count
        print(f"{folder}: {sum(map(len, work))} images")
        for ((stage, kernel, alpha), verdict), count in sorted(total.items()):
            print(f"  {stage:9} {kernel:9} alpha {alpha:6} {count:6} {verdict}")
        for line in different[:20]:
            print(f"    {line}")
        failures += len(different)
    sys.exit(failures > 0)


if __name__ == "__main__":
    main()
