/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/phrase_source.h"

#include <stdlib.h>
#include <string.h>

/* The last unit of a path is where it ends. */
struct place {
    uint32_t operand;
    uint32_t length; /* of the path */
};

/* A unit and the places it can fill. */
struct unit {
    const struct query_unit *query; /* while opening */
    uint64_t *mask;                 /* in phrase_source.masks */
};

/* One word of a segment that matters. */
struct slot {
    uint32_t id;  /* + 1; 0 is a free slot */
    uint32_t set; /* which mask of the segment's */
};

/* What the words mean in one segment. */
struct matcher {
    const struct segment *segment;
    uint32_t passages, word_count;
    const uint8_t *joined;
    bool possible;      /* every operand has a path of words that occur */
    struct slot *slots; /* owned: open addressing by id */
    unsigned shift;     /* from a hash to a slot */
    uint64_t *masks;    /* owned: of sets of units, one behind the other */
};

struct phrase_source {
    struct shim_source shim;
    size_t operand_count;
    uint32_t *windows; /* owned */
    size_t place_count;
    struct place *places; /* owned, by bit */
    size_t width;         /* of a mask, in words of 64 bits */
    uint64_t *starts, *ends;
    uint64_t *masks;    /* owned: starts, ends, one for each unit */
    struct unit *units; /* owned; distinct */
    size_t unit_count;
    uint32_t *unit_of;        /* owned: by bit */
    struct matcher *matchers; /* owned, by segment */
    uint32_t segment_count;
    int status;
    struct error fault;
};

/* ---- Places -------------------------------------------------------------------------------- */

static void set_bit(uint64_t *mask, size_t bit) {
    mask[bit / 64] |= (uint64_t)1 << bit % 64;
}

static int count_places(struct phrase_source *source, const struct query_operand *operands,
                        struct error *err) {
    size_t places = 0;
    for (size_t i = 0; i < source->operand_count; i++)
        for (size_t k = 0; k < operands[i].count; k++) {
            if (operands[i].paths[k].count > PHRASE_PLACES_MAX - places)
                return error_set(err, PLENARY_ELIMIT,
                                 "a phrase or NEAR of more than %d words, each way of writing them "
                                 "counted; leave some out",
                                 (int)PHRASE_PLACES_MAX);
            places += operands[i].paths[k].count;
        }
    source->place_count = places;
    source->width = places / 64 + (places % 64 != 0 || !places);
    return 0;
}

struct used_unit {
    const struct query_unit *query;
    uint32_t bit;
};

/* Paths share units, and the copies of a prefix's unit share their terms. */
static const void *unit_key(const struct query_unit *unit) {
    return unit->terms ? (const void *)unit->terms : (const void *)unit;
}

static int by_unit(const void *a, const void *b) {
    const struct used_unit *x = a, *y = b;
    uintptr_t left = (uintptr_t)unit_key(x->query), right = (uintptr_t)unit_key(y->query);
    if (left != right)
        return left < right ? -1 : 1;
    return (x->bit > y->bit) - (x->bit < y->bit);
}

static void place_operands(struct phrase_source *source, const struct query_operand *operands,
                           struct used_unit *used) {
    size_t bit = 0;
    for (size_t i = 0; i < source->operand_count; i++)
        for (size_t k = 0; k < operands[i].count; k++) {
            const struct query_path *path = &operands[i].paths[k];
            if (!path->count)
                continue;
            set_bit(source->starts, bit);
            for (size_t u = 0; u < path->count; u++, bit++) {
                used[bit] = (struct used_unit){path->units[u], (uint32_t)bit};
                source->places[bit] = (struct place){(uint32_t)i, (uint32_t)path->count};
            }
            set_bit(source->ends, bit - 1);
        }
}

