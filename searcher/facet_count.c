/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/facet_count.h"

#include "searcher/document_walk.h"

#include "indexer/segment/segment_columns.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const field_names[FACET_FIELDS] = {"speaker",  "body",  "year",   "month",
                                                      "language", "title", "heading"};

const char *facet_field_name(enum facet_field field) {
    return field < FACET_FIELDS ? field_names[field] : NULL;
}

bool facet_field_parse(const char *name, enum facet_field *out) {
    for (int i = 0; i < FACET_FIELDS; i++)
        if (strcmp(name, field_names[i]) == 0) {
            *out = (enum facet_field)i;
            return true;
        }
    return false;
}

/* ---- Tallies: counts by number, open addressing ---------------------------------------------- */

struct tally {
    uint32_t number; /* of the string, the year, ...; 0: a free slot */
    uint32_t last_document;
    uint64_t passages, documents;
    uint32_t first_date, last_date;
};

struct tallies {
    struct tally *slots; /* owned; a power of two of them, at most half full */
    size_t capacity, count;
    uint64_t without;
};

static struct tally *tally_slot(struct tally *slots, size_t capacity, uint32_t number) {
    size_t at = number * 2654435769u & (capacity - 1);
    while (slots[at].number && slots[at].number != number)
        at = (at + 1) & (capacity - 1);
    return &slots[at];
}

static bool tallies_grow(struct tallies *tallies) {
    enum { FIRST = 256 };
    size_t capacity = tallies->capacity ? 2 * tallies->capacity : FIRST;
    struct tally *slots = calloc(capacity, sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < tallies->capacity; i++)
        if (tallies->slots[i].number)
            *tally_slot(slots, capacity, tallies->slots[i].number) = tallies->slots[i];
    free(tallies->slots);
    tallies->slots = slots;
    tallies->capacity = capacity;
    return true;
}

/* An earlier date with months or days unknown counts from its year's or month's first day. */
static void tally_date(struct tally *tally, uint32_t date) {
    if (!date)
        return;
    if (!tally->first_date || date < tally->first_date)
        tally->first_date = date;
    if (date > tally->last_date)
        tally->last_date = date;
}

/* One more passage with this number, of this document (+ 1). */
static bool tallies_add(struct tallies *tallies, uint32_t number, uint32_t document,
                        uint32_t date) {
    if (!number) {
        tallies->without++;
        return true;
    }
    if (2 * (tallies->count + 1) > tallies->capacity && !tallies_grow(tallies))
        return false;
    struct tally *tally = tally_slot(tallies->slots, tallies->capacity, number);
    tallies->count += !tally->number;
    tally->number = number;
    tally->passages++;
    if (tally->last_document != document) {
        tally->last_document = document;
        tally->documents++;
        tally_date(tally, date);
    }
    return true;
}

/* ---- A facet being counted ------------------------------------------------------------------- */

struct named {
    const char *name;
    struct tally tally;
};

struct counting {
    struct tallies here;  /* of the segment, or of all for years, months and languages */
    struct named *values; /* owned: of the segments done, each name once a segment */
    size_t count, capacity;
    uint64_t without;
};

struct facet_counter {
    const struct snapshot *snapshot;
    unsigned facets, histogram, counted; /* both together */
    struct counting fields[FACET_FIELDS];
    struct arena arena; /* names */
    uint64_t total;
    uint32_t segment; /* being counted + 1; 0: none yet */
    struct document_walk walk;
    uint32_t document; /* that the last passage belongs to */
    uint32_t date;
    int status;
    struct error *err;
    struct error fault;
};

int facet_counter_open(struct facet_counter **out, const struct snapshot *snapshot, unsigned facets,
                       unsigned histogram, struct error *err) {
    *out = calloc(1, sizeof **out);
    if (!*out)
        return error_memory(err);
    (*out)->snapshot = snapshot;
    (*out)->facets = facets;
    (*out)->histogram = histogram;
    (*out)->counted = facets | histogram;
    (*out)->err = &(*out)->fault;
    return 0;
}

