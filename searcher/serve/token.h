/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The token of a closed portal, as a bearer token (RFC 6750) or as the password of a Basic
 * authentication (RFC 7617), which browsers ask for by themselves. Thread-safe: no state.
 */
#ifndef PLENARY_SERVE_TOKEN_H
#define PLENARY_SERVE_TOKEN_H

#include <stdbool.h>

/* Does an Authorization header (may be NULL) carry the token? Takes as long whichever of its
 * letters are wrong. */
bool token_matches(const char *token, const char *header);

#endif
