"""Twenty steps of each optimiser and learning rates point by point, by torch.optim in double precision.

    python optimizers.py    writes Tests/CairnTrainingTests/Fixtures/optimizers.json and schedules.json

Made with torch 2.13.0 and timm 1.0.31 (adaptive clipping).

Optimisers: conventions
- Parameters are conv.weight [3, 2, 2, 2], norm.weight [3], norm.bias [3], fc.weight [4, 3]: number k = 0...3. Element i (row-major)
  begins at 0.5 cos(1 + 0.7 i + 1.3 k); its gradient at step s = 0...19 is 0.2 sin(0.3 s + 0.9 i + 1.7 k), whatever the weights are.
- `after` has all 42 weights, parameter by parameter, after 1, 2, 5 and 20 steps (accumulation: of gradients, so 1, 2 and 5 are of
  weights not yet changed, or once).
- SGD: v = momentum v + g, the first v is g; w -= lr v; Nesterov: w -= lr (g + momentum v). Adam adds decay · w to g, AdamW subtracts
  lr decay w first; both divide by √(v / (1 - β2^s)) + ε.
- Groups: norm.weight and norm.bias do not decay; fc.weight's learning rate is multiplied by 10. `rates` changes the rate at each step.
- Clipping by norm: g is multiplied by min(1, threshold / (norm + 1e-6)), the norm over all parameters; `norms` are those before.
- Adaptive clipping: of each row (first axis; the whole tensor where it has one axis), g is multiplied by threshold max(‖w‖, 1e-3) /
  max(‖g‖, 1e-6) where ‖g‖ is not below the numerator. All parameters here; NFNet's authors leave the classifier out.
- Moving average: starts at the weights before the first step, then a = 0.99 a + 0.01 w after each step. Its decay does not warm up.
- Accumulation of 4: the mean of four gradients makes a step; 20 gradients are 5 steps.

Schedules: conventions
- Stages of 5 epochs of 4 steps. Step k = 0...19 of K = 20 has t = k / K: the first step has the full rate, the last not yet the
  final one. Rates are for a base of 0.1.
- poly and cosine change at each step: base (f + (1 - f) curve(t)), f the final factor. exponential and steps change after an epoch
  only: base gamma^e and base gamma^(milestones <= e), e the number of whole epochs done.
- Warm-up of u epochs multiplies the curve, which runs over the whole stage all the same, by min(1, (k + 1) / (4 u)).
"""

import math

import timm
import torch
from timm.utils.agc import adaptive_clip_grad
from torch.optim import lr_scheduler

import goldens

SHAPES = {"conv.weight": (3, 2, 2, 2), "norm.weight": (3,), "norm.bias": (3,), "fc.weight": (4, 3)}
STEPS = 20


def formula(function, factor, phase, shape):
    i = torch.arange(math.prod(shape), dtype=torch.float64)
    return (factor * function(phase + i * (0.7 if function is torch.cos else 0.9))).view(shape)


def fresh():
    return {
        name: torch.nn.Parameter(formula(torch.cos, 0.5, 1 + 1.3 * k, shape))
        for k, (name, shape) in enumerate(SHAPES.items())
    }


def flat(tensors):
    return torch.cat([tensor.detach().reshape(-1) for tensor in tensors])


def run(make, groups=None, clip=None, rates=None, average=None, accumulation=1):
    """`make` makes the optimiser of groups; returns weights after some steps, norms before clipping, the moving average."""
    weights = fresh()
    optimizer = make(groups(weights) if groups else list(weights.values()))
    after, norms = {}, []
    mean = flat(weights.values())
    for step in range(STEPS):
        for k, parameter in enumerate(weights.values()):
            gradient = formula(torch.sin, 0.2, 0.3 * step + 1.7 * k, parameter.shape) / accumulation
            parameter.grad = gradient if parameter.grad is None else parameter.grad + gradient
        if (step + 1) % accumulation == 0:
            if rates:
                for group in optimizer.param_groups:
                    group["lr"] = rates[step]
            norms.append(flat(p.grad for p in weights.values()).norm().item())
            if clip:
                clip(list(weights.values()))
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            if average:
                mean = average * mean + (1 - average) * flat(weights.values())
        if step + 1 in (1, 2, 5, STEPS):
            after[str(step + 1)] = flat(weights.values())
    record = {"after": after}
    if clip:
        record["norms"] = norms
    if average:
        record["average"] = mean
    return record


