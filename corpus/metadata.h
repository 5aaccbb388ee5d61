/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What somebody wrote down beside a file about the meeting in it, which overrides what is detected.
 *
 *   a sidecar    minutes.txt.meta.json, or minutes.meta.json, in the same folder: an object with
 *                any of the members title, date, body, language (strings);
 *   a manifest   manifest.tsv in the file's folder or one of the six above: a header line that
 *                begins with "filename" and names any of date, title, body, language (other columns
 *                are passed over), then a line a file, its path relative to the manifest's folder.
 *
 * The sidecar goes before the manifest, the nearer manifest before the farther. A title that is
 * only markup (a picture, a tag), or that the manifest has for three files, is passed over, links
 * and emphasis in it are read as text. A month or year that a detected day lies in does not replace
 * that day.
 *
 * Neither is a document itself: a walk through a folder passes over both.
 * Not thread-safe: one store, one thread; `struct metadata` may be read from any.
 */
#ifndef PLENARY_CORPUS_METADATA_H
#define PLENARY_CORPUS_METADATA_H

#include "corpus/document.h"
#include "corpus/error.h"
#include "corpus/reader.h"

enum { METADATA_VALUE_MAX = 2000 }; /* bytes */

struct metadata {
    char *title, *body, *language; /* owned; NULL: not said */
    uint32_t date;                 /* 0: not said */
};

struct metadata_store;

/* `options` is copied: notices of what cannot be read go there. NULL when out of memory. */
struct metadata_store *metadata_store_open(const struct corpus_options *options);

/* All that is known of the file at this absolute path; `alone`: it is known to have no sidecar.
 * 0 or PLENARY_ENOMEM. */
int metadata_find(struct metadata_store *store, const char *source, bool alone,
                  struct metadata *out, struct error *err);

void metadata_store_close(struct metadata_store *store);

/* Is this the start of a manifest: does its first line begin with "filename" and a tab, without a
 * column of text? */
bool metadata_is_manifest(const uint8_t *data, size_t size);

/* Does the name end as a sidecar's does? */
bool metadata_is_sidecar(const char *name);

/* Set what it says in the document. 0 or PLENARY_ENOMEM. */
int metadata_apply(const struct metadata *metadata, struct document *document);

/* A number that changes with it: 0 where nothing is said. */
uint64_t metadata_hash(const struct metadata *metadata);

void metadata_free(struct metadata *metadata);

#endif
