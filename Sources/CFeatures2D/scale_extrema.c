#include "cairn_scale_extrema.h"
#include "lanes.h"

// A row buffer has a margin of CAIRN_LANES on both sides, so that its neighbours can be loaded.
#define MAXIMUM_RESPONSES 8

size_t cairn_extrema_scratch_floats(ptrdiff_t layers, ptrdiff_t stride) {
    // Three rows of each response, and a row of vertical maxima and minima of each.
    return (size_t)((layers + 2) * 5 * (stride + 2 * CAIRN_LANES));
}

CAIRN_INLINE void difference_row(const float *lower, const float *upper, ptrdiff_t stride, float *row) {
    for (ptrdiff_t x = 0; x < stride; x += CAIRN_LANES) STORE(row + x, LOAD(upper + x) - LOAD(lower + x));
}

CAIRN_INLINE void hessian_row(const float *centre, float weight, ptrdiff_t stride, float *row) {
    const float *above = centre - stride, *below = centre + stride;
    for (ptrdiff_t x = 0; x < stride; x += CAIRN_LANES) {
        lanes twice = LOAD(centre + x) * 2.0f;
        lanes xx = LOAD(centre + x + 1) + LOAD(centre + x - 1) - twice;
        lanes yy = LOAD(below + x) + LOAD(above + x) - twice;
        lanes xy = (LOAD(below + x + 1) - LOAD(below + x - 1) - LOAD(above + x + 1) + LOAD(above + x - 1)) * 0.25f;
        STORE(row + x, (xx * yy - xy * xy) * weight);
    }
}

CAIRN_CLONES
size_t cairn_scale_extrema(cairn_response response, const float *const *levels, const float *weights, ptrdiff_t layers,
                           ptrdiff_t width, ptrdiff_t height, ptrdiff_t stride, float threshold, ptrdiff_t border,
                           cairn_extremum *out, size_t capacity, float *scratch) {
    ptrdiff_t responses = layers + 2, pitch = stride + 2 * CAIRN_LANES;
    if (responses > MAXIMUM_RESPONSES || border < 2) return 0;
    memset(scratch, 0, cairn_extrema_scratch_floats(layers, stride) * sizeof(float));
    float *ring[MAXIMUM_RESPONSES][3], *high[MAXIMUM_RESPONSES], *low[MAXIMUM_RESPONSES];
    float *next = scratch + CAIRN_LANES;
    for (ptrdiff_t d = 0; d < responses; d++) {
        for (int r = 0; r < 3; r++, next += pitch) ring[d][r] = next;
        high[d] = next, next += pitch;
        low[d] = next, next += pitch;
    }

    size_t found = 0;
    ptrdiff_t first = border - 1, last = height - border;
    for (ptrdiff_t y = first; y <= last && y < height - 1; y++) {
        for (ptrdiff_t d = 0; d < responses; d++) {
            if (response == CAIRN_DIFFERENCE_OF_GAUSSIANS)
                difference_row(levels[d] + y * stride, levels[d + 1] + y * stride, stride, ring[d][y % 3]);
            else
                hessian_row(levels[d] + y * stride, weights[d], stride, ring[d][y % 3]);
        }
        if (y < first + 2) continue;

        ptrdiff_t centre = y - 1;
        for (ptrdiff_t d = 0; d < responses; d++) {
            const float *r0 = ring[d][0], *r1 = ring[d][1], *r2 = ring[d][2];
            for (ptrdiff_t x = 0; x < stride; x += CAIRN_LANES) {
                lanes a = LOAD(r0 + x), b = LOAD(r1 + x), c = LOAD(r2 + x);
                STORE(high[d] + x, MAX(MAX(a, b), c));
                STORE(low[d] + x, MIN(MIN(a, b), c));
            }
        }
        for (ptrdiff_t x = 0; x < width; x += CAIRN_LANES) {
            lanes highest[MAXIMUM_RESPONSES], lowest[MAXIMUM_RESPONSES];
            for (ptrdiff_t d = 0; d < responses; d++) {
                const float *h = high[d] + x, *l = low[d] + x;
                highest[d] = MAX(MAX(LOAD(h - 1), LOAD(h)), LOAD(h + 1));
                lowest[d] = MIN(MIN(LOAD(l - 1), LOAD(l)), LOAD(l + 1));
            }
            for (ptrdiff_t d = 1; d <= layers; d++) {
                lanes value = LOAD(ring[d][centre % 3] + x);
                lanes_i hit = (value > threshold) & (value >= highest[d - 1]) & (value >= highest[d]) &
                              (value >= highest[d + 1]);
                if (response == CAIRN_DIFFERENCE_OF_GAUSSIANS)
                    hit |= (value < -threshold) & (value <= lowest[d - 1]) & (value <= lowest[d]) &
                           (value <= lowest[d + 1]);
                if (!__builtin_reduce_or(hit)) continue;
                for (int lane = 0; lane < CAIRN_LANES; lane++) {
                    ptrdiff_t column = x + lane;
                    if (!hit[lane] || column < border || column >= width - border) continue;
                    if (found < capacity) out[found] = (cairn_extremum){(int32_t)d, (int32_t)column, (int32_t)centre};
                    found++;
                }
            }
        }
    }
    return found;
}
