"""The rows of the comparison: vitrine in each precision, and the peers. Each runs the same job."""

import json
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

import measure
from peers import PEERS

HERE = Path(__file__).resolve().parent
# All variants of a peer run on the first number of images, the best ones again on the second.
TUNING_IMAGES, FINALISTS = (64, 256), 3

made = set()  # encoders of this comparison


@dataclass
class Result:
    """What one repetition gave; stages are CPU seconds summed over workers, by name."""

    seconds: float
    wall: float
    peak_bytes: int
    foreign: float
    stages: dict = field(default_factory=dict)


class Vitrine:
    """`vitrine extract` into a new cache; seconds are those it reports, storing included."""

    def __init__(self, binary, precision, workers=None):
        self.binary, self.precision, self.workers = binary, precision, workers
        self.name = f"vitrine-{precision}" + (f" ({workers} worker)" if workers else "")
        self.variant = {"workers": workers} if workers else {}

    def prepare(self, job, turn):
        """Imports the encoder; int8 quantizes one, on the images that the peers calibrate on."""
        folder = Path(job["folder"])
        self.encoder = folder / "encoder"
        self.make(self.encoder, "import", "--architecture", job["architecture"],
                  "--weights", job["weights"])
        if self.precision == "int8":
            plain, self.encoder = self.encoder, folder / "encoder-int8"
            self.make(self.encoder, "quantize", str(plain), job["calibration_folder"])

    def make(self, encoder, *arguments):
        """Once per comparison, not once for all: another build may write another bundle."""
        if encoder in made:
            return
        shutil.rmtree(encoder, ignore_errors=True)
        measure.run([self.binary, "encoder", *arguments, "--output", str(encoder)])
        made.add(encoder)

    def run(self, job, turn):
        cache = Path(job["folder"]) / "cache"
        shutil.rmtree(cache, ignore_errors=True)
        command = [self.binary, "extract", job["images_folder"], "--encoder", str(self.encoder),
                   "--cache", str(cache), "--precision", self.precision, "--json"]
        if self.workers:
            command += ["--workers", str(self.workers)]
        run = measure.run(command, turn)
        said = json.loads(run.output)
        if said["computed"] != len(job["images"]):
            raise measure.Failed(f"{self.name} computed {said['computed']} of {len(job['images'])}")
        return Result(said["seconds"], run.seconds, run.peak_bytes, run.foreign,
                      said.get("stages", {}))

    def features(self, job):
        """Of the last run, in the order of the images."""
        cache, output = (Path(job["folder"]) / name for name in ("cache", "export"))
        shutil.rmtree(output, ignore_errors=True)
        measure.run([self.binary, "cache", "export", str(cache), "--format", "npy",
                     "--output", str(output)])
        ids = (output / "ids.txt").read_text().splitlines()
        row = {name: index for index, name in enumerate(ids)}
        rows = [row[Path(path).stem] for path in job["images"]]
        return np.load(output / "features.npy")[rows]


class Peer:
    """A peer in its own process, in the variant that was fastest on a part of the images."""

    def __init__(self, name, cores):
        self.name, self.cores = name, cores
        self.precision = name.split("-")[1]
        self.variant = {}

    def call(self, verb, job, turn):
        folder = Path(job["folder"])
        file, self.output = folder / f"{self.name}-job.json", folder / f"{self.name}-output"
        file.write_text(json.dumps(job))
        return measure.run([sys.executable, str(HERE / "peer.py"), verb, self.name, str(file),
                            str(self.output)], turn)

    def said(self):
        return json.loads(Path(f"{self.output}.json").read_text())

    def prepare(self, job, turn):
        turn.give()
        self.call("prepare", dict(job, cores=self.cores), None)
        variants = self.said()["variants"]
        kept = Path(job["folder"]) / f"{self.name}-tuned.json"
        if kept.exists() and (known := json.loads(kept.read_text()))["variant"] in variants:
            self.variant, self.tried = known["variant"], known["tried"]
            return
        self.tried = self.attempt(variants, job, turn, TUNING_IMAGES[0])
        best = sorted(self.tried, key=lambda one: -one[1])[:FINALISTS]
        if len(best) > 1:
            self.tried = self.attempt([one[0] for one in best], job, turn, TUNING_IMAGES[1])
        self.variant = max(self.tried, key=lambda one: one[1])[0]
        kept.write_text(json.dumps({"variant": self.variant, "tried": self.tried}))

    def attempt(self, variants, job, turn, count):
        """Pairs of a variant and its images per second; those that fail are left out."""
        # Evenly spread, since names of files may say something about them.
        some = job["images"][:: max(1, len(job["images"]) // count)][:count]
        tried = []
        for variant in variants:
            self.variant = variant
            try:
                result = measure.calm(lambda: self.run(dict(job, images=some), turn))
                tried.append([variant, len(some) / result.seconds])
            except measure.Failed as failure:
                error = failure
        if not tried:
            raise error
        return tried

    def run(self, job, turn):
        run = self.call("run", dict(job, variant=self.variant), turn)
        return Result(self.said()["seconds"], run.seconds, run.peak_bytes, run.foreign)

    def features(self, job):
        return np.load(f"{self.output}.npy")


def all_rows(binary, cores, only):
    """Those whose name holds one of the words of only, or all."""
    precisions = ("fp32", "bf16", "int8")
    rows = [Vitrine(binary, precision) for precision in precisions]
    rows += [Vitrine(binary, precision, workers=1) for precision in precisions]
    rows += [Peer(name, cores) for name in PEERS]
    return [row for row in rows if not only or any(word in row.name for word in only)]
