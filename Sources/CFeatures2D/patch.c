#include "cairn_patch.h"

#include <math.h>

#include "lanes.h"

CAIRN_INLINE float clamped(float value, float limit) { return value < 0 ? 0 : value > limit ? limit : value; }

CAIRN_CLONES
void cairn_affine_patch(const float *plane, ptrdiff_t width, ptrdiff_t height, ptrdiff_t stride, float x, float y,
                        const float *affine, ptrdiff_t half, float *patch, ptrdiff_t patch_stride) {
    // The last sample but one begins the last pair to interpolate between.
    float right = (float)(width - 1) - 1e-3f, bottom = (float)(height - 1) - 1e-3f;
    for (ptrdiff_t v = -half; v <= half; v++) {
        float *out = patch + (v + half) * patch_stride + half;
        for (ptrdiff_t u = -half; u <= half; u++) {
            float px = clamped(x + affine[0] * (float)u + affine[1] * (float)v, right);
            float py = clamped(y + affine[2] * (float)u + affine[3] * (float)v, bottom);
            ptrdiff_t column = (ptrdiff_t)px, row = (ptrdiff_t)py;
            float fx = px - (float)column, fy = py - (float)row;
            const float *p = plane + row * stride + column;
            float top = p[0] + (p[1] - p[0]) * fx, low = p[stride] + (p[stride + 1] - p[stride]) * fx;
            out[u] = top + (low - top) * fy;
        }
    }
}

CAIRN_CLONES
void cairn_second_moments(const float *patch, ptrdiff_t half, ptrdiff_t patch_stride, float *moments) {
    float xx = 0, xy = 0, yy = 0, spread = 2 * (float)(half * half) / 4;
    for (ptrdiff_t v = 1 - half; v < half; v++) {
        const float *row = patch + (v + half) * patch_stride + half;
        for (ptrdiff_t u = 1 - half; u < half; u++) {
            float gx = row[u + 1] - row[u - 1], gy = row[u + patch_stride] - row[u - patch_stride];
            float weight = expf(-(float)(u * u + v * v) / spread);
            xx += weight * gx * gx, xy += weight * gx * gy, yy += weight * gy * gy;
        }
    }
    moments[0] = xx, moments[1] = xy, moments[2] = yy;
}
