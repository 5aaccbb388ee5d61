/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/html_decode.h"

#include "corpus/html_element.h"
#include "corpus/iconv_text.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static const char REPLACEMENT[] = "\xEF\xBF\xBD"; /* U+FFFD */

enum { PRESCAN = 2048, NAME_MAX_SIZE = 40 };

/* Case-insensitive search in bytes that may hold NULs. */
static const char *find_word(const char *text, size_t size, const char *word) {
    size_t length = strlen(word);
    for (size_t at = 0; at + length <= size; at++)
        if (!strncasecmp(text + at, word, length))
            return text + at;
    return NULL;
}

/* The encoding named after "charset=" or "encoding=" near the start; false if there is none. */
static bool declared(const char *text, size_t size, char name[NAME_MAX_SIZE]) {
    size_t limit = size < PRESCAN ? size : PRESCAN;
    const char *end = text + limit, *at = find_word(text, limit, "charset");
    size_t skip = strlen("charset");
    if (!at && (at = find_word(text, limit, "encoding")))
        skip = strlen("encoding");
    if (!at)
        return false;
    for (at += skip; at < end && strchr(" =\"'", *at) && *at; at++)
        ;
    size_t length = 0;
    while (at < end && length + 1 < NAME_MAX_SIZE &&
           (isalnum((unsigned char)*at) || strchr("-_:.", *at)) && *at)
        name[length++] = *at++;
    name[length] = '\0';
    return length > 0;
}

static bool needs_conversion(const struct decoded *decoded, const char *name) {
    static const char *const covered[] = {"utf",      "iso-8859-1", "latin1", "windows-1252",
                                          "us-ascii", "ascii",      "cp1252"};
    for (size_t i = 0; i < sizeof covered / sizeof *covered; i++)
        if (i ? !strcasecmp(name, covered[i]) : !strncasecmp(name, covered[i], 3))
            return false;
    if (decoded->charset == CHARSET_UTF16LE || decoded->charset == CHARSET_UTF16BE)
        return false;
    /* Seven-bit encodings with escapes look like ASCII. */
    return decoded->charset != CHARSET_UTF8 || decoded->replaced ||
           !strncasecmp(name, "iso-2022", 8);
}

/* libxml2 takes a NUL for the end of its input. */
static void replace_nuls(struct html_text *out) {
    struct bytes clean = BYTES_INIT;
    if (!memchr(out->text, '\0', out->size))
        return;
    for (size_t at = 0; at < out->size;) {
        const char *nul = memchr(out->text + at, '\0', out->size - at);
        size_t run = nul ? (size_t)(nul - out->text) - at : out->size - at;
        bytes_add(&clean, out->text + at, run);
        if (nul)
            bytes_add(&clean, REPLACEMENT, sizeof REPLACEMENT - 1);
        out->replaced += nul != NULL;
        at += run + (nul != NULL);
    }
    bytes_free(&out->converted);
    out->converted = clean;
    out->text = (const char *)clean.data;
    out->size = clean.size;
}

int html_text_decode(struct html_text *out, const uint8_t *data, size_t size, struct error *err) {
    char name[NAME_MAX_SIZE];
    *out = (struct html_text){.text = ""};
    int status = charset_decode(&out->decoded, data, size, err);
    if (status)
        return status;
    out->text = out->decoded.size ? out->decoded.text : "";
    out->size = out->decoded.size;
    out->replaced = out->decoded.replaced;
    if (declared((const char *)data, size, name) && needs_conversion(&out->decoded, name)) {
        iconv_t conversion = iconv_open("UTF-8", name);
        if (conversion != (iconv_t)-1) {
            out->replaced = 0;
            iconv_text_add(&out->converted, conversion, data, size, &out->replaced);
            iconv_close(conversion);
            out->text = (const char *)out->converted.data;
            out->size = out->converted.size;
        }
    }
    if (out->size && !out->converted.failed)
        replace_nuls(out);
    return out->converted.failed ? error_memory(err) : 0;
}

uint64_t html_text_source(const struct html_text *text, uint64_t offset) {
    if (text->converted.data)
        return 0;
    return decoded_source_offset(&text->decoded, offset < text->size ? (size_t)offset : text->size);
}

uint64_t html_text_entity(const struct html_text *text, uint64_t begin, uint64_t end) {
    enum { ENTITY_MAX = 40 };
    if (end > text->size || !end || text->text[end - 1] != ';')
        return begin;
    for (uint64_t at = end - 1; at > 0 && end - at < ENTITY_MAX; at--)
        if (text->text[at - 1] == '&')
            return at - 1 < begin ? at - 1 : begin;
    return begin;
}

bool html_text_is_xml(const struct html_text *text) {
    static const char *const marks[] = {"<html", "<!doctype html", "<head>", "<body"};
    size_t limit = text->size < PRESCAN ? text->size : PRESCAN;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (find_word(text->text, limit, marks[i]))
            return false;
    /* The first element tells: <hansard>, <akomaNtoso>. */
    char name[NAME_MAX_SIZE] = "";
    size_t at = 0, length = 0;
    while (at + 1 < limit && (text->text[at] != '<' || !isalpha((unsigned char)text->text[at + 1])))
        at++;
    for (at++; at < limit && length + 1 < sizeof name && isalnum((unsigned char)text->text[at]);
         at++)
        name[length++] = (char)tolower((unsigned char)text->text[at]);
    return length && html_element_find(name) == HTML_UNKNOWN;
}

void html_text_free(struct html_text *text) {
    decoded_free(&text->decoded);
    bytes_free(&text->converted);
}
