/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Notices: how the readers tell the user, one sentence each, what they left out or mended. */
#ifndef PLENARY_CORPUS_NOTICE_H
#define PLENARY_CORPUS_NOTICE_H

#include "corpus/reader.h"

/* Pass a notice (printf-like, cut at 480 bytes) to options->notify, if there is one. As thread-safe
 * as that callback. */
void notice_send(const struct corpus_options *options, enum notice_level level, const char *source,
                 uint64_t line, const char *format, ...) __attribute__((format(printf, 5, 6)));

#endif