static int make_units(struct phrase_source *source, struct used_unit *used, struct error *err) {
    size_t count = source->place_count;
    if (count)
        qsort(used, count, sizeof *used, by_unit);
    for (size_t i = 0; i < count; i++) {
        bool fresh = !i || unit_key(used[i].query) != unit_key(used[i - 1].query);
        source->unit_count += fresh;
        source->unit_of[used[i].bit] = (uint32_t)source->unit_count - 1;
        if (fresh)
            source->units[source->unit_count - 1].query = used[i].query;
    }
    uint64_t *masks = calloc(source->unit_count + 2, source->width * sizeof *masks);
    if (!masks)
        return error_memory(err);
    memcpy(masks, source->masks, 2 * source->width * sizeof *masks);
    free(source->masks);
    source->masks = masks;
    source->starts = masks;
    source->ends = masks + source->width;
    for (size_t u = 0; u < source->unit_count; u++)
        source->units[u].mask = masks + (u + 2) * source->width;
    for (size_t bit = 0; bit < count; bit++)
        set_bit(source->units[source->unit_of[bit]].mask, bit);
    return 0;
}

static int make_places(struct phrase_source *source, const struct query_operand *operands,
                       struct error *err) {
    int status = count_places(source, operands, err);
    if (status)
        return status;
    size_t count = source->place_count + 1;
    struct used_unit *used = calloc(count, sizeof *used);
    source->places = calloc(count, sizeof *source->places);
    source->units = calloc(count, sizeof *source->units);
    source->unit_of = calloc(count, sizeof *source->unit_of);
    source->masks = calloc(2 * source->width, sizeof *source->masks);
    if (used && source->places && source->units && source->unit_of && source->masks) {
        source->starts = source->masks;
        source->ends = source->masks + source->width;
        place_operands(source, operands, used);
        status = make_units(source, used, err);
    } else {
        status = error_memory(err);
    }
    free(used);
    return status;
}

/* ---- The words of a segment ------------------------------------------------------------------ */

/* A word that a unit stands for. */
struct meaning {
    uint32_t id, unit;
};

struct meanings {
    struct meaning *all; /* owned */
    size_t count, capacity;
};

static int meanings_add(struct meanings *list, const struct word_ids *ids, uint32_t unit) {
    size_t need = list->count + ids->count;
    if (need > list->capacity) {
        size_t capacity = need < 16 ? 16 : 2 * need;
        struct meaning *grown = reallocarray(list->all, capacity, sizeof *grown);
        if (!grown)
            return PLENARY_ENOMEM;
        list->all = grown;
        list->capacity = capacity;
    }
    for (size_t i = 0; i < ids->count; i++)
        list->all[list->count++] = (struct meaning){ids->ids[i], unit};
    return 0;
}

static int by_id(const void *a, const void *b) {
    const struct meaning *x = a, *y = b;
    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    return (x->unit > y->unit) - (x->unit < y->unit);
}

static int find_unit(const struct segment *segment, const struct query_unit *unit,
                     struct word_ids *ids, struct error *err) {
    int status = 0;
    ids->count = 0;
    if (!unit) /* asks for nothing */
        return 0;
    for (size_t i = 0; i < unit->word_count && !status; i++)
        status =
            segment_word_ids_of_word(segment, unit->words[i], strlen(unit->words[i]), ids, err);
    for (size_t i = 0; i < unit->count && !unit->word_count && !status; i++)
        status =
            segment_word_ids_of_term(segment, unit->terms[i], strlen(unit->terms[i]), ids, err);
    return status;
}

/* The words of every unit, by id; `found` tells of each unit whether there are any. */
static int find_meanings(const struct phrase_source *source, const struct segment *segment,
                         struct meanings *list, bool *found, struct error *err) {
    struct word_ids ids = {NULL, 0, 0};
    int status = 0;
    for (size_t u = 0; u < source->unit_count && !status; u++) {
        status = find_unit(segment, source->units[u].query, &ids, err);
        if (!status && meanings_add(list, &ids, (uint32_t)u))
            status = error_memory(err);
        found[u] = ids.count > 0;
    }
    word_ids_free(&ids);
    if (!status && list->count)
        qsort(list->all, list->count, sizeof *list->all, by_id);
    return status;
}

static bool operands_possible(const struct phrase_source *source, const bool *found,
                              const struct query_operand *operands) {
    size_t bit = 0;
    for (size_t i = 0; i < source->operand_count; i++) {
        bool any = false;
        for (size_t k = 0; k < operands[i].count; k++) {
            bool all = operands[i].paths[k].count > 0;
            for (size_t u = 0; u < operands[i].paths[k].count; u++)
                all = found[source->unit_of[bit++]] && all;
            any = any || all;
        }
        if (!any)
            return false;
    }
    return true;
}

