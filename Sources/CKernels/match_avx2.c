#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

#include "match_keys.h"

#define TARGET __attribute__((target("avx2,popcnt")))
#define TILE CAIRN_INLINE TARGET
#define UNROLL _Pragma("clang loop unroll(full)")

// AVX2's product of bytes saturates, so both sides are widened to 16 bits: rows beforehand, packed lines when read.

enum {
    // Rows of a register tile. With one block of 16 descriptors that takes 12 accumulators.
    TILE_ROWS = 3,
    // Registers of 8 lanes in a block.
    HALVES = 2,
    CACHED_BYTES = 24 * 1024,
};

CAIRN_INLINE size_t cached_blocks(size_t dimensions) {
    const size_t blocks = CACHED_BYTES / (BLOCK * dimensions);
    return blocks > 0 ? blocks : 1;
}

// Widens rows to 16 bits.
TILE void widen_rows(const uint8_t *rows, size_t bytes, int16_t *wide) {
    for (size_t i = 0; i < bytes; i++) wide[i] = rows[i];
}

// dots[r][h] = rows[r] · descriptors 8h to 8h+7 of a block.
TILE void block_dots(const int tile_rows, const int16_t *rows, const uint8_t *lines, size_t dimensions,
                     __m256i dots[TILE_ROWS][HALVES]) {
    // Each accumulator holds two partial sums for each of 4 descriptors.
    __m256i acc[TILE_ROWS][4];
    UNROLL for (int r = 0; r < tile_rows; r++) {
        UNROLL for (int q = 0; q < 4; q++) acc[r][q] = _mm256_setzero_si256();
    }
    for (size_t i = 0; i < dimensions; i += 4) {
        UNROLL for (int q = 0; q < 4; q++) {
            const __m256i line = _mm256_cvtepu8_epi16(_mm_load_si128((const __m128i *)(lines + i * BLOCK) + q));
            UNROLL for (int r = 0; r < tile_rows; r++) {
                int64_t four;
                memcpy(&four, rows + (size_t)r * dimensions + i, sizeof four);
                acc[r][q] = _mm256_add_epi32(acc[r][q], _mm256_madd_epi16(line, _mm256_set1_epi64x(four)));
            }
        }
    }
    UNROLL for (int r = 0; r < tile_rows; r++) {
        UNROLL for (int h = 0; h < HALVES; h++) {
            const __m256i pairs = _mm256_hadd_epi32(acc[r][2 * h], acc[r][2 * h + 1]);
            dots[r][h] = _mm256_permute4x64_epi64(pairs, 0xd8);
        }
    }
}

CAIRN_INLINE TARGET __m256i load(const void *words) { return _mm256_load_si256(words); }
CAIRN_INLINE TARGET void store(void *words, __m256i value) { _mm256_store_si256(words, value); }

TILE void match_tile(const int tile_rows, match_workspace *work, size_t row, size_t block, const uint8_t *lines,
                     size_t dimensions, __m128i shift, const uint32_t *filler) {
    __m256i dots[TILE_ROWS][HALVES];
    block_dots(tile_rows, (const int16_t *)work->row_bytes + row * dimensions, lines, dimensions, dots);
    UNROLL for (int h = 0; h < HALVES; h++) {
        const int lane = 8 * h;
        lane_keys *columns = work->column_keys + block;
        const __m256i start = load(work->column_start + block * BLOCK + lane), fill = load(filler + lane);
        __m256i column_best = load(columns->best + lane), column_second = load(columns->second + lane);
        UNROLL for (int r = 0; r < tile_rows; r++) {
            lane_keys *keys = work->row_keys + row + r;
            const __m256i from = _mm256_set1_epi32(work->row_start[row + (size_t)r]);
            const __m256i step = _mm256_set1_epi32((int)work->row_step[row + (size_t)r]);
            __m256i best = load(keys->best + lane), second = load(keys->second + lane);
            __m256i key = _mm256_sub_epi32(start, _mm256_sll_epi32(_mm256_add_epi32(dots[r][h], from), shift));
            key = _mm256_or_si256(key, fill);
            second = _mm256_min_epu32(second, _mm256_max_epu32(best, key));
            store(keys->second + lane, second);
            store(keys->best + lane, _mm256_min_epu32(best, key));
            key = _mm256_add_epi32(key, step);
            column_second = _mm256_min_epu32(column_second, _mm256_max_epu32(column_best, key));
            column_best = _mm256_min_epu32(column_best, key);
        }
        store(columns->best + lane, column_best);
        store(columns->second + lane, column_second);
    }
}

