#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

#include "CImageCodecs.h"
#include "codec_failure.h"

typedef struct {
    struct jpeg_error_mgr errors;
    jmp_buf on_error;
    // Here rather than in locals: libjpeg changes them between setjmp and longjmp.
    unsigned char *bytes;
    unsigned long count;
} writer;

static void on_error(j_common_ptr info) { longjmp(((writer *)info->err)->on_error, 1); }

static void on_output(j_common_ptr info) { (void)info; }

bool cairn_jpeg_encode(const uint8_t *pixels, int width, int height, int channels, int quality, uint8_t **bytes,
                       size_t *count, cairn_codec_failure *failure) {
    struct jpeg_compress_struct info;
    writer writer = {.bytes = NULL, .count = 0};
    info.err = jpeg_std_error(&writer.errors);
    writer.errors.error_exit = on_error;
    writer.errors.output_message = on_output;
    if (setjmp(writer.on_error)) {
        char message[JMSG_LENGTH_MAX];
        info.err->format_message((j_common_ptr)&info, message);
        cairn_fail(failure, CAIRN_CODEC_FAILED, message);
        jpeg_destroy_compress(&info);
        free(writer.bytes);
        return false;
    }
    jpeg_create_compress(&info);
    jpeg_mem_dest(&info, &writer.bytes, &writer.count);
    info.image_width = (JDIMENSION)width;
    info.image_height = (JDIMENSION)height;
    info.input_components = channels;
    info.in_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&info);
    jpeg_set_quality(&info, quality, TRUE);
    info.optimize_coding = TRUE;
    if (channels == 3 && quality >= 90) {
        info.comp_info[0].h_samp_factor = 1;
        info.comp_info[0].v_samp_factor = 1;
    }
    jpeg_start_compress(&info, TRUE);
    const size_t stride = (size_t)width * (size_t)channels;
    while (info.next_scanline < info.image_height) {
        JSAMPROW row = (JSAMPROW)(pixels + info.next_scanline * stride);
        jpeg_write_scanlines(&info, &row, 1);
    }
    jpeg_finish_compress(&info);
    jpeg_destroy_compress(&info);
    *bytes = writer.bytes;
    *count = writer.count;
    return true;
}
