#if defined(__x86_64__)

#include "neighbors_internal.h"

#define TARGET __attribute__((target("avx2")))

TARGET void cairn_neighbors_exact_avx2(const float *queries, const float *rows, size_t dimensions,
                                      const cairn_neighbors_pair *pairs, size_t count, double *products) {
    exact_of_pairs(2, queries, rows, dimensions, pairs, count, products);
}

#endif
