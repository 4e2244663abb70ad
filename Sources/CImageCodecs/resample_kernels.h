// The two inner loops of the resampler. Weights have 14 fraction bits, samples between the passes have 6.
#ifndef CAIRN_RESAMPLE_KERNELS_H
#define CAIRN_RESAMPLE_KERNELS_H

#include <stdint.h>

enum {
    CAIRN_WEIGHT_BITS = 14,
    CAIRN_MIDDLE_BITS = 6,
    // Rows are padded so that a kernel may touch up to this many samples past their end.
    CAIRN_ROW_PADDING = 64,
    // A target sample's weights are padded with zeros to a multiple of this: 8 for one channel, 4 for four.
    CAIRN_TAP_GROUP1 = 8,
    CAIRN_TAP_GROUP4 = 4,
};

// middle[i] = sum of rows[k][i] * weights[k] for i < count. `taps` is even; a padding tap has weight 0 and a valid row.
typedef void (*cairn_vertical_kernel)(const uint8_t *const *rows, const int16_t *weights, int taps, int16_t *middle,
                                      int count);

// target[i] = sum of middle[starts[i] + k] * weights[i * taps + k], for i < count; `taps` is a multiple of the group.
// `middle` has middle_count samples and may be reordered in place; with four channels starts are even.
typedef void (*cairn_horizontal_kernel)(int16_t *middle, int middle_count, const int32_t *starts,
                                        const int16_t *weights, int taps, uint8_t *target, int count,
                                        int target_channels);

typedef struct {
    cairn_vertical_kernel vertical;
    cairn_horizontal_kernel horizontal1;
    // Four interleaved channels in; the first `target_channels` of them out.
    cairn_horizontal_kernel horizontal4;
} cairn_resample_kernels;

// The fastest set that this processor runs. All sets give identical results.
cairn_resample_kernels cairn_resample_kernels_best(void);
cairn_resample_kernels cairn_resample_kernels_plain(void);

#endif
