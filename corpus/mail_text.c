/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/mail_text.h"

#include "corpus/paragraph.h"

#include <string.h>

struct line {
    const char *begin, *end; /* without its newline and carriage return */
};

/* The next line at *at; false at the end. */
static bool next_line(const char **at, const char *end, struct line *line) {
    if (*at >= end)
        return false;
    const char *newline = memchr(*at, '\n', (size_t)(end - *at));
    line->begin = *at;
    line->end = newline ? newline : end;
    *at = newline ? newline + 1 : end;
    if (line->end > line->begin && line->end[-1] == '\r')
        line->end--;
    return true;
}

static bool is_blank(const struct line *line) {
    for (const char *at = line->begin; at < line->end; at++)
        if ((unsigned char)*at > ' ')
            return false;
    return true;
}

bool mail_text_is_unwrapped(const char *text, size_t size) {
    if (!size)
        return true;
    const char *at = text, *end = text + size;
    struct line line;
    uint64_t alone = 0, together = 0, run = 0, lines = 0;
    for (bool more = true; more;) {
        more = next_line(&at, end, &line);
        if (more && !is_blank(&line)) {
            run += (uint64_t)(line.end - line.begin);
            lines++;
            continue;
        }
        *(lines > 1 ? &together : &alone) += run;
        run = lines = 0;
    }
    return together * 19 <= alone;
}

static int add_blocks(struct passage_builder *builder, const char *text, size_t size) {
    const char *at = text, *end = text + size;
    struct block block = {.kind = PASSAGE_PARAGRAPH};
    struct line line;
    int status = 0;
    for (bool more = true; more && !status;) {
        more = next_line(&at, end, &line);
        if (more && !is_blank(&line)) {
            bytes_add(&builder->text, line.begin, (size_t)(line.end - line.begin));
            bytes_add_byte(&builder->text, '\n');
        } else {
            status = passage_builder_flush(builder, &block);
        }
    }
    return status;
}

/* Lines that end in a blank go on in the next one; but for "-- ", which parts the signature. */
static int add_flowed(struct passage_builder *builder, const char *text, size_t size) {
    const char *at = text, *end = text + size;
    struct block block = {.kind = PASSAGE_PARAGRAPH};
    struct line line;
    int status = 0;
    while (!status && next_line(&at, end, &line)) {
        bool signature = line.end - line.begin == 3 && !memcmp(line.begin, "-- ", 3);
        bool goes_on = line.end > line.begin && line.end[-1] == ' ' && !signature;
        bytes_add(&builder->text, line.begin, (size_t)(line.end - line.begin));
        if (!goes_on)
            status = passage_builder_flush(builder, &block);
    }
    return status ? status : passage_builder_flush(builder, &block);
}

/* It is flowed only if lines do end in blanks: some programs say so of all that they send. */
static bool really_flows(const char *text, size_t size) {
    const char *at = text, *end = text + size;
    struct line line;
    size_t lines = 0, flowing = 0;
    while (next_line(&at, end, &line)) {
        lines += !is_blank(&line);
        flowing += line.end - line.begin > 40 && line.end[-1] == ' ';
    }
    return flowing * 4 > lines;
}

int mail_text_add(struct passage_builder *builder, const char *text, size_t size, bool flowed) {
    if (!size)
        return 0;
    if (mail_text_is_unwrapped(text, size))
        return add_blocks(builder, text, size);
    if (flowed && really_flows(text, size))
        return add_flowed(builder, text, size);
    struct cut_options options = {.record = true};
    return paragraph_cut(builder->document, text, size, &options, NULL);
}
