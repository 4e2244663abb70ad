#if defined(__x86_64__)

#include "match_avx512.h"

#include <string.h>

#undef TARGET
#define TARGET __attribute__((target("amx-tile,amx-int8,avx512f,avx512bw,avx512vl,avx512vnni,popcnt")))

// Intel's tile multiplier: 16 rows of 64 bytes times a packed block's 16 lines give 16 x 16 sums, exactly. A packed
// block is already in the order that the multiplier wants.

enum {
    // Rows and blocks whose dot products are computed before they are looked at.
    GROUP_ROWS = 32,
    GROUP_BLOCKS = 4,
    // Packed bytes that are kept in the first-level cache while rows pass by.
    CACHED_BYTES = 24 * 1024,
};

CAIRN_INLINE size_t cached_blocks(size_t dimensions) {
    const size_t groups = CACHED_BYTES / (GROUP_BLOCKS * BLOCK * dimensions);
    return (groups > 0 ? groups : 1) * GROUP_BLOCKS;
}

// Dot products of a group, row by row.
typedef struct group_dots {
    _Alignas(64) int32_t values[GROUP_ROWS][GROUP_BLOCKS][BLOCK];
} group_dots;

CAIRN_INLINE TARGET void configure_tiles(void) {
    _Alignas(64) struct {
        uint8_t palette;
        uint8_t start_row;
        uint8_t reserved[14];
        uint16_t row_bytes[16];
        uint8_t rows[16];
    } config = {.palette = 1};
    for (int i = 0; i < 8; i++) {
        config.row_bytes[i] = 64;
        config.rows[i] = 16;
    }
    _tile_loadconfig(&config);
}

// 32 rows times `blocks` blocks, two by two; rows are read to the end of the group, so the last group needs padding.
CAIRN_INLINE TARGET void multiply(const int blocks, const uint8_t *rows, const uint8_t *lines, size_t dimensions,
                                  group_dots *dots) {
    const size_t block_bytes = BLOCK * dimensions, stride = sizeof dots->values[0];
    UNROLL for (int v = 0; v < blocks; v += 2) {
        const bool pair = v + 1 < blocks;
        const uint8_t *left = lines + (size_t)v * block_bytes;
        _tile_zero(0);
        _tile_zero(1);
        if (pair) {
            _tile_zero(2);
            _tile_zero(3);
        }
        for (size_t i = 0; i < dimensions; i += 64) {
            _tile_loadd(4, rows + i, dimensions);
            _tile_loadd(5, rows + 16 * dimensions + i, dimensions);
            _tile_loadd(6, left + i * BLOCK, 64);
            _tile_dpbuud(0, 4, 6);
            _tile_dpbuud(1, 5, 6);
            if (pair) {
                _tile_loadd(7, left + block_bytes + i * BLOCK, 64);
                _tile_dpbuud(2, 4, 7);
                _tile_dpbuud(3, 5, 7);
            }
        }
        _tile_stored(0, dots->values[0][v], stride);
        _tile_stored(1, dots->values[16][v], stride);
        if (pair) {
            _tile_stored(2, dots->values[0][v + 1], stride);
            _tile_stored(3, dots->values[16][v + 1], stride);
        }
    }
}

