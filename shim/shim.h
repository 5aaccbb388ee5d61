/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The C face of xapian-core: the only place where plenary meets C++.
 *
 * No exception and no C++ type crosses this header. Every call that can fail returns SHIM_OK or a
 * negative status; the sentence that goes with it stays on the handle until the next call on it
 * (shim_*_message). Opening calls set *out even when they fail, so that the message can be read;
 * the handle must then still be closed. *out is NULL only with SHIM_ENOMEM.
 *
 * The shim holds no policy: no parsing, no ranking rule, no text rule. A handle belongs to one
 * thread at a time; different handles are independent. Strings are (pointer, size) and copied.
 */
#ifndef PLENARY_SHIM_H
#define PLENARY_SHIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One status for each thing a caller could do about a Xapian error; the class name is in the
 * message.
 */
enum shim_status {
    SHIM_OK = 0,
    SHIM_ENOMEM = -1,
    SHIM_EINVALID = -2,   /* InvalidArgument, InvalidOperation, Assertion, Unimplemented, Range */
    SHIM_ENOTFOUND = -3,  /* DatabaseNotFound, DocNotFound */
    SHIM_EOPEN = -4,      /* DatabaseOpening */
    SHIM_ECREATE = -5,    /* DatabaseCreate */
    SHIM_ELOCKED = -6,    /* DatabaseLock */
    SHIM_EMODIFIED = -7,  /* DatabaseModified */
    SHIM_ECORRUPT = -8,   /* DatabaseCorrupt, Serialisation */
    SHIM_EVERSION = -9,   /* DatabaseVersion */
    SHIM_ECLOSED = -10,   /* DatabaseClosed */
    SHIM_EDATABASE = -11, /* other DatabaseError, such as a full disk */
    SHIM_ENETWORK = -12,  /* Network, NetworkTimeout */
    SHIM_EQUERY = -13,    /* QueryParser, Wildcard */
    SHIM_EFEATURE = -14,  /* FeatureUnavailable */
    SHIM_EINTERNAL = -15, /* Internal, and whatever else was thrown */
    SHIM_ETIME = -16,     /* the deadline passed */
};

/* "SHIM_OK", "SHIM_ECORRUPT", ...: for logs. */
const char *shim_status_name(int status);

/* The linked library: "1.4.22". */
const char *shim_xapian_version(void);

/* ---- Reading ------------------------------------------------------------------------------- */

struct shim_database;

/* Open these database folders as one; segment i is paths[i]. Zero paths is an empty database. */
int shim_database_open(struct shim_database **out, const char *const *paths, size_t count);
void shim_database_close(struct shim_database *database);
const char *shim_database_message(const struct shim_database *database);

/* Searches that run beyond this time (CLOCK_MONOTONIC, nanoseconds) end with SHIM_ETIME; 0: none.
 * It is looked at as matches are found and sources asked, so a search may run on for some
 * milliseconds. */
void shim_database_set_deadline(struct shim_database *database, uint64_t deadline);

/* Has it passed? Looks at the clock, so ask it every few microseconds, not every posting. */
bool shim_database_is_late(const struct shim_database *database);

struct shim_statistics {
    uint64_t documents;
    uint64_t total_length; /* sum of document lengths */
    double average_length;
};
int shim_database_statistics(struct shim_database *database, struct shim_statistics *out);

/* In how many documents a term occurs, and how often; 0 and 0 if it does not. */
int shim_term_statistics(struct shim_database *database, const char *term, size_t size,
                         uint64_t *documents, uint64_t *occurrences);

/* All terms that start with `prefix`, in byte order, until `each` returns non-zero (which is then
 * returned if negative). */
typedef int (*shim_term_fn)(void *context, const char *term, size_t size, uint64_t documents);
int shim_each_term(struct shim_database *database, const char *prefix, size_t size,
                   shim_term_fn each, void *context);

/* Postings of one term in one segment in docid order; an empty term gives every document with its
 * length as `wdf`. */
typedef int (*shim_posting_fn)(void *context, uint32_t docid, uint32_t wdf);
int shim_each_posting(struct shim_database *database, uint32_t segment, const char *term,
                      size_t size, shim_posting_fn each, void *context);

/* Within-document frequency of a term and the document's length; 0 if the term is not there. */
int shim_posting(struct shim_database *database, uint32_t segment, uint32_t docid, const char *term,
                 size_t size, uint32_t *wdf, uint32_t *length);

/* Xapian's own check of one database. *errors counts what it found; its report goes to `report`
 * (may be NULL), a line a call. */
int shim_check(const char *path, uint64_t *errors, void (*report)(void *context, const char *line),
               void *context, char *message, size_t message_size);

/* ---- Queries --------------------------------------------------------------------------------
 * A query is a tree of plain data that the caller owns (an arena does well); the shim turns it into
 * Xapian's objects when a search runs. */

