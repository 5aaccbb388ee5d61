/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words before a colon at the start of a passage, looked at as the name of who speaks:
 * "AKI:", "Rob Palmer:", "JK (chat):", "DH & YK:", "joshtriplett:", "<nigel>". Whether they are one
 * is for turn.c to judge, by what the rest of the document says. Pure, thread-safe.
 */
#ifndef PLENARY_CORPUS_TURN_LABEL_H
#define PLENARY_CORPUS_TURN_LABEL_H

#include <stdbool.h>
#include <stddef.h>

enum turn_form {
    TURN_NONE,
    TURN_INITIALS, /* two to four capitals */
    TURN_NAME,     /* one to four capitalised words */
    TURN_ACCOUNT,  /* one word in lower case */
    TURN_JOINED,   /* two or three of the above */
};

/* What sets the name apart from what is said. */
enum turn_mark {
    TURN_COLON,
    TURN_BRACKETS, /* "[Ann] we should", "(Ann) we should" */
    TURN_DASH,     /* "Ann - we should" */
    TURN_COMMA,    /* "Ann, we should" */
    TURN_ALONE,    /* nothing else: what is said must be below */
};

struct turn_label {
    enum turn_form form;
    size_t begin, end; /* the name, without remarks as "(chat)" */
    size_t text;       /* where what is said begins; the passage's size if nothing is */
    bool worded;       /* a word that stands before colons without naming anybody is in it */
    enum turn_mark mark;
};

/* form is TURN_NONE where there is no such label. */
struct turn_label turn_label_read(const char *text, size_t size);

/* The same for an item of a list, where a name may be set apart by other marks than a colon, and an
 * account may have "@" in front. `alone`: the whole item may be a name. */
struct turn_label turn_label_read_item(const char *text, size_t size, bool alone);

/* The next of the names in a label that joins several: 0, or its size with *at where it begins;
 * start with *at at the label's begin and `size` 0. */
size_t turn_label_next(const char *text, const struct turn_label *label, size_t *at, size_t size);

/* The size of a name without a remark behind it on how something was said: "(spoke in French)". */
size_t turn_label_strip(const char *text, size_t size);

/* Is what follows the label something said, rather than a name, a number or a link? */
bool turn_label_says(const char *text, size_t size, const struct turn_label *label);

/* Do two texts behind labels begin alike? An agenda that is carried over to the next meeting does,
 * and then a label that stands before it twice is not said twice. */
bool turn_label_repeats(const char *a, size_t a_size, const char *b, size_t b_size);

/* "From Joe Beda to Everyone: (01:02 PM) hello", as chats of video calls are pasted, with or
 * without the time in front: the size of the name, *begin where it starts; 0: it is none. */
size_t turn_label_chat(const char *text, size_t size, size_t *begin);

#endif
