"""Photos that several benchmarks read: rendered once, kept in the work folder."""

import glob
import os

import numpy as np
from common import WORK, bench, note
from PIL import Image


def town(count, long_side=1024):
    """Paths of town views, all different."""
    folder = f"{WORK}/town{long_side}-{count}"
    if not os.path.exists(f"{folder}/{count - 1:05d}.jpg") or len(glob.glob(f"{folder}/*.jpg")) != count:
        note(f"rendering {count} views of {long_side} px")
        bench("photos", folder, "--count", count, "--long-side", long_side)
    return sorted(glob.glob(f"{folder}/*.jpg"))


def large(count):
    """Paths of 12-megapixel photos as a phone writes them: quality 90, chroma halved, with sensor noise."""
    folder = f"{WORK}/large-{count}"
    os.makedirs(folder, exist_ok=True)
    rng = np.random.default_rng(1)
    noise = rng.normal(0, 4, (512 + 64, 4000 + 64, 3)).astype(np.int16)
    paths = []
    for index, source in enumerate(town(count, 1600)):
        path = f"{folder}/{index:05d}.jpg"
        paths.append(path)
        if os.path.exists(path):
            continue
        pixels = np.asarray(Image.open(source).resize((4000, 3000), Image.BICUBIC))
        top, left = rng.integers(0, 64, 2)
        block = noise[top : top + 500, left : left + 4000]
        noisy = pixels + np.concatenate([block] * 6)
        Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).save(f"{path}.part", "JPEG", quality=90)
        os.replace(f"{path}.part", path)
    return paths


def copies(sources, count, folder):
    """Files whose content differs though the photos repeat: each has a comment of its own behind the first marker."""
    os.makedirs(folder, exist_ok=True)
    for index in range(count):
        data = open(sources[index % len(sources)], "rb").read()
        text = f"copy {index:06d}".encode()
        comment = b"\xff\xfe" + (len(text) + 2).to_bytes(2, "big") + text
        with open(f"{folder}/{index:06d}.jpg", "wb") as file:
            file.write(data[:2] + comment + data[2:])
    return folder
