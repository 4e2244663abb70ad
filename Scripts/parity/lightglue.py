"""Goldens of LightGlue (kornia) with seeded weights: python Scripts/parity/lightglue.py

With an architecture and a path, `python Scripts/parity/lightglue.py aliked lightglue.pth`, a full network's seeded weights are
written there; `--flat` gives them the names of the first published files.
"""

import sys

import kornia
import torch
from kornia.feature import LightGlue, lightglue

import seeded

KEYPOINTS = (24, 17)
DAMPING = 1 / 4
FULL = {"superpoint": (256, 256, 9, 4), "aliked": (128, 256, 9, 4), "xfeat": (64, 96, 6, 1)}


def build(input_dim, descriptor_dim, layers, heads, threshold=0.0):
    """A network with seeded weights that always runs all layers on all keypoints."""
    model = LightGlue(
        features=None, input_dim=input_dim, descriptor_dim=descriptor_dim, n_layers=layers, num_heads=heads, flash=False,
        depth_confidence=-1, width_confidence=-1, filter_threshold=threshold)
    return seeded.fill(model, keep=("confidence_thresholds",))


def full(name):
    """A network of the published size. Updates are damped: nine seeded layers alone blow roundings up."""
    model = build(*FULL[name])
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            if ".ffn.3." in name:
                tensor.mul_(DAMPING)
    return model


def matches(model, a, b):
    """(query, candidate, confidence) of lists given as (pixels [K, 2], descriptors [K, D], (width, height))."""

    def half(pixels, descriptors, size):
        return {
            "keypoints": torch.from_numpy(pixels)[None], "descriptors": torch.from_numpy(descriptors)[None],
            "image_size": torch.tensor([size]),
        }

    with torch.no_grad():
        answer = model({"image0": half(*a), "image1": half(*b)})
    return [(int(i), int(j), float(score)) for (i, j), score in zip(answer["matches"][0], answer["scores"][0])]


def golden(name, heads, input_dim, descriptor_dim):
    """A small network on seeded keypoints, whose positions are normalised already."""
    model = build(input_dim, descriptor_dim, 2, heads)
    lightglue.normalize_keypoints = lambda keypoints, size: keypoints
    lists = {}
    for index, count in enumerate(KEYPOINTS):
        lists[f"image{index}"] = {
            "keypoints": torch.from_numpy(seeded.image((1, count, 2), f"positions{index}") / 2),
            "descriptors": torch.from_numpy(seeded.image((1, count, input_dim), f"descriptors{index}") / 16),
            "image_size": torch.tensor([[2, 2]]),
        }
    with torch.no_grad():
        answer = model(lists)
    source = f"Scripts/parity/lightglue.py, kornia {kornia.__version__}"
    outputs = {"assignment": answer["log_assignment"], "matches": answer["matches0"].float()}
    count = sum(parameter.numel() for parameter in model.parameters())
    seeded.write_golden(name, source, (1, KEYPOINTS[0], input_dim), outputs, parameter_count=count, limit=256)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        state = full(sys.argv[1]).state_dict()
        if "--flat" in sys.argv:
            for name in [name for name in state if name.startswith("transformers.")]:
                _, index, kind, rest = name.split(".", 3)
                state[f"{kind}.{index}.{rest}"] = state.pop(name)
        torch.save(state, sys.argv[2])
    else:
        golden("lightglue", 4, 64, 64)
        golden("lightglue_projected", 1, 32, 48)
