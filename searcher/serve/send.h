/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An answer goes out: its headers, its ETag and what follows from it, compression.
 */
#ifndef PLENARY_SERVE_SEND_H
#define PLENARY_SERVE_SEND_H

#include "searcher/serve/exchange.h"

#include <microhttpd.h>

/* The answer as libmicrohttpd sends it, with the status x->answer.status; the caller's. *size:
 * bytes of the body that will go out. NULL when memory is short. */
struct MHD_Response *send_make(struct exchange *x, size_t *size);

/* Does the client have the answer of this generation already? Then it is made a 304, and there is
 * nothing to compute. */
bool send_is_known(struct exchange *x, uint64_t generation);

/* Does an If-None-Match header name this tag (or say *)? Weak comparison, RFC 9110 13.1.2. */
bool send_tag_matches(const char *header, const char *tag);

/* Does an Accept-Encoding header allow gzip? RFC 9110 12.5.3. */
bool send_accepts_gzip(const char *header);

#endif
