"""Time of a query on real photos, stage by stage, beside exhaustive comparison, Cairn's and OpenCV's."""

import csv
import json
import os
import time

import cv2
from common import CAIRN, CORES, PHOTOS, QUICK, WORK, alternate, bench, heading, median, note, read_pairs, require, row, timed
from opencv_verification import verify, verify_by_product


def opencv_pair(path, verify):
    """Milliseconds a pair on random pairs of the collection, with OpenCV's own threads."""
    images, pairs = read_pairs(path)
    cv2.setNumThreads(CORES)
    verify(images[0], images[1])
    start = time.perf_counter()
    inliers = [len(verify(images[a], images[b])[0]) for a, b, _, _ in pairs]
    require(len(inliers) == len(pairs), "pairs are missing")
    return 1000 * (time.perf_counter() - start) / len(pairs)


def main():
    if not PHOTOS:
        print("\n### Query time\n\nSkipped: `CAIRN_PHOTOS` names no folder of class folders with a `queries.csv`.")
        return
    table = os.path.join(PHOTOS, "queries.csv")
    collection = f"{WORK}/photos.cairn"
    note("queries: evaluation")
    evaluation = [CAIRN, "evaluate", "folders", PHOTOS, "--queries", table, "--collection", collection, "--json"]
    figures = json.loads(timed(evaluation)[2])
    require(figures["mAP"] > 0.3, f"an mAP of {figures['mAP']}")
    paths = f"{WORK}/queries.txt"
    with open(table, newline="") as file, open(paths, "w") as out:
        for line in list(csv.reader(file))[1:]:
            out.write(os.path.abspath(os.path.join(PHOTOS, line[0])) + "\n")
    both = {
        threads: bench("queries", collection, paths, "--threads", threads, "--exhaustive", 3 if QUICK else 20)
        for threads in sorted({1, CORES})
    }
    report = both[CORES]
    require(report["verified"] > 0.5, "queries verify nothing")
    pairs = f"{WORK}/photos.pairs"
    bench("collection-pairs", collection, pairs, "--pairs", 20 if QUICK else 100)
    rounds = alternate(lambda: opencv_pair(pairs, verify), lambda: opencv_pair(pairs, verify_by_product), rounds=3)
    exhaustive, product = (median(round) * (report["images"] - 1) for round in rounds)
    heading(
        "Query time",
        f"{report['queries']} queries over {report['images']} photos, without the query's own extraction; medians, "
        f"milliseconds. mAP {figures['mAP']:.3f}, P@1 {figures['P@1']:.3f} in the same run. Peer: the query compared with "
        f"every photo by BFMatcher, ratio, cross-check and USAC_MAGSAC with OpenCV's {CORES} threads, from the time of "
        "random pairs of these photos.",
    )
    search = report["stages"]["search"]
    row(
        f"search, {CORES} threads", f"{search:.1f} ms", f"{exhaustive:.0f} ms", f"**1 : {exhaustive / search:.0f}**",
        "≤ 60 ms")
    row(
        "the same; peer with NumPy's matrix product for BFMatcher", f"{search:.1f} ms", f"{product:.0f} ms",
        f"1 : {product / search:.1f}")
    evaluated = figures["timings_ms"]["search"]["median"]
    row("search, as `cairn evaluate` reports it", f"{evaluated:.1f} ms", f"{exhaustive:.0f} ms",
        f"1 : {exhaustive / evaluated:.0f}", "≤ 60 ms")
    pipeline = report["stages"]
    for stage in ("shortlist", "verification", "expansion"):
        row(f"{stage}, {CORES} threads", f"{pipeline.get(stage, 0):.1f} ms")
    row(f"slowest search, {CORES} threads", f"{report['slowest']:.1f} ms")
    row("search, 1 thread", f"{both[1]['stages']['search']:.1f} ms")
    row(
        f"exhaustive comparison by Cairn, {CORES} threads", f"{report['exhaustive']:.1f} ms", f"{exhaustive:.0f} ms",
        f"1 : {exhaustive / report['exhaustive']:.0f}")


main()
