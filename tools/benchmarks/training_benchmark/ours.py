"""The side of `vitrine encoder train`."""

import json
import math
import os
import random
import shutil
import sys
from pathlib import Path

import measure

WATCH = Path(__file__).resolve().parent / "watch.py"
CLASSES, STEPS_AN_EPOCH, VALIDATION = 10, 8, 0.1


def pictures(folder, size, count):
    """JPEG files of coarse noise, one folder a class; made once."""
    from PIL import Image  # late: asking for help needs no Pillow

    if (folder / "complete").exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    noise = random.Random(1)
    for index in range(count):
        place = folder / f"class-{index % CLASSES}"
        place.mkdir(parents=True, exist_ok=True)
        image = Image.frombytes("RGB", (8, 8), noise.randbytes(8 * 8 * 3))
        image.resize((size, size)).save(place / f"{index:04}.jpg", quality=60)
    (folder / "complete").touch()


def configuration(folder, size, batch, arithmetic, epochs):
    """The step that PyTorch is timed at, and nothing around it that it does not do."""
    return f"""\
objective: classification
architecture: resnet18
preprocessing: {{resize: {size}, crop: {size}}}
data: {{train: {folder}, validation: {VALIDATION}}}
augmentation: none
training:
  epochs: {epochs}
  batch_size: {batch}
  optimizer: sgd
  momentum: 0.9
  weight_decay: 1e-4
  learning_rate: 0.01
  label_smoothing: 0
  arithmetic: {arithmetic}
"""


def vitrine_rate(size, batch, arithmetic, work, seconds, turn):
    """A measure.Run and the images per second of its steps, decoding left out."""
    folder = work / f"pictures-{size}-{batch}"
    pictures(folder, size, math.ceil(batch * STEPS_AN_EPOCH / (1 - VALIDATION)))
    # Long enough for some fifteen images a second at 224 pixels, if no faster.
    epochs = max(2, round(seconds * (15 * 224 * 224 / size**2) / (batch * STEPS_AN_EPOCH)))
    recipe = work / f"vitrine-{size}-{batch}-{arithmetic}.yaml"
    recipe.write_text(configuration(folder.resolve(), size, batch, arithmetic, epochs))
    output = work / "encoder"
    clear(output)
    run = measure.run(command(recipe, output), turn)
    return run, json.loads(run.output)["step_images_per_second"]


def vitrine_training(recipe, work, turn, limit):
    """A measure.Run, and what accuracy.record wants to know."""
    output = work / "encoder"
    clear(output)
    run = measure.run([sys.executable, str(WATCH)] + command(recipe, output), turn, limit)
    said = json.loads(run.output)
    report = said["report"].get("test") or {}
    return run, {
        "parameters": parameters(output / "weights.safetensors"), "epochs": said["epochs"],
        "top1": report.get("accuracy"), "neighbours": report.get("neighbour_agreement")}


def command(recipe, output):
    return [os.environ["VITRINE"], "encoder", "train", str(recipe), "--output", str(output),
            "--json"]


def clear(output):
    """An encoder that nobody keeps, and what lies beside it."""
    for path in output.parent.glob(f"{output.name}*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def parameters(file):
    """How many numbers were trained."""
    with open(file, "rb") as stream:
        header = json.loads(stream.read(int.from_bytes(stream.read(8), "little")))
    return sum(math.prod(entry["shape"]) for name, entry in header.items()
               if name != "__metadata__" and ".running_" not in name)
