"""One peer in a process of its own.

    python peer.py prepare|run NAME JOB.json OUTPUT

`prepare` makes what is not timed and writes OUTPUT.json, {"variants": how it may run}. `run` runs
the job's variant and writes OUTPUT.npy, the features, and OUTPUT.json, {"seconds"}.
"""

import json
import sys
from pathlib import Path

import numpy as np

import peers


def main(verb, name, job_file, output):
    job = json.loads(Path(job_file).read_text())
    peer = peers.make(name)
    if verb == "prepare":
        peer.prepare(job)
        said = {"variants": peer.variants(job["cores"])}
    else:
        seconds, features = peer.run(job, job["variant"])
        np.save(f"{output}.npy", features)
        said = {"seconds": seconds}
    Path(f"{output}.json").write_text(json.dumps(said))


if __name__ == "__main__":
    main(*sys.argv[1:])
