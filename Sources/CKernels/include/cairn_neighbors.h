#ifndef CAIRN_NEIGHBORS_H
#define CAIRN_NEIGHBORS_H

#include "cairn_cpu.h"

/// Inner products of chosen pairs of float32 vectors: of what a scan by codes leaves open.

/// Which query is multiplied with which row.
typedef struct cairn_neighbors_pair {
    int32_t query;
    int32_t row;
} cairn_neighbors_pair;

/// Inner products in 64-bit floats, the same bits through every instruction set: eight sums of every eighth product, added
/// up from the first to the last, then what is left over.
///
/// `queries` and `rows` are row-major with `dimensions` columns.
void cairn_neighbors_exact(const float *queries, const float *rows, size_t dimensions,
                           const cairn_neighbors_pair *pairs, size_t count, double *products, cairn_isa isa);

#endif
