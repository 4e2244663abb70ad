#include "resample_kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum {
    MIDDLE_SHIFT = CAIRN_WEIGHT_BITS - CAIRN_MIDDLE_BITS,
    MIDDLE_ROUND = 1 << (MIDDLE_SHIFT - 1),
    TARGET_SHIFT = CAIRN_WEIGHT_BITS + CAIRN_MIDDLE_BITS,
    TARGET_ROUND = 1 << (TARGET_SHIFT - 1),
};

static inline int16_t to_middle(int32_t sum) {
    sum = (sum + MIDDLE_ROUND) >> MIDDLE_SHIFT;
    return (int16_t)(sum < INT16_MIN ? INT16_MIN : sum > INT16_MAX ? INT16_MAX : sum);
}

static inline uint8_t to_sample(int32_t sum) {
    sum = (sum + TARGET_ROUND) >> TARGET_SHIFT;
    return (uint8_t)(sum < 0 ? 0 : sum > 255 ? 255 : sum);
}

// MARK: Plain

static void vertical_plain(const uint8_t *const *rows, const int16_t *weights, int taps, int16_t *middle, int count) {
    enum { BLOCK = 128 };
    for (int base = 0; base < count; base += BLOCK) {
        int32_t sums[BLOCK] = {0};
        const int block = count - base < BLOCK ? count - base : BLOCK;
        for (int k = 0; k < taps; k++) {
            const uint8_t *row = rows[k] + base;
            const int32_t weight = weights[k];
            for (int i = 0; i < block; i++) sums[i] += row[i] * weight;
        }
        for (int i = 0; i < block; i++) middle[base + i] = to_middle(sums[i]);
    }
}

static void horizontal1_plain(int16_t *middle, int middle_count, const int32_t *starts, const int16_t *weights,
                              int taps, uint8_t *target, int count, int target_channels) {
    (void)middle_count, (void)target_channels;
    for (int i = 0; i < count; i++) {
        const int16_t *from = middle + starts[i];
        const int16_t *weight = weights + (long)i * taps;
        int32_t sum = 0;
        for (int k = 0; k < taps; k++) sum += from[k] * weight[k];
        target[i] = to_sample(sum);
    }
}

static void horizontal4_plain(int16_t *middle, int middle_count, const int32_t *starts, const int16_t *weights,
                              int taps, uint8_t *target, int count, int target_channels) {
    (void)middle_count;
    for (int i = 0; i < count; i++) {
        const int16_t *from = middle + (long)starts[i] * 4;
        const int16_t *weight = weights + (long)i * taps;
        int32_t sums[4] = {0, 0, 0, 0};
        for (int k = 0; k < taps; k++) {
            for (int c = 0; c < 4; c++) sums[c] += from[k * 4 + c] * weight[k];
        }
        for (int c = 0; c < target_channels; c++) target[i * target_channels + c] = to_sample(sums[c]);
    }
}

// MARK: AVX2

#if defined(__x86_64__)

__attribute__((target("avx2"))) static void vertical_avx2(const uint8_t *const *rows, const int16_t *weights, int taps,
                                                          int16_t *middle, int count) {
    const __m256i round = _mm256_set1_epi32(MIDDLE_ROUND);
    for (int i = 0; i < count; i += 16) {
        __m256i low = round, high = round;
        for (int k = 0; k < taps; k += 2) {
            const __m128i a = _mm_loadu_si128((const __m128i *)(rows[k] + i));
            const __m128i b = _mm_loadu_si128((const __m128i *)(rows[k + 1] + i));
            // Two rows side by side: one multiply-add takes both.
            const __m256i first = _mm256_cvtepu8_epi16(_mm_unpacklo_epi8(a, b));
            const __m256i second = _mm256_cvtepu8_epi16(_mm_unpackhi_epi8(a, b));
            int32_t pair;
            __builtin_memcpy(&pair, weights + k, sizeof pair);
            const __m256i weight = _mm256_set1_epi32(pair);
            low = _mm256_add_epi32(low, _mm256_madd_epi16(first, weight));
            high = _mm256_add_epi32(high, _mm256_madd_epi16(second, weight));
        }
        low = _mm256_srai_epi32(low, MIDDLE_SHIFT);
        high = _mm256_srai_epi32(high, MIDDLE_SHIFT);
        const __m256i packed = _mm256_permute4x64_epi64(_mm256_packs_epi32(low, high), 0xD8);
        _mm256_storeu_si256((__m256i *)(middle + i), packed);
    }
}

