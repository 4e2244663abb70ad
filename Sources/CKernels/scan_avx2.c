#if defined(__x86_64__)

#include <immintrin.h>

#include "scan_scores.h"

#define TARGET __attribute__((target("avx2")))
#define TILE CAIRN_INLINE TARGET

// AVX2 multiplies unsigned by signed bytes and adds pairs with saturation at 2^15. Codes without their signs, times
// queries with those signs, stay below: 2 * 127 * 127 = 32,258.

enum {
    // Rows of a register tile of one query, and of one group.
    ONE_ROWS = 4,
    GROUP_ROWS = 4,
};

// sums += four products of each 32-bit lane, from codes of rows (without bias) and of queries.
TILE __m256i accumulate(__m256i sums, __m256i codes, __m256i magnitudes, __m256i query) {
    const __m256i pairs = _mm256_maddubs_epi16(magnitudes, _mm256_sign_epi8(query, codes));
    return _mm256_add_epi32(sums, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}

TILE int32_t sum_of(__m256i lanes) {
    __m128i sum = _mm_add_epi32(_mm256_castsi256_si128(lanes), _mm256_extracti128_si256(lanes, 1));
    sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0x4e));
    sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0xb1));
    return _mm_cvtsi128_si32(sum);
}

TILE void one_tile(const int tile_rows, const uint8_t *rows, size_t stride, const int8_t *query, int32_t *products) {
    const __m256i bias = _mm256_set1_epi8((char)BIAS);
    __m256i sums[ONE_ROWS];
    UNROLL for (int r = 0; r < tile_rows; r++) sums[r] = _mm256_setzero_si256();
    for (size_t i = 0; i < stride; i += 32) {
        const __m256i right = _mm256_loadu_si256((const __m256i *)(query + i));
        UNROLL for (int r = 0; r < tile_rows; r++) {
            const __m256i row = _mm256_loadu_si256((const __m256i *)(rows + (size_t)r * stride + i));
            const __m256i codes = _mm256_xor_si256(row, bias);
            sums[r] = accumulate(sums[r], codes, _mm256_abs_epi8(codes), right);
        }
    }
    UNROLL for (int r = 0; r < tile_rows; r++) products[r] = sum_of(sums[r]);
}

TARGET void cairn_scan_one_avx2(const uint8_t *rows, size_t row_count, size_t stride,
                                                         const int8_t *query, int32_t *products) {
    size_t r = 0;
    for (; r + ONE_ROWS <= row_count; r += ONE_ROWS) one_tile(ONE_ROWS, rows + r * stride, stride, query, products + r);
    for (; r < row_count; r++) one_tile(1, rows + r * stride, stride, query, products + r);
}

TILE void group_tile(const int tile_rows, const uint8_t *rows, size_t stride, const int8_t *packed, int32_t *products) {
    const __m256i bias = _mm256_set1_epi8((char)BIAS);
    __m256i sums[GROUP_ROWS][2];
    UNROLL for (int r = 0; r < tile_rows; r++) sums[r][0] = sums[r][1] = _mm256_setzero_si256();
    for (size_t i = 0; i < stride; i += 4) {
        const __m256i left = _mm256_load_si256((const __m256i *)(packed + i * GROUP));
        const __m256i right = _mm256_load_si256((const __m256i *)(packed + i * GROUP) + 1);
        UNROLL for (int r = 0; r < tile_rows; r++) {
            int32_t four;
            memcpy(&four, rows + (size_t)r * stride + i, sizeof four);
            const __m256i codes = _mm256_xor_si256(_mm256_set1_epi32(four), bias), size = _mm256_abs_epi8(codes);
            sums[r][0] = accumulate(sums[r][0], codes, size, left);
            sums[r][1] = accumulate(sums[r][1], codes, size, right);
        }
    }
    UNROLL for (int r = 0; r < tile_rows; r++) {
        _mm256_store_si256((__m256i *)(products + r * GROUP), sums[r][0]);
        _mm256_store_si256((__m256i *)(products + r * GROUP) + 1, sums[r][1]);
    }
}

TARGET void cairn_scan_groups_avx2(const uint8_t *rows, size_t row_count, size_t stride,
                                                            const int8_t *packed, size_t group_count,
                                                            int32_t *products) {
    for (size_t g = 0; g < group_count; g++, packed += packed_group_bytes(stride), products += row_count * GROUP) {
        size_t r = 0;
        for (; r + GROUP_ROWS <= row_count; r += GROUP_ROWS) {
            group_tile(GROUP_ROWS, rows + r * stride, stride, packed, products + r * GROUP);
        }
        for (; r < row_count; r++) group_tile(1, rows + r * stride, stride, packed, products + r * GROUP);
    }
}

TARGET void cairn_scan_scores_avx2(const float *query, size_t dimensions,
                                                            const float *const *vectors, size_t count, float *scores) {
    score_all(query, dimensions, vectors, count, scores);
}

#endif
