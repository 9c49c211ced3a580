"""OpenVINO in fp32, bf16 and int8 (post-training quantization by NNCF), one stream a core."""

from pathlib import Path

import numpy as np

import pipeline
from preprocessing import MEAN, STD, load, normalized


class Engine:
    """An asynchronous queue of requests, one a stream; uint8 NHWC in, features out."""

    def __init__(self, file, precision, batch, streams):
        # Threads of a runtime do not survive a fork, so it loads after the processes are made.
        import openvino

        core = openvino.Core()
        model = core.read_model(file)
        model.reshape([batch, 3, 224, 224])
        steps = openvino.preprocess.PrePostProcessor(model)
        layout, kinds = openvino.Layout, openvino.Type
        steps.input().tensor().set_element_type(kinds.u8).set_layout(layout("NHWC"))
        steps.input().model().set_layout(layout("NCHW"))
        steps.input().preprocess().convert_element_type(kinds.f32) \
            .mean([255 * value for value in MEAN]).scale([255 * value for value in STD])
        settings = {
            "NUM_STREAMS": streams,
            "INFERENCE_NUM_THREADS": streams,
            "INFERENCE_PRECISION_HINT": precision,
            # Several processes would all pin themselves to the first core.
            "ENABLE_CPU_PINNING": streams > 1,
        }
        compiled = core.compile_model(steps.build(), "CPU", settings)
        self.tensor = openvino.Tensor
        self.queue = openvino.AsyncInferQueue(compiled, streams)
        self.queue.set_callback(lambda request, done: done(request.get_output_tensor().data))

    def submit(self, pixels, done):
        self.queue.start_async({0: self.tensor(pixels, shared_memory=True)}, done)

    def wait(self):
        self.queue.wait_all()


class Fp32:
    precision = "f32"

    def variants(self, cores):
        return pipeline.variants(cores, (1, 4), (1, 8))

    def prepare(self, job):
        pass

    def file(self, job):
        return job["onnx"]

    def run(self, job, variant):
        def make(batch, streams):
            return Engine(self.file(job), self.precision, batch, streams)

        return pipeline.run(job["images"], job["width"], make, variant)


class Bf16(Fp32):
    precision = "bf16"


class Int8(Fp32):
    def file(self, job):
        return str(Path(job["folder"]) / "openvino-int8.xml")

    def prepare(self, job):
        """Quantizes with NNCF's defaults: per-channel weights, fast bias correction."""
        if Path(self.file(job)).exists():
            return
        import nncf
        import openvino

        def transform(path):
            return normalized(load(path)[None])

        model = openvino.Core().read_model(job["onnx"])
        model.reshape([1, 3, 224, 224])
        paths = job["calibration"]
        quantized = nncf.quantize(
            model, nncf.Dataset(paths, transform), subset_size=len(paths),
            target_device=nncf.TargetDevice.CPU)
        openvino.save_model(quantized, self.file(job), compress_to_fp16=False)
