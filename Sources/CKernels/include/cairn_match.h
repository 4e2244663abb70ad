#ifndef CAIRN_MATCH_H
#define CAIRN_MATCH_H

#include "cairn_cpu.h"

/// The largest number of bytes in a descriptor. It keeps a squared distance within 26 bits.
enum { CAIRN_MATCH_MAX_DIMENSIONS = 1024 };

/// The largest `k` of `cairn_nearest_u8`.
enum { CAIRN_NEAREST_MAX_K = 64 };

/// Bytes that `cairn_pack_u8` writes for `count` descriptors.
///
/// `dimensions` is a multiple of 4 from 4 to `CAIRN_MATCH_MAX_DIMENSIONS`, here and below.
size_t cairn_packed_u8_bytes(size_t count, size_t dimensions);

/// Rearranges `count` rows of `dimensions` bytes, so that one vector register holds 4 bytes of each of 16 descriptors.
///
/// `packed` is aligned to 64 bytes. Its layout: for every 16 descriptors a block of `dimensions / 4` lines of 64 bytes,
/// line q holding bytes 4q to 4q+3 of each of the 16; then an int32 |b|² for each descriptor; then an int32 |b|² - 256
/// Σb for each. The last block is filled up with zeros, and its two constants with 2^30. The layout is the same for
/// every instruction set, so packed descriptors may be stored and mapped.
void cairn_pack_u8(const uint8_t *rows, size_t count, size_t dimensions, void *packed);

/// For each descriptor of one side: its nearest on the other side, and how near the two nearest are.
///
/// Each array has one element for each descriptor. With none on the other side `nearest` is -1; a distance that does
/// not exist is INT32_MAX.
typedef struct cairn_two_nearest {
    /// Index of the nearest; the lowest among equally near ones.
    int32_t *nearest;
    /// Squared Euclidean distance to the nearest.
    int32_t *distance;
    /// Squared Euclidean distance to the second nearest; equal to `distance` when two are equally near.
    int32_t *second;
} cairn_two_nearest;

/// Bytes of scratch memory, aligned to 64, that `cairn_match_u8` needs.
size_t cairn_match_u8_workspace_bytes(size_t packed_count, size_t dimensions);

/// Compares every row with every packed descriptor once, and finds the two nearest in both directions.
///
/// Distances are exact integers. `rows` is `row_count` x `dimensions` bytes of any alignment; `packed` and `workspace`
/// are aligned to 64 bytes. O(row_count x packed_count x dimensions).
void cairn_match_u8(const uint8_t *rows, size_t row_count, const void *packed, size_t packed_count, size_t dimensions,
                    cairn_two_nearest of_rows, cairn_two_nearest of_packed, void *workspace, cairn_isa isa);

/// Finds the `k` nearest packed descriptors of every row, nearest first, the lower index first among equally near ones.
///
/// `indices` and `distances` are `row_count` x `k`; distances are squared and exact. Where `packed_count` is less than
/// `k`, the rest of a row is filled with -1 and INT32_MAX. `k` is from 1 to `CAIRN_NEAREST_MAX_K`.
void cairn_nearest_u8(const uint8_t *rows, size_t row_count, const void *packed, size_t packed_count, size_t dimensions,
                      size_t k, int32_t *indices, int32_t *distances, cairn_isa isa);

#endif
