/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/portable_writer.h"

#include "indexer/passage_postings.h"
#include "indexer/segment/portable_passage.h"
#include "indexer/segment/portable_tables.h"

#include <stdlib.h>
#include <string.h>

struct portable_writer {
    struct portable_tables *tables;
    struct passage_postings postings;
    struct portable_record record;
    struct bytes text;           /* of the batch */
    struct builder_posting *all; /* of a passage: the words', the boolean ones */
    size_t capacity;
};

int portable_writer_create(struct portable_writer **out, const char *folder, struct error *err) {
    *out = NULL;
    struct portable_writer *writer = calloc(1, sizeof *writer);
    if (!writer)
        return error_memory(err);
    int status = portable_tables_create(&writer->tables, folder, err);
    if (status)
        portable_writer_close(writer);
    else
        *out = writer;
    return status;
}

void portable_writer_close(struct portable_writer *writer) {
    if (!writer)
        return;
    portable_tables_close(writer->tables);
    passage_postings_free(&writer->postings);
    portable_record_free(&writer->record);
    bytes_free(&writer->text);
    free(writer->all);
    free(writer);
}

size_t portable_writer_memory(const struct portable_writer *writer) {
    return writer ? portable_tables_memory(writer->tables) + writer->text.capacity : 0;
}

int portable_writer_finish(struct portable_writer *writer, struct glass_version *version,
                           struct error *err) {
    return portable_tables_finish(writer->tables, version, err);
}

/* ---- A passage ------------------------------------------------------------------------------ */

static int gather_postings(struct portable_writer *writer, struct error *err) {
    const struct passage_postings *words = &writer->postings;
    const struct portable_record *record = &writer->record;
    size_t need = words->count + record->term_count;
    if (need > writer->capacity) {
        struct builder_posting *all = reallocarray(writer->all, need * 2, sizeof *all);
        if (!all)
            return error_memory(err);
        writer->all = all;
        writer->capacity = need * 2;
    }
    memcpy(writer->all, words->postings, words->count * sizeof *writer->all);
    memcpy(writer->all + words->count, record->terms, record->term_count * sizeof *writer->all);
    return 0;
}

static int post_booleans(const struct portable_record *record, uint32_t docid,
                         struct posting_store *store, struct error *err) {
    static const uint8_t no_wdf[] = {0};
    for (size_t i = 0; i < record->term_count; i++) {
        const struct builder_posting *term = &record->terms[i];
        uint32_t number = posting_store_term(store, "", term->term, term->term_size);
        int status = number == UINT32_MAX
                         ? PLENARY_ENOMEM
                         : posting_store_append(store, number, docid, docid, 1, 0, no_wdf, 1);
        if (status == PLENARY_ENOMEM)
            return error_memory(err);
        if (status)
            return error_set(err, status, "boolean terms out of order at docid %u", docid);
    }
    return 0;
}

/* Passage `i` of a document, whose text begins at text_begin of the batch's. */
static int make_record(struct portable_writer *writer, const struct batch_document *row, size_t i,
                       size_t text_begin, struct error *err) {
    const struct document *document = &row->document;
    const struct passage *passage = &document->passages[i];
    return portable_record_make(
        &writer->record,
        &(struct portable_passage){.document = document->id,
                                   .title = document->title,
                                   .source = document->source,
                                   .body = document->body,
                                   .language = language_name(row->language),
                                   .date = document->date,
                                   .id = passage->id,
                                   .heading = passage->heading,
                                   .speaker = passage->speaker,
                                   .number = passage->number,
                                   .ordinal = (uint32_t)i,
                                   .text = (const char *)writer->text.data + text_begin +
                                           passage->text_begin,
                                   .text_size = passage->text_end - passage->text_begin},
        err);
}

static int add_passage(struct portable_writer *writer, uint32_t docid, struct posting_store *store,
                       struct error *err) {
    int status = gather_postings(writer, err);
    if (!status)
        status = portable_tables_add(writer->tables, docid, writer->all,
                                     writer->postings.count + writer->record.term_count,
                                     writer->record.data.data, writer->record.data.size, err);
    return status ? status : post_booleans(&writer->record, docid, store, err);
}

/* ---- A batch -------------------------------------------------------------------------------- */

static bool fits_text(const struct portable_writer *writer, const struct document *document,
                      size_t text_begin) {
    if (document->text.size > writer->text.size - text_begin)
        return false;
    for (size_t i = 0; i < document->passage_count; i++)
        if (document->passages[i].text_begin > document->passages[i].text_end ||
            document->passages[i].text_end > document->text.size)
            return false;
    return true;
}

int portable_writer_append(struct portable_writer *writer, const struct vocabulary *vocabulary,
                           const struct batch *batch, uint32_t first_docid,
                           struct posting_store *store, struct error *err) {
    bytes_reset(&writer->text);
    int status = text_blocks_read(&batch->text, &writer->text, err);
    size_t text_begin = 0, ordinal = 0;
    for (size_t d = 0; !status && d < batch->document_count; d++) {
        const struct batch_document *row = &batch->documents[d];
        if (row->is_unchanged)
            continue;
        if (!fits_text(writer, &row->document, text_begin))
            return error_set(err, PLENARY_EINVALID, "%s: its passages lie outside its text",
                             row->document.id);
        for (size_t i = 0; !status && i < row->document.passage_count; i++, ordinal++) {
            status = passage_postings_make(&writer->postings, vocabulary, batch, ordinal, err);
            if (status || !writer->postings.count)
                continue;
            status = make_record(writer, row, i, text_begin, err);
            if (!status)
                status = add_passage(writer, first_docid + (uint32_t)ordinal, store, err);
        }
        text_begin += row->document.text.size;
    }
    return status;
}
