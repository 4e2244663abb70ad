"""Diffusion as Cairn computes it, by numpy and scipy in double precision; makes the goldens of DiffusionTests.

Written from Iscen et al., "Efficient diffusion on region manifolds" (CVPR 2017) and Yang et al., "Efficient image retrieval via
decoupling diffusion into online and offline processing" (AAAI 2019), in the form of the authors' public programs: scipy.sparse
matrices, scipy's conjugate gradients for one right-hand side after the other, on as many threads as asked for.

    python Scripts/parity/rerank_diffusion.py     # needs numpy, scipy; rewrites Tests/CairnRerankTests/Fixtures/diffusion.json
"""

import base64
import concurrent.futures
import json
import pathlib

import numpy as np
import scipy.sparse as sparse
import scipy.sparse.linalg as linalg

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "CairnRerankTests" / "Fixtures"


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def nearest(queries, gallery, k, exclude_self=False, block=2048):
    """The k rows of largest inner product, best first, the lower row first among equals (equal as float32).

    Of more than 4,096 rows those at the end of the k are any of the equal ones, as in the public programs.
    """
    k = min(k, len(gallery) - exclude_self)
    ids = np.empty((len(queries), k), np.int64)
    sims = np.empty((len(queries), k), queries.dtype)
    for start in range(0, len(queries), block):
        products = queries[start : start + block] @ gallery.T
        here = np.arange(len(products))[:, None]
        if exclude_self:
            products[here[:, 0], start + here[:, 0]] = -np.inf
        if len(gallery) <= 4096:
            best = np.argsort(-products.astype(np.float32), axis=1, kind="stable")[:, :k]
        else:
            best = np.argpartition(-products, k - 1, axis=1)[:, :k]
            best = best[here, np.lexsort((best, -products[here, best]), axis=1)]
        ids[start : start + block] = best
        sims[start : start + block] = products[here, best]
    return sims, ids


def affinity(sims, ids, gamma=3.0):
    """The reciprocal graph: an entry where each is in the other's list."""
    count, k = ids.shape
    weights = np.maximum(sims, 0).astype(np.float64) ** gamma
    rows = np.repeat(np.arange(count), k)
    directed = sparse.csr_matrix((weights.ravel(), (rows, ids.ravel())), shape=(count, count))
    directed.eliminate_zeros()
    return directed.minimum(directed.T).tocsr()


def transition(graph):
    degrees = np.asarray(graph.sum(axis=1)).ravel()
    scale = sparse.diags(np.where(degrees > 0, 1 / np.sqrt(np.where(degrees > 0, degrees, 1)), 0))
    return (scale @ graph @ scale).tocsr()


def laplacian(graph, alpha=0.99):
    return (sparse.identity(graph.shape[0], format="csr") - alpha * transition(graph)).tocsr()


def solve(matrix, right, iterations=20, tolerance=1e-6):
    return linalg.cg(matrix, right, rtol=tolerance, atol=0, maxiter=iterations)[0]


def sources(sims, ids, count, gamma=3.0):
    right = np.zeros(count)
    np.add.at(right, ids.ravel(), np.maximum(sims.ravel().astype(np.float64), 0) ** gamma)
    return right


def ranked(scores, rows=None):
    """Rows whose score is above 0, best first, and their scores; compared as float32."""
    rows = np.arange(len(scores)) if rows is None else rows
    scores = scores.astype(np.float32)
    kept = scores > 0
    rows, scores = rows[kept], scores[kept]
    order = np.lexsort((rows, -scores))
    return rows[order], scores[order]


def in_threads(function, count, threads):
    if threads == 1:
        return [function(number) for number in range(count)]
    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        return list(pool.map(function, range(count)))


def diffusion(queries, gallery, k=50, kq=5, alpha=0.99, gamma=3.0, iterations=20, tolerance=1e-6, truncation=0,
              offline=False, threads=1):
    """(rows, scores) of what each query reaches."""
    if offline:
        columns = offline_columns(gallery, truncation, k, alpha, gamma, iterations, tolerance, threads)
        sims, ids = nearest(queries, gallery, kq)
        weights = np.maximum(sims, 0).astype(np.float64) ** gamma
        return [ranked(np.asarray(weights[q] @ columns[ids[q]]).ravel()) for q in range(len(queries))]
    graph = affinity(*nearest(gallery, gallery, k, exclude_self=True), gamma)
    if truncation:
        sims, ids = nearest(queries, gallery, max(truncation, kq))

        def truncated(q):
            within = np.sort(ids[q, :truncation])
            place = {row: index for index, row in enumerate(within)}
            local = np.array([place[row] for row in ids[q, :min(kq, truncation)]])
            right = sources(sims[q, : len(local)], local, len(within), gamma)
            return ranked(solve(laplacian(graph[within][:, within], alpha), right, iterations, tolerance), within)

        return in_threads(truncated, len(queries), threads)
    matrix = laplacian(graph, alpha)
    sims, ids = nearest(queries, gallery, kq)
    return in_threads(
        lambda q: ranked(solve(matrix, sources(sims[q], ids[q], len(gallery), gamma), iterations, tolerance)),
        len(queries), threads)


