"""k-reciprocal re-ranking as Cairn computes it, by numpy in double precision; makes the goldens of KReciprocalTests.

Written from Zhong et al., "Re-ranking person re-identification with k-reciprocal encoding" (CVPR 2017), in the form of the authors'
public function: dense distances of queries and gallery together, a loop over rows, an inverted index for the Jaccard distance.
What that leaves open is settled as in Cairn: distances are 2 - 2 s, 0 from a row to itself, which ranks first; then by
distance, the lower number first.

    python Scripts/parity/rerank_kreciprocal.py     # needs numpy; rewrites Tests/CairnRerankTests/Fixtures/kreciprocal.json
"""

import json
import pathlib

import numpy as np

from rerank_diffusion import FIXTURES, clustered, packed


def reciprocal(ranks, row, k):
    forward = ranks[row, : k + 1]
    return forward[np.where(ranks[forward, : k + 1] == row)[0]]


def k_reciprocal(queries, gallery, k1=20, k2=6, weight=0.3, dtype=np.float64):
    """The final distances [queries, gallery]."""
    rows = np.concatenate([queries, gallery]).astype(dtype)
    count, asked = len(rows), len(queries)
    distances = 2 - 2 * (rows @ rows.T)
    np.fill_diagonal(distances, 0)
    # Equal similarities are equal as float32; row i is divided by its own largest.
    distances = distances.astype(np.float32).astype(dtype)
    largest = distances.max(axis=1, keepdims=True)
    keys = distances.copy()
    np.fill_diagonal(keys, -np.inf)
    ranks = np.argsort(keys, axis=1, kind="stable").astype(np.int32)
    del keys
    distances /= np.where(largest > 0, largest, 1)
    vectors = np.zeros_like(distances)
    half = int(np.around(k1 / 2))
    for row in range(count):
        near = reciprocal(ranks, row, k1)
        expanded = near
        for candidate in near:
            others = reciprocal(ranks, candidate, half)
            if len(np.intersect1d(others, near)) > 2 / 3 * len(others):
                expanded = np.append(expanded, others)
        expanded = np.unique(expanded)
        weights = np.exp(-distances[row, expanded])
        vectors[row, expanded] = weights / weights.sum()
    distances = distances[:asked]
    if k2 != 1:
        means = np.zeros_like(vectors)
        for row in range(count):
            means[row] = vectors[ranks[row, :k2]].mean(axis=0)
        vectors = means
    del ranks
    holders = [np.where(vectors[:, column] != 0)[0] for column in range(count)]
    jaccard = np.zeros_like(distances)
    for query in range(asked):
        overlap = np.zeros(count, dtype)
        for column in np.where(vectors[query] != 0)[0]:
            among = holders[column]
            overlap[among] += np.minimum(vectors[query, column], vectors[among, column])
        jaccard[query] = 1 - overlap / (2 - overlap)
    return (jaccard * (1 - weight) + distances * weight)[:, asked:]


def ranked(distances):
    """Rows by 1 - distance as float32, best first, the lower row first among equals."""
    scores = (1 - distances).astype(np.float32)
    rows = np.argsort(-scores, axis=1, kind="stable")
    return rows, np.take_along_axis(scores, rows, axis=1)


def main():
    everything = clustered(156, 12, 7, 0.8, seed=11)
    gallery, queries = everything[:150].copy(), everything[150:].copy()
    gallery[17] = gallery[4]
    gallery[40] = 0
    queries[1] = gallery[90]
    queries[3] = queries[2]
    cases = {}
    for name, settings in {
        "default": {}, "small": {"k1": 7, "k2": 3}, "unaveraged": {"k1": 10, "k2": 1}, "weighted": {"weight": 0.9},
        "everything": {"k1": 160, "k2": 4},
    }.items():
        together = ranked(k_reciprocal(queries, gallery, **settings))
        alone = [ranked(k_reciprocal(queries[q : q + 1], gallery, **settings)) for q in range(len(queries))]
        cases[name] = {
            "k1": settings.get("k1", 20), "k2": settings.get("k2", 6), "lambda": settings.get("weight", 0.3),
            "batch": [answer(rows, scores) for rows, scores in zip(*together)],
            "alone": [answer(rows[0], scores[0]) for rows, scores in alone],
        }
    document = {
        "madeBy": "Scripts/parity/rerank_kreciprocal.py",
        "dimensions": gallery.shape[1],
        "gallery": packed(gallery),
        "queries": packed(queries),
        "cases": cases,
    }
    (FIXTURES / "kreciprocal.json").write_text(json.dumps(document, separators=(",", ":")) + "\n")


def answer(rows, scores):
    return {"rows": rows[:15].tolist(), "scores": [float(f"{s:.8g}") for s in scores[:15]]}


if __name__ == "__main__":
    main()
