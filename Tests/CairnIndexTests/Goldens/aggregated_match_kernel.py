"""Makes aggregated_match_kernel.csv: ASMK* scores of synthetic images, written from the formula with numpy alone.

    python3 aggregated_match_kernel.py > aggregated_match_kernel.csv

Columns: query, image, score, matching words. The synthetic images are those of SyntheticImages.swift; scores are
computed in double precision, with 5 words for a descriptor of a query, alpha 3, tau 0.
"""
import numpy as np

WORDS, FEATURES, IMAGES, D = 48, 40, 12, 128
MASK = (1 << 64) - 1


def mix(z):
    z = (z + 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def vocabulary():
    return np.array([[mix((3 << 40) | (w * D + d)) % 256 for d in range(D)] for w in range(WORDS)])


def image(n):
    rows = []
    for j in range(FEATURES):
        f = (n % 4) * FEATURES + j
        rows.append([
            min(255, max(0, mix((1 << 40) | (f * D + d)) % 256 + mix((2 << 40) | ((n * 1000 + j) * D + d)) % 81 - 40))
            for d in range(D)
        ])
    return np.array(rows)


def codes(x, c, m):
    distance = ((x[:, None, :] - c[None]) ** 2).sum(2)
    nearest = np.argsort(distance, axis=1, kind="stable")[:, :m]
    return {w: (x[(nearest == w).any(1)] - c[w]).sum(0) > 0 for w in np.unique(nearest)}


c = vocabulary()
database = {n: codes(image(n), c, 1) for n in range(1, IMAGES + 1)}
frequency = {w: sum(w in x for x in database.values()) for w in range(WORDS)}
weight = {w: np.log((IMAGES + 1) / (frequency[w] + 0.5)) for w in range(WORDS)}
for q in (101, 102, 103):
    query = codes(image(q), c, 5)
    norm = np.sqrt(len(query)) / sum(weight[w] for w in query)
    for n, x in database.items():
        score, matches = 0.0, 0
        for w in query.keys() & x.keys():
            u = 1 - 2 * np.count_nonzero(query[w] != x[w]) / D
            if u > 0:
                score += weight[w] * u**3
                matches += 1
        print(f"{q},{n},{score * norm / np.sqrt(len(x)):.9f},{matches}")
