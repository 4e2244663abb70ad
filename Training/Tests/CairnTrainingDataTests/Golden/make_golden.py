#!/usr/bin/env python3
"""Makes augmentations.json: what torchvision, Pillow and OpenCV make of one small picture.

The picture has 24 x 16 pixels; channel c of column x, row y is (37 x + 59 y + 83 c + x y (c + 1)) mod 256:
tests make it by the same formula. Versions used: torchvision 0.29, Pillow 13, OpenCV 4.10.
"""
import json
import pathlib

import cv2
import numpy as np
import torch
from PIL import Image
from torchvision.transforms import functional as F

W, H = 24, 16
y, x, c = np.mgrid[0:H, 0:W, 0:3]
picture = ((37 * x + 59 * y + 83 * c + x * y * (c + 1)) % 256).astype(np.uint8)
image = Image.fromarray(picture)


def flat(result):
    return np.asarray(result).reshape(-1).tolist()


def hue(turn):
    # On floats: Pillow keeps hue in 8 bits, which moves samples by up to 11.
    turned = F.adjust_hue(torch.from_numpy(picture.astype(np.float32) / 255).permute(2, 0, 1), turn)
    return flat((turned * 255).round().permute(1, 2, 0).to(torch.uint8))


def warp(dx, dy, scale, degrees):
    # Pixel centres at whole numbers, as OpenCV has them.
    matrix = cv2.getRotationMatrix2D(((W - 1) / 2, (H - 1) / 2), degrees, scale)
    matrix[0, 2] += dx * W
    matrix[1, 2] += dy * H
    return cv2.warpAffine(picture, matrix, (W, H), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)


golden = {
    "brightness 1.4": flat(F.adjust_brightness(image, 1.4)),
    "contrast 0.6": flat(F.adjust_contrast(image, 0.6)),
    "contrast 1.7": flat(F.adjust_contrast(image, 1.7)),
    "saturation 0.3": flat(F.adjust_saturation(image, 0.3)),
    "saturation 1.8": flat(F.adjust_saturation(image, 1.8)),
    "hue 0.2": hue(0.2),
    "hue -0.35": hue(-0.35),
    "grayscale": flat(image.convert("L").convert("RGB")),
    "blur 1.3": flat(cv2.GaussianBlur(picture, (9, 9), 1.3, borderType=cv2.BORDER_REFLECT_101)),
    "warp 0.1 -0.05 1.2 30": flat(warp(0.1, -0.05, 1.2, 30)),
    "warp 0 0 0.5 0": flat(warp(0, 0, 0.5, 0)),
    "part": flat(image.resize((11, 9), Image.Resampling.LANCZOS, box=(3.25, 2.5, 20.75, 14))),
    "enlarged part": flat(image.resize((19, 13), Image.Resampling.LANCZOS, box=(5, 4, 14, 11))),
}
path = pathlib.Path(__file__).with_name("augmentations.json")
path.write_text("{\n" + ",\n".join(f' {json.dumps(k)}: {json.dumps(v, separators=(",", ":"))}' for k, v in golden.items()) + "\n}\n")
