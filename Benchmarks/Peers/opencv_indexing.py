"""OpenCV's side of indexing: read and extract, nothing else. Run by indexing.py in a process of its own.

Arguments: processes, then paths. Prints the seconds from the first image to the last, and the keypoints.
"""

import multiprocessing
import sys
import time

import cv2


def extract(path):
    """Keypoints of one photo at 1,024 px."""
    # Decoding large photos at half size is the fastest way to 1,024 px that OpenCV has.
    image = cv2.imread(path, cv2.IMREAD_REDUCED_GRAYSCALE_2 if "/large-" in path else cv2.IMREAD_GRAYSCALE)
    scale = 1024 / max(image.shape)
    if scale < 1:
        image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    keypoints, _ = SIFT.detectAndCompute(image, None)
    return len(keypoints)


def start(threads):
    global SIFT
    cv2.setNumThreads(threads)
    SIFT = cv2.SIFT_create(1000)


if __name__ == "__main__":
    processes, paths = int(sys.argv[1]), sys.argv[2:]
    if processes == 1:
        start(-1)
        begin = time.perf_counter()
        counts = [extract(path) for path in paths]
    else:
        with multiprocessing.Pool(processes, start, (1,)) as pool:
            pool.map(int, range(processes * 4))  # All processes have started.
            begin = time.perf_counter()
            counts = pool.map(extract, paths, chunksize=4)
    print(time.perf_counter() - begin, sum(counts))
