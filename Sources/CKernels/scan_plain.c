#include "scan_scores.h"

// The reference that the vector paths agree with.

void cairn_scan_one_plain(const uint8_t *rows, size_t row_count, size_t stride, const int8_t *query,
                          int32_t *products) {
    for (size_t r = 0; r < row_count; r++) {
        const uint8_t *row = rows + r * stride;
        int32_t sum = 0;
        for (size_t i = 0; i < stride; i++) sum += ((int32_t)row[i] - BIAS) * query[i];
        products[r] = sum;
    }
}

void cairn_scan_groups_plain(const uint8_t *rows, size_t row_count, size_t stride, const int8_t *packed,
                             size_t group_count, int32_t *products) {
    for (size_t g = 0; g < group_count; g++, packed += packed_group_bytes(stride)) {
        for (size_t r = 0; r < row_count; r++, products += GROUP) {
            const uint8_t *row = rows + r * stride;
            int32_t sums[GROUP] = {0};
            for (size_t i = 0; i < stride; i += 4) {
                for (size_t lane = 0; lane < GROUP; lane++) {
                    const int8_t *four = packed + i * GROUP + lane * 4;
                    for (size_t j = 0; j < 4; j++) sums[lane] += ((int32_t)row[i + j] - BIAS) * four[j];
                }
            }
            memcpy(products, sums, sizeof sums);
        }
    }
}

size_t cairn_scan_hits_of_one_plain(const int32_t *products, const float *scales, size_t row_count, float threshold,
                                    uint32_t *hits) {
    size_t count = 0;
    for (size_t r = 0; r < row_count; r++) {
        hits[count] = (uint32_t)r;
        count += (float)products[r] * scales[r] >= threshold;
    }
    return count;
}

size_t cairn_scan_hits_of_group_plain(const int32_t *products, const float *scales, size_t row_count,
                                      const float *thresholds, uint32_t *hits) {
    size_t count = 0;
    for (size_t r = 0; r < row_count; r++) {
        for (size_t lane = 0; lane < GROUP; lane++) {
            hits[count] = (uint32_t)(r * GROUP + lane);
            count += (float)products[r * GROUP + lane] * scales[r] >= thresholds[lane];
        }
    }
    return count;
}

void cairn_scan_scores_plain(const float *query, size_t dimensions, const float *const *vectors, size_t count,
                             float *scores) {
    score_all(query, dimensions, vectors, count, scores);
}
