#ifndef CAIRN_MATCH_INTERNAL_H
#define CAIRN_MATCH_INTERNAL_H

#include "cairn_match.h"

// Shared by the paths of the matching kernels. The packed layout is described at `cairn_pack_u8`.

enum {
    // Descriptors in a packed block, and lanes of a 512-bit register.
    BLOCK = 16,
    // A packed constant that puts the descriptors that fill up the last block behind every real one.
    FAR_AWAY = 1 << 30,
    // A distance above every real one, below that of a filler: where a search for the k nearest starts.
    UNREACHED = 1 << 29,
};

#define CAIRN_INLINE static inline __attribute__((always_inline))

// A packed set, taken apart.
typedef struct packed_set {
    const uint8_t *lines;
    const int32_t *norms;
    const int32_t *biased;
    size_t count;
    size_t blocks;
    size_t dimensions;
} packed_set;

CAIRN_INLINE packed_set unpack(const void *packed, size_t count, size_t dimensions) {
    const size_t blocks = (count + BLOCK - 1) / BLOCK;
    const uint8_t *lines = packed;
    const int32_t *norms = (const int32_t *)(lines + blocks * BLOCK * dimensions);
    return (packed_set){lines, norms, norms + blocks * BLOCK, count, blocks, dimensions};
}

CAIRN_INLINE int32_t squared_norm(const uint8_t *row, size_t dimensions) {
    int32_t sum = 0;
    for (size_t i = 0; i < dimensions; i++) sum += (int32_t)row[i] * row[i];
    return sum;
}

// Puts a nearer neighbour into a list kept in order; equally near ones stay in the order in which they came.
CAIRN_INLINE void insert_neighbour(int32_t *indices, int32_t *distances, size_t k, int32_t index, int32_t distance) {
    size_t slot = k - 1;
    for (; slot > 0 && distances[slot - 1] > distance; slot--) {
        distances[slot] = distances[slot - 1];
        indices[slot] = indices[slot - 1];
    }
    distances[slot] = distance;
    indices[slot] = index;
}

// Each path of `cairn_match_u8` gets outputs that say "nothing yet" and adds to them.
typedef void match_path(const uint8_t *rows, size_t row_count, packed_set set, cairn_two_nearest of_rows,
                        cairn_two_nearest of_packed, void *workspace);

// Each path of `cairn_nearest_u8` gets lists full of (-1, UNREACHED) and inserts into them.
typedef void nearest_path(const uint8_t *rows, size_t row_count, packed_set set, size_t k, int32_t *indices,
                          int32_t *distances);

match_path cairn_match_u8_plain;
nearest_path cairn_nearest_u8_plain;
#if defined(__x86_64__)
match_path cairn_match_u8_avx2, cairn_match_u8_avx512, cairn_match_u8_amx;
nearest_path cairn_nearest_u8_avx2, cairn_nearest_u8_avx512, cairn_nearest_u8_amx;
#endif

#endif
