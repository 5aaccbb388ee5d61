/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/reader.h"

#include "corpus/format.h"
#include "corpus/inflate.h"
#include "corpus/metadata.h"
#include "corpus/notice.h"
#include "corpus/reader_formats.h"
#include "corpus/reader_text.h"
#include "corpus/slice.h"
#include "corpus/unit_file.h"
#include "corpus/walk.h"
#include "corpus/worker_pool.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

/* Goes into the content hash of files read whole: raise it when any of their readers cuts
 * differently, so that they count as changed. */
enum { READER_VERSION = 5 };

enum { LANGUAGE_SAMPLE = 64 * 1024 };

/* Files found before any is read, at a few hundred bytes each. Where there are more, the folders
 * are walked through twice. */
enum { LOOK_AHEAD = 1 << 16 };

static const uint64_t MAX_FILE = UINT64_C(1) << 30, MAX_LINE = UINT64_C(64) << 20;

struct corpus {
    struct corpus_options options;
    struct walk *walk;
    struct metadata_store *metadata;
    uint64_t sequence, skipped;
    uint64_t done, total; /* bytes on disk; `done` without the file being sliced */
    /* The file being read: NULL between files. */
    struct unit_file *file;
    struct inflater *input;
    struct slicer slicer;
    enum corpus_format format;
    uint64_t slices, size; /* of the file: on disk, 0 for a stream */
    bool alone;            /* it has no sidecar */
};

static struct corpus_options with_defaults(const struct corpus_options *given) {
    struct corpus_options options = *given;
    if (!options.max_file)
        options.max_file = MAX_FILE;
    if (!options.max_line)
        options.max_line = MAX_LINE;
    return options;
}

static void skip_file(struct corpus *corpus, enum notice_level level, const char *path,
                      const char *why) {
    corpus->skipped++;
    notice_send(&corpus->options, level, path, 0, "%s", why);
}

static void skip_unreadable(struct corpus *corpus, const char *kind) {
    corpus->skipped++;
    notice_send(&corpus->options, NOTICE_SKIPPED, corpus->file->path, 0,
                "the file is %s, which cannot be read", kind);
}

/* ---- Opening -----------------------------------------------------------------------------------
 */

/* All files to come, counted by a walk of their own. */
static int walk_apart(const struct corpus *corpus, const char *const *paths, size_t count,
                      uint64_t *bytes, size_t *streams, struct error *err) {
    struct corpus_options quiet = corpus->options;
    struct walk *walk;
    struct walk_entry entry;
    quiet.notify = NULL;
    int status = walk_open(&walk, paths, count, &quiet, err);
    while (!status && (status = walk_next(walk, &entry, err)) > 0) {
        *bytes += entry.size;
        *streams += entry.stream;
        status = 0;
    }
    walk_close(walk);
    return status;
}

/* The sizes of all files to come; 0 if one of them is a stream. */
static int measure(struct corpus *corpus, const char *const *paths, size_t count,
                   struct error *err) {
    uint64_t bytes = 0;
    size_t streams = 0;
    int status = walk_look_ahead(corpus->walk, LOOK_AHEAD, &bytes, &streams, err);
    if (status == 0) {
        bytes = streams = 0;
        status = walk_apart(corpus, paths, count, &bytes, &streams, err);
    }
    corpus->total = streams ? 0 : bytes;
    return status < 0 ? status : 0;
}

int corpus_open(struct corpus **out, const char *const *paths, size_t count,
                const struct corpus_options *options, struct error *err) {
    struct corpus *corpus = calloc(1, sizeof *corpus);
    *out = NULL;
    if (!corpus)
        return error_memory(err);
    corpus->options = with_defaults(options);
    int status = walk_open(&corpus->walk, paths, count, &corpus->options, err);
    if (!status)
        status = measure(corpus, paths, count, err);
    if (!status && !(corpus->metadata = metadata_store_open(&corpus->options)))
        status = error_memory(err);
    if (status) {
        corpus_close(corpus);
        return status;
    }
    *out = corpus;
    return 0;
}

/* A file that was skipped, or that grew or shrank since it was measured, counts as measured. */
static uint64_t progress_of_file(const struct corpus *corpus, bool closing) {
    uint64_t consumed = corpus->input ? inflater_consumed(corpus->input) : 0;
    if (!corpus->size)
        return consumed;
    return closing || consumed > corpus->size ? corpus->size : consumed;
}

