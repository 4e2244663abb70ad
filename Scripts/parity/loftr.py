"""Goldens of LoFTR (kornia) with seeded weights: python Scripts/parity/loftr.py

With a path, `python Scripts/parity/loftr.py loftr.pth`, the full network's seeded weights are written there.
"""

import copy
import sys

import kornia
import torch
from kornia.feature import LoFTR
from kornia.feature.loftr.loftr import default_cfg

import seeded

SHAPES = ((1, 1, 48, 64), (1, 1, 64, 40))
WINDOWS = 6
DAMPING = 1 / 4


def small(temp_bug_fix):
    """A small network's configuration."""
    config = copy.deepcopy(default_cfg)
    config["resnetfpn"] = {"initial_dim": 16, "block_dims": [16, 24, 32]}
    config["coarse"].update(
        d_model=32, d_ffn=32, nhead=4, layer_names=["self", "cross"] * 2, temp_bug_fix=temp_bug_fix)
    config["fine"].update(d_model=16, d_ffn=16, nhead=4)
    config["match_coarse"].update(thr=0.0)
    return config


def build(config=default_cfg):
    """A network with seeded weights."""
    return seeded.fill(LoFTR(None, config))


def full(threshold=0.2):
    """A network of the published size. Coarse features are damped: seeded ones alone make one cell match and no other."""
    config = copy.deepcopy(default_cfg)
    config["match_coarse"].update(thr=threshold)
    model = build(config)
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            if name.startswith("loftr_coarse") and ".norm2." in name or name == "backbone.layer3_outconv.weight":
                tensor.mul_(DAMPING)
    return model


def golden(name, temp_bug_fix):
    """All three parts of a small network."""
    model = build(small(temp_bug_fix))
    images = [torch.from_numpy(seeded.image(shape, f"image{index}") / 4 + 0.5) for index, shape in enumerate(SHAPES)]
    with torch.no_grad():
        features = [model.extract_features(image) for image in images]
        tokens = [f["coarse"].permute(0, 2, 3, 1).flatten(1, 2) for f in features]
        coarse = model.loftr_coarse(*tokens)
        data = {
            "hw0_c": features[0]["coarse"].shape[2:], "hw1_c": features[1]["coarse"].shape[2:], "stride_c": 8,
        }
        model.coarse_matching(*coarse, data)

        windows = [torch.from_numpy(seeded.image((WINDOWS, 25, 16), f"windows{index}") / 2) for index in range(2)]
        cells = [torch.from_numpy(seeded.image((WINDOWS, 32), f"cells{index}") / 2) for index in range(2)]
        seen = []
        for window, cell in zip(windows, cells):
            context = model.fine_preprocess.down_proj(cell)[:, None].expand(-1, 25, -1)
            seen.append(model.fine_preprocess.merge_feat(torch.cat([window, context], -1)))
        zeros = torch.zeros(WINDOWS, 2)
        fine = {"stride_f": 2, "mkpts0_c": zeros, "mkpts1_c": zeros, "mconf": zeros[:, 0], "b_ids": zeros[:, 0].long()}
        model.fine_matching(*model.loftr_fine(*seen), fine)
    outputs = {
        "coarse": tokens[0], "fine": features[0]["fine"].permute(0, 2, 3, 1), "cells": coarse[0],
        "confidence": data["conf_matrix"], "moved": fine["expec_f"],
    }
    source = f"Scripts/parity/loftr.py, kornia {kornia.__version__}"
    count = sum(parameter.numel() for parameter in model.parameters())
    seeded.write_golden(name, source, SHAPES[0], outputs, parameter_count=count, limit=160)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        torch.save(full().state_dict(), sys.argv[1])
    else:
        golden("loftr", False)
        golden("loftr_corrected", True)
