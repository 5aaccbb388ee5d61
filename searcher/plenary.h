/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plenary in a program of your own: open an index, search it, show what was found.
 *
 *     struct plenary *index;
 *     struct plenary_failure failure;
 *     if (plenary_open(&index, "minutes.index", &failure) < 0)
 *         ... failure.message says what, where and what to do ...
 *     struct plenary_result *result;
 *     plenary_search(&result, index, "safe ports", PLENARY_ALL, NULL, &failure);
 *     for (const struct plenary_hit *hit; plenary_result_next(&hit, result, &failure) == 1;)
 *         puts(hit->citation);
 *     plenary_result_free(result);
 *     plenary_close(index);
 *
 * Errors: calls that can fail return 0 (or a count) or a negative PLENARY_E... and write a sentence
 * into `failure`, which may be NULL. Out-parameters are set to NULL on failure. The library never
 * prints, never exits and keeps no state outside its handles.
 *
 * Threads: after plenary_open a `struct plenary` may be used by any number of threads at once; it
 * opens a searcher for each that is at work and keeps it for the next. A result, a document or a
 * list of values belongs to one thread at a time.
 *
 * Ownership: whatever a call gave out is freed by the call named with it, never by free(). Strings
 * are UTF-8; those in structs belong to the handle they came from.
 *
 * Options are structs with a version first: start from their _INIT macro. NULL means the defaults.
 */
#ifndef PLENARY_H
#define PLENARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef PLENARY_ERROR_CODES /* plenary's own sources have them already */
#define PLENARY_ERROR_CODES
enum plenary_error {
    PLENARY_OK = 0,
    PLENARY_EINVALID = -1,  /* the caller asked for something that makes no sense */
    PLENARY_ENOMEM = -2,    /* an allocation failed, or a stated bound on memory was reached */
    PLENARY_EIO = -3,       /* the operating system refused: open, read */
    PLENARY_EDAMAGED = -4,  /* bytes that are not what their format says */
    PLENARY_EVERSION = -5,  /* an index of another version, or with features unknown here */
    PLENARY_ELOCKED = -6,   /* another process is writing this index */
    PLENARY_ENOTFOUND = -7, /* no such index, document or passage */
    PLENARY_ELIMIT = -8,    /* larger, deeper or longer than the stated limit */
    PLENARY_EENGINE = -9,   /* xapian-core reported an error of another kind */
    PLENARY_ESTOPPED = -10, /* the time given for it was over */
};
#endif

struct plenary_failure {
    int code; /* enum plenary_error */
    char message[480];
};

/* As a size: up to the NUL. */
#define PLENARY_ALL ((size_t)-1)

/* "0.1.0": of the library that is linked. */
const char *plenary_version(void);

/* ---- An index ------------------------------------------------------------------------------ */

struct plenary;

/* Open the index in this folder, as of its newest generation. PLENARY_ENOTFOUND if there is none.
 */
int plenary_open(struct plenary **out, const char *folder, struct plenary_failure *failure);

/* Nobody may be using it or anything that came from it. NULL is allowed. */
void plenary_close(struct plenary *plenary);

/* Move to the newest generation: 1 if there was a newer one, 0 if not. After a failure the old one
 * stays. Searches that run meanwhile are not disturbed: each sees one generation from its start to
 * its end. Costs one stat(2) where nothing changed. */
int plenary_refresh(struct plenary *plenary, struct plenary_failure *failure);

/* Make now what the first suggestion and the first list of documents would otherwise wait for (some
 * tenths of a second where there are millions of documents), and from now on let a refresh make it
 * before it moves, so that no caller but the one that refreshes ever waits. */
int plenary_warm(struct plenary *plenary, struct plenary_failure *failure);

struct plenary_state {
    uint64_t generation, documents, passages;
};
void plenary_state(struct plenary *plenary, struct plenary_state *out);

/* ---- Searching ----------------------------------------------------------------------------- */

enum plenary_sort {
    PLENARY_BY_RELEVANCE,
    PLENARY_NEWEST_FIRST, /* by date of the meeting; undated ones come last */
    PLENARY_OLDEST_FIRST, /* undated ones still last */
};

struct plenary_search_options {
    unsigned version; /* 1 */
    /* "2018", "2018-08" or "2018-08-06", both inclusive; NULL: open. */
    const char *from, *to;
    const char *const *in; /* folders, or globs on the path or id of documents; any of them */
    size_t in_count;
    const char *language; /* of documents: "english", "fr", ...; NULL: any */
    const char *speaker;  /* exactly as a facet names it; NULL or "": anybody */
    const char *body;     /* whose meeting, as a facet names it; NULL: any */
    enum plenary_sort sort;
    uint32_t offset, limit; /* of passages; of documents when grouped */
    uint32_t per_document;  /* 0: passages; otherwise documents by their best passage, and up to so
                               many passages of each */
    bool count_only;        /* no hits, an exact total */
    bool exact_total;
    unsigned snippet_length; /* characters, 0: the whole passage */
    unsigned context;        /* paragraphs before and after, in plenary_result_write's JSON */
    bool by_sum;             /* grouped: documents by the sum of their passages' scores */
    bool fold_duplicates;    /* of passages with the same words, list the newest */
    const char *after;       /* a result's cursor: list what comes behind it. NULL: from the top */
    unsigned milliseconds;   /* after which the search ends with PLENARY_ESTOPPED; 0: never */
    unsigned facets;         /* to be told in plenary_result_write's JSON: 1 << PLENARY_BY_... */
};

