/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files behind plenary.h share.
 */
#ifndef PLENARY_SEARCHER_LIBRARY_H
#define PLENARY_SEARCHER_LIBRARY_H

#include "corpus/bytes.h"
#include "corpus/error.h"
#include "searcher/library/pool.h"
#include "searcher/plenary.h"
#include "searcher/search.h"

/* Marks what the shared library exports. */
#define PLENARY_EXPORT __attribute__((visibility("default")))

struct plenary {
    struct pool *pool;
};

/* Hand an error on to the caller of the public call. Returns its code. */
int library_fail(struct plenary_failure *out, int status, const struct error *err);

/* The engine's request of the public options (NULL: defaults). PLENARY_EINVALID names the option.
 * The request borrows the query and the options but for the names of speaker and body. */
int library_request(struct search_request *out, struct arena *arena, const char *query, size_t size,
                    const struct plenary_search_options *options, struct error *err);

/* Size of a text given with PLENARY_ALL or not; 0 for NULL. */
size_t library_size(const char *text, size_t size);

struct document_row;
struct passage_row;

/* Fill in what is public of a row; strings live in `arena` (or with the row). */
int library_document(struct plenary_document_info *out, struct arena *arena,
                     const struct document_row *row, struct error *err);
void library_passage(struct plenary_passage *out, const struct passage_row *row);

/* What plenary_list_documents answers most: the newest documents, and all years. */
int library_latest(struct plenary_list **out, const struct snapshot *snapshot, struct error *err);

/* "2018-08-06" in `arena`; NULL for 0. False when memory is short. */
bool library_date(const char **out, struct arena *arena, uint32_t date);

#endif
