#include "neighbors_internal.h"

void cairn_neighbors_exact_plain(const float *queries, const float *rows, size_t dimensions,
                                 const cairn_neighbors_pair *pairs, size_t count, double *products) {
    exact_of_pairs(1, queries, rows, dimensions, pairs, count, products);
}

void cairn_neighbors_exact(const float *queries, const float *rows, size_t dimensions,
                           const cairn_neighbors_pair *pairs, size_t count, double *products, cairn_isa isa) {
    neighbors_exact_path *path = cairn_neighbors_exact_plain;
    switch (cairn_isa_resolve(isa)) {
#if defined(__x86_64__)
    case CAIRN_ISA_AVX2: path = cairn_neighbors_exact_avx2; break;
    case CAIRN_ISA_AVX512:
    case CAIRN_ISA_AMX: path = cairn_neighbors_exact_avx512; break;
#endif
    default: break;
    }
    path(queries, rows, dimensions, pairs, count, products);
}
