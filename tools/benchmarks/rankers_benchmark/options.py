"""Rankers against DeepCTR-Torch and plain PyTorch, on the same rows, with the same sizes, optimizer and
number of threads: training rows/s on all cores by size of batch, test AUC over several seeds, and the
time of one request on one core. One table for each kind; all numbers in results.json.

With --table instead: peak memory and training rows/s of a DeepFM with a large embedding table.
"""

import argparse
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
KINDS = ["deepfm", "wide_and_deep", "mmoe", "din", "sli_rec"]


def parse():
    parser = argparse.ArgumentParser(
        prog="tools/benchmarks/rankers", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="The virtual environment of the peers is made in $VITRINE_RANKER_PEERS, by default\n"
        "~/.cache/vitrine/ranker-peers. $VITRINE_RANKERS names a built RankersBenchmark; without\n"
        "it, it is built. One kind takes two to four minutes on two quiet cores.")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS, metavar="KIND",
                        help=f"of {', '.join(KINDS)} (default: all)")
    parser.add_argument("--batches", nargs="+", type=int, default=[4096, 256], metavar="N",
                        help="sizes of a step (default: 4096 256)")
    parser.add_argument("--seeds", type=int, default=3, metavar="N",
                        help="trainings of each, with seeds 1 to N (default: %(default)s)")
    parser.add_argument("--rows", type=int, metavar="N",
                        help="to train on, a quarter as many to judge (default: 100000; 20000 where"
                        " there is a history)")
    parser.add_argument("--ids", type=int, default=10_000, metavar="N",
                        help="in a field (default: %(default)s)")
    parser.add_argument("--epochs", type=int, default=2, metavar="N",
                        help="of each training; the fastest of all counts, AUC is the last one's"
                        " (default: %(default)s)")
    parser.add_argument("--candidates", type=int, default=200, metavar="N",
                        help="of the request (default: %(default)s)")
    parser.add_argument("--repetitions", type=int, default=500, metavar="N",
                        help="of the request (default: %(default)s)")
    parser.add_argument("--table", type=int, metavar="N",
                        help="rows of embeddings of the DeepFM whose memory is measured")
    parser.add_argument("--work", type=Path, default=ROOT / "output/benchmarks/rankers",
                        metavar="FOLDER", help="for files on the way, and results.json"
                        " (default: output/benchmarks/rankers)")
    parser.add_argument("--lock", type=Path, metavar="FILE",
                        help="hold an exclusive flock on FILE during each timed process, where"
                        " other work on the machine takes it too")
    options = parser.parse_args()
    least = {"rows": 1000, "ids": 200, "epochs": 1, "seeds": 1, "candidates": 1, "repetitions": 100,
             "table": 26_000}
    for name, bound in least.items():
        value = getattr(options, name)
        if value is not None and value < bound:
            parser.error(f"--{name} {value} must be at least {bound}")
    for size in options.batches:
        if size < 2:
            parser.error(f"--batches {size} must be at least 2")
    return options


if __name__ == "__main__":
    parse()
