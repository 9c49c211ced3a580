"""The folder a comparison works in: which images, and for each network the files all rows share.

    WORK/images-KEY/{timed,calibration}     copies of the JPEG files, under names that sort
    WORK/ARCHITECTURE-KEY/                  weights, reference features, ONNX, int8 models, encoders

KEY is a hash of what went in, so nothing stale is ever used and a second run starts at once.
"""

import hashlib
import json
import random
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import measure

HERE = Path(__file__).resolve().parent
WIDTH = {"resnet18": 512, "resnet34": 512, "resnet50": 2048}
SEED, CALIBRATION = 7, 300


@dataclass
class Images:
    """Timed images are in `timed`; those fidelity is judged on leave out the calibration's."""

    folder: Path
    timed: list
    calibration: list
    judged: list  # rows of timed
    disjoint: bool  # no judged image has calibrated int8

    @property
    def bytes(self):
        return sum(path.stat().st_size for path in self.timed)


def is_readable(path):
    """A damaged file costs vitrine its item but ends the peers."""
    from preprocessing import load  # late: asking for help needs no Pillow

    try:
        load(path)
        return True
    except OSError as error:
        print(f"left out: {path.name}: {error}", file=sys.stderr)
        return False


def choose_images(source, limit, work):
    """Copies JPEG files from source, each content once, so that no tool gains by a cache."""
    found = {}
    for path in sorted(source.rglob("*")):
        if path.suffix.lower() in (".jpg", ".jpeg") and path.is_file() and is_readable(path):
            found.setdefault(hashlib.sha256(path.read_bytes()).hexdigest(), path)
    if len(found) < 8:
        raise measure.Failed(f"{source}: {len(found)} JPEG files, at least 8 that Pillow reads are needed")
    order = list(found.items())
    random.Random(SEED).shuffle(order)
    calibration = order[: min(CALIBRATION, len(order) // 4)]
    timed = order if limit is None else order[-limit:]
    key = hashlib.sha256("".join(digest for digest, _ in order).encode())
    key.update(str(len(timed)).encode())
    folder = work / f"images-{key.hexdigest()[:12]}"
    if not (folder / "complete").exists():
        for name, part in (("timed", timed), ("calibration", calibration)):
            (folder / name).mkdir(parents=True, exist_ok=True)
            for digest, path in part:
                shutil.copyfile(path, folder / name / f"{digest[:16]}.jpg")
        (folder / "complete").touch()
    paths = {name: sorted((folder / name).glob("*.jpg")) for name in ("timed", "calibration")}
    known = {path.name for path in paths["calibration"]}
    judged = [row for row, path in enumerate(paths["timed"]) if path.name not in known]
    disjoint = len(judged) >= 50
    if not disjoint:
        judged = list(range(len(paths["timed"])))
    return Images(folder, paths["timed"], paths["calibration"], judged, disjoint)


def make_job(architecture, images, given, work):
    """The files of one network, made where they are missing; given is a folder of weights."""
    key = hashlib.sha256(images.folder.name.encode() + (HERE / "network.py").read_bytes())
    if given is not None:
        if not (given / f"{architecture}.safetensors").is_file():
            raise measure.Failed(f"--weights: there is no {architecture}.safetensors in {given}")
        key.update((given / f"{architecture}.safetensors").read_bytes())
    folder = work / f"{architecture}-{key.hexdigest()[:12]}"
    folder.mkdir(parents=True, exist_ok=True)
    weights = folder / "weights.safetensors"
    if given is not None and not weights.exists():
        shutil.copyfile(given / f"{architecture}.safetensors", weights)
    job = {
        "architecture": architecture,
        "width": WIDTH[architecture],
        "folder": str(folder),
        "weights": str(weights),
        "reference": str(folder / "reference.npy"),
        "onnx": str(folder / "network.onnx"),
        "pixels_onnx": str(folder / "network-pixels.onnx"),
        "images": [str(path) for path in images.timed],
        "calibration": [str(path) for path in images.calibration],
        "calibration_folder": str(images.folder / "calibration"),
        "images_folder": str(images.folder / "timed"),
    }
    file = folder / "job.json"
    file.write_text(json.dumps(job))
    measure.run([sys.executable, str(HERE / "network.py"), str(file)])
    job["flops"] = json.loads((folder / "flops.json").read_text())
    return job
