/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/record_lines.h"

#include "corpus/notice.h"
#include "corpus/unit_file.h"

#include <inttypes.h>
#include <string.h>
#include <unicode/utf8.h>

static const char REPLACEMENT[] = "\xEF\xBF\xBD"; /* U+FFFD */
static const uint8_t BYTE_ORDER_MARK[] = {0xEF, 0xBB, 0xBF};

/* Bytes in front that are ASCII and not NUL, eight at a time. */
static size_t plain_run(const uint8_t *data, size_t size) {
    const uint64_t high = 0x8080808080808080u, low = 0x0101010101010101u;
    size_t at = 0;
    for (uint64_t word; size - at >= sizeof word; at += sizeof word) {
        memcpy(&word, data + at, sizeof word);
        /* A NUL borrows into its own high bit; bytes with the high bit set are caught as they are.
         */
        if ((word | (word - low)) & high)
            break;
    }
    while (at < size && data[at] && data[at] < 0x80)
        at++;
    return at;
}

static bool is_clean(const uint8_t *data, size_t size) {
    for (size_t at = 0; (at += plain_run(data + at, size - at)) < size;) {
        UChar32 point;
        U8_NEXT(data, at, size, point);
        if (point <= 0)
            return false;
    }
    return true;
}

static bool mend(struct record_lines *lines, const uint8_t *data, size_t size) {
    bytes_reset(&lines->mended);
    for (size_t at = 0; at < size;) {
        size_t begin = at, run = plain_run(data + at, size - at);
        bytes_add(&lines->mended, data + at, run);
        at += run;
        if (run)
            continue;
        UChar32 point;
        U8_NEXT(data, at, size, point);
        if (point > 0) {
            bytes_add(&lines->mended, data + begin, at - begin);
        } else {
            bytes_add(&lines->mended, REPLACEMENT, sizeof REPLACEMENT - 1);
            lines->replaced += at - begin;
        }
    }
    return bytes_string(&lines->mended) != NULL;
}

void record_lines_init(struct record_lines *lines, const struct unit *unit,
                       const struct corpus_options *options, uint64_t *skipped) {
    *lines = (struct record_lines){.unit = unit,
                                   .options = options,
                                   .skipped = skipped,
                                   .at = unit->data,
                                   .end = unit->data + unit->size,
                                   .number = unit->line,
                                   .clean = is_clean(unit->data, unit->size)};
    if (!unit->offset && unit->size >= sizeof BYTE_ORDER_MARK &&
        !memcmp(unit->data, BYTE_ORDER_MARK, sizeof BYTE_ORDER_MARK))
        lines->at += sizeof BYTE_ORDER_MARK;
}

static bool is_blank(const uint8_t *data, size_t size) {
    for (size_t i = 0; i < size; i++)
        if (data[i] != ' ' && data[i] != '\t')
            return false;
    return true;
}

/* The next line as it stands, without its end. */
static bool take_line(struct record_lines *lines, struct record_line *line) {
    if (lines->at == lines->end)
        return false;
    size_t rest = (size_t)(lines->end - lines->at);
    const uint8_t *newline = memchr(lines->at, '\n', rest);
    line->raw = lines->at;
    line->raw_size = newline ? (size_t)(newline - lines->at) : rest;
    line->number = lines->number++;
    line->offset = lines->unit->offset + (uint64_t)(lines->at - lines->unit->data);
    lines->at = newline ? newline + 1 : lines->end;
    if (line->raw_size && line->raw[line->raw_size - 1] == '\r')
        line->raw_size--;
    return true;
}

int record_lines_next(struct record_lines *lines, struct record_line *line, struct error *err) {
    while (take_line(lines, line)) {
        if (line->raw_size > lines->options->max_line) {
            ++*lines->skipped;
            notice_send(lines->options, NOTICE_SKIPPED, lines->unit->path, line->number,
                        "the line is longer than %" PRIu64 " bytes and was left out",
                        lines->options->max_line);
            continue;
        }
        if (is_blank(line->raw, line->raw_size))
            continue;
        line->text = (const char *)line->raw;
        line->size = line->raw_size;
        line->replaced = 0;
        if (!lines->clean && !is_clean(line->raw, line->raw_size)) {
            uint64_t before = lines->replaced;
            if (!mend(lines, line->raw, line->raw_size))
                return error_memory(err);
            line->replaced = lines->replaced - before;
            line->text = (const char *)lines->mended.data;
            line->size = lines->mended.size;
        }
        return 1;
    }
    return 0;
}

void record_lines_finish(struct record_lines *lines) {
    bytes_free(&lines->mended);
    if (lines->replaced && lines->unit->file)
        atomic_fetch_add(&lines->unit->file->replaced_bytes, lines->replaced);
    else if (lines->replaced)
        notice_send(lines->options, NOTICE_WARNING, lines->unit->path, 0,
                    "%" PRIu64 " bytes that are not valid UTF-8 were replaced by U+FFFD",
                    lines->replaced);
}
