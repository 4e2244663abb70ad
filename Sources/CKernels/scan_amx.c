#if defined(__x86_64__)

#include <immintrin.h>

#include "scan_internal.h"

#define TARGET __attribute__((target("amx-tile,amx-int8,avx512f,avx512bw,avx512vl,avx512vnni")))

// Intel's tile multiplier: 16 rows of 64 bytes, as they lie in memory, times 16 packed queries give 16 x 16 sums. What
// is left over of rows goes the way of AVX-512.

enum {
    TILE_ROWS = 16,
};

CAIRN_INLINE TARGET void configure_tiles(void) {
    _Alignas(64) struct {
        uint8_t palette;
        uint8_t start_row;
        uint8_t reserved[14];
        uint16_t row_bytes[16];
        uint8_t rows[16];
    } config = {.palette = 1};
    for (int i = 0; i < 8; i++) {
        config.row_bytes[i] = 64;
        config.rows[i] = TILE_ROWS;
    }
    _tile_loadconfig(&config);
}

// 32 rows (or 16) times 2 groups (or 1).
CAIRN_INLINE TARGET void multiply(const int row_tiles, const int groups, const uint8_t *rows, size_t stride,
                                  const int8_t *packed, int32_t *products, size_t group_products) {
    const uint8_t *lower = rows + TILE_ROWS * stride;
    const int8_t *other = packed + packed_group_bytes(stride);
    // A stride of 0 starts every row of sums with the line of biases.
    _tile_loadd(0, packed + stride * GROUP, 0);
    if (row_tiles > 1) _tile_loadd(2, packed + stride * GROUP, 0);
    if (groups > 1) {
        _tile_loadd(1, other + stride * GROUP, 0);
        if (row_tiles > 1) _tile_loadd(3, other + stride * GROUP, 0);
    }
    for (size_t i = 0; i < stride; i += 64) {
        _tile_loadd(4, rows + i, stride);
        _tile_loadd(6, packed + i * GROUP, 64);
        _tile_dpbusd(0, 4, 6);
        if (groups > 1) {
            _tile_loadd(7, other + i * GROUP, 64);
            _tile_dpbusd(1, 4, 7);
        }
        if (row_tiles > 1) {
            _tile_loadd(5, lower + i, stride);
            _tile_dpbusd(2, 5, 6);
            if (groups > 1) _tile_dpbusd(3, 5, 7);
        }
    }
    _tile_stored(0, products, 64);
    if (row_tiles > 1) _tile_stored(2, products + TILE_ROWS * GROUP, 64);
    if (groups == 1) return;
    _tile_stored(1, products + group_products, 64);
    if (row_tiles > 1) _tile_stored(3, products + group_products + TILE_ROWS * GROUP, 64);
}

CAIRN_INLINE TARGET void scan_groups(const int groups, const uint8_t *rows, size_t row_count, size_t stride,
                                     const int8_t *packed, int32_t *products, size_t group_products) {
    size_t r = 0;
    for (; r + 2 * TILE_ROWS <= row_count; r += 2 * TILE_ROWS) {
        multiply(2, groups, rows + r * stride, stride, packed, products + r * GROUP, group_products);
    }
    if (r < row_count) multiply(1, groups, rows + r * stride, stride, packed, products + r * GROUP, group_products);
}

TARGET void cairn_scan_groups_amx(const uint8_t *rows, size_t row_count, size_t stride, const int8_t *packed,
                                  size_t group_count, int32_t *products) {
    const size_t whole = row_count / TILE_ROWS * TILE_ROWS;
    const size_t group_bytes = packed_group_bytes(stride), group_products = row_count * GROUP;
    if (whole > 0) {
        configure_tiles();
        size_t g = 0;
        for (; g + 2 <= group_count; g += 2) {
            scan_groups(2, rows, whole, stride, packed + g * group_bytes, products + g * group_products,
                        group_products);
        }
        if (g < group_count) {
            scan_groups(1, rows, whole, stride, packed + g * group_bytes, products + g * group_products,
                        group_products);
        }
        _tile_release();
    }
    if (whole == row_count) return;
    for (size_t g = 0; g < group_count; g++) {
        _Alignas(64) int32_t rest[TILE_ROWS * GROUP];
        cairn_scan_groups_avx512(rows + whole * stride, row_count - whole, stride, packed + g * group_bytes, 1, rest);
        memcpy(products + g * group_products + whole * GROUP, rest, (row_count - whole) * GROUP * sizeof(int32_t));
    }
}

#endif
