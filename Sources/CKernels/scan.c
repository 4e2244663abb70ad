#include "scan_internal.h"

#include <float.h>
#include <math.h>

enum {
    // Partial sums of the coder: independent, so that they need no reordering to share a register.
    SUMS = 8,
};

CAIRN_INLINE double total(const double sums[SUMS]) {
    double sum = 0;
    for (int i = 0; i < SUMS; i++) sum += sums[i];
    return sum;
}

CAIRN_INLINE double squared_norm(const float *vector, size_t dimensions) {
    double sums[SUMS] = {0};
    size_t i = 0;
    for (; i + SUMS <= dimensions; i += SUMS) {
        for (size_t j = 0; j < SUMS; j++) sums[j] += (double)vector[i + j] * (double)vector[i + j];
    }
    for (size_t j = 0; i + j < dimensions; j++) sums[j] += (double)vector[i + j] * (double)vector[i + j];
    return total(sums);
}

CAIRN_INLINE float largest_magnitude(const float *vector, size_t dimensions) {
    float largest[SUMS] = {0};
    size_t i = 0;
    for (; i + SUMS <= dimensions; i += SUMS) {
        for (size_t j = 0; j < SUMS; j++) {
            const float magnitude = fabsf(vector[i + j]);
            largest[j] = largest[j] < magnitude ? magnitude : largest[j];
        }
    }
    for (size_t j = 0; i + j < dimensions; j++) {
        const float magnitude = fabsf(vector[i + j]);
        largest[j] = largest[j] < magnitude ? magnitude : largest[j];
    }
    for (size_t j = 1; j < SUMS; j++) largest[0] = largest[0] < largest[j] ? largest[j] : largest[0];
    return largest[0];
}

// The nearest integer, the even one of two: adding 1.5 * 2^23 leaves no bits for a fraction.
CAIRN_INLINE float rounded(float value) {
    const float shift = 12582912.0f;
    return (value + shift) - shift;
}

// Codes a value; what the code leaves out, squared.
CAIRN_INLINE double squared_error(float value, float scale, float inverse, int offset, uint8_t *code) {
    const float c = rounded(value * inverse);
    *code = (uint8_t)((int)c + offset);
    const double difference = (double)value - (double)scale * (double)c;
    return difference * difference;
}

// Codes with `offset` added to each.
CAIRN_INLINE cairn_scan_code encode(const float *vector, size_t dimensions, uint8_t *codes, int offset) {
    memset(codes, offset, cairn_scan_stride(dimensions));
    cairn_scan_code code = {.scale = 0, .residual = INFINITY, .squared_norm = squared_norm(vector, dimensions)};
    const float scale = largest_magnitude(vector, dimensions) / 127;
    if (!isfinite(code.squared_norm) || scale < FLT_MIN) return code;

    const float inverse = 1 / scale;
    double sums[SUMS] = {0};
    size_t i = 0;
    // Whole groups apart from the rest, so that compilers see the count.
    for (; i + SUMS <= dimensions; i += SUMS) {
        for (size_t j = 0; j < SUMS; j++) sums[j] += squared_error(vector[i + j], scale, inverse, offset, codes + i + j);
    }
    for (size_t j = 0; i + j < dimensions; j++) {
        sums[j] += squared_error(vector[i + j], scale, inverse, offset, codes + i + j);
    }
    code.scale = scale;
    // Rounded up: what is proved from it must hold.
    code.residual = (float)(sqrt(total(sums)) * (1 + 1e-6));
    return code;
}

// The same source for wider registers: sums stay apart lane by lane, so the bits are the same.
#if defined(__x86_64__) && defined(__linux__)
#define FOR_EACH_WIDTH __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define FOR_EACH_WIDTH
#endif

FOR_EACH_WIDTH cairn_scan_code cairn_scan_encode_row(const float *vector, size_t dimensions, uint8_t *codes) {
    return encode(vector, dimensions, codes, BIAS);
}

FOR_EACH_WIDTH cairn_scan_code cairn_scan_encode_query(const float *vector, size_t dimensions, int8_t *codes) {
    return encode(vector, dimensions, (uint8_t *)codes, 0);
}

