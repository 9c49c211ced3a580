"""`vitrine extract` against its peers: same JPEG files, same weights, same cores, one run."""

import importlib.metadata
import json
import os
import signal
import sys
from pathlib import Path

import comparison
import measure
import options
import report
import rows
import workplace
from turn import Turn

PACKAGES = ("torch", "torchvision", "timm", "onnxruntime", "openvino", "nncf", "pillow", "numpy")


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown processor"


def peak(work, turn):
    """GFLOP/s of one core by precision; empty where it cannot be measured."""
    source = Path(__file__).resolve().parents[1] / "processor-peak.c"
    binary = work / "processor-peak"
    try:
        measure.run(["cc", "-O2", str(source), "-o", str(binary), "-ldnnl"])
        output = measure.run(["env", "OMP_NUM_THREADS=1", str(binary)], turn).output
        return json.loads(output)
    except measure.Failed as failure:
        comparison.say(f"processor's peak: n/a: {failure}")
        return {}


def main():
    chosen = options.parse()
    chosen.work.mkdir(parents=True, exist_ok=True)
    turn = Turn(chosen.lock)
    cores = len(os.sched_getaffinity(0))
    images = workplace.choose_images(chosen.images, chosen.limit, chosen.work.resolve())
    results = {
        "machine": {"processor": processor(), "cores": cores, "load": os.getloadavg()[0]},
        "images": {
            "source": chosen.images.name, "count": len(images.timed), "bytes": images.bytes,
            "judged": len(images.judged), "calibration": len(images.calibration),
            "overlap": f"{len(images.calibration)} others calibrated int8"
            if images.disjoint else "some of which calibrated int8",
        },
        "repetitions": chosen.repetitions,
        "versions": {name: importlib.metadata.version(name) for name in PACKAGES},
        "peak": peak(chosen.work, turn),
        "networks": {},
    }
    words = [word for word in chosen.rows.split(",") if word]
    for name in chosen.networks.split(","):
        turn.give()
        comparison.say(f"{name}: weights, reference features, exports")
        job = workplace.make_job(name, images, chosen.weights, chosen.work.resolve())

        def keep(records):
            """An interrupted comparison has not run for nothing."""
            results["networks"][name] = {"flops": job["flops"], "rows": records}
            (chosen.work / "results.json").write_text(json.dumps(results, indent=1) + "\n")

        comparison.compare(job, images, rows.all_rows(os.environ["VITRINE"], cores, words),
                           chosen.repetitions, turn, keep)
    print(report.render(results), end="")
    comparison.say(f"all numbers: {chosen.work / 'results.json'}")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        main()
    except measure.Failed as failure:
        sys.exit(f"extraction: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
