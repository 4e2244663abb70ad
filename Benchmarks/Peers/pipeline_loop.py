"""The Python loop of pipeline.py, in a process of its own: weights, architecture, usual or best, paths. Prints seconds."""

import sys
import tempfile
import time

import numpy as np
import timm
import torch
from PIL import Image
from safetensors.torch import load_file
from torchvision import transforms

weights, architecture, mode, *paths = sys.argv[1:]
best = mode == "best"


class Photos(torch.utils.data.Dataset):
    normalise = transforms.Compose(
        [transforms.ToTensor(), transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])]
    )

    def __len__(self):
        return len(paths)

    def __getitem__(self, index):
        image = Image.open(paths[index])
        if best:
            image.draft("RGB", (1024, 1024))
        image = image.convert("RGB")
        scale = 1024 / max(image.size)
        size = round(image.height * scale), round(image.width * scale)
        return self.normalise(transforms.functional.resize(image, size, antialias=True))


def main():
    backbone = timm.create_model(architecture, num_classes=0).eval()
    backbone.load_state_dict(load_file(weights))
    if best:
        backbone = backbone.to(memory_format=torch.channels_last)
    start = time.perf_counter()
    rows = []
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=best):
        for batch in torch.utils.data.DataLoader(Photos(), batch_size=1, num_workers=2):
            if best:
                batch = batch.to(memory_format=torch.channels_last)
            pooled = backbone.forward_features(batch).clamp(min=1e-6).pow(3).mean((2, 3)).pow(1 / 3)
            rows.append(torch.nn.functional.normalize(pooled.float()).numpy())
    np.save(tempfile.TemporaryFile(), np.concatenate(rows))
    print(time.perf_counter() - start)


main()
