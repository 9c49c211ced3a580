"""The side of `vitrine encoder train`."""

import json
import os
import random
import shutil

import measure

CLASSES, STEPS_AN_EPOCH = 10, 8


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
    return f"""\
objective: classification
architecture: resnet18
preprocessing:
  resize: {size}
  crop: {size}
data:
  train: {folder}
training:
  epochs: {epochs}
  batch_size: {batch}
  optimizer: sgd
  arithmetic: {arithmetic}
"""


def vitrine_rate(size, batch, arithmetic, work, seconds, turn):
    """A measure.Run and the images per second of its steps, decoding left out."""
    folder = work / f"pictures-{size}-{batch}"
    pictures(folder, size, batch * STEPS_AN_EPOCH)
    # Long enough for some ten images a second at 224 pixels, if no faster.
    epochs = max(2, round(seconds * (10 * 224 * 224 / size**2) / (batch * STEPS_AN_EPOCH)))
    recipe = work / f"vitrine-{size}-{batch}-{arithmetic}.yaml"
    recipe.write_text(configuration(folder.resolve(), size, batch, arithmetic, epochs))
    run = train(recipe, work / "encoder", turn)
    return run, json.loads(run.output)["step_images_per_second"]


def train(recipe, output, turn, timeout=3600):
    """Trains an encoder that nobody keeps; the run's output is JSON."""
    shutil.rmtree(output, ignore_errors=True)
    command = [os.environ["VITRINE"], "encoder", "train", str(recipe), "--output", str(output),
               "--json"]
    return measure.run(command, turn, timeout)