static void close_file(struct corpus *corpus) {
    corpus->done += progress_of_file(corpus, true);
    inflater_close(corpus->input);
    unit_file_release(corpus->file);
    bytes_free(&corpus->slicer.buffer);
    corpus->skipped += corpus->slicer.skipped;
    corpus->slicer = (struct slicer){.input = NULL};
    corpus->input = NULL;
    corpus->file = NULL;
    corpus->size = 0;
}

/* Standard input stays open for whoever reads it after us. A regular file can turn into a fifo
 * between stat and open; O_NONBLOCK keeps that from hanging us, and means nothing for files. */
static int open_descriptor(const struct walk_entry *entry) {
    if (!strcmp(entry->source, "-"))
        return fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
    return open(entry->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | (entry->stream ? 0 : O_NONBLOCK));
}

/* What to look at to tell the format: all of a small file, and a byte to see that it ends there. */
static size_t sample_size(const struct corpus *corpus) {
    return corpus->size && corpus->size < FORMAT_SAMPLE ? (size_t)corpus->size + 1 : FORMAT_SAMPLE;
}

/* 0 with corpus->file set; 1 if the file was skipped; negative. */
static int open_file(struct corpus *corpus, const struct walk_entry *entry, struct error *err) {
    struct error fault;
    corpus->size = entry->size;
    corpus->alone = entry->alone;
    corpus->file = unit_file_create(entry->path, entry->source, &corpus->options);
    if (!corpus->file)
        return error_memory(err);
    int fd = open_descriptor(entry);
    if (fd < 0) {
        skip_file(corpus, NOTICE_SKIPPED, entry->path, strerror(errno));
        return 1;
    }
    corpus->slicer =
        (struct slicer){.options = &corpus->options, .path = corpus->file->path, .line = 1};
    int status = inflater_open(&corpus->input, fd, corpus->size, corpus->file->path, &fault);
    corpus->slicer.input = corpus->input;
    if (!status)
        status = slicer_fill(&corpus->slicer, sample_size(corpus), &fault);
    if (!status) /* it has grown, or is larger than it looks: a gzip file */
        status = slicer_fill(&corpus->slicer, FORMAT_SAMPLE, &fault);
    if (status == PLENARY_ENOMEM)
        return error_memory(err);
    if (status)
        skip_file(corpus, NOTICE_SKIPPED, entry->path, fault.message);
    return status ? 1 : 0;
}

/* ---- Telling the format ------------------------------------------------------------------------
 */

/* 0 with corpus->format set; 1 if the file cannot be read; negative. */
static int choose_format(struct corpus *corpus, struct error *err) {
    const struct bytes *start = &corpus->slicer.buffer;
    const char *path = corpus->file->path;
    if (!corpus->options.format && metadata_is_manifest(start->data, start->size)) {
        notice_send(&corpus->options, NOTICE_DETAIL, path, 0,
                    "it tells of other files and is no document itself");
        return 1;
    }
    if (!start->size) {
        skip_file(corpus, NOTICE_WARNING, path, "the file is empty");
        return 1;
    }
    struct format_verdict verdict;
    int status = format_tell(&verdict, corpus->options.format, path, start->data, start->size,
                             corpus->slicer.ended, err);
    corpus->format = verdict.format;
    if (status || verdict.format)
        return status;
    skip_file(corpus, NOTICE_SKIPPED, path, verdict.why);
    return 1;
}

/* ---- Units -------------------------------------------------------------------------------------
 */

void unit_hash(struct unit *unit, const struct corpus_options *options) {
    XXH64_hash_t seed = READER_VERSION << 8 | (unsigned)unit->format << 1 | options->whole;
    seed += (XXH64_hash_t)options->min_words * 0x9E3779B97F4A7C15u;
    if (unit->file)
        seed += metadata_hash(&unit->file->metadata);
    XXH128_canonical_t hash;
    XXH128_canonicalFromHash(&hash, XXH3_128bits_withSeed(unit->data, unit->size, seed));
    memcpy(unit->content, hash.digest, sizeof unit->content);
}

