/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/analysis/analyser.h"
#include "indexer/analysis/language.h"
#include "indexer/analysis/tokeniser.h"

#include <stdlib.h>

struct analyser {
    struct tokeniser tokeniser;
    struct language_detector *detector; /* loaded when first asked */
};

int analyser_open(struct analyser **out, struct error *err) {
    *out = calloc(1, sizeof **out);
    return *out ? 0 : error_memory(err);
}

void analyser_close(struct analyser *analyser) {
    if (!analyser)
        return;
    tokeniser_free(&analyser->tokeniser);
    language_detector_close(analyser->detector);
    free(analyser);
}

int analyser_detect(struct analyser *analyser, const char *text, size_t size, int otherwise) {
    if (!analyser->detector)
        analyser->detector = language_detector_open(NULL);
    return language_detect(analyser->detector, text, size, otherwise);
}

int analyser_tokenise(struct analyser *analyser, int language, const char *text, size_t size,
                      struct token_list *list, struct error *err) {
    list->count = 0;
    if (!language_name(language))
        return error_set(err, PLENARY_EINVALID, "there is no language number %d", language);
    if (size > UINT32_MAX)
        return error_set(err, PLENARY_ELIMIT,
                         "a text of %zu bytes is too long to analyse at once (4 GiB)", size);
    return tokeniser_run(&analyser->tokeniser, language, text, size, list, err);
}

void token_list_free(struct token_list *list) {
    free(list->tokens);
    *list = (struct token_list){0};
}

const struct word *analyser_word(const struct analyser *analyser, uint32_t id) {
    return &analyser->tokeniser.words.words[id];
}

size_t analyser_word_count(const struct analyser *analyser) {
    return analyser->tokeniser.words.word_count;
}

const char *analyser_term(const struct analyser *analyser, uint32_t term_id, uint32_t *size) {
    const struct term *term = &analyser->tokeniser.words.terms[term_id];
    *size = term->size;
    return term->text;
}

size_t analyser_term_count(const struct analyser *analyser) {
    return analyser->tokeniser.words.term_count;
}

uint64_t analyser_shortened(const struct analyser *analyser) {
    return analyser->tokeniser.shortened;
}

size_t analyser_memory(const struct analyser *analyser) {
    return word_table_memory(&analyser->tokeniser.words) +
           chunk_cache_memory(&analyser->tokeniser.cache);
}

void analyser_forget(struct analyser *analyser) {
    tokeniser_forget(&analyser->tokeniser);
}
