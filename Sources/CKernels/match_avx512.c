#if defined(__x86_64__)

#include "match_avx512.h"

#include <string.h>

// The dot product instruction takes one unsigned and one signed byte. Packed descriptors are the unsigned side; rows
// are shifted by -128, which the packed constant |b|² - 256 Σb makes good.

enum {
    // Rows and blocks of a register tile: 24 accumulators, 3 packed lines and a broadcast fill the 32 registers.
    TILE_ROWS = 8,
    TILE_BLOCKS = 3,
    // Packed bytes that are kept in the first-level cache while rows pass by.
    CACHED_BYTES = 24 * 1024,
};

CAIRN_INLINE size_t cached_blocks(size_t dimensions) {
    const size_t tiles = CACHED_BYTES / (TILE_BLOCKS * BLOCK * dimensions);
    return (tiles > 0 ? tiles : 1) * TILE_BLOCKS;
}

// acc[r][v] += rows[r] · block v, for `tile_rows` rows and `tile_blocks` blocks that follow one another.
TILE void add_dots(const int tile_rows, const int tile_blocks, const uint8_t *rows, const uint8_t *lines,
                   size_t dimensions, __m512i acc[TILE_ROWS][TILE_BLOCKS]) {
    for (size_t i = 0; i < dimensions; i += 4) {
        __m512i line[TILE_BLOCKS];
        UNROLL for (int v = 0; v < tile_blocks; v++) {
            line[v] = _mm512_load_si512(lines + (size_t)v * BLOCK * dimensions + i * BLOCK);
        }
        UNROLL for (int r = 0; r < tile_rows; r++) {
            int32_t four;
            memcpy(&four, rows + (size_t)r * dimensions + i, sizeof four);
            const __m512i bytes = _mm512_set1_epi32(four);
            UNROLL for (int v = 0; v < tile_blocks; v++) acc[r][v] = _mm512_dpbusd_epi32(acc[r][v], line[v], bytes);
        }
    }
}

// Copies rows shifted by -128, as `add_dots` wants them.
TILE void bias_rows(const uint8_t *rows, size_t bytes, uint8_t *biased) {
    const __m512i offset = _mm512_set1_epi8((char)0x80);
    size_t i = 0;
    for (; i + 64 <= bytes; i += 64) {
        _mm512_storeu_si512(biased + i, _mm512_xor_si512(_mm512_loadu_si512(rows + i), offset));
    }
    for (; i < bytes; i++) biased[i] = rows[i] ^ 0x80;
}

TILE void match_tile(const int tile_rows, const int tile_blocks, match_workspace *work, size_t row, size_t block,
                     const uint8_t *lines, size_t dimensions, __m512i shift, __m512i filler) {
    __m512i acc[TILE_ROWS][TILE_BLOCKS];
    UNROLL for (int r = 0; r < tile_rows; r++) {
        UNROLL for (int v = 0; v < tile_blocks; v++) acc[r][v] = _mm512_set1_epi32(work->row_start[row + (size_t)r]);
    }
    add_dots(tile_rows, tile_blocks, work->row_bytes + row * dimensions, lines, dimensions, acc);

    lane_keys *column_keys = work->column_keys + block;
    __m512i column_best[TILE_BLOCKS], column_second[TILE_BLOCKS], start[TILE_BLOCKS];
    UNROLL for (int v = 0; v < tile_blocks; v++) {
        column_best[v] = _mm512_load_si512(column_keys[v].best);
        column_second[v] = _mm512_load_si512(column_keys[v].second);
        start[v] = _mm512_load_si512(work->column_start + (block + (size_t)v) * BLOCK);
    }
    UNROLL for (int r = 0; r < tile_rows; r++) {
        lane_keys *row_keys = work->row_keys + row + r;
        __m512i best = _mm512_load_si512(row_keys->best), second = _mm512_load_si512(row_keys->second);
        const __m512i step = _mm512_set1_epi32((int)work->row_step[row + (size_t)r]);
        UNROLL for (int v = 0; v < tile_blocks; v++) {
            __m512i key = _mm512_sub_epi32(start[v], _mm512_sllv_epi32(acc[r][v], shift));
            if (tile_blocks == 1) key = _mm512_or_si512(key, filler);
            second = _mm512_min_epu32(second, _mm512_max_epu32(best, key));
            best = _mm512_min_epu32(best, key);
            key = _mm512_add_epi32(key, step);
            column_second[v] = _mm512_min_epu32(column_second[v], _mm512_max_epu32(column_best[v], key));
            column_best[v] = _mm512_min_epu32(column_best[v], key);
        }
        _mm512_store_si512(row_keys->best, best);
        _mm512_store_si512(row_keys->second, second);
    }
    UNROLL for (int v = 0; v < tile_blocks; v++) {
        _mm512_store_si512(column_keys[v].best, column_best[v]);
        _mm512_store_si512(column_keys[v].second, column_second[v]);
    }
}

