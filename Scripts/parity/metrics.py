"""Twins of CairnMetrics in numpy, and the golden of CairnMetricsTests made with them.

Step average precision is scikit-learn's `average_precision_score`. The rest is written from the formulas: the curve of precision
over recall for trapezoids (Oxford5k's way, rank by rank), the closed form over the positives' ranks for Revisited Oxford and Paris, and
sorted tables for Google Landmarks. Where two ways exist, both are computed and must agree before anything is written.

    python Scripts/parity/metrics.py   # needs numpy, scikit-learn; rewrites Tests/CairnMetricsTests/Fixtures/metrics.json
"""

import json
import pathlib

import numpy as np
from sklearn.metrics import average_precision_score

FIXTURE = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "CairnMetricsTests" / "Fixtures" / "metrics.json"


def flags(ranking, positives, junk):
    """Which ranks are right once junk is gone, and how many positives there are. An image's second appearance is wrong."""
    ranking, positives, junk = np.asarray(ranking, int), np.setdiff1d(positives, junk), np.asarray(junk, int)
    kept = ranking[~np.isin(ranking, junk)]
    first = np.zeros(len(kept), bool)
    first[np.unique(kept, return_index=True)[1]] = True
    return np.isin(kept, positives) & first, len(positives)


def step(hits, positives):
    """scikit-learn wants every positive in the ranking: those missing go behind, then their share of the sum is taken out."""
    if not hits.any():
        return 0.0
    found = int(hits.sum())
    return average_precision_score(hits, -np.arange(len(hits))) * found / positives


def truncated(hits, positives, k):
    hits = hits[:k]
    precisions = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float(precisions[hits].sum() / min(positives, k))


def trapezoid(hits, positives):
    """The area under precision over recall, from (0, 1), in straight lines from rank to rank."""
    recall = np.concatenate([[0], np.cumsum(hits) / positives])
    precision = np.concatenate([[1], np.cumsum(hits) / np.arange(1, len(hits) + 1)])
    area = float(np.trapezoid(precision, recall))
    ranks = np.flatnonzero(hits)
    place = np.arange(len(ranks))
    before = np.where(ranks == 0, 1.0, place / np.maximum(ranks, 1))
    closed = float(((before + (place + 1) / (ranks + 1)) / (2 * positives)).sum())
    assert abs(area - closed) < 1e-12
    return area


def precision(hits, k):
    return float(hits[:k].sum() / k)


def revisited_precision(hits, k):
    if not hits.any():
        return 0.0
    return precision(hits, min(k, int(np.flatnonzero(hits)[-1]) + 1))


def first_positions(all_hits, k):
    found = [np.flatnonzero(hits[:k]) for hits in all_hits]
    return [int(ranks[0]) + 1 if len(ranks) else k + 1 for ranks in found]


def rankings(rng):
    cases = []
    for number in range(60):
        size = int(rng.integers(3, 40))
        ranking = rng.permutation(size)[: rng.integers(0, size + 1)]
        if number % 4 == 0 and len(ranking):
            ranking = np.insert(ranking, rng.integers(0, len(ranking) + 1), rng.choice(ranking))
        positives = np.flatnonzero(rng.random(size) < rng.choice([0.1, 0.3, 0.7]))
        junk = np.flatnonzero(rng.random(size) < 0.1)
        hits, count = flags(ranking, positives, junk)
        case = {"ranking": ranking.tolist(), "positives": positives.tolist(), "junk": junk.tolist(), "positiveCount": count}
        if count:
            case["figures"] = {
                "AP": step(hits, count),
                "trapezoid": trapezoid(hits, count),
                "AP@10": truncated(hits, count, 10),
                "AP@100": truncated(hits, count, 100),
                "N-S": float(hits[:4].sum()),
            }
            for k in (1, 5, 10):
                case["figures"] |= {
                    f"P@{k}": precision(hits, k),
                    f"revisited P@{k}": revisited_precision(hits, k),
                    f"recall@{k}": float(hits[:k].sum() / count),
                    f"CMC@{k}": float(hits[:k].any()),
                }
        cases.append((case, hits))
    return cases


def recognition(rng):
    """GAP by a table sorted on three keys; scores repeat, some photos show several landmarks, some none, some got no answer."""
    cases = []
    for _ in range(12):
        ids = [f"{value:04x}" for value in rng.permutation(0xFFFF)[:30]]
        solution = {i: sorted(rng.choice(6, size=rng.choice([0, 1, 1, 2]), replace=False).tolist()) for i in ids}
        answered = [i for i in ids if rng.random() < 0.8]
        predictions = {i: (int(rng.integers(0, 6)), float(rng.integers(0, 8)) / 4) for i in answered}
        landmarks = sum(bool(v) for v in solution.values())
        result = {}
        for name, keep in (("GAP", lambda i: True), ("GAP, landmarks only", lambda i: bool(solution[i]))):
            table = sorted((-score, i, label) for i, (label, score) in predictions.items() if keep(i))
            right = np.array([label in solution[i] for _, i, label in table])
            result[name] = float((np.cumsum(right) / np.arange(1, len(right) + 1))[right].sum() / landmarks)
        result["Acc@1"] = sum(label in solution[i] for i, (label, _) in predictions.items()) / landmarks
        cases.append({"solution": solution, "predictions": predictions, "figures": result})
    return cases


def main():
    rng = np.random.default_rng(2026)
    cases = rankings(rng)
    scored = [hits for case, hits in cases if "figures" in case]
    padded = np.array([np.pad(hits, (0, 64))[:20] for hits in scored])
    positions = first_positions(scored, 10)
    golden = {
        "made": "Scripts/parity/metrics.py: numpy default_rng(2026), scikit-learn's average_precision_score",
        "rankings": [case for case, _ in cases],
        "meanPrecisions": (np.cumsum(padded, axis=1) / np.arange(1, 21)).mean(axis=0).tolist(),
        "positions": {"limit": 10, "mean": float(np.mean(positions)), "median": float(np.median(positions))},
        "recognition": recognition(rng),
    }
    FIXTURE.parent.mkdir(exist_ok=True)
    FIXTURE.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
    print(f"{FIXTURE}: {len(scored)} of {len(cases)} rankings have positives, {FIXTURE.stat().st_size} bytes")


if __name__ == "__main__":
    main()