size_t cairn_scan_packed_bytes(size_t query_count, size_t stride) {
    return (query_count + GROUP - 1) / GROUP * packed_group_bytes(stride);
}

void cairn_scan_pack(const int8_t *queries, size_t query_count, size_t stride, void *packed) {
    memset(packed, 0, cairn_scan_packed_bytes(query_count, stride));
    for (size_t q = 0; q < query_count; q++) {
        const int8_t *query = queries + q * stride;
        int8_t *line = (int8_t *)packed + q / GROUP * packed_group_bytes(stride) + q % GROUP * 4;
        int32_t bias = 0;
        for (size_t i = 0; i < stride; i++) bias -= BIAS * query[i];
        for (size_t i = 0; i < stride; i += 4) memcpy(line + i * GROUP, query + i, 4);
        memcpy(line + stride * GROUP, &bias, sizeof bias);
    }
}

void cairn_scan_one(const uint8_t *rows, size_t row_count, size_t stride, const int8_t *query, int32_t *products,
                    cairn_isa isa) {
    scan_one_path *path = cairn_scan_one_plain;
    switch (cairn_isa_resolve(isa)) {
#if defined(__x86_64__)
    case CAIRN_ISA_AVX2: path = cairn_scan_one_avx2; break;
    // A tile of which one column is used multiplies no faster than memory delivers rows.
    case CAIRN_ISA_AVX512:
    case CAIRN_ISA_AMX: path = cairn_scan_one_avx512; break;
#endif
    default: break;
    }
    path(rows, row_count, stride, query, products);
}

void cairn_scan_groups(const uint8_t *rows, size_t row_count, size_t stride, const void *packed, size_t group_count,
                       int32_t *products, cairn_isa isa) {
    scan_groups_path *path = cairn_scan_groups_plain;
    switch (cairn_isa_resolve(isa)) {
#if defined(__x86_64__)
    case CAIRN_ISA_AVX2: path = cairn_scan_groups_avx2; break;
    case CAIRN_ISA_AVX512: path = cairn_scan_groups_avx512; break;
    case CAIRN_ISA_AMX: path = cairn_scan_groups_amx; break;
#endif
    default: break;
    }
    path(rows, row_count, stride, packed, group_count, products);
}

size_t cairn_scan_hits_of_one(const int32_t *products, const float *scales, size_t row_count, float threshold,
                              uint32_t *hits, cairn_isa isa) {
    scan_hits_of_one_path *path = cairn_scan_hits_of_one_plain;
    switch (cairn_isa_resolve(isa)) {
#if defined(__x86_64__)
    case CAIRN_ISA_AVX512:
    case CAIRN_ISA_AMX: path = cairn_scan_hits_of_one_avx512; break;
#endif
    default: break;
    }
    return path(products, scales, row_count, threshold, hits);
}

size_t cairn_scan_hits_of_group(const int32_t *products, const float *scales, size_t row_count, const float *thresholds,
                                uint32_t *hits, cairn_isa isa) {
    scan_hits_of_group_path *path = cairn_scan_hits_of_group_plain;
    switch (cairn_isa_resolve(isa)) {
#if defined(__x86_64__)
    case CAIRN_ISA_AVX512:
    case CAIRN_ISA_AMX: path = cairn_scan_hits_of_group_avx512; break;
#endif
    default: break;
    }
    return path(products, scales, row_count, thresholds, hits);
}

void cairn_scan_scores(const float *query, size_t dimensions, const float *const *vectors, size_t count, float *scores,
                       cairn_isa isa) {
    scan_scores_path *path = cairn_scan_scores_plain;
    switch (cairn_isa_resolve(isa)) {
#if defined(__x86_64__)
    case CAIRN_ISA_AVX2: path = cairn_scan_scores_avx2; break;
    case CAIRN_ISA_AVX512:
    case CAIRN_ISA_AMX: path = cairn_scan_scores_avx512; break;
#endif
    default: break;
    }
    path(query, dimensions, vectors, count, scores);
}
