/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The messages of an mbox file (RFC 4155): each begins with a line "From sender date" at the start
 * of the file or behind a blank line. Pure, thread-safe.
 */
#ifndef PLENARY_CORPUS_MBOX_H
#define PLENARY_CORPUS_MBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mbox {
    const uint8_t *data;
    size_t size, at; /* `at`: 0 at first */
};

struct mbox_message {
    const uint8_t *data; /* behind its "From " line */
    size_t size;
};

/* The next message; false at the end. Takes time linear in the file for all of them. */
bool mbox_next(struct mbox *mbox, struct mbox_message *message);

/* A line "From sender ... 12:34:56 ... 2020", as parts messages, starts here. */
bool mbox_is_border(const uint8_t *data, size_t size);

#endif
