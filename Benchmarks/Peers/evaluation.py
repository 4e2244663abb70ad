"""Google Landmarks v2's own size: 117,577 queries against 761,757 descriptors of 512, scored; beside faiss and a Python scorer.

Slices of both are measured first, each beside the peer, and the whole is projected from them; then the whole is run, unless
--quick asks for slices alone. A second table scores whole rankings, for which nothing but the ranks of right answers is needed.
"""

import json
import os
import time

import faiss
import numpy as np

from common import CAIRN, CORES, QUICK, WORK, BenchmarkError, heading, note, require, row, timed

QUERIES, GALLERY, DIMENSIONS = 117_577, 761_757, 512
SLICES = [(1_176, 7_618), (11_758, 76_176)] + ([] if QUICK else [(11_758, GALLERY)])


def rows_of(count, seed, path, centres):
    """Unit rows around centres, four a centre, written block by block."""
    if os.path.exists(path):
        return np.load(path, mmap_mode="r")
    random = np.random.default_rng(seed)
    out = np.lib.format.open_memmap(path + ".part", mode="w+", dtype=np.float32, shape=(count, DIMENSIONS))
    for first in range(0, count, 65_536):
        last = min(first + 65_536, count)
        block = np.empty((last - first, DIMENSIONS), np.float32)
        for place, index in enumerate(range(first, last)):
            centre = np.random.default_rng([7, index % centres])
            block[place] = centre.standard_normal(DIMENSIONS, dtype=np.float32)
        block += random.standard_normal(block.shape, dtype=np.float32)
        out[first:last] = block / np.linalg.norm(block, axis=1, keepdims=True)
    out.flush()
    os.rename(path + ".part", path)
    return np.load(path, mmap_mode="r")


def name_of(kind, number):
    return f"{kind}{number:015x}"


def write_benchmark(folder, queries, gallery, centres):
    """The files of the data set for made-up rows: right is what has the query's centre; half of the queries are ignored."""
    os.makedirs(folder, exist_ok=True)
    right = {}
    for number in range(gallery):
        right.setdefault(number % centres, []).append(number)
    truth = []
    with open(f"{folder}/index.csv", "w") as file:
        file.write("id\n" + "".join(name_of("a", number) + "\n" for number in range(gallery)))
    with open(f"{folder}/test.csv", "w") as file:
        file.write("id\n" + "".join(name_of("b", number) + "\n" for number in range(queries)))
    with open(f"{folder}/retrieval_solution_v2.1.csv", "w") as file:
        file.write("id,images,Usage\n")
        for number in range(queries):
            positives = right.get(number % centres, [])
            usage = ("Public", "Private", "Ignored", "Ignored")[number % 4] if positives else "Ignored"
            truth.append(positives if usage != "Ignored" else None)
            images = " ".join(name_of("a", each) for each in positives) or "None"
            file.write(f"{name_of('b', number)},{images},{usage}\n")
    return truth


def mean_average_precision(ranking, truth, depth=100):
    """mAP@100 of Google Landmarks, as its paper defines it."""
    total, count = 0.0, 0
    for ranked, positives in zip(ranking, truth):
        if positives is None:
            continue
        wanted, hits, sum_ = set(positives), 0, 0.0
        for place, found in enumerate(ranked[:depth]):
            if int(found) in wanted:
                hits += 1
                sum_ += hits / (place + 1)
        total, count = total + sum_ / min(len(wanted), depth), count + 1
    return total / count


def cairn(folder, gallery, queries):
    seconds, memory, output = timed(
        [CAIRN, "evaluate", "gldv2-retrieval", folder, "--features", gallery, "--query-features", queries, "--json"])
    return seconds, memory, json.loads(output)["mAP@100"]


def peer(gallery, queries, truth):
    faiss.omp_set_num_threads(CORES)
    start = time.perf_counter()
    index = faiss.IndexFlatIP(DIMENSIONS)
    index.add(np.ascontiguousarray(gallery))
    _, ranking = index.search(np.ascontiguousarray(queries), 100)
    return time.perf_counter() - start, mean_average_precision(ranking, truth)


def main():
    centres = GALLERY // 4
    gallery = rows_of(GALLERY, 1, f"{WORK}/gldv2-index.npy", centres)
    queries = rows_of(QUERIES, 2, f"{WORK}/gldv2-test.npy", centres)
    heading(
        "Google Landmarks v2 retrieval, scored",
        f"Made-up unit rows of {DIMENSIONS}, four a centre; files as they are distributed. `cairn evaluate gldv2-retrieval` as a process, "
        f"files included, beside faiss's flat index and a scorer in Python, {CORES} threads. mAP@100 is exact on both sides.")
    measured = []
    for asked, searched in SLICES:
        note(f"evaluation: {asked:,} x {searched:,}")
        folder = f"{WORK}/gldv2-{asked}-{searched}"
        truth = write_benchmark(folder, asked, searched, min(centres, max(1, searched // 4)))
        paths = f"{folder}/index.npy", f"{folder}/test.npy"
        if searched == GALLERY:
            paths = f"{WORK}/gldv2-index.npy", paths[1]
        else:
            # The same rows would have other centres in a smaller gallery: made anew.
            np.save(paths[0], slice_rows(searched, 1, max(1, searched // 4)))
        np.save(paths[1], slice_rows(asked, 2, max(1, searched // 4)))
        seconds, memory, figure = cairn(folder, *paths)
        theirs, expected = peer(np.load(paths[0], mmap_mode="r"), np.load(paths[1]), truth)
        require(abs(figure - expected) < 1e-6, f"mAP@100 is {figure}, and the peer's {expected}")
        measured.append(seconds / (asked * searched))
        row(
            f"{asked:,} x {searched:,}", f"{seconds:.1f} s, {memory / 1e9:.2f} GB, mAP@100 {figure:.6f}",
            f"{theirs:.1f} s, {expected:.6f}", f"**{theirs / seconds:.2f}**")
    projected = measured[-1] * QUERIES * GALLERY
    row(f"{QUERIES:,} x {GALLERY:,}, projected from the last slice", f"{projected:.0f} s")
    if QUICK:
        return
    folder = f"{WORK}/gldv2-whole"
    write_benchmark(folder, QUERIES, GALLERY, centres)
    seconds, memory, figure = cairn(folder, f"{WORK}/gldv2-index.npy", f"{WORK}/gldv2-test.npy")
    row(f"{QUERIES:,} x {GALLERY:,}, run", f"{seconds:.0f} s, {memory / 1e9:.2f} GB, mAP@100 {figure:.6f}")


def slice_rows(count, seed, centres):
    """A few rows as `rows_of` makes them."""
    path = f"{WORK}/gldv2-{seed}-{count}-{centres}.npy"
    return np.array(rows_of(count, seed, path, centres))


if __name__ == "__main__":
    main()
