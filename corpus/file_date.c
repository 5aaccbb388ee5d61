/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/file_date.h"

#include "corpus/date.h"
#include "corpus/letters.h"

#include <string.h>

enum {
    TEXT_BYTES = 4096,
    HEADINGS = 4,
    TOP_PASSAGES = 30,
    SHORT_BYTES = 120,
    LABEL_BYTES = 100,
    YEARS = 6,
};

/* The first date found of each kind, in the order of the rules. */
struct found {
    uint32_t day, month, year;
};

static void note(struct found *found, uint32_t date) {
    uint32_t *to = date % 100 ? &found->day : date / 100 % 100 ? &found->month : &found->year;
    if (date && !*to)
        *to = date;
}

static uint32_t best(const struct found *found) {
    return found->day ? found->day : found->month ? found->month : found->year;
}

struct text {
    const char *at;
    size_t size;
};

static struct text text_of(const struct document *document, size_t i) {
    const struct passage *passage = &document->passages[i];
    return (struct text){(const char *)document->text.data + passage->text_begin,
                         passage->text_end - passage->text_begin};
}

static struct text title_of(const struct document *document) {
    const char *title = document->title ? document->title : "";
    return (struct text){title, strlen(title)};
}

/* "Date: ...", "Meeting date: ...", "Date & Time: ...", and that behind another field in one
 * paragraph: what follows the label, whose date is the meeting's; else nothing. */
static struct text behind_label(struct text text) {
    static const char *const words[] = {"date",  "dates", "when",    "datum",
                                        "fecha", "held",  "sitzung", NULL};
    bool labelled = false;
    if (!text.size || !memchr(text.at, ':', text.size))
        return (struct text){text.at, 0};
    for (size_t at = 0; at < text.size && at < LABEL_BYTES;) {
        size_t begin = at;
        while (at < text.size && letters_is_ascii((uint8_t)text.at[at]))
            at++;
        labelled |= letters_among(text.at, begin, at, words);
        if (at < text.size && text.at[at] == ':' && labelled)
            return (struct text){text.at + at, text.size - at};
        /* A stop in between: the word was not of this label. */
        if (at < text.size && (text.at[at] == '.' || text.at[at] == ':' || text.at[at] == ','))
            labelled = false;
        at += at < text.size;
    }
    return (struct text){text.at, 0};
}

typedef void see_fn(void *context, struct text text);

/* Show title, labelled lines and headings; `all`: short lines near the top too. */
static void show(const struct document *document, bool all, see_fn *see, void *context) {
    unsigned headings = 0;
    struct text labelled;
    see(context, title_of(document));
    for (size_t i = 0; i < document->passage_count && i < TOP_PASSAGES; i++)
        if ((labelled = behind_label(text_of(document, i))).size)
            see(context, labelled);
    for (size_t i = 0; i < document->passage_count && headings < HEADINGS; i++) {
        if (document->passages[i].kind != PASSAGE_HEADING)
            continue;
        headings++;
        see(context, text_of(document, i));
    }
    for (size_t i = 0; all && i < document->passage_count && i < TOP_PASSAGES; i++)
        if (document->passages[i].kind == PASSAGE_PARAGRAPH &&
            text_of(document, i).size <= SHORT_BYTES)
            see(context, text_of(document, i));
}

/* Where a sentence about the next meeting begins, else the size. */
static size_t find_next_meeting(struct text text) {
    static const char *const words[] = {"next",
                                        "n\xC3\xA4"
                                        "chste",
                                        "prochaine", "pr\xC3\xB3xima", NULL};
    static const char *const meetings[] = {
        "meeting",        "call",           "session",       "sitzung",
        "r\xC3\xA9union", "reuni\xC3\xB3n", "sesi\xC3\xB3n", NULL};
    bool next = false;
    for (size_t at = 0, before = 0; at < text.size;) {
        size_t begin = at;
        while (at < text.size && (letters_is_ascii((uint8_t)text.at[at]) || (text.at[at] & 0x80)))
            at++;
        if (at == begin) {
            next &= text.at[at] == ' ';
            at++;
            continue;
        }
        if (next && letters_among(text.at, begin, at, meetings))
            return before;
        next = letters_among(text.at, begin, at, words);
        before = begin;
    }
    return text.size;
}

/* The first date that is not behind words about the next meeting, in their line. Most texts have
 * none, which is soon told. */
