#ifndef CAIRN_CODEC_FAILURE_H
#define CAIRN_CODEC_FAILURE_H

#include <stdio.h>

#include "CImageCodecs.h"

static inline void cairn_fail(cairn_codec_failure *failure, int code, const char *message) {
    failure->code = code;
    snprintf(failure->message, sizeof failure->message, "%s", message);
}

#endif
