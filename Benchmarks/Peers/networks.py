"""Milliseconds an image of ResNet-50 and -101 with GeM: Cairn's engine beside OpenVINO from Python, ONNX Runtime and PyTorch."""

import os
import shutil
import time

import numpy as np
import onnxruntime
import openvino
import timm
import torch
from common import CAIRN, CORES, QUICK, ROUNDS, WORK, alternate, bench, heading, median, note, require, row, timed
from safetensors.torch import save_file

LIBRARY = f"{WORK}/models"
SIZES = ((512, 512), (768, 1024))


class GeM(torch.nn.Module):
    """timm's backbone, generalised mean with p = 3, unit length: what `--pooling gem` makes."""

    def __init__(self, backbone):
        super().__init__()
        self.backbone = backbone

    def forward(self, x):
        features = self.backbone.forward_features(x)
        pooled = features.clamp(min=1e-6).pow(3).mean((2, 3)).pow(1 / 3)
        return torch.nn.functional.normalize(pooled)


def model(architecture):
    """The module with random weights, and the same one in Cairn's library and as the ONNX file that it exports."""
    torch.manual_seed(1)
    backbone = timm.create_model(architecture, num_classes=0).eval()
    for module in backbone.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.running_var, 0.5, 1.5)
            torch.nn.init.normal_(module.running_mean, 0, 0.1)
    os.makedirs(WORK, exist_ok=True)
    weights = f"{WORK}/{architecture}.safetensors"
    save_file(backbone.state_dict(), weights)
    shutil.rmtree(f"{LIBRARY}/{architecture}", ignore_errors=True)
    os.environ["CAIRN_MODELS"] = LIBRARY
    timed([CAIRN, "models", "add", weights, "--name", architecture, "--architecture", architecture, "--pooling", "gem"])
    graph = f"{WORK}/{architecture}.onnx"
    timed([CAIRN, "models", "export", architecture, "-o", graph])
    return GeM(backbone).eval(), graph


def latency(call, seconds):
    """Median milliseconds of calls one after the other."""
    call()
    times = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 3:
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return median(times) * 1e3


def torch_call(module, image, last=False, autocast=False):
    layout = torch.channels_last if last else torch.contiguous_format
    module, image = module.to(memory_format=layout), image.to(memory_format=layout)

    def call():
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=autocast):
            return module(image)

    return call


def openvino_call(graph, array, precision):
    core = openvino.Core()
    network = core.read_model(graph)
    network.reshape({network.inputs[0]: array.shape})
    compiled = core.compile_model(
        network, "CPU", {"INFERENCE_PRECISION_HINT": precision, "PERFORMANCE_HINT": "LATENCY"}
    )
    return lambda: compiled(array)[0]


def measure(architecture, height, width):
    module, graph = model(architecture)
    pixels = np.random.default_rng(2).integers(0, 256, (1, height, width, 3), dtype=np.uint8)
    array = ((pixels / 255 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]).astype(np.float32).transpose(0, 3, 1, 2)
    array = np.ascontiguousarray(array)
    image = torch.from_numpy(array)
    runtime = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    name = runtime.get_inputs()[0].name
    expected = torch_call(module, image)().numpy()[0]
    onnx = runtime.run(None, {name: array})[0][0]
    require(np.abs(onnx - expected).max() < 1e-4, "the exported graph gives another descriptor")

    seconds = 1 if QUICK else 4

    def cairn(precision):
        arguments = ("--height", height, "--width", width, "--seconds", seconds, "--precision", precision)
        return bench("network", architecture, *arguments)["milliseconds"]

    sides = {
        "Cairn f32": lambda: cairn("float32"),
        "Cairn bf16": lambda: cairn("bfloat16"),
    }
    calls = {
        "OpenVINO f32": openvino_call(graph, array, "f32"),
        "OpenVINO bf16": openvino_call(graph, array, "bf16"),
        "ONNX Runtime f32": lambda: runtime.run(None, {name: array}),
        "PyTorch eager f32": torch_call(module, image),
        "PyTorch channels-last bf16": torch_call(module, image, last=True, autocast=True),
    }
    sides |= {side: (lambda call=call: latency(call, seconds)) for side, call in calls.items()}
    found = alternate(*sides.values(), rounds=min(3, ROUNDS))
    return dict(zip(sides, map(median, found)))


def main():
    torch.set_num_threads(CORES)
    heading(
        "Networks",
        f"Milliseconds an image, one image at a time on {CORES} threads, GeM of a random ResNet. Cairn's figure "
        "starts from bytes and normalises in the graph; the peers get a ready array of floats. The graph is the one "
        f"that `cairn models export` writes (OpenVINO {openvino.__version__.split('-')[0]}, ONNX Runtime "
        f"{onnxruntime.__version__}, PyTorch {torch.__version__}, timm {timm.__version__}).",
    )
    for architecture in ("resnet50", "resnet101"):
        for height, width in SIZES:
            note(f"networks: {architecture} at {width} x {height}")
            found = measure(architecture, height, width)
            best = min(found["PyTorch eager f32"], found["PyTorch channels-last bf16"])
            label = f"{architecture}, {width} x {height}"
            for precision in ("f32", "bf16"):
                mine = found[f"Cairn {precision}"]
                peer = found[f"OpenVINO {precision}"]
                row(f"{label}, {precision}; OpenVINO from Python", f"{mine:.1f} ms", f"{peer:.1f} ms", f"{mine / peer:.2f}", "≤ 1.05")
            fastest = min(found["Cairn f32"], found["Cairn bf16"])
            for peer, asked in (("ONNX Runtime f32", ""), ("PyTorch eager f32", "≥ 3.5 times as fast")):
                row(f"{label}; {peer}", f"{fastest:.1f} ms", f"{found[peer]:.1f} ms", f"{found[peer] / fastest:.2f} times as fast", asked)
            row(
                f"{label}; PyTorch's best of eager and channels-last bf16", f"{fastest:.1f} ms", f"{best:.1f} ms",
                f"{best / fastest:.2f} times as fast", "≥ 1.3 times as fast",
            )


if __name__ == "__main__":
    main()
