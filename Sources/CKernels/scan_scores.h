#ifndef CAIRN_SCAN_SCORES_H
#define CAIRN_SCAN_SCORES_H

#include "scan_internal.h"

// The inner product that all paths of `cairn_scan_scores` compile, each for its own registers.
//
// Lane i of 16 sums the products of dimensions i, i + 16, …, then halves are added to halves. A product of two 32-bit
// floats is exact in 64 bits, so it makes no difference whether a processor fuses the multiplication and the addition.

typedef float float_lanes __attribute__((vector_size(64)));
typedef double double_lanes __attribute__((vector_size(128)));

CAIRN_INLINE float inner_product(const float *a, const float *b, size_t dimensions) {
    double_lanes sums = {0};
    size_t i = 0;
    for (; i + 16 <= dimensions; i += 16) {
        float_lanes left, right;
        memcpy(&left, a + i, sizeof left);
        memcpy(&right, b + i, sizeof right);
        sums += __builtin_convertvector(left, double_lanes) * __builtin_convertvector(right, double_lanes);
    }
    for (size_t lane = 0; i + lane < dimensions; lane++) sums[lane] += (double)a[i + lane] * (double)b[i + lane];
    UNROLL for (int half = 8; half > 0; half /= 2) {
        UNROLL for (int lane = 0; lane < half; lane++) sums[lane] += sums[lane + half];
    }
    return (float)sums[0];
}

// Vectors lie anywhere in a large file: the next one is asked for while this one is summed.
CAIRN_INLINE void score_all(const float *query, size_t dimensions, const float *const *vectors, size_t count,
                            float *scores) {
    for (size_t i = 0; i < count; i++) {
        if (i + 1 < count) {
            const char *next = (const char *)vectors[i + 1];
            for (size_t byte = 0; byte < dimensions * sizeof(float); byte += 64) __builtin_prefetch(next + byte);
        }
        scores[i] = inner_product(query, vectors[i], dimensions);
    }
}

#endif
