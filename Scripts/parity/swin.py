"""Goldens of Swin Transformers (timm) with seeded weights: python Scripts/parity/swin.py"""

import timm
import torch

import parameter_names
import seeded

# Golden: timm's name, image size, how timm is told. Below 224 px only `dynamic_img_size` keeps the checkpoint's windows; above,
# a model made for the size also shifts the windows of the last stage.
GOLDENS = {
    "swin_tiny": ("swin_tiny_patch4_window7_224", (224, 224), {}),
    "swin_tiny_160x224": ("swin_tiny_patch4_window7_224", (160, 224), {"dynamic_img_size": True}),
    "swin_tiny_256x328": ("swin_tiny_patch4_window7_224", (256, 328), {"img_size": (256, 328)}),
}

NAMES = {
    "swin_tiny": "swin_tiny_patch4_window7_224",
    "swin_small": "swin_small_patch4_window7_224",
    "swin_base": "swin_base_patch4_window7_224",
    "swin_base384": "swin_base_patch4_window12_384",
}


def golden(name, timm_name, size, options):
    """Runs a filled model on the seeded image."""
    model = seeded.fill(timm.create_model(timm_name, num_classes=10, **options))
    shape = (1, 3, *size)
    with torch.no_grad():
        image = torch.from_numpy(seeded.image(shape))
        features = model.forward_features(image).permute(0, 3, 1, 2).contiguous()
        outputs = {"features": features, "pooled": features.mean((2, 3)), "logits": model(image)}
    source = f"Scripts/parity/swin.py, timm {timm.__version__}"
    seeded.write_golden(name, source, shape, outputs, classes=10)


if __name__ == "__main__":
    for name, (timm_name, size, options) in GOLDENS.items():
        golden(name, timm_name, size, options)
    parameter_names.write(
        "swin", {name: parameter_names.record(timm.create_model(timm_name)) for name, timm_name in NAMES.items()}
    )
