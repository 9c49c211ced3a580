"""Rankers against DeepCTR-Torch and plain PyTorch: training, scoring and memory, on the same rows."""

import argparse
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
KINDS = ["deepfm", "wide_and_deep", "mmoe", "din", "sli_rec"]


def parse():
    parser = argparse.ArgumentParser(
        prog="tools/benchmarks/rankers", description=__doc__,
        epilog="The virtual environment of the peers is made in $VITRINE_RANKER_PEERS, by default"
        " ~/.cache/vitrine/ranker-peers. $VITRINE_RANKERS names a built RankersBenchmark; without"
        " it, it is built.")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS, metavar="KIND",
                        help=f"of {', '.join(KINDS)} (default: all)")
    parser.add_argument("--batches", nargs="+", type=int, default=[4096, 256], metavar="N",
                        help="sizes of a step (default: 4096 256)")
    parser.add_argument("--rows", type=int, default=100_000, metavar="N",
                        help="to train on; a quarter as many to judge (default: %(default)s)")
    parser.add_argument("--ids", type=int, default=10_000, metavar="N",
                        help="in a field (default: %(default)s)")
    parser.add_argument("--epochs", type=int, default=2, metavar="N",
                        help="the fastest counts (default: %(default)s)")
    parser.add_argument("--table", type=int, metavar="N",
                        help="instead: peak memory of a DeepFM with about N rows of embeddings")
    parser.add_argument("--work", type=Path, default=ROOT / "output/benchmarks/rankers",
                        metavar="FOLDER", help="for files on the way, and results.json"
                        " (default: output/benchmarks/rankers)")
    parser.add_argument("--lock", type=Path, metavar="FILE",
                        help="hold an exclusive flock on FILE during each timed process, where"
                        " other work on the machine takes it too")
    options = parser.parse_args()
    for name, least in [("rows", 1000), ("ids", 200), ("epochs", 1), ("table", 1000)]:
        value = getattr(options, name)
        if value is not None and value < least:
            parser.error(f"--{name} {value} must be at least {least}")
    return options


if __name__ == "__main__":
    parse()
