#include "resampler.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "CImageCodecs.h"
#include "resample_kernels.h"

// How the samples of one axis are made: target sample i is the sum of source samples from starts[i] on.
typedef struct {
    int taps;
    int32_t *starts;
    // How many source samples target sample i truly needs; the rest of its taps have weight 0.
    int32_t *counts;
    int16_t *weights;
} axis;

struct cairn_resampler {
    axis horizontal, vertical;
    cairn_resample_kernels kernels;
    int source_width, source_height, channels;
    int target_width, target_height, target_channels;
    uint8_t *target;
    // A ring of source rows: row y is in slot y % ring_rows.
    uint8_t *ring;
    size_t ring_stride;
    int ring_rows;
    const uint8_t **rows;
    int16_t *middle;
    int next_target_row;
};

static double lanczos3(double x) {
    if (x < 0) x = -x;
    if (x < 1e-9) return 1;
    if (x >= 3) return 0;
    const double angle = 3.14159265358979323846 * x;
    // sin 3t = 3 sin t - 4 sin³ t: one sine does for both.
    const double third = sin(angle / 3);
    return 3 * (3 - 4 * third * third) * third * third / (angle * angle);
}

static void axis_free(axis *a) {
    free(a->starts);
    free(a->counts);
    free(a->weights);
}

// `group`: what the number of taps is a multiple of; `step`: what starts are a multiple of.
static bool axis_init(axis *a, int source, double origin, double extent, int target, int group, int step) {
    const double scale = extent / target;
    // Stretching the filter over `scale` source samples is what keeps a reduction free of aliases.
    const double stretch = scale > 1 ? scale : 1;
    const double radius = 3 * stretch;
    int widest = (int)ceil(2 * radius) + 1 + step;
    if (widest > source) widest = source;
    a->taps = (widest + group - 1) / group * group;
    a->starts = malloc(sizeof(int32_t) * (size_t)target);
    a->counts = malloc(sizeof(int32_t) * (size_t)target);
    a->weights = calloc((size_t)target * (size_t)a->taps, sizeof(int16_t));
    double *exact = malloc(sizeof(double) * (size_t)(widest + 1));
    if (!a->starts || !a->counts || !a->weights || !exact) {
        free(exact);
        axis_free(a);
        return false;
    }
    for (int i = 0; i < target; i++) {
        const double centre = origin + (i + 0.5) * scale;
        int first = (int)floor(centre - radius + 0.5);
        int end = (int)floor(centre + radius + 0.5);
        if (end > source) end = source;
        if (first < 0) first = 0;
        if (first >= end) first = end - 1;
        first -= first % step;
        if (end - first > widest) end = first + widest;
        double sum = 0;
        for (int k = first; k < end; k++) {
            exact[k - first] = lanczos3((k + 0.5 - centre) / stretch);
            sum += exact[k - first];
        }
        // Rounding errors are carried to the next weight: the sum stays exactly 1, and weights far below one unit of
        // the fixed-point format, as a very strong reduction has, still add up.
        int16_t *weights = a->weights + (size_t)i * (size_t)a->taps;
        double carry = 0;
        for (int k = 0; k < end - first; k++) {
            const double wanted = exact[k] / sum * (1 << CAIRN_WEIGHT_BITS) + carry;
            const double rounded = rint(wanted);
            weights[k] = (int16_t)rounded;
            carry = wanted - rounded;
        }
        a->starts[i] = first;
        a->counts[i] = end - first;
    }
    free(exact);
    return true;
}

cairn_resampler *cairn_resampler_create(int source_width, int source_height, cairn_resampler_box box, int channels,
                                        uint8_t *target, int target_width, int target_height, int target_channels) {
    cairn_resampler *r = calloc(1, sizeof *r);
    if (!r) return NULL;
    r->kernels = cairn_resample_kernels_best();
    r->source_width = source_width;
    r->source_height = source_height;
    r->channels = channels;
    r->target = target;
    r->target_width = target_width;
    r->target_height = target_height;
    r->target_channels = target_channels;
    if (!axis_init(&r->horizontal, source_width, box.x, box.width, target_width,
                   channels == 1 ? CAIRN_TAP_GROUP1 : CAIRN_TAP_GROUP4, channels == 1 ? 1 : 2)) {
        free(r);
        return NULL;
    }
    if (!axis_init(&r->vertical, source_height, box.y, box.height, target_height, 2, 1)) {
        axis_free(&r->horizontal);
        free(r);
        return NULL;
    }
    const size_t samples = (size_t)source_width * (size_t)channels;
    r->ring_stride = samples + CAIRN_ROW_PADDING;
    r->ring_rows = r->vertical.taps + CAIRN_RESAMPLER_ROWS;
    // Zeroed once: padding is read, with weight 0, and must not be whatever the heap held.
    r->ring = calloc((size_t)r->ring_rows, r->ring_stride);
    r->rows = malloc(sizeof(uint8_t *) * (size_t)r->vertical.taps);
    // The last target sample's zero taps reach past the row by up to its taps.
    r->middle = calloc(samples + (size_t)(r->horizontal.taps * channels) + CAIRN_ROW_PADDING, sizeof(int16_t));
    if (!r->ring || !r->rows || !r->middle) {
        cairn_resampler_destroy(r);
        return NULL;
    }
    return r;
}

