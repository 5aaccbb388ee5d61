/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/dry_run.h"

#include "corpus/printable.h"
#include "indexer/analysis/analyser.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INDENT = 8, TEXT_WIDTH = 92 };

struct dry_run {
    const struct index_options *options;
    const volatile sig_atomic_t *stop;
    struct analyser *analyser;
    struct bytes line;
    struct error *err;
    bool reader_gone; /* of standard output */
};

static void print_text(struct dry_run *run, const char *text, size_t size) {
    bytes_reset(&run->line);
    printable_add(&run->line, text, size);
    const char *at = bytes_string(&run->line);
    size_t left = run->line.size;
    while (at && left > 0) {
        size_t cut = left;
        if (cut > TEXT_WIDTH) {
            cut = TEXT_WIDTH;
            while (cut > 0 && at[cut] != ' ')
                cut--;
            if (cut == 0) { /* one long word: go on to its end */
                const char *space = memchr(at, ' ', left);
                cut = space ? (size_t)(space - at) : left;
            }
        }
        printf("%*s%.*s\n", INDENT, "", (int)cut, at);
        at += cut;
        left -= cut;
        while (left > 0 && *at == ' ') {
            at++;
            left--;
        }
    }
}

static void print_field(struct dry_run *run, const char *name, const char *value) {
    if (!value)
        return;
    bytes_reset(&run->line);
    printable_add(&run->line, value, strlen(value));
    const char *shown = bytes_string(&run->line);
    printf("  %-9s %s\n", name, shown ? shown : "");
}

static void print_date(uint32_t date) {
    if (date % 100)
        printf("  %-9s %04" PRIu32 "-%02" PRIu32 "-%02" PRIu32 "\n", "date", date / 10000,
               date / 100 % 100, date % 100);
    else if (date / 100 % 100)
        printf("  %-9s %04" PRIu32 "-%02" PRIu32 "\n", "date", date / 10000, date / 100 % 100);
    else if (date)
        printf("  %-9s %04" PRIu32 "\n", "date", date / 10000);
}

static const char *document_language(struct dry_run *run, const struct document *document) {
    int number = run->options->language;
    if (number < 0 && document->language)
        number = language_number(document->language);
    if (number < 0 && document->language_sample)
        number = analyser_detect(run->analyser, document->language_sample,
                                 document->language_sample_size, language_number("english"));
    else if (number < 0)
        number = analyser_detect(run->analyser, (const char *)document->text.data,
                                 document->text.size, language_number("english"));
    return language_name(number);
}

static void print_passage(struct dry_run *run, const struct document *document,
                          const struct passage *passage) {
    if (passage->number)
        printf("\n  [%" PRIu32 "] ", passage->number);
    else
        fputs("\n  [ ] ", stdout);
    fputs(passage_kind_name(passage->kind), stdout);
    if (passage->level)
        printf(" %u", passage->level);
    char text[512];
    if (passage->label)
        printf(" %s", printable_copy(text, sizeof text, passage->label));
    if (passage->line_begin)
        printf(", lines %" PRIu64 "-%" PRIu64 ", bytes %" PRIu64 "-%" PRIu64, passage->line_begin,
               passage->line_end, passage->source_begin, passage->source_end);
    if (passage->page)
        printf(", page %" PRIu32, passage->page);
    if (passage->speaker)
        printf(", speaker %s%s", printable_copy(text, sizeof text, passage->speaker),
               passage->opens_turn ? "" : " (goes on)");
    if (passage->heading)
        printf(", under %s", printable_copy(text, sizeof text, passage->heading));
    fputc('\n', stdout);
    print_text(run, (const char *)document->text.data + passage->text_begin,
               passage->text_end - passage->text_begin);
}

struct speaker_count {
    const char *name;
    size_t turns, passages;
};

static int compare_names(const void *a, const void *b) {
    return strcmp(((const struct speaker_count *)a)->name, ((const struct speaker_count *)b)->name);
}

