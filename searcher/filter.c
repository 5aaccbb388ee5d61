/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/filter.h"

#include "indexer/segment/segment_columns.h"

#include <stdlib.h>
#include <string.h>

/* ---- A cursor over the runs of one segment ----------------------------------------------------
 */

struct cursor {
    const struct passage_runs *runs;
    size_t at;      /* the run that `docid` is in, or the first one not yet reached */
    uint32_t docid; /* 0 before the first */
};

static void *cursor_open(void *context, uint32_t segment) {
    const struct passage_set *set = context;
    struct cursor *cursor = calloc(1, sizeof *cursor);
    if (cursor && segment < set->segment_count)
        cursor->runs = &set->segments[segment];
    return cursor;
}

static uint32_t cursor_skip_to(void *context, uint32_t docid, double min_weight) {
    struct cursor *cursor = context;
    if (!cursor->runs)
        return 0;
    const struct passage_run *runs = cursor->runs->runs;
    size_t low = cursor->at, high = cursor->runs->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (runs[middle].last < docid)
            low = middle + 1;
        else
            high = middle;
    }
    while (low < cursor->runs->count && runs[low].weight <= min_weight)
        low++;
    cursor->at = low;
    if (low == cursor->runs->count)
        return 0;
    cursor->docid = docid > runs[low].first ? docid : runs[low].first;
    return cursor->docid;
}

static uint32_t cursor_next(void *context, double min_weight) {
    const struct cursor *cursor = context;
    return cursor->docid == UINT32_MAX ? 0 : cursor_skip_to(context, cursor->docid + 1, min_weight);
}

static double cursor_weight(void *context) {
    const struct cursor *cursor = context;
    return cursor->runs ? cursor->runs->runs[cursor->at].weight : 0;
}

static double cursor_max_weight(void *context) {
    const struct cursor *cursor = context;
    return cursor->runs ? cursor->runs->max_weight : 0;
}

static void cursor_frequency(void *context, uint32_t *least, uint32_t *estimate, uint32_t *most) {
    const struct cursor *cursor = context;
    uint64_t count = cursor->runs ? cursor->runs->passages : 0;
    /* Headings have no document in Xapian, so fewer of them may be found. */
    *least = 0;
    *estimate = *most = count < UINT32_MAX ? (uint32_t)count : UINT32_MAX;
}

/* ---- Sets ---------------------------------------------------------------------------------- */

int passage_set_init(struct passage_set *set, uint32_t segment_count) {
    *set = (struct passage_set){
        .source = {.context = set,
                   .open = cursor_open,
                   .close = free,
                   .next = cursor_next,
                   .skip_to = cursor_skip_to,
                   .weight = cursor_weight,
                   .max_weight = cursor_max_weight,
                   .frequency = cursor_frequency},
        .segments = calloc(segment_count ? segment_count : 1, sizeof *set->segments),
        .segment_count = segment_count};
    if (!set->segments)
        set->segment_count = 0;
    return set->segments ? 0 : PLENARY_ENOMEM;
}

static bool runs_reserve(struct passage_runs *runs) {
    if (runs->runs && runs->count < runs->capacity)
        return true;
    size_t capacity = runs->capacity ? 2 * runs->capacity : 16, bytes;
    if (__builtin_mul_overflow(capacity, sizeof *runs->runs, &bytes))
        return false;
    struct passage_run *grown = realloc(runs->runs, bytes);
    if (!grown)
        return false;
    runs->runs = grown;
    runs->capacity = capacity;
    return true;
}

int passage_set_add(struct passage_set *set, uint32_t segment, uint32_t first, uint32_t last,
                    double weight) {
    struct passage_runs *runs = &set->segments[segment];
    struct passage_run *end = runs->count ? &runs->runs[runs->count - 1] : NULL;
    if (last == UINT32_MAX || first > last || (end && end->last > first))
        return PLENARY_EINVALID;
    runs->passages += last - first + 1;
    if (weight > runs->max_weight)
        runs->max_weight = weight;
    if (end && end->last == first && !(end->weight < weight) && !(weight < end->weight)) {
        end->last = last + 1;
        return 0;
    }
    if (!runs_reserve(runs))
        return PLENARY_ENOMEM;
    runs->runs[runs->count++] = (struct passage_run){first + 1, last + 1, weight};
    return 0;
}

