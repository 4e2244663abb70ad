"""Twins of the re-ranking methods that expand descriptors, in numpy, and the goldens of CairnRerankTests made with them.

Each function is written from its paper (or, for SuperGlobal and discriminative re-ranking, from the authors' public code with
the deviations that the Swift sources name) and computes in the precision of what it is given: float64 for the goldens, float32
where times are compared. Ties: the lower row first.

    python Scripts/parity/rerank_expansion.py   # needs numpy, scikit-learn; rewrites Tests/CairnRerankTests/Fixtures/expansion.json
"""

import json
import pathlib

import numpy as np

FIXTURE = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "CairnRerankTests" / "Fixtures" / "expansion.json"


def unit(rows):
    norms = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.divide(rows, norms, out=rows.copy(), where=norms > 0)


def kept_zero(rows, before):
    """Descriptors of zeros stay zeros, whatever was added to them."""
    return rows * before.any(axis=1, keepdims=True)


def top(scores, k):
    """The columns of the k largest of each row, best first, the lower column first among equals."""
    k = min(k, scores.shape[1])
    if k == scores.shape[1]:
        return np.argsort(-scores, axis=1, kind="stable")
    chosen = np.argpartition(-scores, k - 1, axis=1)[:, :k]
    chosen.sort(axis=1)
    values = np.take_along_axis(scores, chosen, axis=1)
    return np.take_along_axis(chosen, np.argsort(-values, axis=1, kind="stable"), axis=1)


def rank(queries, gallery, limit):
    """Rows and scores by similarity, in float32, so that sums of the same terms in another order stay equal."""
    scores = (queries @ gallery.T).astype(np.float32, copy=False)
    rows = top(scores, limit)
    return rows, np.take_along_axis(scores, rows, axis=1)


def neighbors(rows, k, block=2048):
    """The k most similar other rows of each row, and their similarities."""
    k = min(k, len(rows) - 1)
    indices, scores = [], []
    for start in range(0, len(rows), block):
        products = rows[start:start + block] @ rows.T
        products[np.arange(len(products)), start + np.arange(len(products))] = -np.inf
        found = top(products, k)
        indices.append(found)
        scores.append(np.take_along_axis(products, found, axis=1))
    return np.concatenate(indices), np.concatenate(scores)


def average_query_expansion(queries, gallery, n=10):
    """Chum et al. 2007: the mean of the query and its top n."""
    return alpha_query_expansion(queries, gallery, n=n, alpha=0.0)


def alpha_query_expansion(queries, gallery, n=50, alpha=3.0):
    """Radenovic et al. 2018: weights similarity ** alpha."""
    rows, scores = rank(queries, gallery, n)
    weights = np.maximum(scores, 0) ** alpha
    return kept_zero(unit(queries + np.einsum("qn,qnd->qd", weights, gallery[rows], optimize=True)), queries)


def database_augmentation(gallery, k=10, weights="linear", alpha=3.0, decades=1.5):
    """Gordo et al. 2017: weights (k - r) / k, the row itself 1."""
    found, scores = neighbors(gallery, k)
    ranks = np.arange(1, found.shape[1] + 1)
    if weights == "linear":
        by_rank = (k - ranks) / k
    elif weights == "uniform":
        by_rank = np.ones(len(ranks))
    elif weights == "log":
        by_rank = np.logspace(0, -decades, k + 1)[1:][:len(ranks)]
    augmented = np.empty_like(gallery)
    for start in range(0, len(gallery), 1024):
        part = slice(start, start + 1024)
        w = np.maximum(scores[part], 0) ** alpha if weights == "alpha" else np.broadcast_to(by_rank, found[part].shape)
        augmented[part] = gallery[part] + np.einsum(
            "rk,rkd->rd", w.astype(gallery.dtype), gallery[found[part]], optimize=True)
    return kept_zero(unit(augmented), gallery)


def discriminative_query_expansion(queries, gallery, n=10, negatives=200, c=1.0, tolerance=1e-11):
    """Arandjelovic and Zisserman 2012, with scikit-learn's LinearSVC (liblinear); positives are the top n."""
    from sklearn.svm import LinearSVC

    scores = queries @ gallery.T
    expanded = []
    for query, row in zip(queries, scores):
        positives = top(row[None], n)[0]
        worst = [index for index in top(-row[None], len(row))[0] if index not in set(positives)][:negatives]
        samples = np.concatenate([query[None], gallery[positives], gallery[worst]])
        sides = np.array([1] * (1 + len(positives)) + [-1] * len(worst))
        machine = LinearSVC(C=c, loss="squared_hinge", dual=True, tol=tolerance, max_iter=2_000_000, random_state=0)
        machine.fit(samples, sides)
        expanded.append(machine.coef_[0])
    return unit(np.array(expanded))


def super_global(queries, gallery, limit, m=400, k=9, beta=0.15):
    """Shao et al. 2023, as in MDescAug and RerankwMDA of the authors' code."""
    rows, scores = rank(queries, gallery, len(gallery))
    ranked, values = [], []
    for query, order, before in zip(queries, rows, scores):
        head = order[:m]
        x = gallery[head]
        found, similar = neighbors(x, k)
        weights = np.maximum(similar, 0) * beta
        refined = (x + np.einsum("rk,rkd->rd", weights, x[found])) / (1 + weights.sum(axis=1, keepdims=True))
        first = refined @ query
        best = np.lexsort((head, -first))[:k + 1]
        final = (first + refined @ refined[best].max(axis=0)) / 2
        places = np.lexsort((head, -final))
        ranked.append(np.concatenate([head[places], order[m:]])[:limit])
        values.append(np.concatenate([final[places], before[m:]])[:limit])
    return np.array(ranked), np.array(values)


