#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

#include "CImageCodecs.h"
#include "codec_failure.h"
#include "resampler.h"

enum {
    // Real progressive files have about ten scans. Each may cost a pass over the whole image for a few bytes of file.
    MAXIMUM_SCANS = 100,
    EXIF_MARKER = JPEG_APP0 + 1,
    PROFILE_MARKER = JPEG_APP0 + 2,
};

struct cairn_jpeg_reader {
    struct jpeg_decompress_struct info;
    struct jpeg_error_mgr errors;
    struct jpeg_source_mgr source;
    struct jpeg_progress_mgr progress;
    jmp_buf on_error;
    // The data ended before the end-of-image marker was read.
    bool reached_end;
    // A warning that means wrong pixels, the first of them; 0 when there was none.
    int damage;
    char damage_message[JMSG_LENGTH_MAX];
    bool too_many_scans;
    JOCTET *profile;
    unsigned int profile_count;
};

// MARK: libjpeg's callbacks

static cairn_jpeg_reader *reader_of(j_common_ptr info) { return (cairn_jpeg_reader *)info->client_data; }

static void on_error(j_common_ptr info) { longjmp(reader_of(info)->on_error, 1); }

static void on_output(j_common_ptr info) { (void)info; }

static void on_message(j_common_ptr info, int level) {
    if (level >= 0) return;
    cairn_jpeg_reader *reader = reader_of(info);
    info->err->num_warnings++;
    switch (info->err->msg_code) {
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_MUST_RESYNC:
    case JWRN_ARITH_BAD_CODE:
        if (reader->damage == 0) {
            reader->damage = info->err->msg_code;
            info->err->format_message(info, reader->damage_message);
        }
        break;
    default:
        // Stray bytes before a marker, an odd Adobe segment and their like cost no pixels.
        break;
    }
}

static void on_source(j_decompress_ptr info) { (void)info; }

// Past the end of the data libjpeg is told that the image ends: it fills in grey and goes on.
static boolean on_empty(j_decompress_ptr info) {
    static const JOCTET end[2] = {0xFF, JPEG_EOI};
    reader_of((j_common_ptr)info)->reached_end = true;
    info->src->next_input_byte = end;
    info->src->bytes_in_buffer = sizeof end;
    return TRUE;
}

static void on_skip(j_decompress_ptr info, long count) {
    if (count <= 0) return;
    if ((size_t)count < info->src->bytes_in_buffer) {
        info->src->next_input_byte += count;
        info->src->bytes_in_buffer -= (size_t)count;
    } else {
        on_empty(info);
    }
}

static void on_progress(j_common_ptr info) {
    if (!info->is_decompressor || ((j_decompress_ptr)info)->input_scan_number <= MAXIMUM_SCANS) return;
    reader_of(info)->too_many_scans = true;
    longjmp(reader_of(info)->on_error, 1);
}

// MARK: Failures

static void explain_error(cairn_jpeg_reader *reader, cairn_codec_failure *failure) {
    if (reader->too_many_scans) {
        cairn_fail(failure, CAIRN_CODEC_UNSUPPORTED, "too many progressive scans");
        return;
    }
    char message[JMSG_LENGTH_MAX];
    reader->errors.format_message((j_common_ptr)&reader->info, message);
    int code = CAIRN_CODEC_CORRUPT;
    switch (reader->errors.msg_code) {
    case JERR_OUT_OF_MEMORY:
        code = CAIRN_CODEC_OUT_OF_MEMORY;
        break;
    case JERR_BAD_PRECISION:
    case JERR_SOF_UNSUPPORTED:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_IMAGE_TOO_BIG:
    case JERR_NOT_COMPILED:
    case JERR_ARITH_NOTIMPL:
    case JERR_BAD_J_COLORSPACE:
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_CCIR601_NOTIMPL:
        code = CAIRN_CODEC_UNSUPPORTED;
        break;
    default:
        if (reader->reached_end) code = CAIRN_CODEC_TRUNCATED;
        break;
    }
    cairn_fail(failure, code, message);
}

// MARK: Header

