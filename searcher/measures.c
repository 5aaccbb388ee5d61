/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/measures.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    NUM_RET,
    NUM_REL,
    NUM_REL_RET,
    MAP,
    RPREC,
    BPREF,
    RECIP_RANK,
    NDCG,
    PRECISION, /* at each of CUTS */
    RECALL = PRECISION + 9,
    NDCG_CUT = RECALL + 9,
    SUCCESS = NDCG_CUT + 9, /* at each of SUCCESS_CUTS */
    CUTS = 9,
    SUCCESS_CUTS = 3
};
_Static_assert(SUCCESS + SUCCESS_CUTS == MEASURE_COUNT, "every measure has its place");

static const size_t cuts[CUTS] = {5, 10, 15, 20, 30, 100, 200, 500, 1000};
static const size_t success_cuts[SUCCESS_CUTS] = {1, 5, 10};

static const char *const names[MEASURE_COUNT] = {
    "num_ret",     "num_rel",      "num_rel_ret",  "map",          "Rprec",         "bpref",
    "recip_rank",  "ndcg",         "P_5",          "P_10",         "P_15",          "P_20",
    "P_30",        "P_100",        "P_200",        "P_500",        "P_1000",        "recall_5",
    "recall_10",   "recall_15",    "recall_20",    "recall_30",    "recall_100",    "recall_200",
    "recall_500",  "recall_1000",  "ndcg_cut_5",   "ndcg_cut_10",  "ndcg_cut_15",   "ndcg_cut_20",
    "ndcg_cut_30", "ndcg_cut_100", "ndcg_cut_200", "ndcg_cut_500", "ndcg_cut_1000", "success_1",
    "success_5",   "success_10",
};

const char *measure_name(size_t measure) {
    return measure < MEASURE_COUNT ? names[measure] : NULL;
}

bool measure_is_count(size_t measure) {
    return measure <= NUM_REL_RET;
}

int measure_find(const char *name) {
    char wanted[32];
    size_t size = strlen(name);
    if (size >= sizeof wanted)
        return -1;
    memcpy(wanted, name, size + 1);
    char *dot = strchr(wanted, '.');
    if (dot)
        *dot = '_';
    for (size_t i = 0; i < MEASURE_COUNT; i++)
        if (strcmp(names[i], wanted) == 0)
            return (int)i;
    return -1;
}

/* ---- One ranking --------------------------------------------------------------------------- */

/* What the judges said of the document at each rank. */
struct ranking {
    long *judgements; /* owned; NOT_JUDGED also for those below 0 */
    size_t count;
    const struct trec_topic *judged;
    size_t relevant, not_relevant; /* judged so, found or not */
};

enum { NOT_JUDGED = -1 };

static int by_score(const void *a, const void *b) {
    const struct trec_row *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return strcmp(y->document, x->document);
}

static int by_document(const void *key, const void *row) {
    return strcmp(key, ((const struct trec_row *)row)->document);
}

static long judgement_of(const struct trec_topic *judged, const char *document) {
    const struct trec_row *row =
        bsearch(document, judged->rows, judged->count, sizeof *judged->rows, by_document);
    return row && row->judgement >= 0 ? row->judgement : NOT_JUDGED;
}

static int ranking_make(struct ranking *ranking, const struct trec_topic *judged,
                        const struct trec_topic *found, struct error *err) {
    size_t count = found ? found->count : 0;
    *ranking =
        (struct ranking){calloc(count + 1, sizeof *ranking->judgements), count, judged, 0, 0};
    struct trec_row *rows = calloc(count + 1, sizeof *rows);
    if (!ranking->judgements || !rows) {
        free(ranking->judgements);
        free(rows);
        return error_memory(err);
    }
    if (count) {
        memcpy(rows, found->rows, count * sizeof *rows);
        qsort(rows, count, sizeof *rows, by_score);
    }
    for (size_t i = 0; i < count; i++)
        ranking->judgements[i] = judgement_of(judged, rows[i].document);
    free(rows);
    for (size_t i = 0; i < judged->count; i++) {
        ranking->relevant += judged->rows[i].judgement > 0;
        ranking->not_relevant += judged->rows[i].judgement == 0;
    }
    return 0;
}

