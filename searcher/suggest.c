/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/suggest.h"

#include "indexer/segment/segment_columns.h"

#include <stdlib.h>
#include <string.h>

/* A speaker or title. */
struct entry {
    const char *text, *folded;
    uint64_t count;
};

/* A word of an entry, from its first byte to the entry's end. */
struct start {
    const char *folded;
    uint32_t entry;
};

/* All speakers or all titles. */
struct strings {
    struct entry *entries; /* owned: most frequent first */
    size_t count, capacity;
    struct start *starts; /* owned: by text */
    size_t start_count;
};

struct suggester {
    const struct snapshot *snapshot;
    struct arena arena;
    struct strings speakers, titles;
    bool gathered;
};

int suggester_open(struct suggester **out, const struct snapshot *snapshot, struct error *err) {
    *out = calloc(1, sizeof **out);
    if (!*out)
        return error_memory(err);
    (*out)->snapshot = snapshot;
    return 0;
}

static void strings_free(struct strings *strings) {
    free(strings->entries);
    free(strings->starts);
    *strings = (struct strings){.entries = NULL};
}

void suggester_close(struct suggester *suggester) {
    if (!suggester)
        return;
    strings_free(&suggester->speakers);
    strings_free(&suggester->titles);
    arena_free(&suggester->arena);
    free(suggester);
}

void suggestions_free(struct suggestions *suggestions) {
    arena_free(&suggestions->arena);
    *suggestions = (struct suggestions){.arena = ARENA_INIT};
}

/* ---- Gathering ------------------------------------------------------------------------------- */

struct gathering {
    struct suggester *suggester;
    struct strings *strings;
    const uint32_t *counts; /* by number, of the segment */
};

static int add_entry(struct strings *strings, const char *text, uint64_t count) {
    if (!text)
        return PLENARY_ENOMEM;
    if (strings->count == strings->capacity) {
        size_t capacity = strings->capacity ? 2 * strings->capacity : 256;
        struct entry *grown = reallocarray(strings->entries, capacity, sizeof *grown);
        if (!grown)
            return PLENARY_ENOMEM;
        strings->entries = grown;
        strings->capacity = capacity;
    }
    strings->entries[strings->count++] = (struct entry){text, NULL, count};
    return 0;
}

static int take_string(void *context, uint32_t number, const char *text, size_t size) {
    const struct gathering *gathering = context;
    if (!gathering->counts[number] || !size)
        return 0;
    return add_entry(gathering->strings, arena_text(&gathering->suggester->arena, text, size),
                     gathering->counts[number]);
}

/* Deleted passages are not counted; of documents, those whose first passage is deleted. */
static int count_rows(const struct suggester *suggester, uint32_t s, enum segment_strings which,
                      uint32_t *counts, struct error *err) {
    const struct segment *segment = snapshot_segment(suggester->snapshot, s);
    bool titles = which == SEGMENT_TITLES;
    bool deleted = snapshot_deleted_count(suggester->snapshot, s) > 0;
    uint32_t rows = titles ? segment_document_count(segment) : segment_passage_count(segment);
    int status = 0;
    for (uint32_t row = 0; row < rows && !status; row++) {
        uint32_t number = 0;
        status = segment_strings_number(segment, which, row, &number, err);
        uint32_t passage = titles && deleted ? segment_first_passage(segment, row) : row;
        if (!deleted || !snapshot_is_deleted(suggester->snapshot, s, passage))
            counts[number]++;
    }
    return status;
}

static int gather_segment(struct suggester *suggester, struct strings *strings, uint32_t s,
                          enum segment_strings which, struct error *err) {
    const struct segment *segment = snapshot_segment(suggester->snapshot, s);
    uint64_t distinct = segment_strings_count(segment, which);
    if (!distinct)
        return 0;
    uint32_t *counts = calloc(distinct + 1, sizeof *counts);
    if (!counts)
        return error_memory(err);
    struct gathering gathering = {suggester, strings, counts};
    int status = count_rows(suggester, s, which, counts, err);
    if (!status)
        status = segment_strings_each(segment, which, take_string, &gathering, err);
    free(counts);
    return status == PLENARY_ENOMEM ? error_memory(err) : status;
}

static int by_text(const void *a, const void *b) {
    return strcmp(((const struct entry *)a)->text, ((const struct entry *)b)->text);
}

static int by_count(const void *a, const void *b) {
    const struct entry *x = a, *y = b;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return by_text(a, b);
}

