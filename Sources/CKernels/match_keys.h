#ifndef CAIRN_MATCH_KEYS_H
#define CAIRN_MATCH_KEYS_H

#include "match_internal.h"

// How the vector paths of `cairn_match_u8` find two nearest in both directions with three operations each.
//
// A key is one 32-bit word, `distance << bits | index`, so that the minimum of keys is the nearest with its lowest
// index. What the distance leaves of the word holds the index: 9 bits for 128 dimensions. The rows are therefore taken
// in chunks of 2^bits rows, the packed set in chunks of 2^bits blocks; a lane's position gives the rest of a column's
// index. Per lane the two smallest keys are kept: second = min(second, max(best, key)), best = min(best, key).
//
// Dot products start at -ceil(|row|² / 2) instead of 0, which saves adding the row's norm: keys then hold the distance
// plus the norm's lowest bit. That bit is taken off again where rows are compared with one another, and at the end.

// No neighbour: greater than every key.
#define NO_KEY UINT32_MAX

typedef struct key_layout {
    int bits;
    uint32_t mask;
    // Rows in a chunk, and blocks in a chunk.
    size_t chunk;
} key_layout;

CAIRN_INLINE key_layout key_layout_for(size_t dimensions) {
    const uint32_t largest = (uint32_t)(255 * 255 * dimensions + 1);
    const int bits = __builtin_clz(largest);
    return (key_layout){bits, (1u << bits) - 1, (size_t)1 << bits};
}

// The two smallest keys of each lane, as many lanes as a block has.
typedef struct lane_keys {
    uint32_t best[BLOCK];
    uint32_t second[BLOCK];
} lane_keys;

// Scratch memory: everything a pair of chunks needs.
typedef struct match_workspace {
    // For each row of the chunk.
    lane_keys *row_keys;
    int32_t *row_start;
    uint32_t *row_step;
    uint32_t *row_parity;
    // Rows of the chunk as the path wants them: up to 2 bytes for a byte.
    uint8_t *row_bytes;
    // For each block of the chunk; `column_start` has a word for each descriptor.
    lane_keys *column_keys;
    uint32_t *column_start;
} match_workspace;

// Lays the parts out from address `base` on, and returns the bytes that they take.
CAIRN_INLINE size_t match_workspace_layout(uintptr_t base, size_t blocks, size_t dimensions, match_workspace *parts) {
    const size_t rows = key_layout_for(dimensions).chunk;
    if (blocks > rows) blocks = rows;
    // Parts stay aligned to 64 bytes: a chunk has at least 64 rows, a block 16 words.
    uintptr_t at = base;
    parts->row_keys = (lane_keys *)at, at += rows * sizeof(lane_keys);
    parts->row_start = (int32_t *)at, at += rows * sizeof(int32_t);
    parts->row_step = (uint32_t *)at, at += rows * sizeof(uint32_t);
    parts->row_parity = (uint32_t *)at, at += rows * sizeof(uint32_t);
    parts->row_bytes = (uint8_t *)at, at += rows * dimensions * 2;
    parts->column_keys = (lane_keys *)at, at += blocks * sizeof(lane_keys);
    parts->column_start = (uint32_t *)at, at += blocks * BLOCK * sizeof(uint32_t);
    return at - base;
}

// Sets up a chunk of rows: the start of their dot products, and what turns a row's key into a column's.
CAIRN_INLINE void prepare_row(match_workspace *work, size_t at, int32_t norm, key_layout layout) {
    const uint32_t parity = (uint32_t)norm & 1;
    work->row_start[at] = -((norm + 1) / 2);
    work->row_parity[at] = parity;
    work->row_step[at] = (uint32_t)at - (parity << layout.bits);
}

// Sets up a chunk of blocks; `constants` are the packed set's own, from that chunk's first descriptor on.
CAIRN_INLINE void prepare_columns(match_workspace *work, const int32_t *constants, size_t blocks, key_layout layout) {
    for (size_t b = 0; b < blocks; b++) {
        for (size_t lane = 0; lane < BLOCK; lane++) {
            work->column_start[b * BLOCK + lane] =
                ((uint32_t)constants[b * BLOCK + lane] << layout.bits) + (uint32_t)b;
            work->column_keys[b].best[lane] = NO_KEY;
            work->column_keys[b].second[lane] = NO_KEY;
        }
    }
}

// Adds what one chunk found for an element: chunks come in ascending order, so the one before wins a tie.
CAIRN_INLINE void merge_nearest(cairn_two_nearest side, size_t at, int32_t index, int32_t distance, int32_t second) {
    if (distance < side.distance[at]) {
        side.second[at] = side.distance[at] < second ? side.distance[at] : second;
        side.distance[at] = distance;
        side.nearest[at] = index;
    } else if (distance < side.second[at]) {
        side.second[at] = distance;
    }
}

CAIRN_INLINE void finish_columns(const match_workspace *work, size_t first_block, size_t blocks, size_t first_row,
                                 packed_set set, cairn_two_nearest of_packed, key_layout layout) {
    for (size_t b = 0; b < blocks; b++) {
        const lane_keys *keys = &work->column_keys[b];
        const size_t first = (first_block + b) * BLOCK;
        for (size_t lane = 0; lane < BLOCK && first + lane < set.count; lane++) {
            const uint32_t best = keys->best[lane] - (uint32_t)b, second = keys->second[lane];
            const int32_t next = second == NO_KEY ? INT32_MAX : (int32_t)((second - (uint32_t)b) >> layout.bits);
            merge_nearest(of_packed, first + lane, (int32_t)(first_row + (best & layout.mask)),
                          (int32_t)(best >> layout.bits), next);
        }
    }
}

#endif
