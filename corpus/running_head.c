/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/running_head.h"

#include "corpus/date.h"
#include "corpus/letters.h"

#include <stdlib.h>

enum {
    HEAD_BYTES = 80,
    HEADS_MAX = 1 << 14,
    TIMES = 3,
    PAGE_LINES = 15, /* fewer lines than that between two of them are no page */
    STEP_MAX = 4,    /* pages between two heads: left and right pages have different ones */
};

/* All lines that are equal but for the digits in them. */
struct running_head {
    uint64_t hash; /* 0: free */
    uint64_t last_line;
    uint32_t count, near;  /* how many, and how many of them beside a mark */
    uint32_t close, steps; /* how many came too soon; in how many a number counted on */
    unsigned numbers[2];   /* of the last: its first and its last number */
    bool dated, numeric;
    bool kept; /* the first has been let through */
};

struct shape {
    uint64_t hash;
    unsigned numbers[2];
    bool dated, numeric;
};

static bool ends_bare(const char *text, const struct line *line) {
    uint32_t last = line_last(text, line);
    char first = text[line->begin], end = text[line->end - 1];
    return !letters_is_stop(last) && last != ':' && last != ',' && last != ';' && first != '(' &&
           first != '[' && end != ')' && end != ']';
}

/* The shape of a line that may be a running head; false if it cannot. FNV-1a; runs of digits count
 * as one sign except in dates, which must be the same. */
static bool read_shape(const char *text, const struct line *line, struct shape *shape) {
    size_t size = line->end - line->begin;
    if (size > HEAD_BYTES || size < 3 || line->class != LINE_TEXT || line->quote ||
        !ends_bare(text, line))
        return false;
    *shape = (struct shape){.hash = 14695981039346656037u};
    unsigned letters = 0, digits = 0;
    for (size_t at = line->begin; at < line->end; at++)
        digits += letters_is_digit((uint8_t)text[at]);
    uint32_t date = digits > 2 && size <= 30 ? date_find(text + line->begin, size) : 0;
    shape->dated = date % 100 && size <= 30;
    bool first = true;
    for (size_t at = line->begin; at < line->end;) {
        uint8_t byte = (uint8_t)text[at];
        if (letters_is_digit(byte) && !shape->dated) {
            unsigned value = 0;
            for (; at < line->end && letters_is_digit((uint8_t)text[at]); at++)
                value = value < 100000 ? value * 10 + (unsigned)(text[at] - '0') : value;
            shape->numbers[!first] = value;
            first = false;
            byte = '0';
        } else
            at++;
        letters += letters_is_letter(byte) || byte >= 0x80;
        shape->hash = (shape->hash ^ byte) * 1099511628211u;
    }
    shape->numeric = digits && !letters;
    shape->hash |= 1;
    return true;
}

static struct running_head *find(const struct running_heads *heads, uint64_t hash) {
    size_t mask = heads->capacity - 1, at = (hash >> 20 ^ hash) & mask;
    while (heads->entries[at].hash && heads->entries[at].hash != hash)
        at = (at + 1) & mask;
    return &heads->entries[at];
}

static bool grow(struct running_heads *heads) {
    struct running_heads bigger = {.capacity = heads->capacity ? heads->capacity * 2 : 64};
    bigger.entries = calloc(bigger.capacity, sizeof *bigger.entries);
    if (!bigger.entries)
        return false;
    for (size_t i = 0; i < heads->capacity; i++)
        if (heads->entries[i].hash)
            *find(&bigger, heads->entries[i].hash) = heads->entries[i];
    free(heads->entries);
    heads->entries = bigger.entries;
    heads->capacity = bigger.capacity;
    heads->last = 0;
    return true;
}

static bool counts_on(unsigned before, unsigned now) {
    return now > before && now - before <= STEP_MAX;
}

static void note(struct running_head *head, const struct shape *shape, const struct line *line) {
    if (head->count) {
        head->close += line->number < head->last_line + PAGE_LINES;
        head->steps += counts_on(head->numbers[0], shape->numbers[0]) ||
                       counts_on(head->numbers[1], shape->numbers[1]);
    }
    head->hash = shape->hash;
    head->dated = shape->dated;
    head->numeric = shape->numeric;
    head->numbers[0] = shape->numbers[0];
    head->numbers[1] = shape->numbers[1];
    head->last_line = line->number;
    head->count++;
}

void running_heads_see(struct running_heads *heads, const char *text, const struct line *line) {
    struct shape shape;
    bool may = read_shape(text, line, &shape);
    bool mark = line->class == LINE_PAGE_NUMBER || (may && (shape.dated || shape.numeric));
    bool near = heads->after_mark || line->page_break;
    if (heads->last && (mark || line->page_break))
        heads->entries[heads->last - 1].near++;
    heads->last = 0;
    heads->after_mark = mark;
    if (!may || heads->count >= HEADS_MAX || (heads->count * 2 >= heads->capacity && !grow(heads)))
        return;
    struct running_head *head = find(heads, shape.hash);
    heads->count += !head->count;
    note(head, &shape, line);
    head->near += near;
    heads->last = near ? 0 : (size_t)(head - heads->entries) + 1; /* counted near only once */
}

static bool is_running(const struct running_head *head) {
    if (head->count < TIMES || head->close * 10 > head->count)
        return false;
    return head->dated || (head->numeric && head->steps * 4 >= (head->count - 1) * 3) ||
           (!head->numeric && head->near * 5 >= head->count * 4);
}

bool running_heads_drop(struct running_heads *heads, const char *text, const struct line *line) {
    struct shape shape;
    if (!heads->count || !read_shape(text, line, &shape))
        return false;
    struct running_head *head = find(heads, shape.hash);
    if (!head->hash || !is_running(head))
        return false;
    bool drop = head->kept;
    head->kept = true;
    return drop;
}

void running_heads_free(struct running_heads *heads) {
    free(heads->entries);
    *heads = (struct running_heads){.entries = NULL};
}