static uint32_t date_in(struct text text) {
    uint32_t date = 0;
    if (!text.size || !date_find(text.at, text.size))
        return 0;
    while (!date && text.size) {
        size_t stop = find_next_meeting(text);
        date = date_find(text.at, stop);
        const char *line = memchr(text.at + stop, '\n', text.size - stop);
        size_t rest = line ? (size_t)(line - text.at) : text.size;
        text.at += rest;
        text.size -= rest;
    }
    return date;
}

static void see_date(void *context, struct text text) {
    note(context, date_in(text));
}

/* ---- D5 ---- */

struct yearless {
    unsigned years[YEARS];
    size_t count;
    uint32_t day; /* the first */
    bool sure;    /* the weekday says that it is right */
};

static void add_year(struct yearless *yearless, uint32_t date) {
    unsigned year = date / 10000;
    for (size_t i = 0; i < yearless->count; i++)
        if (yearless->years[i] == year)
            return;
    if (year && yearless->count < YEARS)
        yearless->years[yearless->count++] = year;
}

/* Years written as four digits, parted from other digits and letters. */
static void add_years(struct yearless *yearless, struct text text) {
    for (size_t at = 0; at + 4 <= text.size; at++) {
        const char *c = text.at + at;
        bool century = (c[0] == '1' && c[1] == '9') || (c[0] == '2' && c[1] == '0');
        if (!century || !letters_is_digit((uint8_t)c[2]) || !letters_is_digit((uint8_t)c[3]) ||
            (at && (letters_is_digit((uint8_t)c[-1]) || letters_is_ascii((uint8_t)c[-1]))) ||
            (at + 4 < text.size &&
             (letters_is_digit((uint8_t)c[4]) || letters_is_ascii((uint8_t)c[4]))))
            continue;
        unsigned year = (unsigned)(c[0] - '0') * 1000 + (unsigned)(c[1] - '0') * 100 +
                        (unsigned)(c[2] - '0') * 10 + (unsigned)(c[3] - '0');
        add_year(yearless, year * 10000);
    }
}

static void see_yearless(void *context, struct text text) {
    struct yearless *yearless = context;
    text.size = find_next_meeting(text);
    for (size_t i = 0; i < yearless->count && !yearless->sure; i++) {
        int weekday;
        uint32_t date = date_find_in_year(text.at, text.size, yearless->years[i], &weekday);
        if (weekday < 0 || !date)
            continue;
        if (weekday > 0 || !yearless->day)
            yearless->day = date;
        yearless->sure = weekday > 0;
    }
}

static uint32_t find_yearless(const struct document *document, uint32_t name, struct text head,
                              bool all) {
    struct yearless yearless = {.count = 0};
    add_years(&yearless, title_of(document));
    add_year(&yearless, name);
    add_years(&yearless, head);
    if (yearless.count)
        show(document, all, see_yearless, &yearless);
    return yearless.day;
}

/* ---- the whole ---- */

static uint32_t find_date(const struct document *document, const char *path, const char *head,
                          size_t head_size) {
    struct found found = {0, 0, 0};
    struct text text = {head, head_size};
    uint32_t name = date_from_name(path), title = 0;
    bool plain = head != NULL;
    if (!plain)
        text = (struct text){(const char *)document->text.data,
                             document->text.size < TEXT_BYTES ? document->text.size : TEXT_BYTES};
    show(document, false, see_date, &found);
    if (found.day)
        return found.day;
    uint32_t inside = plain || name % 100 == 0 ? date_in(text) : 0;
    if (plain && inside % 100)
        return inside;
    if (name % 100)
        return name;
    title = date_in(title_of(document));
    uint32_t known = title / 100 % 100 ? title : name / 100 % 100 ? name : 0;
    if (inside % 100 && !known)
        return inside;
    uint32_t yearless = find_yearless(document, name, text, !known);
    /* A month that is known and another day: the day is of something else. */
    if (yearless && (!known || known / 100 == yearless / 100))
        return yearless;
    struct found rest = {0, 0, 0};
    note(&rest, title - title % 100);
    note(&rest, name);
    note(&rest, best(&found));
    note(&rest, plain || !inside ? inside : inside - inside % 100);
    return best(&rest);
}

uint32_t file_date(const struct document *document, const char *path, const char *head,
                   size_t head_size) {
    uint32_t date = find_date(document, path, head, head_size), written = document->written;
    return !date || (date % 100 == 0 && date / 100 == written / 100) ? written : date;
}
