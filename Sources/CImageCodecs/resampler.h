// A streaming separable resampler: source rows go in from the top, target rows come out as soon as they are complete.
#ifndef CAIRN_RESAMPLER_H
#define CAIRN_RESAMPLER_H

#include <stdbool.h>
#include <stdint.h>

typedef struct cairn_resampler cairn_resampler;

// The part of the source that the target covers, in source pixels from the top left; edges may lie within pixels. A filter
// reads past it as far as the source goes.
typedef struct {
    double x, y, width, height;
} cairn_resampler_box;

// Samples of one axis: `count` of them from `first` on.
typedef struct {
    int first, count;
} cairn_resampler_window;

// The samples of a source of `source` that a target of `target` samples of a part needs.
cairn_resampler_window cairn_resampler_window_of(double origin, double extent, int source, int target);

// `channels` (1 or 4) is how rows go in, `target_channels` (no more than that) how they come out: extra channels are
// dropped. A scaled JPEG's last column may stand for less than a whole pixel: the box says so. NULL when memory runs out.
cairn_resampler *cairn_resampler_create(int source_width, int source_height, cairn_resampler_box box, int channels,
                                        uint8_t *target, int target_width, int target_height, int target_channels);

// Where source row `y` is to be written. Rows from the last one advanced to, up to CAIRN_RESAMPLER_ROWS further, are
// valid; each holds source_width * channels bytes.
uint8_t *cairn_resampler_row(cairn_resampler *resampler, int y);
enum { CAIRN_RESAMPLER_ROWS = 16 };

// Says that source rows 0 ..< count have been written, and makes every target row that needs no more than those.
void cairn_resampler_advance(cairn_resampler *resampler, int count);

// Target rows made so far.
int cairn_resampler_target_rows(const cairn_resampler *resampler);

void cairn_resampler_destroy(cairn_resampler *resampler);

#endif
