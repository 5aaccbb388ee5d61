/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/listing.h"

#include "indexer/segment/text.h"

#include "searcher/citation.h"
#include "searcher/escape.h"

#include <stdlib.h>
#include <string.h>

struct listing {
    const struct snapshot *snapshot;
    struct analyser *analyser;
    const struct search_result *result;
    struct listing_options options;
    struct highlighter *highlighter;
    struct snippet_maker *maker;
    struct highlight_list matches, merged;
    struct bytes scratch;
    struct text_window window;
    struct arena arena; /* of the hit that is loaded */
    struct listing_hit hit;
};

int listing_open(struct listing **out, struct searcher *searcher,
                 const struct search_result *result, const struct listing_options *options,
                 struct error *err) {
    *out = NULL;
    struct listing *listing = calloc(1, sizeof *listing);
    if (!listing)
        return error_memory(err);
    listing->snapshot = searcher_snapshot(searcher);
    listing->analyser = searcher_analyser(searcher);
    listing->result = result;
    listing->options = *options;
    int status = snippet_maker_open(&listing->maker, err);
    if (status >= 0)
        status = highlighter_open(&listing->highlighter, result, err);
    if (status >= 0)
        status = highlighter_weigh(listing->highlighter, searcher_database(searcher), err);
    if (status < 0)
        listing_close(listing);
    else
        *out = listing;
    return status;
}

void listing_close(struct listing *listing) {
    if (!listing)
        return;
    highlighter_close(listing->highlighter);
    snippet_maker_close(listing->maker);
    highlight_list_free(&listing->matches);
    free(listing->merged.ranges);
    bytes_free(&listing->scratch);
    text_window_free(&listing->window);
    arena_free(&listing->arena);
    free(listing);
}

static int load_text(struct listing *listing, const struct segment *segment,
                     struct listing_passage *passage, struct error *err) {
    const struct search_hit *hit = listing->hit.hit;
    struct bytes *scratch = &listing->scratch;
    bytes_reset(scratch);
    int status = segment_text_near(segment, hit->document, passage->row.text_begin,
                                   passage->row.text_end, &listing->window, scratch, err);
    if (status < 0)
        return status;
    if (scratch->failed)
        return error_memory(err);
    char *text = arena_text(&listing->arena, (const char *)scratch->data, scratch->size);
    if (!text)
        return error_memory(err);
    utf8_repair(text, scratch->size);
    passage->text = text;
    passage->size = scratch->size;
    return 0;
}

static int load_passage(struct listing *listing, const struct segment *segment, uint32_t ordinal,
                        struct listing_passage *passage, struct error *err) {
    passage->ordinal = ordinal;
    int status = segment_passage(segment, ordinal, &listing->arena, &passage->row, err);
    if (status >= 0)
        status = load_text(listing, segment, passage, err);
    if (status < 0)
        return status;
    bytes_reset(&listing->scratch);
    citation_passage_id(&listing->scratch, &listing->hit.document, &passage->row, ordinal);
    if (listing->scratch.failed)
        return error_memory(err);
    passage->id =
        arena_text(&listing->arena, (const char *)listing->scratch.data, listing->scratch.size);
    return passage->id ? 0 : error_memory(err);
}

/* ---- Context ------------------------------------------------------------------------------ */

/* How far from `ordinal` the wanted number of paragraphs reaches, in steps of `step`, at most to
 * `end` (exclusive): as many rows, for headings do not count. */
static int measure_context(struct listing *listing, const struct segment *segment,
                           uint32_t available, int step, uint32_t *rows, struct error *err) {
    unsigned paragraphs = 0;
    uint32_t ordinal = listing->hit.hit->passage;
    for (*rows = 0; *rows < available && paragraphs < listing->options.context; ++*rows) {
        struct passage_row row;
        ordinal += (uint32_t)step;
        int status = segment_passage(segment, ordinal, &listing->arena, &row, err);
        if (status < 0)
            return status;
        paragraphs += row.kind != PASSAGE_HEADING;
    }
    return 0;
}