static void unite(struct strings *strings) {
    size_t kept = 0;
    if (!strings->count)
        return;
    qsort(strings->entries, strings->count, sizeof *strings->entries, by_text);
    for (size_t i = 1; i < strings->count; i++)
        if (strcmp(strings->entries[kept].text, strings->entries[i].text) == 0)
            strings->entries[kept].count += strings->entries[i].count;
        else
            strings->entries[++kept] = strings->entries[i];
    strings->count = kept + 1;
    qsort(strings->entries, strings->count, sizeof *strings->entries, by_count);
    if (strings->count > SUGGEST_STRINGS_MAX)
        strings->count = SUGGEST_STRINGS_MAX;
}

/* Does a word begin at `at`? */
static bool begins_word(const char *text, size_t at) {
    static const char between[] = " \t-'\"(),.;:/[]";
    return text[at] && !strchr(between, text[at]) && (!at || strchr(between, text[at - 1]));
}

static int by_start(const void *a, const void *b) {
    const struct start *x = a, *y = b;
    int order = strcmp(x->folded, y->folded);
    return order ? order : (x->entry > y->entry) - (x->entry < y->entry);
}

static int make_starts(struct suggester *suggester, struct strings *strings, struct error *err) {
    size_t count = 0, used = 0;
    for (size_t i = 0; i < strings->count; i++) {
        struct entry *entry = &strings->entries[i];
        size_t size = strlen(entry->text);
        char *folded = malloc(4 * size + 1);
        if (!folded)
            return error_memory(err);
        entry->folded =
            arena_text(&suggester->arena, folded, analysis_fold(entry->text, size, folded));
        free(folded);
        if (!entry->folded)
            return error_memory(err);
        for (size_t at = 0; entry->folded[at]; at++)
            count += begins_word(entry->folded, at);
    }
    strings->starts = calloc(count + 1, sizeof *strings->starts);
    if (!strings->starts)
        return error_memory(err);
    for (size_t i = 0; i < strings->count; i++)
        for (size_t at = 0; strings->entries[i].folded[at]; at++)
            if (begins_word(strings->entries[i].folded, at))
                strings->starts[used++] =
                    (struct start){strings->entries[i].folded + at, (uint32_t)i};
    strings->start_count = used;
    if (used)
        qsort(strings->starts, used, sizeof *strings->starts, by_start);
    return 0;
}

static int gather(struct suggester *suggester, struct strings *strings, enum segment_strings which,
                  struct error *err) {
    int status = 0;
    for (uint32_t s = 0; s < snapshot_segment_count(suggester->snapshot) && !status; s++)
        status = gather_segment(suggester, strings, s, which, err);
    if (status)
        return status;
    unite(strings);
    return make_starts(suggester, strings, err);
}

int suggester_gather(struct suggester *suggester, struct error *err) {
    if (suggester->gathered)
        return 0;
    strings_free(&suggester->speakers);
    strings_free(&suggester->titles);
    int status = gather(suggester, &suggester->speakers, SEGMENT_SPEAKERS, err);
    if (!status)
        status = gather(suggester, &suggester->titles, SEGMENT_TITLES, err);
    suggester->gathered = !status;
    return status;
}

/* ---- Finding --------------------------------------------------------------------------------- */

/* The best so far, best first: as many as are wanted. */
struct best {
    struct suggestion *all;
    size_t count, limit;
};

static bool goes_before(const struct suggestion *a, const struct suggestion *b) {
    return a->passages != b->passages ? a->passages > b->passages : strcmp(a->text, b->text) < 0;
}

/* `text` is copied where it is kept. */
static int best_add(struct best *best, struct arena *arena, struct suggestion one, bool copy) {
    if (best->count == best->limit && !goes_before(&one, &best->all[best->count - 1]))
        return 0;
    if (copy && !(one.text = arena_string(arena, one.text)))
        return PLENARY_ENOMEM;
    size_t at = best->count < best->limit ? best->count++ : best->limit - 1;
    for (; at && goes_before(&one, &best->all[at - 1]); at--)
        best->all[at] = best->all[at - 1];
    best->all[at] = one;
    return 0;
}

/* Strings are in order of frequency, so the best have the lowest numbers. */
static int find_strings(struct best *best, const struct strings *strings, enum suggest_kind kind,
                        const char *prefix, size_t size, struct arena *arena) {
    size_t low = 0, high = strings->start_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strncmp(strings->starts[middle].folded, prefix, size) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < strings->start_count && strncmp(strings->starts[low].folded, prefix, size) == 0;
         low++) {
        const struct entry *entry = &strings->entries[strings->starts[low].entry];
        bool known = false;
        for (size_t i = 0; i < best->count && !known; i++)
            known = strcmp(best->all[i].text, entry->text) == 0;
        if (!known &&
            best_add(best, arena, (struct suggestion){kind, entry->text, entry->count}, true))
            return PLENARY_ENOMEM;
    }
    return 0;
}

