/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A report: the answers to a list of topics, written in one pass over them as any of several
 * outputs. Each output says what to write before the first topic, for each topic (on the thread
 * that searched it), and behind the last. A report belongs to one thread, but for `topic`, which
 * several call at once for different topics.
 */
#ifndef PLENARY_SEARCHER_REPORT_H
#define PLENARY_SEARCHER_REPORT_H

#include "corpus/bytes.h"
#include "searcher/listing.h"
#include "searcher/ranking.h"
#include "searcher/topics.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

enum report_format {
    REPORT_TEXT,
    REPORT_RUN,
    REPORT_CSV,
    REPORT_TSV,
    REPORT_JSONL,
    REPORT_HTML,
    REPORT_ATOM,
    REPORT_FORMATS
};

enum report_unit { REPORT_PASSAGES, REPORT_DOCUMENTS };

/* What is listed of each topic, and how. */
struct report_options {
    const char *index;
    const char *paths[REPORT_FORMATS]; /* where to write; NULL: not; "-": standard output */
    enum report_unit unit;
    uint32_t limit;    /* passages (documents) listed of a topic; of a run its depth */
    unsigned context;  /* paragraphs around a passage */
    const char *title; /* of the report; NULL: of the index */
    const char *tag;   /* the last column of a run */
    time_t now;        /* SOURCE_DATE_EPOCH, if set */
    const char *since; /* only what is new since this generation or day; NULL: everything */
    uint64_t after;    /* the same as a generation: report_since */
    char news[160];    /* a sentence of it, or empty */
    bool quiet;
};

/* The answer to one topic. */
struct report_answer {
    size_t number;
    const struct topic *topic;
    struct searcher *searcher;
    const struct search_result *result;
    const struct report_options *options;
};

/* A topic in figures, for an overview. */
struct report_figures {
    uint64_t hits; /* passages that match; an estimate unless exact */
    bool exact;
    uint32_t listed;    /* of the ranking that was looked at */
    uint32_t documents; /* in it */
    struct report_year {
        uint32_t year, hits;
    } years[64]; /* rising; year 0: undated */
    uint32_t year_count;
    struct report_document {
        char title[80];
        uint64_t key;
        uint32_t hits;
    } top[12]; /* documents with the most hits, most first */
    uint32_t top_count;
};

/* Fill in `after` and `news` from `since`. PLENARY_EINVALID: it is neither, or not yet. */
int report_since(struct report_options *options, const struct snapshot *snapshot,
                 struct error *err);

/* A run's lines. A passage is named by the id it was given, by the document's id if it is its only
 * one, or as "<document>#7". Scores fall strictly even as floats, so that every reader keeps the
 * order. */
int report_run_topic(struct bytes *out, const struct report_answer *answer, struct error *err);

void report_table_begin(struct bytes *out, enum report_format format);
int report_table_topic(struct bytes *out, const struct report_answer *answer,
                       enum report_format format, struct error *err);

int report_text_topic(struct bytes *out, const struct report_answer *answer, struct error *err);

/* Figures over the whole result. */
int report_figures_make(struct report_figures *out, const struct report_answer *answer,
                        struct error *err);

/* A topic's section, and the page around all of them. */
int report_html_topic(struct bytes *out, const struct report_answer *answer,
                      const struct report_figures *figures, struct error *err);
void report_html_begin(struct bytes *out, const struct report_options *options,
                       const struct snapshot *snapshot, const struct topics *topics,
                       const struct report_figures *figures);
void report_html_end(struct bytes *out, const struct report_options *options);

void report_text_begin(struct bytes *out, const struct report_options *options);
void report_text_end(struct bytes *out, const struct report_options *options, bool any);

void report_atom_begin(struct bytes *out, const struct report_options *options);
int report_atom_topic(struct bytes *out, const struct report_answer *answer, struct error *err);
void report_atom_end(struct bytes *out);

/* Run all topics and write all outputs. */
int report_write(const struct report_options *options, const struct topics *topics,
                 const struct search_request *request, const struct ranking *ranking,
                 unsigned workers, struct error *err);

/* The eval subcommand: its own command line, from "eval" on; returns the exit status. */
int report_eval(int argc, char **argv);

#endif
