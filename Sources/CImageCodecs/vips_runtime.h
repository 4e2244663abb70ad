#ifndef CAIRN_VIPS_RUNTIME_H
#define CAIRN_VIPS_RUNTIME_H

#include <stdbool.h>

#include <vips/vips.h>

#include "CImageCodecs.h"

// Starts libvips once: one thread, no cache, silent, and no loader but the five of CImageCodecs.h.
bool cairn_vips_start(cairn_codec_failure *failure);

// Moves libvips's error text, of which there is one a process, into `failure`.
void cairn_vips_fail(cairn_codec_failure *failure, int code);

// Puts `next` in the place of `*image`.
void cairn_vips_replace(VipsImage **image, VipsImage *next);

// Replaces `*image` by a three-band, 8-bit sRGB one, alpha over white.
bool cairn_vips_flatten_to_srgb(VipsImage **image, bool convert_profile);

#endif