def grouped(rate, decay):
    """No decay of norms, ten times the rate for the classifier."""
    return lambda weights: [
        {"params": [weights["conv.weight"]], "weight_decay": decay},
        {"params": [weights["norm.weight"], weights["norm.bias"]], "weight_decay": 0},
        {"params": [weights["fc.weight"]], "weight_decay": decay, "lr": rate * 10},
    ]


def optimizers():
    sgd = lambda lr=0.1, **options: lambda p: torch.optim.SGD(p, lr, **options)
    adam = lambda lr=0.01, **options: lambda p: torch.optim.Adam(p, lr, **options)
    adamw = lambda lr=0.01, **options: lambda p: torch.optim.AdamW(p, lr, **options)
    momentum = sgd(momentum=0.9)
    rates = [0.1 * (1 - step / STEPS) ** 0.9 for step in range(STEPS)]
    cases = {
        "sgd-plain": ({"learningRate": 0.1, "momentum": 0}, run(sgd())),
        "sgd": ({"learningRate": 0.1, "momentum": 0.9}, run(momentum)),
        "sgd-nesterov": ({"learningRate": 0.1, "momentum": 0.9, "nesterov": True}, run(sgd(momentum=0.9, nesterov=True))),
        "sgd-decay": (
            {"learningRate": 0.1, "momentum": 0.9, "weightDecay": 0.01}, run(sgd(momentum=0.9, weight_decay=0.01))),
        "sgd-rates": ({"learningRate": 0.1, "momentum": 0.9, "rates": rates}, run(momentum, rates=rates)),
        "sgd-groups": (
            {"learningRate": 0.05, "momentum": 0.9, "weightDecay": 0.01, "classifierMultiplier": 10},
            run(sgd(0.05, momentum=0.9), grouped(0.05, 0.01))),
        "adam": ({"learningRate": 0.01}, run(adam())),
        "adam-decay": ({"learningRate": 0.01, "weightDecay": 0.05}, run(adam(weight_decay=0.05))),
        "adamw": ({"learningRate": 0.01, "weightDecay": 0.05}, run(adamw(weight_decay=0.05))),
        "adamw-betas": (
            {"learningRate": 0.01, "weightDecay": 0, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-3},
            run(adamw(betas=(0.8, 0.95), eps=1e-3, weight_decay=0))),
        "adamw-groups": (
            {"learningRate": 0.002, "weightDecay": 0.05, "classifierMultiplier": 10}, run(adamw(0.002), grouped(0.002, 0.05))),
        "sgd-clip-norm": (
            {"learningRate": 0.1, "momentum": 0.9, "threshold": 0.9},
            run(momentum, clip=lambda p: torch.nn.utils.clip_grad_norm_(p, 0.9))),
        "sgd-clip-value": (
            {"learningRate": 0.1, "momentum": 0.9, "threshold": 0.15},
            run(momentum, clip=lambda p: torch.nn.utils.clip_grad_value_(p, 0.15))),
        "sgd-clip-adaptive": (
            {"learningRate": 0.1, "momentum": 0.9, "threshold": 0.01},
            run(momentum, clip=lambda p: adaptive_clip_grad(p, 0.01))),
        "sgd-clip-adaptive-part": (
            {"learningRate": 0.1, "momentum": 0.9, "threshold": 0.4},
            run(momentum, clip=lambda p: adaptive_clip_grad(p, 0.4))),
        "sgd-average": ({"learningRate": 0.1, "momentum": 0.9, "decay": 0.99}, run(momentum, average=0.99)),
        "sgd-accumulation": ({"learningRate": 0.1, "momentum": 0.9, "accumulation": 4}, run(momentum, accumulation=4)),
    }  # fmt: skip
    return {name: {"settings": settings, **record} for name, (settings, record) in cases.items()}


EPOCHS, EPOCH = 5, 4
K = EPOCHS * EPOCH