static struct unit *create_unit(struct corpus *corpus, uint8_t *data, size_t size) {
    struct unit *unit = calloc(1, sizeof *unit);
    if (!unit)
        return NULL;
    *unit = (struct unit){.sequence = corpus->sequence++,
                          .path = corpus->file->path,
                          .source = corpus->file->source,
                          .format = corpus->format,
                          .data = data,
                          .size = size,
                          .line = 1,
                          .file = unit_file_keep(corpus->file),
                          .memory = data};
    unit_hash(unit, &corpus->options);
    return unit;
}

void unit_free(struct unit *unit) {
    if (!unit)
        return;
    free(unit->memory);
    unit_file_release(unit->file);
    free(unit);
}

/* What a zip archive is can be told only now. False, and a notice: none that can be read. */
static bool whole_format(struct corpus *corpus) {
    const struct bytes *buffer = &corpus->slicer.buffer;
    const char *kind = NULL;
    if (corpus->format == FORMAT_ZIP)
        corpus->format = format_of_zip(buffer->data, buffer->size, &kind);
    if (kind)
        skip_unreadable(corpus, kind);
    return !kind;
}

/* The rest of a file that is read whole: 1 with a unit, 0 if it was skipped, negative. */
static int next_whole(struct corpus *corpus, struct unit **out, struct error *err) {
    struct bytes *buffer = &corpus->slicer.buffer;
    uint64_t limit = corpus->options.max_file < SIZE_MAX ? corpus->options.max_file : SIZE_MAX - 1;
    struct error fault;
    int status = 0;
    size_t target = FORMAT_SAMPLE > corpus->size ? FORMAT_SAMPLE : (size_t)corpus->size / 2 + 1;
    while (!status && !corpus->slicer.ended && buffer->size <= limit) {
        target = target > limit / 2 ? (size_t)limit + 1 : target * 2;
        status = slicer_fill(&corpus->slicer, target, &fault);
    }
    if (status == PLENARY_ENOMEM)
        return error_memory(err);
    if (status) {
        skip_file(corpus, NOTICE_SKIPPED, corpus->file->path, fault.message);
    } else if (buffer->size > limit) {
        corpus->skipped++;
        notice_send(&corpus->options, NOTICE_SKIPPED, corpus->file->path, 0,
                    "the file is larger than %" PRIu64 " bytes", corpus->options.max_file);
    } else if (whole_format(corpus)) {
        if (metadata_find(corpus->metadata, corpus->file->source, corpus->alone,
                          &corpus->file->metadata, err))
            return PLENARY_ENOMEM;
        struct unit *unit = create_unit(corpus, buffer->data, buffer->size);
        if (!unit)
            return error_memory(err);
        *buffer = (struct bytes)BYTES_INIT;
        unit->first_slice = unit->last_slice = true;
        *out = unit;
        status = 1;
    }
    close_file(corpus);
    return status > 0;
}

/* Text of the file's first records, for telling its language: read them as they will be read. */
static int collect_sample(void *context, struct document *document) {
    struct bytes *sample = context;
    bytes_add(sample, document->text.data, document->text.size);
    bytes_add_byte(sample, '\n');
    return sample->size < LANGUAGE_SAMPLE ? 0 : PLENARY_ESTOPPED;
}

static int take_sample(struct corpus *corpus, const struct slice *slice, struct error *err) {
    struct bytes sample = BYTES_INIT;
    struct document document;
    uint64_t skipped = 0;
    struct corpus_options quiet = corpus->options;
    struct unit unit = {.path = "",
                        .source = "",
                        .format = corpus->format,
                        .data = slice->data,
                        .size = slice->size,
                        .line = 1,
                        .first_slice = true};
    quiet.notify = NULL;
    document_init(&document);
    int status = unit_read(&unit, &quiet, &document, collect_sample, &sample, &skipped, err);
    document_free(&document);
    if (sample.size > LANGUAGE_SAMPLE) {
        sample.size = LANGUAGE_SAMPLE;
        while (sample.size && (sample.data[sample.size] & 0xC0) == 0x80)
            sample.size--;
    }
    corpus->file->language_sample = sample;
    return status == PLENARY_ESTOPPED ? 0 : status;
}

