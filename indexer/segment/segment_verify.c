/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/segment/segment.h"

#include "indexer/segment/segment_files.h"
#include "shim/shim.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

/* A table with more faults than this is broken; further sentences would only repeat that. */
enum { FAULTS_SHOWN = 20 };

struct verifying {
    const struct segment *segment;
    void (*report)(void *context, const char *fault);
    void *context;
    uint64_t faults;
    struct arena arena;
};

static void add_fault(struct verifying *verifying, const char *fault) {
    verifying->faults++;
    if (verifying->report)
        verifying->report(verifying->context, fault);
}

/* ---- Documents and passages ----------------------------------------------------------------- */

static int check_document(struct verifying *verifying, uint32_t document, struct error *err) {
    const struct segment *segment = verifying->segment;
    struct document_row row;
    uint32_t found = 0;
    arena_reset(&verifying->arena);
    int status = segment_document(segment, document, &verifying->arena, &row, err);
    if (status)
        return status;
    status = segment_find_id(segment, row.id, &found, err);
    if (status < 0)
        return status;
    if (status == 0 || found < document)
        return error_set(err, PLENARY_EDAMAGED, "%s: document %u is not found by its id",
                         segment->folder, document);
    if (row.passage_count && segment_document_of(segment, row.first_passage) != document)
        return error_set(err, PLENARY_EDAMAGED, "%s: document %u is not found by its passages",
                         segment->folder, document);
    return 0;
}

static int check_passage(struct verifying *verifying, uint32_t passage, struct error *err) {
    struct passage_row row;
    arena_reset(&verifying->arena);
    return segment_passage(verifying->segment, passage, &verifying->arena, &row, err);
}

static int check_source(struct verifying *verifying, uint32_t i, struct error *err) {
    const struct documents *documents = &verifying->segment->documents;
    const char *source;
    uint64_t ordinal;
    arena_reset(&verifying->arena);
    int status = string_list_copy(&documents->sources.list, i, &verifying->arena, &source, err);
    if (!status)
        status = string_find(&documents->sources.list, &documents->sources.order, source,
                             strlen(source), &ordinal, err);
    if (status == 0)
        return error_set(err, PLENARY_EDAMAGED, "%s: source %u is not found by its name",
                         verifying->segment->folder, i);
    return status < 0 ? status : 0;
}

typedef int (*check_fn)(struct verifying *verifying, uint32_t row, struct error *err);

/* Check rows until too many are bad. Out of memory is no fault of the segment. */
static int check_rows(struct verifying *verifying, uint64_t count, check_fn check,
                      struct error *err) {
    unsigned shown = 0;
    for (uint32_t i = 0; i < count && shown < FAULTS_SHOWN; i++) {
        struct error fault;
        int status = check(verifying, i, &fault);
        if (status == PLENARY_ENOMEM)
            return error_memory(err);
        if (status) {
            add_fault(verifying, fault.message);
            shown++;
        }
    }
    return 0;
}

static int check_tables(struct verifying *verifying, struct error *err) {
    const struct documents *documents = &verifying->segment->documents;
    int status = check_rows(verifying, documents->count, check_document, err);
    if (!status)
        status = check_rows(verifying, documents->sources.list.count, check_source, err);
    if (!status)
        status = check_rows(verifying, documents->passages, check_passage, err);
    return status;
}

/* ---- Lexicon -------------------------------------------------------------------------------- */

/* A table that is wrong as a whole is one fault. */
static int add_status(struct verifying *verifying, int status, const struct error *fault,
                      struct error *err) {
    if (status == PLENARY_ENOMEM)
        return error_memory(err);
    if (status)
        add_fault(verifying, fault->message);
    return 0;
}

struct lexicon_check {
    uint64_t most, wrong;
};

static int check_row(void *context, const struct lexicon_row *row) {
    struct lexicon_check *check = context;
    check->wrong += row->passages > check->most;
    return 0;
}

static int check_lexicon(struct verifying *verifying, struct error *err) {
    const struct lexicon *lexicon = &verifying->segment->lexicon;
    struct lexicon_check check = {.most = verifying->segment->passages.count};
    struct error fault = {.code = 0};
    int status = lexicon_verify(lexicon, &fault);
    if (!status)
        status = lexicon_each(lexicon, "", 0, check_row, &check, &fault);
    if (!status && check.wrong)
        status = error_set(&fault, PLENARY_EDAMAGED,
                           "%s: %llu words of the lexicon are in more passages than there are",
                           verifying->segment->folder, (unsigned long long)check.wrong);
    return add_status(verifying, status, &fault, err);
}

/* ---- Tokens --------------------------------------------------------------------------------- */

/* Ids must be those of words, and what follows a joined form in the end is one of its parts. */
static bool tokens_stand(const struct lexicon *lexicon, const uint8_t *at, const uint8_t *end) {
    bool joined = false;
    while (at < end) {
        uint64_t id;
        if (!varint_read(&at, end, &id) || id >= lexicon->count)
            return false;
        joined = lexicon_is_joined(lexicon, (uint32_t)id);
    }
    return !joined;
}

