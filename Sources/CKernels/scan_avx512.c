#if defined(__x86_64__)

#include <immintrin.h>

#include "scan_scores.h"

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni,popcnt")))
#define TILE CAIRN_INLINE TARGET

// VNNI multiplies unsigned by signed bytes and adds fours of them, exactly. Rows keep their bias of 128, and sums start
// lower by what it adds: Σ (c + 128) q = Σ c q + 128 Σ q.

enum {
    // Rows whose sums are added up together.
    ONE_ROWS = 4,
    // Rows and groups of a register tile: 16 of the 32 registers are sums.
    TILE_ROWS = 8,
    TILE_GROUPS = 2,
    // Bytes ahead of a scan by one query.
    PREFETCH = 8192,
};

TILE void one_tile(const uint8_t *rows, size_t stride, const int8_t *query, __m128i bias, int32_t *products) {
    __m512i sums[ONE_ROWS];
    UNROLL for (int r = 0; r < ONE_ROWS; r++) sums[r] = _mm512_setzero_si512();
    // Row after row, so that memory sees one ascending stream.
    UNROLL for (int r = 0; r < ONE_ROWS; r++) {
        const uint8_t *row = rows + (size_t)r * stride;
        for (size_t i = 0; i < stride; i += 64) {
            _mm_prefetch((const char *)row + i + PREFETCH, _MM_HINT_T0);
            sums[r] = _mm512_dpbusd_epi32(sums[r], _mm512_loadu_si512(row + i), _mm512_loadu_si512(query + i));
        }
    }
    // Each 128 bits: one partial sum of each row.
    const __m512i first =
        _mm512_add_epi32(_mm512_unpacklo_epi32(sums[0], sums[1]), _mm512_unpackhi_epi32(sums[0], sums[1]));
    const __m512i second =
        _mm512_add_epi32(_mm512_unpacklo_epi32(sums[2], sums[3]), _mm512_unpackhi_epi32(sums[2], sums[3]));
    const __m512i all = _mm512_add_epi32(_mm512_unpacklo_epi64(first, second), _mm512_unpackhi_epi64(first, second));
    const __m256i half = _mm256_add_epi32(_mm512_castsi512_si256(all), _mm512_extracti64x4_epi64(all, 1));
    const __m128i sum = _mm_add_epi32(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
    _mm_storeu_si128((__m128i *)products, _mm_sub_epi32(sum, bias));
}

TARGET void cairn_scan_one_avx512(const uint8_t *rows, size_t row_count, size_t stride, const int8_t *query,
                                  int32_t *products) {
    __m512i biases = _mm512_setzero_si512();
    for (size_t i = 0; i < stride; i += 64) {
        biases = _mm512_dpbusd_epi32(biases, _mm512_set1_epi8((char)BIAS), _mm512_loadu_si512(query + i));
    }
    const int32_t bias = _mm512_reduce_add_epi32(biases);
    const __m128i biases_of_four = _mm_set1_epi32(bias);
    size_t r = 0;
    for (; r + ONE_ROWS <= row_count; r += ONE_ROWS) {
        one_tile(rows + r * stride, stride, query, biases_of_four, products + r);
    }
    for (; r < row_count; r++) {
        __m512i sums = _mm512_setzero_si512();
        for (size_t i = 0; i < stride; i += 64) {
            sums = _mm512_dpbusd_epi32(sums, _mm512_loadu_si512(rows + r * stride + i), _mm512_loadu_si512(query + i));
        }
        products[r] = _mm512_reduce_add_epi32(sums) - bias;
    }
}

TILE void group_tile(const int tile_rows, const int groups, const uint8_t *rows, size_t stride, const int8_t *packed,
                     int32_t *products, size_t group_products) {
    const int8_t *lines[TILE_GROUPS] = {packed, packed + packed_group_bytes(stride)};
    __m512i sums[TILE_ROWS][TILE_GROUPS];
    UNROLL for (int g = 0; g < groups; g++) {
        UNROLL for (int r = 0; r < tile_rows; r++) sums[r][g] = _mm512_load_si512(lines[g] + stride * GROUP);
    }
    for (size_t i = 0; i < stride; i += 4) {
        __m512i line[TILE_GROUPS];
        UNROLL for (int g = 0; g < groups; g++) line[g] = _mm512_load_si512(lines[g] + i * GROUP);
        UNROLL for (int r = 0; r < tile_rows; r++) {
            int32_t four;
            memcpy(&four, rows + (size_t)r * stride + i, sizeof four);
            const __m512i codes = _mm512_set1_epi32(four);
            UNROLL for (int g = 0; g < groups; g++) sums[r][g] = _mm512_dpbusd_epi32(sums[r][g], codes, line[g]);
        }
    }
    UNROLL for (int r = 0; r < tile_rows; r++) {
        UNROLL for (int g = 0; g < groups; g++) {
            _mm512_store_si512(products + (size_t)g * group_products + (size_t)r * GROUP, sums[r][g]);
        }
    }
}

TILE void scan_groups(const int groups, const uint8_t *rows, size_t row_count, size_t stride, const int8_t *packed,
                      int32_t *products) {
    size_t r = 0;
    for (; r + TILE_ROWS <= row_count; r += TILE_ROWS) {
        group_tile(TILE_ROWS, groups, rows + r * stride, stride, packed, products + r * GROUP, row_count * GROUP);
    }
    for (; r < row_count; r++) {
        group_tile(1, groups, rows + r * stride, stride, packed, products + r * GROUP, row_count * GROUP);
    }
}

TARGET void cairn_scan_groups_avx512(const uint8_t *rows, size_t row_count, size_t stride, const int8_t *packed,
                                     size_t group_count, int32_t *products) {
    const size_t group_bytes = packed_group_bytes(stride), group_products = row_count * GROUP;
    size_t g = 0;
    for (; g + TILE_GROUPS <= group_count; g += TILE_GROUPS) {
        scan_groups(TILE_GROUPS, rows, row_count, stride, packed + g * group_bytes, products + g * group_products);
    }
    if (g < group_count) {
        scan_groups(1, rows, row_count, stride, packed + g * group_bytes, products + g * group_products);
    }
}

TILE size_t add_hits(uint32_t *hits, size_t count, uint32_t first, __mmask16 found) {
    for (uint32_t bits = found; bits != 0; bits &= bits - 1) hits[count++] = first + (uint32_t)__builtin_ctz(bits);
    return count;
}

TARGET size_t cairn_scan_hits_of_one_avx512(const int32_t *products, const float *scales, size_t row_count,
                                            float threshold, uint32_t *hits) {
    const __m512 least = _mm512_set1_ps(threshold);
    size_t count = 0;
    for (size_t r = 0; r < row_count; r += GROUP) {
        const __mmask16 used = (__mmask16)(row_count - r < GROUP ? (1u << (row_count - r)) - 1 : 0xffff);
        const __m512 value = _mm512_mul_ps(_mm512_cvtepi32_ps(_mm512_maskz_loadu_epi32(used, products + r)),
                                           _mm512_maskz_loadu_ps(used, scales + r));
        const __mmask16 found = _mm512_mask_cmp_ps_mask(used, value, least, _CMP_GE_OQ);
        if (found != 0) count = add_hits(hits, count, (uint32_t)r, found);
    }
    return count;
}

TARGET size_t cairn_scan_hits_of_group_avx512(const int32_t *products, const float *scales, size_t row_count,
                                              const float *thresholds, uint32_t *hits) {
    const __m512 least = _mm512_loadu_ps(thresholds);
    size_t count = 0;
    for (size_t r = 0; r < row_count; r++) {
        const __m512 value = _mm512_mul_ps(_mm512_cvtepi32_ps(_mm512_load_si512(products + r * GROUP)),
                                           _mm512_set1_ps(scales[r]));
        const __mmask16 found = _mm512_cmp_ps_mask(value, least, _CMP_GE_OQ);
        if (found != 0) count = add_hits(hits, count, (uint32_t)(r * GROUP), found);
    }
    return count;
}

TARGET void cairn_scan_scores_avx512(const float *query, size_t dimensions, const float *const *vectors, size_t count,
                                     float *scores) {
    score_all(query, dimensions, vectors, count, scores);
}

#endif
