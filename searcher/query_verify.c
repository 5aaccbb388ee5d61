/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/query_verify.h"

#include <stdlib.h>
#include <string.h>

struct verifier {
    const struct query_verify *verify;
    struct analyser *analyser;
    struct error *err;
    struct arena arena; /* of the document being looked at */
    struct document_row document;
    struct bytes last; /* the field value looked at last */
    bool has_last, last_matches;
    uint32_t segment, ordinal; /* of the document */
    bool has_document;
    int language;
    struct token_list tokens;
    uint32_t *starts; /* by position: the first token there; owned */
    size_t start_capacity;
    uint32_t positions;
};

int shim_error(struct error *err, const struct shim_database *database, int status) {
    enum plenary_error code = PLENARY_EENGINE;
    switch (status) {
    case SHIM_OK:
        return 0;
    case SHIM_ENOMEM:
        return error_memory(err);
    case SHIM_EINVALID:
    case SHIM_EQUERY:
        code = PLENARY_EINVALID;
        break;
    case SHIM_ETIME:
        return error_set(err, PLENARY_ESTOPPED, "the search took longer than it was given");
    case SHIM_ENOTFOUND:
        code = PLENARY_ENOTFOUND;
        break;
    case SHIM_EOPEN:
        code = PLENARY_EIO;
        break;
    case SHIM_ECORRUPT:
        code = PLENARY_EDAMAGED;
        break;
    case SHIM_EVERSION:
    case SHIM_EFEATURE:
        code = PLENARY_EVERSION;
        break;
    default:
        break;
    }
    return error_set(err, code, "the index's postings: %s",
                     database ? shim_database_message(database) : shim_status_name(status));
}

/* ---- Words at their places ------------------------------------------------------------------- */