// All of `tile_rows` rows against the blocks from `block` to `end`; the set's last block may be partly filler.
TILE void match_strip(const int tile_rows, match_workspace *work, size_t row, size_t block, size_t end,
                      const uint8_t *lines, size_t dimensions, __m512i shift, __m512i filler, size_t filled_blocks) {
    const size_t block_bytes = BLOCK * dimensions;
    while (block < end) {
        if (block + TILE_BLOCKS <= end && block + TILE_BLOCKS <= filled_blocks) {
            match_tile(tile_rows, TILE_BLOCKS, work, row, block, lines + block * block_bytes, dimensions, shift,
                       filler);
            block += TILE_BLOCKS;
        } else {
            const __m512i fill = block < filled_blocks ? _mm512_setzero_si512() : filler;
            match_tile(tile_rows, 1, work, row, block, lines + block * block_bytes, dimensions, shift, fill);
            block += 1;
        }
    }
}

TARGET void cairn_match_u8_avx512(const uint8_t *rows, size_t row_count, packed_set set, cairn_two_nearest of_rows,
                                  cairn_two_nearest of_packed, void *workspace) {
    const key_layout layout = key_layout_for(set.dimensions);
    const __m512i shift = _mm512_set1_epi32(layout.bits + 1);
    const __m512i index_shift = _mm512_set1_epi32(layout.bits);
    const __mmask16 used = (__mmask16)(set.count % BLOCK == 0 ? 0xffff : (1u << set.count % BLOCK) - 1);
    const __m512i filler = _mm512_maskz_set1_epi32((__mmask16)~used, -1);
    const size_t cached = cached_blocks(set.dimensions);
    match_workspace work;
    match_workspace_layout((uintptr_t)workspace, set.blocks, set.dimensions, &work);

    for (size_t first_row = 0; first_row < row_count; first_row += layout.chunk) {
        const size_t chunk_rows = row_count - first_row < layout.chunk ? row_count - first_row : layout.chunk;
        const uint8_t *chunk = rows + first_row * set.dimensions;
        bias_rows(chunk, chunk_rows * set.dimensions, work.row_bytes);
        for (size_t r = 0; r < chunk_rows; r++) {
            prepare_row(&work, r, squared_norm(chunk + r * set.dimensions, set.dimensions), layout);
        }
        for (size_t first_block = 0; first_block < set.blocks; first_block += layout.chunk) {
            const size_t rest = set.blocks - first_block;
            const size_t blocks = rest < layout.chunk ? rest : layout.chunk;
            const size_t filled = set.count / BLOCK - first_block;
            const uint8_t *lines = set.lines + first_block * BLOCK * set.dimensions;
            prepare_columns(&work, set.biased + first_block * BLOCK, blocks, layout);
            memset(work.row_keys, 0xff, chunk_rows * sizeof(lane_keys));
            for (size_t block = 0; block < blocks; block += cached) {
                const size_t end = block + cached < blocks ? block + cached : blocks;
                size_t r = 0;
                for (; r + 8 <= chunk_rows; r += 8) {
                    match_strip(8, &work, r, block, end, lines, set.dimensions, shift, filler, filled);
                }
                for (; r < chunk_rows; r++) {
                    match_strip(1, &work, r, block, end, lines, set.dimensions, shift, filler, filled);
                }
            }
            for (size_t r = 0; r < chunk_rows; r++) {
                finish_row(&work, r, first_row + r, first_block * BLOCK, of_rows, layout, index_shift);
            }
            finish_columns(&work, first_block, blocks, first_row, set, of_packed, layout);
        }
    }
}

