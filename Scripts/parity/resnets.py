"""Goldens of the ResNet family: timm's models filled by seeded.py, run in double precision on a seeded image of odd map sizes.

    python resnets.py                    writes Tests/CairnModelsTests/Fixtures/<name>.json
    python resnets.py check NAME a.onnx  compares an exported graph, in ONNX Runtime and OpenVINO
"""

import sys

import numpy as np
import seeded
import timm
import torch

NAMES = [
    "resnet18", "resnet34", "resnet50", "resnet101", "resnet152",
    "resnet50d", "resnet101d", "resnet152d",
    "resnext50_32x4d", "resnext101_32x4d", "resnext101_32x8d",
    "seresnet50", "seresnet101", "seresnext101_32x4d",
    "legacy_seresnet101", "legacy_seresnext101_32x4d",
    "resnest50d", "resnest101e", "resnest200e",
]  # fmt: skip

# Maps of 18x26, 9x13, 5x7 and 3x4: shortcuts that average must round up.
SHAPE = (1, 3, 72, 104)
CLASSES = 10


def write(name):
    with torch.device("meta"):
        count = sum(p.numel() for p in timm.create_model(name).parameters())
    model = seeded.fill(timm.create_model(name, num_classes=CLASSES))
    with torch.no_grad():
        image = torch.from_numpy(seeded.image(SHAPE))
        single = model(image)
        model, image = model.double(), image.double()
        _, maps = model.forward_intermediates(image)
        logits = model(image)
    seeded.write_golden(
        name,
        f"Scripts/parity/resnets.py, timm {timm.__version__}",
        SHAPE,
        {"shallow": maps[-2].mean((2, 3)), "features": maps[-1].mean((2, 3)), "map": maps[-1], "logits": logits},
        classes=CLASSES,
        parameter_count=count,
    )
    print(f"{name}: {count} parameters, torch's own rounding {float((single - logits).abs().max() / logits.abs().max()):.1e}")


def run(path, shape=SHAPE):
    """Outputs of an exported graph on the seeded image, by runtime."""
    import onnxruntime
    import openvino

    image = seeded.image(shape)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    names = [o.name for o in session.get_outputs()]
    outputs = {"onnxruntime": dict(zip(names, session.run(names, {session.get_inputs()[0].name: image})))}
    core = openvino.Core()
    compiled = core.compile_model(path, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    result = compiled(image)
    outputs["openvino"] = {name: np.array(result[name]) for name in names}
    return outputs


if __name__ == "__main__":
    torch.set_num_threads(1)
    if sys.argv[1:2] == ["check"]:
        worst = 0.0
        for name, path in zip(sys.argv[2::2], sys.argv[3::2]):
            for runtime, outputs in run(path).items():
                print(runtime, end=" ")
                worst = max(worst, seeded.check(name, outputs))
        sys.exit(worst > 1e-4)
    for name in sys.argv[1:] or NAMES:
        write(name)
