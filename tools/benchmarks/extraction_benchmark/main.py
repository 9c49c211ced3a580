"""`vitrine extract` against its peers: same JPEG files, same weights, same cores, one run."""

import argparse
import importlib.metadata
import json
import os
import sys
from pathlib import Path

import comparison
import measure
import report
import rows
import workplace

ROOT = Path(__file__).resolve().parents[3]
POSTERS = ROOT.parent / "shared/data/movielens-posters/posters"
PACKAGES = ("torch", "torchvision", "timm", "onnxruntime", "openvino", "nncf", "pillow", "numpy")


def arguments():
    parser = argparse.ArgumentParser(
        prog="tools/benchmarks/extraction", description=__doc__,
        epilog="The virtual environment of the peers is made in $VITRINE_PEERS, by default"
        " ~/.cache/vitrine/peers. $VITRINE names a built vitrine; without it, it is built.")
    parser.add_argument("--images", type=Path, metavar="FOLDER",
                        help="JPEG files, by default the MovieLens posters or else the assets'")
    parser.add_argument("--limit", type=int, metavar="N", help="time N of them only")
    parser.add_argument("--networks", default="resnet18,resnet50", metavar="A,B",
                        help="of resnet18, resnet34, resnet50 (default: %(default)s)")
    parser.add_argument("--weights", type=Path, metavar="FOLDER",
                        help="holds NETWORK.safetensors with torchvision's names; by default random"
                        " weights, settled on the images")
    parser.add_argument("--rows", default="", metavar="WORD,WORD",
                        help="only rows whose name holds a word, e.g. vitrine,openvino-int8")
    parser.add_argument("--repetitions", type=int, default=3, metavar="N",
                        help="by turns (default: %(default)s)")
    parser.add_argument("--work", type=Path, default=ROOT / "output/benchmarks/extraction",
                        metavar="FOLDER", help="for files that a second run can use again, and"
                        " results.json (default: output/benchmarks/extraction)")
    parser.add_argument("--lock", type=Path, metavar="FILE",
                        help="hold an exclusive flock on FILE during each timed process, where"
                        " other work on the machine takes it too")
    options = parser.parse_args()
    if options.limit is not None and options.limit < 8:
        parser.error(f"--limit {options.limit} must be at least 8")
    if options.repetitions < 1:
        parser.error(f"--repetitions {options.repetitions} must be at least 1")
    for network in options.networks.split(","):
        if network not in workplace.WIDTH:
            parser.error(f"--networks: {network} is none of {', '.join(workplace.WIDTH)}")
    return options


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown processor"


def peak(work, lock):
    """GFLOP/s of one core by precision; empty where it cannot be measured."""
    source, binary = Path(__file__).resolve().parents[1] / "processor-peak.c", work / "processor-peak"
    try:
        measure.run(["cc", "-O2", str(source), "-o", str(binary), "-ldnnl"])
        output = measure.run(["env", "OMP_NUM_THREADS=1", str(binary)], lock).output
        return json.loads(output)
    except measure.Failed as failure:
        comparison.say(f"processor's peak: n/a: {failure}")
        return {}


def main():
    options = arguments()
    source = options.images or (POSTERS if POSTERS.is_dir() else ROOT / "assets")
    options.work.mkdir(parents=True, exist_ok=True)
    cores = len(os.sched_getaffinity(0))
    images = workplace.choose_images(source, options.limit, options.work.resolve())
    results = {
        "machine": {"processor": processor(), "cores": cores, "load": os.getloadavg()[0]},
        "images": {
            "source": source.name, "count": len(images.timed), "bytes": images.bytes,
            "judged": len(images.judged), "calibration": len(images.calibration),
            "overlap": f"{len(images.calibration)} others calibrated int8"
            if images.disjoint else "some of which calibrated int8",
        },
        "repetitions": options.repetitions,
        "versions": {name: importlib.metadata.version(name) for name in PACKAGES},
        "peak": peak(options.work, options.lock),
        "networks": {},
    }
    words = [word for word in options.rows.split(",") if word]
    for name in options.networks.split(","):
        comparison.say(f"{name}: weights, reference features, exports")
        job = workplace.make_job(name, images, options.weights, options.work.resolve())
        records = comparison.compare(
            job, images, rows.all_rows(os.environ["VITRINE"], cores, words), options.repetitions,
            options.lock)
        results["networks"][name] = {"flops": job["flops"], "rows": records}
        # Written after each network: an interrupted run has not run for nothing.
        (options.work / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    print(report.render(results), end="")
    comparison.say(f"all numbers: {options.work / 'results.json'}")


if __name__ == "__main__":
    try:
        main()
    except measure.Failed as failure:
        sys.exit(f"extraction: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
