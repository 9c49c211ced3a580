"""Runs `vitrine encoder train … --json` and notes when each epoch ended, which its report leaves out.

    python watch.py COMMAND…

Prints JSON: the report, and epochs as [seconds since the start, validation accuracy].
"""

import json
import re
import subprocess
import sys
import tempfile
import time

EPOCH = re.compile(r"epoch \d+ of \d+: .*validation [a-z ]+ ([0-9.]+)")


def main(command):
    start, epochs = time.perf_counter(), []
    with tempfile.TemporaryFile("w+") as output:
        with subprocess.Popen(
                command, stdout=output, stderr=subprocess.PIPE, text=True) as process:
            for line in process.stderr:
                sys.stderr.write(line)
                if found := EPOCH.search(line):
                    epochs.append([time.perf_counter() - start, float(found[1])])
        if process.returncode != 0:
            sys.exit(process.returncode)
        output.seek(0)
        print(json.dumps({"report": json.load(output), "epochs": epochs}))


if __name__ == "__main__":
    main(sys.argv[1:])