CAIRN_INLINE TARGET void match_group(const int blocks, match_workspace *work, size_t row, size_t rows, size_t block,
                                     const uint8_t *lines, size_t dimensions, __m512i shift, __m512i filler,
                                     group_dots *dots) {
    multiply(blocks, work->row_bytes + row * dimensions, lines + block * BLOCK * dimensions, dimensions, dots);
    lane_keys *column_keys = work->column_keys + block;
    __m512i column_best[GROUP_BLOCKS], column_second[GROUP_BLOCKS], start[GROUP_BLOCKS];
    UNROLL for (int v = 0; v < blocks; v++) {
        column_best[v] = _mm512_load_si512(column_keys[v].best);
        column_second[v] = _mm512_load_si512(column_keys[v].second);
        start[v] = _mm512_load_si512(work->column_start + (block + (size_t)v) * BLOCK);
    }
    for (size_t r = 0; r < rows; r++) {
        lane_keys *row_keys = work->row_keys + row + r;
        __m512i best = _mm512_load_si512(row_keys->best), second = _mm512_load_si512(row_keys->second);
        const __m512i from = _mm512_set1_epi32(work->row_start[row + r]);
        const __m512i step = _mm512_set1_epi32((int)work->row_step[row + r]);
        UNROLL for (int v = 0; v < blocks; v++) {
            const __m512i dot = _mm512_add_epi32(_mm512_load_si512(dots->values[r][v]), from);
            __m512i key = _mm512_sub_epi32(start[v], _mm512_sllv_epi32(dot, shift));
            if (blocks == 1) key = _mm512_or_si512(key, filler);
            second = _mm512_min_epu32(second, _mm512_max_epu32(best, key));
            best = _mm512_min_epu32(best, key);
            key = _mm512_add_epi32(key, step);
            // The same with a comparison for a maximum: it runs on the port that the row's operations leave free.
            const __mmask16 nearer = _mm512_cmplt_epu32_mask(key, column_best[v]);
            column_second[v] =
                _mm512_mask_mov_epi32(_mm512_min_epu32(column_second[v], key), nearer, column_best[v]);
            column_best[v] = _mm512_min_epu32(column_best[v], key);
        }
        _mm512_store_si512(row_keys->best, best);
        _mm512_store_si512(row_keys->second, second);
    }
    UNROLL for (int v = 0; v < blocks; v++) {
        _mm512_store_si512(column_keys[v].best, column_best[v]);
        _mm512_store_si512(column_keys[v].second, column_second[v]);
    }
}

TARGET void cairn_match_u8_amx(const uint8_t *rows, size_t row_count, packed_set set, cairn_two_nearest of_rows,
                               cairn_two_nearest of_packed, void *workspace) {
    const size_t dimensions = set.dimensions;
    const key_layout layout = key_layout_for(dimensions);
    const __m512i shift = _mm512_set1_epi32(layout.bits + 1), index_shift = _mm512_set1_epi32(layout.bits);
    const __mmask16 used = (__mmask16)(set.count % BLOCK == 0 ? 0xffff : (1u << set.count % BLOCK) - 1);
    const __m512i filler = _mm512_maskz_set1_epi32((__mmask16)~used, -1);
    const size_t cached = cached_blocks(dimensions);
    group_dots dots;
    match_workspace work;
    match_workspace_layout((uintptr_t)workspace, set.blocks, dimensions, &work);
    configure_tiles();

    for (size_t first_row = 0; first_row < row_count; first_row += layout.chunk) {
        const size_t chunk_rows = row_count - first_row < layout.chunk ? row_count - first_row : layout.chunk;
        const size_t padded_rows = (chunk_rows + GROUP_ROWS - 1) / GROUP_ROWS * GROUP_ROWS;
        const uint8_t *chunk = rows + first_row * dimensions;
        memcpy(work.row_bytes, chunk, chunk_rows * dimensions);
        memset(work.row_bytes + chunk_rows * dimensions, 0, (padded_rows - chunk_rows) * dimensions);
        for (size_t r = 0; r < chunk_rows; r++) {
            prepare_row(&work, r, squared_norm(chunk + r * dimensions, dimensions), layout);
        }
        for (size_t first_block = 0; first_block < set.blocks; first_block += layout.chunk) {
            const size_t rest = set.blocks - first_block, blocks = rest < layout.chunk ? rest : layout.chunk;
            const size_t filled = set.count / BLOCK - first_block;
            const uint8_t *lines = set.lines + first_block * BLOCK * dimensions;
            prepare_columns(&work, set.norms + first_block * BLOCK, blocks, layout);
            memset(work.row_keys, 0xff, chunk_rows * sizeof(lane_keys));
            for (size_t begin = 0; begin < blocks; begin += cached) {
                const size_t end = begin + cached < blocks ? begin + cached : blocks;
                for (size_t r = 0; r < chunk_rows; r += GROUP_ROWS) {
                    const size_t group = chunk_rows - r < GROUP_ROWS ? chunk_rows - r : GROUP_ROWS;
                    size_t block = begin;
                    for (; block + GROUP_BLOCKS <= end && block + GROUP_BLOCKS <= filled; block += GROUP_BLOCKS) {
                        match_group(GROUP_BLOCKS, &work, r, group, block, lines, dimensions, shift, filler, &dots);
                    }
                    for (; block < end; block++) {
                        const __m512i fill = block < filled ? _mm512_setzero_si512() : filler;
                        match_group(1, &work, r, group, block, lines, dimensions, shift, fill, &dots);
                    }
                }
            }
            for (size_t r = 0; r < chunk_rows; r++) {
                finish_row(&work, r, first_row + r, first_block * BLOCK, of_rows, layout, index_shift);
            }
            finish_columns(&work, first_block, blocks, first_row, set, of_packed, layout);
        }
    }
    _tile_release();
}

