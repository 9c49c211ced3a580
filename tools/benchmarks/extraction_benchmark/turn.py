"""A turn on a machine that is shared: an exclusive flock on a file that others take too."""

import fcntl
import time

KEEP = 60


class Turn:
    """`with turn:` around what is timed. Without a file it does nothing.

    A lock is hard to get where many want it, so it is kept between runs that follow each other,
    until it has been held for KEEP seconds; `give` it back before work that is not timed.
    """

    def __init__(self, path):
        self.path, self.file, self.since = path, None, 0

    def __enter__(self):
        if self.path is not None and self.file is None:
            self.file = open(self.path, "a")
            fcntl.flock(self.file, fcntl.LOCK_EX)
            self.since = time.monotonic()

    def __exit__(self, *_):
        if time.monotonic() - self.since > KEEP:
            self.give()

    def give(self):
        if self.file is not None:
            self.file.close()
            self.file = None
