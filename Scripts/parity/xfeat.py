"""XFeat's published ONNX model: keypoints dumped by Cairn against kornia's decoding of the same network's maps.

    xfeat.py compare MODEL RGB FILE     the raw RGB image fits 640 x 640 (see keypoint_files.py)
    xfeat.py golden                     writes Tests/CairnFeaturesTests/Fixtures/xfeat-decoding.json: seeded maps, kornia's keypoints
"""

import json
import os
import sys

import numpy as np
import torch
from kornia.feature import XFeat

import keypoint_files
import seeded


def decode(features, logits, reliability, columns, rows, limit, threshold=0.05):
    """kornia's `detectAndCompute` from its network's maps on, but for keypoints outside `columns` x `rows`, which go."""
    peer = XFeat()
    width, height = 8 * logits.shape[3], 8 * logits.shape[2]
    features = torch.nn.functional.normalize(features, dim=1)
    heatmap = peer._get_kpts_heatmap(logits)
    inside = torch.zeros_like(heatmap)
    inside[..., 2 : rows - 2, 2 : columns - 2] = 1
    positions = peer._nms(heatmap, threshold=threshold, kernel_size=5)[0]
    positions = positions[inside[0, 0, positions[:, 1], positions[:, 0]] > 0][None]
    scores = (
        peer._nearest(heatmap, positions, height, width) * peer._bilinear(reliability, positions, height, width)
    ).squeeze(-1)
    scores, index = torch.topk(scores, min(limit, scores.shape[-1]))
    positions = positions[:, index[0]]
    descriptors = torch.nn.functional.normalize(peer.interpolator(features, positions, H=height, W=width), dim=-1)
    return positions[0].numpy(), scores[0].numpy(), descriptors[0].numpy()


def compare(model, rgb, file):
    import onnxruntime

    image = keypoint_files.image(rgb)
    rows, columns = image.shape[2:]
    image = np.pad(image, ((0, 0), (0, 0), (0, 640 - rows), (0, 640 - columns)), mode="reflect")
    maps = [torch.from_numpy(x) for x in onnxruntime.InferenceSession(model).run(None, {"input": image})]
    ours = keypoint_files.read(file)
    positions, _, descriptors = decode(*maps, columns, rows, limit=len(ours[0]))
    keypoint_files.report(ours, positions, descriptors)


def golden():
    """Maps of 6 x 8 cells whose logits rise to a few peaks, and what kornia makes of them."""
    rows, columns, entries = 6, 8, 16
    logits = 4 * seeded.units("logits", 65 * rows * columns).reshape(1, 65, rows, columns) - 2
    for cell in range(0, rows * columns, 3):
        channel = int(64 * seeded.units("peak", rows * columns)[cell])
        logits[0, channel, cell // columns, cell % columns] += 4
    reliability = seeded.units("reliability", rows * columns).reshape(1, 1, rows, columns)
    features = 2 * seeded.units("features", entries * rows * columns).reshape(1, entries, rows, columns) - 1
    maps = [torch.from_numpy(x).float() for x in (features, logits, reliability)]
    positions, scores, descriptors = decode(*maps, 8 * columns, 8 * rows, limit=100)
    # What Cairn calls the same: pixel centres at +0.5.
    record = {
        "source": "Scripts/parity/xfeat.py golden, kornia.feature.XFeat's decoding of seeded maps",
        "x": (positions[:, 0] + 0.5).tolist(),
        "y": (positions[:, 1] + 0.5).tolist(),
        "scores": [round(float(x), 7) for x in scores],
        "descriptors": [[round(float(x), 6) for x in row] for row in descriptors[:12]],
        "peaks": [int(64 * u) for u in seeded.units("peak", rows * columns)],
    }
    folder = os.path.join(os.path.dirname(__file__), "../../Tests/CairnFeaturesTests/Fixtures")
    with open(os.path.join(folder, "xfeat-decoding.json"), "w") as file:
        json.dump(record, file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    golden() if sys.argv[1] == "golden" else compare(*sys.argv[2:])
