"""Goldens of EfficientNets (timm) with seeded weights: python Scripts/parity/efficientnet.py"""

import timm
import torch

import parameter_names
import seeded

GOLDENS = {
    "efficientnet_b0": (1, 3, 64, 96),
    "tf_efficientnet_b0": (1, 3, 64, 96),
    "efficientnet_b1": (1, 3, 64, 64),
}


def golden(name, shape):
    """Runs a filled model on the seeded image."""
    model = seeded.fill(timm.create_model(name, num_classes=10))
    with torch.no_grad():
        image = torch.from_numpy(seeded.image(shape))
        features = model.forward_features(image)
        outputs = {"features": features, "pooled": features.mean((2, 3)), "logits": model(image)}
    source = f"Scripts/parity/efficientnet.py, timm {timm.__version__}"
    seeded.write_golden(name, source, shape, outputs, classes=10)


if __name__ == "__main__":
    for name, shape in GOLDENS.items():
        golden(name, shape)
    names = [f"{prefix}efficientnet_b{index}" for prefix in ("", "tf_") for index in range(8)]
    parameter_names.write("efficientnet", {name: parameter_names.record(timm.create_model(name)) for name in names})
