"""Goldens of Inception-v4 (timm) and BN-Inception (pretrainedmodels) with seeded weights.

Run where timm, torch and pretrainedmodels (0.7.4, with munch) are installed: python Scripts/parity/inception.py
"""

import pretrainedmodels
import timm
import torch

import parameter_names
import seeded


def bninception(classes):
    """The Caffe port, with a mean over maps of any size in place of the one over 7 x 7."""
    model = pretrainedmodels.__dict__["bninception"](num_classes=classes, pretrained=None)
    model.global_pool = torch.nn.AdaptiveAvgPool2d(1)
    return model


def golden(name, model, source, shape):
    """Runs a filled model on the seeded image."""
    seeded.fill(model)
    with torch.no_grad():
        image = torch.from_numpy(seeded.image(shape))
        features = model.forward_features(image) if hasattr(model, "forward_features") else model.features(image)
        outputs = {"features": features, "pooled": features.mean((2, 3)), "logits": model(image)}
    seeded.write_golden(name, source, shape, outputs, classes=10)


if __name__ == "__main__":
    timm_source = f"Scripts/parity/inception.py, timm {timm.__version__}"
    golden("inception_v4", timm.create_model("inception_v4", num_classes=10), timm_source, (1, 3, 96, 112))
    golden("bninception", bninception(10), "Scripts/parity/inception.py, pretrainedmodels 0.7.4", (1, 3, 64, 96))
    parameter_names.write(
        "inception",
        {
            "inception_v4": parameter_names.record(timm.create_model("inception_v4")),
            "bninception": parameter_names.record(bninception(1000)),
        },
    )
