"""Images a second of `cairn index`, everything included, beside a loop of OpenCV's imread and SIFT; and its memory."""

import json
import os
import shutil
import sys

from common import CAIRN, CORES, QUICK, WORK, alternate, heading, median, note, require, row, timed
from photos import copies, large, town


def cairn(folder, count, *options):
    """Seconds of the whole process and peak memory, for a new collection."""
    collection = f"{WORK}/indexing.cairn"
    shutil.rmtree(collection, ignore_errors=True)
    seconds, memory, output = timed([CAIRN, "index", folder, "--collection", collection, "--json", *options])
    added = json.loads(output)["added"]
    require(added == count, f"{added} of {count} photos were indexed")
    _, _, output = timed([CAIRN, "info", "--collection", collection, "--json"])
    keypoints = json.loads(output)["statistics"]["keypoints"]
    shutil.rmtree(collection)
    require(keypoints > 100 * count, f"only {keypoints} keypoints in {count} photos")
    return seconds, memory, keypoints / count


def opencv(paths, processes):
    """Seconds, of the loop alone, and keypoints a photo."""
    script = os.path.join(os.path.dirname(__file__), "opencv_indexing.py")
    _, _, output = timed([sys.executable, script, processes, *paths])
    seconds, keypoints = output.split()
    require(int(keypoints) > 100 * len(paths), f"only {keypoints} keypoints in {len(paths)} photos")
    return float(seconds), int(keypoints) / len(paths)


def main():
    small = town(24 if QUICK else 200)
    big = large(4 if QUICK else 60)
    heading(
        "Indexing",
        "`cairn index` of a folder into a new collection: the whole process from start to end, with decoding, extraction, "
        f"inverted file and durable storage, on {CORES} cores. Peer: `cv2.imread` (grey) and "
        "`SIFT_create(1000).detectAndCompute` alone, without the start of Python; large photos are read at half size and "
        f"reduced to 1,024 px. Of {CORES} processes with a thread each and one process with OpenCV's own threads, the faster.",
    )
    for paths, label in ((small, f"{len(small)} photos of 1,024 px"), (big, f"{len(big)} photos of 12 MP")):
        folder = os.path.dirname(paths[0])
        probe = paths[: max(4, len(paths) // 5)]
        rates = {processes: opencv(probe, processes)[0] for processes in (1, CORES)}
        processes = min(rates, key=rates.get)
        note(f"indexing: {label}; OpenCV is faster in {processes} processes")
        sift, affine, peer = alternate(
            lambda: cairn(folder, len(paths), "--detector", "sift"),
            lambda: cairn(folder, len(paths)),
            lambda: opencv(paths, processes),
            rounds=1 if QUICK else 3,
        )
        theirs = len(paths) / median([run[0] for run in peer])
        for runs, name, asked in ((sift, "`--detector sift`", "≥ 0.95"), (affine, "default detector (Hessian-affine)", "")):
            mine = len(paths) / median([run[0] for run in runs])
            row(
                f"{label}, {name}", f"{mine:.1f}/s, {runs[0][2]:.0f} keypoints",
                f"{theirs:.1f}/s, {peer[0][1]:.0f} keypoints", f"**{mine / theirs:.2f}**", asked)
    for count in (24, 96) if QUICK else (100, 1000):
        folder = f"{WORK}/copies-{count}"
        shutil.rmtree(folder, ignore_errors=True)
        copies(small, count, folder)
        note(f"indexing: memory for {count} photos")
        _, memory, _ = cairn(folder, count)
        shutil.rmtree(folder)
        row(f"peak memory, {count} photos of 1,024 px", f"{memory / 1e6:.0f} MB", asked="flat")


main()
