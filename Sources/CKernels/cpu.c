// For syscall().
#define _GNU_SOURCE

#include "cairn_cpu.h"

#include <stdatomic.h>
#include <string.h>

#if defined(__x86_64__) && defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

static const struct {
    uint32_t bit;
    const char *name;
} feature_names[] = {
    {CAIRN_CPU_SSE2, "sse2"},
    {CAIRN_CPU_AVX2, "avx2"},
    {CAIRN_CPU_AVX512F, "avx512f"},
    {CAIRN_CPU_AVX512BW, "avx512bw"},
    {CAIRN_CPU_AVX512VL, "avx512vl"},
    {CAIRN_CPU_AVX512_VNNI, "avx512_vnni"},
    {CAIRN_CPU_AVX512_VPOPCNTDQ, "avx512_vpopcntdq"},
    {CAIRN_CPU_AMX_INT8, "amx_int8"},
    {CAIRN_CPU_NEON, "neon"},
};

#if defined(__x86_64__)
// Linux hands out the 8 KiB of tile registers only to processes that ask: ARCH_REQ_XCOMP_PERM, for state component 18.
static bool tile_permission(void) {
#if defined(__linux__)
    enum { request_permission = 0x1023, tile_data = 18 };
    return syscall(SYS_arch_prctl, request_permission, tile_data) == 0;
#else
    return false;
#endif
}
#endif

static uint32_t detect(void) {
    uint32_t features = 0;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("sse2")) features |= CAIRN_CPU_SSE2;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt")) features |= CAIRN_CPU_AVX2;
    if (__builtin_cpu_supports("avx512f")) features |= CAIRN_CPU_AVX512F;
    if (__builtin_cpu_supports("avx512bw")) features |= CAIRN_CPU_AVX512BW;
    if (__builtin_cpu_supports("avx512vl")) features |= CAIRN_CPU_AVX512VL;
    if (__builtin_cpu_supports("avx512vnni")) features |= CAIRN_CPU_AVX512_VNNI;
    if (__builtin_cpu_supports("avx512vpopcntdq")) features |= CAIRN_CPU_AVX512_VPOPCNTDQ;
    if (__builtin_cpu_supports("amx-int8") && tile_permission()) features |= CAIRN_CPU_AMX_INT8;
#elif defined(__aarch64__)
    features |= CAIRN_CPU_NEON;
#endif
    return features;
}

uint32_t cairn_cpu_features(void) {
    static const uint32_t known = 1u << 31;
    static _Atomic uint32_t cached;
    uint32_t features = atomic_load_explicit(&cached, memory_order_relaxed);
    if (features == 0) {
        // Two threads may both detect: they find the same.
        features = detect() | known;
        atomic_store_explicit(&cached, features, memory_order_relaxed);
    }
    return features & ~known;
}

size_t cairn_cpu_feature_names(char *text, size_t capacity) {
    const uint32_t features = cairn_cpu_features();
    size_t length = 0;
    for (size_t i = 0; i < sizeof feature_names / sizeof feature_names[0]; i++) {
        if ((features & feature_names[i].bit) == 0) continue;
        if (length > 0) {
            if (length + 1 < capacity) text[length] = ' ';
            length++;
        }
        for (const char *c = feature_names[i].name; *c != 0; c++, length++) {
            if (length + 1 < capacity) text[length] = *c;
        }
    }
    if (capacity > 0) text[length < capacity ? length : capacity - 1] = 0;
    return length;
}

bool cairn_isa_available(cairn_isa isa) {
    const uint32_t features = cairn_cpu_features();
    const uint32_t avx512 = CAIRN_CPU_AVX512F | CAIRN_CPU_AVX512BW | CAIRN_CPU_AVX512VL | CAIRN_CPU_AVX512_VNNI |
                            CAIRN_CPU_AVX512_VPOPCNTDQ;
    switch (isa) {
    case CAIRN_ISA_BEST:
    case CAIRN_ISA_PLAIN: return true;
    case CAIRN_ISA_AVX2: return (features & CAIRN_CPU_AVX2) != 0;
    case CAIRN_ISA_AVX512: return (features & avx512) == avx512;
    case CAIRN_ISA_AMX: return (features & avx512) == avx512 && (features & CAIRN_CPU_AMX_INT8) != 0;
    }
    return false;
}

cairn_isa cairn_isa_resolve(cairn_isa isa) {
    if (isa != CAIRN_ISA_BEST && cairn_isa_available(isa)) return isa;
    if (cairn_isa_available(CAIRN_ISA_AMX)) return CAIRN_ISA_AMX;
    if (cairn_isa_available(CAIRN_ISA_AVX512)) return CAIRN_ISA_AVX512;
    if (cairn_isa_available(CAIRN_ISA_AVX2)) return CAIRN_ISA_AVX2;
    return CAIRN_ISA_PLAIN;
}

const char *cairn_isa_name(cairn_isa isa) {
    switch (isa) {
    case CAIRN_ISA_BEST: return "best";
    case CAIRN_ISA_PLAIN: return "plain";
    case CAIRN_ISA_AVX2: return "avx2";
    case CAIRN_ISA_AVX512: return "avx512";
    case CAIRN_ISA_AMX: return "amx";
    }
    return "unknown";
}
