"""Photos a second from a folder of 12-megapixel JPEGs to stored descriptors, beside a Python loop."""

import json
import os
import shutil
import sys

from common import CAIRN, CORES, QUICK, ROUNDS, WORK, alternate, bench, heading, median, note, require, row, timed
from networks import LIBRARY, model
from photos import large


def cairn(folder, count, architecture, precision):
    """Seconds of the whole process for a new collection."""
    collection = f"{WORK}/pipeline.cairn"
    shutil.rmtree(collection, ignore_errors=True)
    command = [CAIRN, "index", folder, "--collection", collection, "--model", architecture, "--precision", precision]
    seconds, memory, output = timed([*command, "--json"])
    require(json.loads(output)["added"] == count, "photos are missing")
    shutil.rmtree(collection)
    return seconds, memory


def python(paths, architecture, mode):
    """Seconds of the loop alone, its start-up not counted, and the process's peak memory."""
    script = os.path.join(os.path.dirname(__file__), "pipeline_loop.py")
    _, memory, output = timed([sys.executable, script, f"{WORK}/{architecture}.safetensors", architecture, mode, *paths])
    return float(output), memory


def main():
    paths = large(4 if QUICK else 60)
    folder = os.path.dirname(paths[0])
    heading(
        "From files to descriptors",
        f"{len(paths)} JPEGs of 12 megapixels at 1,024 px, GeM of a random network. Cairn: `cairn index --model`, the whole "
        "process with durable storage. Peer: a DataLoader of PIL and torchvision's transforms, timm, NumPy's save; "
        "start-up of Python not counted. Its usual loop, which sees a quarter of the photos, is f32 eager, its best channels-last, bf16 and draft decoding.",
    )
    for architecture in ("resnet50", "resnet101"):
        model(architecture)
        note(f"pipeline: {architecture}")
        mine, usual, best, ceiling = alternate(
            lambda: cairn(folder, len(paths), architecture, "bfloat16"),
            lambda: python(paths[: max(4, len(paths) // 4)], architecture, "usual"),
            lambda: python(paths, architecture, "best"),
            lambda: bench(
                "network", architecture, "--height", 768, "--width", 1024, "--seconds", 2 if QUICK else 6,
                "--precision", "bfloat16", "--throughput"
            )["imagesPerSecond"],
            rounds=min(3, ROUNDS),
        )
        rate = len(paths) / median([run[0] for run in mine])
        for runs, count, name, asked in (
            (usual, max(4, len(paths) // 4), "usual loop", "≥ 4"), (best, len(paths), "best setting", "≥ 2")
        ):
            theirs = count / median([run[0] for run in runs])
            row(f"{architecture}; {name}", f"{rate:.2f} photos/s", f"{theirs:.2f} photos/s", f"{rate / theirs:.2f}", asked)
        most = median(ceiling)
        row(f"{architecture}; the network alone on {CORES} cores", f"{rate:.2f} photos/s", f"{most:.2f} photos/s", f"{rate / most:.2f}", "≥ 0.90")
        memory = [median([run[1] for run in runs]) / 1e6 for runs in (mine, best)]
        row(f"{architecture}; peak memory", f"{memory[0]:.0f} MB", f"{memory[1]:.0f} MB", f"{memory[0] / memory[1]:.2f}")


if __name__ == "__main__":
    main()
