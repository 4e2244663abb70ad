#include <string.h>

#include "match_internal.h"

// The reference that the vector paths agree with. Blocks go by in the outer loop, so that each is put back into rows
// once.

static void unpack_block(packed_set set, size_t block, uint8_t *descriptors) {
    const uint8_t *line = set.lines + block * BLOCK * set.dimensions;
    for (size_t i = 0; i < set.dimensions; i += 4, line += 4 * BLOCK) {
        for (size_t lane = 0; lane < BLOCK; lane++) memcpy(descriptors + lane * set.dimensions + i, line + 4 * lane, 4);
    }
}

CAIRN_INLINE int32_t dot(const uint8_t *a, const uint8_t *b, size_t dimensions) {
    int32_t sum = 0;
    // Left alone, clang takes 4 at a time and misses the instruction that multiplies and adds 8.
#pragma clang loop vectorize_width(16)
    for (size_t i = 0; i < dimensions; i++) sum += (int32_t)a[i] * b[i];
    return sum;
}

CAIRN_INLINE void offer(cairn_two_nearest side, size_t at, int32_t index, int32_t distance) {
    if (distance < side.distance[at]) {
        side.second[at] = side.distance[at];
        side.distance[at] = distance;
        side.nearest[at] = index;
    } else if (distance < side.second[at]) {
        side.second[at] = distance;
    }
}

void cairn_match_u8_plain(const uint8_t *rows, size_t row_count, packed_set set, cairn_two_nearest of_rows,
                          cairn_two_nearest of_packed, void *workspace) {
    (void)workspace;
    uint8_t descriptors[BLOCK * CAIRN_MATCH_MAX_DIMENSIONS];
    for (size_t first = 0; first < set.count; first += BLOCK) {
        const size_t lanes = set.count - first < BLOCK ? set.count - first : BLOCK;
        unpack_block(set, first / BLOCK, descriptors);
        for (size_t r = 0; r < row_count; r++) {
            const uint8_t *row = rows + r * set.dimensions;
            const int32_t norm = squared_norm(row, set.dimensions);
            for (size_t lane = 0; lane < lanes; lane++) {
                const int32_t product = dot(row, descriptors + lane * set.dimensions, set.dimensions);
                const int32_t distance = norm + set.norms[first + lane] - 2 * product;
                offer(of_rows, r, (int32_t)(first + lane), distance);
                offer(of_packed, first + lane, (int32_t)r, distance);
            }
        }
    }
}

void cairn_nearest_u8_plain(const uint8_t *rows, size_t row_count, packed_set set, size_t k, int32_t *indices,
                            int32_t *distances) {
    uint8_t descriptors[BLOCK * CAIRN_MATCH_MAX_DIMENSIONS];
    for (size_t first = 0; first < set.count; first += BLOCK) {
        const size_t lanes = set.count - first < BLOCK ? set.count - first : BLOCK;
        unpack_block(set, first / BLOCK, descriptors);
        for (size_t r = 0; r < row_count; r++) {
            const uint8_t *row = rows + r * set.dimensions;
            const int32_t norm = squared_norm(row, set.dimensions);
            for (size_t lane = 0; lane < lanes; lane++) {
                const int32_t product = dot(row, descriptors + lane * set.dimensions, set.dimensions);
                const int32_t distance = norm + set.norms[first + lane] - 2 * product;
                if (distance >= distances[r * k + k - 1]) continue;
                insert_neighbour(indices + r * k, distances + r * k, k, (int32_t)(first + lane), distance);
            }
        }
    }
}
