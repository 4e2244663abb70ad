// C face of libjpeg-turbo and libvips, and the one resampler that every decoded image goes through.
//
// libjpeg reports errors by longjmp and libvips by varargs calls: neither can be used from Swift directly. Nothing here
// keeps state between calls but the handles it returns, and every function may be called from any thread. libvips is set
// up once for the whole process: one thread a file, no cache, silent, and no loader but those named below.
#ifndef CAIRN_IMAGE_CODECS_H
#define CAIRN_IMAGE_CODECS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// MARK: Outcomes

enum {
    CAIRN_CODEC_OK = 0,
    CAIRN_CODEC_CORRUPT = 1,
    CAIRN_CODEC_TRUNCATED = 2,
    CAIRN_CODEC_UNSUPPORTED = 3,
    CAIRN_CODEC_OUT_OF_MEMORY = 4,
    CAIRN_CODEC_FAILED = 5,
};

// What went wrong: one of the codes above, and the library's own words (always terminated, "" when there are none).
typedef struct {
    int code;
    char message[256];
} cairn_codec_failure;

// MARK: Resampling

// Resizes 8-bit interleaved samples of 1, 3 or 4 channels with an antialiased, separable Lanczos filter of radius 3.
// Pixel centres are at +0.5. Rows have no padding. Returns false when memory runs out.
bool cairn_resize(const uint8_t *source, int source_width, int source_height, int channels, uint8_t *target,
                  int target_width, int target_height);

// The same, by the kernels that any processor runs when `plain` is set: the result does not depend on it.
bool cairn_resize_by(const uint8_t *source, int source_width, int source_height, int channels, uint8_t *target,
                     int target_width, int target_height, bool plain);

// The part of the source whose left upper corner is (left, top), in source pixels whose edges it need not keep to; the
// filter reads past the part as far as the source goes. The part must lie inside of the source and not be empty.
bool cairn_resize_part(const uint8_t *source, int source_width, int source_height, int channels, double left,
                       double top, double width, double height, uint8_t *target, int target_width, int target_height,
                       bool plain);

// MARK: JPEG

typedef struct cairn_jpeg_reader cairn_jpeg_reader;

enum { CAIRN_JPEG_GRAY = 1, CAIRN_JPEG_COLOR = 3, CAIRN_JPEG_CMYK = 4 };

// Reads everything up to the first scan. `bytes` must outlive the reader. NULL on failure.
cairn_jpeg_reader *cairn_jpeg_open(const uint8_t *bytes, size_t count, cairn_codec_failure *failure);
void cairn_jpeg_close(cairn_jpeg_reader *reader);

int cairn_jpeg_width(const cairn_jpeg_reader *reader);
int cairn_jpeg_height(const cairn_jpeg_reader *reader);
// CAIRN_JPEG_GRAY, CAIRN_JPEG_COLOR or CAIRN_JPEG_CMYK: what is stored.
int cairn_jpeg_kind(const cairn_jpeg_reader *reader);
// The TIFF structure of the first EXIF segment; NULL when there is none. Owned by the reader.
const uint8_t *cairn_jpeg_exif(const cairn_jpeg_reader *reader, size_t *count);
// The embedded ICC profile, put together from its segments; NULL when there is none. Owned by the reader.
const uint8_t *cairn_jpeg_profile(const cairn_jpeg_reader *reader, size_t *count);

// Decodes at the smallest of libjpeg's scaled sizes (eighths) that covers the target, then resizes once if they differ.
// `channels` is 1 (luma), 3 (R, G, B) or 4 (C, M, Y, K with 255 for full ink); `target` holds
// target_width * target_height * channels bytes. A reader decodes once. With `keep_partial` damaged data is no failure,
// and what could not be read is mid-grey.
bool cairn_jpeg_decode(cairn_jpeg_reader *reader, int channels, int target_width, int target_height,
                       bool keep_partial, uint8_t *target, cairn_codec_failure *failure);

// The same for a part of the image, in stored pixels, as cairn_resize_part has it. Rows below the part are not read, so that
// damage there goes unseen, and of rows above it and columns beside it only what the file's coding makes necessary is.
bool cairn_jpeg_decode_part(cairn_jpeg_reader *reader, int channels, double left, double top, double width,
                            double height, int target_width, int target_height, bool keep_partial, uint8_t *target,
                            cairn_codec_failure *failure);

// Writes a baseline JPEG of 1 (luma) or 3 (R, G, B) channels; 4:2:0 below quality 90, else 4:4:4.
// The caller frees `*bytes` with cairn_codec_free.
bool cairn_jpeg_encode(const uint8_t *pixels, int width, int height, int channels, int quality, uint8_t **bytes,
                       size_t *count, cairn_codec_failure *failure);

// MARK: Everything else, by libvips

typedef struct cairn_vips_reader cairn_vips_reader;

enum { CAIRN_VIPS_PNG, CAIRN_VIPS_WEBP, CAIRN_VIPS_HEIF, CAIRN_VIPS_TIFF, CAIRN_VIPS_GIF };

// Reads the header with the loader for `format`. `bytes` must outlive the reader. NULL on failure.
cairn_vips_reader *cairn_vips_open(const uint8_t *bytes, size_t count, int format, bool keep_partial,
                                   cairn_codec_failure *failure);
void cairn_vips_close(cairn_vips_reader *reader);

int cairn_vips_width(const cairn_vips_reader *reader);
int cairn_vips_height(const cairn_vips_reader *reader);
const uint8_t *cairn_vips_exif(const cairn_vips_reader *reader, size_t *count);
const uint8_t *cairn_vips_profile(const cairn_vips_reader *reader, size_t *count);

// Decodes to 3 channels of 8-bit sRGB, alpha over white, resized to the target.
// `convert_profile` asks for the embedded profile to be honoured; one that cannot be used is ignored.
bool cairn_vips_decode(cairn_vips_reader *reader, bool convert_profile, int target_width, int target_height,
                       uint8_t *target, cairn_codec_failure *failure);

// Converts decoded samples (1, 3 or 4 channels; CMYK with 255 for full ink) from `profile` to sRGB. Without a profile,
// or with one that cannot be used, 1 and 3 channels are taken as sRGB and 4 as a typical offset press.
bool cairn_vips_to_srgb(const uint8_t *pixels, int width, int height, int channels, const uint8_t *profile,
                        size_t profile_count, uint8_t *target, cairn_codec_failure *failure);

// Writes a PNG of 1 or 3 channels. The caller frees `*bytes` with cairn_codec_free.
bool cairn_png_encode(const uint8_t *pixels, int width, int height, int channels, uint8_t **bytes, size_t *count,
                      cairn_codec_failure *failure);

// libvips has one error text for the whole process. Between enter and leave other threads may decode too, unless `alone` is
// asked for: then what a failure says is about this thread's file. Not to be nested.
void cairn_vips_enter(bool alone);
void cairn_vips_leave(void);

// The libraries' versions: libjpeg-turbo's as compiled against, libvips' as it runs.
const char *cairn_jpeg_version(void);
const char *cairn_vips_version(void);

// Frees what an encoder returned.
void cairn_codec_free(uint8_t *bytes);

#ifdef __cplusplus
}
#endif

#endif
