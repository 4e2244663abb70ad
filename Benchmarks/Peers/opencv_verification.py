"""OpenCV's side of pair verification: BFMatcher, ratio and cross-check, USAC_MAGSAC. No more than a user would write."""

import cv2
import numpy as np

MATCHER = cv2.BFMatcher(cv2.NORM_L2)


def verify(first, second, ratio=0.8):
    """Inlier positions in the first and in the second image."""
    if len(first.points) < 2 or len(second.points) < 2:
        return estimate(first, second, np.zeros((0, 2), int))
    forward = MATCHER.knnMatch(first.descriptors, second.descriptors, k=2)
    backward = MATCHER.match(second.descriptors, first.descriptors)
    nearest = [match.trainIdx for match in backward]
    kept = [
        (best.queryIdx, best.trainIdx)
        for best, rival in forward
        if best.distance < ratio * rival.distance and nearest[best.trainIdx] == best.queryIdx
    ]
    return estimate(first, second, np.array(kept, int).reshape(-1, 2))


def verify_by_product(first, second, ratio=0.8):
    """The same with a matrix product in place of BFMatcher: what those do who find BFMatcher slow."""
    if len(first.points) < 2 or len(second.points) < 2:
        return estimate(first, second, np.zeros((0, 2), int))
    a, b = first.descriptors, second.descriptors
    distances = (a * a).sum(1)[:, None] + (b * b).sum(1) - 2 * (a @ b.T)
    rows = np.arange(len(a))
    best, back = distances.argmin(1), distances.argmin(0)
    smallest = distances[rows, best]
    distances[rows, best] = np.inf
    kept = (back[best] == rows) & (smallest < ratio**2 * distances.min(1))
    return estimate(first, second, np.stack([rows, best], 1)[kept])


def estimate(first, second, indices):
    """Inlier positions of the homography that MAGSAC finds for matches."""
    nothing = np.zeros((0, 2), np.float32)
    if len(indices) < 4:
        return nothing, nothing
    source, target = first.points[indices[:, 0]], second.points[indices[:, 1]]
    _, mask = cv2.findHomography(source, target, cv2.USAC_MAGSAC, 4.0)
    if mask is None:
        return nothing, nothing
    inliers = mask.ravel() > 0
    return source[inliers], target[inliers]