void facet_counter_close(struct facet_counter *counter) {
    if (!counter)
        return;
    for (int i = 0; i < FACET_FIELDS; i++) {
        free(counter->fields[i].here.slots);
        free(counter->fields[i].values);
    }
    arena_free(&counter->arena);
    free(counter);
}

uint64_t facet_counter_total(const struct facet_counter *counter) {
    return counter->total;
}

static bool is_string(enum facet_field field) {
    return field == FACET_SPEAKER || field == FACET_BODY || field == FACET_TITLE ||
           field == FACET_HEADING;
}

static enum segment_strings strings_of(enum facet_field field) {
    return field == FACET_SPEAKER   ? SEGMENT_SPEAKERS
           : field == FACET_HEADING ? SEGMENT_HEADINGS
           : field == FACET_TITLE   ? SEGMENT_TITLES
                                    : SEGMENT_BODIES;
}

/* ---- Names ----------------------------------------------------------------------------------- */

static int add_named(struct facet_counter *c, struct counting *counting, const char *name,
                     const struct tally *tally) {
    if (!name)
        return error_memory(c->err);
    if (counting->count == counting->capacity) {
        size_t capacity = counting->capacity ? 2 * counting->capacity : 64;
        struct named *grown = reallocarray(counting->values, capacity, sizeof *grown);
        if (!grown)
            return error_memory(c->err);
        counting->values = grown;
        counting->capacity = capacity;
    }
    counting->values[counting->count++] = (struct named){name, *tally};
    return 0;
}

struct naming {
    struct facet_counter *counter;
    struct counting *counting;
};

static int name_string(void *context, uint32_t number, const char *text, size_t size) {
    struct naming *naming = context;
    struct tallies *here = &naming->counting->here;
    const struct tally *tally = tally_slot(here->slots, here->capacity, number);
    if (!tally->number)
        return 0;
    return add_named(naming->counter, naming->counting,
                     arena_text(&naming->counter->arena, text, size), tally);
}

/* Many names are read front to back, a few one by one. */
static int name_strings(struct facet_counter *c, enum facet_field field,
                        const struct segment *segment) {
    enum { RANDOM_COST = 16 };
    struct counting *counting = &c->fields[field];
    struct tallies *here = &counting->here;
    enum segment_strings strings = strings_of(field);
    int status = 0;
    counting->without += here->without;
    if (here->count && here->count * RANDOM_COST > segment_strings_count(segment, strings)) {
        struct naming naming = {c, counting};
        status = segment_strings_each(segment, strings, name_string, &naming, c->err);
    } else {
        for (size_t i = 0; i < here->capacity && !status; i++) {
            const struct tally *tally = &here->slots[i];
            const char *name = NULL;
            if (!tally->number)
                continue;
            status =
                segment_strings_text(segment, strings, tally->number, &c->arena, &name, c->err);
            if (!status)
                status = add_named(c, counting, name, tally);
        }
    }
    free(here->slots);
    *here = (struct tallies){NULL, 0, 0, 0};
    return status;
}

static const char *number_name(struct facet_counter *c, enum facet_field field, uint32_t number) {
    char text[32];
    if (field == FACET_LANGUAGE)
        return language_name((int)number - 1) ? language_name((int)number - 1) : "none";
    if (field == FACET_YEAR)
        snprintf(text, sizeof text, "%04" PRIu32, number);
    else
        snprintf(text, sizeof text, "%04" PRIu32 "-%02" PRIu32, number / 100, number % 100);
    return arena_string(&c->arena, text);
}

static int name_numbers(struct facet_counter *c, enum facet_field field) {
    struct counting *counting = &c->fields[field];
    int status = 0;
    counting->without = counting->here.without;
    for (size_t i = 0; i < counting->here.capacity && !status; i++) {
        const struct tally *tally = &counting->here.slots[i];
        if (tally->number)
            status = add_named(c, counting, number_name(c, field, tally->number), tally);
    }
    return status;
}

