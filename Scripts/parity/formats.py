#!/usr/bin/env python3
"""Writes the fixtures of CairnFormatsTests and CairnCheckpointsTests with the libraries whose files Cairn reads.

Made with torch 2.13, safetensors 0.8 and NumPy 2.4:  python3 Scripts/parity/formats.py
The values are simple on purpose: the tests state them again, so nothing is compared with itself.
"""
import collections
import pathlib
import pickle

import numpy as np
import torch
from safetensors.torch import save_file

root = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "CairnFormatsTests" / "Fixtures"
root.mkdir(parents=True, exist_ok=True)


def state():
    """Every kind of tensor a checkpoint has: types, a transposed view, two views of one storage, a scalar, a parameter."""
    base = torch.arange(12, dtype=torch.float32).reshape(3, 4) / 4 - 1
    tensors = collections.OrderedDict()
    tensors["plain"] = base
    tensors["half"] = torch.tensor([1.5, -0.25, 65504.0, 2.0**-24, float("inf")], dtype=torch.float16)
    tensors["brain"] = torch.tensor([1.5, -0.25, 2.0**100], dtype=torch.bfloat16)
    tensors["double"] = torch.tensor([0.1, -2.5], dtype=torch.float64)
    tensors["long"] = torch.tensor([1, -2, 2**40], dtype=torch.int64)
    tensors["byte"] = torch.tensor([0, 127, 255], dtype=torch.uint8)
    tensors["flag"] = torch.tensor([True, False])
    tensors["transposed"] = torch.arange(6, dtype=torch.float32).reshape(2, 3).t()
    tensors["row"] = base[1]
    tensors["scalar"] = torch.tensor(7, dtype=torch.int64)
    tensors["empty"] = torch.zeros(0, 3)
    tensors["parameter"] = torch.nn.Parameter(torch.tensor([[2.0], [3.0]]))
    return tensors


def torch_files():
    wrapped = {"epoch": 3, "arch": "test", "state_dict": state(), "meta": {"mean": [0.5, 0.25], "size": torch.Size([2, 3])}}
    torch.save(wrapped, root / "archive.pth")
    torch.save(wrapped, root / "legacy.pth", _use_new_zipfile_serialization=False)
    torch.save(torch.nn.Linear(2, 1), root / "module.pth")
    model = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2))
    model = {name: torch.arange(value.numel()).reshape(value.shape).to(value.dtype) for name, value in model.state_dict().items()}
    torch.save(model, root / "convolution.pth")


def numpy_files():
    matrix = np.arange(6).reshape(2, 3)
    np.save(root / "float32.npy", (matrix / 2 - 1).astype("<f4"))
    np.save(root / "big-endian.npy", (matrix / 2 - 1).astype(">f8"))
    np.save(root / "fortran.npy", np.asfortranarray(matrix.astype("<i8")))
    np.save(root / "half.npy", (matrix / 2 - 1).astype("<f2"))
    np.save(root / "scalar.npy", np.float32(2.5))
    for version in [(2, 0), (3, 0)]:
        with open(root / f"version{version[0]}.npy", "wb") as file:
            np.lib.format.write_array(file, matrix.astype("u1"), version=version)
    np.save(root / "objects.npy", np.array([{}, 1], dtype=object))
    np.save(root / "records.npy", np.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")]))


def pickles():
    truth = {
        "imlist": ["all_souls_000013", "été"],
        "gnd": [{"easy": np.array([3, 5]), "bbx": [1.5, 2.0, 3.0, 4.0], "ok": [7]}],
        "fortran": np.asfortranarray(np.arange(6, dtype=np.float32).reshape(2, 3)),
        "big": np.array([1, 2], dtype=">i4"),
        "scalar": np.float64(2.5),
        "count": np.int64(-3),
        "names": np.array(["ab", "c"]),
        "objects": np.array([[1], "x"], dtype=object),
        "tuple": (None, True, 1, -1, 300, 70000, 2**40, -(2**40), 2**70, 0.1, b"\x00\xff"),
        "set": {4},
        "ordered": collections.OrderedDict([("b", 1), ("a", 2)]),
        "shared": None,
    }
    truth["shared"] = truth["gnd"]
    for protocol in [2, 3, 4, 5]:
        (root / f"truth{protocol}.pkl").write_bytes(pickle.dumps(truth, protocol=protocol))


def safetensors_files():
    tensors = {name: value.detach().contiguous().clone() for name, value in state().items()}
    save_file(tensors, root / "state.safetensors", metadata={"format": "pt", "note": "é \"q\"\n"})


torch_files()
numpy_files()
pickles()
safetensors_files()
