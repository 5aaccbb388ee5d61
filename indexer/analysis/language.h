/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The languages of plenary: a fixed numbering of libstemmer's algorithms (language_number and
 * language_name of analyser.h), and telling the language of a text.
 *
 * Detection compares the text's frequent letter sequences with libexttextcat's fingerprints
 * (Cavnar and Trenkle, N-Gram-Based Text Categorization, 1994), of a chosen set of languages only:
 * against all 140, short English minutes come out as Scots. A detector belongs to one thread.
 */
#ifndef PLENARY_INDEXER_LANGUAGE_H
#define PLENARY_INDEXER_LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>

enum {
    LANGUAGE_NONE = 0,
    LANGUAGE_CATALAN = 4,
    LANGUAGE_FRENCH = 9,
    LANGUAGE_ITALIAN = 16,
    LANGUAGE_PORTUGUESE = 21
};

struct language_detector;

/* Loads the fingerprints found in `folder` (NULL: where they were installed when this was built);
 * those missing are left out. NULL only when memory is short. */
struct language_detector *language_detector_open(const char *folder);
void language_detector_close(struct language_detector *detector);

/* The language number of a text by its first 8 KiB; `otherwise` where it is too short or nothing
 * is near. `detector` may be NULL: `otherwise`. */
int language_detect(struct language_detector *detector, const char *text, size_t size,
                    int otherwise);

#endif