def discriminative(queries, gallery, labels, limit, n=100, k=3, threshold=0.6):
    """Yokoo et al. 2020: sort step and insert step; labels are strings, None where unknown."""
    known = np.array([index for index, label in enumerate(labels) if label is not None])

    def votes(samples):
        found, similar = rank(samples, gallery[known], k)
        result = []
        for voters, weights in zip(found, similar):
            sums = {}
            for voter, weight in zip(voters, weights):
                label = labels[known[voter]]
                sums[label] = sums.get(label, 0) + weight
            result.append(sums)
        return result

    decided = []
    for row, sums in enumerate(votes(gallery)):
        label = labels[row] if labels[row] is not None else max(sums, key=sums.get)
        decided.append((label, sums.get(label, 0) / k))
    confident = sorted(range(len(gallery)), key=lambda row: (-decided[row][1], row))
    rows, scores = rank(queries, gallery, len(gallery))
    ranked, values = [], []
    for query, (order, before, sums) in enumerate(zip(rows, scores, votes(queries))):
        label = max(sums, key=sums.get)
        confidence = sums[label] / k
        head = list(order[:n])
        same = [row for row in head if decided[row][0] == label]
        inserted = [row for row in confident if decided[row][0] == label and row not in same
                    and decided[row][1] + confidence > threshold]
        result = same + inserted + [row for row in head if decided[row][0] != label]
        result += [row for row in order if row not in set(result)]
        similarity = dict(zip(order, before))
        ranked.append(result[:limit])
        values.append([similarity[row] for row in result[:limit]])
    return np.array(ranked), np.array(values)


def sample(seed=5, things=9, views=7, dimensions=16, queries=4):
    """Views of some things: clustered unit rows, among them a duplicate and a row of zeros; rounded, so that JSON is short."""
    random = np.random.default_rng(seed)
    centres = unit(random.standard_normal((things, dimensions)))
    noise = random.standard_normal((things * views, dimensions)) / np.sqrt(dimensions)
    gallery = unit(np.repeat(centres, views, axis=0) + 0.8 * noise)
    gallery[20] = gallery[3]
    gallery[40] = 0
    asked = unit(centres[:queries] + 0.9 * random.standard_normal((queries, dimensions)) / np.sqrt(dimensions))
    labels = [None if random.random() < 0.4 else f"thing {index // views}" for index in range(len(gallery))]
    return np.float32(np.round(asked, 4)), np.float32(np.round(gallery, 4)), labels


def main():
    queries, gallery, labels = sample()
    q, g = queries.astype(float), gallery.astype(float)
    limit = 15

    def expansion(new_queries, new_gallery=None):
        return rank(new_queries, g if new_gallery is None else new_gallery, limit)

    cases = {
        "aqe:n=4": expansion(average_query_expansion(q, g, n=4)),
        "alphaqe:n=8,alpha=3": expansion(alpha_query_expansion(q, g, n=8, alpha=3)),
        "alphaqe:n=100,alpha=0.5": expansion(alpha_query_expansion(q, g, n=100, alpha=0.5)),
        "dba:k=6": expansion(q, database_augmentation(g, k=6)),
        "dba:k=6,weights=uniform": expansion(q, database_augmentation(g, k=6, weights="uniform")),
        "dba:k=6,weights=alpha,alpha=2": expansion(q, database_augmentation(g, k=6, weights="alpha", alpha=2)),
        "dba:k=6,weights=log,decades=1.5": expansion(q, database_augmentation(g, k=6, weights="log")),
        "dba:k=200": expansion(q, database_augmentation(g, k=200)),
        "dqe:n=4,negatives=20": expansion(discriminative_query_expansion(q, g, n=4, negatives=20)),
        "dqe:n=6,negatives=500,c=10": expansion(discriminative_query_expansion(q, g, n=6, negatives=500, c=10)),
        "superglobal:m=20,k=4": super_global(q, g, limit, m=20, k=4),
        "superglobal:m=400,k=9,beta=0.3": super_global(q, g, limit, m=400, k=9, beta=0.3),
        "discriminative:n=12": discriminative(q, g, labels, limit, n=12),
        "discriminative:n=12,k=5,threshold=1.1": discriminative(q, g, labels, limit, n=12, k=5, threshold=1.1),
    }
    augmented = database_augmentation(g, k=5)
    cases["dba:k=5;alphaqe:n=6,alpha=5"] = rank(alpha_query_expansion(q, augmented, n=6, alpha=5), augmented, limit)
    document = {
        "queries": np.round(queries.astype(float), 4).tolist(), "gallery": np.round(gallery.astype(float), 4).tolist(),
        "labels": [label or "" for label in labels], "limit": limit,
        "cases": [
            {"rerank": name, "rows": np.asarray(rows).tolist(), "scores": np.round(scores, 6).tolist()}
            for name, (rows, scores) in cases.items()
        ],
    }
    FIXTURE.parent.mkdir(parents=True, exist_ok=True)
    FIXTURE.write_text(json.dumps(document, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
