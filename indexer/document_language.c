/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/document_language.h"

#include <stdlib.h>
#include <string.h>

void document_language_init(struct document_language *language, int fixed) {
    *language = (struct document_language){.fixed = fixed, .otherwise = language_number("english")};
}

void document_language_free(struct document_language *language) {
    free(language->source);
    language->source = NULL;
}

static size_t start_size(const struct document_language *known, const struct document *document) {
    size_t size = document->language_sample_size;
    return size < sizeof known->start ? size : sizeof known->start;
}

/* Readers hand every record of a file the same sample, so the place it stands at tells it, with
 * the source's name and the sample's first bytes against memory that was used again. */
static bool is_known(const struct document_language *known, const struct document *document) {
    return known->source && known->sample == document->language_sample &&
           known->sample_size == document->language_sample_size &&
           !strcmp(known->source, document->source ? document->source : "") &&
           !memcmp(known->start, document->language_sample, start_size(known, document));
}

static int find_by_sample(struct document_language *known, struct analyser *analyser,
                          const struct document *document) {
    if (is_known(known, document))
        return known->found;
    free(known->source);
    known->source = strdup(document->source ? document->source : "");
    known->sample = document->language_sample;
    known->sample_size = document->language_sample_size;
    memcpy(known->start, document->language_sample, start_size(known, document));
    known->found = analyser_detect(analyser, known->sample, known->sample_size, known->otherwise);
    return known->found;
}

int document_language_find(struct document_language *language, struct analyser *analyser,
                           const struct document *document) {
    if (language->fixed >= 0)
        return language->fixed;
    int named = document->language ? language_number(document->language) : -1;
    if (named >= 0)
        return named;
    if (document->language_sample && document->language_sample_size)
        return find_by_sample(language, analyser, document);
    return analyser_detect(analyser, (const char *)document->text.data, document->text.size,
                           language->otherwise);
}