static inline uint32_t slot_of(const struct matcher *matcher, uint32_t id) {
    return id * UINT32_C(2654435761) >> matcher->shift;
}

static void put_word(struct matcher *matcher, uint32_t id, uint32_t set) {
    uint32_t last = UINT32_MAX >> matcher->shift, at = slot_of(matcher, id);
    while (matcher->slots[at].id)
        at = (at + 1) & last;
    matcher->slots[at] = (struct slot){id + 1, set};
}

/* How many ids, and how many of them stand for more than one unit. */
static size_t count_words(const struct meanings *list, size_t *shared) {
    size_t words = 0;
    *shared = 0;
    for (size_t begin = 0, end; begin < list->count; begin = end, words++) {
        for (end = begin + 1; end < list->count && list->all[end].id == list->all[begin].id;)
            end++;
        *shared += end - begin > 1;
    }
    return words;
}

/* Few slots are taken, so that most words of a text meet a free one at once. */
static int make_slots(struct matcher *matcher, size_t words, struct error *err) {
    unsigned bits = 8;
    while (bits < 31 && (size_t)1 << bits < 8 * words)
        bits++;
    if ((size_t)1 << bits <= words) {
        error_set(err, PLENARY_ELIMIT, "a phrase or NEAR stands for too many words");
        return PLENARY_ELIMIT;
    }
    matcher->shift = 32 - bits;
    matcher->slots = calloc((size_t)1 << bits, sizeof *matcher->slots);
    if (matcher->slots)
        return 0;
    error_memory(err);
    return PLENARY_ENOMEM;
}

static int make_sets(struct matcher *matcher, const struct phrase_source *source,
                     const struct meanings *list, struct error *err) {
    size_t shared, width = source->width;
    int status = make_slots(matcher, count_words(list, &shared), err);
    if (status)
        return status;
    size_t set = source->unit_count;
    matcher->masks = calloc(set + shared + 1, width * sizeof *matcher->masks);
    if (!matcher->masks)
        return error_memory(err);
    if (set)
        memcpy(matcher->masks, source->masks + 2 * width, set * width * sizeof *matcher->masks);
    for (size_t begin = 0, end; begin < list->count; begin = end) {
        const struct meaning *word = &list->all[begin];
        for (end = begin + 1; end < list->count && list->all[end].id == word->id;)
            end++;
        if (end - begin == 1) {
            put_word(matcher, word->id, word->unit);
            continue;
        }
        for (size_t i = begin; i < end; i++)
            for (size_t w = 0; w < width; w++)
                matcher->masks[set * width + w] |= source->units[list->all[i].unit].mask[w];
        put_word(matcher, word->id, (uint32_t)set++);
    }
    return 0;
}

static int make_matcher(struct matcher *matcher, const struct phrase_source *source,
                        const struct query_operand *operands, struct error *err) {
    const struct segment *segment = matcher->segment;
    matcher->passages = segment_passage_count(segment);
    matcher->word_count = segment_word_count(segment);
    matcher->joined = segment_joined_words(segment);
    struct meanings list = {NULL, 0, 0};
    bool *found = calloc(source->unit_count + 1, sizeof *found);
    int status = found ? find_meanings(source, segment, &list, found, err) : error_memory(err);
    if (!status)
        matcher->possible = operands_possible(source, found, operands);
    if (!status && matcher->possible)
        status = make_sets(matcher, source, &list, err);
    free(list.all);
    free(found);
    return status;
}

/* ---- Reading a passage ------------------------------------------------------------------------
 */

struct span {
    uint32_t first, last; /* positions */
};

struct spans {
    struct span *all; /* owned; by last */
    size_t count, capacity;
};

enum { EXPECTED = 32 };

struct cursor {
    struct phrase_source *source;
    const struct matcher *matcher;
    uint32_t docid;      /* 0 before the first */
    struct spans *spans; /* owned, by operand; for NEAR */
    uint64_t *state;     /* owned: `width` words, then as many for the units at a position */
    struct expected {
        uint32_t docid; /* 0: none */
        const uint8_t *ids;
        size_t size;
    } expected[EXPECTED]; /* by docid: where the words of passages that were announced are */
};

enum { STANDS_NOT = 0, STANDS = 1, DAMAGED = PLENARY_EDAMAGED };

