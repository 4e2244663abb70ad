// Gradient histograms around a keypoint: the dominant orientation, and the 4 x 4 x 8 descriptor of SIFT.
//
// Angles grow from x (right) towards y (down). Planes are laid out as in cairn_scale_space.h.
#ifndef CAIRN_GRADIENT_HISTOGRAM_H
#define CAIRN_GRADIENT_HISTOGRAM_H

#include <stddef.h>

#define CAIRN_ORIENTATION_BINS 36
#define CAIRN_SIFT_CELLS 4
#define CAIRN_SIFT_ORIENTATIONS 8
#define CAIRN_SIFT_DIMENSIONS 128

// Magnitude-weighted histogram of gradient directions within `radius` samples of (x, y), under a Gaussian window of
// standard deviation `sigma`, smoothed once by [1 4 6 4 1] / 16. radius is at most 255.
void cairn_orientation_histogram(const float *plane, ptrdiff_t width, ptrdiff_t height, ptrdiff_t stride, ptrdiff_t x,
                                 ptrdiff_t y, ptrdiff_t radius, float sigma, float *histogram);

// The raw (not normalised) descriptor around the real position (x, y), in samples: cells are `cell` samples wide,
// rotated by `angle` radians. Layout: [row][column][orientation].
void cairn_sift_descriptor(const float *plane, ptrdiff_t width, ptrdiff_t height, ptrdiff_t stride, float x, float y,
                           float cell, float angle, float *descriptor);

#endif
