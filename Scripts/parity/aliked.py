"""ALIKED against kornia: goldens for the tests, and the comparison of keypoints dumped by Cairn.

    aliked.py golden                      writes Fixtures/aliked-*.json from kornia with seeded weights
    aliked.py compare WEIGHTS RGB FILE    compares keypoints in FILE with kornia's on the raw RGB image (see keypoint_files.py)
"""

import sys

import numpy as np
import torch
from kornia.feature import ALIKED

import keypoint_files
import seeded


def network(weights=None, name="aliked-n16", limit=2048):
    model = ALIKED(name, max_num_keypoints=limit)
    if weights:
        model.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True), strict=False)
    return model.eval()


def golden(name):
    """Scores, features and descriptors of seeded keypoints on a seeded image; offsets are kept small as training does."""
    model = network(name=name)
    seeded.fill(model, keep=("hw_grid",))
    shape = (1, 3, 64, 96)
    image = torch.from_numpy(seeded.image(shape)) / 4 + 0.5
    unit = torch.from_numpy(seeded.units("keypoints", 32)).float().reshape(16, 2)
    keypoints = 4 + unit * torch.tensor([88.0, 56.0])
    with torch.no_grad():
        features, scores = model.extract_dense_map(image)
        size = torch.tensor([95.0, 63.0])
        descriptors, _ = model.desc_head(features, [keypoints / size * 2 - 1])
    count = sum(p.numel() for p in model.parameters())
    outputs = {"scores": scores, "features": features, "descriptors": descriptors[0]}
    seeded.write_golden(name, "Scripts/parity/aliked.py, kornia.feature.ALIKED", shape, outputs, parameter_count=count)


def compare(weights, rgb, file):
    image = keypoint_files.image(rgb)
    ours = keypoint_files.read(file)
    with torch.no_grad():
        theirs = network(weights)(torch.from_numpy(image))[0]
    keypoint_files.report(ours, theirs.keypoints.numpy(), theirs.descriptors.numpy())


if __name__ == "__main__":
    if sys.argv[1] == "golden":
        for each in ("aliked-t16", "aliked-n16", "aliked-n32"):
            golden(each)
    else:
        compare(*sys.argv[2:])
