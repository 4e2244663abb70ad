// Sixteen floats at a time, in whatever registers the machine has.
#ifndef CAIRN_LANES_H
#define CAIRN_LANES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

// One source, compiled for three instruction sets; the loader picks one. No fused multiply-add anywhere
// (-ffp-contract=off), so that all of them give the same bits.
#if defined(__x86_64__) && defined(__linux__)
#define CAIRN_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CAIRN_CLONES
#endif

typedef float lanes __attribute__((vector_size(64)));
typedef int32_t lanes_i __attribute__((vector_size(64)));

#define CAIRN_INLINE static inline __attribute__((always_inline))

// Loads and stores are macros: passing 64-byte vectors between functions would change the calling convention.
#define LOAD(pointer) (*(const lanes_unaligned *)(pointer))
#define STORE(pointer, value) (*(lanes_unaligned *)(pointer) = (value))
#define MAX(a, b) __builtin_elementwise_max(a, b)
#define MIN(a, b) __builtin_elementwise_min(a, b)
typedef float lanes_unaligned __attribute__((vector_size(64), aligned(4), may_alias));

#endif
