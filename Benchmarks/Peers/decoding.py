"""12-megapixel JPEGs to 1,024 px, beside Pillow's draft mode."""

import time

import numpy as np
from common import QUICK, alternate, bench, heading, median, note, require, row
from photos import large
from PIL import Image


def pillow(paths, mode):
    """Seconds, and the mean sample of each image."""
    images = []
    start = time.perf_counter()
    for path in paths:
        image = Image.open(path)
        image.draft(mode, (1024, 1024))
        scale = 1024 / max(image.size)
        size = tuple(round(side * scale) for side in image.size)
        images.append(image.convert(mode).resize(size, Image.LANCZOS))
    seconds = time.perf_counter() - start
    return seconds, [float(np.asarray(image).mean()) for image in images]


def main():
    paths = large(4 if QUICK else 12)
    note(f"decoding: {len(paths)} photos")
    heading(
        "JPEG decoding",
        f"{len(paths)} photos of 12 MP (4:2:0, quality 90) to 1,024 px, one thread, milliseconds a photo. "
        "Peer: Pillow, `draft` and `resize(LANCZOS)`.",
    )
    for mode, options, asked in (("RGB", [], "≤ 0.6"), ("L", ["--gray"], "")):
        ours, peer = alternate(lambda: bench("decode", *paths, *options), lambda: pillow(paths, mode))
        require((ours[0]["width"], ours[0]["height"]) == (1024, 768), f"decoded to {ours[0]['width']} px")
        difference = max(abs(a - b) for a, b in zip(ours[0]["means"], peer[0][1]))
        require(difference < 1, f"mean samples differ by {difference} of 255")
        mine = median([run["seconds"] for run in ours]) / len(paths) * 1000
        theirs = median([run[0] for run in peer]) / len(paths) * 1000
        name = "RGB" if mode == "RGB" else "grey"
        row(f"{name}", f"{mine:.1f} ms", f"{theirs:.1f} ms", f"**{mine / theirs:.2f}**", asked)


main()
