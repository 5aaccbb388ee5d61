/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The connections that are open, and since when each waits for a request to be complete: who sends
 * a header a byte at a time must not hold a place for ever, which libmicrohttpd's own timeout (of
 * silence) lets them.
 *
 * Thread-safe.
 */
#ifndef PLENARY_SERVE_CLIENTS_H
#define PLENARY_SERVE_CLIENTS_H

#include <stdint.h>

struct clients;
struct client;

struct clients *clients_open(void);
void clients_close(struct clients *clients);

/* A connection on this descriptor; NULL when memory is short. */
struct client *clients_add(struct clients *clients, int descriptor);
void clients_remove(struct clients *clients, struct client *client);

/* It waits for a request from now on (a time in seconds), or is being answered (0). */
void client_waits(struct client *client, uint64_t since);

/* Shut down the connections that have waited since before this time. */
unsigned clients_drop(struct clients *clients, uint64_t before);

unsigned clients_count(struct clients *clients);

#endif
