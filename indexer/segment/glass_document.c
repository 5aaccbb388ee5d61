/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entries of termlist.glass and docdata.glass (xapian-core 1.4 glass, format 2016,03,14); the codes
 * are those of glass_pack.h. Tags of more than 18 bytes are deflated where that makes them smaller.
 *
 *   termlist   key docid:uint-sortable   tag nothing, for a document without terms, or
 *                                            length:uint term-count:uint first next*
 *   docdata    key docid:uint-sortable   tag the data; no entry if it is empty
 *
 *   first    = size:u8 bytes wdf:uint
 *   next     = shared-wdf:u8 size:u8 bytes             if shared-wdf fits into a byte
 *            | shared:u8 size:u8 bytes wdf:uint        else
 *
 * Terms rise. `shared` is how many bytes a term has in common with the one before, of which it has
 * n; `size` and `bytes` are the rest. shared-wdf = (wdf + 1) * (n + 1) + shared, greater than any
 * `shared`. The length is the sum of all wdf.
 */
#include "indexer/segment/glass_document.h"

#include "corpus/bytes.h"
#include "indexer/segment/glass_deflate.h"
#include "indexer/segment/glass_pack.h"
#include "indexer/segment/glass_postlist.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct glass_documents {
    struct glass_table *termlist, *docdata;
    struct glass_deflater deflater;
    bool deflater_ready;
    int failure;
    struct bytes tag;
};

static int table_create(struct glass_table **out, const char *folder, const char *name,
                        uint32_t block_size, struct error *err) {
    char *path = NULL;
    if (asprintf(&path, "%s/%s", folder, name) < 0)
        return error_memory(err);
    int status = glass_table_create(out, path, block_size, err);
    free(path);
    return status;
}

int glass_documents_create(struct glass_documents **out, const char *folder, uint32_t block_size,
                           struct error *err) {
    *out = NULL;
    struct glass_documents *documents = calloc(1, sizeof *documents);
    if (!documents)
        return error_memory(err);
    int status = glass_deflater_init(&documents->deflater, err);
    documents->deflater_ready = status == 0;
    if (!status)
        status = table_create(&documents->termlist, folder, "termlist.glass", block_size, err);
    if (!status)
        status = table_create(&documents->docdata, folder, "docdata.glass", block_size, err);
    if (status) {
        glass_documents_close(documents);
        return status;
    }
    *out = documents;
    return 0;
}

void glass_documents_close(struct glass_documents *documents) {
    if (!documents)
        return;
    glass_table_close(documents->termlist);
    glass_table_close(documents->docdata);
    if (documents->deflater_ready)
        glass_deflater_free(&documents->deflater);
    bytes_free(&documents->tag);
    free(documents);
}

static size_t common_prefix(const struct glass_document_term *a,
                            const struct glass_document_term *b) {
    size_t least = a->size < b->size ? a->size : b->size;
    size_t i = 0;
    while (i < least && a->text[i] == b->text[i])
        i++;
    return i;
}

static int terms_check(const struct glass_document_term *terms, size_t count, uint64_t *length,
                       struct error *err) {
    *length = 0;
    for (size_t i = 0; i < count; i++) {
        const struct glass_document_term *term = &terms[i];
        if (term->size == 0 || term->size > GLASS_TERM_MAX)
            return error_set(err, PLENARY_EINVALID, "a term of %u bytes (1 to %d are allowed)",
                             term->size, GLASS_TERM_MAX);
        if (i > 0) {
            size_t shared = common_prefix(term - 1, term);
            if (shared == term->size || (shared < term[-1].size && (uint8_t)term[-1].text[shared] >
                                                                       (uint8_t)term->text[shared]))
                return error_set(err, PLENARY_EINVALID,
                                 "a document's terms do not rise at term %zu", i + 1);
        }
        *length += term->wdf;
    }
    if (*length > UINT32_MAX || count > UINT32_MAX)
        return error_set(err, PLENARY_ELIMIT,
                         "a document has length %" PRIu64 " (2^32 - 1 allowed)", *length);
    return 0;
}

static void term_pack(struct bytes *tag, const struct glass_document_term *term) {
    size_t shared = common_prefix(term - 1, term);
    uint64_t packed = ((uint64_t)term->wdf + 1) * (term[-1].size + 1) + shared;
    bytes_add_byte(tag, (uint8_t)(packed < 256 ? packed : shared));
    bytes_add_byte(tag, (uint8_t)(term->size - shared));
    bytes_add(tag, term->text + shared, term->size - shared);
    if (packed >= 256)
        bytes_add_varint(tag, term->wdf);
}

static int termlist_add(struct glass_documents *documents, const uint8_t *key, size_t key_size,
                        const struct glass_document_term *terms, size_t count, uint64_t length,
                        struct error *err) {
    struct bytes *tag = &documents->tag;
    bytes_reset(tag);
    if (count) {
        bytes_add_varint(tag, length);
        bytes_add_varint(tag, count);
        bytes_add_byte(tag, (uint8_t)terms->size);
        bytes_add(tag, terms->text, terms->size);
        bytes_add_varint(tag, terms->wdf);
    }
    for (size_t i = 1; i < count; i++)
        term_pack(tag, &terms[i]);
    if (tag->failed)
        return error_memory(err);
    return glass_deflater_add(&documents->deflater, documents->termlist, key, key_size, tag->data,
                              tag->size, err);
}

int glass_documents_add(struct glass_documents *documents, uint32_t docid,
                        const struct glass_document_term *terms, size_t count, const void *data,
                        size_t data_size, struct error *err) {
    if (documents->failure)
        return error_set(err, documents->failure, "termlist.glass: an earlier write failed");
    uint64_t length;
    int status = terms_check(terms, count, &length, err);
    if (!status && docid == 0)
        status = error_set(err, PLENARY_EINVALID, "docids start at 1");
    if (status)
        return status;
    uint8_t key[GLASS_SORTABLE_MAX_BYTES];
    size_t key_size = (size_t)(glass_pack_uint_sortable(key, docid) - key);
    status = termlist_add(documents, key, key_size, terms, count, length, err);
    if (!status && data_size)
        status = glass_deflater_add(&documents->deflater, documents->docdata, key, key_size, data,
                                    data_size, err);
    return documents->failure = status;
}

int glass_documents_finish(struct glass_documents *documents, struct glass_version *version,
                           struct error *err) {
    if (documents->failure)
        return error_set(err, documents->failure, "termlist.glass: an earlier write failed");
    int status = glass_table_finish(documents->termlist, &version->roots[GLASS_TERMLIST], err);
    if (!status)
        status = glass_table_finish(documents->docdata, &version->roots[GLASS_DOCDATA], err);
    return documents->failure = status;
}