__attribute__((target("avx2"))) static void horizontal1_avx2(int16_t *middle, int middle_count,
                                                             const int32_t *starts, const int16_t *weights, int taps,
                                                             uint8_t *target, int count, int target_channels) {
    int i = 0;
    for (; i + 4 <= count; i += 4) {
        __m128i sums[4];
        for (int j = 0; j < 4; j++) {
            const int16_t *from = middle + starts[i + j];
            const int16_t *weight = weights + (long)(i + j) * taps;
            __m128i sum = _mm_setzero_si128();
            for (int k = 0; k < taps; k += 8) {
                sum = _mm_add_epi32(sum, _mm_madd_epi16(_mm_loadu_si128((const __m128i *)(from + k)),
                                                        _mm_loadu_si128((const __m128i *)(weight + k))));
            }
            sums[j] = sum;
        }
        __m128i sum = _mm_hadd_epi32(_mm_hadd_epi32(sums[0], sums[1]), _mm_hadd_epi32(sums[2], sums[3]));
        sum = _mm_srai_epi32(_mm_add_epi32(sum, _mm_set1_epi32(TARGET_ROUND)), TARGET_SHIFT);
        const int32_t packed = _mm_cvtsi128_si32(_mm_packus_epi16(_mm_packs_epi32(sum, sum), sum));
        __builtin_memcpy(target + i, &packed, sizeof packed);
    }
    horizontal1_plain(middle, middle_count, starts + i, weights + (long)i * taps, taps, target + i, count - i, target_channels);
}

__attribute__((target("avx2"))) static void horizontal4_avx2(int16_t *middle, int middle_count,
                                                             const int32_t *starts, const int16_t *weights, int taps,
                                                             uint8_t *target, int count, int target_channels) {
    // First, two pixels' channels are put side by side, so that one multiply-add takes both pixels.
    const __m256i interleave = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15));
    for (int i = 0; i < middle_count; i += 16) {
        __m256i *four = (__m256i *)(middle + i);
        _mm256_storeu_si256(four, _mm256_shuffle_epi8(_mm256_loadu_si256(four), interleave));
    }
    const __m256i spread = _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1);
    for (int i = 0; i < count; i++) {
        const int16_t *from = middle + (long)starts[i] * 4;
        const int16_t *weight = weights + (long)i * taps;
        __m256i sums = _mm256_setzero_si256();
        for (int k = 0; k < taps; k += 4) {
            const __m256i pixels = _mm256_loadu_si256((const __m256i *)(from + k * 4));
            const __m256i four = _mm256_castsi128_si256(_mm_loadl_epi64((const __m128i *)(weight + k)));
            sums = _mm256_add_epi32(sums, _mm256_madd_epi16(pixels, _mm256_permutevar8x32_epi32(four, spread)));
        }
        __m128i sum = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
        sum = _mm_srai_epi32(_mm_add_epi32(sum, _mm_set1_epi32(TARGET_ROUND)), TARGET_SHIFT);
        const int32_t packed = _mm_cvtsi128_si32(_mm_packus_epi16(_mm_packs_epi32(sum, sum), sum));
        // Four bytes at once: the next pixel overwrites what is too much, and the last one writes no more than it may.
        // A copy of a length that is not known would be a call for each pixel.
        if (i + 1 < count) {
            __builtin_memcpy(target, &packed, sizeof packed);
        } else {
            __builtin_memcpy(target, &packed, (unsigned long)target_channels);
        }
        target += target_channels;
    }
}

#endif

// MARK: Choice

cairn_resample_kernels cairn_resample_kernels_plain(void) {
    return (cairn_resample_kernels){vertical_plain, horizontal1_plain, horizontal4_plain};
}

cairn_resample_kernels cairn_resample_kernels_best(void) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        return (cairn_resample_kernels){vertical_avx2, horizontal1_avx2, horizontal4_avx2};
    }
#endif
    return cairn_resample_kernels_plain();
}
