"""`vitrine extract` against its peers: same JPEG files, same weights, same cores, one run."""

import argparse
from pathlib import Path

import workplace

ROOT = Path(__file__).resolve().parents[3]
POSTERS = ROOT.parent / "shared/data/movielens-posters/posters"


def parse():
    parser = argparse.ArgumentParser(
        prog="tools/benchmarks/extraction", description=__doc__,
        epilog="The virtual environment of the peers is made in $VITRINE_PEERS, by default"
        " ~/.cache/vitrine/peers. $VITRINE names a built vitrine; without it, it is built.")
    parser.add_argument("--images", type=Path, metavar="FOLDER",
                        default=POSTERS if POSTERS.is_dir() else ROOT / "assets",
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


if __name__ == "__main__":
    parse()
