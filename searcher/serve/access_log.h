/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was asked, a line a request, and apart from it the searches that found nothing, for the
 * portal's keeper. Neither holds addresses of persons; whatever a request held, a line is one line
 * and does nothing to a terminal.
 *
 *   access    2026-01-31T12:00:00Z GET /api/search?q=x 200 5120 1.8ms
 *   nothing   2026-01-31T12:00:00Z<tab>query<tab>other parameters
 *
 * Thread-safe: a line is one write(2) to a file opened for appending.
 */
#ifndef PLENARY_SERVE_ACCESS_LOG_H
#define PLENARY_SERVE_ACCESS_LOG_H

#include "corpus/error.h"

#include <stddef.h>
#include <stdint.h>

struct access_log;

/* Files to append to: "-" is standard error; NULL: no such log. */
int access_log_open(struct access_log **out, const char *access, const char *nothing,
                    struct error *err);
void access_log_close(struct access_log *log);

void access_log_request(struct access_log *log, const char *method, const char *target,
                        unsigned status, size_t size, uint64_t nanoseconds);
void access_log_nothing(struct access_log *log, const char *query, const char *others);

#endif
