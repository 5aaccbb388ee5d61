/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The socket that the server listens on: one that systemd passed (sd_listen_fds(3)), or its own.
 */
#ifndef PLENARY_SERVE_LISTEN_H
#define PLENARY_SERVE_LISTEN_H

#include "corpus/error.h"

#include <stddef.h>

/* `address`: "host:port", "[::1]:8080" or ":8080" for every address of the machine. */
int listen_open(int *out, const char *address, struct error *err);

/* Where it listens, as "127.0.0.1:8080". */
void listen_name(char *out, size_t size, int socket);

#endif