enum shim_op {
    SHIM_TERM, /* term, factor as wqf (0 means 1) */
    SHIM_ALL,  /* every document, weight 0 */
    SHIM_NOTHING,
    SHIM_AND, /* children */
    SHIM_OR,
    SHIM_AND_NOT, /* first child without the others */
    SHIM_AND_MAYBE,
    SHIM_FILTER,  /* first child's weight; the others only filter */
    SHIM_NEAR,    /* terms within `window`, any order; needs positions */
    SHIM_PHRASE,  /* terms within `window`, in order; needs positions */
    SHIM_SYNONYM, /* children are one term for the weighting */
    SHIM_SCALE,   /* one child, weight times `factor` (0: boolean) */
    SHIM_FIXED,   /* one child, every match weighs `factor` */
    SHIM_SOURCE   /* documents and weights come from `source` */
};

struct shim_source;

struct shim_query {
    enum shim_op op;
    const char *term;
    size_t term_size;
    double factor;
    uint32_t window;
    const struct shim_source *source;
    const struct shim_query *const *children;
    size_t count;
};

/*
 * Documents from C: a cursor over one segment's docids in rising order, as Xapian's PostingSource.
 * Callbacks run on the searching thread and must not call the shim. `min_weight` is what a document
 * must exceed to matter now: a cursor may skip documents that cannot. A docid beyond the segment's
 * last is taken for the end.
 */
struct shim_source {
    void *context;
    /* A cursor before the first document of a segment; NULL: out of memory. */
    void *(*open)(void *context, uint32_t segment);
    void (*close)(void *cursor);
    /* The next docid, 0 at the end. */
    uint32_t (*next)(void *cursor, double min_weight);
    /* The first docid >= docid from where the cursor stands, 0 if none. */
    uint32_t (*skip_to)(void *cursor, uint32_t docid, double min_weight);
    /* Is this document, behind where the cursor stands, one of them? True: the cursor is on it.
     * False: it stands before whatever comes behind `docid`, which next or skip_to will look for;
     * so a candidate that others have found is refused without a search for the next one. Asked
     * of sources directly below SHIM_AND and SHIM_FILTER; elsewhere, or if NULL, skip_to is. */
    bool (*check)(void *cursor, uint32_t docid, double min_weight);
    /* `docid` may soon be asked of check: a chance to fetch what that will read. May be NULL. The
     * shim itself does not call it. */
    void (*expect)(void *cursor, uint32_t docid);
    double (*weight)(void *cursor);     /* of the document it is on; NULL: always 0 */
    double (*max_weight)(void *cursor); /* from here on; NULL: 0 */
    void (*frequency)(void *cursor, uint32_t *least, uint32_t *estimate, uint32_t *most);
};

struct shim_search {
    const struct shim_query *query;
    uint32_t first, limit;
    uint32_t check_at_least;           /* look at this many matches before stopping early */
    double k1, k2, k3, b, min_normlen; /* BM25 as Xapian::BM25Weight has it */
    double cutoff;                     /* only documents that weigh this or more */
    const char *model; /* another weighting with its own defaults: "PL2" for Xapian::PL2Weight;
                          NULL: BM25 */
};

#define SHIM_SEARCH_INIT                                                                           \
    { NULL, 0, 10, 0, 1.2, 0, 0, 0.75, 0.0, 0, NULL }

struct shim_match {
    uint32_t segment, docid;
    double weight;
};

struct shim_result {
    struct shim_match *matches; /* by weight, highest first; free with shim_result_free */
    size_t count;
    uint32_t lower, estimate, upper; /* bounds on the number of matches; equal when exact */
};

int shim_search(struct shim_database *database, const struct shim_search *search,
                struct shim_result *out);
void shim_result_free(struct shim_result *result);

/* Xapian's description of a query, for --explain; free() it. NULL: out of memory or bad query. */
char *shim_query_text(struct shim_database *database, const struct shim_query *query);

/* ---- Writing: Xapian's own writer, the oracle ------------------------------------------------ */

struct shim_writer;

/* Create a database in `path`, which must not be one yet. Nothing is readable before
 * shim_writer_finish. */
int shim_writer_create(struct shim_writer **out, const char *path);

struct shim_posting {
    const char *term;
    uint32_t term_size;
    uint32_t wdf;              /* 0: a boolean term, outside the document's length */
    const uint32_t *positions; /* rising; NULL if none */
    uint32_t position_count;
};

/* Add one document under this docid, larger than any before; gaps are allowed. */
int shim_writer_add(struct shim_writer *writer, uint32_t docid, const struct shim_posting *postings,
                    size_t count, const char *data, size_t data_size);

/* Bytes held for what is not written out yet (an estimate); it has an upper bound. */
size_t shim_writer_memory(const struct shim_writer *writer);

/* Write all out and sync. The handle is then only good for closing. */
int shim_writer_finish(struct shim_writer *writer);

const char *shim_writer_message(const struct shim_writer *writer);

/* Close; without a finish before, what was added is lost. */
void shim_writer_close(struct shim_writer *writer);

#ifdef __cplusplus
}
#endif
#endif
