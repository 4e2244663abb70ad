"""Goldens of SuperGlue (transformers) with seeded weights: python Scripts/parity/superglue.py

With a path, `python Scripts/parity/superglue.py superglue.pth`, the full network's seeded weights are written there under the
authors' names, and `matches(model, a, b)` gives transformers' answer for two lists of keypoints.
"""

import sys

import numpy as np
import torch
import transformers
from transformers import SuperGlueConfig
from transformers.models.superglue import modeling_superglue

import seeded

KEYPOINTS = 24


def build(size, encoder, pairs, heads, iterations, damping=1):
    """A network with seeded weights, and the weights under the authors' names.

    `damping` multiplies the last layer of each update: 18 undamped ones make scores of thousands, which no training gives.
    """
    config = SuperGlueConfig(
        hidden_size=size, keypoint_encoder_sizes=encoder, gnn_layers_types=["self", "cross"] * pairs,
        num_attention_heads=heads, sinkhorn_iterations=iterations)
    model = modeling_superglue.SuperGlueForKeypointMatching(config).eval()
    state = model.state_dict()
    original = {}
    # Channel (d, head) of the authors' layout is channel (head, d) here.
    order = np.arange(size).reshape(size // heads, heads).T.reshape(-1)

    def linear(ours, theirs, rows=None, columns=None):
        shape = tuple(state[theirs + ".weight"].shape) + (1,)
        weight, bias = seeded.values(ours + ".weight", shape), seeded.values(ours + ".bias", shape[:1])
        if ".mlp.3" in ours:
            weight, bias = weight * np.float32(damping), bias * np.float32(damping)
        original[ours + ".weight"], original[ours + ".bias"] = weight, bias
        weight = weight[:, :, 0]
        if rows is not None:
            weight, bias = weight[rows], bias[rows]
        if columns is not None:
            weight = weight[:, columns]
        state[theirs + ".weight"], state[theirs + ".bias"] = torch.from_numpy(weight.copy()), torch.from_numpy(bias.copy())

    def mlp(ours, theirs, layers):
        for index in range(layers):
            if index == layers - 1:
                linear(f"{ours}.{3 * index}", f"{theirs}.{index}")
                continue
            linear(f"{ours}.{3 * index}", f"{theirs}.{index}.linear")
            for part in ("weight", "bias", "running_mean", "running_var"):
                name = f"{ours}.{3 * index + 1}.{part}"
                key = f"{theirs}.{index}.batch_norm.{part}"
                original[name] = seeded.values(name, tuple(state[key].shape))
                state[key] = torch.from_numpy(original[name])

    mlp("kenc.encoder", "keypoint_encoder.encoder", len(encoder) + 1)
    for index in range(2 * pairs):
        ours, theirs = f"gnn.layers.{index}", f"gnn.layers.{index}"
        for number, part in enumerate(("query", "key", "value")):
            linear(f"{ours}.attn.proj.{number}", f"{theirs}.attention.self.{part}", rows=order)
        linear(f"{ours}.attn.merge", f"{theirs}.attention.output.dense", columns=order)
        mlp(f"{ours}.mlp", f"{theirs}.mlp", 2)
    linear("final_proj", "final_projection.final_proj")
    original["bin_score"] = seeded.values("bin_score", ())
    state["bin_score"] = torch.from_numpy(original["bin_score"])
    model.load_state_dict(state)
    return model, original


def run(model, positions, scores, descriptors):
    """The projected descriptors and the log assignment of two lists, `[2, K, ...]`; positions are normalised."""
    with torch.no_grad():
        x = torch.from_numpy(descriptors) + model.keypoint_encoder(torch.from_numpy(positions), torch.from_numpy(scores))[0]
        projected = model.final_projection(model.gnn(x)[0])
        similarity = projected[:1] @ projected[1:].transpose(1, 2) / x.shape[-1] ** 0.5
        iterations = model.config.sinkhorn_iterations
        assignment = modeling_superglue.log_optimal_transport(similarity, model.bin_score, iterations)
    return projected, assignment


def matches(model, a, b, threshold):
    """(query, candidate, confidence) of lists given as (pixels [K, 2], scores [K], descriptors [K, D], (width, height))."""

    def half(pixels, scores, descriptors, size):
        width, height = size
        positions = modeling_superglue.normalize_keypoints(torch.from_numpy(pixels)[None], height, width).numpy()
        return positions, scores[None], descriptors[None]

    a, b = half(*a), half(*b)
    _, assignment = run(model, *(np.concatenate(parts) for parts in zip(a, b)))
    inner = assignment[0, :-1, :-1].exp().numpy()
    best = inner.argmax(1)
    return [
        (i, int(j), float(inner[i, j])) for i, j in enumerate(best) if inner[:, j].argmax() == i and inner[i, j] > threshold
    ]


def full():
    """A network of the published size."""
    return build(256, [32, 64, 128, 256], 9, 4, 100, damping=1 / 16)


def golden():
    """A small network on seeded keypoints."""
    model, _ = build(64, [32, 64], 2, 4, 20)
    positions = seeded.image((2, KEYPOINTS, 3), "positions") / 2
    descriptors = seeded.image((2, KEYPOINTS, 64), "descriptors") / 16
    projected, assignment = run(model, positions[..., :2].copy(), positions[..., 2].copy(), descriptors)
    source = f"Scripts/parity/superglue.py, transformers {transformers.__version__}"
    seeded.write_golden(
        "superglue", source, (2, KEYPOINTS, 3),
        {"descriptors_a": projected[0], "descriptors_b": projected[1], "assignment": assignment}, limit=256)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _, weights = full()
        torch.save({name: torch.from_numpy(np.array(value)) for name, value in weights.items()}, sys.argv[1])
    else:
        golden()