/* The next id, of one byte or more before `end`. */
static inline bool read_id(const uint8_t **at, const uint8_t *end, uint32_t *id) {
    uint32_t byte = *(*at)++, value = byte & 0x7f;
    for (unsigned shift = 7; byte & 0x80; shift += 7) {
        if (*at == end || shift > 28)
            return false;
        byte = *(*at)++;
        if (shift == 28 && byte > 0x0f)
            return false;
        value |= (byte & 0x7f) << shift;
    }
    *id = value;
    return true;
}

/* The set of units that a word stands for, or NULL. */
static inline const uint64_t *find_set(const struct matcher *matcher, uint32_t id, size_t width) {
    uint32_t last = UINT32_MAX >> matcher->shift, at = slot_of(matcher, id);
    for (; matcher->slots[at].id; at = (at + 1) & last)
        if (matcher->slots[at].id == id + 1)
            return matcher->masks + matcher->slots[at].set * width;
    return NULL;
}

static inline bool is_joined(const struct matcher *matcher, uint32_t id) {
    return id < matcher->word_count && matcher->joined[id >> 3] >> (id & 7) & 1;
}

/* The rest of an id of more than two bytes, whose first two are in *id. */
static bool read_long_id(const uint8_t **at, const uint8_t *end, uint32_t *id) {
    for (unsigned shift = 14; shift <= 28; shift += 7) {
        if (*at == end)
            return false;
        uint32_t byte = *(*at)++;
        if (shift == 28 && byte > 0x0f)
            return false;
        *id |= (byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return true;
    }
    return false;
}

/* A phrase of up to 64 places. While nothing has begun, words that fill no place need no look at
 * whether they are joined forms. The last byte ends an id, so that one of two bytes, as most are,
 * needs no look at where the passage ends. */
static int phrase_stands(const struct cursor *cursor, const uint8_t *at, const uint8_t *end) {
    const struct matcher *matcher = cursor->matcher;
    const struct slot *slots = matcher->slots;
    const uint32_t last = UINT32_MAX >> matcher->shift;
    uint64_t starts = *cursor->source->starts, ends = *cursor->source->ends;
    uint64_t state = 0, here = 0;
    if (at < end && end[-1] & 0x80)
        return DAMAGED;
    while (at < end) {
        uint32_t id = *at++;
        if (id & 0x80) {
            uint32_t byte = *at++;
            id = (id & 0x7f) | (byte & 0x7f) << 7;
            if (byte & 0x80 && !read_long_id(&at, end, &id))
                return DAMAGED;
        }
        uint32_t slot = slot_of(matcher, id);
        while (slots[slot].id && slots[slot].id != id + 1)
            slot = (slot + 1) & last;
        if (slots[slot].id)
            here |= matcher->masks[slots[slot].set];
        if (!(state | here) || is_joined(matcher, id))
            continue;
        state = (state << 1 | starts) & here;
        if (state & ends)
            return STANDS;
        here = 0;
    }
    return STANDS_NOT;
}

static int add_span(struct cursor *cursor, const struct place *place, uint32_t last) {
    struct spans *spans = &cursor->spans[place->operand];
    if (spans->count == spans->capacity) {
        size_t capacity = spans->capacity ? 2 * spans->capacity : 16;
        struct span *grown = reallocarray(spans->all, capacity, sizeof *grown);
        if (!grown)
            return PLENARY_ENOMEM;
        spans->all = grown;
        spans->capacity = capacity;
    }
    spans->all[spans->count++] = (struct span){last - place->length + 1, last};
    return 0;
}

static int add_spans(struct cursor *cursor, uint64_t ended, size_t word, uint32_t position) {
    for (; ended; ended &= ended - 1) {
        size_t bit = word * 64 + (size_t)__builtin_ctzll(ended);
        if (add_span(cursor, &cursor->source->places[bit], position))
            return PLENARY_ENOMEM;
    }
    return 0;
}

/* One position on, in as many words as there are: the spans that end there, or whether any does. */
static int move_on(struct cursor *cursor, uint32_t position) {
    const struct phrase_source *source = cursor->source;
    uint64_t *state = cursor->state, *here = state + source->width, carried = 0;
    for (size_t w = 0; w < source->width; w++) {
        uint64_t carry = state[w] >> 63;
        state[w] = (state[w] << 1 | carried | source->starts[w]) & here[w];
        carried = carry;
        here[w] = 0;
        uint64_t ended = state[w] & source->ends[w];
        if (ended && source->operand_count == 1)
            return STANDS;
        if (ended && add_spans(cursor, ended, w, position))
            return PLENARY_ENOMEM;
    }
    return STANDS_NOT;
}

/* Does a span of `b` begin at most `window` positions behind the end of one of `a`? */
static bool spans_follow(const struct spans *a, const struct spans *b, uint32_t window) {
    for (size_t i = 0; i < b->count; i++) {
        size_t low = 0, high = a->count;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (a->all[middle].last < b->all[i].first)
                low = middle + 1;
            else
                high = middle;
        }
        if (low && b->all[i].first - a->all[low - 1].last <= window)
            return true;
    }
    return false;
}