cairn_jpeg_reader *cairn_jpeg_open(const uint8_t *bytes, size_t count, cairn_codec_failure *failure) {
    cairn_jpeg_reader *reader = calloc(1, sizeof *reader);
    if (!reader) {
        cairn_fail(failure, CAIRN_CODEC_OUT_OF_MEMORY, "");
        return NULL;
    }
    reader->info.err = jpeg_std_error(&reader->errors);
    reader->errors.error_exit = on_error;
    reader->errors.emit_message = on_message;
    reader->errors.output_message = on_output;
    reader->info.client_data = reader;
    if (setjmp(reader->on_error)) {
        explain_error(reader, failure);
        cairn_jpeg_close(reader);
        return NULL;
    }
    jpeg_create_decompress(&reader->info);
    reader->info.client_data = reader;
    reader->progress.progress_monitor = on_progress;
    reader->info.progress = &reader->progress;
    reader->source = (struct jpeg_source_mgr){
        .next_input_byte = bytes,
        .bytes_in_buffer = count,
        .init_source = on_source,
        .fill_input_buffer = on_empty,
        .skip_input_data = on_skip,
        .resync_to_restart = jpeg_resync_to_restart,
        .term_source = on_source,
    };
    reader->info.src = &reader->source;
    jpeg_save_markers(&reader->info, EXIF_MARKER, 0xFFFF);
    jpeg_save_markers(&reader->info, PROFILE_MARKER, 0xFFFF);
    jpeg_read_header(&reader->info, TRUE);
    if (!jpeg_read_icc_profile(&reader->info, &reader->profile, &reader->profile_count)) reader->profile = NULL;
    return reader;
}

void cairn_jpeg_close(cairn_jpeg_reader *reader) {
    if (!reader) return;
    jpeg_destroy_decompress(&reader->info);
    free(reader->profile);
    free(reader);
}

int cairn_jpeg_width(const cairn_jpeg_reader *reader) { return (int)reader->info.image_width; }

int cairn_jpeg_height(const cairn_jpeg_reader *reader) { return (int)reader->info.image_height; }

int cairn_jpeg_kind(const cairn_jpeg_reader *reader) {
    switch (reader->info.jpeg_color_space) {
    case JCS_GRAYSCALE: return CAIRN_JPEG_GRAY;
    case JCS_CMYK:
    case JCS_YCCK: return CAIRN_JPEG_CMYK;
    default: return CAIRN_JPEG_COLOR;
    }
}

const uint8_t *cairn_jpeg_exif(const cairn_jpeg_reader *reader, size_t *count) {
    static const char signature[6] = "Exif\0";
    for (jpeg_saved_marker_ptr marker = reader->info.marker_list; marker; marker = marker->next) {
        if (marker->marker != EXIF_MARKER || marker->data_length <= sizeof signature) continue;
        if (memcmp(marker->data, signature, sizeof signature) != 0) continue;
        *count = marker->data_length - sizeof signature;
        return marker->data + sizeof signature;
    }
    *count = 0;
    return NULL;
}

const uint8_t *cairn_jpeg_profile(const cairn_jpeg_reader *reader, size_t *count) {
    *count = reader->profile ? reader->profile_count : 0;
    return reader->profile;
}

// MARK: Pixels

// The fewest eighths at which neither side of a part is smaller than the target's.
static unsigned int covering_eighths(double width, double height, int target_width, int target_height) {
    for (unsigned int n = 1; n < 8; n++) {
        if (ceil(width * n / 8) >= target_width && ceil(height * n / 8) >= target_height) return n;
    }
    return 8;
}

// Adobe's files hold the ink that is missing; others hold the ink.
static void invert(uint8_t *samples, size_t count) {
    for (size_t i = 0; i < count; i++) samples[i] = (uint8_t)~samples[i];
}

static void read_straight(struct jpeg_decompress_struct *info, int channels, uint8_t *target) {
    const size_t stride = (size_t)info->output_width * (size_t)channels;
    while (info->output_scanline < info->output_height) {
        JSAMPROW rows[CAIRN_RESAMPLER_ROWS];
        JDIMENSION count = info->output_height - info->output_scanline;
        if (count > CAIRN_RESAMPLER_ROWS) count = CAIRN_RESAMPLER_ROWS;
        for (JDIMENSION i = 0; i < count; i++) rows[i] = target + (info->output_scanline + i) * stride;
        jpeg_read_scanlines(info, rows, count);
    }
}

