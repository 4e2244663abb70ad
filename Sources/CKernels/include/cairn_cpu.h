#ifndef CAIRN_CPU_H
#define CAIRN_CPU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The instruction sets for which kernels exist. A kernel gives the same integers through each of them.
///
/// Every kernel takes one as its last argument: `CAIRN_ISA_BEST` in production, a named one in tests and benchmarks.
/// A set that this processor lacks is replaced by the best one that it has.
typedef enum __attribute__((enum_extensibility(closed))) cairn_isa : int32_t {
    /// The fastest one that this processor has.
    CAIRN_ISA_BEST __attribute__((swift_name("best"))) = 0,
    /// Portable C.
    CAIRN_ISA_PLAIN __attribute__((swift_name("plain"))) = 1,
    /// 256-bit AVX2.
    CAIRN_ISA_AVX2 __attribute__((swift_name("avx2"))) = 2,
    /// 512-bit AVX-512 with byte dot products (VNNI) and population counts (VPOPCNTDQ).
    CAIRN_ISA_AVX512 __attribute__((swift_name("avx512"))) = 3,
    /// AVX-512 with Intel's tile multiplier (AMX) for byte dot products.
    CAIRN_ISA_AMX __attribute__((swift_name("amx"))) = 4,
} cairn_isa;

/// Bits of `cairn_cpu_features`.
enum {
    CAIRN_CPU_SSE2 = 1u << 0,
    CAIRN_CPU_AVX2 = 1u << 1,
    CAIRN_CPU_AVX512F = 1u << 2,
    CAIRN_CPU_AVX512BW = 1u << 3,
    CAIRN_CPU_AVX512VL = 1u << 4,
    CAIRN_CPU_AVX512_VNNI = 1u << 5,
    CAIRN_CPU_AVX512_VPOPCNTDQ = 1u << 6,
    CAIRN_CPU_AMX_INT8 = 1u << 7,
    CAIRN_CPU_NEON = 1u << 8,
};

/// What this processor and its operating system offer, as `CAIRN_CPU_…` bits.
uint32_t cairn_cpu_features(void);

/// Writes the names of those features, separated by spaces and ended by a zero byte, and returns how many bytes the
/// whole text takes without its zero. Text that does not fit `capacity` is cut.
size_t cairn_cpu_feature_names(char *text, size_t capacity);

/// Whether kernels can run through `isa` here. Always true for `CAIRN_ISA_BEST` and `CAIRN_ISA_PLAIN`.
bool cairn_isa_available(cairn_isa isa);

/// The instruction set that runs when `isa` is asked for; never `CAIRN_ISA_BEST`.
cairn_isa cairn_isa_resolve(cairn_isa isa);

/// "plain", "avx2", "avx512", "amx", or "best". The text lives as long as the process.
const char *cairn_isa_name(cairn_isa isa);

#endif
