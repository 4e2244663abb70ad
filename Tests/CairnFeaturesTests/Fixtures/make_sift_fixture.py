"""Draws sift-scene.pgm and writes what OpenCV finds in it to sift-opencv.json.

    python -m venv venv && venv/bin/pip install numpy==2.2.6 opencv-python-headless==4.10.0.84
    venv/bin/python make_sift_fixture.py

Positions are shifted from OpenCV's convention (centre of the first pixel at 0, and a quarter of a pixel lost when the image is
doubled) to centres at +0.5. Descriptors are RootSIFT bytes: L1-normalised, square root, times 512.
"""

import json
import math

import cv2
import numpy as np

rng = np.random.default_rng(7)
height, width = 180, 240
canvas = np.full((height * 4, width * 4), 110, np.uint8)
for _ in range(140):
    centre = rng.uniform([0, 0], [width * 4, height * 4])
    radius = rng.uniform(12, 110)
    angles = np.sort(rng.uniform(0, 2 * math.pi, rng.integers(3, 7)))
    points = centre + radius * np.stack([np.cos(angles), np.sin(angles)], 1)
    cv2.fillPoly(canvas, [points.astype(np.int32)], int(rng.integers(0, 256)))
scene = cv2.resize(canvas, (width, height), interpolation=cv2.INTER_AREA)
scene = np.clip(scene + rng.normal(0, 2, scene.shape), 0, 255).astype(np.uint8)
with open("sift-scene.pgm", "wb") as file:
    file.write(b"P5\n%d %d\n255\n" % (width, height) + scene.tobytes())

keypoints, descriptors = cv2.SIFT_create(200).detectAndCompute(scene, None)
order = sorted(range(len(keypoints)), key=lambda i: -keypoints[i].response)[:120]
rows = []
for index in order:
    keypoint, descriptor = keypoints[index], descriptors[index]
    root = np.sqrt(descriptor / descriptor.sum()) * 512
    # OpenCV counts directions from x towards -y.
    root = root.reshape(16, 8)[:, [0, 7, 6, 5, 4, 3, 2, 1]].ravel()
    rows.append(
        {
            "x": round(keypoint.pt[0] + 0.25, 4),
            "y": round(keypoint.pt[1] + 0.25, 4),
            "scale": round(keypoint.size / 2, 4),
            "angle": round(math.radians(keypoint.angle), 5),
            "descriptor": [int(v) for v in np.clip(np.round(root), 0, 255)],
        }
    )
with open("sift-opencv.json", "w") as file:
    file.write("[\n" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + "\n]\n")
