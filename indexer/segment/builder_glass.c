/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Postings through our own writer of Xapian's tables. Batches come with their postings sorted by
 * term; they are chained up behind those the term has, and at the end the terms are written in byte
 * order, each list nearly a plain copy.
 *
 * For a portable segment it is the same with a portable_writer at its side.
 */
#include "indexer/portable_writer.h"
#include "indexer/posting_store.h"
#include "indexer/segment/bounds.h"
#include "indexer/segment/glass_postlist.h"
#include "indexer/segment/posting_builder.h"
#include "indexer/vocabulary.h"

#include <stdlib.h>
#include <string.h>

struct posting_builder {
    struct posting_store store;
    struct bytes lengths; /* varint(docid gap) varint(length) of each passage with postings */
    uint32_t last_docid;
    struct portable_writer *portable; /* NULL in a plain segment */
    char folder[];
};

static int glass_create(struct posting_builder **out, const char *folder, struct error *err) {
    size_t size = strlen(folder) + 1;
    *out = calloc(1, sizeof **out + size);
    if (!*out)
        return error_memory(err);
    posting_store_init(&(*out)->store);
    memcpy((*out)->folder, folder, size);
    return 0;
}

static void glass_close(struct posting_builder *builder) {
    portable_writer_close(builder->portable);
    posting_store_free(&builder->store);
    bytes_free(&builder->lengths);
    free(builder);
}

static int portable_create(struct posting_builder **out, const char *folder, struct error *err) {
    int status = glass_create(out, folder, err);
    if (!status)
        status = portable_writer_create(&(*out)->portable, folder, err);
    if (status && *out) {
        glass_close(*out);
        *out = NULL;
    }
    return status;
}

static size_t glass_memory(const struct posting_builder *builder) {
    return posting_store_memory(&builder->store) + builder->lengths.capacity +
           portable_writer_memory(builder->portable);
}

static bool has_postings(const struct batch_passage *passage, uint32_t length) {
    if (length)
        return true;
    for (unsigned field = 0; field < TERM_FIELDS; field++)
        if (passage->fields[field] && passage->fields[field]->count)
            return true;
    return false;
}

static void add_lengths(struct posting_builder *builder, const struct batch *batch,
                        uint32_t first_docid) {
    uint32_t begin = 0;
    for (size_t i = 0; i < batch->passage_count; i++) {
        const struct batch_passage *passage = &batch->passages[i];
        uint32_t length = passage->token_end - begin, docid = first_docid + (uint32_t)i;
        begin = passage->token_end;
        if (!has_postings(passage, length))
            continue;
        bytes_add_varint(&builder->lengths, docid - builder->last_docid);
        bytes_add_varint(&builder->lengths, length);
        builder->last_docid = docid;
    }
}

/* The number of a worker's term in the store. */
static uint32_t store_number(struct posting_builder *builder, struct vocabulary *vocabulary,
                             uint32_t key) {
    if (!vocabulary->term_numbers[key]) {
        const struct batch_term *term = &vocabulary->terms[key / TERM_FIELDS];
        vocabulary->term_numbers[key] =
            posting_store_term(&builder->store, term_field_prefix(key % TERM_FIELDS), term->text,
                               term->size) +
            1;
    }
    return vocabulary->term_numbers[key] - 1; /* UINT32_MAX: out of memory */
}

static int glass_append(struct posting_builder *builder, struct vocabulary *vocabulary,
                        const struct batch *batch, uint32_t first_docid, struct error *err) {
    add_lengths(builder, batch, first_docid);
    for (size_t i = 0; i < batch->term_count; i++) {
        const struct inverted_term *term = &batch->terms[i];
        uint32_t number = store_number(builder, vocabulary, term->key);
        if (number == UINT32_MAX)
            return error_memory(err);
        int status =
            posting_store_append(&builder->store, number, first_docid + term->first_passage,
                                 first_docid + term->last_passage, term->documents,
                                 term->occurrences, batch->runs.data + term->run, term->run_size);
        if (status)
            return error_set(err, status, "%s: postings out of order", builder->folder);
    }
    if (builder->lengths.failed)
        return error_memory(err);
    return builder->portable ? portable_writer_append(builder->portable, vocabulary, batch,
                                                      first_docid, &builder->store, err)
                             : 0;
}

/* ---- Writing ------------------------------------------------------------------------------- */

static int write_lengths(struct posting_builder *builder, struct glass_postlist *postlist,
                         struct bounds_writer *bounds, struct error *err) {
    const uint8_t *at = builder->lengths.data, *end = at + builder->lengths.size;
    uint64_t gap, length;
    uint32_t docid = 0;
    while (at < end && varint_read(&at, end, &gap) && varint_read(&at, end, &length)) {
        docid += (uint32_t)gap;
        int status = glass_postlist_add_length(postlist, docid, (uint32_t)length, err);
        if (status)
            return status;
        bounds_add_length(bounds, docid, (uint32_t)length);
    }
    return 0;
}

static int write_term(struct posting_builder *builder, struct glass_postlist *postlist,
                      uint32_t number, struct bytes *run, struct error *err) {
    const struct stored_term *term = &builder->store.terms[number];
    struct glass_frequencies frequencies = {term->documents, term->occurrences};
    if (posting_store_run(&builder->store, number, run))
        return error_memory(err);
    int status = glass_postlist_begin(postlist, term->text, term->text_size, &frequencies, 0, err);
    if (!status)
        status = glass_postlist_add_run(postlist, run->data, run->size, err);
    return status ? status : glass_postlist_end(postlist, err);
}

static int write_terms(struct posting_builder *builder, struct glass_postlist *postlist,
                       struct error *err) {
    uint32_t *order = posting_store_order(&builder->store);
    if (!order)
        return error_memory(err);
    struct bytes run = BYTES_INIT;
    int status = 0;
    for (size_t i = 0; !status && i < builder->store.term_count; i++)
        status = write_term(builder, postlist, order[i], &run, err);
    bytes_free(&run);
    free(order);
    return status;
}

/* Lengths and terms, and what is noted of them in passing. */
static int write_postings(struct posting_builder *builder, struct bounds_writer *bounds,
                          struct glass_version *version, struct error *err) {
    const struct glass_postlist_options options = {.each_chunk = bounds_add_chunk,
                                                   .context = bounds};
    struct glass_postlist *postlist;
    int status = glass_postlist_create(&postlist, builder->folder, &options, err);
    if (status)
        return status;
    status = write_lengths(builder, postlist, bounds, err);
    if (!status)
        status = write_terms(builder, postlist, err);
    if (!status)
        status = glass_postlist_finish(postlist, version, err);
    glass_postlist_close(postlist);
    return status ? status : bounds_finish(bounds, builder->folder, err);
}

static int glass_finish(struct posting_builder *builder, struct error *err) {
    struct glass_version version;
    struct bounds_writer *bounds;
    glass_version_init(&version);
    int status = bounds_writer_create(&bounds, err);
    if (status)
        return status;
    status = write_postings(builder, bounds, &version, err);
    bounds_writer_close(bounds);
    if (!status && builder->portable)
        status = portable_writer_finish(builder->portable, &version, err);
    return status ? status : glass_version_write(&version, builder->folder, err);
}

const struct posting_builder_class posting_builder_glass = {
    .name = "glass",
    .create = glass_create,
    .append = glass_append,
    .finish = glass_finish,
    .close = glass_close,
    .memory = glass_memory,
};

const struct posting_builder_class posting_builder_portable = {
    .name = "portable",
    .create = portable_create,
    .append = glass_append,
    .finish = glass_finish,
    .close = glass_close,
    .memory = glass_memory,
};
