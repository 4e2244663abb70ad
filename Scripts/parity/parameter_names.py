"""What a state dict asks for, in few bytes: the twin of Tests/CairnModelsTests/ParameterNames.swift.

The digest is the 64-bit FNV-1a hash of the lines "name [2, 3]\n" of all parameters and running statistics, sorted.
"""

import json
import os

from seeded import FIXTURES, name_hash


def record(model):
    """Learned numbers, number of names, digest."""
    lines = sorted(
        f"{name} [{', '.join(str(size) for size in tensor.shape)}]\n"
        for name, tensor in model.state_dict().items()
        if not name.endswith("num_batches_tracked")
    )
    return {
        "parameterCount": sum(parameter.numel() for parameter in model.parameters()),
        "names": len(lines),
        "digest": f"{name_hash(''.join(lines)):016x}",
    }


def write(family, records):
    """Keeps the records of a family's networks, with 1,000 classes each, in Fixtures/<family>-names.json."""
    with open(os.path.join(FIXTURES, family + "-names.json"), "w") as file:
        json.dump(records, file, indent=1)
        file.write("\n")
