"""Makes the small ONNX models of CairnInferenceTests, and what ONNX Runtime and numpy say they answer.

    python3 -m pip install numpy==2.2.6 onnx==1.19.1 onnxruntime==1.22.1
    python3 Scripts/parity/inference.py

Writes Tests/CairnInferenceTests/Fixtures/*.onnx and goldens.json. Inputs are not stored: the tests make them by the
same formulas (`ramp` and `pixels` below). Weights come from a seeded generator.
"""

import json
import pathlib

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests/CairnInferenceTests/Fixtures"
FLOAT = TensorProto.FLOAT


def ramp(shape):
    """Floats in 0..<1: element i is ((7919 i + 13) mod 251) / 251."""
    i = np.arange(np.prod(shape), dtype=np.int64)
    return (((7919 * i + 13) % 251) / 251).astype(np.float32).reshape(shape)


def pixels(height, width, channels):
    """Bytes: element i is (31 i + 7) mod 256, rows of interleaved channels."""
    i = np.arange(height * width * channels, dtype=np.int64)
    return ((31 * i + 7) % 256).astype(np.uint8).reshape(1, height, width, channels)


def model(name, nodes, inputs, outputs, initializers, domains=()):
    graph = helper.make_graph(nodes, name, inputs, outputs, [numpy_helper.from_array(v, k) for k, v in initializers.items()])
    opsets = [helper.make_opsetid("", 17)] + [helper.make_opsetid(d, 1) for d in domains]
    made = helper.make_model(graph, opset_imports=opsets, ir_version=8, producer_name="inference.py")
    data = made.SerializeToString()
    (FOLDER / f"{name}.onnx").write_bytes(data)
    return data


def run(data, feeds):
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    names = [o.name for o in session.get_outputs()]
    return {n: {"shape": list(v.shape), "values": v.ravel().tolist()} for n, v in zip(names, session.run(names, feeds))}


