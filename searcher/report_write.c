/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A report in one pass: each worker renders its topic for every output there is; the parts come
 * back in the order of the topics and go to their files. Only the page that opens with an overview
 * of all topics has to wait: its sections lie in a temporary file until the last is known.
 */
#include "searcher/report.h"

#include "searcher/batch_search.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIGURES_DEPTH = 1000 };

struct writer {
    const struct report_options *options;
    const struct topics *topics;
    FILE *files[REPORT_FORMATS];
    FILE *sections;                 /* of the page */
    struct report_figures *figures; /* by topic, for the page */
    bool terminal;
    bool any_text; /* a topic of the listing had something to tell */
};

/* ---- Rendering, on the workers' threads ---------------------------------------------------- */

static int render_format(struct writer *writer, enum report_format format,
                         const struct report_answer *answer, struct bytes *out, struct error *err) {
    switch (format) {
    case REPORT_TEXT:
        return report_text_topic(out, answer, err);
    case REPORT_RUN:
        return report_run_topic(out, answer, err);
    case REPORT_HTML: {
        struct report_figures *figures = &writer->figures[answer->number];
        int status = report_figures_make(figures, answer, err);
        return status ? status : report_html_topic(out, answer, figures, err);
    }
    case REPORT_ATOM:
        return report_atom_topic(out, answer, err);
    default:
        return report_table_topic(out, answer, format, err);
    }
}

/* Each output's part behind its size. */
static int render(void *context, size_t topic, struct searcher *searcher,
                  const struct search_result *result, struct bytes *out, struct error *err) {
    struct writer *writer = context;
    const struct report_answer answer = {topic, &writer->topics->all[topic], searcher, result,
                                         writer->options};
    struct bytes part = BYTES_INIT;
    int status = 0;
    for (int format = 0; format < REPORT_FORMATS && !status; format++) {
        if (!writer->files[format])
            continue;
        bytes_reset(&part);
        status = render_format(writer, (enum report_format)format, &answer, &part, err);
        if (!status && part.failed)
            status = error_memory(err);
        bytes_add_varint(out, part.size);
        if (part.size)
            bytes_add(out, part.data, part.size);
    }
    bytes_free(&part);
    return status;
}

/* ---- Writing, on the caller's -------------------------------------------------------------- */

static int put(FILE *file, const void *data, size_t size, struct error *err) {
    if (!size || fwrite(data, 1, size, file) == size)
        return 0;
    return errno == EPIPE ? error_set(err, PLENARY_ESTOPPED, "the reader closed the pipe")
                          : error_errno(err, "cannot write the report");
}

static void show_progress(struct writer *writer, size_t done) {
    size_t step = writer->topics->count / 200 + 1;
    if (!writer->terminal || (done % step && done != writer->topics->count))
        return;
    fprintf(stderr, "\r%zu of %zu topics", done, writer->topics->count);
    if (done == writer->topics->count)
        fputs("\r\033[K", stderr);
}

static int take(void *context, size_t topic, const struct bytes *rendered, struct error *err) {
    struct writer *writer = context;
    const uint8_t *at = rendered->data, *end = at + rendered->size;
    int status = 0;
    for (int format = 0; format < REPORT_FORMATS && !status; format++) {
        FILE *file = format == REPORT_HTML ? writer->sections : writer->files[format];
        uint64_t size;
        if (!writer->files[format])
            continue;
        if (!varint_read(&at, end, &size) || size > (uint64_t)(end - at))
            return error_memory(err);
        writer->any_text |= format == REPORT_TEXT && size;
        status = put(file, at, size, err);
        at += size;
    }
    show_progress(writer, topic + 1);
    return status;
}

/* ---- The outputs --------------------------------------------------------------------------- */

static int open_files(struct writer *writer, struct error *err) {
    const struct report_options *options = writer->options;
    for (int format = 0; format < REPORT_FORMATS; format++) {
        const char *path = options->paths[format];
        if (!path)
            continue;
        writer->files[format] = strcmp(path, "-") == 0 ? stdout : fopen(path, "we");
        if (!writer->files[format])
            return error_errno(err, "%s", path);
    }
    if (!writer->files[REPORT_HTML])
        return 0;
    writer->sections = tmpfile();
    writer->figures = calloc(writer->topics->count + 1, sizeof *writer->figures);
    if (!writer->figures)
        return error_memory(err);
    return writer->sections ? 0 : error_errno(err, "a temporary file");
}

