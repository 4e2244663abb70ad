#ifndef CAIRN_HAMMING_H
#define CAIRN_HAMMING_H

#include "cairn_cpu.h"

/// Counts the bits in which each of `count` contiguous 16-byte codes differs from the 16-byte `query`.
///
/// Nothing needs to be aligned; `distances` receives `count` bytes from 0 to 128.
void cairn_hamming_128(const uint8_t *query, const uint8_t *codes, size_t count, uint8_t *distances, cairn_isa isa);

/// The same for codes of `code_bytes` bytes: a multiple of 8 from 8 to 8,184.
void cairn_hamming(const uint8_t *query, const uint8_t *codes, size_t count, size_t code_bytes, uint16_t *distances,
                   cairn_isa isa);

#endif
