"""Gradients of every architecture: timm's models (BN-Inception: pretrainedmodels), seeded weights, autograd in double precision.

    python architectures.py                   writes all: Tests/CairnTorchTests/Fixtures/gradients_<family>.json
    python architectures.py swin delg         some families

Made with torch 2.13.0, timm 1.0.31, pretrainedmodels 0.7.4 (with munch).

Weights and images are those of Scripts/parity/seeded.py: functions of a parameter's name. loss = Σ features · cotangent, features
as `Backbone.features` gives them ([N, C, h, w], before pooling), the cotangent `seeded.image(shape, "cotangent")` times 1/16, the
image `seeded.image(shape, input)`: of six names the first where no unit lies so near zero that rounding flips it, or the one where
least comes of it.

"eval" uses running statistics; "train", where a network has batch normalisation, the batch's own, and keeps two running statistics
after the one forward pass. In "train" the `bias` of every batch normalisation is its seeded value plus 2: deep networks of random
weights multiply roundings by 1.2 a layer otherwise, and units near zero flip. Attention that is all or nothing after many layers of
seeded weights still takes ResNeSt-101 and -200 far from 32 bits in "eval": compare those in double precision. There is no dropout
or stochastic depth in either.

A tensor's record is [sum, L2 norm, greatest magnitude, 4 elements], elements j (n - 1) / 3 for j = 0...3, rounded down, row-major.
Errors are measured as: sums by norm · √n, norms by the norm, elements by the greatest magnitude, the loss by `lossScale`, the norm
of its summands. `rounding` is the largest such error that torch itself makes in 32 bits: what no comparison in 32 bits can be asked
to beat by much. Parameters whose gradient vanishes, such as biases before batch normalisation in training, are left out.
"""

import gc
import sys

import goldens
import numpy as np
import seeded
import timm
import torch

EFFICIENT = [f"{prefix}efficientnet_b{index}" for prefix in ("", "tf_") for index in range(8)]
FAMILIES = {
    "resnet": [
        "resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "resnet50d", "resnet101d", "resnet152d",
        "resnext50_32x4d", "resnext101_32x4d", "resnext101_32x8d"],
    "seresnet": ["seresnet50", "seresnet101", "seresnext101_32x4d", "legacy_seresnet101", "legacy_seresnext101_32x4d"],
    "resnest": ["resnest50d", "resnest101e", "resnest200e"],
    "inception": ["inception_v4", "bninception"],
    "efficientnet": EFFICIENT[:8],
    "tf_efficientnet": EFFICIENT[8:],
    "nfnet": ["dm_nfnet_f0", "nfnet_l0"],
    "swin": [
        "swin_tiny_patch4_window7_224", "swin_small_patch4_window7_224", "swin_base_patch4_window7_224",
        "swin_base_patch4_window12_384"],
}  # fmt: skip
KEPT = 12
SHIFT = 2
FIRST = ("relative_position_bias_table", "gain", "skipinit_gain")
IMAGES = ["input", "input 2", "input 3", "input 4", "input 5", "input 6"]


def make(name):
    """The model, its image's shape in eval and in train (None: no batch normalisation)."""
    if name == "bninception":
        import pretrainedmodels

        return pretrainedmodels.__dict__["bninception"](num_classes=10, pretrained=None), (2, 3, 64, 64), (4, 3, 96, 96)
    if name.startswith("swin"):  # smaller images, the checkpoint's windows; no map of one window but where the checkpoint has it
        size = 224 if "window12" in name else 128
        return timm.create_model(name, num_classes=10, dynamic_img_size=True), (2, 3, size, size), None
    model = timm.create_model(name, num_classes=10)
    if "nfnet" in name:
        return model, (2, 3, 64, 64), None
    if "resnest" in name:
        return model, (2, 3, 64, 64), (8, 3, 64, 64)
    if model.num_features == 2048 and sum(1 for _ in model.modules()) > 300:  # more than a hundred layers
        return model, (2, 3, 32, 32), (4, 3, 64, 64)
    if name == "inception_v4":
        return model, (2, 3, 96, 96), (4, 3, 160, 160)
    return model, (2, 3, 64, 64), (4, 3, 96, 96)


def features(model, image):
    x = model.forward_features(image) if hasattr(model, "forward_features") else model.features(image)
    return x.permute(0, 3, 1, 2) if type(model).__name__.startswith("Swin") else x