// Rows `first` and `rows - 1` more; those above are skipped, those below never looked at.
static void read_resampled(struct jpeg_decompress_struct *info, cairn_resampler *resampler, int first, int rows) {
    const JDIMENSION end = (JDIMENSION)(first + rows);
    if (first > 0) jpeg_skip_scanlines(info, (JDIMENSION)first);
    while (info->output_scanline < end) {
        JSAMPROW slots[CAIRN_RESAMPLER_ROWS];
        JDIMENSION count = end - info->output_scanline;
        if (count > CAIRN_RESAMPLER_ROWS) count = CAIRN_RESAMPLER_ROWS;
        for (JDIMENSION i = 0; i < count; i++) {
            slots[i] = cairn_resampler_row(resampler, (int)(info->output_scanline + i) - first);
        }
        jpeg_read_scanlines(info, slots, count);
        cairn_resampler_advance(resampler, (int)info->output_scanline - first);
    }
}

bool cairn_jpeg_decode(cairn_jpeg_reader *reader, int channels, int target_width, int target_height,
                       bool keep_partial, uint8_t *target, cairn_codec_failure *failure) {
    return cairn_jpeg_decode_part(reader, channels, 0, 0, reader->info.image_width, reader->info.image_height,
                                  target_width, target_height, keep_partial, target, failure);
}

bool cairn_jpeg_decode_part(cairn_jpeg_reader *reader, int channels, double left, double top, double width,
                            double height, int target_width, int target_height, bool keep_partial, uint8_t *target,
                            cairn_codec_failure *failure) {
    struct jpeg_decompress_struct *info = &reader->info;
    const size_t target_count = (size_t)target_width * (size_t)target_height * (size_t)channels;
    cairn_resampler *volatile resampler = NULL;
    if (keep_partial) memset(target, 128, target_count);
    if (setjmp(reader->on_error)) {
        cairn_resampler_destroy(resampler);
        explain_error(reader, failure);
        // A failure in mid-stream leaves the rows made so far.
        if (!keep_partial || info->output_scanline == 0) return false;
        if (channels == 4 && info->saw_Adobe_marker) invert(target, target_count);
        return true;
    }
    const bool is_whole = left <= 0 && top <= 0 && width >= info->image_width && height >= info->image_height;
    info->scale_num = covering_eighths(width, height, target_width, target_height);
    // The transforms of a half, a quarter and an eighth are vector code, the ones between are not. Of a whole photo, whose pixels
    // below are many, the smallest size is the fastest still.
    while (!is_whole && (info->scale_num & (info->scale_num - 1)) != 0) info->scale_num++;
    info->scale_denom = 8;
    info->out_color_space = channels == 1 ? JCS_GRAYSCALE : channels == 4 ? JCS_CMYK : JCS_EXT_RGB;
    jpeg_calc_output_dimensions(info);
    const double scale = info->scale_num / 8.0;
    if (is_whole && (int)info->output_width == target_width && (int)info->output_height == target_height) {
        jpeg_start_decompress(info);
        read_straight(info, channels, target);
    } else {
        if (channels == 3) info->out_color_space = JCS_EXT_RGBX;
        jpeg_start_decompress(info);
        const cairn_resampler_window rows =
            cairn_resampler_window_of(top * scale, height * scale, (int)info->output_height, target_height);
        const cairn_resampler_window columns =
            cairn_resampler_window_of(left * scale, width * scale, (int)info->output_width, target_width);
        JDIMENSION first = (JDIMENSION)columns.first, count = (JDIMENSION)columns.count;
        // Moves both edges out to those of blocks.
        if (count < info->output_width) jpeg_crop_scanline(info, &first, &count);
        const cairn_resampler_box box = {left * scale - first, top * scale - rows.first, width * scale, height * scale};
        resampler = cairn_resampler_create((int)count, rows.count, box, channels == 1 ? 1 : 4, target, target_width,
                                           target_height, channels);
        if (!resampler) {
            cairn_fail(failure, CAIRN_CODEC_OUT_OF_MEMORY, "");
            return false;
        }
        read_resampled(info, resampler, rows.first, rows.count);
        cairn_resampler_destroy(resampler);
        resampler = NULL;
    }
    if (channels == 4 && info->saw_Adobe_marker) invert(target, target_count);

    // All pixels are there. A single-scan file may lack its end marker; one of several scans may then lack scans.
    const bool truncated = reader->reached_end && (reader->damage != 0 || jpeg_has_multiple_scans(info));
    if (!keep_partial && (truncated || reader->damage != 0)) {
        cairn_fail(failure, truncated ? CAIRN_CODEC_TRUNCATED : CAIRN_CODEC_CORRUPT, reader->damage_message);
        return false;
    }
    return true;
}
