"""Weights that are a function of each parameter's name: the twin of Tests/CairnModelsTests/SeededParameters.swift, bit for bit.

A model of timm, torchvision or kornia is filled by `fill`, run on `image`, and what came out is kept by `write_golden`.
"""

import json
import math
import os

import numpy as np

FIXTURES = os.path.join(os.path.dirname(__file__), "../../Tests/CairnModelsTests/Fixtures")


def name_hash(name):
    """FNV-1a, 64 bits."""
    value = 0xCBF29CE484222325
    for byte in name.encode():
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


def units(name, count):
    """Numbers in [0, 1) of 24 bits, as float64."""
    with np.errstate(over="ignore"):
        index = np.arange(1, count + 1, dtype=np.uint64)
        z = np.uint64(name_hash(name)) + index * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(40)).astype(np.float64) / 16777216


def values(name, shape):
    """A parameter's values."""
    last = name.split(".")[-1]
    if last == "running_var":
        scale, offset = 1.0, 0.5
    elif last == "p":
        scale, offset = 1.0, 2.5
    elif last.endswith("gain") or (last == "weight" and len(shape) == 1):
        scale, offset = 0.7, 0.5
    elif len(shape) >= 2 and not last.endswith("bias_table"):
        bound = math.sqrt(6 / math.prod(shape[1:])) / (8 if ".se.fc" in name or ".se_module.fc" in name else 1)
        scale, offset = 2 * bound, -bound
    else:
        scale, offset = 0.2, -0.1
    return (offset + scale * units(name, math.prod(shape))).astype(np.float32).reshape(shape)


def image(shape, name="input"):
    """An input of values in [-2, 2)."""
    return (4 * units(name, math.prod(shape)) - 2).astype(np.float32).reshape(shape)


def fill(model, rename=lambda name: name, keep=("attn_mask",)):
    """Fills a torch model in place, all but whole numbers and the tables named in `keep`. `rename` gives our name for theirs."""
    import torch

    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            if tensor.is_floating_point() and name.split(".")[-1] not in keep:
                tensor.copy_(torch.from_numpy(values(rename(name), tuple(tensor.shape))))
    return model.eval()


def write_golden(name, source, input_shape, outputs, classes=None, parameter_count=None, limit=128):
    """Keeps about `limit` elements of each output in Fixtures/<name>.json. `outputs` are arrays or tensors by name."""
    kept = {}
    for key, value in outputs.items():
        array = np.asarray(value.detach().cpu() if hasattr(value, "detach") else value, dtype=np.float32)
        stride = max(1, array.size // limit)
        if stride > 1 and stride % 2 == 0:
            stride += 1  # odd, so that it does not stay in one column of the map
        picked = array.reshape(-1)[::stride]
        kept[key] = {
            "shape": list(array.shape),
            "stride": stride,
            "values": [float(np.format_float_scientific(x, precision=7)) for x in picked],
        }
    record = {"source": source, "inputShape": list(input_shape), "outputs": kept}
    if classes is not None:
        record["classes"] = classes
    if parameter_count is not None:
        record["parameterCount"] = parameter_count
    os.makedirs(FIXTURES, exist_ok=True)
    with open(os.path.join(FIXTURES, name + ".json"), "w") as file:
        json.dump(record, file, indent=None, separators=(",", ":"))
        file.write("\n")


def check(golden, outputs, tolerance=1e-4):
    """The largest relative difference of each output from a golden's; a line is printed for each."""
    with open(os.path.join(FIXTURES, golden + ".json")) as file:
        record = json.load(file)
    worst = 0.0
    for key, expected in record["outputs"].items():
        actual = np.asarray(outputs[key], dtype=np.float32)
        assert list(actual.shape) == expected["shape"], (golden, key, actual.shape, expected["shape"])
        picked = actual.reshape(-1)[:: expected["stride"]]
        reference = np.array(expected["values"], dtype=np.float32)
        error = float(np.abs(picked - reference).max() / np.abs(reference).max())
        print(f"{golden:28s} {key:16s} {error:.2e} {'ok' if error <= tolerance else 'DIFFERS'}")
        worst = max(worst, error)
    return worst