// Reads a row's two nearest out of its 16 lanes: the lowest column wins among equal distances.
TILE void finish_row(const match_workspace *work, size_t at, size_t row, size_t first_column, cairn_two_nearest of_rows,
                     key_layout layout) {
    const lane_keys *keys = &work->row_keys[at];
    uint32_t nearest = UINT32_MAX, column = 0, lane = 0, next = NO_KEY;
    for (uint32_t i = 0; i < BLOCK; i++) {
        const uint32_t distance = keys->best[i] >> layout.bits, at_column = (keys->best[i] & layout.mask) * BLOCK + i;
        if (keys->best[i] == NO_KEY || distance > nearest || (distance == nearest && at_column > column)) continue;
        nearest = distance, column = at_column, lane = i;
    }
    for (uint32_t i = 0; i < BLOCK; i++) {
        const uint32_t key = i == lane ? keys->second[i] : keys->best[i];
        next = key < next ? key : next;
    }
    const uint32_t parity = work->row_parity[at];
    merge_nearest(of_rows, row, (int32_t)(first_column + column), (int32_t)(nearest - parity),
                  next == NO_KEY ? INT32_MAX : (int32_t)((next >> layout.bits) - parity));
}

TARGET void cairn_match_u8_avx2(const uint8_t *rows, size_t row_count, packed_set set, cairn_two_nearest of_rows,
                                cairn_two_nearest of_packed, void *workspace) {
    const key_layout layout = key_layout_for(set.dimensions);
    const __m128i shift = _mm_cvtsi32_si128(layout.bits + 1);
    const size_t cached = cached_blocks(set.dimensions);
    _Alignas(32) uint32_t no_filler[BLOCK] = {0}, filler[BLOCK] = {0};
    for (size_t lane = set.count % BLOCK; lane > 0 && lane < BLOCK; lane++) filler[lane] = UINT32_MAX;
    match_workspace work;
    match_workspace_layout((uintptr_t)workspace, set.blocks, set.dimensions, &work);

    for (size_t first_row = 0; first_row < row_count; first_row += layout.chunk) {
        const size_t chunk_rows = row_count - first_row < layout.chunk ? row_count - first_row : layout.chunk;
        const uint8_t *chunk = rows + first_row * set.dimensions;
        widen_rows(chunk, chunk_rows * set.dimensions, (int16_t *)work.row_bytes);
        for (size_t r = 0; r < chunk_rows; r++) {
            prepare_row(&work, r, squared_norm(chunk + r * set.dimensions, set.dimensions), layout);
        }
        for (size_t first_block = 0; first_block < set.blocks; first_block += layout.chunk) {
            const size_t rest = set.blocks - first_block, blocks = rest < layout.chunk ? rest : layout.chunk;
            prepare_columns(&work, set.norms + first_block * BLOCK, blocks, layout);
            memset(work.row_keys, 0xff, chunk_rows * sizeof(lane_keys));
            for (size_t begin = 0; begin < blocks; begin += cached) {
                const size_t end = begin + cached < blocks ? begin + cached : blocks;
                for (size_t r = 0; r < chunk_rows;) {
                    const bool full = r + TILE_ROWS <= chunk_rows;
                    for (size_t block = begin; block < end; block++) {
                        const uint8_t *lines = set.lines + (first_block + block) * BLOCK * set.dimensions;
                        const uint32_t *fill = first_block + block == set.blocks - 1 ? filler : no_filler;
                        if (full) {
                            match_tile(TILE_ROWS, &work, r, block, lines, set.dimensions, shift, fill);
                        } else {
                            match_tile(1, &work, r, block, lines, set.dimensions, shift, fill);
                        }
                    }
                    r += full ? TILE_ROWS : 1;
                }
            }
            for (size_t r = 0; r < chunk_rows; r++) {
                finish_row(&work, r, first_row + r, first_block * BLOCK, of_rows, layout);
            }
            finish_columns(&work, first_block, blocks, first_row, set, of_packed, layout);
        }
    }
}

