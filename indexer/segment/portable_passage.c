/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/segment/portable_passage.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/utf8.h>
#include <xxhash.h>

enum { HASH_DIGITS = 16, DATE_MAX = 16 };

/* ---- Boolean terms ------------------------------------------------------------------------- */

/* Longer ones end in a hash, cut between two characters, as the analyser does with words. */
static uint32_t fit_term(char out[GLASS_TERM_MAX], char prefix, const char *value) {
    size_t size = strlen(value), most = GLASS_TERM_MAX - 1;
    size_t kept = size <= most ? size : most - HASH_DIGITS;
    while (kept < size && kept && ((uint8_t)value[kept] & 0xC0) == 0x80)
        kept--;
    out[0] = prefix;
    memcpy(out + 1, value, kept);
    if (kept == size)
        return (uint32_t)kept + 1;
    char digits[HASH_DIGITS + 1];
    snprintf(digits, sizeof digits, "%016" PRIx64, (uint64_t)XXH64(value, size, 0));
    memcpy(out + 1 + kept, digits, HASH_DIGITS);
    return (uint32_t)(1 + kept + HASH_DIGITS);
}

static void add_term(struct portable_record *record, char prefix, const char *value) {
    if (!value || !*value)
        return;
    char *text = record->texts[record->term_count];
    uint32_t size = fit_term(text, prefix, value);
    record->terms[record->term_count++] = (struct builder_posting){.term = text, .term_size = size};
}

/* As the programs' output names it. */
static const char *make_id(struct bytes *out, const struct portable_passage *passage) {
    bytes_reset(out);
    if (passage->id && *passage->id) {
        bytes_add_string(out, passage->id);
        return bytes_string(out);
    }
    bytes_add_string(out, passage->document);
    if (passage->number)
        bytes_printf(out, "#%" PRIu32, passage->number);
    else
        bytes_printf(out, "#h%" PRIu32, passage->ordinal + 1);
    return bytes_string(out);
}

/* ---- The record ---------------------------------------------------------------------------- */

/* Names of files need not be UTF-8, JSON must: a byte that is not becomes U+FFFD. */
static json_t *repaired_string(const char *text, size_t size) {
    struct bytes repaired = BYTES_INIT;
    for (size_t at = 0; at < size;) {
        size_t begin = at;
        UChar32 letter;
        U8_NEXT(text, at, size, letter);
        if (letter < 0)
            bytes_add_string(&repaired, "\xEF\xBF\xBD");
        else
            bytes_add(&repaired, text + begin, at - begin);
    }
    json_t *string =
        repaired.failed ? NULL : json_stringn((const char *)repaired.data, repaired.size);
    bytes_free(&repaired);
    return string;
}

static bool add_string(json_t *object, const char *key, const char *text, size_t size) {
    if (!text)
        return true;
    json_t *string = json_stringn(text, size);
    if (!string)
        string = repaired_string(text, size);
    return string && json_object_set_new(object, key, string) == 0;
}

static bool add_text(json_t *object, const char *key, const char *text) {
    return add_string(object, key, text, text ? strlen(text) : 0);
}

static const char *format_date(char out[DATE_MAX], uint32_t date) {
    uint32_t year = date / 10000 % 10000, month = date / 100 % 100, day = date % 100;
    if (!date)
        return NULL;
    int size = snprintf(out, DATE_MAX, "%04" PRIu32, year);
    if (month)
        size += snprintf(out + size, DATE_MAX - (size_t)size, "-%02" PRIu32, month);
    if (month && day)
        snprintf(out + size, DATE_MAX - (size_t)size, "-%02" PRIu32, day);
    return out;
}

static bool fill_object(json_t *object, const struct portable_passage *passage, const char *id) {
    char date[DATE_MAX];
    return add_text(object, "id", id) && add_text(object, "document", passage->document) &&
           add_text(object, "title", passage->title) &&
           add_text(object, "date", format_date(date, passage->date)) &&
           add_text(object, "source", passage->source) &&
           add_text(object, "heading", passage->heading) &&
           add_text(object, "speaker", passage->speaker) &&
           add_string(object, "text", passage->text, passage->text_size);
}

static int collect(const char *buffer, size_t size, void *context) {
    struct bytes *out = context;
    bytes_add(out, buffer, size);
    return out->failed ? -1 : 0;
}

int portable_record_make(struct portable_record *out, const struct portable_passage *passage,
                         struct error *err) {
    out->term_count = 0;
    bytes_reset(&out->data);
    const char *id = make_id(&out->id, passage);
    if (!id)
        return error_memory(err);
    char date[DATE_MAX];
    snprintf(date, sizeof date, "%08" PRIu32, passage->date);
    add_term(out, 'Q', id);
    add_term(out, 'D', passage->date ? date : NULL);
    add_term(out, 'L', passage->language);
    add_term(out, 'B', passage->body);
    json_t *object = json_object();
    bool made = object && fill_object(object, passage, id) &&
                json_dump_callback(object, collect, &out->data, JSON_COMPACT) == 0;
    json_decref(object);
    return made && !out->data.failed ? 0 : error_memory(err);
}

void portable_record_free(struct portable_record *record) {
    bytes_free(&record->id);
    bytes_free(&record->data);
}