static bool is_relevant(const struct ranking *ranking, size_t i) {
    return ranking->judgements[i] > 0;
}

static double divide(double a, double b) {
    return b > 0 ? a / b : 0;
}

/* ---- Measures ------------------------------------------------------------------------------ */

static size_t relevant_within(const struct ranking *ranking, size_t cut) {
    size_t relevant = 0;
    for (size_t i = 0; i < ranking->count && i < cut; i++)
        relevant += is_relevant(ranking, i);
    return relevant;
}

static void measure_precision(struct measures *out, const struct ranking *ranking) {
    double total = 0;
    size_t seen = 0;
    for (size_t i = 0; i < ranking->count; i++) {
        if (!is_relevant(ranking, i))
            continue;
        seen++;
        total += (double)seen / (double)(i + 1);
        if (seen == 1)
            out->values[RECIP_RANK] = 1.0 / (double)(i + 1);
    }
    double relevant = (double)ranking->relevant;
    out->values[NUM_RET] = (double)ranking->count;
    out->values[NUM_REL] = relevant;
    out->values[NUM_REL_RET] = (double)seen;
    out->values[MAP] = divide(total, relevant);
    out->values[RPREC] = divide((double)relevant_within(ranking, ranking->relevant), relevant);
}

static void measure_cuts(struct measures *out, const struct ranking *ranking) {
    for (size_t i = 0; i < CUTS; i++) {
        double within = (double)relevant_within(ranking, cuts[i]);
        out->values[PRECISION + i] = within / (double)cuts[i];
        out->values[RECALL + i] = divide(within, (double)ranking->relevant);
    }
    for (size_t i = 0; i < SUCCESS_CUTS; i++)
        out->values[SUCCESS + i] = relevant_within(ranking, success_cuts[i]) > 0;
}

static void measure_bpref(struct measures *out, const struct ranking *ranking) {
    double total = 0, relevant = (double)ranking->relevant;
    double most = fmin(relevant, (double)ranking->not_relevant), above = 0;
    for (size_t i = 0; i < ranking->count; i++) {
        if (ranking->judgements[i] == 0)
            above++;
        else if (is_relevant(ranking, i))
            total += 1 - divide(fmin(above, relevant), most);
    }
    out->values[BPREF] = divide(total, relevant);
}

static double gain_at(long judgement, size_t i) {
    return judgement > 0 ? (double)judgement / log2((double)i + 2) : 0;
}

static double gain_within(const long *judgements, size_t count, size_t cut) {
    double gain = 0;
    for (size_t i = 0; i < count && i < cut; i++)
        gain += gain_at(judgements[i], i);
    return gain;
}

static int larger_first(const void *a, const void *b) {
    long x = *(const long *)a, y = *(const long *)b;
    return (x < y) - (x > y);
}

static int measure_ndcg(struct measures *out, const struct ranking *ranking, struct error *err) {
    size_t count = ranking->judged->count;
    long *ideal = calloc(count + 1, sizeof *ideal);
    if (!ideal)
        return error_memory(err);
    for (size_t i = 0; i < count; i++)
        ideal[i] = ranking->judged->rows[i].judgement;
    qsort(ideal, count, sizeof *ideal, larger_first);
    for (size_t i = 0; i <= CUTS; i++) {
        size_t cut = i < CUTS ? cuts[i] : SIZE_MAX;
        out->values[i < CUTS ? NDCG_CUT + i : NDCG] = divide(
            gain_within(ranking->judgements, ranking->count, cut), gain_within(ideal, count, cut));
    }
    free(ideal);
    return 0;
}

int measures_of_topic(struct measures *out, const struct trec_topic *judged,
                      const struct trec_topic *found, struct error *err) {
    struct ranking ranking;
    *out = (struct measures){{0}};
    int status = ranking_make(&ranking, judged, found, err);
    if (status)
        return status;
    measure_precision(out, &ranking);
    measure_cuts(out, &ranking);
    measure_bpref(out, &ranking);
    status = measure_ndcg(out, &ranking, err);
    free(ranking.judgements);
    return status;
}
