"""Correct inliers of made-up homographies at 10 to 90 % outliers, beside USAC_MAGSAC."""

import struct
import time

import cv2
import numpy as np
from common import QUICK, WORK, alternate, bench, heading, median, note, require, row

WIDTH, HEIGHT = 1024, 768
OUTLIERS = (0.1, 0.3, 0.5, 0.7, 0.8, 0.9)


def random_homography(rng):
    """A plausible change of viewpoint, with points of the first image that the second one shows."""
    while True:
        turn, scale = rng.normal(0, 0.4), np.exp(rng.normal(0, 0.35))
        linear = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        axis, squeeze = rng.uniform(0, np.pi), np.exp(-abs(rng.normal(0, 0.3)))
        along = np.array([[np.cos(axis), -np.sin(axis)], [np.sin(axis), np.cos(axis)]])
        homography = np.eye(3)
        homography[:2, :2] = linear @ along @ np.diag([1, squeeze]) @ along.T
        homography[2, :2] = rng.normal(0, 3e-4, 2)
        homography[:2, 2] = rng.normal(0, 80, 2)
        centre = np.eye(3)
        centre[:2, 2] = WIDTH / 2, HEIGHT / 2
        homography = centre @ homography @ np.linalg.inv(centre)
        points = rng.uniform([0, 0], [WIDTH, HEIGHT], (4000, 2))
        mapped = np.c_[points, np.ones(len(points))] @ homography.T
        if (mapped[:, 2] <= 0.2).any():
            continue
        mapped = mapped[:, :2] / mapped[:, 2:]
        inside = ((mapped > 0) & (mapped < [WIDTH, HEIGHT])).all(axis=1)
        if inside.mean() >= 0.3:
            return homography / homography[2, 2], points[inside], mapped[inside]


def frames(homography, points):
    """Rotation and logarithm of the scale of the homography at each point."""
    mapped = np.c_[points, np.ones(len(points))] @ homography.T
    u, v, w = mapped[:, 0] / mapped[:, 2], mapped[:, 1] / mapped[:, 2], mapped[:, 2]
    a, b = (homography[0, 0] - u * homography[2, 0]) / w, (homography[0, 1] - u * homography[2, 1]) / w
    c, d = (homography[1, 0] - v * homography[2, 0]) / w, (homography[1, 1] - v * homography[2, 1]) / w
    return np.arctan2(c - b, a + d), 0.5 * np.log(a * d - b * c)


def problem(rng, count, outliers):
    """Correspondences, best first: inliers with 1 px, 8 degrees and 15 % of noise, the rest at random."""
    homography, source, target = random_homography(rng)
    good = min(int(round(count * (1 - outliers))), len(source))
    bad = count - good
    source, target = source[:good], target[:good]
    turns, sizes = frames(homography, source)
    turns = np.r_[turns + rng.normal(0, np.radians(8), good), rng.uniform(-np.pi, np.pi, bad)]
    sizes = np.r_[sizes + rng.normal(0, 0.15, good), rng.normal(0, 0.7, bad)]
    source = np.r_[source, rng.uniform([0, 0], [WIDTH, HEIGHT], (bad, 2))]
    target = np.r_[target + rng.normal(0, 1, (good, 2)), rng.uniform([0, 0], [WIDTH, HEIGHT], (bad, 2))]
    # A ratio test orders correspondences somewhat: false ones tend to be less distinct.
    order = np.argsort(np.r_[rng.normal(0.55, 0.12, good), rng.normal(0.7, 0.1, bad)])
    turns = (turns + np.pi) % (2 * np.pi) - np.pi
    table = np.c_[source, target, np.exp(sizes), turns][order]
    return table, (np.arange(count) < good)[order]


def peer(problems):
    """Microseconds, the best of three, and inlier masks."""
    cv2.setNumThreads(1)
    times, masks = [], []
    for table, _ in problems:
        source, target = table[:, :2].astype(np.float32), table[:, 2:4].astype(np.float32)
        best = np.inf
        for _ in range(3):
            start = time.perf_counter()
            _, mask = cv2.findHomography(source, target, cv2.USAC_MAGSAC, 4.0)
            best = min(best, time.perf_counter() - start)
        times.append(best * 1e6)
        masks.append(mask.ravel() > 0 if mask is not None else np.zeros(len(table), bool))
    return times, masks


def ours(path, problems, *options):
    report = bench("problems", path, *options)
    masks = [np.zeros(len(table), bool) for table, _ in problems]
    for mask, inliers in zip(masks, report["inliers"]):
        mask[inliers] = True
    return report["microseconds"], masks


def main():
    rng = np.random.default_rng(7)
    repeats = 10 if QUICK else 40
    keys = [(n, share) for n in (100, 300) for share in OUTLIERS]
    problems = [problem(rng, *key) for key in keys for _ in range(repeats)]
    path = f"{WORK}/problems.bin"
    with open(path, "wb") as file:
        file.write(struct.pack("<i", len(problems)))
        for table, _ in problems:
            file.write(struct.pack("<i", len(table)) + table.astype("<f8").tobytes())
    note(f"geometry: {len(problems)} problems")
    oriented, points, magsac = alternate(
        lambda: ours(path, problems), lambda: ours(path, problems, "--points-only"), lambda: peer(problems),
        rounds=1 if QUICK else 3)
    heading(
        "Known homographies",
        f"{repeats} made-up problems in each row; correct + false inliers, median microseconds. Keypoints have orientations "
        "and sizes, with 8° and 15 % of noise, as SIFT's have; *points only* does without. Peer: USAC_MAGSAC at 4 px.",
    )
    totals = np.zeros((3, 2), int)
    for place, (count, share) in enumerate(keys):
        chosen = range(place * repeats, (place + 1) * repeats)
        texts, correct = [], []
        for side, runs in enumerate((oriented, points, magsac)):
            masks = runs[0][1]
            right = sum(int((masks[i] & problems[i][1]).sum()) for i in chosen)
            every = sum(int(masks[i].sum()) for i in chosen)
            micros = median([median([times[i] for i in chosen]) for times, _ in runs])
            totals[side] += right, every - right
            correct.append(right)
            texts.append(f"{right} + {every - right}, {micros:.0f} µs")
        name = f"{count} correspondences, {share:.0%} outliers"
        row(name, texts[0], texts[2], f"{correct[0] / max(1, correct[2]):.2f}", "≥ 1")
        row(f"{name}, points only", texts[1], texts[2], f"{correct[1] / max(1, correct[2]):.2f}")
    require(totals[0][0] > 0 and totals[2][0] > 0, "no inliers at all")
    row(
        "all", f"{totals[0][0]} + {totals[0][1]}", f"{totals[2][0]} + {totals[2][1]}",
        f"**{totals[0][0] / totals[2][0]:.2f}**", "≥ 1")


main()
