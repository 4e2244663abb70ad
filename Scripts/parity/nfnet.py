"""Goldens of NFNets (timm) with seeded weights: python Scripts/parity/nfnet.py"""

import timm
import torch

import parameter_names
import seeded

# Golden: timm's name and image size. Networks are narrower than published, so that tests are fast; the light one sees maps with
# odd sides, whose average pools round up.
GOLDENS = {"dm_nfnet_narrow": ("dm_nfnet_f0", (1, 3, 64, 96)), "nfnet_light_narrow": ("nfnet_l0", (1, 3, 72, 88))}
NARROW = {"depths": (1, 2, 2, 1), "channels": (256, 256, 512, 512), "num_features": 768}


def golden(name, timm_name, shape):
    """Runs a filled model on the seeded image."""
    model = seeded.fill(timm.create_model(timm_name, num_classes=10, **NARROW))
    with torch.no_grad():
        image = torch.from_numpy(seeded.image(shape))
        features = model.forward_features(image)
        outputs = {"features": features, "pooled": features.mean((2, 3)), "logits": model(image)}
    source = f"Scripts/parity/nfnet.py, timm {timm.__version__}"
    seeded.write_golden(name, source, shape, outputs, classes=10)


if __name__ == "__main__":
    for name, (timm_name, shape) in GOLDENS.items():
        golden(name, timm_name, shape)
    names = ["dm_nfnet_f0", "nfnet_l0"]
    parameter_names.write("nfnet", {name: parameter_names.record(timm.create_model(name)) for name in names})