CAIRN_INLINE TARGET void nearest_group(const int blocks, const uint8_t *padded, const int32_t *norms, size_t rows,
                                       packed_set set, size_t block, size_t k, int32_t *indices, int32_t *list,
                                       group_dots *dots) {
    multiply(blocks, padded, set.lines + block * BLOCK * set.dimensions, set.dimensions, dots);
    for (size_t r = 0; r < rows; r++) {
        __m512i distances[GROUP_BLOCKS];
        UNROLL for (int v = 0; v < blocks; v++) {
            const __m512i constant = _mm512_load_si512(set.norms + (block + (size_t)v) * BLOCK);
            const __m512i dot = _mm512_load_si512(dots->values[r][v]);
            distances[v] = _mm512_sub_epi32(constant, _mm512_add_epi32(dot, dot));
        }
        nearest_row(blocks, distances, norms[r], block * BLOCK, k, indices + r * k, list + r * k);
    }
}

TARGET void cairn_nearest_u8_amx(const uint8_t *rows, size_t row_count, packed_set set, size_t k, int32_t *indices,
                                 int32_t *distances) {
    enum { chunk_capacity = 256 };
    int32_t norms[chunk_capacity];
    _Alignas(64) uint8_t padding[GROUP_ROWS * CAIRN_MATCH_MAX_DIMENSIONS];
    const size_t dimensions = set.dimensions, cached = cached_blocks(dimensions);
    group_dots dots;
    configure_tiles();
    // Only the very last rows need padding.
    const size_t rest = row_count % GROUP_ROWS;
    memcpy(padding, rows + (row_count - rest) * dimensions, rest * dimensions);
    memset(padding + rest * dimensions, 0, (GROUP_ROWS - rest) * dimensions);
    for (size_t first_row = 0; first_row < row_count; first_row += chunk_capacity) {
        const size_t chunk_rows = row_count - first_row < chunk_capacity ? row_count - first_row : chunk_capacity;
        const uint8_t *chunk = rows + first_row * dimensions;
        for (size_t r = 0; r < chunk_rows; r++) norms[r] = squared_norm(chunk + r * dimensions, dimensions);
        for (size_t begin = 0; begin < set.blocks; begin += cached) {
            const size_t end = begin + cached < set.blocks ? begin + cached : set.blocks;
            for (size_t r = 0; r < chunk_rows; r += GROUP_ROWS) {
                const size_t group = chunk_rows - r < GROUP_ROWS ? chunk_rows - r : GROUP_ROWS;
                const uint8_t *whole = group == GROUP_ROWS ? chunk + r * dimensions : padding;
                int32_t *row_indices = indices + (first_row + r) * k, *row_distances = distances + (first_row + r) * k;
                size_t block = begin;
                for (; block + GROUP_BLOCKS <= end; block += GROUP_BLOCKS) {
                    nearest_group(GROUP_BLOCKS, whole, norms + r, group, set, block, k, row_indices, row_distances,
                                  &dots);
                }
                for (; block < end; block++) {
                    nearest_group(1, whole, norms + r, group, set, block, k, row_indices, row_distances, &dots);
                }
            }
        }
    }
    _tile_release();
}

#endif
