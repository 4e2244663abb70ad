#define _GNU_SOURCE
#include "vips_runtime.h"

#include <pthread.h>
#include <string.h>

#include "codec_failure.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool started;
// Writers first: otherwise a busy pool of decoders would never let one in.
static pthread_rwlock_t error_text = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;

static void discard(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data) {
    (void)domain, (void)level, (void)message, (void)data;
}

static void start(void) {
    if (vips_init("cairn") != 0) return;
    // Files are decoded on the caller's threads, several at a time: threads inside one file would only compete.
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    vips_cache_set_max_mem(0);
    vips_cache_set_max_files(0);
    g_log_set_handler("VIPS", G_LOG_LEVEL_MASK | G_LOG_FLAG_FATAL | G_LOG_FLAG_RECURSION, discard, NULL);
    g_log_set_handler("GLib-GObject", G_LOG_LEVEL_MASK | G_LOG_FLAG_RECURSION, discard, NULL);
    vips_block_untrusted_set(TRUE);
    vips_operation_block_set("VipsForeignLoad", TRUE);
    static const char *const loaders[] = {
        "VipsForeignLoadPng",  "VipsForeignLoadWebp",  "VipsForeignLoadHeif",
        "VipsForeignLoadTiff", "VipsForeignLoadNsgif",
    };
    for (size_t i = 0; i < sizeof loaders / sizeof loaders[0]; i++) vips_operation_block_set(loaders[i], FALSE);
    started = true;
}

bool cairn_vips_start(cairn_codec_failure *failure) {
    pthread_once(&once, start);
    if (!started) cairn_fail(failure, CAIRN_CODEC_FAILED, "libvips could not be started");
    return started;
}

void cairn_vips_enter(bool alone) {
    if (!alone) {
        pthread_rwlock_rdlock(&error_text);
        return;
    }
    pthread_rwlock_wrlock(&error_text);
    vips_error_clear();
}

void cairn_vips_leave(void) { pthread_rwlock_unlock(&error_text); }

void cairn_vips_fail(cairn_codec_failure *failure, int code) {
    char *text = vips_error_buffer_copy();
    // The first line is the cause; those after it repeat it at each level.
    text[strcspn(text, "\n")] = 0;
    cairn_fail(failure, code, text);
    g_free(text);
}

void cairn_vips_replace(VipsImage **image, VipsImage *next) {
    g_object_unref(*image);
    *image = next;
}

static bool flatten(VipsImage **image) {
    if (!vips_image_hasalpha(*image)) return true;
    VipsImage *next;
    const double white = (*image)->BandFmt == VIPS_FORMAT_USHORT ? 65535 : 255;
    VipsArrayDouble *background = vips_array_double_newv(1, white);
    const int status = vips_flatten(*image, &next, "background", background, "max_alpha", white, NULL);
    vips_area_unref(VIPS_AREA(background));
    if (status != 0) return false;
    cairn_vips_replace(image, next);
    return true;
}

// Whether white is the greatest value of every channel, so that alpha can go before colours are converted.
static bool is_additive(const VipsImage *image) {
    switch (image->Type) {
    case VIPS_INTERPRETATION_sRGB:
    case VIPS_INTERPRETATION_RGB:
    case VIPS_INTERPRETATION_RGB16:
    case VIPS_INTERPRETATION_B_W:
    case VIPS_INTERPRETATION_GREY16:
        return image->BandFmt == VIPS_FORMAT_UCHAR || image->BandFmt == VIPS_FORMAT_USHORT;
    default:
        return false;
    }
}

bool cairn_vips_flatten_to_srgb(VipsImage **image, bool convert_profile) {
    if (is_additive(*image) && !flatten(image)) return false;
    VipsImage *next;
    const bool transformed = convert_profile &&
        vips_icc_transform(*image, &next, "srgb", "embedded", TRUE, "intent", VIPS_INTENT_RELATIVE, "depth", 8,
                           NULL) == 0;
    if (!transformed) {
        vips_error_clear();
        if (vips_colourspace(*image, &next, VIPS_INTERPRETATION_sRGB, NULL) != 0) return false;
    }
    cairn_vips_replace(image, next);
    if (!flatten(image)) return false;
    if ((*image)->BandFmt != VIPS_FORMAT_UCHAR) {
        if (vips_cast(*image, &next, VIPS_FORMAT_UCHAR, NULL) != 0) return false;
        cairn_vips_replace(image, next);
    }
    if ((*image)->Bands > 3) {
        if (vips_extract_band(*image, &next, 0, "n", 3, NULL) != 0) return false;
        cairn_vips_replace(image, next);
    } else if ((*image)->Bands < 3) {
        VipsImage *gray;
        if (vips_extract_band(*image, &gray, 0, NULL) != 0) return false;
        VipsImage *bands[3] = {gray, gray, gray};
        const int status = vips_bandjoin(bands, &next, 3, NULL);
        g_object_unref(gray);
        if (status != 0) return false;
        cairn_vips_replace(image, next);
    }
    return true;
}
