import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time

import log


def measure(command, folder):
    """Wall seconds, processor seconds and peak resident bytes of a process."""
    shutil.rmtree(folder, ignore_errors=True)
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status != 0:
        sys.exit(f"{' '.join(command)}: {errors.decode()}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    root = os.path.dirname(os.path.dirname(os.path.dirname(here)))
    parser = argparse.ArgumentParser()
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--vitrine", default=f"{root}/.build/release/vitrine")
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--folder")
    options = parser.parse_args()

    folder = options.folder or tempfile.mkdtemp(prefix="vitrine-dataset-")
    os.makedirs(folder, exist_ok=True)
    path = f"{folder}/log.csv"
    if not os.path.exists(path):
        log.write(path, options.rows)
    with open(f"{folder}/train.yaml", "w", encoding="ascii") as file:
        file.write(log.CONFIGURATION)
    peer = [options.python, f"{here}/peer.py", path, f"{folder}/peer"]
    runs = {
        "vitrine dataset prepare": [
            options.vitrine, "dataset", "prepare", f"{folder}/train.yaml", "--output",
            f"{folder}/ours",
        ],
        "pandas (c)": peer + ["c"],
    }
    try:
        import pyarrow  # noqa: F401

        runs["pandas (pyarrow)"] = peer + ["pyarrow"]
    except ImportError:
        pass
    best = {}
    for _ in range(options.turns):
        for name, command in runs.items():
            target = f"{folder}/ours" if name.startswith("vitrine") else f"{folder}/peer"
            run = measure(command, target)
            best[name] = min(best.get(name, run), run)
    ours = best["vitrine dataset prepare"][0]
    print(f"{options.rows} rows, {os.path.getsize(path) / 1e6:.0f} MB, best of {options.turns}")
    for name, (seconds, processor, memory) in best.items():
        print(
            f"{name:26} {seconds:6.2f} s  {options.rows / seconds:10.0f} rows/s"
            f"  {processor:6.2f} s of processors  {memory / 2**20:6.0f} MiB  {seconds / ours:5.2f} x"
        )
    if not options.folder:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
