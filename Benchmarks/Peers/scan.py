"""Exact search of global descriptors beside faiss: IndexFlatIP, and IndexScalarQuantizer with 8 bits."""

import os

import numpy as np

import faiss_flat
from common import CORES, QUICK, WORK, alternate, bench, heading, median, note, require, row

DIMENSIONS = 512
LIMIT = 10
SINGLE = 50  # Queries one by one.
BATCH = 256  # Queries at once.
SCALAR_BATCH = 32  # The same for the 8-bit peer, which takes them one after the other.


def unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def make(count):
    """Raw vectors and queries: clusters of 1 to 1,000 around centres that share a few directions, as landmarks' do."""
    vectors, queries = f"{WORK}/scan-{count}.f32", f"{WORK}/scan-{count}-queries.f32"
    if os.path.exists(queries):
        return vectors, queries
    random = np.random.default_rng(7)
    spread = (1 + np.arange(DIMENSIONS)) ** -0.35  # Principal directions fade, as whitening leaves them at best.
    sizes = []
    while sum(sizes) < count:
        sizes.append(int(10 ** random.uniform(0, 3)))
    owner = random.permutation(np.repeat(np.arange(len(sizes)), sizes))[:count]
    centres = unit(random.standard_normal((len(sizes), DIMENSIONS)) * spread).astype(np.float32)
    tightness = random.uniform(0.3, 1.2, len(sizes)).astype(np.float32)

    def members(clusters):
        noise = unit(random.standard_normal((len(clusters), DIMENSIONS), dtype=np.float32) * spread)
        return unit(centres[clusters] + tightness[clusters, None] * noise).astype(np.float32)

    with open(vectors, "wb") as file:
        for start in range(0, count, 50_000):
            file.write(members(owner[start : start + 50_000]).tobytes())
    members(random.choice(owner, BATCH)).tofile(queries)
    return vectors, queries


def recall(found, truth):
    return float(np.mean([len(set(a) & set(b)) / LIMIT for a, b in zip(found, truth)]))


def measure(count):
    path, query_path = make(count)
    file = f"{WORK}/scan-{count}.vec"
    filled = bench("scan", "fill", path, file, "--dimensions", DIMENSIONS)
    require(filled["images"] == count, f"{filled['images']} of {count} vectors were written")
    vectors = np.memmap(path, np.float32, "r").reshape(-1, DIMENSIONS)
    queries = np.fromfile(query_path, np.float32).reshape(-1, DIMENSIONS)
    flat, coded = faiss_flat.build(vectors)
    truth = flat.search(queries, LIMIT)[1]

    def ours(threads, batch):
        options = ["--batch"] if batch else ["--count", SINGLE]
        done = bench("scan", "search", file, query_path, "--limit", LIMIT, "--threads", threads, *options)
        found = recall(done["found"], truth)
        require(found >= 0.999, f"recall@{LIMIT} is {found}")
        return done["queriesPerSecond"], found

    def peer(index, threads, batch):
        count = (SCALAR_BATCH if index is coded else BATCH) if batch else SINGLE
        speed, found = faiss_flat.search(index, queries[:count], LIMIT, threads, batch)
        return speed, recall(found, truth)

    for batch in (False, True):
        for threads in sorted({1, CORES}):
            note(f"scan: {count} vectors, {'batch' if batch else 'one by one'}, {threads} threads")
            cairn, exact, scalar = alternate(
                lambda: ours(threads, batch), lambda: peer(flat, threads, batch), lambda: peer(coded, threads, batch),
                rounds=1 if QUICK or len(vectors) > 500_000 else 3,
            )
            speed = median(speed for speed, _ in cairn)
            for name, results in (("IndexFlatIP", exact), ("SQ8", scalar)):
                other = median(speed for speed, _ in results)
                row(
                    f"{count:,} vectors, {'all queries at once' if batch else 'one by one'}, "
                    f"{threads} thread{'s' if threads > 1 else ''}: queries a second (recall@{LIMIT}), {name}",
                    f"{speed:,.0f} ({cairn[0][1]:.4f})", f"{other:,.0f} ({results[0][1]:.4f})", f"{speed / other:.1f}",
                    "≥ 4" if name == "IndexFlatIP" else "")
    os.remove(file)


def main():
    heading(
        "Exact global search",
        f"The {LIMIT} nearest of clustered unit vectors of {DIMENSIONS} dimensions, by inner product, on equally many threads: "
        f"{SINGLE} queries one by one, {BATCH:,} at once ({SCALAR_BATCH} for SQ8). Recall against IndexFlatIP. The largest size is run once.",
    )
    sizes = [20_000] if QUICK else [int(size) for size in os.environ.get("CAIRN_SCAN_SIZES", "200000,1000000").split(",")]
    for count in sizes:
        measure(count)


if __name__ == "__main__":
    main()