static int check_tokens(struct verifying *verifying, uint32_t passage, struct error *err) {
    const struct segment *segment = verifying->segment;
    const uint8_t *ids;
    size_t size;
    int status = segment_tokens(segment, passage, &ids, &size, err);
    if (!status && !tokens_stand(&segment->lexicon, ids, ids + size))
        return error_set(err, PLENARY_EDAMAGED, "%s: the words of passage %u make no sense",
                         segment->folder, passage);
    return status;
}

/* ---- Text ----------------------------------------------------------------------------------- */

static int check_text(struct verifying *verifying, struct error *err) {
    struct error fault;
    int status = text_verify(&verifying->segment->text, &fault);
    return add_status(verifying, status, &fault, err);
}

/* ---- Postings ------------------------------------------------------------------------------- */

struct docid_check {
    uint32_t passages, last;
    uint64_t wrong;
};

static int check_docid(void *context, uint32_t docid, uint32_t wdf) {
    struct docid_check *check = context;
    (void)wdf;
    if (docid <= check->last || docid > check->passages)
        check->wrong++;
    check->last = docid;
    return 0;
}

static void check_docids(struct verifying *verifying) {
    const char *folder = verifying->segment->folder;
    struct docid_check check = {.passages = verifying->segment->passages.count};
    struct shim_database *database;
    struct error fault;
    int status = shim_database_open(&database, &folder, 1);
    if (status == SHIM_OK)
        status = shim_each_posting(database, 0, "", 0, check_docid, &check);
    if (status != SHIM_OK)
        error_set(&fault, PLENARY_EENGINE, "%s: %s", folder,
                  database ? shim_database_message(database) : "out of memory");
    else if (check.wrong)
        error_set(&fault, PLENARY_EDAMAGED, "%s: %llu postings belong to no passage", folder,
                  (unsigned long long)check.wrong);
    if (status != SHIM_OK || check.wrong)
        add_fault(verifying, fault.message);
    if (database)
        shim_database_close(database);
}

static int check_bounds(struct verifying *verifying, struct error *err) {
    const struct segment *segment = verifying->segment;
    struct error fault = {.code = 0};
    if (!segment->postings.glass) {
        if (!glass_sums_tell_of_bounds(segment->glass->sums_file))
            return 0;
        error_set(&fault, PLENARY_EDAMAGED,
                  "%s/bounds.blocks: is missing; searches are right without it, but slow: restore "
                  "the index from a copy, or build it again in a new folder",
                  segment->folder);
        add_fault(verifying, fault.message);
        return 0;
    }
    int status = bounds_verify(&segment->postings.bounds, segment->folder, &fault);
    return add_status(verifying, status, &fault, err);
}

static int check_database(struct verifying *verifying, struct error *err) {
    const char *folder = verifying->segment->folder;
    char message[400] = "";
    uint64_t errors = 0;
    struct error fault;
    int status = shim_check(folder, &errors, NULL, NULL, message, sizeof message);
    if (status == SHIM_ENOMEM)
        return error_memory(err);
    if (status == SHIM_OK && !errors) {
        check_docids(verifying);
        return check_bounds(verifying, err);
    }
    if (status != SHIM_OK)
        error_set(&fault, PLENARY_EENGINE, "%s: Xapian's check: %s", folder, message);
    else
        error_set(&fault, PLENARY_EDAMAGED, "%s: Xapian's check found %llu errors", folder,
                  (unsigned long long)errors);
    add_fault(verifying, fault.message);
    return 0;
}

static void take_fault(void *context, const char *fault) {
    add_fault(context, fault);
}

static int check_postings(struct verifying *verifying, struct error *err) {
    const char *folder = verifying->segment->folder;
    /* Xapian may not come to an end on what is damaged; so it is not asked. */
    int bad = glass_sums_verify(folder, take_fault, verifying, err);
    return bad ? (bad < 0 ? bad : 0) : check_database(verifying, err);
}

/* ---- All of it ------------------------------------------------------------------------------ */

static uint64_t check_pages(struct verifying *verifying) {
    const struct segment *segment = verifying->segment;
    const struct sidecar *const sidecars[] = {segment->documents.sidecar, segment->passages.sidecar,
                                              segment->text.sidecar, segment->tokens.file,
                                              segment->lexicon.sidecar};
    uint64_t bad = 0;
    for (size_t i = 0; i < sizeof sidecars / sizeof *sidecars; i++)
        bad += sidecar_verify(sidecars[i], verifying->report, verifying->context);
    if (segment->postings.glass)
        bad +=
            sidecar_verify(segment->postings.bounds.sidecar, verifying->report, verifying->context);
    verifying->faults += bad;
    return bad;
}

int segment_verify(const struct segment *segment, void (*report)(void *context, const char *fault),
                   void *context, struct error *err) {
    struct verifying verifying = {
        .segment = segment, .report = report, .context = context, .arena = ARENA_INIT};
    int status = 0;
    /* With bad pages the rows would only say the same again, row by row. */
    if (!check_pages(&verifying)) {
        status = check_tables(&verifying, err);
        if (!status)
            status = check_lexicon(&verifying, err);
        if (!status)
            status = check_rows(&verifying, segment->passages.count, check_tokens, err);
        if (!status)
            status = check_text(&verifying, err);
    }
    if (!status)
        status = check_postings(&verifying, err);
    arena_free(&verifying.arena);
    if (status)
        return status;
    return verifying.faults < INT_MAX ? (int)verifying.faults : INT_MAX;
}
