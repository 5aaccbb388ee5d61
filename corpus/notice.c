/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/notice.h"

#include <stdarg.h>
#include <stdio.h>

void notice_send(const struct corpus_options *options, enum notice_level level, const char *source,
                 uint64_t line, const char *format, ...) {
    if (!options->notify)
        return;
    char text[480];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    struct notice notice = {level, source, line, text};
    options->notify(options->context, &notice);
}
