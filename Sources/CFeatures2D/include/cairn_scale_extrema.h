// Extrema over position and scale of a response computed from a Gaussian scale space, row by row, without storing it.
#ifndef CAIRN_SCALE_EXTREMA_H
#define CAIRN_SCALE_EXTREMA_H

#include "cairn_scale_space.h"

// What is computed from levels G_0, G_1, ... of one octave.
typedef enum __attribute__((enum_extensibility(closed))) : int32_t {
    // Response i is G_(i+1) - G_i: blobs, bright or dark (SIFT). Minima count as well as maxima.
    CAIRN_DIFFERENCE_OF_GAUSSIANS = 0,
    // Response i is weight_i * (Gxx Gyy - Gxy^2) of G_i: blobs and corners (Hessian detector). Maxima only.
    CAIRN_HESSIAN_DETERMINANT = 1,
} cairn_response;

// An extremum of its 26 neighbours, at sample (x, y) of response `layer`.
typedef struct {
    int32_t layer, x, y;
} cairn_extremum;

// Scans responses 0 ..< layers + 2 for extrema in responses 1 ... layers whose magnitude exceeds `threshold`, at least
// `border` samples away from the edges. Returns how many there are; at most `capacity` are written, in order of row, then
// block of CAIRN_LANES columns, then layer, then column. layers is at most 6, border at least 2.
// levels: layers + 3 planes for differences, layers + 2 for Hessians. weights: layers + 2 floats for Hessians, else NULL.
// scratch: cairn_extrema_scratch_floats(layers, stride) floats.
size_t cairn_scale_extrema(cairn_response response, const float *const *levels, const float *weights, ptrdiff_t layers,
                           ptrdiff_t width, ptrdiff_t height, ptrdiff_t stride, float threshold, ptrdiff_t border,
                           cairn_extremum *out, size_t capacity, float *scratch);

size_t cairn_extrema_scratch_floats(ptrdiff_t layers, ptrdiff_t stride);

#endif