TILE void nearest_tile(const int tile_rows, const int16_t *rows, const int32_t *norms, packed_set set, size_t block,
                       size_t k, int32_t *indices, int32_t *list) {
    __m256i dots[TILE_ROWS][HALVES];
    block_dots(tile_rows, rows, set.lines + block * BLOCK * set.dimensions, set.dimensions, dots);
    UNROLL for (int r = 0; r < tile_rows; r++, indices += k, list += k) {
        UNROLL for (int h = 0; h < HALVES; h++) {
            const __m256i norm = _mm256_set1_epi32(norms[r]), other = load(set.norms + block * BLOCK + 8 * h);
            const __m256i twice = _mm256_add_epi32(dots[r][h], dots[r][h]);
            const __m256i distances = _mm256_sub_epi32(_mm256_add_epi32(norm, other), twice);
            const __m256i below = _mm256_cmpgt_epi32(_mm256_set1_epi32(list[k - 1]), distances);
            uint32_t near = (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(below));
            if (__builtin_expect(near == 0, 1)) continue;
            int32_t values[8];
            _mm256_storeu_si256((__m256i *)values, distances);
            for (; near != 0; near &= near - 1) {
                const int lane = __builtin_ctz(near);
                if (values[lane] >= list[k - 1]) continue;
                insert_neighbour(indices, list, k, (int32_t)block * BLOCK + 8 * h + lane, values[lane]);
            }
        }
    }
}

TARGET void cairn_nearest_u8_avx2(const uint8_t *rows, size_t row_count, packed_set set, size_t k, int32_t *indices,
                                  int32_t *distances) {
    enum { chunk_capacity = 256 };
    int32_t norms[chunk_capacity];
    int16_t wide[TILE_ROWS * CAIRN_MATCH_MAX_DIMENSIONS];
    const size_t cached = cached_blocks(set.dimensions);
    for (size_t first_row = 0; first_row < row_count; first_row += chunk_capacity) {
        const size_t chunk_rows = row_count - first_row < chunk_capacity ? row_count - first_row : chunk_capacity;
        const uint8_t *chunk = rows + first_row * set.dimensions;
        for (size_t r = 0; r < chunk_rows; r++) norms[r] = squared_norm(chunk + r * set.dimensions, set.dimensions);
        for (size_t begin = 0; begin < set.blocks; begin += cached) {
            const size_t end = begin + cached < set.blocks ? begin + cached : set.blocks;
            for (size_t r = 0; r < chunk_rows;) {
                const bool full = r + TILE_ROWS <= chunk_rows;
                int32_t *row_indices = indices + (first_row + r) * k, *row_distances = distances + (first_row + r) * k;
                widen_rows(chunk + r * set.dimensions, (full ? TILE_ROWS : 1) * set.dimensions, wide);
                for (size_t block = begin; block < end; block++) {
                    if (full) {
                        nearest_tile(TILE_ROWS, wide, norms + r, set, block, k, row_indices, row_distances);
                    } else {
                        nearest_tile(1, wide, norms + r, set, block, k, row_indices, row_distances);
                    }
                }
                r += full ? TILE_ROWS : 1;
            }
        }
    }
}

#endif
