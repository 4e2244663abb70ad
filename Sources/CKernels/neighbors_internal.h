#ifndef CAIRN_NEIGHBORS_INTERNAL_H
#define CAIRN_NEIGHBORS_INTERNAL_H

#include "cairn_neighbors.h"

// What all paths of `cairn_neighbors_exact` compile, each for its own registers.
//
// A product of two 32-bit floats is exact in 64 bits, so it makes no difference whether a processor fuses the
// multiplication and the addition.

#define CAIRN_INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")
#define FUSED _Pragma("clang fp contract(fast)")

enum {
    LANES = 8,
    // Pairs whose sums run side by side, at most: one sum alone waits for its last addition.
    MOST_PAIRS = 4,
};

typedef float float_lanes __attribute__((vector_size(4 * LANES), aligned(4)));
typedef double double_lanes __attribute__((vector_size(8 * LANES)));

typedef void neighbors_exact_path(const float *queries, const float *rows, size_t dimensions,
                                  const cairn_neighbors_pair *pairs, size_t count, double *products);

neighbors_exact_path cairn_neighbors_exact_plain;
#if defined(__x86_64__)
neighbors_exact_path cairn_neighbors_exact_avx2, cairn_neighbors_exact_avx512;
#endif

CAIRN_INLINE void exact_tile(const int tile_pairs, const float *queries, const float *rows, size_t dimensions,
                             const cairn_neighbors_pair *pairs, double *products) {
    FUSED
    const float *a[MOST_PAIRS], *b[MOST_PAIRS];
    double_lanes sums[MOST_PAIRS];
    UNROLL for (int p = 0; p < tile_pairs; p++) {
        a[p] = queries + (size_t)pairs[p].query * dimensions;
        b[p] = rows + (size_t)pairs[p].row * dimensions;
        sums[p] = (double_lanes){0};
    }
    size_t i = 0;
    for (; i + LANES <= dimensions; i += LANES) {
        UNROLL for (int p = 0; p < tile_pairs; p++) {
            sums[p] += __builtin_convertvector(*(const float_lanes *)(a[p] + i), double_lanes) *
                       __builtin_convertvector(*(const float_lanes *)(b[p] + i), double_lanes);
        }
    }
    UNROLL for (int p = 0; p < tile_pairs; p++) {
        double sum = sums[p][0];
        UNROLL for (int lane = 1; lane < LANES; lane++) sum += sums[p][lane];
        for (size_t j = i; j < dimensions; j++) sum += (double)a[p][j] * (double)b[p][j];
        products[p] = sum;
    }
}

CAIRN_INLINE void exact_of_pairs(const int tile_pairs, const float *queries, const float *rows, size_t dimensions,
                                 const cairn_neighbors_pair *pairs, size_t count, double *products) {
    size_t p = 0;
    for (; p + tile_pairs <= count; p += tile_pairs) {
        exact_tile(tile_pairs, queries, rows, dimensions, pairs + p, products + p);
    }
    for (; p < count; p++) exact_tile(1, queries, rows, dimensions, pairs + p, products + p);
}

#endif
