"""ONNX Runtime, fp32: a session of one thread per stream, all sharing one process or one each."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import onnxruntime

import pipeline


class Engine:
    """Streams are sessions, each on a thread of its own; one session of all threads is one."""

    def __init__(self, file, batch, streams, threads):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self.sessions = [
            onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
            for _ in range(streams)
        ]
        self.idle = list(self.sessions)
        self.pool = ThreadPoolExecutor(streams)
        self.pending = []

    def submit(self, pixels, done):
        def infer():
            session = self.idle.pop()
            try:
                done(session.run(None, {"pixels": pixels})[0])
            finally:
                self.idle.append(session)

        self.pending = [one for one in self.pending if not one.done() or one.result()]
        self.pending.append(self.pool.submit(infer))

    def wait(self):
        for one in self.pending:
            one.result()
        self.pending = []


class Peer:
    def variants(self, cores):
        one = [
            {"decoders": cores, "streams": 1, "threads": cores, "batch": batch} for batch in (1, 8)
        ]
        return pipeline.variants(cores, (1, 8), (1, 8)) + one

    def prepare(self, job):
        pass

    def run(self, job, variant):
        def make(batch, streams):
            return Engine(job["pixels_onnx"], batch, streams, variant.get("threads", 1))

        return pipeline.run(job["images"], job["width"], make, variant)
