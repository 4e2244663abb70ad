#include <stdlib.h>
#include <string.h>

#include "CImageCodecs.h"
#include "codec_failure.h"
#include "resampler.h"
#include "vips_runtime.h"

struct cairn_vips_reader {
    VipsImage *image;
    bool keep_partial;
};

cairn_vips_reader *cairn_vips_open(const uint8_t *bytes, size_t count, int format, bool keep_partial,
                                   cairn_codec_failure *failure) {
    if (!cairn_vips_start(failure)) return NULL;
    typedef int (*loader)(void *bytes, size_t count, VipsImage **out, ...);
    loader load;
    switch (format) {
    case CAIRN_VIPS_PNG: load = vips_pngload_buffer; break;
    case CAIRN_VIPS_WEBP: load = vips_webpload_buffer; break;
    case CAIRN_VIPS_HEIF: load = vips_heifload_buffer; break;
    case CAIRN_VIPS_TIFF: load = vips_tiffload_buffer; break;
    case CAIRN_VIPS_GIF: load = vips_gifload_buffer; break;
    default: cairn_fail(failure, CAIRN_CODEC_UNSUPPORTED, "no such loader"); return NULL;
    }
    const VipsFailOn fail_on = keep_partial ? VIPS_FAIL_ON_NONE : VIPS_FAIL_ON_ERROR;
    VipsImage *image = NULL;
    // The loader only reads the bytes, whatever its signature says.
    if (load((void *)bytes, count, &image, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", fail_on, NULL) != 0) {
        cairn_vips_fail(failure, CAIRN_CODEC_CORRUPT);
        return NULL;
    }
    cairn_vips_reader *reader = malloc(sizeof *reader);
    if (!reader) {
        g_object_unref(image);
        cairn_fail(failure, CAIRN_CODEC_OUT_OF_MEMORY, "");
        return NULL;
    }
    *reader = (cairn_vips_reader){.image = image, .keep_partial = keep_partial};
    return reader;
}

void cairn_vips_close(cairn_vips_reader *reader) {
    if (!reader) return;
    g_object_unref(reader->image);
    free(reader);
}

int cairn_vips_width(const cairn_vips_reader *reader) { return reader->image->Xsize; }

int cairn_vips_height(const cairn_vips_reader *reader) { return reader->image->Ysize; }

static const uint8_t *blob(const cairn_vips_reader *reader, const char *name, size_t *count) {
    const void *data = NULL;
    *count = 0;
    if (!vips_image_get_typeof(reader->image, name) || vips_image_get_blob(reader->image, name, &data, count) != 0) {
        vips_error_clear();
        return NULL;
    }
    return data;
}

const uint8_t *cairn_vips_exif(const cairn_vips_reader *reader, size_t *count) {
    const uint8_t *data = blob(reader, VIPS_META_EXIF_NAME, count);
    if (data && *count > 6 && memcmp(data, "Exif\0\0", 6) == 0) {
        *count -= 6;
        return data + 6;
    }
    return data;
}

const uint8_t *cairn_vips_profile(const cairn_vips_reader *reader, size_t *count) {
    return blob(reader, VIPS_META_ICC_NAME, count);
}

// Pulls rows from the top, a few at a time: a sequential loader never holds more than it must.
static bool read_rows(VipsImage *image, bool keep_partial, cairn_resampler *resampler, uint8_t *target,
                      cairn_codec_failure *failure) {
    VipsRegion *region = vips_region_new(image);
    const size_t stride = (size_t)image->Xsize * 3;
    bool complete = true;
    for (int y = 0; y < image->Ysize && complete; y += CAIRN_RESAMPLER_ROWS) {
        const int left = image->Ysize - y;
        const int count = left < CAIRN_RESAMPLER_ROWS ? left : CAIRN_RESAMPLER_ROWS;
        const VipsRect rows = {.left = 0, .top = y, .width = image->Xsize, .height = count};
        complete = vips_region_prepare(region, &rows) == 0;
        if (!complete) break;
        for (int i = 0; i < count; i++) {
            const uint8_t *from = VIPS_REGION_ADDR(region, 0, y + i);
            if (!resampler) {
                memcpy(target + (size_t)(y + i) * stride, from, stride);
                continue;
            }
            uint8_t *row = cairn_resampler_row(resampler, y + i);
            for (int x = 0; x < image->Xsize; x++) memcpy(row + x * 4, from + x * 3, 3);
        }
        if (resampler) cairn_resampler_advance(resampler, y + count);
    }
    g_object_unref(region);
    if (!complete) cairn_vips_fail(failure, CAIRN_CODEC_CORRUPT);
    return complete || keep_partial;
}

bool cairn_vips_decode(cairn_vips_reader *reader, bool convert_profile, int target_width, int target_height,
                       uint8_t *target, cairn_codec_failure *failure) {
    VipsImage *image = reader->image;
    g_object_ref(image);
    if (!cairn_vips_flatten_to_srgb(&image, convert_profile)) {
        cairn_vips_fail(failure, CAIRN_CODEC_UNSUPPORTED);
        g_object_unref(image);
        return false;
    }
    cairn_resampler *resampler = NULL;
    if (image->Xsize != target_width || image->Ysize != target_height) {
        resampler = cairn_resampler_create(image->Xsize, image->Ysize,
                                           (cairn_resampler_box){0, 0, image->Xsize, image->Ysize}, 4, target,
                                           target_width, target_height, 3);
        if (!resampler) {
            cairn_fail(failure, CAIRN_CODEC_OUT_OF_MEMORY, "");
            g_object_unref(image);
            return false;
        }
    }
    if (reader->keep_partial) memset(target, 128, (size_t)target_width * (size_t)target_height * 3);
    const bool decoded = read_rows(image, reader->keep_partial, resampler, target, failure);
    cairn_resampler_destroy(resampler);
    g_object_unref(image);
    return decoded;
}