static int compare_counts(const void *a, const void *b) {
    const struct speaker_count *x = a, *y = b;
    int order = (x->turns < y->turns) - (x->turns > y->turns);
    return order ? order : strcmp(x->name, y->name);
}

/* Sum up by name; the number of names. */
static size_t sum_up(struct speaker_count *counts, size_t count) {
    size_t names = 0;
    qsort(counts, count, sizeof *counts, compare_names);
    for (size_t i = 0; i < count; i++) {
        struct speaker_count one = counts[i];
        if (!names || strcmp(counts[names - 1].name, one.name) != 0)
            counts[names++] = (struct speaker_count){.name = one.name};
        counts[names - 1].turns += one.turns;
        counts[names - 1].passages += one.passages;
    }
    qsort(counts, names, sizeof *counts, compare_counts);
    return names;
}

/* Who speaks, with how many turns: the quickest sight of whether they were told right. */
static int print_speakers(struct dry_run *run, const struct document *document) {
    struct speaker_count *counts = calloc(document->passage_count + 1, sizeof *counts);
    size_t count = 0;
    if (!counts)
        return error_memory(run->err);
    for (size_t i = 0; i < document->passage_count; i++) {
        const struct passage *passage = &document->passages[i];
        if (passage->speaker)
            counts[count++] = (struct speaker_count){passage->speaker, passage->opens_turn, 1};
    }
    count = sum_up(counts, count);
    char name[512];
    for (size_t i = 0; i < count; i++)
        printf("  %-9s %s: %zu turn%s, %zu passage%s\n", i ? "" : "speakers",
               printable_copy(name, sizeof name, counts[i].name), counts[i].turns,
               counts[i].turns == 1 ? "" : "s", counts[i].passages,
               counts[i].passages == 1 ? "" : "s");
    free(counts);
    return 0;
}

static int print_document(void *context, struct document *document) {
    struct dry_run *run = context;
    if (*run->stop)
        return error_set(run->err, PLENARY_ESTOPPED, "interrupted");
    char id[1024];
    printf("%s\n", printable_copy(id, sizeof id, document->id));
    print_field(run, "title", document->title);
    print_date(document->date);
    print_field(run, "body", document->body);
    print_field(run, "language", document_language(run, document));
    if (print_speakers(run, document))
        return PLENARY_ENOMEM;
    if (document->replaced_bytes)
        printf("  %-9s %" PRIu64 " invalid bytes replaced\n", "note", document->replaced_bytes);
    for (size_t i = 0; i < document->passage_count; i++)
        print_passage(run, document, &document->passages[i]);
    fputc('\n', stdout);
    if (run->line.failed)
        return error_memory(run->err);
    if (!fflush(stdout) && !ferror(stdout))
        return 0;
    run->reader_gone = errno == EPIPE;
    return error_errno(run->err, "standard output");
}

static int print_units(struct dry_run *run, struct corpus *corpus, uint64_t *skipped) {
    struct document scratch;
    document_init(&scratch);
    struct unit *unit;
    int status;
    while ((status = corpus_next(corpus, &unit, run->err)) > 0) {
        status = unit_read(unit, &run->options->corpus, &scratch, print_document, run, skipped,
                           run->err);
        unit_free(unit);
        if (status < 0)
            break;
    }
    document_free(&scratch);
    *skipped += corpus_skipped(corpus);
    return status;
}

int dry_run(const struct index_options *options, const volatile sig_atomic_t *stop,
            uint64_t *skipped, struct error *err) {
    struct dry_run run = {.options = options, .stop = stop, .line = BYTES_INIT, .err = err};
    int status = analyser_open(&run.analyser, err);
    if (status < 0)
        return status;
    struct corpus *corpus;
    status = corpus_open(&corpus, options->paths, options->path_count, &options->corpus, err);
    if (status >= 0) {
        status = print_units(&run, corpus, skipped);
        corpus_close(corpus);
    }
    bytes_free(&run.line);
    analyser_close(run.analyser);
    /* Whoever pipes it into head has seen enough. */
    return run.reader_gone ? 0 : status;
}
