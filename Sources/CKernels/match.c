#include "match_keys.h"

#include <string.h>

size_t cairn_packed_u8_bytes(size_t count, size_t dimensions) {
    const size_t padded = (count + BLOCK - 1) / BLOCK * BLOCK;
    return padded * (dimensions + 2 * sizeof(int32_t));
}

void cairn_pack_u8(const uint8_t *rows, size_t count, size_t dimensions, void *packed) {
    const size_t blocks = (count + BLOCK - 1) / BLOCK;
    uint8_t *lines = packed;
    int32_t *norms = (int32_t *)(lines + blocks * BLOCK * dimensions);
    int32_t *biased = norms + blocks * BLOCK;
    for (size_t i = 0; i < blocks * BLOCK; i++) {
        uint8_t *line = lines + i / BLOCK * BLOCK * dimensions + i % BLOCK * 4;
        if (i >= count) {
            for (size_t d = 0; d < dimensions; d += 4) memset(line + d * BLOCK, 0, 4);
            norms[i] = FAR_AWAY;
            biased[i] = FAR_AWAY;
            continue;
        }
        const uint8_t *row = rows + i * dimensions;
        int32_t sum = 0;
        for (size_t d = 0; d < dimensions; d++) sum += row[d];
        for (size_t d = 0; d < dimensions; d += 4) memcpy(line + d * BLOCK, row + d, 4);
        norms[i] = squared_norm(row, dimensions);
        biased[i] = norms[i] - 256 * sum;
    }
}

static void clear(cairn_two_nearest side, size_t count) {
    for (size_t i = 0; i < count; i++) {
        side.nearest[i] = -1;
        side.distance[i] = INT32_MAX;
        side.second[i] = INT32_MAX;
    }
}

void cairn_match_u8(const uint8_t *rows, size_t row_count, const void *packed, size_t packed_count, size_t dimensions,
                    cairn_two_nearest of_rows, cairn_two_nearest of_packed, void *workspace, cairn_isa isa) {
    clear(of_rows, row_count);
    clear(of_packed, packed_count);
    if (row_count == 0 || packed_count == 0) return;
    match_path *path = cairn_match_u8_plain;
    switch (cairn_isa_resolve(isa)) {
#if defined(__x86_64__)
    case CAIRN_ISA_AVX2: path = cairn_match_u8_avx2; break;
    case CAIRN_ISA_AVX512: path = cairn_match_u8_avx512; break;
    // Tiles are 64 bytes wide.
    case CAIRN_ISA_AMX: path = dimensions % 64 == 0 ? cairn_match_u8_amx : cairn_match_u8_avx512; break;
#endif
    default: break;
    }
    path(rows, row_count, unpack(packed, packed_count, dimensions), of_rows, of_packed, workspace);
}

void cairn_nearest_u8(const uint8_t *rows, size_t row_count, const void *packed, size_t packed_count, size_t dimensions,
                      size_t k, int32_t *indices, int32_t *distances, cairn_isa isa) {
    for (size_t i = 0; i < row_count * k; i++) {
        indices[i] = -1;
        distances[i] = UNREACHED;
    }
    if (row_count > 0 && packed_count > 0) {
        nearest_path *path = cairn_nearest_u8_plain;
        switch (cairn_isa_resolve(isa)) {
#if defined(__x86_64__)
        case CAIRN_ISA_AVX2: path = cairn_nearest_u8_avx2; break;
        case CAIRN_ISA_AVX512: path = cairn_nearest_u8_avx512; break;
        case CAIRN_ISA_AMX: path = dimensions % 64 == 0 ? cairn_nearest_u8_amx : cairn_nearest_u8_avx512; break;
#endif
        default: break;
        }
        path(rows, row_count, unpack(packed, packed_count, dimensions), k, indices, distances);
    }
    if (packed_count >= k) return;
    for (size_t r = 0; r < row_count; r++) {
        for (size_t i = packed_count; i < k; i++) distances[r * k + i] = INT32_MAX;
    }
}

size_t cairn_match_u8_workspace_bytes(size_t packed_count, size_t dimensions) {
    match_workspace parts;
    return match_workspace_layout(0, (packed_count + BLOCK - 1) / BLOCK, dimensions, &parts);
}
