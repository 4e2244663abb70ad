"""Re-ranking and clustering of descriptors beside their Python twins: accuracy on photos and on a rendered town, and time.

The twins (Scripts/parity) are numpy, scipy and scikit-learn as one would write them: matrix products by BLAS on as many threads,
argpartition in place of full sorts, sparse matrices for graphs.
"""

import json
import os
import pathlib
import subprocess
import sys
import time

import numpy as np

from common import CAIRN, CORES, PHOTOS, QUICK, ROUNDS, WORK, BenchmarkError, alternate, heading, median, note, require, row

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Scripts" / "parity"))
import rerank_diffusion  # noqa: E402
import rerank_expansion  # noqa: E402
import rerank_kreciprocal  # noqa: E402

MODEL = os.environ.get("CAIRN_BENCH_MODEL")  # A global model of the library, for photos and town.
LOCAL = os.environ.get("CAIRN_BENCH_LOCAL", "rootsift")
DIMENSIONS = 512
LIMIT = 100


def clustered(count, seed=3):
    """Unit vectors around centres, about twenty a cluster with cosine .7 to its centre, as photos of landmarks are."""
    random = np.random.default_rng(seed)
    centres = rerank_expansion.unit(random.standard_normal((max(1, count // 20), DIMENSIONS))).astype(np.float32)
    noise = random.standard_normal((count, DIMENSIONS), dtype=np.float32) / np.float32(np.sqrt(DIMENSIONS))
    return rerank_expansion.unit(centres[random.integers(len(centres), size=count)] + noise).astype(np.float32)


def cairn(gallery, queries, methods, top):
    """Rows, and seconds of preparation and ranking together; reading and writing of files are left out."""
    output = f"{WORK}/reranked.npy"
    command = [CAIRN, "rerank", "--gallery", gallery, "--queries", queries, "--top", str(top), "-o", output]
    done = subprocess.run(
        command + (["--rerank", methods] if methods else []), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise BenchmarkError(f"{' '.join(command)}: {done.stderr}")
    times = done.stderr.split("prepared in ")[1].split(" s, ranked in ")
    return np.load(output), float(times[0]) + float(times[1].split(" s")[0])


def whitened(gallery, queries):
    """PCA whitening learned on the gallery."""
    mean = gallery.mean(axis=0, dtype=np.float64)
    values, vectors = np.linalg.eigh(np.cov((gallery - mean).T.astype(np.float64), bias=True))
    projection = (vectors / np.sqrt(values)).astype(np.float32)
    return tuple(rerank_expansion.unit((rows - mean).astype(np.float32) @ projection) for rows in (gallery, queries))


def completed(found, gallery, queries, top):
    """Rows that a method ranked, and behind them the rest by similarity."""
    similar = rerank_expansion.rank(queries, gallery, top)[0]
    complete = []
    for rows, others in zip(found, similar):
        known = set(rows.tolist())
        complete.append(np.array(list(rows[:top]) + [row for row in others if row not in known])[:top])
    return np.stack(complete)


def twin(name, gallery, queries, top):
    """Rows by the twin of a method."""
    if name == "similarity":
        return rerank_expansion.rank(queries, gallery, top)[0]
    if name == "aqe":
        queries = rerank_expansion.average_query_expansion(queries, gallery, 10)
        return rerank_expansion.rank(queries, gallery, top)[0]
    if name == "alphaqe":
        queries = rerank_expansion.alpha_query_expansion(queries, gallery, 50, 5.0)
        return rerank_expansion.rank(queries, gallery, top)[0]
    if name == "dba":
        return rerank_expansion.rank(queries, rerank_expansion.database_augmentation(gallery, 10), top)[0]
    if name == "dba;alphaqe":
        gallery = rerank_expansion.database_augmentation(gallery, 10)
        queries = rerank_expansion.alpha_query_expansion(queries, gallery, 50, 5.0)
        return rerank_expansion.rank(queries, gallery, top)[0]
    if name == "dqe":
        weights = rerank_expansion.discriminative_query_expansion(queries, gallery, tolerance=1e-4)
        return rerank_expansion.rank(weights, gallery, top)[0]
    if name == "superglobal":
        return rerank_expansion.super_global(queries, gallery, top)[0]
    if name == "diffusion":
        found = [rows for rows, _ in rerank_diffusion.diffusion(queries, gallery, threads=CORES)]
        return completed(found, gallery, queries, top)
    if name == "kreciprocal":
        distances = rerank_kreciprocal.k_reciprocal(queries, gallery, dtype=np.float32)
        return rerank_expansion.top(-distances, top)
    raise BenchmarkError(f"there is no twin of {name}")


SPECIFICATIONS = {
    "similarity": "", "aqe": "aqe:n=10", "alphaqe": "alphaqe:n=50,alpha=5", "dba": "dba:k=10",
    "dba;alphaqe": "dba:k=10;alphaqe:n=50,alpha=5", "dqe": "dqe", "superglobal": "superglobal",
    "diffusion": "diffusion", "kreciprocal": "kreciprocal:batch=true",
}


def shared(ours, theirs):
    """The share of the twin's best that ours has too."""
    return float(np.mean([len(np.intersect1d(a, b)) / len(b) for a, b in zip(ours, theirs)]))


def synthetic():
    count = 5_000 if QUICK else 20_000
    heading(
        f"Re-ranking of {count:,} x {DIMENSIONS}",
        f"Clustered unit vectors, the best {LIMIT} rows for each query, everything included but files: neighbours, graph, expansion, "
        f"search. Seconds for the number of queries named, {CORES} threads on both sides; behind them the share of the twin's rows "
        f"that Cairn has too (32-bit floats on both sides, so near-ties may differ).")
    rows = clustered(count + 1_000)
    gallery, queries = rows[:count], rows[count:]
    paths = f"{WORK}/rerank-gallery.npy", f"{WORK}/rerank-queries.npy"
    np.save(paths[0], gallery)
    asked = {
        "similarity": (1_000, ""), "alphaqe": (1_000, "≥ 3"), "dba": (1_000, "≥ 3"), "dqe": (20, ""),
        "superglobal": (100, ""), "diffusion": (1_000, "≥ 10"), "kreciprocal": (200, "≥ 10"),
    }
    for name, (number, wanted) in asked.items():
        compare(name, gallery, queries[:number], paths, wanted)
    # A query for every row: what augmentation does.
    compare("alphaqe", gallery, gallery if QUICK else rerank_expansion.unit(gallery + rows[:count][::-1] / 50), paths, "≥ 3")
    cluster(gallery, paths[0])


def compare(name, gallery, queries, paths, wanted):
    number = len(queries)
    np.save(paths[1], queries)
    note(f"reranking: {name}")

    def peer():
        start = time.perf_counter()
        found = twin(name, gallery, queries, LIMIT)
        return found, time.perf_counter() - start

    slow = name in ("diffusion", "kreciprocal", "dqe")
    ours, theirs = alternate(
        lambda: cairn(*paths, SPECIFICATIONS[name], LIMIT), peer, rounds=1 if slow else min(ROUNDS, 3))
    agreement = shared(ours[0][0], theirs[0][0])
    require(agreement > 0.98, f"{name}: only {agreement:.3f} of the rows agree")
    mine, other = median(seconds for _, seconds in ours), median(seconds for _, seconds in theirs)
    row(
        f"`{SPECIFICATIONS[name] or 'similarity'}`, {number:,} queries", f"{mine:.2f} s ({agreement:.4f})",
        f"{other:.2f} s", f"**{other / mine:.1f}**", wanted)


def cluster(gallery, path):
    from sklearn.cluster import DBSCAN

    output = f"{WORK}/clustered.npy"

    def ours():
        start = time.perf_counter()
        done = subprocess.run(
            [CAIRN, "cluster", "--features", path, "--eps", "0.6", "--min-samples", "3", "-o", output, "--json"],
            check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        return np.load(output), json.loads(done.stdout)["seconds"], time.perf_counter() - start

    def peer():
        start = time.perf_counter()
        labels = DBSCAN(eps=0.6, min_samples=3, metric="cosine", n_jobs=CORES).fit_predict(gallery)
        return labels, time.perf_counter() - start

    note("reranking: clustering")
    mine, theirs = alternate(ours, peer, rounds=min(ROUNDS, 3))
    require(np.array_equal(mine[0][0], theirs[0][0]), "the clusters differ from scikit-learn's")
    ours_time, whole, peer_time = median(s for _, s, _ in mine), median(s for *_, s in mine), median(s for _, s in theirs)
    row(
        "DBSCAN beside scikit-learn's (cosine, ε 0.6, 3 samples): same labels", f"{ours_time:.2f} s", f"{peer_time:.2f} s",
        f"**{peer_time / ours_time:.1f}**", "≥ 10")
    row(
        "the same, `cairn cluster` as a whole process with its files", f"{whole:.2f} s", f"{peer_time:.2f} s",
        f"{peer_time / whole:.1f}")


def average_precision(relevant, total):
    hits = np.flatnonzero(relevant)
    return float(np.sum(np.arange(1, len(hits) + 1) / (hits + 1)) / total) if total else 0.0


def mean_average_precision(ranks, gallery, queries):
    gallery = np.array(gallery)
    return float(np.mean([
        average_precision(gallery[rows] == label, np.sum(gallery == label)) for rows, label in zip(ranks, queries)]))


def photos_below(folder):
    found = [str(path) for path in pathlib.Path(folder).rglob("*.jpg")]
    return sorted(found, key=lambda path: path.encode())


def embedded(folder, name):
    """Paths and descriptors of the photos below a folder."""
    paths, file = photos_below(folder), f"{WORK}/{name}-{MODEL}.npy"
    if not os.path.exists(file):
        subprocess.run([CAIRN, "embed", folder, "--model", MODEL, "-o", file], check=True)
    rows = np.load(file)
    require(len(rows) == len(paths), f"{len(rows)} descriptors of {len(paths)} photos")
    return paths, rows


def town():
    folder = f"{WORK}/town-5000"
    if not os.path.exists(f"{folder}/sheet.html"):
        note("reranking: rendering a town")
        subprocess.run(
            [CAIRN, "demo", "--output", folder, "--landmarks", "668", "--views", "7", "--seed", "5"], check=True,
            stdout=subprocess.DEVNULL)
    paths, rows = embedded(f"{folder}/photos", "town")
    labels = [pathlib.Path(path).parent.name for path in paths]
    asked = [place for place, path in enumerate(paths) if path.endswith("view06.jpg")]
    held = set(asked)
    kept = [place for place in range(len(paths)) if place not in held]
    return rows[kept], rows[asked], [labels[place] for place in kept], [labels[place] for place in asked]


def accuracy():
    """Every method on real photos, each left out of the gallery in turn, and on the town, whose last views are the queries."""
    gallery, queries, gallery_labels, query_labels = town()
    paths, photos = embedded(PHOTOS, "photos")
    names = [pathlib.Path(path).parent.name for path in paths]
    heading(
        "Methods on photos and on a town",
        f"mAP and milliseconds a query by the model {MODEL} alone; *whitened*: after PCA whitening learned on the gallery (`whiten;…`). "
        f"Photos: each is left out while it is the query, which costs a preparation a query. Town: {len(gallery):,} rendered views with "
        f"look-alikes and distractors, {len(queries)} other views as queries, all at once. Columns are Cairn and its twin.")
    files = f"{WORK}/town-gallery.npy", f"{WORK}/town-queries.npy"
    np.save(files[0], gallery)
    np.save(files[1], queries)
    for prefix in ("", "whiten;"):
        for name, methods in SPECIFICATIONS.items():
            note(f"reranking: {prefix}{name}")
            specification = (prefix + methods).rstrip(";")
            found, seconds = cairn(*files, specification, len(gallery))
            start = time.perf_counter()
            rows, asked = whitened(gallery, queries) if prefix else (gallery, queries)
            theirs = twin(name, rows, asked, len(gallery))
            other = time.perf_counter() - start
            ours_town = mean_average_precision(found, gallery_labels, query_labels)
            peer_town = mean_average_precision(theirs, gallery_labels, query_labels)
            per_query = 1000 / len(queries)
            row(
                f"town, {'whitened, ' if prefix else ''}`{methods or 'similarity'}`",
                f"{ours_town:.3f} ({seconds * per_query:.2f} ms)", f"{peer_town:.3f} ({other * per_query:.2f} ms)",
                f"{other / seconds:.1f}")
            mine, time_mine = on_photos(specification)
            score, elapsed = left_out(name, prefix, photos, names)
            row(
                f"photos, {'whitened, ' if prefix else ''}`{methods or 'similarity'}`",
                f"{mine:.3f} ({time_mine:.1f} ms)", f"{score:.3f} ({elapsed:.1f} ms)", f"{elapsed / time_mine:.1f}")


def on_photos(specification):
    command = [
        CAIRN, "evaluate", "folders", PHOTOS, "--queries", f"{PHOTOS}/queries.csv", "--model", MODEL, "--strategy", "global",
        "--json"]
    done = subprocess.run(
        command + (["--rerank", specification] if specification else []), check=True, stdout=subprocess.PIPE, text=True)
    report = json.loads(done.stdout)
    return report["mAP"], report["timings_ms"]["search"]["median"]


def left_out(name, prefix, photos, names):
    """mAP and milliseconds a query of the twin, each query left out of the gallery."""
    precision, times = [], []
    for query, label in enumerate(names):
        if label == "_distractor":
            continue
        rest = np.delete(np.arange(len(photos)), query)
        start = time.perf_counter()
        gallery, asked = photos[rest], photos[query : query + 1]
        if prefix:
            gallery, asked = whitened(gallery, asked)
        ranks = twin(name, gallery, asked, len(rest))
        times.append(time.perf_counter() - start)
        labels = np.array(names)[rest]
        precision.append(average_precision(labels[ranks[0]] == label, np.sum(labels == label)))
    return float(np.mean(precision)), 1000 * median(times)


def main():
    synthetic()
    if PHOTOS and MODEL and not QUICK:
        accuracy()
    else:
        note("reranking: accuracy is measured with CAIRN_PHOTOS and CAIRN_BENCH_MODEL, a global model of the library")


if __name__ == "__main__":
    main()
