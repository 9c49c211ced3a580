"""A training step of ResNet-18, and time to accuracy, against PyTorch: same batch, same cores."""

import argparse
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CLOTHING = ROOT.parent / "shared/data/clothing"
ARITHMETICS = ("fp32", "bf16")


def parse():
    parser = argparse.ArgumentParser(
        prog="tools/benchmarks/training", description=__doc__,
        epilog="The virtual environment of the peers is made in $VITRINE_PEERS, by default"
        " ~/.cache/vitrine/peers. $VITRINE names a built vitrine; without it, it is built.")
    parser.add_argument("--sizes", default="64,224", metavar="A,B",
                        help="sides of the images in pixels (default: %(default)s)")
    parser.add_argument("--batch", type=int, default=64, metavar="N",
                        help="images a step (default: %(default)s)")
    parser.add_argument("--arithmetics", default="fp32,bf16", metavar="A,B",
                        help="of the products in convolutions (default: %(default)s)")
    parser.add_argument("--compile", action="store_true",
                        help="PyTorch also compiled by Inductor, which needs a C++ compiler")
    parser.add_argument("--rows", default="", metavar="WORD,WORD",
                        help="only rows whose name holds a word, e.g. pytorch")
    parser.add_argument("--seconds", type=float, default=10, metavar="S",
                        help="of steps in each repetition (default: %(default)s)")
    parser.add_argument("--repetitions", type=int, default=3, metavar="N",
                        help="by turns (default: %(default)s)")
    parser.add_argument("--accuracy", type=Path, metavar="RECIPE.yaml",
                        help="instead of steps: train by this recipe of `vitrine encoder train`,"
                        " and by PyTorch a plain residual net of 1.6 M parameters on the same"
                        " photos, and compare the time to PyTorch's accuracy")
    parser.add_argument("--clothing", type=Path, default=CLOTHING, metavar="FOLDER",
                        help="holds train, validation and test with a folder for each class"
                        " (default: ../shared/data/clothing)")
    parser.add_argument("--epochs", type=int, default=60, metavar="N",
                        help="PyTorch's, with --accuracy (default: %(default)s)")
    parser.add_argument("--work", type=Path, default=ROOT / "output/benchmarks/training",
                        metavar="FOLDER", help="for files on the way, and results.json"
                        " (default: output/benchmarks/training)")
    parser.add_argument("--lock", type=Path, metavar="FILE",
                        help="hold an exclusive flock on FILE during each timed process, where"
                        " other work on the machine takes it too")
    options = parser.parse_args()
    try:
        options.sizes = [int(size) for size in options.sizes.split(",")]
    except ValueError:
        parser.error(f"--sizes {options.sizes} must be whole numbers, such as 64,224")
    for size in options.sizes:
        if not 32 <= size <= 1024:
            parser.error(f"--sizes: {size} must be within 32...1024")
    options.arithmetics = options.arithmetics.split(",")
    for arithmetic in options.arithmetics:
        if arithmetic not in ARITHMETICS:
            parser.error(f"--arithmetics: {arithmetic} is none of {', '.join(ARITHMETICS)}")
    for name in ("batch", "repetitions", "epochs", "seconds"):
        if getattr(options, name) < 1:
            parser.error(f"--{name} {getattr(options, name)} must be at least 1")
    if options.accuracy is not None:
        if not options.accuracy.is_file():
            parser.error(f"--accuracy: there is no file {options.accuracy}")
        if not (options.clothing / "train").is_dir():
            parser.error(f"--clothing: there is no folder train in {options.clothing}")
    return options


if __name__ == "__main__":
    parse()
