"""SuperPoint against transformers: goldens for the tests, and the comparison of keypoints dumped by Cairn. Weights are seeded:
the authors' are not free to use everywhere.

    superpoint.py golden                   writes CairnModelsTests/Fixtures/superpoint.json (maps) and
                                           CairnFeaturesTests/Fixtures/superpoint-decoding.json (keypoints of seeded maps)
    superpoint.py compare RGB FILE THRESHOLD   compares keypoints of a raw RGB image whose sides 8 divides (see keypoint_files.py)
"""

import json
import os
import sys

import numpy as np
import torch
from transformers import SuperPointConfig, SuperPointForKeypointDetection
from transformers.models.superpoint import modeling_superpoint as peer

import keypoint_files
import seeded

NAMES = {"keypoint_decoder.conv_score_a": "convPa", "keypoint_decoder.conv_score_b": "convPb"}
NAMES |= {"descriptor_decoder.conv_descriptor_a": "convDa", "descriptor_decoder.conv_descriptor_b": "convDb"}
for stage in range(4):
    for half in "ab":
        NAMES[f"encoder.conv_blocks.{stage}.conv_{half}"] = f"conv{stage + 1}{half}"


def network(**options):
    model = SuperPointForKeypointDetection(SuperPointConfig(**options))

    def rename(name):
        layer, last = name.rsplit(".", 1)
        return NAMES[layer] + "." + last

    return seeded.fill(model, rename)


def shuffled(logits):
    """The peer's steps from logits to a score for each pixel, before suppression."""
    scores = torch.nn.functional.softmax(logits, 1)[:, :-1]
    n, _, h, w = scores.shape
    scores = scores.permute(0, 2, 3, 1).reshape(n, h, w, 8, 8)
    return scores.permute(0, 1, 3, 2, 4).reshape(n, h * 8, w * 8)


def maps(model, image):
    features = model.encoder(image).last_hidden_state
    detector, describer = model.keypoint_decoder, model.descriptor_decoder
    logits = detector.conv_score_b(detector.relu(detector.conv_score_a(features)))
    descriptors = describer.conv_descriptor_b(describer.relu(describer.conv_descriptor_a(features)))
    return shuffled(logits)[:, None], torch.nn.functional.normalize(descriptors, dim=1)


def golden():
    shape = (1, 1, 48, 64)
    image = torch.from_numpy(seeded.image(shape)) / 4 + 0.5
    model = network()
    with torch.no_grad():
        heatmap, descriptors = maps(model, image)
    source = "Scripts/parity/superpoint.py, transformers.SuperPointForKeypointDetection"
    count = sum(p.numel() for p in model.parameters())
    seeded.write_golden(
        "superpoint", source, shape, {"heatmap": heatmap, "descriptors": descriptors}, parameter_count=count)
    decoding_golden(source)


def decoding_golden(source):
    """Seeded maps of 6 x 8 cells through the peer's suppression, border and sampling."""
    rows, columns, entries = 6, 8, 16
    logits = torch.from_numpy(4 * seeded.units("logits", 65 * rows * columns).reshape(1, 65, rows, columns) - 2).float()
    features = torch.from_numpy(
        2 * seeded.units("features", entries * rows * columns).reshape(1, entries, rows, columns) - 1
    ).float()
    scores = peer.simple_nms(shuffled(logits), 4)
    keypoints = torch.nonzero(scores[0] > 0.02)
    values = scores[0][tuple(keypoints.t())]
    keypoints, values = peer.remove_keypoints_from_borders(keypoints, values, 4, rows * 8, columns * 8)
    keypoints, values = peer.top_k_keypoints(keypoints, values, len(keypoints) - 1)
    keypoints = keypoints.flip(1).float()
    normal = torch.nn.functional.normalize(features, dim=1)
    sampled = peer.SuperPointDescriptorDecoder._sample_descriptors(keypoints[None].clone(), normal, 8)[0].T
    record = {
        "source": source + ": its decoding of seeded maps",
        "x": (keypoints[:, 0] + 0.5).tolist(),
        "y": (keypoints[:, 1] + 0.5).tolist(),
        "scores": [round(float(x), 7) for x in values],
        "descriptors": [[round(float(x), 6) for x in row] for row in sampled[:12]],
    }
    folder = os.path.join(os.path.dirname(__file__), "../../Tests/CairnFeaturesTests/Fixtures")
    with open(os.path.join(folder, "superpoint-decoding.json"), "w") as file:
        json.dump(record, file, separators=(",", ":"))
        file.write("\n")


def compare(rgb, file, threshold):
    rgb = np.round(keypoint_files.image(rgb) * 255).astype(np.uint32)[0]
    luma = ((rgb[0] * 19595 + rgb[1] * 38470 + rgb[2] * 7471 + 0x8000) >> 16).astype(np.float32) / 255
    ours = keypoint_files.read(file)
    model = network(keypoint_threshold=float(threshold), max_keypoints=len(ours[0]))
    with torch.no_grad():
        theirs = model(torch.from_numpy(np.stack([luma] * 3)[None]))
    positions = theirs.keypoints[0].numpy() * np.array([luma.shape[1], luma.shape[0]])
    keypoint_files.report(ours, positions, theirs.descriptors[0].numpy())


if __name__ == "__main__":
    golden() if sys.argv[1] == "golden" else compare(*sys.argv[2:])
