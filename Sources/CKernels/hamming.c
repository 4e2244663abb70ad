#include "cairn_hamming.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static inline __attribute__((always_inline)) uint64_t load64(const uint8_t *bytes) {
    uint64_t value;
    memcpy(&value, bytes, sizeof value);
    return value;
}

static inline __attribute__((always_inline)) uint16_t code_distance(const uint8_t *a, const uint8_t *b, size_t bytes) {
    int sum = 0;
    for (size_t i = 0; i < bytes; i += 8) sum += __builtin_popcountll(load64(a + i) ^ load64(b + i));
    return (uint16_t)sum;
}

static void hamming_128_plain(const uint8_t *query, const uint8_t *codes, size_t count, uint8_t *distances) {
    for (size_t i = 0; i < count; i++) distances[i] = (uint8_t)code_distance(query, codes + 16 * i, 16);
}

static void hamming_plain(const uint8_t *query, const uint8_t *codes, size_t count, size_t code_bytes,
                          uint16_t *distances) {
    for (size_t i = 0; i < count; i++) distances[i] = code_distance(query, codes + i * code_bytes, code_bytes);
}

#if defined(__x86_64__)
#define AVX2 __attribute__((target("avx2,popcnt")))
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512vpopcntdq,popcnt")))

// Bits that differ, for each 64-bit half of two codes: a table of 16 counts, looked up by half bytes.
static inline __attribute__((always_inline)) AVX2 __m256i half_counts_avx2(__m256i query, const uint8_t *codes) {
    const __m256i table = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,  //
                                           0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
    const __m256i low = _mm256_set1_epi8(15);
    const __m256i bits = _mm256_xor_si256(query, _mm256_loadu_si256((const __m256i *)codes));
    const __m256i lower = _mm256_shuffle_epi8(table, _mm256_and_si256(bits, low));
    const __m256i upper = _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(bits, 4), low));
    return _mm256_sad_epu8(_mm256_add_epi8(lower, upper), _mm256_setzero_si256());
}

static AVX2 void hamming_128_avx2(const uint8_t *query, const uint8_t *codes, size_t count, uint8_t *distances) {
    const __m256i wide = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)query));
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        const uint8_t *code = codes + 16 * i;
        // Counts are at most 64, so those of four registers share one, a byte each, and their halves' sums still fit.
        const __m256i ab = _mm256_or_si256(half_counts_avx2(wide, code),
                                           _mm256_slli_epi64(half_counts_avx2(wide, code + 32), 8));
        const __m256i cd = _mm256_or_si256(half_counts_avx2(wide, code + 64),
                                           _mm256_slli_epi64(half_counts_avx2(wide, code + 96), 8));
        const __m256i halves = _mm256_or_si256(ab, _mm256_slli_epi64(cd, 16));
        const __m256i sums = _mm256_add_epi8(halves, _mm256_shuffle_epi32(halves, 0x4e));
        // One half of the register has codes 0, 2, 4, 6, the other 1, 3, 5, 7.
        const __m128i both = _mm_unpacklo_epi8(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
        _mm_storel_epi64((__m128i *)(distances + i), both);
    }
    for (; i < count; i++) distances[i] = (uint8_t)code_distance(query, codes + 16 * i, 16);
}

static AVX2 void hamming_avx2(const uint8_t *query, const uint8_t *codes, size_t count, size_t code_bytes,
                              uint16_t *distances) {
    for (size_t i = 0; i < count; i++) distances[i] = code_distance(query, codes + i * code_bytes, code_bytes);
}

static inline __attribute__((always_inline)) AVX512 __m512i half_counts_avx512(__m512i query, const uint8_t *codes) {
    return _mm512_popcnt_epi64(_mm512_xor_si512(query, _mm512_loadu_si512(codes)));
}

