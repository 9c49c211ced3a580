"""What pandas does for the same columns: read the CSV, turn texts into codes and dictionaries, write
all of it as .npy. Run as a process of its own, so that its memory is its own."""

import os
import sys

import numpy as np
import pandas as pd

from log import NUMBERS, TEXTS


def main(path, folder, engine):
    os.makedirs(folder, exist_ok=True)
    kinds = {name: "str" for name in TEXTS} | {name: "float64" for name in NUMBERS}
    table = pd.read_csv(path, dtype=kinds, engine=engine)
    for name in TEXTS:
        codes, values = pd.factorize(table[name])
        np.save(f"{folder}/{name}.codes.npy", codes.astype(np.int32))
        with open(f"{folder}/{name}.values", "w", encoding="utf-8") as file:
            file.write("\n".join(values))
    for name in NUMBERS:
        np.save(f"{folder}/{name}.npy", table[name].to_numpy())


if __name__ == "__main__":
    main(*sys.argv[1:])