void passage_set_trim(struct passage_set *set, uint32_t segment, uint32_t last) {
    struct passage_runs *runs = &set->segments[segment];
    while (runs->count && runs->runs[runs->count - 1].last > last) {
        struct passage_run *run = &runs->runs[runs->count - 1];
        uint32_t keep = run->first <= last ? last - run->first + 1 : 0;
        runs->passages -= run->last - run->first + 1 - keep;
        run->last = last;
        runs->count -= keep == 0;
    }
}

bool passage_set_has(const struct passage_set *set, uint32_t segment, uint32_t passage) {
    if (segment >= set->segment_count)
        return false;
    struct cursor cursor = {.runs = &set->segments[segment]};
    return cursor_skip_to(&cursor, passage + 1, -1) == passage + 1;
}

uint64_t passage_set_count(const struct passage_set *set) {
    uint64_t count = 0;
    for (uint32_t i = 0; i < set->segment_count; i++)
        count += set->segments[i].passages;
    return count;
}

void passage_set_free(struct passage_set *set) {
    for (uint32_t i = 0; i < set->segment_count; i++)
        free(set->segments[i].runs);
    free(set->segments);
    *set = (struct passage_set){.segments = NULL};
}

/* ---- Dates --------------------------------------------------------------------------------- */

static uint32_t first_day(uint32_t date) {
    uint32_t month = date / 100 % 100, day = date % 100;
    return date / 10000 * 10000 + (month ? month : 1) * 100 + (month && day ? day : 1);
}

static uint32_t last_day(uint32_t date) {
    uint32_t month = date / 100 % 100, day = date % 100;
    return date / 10000 * 10000 + (month ? month : 12) * 100 + (month && day ? day : 31);
}

bool filter_date_matches(uint32_t date, uint32_t from, uint32_t to) {
    if (!from && !to)
        return true;
    return date && (!from || last_day(date) >= first_day(from)) &&
           (!to || first_day(date) <= last_day(to));
}

static bool is_date(uint32_t date) {
    return date == 0 || (date >= 10000 && date / 10000 <= 9999 && date / 100 % 100 <= 12 &&
                         date % 100 <= 31 && (date / 100 % 100 || date % 100 == 0));
}

/* ---- Paths --------------------------------------------------------------------------------- */

/* Two places to go back to: the last `*`, which may not take a '/', and the last `**`, which may.
 * Earlier ones need not be tried again, since a later one can take all that they could. */
struct glob {
    const char *pattern, *text;
    const char *star_pattern, *star_text;
    const char *any_pattern, *any_text;
    bool folders; /* the last ** was "**" "/": it takes whole folders */
};

static bool glob_step(struct glob *glob) {
    if (glob->pattern[0] == '*' && glob->pattern[1] == '*') {
        while (*glob->pattern == '*')
            glob->pattern++;
        glob->folders = *glob->pattern == '/';
        glob->pattern += glob->folders;
        glob->any_pattern = glob->pattern;
        glob->any_text = glob->text;
        glob->star_pattern = NULL;
        return true;
    }
    if (*glob->pattern == '*') {
        glob->star_pattern = ++glob->pattern;
        glob->star_text = glob->text;
        return true;
    }
    if (*glob->text && *glob->pattern &&
        (*glob->pattern == *glob->text || (*glob->pattern == '?' && *glob->text != '/'))) {
        glob->pattern++;
        glob->text++;
        /* '?' takes a whole character. */
        if (glob->pattern[-1] == '?')
            while (((unsigned char)*glob->text & 0xC0) == 0x80)
                glob->text++;
        return true;
    }
    return false;
}

static bool glob_back(struct glob *glob) {
    if (glob->star_pattern && *glob->star_text && *glob->star_text != '/') {
        glob->text = ++glob->star_text;
        glob->pattern = glob->star_pattern;
        return true;
    }
    if (!glob->any_pattern || !*glob->any_text)
        return false;
    if (glob->folders) {
        const char *slash = strchr(glob->any_text, '/');
        if (!slash)
            return false;
        glob->any_text = slash;
    }
    glob->text = ++glob->any_text;
    glob->pattern = glob->any_pattern;
    glob->star_pattern = NULL;
    return true;
}

static bool glob_matches(const char *pattern, const char *text) {
    struct glob glob = {.pattern = pattern, .text = text};
    while (*glob.text || *glob.pattern)
        if (!glob_step(&glob) && !glob_back(&glob))
            return false;
    return true;
}

