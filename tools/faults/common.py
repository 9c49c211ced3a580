"""What the fault tools share: running the built command, and comparing what it exports."""

import os
import pathlib
import struct
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BINARY = pathlib.Path(
    os.environ.get("VITRINE_BINARY", ROOT / ".build" / "release" / "vitrine")
)


def run(*arguments, binary=BINARY):
    """Runs a command to its end; a negative status is the signal that ended it."""
    return subprocess.run(
        [str(binary), *map(str, arguments)], capture_output=True, text=True, errors="replace"
    )


def must(*arguments, binary=BINARY):
    result = run(*arguments, binary=binary)
    if result.returncode != 0:
        sys.exit(f"{' '.join(map(str, arguments))}: status {result.returncode}\n{result.stderr}")
    return result


def photos(place):
    """All photos below a folder, in a fixed order."""
    found = sorted(pathlib.Path(place).rglob("*.jpg"))
    if not found:
        sys.exit(f"{place}: no photos")
    return found


def manifest(path, images):
    """Writes a manifest of photos; the id is the photo's number and name."""
    with open(path, "w") as file:
        file.write("id,path\n")
        for number, image in enumerate(images):
            file.write(f"{number:05d}-{image.stem},{image.resolve()}\n")


def encoder(folder, crop):
    """A small encoder with random weights: faults do not care what it sees."""
    must(
        "encoder", "import", "--architecture", "resnet18", "--random-weights", 7,
        "--resize", crop + crop // 8, "--crop", crop, "--output", folder,
    )


def rows(folder):
    """What an export holds: the bytes of each item's vector."""
    data = (folder / "features.npy").read_bytes()
    ids = (folder / "ids.txt").read_text().splitlines()
    start = 10 + struct.unpack("<H", data[8:10])[0]
    assert not ids or (len(data) - start) % len(ids) == 0, "rows and ids do not match"
    width = (len(data) - start) // max(1, len(ids))
    return {
        name: data[start + width * index : start + width * (index + 1)]
        for index, name in enumerate(ids)
    }


def same_export(left, right):
    return all(
        (left / name).read_bytes() == (right / name).read_bytes()
        for name in ["features.npy", "ids.txt"]
    )
