"""OpenCV's side of pair verification: BFMatcher, ratio and cross-check, USAC_MAGSAC. No more than a user would write."""

import cv2
import numpy as np

MATCHER = cv2.BFMatcher(cv2.NORM_L2)


def verify(first, second, ratio=0.8):
    """Inlier positions in the first and in the second image."""
    nothing = np.zeros((0, 2), np.float32)
    if len(first.points) < 2 or len(second.points) < 2:
        return nothing, nothing
    forward = MATCHER.knnMatch(first.descriptors, second.descriptors, k=2)
    backward = MATCHER.match(second.descriptors, first.descriptors)
    nearest = [match.trainIdx for match in backward]
    kept = [
        (best.queryIdx, best.trainIdx)
        for best, rival in forward
        if best.distance < ratio * rival.distance and nearest[best.trainIdx] == best.queryIdx
    ]
    if len(kept) < 4:
        return nothing, nothing
    indices = np.array(kept)
    source, target = first.points[indices[:, 0]], second.points[indices[:, 1]]
    _, mask = cv2.findHomography(source, target, cv2.USAC_MAGSAC, 4.0)
    if mask is None:
        return nothing, nothing
    inliers = mask.ravel() > 0
    return source[inliers], target[inliers]