def summary(tensor):
    flat = tensor.detach().double().reshape(-1)
    places = [j * (len(flat) - 1) // 3 for j in range(4)]
    return [flat.sum().item(), flat.norm().item(), flat.abs().max().item(), *(flat[place].item() for place in places)]


def error(actual, expected, count):
    """The largest, each figure by its own measure."""
    total, norm, peak = expected[:3]
    scales = [norm * count**0.5, norm] + [max(peak, 1e-300)] * 5
    return max(abs(a - e) / s for a, e, s in zip(actual, expected, scales))


def gradients(model, shape, training, double, name):
    """Loss, summaries of gradients and running statistics by name."""
    model = seeded.fill(model.float()).train(training)
    with torch.no_grad():
        for layer in (layer for layer in model.modules() if hasattr(layer, "running_mean")):
            layer.bias += SHIFT if training else 0
    kind = torch.float64 if double else torch.float32
    model = model.to(kind)
    model.zero_grad()
    image = torch.from_numpy(seeded.image(shape, name)).to(kind).requires_grad_()
    output = features(model, image)
    cotangent = torch.from_numpy(seeded.image(tuple(output.shape), "cotangent")).to(kind) / 16
    loss = (output * cotangent).sum()
    loss.backward()
    found = {name: (summary(p.grad), p.numel()) for name, p in model.named_parameters() if p.grad is not None}
    statistics = {}
    if training:
        names = [name for name in model.state_dict() if name.endswith(("running_mean", "running_var"))]
        statistics = {name: summary(model.state_dict()[name]) for name in (names[0], names[-1])}
    return loss.item(), (output * cotangent).norm().item(), summary(image.grad), found, statistics


def choose(found):
    """First and last of each kind of parameter, the rare kinds before others, then more evenly."""
    peaks = sorted(value[1] for value, _ in found.values())
    names = [name for name, (value, _) in found.items() if value[1] > 1e-7 * peaks[len(peaks) // 2]]
    kind = lambda name: ".".join(part for part in name.split(".")[-2:] if not part.isdigit())
    first, last = {}, {}
    for name in names:
        first.setdefault(kind(name), name)
        last[kind(name)] = name
    rare = []
    for part in FIRST:
        same = [name for name in names if name.split(".")[-1] == part]
        rare += same[:1] + same[-1:]
    chosen = list(dict.fromkeys([names[0], names[-1], *rare]))
    rest = [name for name in dict.fromkeys([*first.values(), *last.values()]) if name not in chosen]
    room = min(len(rest), KEPT - len(chosen))
    chosen += [rest[i * len(rest) // room] for i in range(room)]
    even = [names[i * (len(names) - 1) // (KEPT - 1)] for i in range(KEPT)]
    for name in even:
        if len(chosen) < KEPT and name not in chosen:
            chosen.append(name)
    return [name for name in names if name in chosen]


def attempt(model, shape, training, name):
    """The record of one image, with the rounding of torch in 32 bits."""
    loss, scale, image, found, statistics = gradients(model, shape, training, True, name)
    loss32, _, image32, found32, _ = gradients(model, shape, training, False, name)
    chosen = choose(found)
    errors = [error(found32[n][0], *found[n]) for n in chosen]
    worst = max(errors + [error(image32, image, np.prod(shape)), abs(loss - loss32) / scale])
    result = {
        "shape": list(shape), "input": name, "rounding": float(f"{worst:.1e}"), "loss": loss, "lossScale": scale,
        "image": image, "parameters": {n: found[n][0] for n in chosen},
    }  # fmt: skip
    return {**result, "statistics": statistics} if training else result


def record(name):
    model, evaluated, trained = make(name)
    result = {}
    for mode, shape in (("eval", evaluated), ("train", trained)):
        if shape is None:
            continue
        best = None
        for image in IMAGES:
            tried = attempt(model, shape, mode == "train", image)
            best = tried if best is None or tried["rounding"] < best["rounding"] else best
            if best["rounding"] < 3e-5:
                break
        result[mode] = best
        print(f"{name} {mode}: rounding {best['rounding']:.1e}, {best['input']}", flush=True)
    return result


def delg():
    """Which parts of DELG get which gradient: norms by part and loss.

    Wired as CairnModels' DELG on resnet50, eval mode, GeM with p = 3. Global: ArcFace (m 0.3, s 30) by classes `global.weight` [5,
    2048]. Attention: cross-entropy by `local.weight` [5, 1024] and `local.bias`. Labels 3 and 1. The sum is 1 : 1 : 10.
    """
    import losses as formulas

    shape = (2, 3, 64, 64)
    model = seeded.fill(timm.create_model("resnet50", num_classes=0)).double()
    sizes = {
        "head.whiten.weight": (2048, 2048), "head.whiten.bias": (2048,),
        "local.autoencoder.reduce.weight": (128, 1024, 1, 1), "local.autoencoder.reduce.bias": (128,),
        "local.autoencoder.expand.weight": (1024, 128, 1, 1), "local.autoencoder.expand.bias": (1024,),
        "local.attention.conv1.weight": (512, 1024, 1, 1), "local.attention.conv1.bias": (512,),
        "local.attention.bn.weight": (512,), "local.attention.bn.bias": (512,),
        "local.attention.conv2.weight": (1, 512, 1, 1), "local.attention.conv2.bias": (1,),
        "global.weight": (5, 2048), "local.weight": (5, 1024), "local.bias": (5,),
    }  # fmt: skip
    own = {name: torch.from_numpy(seeded.values(name, size)).double().requires_grad_() for name, size in sizes.items()}
    buffers = {
        name: torch.from_numpy(seeded.values("local.attention.bn." + name, (512,))).double()
        for name in ("running_mean", "running_var")
    }
    f, labels = torch.nn.functional, [3, 1]

    def pair(name):
        return own[name + ".weight"], own[name + ".bias"]

    x = model.maxpool(model.act1(model.bn1(model.conv1(torch.from_numpy(seeded.image(shape)).double()))))
    attached = model.layer3(model.layer2(model.layer1(x)))
    deep = model.layer4(attached)
    pooled = deep.clamp(min=1e-6).pow(3).mean((2, 3)).pow(1 / 3)
    embedding = f.linear(pooled, *pair("head.whiten"))
    shallow = attached.detach()
    reproduced = f.conv2d(f.conv2d(shallow, *pair("local.autoencoder.reduce")), *pair("local.autoencoder.expand")).relu()
    hidden = f.conv2d(shallow, *pair("local.attention.conv1"))
    hidden = f.batch_norm(hidden, buffers["running_mean"], buffers["running_var"], *pair("local.attention.bn")).relu()
    attention = f.softplus(f.conv2d(hidden, *pair("local.attention.conv2")))
    local = (f.normalize(reproduced, dim=1) * attention).mean((2, 3))
    cosine = formulas.cosines(embedding, own["global.weight"])
    parts = {
        "global": formulas.smoothed(30 * formulas.arc_face(cosine, labels, 0.3), labels).mean(),
        "attention": formulas.smoothed(f.linear(local, *pair("local")), labels).mean(),
        "reconstruction": (reproduced - shallow).pow(2).mean(),
    }
    parts["sum"] = parts["global"] + parts["attention"] + 10 * parts["reconstruction"]
    backbone = dict(model.named_parameters())
    groups = {
        "backbone to the shallow map": [p for n, p in backbone.items() if not n.startswith("layer4")],
        "backbone after it": [p for n, p in backbone.items() if n.startswith("layer4")],
        **{
            part: [p for n, p in own.items() if n.startswith(part + ".")]
            for part in ("head", "local.autoencoder", "local.attention", "global")
        },
        "local classifier": [own["local.weight"], own["local.bias"]],
    }
    record = {}
    for name, loss in parts.items():
        leaves = [p for group in groups.values() for p in group]
        found = iter(torch.autograd.grad(loss, leaves, retain_graph=True, allow_unused=True))
        norms = {}
        for group, members in groups.items():
            squares = [g.square().sum().item() for g in (next(found) for _ in members) if g is not None]
            norms[group] = sum(squares) ** 0.5 if squares else None
        record[name] = {"loss": loss.item(), "gradientNorms": norms}
        print(f"delg {name}: {loss.item():.6f}", {k: v and round(v, 6) for k, v in norms.items()})
    return {"shape": list(shape), "labels": labels, **record}


if __name__ == "__main__":
    torch.set_num_threads(1)
    versions = f"torch {torch.__version__.split('+')[0]}, timm {timm.__version__}"
    source = f"Training/Scripts/parity/architectures.py, {versions}, pretrainedmodels 0.7.4, float64"
    for family in sys.argv[1:] or [*FAMILIES, "delg"]:
        if family == "delg":
            goldens.write(goldens.TORCH, "gradients_delg", {"source": source, "delg": delg()}, 7)
            continue
        networks = {}
        for name in FAMILIES[family]:
            networks[name] = record(name)
            gc.collect()
        goldens.write(goldens.TORCH, "gradients_" + family, {"source": source, "networks": networks}, 7)
