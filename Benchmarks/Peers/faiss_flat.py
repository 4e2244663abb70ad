"""faiss's side of exact search: IndexFlatIP, and IndexScalarQuantizer with 8 bits."""

import time

import faiss
import numpy as np

BLOCK = 50_000  # Vectors that are copied out of a file at a time.


def build(vectors):
    """Both indexes of the rows of an array, which may be a mapped file."""
    dimensions = vectors.shape[1]
    flat = faiss.IndexFlatIP(dimensions)
    coded = faiss.IndexScalarQuantizer(dimensions, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
    coded.train(np.ascontiguousarray(vectors[:BLOCK]))
    for start in range(0, len(vectors), BLOCK):
        block = np.ascontiguousarray(vectors[start : start + BLOCK])
        flat.add(block)
        coded.add(block)
    return flat, coded


def search(index, queries, limit, threads, batch):
    """Queries a second, and what was found."""
    faiss.omp_set_num_threads(threads)
    index.search(queries[:1], limit)
    start = time.perf_counter()
    if batch:
        found = index.search(queries, limit)[1]
    else:
        found = np.concatenate([index.search(query[None], limit)[1] for query in queries])
    return len(queries) / (time.perf_counter() - start), found
