"""How bytes, memory and search time grow from 1,000 to 100,000 images simulated from real features."""

import json
import os
import shutil

from common import CAIRN, CORES, PHOTOS, QUICK, WORK, bench, heading, note, require, row, timed
from photos import town


def sources():
    """Collections of real images."""
    paths = town(24 if QUICK else 200)
    collection = f"{WORK}/town-{len(paths)}.cairn"
    timed([CAIRN, "index", os.path.dirname(paths[0]), "--collection", collection, "--json"])
    found = [collection]
    photos = f"{WORK}/photos.cairn"
    if PHOTOS:
        timed([CAIRN, "index", PHOTOS, "--collection", photos, "--json"])
        found.append(photos)
    return found


def main():
    real = sources()
    sizes = [1_000] if QUICK else [1_000, 10_000, 100_000]
    collection, files = f"{WORK}/scale.cairn", f"{WORK}/scale-files"
    heading(
        "Scale",
        "Images simulated from the features of " + ("rendered views and real photos" if PHOTOS else "rendered views")
        + ", in families of five, added through `ImageCollection.index` with everything but decoding and extraction, and "
        "searched (shortlist, verification of 100, expansion from 3). Queries are jittered images; *found*: all five of the "
        "family in front. Medians of 20 queries.",
    )
    for name, path in zip(("rendered views", "real photos"), real):
        stored = json.loads(timed([CAIRN, "info", "--collection", path, "--json"])[2])["statistics"]
        count = stored["images"]
        row(
            f"not simulated: {count} {name}, bytes an image",
            f"index {stored['invertedFileBytes'] / count:,.0f}, features {stored['segmentBytes'] / count:,.0f}, "
            f"database {stored['databaseBytes'] / count:,.0f}")
    done = 0
    try:
        for place in (collection, files):
            shutil.rmtree(place, ignore_errors=True)
        for size in sizes:
            # A record has 136 bytes a keypoint; merging needs room for a second inverted file.
            needed, free = (size - done) * 170_000, shutil.disk_usage(WORK).free
            if needed > free - 5e9:
                row(f"{size:,} images", f"skipped: {needed / 1e9:.0f} GB needed, {free / 1e9:.0f} GB free")
                break
            note(f"scale: {size} images")
            filled = bench("scale", "fill", collection, files, *real, "--images", size, "--already", done)
            require(filled["agreement"] > 0.9, f"signatures agree by {filled['agreement']}")
            done = size
            row(
                f"{size:,} images: bytes an image",
                f"index {filled['indexBytes']:,.0f}, features {filled['recordBytes']:,.0f}, "
                f"database {filled['databaseBytes']:,.0f}")
            row(f"{size:,} images: inverted files", filled["invertedFiles"])
            for threads in sorted({1, CORES}):
                found = bench("scale", "search", collection, "--threads", threads, "--queries", 5 if QUICK else 20)
                require(found["found"] > 0.8, f"only {found['found']:.0%} of the families were found")
                stages = found["stages"]
                row(
                    f"{size:,} images: search, {threads} thread{'s' if threads > 1 else ''}",
                    f"{stages['search']:.1f} ms: shortlist {stages['shortlist']:.1f}, verification "
                    f"{stages['verification']:.1f}, expansion {stages['expansion']:.1f}; found {found['found']:.0%}")
            row(
                f"{size:,} images: memory of a search",
                f"own {found['ownBytes'] / 1e6:.0f} MB, mapped files {found['mappedBytes'] / 1e6:.0f} MB, opened in "
                f"{found['opening']:.0f} ms")
    finally:
        for place in (collection, files):
            shutil.rmtree(place, ignore_errors=True)


main()
