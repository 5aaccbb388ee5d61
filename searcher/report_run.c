/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs, as trec_eval reads them. A run may be a thousand lines a topic, so names are looked up in
 * the order of the index, where the next one is a step away, and lines written in that of the rank.
 */
#include "searcher/report.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A listed hit and where its name begins in the names. */
struct named {
    const struct search_hit *hit;
    size_t name;
};

/* Names of one segment's passages after another's. */
struct namer {
    const struct segment *segment;
    struct segment_id_scan *documents, *passages;
    enum report_unit unit;
    struct bytes *names; /* each with a zero behind it */
};

/* ---- Names --------------------------------------------------------------------------------- */

static uint32_t passages_of(const struct segment *segment, uint32_t document) {
    uint32_t end = document + 1 < segment_document_count(segment)
                       ? segment_first_passage(segment, document + 1)
                       : segment_passage_count(segment);
    return end - segment_first_passage(segment, document);
}

/* A field of a run holds no blank. */
static void add_field(struct bytes *out, const char *text) {
    size_t size = strcspn(text, " \t\r\n\f\v");
    bytes_add(out, text, size);
    for (text += size; *text; text++)
        bytes_add_byte(out, strchr(" \t\r\n\f\v", *text) ? '_' : (uint8_t)*text);
}

static void enter_segment(struct namer *namer, const struct segment *segment) {
    if (namer->segment == segment && segment)
        return;
    segment_id_scan_close(namer->documents);
    segment_id_scan_close(namer->passages);
    namer->segment = segment;
    namer->documents = segment ? segment_id_scan_open(segment) : NULL;
    namer->passages = segment ? segment_passage_id_scan_open(segment) : NULL;
}

/* "#7" for the seventh paragraph, "#h9" for a ninth passage that is a heading. */
static int add_number(struct namer *namer, const struct search_hit *hit, struct error *err) {
    uint32_t number, first = segment_first_passage(namer->segment, hit->document);
    int status = segment_passage_number(namer->segment, hit->document, hit->passage, &number, err);
    if (status)
        return status;
    if (number)
        bytes_printf(namer->names, "#%" PRIu32, number);
    else
        bytes_printf(namer->names, "#h%" PRIu32, hit->passage - first + 1);
    return 0;
}

static int add_name(struct namer *namer, const struct search_hit *hit, struct error *err) {
    const char *id = NULL;
    size_t size;
    if (!namer->documents || !namer->passages)
        return error_memory(err);
    int status = 0;
    if (namer->unit == REPORT_PASSAGES)
        status = segment_id_scan_get(namer->passages, hit->passage, &id, &size, err);
    bool own = id && *id;
    if (!status && !own)
        status = segment_id_scan_get(namer->documents, hit->document, &id, &size, err);
    if (status)
        return status;
    bool part =
        !own && namer->unit == REPORT_PASSAGES && passages_of(namer->segment, hit->document) > 1;
    add_field(namer->names, id && (*id || part) ? id : "-");
    return part ? add_number(namer, hit, err) : 0;
}

static int by_place(const void *a, const void *b) {
    const struct search_hit *x = ((const struct named *)a)->hit,
                            *y = ((const struct named *)b)->hit;
    if (x->segment != y->segment)
        return x->segment < y->segment ? -1 : 1;
    return x->passage < y->passage ? -1 : x->passage > y->passage;
}

static int by_rank(const void *a, const void *b) {
    const struct search_hit *x = ((const struct named *)a)->hit,
                            *y = ((const struct named *)b)->hit;
    return x < y ? -1 : x > y;
}

static int make_names(struct bytes *names, struct named *all, size_t count,
                      const struct report_answer *answer, struct error *err) {
    const struct snapshot *snapshot = searcher_snapshot(answer->searcher);
    struct namer namer = {.unit = answer->options->unit, .names = names};
    int status = 0;
    if (count)
        qsort(all, count, sizeof *all, by_place);
    for (size_t i = 0; i < count && !status; i++) {
        enter_segment(&namer, snapshot_segment(snapshot, all[i].hit->segment));
        all[i].name = names->size;
        status = add_name(&namer, all[i].hit, err);
        bytes_add_byte(names, '\0');
    }
    enter_segment(&namer, NULL);
    if (count)
        qsort(all, count, sizeof *all, by_rank);
    return !status && names->failed ? error_memory(err) : status;
}

/* ---- Lines --------------------------------------------------------------------------------- */

/* The next score down that is still smaller as a float of six decimals. */
static double below(double score, double last) {
    float most = nextafterf((float)last, -INFINITY);
    double limit = floor((double)most * 1e6) / 1e6;
    while ((float)limit >= (float)last)
        limit = floor(((double)nextafterf((float)limit, -INFINITY)) * 1e6) / 1e6;
    return score < limit ? score : limit;
}

static void add_digits(struct bytes *out, uint64_t value, unsigned least) {
    char digits[24];
    size_t at = sizeof digits;
    for (unsigned i = 0; i < least || value; i++) {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    }
    bytes_add(out, digits + at, sizeof digits - at);
}

/* Six decimals, which is what it has; printf takes longer than the search that found it. */
static void add_score(struct bytes *out, double score) {
    if (!(score >= 0 && score < 1e9)) {
        bytes_printf(out, "%.6f", score);
        return;
    }
    uint64_t millionths = (uint64_t)llround(score * 1e6);
    add_digits(out, millionths / 1000000, 1);
    bytes_add_byte(out, '.');
    add_digits(out, millionths % 1000000, 6);
}

static void write_lines(struct bytes *out, const struct report_answer *answer,
                        const struct named *all, size_t count, const char *names) {
    struct bytes topic = BYTES_INIT, tag = BYTES_INIT;
    double last = INFINITY;
    add_field(&topic, answer->topic->id);
    bytes_add_string(&topic, " Q0 ");
    bytes_add_byte(&tag, ' ');
    add_field(&tag, answer->options->tag);
    bytes_add_byte(&tag, '\n');
    out->failed |= topic.failed || tag.failed;
    for (size_t i = 0; i < count && !out->failed; i++) {
        double score = round(all[i].hit->score * 1e6) / 1e6;
        score = isinf(last) ? score : below(score, last);
        last = score;
        bytes_add(out, topic.data, topic.size);
        bytes_add_string(out, names + all[i].name);
        bytes_add_byte(out, ' ');
        add_digits(out, i + 1, 1);
        bytes_add_byte(out, ' ');
        add_score(out, score);
        bytes_add(out, tag.data, tag.size);
    }
    bytes_free(&topic);
    bytes_free(&tag);
}

int report_run_topic(struct bytes *out, const struct report_answer *answer, struct error *err) {
    const struct search_result *result = answer->result;
    struct named *all = calloc(result->hit_count + 1, sizeof *all);
    struct bytes names = BYTES_INIT;
    size_t count = 0;
    if (!all)
        return error_memory(err);
    for (size_t i = 0; i < result->hit_count && count < answer->options->limit; i++)
        if (result->hits[i].place == 1)
            all[count++].hit = &result->hits[i];
    int status = make_names(&names, all, count, answer, err);
    if (!status)
        write_lines(out, answer, all, count, (const char *)names.data);
    bytes_free(&names);
    free(all);
    return status;
}