def conv_pool(name, channels, seed):
    """Convolution, ReLU, global average: any batch, height and width."""
    rng = np.random.default_rng(seed)
    weights = {
        "weight": rng.normal(0, 0.4, (8, channels, 3, 3)).astype(np.float32),
        "bias": rng.normal(0, 0.2, 8).astype(np.float32),
    }
    nodes = [
        helper.make_node("Conv", ["image", "weight", "bias"], ["conv"], kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["conv"], ["relu"]),
        helper.make_node("GlobalAveragePool", ["relu"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["descriptor"]),
    ]
    inputs = [helper.make_tensor_value_info("image", FLOAT, ["n", channels, "h", "w"])]
    outputs = [helper.make_tensor_value_info("descriptor", FLOAT, ["n", 8])]
    return model(name, nodes, inputs, outputs, weights), weights


def two_by_two():
    """Two inputs and two outputs, one of them int64; the batch is free."""
    matrix = np.random.default_rng(6).normal(0, 1, (4, 3)).astype(np.float32)
    nodes = [
        helper.make_node("Add", ["left", "right"], ["sum"]),
        helper.make_node("MatMul", ["sum", "matrix"], ["projected"]),
        helper.make_node("ArgMax", ["projected"], ["best"], axis=1, keepdims=0),
    ]
    inputs = [helper.make_tensor_value_info(n, FLOAT, ["n", 4]) for n in ("left", "right")]
    outputs = [
        helper.make_tensor_value_info("projected", FLOAT, ["n", 3]),
        helper.make_tensor_value_info("best", TensorProto.INT64, ["n"]),
    ]
    return model("two_by_two", nodes, inputs, outputs, {"matrix": matrix})


def quantized():
    """A convolution between QuantizeLinear/DequantizeLinear pairs: int8 as the model's own nodes say."""
    rng = np.random.default_rng(7)
    weights = {
        "weight": rng.integers(-100, 100, (8, 3, 3, 3)).astype(np.int8),
        "weight_scale": np.float32(0.004), "weight_zero": np.int8(0),
        "scale": np.float32(1 / 255), "zero": np.uint8(0),
        "out_scale": np.float32(0.01), "out_zero": np.uint8(0),
    }
    nodes = [
        helper.make_node("QuantizeLinear", ["image", "scale", "zero"], ["image_q"]),
        helper.make_node("DequantizeLinear", ["image_q", "scale", "zero"], ["image_dq"]),
        helper.make_node("DequantizeLinear", ["weight", "weight_scale", "weight_zero"], ["weight_dq"]),
        helper.make_node("Conv", ["image_dq", "weight_dq"], ["conv"], kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["conv"], ["relu"]),
        helper.make_node("QuantizeLinear", ["relu", "out_scale", "out_zero"], ["relu_q"]),
        helper.make_node("DequantizeLinear", ["relu_q", "out_scale", "out_zero"], ["relu_dq"]),
        helper.make_node("GlobalAveragePool", ["relu_dq"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["descriptor"]),
    ]
    inputs = [helper.make_tensor_value_info("image", FLOAT, [1, 3, "h", "w"])]
    outputs = [helper.make_tensor_value_info("descriptor", FLOAT, [1, 8])]
    return model("quantized", nodes, inputs, outputs, weights)


def custom():
    """An operator of a domain that nobody knows."""
    nodes = [helper.make_node("Sharpen", ["image"], ["descriptor"], domain="example.invalid")]
    inputs = [helper.make_tensor_value_info("image", FLOAT, [1, 3, "h", "w"])]
    outputs = [helper.make_tensor_value_info("descriptor", FLOAT, [1, 3])]
    model("unsupported", nodes, inputs, outputs, {}, domains=["example.invalid"])


def identity():
    """Answers its input: shows what pre-processing made of an image."""
    nodes = [helper.make_node("Identity", ["image"], ["planes"])]
    inputs = [helper.make_tensor_value_info("image", FLOAT, [1, "c", "h", "w"])]
    outputs = [helper.make_tensor_value_info("planes", FLOAT, [1, "c", "h", "w"])]
    model("identity", nodes, inputs, outputs, {})


def normalized(image, mean, std, bgr=False, unit=True):
    """numpy's twin of ImagePreprocessing: N H W C bytes to N C H W floats."""
    x = image.astype(np.float64)[..., ::-1 if bgr else 1]
    x = x / 255 if unit else x
    scale = 1 if unit else 255
    x = (x - np.array(mean) * scale) / np.array(std) / 1
    return np.ascontiguousarray(x.transpose(0, 3, 1, 2)).astype(np.float32)


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    goldens = {}
    color, _ = conv_pool("conv_pool", 3, 1)
    grey, _ = conv_pool("conv_pool_grey", 1, 2)
    for n, h, w in [(1, 24, 32), (1, 17, 9), (2, 8, 8)]:
        goldens[f"conv_pool {n}x3x{h}x{w}"] = run(color, {"image": ramp((n, 3, h, w))})
    mean, std = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
    goldens["imagenet 20x28"] = run(color, {"image": normalized(pixels(20, 28, 3), mean, std)})
    goldens["bgr 20x28"] = run(color, {"image": normalized(pixels(20, 28, 3), mean[::-1], std[::-1], bgr=True)})
    goldens["bytes 20x28"] = run(color, {"image": normalized(pixels(20, 28, 3), mean, [1, 1, 1], unit=False)})
    goldens["grey 20x28"] = run(grey, {"image": normalized(pixels(20, 28, 1), [0.5], [0.25])})
    two = two_by_two()
    goldens["two_by_two"] = run(two, {"left": ramp((2, 4)), "right": ramp((2, 4)) * 2 - 1})
    goldens["quantized 24x32"] = run(quantized(), {"image": ramp((1, 3, 24, 32))})
    identity()
    custom()
    (FOLDER / "goldens.json").write_text(json.dumps(goldens, indent=1) + "\n")


if __name__ == "__main__":
    main()