/* ---- Counting -------------------------------------------------------------------------------- */

static int end_segment(struct facet_counter *c) {
    int status = 0;
    if (!c->segment)
        return 0;
    const struct segment *segment = snapshot_segment(c->snapshot, c->segment - 1);
    for (int i = 0; i < FACET_FIELDS && !status; i++) {
        if (is_string((enum facet_field)i) && c->counted & FACET_BIT(i))
            status = name_strings(c, (enum facet_field)i, segment);
        struct tallies *here = &c->fields[i].here;
        /* Another segment's document of the same number is another one. */
        for (size_t t = 0; t < here->capacity; t++)
            here->slots[t].last_document = 0;
    }
    return status;
}

static void find_document(struct facet_counter *c, const struct segment *segment,
                          uint32_t passage) {
    if (!document_walk_to(&c->walk, segment, passage))
        return;
    c->document = c->walk.document;
    c->date = segment_document_date(segment, c->document);
}

/* The number of the passage's value in a field, 0 where it has none. */
static int value_number(struct facet_counter *c, enum facet_field field,
                        const struct segment *segment, uint32_t passage, uint32_t *number) {
    switch (field) {
    case FACET_SPEAKER:
    case FACET_HEADING:
        return segment_strings_number(segment, strings_of(field), passage, number, c->err);
    case FACET_TITLE:
    case FACET_BODY:
        return segment_strings_number(segment, strings_of(field), c->document, number, c->err);
    case FACET_YEAR:
        *number = c->date / 10000;
        return 0;
    case FACET_MONTH:
        *number = c->date / 100 % 100 ? c->date / 100 : 0;
        return 0;
    case FACET_LANGUAGE:
        *number = segment_document_language(segment, c->document) + 1;
        return 0;
    case FACET_FIELDS:
        break;
    }
    *number = 0;
    return 0;
}

int facet_counter_add(void *counter, uint32_t segment, uint32_t passage) {
    struct facet_counter *c = counter;
    if (c->status)
        return c->status;
    if (segment + 1 != c->segment) {
        c->status = end_segment(c);
        c->segment = segment + 1;
    }
    const struct segment *from = snapshot_segment(c->snapshot, segment);
    if (!c->status && passage < segment_passage_count(from))
        find_document(c, from, passage);
    for (int i = 0; i < FACET_FIELDS && !c->status; i++) {
        uint32_t number = 0;
        if (!(c->counted & FACET_BIT(i)))
            continue;
        c->status = value_number(c, (enum facet_field)i, from, passage, &number);
        if (!c->status && !tallies_add(&c->fields[i].here, number, c->document + 1, c->date))
            c->status = error_memory(c->err);
    }
    c->total++;
    return c->status;
}

/* ---- What it comes to ------------------------------------------------------------------------ */

static int by_name(const void *a, const void *b) {
    return strcmp(((const struct named *)a)->name, ((const struct named *)b)->name);
}

static int by_passages(const void *a, const void *b) {
    const struct named *x = a, *y = b;
    if (x->tally.passages != y->tally.passages)
        return x->tally.passages > y->tally.passages ? -1 : 1;
    return by_name(a, b);
}

/* One value for each name, by name. */
static void unite(struct counting *counting) {
    if (!counting->count)
        return;
    qsort(counting->values, counting->count, sizeof *counting->values, by_name);
    size_t kept = 0;
    for (size_t i = 1; i < counting->count; i++) {
        struct named *last = &counting->values[kept], *next = &counting->values[i];
        if (strcmp(last->name, next->name) != 0) {
            counting->values[++kept] = *next;
            continue;
        }
        last->tally.passages += next->tally.passages;
        last->tally.documents += next->tally.documents;
        tally_date(&last->tally, next->tally.first_date);
        tally_date(&last->tally, next->tally.last_date);
    }
    counting->count = kept + 1;
}

