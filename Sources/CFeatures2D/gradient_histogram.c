#include "cairn_gradient_histogram.h"
#include "lanes.h"

#include <math.h>

#define PI 3.14159265358979f
#define TWO_PI 6.28318530717959f

// Angle of (x, y) in [0, 2 pi), to 2e-6 radians: a polynomial for atan on [0, 1], unfolded by octants.
CAIRN_INLINE float direction(float y, float x) {
    float ax = fabsf(x), ay = fabsf(y);
    float larger = ax > ay ? ax : ay, smaller = ax > ay ? ay : ax;
    float t = smaller / (larger + 1e-20f), s = t * t;
    // atan(t) / t as a polynomial in t^2, fitted by least squares on 4,000 Chebyshev nodes.
    float angle = ((((((((0.00283406f * s - 0.01600503f) * s + 0.04258761f) * s - 0.07495445f) * s + 0.10636754f) * s -
                      0.14202571f) * s + 0.19992484f) * s - 0.33333067f) * s + 0.99999998f) * t;
    angle = ay > ax ? PI / 2 - angle : angle;
    angle = x < 0 ? PI - angle : angle;
    return y < 0 ? TWO_PI - angle : angle;
}

// e^x for x in [-80, 0], to 3e-7 relative: 2^k times a polynomial on [-ln 2 / 2, ln 2 / 2].
CAIRN_INLINE float exponential(float x) {
    float k = floorf(x * 1.44269504f + 0.5f);
    float r = x - k * 0.693359375f + k * 2.12194440e-4f;
    float p = (((((1.9875691e-4f * r + 1.3981999e-3f) * r + 8.3334519e-3f) * r + 4.1665795e-2f) * r + 0.16666665f) * r +
               0.5f) * r * r + r + 1.0f;
    union {
        int32_t i;
        float f;
    } power = {((int32_t)k + 127) << 23};
    return p * power.f;
}

#define MAXIMUM_WINDOW 512

CAIRN_CLONES
void cairn_orientation_histogram(const float *plane, ptrdiff_t width, ptrdiff_t height, ptrdiff_t stride, ptrdiff_t x,
                                 ptrdiff_t y, ptrdiff_t radius, float sigma, float *histogram) {
    float weights[MAXIMUM_WINDOW], magnitude[MAXIMUM_WINDOW], bin[MAXIMUM_WINDOW];
    float sums[CAIRN_ORIENTATION_BINS + 1] = {0};
    if (radius > 255) radius = 255;
    for (ptrdiff_t i = -radius; i <= radius; i++) weights[i + radius] = exponential(-(float)(i * i) / (2 * sigma * sigma));

    ptrdiff_t left = x - radius < 1 ? 1 : x - radius, right = x + radius > width - 2 ? width - 2 : x + radius;
    for (ptrdiff_t i = -radius; i <= radius; i++) {
        ptrdiff_t row = y + i;
        if (row < 1 || row > height - 2) continue;
        const float *centre = plane + row * stride;
        ptrdiff_t count = right - left + 1;
        float weight = weights[i + radius];
        const float *columns = weights + (left - x + radius);
        for (ptrdiff_t j = 0; j < count; j++) {
            const float *p = centre + left + j;
            float dx = p[1] - p[-1], dy = p[stride] - p[-stride];
            magnitude[j] = sqrtf(dx * dx + dy * dy) * weight * columns[j];
            bin[j] = direction(dy, dx) * (CAIRN_ORIENTATION_BINS / TWO_PI) + 0.5f;
        }
        for (ptrdiff_t j = 0; j < count; j++) sums[(int)bin[j]] += magnitude[j];
    }
    sums[0] += sums[CAIRN_ORIENTATION_BINS];

    for (int b = 0; b < CAIRN_ORIENTATION_BINS; b++) {
        const int n = CAIRN_ORIENTATION_BINS;
        float outer = sums[(b + n - 2) % n] + sums[(b + 2) % n], inner = sums[(b + n - 1) % n] + sums[(b + 1) % n];
        histogram[b] = outer * (1 / 16.0f) + inner * (4 / 16.0f) + sums[b] * (6 / 16.0f);
    }
}

// Narrows [*low, *high] to where minimum < slope * j + offset < maximum.
CAIRN_INLINE void narrow(float slope, float offset, float minimum, float maximum, float *low, float *high) {
    if (fabsf(slope) < 1e-9f) {
        if (offset <= minimum || offset >= maximum) *high = *low - 1;
        return;
    }
    float a = (minimum - offset) / slope, b = (maximum - offset) / slope;
    float smaller = a < b ? a : b, larger = a < b ? b : a;
    if (smaller > *low) *low = smaller;
    if (larger < *high) *high = larger;
}

