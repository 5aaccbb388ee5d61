/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/library/library.h"
#include "searcher/library/standing.h"

#include <stdlib.h>

struct plenary_suggestions {
    struct arena arena;
    struct plenary_suggestion *all;
    size_t count;
};

static int take(struct plenary_suggestions *list, const struct suggestions *found,
                struct error *err) {
    static const enum plenary_suggestion_kind kinds[] = {[SUGGEST_WORD] = PLENARY_WORD,
                                                         [SUGGEST_SPEAKER] = PLENARY_SPEAKER,
                                                         [SUGGEST_TITLE] = PLENARY_TITLE};
    list->all = arena_zero(&list->arena, found->count + 1, sizeof *list->all);
    if (!list->all)
        return error_memory(err);
    for (size_t i = 0; i < found->count; i++) {
        const struct suggestion *from = &found->all[i];
        list->all[i] = (struct plenary_suggestion){
            kinds[from->kind], arena_string(&list->arena, from->text), from->passages};
        if (!list->all[i].text)
            return error_memory(err);
    }
    list->count = found->count;
    return 0;
}

PLENARY_EXPORT int plenary_suggest(struct plenary_suggestions **out, struct plenary *plenary,
                                   const char *typed, size_t size, unsigned limit,
                                   struct plenary_failure *failure) {
    enum { LIMIT_MOST = 100 };
    struct error err = {0};
    struct pooled *pooled = NULL;
    struct suggester *suggester;
    struct suggestions found;
    struct plenary_suggestions *list = calloc(1, sizeof *list);
    *out = NULL;
    int status = list ? pool_take(&pooled, plenary->pool, &err) : error_memory(&err);
    if (!status)
        status = standing_suggester(&suggester, pooled_standing(pooled), &err);
    if (!status)
        status = suggester_find(&found, suggester, typed ? typed : "", library_size(typed, size),
                                limit < LIMIT_MOST ? limit : LIMIT_MOST, &err);
    pool_give(plenary->pool, pooled);
    if (!status) {
        status = take(list, &found, &err);
        suggestions_free(&found);
    }
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
