"""Two ways to keep the cores busy between JPEG files and features, for runtimes without their own.

- feed: processes decode into shared memory, the runtime's streams infer in this process.
- shard: one process a core, each decodes and infers by turns, as vitrine does.

Which is faster depends on runtime and network, so peers try both and keep the better one. Processes
are forked and warm before the clock starts, and before a runtime has threads, which a fork would
lose.
"""

import mmap
import multiprocessing
import time

import numpy as np

from preprocessing import CROP, load_into

fork = multiprocessing.get_context("fork")


def shared(shape, dtype):
    """An array that forked processes see too."""
    size = max(1, int(np.prod(shape)) * np.dtype(dtype).itemsize)
    return np.frombuffer(mmap.mmap(-1, size), dtype, count=int(np.prod(shape))).reshape(shape)


class Batches:
    """Hands out consecutive stretches of the paths to whichever process asks."""

    def __init__(self, paths, size):
        self.paths, self.size = paths, size
        self.count = -(-len(paths) // size)
        self.next = fork.Value("q", 0)

    def take(self):
        """The first row of a batch and its paths; None when all are taken."""
        with self.next.get_lock():
            index = self.next.value
            if index >= self.count:
                return None
            self.next.value += 1
        first = index * self.size
        return first, self.paths[first : first + self.size]


def feed(paths, width, make_engine, batch, decoders, streams, depth=3):
    """Seconds and features float32 [paths, width]; the engine has `streams` streams."""
    slots = streams + decoders * depth
    pixels = shared((slots, batch, CROP, CROP, 3), np.uint8)
    free, ready, go = fork.SimpleQueue(), fork.SimpleQueue(), fork.Event()
    batches = Batches(paths, batch)

    def decode():
        try:
            load_into(paths[:1], pixels[0])
            go.wait()
            while (taken := batches.take()) is not None:
                first, part = taken
                slot = free.get()
                load_into(part, pixels[slot])
                ready.put((slot, first, len(part)))
        except Exception as error:  # or the process that waits for it would wait for ever
            ready.put(error)

    workers = [fork.Process(target=decode, daemon=True) for _ in range(decoders)]
    for worker in workers:
        worker.start()
    engine = make_engine(batch=batch, streams=streams)
    features = np.empty((len(paths), width), np.float32)

    def finished(slot, first, count):
        def store(result):
            features[first : first + count] = result[:count]
            free.put(slot)

        return store

    warm_up(engine, pixels[0])
    for slot in range(slots):
        free.put(slot)
    start = time.perf_counter()
    go.set()
    for _ in range(batches.count):
        decoded = ready.get()
        if isinstance(decoded, Exception):
            raise decoded
        slot, first, count = decoded
        engine.submit(pixels[slot], finished(slot, first, count))
    engine.wait()
    seconds = time.perf_counter() - start
    for worker in workers:
        worker.join()
    return seconds, features


def shard(paths, width, make_engine, batch, processes):
    """Seconds and features float32 [paths, width]; each process has an engine of one stream."""
    features = shared((len(paths), width), np.float32)
    warm, go = fork.Semaphore(0), fork.Event()
    batches = Batches(paths, batch)

    def work():
        pixels = np.zeros((batch, CROP, CROP, 3), np.uint8)
        load_into(paths[:1], pixels)
        engine = make_engine(batch=batch, streams=1)
        warm_up(engine, pixels)
        warm.release()
        go.wait()
        while (taken := batches.take()) is not None:
            first, part = taken
            load_into(part, pixels)

            def store(result):
                features[first : first + len(part)] = result[: len(part)]

            engine.submit(pixels, store)
            engine.wait()

    workers = [fork.Process(target=work, daemon=True) for _ in range(processes)]
    for worker in workers:
        worker.start()
    for worker in workers:
        while not warm.acquire(timeout=1):
            if any(one.exitcode is not None for one in workers):
                raise RuntimeError("a worker process died before the run; its message is above")
    start = time.perf_counter()
    go.set()
    for worker in workers:
        worker.join()
    seconds = time.perf_counter() - start
    if any(worker.exitcode for worker in workers):
        raise RuntimeError("a worker process died during the run; its message is above")
    return seconds, np.array(features)


def warm_up(engine, pixels, times=4):
    for _ in range(times):
        engine.submit(pixels, lambda result: None)
    engine.wait()


def run(paths, width, make_engine, variant):
    """One of the two, as the variant says."""
    if "processes" in variant:
        return shard(paths, width, make_engine, variant["batch"], variant["processes"])
    return feed(
        paths, width, make_engine, variant["batch"], variant["decoders"], variant["streams"])


def variants(cores, fed_batches, shard_batches):
    """What run understands and a machine with that many cores may like."""
    fed = [
        {"decoders": decoders, "streams": cores, "batch": batch}
        for decoders in sorted({max(1, cores // 2), cores})
        for batch in fed_batches
    ]
    return fed + [{"processes": cores, "batch": batch} for batch in shard_batches]