static int spans_stand(const struct cursor *cursor) {
    const struct phrase_source *source = cursor->source;
    for (size_t i = 0; i + 1 < source->operand_count; i++) {
        const struct spans *a = &cursor->spans[i], *b = a + 1;
        uint32_t window = source->windows[i];
        if (!a->count || !b->count || (!spans_follow(a, b, window) && !spans_follow(b, a, window)))
            return STANDS_NOT;
    }
    return source->operand_count > 1 ? STANDS : STANDS_NOT;
}

/* NEAR, and phrases of more places. */
static int spans_read(struct cursor *cursor, const uint8_t *at, const uint8_t *end) {
    const struct phrase_source *source = cursor->source;
    size_t width = source->width;
    uint32_t id, position = 0;
    memset(cursor->state, 0, 2 * width * sizeof *cursor->state);
    for (size_t i = 0; i < source->operand_count; i++)
        cursor->spans[i].count = 0;
    while (at < end) {
        if (!read_id(&at, end, &id))
            return DAMAGED;
        const uint64_t *set = find_set(cursor->matcher, id, width);
        for (size_t w = 0; set && w < width; w++)
            cursor->state[width + w] |= set[w];
        if (is_joined(cursor->matcher, id))
            continue;
        int status = move_on(cursor, ++position);
        if (status)
            return status;
    }
    return spans_stand(cursor);
}

/* The first fault is kept, and nothing stands from then on. */
static bool note_fault(struct phrase_source *source, int status, uint32_t docid) {
    if (source->status)
        return false;
    source->status = status;
    if (status == PLENARY_ENOMEM)
        error_memory(&source->fault);
    else if (source->fault.code == 0)
        error_set(
            &source->fault, PLENARY_EDAMAGED,
            "the words of passage %u of a segment make no sense; run the index's verification",
            docid - 1);
    return false;
}

static bool passage_stands(struct cursor *cursor, uint32_t docid) {
    struct phrase_source *source = cursor->source;
    const uint8_t *ids;
    size_t size;
    if (docid > cursor->matcher->passages || source->status || !cursor->matcher->possible)
        return false;
    const struct expected *expected = &cursor->expected[docid % EXPECTED];
    const struct segment *segment = cursor->matcher->segment;
    int status;
    if (expected->docid == docid) {
        ids = expected->ids;
        size = expected->size;
        status = segment_tokens_need(segment, ids, size, &source->fault);
    } else {
        status = segment_tokens(segment, docid - 1, &ids, &size, &source->fault);
    }
    if (!status && source->operand_count == 1 && source->width == 1)
        status = phrase_stands(cursor, ids, ids + size);
    else if (!status)
        status = spans_read(cursor, ids, ids + size);
    return status < 0 ? note_fault(source, status, docid) : status == STANDS;
}

/* ---- The source --------------------------------------------------------------------------------
 */

static void cursor_close(void *context) {
    struct cursor *cursor = context;
    for (size_t i = 0; cursor->spans && i < cursor->source->operand_count; i++)
        free(cursor->spans[i].all);
    free(cursor->spans);
    free(cursor->state);
    free(cursor);
}