static int load_rows(struct listing *listing, const struct segment *segment, uint32_t first,
                     uint32_t count, const struct listing_passage **out, size_t *out_count,
                     struct error *err) {
    *out_count = 0;
    struct listing_passage *passages = arena_zero(&listing->arena, count, sizeof *passages);
    if (!passages)
        return error_memory(err);
    for (uint32_t i = 0; i < count; i++) {
        int status = load_passage(listing, segment, first + i, &passages[i], err);
        if (status < 0)
            return status;
    }
    *out = passages;
    *out_count = count;
    return 0;
}

static int load_context(struct listing *listing, const struct segment *segment, struct error *err) {
    struct listing_hit *hit = &listing->hit;
    uint32_t at = hit->hit->passage, first = hit->document.first_passage;
    uint32_t end = first + hit->document.passage_count, rows;
    if (!listing->options.context || at < first || at >= end)
        return 0;
    int status = measure_context(listing, segment, at - first, -1, &rows, err);
    if (status >= 0)
        status =
            load_rows(listing, segment, at - rows, rows, &hit->before, &hit->before_count, err);
    if (status >= 0)
        status = measure_context(listing, segment, end - at - 1, 1, &rows, err);
    if (status >= 0)
        status = load_rows(listing, segment, at + 1, rows, &hit->after, &hit->after_count, err);
    return status;
}

/* ---- Highlights and snippet --------------------------------------------------------------- */

static int merge_matches(struct listing *listing, struct error *err) {
    struct highlight_list *from = &listing->matches, *to = &listing->merged;
    if (from->count > to->capacity) {
        struct highlight_range *ranges = reallocarray(to->ranges, from->count, sizeof *ranges);
        if (!ranges)
            return error_memory(err);
        to->ranges = ranges;
        to->capacity = from->count;
    }
    if (from->count)
        memcpy(to->ranges, from->ranges, from->count * sizeof *to->ranges);
    to->count = from->count;
    highlight_merge(to);
    listing->hit.matches = from->ranges;
    listing->hit.match_count = from->count;
    listing->hit.highlights = to->ranges;
    listing->hit.highlight_count = to->count;
    return 0;
}

static int load_highlights(struct listing *listing, struct error *err) {
    struct listing_hit *hit = &listing->hit;
    int language = language_number(hit->document.language ? hit->document.language : "none");
    int status =
        highlighter_find(listing->highlighter, listing->analyser, language < 0 ? 0 : language,
                         hit->passage.text, hit->passage.size, &listing->matches, err);
    if (status >= 0)
        status = merge_matches(listing, err);
    if (status < 0)
        return status;
    struct snippet_source source = {
        .text = hit->passage.text,
        .size = hit->passage.size,
        .matches = listing->matches.ranges,
        .match_count = listing->matches.count,
        .weights = highlighter_weights(listing->highlighter),
        .word_count = highlighter_word_count(listing->highlighter),
        .length = listing->options.snippet_length,
    };
    return snippet_make(&hit->snippet, listing->maker, &listing->arena, &source, err);
}

int listing_load(struct listing *listing, size_t i, const struct listing_hit **out,
                 struct error *err) {
    const struct search_hit *hit = &listing->result->hits[i];
    arena_reset(&listing->arena);
    listing->hit = (struct listing_hit){.hit = hit};
    *out = &listing->hit;
    const struct segment *segment = snapshot_segment(listing->snapshot, hit->segment);
    int status =
        segment_document(segment, hit->document, &listing->arena, &listing->hit.document, err);
    if (status >= 0)
        status = load_passage(listing, segment, hit->passage, &listing->hit.passage, err);
    if (status >= 0)
        status = load_highlights(listing, err);
    if (status >= 0)
        status = load_context(listing, segment, err);
    return status;
}
