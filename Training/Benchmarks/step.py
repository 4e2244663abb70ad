#!/usr/bin/env python3
"""Times training steps of PyTorch: forward, cross-entropy over 1,000 classes, backward, optimiser.

    python step.py --models resnet18 resnet50 --batches 8 16 --precisions f32 bf16 --optimizers sgd sgd-fused adamw adamw-fused
    python step.py --device cuda --batches 64

Prints a JSON line for each configuration: model, precision, optimizer, batch, seconds_median, seconds_all, peak_rss_bytes (VmHWM), and
on a GPU peak_device_bytes. Each runs in a process of its own, so that the peak is its own. A step ends when its loss is known on the
CPU; images and labels are made before. "-fused" asks torch for its one-kernel optimisers; bf16 is autocast, weights stay in 32 bits.
Models are torchvision's; `--library timm` for those, which take as much time and memory.

Needs torch with torchvision or timm; figures in the documents are by torch 2.13.0 and torchvision 0.29.2.
"""

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
import time


def arguments():
    parser = argparse.ArgumentParser(description="Times training steps of PyTorch.")
    parser.add_argument("--models", nargs="+", default=["resnet18", "resnet50"])
    parser.add_argument("--batches", nargs="+", type=int, default=[8, 16])
    parser.add_argument("--precisions", nargs="+", choices=["f32", "bf16"], default=["f32", "bf16"])
    parser.add_argument(
        "--optimizers", nargs="+", choices=["sgd", "sgd-fused", "adamw", "adamw-fused"],
        default=["sgd", "sgd-fused", "adamw", "adamw-fused"])  # fmt: skip
    parser.add_argument("--size", type=int, default=224, help="pixels of a side")
    parser.add_argument("--steps", type=int, default=8, help="steps that are timed")
    parser.add_argument("--warmup", type=int, default=2, help="steps before those")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--library", choices=["torchvision", "timm"], default="torchvision")
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--paced", action="store_true", help="each step waits for a line of input, so that programs can take turns")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)  # in this process
    return parser.parse_args()


def peak_rss():
    """The most memory that this process has held, in bytes."""
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM"))


def make_model(library, name):
    if library == "timm":
        import timm

        return timm.create_model(name, num_classes=1000)
    import torchvision

    return getattr(torchvision.models, name)(weights=None, num_classes=1000)


def make_optimizer(name, parameters):
    import torch

    fused = True if name.endswith("-fused") else None
    if name.startswith("sgd"):
        return torch.optim.SGD(parameters, lr=0.01, momentum=0.9, weight_decay=1e-4, fused=fused)
    return torch.optim.AdamW(parameters, lr=1e-3, weight_decay=1e-4, fused=fused)


def measure(options, model_name, batch, precision, optimizer_name):
    import torch

    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    device = torch.device(options.device)
    layout = torch.channels_last if options.channels_last else torch.contiguous_format
    model = make_model(options.library, model_name).to(device, memory_format=layout).train()
    optimizer = make_optimizer(optimizer_name, model.parameters())
    images = torch.randn(batch, 3, options.size, options.size, device=device).to(memory_format=layout)
    labels = torch.randint(1000, (batch,), device=device)
    seconds = []
    for _ in range(options.warmup + options.steps):
        if options.paced:
            sys.stdin.readline()
        if device.type == "cuda":
            torch.cuda.synchronize()
        start = time.perf_counter()
        with torch.autocast(device.type, torch.bfloat16, enabled=precision == "bf16"):
            loss = torch.nn.functional.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        value = loss.item()
        if device.type == "cuda":
            torch.cuda.synchronize()
        seconds.append(time.perf_counter() - start)
        if options.paced:
            print("done", flush=True)
    seconds = seconds[options.warmup :]
    record = {
        "side": "pytorch", "version": torch.__version__, "library": options.library, "device": options.device,
        "threads": options.threads, "size": options.size, "model": model_name, "precision": precision,
        "optimizer": optimizer_name, "batch": batch, "loss": round(value, 6),
        "seconds_median": round(statistics.median(seconds), 6), "seconds_all": [round(s, 6) for s in seconds],
        "peak_rss_bytes": peak_rss(),
    }  # fmt: skip
    if device.type == "cuda":
        record["peak_device_bytes"] = torch.cuda.max_memory_allocated()
    print(json.dumps(record), flush=True)


def main():
    options = arguments()
    plan = itertools.product(options.models, options.batches, options.precisions, options.optimizers)
    for model, batch, precision, optimizer in plan:
        if options.here:
            measure(options, model, batch, precision, optimizer)
            continue
        command = [
            sys.executable, os.path.abspath(__file__), "--here", "--models", model, "--batches", str(batch),
            "--precisions", precision, "--optimizers", optimizer, "--size", str(options.size), "--steps",
            str(options.steps), "--warmup", str(options.warmup), "--threads", str(options.threads), "--device",
            options.device, "--library", options.library, *(["--channels-last"] if options.channels_last else []),
        ]  # fmt: skip
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