static AVX512 void hamming_128_avx512(const uint8_t *query, const uint8_t *codes, size_t count, uint8_t *distances) {
    const __m512i wide = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)query));
    const __m512i firsts = _mm512_castsi128_si512(_mm_setr_epi32(0, 4, 8, 12));
    const __m128i transpose = _mm_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    size_t i = 0;
    for (; i + 16 <= count; i += 16) {
        const uint8_t *code = codes + 16 * i;
        // As above: counts of four registers share one.
        const __m512i ab = _mm512_or_si512(half_counts_avx512(wide, code),
                                           _mm512_slli_epi64(half_counts_avx512(wide, code + 64), 8));
        const __m512i cd = _mm512_or_si512(half_counts_avx512(wide, code + 128),
                                           _mm512_slli_epi64(half_counts_avx512(wide, code + 192), 8));
        const __m512i halves = _mm512_or_si512(ab, _mm512_slli_epi64(cd, 16));
        const __m512i sums = _mm512_add_epi8(halves, _mm512_shuffle_epi32(halves, _MM_PERM_BADC));
        // The first word of each quarter has that quarter's code of each of the four registers.
        const __m128i words = _mm512_castsi512_si128(_mm512_permutexvar_epi32(firsts, sums));
        _mm_storeu_si128((__m128i *)(distances + i), _mm_shuffle_epi8(words, transpose));
    }
    for (; i < count; i++) distances[i] = (uint8_t)code_distance(query, codes + 16 * i, 16);
}

static AVX512 void hamming_avx512(const uint8_t *query, const uint8_t *codes, size_t count, size_t code_bytes,
                                  uint16_t *distances) {
    if (code_bytes < 64) {
        hamming_avx2(query, codes, count, code_bytes, distances);
        return;
    }
    const size_t whole = code_bytes / 64 * 64;
    const __mmask8 rest = (__mmask8)((1u << (code_bytes - whole) / 8) - 1);
    for (size_t i = 0; i < count; i++) {
        const uint8_t *code = codes + i * code_bytes;
        const __m512i bits = _mm512_xor_si512(_mm512_maskz_loadu_epi64(rest, query + whole),
                                              _mm512_maskz_loadu_epi64(rest, code + whole));
        __m512i sum = _mm512_popcnt_epi64(bits);
        for (size_t b = 0; b < whole; b += 64) {
            sum = _mm512_add_epi64(sum, half_counts_avx512(_mm512_loadu_si512(query + b), code + b));
        }
        distances[i] = (uint16_t)_mm512_reduce_add_epi64(sum);
    }
}
#endif

void cairn_hamming_128(const uint8_t *query, const uint8_t *codes, size_t count, uint8_t *distances, cairn_isa isa) {
    switch (cairn_isa_resolve(isa)) {
#if defined(__x86_64__)
    case CAIRN_ISA_AVX2: hamming_128_avx2(query, codes, count, distances); break;
    case CAIRN_ISA_AVX512:
    case CAIRN_ISA_AMX: hamming_128_avx512(query, codes, count, distances); break;
#endif
    default: hamming_128_plain(query, codes, count, distances); break;
    }
}

void cairn_hamming(const uint8_t *query, const uint8_t *codes, size_t count, size_t code_bytes, uint16_t *distances,
                   cairn_isa isa) {
    if (code_bytes == 16) {
        // The length that has a kernel of its own: its bytes are widened in pieces that stay in the first-level cache.
        uint8_t narrow[1024];
        for (size_t i = 0; i < count; i += sizeof narrow) {
            const size_t piece = count - i < sizeof narrow ? count - i : sizeof narrow;
            cairn_hamming_128(query, codes + 16 * i, piece, narrow, isa);
            for (size_t j = 0; j < piece; j++) distances[i + j] = narrow[j];
        }
        return;
    }
    switch (cairn_isa_resolve(isa)) {
#if defined(__x86_64__)
    case CAIRN_ISA_AVX2: hamming_avx2(query, codes, count, code_bytes, distances); break;
    case CAIRN_ISA_AVX512:
    case CAIRN_ISA_AMX: hamming_avx512(query, codes, count, code_bytes, distances); break;
#endif
    default: hamming_plain(query, codes, count, code_bytes, distances); break;
    }
}