static int start_slicing(struct corpus *corpus, struct error *err) {
    struct slicer *slicer = &corpus->slicer;
    corpus->slices = 0;
    if (corpus->format == FORMAT_JSONL) {
        slicer->document = reader_jsonl_document;
        return 0;
    }
    struct bytes *header = &corpus->file->header;
    bool shared;
    if (reader_tsv_header(slicer->buffer.data, slicer->buffer.size, header, &shared))
        return error_memory(err);
    slicer->document = shared ? reader_tsv_document : NULL;
    slicer->context = header;
    return 0;
}

/* 1 with a unit; 0 at the end of the file; negative. */
static int next_slice(struct corpus *corpus, struct unit **out, struct error *err) {
    struct slice slice;
    struct error fault;
    int status = slicer_next(&corpus->slicer, &slice, &fault);
    if (status == PLENARY_ENOMEM)
        return error_memory(err);
    if (status < 0)
        skip_file(corpus, NOTICE_SKIPPED, corpus->file->path, fault.message);
    if (status <= 0) {
        close_file(corpus);
        return 0;
    }
    bool first = corpus->slices++ == 0;
    struct unit *unit = NULL;
    if (!first || !(status = take_sample(corpus, &slice, err)))
        unit = create_unit(corpus, slice.data, slice.size);
    if (!unit) {
        free(slice.data);
        return status < 0 ? status : error_memory(err);
    }
    unit->offset = slice.offset;
    unit->line = slice.line;
    unit->first_slice = first;
    unit->last_slice = slice.last;
    *out = unit;
    return 1;
}

/* Begin the next file that can be read: 1, 0 when there is none, negative. */
static int next_file(struct corpus *corpus, struct error *err) {
    struct walk_entry entry;
    int status;
    while ((status = walk_next(corpus->walk, &entry, err)) > 0) {
        status = open_file(corpus, &entry, err);
        if (!status)
            status = choose_format(corpus, err);
        if (!status && format_has_records(corpus->format))
            status = start_slicing(corpus, err);
        if (!status)
            return 1;
        close_file(corpus);
        if (status < 0)
            return status;
    }
    return status;
}

int corpus_next(struct corpus *corpus, struct unit **out, struct error *err) {
    *out = NULL;
    for (;;) {
        int status = corpus->file ? 1 : next_file(corpus, err);
        if (status <= 0)
            return status;
        status = format_has_records(corpus->format) ? next_slice(corpus, out, err)
                                                    : next_whole(corpus, out, err);
        if (status)
            return status;
    }
}

void corpus_progress(const struct corpus *corpus, uint64_t *done, uint64_t *total) {
    *done = corpus->done + progress_of_file(corpus, false);
    *total = corpus->total;
}

uint64_t corpus_skipped(const struct corpus *corpus) {
    return corpus->skipped + corpus->slicer.skipped + walk_skipped(corpus->walk);
}

void corpus_close(struct corpus *corpus) {
    if (!corpus)
        return;
    close_file(corpus);
    walk_close(corpus->walk);
    metadata_store_close(corpus->metadata);
    free(corpus);
}

/* ---- Reading -----------------------------------------------------------------------------------
 */

/* Formats that are read in this process. */
static reader_fn *find_plain(enum corpus_format format) {
    static reader_fn *const readers[] = {
        [FORMAT_TEXT] = reader_text_read, [FORMAT_MARKDOWN] = reader_markdown_read,
        [FORMAT_HTML] = reader_html_read, [FORMAT_JSONL] = reader_jsonl_read,
        [FORMAT_TSV] = reader_tsv_read,   [FORMAT_CAPTIONS] = reader_captions_read,
    };
    return (size_t)format < sizeof readers / sizeof *readers ? readers[format] : NULL;
}

int unit_read(const struct unit *unit, const struct corpus_options *options,
              struct document *scratch, document_fn each, void *context, uint64_t *skipped,
              struct error *err) {
    struct corpus_options complete = with_defaults(options);
    bool confined = format_is_confined(unit->format);
    if (confined && complete.pool)
        return worker_pool_read(complete.pool, unit, &complete, scratch, each, context, skipped,
                                err);
    reader_find_fn *find = confined ? complete.find : find_plain;
    reader_fn *reader = find ? find(unit->format) : NULL;
    if (!reader)
        return error_set(err, PLENARY_EINVALID, "%s: nothing reads a unit of its format",
                         unit->path);
    return reader(unit, &complete, scratch, each, context, skipped, err);
}
