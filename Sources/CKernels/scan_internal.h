#ifndef CAIRN_SCAN_INTERNAL_H
#define CAIRN_SCAN_INTERNAL_H

#include "cairn_scan.h"

#include <string.h>

// Shared by the paths of the scan kernels.

#define CAIRN_INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

enum {
    GROUP = CAIRN_SCAN_GROUP,
    // What stored rows have added to their codes.
    BIAS = 128,
};

// Bytes of a packed group: its lines, and the line of biases.
CAIRN_INLINE size_t packed_group_bytes(size_t stride) { return GROUP * stride + GROUP * sizeof(int32_t); }

// Each path gets exactly what its function gets, without the instruction set.
typedef void scan_one_path(const uint8_t *rows, size_t row_count, size_t stride, const int8_t *query,
                           int32_t *products);
typedef void scan_groups_path(const uint8_t *rows, size_t row_count, size_t stride, const int8_t *packed,
                              size_t group_count, int32_t *products);
typedef size_t scan_hits_of_one_path(const int32_t *products, const float *scales, size_t row_count, float threshold,
                                     uint32_t *hits);
typedef size_t scan_hits_of_group_path(const int32_t *products, const float *scales, size_t row_count,
                                       const float *thresholds, uint32_t *hits);
typedef void scan_scores_path(const float *query, size_t dimensions, const float *const *vectors, size_t count,
                              float *scores);

scan_one_path cairn_scan_one_plain;
scan_groups_path cairn_scan_groups_plain;
scan_hits_of_one_path cairn_scan_hits_of_one_plain;
scan_hits_of_group_path cairn_scan_hits_of_group_plain;
scan_scores_path cairn_scan_scores_plain;
#if defined(__x86_64__)
scan_one_path cairn_scan_one_avx2, cairn_scan_one_avx512;
scan_groups_path cairn_scan_groups_avx2, cairn_scan_groups_avx512, cairn_scan_groups_amx;
scan_hits_of_one_path cairn_scan_hits_of_one_avx512;
scan_hits_of_group_path cairn_scan_hits_of_group_avx512;
scan_scores_path cairn_scan_scores_avx2, cairn_scan_scores_avx512;
#endif

#endif