/* The pattern without its final slashes is the path or a folder above it. */
static bool folder_matches(const char *pattern, const char *path) {
    size_t size = strlen(pattern);
    while (size > 1 && pattern[size - 1] == '/')
        size--;
    return size && strncmp(pattern, path, size) == 0 &&
           (path[size] == '\0' || path[size] == '/' || pattern[size - 1] == '/');
}

bool filter_path_matches(const char *pattern, const char *path) {
    bool is_glob = strpbrk(pattern, "*?") != NULL;
    while (path) {
        if (is_glob ? glob_matches(pattern, path) : folder_matches(pattern, path))
            return true;
        path = pattern[0] == '/' ? NULL : strchr(path, '/');
        path += path != NULL;
    }
    return false;
}

/* ---- Names --------------------------------------------------------------------------------- */

struct name_search {
    const char *name;
    size_t size;
    uint32_t number;
};

static int compare_name(void *context, uint32_t number, const char *text, size_t size) {
    struct name_search *search = context;
    if (size != search->size || memcmp(text, search->name, size) != 0)
        return 0;
    search->number = number;
    return 1;
}

/* The segment's number of a name: 1 where there is one, 0, or negative. */
static int find_name(const struct segment *segment, enum segment_strings which, const char *name,
                     uint32_t *number, struct error *err) {
    struct name_search search = {name, strlen(name), 0};
    int status = segment_strings_each(segment, which, compare_name, &search, err);
    *number = search.number;
    return status;
}

static bool is_given(const char *name) {
    return name && *name;
}

/* ---- Filters ------------------------------------------------------------------------------- */

bool filter_asks(const struct search_filter *filter) {
    return filter->from || filter->to || filter->in_count || filter->language >= 0 ||
           filter->since || is_given(filter->speaker) || is_given(filter->body);
}

bool filter_is_needed(const struct search_filter *filter, const struct snapshot *snapshot) {
    if (filter_asks(filter))
        return true;
    for (uint32_t i = 0; i < snapshot_segment_count(snapshot); i++)
        if (snapshot_deleted_count(snapshot, i))
            return true;
    return false;
}

/* A filter at work on a segment, whose documents come in order. */
struct filtering {
    const struct search_filter *filter;
    const struct snapshot *snapshot;
    uint32_t number; /* of the segment */
    const struct segment *segment;
    uint32_t speaker, body; /* their numbers here; 0: any */
    struct segment_id_scan *ids;
    uint32_t source; /* number of the source matched last, since many may be of one; 0: none yet */
    bool source_passes;
    struct passage_set *out;
    struct arena *arena;
    struct error *err;
};

static bool any_path_matches(const struct search_filter *filter, const char *path) {
    for (size_t i = 0; path && i < filter->in_count; i++)
        if (filter_path_matches(filter->in[i], path))
            return true;
    return false;
}

/* 1 if its source or its id is in one of the paths, 0 if not, negative error. */
static int path_passes(struct filtering *filtering, uint32_t document) {
    uint32_t number = segment_source_number(filtering->segment, document);
    const char *text = NULL;
    size_t size;
    if (number && number != filtering->source) {
        arena_reset(filtering->arena);
        int status = segment_document_source(filtering->segment, document, filtering->arena, &text,
                                             filtering->err);
        if (status)
            return status;
        filtering->source = number;
        filtering->source_passes = any_path_matches(filtering->filter, text);
    }
    if (number && filtering->source_passes)
        return 1;
    int status = segment_id_scan_get(filtering->ids, document, &text, &size, filtering->err);
    return status ? status : any_path_matches(filtering->filter, text);
}

/* 1 if the document passes, 0 if not, negative error. */
static int document_passes(struct filtering *filtering, uint32_t document) {
    const struct search_filter *filter = filtering->filter;
    const struct segment *segment = filtering->segment;
    uint32_t body = 0;
    if (!filter_date_matches(segment_document_date(segment, document), filter->from, filter->to))
        return 0;
    if (filter->language >= 0 &&
        segment_document_language(segment, document) != (uint32_t)filter->language)
        return 0;
    if (filter->since && segment_document_generation(segment, document) <= filter->since)
        return 0;
    int status = filtering->body ? segment_strings_number(segment, SEGMENT_BODIES, document, &body,
                                                          filtering->err)
                                 : 0;
    if (status < 0 || body != filtering->body)
        return status;
    return filter->in_count ? path_passes(filtering, document) : 1;
}

