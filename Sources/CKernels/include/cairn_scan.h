#ifndef CAIRN_SCAN_H
#define CAIRN_SCAN_H

#include "cairn_cpu.h"

/// Inner products of 8-bit codes of unit vectors, for a scan of all of them, and of the vectors themselves.
///
/// A vector is coded as `scale * c`, each c an integer from -127 to 127. Stored rows keep c + 128 as an unsigned byte,
/// queries c as a signed one: what the multipliers of AVX-512 and AMX take. Rows begin `cairn_scan_stride` bytes apart,
/// filled up with c = 0. All integers are exact, through every instruction set.

/// The largest number of dimensions. It keeps an inner product of codes within 29 bits.
enum { CAIRN_SCAN_MAX_DIMENSIONS = 8192 };

/// Queries in a group of packed ones.
enum { CAIRN_SCAN_GROUP = 16 };

/// Bytes of a coded vector: its dimensions, rounded up to a multiple of 64.
static inline size_t cairn_scan_stride(size_t dimensions) { return (dimensions + 63) / 64 * 64; }

/// How a vector was coded.
typedef struct cairn_scan_code {
    /// What codes are multiplied by. 0 when the vector is zero, or not finite: its codes are then zeros.
    float scale;
    /// The length of the difference between the vector and `scale` times its codes; never less than it.
    float residual;
    /// The vector's squared length; not finite when a value is not.
    double squared_norm;
} cairn_scan_code;

/// Codes a row: `codes` receives `cairn_scan_stride(dimensions)` bytes.
cairn_scan_code cairn_scan_encode_row(const float *vector, size_t dimensions, uint8_t *codes);

/// Codes a query: `codes` receives `cairn_scan_stride(dimensions)` bytes.
cairn_scan_code cairn_scan_encode_query(const float *vector, size_t dimensions, int8_t *codes);

/// Inner products of one query's codes with those of `row_count` rows.
///
/// `stride` is a multiple of 64 up to `CAIRN_SCAN_MAX_DIMENSIONS`; nothing needs to be aligned, but rows aligned to 64
/// bytes are faster. O(row_count x stride), at the speed of memory.
void cairn_scan_one(const uint8_t *rows, size_t row_count, size_t stride, const int8_t *query, int32_t *products,
                    cairn_isa isa);

/// Bytes that `cairn_scan_pack` writes: whole groups of `CAIRN_SCAN_GROUP` queries.
size_t cairn_scan_packed_bytes(size_t query_count, size_t stride);

/// Rearranges coded queries, so that one vector register holds 4 bytes of each of the 16 queries of a group.
///
/// `packed` is aligned to 64 bytes: for each group `stride / 4` lines of 64 bytes, line i with bytes 4i to 4i+3 of each
/// of its queries q, and a line of 32-bit integers -128 Σq, which takes the rows' bias off. The last group is filled up
/// with zeros.
void cairn_scan_pack(const int8_t *queries, size_t query_count, size_t stride, void *packed);

/// Inner products of groups of packed queries with rows: `group_count` x `row_count` x `CAIRN_SCAN_GROUP`, in this
/// order.
///
/// Each row is loaded once for two groups. `packed` and `products` are aligned to 64 bytes.
void cairn_scan_groups(const uint8_t *rows, size_t row_count, size_t stride, const void *packed, size_t group_count,
                       int32_t *products, cairn_isa isa);

/// Finds the products of one query that, times their row's scale, reach a threshold.
///
/// `hits` has room for `row_count` and receives row numbers, ascending. Returns how many. The comparison is that of
/// 32-bit floats, the same through every instruction set: `(float)product * scale >= threshold`.
size_t cairn_scan_hits_of_one(const int32_t *products, const float *scales, size_t row_count, float threshold,
                              uint32_t *hits, cairn_isa isa);

/// The same for a group, with a threshold for each of its queries; `hits` has room for `row_count * CAIRN_SCAN_GROUP`
/// and receives positions in `products`, ascending.
size_t cairn_scan_hits_of_group(const int32_t *products, const float *scales, size_t row_count, const float *thresholds,
                                uint32_t *hits, cairn_isa isa);

/// Inner products of a query with `count` vectors, each where its pointer says.
///
/// Summed in 64-bit floats, in an order that is the same through every instruction set, and rounded once.
void cairn_scan_scores(const float *query, size_t dimensions, const float *const *vectors, size_t count, float *scores,
                       cairn_isa isa);

#endif
