#include <stdlib.h>
#include <string.h>

#include "CImageCodecs.h"
#include "codec_failure.h"
#include "vips_runtime.h"

// An image over the caller's samples, which it does not own.
static VipsImage *wrap(const uint8_t *pixels, int width, int height, int channels) {
    VipsImage *image = vips_image_new_from_memory(pixels, (size_t)width * (size_t)height * (size_t)channels, width,
                                                  height, channels, VIPS_FORMAT_UCHAR);
    if (!image) return NULL;
    const VipsInterpretation interpretation = channels == 1 ? VIPS_INTERPRETATION_B_W
        : channels == 4                                     ? VIPS_INTERPRETATION_CMYK
                                                            : VIPS_INTERPRETATION_sRGB;
    VipsImage *typed;
    const int status = vips_copy(image, &typed, "interpretation", interpretation, NULL);
    g_object_unref(image);
    return status == 0 ? typed : NULL;
}

bool cairn_vips_to_srgb(const uint8_t *pixels, int width, int height, int channels, const uint8_t *profile,
                        size_t profile_count, uint8_t *target, cairn_codec_failure *failure) {
    if (!cairn_vips_start(failure)) return false;
    VipsImage *image = wrap(pixels, width, height, channels);
    if (!image) {
        cairn_vips_fail(failure, CAIRN_CODEC_FAILED);
        return false;
    }
    if (profile) vips_image_set_blob_copy(image, VIPS_META_ICC_NAME, profile, profile_count);
    size_t count = 0;
    void *converted = cairn_vips_flatten_to_srgb(&image, profile != NULL) ? vips_image_write_to_memory(image, &count)
                                                                          : NULL;
    // A profile may be accepted and still fail when pixels come: then it is as good as absent.
    g_object_unref(image);
    if (!converted) {
        cairn_vips_fail(failure, CAIRN_CODEC_FAILED);
        return false;
    }
    memcpy(target, converted, count);
    g_free(converted);
    return true;
}

bool cairn_png_encode(const uint8_t *pixels, int width, int height, int channels, uint8_t **bytes, size_t *count,
                      cairn_codec_failure *failure) {
    if (!cairn_vips_start(failure)) return false;
    VipsImage *image = wrap(pixels, width, height, channels);
    void *encoded = NULL;
    size_t size = 0;
    const bool written = image && vips_pngsave_buffer(image, &encoded, &size, NULL) == 0;
    if (image) g_object_unref(image);
    if (!written) {
        cairn_vips_fail(failure, CAIRN_CODEC_FAILED);
        return false;
    }
    // Copied, so that one function frees what any encoder returned.
    *bytes = malloc(size);
    if (*bytes) {
        memcpy(*bytes, encoded, size);
        *count = size;
    } else {
        cairn_fail(failure, CAIRN_CODEC_OUT_OF_MEMORY, "");
    }
    g_free(encoded);
    return *bytes != NULL;
}

void cairn_codec_free(uint8_t *bytes) { free(bytes); }