static int add_live(const struct filtering *filtering, uint32_t first, uint32_t end) {
    const struct snapshot *snapshot = filtering->snapshot;
    uint32_t number = filtering->number;
    int status = 0;
    while (!status && (first = snapshot_next(snapshot, number, false, first, end)) < end) {
        uint32_t stop = snapshot_next(snapshot, number, true, first, end);
        status = passage_set_add(filtering->out, number, first, stop - 1, 0);
        first = stop;
    }
    return status;
}

/* Of those from `first` on the ones that the speaker said. */
static int add_spoken(const struct filtering *filtering, uint32_t first, uint32_t end) {
    int status = 0;
    for (uint32_t at = first; at < end && !status; at++) {
        uint32_t speaker;
        status = segment_strings_number(filtering->segment, SEGMENT_SPEAKERS, at, &speaker,
                                        filtering->err);
        if (!status && speaker == filtering->speaker)
            status = add_live(filtering, at, at + 1);
    }
    return status;
}

static int add_document(const struct filtering *filtering, uint32_t document) {
    const struct segment *segment = filtering->segment;
    uint32_t passages = segment_passage_count(segment);
    uint32_t first = segment_first_passage(segment, document);
    uint32_t end = document + 1 < segment_document_count(segment)
                       ? segment_first_passage(segment, document + 1)
                       : passages;
    if (end > passages)
        return 0;
    int status =
        filtering->speaker ? add_spoken(filtering, first, end) : add_live(filtering, first, end);
    if (status == PLENARY_EINVALID)
        return error_set(filtering->err, PLENARY_EDAMAGED,
                         "%s: the passages of document %u overlap others", segment_folder(segment),
                         document);
    return status == PLENARY_ENOMEM ? error_memory(filtering->err) : status;
}

static int filter_documents(struct filtering *filtering) {
    for (uint32_t document = 0; document < segment_document_count(filtering->segment); document++) {
        int status = document_passes(filtering, document);
        if (status > 0)
            status = add_document(filtering, document);
        if (status < 0)
            return status;
    }
    return 0;
}

static int filter_segment(struct filtering *filtering, uint32_t number) {
    const struct search_filter *filter = filtering->filter;
    const struct segment *segment = snapshot_segment(filtering->snapshot, number);
    int has = 1;
    filtering->number = number;
    filtering->segment = segment;
    filtering->source = 0;
    if (!filter_asks(filter)) { /* what is live, without a look at each document */
        int status = add_live(filtering, 0, segment_passage_count(segment));
        return status ? error_memory(filtering->err) : 0;
    }
    if (filter->since && segment_newest_generation(segment) <= filter->since)
        return 0;
    if (is_given(filter->speaker))
        has = find_name(segment, SEGMENT_SPEAKERS, filter->speaker, &filtering->speaker,
                        filtering->err);
    if (has == 1 && is_given(filter->body))
        has = find_name(segment, SEGMENT_BODIES, filter->body, &filtering->body, filtering->err);
    if (has < 1)
        return has;
    filtering->ids = segment_id_scan_open(segment);
    int status = filtering->ids ? filter_documents(filtering) : error_memory(filtering->err);
    segment_id_scan_close(filtering->ids);
    return status;
}

int filter_make(struct passage_set *out, const struct search_filter *filter,
                const struct snapshot *snapshot, struct error *err) {
    *out = (struct passage_set){.segments = NULL};
    if (!is_date(filter->from) || !is_date(filter->to))
        return error_set(err, PLENARY_EINVALID, "%08u is not a date; write yyyymmdd",
                         is_date(filter->from) ? filter->to : filter->from);
    if (passage_set_init(out, snapshot_segment_count(snapshot)))
        return error_memory(err);
    struct arena arena = ARENA_INIT;
    struct filtering filtering = {
        .filter = filter, .snapshot = snapshot, .out = out, .arena = &arena, .err = err};
    int status = 0;
    for (uint32_t i = 0; i < out->segment_count && !status; i++)
        status = filter_segment(&filtering, i);
    arena_free(&arena);
    if (status)
        passage_set_free(out);
    return status;
}
