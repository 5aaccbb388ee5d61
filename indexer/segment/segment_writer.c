/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/segment/segment.h"

#include "indexer/passage_postings.h"
#include "indexer/segment/folder.h"
#include "indexer/segment/glass_sums.h"
#include "indexer/segment/passages.h"
#include "indexer/segment/posting_builder.h"
#include "indexer/segment/tokens.h"
#include "indexer/segment_words.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct segment_writer {
    char *folder;
    bool folder_made, finished;
    const struct posting_builder_class *class;
    struct posting_builder *builder;
    struct documents_writer documents;
    struct passages_writer passages;
    struct text_writer *text;
    struct tokens_writer tokens;
    struct segment_words words;
    struct passage_postings postings; /* for builders that take single passages */
    struct bytes ids;                 /* a passage's coded words */
};

static const char *const FILES[] = {"documents.table", "passages.table", "text.blocks",
                                    "tokens.words", "lexicon.words"};
enum { FILE_DOCUMENTS, FILE_PASSAGES, FILE_TEXT, FILE_TOKENS, FILE_LEXICON };

/* ---- Creating ------------------------------------------------------------------------------ */

static int create_text(struct segment_writer *writer, struct error *err) {
    char *path = folder_path(writer->folder, FILES[FILE_TEXT]);
    int status = path ? text_create(&writer->text, path, err) : error_memory(err);
    free(path);
    return status;
}

static int create_tokens(struct segment_writer *writer, struct error *err) {
    char *path = folder_path(writer->folder, FILES[FILE_TOKENS]);
    int status = path ? tokens_create(&writer->tokens, path, err) : error_memory(err);
    free(path);
    return status;
}

static int create_files(struct segment_writer *writer, const char *builder, struct error *err) {
    writer->class = posting_builder_named(builder);
    if (!writer->class)
        return error_set(err, PLENARY_EINVALID, "there is no posting builder named \"%s\"",
                         builder ? builder : "");
    if (mkdir(writer->folder, 0777))
        return error_errno(err, "%s: cannot create this folder", writer->folder);
    writer->folder_made = true;
    int status = create_text(writer, err);
    if (!status)
        status = create_tokens(writer, err);
    return status ? status : writer->class->create(&writer->builder, writer->folder, err);
}

int segment_writer_create(struct segment_writer **out, const char *folder, const char *builder,
                          struct error *err) {
    *out = NULL;
    struct segment_writer *writer = calloc(1, sizeof *writer);
    if (!writer)
        return error_memory(err);
    documents_writer_init(&writer->documents);
    passages_writer_init(&writer->passages);
    writer->folder = strdup(folder);
    int status = writer->folder ? create_files(writer, builder, err) : error_memory(err);
    if (status) {
        segment_writer_close(writer);
        return status;
    }
    *out = writer;
    return 0;
}

/* ---- Appending ----------------------------------------------------------------------------- */

void segment_writer_set_generation(struct segment_writer *writer, uint64_t generation) {
    writer->documents.generation = generation;
}

static int check_limits(const struct segment_writer *writer, const struct batch *batch,
                        struct error *err) {
    if (batch->passage_count >= UINT32_MAX - 1 - writer->passages.count ||
        batch->document_count >= UINT32_MAX - 1 - writer->documents.count)
        return error_set(err, PLENARY_ELIMIT, "%s: the segment is full", writer->folder);
    return 0;
}

static int append_rows(struct segment_writer *writer, const struct batch *batch,
                       struct error *err) {
    uint64_t text_begin = text_size(writer->text);
    int status = 0;
    for (size_t i = 0; !status && i < batch->document_count; i++) {
        const struct batch_document *row = &batch->documents[i];
        if (row->is_unchanged)
            continue;
        uint32_t first_passage = writer->passages.count;
        status = passages_add(&writer->passages, &row->document, text_begin, err);
        if (!status)
            documents_add(&writer->documents, &row->document, row->language, first_passage,
                          text_begin);
        text_begin += row->document.text.size;
    }
    return status;
}

static int append_tokens(struct segment_writer *writer, const struct vocabulary *vocabulary,
                         const struct batch *batch, struct error *err) {
    size_t at = 0;
    int status = 0;
    for (size_t i = 0; !status && i < batch->passage_count; i++) {
        size_t end = batch->passages[i].token_end;
        bytes_reset(&writer->ids);
        if (!bytes_reserve(&writer->ids, (end - at) * 5))
            return error_memory(err);
        uint8_t *to = writer->ids.data;
        for (; at < end; at++) {
            uint32_t id = vocabulary->word_ids[batch->tokens[at]] - 1;
            for (; id >= 0x80; id >>= 7)
                *to++ = (uint8_t)(id | 0x80);
            *to++ = (uint8_t)id;
        }
        status =
            tokens_add(&writer->tokens, writer->ids.data, (size_t)(to - writer->ids.data), err);
    }
    return status;
}

