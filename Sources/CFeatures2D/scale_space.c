#include "cairn_scale_space.h"
#include "lanes.h"

// Index of sample i mirrored into 0 ..< n without repeating the edge.
CAIRN_INLINE ptrdiff_t mirrored(ptrdiff_t i, ptrdiff_t n) {
    if (n == 1) return 0;
    while (i < 0 || i >= n) i = i < 0 ? -i : 2 * (n - 1) - i;
    return i;
}

#define MAXIMUM_RADIUS 64

CAIRN_CLONES
void cairn_gaussian_blur(const float *src, float *dst, ptrdiff_t width, ptrdiff_t height, ptrdiff_t stride,
                         const float *kernel, ptrdiff_t radius, float *scratch) {
    if (radius > MAXIMUM_RADIUS) radius = MAXIMUM_RADIUS;
    float *row = scratch + radius + CAIRN_LANES;
    for (ptrdiff_t y = 0; y < height; y++) {
        const float *above[MAXIMUM_RADIUS + 1], *below[MAXIMUM_RADIUS + 1];
        for (ptrdiff_t i = 0; i <= radius; i++) {
            above[i] = src + mirrored(y - i, height) * stride;
            below[i] = src + mirrored(y + i, height) * stride;
        }
        ptrdiff_t x = 0;
        for (; x + 4 * CAIRN_LANES <= stride; x += 4 * CAIRN_LANES) {
            const float *p = above[0] + x;
            float k = kernel[0];
            lanes s0 = LOAD(p) * k, s1 = LOAD(p + 16) * k, s2 = LOAD(p + 32) * k, s3 = LOAD(p + 48) * k;
            for (ptrdiff_t i = 1; i <= radius; i++) {
                const float *a = above[i] + x, *b = below[i] + x;
                k = kernel[i];
                s0 += (LOAD(a) + LOAD(b)) * k;
                s1 += (LOAD(a + 16) + LOAD(b + 16)) * k;
                s2 += (LOAD(a + 32) + LOAD(b + 32)) * k;
                s3 += (LOAD(a + 48) + LOAD(b + 48)) * k;
            }
            STORE(row + x, s0), STORE(row + x + 16, s1), STORE(row + x + 32, s2), STORE(row + x + 48, s3);
        }
        for (; x < stride; x += CAIRN_LANES) {
            lanes s = LOAD(above[0] + x) * kernel[0];
            for (ptrdiff_t i = 1; i <= radius; i++) s += (LOAD(above[i] + x) + LOAD(below[i] + x)) * kernel[i];
            STORE(row + x, s);
        }
        for (ptrdiff_t i = 1; i <= radius; i++) {
            row[-i] = row[mirrored(-i, width)];
            row[width - 1 + i] = row[mirrored(width - 1 + i, width)];
        }
        float *out = dst + y * stride;
        for (x = 0; x + 4 * CAIRN_LANES <= stride; x += 4 * CAIRN_LANES) {
            const float *p = row + x;
            float k = kernel[0];
            lanes s0 = LOAD(p) * k, s1 = LOAD(p + 16) * k, s2 = LOAD(p + 32) * k, s3 = LOAD(p + 48) * k;
            for (ptrdiff_t i = 1; i <= radius; i++) {
                const float *a = p - i, *b = p + i;
                k = kernel[i];
                s0 += (LOAD(a) + LOAD(b)) * k;
                s1 += (LOAD(a + 16) + LOAD(b + 16)) * k;
                s2 += (LOAD(a + 32) + LOAD(b + 32)) * k;
                s3 += (LOAD(a + 48) + LOAD(b + 48)) * k;
            }
            STORE(out + x, s0), STORE(out + x + 16, s1), STORE(out + x + 32, s2), STORE(out + x + 48, s3);
        }
        for (; x < stride; x += CAIRN_LANES) {
            const float *p = row + x;
            lanes s = LOAD(p) * kernel[0];
            for (ptrdiff_t i = 1; i <= radius; i++) s += (LOAD(p - i) + LOAD(p + i)) * kernel[i];
            STORE(out + x, s);
        }
    }
}

CAIRN_CLONES
void cairn_double_u8(const uint8_t *src, ptrdiff_t width, ptrdiff_t height, float *dst, ptrdiff_t dst_stride) {
    // Output sample 2i lies a quarter of a sample before input sample i, 2i + 1 a quarter after it.
    for (ptrdiff_t y = 0; y < 2 * height; y++) {
        ptrdiff_t centre = y >> 1, other = (y & 1) ? centre + 1 : centre - 1;
        if (other < 0) other = 0;
        if (other >= height) other = height - 1;
        const uint8_t *near = src + centre * width, *far = src + other * width;
        float *out = dst + y * dst_stride;
        float previous = 0.75f * near[0] + 0.25f * far[0], current = previous;
        for (ptrdiff_t x = 0; x < width; x++) {
            ptrdiff_t following = x + 1 < width ? x + 1 : x;
            float next = 0.75f * near[following] + 0.25f * far[following];
            out[2 * x] = 0.25f * previous + 0.75f * current;
            out[2 * x + 1] = 0.75f * current + 0.25f * next;
            previous = current;
            current = next;
        }
        for (ptrdiff_t x = 2 * width; x < dst_stride; x++) out[x] = 0;
    }
}

CAIRN_CLONES
void cairn_widen_u8(const uint8_t *src, ptrdiff_t width, ptrdiff_t height, float *dst, ptrdiff_t dst_stride) {
    for (ptrdiff_t y = 0; y < height; y++) {
        for (ptrdiff_t x = 0; x < width; x++) dst[y * dst_stride + x] = src[y * width + x];
        for (ptrdiff_t x = width; x < dst_stride; x++) dst[y * dst_stride + x] = 0;
    }
}

CAIRN_CLONES
void cairn_halve(const float *src, ptrdiff_t src_stride, float *dst, ptrdiff_t width, ptrdiff_t height,
                 ptrdiff_t dst_stride) {
    for (ptrdiff_t y = 0; y < height; y++) {
        const float *in = src + 2 * y * src_stride;
        float *out = dst + y * dst_stride;
        for (ptrdiff_t x = 0; x < width; x++) out[x] = in[2 * x];
        for (ptrdiff_t x = width; x < dst_stride; x++) out[x] = 0;
    }
}