uint8_t *cairn_resampler_row(cairn_resampler *r, int y) {
    return r->ring + (size_t)(y % r->ring_rows) * r->ring_stride;
}

void cairn_resampler_advance(cairn_resampler *r, int count) {
    const int samples = r->source_width * r->channels;
    while (r->next_target_row < r->target_height) {
        const int y = r->next_target_row;
        const int first = r->vertical.starts[y], needed = r->vertical.counts[y];
        if (first + needed > count) return;
        const int taps = (needed + 1) & ~1;
        for (int k = 0; k < taps; k++) r->rows[k] = cairn_resampler_row(r, first + (k < needed ? k : needed - 1));
        r->kernels.vertical(r->rows, r->vertical.weights + (size_t)y * (size_t)r->vertical.taps, taps, r->middle,
                            samples);
        uint8_t *out = r->target + (size_t)y * (size_t)r->target_width * (size_t)r->target_channels;
        const cairn_horizontal_kernel horizontal = r->channels == 1 ? r->kernels.horizontal1 : r->kernels.horizontal4;
        horizontal(r->middle, samples, r->horizontal.starts, r->horizontal.weights, r->horizontal.taps, out,
                   r->target_width, r->target_channels);
        r->next_target_row = y + 1;
    }
}

int cairn_resampler_target_rows(const cairn_resampler *r) { return r->next_target_row; }

void cairn_resampler_destroy(cairn_resampler *r) {
    if (!r) return;
    axis_free(&r->horizontal);
    axis_free(&r->vertical);
    free(r->ring);
    free(r->rows);
    free(r->middle);
    free(r);
}

cairn_resampler_window cairn_resampler_window_of(double origin, double extent, int source, int target) {
    const double scale = extent / target;
    const double radius = 3 * (scale > 1 ? scale : 1);
    // One sample more on both sides: the first and last centres lie within the extent, and starts are made even.
    double first = floor(origin - radius) - 1, end = ceil(origin + extent + radius) + 1;
    if (first < 0) first = 0;
    if (end > source) end = source;
    return (cairn_resampler_window){(int)first, (int)end - (int)first};
}

bool cairn_resize_part(const uint8_t *source, int source_width, int source_height, int channels, double left,
                       double top, double width, double height, uint8_t *target, int target_width, int target_height,
                       bool plain) {
    const int inner = channels == 1 ? 1 : 4;
    const cairn_resampler_window columns = cairn_resampler_window_of(left, width, source_width, target_width);
    const cairn_resampler_window rows = cairn_resampler_window_of(top, height, source_height, target_height);
    const cairn_resampler_box box = {left - columns.first, top - rows.first, width, height};
    cairn_resampler *r = cairn_resampler_create(columns.count, rows.count, box, inner, target, target_width,
                                                target_height, channels);
    if (!r) return false;
    if (plain) r->kernels = cairn_resample_kernels_plain();
    for (int y = 0; y < rows.count; y++) {
        const uint8_t *from =
            source + ((size_t)(rows.first + y) * (size_t)source_width + (size_t)columns.first) * (size_t)channels;
        uint8_t *row = cairn_resampler_row(r, y);
        if (channels != 3) {
            memcpy(row, from, (size_t)columns.count * (size_t)channels);
        } else {
            for (int x = 0; x < columns.count; x++) memcpy(row + x * 4, from + x * 3, 3);
        }
        cairn_resampler_advance(r, y + 1);
    }
    cairn_resampler_destroy(r);
    return true;
}

bool cairn_resize_by(const uint8_t *source, int source_width, int source_height, int channels, uint8_t *target,
                     int target_width, int target_height, bool plain) {
    return cairn_resize_part(source, source_width, source_height, channels, 0, 0, source_width, source_height, target,
                             target_width, target_height, plain);
}

bool cairn_resize(const uint8_t *source, int source_width, int source_height, int channels, uint8_t *target,
                  int target_width, int target_height) {
    return cairn_resize_by(source, source_width, source_height, channels, target, target_width, target_height, false);
}