static int append_passages(struct segment_writer *writer, const struct vocabulary *vocabulary,
                           const struct batch *batch, uint32_t first_docid, struct error *err) {
    int status = 0;
    for (size_t i = 0; !status && i < batch->passage_count; i++) {
        status = passage_postings_make(&writer->postings, vocabulary, batch, i, err);
        if (!status && writer->postings.count)
            status = writer->class->add(writer->builder, first_docid + (uint32_t)i,
                                        writer->postings.postings, writer->postings.count, err);
    }
    return status;
}

int segment_writer_append(struct segment_writer *writer, struct vocabulary *vocabulary,
                          const struct batch *batch, struct error *err) {
    uint32_t first_docid = writer->passages.count + 1;
    int status = check_limits(writer, batch, err);
    if (!status)
        status = append_rows(writer, batch, err);
    if (!status)
        status = text_append(writer->text, &batch->text, err);
    if (!status)
        status = segment_words_add(&writer->words, vocabulary, batch, err);
    if (!status)
        status = append_tokens(writer, vocabulary, batch, err);
    if (status)
        return status;
    if (writer->class->append)
        return writer->class->append(writer->builder, vocabulary, batch, first_docid, err);
    return append_passages(writer, vocabulary, batch, first_docid, err);
}

int segment_writer_document(struct segment_writer *writer, uint32_t document,
                            struct document_key *out, struct error *err) {
    return documents_added(&writer->documents, document, out, err);
}

const char *segment_writer_builder(const struct segment_writer *writer) {
    return writer->class->name;
}

uint32_t segment_writer_documents(const struct segment_writer *writer) {
    return writer->documents.count;
}

uint32_t segment_writer_passages(const struct segment_writer *writer) {
    return writer->passages.count;
}

size_t segment_writer_memory(const struct segment_writer *writer) {
    return sizeof *writer + documents_memory(&writer->documents) +
           passages_memory(&writer->passages) + text_memory(writer->text) +
           tokens_memory(&writer->tokens) + segment_words_memory(&writer->words) +
           writer->class->memory(writer->builder);
}

/* ---- Finishing ----------------------------------------------------------------------------- */

static int write_file(struct segment_writer *writer, int file, struct error *err) {
    char *path = folder_path(writer->folder, FILES[file]);
    if (!path)
        return error_memory(err);
    int status;
    if (file == FILE_DOCUMENTS)
        status = documents_write(&writer->documents, path, writer->passages.count,
                                 text_size(writer->text), err);
    else if (file == FILE_PASSAGES)
        status = passages_write(&writer->passages, path, err);
    else
        status = segment_words_write(&writer->words, path, err);
    free(path);
    return status;
}

/* The postings, which take as long as all the rest, on a thread of their own. */
struct posting_job {
    struct segment_writer *writer;
    struct error err;
    int status;
};

static void *finish_postings(void *context) {
    struct posting_job *job = context;
    job->status = job->writer->class->finish(job->writer->builder, &job->err);
    return NULL;
}

static int finish_sidecars(struct segment_writer *writer, struct error *err) {
    int status = text_finish(writer->text, err);
    if (!status)
        status = tokens_finish(&writer->tokens, err);
    if (!status)
        status = write_file(writer, FILE_DOCUMENTS, err);
    if (!status)
        status = write_file(writer, FILE_PASSAGES, err);
    return status ? status : write_file(writer, FILE_LEXICON, err);
}

int segment_writer_finish(struct segment_writer *writer, struct error *err) {
    if (writer->finished)
        return error_set(err, PLENARY_EINVALID, "%s: finished already", writer->folder);
    struct posting_job job = {.writer = writer};
    pthread_t thread;
    bool threaded = pthread_create(&thread, NULL, finish_postings, &job) == 0;
    int status = finish_sidecars(writer, err);
    if (threaded)
        pthread_join(thread, NULL);
    else
        finish_postings(&job);
    if (!status && job.status) {
        status = job.status;
        if (err)
            *err = job.err;
    }
    if (!status)
        status = glass_sums_seal(writer->folder, err);
    if (!status)
        status = folder_sync_files(writer->folder, err);
    writer->finished = !status;
    return status;
}

void segment_writer_close(struct segment_writer *writer) {
    if (!writer)
        return;
    if (writer->builder)
        writer->class->close(writer->builder);
    text_writer_close(writer->text);
    tokens_writer_close(&writer->tokens);
    documents_writer_free(&writer->documents);
    passages_writer_free(&writer->passages);
    segment_words_free(&writer->words);
    passage_postings_free(&writer->postings);
    bytes_free(&writer->ids);
    if (writer->folder_made && !writer->finished)
        folder_remove(writer->folder, NULL);
    free(writer->folder);
    free(writer);
}
