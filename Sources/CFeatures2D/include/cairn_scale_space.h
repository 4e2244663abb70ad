// Kernels of the Gaussian scale space: blur, doubling, halving, extrema of differences of Gaussians.
//
// An image here is a plane of floats, row-major, with `stride` floats from one row to the next. `stride` is a multiple of
// CAIRN_LANES and at least the width; what lies between width and stride may hold anything and may be overwritten.
// Every path does the same operations in the same order, so results are bit-identical on every instruction set.
#ifndef CAIRN_SCALE_SPACE_H
#define CAIRN_SCALE_SPACE_H

#include <stddef.h>
#include <stdint.h>

// Floats that a kernel handles at a time.
#define CAIRN_LANES 16

// Separable Gaussian blur with mirrored borders (the edge sample is not repeated).
// kernel: radius + 1 weights, centre first. scratch: stride + 2 * radius + 2 * CAIRN_LANES floats. src and dst differ.
void cairn_gaussian_blur(const float *src, float *dst, ptrdiff_t width, ptrdiff_t height, ptrdiff_t stride,
                         const float *kernel, ptrdiff_t radius, float *scratch);

// Bytes to a float plane of twice the size, by linear interpolation with pixel centres at +0.5.
void cairn_double_u8(const uint8_t *src, ptrdiff_t width, ptrdiff_t height, float *dst, ptrdiff_t dst_stride);

// Bytes to a float plane of the same size.
void cairn_widen_u8(const uint8_t *src, ptrdiff_t width, ptrdiff_t height, float *dst, ptrdiff_t dst_stride);

// Keeps every second sample of every second row: dst is (width / 2) x (height / 2).
void cairn_halve(const float *src, ptrdiff_t src_stride, float *dst, ptrdiff_t width, ptrdiff_t height,
                 ptrdiff_t dst_stride);

#endif
