/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Macros where the analyser reads. */
#undef error_set
#undef error_errno
#undef error_memory

int error_set(struct error *err, enum plenary_error code, const char *format, ...) {
    if (!err)
        return code;
    err->code = code;
    va_list args;
    va_start(args, format);
    vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    return code;
}

int error_errno(struct error *err, const char *format, ...) {
    int saved = errno;
    if (!err)
        return PLENARY_EIO;
    err->code = PLENARY_EIO;
    va_list args;
    va_start(args, format);
    int used = vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    if (used >= 0 && (size_t)used < sizeof err->message)
        snprintf(err->message + used, sizeof err->message - (size_t)used, ": %s", strerror(saved));
    return PLENARY_EIO;
}

int error_memory(struct error *err) {
    return error_set(err, PLENARY_ENOMEM, "out of memory");
}
