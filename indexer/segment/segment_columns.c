/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/segment/segment_columns.h"

#include "indexer/segment/segment_files.h"

#include <string.h>

static const struct string_table *table_of(const struct segment *segment,
                                           enum segment_strings which) {
    switch (which) {
    case SEGMENT_SPEAKERS:
        return &segment->passages.speakers;
    case SEGMENT_HEADINGS:
        return &segment->passages.headings;
    case SEGMENT_TITLES:
        return &segment->documents.titles;
    case SEGMENT_BODIES:
        break;
    }
    return &segment->documents.bodies;
}

uint64_t segment_strings_count(const struct segment *segment, enum segment_strings which) {
    uint64_t count = table_of(segment, which)->list.count;
    return count < UINT32_MAX ? count : UINT32_MAX - 1;
}

int segment_strings_number(const struct segment *segment, enum segment_strings which, uint32_t row,
                           uint32_t *number, struct error *err) {
    const struct string_table *table = table_of(segment, which);
    uint64_t value = 0;
    int status = column_get(&table->numbers, row, &value, err);
    if (!status && value > segment_strings_count(segment, which))
        status = section_damaged(&table->numbers.section, 0, "the number of a string", err);
    *number = status ? 0 : (uint32_t)value;
    return status;
}

int segment_strings_each(const struct segment *segment, enum segment_strings which,
                         segment_string_fn each, void *context, struct error *err) {
    struct string_scan scan = {.list = &table_of(segment, which)->list};
    uint64_t count = segment_strings_count(segment, which);
    int status = 0;
    for (uint64_t i = 0; i < count && !status; i++) {
        status = string_scan_get(&scan, i, err);
        if (!status)
            status = each(context, (uint32_t)i + 1,
                          scan.string.size ? (const char *)scan.string.data : "", scan.string.size);
    }
    string_scan_free(&scan);
    return status;
}

int segment_strings_text(const struct segment *segment, enum segment_strings which, uint32_t number,
                         struct arena *arena, const char **out, struct error *err) {
    *out = NULL;
    return string_list_copy(&table_of(segment, which)->list, (uint64_t)number - 1, arena, out, err);
}

int segment_read_document_id(const struct segment *segment, uint32_t document, struct bytes *out,
                             struct error *err) {
    return string_list_get(&segment->documents.ids, document, out, err);
}

uint32_t segment_passage_page(const struct segment *segment, uint32_t passage) {
    uint64_t page = 0;
    return column_get(&segment->passages.pages, passage, &page, NULL) ? 0 : (uint32_t)page;
}

/* Where is the number of the id that matched? Ids are numbered in order of their passages. */
static int passage_of_id(const struct segment *segment, uint64_t number, uint32_t *passage,
                         struct error *err) {
    const struct column *numbers = &segment->passages.id_numbers;
    for (uint32_t i = 0; i < segment->passages.count; i++) {
        uint64_t value = 0;
        int status = column_get(numbers, i, &value, err);
        if (status)
            return status;
        if (value == number) {
            *passage = i;
            return 1;
        }
    }
    return 0;
}

int segment_find_passage_id(const struct segment *segment, const char *id, uint32_t *passage,
                            struct error *err) {
    struct string_scan scan = {.list = &segment->passages.ids};
    size_t size = strlen(id);
    int status = 0;
    for (uint64_t i = 0; i < segment->passages.ids.count && !status; i++) {
        status = string_scan_get(&scan, i, err);
        if (!status && scan.string.size == size && !memcmp(scan.string.data, id, size))
            status = passage_of_id(segment, i + 1, passage, err);
    }
    string_scan_free(&scan);
    return status;
}

int segment_each_word_row(const struct segment *segment, const char *prefix, size_t size,
                          lexicon_fn each, void *context, struct error *err) {
    return lexicon_each(&segment->lexicon, prefix, size, each, context, err);
}

int segment_leap_words(const struct segment *segment, lexicon_leap_fn each, void *context,
                       struct error *err) {
    return lexicon_leap(&segment->lexicon, each, context, err);
}