/* Words of all segments that begin so, those of one segment together. */
struct word_count {
    const char *word;
    uint64_t passages;
};

struct word_counts {
    struct word_count *all; /* owned */
    size_t count, capacity;
    struct arena arena;
};

static int take_word(void *context, const char *word, size_t word_size, const char *term,
                     size_t term_size, uint64_t passages) {
    struct word_counts *list = context;
    (void)term;
    (void)term_size;
    struct word_count *last = list->count ? &list->all[list->count - 1] : NULL;
    if (last && strlen(last->word) == word_size && memcmp(last->word, word, word_size) == 0) {
        last->passages += passages;
        return 0;
    }
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 1024;
        struct word_count *grown = reallocarray(list->all, capacity, sizeof *grown);
        if (!grown)
            return PLENARY_ENOMEM;
        list->all = grown;
        list->capacity = capacity;
    }
    const char *copy = arena_text(&list->arena, word, word_size);
    if (!copy)
        return PLENARY_ENOMEM;
    list->all[list->count++] = (struct word_count){copy, passages};
    return 0;
}

static int by_word(const void *a, const void *b) {
    return strcmp(((const struct word_count *)a)->word, ((const struct word_count *)b)->word);
}

static int find_words(struct best *best, const struct suggester *suggester, const char *prefix,
                      size_t size, struct arena *arena, struct error *err) {
    struct word_counts list = {.arena = ARENA_INIT};
    uint32_t segments = snapshot_segment_count(suggester->snapshot);
    int status = 0;
    for (uint32_t i = 0; i < segments && !status; i++)
        status = segment_each_word(snapshot_segment(suggester->snapshot, i), prefix, size,
                                   take_word, &list, err);
    if (!status && segments > 1 && list.count)
        qsort(list.all, list.count, sizeof *list.all, by_word);
    for (size_t i = 0; i < list.count && !status;) {
        struct suggestion one = {SUGGEST_WORD, list.all[i].word, 0};
        for (; i < list.count && strcmp(list.all[i].word, one.text) == 0; i++)
            one.passages += list.all[i].passages;
        /* Words of titles alone are in the lexicon with none. */
        status = one.passages ? best_add(best, arena, one, true) : 0;
    }
    free(list.all);
    arena_free(&list.arena);
    return status == PLENARY_ENOMEM ? error_memory(err) : status;
}

static int find_all(struct suggestions *out, struct suggester *suggester, const char *prefix,
                    size_t size, size_t limit, struct error *err) {
    struct best words = {out->all, 0, limit};
    int status = find_words(&words, suggester, prefix, size, &out->arena, err);
    struct best speakers = {out->all + words.count, 0, limit};
    if (!status &&
        find_strings(&speakers, &suggester->speakers, SUGGEST_SPEAKER, prefix, size, &out->arena))
        status = error_memory(err);
    struct best titles = {speakers.all + speakers.count, 0, limit};
    if (!status &&
        find_strings(&titles, &suggester->titles, SUGGEST_TITLE, prefix, size, &out->arena))
        status = error_memory(err);
    out->count = words.count + speakers.count + titles.count;
    return status;
}

int suggester_find(struct suggestions *out, struct suggester *suggester, const char *prefix,
                   size_t size, size_t limit, struct error *err) {
    enum { LIMIT_MOST = 1000, KINDS = 3 };
    char folded[4 * SUGGEST_PREFIX_MAX + 1];
    *out = (struct suggestions){.arena = ARENA_INIT};
    limit = limit < LIMIT_MOST ? limit : LIMIT_MOST;
    size_t used =
        analysis_fold(prefix, size < SUGGEST_PREFIX_MAX ? size : SUGGEST_PREFIX_MAX, folded);
    folded[used] = '\0';
    if (!used || !limit)
        return 0;
    int status = suggester_gather(suggester, err);
    if (!status) {
        out->all = arena_zero(&out->arena, KINDS * limit, sizeof *out->all);
        status = out->all ? find_all(out, suggester, folded, used, limit, err) : error_memory(err);
    }
    if (status)
        suggestions_free(out);
    return status;
}
