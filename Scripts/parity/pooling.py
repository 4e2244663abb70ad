"""Goldens of poolings, heads and DELG.

Poolings follow the formulas of cnnimageretrieval-pytorch, written anew in numpy; heads and DELG are put together from torch's own
layers, filled by seeded.py.

    python pooling.py    writes Tests/CairnModelsTests/Fixtures/{poolings,heads,delg50}.json
"""

import numpy as np
import resnets
import seeded
import timm
import torch
import torch.nn.functional as F

MAP = (2, 5, 7, 12)


def regions(height, width, levels=3):
    """(top, left, height, width) of the regions of R-MAC: the whole map, then squares at each level."""
    f = np.float32
    short, long = min(height, width), max(height, width)
    steps = f(long - short) * (f(1) / np.arange(1, 7, dtype=f))  # torch divides a number by an array so
    overlap = (f(short**2) - f(short) * steps) / f(short**2)
    extra = int(np.argmin(np.abs(overlap - f(0.4)))) + 1
    found = [(0, 0, height, width)]
    for level in range(1, levels + 1):
        side = int(np.floor(2 * short / (level + 1)))
        if side == 0:
            continue
        half = int(np.floor(side / 2 - 1))

        def starts(size, count):
            step = f((size - side) / (count - 1)) if count > 1 else f(0)
            return [int(np.floor(f(half) + f(i) * step)) - half for i in range(count)]

        for top in starts(height, level + (extra if height > width else 0)):
            for left in starts(width, level + (extra if width > height else 0)):
                found.append((top, left, side, side))
    return found


def regional(x, pool, epsilon=1e-6):
    total = 0
    for top, left, height, width in regions(*x.shape[2:]):
        v = pool(x[:, :, top : top + height, left : left + width])
        total = total + v / (np.linalg.norm(v, axis=1, keepdims=True) + epsilon)
    return total


def gem(x, p, epsilon=1e-6):
    return (np.maximum(x, epsilon) ** p).mean((2, 3)) ** (1 / p)


def poolings():
    x = np.abs(seeded.image(MAP)).astype(np.float64)  # as after an activation
    x[:, 1] *= -1  # a channel that a generalised mean clamps
    p = float(seeded.values("pool.p", (1,))[0])
    outputs = {
        "gap": x.mean((2, 3)),
        "mac": x.max((2, 3)),
        "gem": gem(x, 3.0),
        "gem-learned": gem(x, p),
        "rmac": regional(x, lambda r: r.max((2, 3))),
        "rgem": regional(x, lambda r: gem(r, 3.0)),
        "input": x,
    }
    seeded.write_golden("poolings", "Scripts/parity/pooling.py, numpy", MAP, outputs, limit=100000)


def heads():
    channels, size = 6, 4
    x = torch.from_numpy(seeded.image((3, channels))).double()

    def weight(name, *shape):
        return torch.from_numpy(seeded.values("head." + name, shape)).double()

    def linear(x, name="fc"):
        return F.linear(x, weight(name + ".weight", size, channels), weight(name + ".bias", size))

    def norm(x, name):
        n = x.shape[1]
        parts = [weight(f"{name}.{part}", n) for part in ("running_mean", "running_var", "weight", "bias")]
        return F.batch_norm(x, *parts)

    convolved = F.conv2d(x[:, :, None, None], weight("conv.weight", size, channels, 1, 1)).flatten(1)
    outputs = {
        "none": x,
        "fc": linear(x),
        "conv-bn": norm(convolved, "bn"),
        "l2-fc": linear(F.normalize(x)),
        "bn-dropout-fc-bn": norm(linear(norm(x, "bn1")), "bn2"),
        "fc-bn": norm(linear(x), "bn"),
        "whitening": linear(x, "whiten"),
    }
    outputs = {name: F.normalize(value) for name, value in outputs.items()}
    outputs["input"] = x
    seeded.write_golden("heads", f"Scripts/parity/pooling.py, torch {torch.__version__}", (3, channels), outputs)


def delg(name, architecture):
    backbone = seeded.fill(timm.create_model(architecture, num_classes=0)).double()

    def weight(name, *shape):
        return torch.from_numpy(seeded.values(name, shape)).double()

    def conv(x, name, outputs):
        return F.conv2d(
            x, weight(name + ".weight", outputs, x.shape[1], 1, 1), weight(name + ".bias", outputs)
        )

    with torch.no_grad():
        _, maps = backbone.forward_intermediates(torch.from_numpy(seeded.image(resnets.SHAPE)).double())
        shallow, deep = maps[-2], maps[-1]
        pooled = deep.clamp(min=1e-6).pow(3).mean((2, 3)).pow(1 / 3)
        embedding = F.linear(pooled, weight("head.whiten.weight", 2048, 2048), weight("head.whiten.bias", 2048))
        reduced = conv(shallow, "local.autoencoder.reduce", 128)
        reconstruction = conv(reduced, "local.autoencoder.expand", 1024).relu()
        hidden = conv(shallow, "local.attention.conv1", 512)
        parts = [weight(f"local.attention.bn.{p}", 512) for p in ("running_mean", "running_var", "weight", "bias")]
        attention = F.softplus(conv(F.batch_norm(hidden, *parts).relu(), "local.attention.conv2", 1))
        outputs = {
            "global": F.normalize(embedding),
            "local": F.normalize(reduced),
            "attention": attention,
            "embedding": embedding,
            "reconstruction": reconstruction,
            "pooledReconstruction": (F.normalize(reconstruction) * attention).mean((2, 3)),
        }
    seeded.write_golden(name, f"Scripts/parity/pooling.py, timm {timm.__version__}", resnets.SHAPE, outputs)


if __name__ == "__main__":
    poolings()
    heads()
    delg("delg50", "resnet50")