static int compare_terms(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool unit_has(const struct query_unit *unit, const struct word *word) {
    if (unit->word_count)
        return bsearch(&word->text, unit->words, unit->word_count, sizeof *unit->words,
                       compare_terms) != NULL;
    return bsearch(&word->term, unit->terms, unit->count, sizeof *unit->terms, compare_terms) !=
           NULL;
}

/* Positions may have gaps; a gap's start is that of the next position. */
static int index_positions(struct verifier *v) {
    const struct token_list *list = &v->tokens;
    v->positions = list->count ? list->tokens[list->count - 1].position : 0;
    size_t need = (size_t)v->positions + 2;
    if (need > v->start_capacity) {
        uint32_t *grown = realloc(v->starts, need * sizeof *grown);
        if (!grown)
            return error_memory(v->err);
        v->starts = grown;
        v->start_capacity = need;
    }
    uint32_t position = 0;
    for (size_t i = 0; i < list->count; i++)
        while (position <= list->tokens[i].position)
            v->starts[position++] = (uint32_t)i;
    v->starts[v->positions + 1] = (uint32_t)list->count;
    return 0;
}

static bool unit_stands(const struct verifier *v, const struct query_unit *unit,
                        uint32_t position) {
    if (position > v->positions)
        return false;
    for (uint32_t i = v->starts[position]; i < v->starts[position + 1]; i++)
        if (unit_has(unit, analyser_word(v->analyser, v->tokens.tokens[i].word)))
            return true;
    return false;
}

static bool path_stands(const struct verifier *v, const struct query_path *path, uint32_t first) {
    for (size_t i = 0; i < path->count; i++)
        if (!unit_stands(v, path->units[i], first + (uint32_t)i))
            return false;
    return true;
}

/* 1 if the text has the words at their places, 0 if not. */
static int text_stands(struct verifier *v, const char *text, size_t size) {
    const struct query_operand *operand = &v->verify->operand;
    int status = analyser_tokenise(v->analyser, v->language, text, size, &v->tokens, v->err);
    if (!status)
        status = index_positions(v);
    if (status)
        return status;
    for (uint32_t first = 1; first <= v->positions; first++)
        for (size_t i = 0; i < operand->count; i++)
            if (path_stands(v, &operand->paths[i], first))
                return 1;
    return 0;
}

/* ---- Candidates ---------------------------------------------------------------------------- */

static int enter_document(struct verifier *v, const struct segment *segment, uint32_t ordinal) {
    arena_reset(&v->arena);
    v->has_document = false;
    int status = segment_document(segment, ordinal, &v->arena, &v->document, v->err);
    v->language = (int)segment_document_language(segment, ordinal);
    v->has_document = !status;
    return status;
}

/* Neighbours mostly share their title, speaker and heading. */
static int value_stands(struct verifier *v, const char *value) {
    if (!value)
        return 0;
    size_t size = strlen(value);
    if (v->has_last && v->last.size == size && (!size || memcmp(v->last.data, value, size) == 0))
        return v->last_matches;
    bytes_reset(&v->last);
    bytes_add(&v->last, value, size);
    v->has_last = !v->last.failed;
    int stands = text_stands(v, value, size);
    if (stands < 0)
        v->has_last = false;
    v->last_matches = stands > 0;
    return stands;
}

static int passage_stands(struct verifier *v, const struct segment *segment, uint32_t passage) {
    struct passage_row row;
    struct arena arena = ARENA_INIT;
    if (v->verify->field == QUERY_FIELD_TITLE)
        return value_stands(v, v->document.title);
    int status = segment_passage(segment, passage, &arena, &row, v->err);
    if (!status)
        status =
            value_stands(v, v->verify->field == QUERY_FIELD_SPEAKER ? row.speaker : row.heading);
    arena_free(&arena);
    return status;
}

static int verify_match(struct verifier *v, const struct snapshot *snapshot,
                        const struct shim_match *match, struct passage_set *out) {
    const struct segment *segment = snapshot_segment(snapshot, match->segment);
    uint32_t passage = match->docid - 1;
    if (passage >= segment_passage_count(segment))
        return error_set(v->err, PLENARY_EDAMAGED, "%s: postings name passage %u of %u",
                         segment_folder(segment), passage, segment_passage_count(segment));
    uint32_t ordinal = segment_document_of(segment, passage);
    if (!v->has_document || v->segment != match->segment || v->ordinal != ordinal) {
        int status = enter_document(v, segment, ordinal);
        if (status)
            return status;
        v->segment = match->segment;
        v->ordinal = ordinal;
        v->has_last = false; /* the language may be another */
    }
    int stands = passage_stands(v, segment, passage);
    if (stands <= 0)
        return stands;
    return passage_set_add(out, match->segment, passage, passage, 0) ? error_memory(v->err) : 0;
}

static int by_place(const void *a, const void *b) {
    const struct shim_match *x = a, *y = b;
    if (x->segment != y->segment)
        return x->segment < y->segment ? -1 : 1;
    return x->docid < y->docid ? -1 : x->docid > y->docid;
}

static int find_candidates(const struct query_verify *verify, struct shim_database *database,
                           struct shim_result *found, struct error *err) {
    const struct shim_query *children[] = {verify->candidates};
    const struct shim_query boolean = {
        .op = SHIM_SCALE, .factor = 0, .children = children, .count = 1};
    struct shim_search search = SHIM_SEARCH_INIT;
    struct shim_statistics statistics;
    int status = shim_database_statistics(database, &statistics);
    search.query = &boolean;
    search.limit = statistics.documents < UINT32_MAX ? (uint32_t)statistics.documents : UINT32_MAX;
    if (!status)
        status = shim_search(database, &search, found);
    if (!status && found->count)
        qsort(found->matches, found->count, sizeof *found->matches, by_place);
    return shim_error(err, database, status);
}

static void verifier_free(struct verifier *v) {
    free(v->starts);
    token_list_free(&v->tokens);
    bytes_free(&v->last);
    arena_free(&v->arena);
}

int query_verify(struct passage_set *out, const struct query_verify *verify,
                 const struct snapshot *snapshot, struct shim_database *database,
                 struct analyser *analyser, struct error *err) {
    if (passage_set_init(out, snapshot_segment_count(snapshot)))
        return error_memory(err);
    struct verifier verifier = {.verify = verify,
                                .analyser = analyser,
                                .err = err,
                                .arena = ARENA_INIT,
                                .last = BYTES_INIT};
    struct shim_result found = {.matches = NULL};
    int status = find_candidates(verify, database, &found, err);
    for (size_t i = 0; i < found.count && !status; i++)
        status = verify_match(&verifier, snapshot, &found.matches[i], out);
    shim_result_free(&found);
    verifier_free(&verifier);
    if (status)
        passage_set_free(out);
    return status;
}
