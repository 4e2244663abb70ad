// Sampling of an affine region, and its second moments.
#ifndef CAIRN_PATCH_H
#define CAIRN_PATCH_H

#include <stddef.h>

// Samples a plane at (x, y) + A (u, v) for u, v in {-half ... half}, bilinearly, into a square of 2 * half + 1 floats a side,
// `patch_stride` floats a row. A is row-major {a, b, c, d}; beyond the plane the nearest sample is repeated.
void cairn_affine_patch(const float *plane, ptrdiff_t width, ptrdiff_t height, ptrdiff_t stride, float x, float y,
                        const float *affine, ptrdiff_t half, float *patch, ptrdiff_t patch_stride);

// Sums of gx^2, gx gy, gy^2 over a square patch, weighted by a Gaussian of standard deviation half / 2 about its centre.
void cairn_second_moments(const float *patch, ptrdiff_t half, ptrdiff_t patch_stride, float *moments);

#endif