#define PLENARY_SEARCH_OPTIONS_INIT                                                                \
    {                                                                                              \
        1, NULL, NULL, NULL, 0, NULL, NULL, NULL, PLENARY_BY_RELEVANCE, 0, 10, 0, false, false,    \
            240, 0, false, false, NULL, 0, 0                                                       \
    }

/* A piece of text, as bytes from its begin to before its end. */
struct plenary_range {
    uint32_t begin, end;
};

struct plenary_document_info {
    const char *id;
    const char *title, *source, *body; /* NULL where unknown */
    const char *date;                  /* "2018-08-06", "2018-08", "2018" or NULL */
    const char *language;              /* "english", ...; "none" */
    uint32_t rows;                     /* passages and headings */
};

struct plenary_passage {
    const char *id;
    uint32_t row;                          /* its place in the document, from 0, headings counted */
    uint32_t number;                       /* from 1 in its document; 0: a heading */
    const char *kind;                      /* "paragraph", "item", "heading", "row", "title" */
    unsigned level;                        /* of a heading, 1 to 6; of an item, its depth */
    const char *heading, *speaker, *label; /* NULL where there is none */
    uint32_t page;                         /* 0: unknown */
    const char *text;                      /* NUL-terminated */
    size_t text_size;
    const struct plenary_range *marks; /* of text: what matched; apart, in order */
    size_t mark_count;
};

struct plenary_hit {
    uint64_t rank;  /* from 1; of its document when grouped */
    uint32_t place; /* from 1 among those listed of its document */
    double score;
    struct plenary_document_info document;
    struct plenary_passage passage;
    const char *snippet;
    size_t snippet_size;
    const struct plenary_range *snippet_marks;
    size_t snippet_mark_count;
    const char *citation; /* "Bali Process SOM · 6 August 2018 · Engagement · ¶ 7" */
};

struct plenary_notice {
    bool repair;     /* the query could not be read as it stood */
    unsigned column; /* from 1, in characters; 0: about the query as a whole */
    const char *message;
};

struct plenary_result_info {
    uint64_t generation, documents, passages; /* of the index that was searched */
    uint64_t total;                           /* matching passages */
    bool total_exact;                         /* otherwise an estimate */
    const char *understood;                   /* the query as it was read */
    const struct plenary_notice *notices;
    size_t notice_count;
    size_t hits;            /* listed */
    const char *suggestion; /* the query with misspelt words put right, where little was found and
                               the index has words that fit; else NULL */
    const char *cursor;     /* for options.after, to go on behind the last hit; NULL: nothing is */
    uint64_t folded;        /* duplicates that are not in the total */
};

struct plenary_result;

/* Search. No query is an error: what cannot be read is repaired and told as a notice. `size` bytes,
 * or PLENARY_ALL. Free with plenary_result_free before plenary_close. */
int plenary_search(struct plenary_result **out, struct plenary *plenary, const char *query,
                   size_t size, const struct plenary_search_options *options,
                   struct plenary_failure *failure);

const struct plenary_result_info *plenary_result_about(const struct plenary_result *result);

/* The next hit, valid until the next call: 1, or 0 behind the last one. */
int plenary_result_next(const struct plenary_hit **out, struct plenary_result *result,
                        struct plenary_failure *failure);

enum plenary_format { PLENARY_JSON, PLENARY_JSON_LINES, PLENARY_CSV, PLENARY_TSV };

/* All of the result as plenary-search prints it (searcher/schema.md), wherever plenary_result_next
 * stands. Free with plenary_free. */
int plenary_result_write(char **out, size_t *size, struct plenary_result *result,
                         enum plenary_format format, struct plenary_failure *failure);

void plenary_result_free(struct plenary_result *result);
void plenary_free(void *text);

/* ---- What the matches have in common --------------------------------------------------------- */

enum plenary_facet {
    PLENARY_BY_SPEAKER,
    PLENARY_BY_BODY,
    PLENARY_BY_YEAR,
    PLENARY_BY_MONTH,
    PLENARY_BY_LANGUAGE,
    PLENARY_BY_TITLE,
    PLENARY_BY_HEADING,
    PLENARY_FACETS
};

