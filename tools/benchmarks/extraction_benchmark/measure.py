"""Runs a command and measures it: wall seconds, peak memory of its process tree, and how much of
the machine other work took meanwhile, without which a timing cannot be trusted."""

import contextlib
import os
import signal
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass

INTERVAL = 0.2
DISTURBED, ATTEMPTS = 0.15, 3


class Failed(Exception):
    """A command did not do its work; the text says which and the last it wrote."""


@dataclass
class Run:
    seconds: float
    peak_bytes: int
    foreign: float  # share of all cores that neither the command used nor left idle
    output: str


def run(command, turn=None, timeout=3600):
    """Runs to the end, in a turn if given; throws Failed where the exit status is not 0."""
    temporary = tempfile.TemporaryFile
    with turn or contextlib.nullcontext(), temporary() as errors, temporary() as output:
        start, busy = time.perf_counter(), busy_seconds()
        try:
            process = subprocess.Popen(
                command, stdout=output, stderr=errors, start_new_session=True)
        except OSError as error:
            raise Failed(f"{command[0]}: {error.strerror}") from error
        timer = threading.Timer(timeout, end, [process.pid])
        timer.start()
        try:
            peak = watch(process.pid)
        except BaseException:  # an interrupt: nothing may go on in the background
            timer.cancel()
            end(process.pid)
            raise
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - start
        foreign = busy_seconds() - busy - usage.ru_utime - usage.ru_stime
        timer.cancel()
        text = written(output)
        if process.returncode != 0:
            raise Failed(reason(command, process.returncode, written(errors) or text))
        share = max(0.0, foreign / (seconds * os.cpu_count()))
        return Run(seconds, max(peak, usage.ru_maxrss * 1024), share, text)


def end(group):
    """A peer and the processes it made."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def calm(action):
    """The least disturbed of at most ATTEMPTS results; one is enough if nobody disturbed it."""
    best = None
    for _ in range(ATTEMPTS):
        result = action()
        if best is None or result.foreign < best.foreign:
            best = result
        if best.foreign <= DISTURBED:
            break
    return best


def busy_seconds():
    """CPU seconds of all cores since the start of the machine, those a hypervisor took included."""
    with open("/proc/stat") as file:
        user, nice, system, _, _, irq, softirq, steal = map(int, file.readline().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def written(file):
    file.seek(0)
    return file.read().decode(errors="replace")


def reason(command, status, text):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    # Argument parsers put the error first and the usage last; Python's tracebacks end with it.
    said = next((line for line in lines if line.startswith("Error")), lines[-1] if lines else "")
    name = os.path.basename(command[0])
    if name.startswith("python"):
        name = " ".join(os.path.basename(part) for part in command[1:4])
    return f"{name}: exit {status}: {said[:300]}"


def watch(root):
    """Until the process ends: the highest sum of its tree's memory, shared pages counted once."""
    peak = 0
    while True:
        exited = os.waitid(os.P_PID, root, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if exited is not None:
            return peak
        peak = max(peak, sum(map(proportional_set, tree(root))))
        time.sleep(INTERVAL)


def tree(root):
    """The process and all below it."""
    waiting, found = [root], []
    while waiting:
        process = waiting.pop()
        found.append(process)
        with contextlib.suppress(OSError):
            for task in os.listdir(f"/proc/{process}/task"):
                with open(f"/proc/{process}/task/{task}/children") as file:
                    waiting += map(int, file.read().split())
    return found


def proportional_set(process):
    """Bytes; 0 for a process that has gone."""
    with contextlib.suppress(OSError):
        with open(f"/proc/{process}/smaps_rollup") as file:
            for line in file:
                if line.startswith("Pss:"):
                    return int(line.split()[1]) * 1024
    return 0
