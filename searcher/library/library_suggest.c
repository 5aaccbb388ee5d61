/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plenary_suggest: words that begin as the last one typed, and speakers and titles that have all
 * that was typed.
 */
#include "searcher/library/library.h"
#include "searcher/library/tally.h"

#include <stdlib.h>
#include <string.h>

enum {
    TYPED_MOST = 200,        /* bytes; more is not completed */
    WORDS_LOOKED_AT = 20000, /* of the lexicons, a segment */
    FIELD_HITS = 60,         /* passages looked at for speakers and titles */
};

struct plenary_suggestions {
    struct arena arena;
    struct plenary_suggestion *all;
    size_t count, limit;
};

struct words {
    struct tally tally;
    unsigned seen;
};

static bool add(struct plenary_suggestions *list, enum plenary_suggestion_kind kind,
                const char *text, const char *id, uint64_t passages) {
    if (list->count == list->limit)
        return true;
    struct plenary_suggestion *one = &list->all[list->count];
    *one = (struct plenary_suggestion){kind, arena_string(&list->arena, text),
                                       arena_string(&list->arena, id), passages};
    list->count += one->text != NULL;
    return one->text && (!id || one->id);
}

/* ---- Words --------------------------------------------------------------------------------- */

static int take_word(void *context, const char *word, size_t size, const char *term,
                     size_t term_size, uint64_t passages) {
    struct words *words = context;
    (void)term, (void)term_size;
    struct tally_row *row = tally_row(&words->tally, word, size);
    if (row)
        tally_add(row, passages, 0);
    return ++words->seen >= WORDS_LOOKED_AT;
}

/* The last word typed, folded as the index does; empty where it ends with none. */
static int fold_last(struct bytes *out, struct analyser *analyser, const char *typed, size_t size,
                     struct error *err) {
    struct token_list tokens = {NULL, 0, 0};
    int status = analyser_tokenise(analyser, 0, typed, size, &tokens, err);
    if (!status && tokens.count) {
        const struct token *last = &tokens.tokens[tokens.count - 1];
        const struct word *word = analyser_word(analyser, last->word);
        if (last->end == size)
            bytes_add(out, word->text, word->text_size);
    }
    token_list_free(&tokens);
    return status;
}

static int suggest_words(struct plenary_suggestions *list, struct searcher *searcher,
                         const char *typed, size_t size, size_t most, struct error *err) {
    const struct snapshot *snapshot = searcher_snapshot(searcher);
    struct bytes prefix = BYTES_INIT;
    int status = fold_last(&prefix, searcher_analyser(searcher), typed, size, err);
    struct words words = {.tally = {.arena = &list->arena}};
    for (uint32_t i = 0; i < snapshot_segment_count(snapshot) && status >= 0 && prefix.size; i++) {
        words.seen = 0;
        status = segment_each_word(snapshot_segment(snapshot, i), (const char *)prefix.data,
                                   prefix.size, take_word, &words, err);
    }
    tally_sort(&words.tally, false);
    for (size_t i = 0; i < words.tally.count && i < most && status >= 0; i++)
        if (!add(list, PLENARY_WORD, words.tally.rows[i].value, NULL, words.tally.rows[i].passages))
            status = error_memory(err);
    tally_free(&words.tally);
    bytes_free(&prefix);
    return status < 0 ? status : 0;
}

/* ---- Speakers and titles ------------------------------------------------------------------- */

/* +speaker:a +speaker:b* of "a b". */
static void field_query(struct bytes *out, const char *field, const char *typed, size_t size) {
    for (size_t i = 0; i < size;) {
        size_t end = i;
        while (end < size && ((unsigned char)typed[end] >= 0x80 || (typed[end] | 32) >= 'a'
                                  ? ((unsigned char)typed[end] >= 0x80 || (typed[end] | 32) <= 'z')
                                  : (typed[end] >= '0' && typed[end] <= '9')))
            end++;
        if (end > i) {
            bytes_printf(out, "+%s:%.*s%s ", field, (int)(end - i), typed + i,
                         end == size ? "*" : "");
            i = end;
        } else {
            i++;
        }
    }
}

