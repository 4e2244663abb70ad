"""Shared by the scripts beside it: where goldens lie, numbers that are short in decimal and exact in 32 bits, how JSON is written."""

import json
import os
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
TRAINING = os.path.join(HERE, "../../Tests/CairnTrainingTests/Fixtures")
TORCH = os.path.join(HERE, "../../Tests/CairnTorchTests/Fixtures")
sys.path.insert(0, os.path.join(HERE, "../../../Scripts/parity"))  # seeded.py


def grid(array, step=1 / 32):
    """The nearest multiples of a power of two: exact in 32 bits."""
    return np.round(np.asarray(array, dtype=np.float64) / step) * step


def plain(value, digits=8):
    """Tensors and arrays as flat lists (row-major), numbers rounded to `digits` significant ones, single ones to 10."""
    if hasattr(value, "detach"):
        value = value.detach().numpy()
    if isinstance(value, np.ndarray):
        value = value.reshape(-1).tolist() if value.ndim else value.item()
    if isinstance(value, dict):
        single = lambda element: isinstance(element, float) or getattr(element, "ndim", 1) == 0
        return {key: plain(element, 10 if single(element) else digits) for key, element in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(element, digits) for element in value]
    if isinstance(value, (float, np.floating)):
        rounded = float(f"{value:.{digits - 1}e}")
        return int(rounded) if rounded == int(rounded) and abs(rounded) < 1e6 else rounded
    return value.item() if isinstance(value, np.integer) else value


def write(folder, name, record, digits=8):
    """Writes a record with one line for each of its cases."""
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, name + ".json")
    dump = lambda value: json.dumps(plain(value, digits), separators=(",", ":"), ensure_ascii=False)
    lines = []
    for key, value in record.items():
        if isinstance(value, dict) and any(isinstance(element, dict) for element in value.values()):
            inner = ",\n".join(f"{json.dumps(name)}:{dump(element)}" for name, element in value.items())
            lines.append(f"{json.dumps(key)}:{{\n{inner}\n}}")
        else:
            lines.append(f"{json.dumps(key)}:{dump(value)}")
    with open(path, "w") as file:
        file.write("{\n" + ",\n".join(lines) + "\n}\n")
    print(f"{name}.json: {os.path.getsize(path)} bytes")