/* One value that matching passages have. */
struct plenary_value {
    const char *value;        /* "2018", "2018-08", "english", a name as written */
    uint64_t passages;        /* matching ones that have it */
    uint64_t documents;       /* that they stand in */
    const char *first, *last; /* dates of the earliest and latest of them; NULL: undated */
};

struct plenary_values; /* an opaque handle on the counts of one query */

/* Count all matches (not the best ones alone) by these facets: a bit each, 1 << PLENARY_BY_... The
 * options' filters apply; sort, offset and limits do not. */
int plenary_count(struct plenary_values **out, struct plenary *plenary, const char *query,
                  size_t size, unsigned facets, const struct plenary_search_options *options,
                  struct plenary_failure *failure);

/* How many passages match, and in which generation of the index. */
uint64_t plenary_values_generation(const struct plenary_values *values);
uint64_t plenary_values_total(const struct plenary_values *values);

/* The values of a facet: years and months in order of time, the others by number of passages.
 * Passages without a value are not listed. */
const struct plenary_value *plenary_values_of(const struct plenary_values *values,
                                              enum plenary_facet facet, size_t *count);
void plenary_values_free(struct plenary_values *values);

/* ---- Documents ------------------------------------------------------------------------------- */

struct plenary_document_options {
    unsigned version;  /* 1 */
    const char *query; /* whose matches are marked; NULL: none */
    size_t query_size; /* or PLENARY_ALL */
    uint32_t first;    /* row to begin with */
    uint32_t rows;     /* at most so many */
};

#define PLENARY_DOCUMENT_OPTIONS_INIT                                                              \
    { 1, NULL, PLENARY_ALL, 0, UINT32_MAX }

struct plenary_document;

/* Read a document, or some rows of it. PLENARY_ENOTFOUND if there is none of this id. What is read
 * is copied: the document stays as it is whatever happens to the index. */
int plenary_document_open(struct plenary_document **out, struct plenary *plenary, const char *id,
                          const struct plenary_document_options *options,
                          struct plenary_failure *failure);

/* The document that a passage's id belongs to ("<document id>#7", "<document id>#h2" for a heading,
 * or the passage's own id where it is the document's), and its row. */
int plenary_document_of_passage(struct plenary_document **out, uint32_t *row,
                                struct plenary *plenary, const char *passage_id,
                                const struct plenary_document_options *options,
                                struct plenary_failure *failure);

const struct plenary_document_info *plenary_document_about(const struct plenary_document *document);

/* The generation it was read from. */
uint64_t plenary_document_generation(const struct plenary_document *document);

/* The rows read. */
const struct plenary_passage *plenary_document_rows(const struct plenary_document *document,
                                                    size_t *count);

/* All headings, of rows that were read or not (none of a document larger than 16 MiB). */
const struct plenary_passage *plenary_document_outline(const struct plenary_document *document,
                                                       size_t *count);
void plenary_document_free(struct plenary_document *document);

/* Documents, newest first, then by id; PLENARY_ELIMIT for offset + limit above 10,000. */
struct plenary_list;
int plenary_list_documents(struct plenary_list **out, struct plenary *plenary,
                           const struct plenary_search_options *options,
                           struct plenary_failure *failure);
const struct plenary_document_info *plenary_list_of(const struct plenary_list *list, size_t *count);
/* How many documents pass the filters. */
uint64_t plenary_list_total(const struct plenary_list *list);
/* What the index covers: documents and passages of each year, in order; value "" is undated. */
const struct plenary_value *plenary_list_years(const struct plenary_list *list, size_t *count);
void plenary_list_free(struct plenary_list *list);

/* The newest document whose title is all of this text, in any case of ASCII letters: 1 and its id
 * (free with plenary_free), 0 if there is none. */
int plenary_find_title(char **id, struct plenary *plenary, const char *title,
                       struct plenary_failure *failure);

/* A query for passages like this one: its most telling words. Free with plenary_free. */
int plenary_like(char **out, struct plenary *plenary, const char *passage_id,
                 struct plenary_failure *failure);

/* ---- While somebody types ---------------------------------------------------------------------
 */

enum plenary_suggestion_kind { PLENARY_WORD, PLENARY_SPEAKER, PLENARY_TITLE };

struct plenary_suggestion {
    enum plenary_suggestion_kind kind;
    const char *text;  /* to complete the query with; of a title, the title */
    uint64_t passages; /* that have it; of a title, documents */
};

struct plenary_suggestions;
/* At most `limit` of each kind; words first, then speakers, then titles. */
int plenary_suggest(struct plenary_suggestions **out, struct plenary *plenary, const char *typed,
                    size_t size, unsigned limit, struct plenary_failure *failure);
const struct plenary_suggestion *plenary_suggestions_of(const struct plenary_suggestions *list,
                                                        size_t *count);
void plenary_suggestions_free(struct plenary_suggestions *list);

#ifdef __cplusplus
}
#endif
#endif