static struct facet_value value_of(const struct named *named, struct arena *arena) {
    return (struct facet_value){arena_string(arena, named->name), named->tally.passages,
                                named->tally.documents, named->tally.first_date,
                                named->tally.last_date};
}

static int make_list(struct facet_counter *c, enum facet_field field, uint32_t limit,
                     struct arena *arena, struct facet *out) {
    struct counting *counting = &c->fields[field];
    size_t count = counting->count < limit ? counting->count : limit;
    struct facet_value *values = arena_zero(arena, count + 1, sizeof *values);
    if (!values)
        return error_memory(c->err);
    if (counting->count)
        qsort(counting->values, counting->count, sizeof *counting->values, by_passages);
    for (size_t i = 0; i < count; i++) {
        values[i] = value_of(&counting->values[i], arena);
        if (!values[i].name)
            return error_memory(c->err);
    }
    *out = (struct facet){field, false, values, count, counting->count, counting->without};
    return 0;
}

static uint32_t next_number(enum facet_field field, uint32_t number) {
    return field == FACET_MONTH && number % 100 >= 12 ? (number / 100 + 1) * 100 + 1 : number + 1;
}

/* How many steps of time from one number to the other. */
static uint64_t time_between(enum facet_field field, uint32_t from, uint32_t to) {
    if (field == FACET_YEAR)
        return to - from;
    return (uint64_t)(to / 100 * 12 + to % 100) - (from / 100 * 12 + from % 100);
}

/* Values by time (their names sort so), with the empty ones between. */
static int make_histogram(struct facet_counter *c, enum facet_field field, struct arena *arena,
                          struct facet *out) {
    struct counting *counting = &c->fields[field];
    size_t count = counting->count;
    if (count)
        qsort(counting->values, count, sizeof *counting->values, by_name);
    uint64_t span = count ? time_between(field, counting->values[0].tally.number,
                                         counting->values[count - 1].tally.number) +
                                1
                          : 0;
    bool filled = span <= FACET_GAPS_MAX;
    struct facet_value *values = arena_zero(arena, (filled ? span : count) + 1, sizeof *values);
    if (!values)
        return error_memory(c->err);
    *out = (struct facet){field, true, values, 0, counting->count, counting->without};
    for (size_t i = 0; i < count; i++) {
        uint32_t number = counting->values[i].tally.number;
        if (i && filled)
            for (uint32_t gap = next_number(field, counting->values[i - 1].tally.number);
                 gap < number && out->count < span; gap = next_number(field, gap))
                values[out->count++] = (struct facet_value){
                    arena_string(arena, number_name(c, field, gap)), 0, 0, 0, 0};
        values[out->count++] = value_of(&counting->values[i], arena);
    }
    for (size_t i = 0; i < out->count; i++)
        if (!values[i].name)
            return error_memory(c->err);
    return 0;
}

int facet_counter_finish(struct facet_counter *c, struct arena *arena, uint32_t limit,
                         const struct facet **out, size_t *count, struct error *err) {
    struct facet *facets = arena_zero(arena, 2 * (size_t)FACET_FIELDS, sizeof *facets);
    *count = 0;
    if (!facets)
        return error_memory(err);
    if (!c->status)
        c->status = end_segment(c);
    for (int i = 0; i < FACET_FIELDS && !c->status; i++) {
        enum facet_field field = (enum facet_field)i;
        if (!(c->counted & FACET_BIT(i)))
            continue;
        if (!is_string(field))
            c->status = name_numbers(c, field);
        if (!c->status)
            unite(&c->fields[i]);
        if (!c->status && c->facets & FACET_BIT(i))
            c->status = make_list(c, field, limit, arena, &facets[(*count)++]);
    }
    for (int i = 0; i < FACET_FIELDS && !c->status; i++)
        if (c->histogram & FACET_BIT(i))
            c->status = make_histogram(c, (enum facet_field)i, arena, &facets[(*count)++]);
    *out = facets;
    if (c->status && err)
        *err = c->fault;
    return c->status;
}
