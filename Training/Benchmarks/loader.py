#!/usr/bin/env python3
"""Images a second of cairn's loader beside a torchvision DataLoader with as many workers.

Both decode the same photos, cut a random resized crop (area 0.08 to 1, aspect 3/4 to 4/3, size 224), flip half of them and
give batches of 32. The peer's batches are float tensors in [0, 1] (ToTensor), as its users have them; cairn's are bytes, which
become floats on the tensor side. Runs alternate, and the ratio is that of the medians.

    Training/Benchmarks/loader.py PHOTOS --bench .build/release/cairn-train-bench
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import time

import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms


class Photos(Dataset):
    def __init__(self, folder, size):
        suffixes = {".jpg", ".jpeg", ".png"}
        self.paths = sorted(p for p in pathlib.Path(folder).rglob("*") if p.suffix.lower() in suffixes)
        self.transform = transforms.Compose(
            [transforms.RandomResizedCrop(size), transforms.RandomHorizontalFlip(), transforms.ToTensor()])

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, row):
        with Image.open(self.paths[row]) as image:
            return self.transform(image.convert("RGB")), 0


def peer(folder, workers, size, batch, seconds):
    torch.set_num_threads(1)
    loader = DataLoader(
        Photos(folder, size), batch_size=batch, shuffle=True, num_workers=workers, drop_last=True,
        persistent_workers=True)
    images, started = 0, None
    while True:
        for photos, _ in loader:
            if started is None:
                started = time.perf_counter()
                continue
            images += len(photos)
            elapsed = time.perf_counter() - started
            if elapsed >= seconds:
                return images / elapsed


def cairn(bench, folder, workers, size, batch, seconds):
    command = [bench, "loader", folder, "--workers", workers, "--size", size, "--batch", batch, "--seconds", seconds]
    output = subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout
    return json.loads(output)["images_per_second"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos")
    parser.add_argument("--bench", required=True, help="the executable cairn-train-bench")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    for workers in arguments.workers:
        shared = (arguments.photos, workers, arguments.size, arguments.batch, arguments.seconds)
        ours, theirs = [], []
        for _ in range(arguments.rounds):
            ours.append(cairn(arguments.bench, *shared))
            theirs.append(peer(*shared))
        pairs = [a / b for a, b in zip(ours, theirs)]
        print(json.dumps({
            "workers": workers, "cairn": round(statistics.median(ours), 1), "torchvision": round(
                statistics.median(theirs), 1), "ratio": round(statistics.median(pairs), 2),
            "ratios": [round(pair, 2) for pair in pairs]}))


if __name__ == "__main__":
    main()
