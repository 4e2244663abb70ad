#!/usr/bin/env python3
"""Writes the small ground truths of Tests/CairnDatasetsTests/RevisitedPickles.swift: one content, pickled in four ways.

Usage: revisited_pickles.py > Tests/CairnDatasetsTests/RevisitedPickles.swift        (needs NumPy)

The layout is that of gnd_roxford5k.pkl: a dictionary of imlist, qimlist and gnd, and for each query bbx, easy, hard, junk.
"""

import base64
import pickle

import numpy as np

IMAGES = ["all_souls_000013", "all_souls_000026", "ashmolean_000058", "radcliffe_000095", "oxford_002416"]
QUERIES = ["all_souls_000006", "ashmolean_000000"]
TRUTH = [
    {"bbx": [136.5, 34.1, 648.5, 955.7], "easy": [0], "hard": [1, 4], "junk": [3]},
    {"bbx": [52.0, 7.0, 200.0, 300.25], "easy": [], "hard": [2], "junk": []},
]


def plain(rows):
    return list(rows)


def content(rows=plain, box=plain, name=str, names=list):
    return {
        "imlist": names([name(image) for image in IMAGES]),
        "qimlist": names([name(query) for query in QUERIES]),
        "gnd": [
            {"bbx": box(truth["bbx"]), **{key: rows(truth[key]) for key in ("easy", "hard", "junk")}} for truth in TRUTH
        ],
    }


def integers(kind):
    return lambda rows: np.array(rows, dtype=kind)


VARIANTS = {
    "listsProtocol2": ("lists, protocol 2", pickle.dumps(content(), protocol=2)),
    "listsProtocol4": ("lists, protocol 4", pickle.dumps(content(), protocol=4)),
    "arraysProtocol2": (
        "NumPy arrays, boxes in single precision, tuples of names, protocol 2",
        pickle.dumps(content(integers(np.int64), lambda b: np.array(b, dtype=np.float32), names=tuple), protocol=2),
    ),
    "arraysProtocol4": (
        "NumPy arrays, names as bytes and in an array of objects, protocol 4",
        pickle.dumps(
            content(
                integers(np.int32),
                lambda b: np.array(b, dtype=np.float64),
                lambda text: text.encode(),
                lambda texts: np.array(texts, dtype=object),
            ),
            protocol=4,
        ),
    ),
    "rowPastTheEnd": (
        "a row that is not in the list",
        pickle.dumps({**content(), "gnd": [TRUTH[0], {**TRUTH[1], "hard": [5]}]}, protocol=4),
    ),
    "noJunk": (
        "a query without junk",
        pickle.dumps({**content(), "gnd": [TRUTH[0], {k: v for k, v in TRUTH[1].items() if k != "junk"}]}, protocol=4),
    ),
    "oneTruth": ("two queries, one of them judged", pickle.dumps({**content(), "gnd": TRUTH[:1]}, protocol=4)),
    "aList": ("no dictionary", pickle.dumps([1, 2, 3], protocol=4)),
    "emptyBox": (
        "a region of no width",
        pickle.dumps({**content(), "gnd": [{**TRUTH[0], "bbx": [5, 5, 5, 9]}, TRUTH[1]]}, protocol=4),
    ),
}

print("import Foundation\n")
print("/// Small ground truths in the layout of gnd_roxford5k.pkl, written by Scripts/parity/revisited_pickles.py.")
print("enum RevisitedPickles {")
print("    private static func bytes(_ lines: String...) -> Data { Data(base64Encoded: lines.joined()) ?? Data() }")
for name, (what, data) in VARIANTS.items():
    text = base64.b64encode(data).decode()
    lines = [text[start : start + 104] for start in range(0, len(text), 104)]
    print(f"\n    /// {what[0].upper()}{what[1:]}.")
    print(f"    static let {name} = bytes(")
    print(",\n".join(f'        "{line}"' for line in lines) + ")")
print("}")