TILE void nearest_tile(const int tile_rows, const int tile_blocks, const uint8_t *rows, const int32_t *norms,
                       packed_set set, size_t block, size_t k, int32_t *indices, int32_t *list) {
    __m512i acc[TILE_ROWS][TILE_BLOCKS];
    UNROLL for (int r = 0; r < tile_rows; r++) {
        UNROLL for (int v = 0; v < tile_blocks; v++) acc[r][v] = _mm512_setzero_si512();
    }
    add_dots(tile_rows, tile_blocks, rows, set.lines + block * BLOCK * set.dimensions, set.dimensions, acc);
    UNROLL for (int r = 0; r < tile_rows; r++) {
        UNROLL for (int v = 0; v < tile_blocks; v++) {
            const __m512i constant = _mm512_load_si512(set.biased + (block + (size_t)v) * BLOCK);
            acc[r][v] = _mm512_sub_epi32(constant, _mm512_add_epi32(acc[r][v], acc[r][v]));
        }
        nearest_row(tile_blocks, acc[r], norms[r], block * BLOCK, k, indices + (size_t)r * k, list + (size_t)r * k);
    }
}

TILE void nearest_strip(const int tile_rows, const uint8_t *rows, const int32_t *norms, packed_set set, size_t block,
                        size_t end, size_t k, int32_t *indices, int32_t *list) {
    for (; block + TILE_BLOCKS <= end; block += TILE_BLOCKS) {
        nearest_tile(tile_rows, TILE_BLOCKS, rows, norms, set, block, k, indices, list);
    }
    for (; block < end; block++) nearest_tile(tile_rows, 1, rows, norms, set, block, k, indices, list);
}

TARGET void cairn_nearest_u8_avx512(const uint8_t *rows, size_t row_count, packed_set set, size_t k, int32_t *indices,
                                    int32_t *distances) {
    enum { chunk_capacity = 256 };
    int32_t norms[chunk_capacity];
    uint8_t biased[TILE_ROWS * CAIRN_MATCH_MAX_DIMENSIONS];
    const size_t cached = cached_blocks(set.dimensions);
    for (size_t first_row = 0; first_row < row_count; first_row += chunk_capacity) {
        const size_t chunk_rows = row_count - first_row < chunk_capacity ? row_count - first_row : chunk_capacity;
        const uint8_t *chunk = rows + first_row * set.dimensions;
        int32_t *chunk_indices = indices + first_row * k, *chunk_distances = distances + first_row * k;
        for (size_t r = 0; r < chunk_rows; r++) norms[r] = squared_norm(chunk + r * set.dimensions, set.dimensions);
        for (size_t block = 0; block < set.blocks; block += cached) {
            const size_t end = block + cached < set.blocks ? block + cached : set.blocks;
            size_t r = 0;
            for (; r + 8 <= chunk_rows; r += 8) {
                bias_rows(chunk + r * set.dimensions, 8 * set.dimensions, biased);
                nearest_strip(8, biased, norms + r, set, block, end, k, chunk_indices + r * k, chunk_distances + r * k);
            }
            for (; r < chunk_rows; r++) {
                bias_rows(chunk + r * set.dimensions, set.dimensions, biased);
                nearest_strip(1, biased, norms + r, set, block, end, k, chunk_indices + r * k, chunk_distances + r * k);
            }
        }
    }
}

#endif