def rates(make, per_epoch=False):
    """What torch's scheduler gives at each step."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
    scheduler = make(optimizer)
    result = []
    for step in range(K):
        result.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if not per_epoch or (step + 1) % EPOCH == 0:
            scheduler.step()
    return result


def warm(base, epochs):
    """Base rates with the warm-up in closed form."""
    return [rate * min(1, (step + 1) / (epochs * EPOCH)) for step, rate in enumerate(base)]


def schedules():
    poly = rates(lambda o: lr_scheduler.PolynomialLR(o, K, 0.9))
    cosine = rates(lambda o: lr_scheduler.CosineAnnealingLR(o, K))
    exponential = rates(lambda o: lr_scheduler.ExponentialLR(o, 0.9), per_epoch=True)
    steps = rates(lambda o: lr_scheduler.MultiStepLR(o, [2, 4], 0.1), per_epoch=True)
    constant = [0.1] * K
    # Torch's own warm-up in product with its curve is the closed form.
    product = lambda other: lambda o: lr_scheduler.ChainedScheduler(
        [lr_scheduler.LinearLR(o, 1 / 6, 1, 5), other(o)], optimizer=o)  # fmt: skip
    chained = rates(product(lambda o: lr_scheduler.CosineAnnealingLR(o, K)))
    assert max(abs(a - b) for a, b in zip(chained, warm(cosine, 1.5))) < 1e-12
    ended = lambda curve: [0.1 * (0.05 + 0.95 * (rate / 0.1)) for rate in curve]
    minimum = rates(lambda o: lr_scheduler.CosineAnnealingLR(o, K, eta_min=0.1 * 0.05))
    assert max(abs(a - b) for a, b in zip(minimum, ended(cosine))) < 1e-12
    return {
        "constant": ({"kind": "constant"}, constant),
        "constant-warm": ({"kind": "constant", "warmupEpochs": 1}, warm(constant, 1)),
        "poly": ({"kind": "poly", "power": 0.9, "finalFactor": 0}, poly),
        "poly-2": ({"kind": "poly", "power": 2, "finalFactor": 0}, rates(lambda o: lr_scheduler.PolynomialLR(o, K, 2))),
        "poly-final": ({"kind": "poly", "power": 0.9, "finalFactor": 0.05}, ended(poly)),
        "poly-warm": ({"kind": "poly", "power": 0.9, "finalFactor": 0, "warmupEpochs": 0.6}, warm(poly, 0.6)),
        "cosine": ({"kind": "cosine", "finalFactor": 0}, cosine),
        "cosine-final": ({"kind": "cosine", "finalFactor": 0.05}, ended(cosine)),
        "cosine-warm": ({"kind": "cosine", "finalFactor": 0, "warmupEpochs": 1.5}, warm(cosine, 1.5)),
        "cosine-final-warm": ({"kind": "cosine", "finalFactor": 0.05, "warmupEpochs": 1.5}, warm(ended(cosine), 1.5)),
        "exponential": ({"kind": "exponential", "gamma": 0.9}, exponential),
        "exponential-warm": ({"kind": "exponential", "gamma": 0.9, "warmupEpochs": 1.5}, warm(exponential, 1.5)),
        "steps": ({"kind": "steps", "gamma": 0.1, "milestones": [2, 4]}, steps),
        "steps-warm": ({"kind": "steps", "gamma": 0.1, "milestones": [2, 4], "warmupEpochs": 0.5}, warm(steps, 0.5)),
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    version = f"torch {torch.__version__.split('+')[0]}"
    source = f"Training/Scripts/parity/optimizers.py, {version}, timm {timm.__version__}, float64"
    record = {"source": source, "steps": STEPS, "shapes": SHAPES, "cases": optimizers()}
    goldens.write(goldens.TRAINING, "optimizers", record, 9)
    cases = {name: {"schedule": settings, "rates": values} for name, (settings, values) in schedules().items()}
    record = {"source": source, "base": 0.1, "epochs": EPOCHS, "stepsPerEpoch": EPOCH, "cases": cases}
    goldens.write(goldens.TRAINING, "schedules", record, 9)
