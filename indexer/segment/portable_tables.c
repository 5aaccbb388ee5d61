/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/segment/portable_tables.h"

#include "indexer/posting_store.h"
#include "indexer/segment/glass_document.h"
#include "indexer/segment/glass_position.h"

#include <stdlib.h>
#include <string.h>

struct portable_tables {
    struct glass_documents *documents;
    struct glass_positions *positions;
    /* In place of (gap wdf) pairs, its runs hold of each document
     *     uint(gap - 1) uint(count) uint(place) uint(gap between places - 1)* */
    struct posting_store store;
    struct bytes run;
    struct glass_document_term *terms; /* scratch: a document's, sorted */
    size_t term_capacity;
    uint32_t *places; /* scratch: of a term in a document */
    size_t place_capacity;
};

int portable_tables_create(struct portable_tables **out, const char *folder, struct error *err) {
    *out = NULL;
    struct portable_tables *tables = calloc(1, sizeof *tables);
    if (!tables)
        return error_memory(err);
    posting_store_init(&tables->store);
    int status = glass_documents_create(&tables->documents, folder, 0, err);
    if (!status)
        status = glass_positions_create(&tables->positions, folder, 0, err);
    if (status) {
        portable_tables_close(tables);
        return status;
    }
    *out = tables;
    return 0;
}

void portable_tables_close(struct portable_tables *tables) {
    if (!tables)
        return;
    glass_documents_close(tables->documents);
    glass_positions_close(tables->positions);
    posting_store_free(&tables->store);
    bytes_free(&tables->run);
    free(tables->terms);
    free(tables->places);
    free(tables);
}

size_t portable_tables_memory(const struct portable_tables *tables) {
    return sizeof *tables + posting_store_memory(&tables->store) + tables->run.capacity +
           tables->term_capacity * sizeof *tables->terms +
           tables->place_capacity * sizeof *tables->places;
}

/* ---- Adding -------------------------------------------------------------------------------- */

static int compare_terms(const void *a, const void *b) {
    const struct glass_document_term *left = a, *right = b;
    int order =
        memcmp(left->text, right->text, left->size < right->size ? left->size : right->size);
    return order ? order : (left->size > right->size) - (left->size < right->size);
}

static int sort_terms(struct portable_tables *tables, const struct builder_posting *postings,
                      size_t count, struct error *err) {
    if (count > tables->term_capacity) {
        size_t capacity = count > SIZE_MAX / 2 ? count : 2 * count;
        struct glass_document_term *terms = reallocarray(tables->terms, capacity, sizeof *terms);
        if (!terms)
            return error_memory(err);
        tables->terms = terms;
        tables->term_capacity = capacity;
    }
    for (size_t i = 0; i < count; i++)
        tables->terms[i] =
            (struct glass_document_term){postings[i].term, postings[i].term_size, postings[i].wdf};
    if (count)
        qsort(tables->terms, count, sizeof *tables->terms, compare_terms);
    return 0;
}

static int keep_places(struct portable_tables *tables, uint32_t docid,
                       const struct builder_posting *posting, struct error *err) {
    struct bytes *run = &tables->run;
    bytes_reset(run);
    bytes_add_varint(run, posting->position_count);
    bytes_add_varint(run, posting->positions[0]);
    for (uint32_t i = 1; i < posting->position_count; i++) {
        if (posting->positions[i] <= posting->positions[i - 1])
            return error_set(err, PLENARY_EINVALID, "places of a term do not rise");
        bytes_add_varint(run, posting->positions[i] - posting->positions[i - 1] - 1);
    }
    uint32_t number = posting_store_term(&tables->store, "", posting->term, posting->term_size);
    if (run->failed || number == UINT32_MAX)
        return error_memory(err);
    int status = posting_store_append(&tables->store, number, docid, docid, 1,
                                      posting->position_count, run->data, run->size);
    if (status == PLENARY_ENOMEM)
        return error_memory(err);
    return status ? error_set(err, status, "documents with positions do not rise") : 0;
}

int portable_tables_add(struct portable_tables *tables, uint32_t docid,
                        const struct builder_posting *postings, size_t count, const void *data,
                        size_t data_size, struct error *err) {
    int status = sort_terms(tables, postings, count, err);
    if (!status)
        status = glass_documents_add(tables->documents, docid, tables->terms, count, data,
                                     data_size, err);
    for (size_t i = 0; !status && i < count; i++)
        if (postings[i].position_count)
            status = keep_places(tables, docid, &postings[i], err);
    return status;
}

/* ---- Writing ------------------------------------------------------------------------------- */

static bool reserve_places(struct portable_tables *tables, uint64_t count) {
    if (count <= tables->place_capacity)
        return true;
    uint32_t *places = reallocarray(tables->places, (size_t)count * 2, sizeof *places);
    if (!places)
        return false;
    tables->places = places;
    tables->place_capacity = (size_t)count * 2;
    return true;
}

static bool read_places(const uint8_t **at, const uint8_t *end, uint32_t *places, uint64_t count) {
    uint64_t gap, place = 0;
    for (uint64_t i = 0; i < count; i++) {
        if (!varint_read(at, end, &gap))
            return false;
        place += gap + (i > 0);
        places[i] = (uint32_t)place;
    }
    return true;
}

static int write_term(struct portable_tables *tables, uint32_t number, struct error *err) {
    const struct stored_term *term = &tables->store.terms[number];
    if (posting_store_run(&tables->store, number, &tables->run))
        return error_memory(err);
    const uint8_t *at = tables->run.data, *end = at + tables->run.size;
    uint64_t gap, count;
    uint32_t docid = 0;
    int status = 0;
    while (!status && at < end) {
        if (!varint_read(&at, end, &gap) || !varint_read(&at, end, &count))
            return error_set(err, PLENARY_EINVALID, "places of a term do not read back");
        if (!reserve_places(tables, count))
            return error_memory(err);
        if (!read_places(&at, end, tables->places, count))
            return error_set(err, PLENARY_EINVALID, "places of a term do not read back");
        docid += (uint32_t)gap + 1;
        status = glass_positions_add(tables->positions, term->text, term->text_size, docid,
                                     tables->places, (size_t)count, err);
    }
    return status;
}

int portable_tables_finish(struct portable_tables *tables, struct glass_version *version,
                           struct error *err) {
    uint32_t *order = posting_store_order(&tables->store);
    if (!order)
        return error_memory(err);
    int status = 0;
    for (size_t i = 0; !status && i < tables->store.term_count; i++)
        status = write_term(tables, order[i], err);
    free(order);
    if (!status)
        status = glass_documents_finish(tables->documents, version, err);
    return status ? status : glass_positions_finish(tables->positions, version, err);
}
