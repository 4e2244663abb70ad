"""Makes the goldens of CairnCleaningTests, and compares `cairn cluster` with scikit-learn's DBSCAN.

    python Scripts/parity/cleaning.py goldens            # rewrites Tests/CairnCleaningTests/Fixtures/dbscan.json
    python Scripts/parity/cleaning.py compare CAIRN      # thousands of random cases through the program CAIRN
    python Scripts/parity/cleaning.py time CAIRN [N D]   # labels and seconds at N x D (20000 x 512), beside scikit-learn

Labels are compared with scikit-learn given the same float32 numbers as float64: that is where both decide in double precision.
Given float32 scikit-learn rounds each distance by about 1e-6 and may decide otherwise for pairs that close to eps; `time` counts those.
Needs numpy and scikit-learn.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np
from sklearn.cluster import DBSCAN

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "CairnCleaningTests" / "Fixtures"


def labels_of(x, eps, min_samples):
    return DBSCAN(eps=eps, min_samples=min_samples, metric="cosine").fit(x.astype(np.float64)).labels_


def clustered(rng, count, dimensions, centres, spread):
    """Rows around centres, of random length."""
    c = rng.normal(size=(centres, dimensions))
    c /= np.linalg.norm(c, axis=1, keepdims=True)
    noise = rng.normal(size=(count, dimensions)) * spread / np.sqrt(dimensions)
    x = c[rng.integers(0, centres, count)] + noise * rng.uniform(0.3, 2, (count, 1))
    return (x * rng.uniform(0.1, 10, (count, 1))).astype(np.float32)


def random_case(rng):
    """Sizes, densities and radii at random; a fifth on a coarse grid, with repeats, zeros and many equal distances."""
    count, dimensions = int(rng.integers(1, 120)), int(rng.integers(1, 24))
    if rng.random() < 0.2:
        x = rng.integers(-1, 2, (count, dimensions)).astype(np.float32)
    else:
        x = clustered(rng, count, dimensions, int(rng.integers(1, 12)), rng.uniform(0.1, 2))
    if rng.random() < 0.3:
        x[rng.integers(0, count, max(1, count // 10))] = x[0]
    if rng.random() < 0.1:
        x[rng.integers(0, count)] = 0
    # Grids have distances such as 0.5 exactly, of which float64 makes 0.4999… or 0.5 by the order of its sums: stay off them.
    return x, float(np.float32(rng.uniform(0.01, 1.6)) + 1e-4), int(rng.integers(1, 9))


def goldens():
    rng = np.random.default_rng(7)
    cases = []
    for _ in range(14):
        x, eps, min_samples = random_case(rng)
        x = np.round(x[:30, :4].astype(np.float64), 3).astype(np.float32)
        cases.append((x, eps, min_samples))
    for seed, (eps, min_samples) in enumerate([(0.02, 3), (0.05, 4), (0.1, 6), (0.3, 10)]):
        x = clustered(np.random.default_rng(100 + seed), 60, 3, 9, 0.5)
        cases.append((np.round(x, 3), eps, min_samples))
    documents = []
    for x, eps, min_samples in cases:
        fit = DBSCAN(eps=eps, min_samples=min_samples, metric="cosine").fit(x.astype(np.float64))
        documents.append(
            {
                "dimensions": x.shape[1],
                "rows": [round(float(v), 3) for v in x.ravel()],
                "eps": eps,
                "minSamples": min_samples,
                "labels": fit.labels_.tolist(),
                "core": fit.core_sample_indices_.tolist(),
            }
        )
    FIXTURES.mkdir(parents=True, exist_ok=True)
    path = FIXTURES / "dbscan.json"
    path.write_text(json.dumps({"madeBy": "Scripts/parity/cleaning.py goldens", "cases": documents}) + "\n")
    print(f"{len(documents)} cases, {path.stat().st_size} bytes")


def cairn_labels(program, x, eps, min_samples, folder):
    source, target = folder / "x.npy", folder / "labels.npy"
    np.save(source, x)
    command = [*program, "--features", source, "--eps", repr(eps), "--min-samples", str(min_samples), "-o", target]
    start = time.perf_counter()
    subprocess.run([str(part) for part in command], check=True, stderr=subprocess.DEVNULL)
    seconds = time.perf_counter() - start
    labels = np.load(target)
    assert labels.dtype == np.int64 and labels.shape == (len(x),)
    return labels, seconds


def compare(program, cases=2000, seed=1):
    rng = np.random.default_rng(seed)
    clusters = noise = 0
    with tempfile.TemporaryDirectory() as folder:
        for case in range(cases):
            x, eps, min_samples = random_case(rng)
            expected = labels_of(x, eps, min_samples)
            found, _ = cairn_labels(program, x, eps, min_samples, pathlib.Path(folder))
            if not np.array_equal(found, expected):
                np.savez("different.npz", x=x, eps=eps, min_samples=min_samples)
                sys.exit(f"case {case} differs: {x.shape}, eps {eps}, min-samples {min_samples}; kept in different.npz")
            clusters += expected.max() + 1
            noise += int((expected < 0).sum())
    print(f"{cases} cases equal: {clusters} clusters, {noise} rows of noise")


def timed(program, count=20000, dimensions=512):
    x = clustered(np.random.default_rng(0), count, dimensions, max(1, count // 20), 0.7)
    with tempfile.TemporaryDirectory() as folder:
        found, seconds = min(
            (cairn_labels(program, x, 0.3, 3, pathlib.Path(folder)) for _ in range(3)), key=lambda run: run[1]
        )
    start = time.perf_counter()
    single = DBSCAN(eps=0.3, min_samples=3, metric="cosine").fit(x).labels_
    reference = time.perf_counter() - start
    expected = labels_of(x, 0.3, 3)
    print(f"{count} x {dimensions}: {expected.max() + 1} clusters, {(expected < 0).sum()} rows of noise")
    print(f"cairn {seconds:.2f} s with reading and writing, scikit-learn float32 {reference:.2f} s")
    print(f"rows unlike scikit-learn float64: {(found != expected).sum()}; float32 against float64: {(single != expected).sum()}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["goldens"]:
            goldens()
        case ["compare", program]:
            compare([program, "cluster"])
        case ["time", program]:
            timed([program, "cluster"])
        case ["time", program, count, dimensions]:
            timed([program, "cluster"], int(count), int(dimensions))
        case _:
            sys.exit(__doc__)
