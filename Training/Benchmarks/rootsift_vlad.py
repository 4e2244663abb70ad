#!/usr/bin/env python3
"""RootSIFT's global form on a held-out photo set: the baseline that a trained network must beat.

    python rootsift_vlad.py PHOTOS/train PHOTOS/validation [--photos 4000] [--words 64] [--dimensions 128]

Folders hold one folder a landmark. Visual words, by k-means, and principal components are learned from some of the training photos.
A descriptor is VLAD (Jégou et al. 2010) of RootSIFT (Arandjelović and Zisserman 2012), each word's part made of length 1 (2013),
then the whole. Every validation photo is a query against all others: mean average precision over whole rankings, mAP@100 (precision
at relevant ranks up to 100, divided by the lesser of 100 and the number of relevant photos), and how often the first is right.

Made with opencv 4.10.0, scikit-learn 1.9.1, numpy 2.4.6.
"""

import argparse
import json
import pathlib

import cv2
import numpy as np
from sklearn.cluster import MiniBatchKMeans
from sklearn.decomposition import PCA


def photos(folder):
    """Paths and labels, by name."""
    paths = sorted(path for path in pathlib.Path(folder).resolve().glob("*/*.jpg"))
    return paths, [path.parent.name for path in paths]


def root_sift(path, detector):
    """[n, 128]: square roots of SIFT divided by its sum."""
    found = detector.detectAndCompute(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE), None)[1]
    if found is None:
        return np.zeros((0, 128), np.float32)
    return np.sqrt(found / np.maximum(found.sum(1, keepdims=True), 1e-12)).astype(np.float32)


def vlad(features, words):
    """[K * 128]: sums of residuals, each word's of length 1, then the whole."""
    result = np.zeros_like(words)
    if len(features):
        nearest = (features @ words.T - 0.5 * (words**2).sum(1)).argmax(1)
        np.add.at(result, nearest, features - words[nearest])
        result /= np.maximum(np.linalg.norm(result, axis=1, keepdims=True), 1e-12)
    return unit(result.reshape(1, -1))[0]


def unit(rows):
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)


def leave_one_out(rows, labels):
    """Each row asked of all others."""
    labels = np.array(labels)
    similarity = rows @ rows.T
    np.fill_diagonal(similarity, -np.inf)
    order = np.argsort(-similarity, axis=1, kind="stable")[:, :-1]
    right = labels[order] == labels[:, None]
    precision = right.cumsum(1) / np.arange(1, order.shape[1] + 1)
    count = right.sum(1)
    whole = (precision * right).sum(1) / count
    first = (precision * right)[:, :100].sum(1) / np.minimum(count, 100)
    return {"mAP": round(whole.mean(), 4), "mAP@100": round(first.mean(), 4), "first": round(right[:, 0].mean(), 4)}


def main():
    parser = argparse.ArgumentParser(description="RootSIFT's global form on a held-out photo set.")
    parser.add_argument("train")
    parser.add_argument("validation")
    parser.add_argument("--photos", type=int, default=4000, help="training photos that words and components are learned from")
    parser.add_argument("--words", type=int, default=64)
    parser.add_argument("--dimensions", type=int, default=128)
    parser.add_argument("--features", type=int, default=500, help="the most of a photo")
    options = parser.parse_args()

    cv2.setNumThreads(1)
    detector = cv2.SIFT_create(nfeatures=options.features)
    paths, _ = photos(options.train)
    paths = [paths[i] for i in np.random.default_rng(1).permutation(len(paths))[: options.photos]]
    features = [root_sift(path, detector) for path in paths]
    pool = np.concatenate(features)
    pool = pool[np.random.default_rng(2).permutation(len(pool))[:200_000]]
    words = MiniBatchKMeans(options.words, batch_size=4096, n_init=3, random_state=3).fit(pool).cluster_centers_
    words = words.astype(np.float32)
    learned = np.stack([vlad(one, words) for one in features])
    components = PCA(options.dimensions, svd_solver="randomized", random_state=4).fit(learned)
    del learned

    paths, labels = photos(options.validation)
    found = [root_sift(path, detector) for path in paths]
    rows = np.stack([vlad(one, words) for one in found])
    reduced = components.transform(rows)
    report = {
        "photos": len(paths), "landmarks": len(set(labels)),
        "featuresPerPhoto": round(float(np.mean([len(one) for one in found])), 1),
        f"VLAD {rows.shape[1]}": leave_one_out(rows, labels),
        f"PCA {options.dimensions}": leave_one_out(unit(reduced), labels),
        f"PCA {options.dimensions} whitened": leave_one_out(
            unit(reduced / np.sqrt(components.explained_variance_)), labels),
    }  # fmt: skip
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