static int close_files(struct writer *writer, int status, struct error *err) {
    for (int format = 0; format < REPORT_FORMATS; format++) {
        FILE *file = writer->files[format];
        if (!file)
            continue;
        bool bad = fflush(file) || ferror(file);
        if (file != stdout)
            bad |= fclose(file) != 0;
        if (bad && !status)
            status = errno == EPIPE
                         ? error_set(err, PLENARY_ESTOPPED, "the reader closed the pipe")
                         : error_errno(err, "cannot write %s", writer->options->paths[format]);
    }
    if (writer->sections)
        fclose(writer->sections);
    free(writer->figures);
    return status;
}

static int begin(struct writer *writer, struct error *err) {
    struct bytes head = BYTES_INIT;
    int status = 0;
    static const enum report_format formats[] = {REPORT_TEXT, REPORT_CSV, REPORT_TSV, REPORT_ATOM};
    for (size_t i = 0; i < sizeof formats / sizeof *formats && !status; i++) {
        if (!writer->files[formats[i]])
            continue;
        bytes_reset(&head);
        if (formats[i] == REPORT_ATOM)
            report_atom_begin(&head, writer->options);
        else if (formats[i] == REPORT_TEXT)
            report_text_begin(&head, writer->options);
        else
            report_table_begin(&head, formats[i]);
        status = head.failed ? error_memory(err)
                             : put(writer->files[formats[i]], head.data, head.size, err);
    }
    bytes_free(&head);
    return status;
}

static int copy_sections(struct writer *writer, FILE *to, struct error *err) {
    char buffer[1 << 14];
    size_t got;
    int status = 0;
    rewind(writer->sections);
    while (!status && (got = fread(buffer, 1, sizeof buffer, writer->sections)) > 0)
        status = put(to, buffer, got, err);
    return status || !ferror(writer->sections) ? status
                                               : error_errno(err, "the temporary file of a report");
}

static int end(struct writer *writer, struct error *err) {
    struct bytes text = BYTES_INIT;
    int status = 0;
    FILE *page = writer->files[REPORT_HTML], *feed = writer->files[REPORT_ATOM];
    FILE *listing = writer->files[REPORT_TEXT];
    if (listing) {
        report_text_end(&text, writer->options, writer->any_text);
        status = text.failed ? error_memory(err) : put(listing, text.data, text.size, err);
        bytes_reset(&text);
    }
    if (feed && !status) {
        report_atom_end(&text);
        status = put(feed, text.data, text.size, err);
    }
    struct snapshot *snapshot = NULL;
    if (page && !status)
        status = snapshot_open(&snapshot, writer->options->index, err);
    if (page && !status) {
        bytes_reset(&text);
        report_html_begin(&text, writer->options, snapshot, writer->topics, writer->figures);
        status = text.failed ? error_memory(err) : put(page, text.data, text.size, err);
        if (!status)
            status = copy_sections(writer, page, err);
        bytes_reset(&text);
        report_html_end(&text, writer->options);
        if (!status)
            status = put(page, text.data, text.size, err);
        snapshot_close(snapshot);
    }
    bytes_free(&text);
    return status;
}

/* What is new depends on the index: asked before the workers open it, once. */
static int settle_since(struct report_options *out, const struct report_options *options,
                        struct error *err) {
    struct snapshot *snapshot;
    *out = *options;
    if (!options->since)
        return 0;
    int status = snapshot_open(&snapshot, options->index, err);
    if (!status)
        status = report_since(out, snapshot, err);
    snapshot_close(snapshot);
    return status;
}

int report_write(const struct report_options *wanted, const struct topics *topics,
                 const struct search_request *request, const struct ranking *ranking,
                 unsigned workers, struct error *err) {
    struct report_options settled;
    const struct report_options *options = &settled;
    int status = settle_since(&settled, wanted, err);
    if (status)
        return status;
    struct writer writer = {
        .options = options, .topics = topics, .terminal = !options->quiet && isatty(STDERR_FILENO)};
    struct batch_search batch = {options->index, topics, *request, *ranking,
                                 workers,        render, take,     &writer};
    batch.request.limit = options->limit;
    batch.request.filter.since = options->after;
    if (options->paths[REPORT_HTML] && batch.request.limit < FIGURES_DEPTH)
        batch.request.limit = FIGURES_DEPTH;
    batch.request.exact_total = options->paths[REPORT_HTML] || options->paths[REPORT_TEXT];
    if (options->unit == REPORT_DOCUMENTS)
        batch.request.per_document = 1;
    status = open_files(&writer, err);
    if (!status)
        status = begin(&writer, err);
    if (!status)
        status = batch_search_run(&batch, err);
    if (!status)
        status = end(&writer, err);
    return close_files(&writer, status, err);
}
