"""timm's model under PyTorch fp32, fed by a DataLoader: eager as most people run it, and compiled.

Pixels cross from the DataLoader's workers as uint8 and are normalised by the batch, which also
makes them channels-last, PyTorch's faster layout on processors.
"""

import time

import numpy as np
import torch

import network  # before timm: it helps torchvision over a torch of another build
from preprocessing import MEAN, STD, load

import timm
from safetensors.torch import load_file

BATCH = 16


class Posters(torch.utils.data.Dataset):
    def __init__(self, paths):
        self.paths = paths

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        return torch.from_numpy(load(self.paths[index]).copy())


class Eager:
    def variants(self, cores):
        return [
            {"workers": workers, "threads": threads}
            for workers in sorted({0, max(1, cores // 2), cores})
            for threads in sorted({max(1, cores // 2), cores})
        ]

    def prepare(self, job):
        pass

    def model(self, job):
        model = timm.create_model(job["architecture"], num_classes=0)
        state = load_file(job["weights"])
        model.load_state_dict({k: v for k, v in state.items() if not k.startswith("fc.")})
        return model.eval().to(memory_format=torch.channels_last)

    def run(self, job, variant):
        torch.set_num_threads(variant["threads"])
        model = self.model(job)
        mean = torch.tensor(MEAN).view(1, 3, 1, 1) * 255
        scale = 1 / (torch.tensor(STD).view(1, 3, 1, 1) * 255)

        def infer(batch):
            x = batch.permute(0, 3, 1, 2)
            return model((x - mean) * scale).numpy()

        features = []
        with torch.inference_mode():
            for _ in range(2):
                infer(torch.zeros(BATCH, 224, 224, 3, dtype=torch.uint8))
                # The last batch has its own size, and a compiled model its own code for it.
                if last := len(job["images"]) % BATCH:
                    infer(torch.zeros(last, 224, 224, 3, dtype=torch.uint8))
            start = time.perf_counter()
            loader = torch.utils.data.DataLoader(
                Posters(job["images"]), batch_size=BATCH, num_workers=variant["workers"])
            for batch in loader:
                features.append(infer(batch))
            seconds = time.perf_counter() - start
        return seconds, np.concatenate(features)


class Compiled(Eager):
    """Inductor with frozen weights: batch norms fold into convolutions, ReLUs fuse."""

    def variants(self, cores):
        workers = sorted({max(1, cores // 2), cores})
        return [{"workers": count, "threads": cores} for count in workers]

    def model(self, job):
        import torch._inductor.config

        torch._inductor.config.freezing = True
        return torch.compile(super().model(job), dynamic=False)
