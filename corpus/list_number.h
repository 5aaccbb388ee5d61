/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The numbers of lists as word processors print them: 3, iii, C, 03. Pure, thread-safe. */
#ifndef PLENARY_CORPUS_LIST_NUMBER_H
#define PLENARY_CORPUS_LIST_NUMBER_H

enum list_number {
    LIST_BULLET, /* no number */
    LIST_DECIMAL,
    LIST_DECIMAL_ZERO, /* 01, 02, ... */
    LIST_LOWER_LETTER,
    LIST_UPPER_LETTER,
    LIST_LOWER_ROMAN,
    LIST_UPPER_ROMAN,
    LIST_ORDINAL, /* 1st */
    LIST_NONE,    /* not shown */
};

enum { LIST_NUMBER_SIZE = 48 };

/* The number into `out`, with a NUL; letters go on as aa, bb, roman numerals end at 3999 and go on
 * in digits. "" for a bullet. Returns out. */
const char *list_number_format(enum list_number format, long number, char out[LIST_NUMBER_SIZE]);

#endif
