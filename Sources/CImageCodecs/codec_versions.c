#include <stdio.h>

#include <jpeglib.h>
#include <vips/vips.h>

#include "CImageCodecs.h"

#define TEXT(value) #value
#define TEXT_OF(value) TEXT(value)

#ifdef LIBJPEG_TURBO_VERSION
const char *cairn_jpeg_version(void) { return TEXT_OF(LIBJPEG_TURBO_VERSION); }
#else
const char *cairn_jpeg_version(void) { return TEXT_OF(JPEG_LIB_VERSION); }
#endif

const char *cairn_vips_version(void) { return vips_version_string(); }
