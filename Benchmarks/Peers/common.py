"""What all benchmarks share: running Cairn's side, the pair file, medians, and rows of the table."""

import json
import os
import statistics
import subprocess
import sys
import time

import numpy as np

BENCH = os.environ["CAIRN_BENCH"]  # The executable cairn-bench.
CAIRN = os.environ["CAIRN"]  # The executable cairn.
WORK = os.environ["CAIRN_BENCH_WORK"]  # A folder for generated data, kept from run to run.
PHOTOS = os.environ.get("CAIRN_PHOTOS")  # A folder of class folders with queries.csv.
QUICK = os.environ.get("CAIRN_BENCH_QUICK") == "1"
ROUNDS = int(os.environ.get("CAIRN_BENCH_ROUNDS", 1 if QUICK else 5))
CORES = len(os.sched_getaffinity(0))


class BenchmarkError(Exception):
    pass


def bench(*arguments):
    """Runs cairn-bench and returns what it measured."""
    command = [BENCH, *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise BenchmarkError(f"{' '.join(command)} ended with {done.returncode}")
    return json.loads(done.stdout)


def timed(command):
    """Runs a command; seconds, its own peak memory in bytes, standard output."""
    start = time.perf_counter()
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise BenchmarkError(f"{' '.join(map(str, command))} ended with {process.returncode}")
    return time.perf_counter() - start, usage.ru_maxrss * 1024, output


def alternate(*measures, rounds=None):
    """Calls the measures in turn, some rounds; a list of results for each."""
    results = [[] for _ in measures]
    for _ in range(rounds or ROUNDS):
        for place, measure in enumerate(measures):
            results[place].append(measure())
    return results


median = statistics.median


def require(condition, what):
    """A broken side must not look fast."""
    if not condition:
        raise BenchmarkError(what)


def note(text):
    print(text, file=sys.stderr, flush=True)


def heading(title, text):
    print(f"\n### {title}\n\n{text}\n\n| Figure | Cairn | Peer | Cairn : peer | Asked |\n|---|---|---|---|---|", flush=True)


def row(figure, cairn, peer="", ratio="", asked=""):
    print(f"| {figure} | {cairn} | {peer} | {ratio} | {asked} |", flush=True)


class Features:
    """One image of a pair set."""

    def __init__(self, size, x, y, scale, angle, descriptors):
        self.size = size
        self.points = np.stack([x, y], axis=1)
        self.scale, self.angle = scale, angle
        self.descriptors = descriptors.astype(np.float32)


def read_pairs(path):
    """The pair set that cairn-bench wrote: images, and (first, second, is true, homography) of each pair."""
    data = open(path, "rb").read()
    place = 0

    def take(dtype, count):
        nonlocal place
        values = np.frombuffer(data, dtype, count, place)
        place += values.nbytes
        return values

    images = []
    for _ in range(take("<i4", 1)[0]):
        count, width, height = map(int, take("<i4", 3))
        x, y, scale, angle = (take("<f4", count) for _ in range(4))
        images.append(Features((width, height), x, y, scale, angle, take("u1", 128 * count).reshape(count, 128)))
    pairs = []
    for _ in range(take("<i4", 1)[0]):
        first, second, is_true = map(int, take("<i4", 3))
        pairs.append((first, second, bool(is_true), take("<f8", 9).reshape(3, 3)))
    return images, pairs


def transfer_errors(homography, source, target):
    """Pixels between where a homography takes source points and where the target points are."""
    mapped = np.c_[source, np.ones(len(source))] @ homography.T
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.linalg.norm(mapped[:, :2] / mapped[:, 2:] - target, axis=1)
