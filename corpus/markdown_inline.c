/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/markdown_inline.h"

#include "corpus/markdown_dialect.h"

#include <libxml/HTMLparser.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unicode/utf8.h>

enum { ENTITY_MAX = 40, REPLACEMENT = 0xFFFD };

static const char *run_text(const struct markdown_inline *in, size_t *size) {
    *size = in->run.size ? in->run.size : in->piece_size;
    return in->run.size ? (const char *)in->run.data : in->piece;
}

static void drop_run(struct markdown_inline *in) {
    in->piece_size = 0;
    bytes_reset(&in->run);
}

void markdown_inline_begin(struct markdown_inline *in, bool verbatim) {
    in->verbatim = verbatim;
    in->depth = in->strong = 0;
    in->mixed = in->pure_image = false;
    drop_run(in);
    bytes_reset(&in->text);
}

void markdown_inline_free(struct markdown_inline *in) {
    bytes_free(&in->run);
    bytes_free(&in->text);
}

/* ---- Runs of plain text --------------------------------------------------------------------- */

static void add_plain(struct markdown_inline *in, const char *text, size_t size) {
    if (!in->run.size && (!in->piece_size || in->piece + in->piece_size == text)) {
        in->piece = in->piece_size ? in->piece : text;
        in->piece_size += size;
        return;
    }
    bytes_add(&in->run, in->piece, in->piece_size);
    bytes_add(&in->run, text, size);
    in->piece_size = 0;
}

static void end_run(struct markdown_inline *in) {
    size_t size;
    const char *text = run_text(in, &size);
    in->text.failed |= in->run.failed;
    if (size)
        markdown_add_text(&in->text, text, size, in->footnotes);
    drop_run(in);
}

/* ---- Entities ------------------------------------------------------------------------------- */

/* What "&name;", "&#10;" or "&#xA;" stands for; 0: nobody knows. */
static UChar32 entity_value(const char *text, size_t size) {
    char name[ENTITY_MAX];
    if (size < 4 || size - 2 >= sizeof name)
        return 0;
    memcpy(name, text + 1, size - 2);
    name[size - 2] = '\0';
    if (*name != '#') {
        const htmlEntityDesc *known = htmlEntityLookup((const xmlChar *)name);
        return known ? (UChar32)known->value : 0;
    }
    bool hexadecimal = name[1] == 'x' || name[1] == 'X';
    unsigned long value = strtoul(name + 1 + hexadecimal, NULL, hexadecimal ? 16 : 10);
    bool valid = value && value <= 0x10FFFF && !U_IS_SURROGATE(value);
    return valid ? (UChar32)value : REPLACEMENT;
}

static void add_entity(struct markdown_inline *in, const char *text, size_t size) {
    UChar32 value = entity_value(text, size);
    char point[U8_MAX_LENGTH];
    int32_t length = 0;
    if (!value) {
        add_plain(in, text, size);
        return;
    }
    U8_APPEND_UNSAFE(point, length, value);
    /* A copy, for `point` ends here. */
    bytes_add(&in->run, in->piece, in->piece_size);
    bytes_add(&in->run, point, (size_t)length);
    in->piece_size = 0;
}

/* ---- Pieces --------------------------------------------------------------------------------- */

void markdown_inline_text(struct markdown_inline *in, MD_TEXTTYPE type, const char *text,
                          size_t size) {
    in->mixed |= size && !in->depth;
    if (in->verbatim) {
        bytes_add(&in->text, text, size);
        return;
    }
    if (type == MD_TEXT_NORMAL) {
        add_plain(in, text, size);
        return;
    }
    if (type == MD_TEXT_ENTITY) {
        add_entity(in, text, size);
        return;
    }
    end_run(in);
    in->pure_image = false;
    if (type == MD_TEXT_CODE)
        bytes_add(&in->text, text, size);
    else if (type == MD_TEXT_SOFTBR)
        bytes_add_byte(&in->text, '\n');
    else if (type == MD_TEXT_BR)
        bytes_add(&in->text, "\r\n", 2);
    else if (type == MD_TEXT_NULLCHAR)
        bytes_add(&in->text, "\xEF\xBF\xBD", 3);
    else if (type == MD_TEXT_HTML && size >= 3 && !strncasecmp(text, "<br", 3))
        bytes_add_byte(&in->text, ' ');
}

void markdown_inline_end(struct markdown_inline *in) {
    end_run(in);
}

/* ---- Spans ---------------------------------------------------------------------------------- */

void markdown_inline_enter(struct markdown_inline *in, MD_SPANTYPE span) {
    end_run(in);
    if (!in->depth && span == MD_SPAN_STRONG)
        in->strong++;
    else if (!in->depth)
        in->mixed = true;
    in->depth++;
    in->pure_image = span == MD_SPAN_IMG;
}

/* What stands in for a picture that says nothing: its file's name, a logo, a badge. */
static bool is_decoration(const char *text, size_t size) {
    static const char *const names[] = {"logo",    "icon",    "badge",   "image",
                                        "drawing", "picture", "alt_text"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t length = strlen(names[i]);
        if (size >= length && !strncasecmp(text + size - length, names[i], length))
            return true;
    }
    return size > 4 && text[size - 4] == '.' && !memchr(text, ' ', size);
}

void markdown_inline_leave(struct markdown_inline *in, MD_SPANTYPE span) {
    size_t size;
    const char *text = run_text(in, &size);
    if (span == MD_SPAN_IMG && in->pure_image && size && is_decoration(text, size))
        drop_run(in);
    end_run(in);
    in->pure_image = false;
    in->depth -= in->depth > 0;
}

bool markdown_inline_is_bold(const struct markdown_inline *in) {
    return in->strong == 1 && !in->mixed;
}