static int suggest_field(struct plenary_suggestions *list, struct searcher *searcher,
                         enum plenary_suggestion_kind kind, const char *typed, size_t size,
                         size_t most, struct error *err) {
    struct bytes query = BYTES_INIT;
    struct search_result result;
    struct search_request request = SEARCH_REQUEST_INIT;
    struct tally seen = {.arena = &list->arena};
    field_query(&query, kind == PLENARY_SPEAKER ? "speaker" : "title", typed, size);
    request.text = bytes_string(&query);
    request.text_size = query.size;
    request.limit = FIELD_HITS;
    request.per_document = kind == PLENARY_TITLE;
    int status = query.size ? 0 : 1;
    if (!status)
        status =
            request.text ? searcher_search(&result, searcher, &request, err) : error_memory(err);
    bytes_free(&query);
    if (status)
        return status > 0 ? 0 : status;
    struct arena scratch = ARENA_INIT;
    for (size_t i = 0; i < result.hit_count && seen.count < most && status >= 0; i++) {
        const struct search_hit *hit = &result.hits[i];
        const struct segment *segment = snapshot_segment(searcher_snapshot(searcher), hit->segment);
        struct passage_row passage = {.speaker = NULL};
        struct document_row document;
        arena_reset(&scratch);
        status = segment_document(segment, hit->document, &scratch, &document, err);
        if (status >= 0)
            status = segment_passage(segment, hit->passage, &scratch, &passage, err);
        const char *text = kind == PLENARY_SPEAKER ? passage.speaker : document.title;
        if (status < 0 || !text || !*text)
            continue;
        struct tally_row *row = tally_row(&seen, text, strlen(text));
        if (row && !row->passages++ &&
            !add(list, kind, text, kind == PLENARY_TITLE ? document.id : NULL, 0))
            status = error_memory(err);
    }
    arena_free(&scratch);
    tally_free(&seen);
    search_result_free(&result);
    return status < 0 ? status : 0;
}

static int suggest(struct plenary_suggestions *list, struct searcher *searcher, const char *typed,
                   size_t size, struct error *err) {
    size_t share = (list->limit + 2) / 3;
    list->all = arena_zero(&list->arena, list->limit + 1, sizeof *list->all);
    if (!list->all)
        return error_memory(err);
    int status = suggest_words(list, searcher, typed, size, list->limit - share, err);
    if (!status)
        status = suggest_field(list, searcher, PLENARY_SPEAKER, typed, size, (share + 1) / 2, err);
    if (!status)
        status = suggest_field(list, searcher, PLENARY_TITLE, typed, size, share, err);
    return status;
}

PLENARY_EXPORT int plenary_suggest(struct plenary_suggestions **out, struct plenary *plenary,
                                   const char *typed, size_t size, unsigned limit,
                                   struct plenary_failure *failure) {
    enum { LIMIT_MOST = 100 };
    struct error err = {0};
    struct pooled *pooled = NULL;
    struct plenary_suggestions *list = calloc(1, sizeof *list);
    *out = NULL;
    size = library_size(typed, size);
    int status = list ? pool_take(&pooled, plenary->pool, &err) : error_memory(&err);
    if (list)
        list->limit = limit < LIMIT_MOST ? limit : LIMIT_MOST;
    if (!status && size && size <= TYPED_MOST)
        status = suggest(list, pooled->searcher, typed, size, &err);
    pool_give(plenary->pool, pooled);
    if (status < 0) {
        plenary_suggestions_free(list);
        return library_fail(failure, status, &err);
    }
    *out = list;
    return 0;
}

PLENARY_EXPORT const struct plenary_suggestion *
plenary_suggestions_of(const struct plenary_suggestions *list, size_t *count) {
    *count = list->count;
    return list->all;
}

PLENARY_EXPORT void plenary_suggestions_free(struct plenary_suggestions *list) {
    if (!list)
        return;
    arena_free(&list->arena);
    free(list);
}
