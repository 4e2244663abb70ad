"""A twin of CairnIndex's feature aggregation in numpy, and the golden of its tests made with it.

Written from the papers (VLAD: Jégou et al., CVPR 2010; ASMK: Tolias et al., ICCV 2013; regional: Teichmann et al., CVPR 2019) with
the conventions of the DELF library: lower words first among equally near ones, lengths of at least 1e-6 where they divide, words
with no longer a sum left out, bits packed from the high end of a byte. All in float64, of float32 inputs.

    python Scripts/parity/aggregation.py   # needs numpy; rewrites Tests/CairnIndexTests/Goldens/aggregation.json
"""

import json
import pathlib

import numpy as np

GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "CairnIndexTests" / "Goldens" / "aggregation.json"
LEAST = 1e-6


def unit(v):
    return v / max(np.linalg.norm(v), LEAST)


def vlad(x, c, m):
    """Sums of residuals, [words, dimensions], not normalised."""
    sums = np.zeros_like(c)
    distances = ((x[:, None, :] - c[None]) ** 2).sum(2)
    for row, near in zip(x, np.argsort(distances, axis=1, kind="stable")[:, :m]):
        sums[near] += row - c[near]
    return sums


def aggregate(x, c, m, method, normalizes, regions):
    final = method == "vlad" and normalizes
    if regions is None:
        sums = vlad(x, c, m)
        sums = unit(sums) if final else sums
    else:
        sums = sum(unit(vlad(part, c, m)) for part in np.split(x, np.cumsum(regions)[:-1]))
        sums = unit(sums) if final else sums / len(regions)
    if method == "vlad":
        return {"values": sums.ravel()}
    lengths = np.linalg.norm(sums, axis=1)
    words = np.flatnonzero(lengths > LEAST)
    if method == "aggregatedMatchKernel":
        return {"values": (sums[words] / lengths[words, None]).ravel(), "words": words}
    return {"values": np.packbits(sums[words] > 0, axis=1).ravel(), "words": words}


def similarity(a, b, method, normalizes, alpha, tau, d):
    if method == "vlad":
        return a["values"] @ b["values"]
    if len(a["words"]) == 0 or len(b["words"]) == 0:
        return -1.0
    total = 0.0
    x, y = (v["values"].reshape(len(v["words"]), -1) for v in (a, b))
    for word in np.intersect1d(a["words"], b["words"]):
        p, q = x[list(a["words"]).index(word)], y[list(b["words"]).index(word)]
        if method == "aggregatedMatchKernel":
            u = p @ q
        else:
            u = 1 - 2 * np.count_nonzero(np.unpackbits(p)[:d] != np.unpackbits(q)[:d]) / d
        if u > tau:
            total += np.sign(u) * abs(u) ** alpha
    return total / np.sqrt(len(a["words"]) * len(b["words"])) if normalizes else total


def plain(features):
    return {k: [round(float(n), 9) for n in v] for k, v in features.items()}


def main():
    random = np.random.default_rng(7)
    inputs, cases = [], []
    for words, d in ((6, 12), (9, 5)):
        # Two decimals: exact in the file, and the same as float32 numbers.
        c, first, second = (random.normal(size=(n, d)).round(2) for n in (words, 14, 17))
        inputs.append({"dimensions": d, "codebook": c.ravel().tolist(), "first": first.ravel().tolist(),
                       "second": second.ravel().tolist()})
        c, first, second = (v.astype(np.float32).astype(np.float64) for v in (c, first, second))
        for method in ("vlad", "aggregatedMatchKernel", "binaryAggregatedMatchKernel"):
            for m, normalizes, regional, alpha, tau in (
                (1, True, False, 3, 0), (3, False, False, 2.5, -0.4), (1, True, True, 3, 0), (2, False, True, 1, 0.1),
            ):
                regions = ([4, 0, 9, 1], [0, 17]) if regional else (None, None)
                a = aggregate(first, c, m, method, normalizes, regions[0])
                b = aggregate(second, c, m, method, normalizes, regions[1])
                cases.append({
                    "input": len(inputs) - 1, "method": method, "assignments": m, "normalizes": normalizes,
                    "alpha": alpha, "tau": tau, "firstRegions": regions[0], "secondRegions": regions[1],
                    "first": plain(a), "second": plain(b),
                    "similarity": float(similarity(a, b, method, normalizes, alpha, tau, d)),
                })
    GOLDEN.write_text(json.dumps({"madeBy": "Scripts/parity/aggregation.py", "inputs": inputs, "cases": cases}) + "\n")


if __name__ == "__main__":
    main()