def offline_columns(gallery, truncation, k=50, alpha=0.99, gamma=3.0, iterations=20, tolerance=1e-6, threads=1):
    count = len(gallery)
    sims, ids = nearest(gallery, gallery, max(k, truncation - 1), exclude_self=True)
    matrix = laplacian(affinity(sims[:, :k], ids[:, :k], gamma), alpha)
    within = np.concatenate([np.arange(count)[:, None], ids[:, : truncation - 1]], axis=1)
    first = np.zeros(within.shape[1])
    first[0] = 1
    columns = in_threads(
        lambda row: solve(matrix[within[row]][:, within[row]], first, iterations, tolerance), count, threads)
    values = np.maximum(np.concatenate(columns), 0)
    rows = np.repeat(np.arange(count), within.shape[1])
    return sparse.csr_matrix((values, (rows, within.ravel())), shape=(count, count))


def regional_diffusion(query_regions, regions, per_query, per_image, k=200, kq=200, alpha=0.99, gamma=3.0,
                       iterations=20, tolerance=1e-6, pooling="gmp"):
    matrix = laplacian(affinity(*nearest(regions, regions, k, exclude_self=True), gamma), alpha)
    sims, ids = nearest(query_regions, regions, kq)
    weights = np.ones(len(regions))
    if pooling == "gmp":
        for start in range(0, len(regions), per_image):
            own = regions[start : start + per_image].astype(np.float64)
            weights[start : start + per_image] = np.linalg.solve(own @ own.T + np.eye(per_image), np.ones(per_image))
    answers = []
    for start in range(0, len(query_regions), per_query):
        block = slice(start, start + per_query)
        scores = solve(matrix, sources(sims[block], ids[block], len(regions), gamma), iterations, tolerance)
        answers.append(ranked((scores * weights).reshape(-1, per_image).sum(axis=1)))
    return answers


def clustered(count, dimensions, clusters, spread, seed):
    """float32 unit rows around random centres: the noise has `spread` times a centre's length."""
    random = np.random.default_rng(seed)
    centres = unit(random.standard_normal((clusters, dimensions)))
    noise = unit(random.standard_normal((count, dimensions)))
    return unit(centres[random.integers(clusters, size=count)] + spread * noise).astype(np.float32)


def packed(rows):
    """float32, little-endian, row-major."""
    return base64.b64encode(rows.astype("<f4").tobytes()).decode()


def main():
    everything = clustered(165, 12, 9, 0.9, seed=5)
    gallery, queries = everything[:160].copy(), everything[160:]
    gallery[17] = gallery[4]
    gallery[40] = 0
    settings = {"k": 8, "kq": 3}
    exact = [rows.astype(np.float64) for rows in (queries, gallery)]
    cases = {
        "whole": diffusion(*exact, **settings),
        "converged": diffusion(*exact, **settings, iterations=400, tolerance=1e-9),
        "truncated": diffusion(*exact, **settings, truncation=60),
        "offline": diffusion(*exact, **settings, truncation=60, offline=True),
        "gmp": regional_diffusion(exact[0], exact[1], 2, 5, k=8, kq=6),
        "sum": regional_diffusion(exact[0], exact[1], 2, 5, k=8, kq=6, pooling="sum"),
    }
    FIXTURES.mkdir(parents=True, exist_ok=True)
    document = {
        "madeBy": "Scripts/parity/rerank_diffusion.py",
        "dimensions": gallery.shape[1],
        "gallery": packed(gallery),
        "queries": packed(queries),
        "cases": {
            name: [{"rows": rows[:20].tolist(), "scores": [float(f"{s:.8g}") for s in scores[:20]], "reached": len(rows)}
                   for rows, scores in answers]
            for name, answers in cases.items()
        },
    }
    (FIXTURES / "diffusion.json").write_text(json.dumps(document, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
