/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plenary_like: the words that tell most about a passage, by how often they stand in it and how
 * rare they are in the index, as a query.
 */
#include "searcher/library/library.h"
#include "searcher/query_verify.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LIKE_WORDS = 8, LIKE_CANDIDATES = 400 };

struct candidate {
    uint32_t word, count; /* of the analyser */
    double weight;
};

static int by_weight(const void *a, const void *b) {
    const struct candidate *x = a, *y = b;
    return x->weight != y->weight ? (x->weight < y->weight ? 1 : -1)
                                  : (x->word > y->word) - (x->word < y->word);
}

static size_t gather(struct candidate *candidates, const struct analyser *analyser,
                     const struct token_list *tokens) {
    size_t count = 0;
    for (size_t i = 0; i < tokens->count; i++) {
        uint32_t word = tokens->tokens[i].word;
        size_t at = 0;
        if (analyser_word(analyser, word)->joined || analyser_word(analyser, word)->text_size < 3)
            continue;
        while (at < count && candidates[at].word != word)
            at++;
        if (at == LIKE_CANDIDATES)
            break;
        if (at == count)
            candidates[count++] = (struct candidate){word, 0, 0};
        candidates[at].count++;
    }
    return count;
}

/* A word of this passage alone finds nothing else, one of every other passage everything. */
static int weigh(struct candidate *candidates, size_t count, struct searcher *searcher,
                 struct error *err) {
    struct shim_database *database = searcher_database(searcher);
    double all = (double)snapshot_passages(searcher_snapshot(searcher)) + 1;
    for (size_t i = 0; i < count; i++) {
        const struct word *word = analyser_word(searcher_analyser(searcher), candidates[i].word);
        uint64_t passages, occurrences;
        int status = shim_error(
            err, database,
            shim_term_statistics(database, word->term, word->term_size, &passages, &occurrences));
        if (status)
            return status;
        candidates[i].weight = passages > 1 ? candidates[i].count * log(all / (double)passages) : 0;
    }
    return 0;
}

static int write_query(struct bytes *out, struct searcher *searcher,
                       const struct plenary_passage *row, const char *language, struct error *err) {
    struct analyser *analyser = searcher_analyser(searcher);
    struct token_list tokens = {NULL, 0, 0};
    struct candidate *candidates = calloc(LIKE_CANDIDATES, sizeof *candidates);
    int number = language_number(language);
    int status = candidates ? 0 : error_memory(err);
    size_t count = 0;
    if (!status)
        status = analyser_tokenise(analyser, number < 0 ? 0 : number, row->text, row->text_size,
                                   &tokens, err);
    if (!status) {
        count = gather(candidates, analyser, &tokens);
        status = weigh(candidates, count, searcher, err);
    }
    if (!status && count)
        qsort(candidates, count, sizeof *candidates, by_weight);
    for (size_t i = 0, taken = 0; i < count && taken < LIKE_WORDS && !status; i++) {
        if (!(candidates[i].weight > 0))
            break;
        const struct word *word = analyser_word(analyser, candidates[i].word);
        bytes_printf(out, "%s%s", taken++ ? " " : "", word->text);
    }
    token_list_free(&tokens);
    free(candidates);
    return status;
}

PLENARY_EXPORT int plenary_like(char **out, struct plenary *plenary, const char *passage_id,
                                struct plenary_failure *failure) {
    struct error err = {0};
    struct plenary_document *document;
    struct pooled *pooled = NULL;
    struct bytes text = BYTES_INIT;
    uint32_t row;
    size_t rows;
    *out = NULL;
    int status = plenary_document_of_passage(&document, &row, plenary, passage_id, NULL, failure);
    if (status < 0)
        return status;
    const struct plenary_passage *passages = plenary_document_rows(document, &rows);
    status = pool_take(&pooled, plenary->pool, &err);
    if (!status && row < rows)
        status = write_query(&text, pooled->searcher, &passages[row],
                             plenary_document_about(document)->language, &err);
    pool_give(plenary->pool, pooled);
    plenary_document_free(document);
    if (!status && !bytes_string(&text))
        status = error_memory(&err);
    if (status < 0) {
        bytes_free(&text);
        return library_fail(failure, status, &err);
    }
    *out = (char *)text.data;
    return 0;
}
