/* SPDX-License-Identifier: GPL-2.0-or-later */
/* RTF's control words (Rich Text Format Specification 1.9.1), those that bear on the text. Pure. */
#ifndef PLENARY_CORPUS_RTF_WORD_H
#define PLENARY_CORPUS_RTF_WORD_H

#include <stddef.h>

enum rtf_action {
    RTF_NOTHING, /* a word without meaning here */
    RTF_TEXT,    /* stands for some text */
    RTF_PARAGRAPH,
    RTF_LINE,
    RTF_CELL,
    RTF_NESTED_CELL,
    RTF_ROW,
    /* Properties: */
    RTF_RESET_PARAGRAPH,
    RTF_RESET_CHARACTER,
    RTF_IN_TABLE,
    RTF_STYLE,
    RTF_OUTLINE,
    RTF_LIST,
    RTF_LIST_LEVEL,
    RTF_INDENT,
    RTF_FIRST_INDENT, /* of the first line, from there */
    RTF_HIDDEN,
    RTF_FONT,
    RTF_CHARSET,
    RTF_DEFAULT_FONT,
    RTF_CODE_PAGE,
    RTF_UNICODE,
    RTF_FALLBACK, /* \uc: how many characters stand in for a \u */
    RTF_BINARY,
    RTF_YEAR,
    RTF_MONTH,
    RTF_DAY,
    /* Destinations: what the rest of the group is. */
    RTF_TO_TEXT,
    RTF_TO_SHAPE,
    RTF_TO_SKIP,
    RTF_TO_OPTION, /* left out, but for an RTF_TO_TEXT or RTF_TO_SHAPE in it */
    RTF_TO_FONTS,
    RTF_TO_STYLES,
    RTF_TO_INFO,
    RTF_TO_TITLE,
    RTF_TO_CREATED,
    RTF_TO_LABEL,
    RTF_TO_NOTE,
};

struct rtf_word {
    const char *name;
    enum rtf_action action;
    const char *text; /* of RTF_TEXT */
};

/* The word of this name; NULL: it means nothing here. */
const struct rtf_word *rtf_word_find(const char *name);

#endif
