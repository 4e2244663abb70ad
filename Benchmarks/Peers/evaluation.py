"""Google Landmarks v2's own size: 117,577 queries against 761,757 descriptors of 512, scored; beside faiss and a Python scorer.

Slices of both are measured first, each beside the peer, and the whole is projected from them; then the whole is run, unless
--quick asks for slices alone. A second table scores whole rankings, for which nothing but the ranks of right answers is needed.
"""

import json
import os
import subprocess
import sys
import time

import faiss
import numpy as np

from common import CAIRN, CORES, QUICK, WORK, heading, note, require, row, timed

QUERIES, GALLERY, DIMENSIONS = 117_577, 761_757, 512
NOISE = 1.8  # Rows of a centre have cosine .24, and of 761,757 others the best have about .22.
SLICES = [(1_176, 7_618), (11_758, 76_176)] + ([] if QUICK else [(11_758, GALLERY)])


def rows_of(count, seed, path, centres):
    """Unit rows around centres, four a centre, written block by block."""
    if os.path.exists(path):
        return
    random = np.random.default_rng(seed)
    out = np.lib.format.open_memmap(path + ".part", mode="w+", dtype=np.float32, shape=(count, DIMENSIONS))
    for first in range(0, count, 65_536):
        last = min(first + 65_536, count)
        block = np.empty((last - first, DIMENSIONS), np.float32)
        for place, index in enumerate(range(first, last)):
            centre = np.random.default_rng([7, index % centres])
            block[place] = centre.standard_normal(DIMENSIONS, dtype=np.float32)
        block += np.float32(NOISE) * random.standard_normal(block.shape, dtype=np.float32)
        out[first:last] = block / np.linalg.norm(block, axis=1, keepdims=True)
    out.flush()
    os.rename(path + ".part", path)


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


def peer(gallery, queries, folder):
    """Seconds of search, and mAP@100."""
    faiss.omp_set_num_threads(CORES)
    rows = np.load(gallery)
    start = time.perf_counter()
    index = faiss.IndexFlatIP(DIMENSIONS)
    index.add(rows)
    _, ranking = index.search(np.load(queries), 100)
    seconds = time.perf_counter() - start
    return seconds, mean_average_precision(ranking, json.load(open(f"{folder}/truth.json")))


def alone(task, *arguments):
    """A task in a process of its own: a child's peak memory begins with its parent's, so that this process stays small."""
    command = [sys.executable, __file__, task, *map(str, arguments)]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)


def files(asked, searched):
    """A folder with the files of so many queries and images, and their descriptors."""
    centres = searched // 4
    folder = f"{WORK}/gldv2-{asked}-{searched}"
    paths = f"{WORK}/gldv2-index-{searched}.npy", f"{WORK}/gldv2-test-{asked}-{centres}.npy"
    rows_of(searched, 1, paths[0], centres)
    rows_of(asked, 2, paths[1], centres)
    json.dump(write_benchmark(folder, asked, searched, centres), open(f"{folder}/truth.json", "w"))
    return folder, *paths


def main():
    heading(
        "Google Landmarks v2 retrieval, scored",
        f"Made-up unit rows of {DIMENSIONS}, four a centre; files as they are distributed. `cairn evaluate gldv2-retrieval` as a process, "
        f"files included, beside faiss's flat index (search alone) and a scorer in Python, {CORES} threads. mAP@100 is exact on both sides.")
    measured = 0
    for asked, searched in SLICES:
        note(f"evaluation: {asked:,} x {searched:,}")
        folder, gallery, queries = alone("files", asked, searched)
        seconds, memory, figure = cairn(folder, gallery, queries)
        theirs, expected = alone("peer", gallery, queries, folder)
        require(abs(figure - expected) < 1e-6, f"mAP@100 is {figure}, and the peer's {expected}")
        measured = seconds / (asked * searched)
        row(
            f"{asked:,} x {searched:,}", f"{seconds:.1f} s, {memory / 1e9:.2f} GB, mAP@100 {figure:.6f}",
            f"{theirs:.1f} s, {expected:.6f}", f"**{theirs / seconds:.2f}**")
    row(f"{QUERIES:,} x {GALLERY:,}, projected from the last slice", f"{measured * QUERIES * GALLERY:.0f} s")
    if QUICK:
        return
    note(f"evaluation: {QUERIES:,} x {GALLERY:,}")
    seconds, memory, figure = cairn(*alone("files", QUERIES, GALLERY))
    row(f"{QUERIES:,} x {GALLERY:,}, run", f"{seconds:.0f} s, {memory / 1e9:.2f} GB, mAP@100 {figure:.6f}")
    whole_rankings()


def whole_rankings():
    """mAP over whole rankings, whose right answers stand anywhere."""
    asked, searched = 11_758, GALLERY
    folder, gallery, queries = alone("files", asked, searched)
    lists = f"{folder}/lists"
    os.makedirs(lists, exist_ok=True)
    centres = searched // 4
    with open(f"{lists}/gallery.csv", "w") as file:
        file.write("image,label\n" + "".join(f"{name_of('a', each)},{each % centres}\n" for each in range(searched)))
    with open(f"{lists}/queries.csv", "w") as file:
        file.write("image,label\n" + "".join(f"{name_of('b', each)},{each % centres}\n" for each in range(asked)))
    seconds, memory, output = timed(
        [CAIRN, "evaluate", "csv", lists, "--features", gallery, "--query-features", queries, "--json"])
    figures = json.loads(output)
    row(
        f"whole rankings, {asked:,} x {searched:,}, mAP over all ranks",
        f"{seconds:.0f} s, {memory / 1e9:.2f} GB, mAP {figures['mAP']:.6f}")


if __name__ == "__main__":
    tasks = {"files": lambda a, b: files(int(a), int(b)), "peer": peer}
    if len(sys.argv) > 1:
        print(json.dumps(tasks[sys.argv[1]](*sys.argv[2:])))
    else:
        main()