static void *cursor_open(void *context, uint32_t segment) {
    struct phrase_source *source = context;
    struct cursor *cursor = calloc(1, sizeof *cursor);
    if (!cursor)
        return NULL;
    cursor->source = source;
    cursor->matcher = &source->matchers[segment];
    cursor->spans = calloc(source->operand_count + 1, sizeof *cursor->spans);
    cursor->state = calloc(2 * source->width, sizeof *cursor->state);
    if (cursor->spans && cursor->state && segment < source->segment_count)
        return cursor;
    cursor_close(cursor);
    return NULL;
}

static uint32_t cursor_skip_to(void *context, uint32_t docid, double min_weight) {
    struct cursor *cursor = context;
    (void)min_weight;
    const struct matcher *matcher = cursor->matcher;
    for (; matcher->possible && docid <= matcher->passages && !cursor->source->status; docid++)
        if (passage_stands(cursor, docid))
            return cursor->docid = docid;
    return 0;
}

static uint32_t cursor_next(void *context, double min_weight) {
    const struct cursor *cursor = context;
    return cursor_skip_to(context, cursor->docid + 1, min_weight);
}

static bool cursor_check(void *context, uint32_t docid, double min_weight) {
    struct cursor *cursor = context;
    (void)min_weight;
    cursor->docid = docid;
    return passage_stands(cursor, docid);
}

static void cursor_expect(void *context, uint32_t docid) {
    struct cursor *cursor = context;
    struct expected *expected = &cursor->expected[docid % EXPECTED];
    expected->docid = 0;
    if (docid > cursor->matcher->passages ||
        segment_tokens_place(cursor->matcher->segment, docid - 1, &expected->ids, &expected->size))
        return;
    expected->docid = docid;
    for (size_t i = 0; i < expected->size && i < 256; i += 64)
        __builtin_prefetch(expected->ids + i);
}

static void cursor_frequency(void *context, uint32_t *least, uint32_t *estimate, uint32_t *most) {
    const struct cursor *cursor = context;
    *least = 0;
    *estimate = *most = cursor->matcher->possible ? cursor->matcher->passages : 0;
}

static int open_matchers(struct phrase_source *source, const struct query_operand *operands,
                         const struct snapshot *snapshot, struct error *err) {
    uint32_t count = snapshot_segment_count(snapshot);
    source->matchers = calloc((size_t)count + 1, sizeof *source->matchers);
    if (!source->matchers)
        return error_memory(err);
    source->segment_count = count;
    int status = 0;
    for (uint32_t i = 0; i < count && !status; i++) {
        source->matchers[i].segment = snapshot_segment(snapshot, i);
        status = make_matcher(&source->matchers[i], source, operands, err);
    }
    return status;
}

int phrase_source_open(struct phrase_source **out, const struct query_operand *operands,
                       const uint32_t *windows, size_t count, const struct snapshot *snapshot,
                       struct error *err) {
    *out = NULL;
    struct phrase_source *source = calloc(1, sizeof *source);
    if (!source)
        return error_memory(err);
    source->shim = (struct shim_source){.context = source,
                                        .open = cursor_open,
                                        .close = cursor_close,
                                        .next = cursor_next,
                                        .skip_to = cursor_skip_to,
                                        .check = cursor_check,
                                        .expect = cursor_expect,
                                        .frequency = cursor_frequency};
    source->operand_count = count;
    source->windows = calloc(count + 1, sizeof *source->windows);
    int status;
    if (source->windows) {
        if (count > 1)
            memcpy(source->windows, windows, (count - 1) * sizeof *windows);
        status = make_places(source, operands, err);
    } else {
        status = error_memory(err);
    }
    if (!status)
        status = open_matchers(source, operands, snapshot, err);
    if (status)
        phrase_source_close(source);
    else
        *out = source;
    return status;
}

void phrase_source_close(struct phrase_source *source) {
    if (!source)
        return;
    for (uint32_t i = 0; i < source->segment_count; i++) {
        free(source->matchers[i].slots);
        free(source->matchers[i].masks);
    }
    free(source->matchers);
    free(source->windows);
    free(source->places);
    free(source->masks);
    free(source->units);
    free(source->unit_of);
    free(source);
}

const struct shim_source *phrase_source_shim(const struct phrase_source *source) {
    return &source->shim;
}

int phrase_source_fault(const struct phrase_source *source, struct error *err) {
    if (source->status && err)
        *err = source->fault;
    return source->status;
}
