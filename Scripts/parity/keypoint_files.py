"""Raw dumps of images and keypoints, and how two sets of keypoints agree.

An image is FILE.rgb, interleaved 8-bit RGB, beside FILE.size, "width height". Keypoints are one file: counts n and d as int64, then
float32: x (n), y (n), scores (n), descriptors (n x d); the first pixel's centre is at 0.5.
"""

import numpy as np


def image(path):
    """`[1, 3, H, W]` in [0, 1]."""
    width, height = map(int, open(path.replace(".rgb", ".size")).read().split())
    pixels = np.fromfile(path, np.uint8).reshape(height, width, 3)
    return np.ascontiguousarray(pixels.transpose(2, 0, 1)[None]).astype(np.float32) / 255


def read(path):
    """Positions from the first pixel's centre `[n, 2]`, scores, descriptors."""
    raw = open(path, "rb").read()
    n, d = np.frombuffer(raw[:16], np.int64)
    values = np.frombuffer(raw[16:], np.float32)
    xy = np.stack([values[:n], values[n : 2 * n]], 1) - 0.5
    return xy, values[2 * n : 3 * n], values[3 * n :].reshape(n, d)


def report(ours, positions, descriptors):
    """Prints the share of the peer's keypoints that we have within 0.1 and 0.5 px, and cosines of their descriptors."""
    from scipy.spatial import cKDTree

    xy, _, mine = ours
    distance, index = cKDTree(xy).query(positions)
    cosine = (mine[index] * descriptors).sum(1)[distance < 0.5]
    print(
        f"ours {len(xy)}, peer {len(positions)}; within 0.1 px {np.mean(distance < 0.1):.4f}, 0.5 px {np.mean(distance < 0.5):.4f}; "
        f"cosine: least {cosine.min():.6f}, 1st percentile {np.percentile(cosine, 1):.6f}, median {np.median(cosine):.6f}"
    )
