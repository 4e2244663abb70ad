"""Pairs verified a second, and the correct inliers, beside OpenCV's BFMatcher and USAC_MAGSAC on the same features."""

import os
import time

import cv2
import numpy as np
from common import CORES, QUICK, WORK, alternate, bench, heading, median, note, read_pairs, require, row, transfer_errors
from opencv_verification import verify, verify_by_product

# Of the first 1,024 px; the rendered fronts are not quite flat.
CORRECT = 8.0


def peer(images, pairs, threads, verify=verify):
    """Pairs a second, and inliers of each pair."""
    cv2.setNumThreads(threads)
    verify(images[0], images[1])
    start = time.perf_counter()
    found = [verify(images[a], images[b]) for a, b, _, _ in pairs]
    return len(pairs) / (time.perf_counter() - start), found


def distinct(points):
    """Of each position only the first: a keypoint with two directions is one point. A mask."""
    _, first = np.unique(points.round(1), axis=0, return_index=True)
    mask = np.zeros(len(points), bool)
    mask[first] = True
    return mask


def counts(found, pairs):
    """Correct and false inliers of true pairs, each position once, and other pairs with ten inliers or more."""
    correct = false = mistaken = 0
    for (source, target), (_, _, is_true, homography) in zip(found, pairs):
        kept = distinct(source) & distinct(target)
        source, target = source[kept], target[kept]
        if is_true:
            right = int((transfer_errors(homography, source, target) < CORRECT).sum())
            correct += right
            false += len(source) - right
        elif len(source) >= 10:
            mistaken += 1
    return correct, false, mistaken


def ours_found(report):
    arrays = [np.array(pair, np.float64).reshape(-1, 4) for pair in report["inliers"]]
    return [(pair[:, :2], pair[:, 2:]) for pair in arrays]


def main():
    os.makedirs(WORK, exist_ok=True)
    landmarks = 4 if QUICK else 12
    files = {kind: f"{WORK}/{kind}{landmarks}.pairs" for kind in ("true", "mixed")}
    note("verification: features of town views")
    made = bench("pairs", files["true"], files["mixed"], "--landmarks", landmarks)
    heading(
        "Verification of pairs",
        f"Town views of 1,024 px with {made['keypoints']:.0f} SIFT keypoints on average, the same for both sides. "
        "*On a shortlist*: 1 pair of 10 is true. Peer: BFMatcher (float32, L2), ratio 0.8 and cross-check, "
        "`findHomography(USAC_MAGSAC, 4.0)`. Pairs a second; below them correct + false inliers of the true pairs, each position counted once.",
    )
    seconds = 0.3 if QUICK else 1.0
    for kind, label in (("mixed", "on a shortlist"), ("true", "true pairs only")):
        images, pairs = read_pairs(files[kind])
        note(f"verification: {label}, {len(pairs)} pairs")

        def ours(*options):
            return bench("verify", files[kind], "--seconds", seconds, *options)

        measured = alternate(
            lambda: ours("--threads", 1),
            lambda: ours("--threads", 1, "--single"),
            lambda: ours("--threads", 1, "--single", "--plain"),
            lambda: peer(images, pairs, 1),
            lambda: ours("--threads", CORES),
            lambda: peer(images, pairs, CORES),
            lambda: peer(images, pairs, CORES, verify_by_product),
        )
        rates = [median([m["pairsPerSecond"] if isinstance(m, dict) else m[0] for m in runs]) for runs in measured]
        found = [ours_found(runs[0]) if isinstance(runs[0], dict) else runs[0][1] for runs in measured]
        results = [counts(each, pairs) for each in found]
        require(results[0][0] > 0 and results[3][0] > 0, f"no correct inliers {label}: {results}")
        search, single, plain, one, search_all, all_cores, product = rates
        peer_text, all_text = f"{one:.0f}/s", f"{all_cores:.0f}/s"
        row(f"{label}, as search does it, 1 thread", f"{search:.0f}/s", peer_text, f"**{search / one:.1f}**", "≥ 10")
        row(f"{label}, query not reused, 1 thread", f"{single:.0f}/s", peer_text, f"{single / one:.1f}", "≥ 10")
        row(f"{label}, the peer's steps alone, 1 thread", f"{plain:.0f}/s", peer_text, f"{plain / one:.1f}", "≥ 10")
        row(
            f"{label}, as search does it, {CORES} threads", f"{search_all:.0f}/s", all_text,
            f"**{search_all / all_cores:.1f}**", "≥ 10")
        row(
            f"{label}, as search does it, {CORES} threads; peer with NumPy's matrix product for BFMatcher",
            f"{search_all:.0f}/s", f"{product:.0f}/s", f"{search_all / product:.1f}")
        for place, name in ((0, "as search does it"), (2, "the peer's steps alone")):
            row(
                f"{label}, inliers, {name}", f"{results[place][0]} + {results[place][1]}",
                f"{results[3][0]} + {results[3][1]}", f"{results[place][0] / results[3][0]:.2f}", "≥ 1")
        if kind == "mixed":
            row(f"{label}, other pairs with 10 inliers (look-alikes are among them)", results[0][2], results[3][2])


main()
