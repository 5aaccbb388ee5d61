/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/mbox.h"

#include <ctype.h>
#include <string.h>

enum { BORDER_MAX = 400 };

static size_t line_size(const uint8_t *data, size_t size) {
    const uint8_t *newline = memchr(data, '\n', size);
    return newline ? (size_t)(newline - data) : size;
}

/* "12:34" somewhere in the line: a sentence that begins with From has none. */
static bool has_time(const uint8_t *line, size_t size) {
    for (size_t i = 1; i + 2 < size; i++)
        if (line[i] == ':' && isdigit(line[i - 1]) && isdigit(line[i + 1]) && isdigit(line[i + 2]))
            return true;
    return false;
}

static bool has_year(const uint8_t *line, size_t size) {
    unsigned digits = 0;
    for (size_t i = 0; i < size; i++) {
        digits = isdigit(line[i]) ? digits + 1 : 0;
        if (digits == 4 && (i + 1 == size || !isdigit(line[i + 1])))
            return true;
    }
    return false;
}

bool mbox_is_border(const uint8_t *data, size_t size) {
    if (size < 6 || memcmp(data, "From ", 5) != 0)
        return false;
    size_t line = line_size(data, size < BORDER_MAX ? size : BORDER_MAX);
    return has_time(data, line) && has_year(data, line);
}

/* The next border at or behind `from`, which is at the start of a line; else the end. */
static size_t find_border(const struct mbox *mbox, size_t from) {
    bool blank = from == 0;
    for (size_t at = from; at < mbox->size;) {
        size_t line = line_size(mbox->data + at, mbox->size - at);
        if (blank && mbox_is_border(mbox->data + at, mbox->size - at))
            return at;
        blank = line == 0 || (line == 1 && mbox->data[at] == '\r');
        at += line + 1;
    }
    return mbox->size;
}

bool mbox_next(struct mbox *mbox, struct mbox_message *message) {
    if (!mbox->at)
        mbox->at = find_border(mbox, 0);
    if (mbox->at >= mbox->size)
        return false;
    size_t begin = mbox->at + line_size(mbox->data + mbox->at, mbox->size - mbox->at) + 1;
    if (begin > mbox->size)
        begin = mbox->size;
    mbox->at = begin < mbox->size ? find_border(mbox, begin) : mbox->size;
    *message = (struct mbox_message){mbox->data + begin, mbox->at - begin};
    return true;
}