CAIRN_CLONES
void cairn_sift_descriptor(const float *plane, ptrdiff_t width, ptrdiff_t height, ptrdiff_t stride, float x, float y,
                           float cell, float angle, float *descriptor) {
    enum { cells = CAIRN_SIFT_CELLS, bins = CAIRN_SIFT_ORIENTATIONS, padded = cells + 2, slots = bins + 2 };
    // One ring of cells around the grid, and two orientations beyond the last, catch what interpolation spills over.
    float sums[padded][padded][slots] = {{{0}}};
    float rowBin[MAXIMUM_WINDOW], columnBin[MAXIMUM_WINDOW], angleBin[MAXIMUM_WINDOW], magnitude[MAXIMUM_WINDOW];

    float cosine = cosf(angle) / cell, sine = sinf(angle) / cell;
    ptrdiff_t radius = (ptrdiff_t)(cell * 1.41421356f * (cells + 1) * 0.5f + 0.5f);
    if (radius > MAXIMUM_WINDOW / 2 - 1) radius = MAXIMUM_WINDOW / 2 - 1;
    ptrdiff_t originX = (ptrdiff_t)floorf(x + 0.5f), originY = (ptrdiff_t)floorf(y + 0.5f);
    float fractionX = originX - x, fractionY = originY - y;

    ptrdiff_t top = originY - radius < 1 ? 1 : originY - radius;
    ptrdiff_t bottom = originY + radius > height - 2 ? height - 2 : originY + radius;
    for (ptrdiff_t row = top; row <= bottom; row++) {
        float dy = (float)(row - originY) + fractionY;
        // u = cosine * dx + sine * dy runs along the columns of cells, v = cosine * dy - sine * dx along the rows.
        float low = (float)(1 - originX) + fractionX, high = (float)(width - 2 - originX) + fractionX;
        if (low < -radius + fractionX) low = -radius + fractionX;
        if (high > radius + fractionX) high = radius + fractionX;
        narrow(cosine, sine * dy, -2.5f, 2.5f, &low, &high);
        narrow(-sine, cosine * dy, -2.5f, 2.5f, &low, &high);
        ptrdiff_t first = originX + (ptrdiff_t)ceilf(low - fractionX - 1e-4f);
        ptrdiff_t count = originX + (ptrdiff_t)floorf(high - fractionX + 1e-4f) - first + 1;
        if (first < 1) first = 1;
        if (first + count > width - 1) count = width - 1 - first;
        if (count <= 0) continue;

        const float *samples = plane + row * stride + first;
        float start = (float)(first - originX) + fractionX;
        for (ptrdiff_t j = 0; j < count; j++) {
            const float *p = samples + j;
            float gx = p[1] - p[-1], gy = p[stride] - p[-stride], dx = start + (float)j;
            float u = cosine * dx + sine * dy, v = cosine * dy - sine * dx;
            // Rounding may leave a sample a hair outside the grid: keep it inside, its weight there is nil.
            float c = u + 2.5f, r = v + 2.5f;
            c = c < 0 ? 0 : c > 4.9999f ? 4.9999f : c;
            r = r < 0 ? 0 : r > 4.9999f ? 4.9999f : r;
            float turn = (direction(gy, gx) - angle) * (1 / TWO_PI);
            turn -= floorf(turn);
            columnBin[j] = c;
            rowBin[j] = r;
            angleBin[j] = turn * bins;
            magnitude[j] = sqrtf(gx * gx + gy * gy) * exponential(-(u * u + v * v) / (cells * cells * 0.5f));
        }
        for (ptrdiff_t j = 0; j < count; j++) {
            int r = (int)rowBin[j], c = (int)columnBin[j], o = (int)angleBin[j];
            float fr = rowBin[j] - r, fc = columnBin[j] - c, fo = angleBin[j] - o, m = magnitude[j];
            float m1 = m * fr, m0 = m - m1;
            float m01 = m0 * fc, m00 = m0 - m01, m11 = m1 * fc, m10 = m1 - m11;
            float *p = &sums[r][c][o];
            float t = m00 * fo;
            p[1] += t, p[0] += m00 - t;
            t = m01 * fo;
            p[slots + 1] += t, p[slots] += m01 - t;
            t = m10 * fo;
            p[padded * slots + 1] += t, p[padded * slots] += m10 - t;
            t = m11 * fo;
            p[(padded + 1) * slots + 1] += t, p[(padded + 1) * slots] += m11 - t;
        }
    }
    for (int r = 0; r < cells; r++) {
        for (int c = 0; c < cells; c++) {
            float *in = sums[r + 1][c + 1], *out = descriptor + (r * cells + c) * bins;
            in[0] += in[bins];
            in[1] += in[bins + 1];
            for (int o = 0; o < bins; o++) out[o] = in[o];
        }
    }
}
