"""Makes the goldens of CairnAlgebraTests: whitenings and combinations of small descriptor sets, by numpy in float64.

Written from the published formulas: PCA whitening (Jegou and Chum 2012), learned whitening (Radenovic, Tolias and Chum 2018,
equations 8-9, with the mean and the rotation of the authors' released code), generalised mean (the same, equation 3).
scikit-learn's PCA(whiten=True) and faiss's IndexFlatIP give a second opinion where they can.

    python Scripts/parity/algebra.py     # needs numpy, scikit-learn, faiss-cpu; rewrites Tests/CairnAlgebraTests/Fixtures
"""

import json
import pathlib

import faiss
import numpy as np
from sklearn.decomposition import PCA

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "CairnAlgebraTests" / "Fixtures"
COUNT, DIMENSIONS = 120, 12


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def oriented(rows):
    """Each row's component of largest magnitude is positive."""
    leaders = rows[np.arange(len(rows)), np.abs(rows).argmax(axis=1)]
    return rows * np.sign(leaders)[:, None]


def spectrum(symmetric):
    """Eigenvalues, largest first, and eigenvectors as rows, through the singular values: not the routine under test."""
    left, values, _ = np.linalg.svd(symmetric)
    return values, left.T


def pca_whitening(x, dimensions, power=0.5, shrinkage=0.0):
    mean = x.mean(axis=0)
    centred = x - mean
    covariance = centred.T @ centred / len(x)
    identity = np.eye(len(covariance)) * np.trace(covariance) / len(covariance)
    values, vectors = spectrum((1 - shrinkage) * covariance + shrinkage * identity)
    return mean, (oriented(vectors) * values[:, None] ** -power)[:dimensions]


def learned_whitening(x, queries, positives, dimensions, shrinkage=0.0):
    mean = x[queries].mean(axis=0)
    differences = x[queries] - x[positives]
    s = differences.T @ differences / len(queries)
    s = (1 - shrinkage) * s + shrinkage * np.eye(len(s)) * np.trace(s) / len(s)
    inverse = np.linalg.inv(np.linalg.cholesky(s))
    seen = (x - mean) @ inverse.T
    _, vectors = spectrum(seen.T @ seen / len(x))
    return mean, oriented(vectors @ inverse)[:dimensions]


def case(x, mean, projection):
    return {
        "mean": mean.tolist(),
        "projection": projection.tolist(),
        "output": unit((x - mean) @ projection.T)[:10].tolist(),
    }


def rounded(value):
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, list):
        return [rounded(item) for item in value]
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return value


def write(name, content):
    FIXTURES.mkdir(parents=True, exist_ok=True)
    (FIXTURES / name).write_text(json.dumps(rounded(content), separators=(",", ":")) + "\n")


def main():
    random = np.random.default_rng(20181)
    # Anisotropic, off centre, in pairs: row i + 60 shows the object of row i. Rounded to float32, as descriptors are.
    mixing = random.normal(size=(DIMENSIONS, DIMENSIONS)) * np.geomspace(1, 0.1, DIMENSIONS)[:, None]
    objects = random.normal(size=(COUNT // 2, DIMENSIONS)) @ mixing + 0.5
    noise = random.normal(size=(COUNT // 2, DIMENSIONS)) * np.linspace(0.05, 0.4, DIMENSIONS)
    x = unit(np.concatenate([objects, objects + noise])).astype(np.float32).astype(np.float64)
    queries = np.arange(COUNT // 2)
    positives = queries + COUNT // 2

    sklearn = PCA(n_components=6, whiten=True, svd_solver="full").fit(x)
    # scikit-learn divides by n - 1.
    reference = sklearn.transform(x) * np.sqrt(COUNT / (COUNT - 1))
    write(
        "whitening.json",
        {
            "descriptors": x.tolist(),
            "pca": case(x, *pca_whitening(x, 8)),
            "pcaPower": case(x, *pca_whitening(x, 5, power=0.25)),
            "pcaShrunk": case(x, *pca_whitening(x, DIMENSIONS, shrinkage=0.1)),
            "pcaFewRows": case(x, *pca_whitening(x[:7], DIMENSIONS, shrinkage=0.05)),
            "learned": case(x, *learned_whitening(x, queries, positives, DIMENSIONS)),
            "learnedReduced": case(x, *learned_whitening(x, queries, positives, 5)),
            "learnedShrunk": case(x, *learned_whitening(x, queries[:6], positives[:6], 7, shrinkage=0.02)),
            "sklearn": reference[:10].tolist(),
        },
    )

    scales = np.abs(random.normal(size=(3, 4, 6))).astype(np.float32).astype(np.float64)
    models = [random.normal(size=(4, width)).astype(np.float32).astype(np.float64) for width in (3, 5, 2)]
    weights = [1.0, 0.5, 2.0]
    write(
        "combination.json",
        {
            "scales": scales.tolist(),
            "average": unit(scales.mean(axis=0)).tolist(),
            "sum": unit(scales.sum(axis=0)).tolist(),
            "generalizedMean": unit(np.mean(scales**3, axis=0) ** (1 / 3)).tolist(),
            "generalizedMeanOf17Tenths": unit(np.mean(scales**1.7, axis=0) ** (1 / 1.7)).tolist(),
            "models": [model.tolist() for model in models],
            "weights": weights,
            "ensemble": unit(np.concatenate([unit(model) for model in models], axis=1)).tolist(),
            "weighted": unit(
                np.concatenate([w * unit(model) for w, model in zip(weights, models)], axis=1)
            ).tolist(),
        },
    )

    gallery = unit(random.normal(size=(60, 9))).astype(np.float32)
    asked = unit(random.normal(size=(6, 9))).astype(np.float32)
    index = faiss.IndexFlatIP(gallery.shape[1])
    index.add(gallery)
    scores, indices = index.search(asked, 5)
    write(
        "nearest.json",
        {
            "gallery": gallery.astype(np.float64).tolist(),
            "queries": asked.astype(np.float64).tolist(),
            "indices": indices.tolist(),
            "scores": scores.astype(np.float64).tolist(),
        },
    )


if __name__ == "__main__":
    main()
