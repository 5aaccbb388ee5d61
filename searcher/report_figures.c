/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A topic in figures: how many hits in which years, and in which documents most of them. */
#include "searcher/report.h"

#include "searcher/citation.h"

#include <stdlib.h>
#include <string.h>

enum { YEARS = 64, TOP = 12 };

static void add_year(struct report_figures *out, uint32_t year) {
    uint32_t at = 0;
    while (at < out->year_count && out->years[at].year < year)
        at++;
    if (at < out->year_count && out->years[at].year == year) {
        out->years[at].hits++;
        return;
    }
    if (out->year_count == YEARS)
        return;
    memmove(&out->years[at + 1], &out->years[at], (out->year_count - at) * sizeof *out->years);
    out->years[at] = (struct report_year){year, 1};
    out->year_count++;
}

struct tally {
    uint32_t segment, document, hits, order;
};

static int by_document(const void *a, const void *b) {
    const struct tally *x = a, *y = b;
    if (x->segment != y->segment)
        return x->segment < y->segment ? -1 : 1;
    if (x->document != y->document)
        return x->document < y->document ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

static int by_hits(const void *a, const void *b) {
    const struct tally *x = a, *y = b;
    if (x->hits != y->hits)
        return x->hits > y->hits ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

/* Equal documents made one, with their hits and the place of the best. */
static size_t count_documents(struct tally *tallies, size_t count) {
    size_t kept = 0;
    if (count)
        qsort(tallies, count, sizeof *tallies, by_document);
    for (size_t i = 0; i < count; i++) {
        struct tally *last = kept ? &tallies[kept - 1] : NULL;
        if (last && last->segment == tallies[i].segment && last->document == tallies[i].document)
            last->hits++;
        else
            tallies[kept++] = tallies[i];
    }
    if (kept)
        qsort(tallies, kept, sizeof *tallies, by_hits);
    return kept;
}

/* As much of a title as there is room for, whole characters. */
static void copy_title(char *out, size_t room, const char *title) {
    size_t size = strlen(title);
    if (size >= room) {
        size = room - 4;
        while (size && (title[size] & 0xc0) == 0x80)
            size--;
        memcpy(out, title, size);
        memcpy(out + size, "\u2026", 4);
        return;
    }
    memcpy(out, title, size + 1);
}

static int take_top(struct report_figures *out, const struct snapshot *snapshot,
                    const struct tally *tallies, size_t count, struct error *err) {
    struct arena arena = ARENA_INIT;
    int status = 0;
    for (size_t i = 0; i < count && i < TOP && !status; i++) {
        struct document_row row;
        struct report_document *top = &out->top[i];
        arena_reset(&arena);
        status = segment_document(snapshot_segment(snapshot, tallies[i].segment),
                                  tallies[i].document, &arena, &row, err);
        if (status)
            break;
        copy_title(top->title, sizeof top->title, citation_title(&row));
        top->key = (uint64_t)tallies[i].segment << 32 | tallies[i].document;
        top->hits = tallies[i].hits;
        out->top_count++;
    }
    arena_free(&arena);
    return status;
}

int report_figures_make(struct report_figures *out, const struct report_answer *answer,
                        struct error *err) {
    const struct snapshot *snapshot = searcher_snapshot(answer->searcher);
    const struct search_result *result = answer->result;
    struct tally *tallies = calloc(result->hit_count + 1, sizeof *tallies);
    *out = (struct report_figures){.hits = result->total.value,
                                   .exact = result->total.exact,
                                   .listed = (uint32_t)result->hit_count};
    if (!tallies)
        return error_memory(err);
    for (size_t i = 0; i < result->hit_count; i++) {
        const struct search_hit *hit = &result->hits[i];
        const struct segment *segment = snapshot_segment(snapshot, hit->segment);
        add_year(out, segment_document_date(segment, hit->document) / 10000);
        tallies[i] = (struct tally){hit->segment, hit->document, 1, (uint32_t)i};
    }
    size_t documents = count_documents(tallies, result->hit_count);
    out->documents = (uint32_t)documents;
    int status = take_top(out, snapshot, tallies, documents, err);
    free(tallies);
    return status;
}
