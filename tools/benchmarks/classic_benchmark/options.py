"""Boosted trees through vitrine against XGBoost's Python package: same version, rows, parameters."""

import argparse
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def parse():
    parser = argparse.ArgumentParser(
        prog="tools/benchmarks/classic", description=__doc__,
        epilog="The virtual environment of the peers is made in $VITRINE_CLASSIC_PEERS, by default"
        " ~/.cache/vitrine/classic-peers. $VITRINE names a built vitrine; without it, it is built.")
    parser.add_argument("--rows", type=int, default=200_000, metavar="N",
                        help="to train on; a quarter as many to validate (default: %(default)s)")
    parser.add_argument("--columns", type=int, default=50, metavar="N",
                        help="of numbers (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=101, metavar="N",
                        help="of trees (default: %(default)s)")
    parser.add_argument("--depth", type=int, default=6, metavar="N",
                        help="of a tree (default: %(default)s)")
    parser.add_argument("--repetitions", type=int, default=3, metavar="N",
                        help="by turns (default: %(default)s)")
    parser.add_argument("--work", type=Path, default=ROOT / "output/benchmarks/classic",
                        metavar="FOLDER", help="for files on the way, and results.json"
                        " (default: output/benchmarks/classic)")
    parser.add_argument("--lock", type=Path, metavar="FILE",
                        help="hold an exclusive flock on FILE during each timed process, where"
                        " other work on the machine takes it too")
    options = parser.parse_args()
    for name, least in [
            ("rows", 1000), ("columns", 2), ("rounds", 2), ("depth", 1), ("repetitions", 1)]:
        if getattr(options, name) < least:
            parser.error(f"--{name} {getattr(options, name)} must be at least {least}")
    return options


if __name__ == "__main__":
    parse()
