#ifndef CAIRN_MATCH_AVX512_H
#define CAIRN_MATCH_AVX512_H

#include <immintrin.h>

#include "match_keys.h"

// What the paths with 512-bit registers share: reading results out of lanes.

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni,popcnt")))
#define TILE CAIRN_INLINE TARGET
#define UNROLL _Pragma("clang loop unroll(full)")

// Reads a row's two nearest out of its 16 lanes. The lowest column wins among equal distances.
TILE void finish_row(const match_workspace *work, size_t at, size_t row, size_t first_column, cairn_two_nearest of_rows,
                     key_layout layout, __m512i shift) {
    const __m512i lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const __m512i best = _mm512_load_si512(work->row_keys[at].best);
    const __m512i second = _mm512_load_si512(work->row_keys[at].second);
    const __m512i distances = _mm512_srlv_epi32(best, shift);
    const uint32_t nearest = _mm512_reduce_min_epu32(distances);
    const __m512i blocks = _mm512_and_si512(best, _mm512_set1_epi32((int)layout.mask));
    const __m512i columns = _mm512_or_si512(_mm512_slli_epi32(blocks, 4), lanes);
    const __mmask16 winners = _mm512_cmpeq_epi32_mask(distances, _mm512_set1_epi32((int)nearest));
    const uint32_t column = _mm512_mask_reduce_min_epu32(winners, columns);
    const __mmask16 winner = (__mmask16)(1u << (column & (BLOCK - 1)));
    const uint32_t next = _mm512_reduce_min_epu32(_mm512_mask_mov_epi32(best, winner, second));
    const uint32_t parity = work->row_parity[at];
    merge_nearest(of_rows, row, (int32_t)(first_column + column), (int32_t)(nearest - parity),
                  next == NO_KEY ? INT32_MAX : (int32_t)((next >> layout.bits) - parity));
}

// Looks at one row's distances to the blocks of a tile, and puts those below its k-th into its list.
TILE void nearest_row(const int tile_blocks, const __m512i *distances, int32_t norm, size_t first_column,
                      size_t k, int32_t *indices, int32_t *list) {
    __m512i smallest = distances[0];
    UNROLL for (int v = 1; v < tile_blocks; v++) smallest = _mm512_min_epi32(smallest, distances[v]);
    if (__builtin_expect(_mm512_cmplt_epi32_mask(smallest, _mm512_set1_epi32(list[k - 1] - norm)) == 0, 1)) return;
    for (int v = 0; v < tile_blocks; v++) {
        int32_t values[BLOCK];
        _mm512_storeu_si512(values, distances[v]);
        uint32_t near = _mm512_cmplt_epi32_mask(distances[v], _mm512_set1_epi32(list[k - 1] - norm));
        for (; near != 0; near &= near - 1) {
            const int lane = __builtin_ctz(near);
            const int32_t distance = values[lane] + norm;
            if (distance >= list[k - 1]) continue;
            insert_neighbour(indices, list, k, (int32_t)first_column + v * BLOCK + lane, distance);
        }
    }
}

#endif
