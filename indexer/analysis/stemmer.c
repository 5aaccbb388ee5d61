/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/analysis/stemmer.h"
#include "indexer/analysis/analyser.h"
#include "indexer/analysis/language.h"

#include <libstemmer.h>
#include <string.h>

/* Endings by language; the longest match must come first. */
static const struct {
    int language;
    const char *folded, *accented;
} endings[] = {
    {LANGUAGE_FRENCH, "alites", "alités"},     {LANGUAGE_FRENCH, "alite", "alité"},
    {LANGUAGE_FRENCH, "acites", "acités"},     {LANGUAGE_FRENCH, "acite", "acité"},
    {LANGUAGE_FRENCH, "ilites", "ilités"},     {LANGUAGE_FRENCH, "ilite", "ilité"},
    {LANGUAGE_FRENCH, "ivites", "ivités"},     {LANGUAGE_FRENCH, "ivite", "ivité"},
    {LANGUAGE_FRENCH, "orites", "orités"},     {LANGUAGE_FRENCH, "orite", "orité"},
    {LANGUAGE_FRENCH, "arites", "arités"},     {LANGUAGE_FRENCH, "arite", "arité"},
    {LANGUAGE_FRENCH, "ees", "ées"},           {LANGUAGE_FRENCH, "ee", "ée"},
    {LANGUAGE_FRENCH, "iere", "ière"},         {LANGUAGE_FRENCH, "ieres", "ières"},
    {LANGUAGE_PORTUGUESE, "coes", "ções"},     {LANGUAGE_PORTUGUESE, "cao", "ção"},
    {LANGUAGE_PORTUGUESE, "soes", "sões"},     {LANGUAGE_PORTUGUESE, "sao", "são"},
    {LANGUAGE_PORTUGUESE, "encias", "ências"}, {LANGUAGE_PORTUGUESE, "encia", "ência"},
    {LANGUAGE_PORTUGUESE, "ancias", "âncias"}, {LANGUAGE_PORTUGUESE, "ancia", "ância"},
    {LANGUAGE_PORTUGUESE, "avel", "ável"},     {LANGUAGE_PORTUGUESE, "aveis", "áveis"},
    {LANGUAGE_PORTUGUESE, "ivel", "ível"},     {LANGUAGE_PORTUGUESE, "iveis", "íveis"},
};

static bool is_stemmable(const char *word, size_t size) {
    for (size_t i = 0; i < size; i++) {
        char c = word[i];
        if (!(c & 0x80) && !(c >= 'a' && c <= 'z'))
            return false;
    }
    return true;
}

/* Into `out` the word with its ending's accent; its size. */
static size_t restore_ending(int language, const char *word, size_t size, char *out) {
    memcpy(out, word, size);
    if (language != LANGUAGE_FRENCH && language != LANGUAGE_PORTUGUESE)
        return size;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t folded = strlen(endings[i].folded), accented = strlen(endings[i].accented);
        if (endings[i].language != language || size <= folded ||
            memcmp(word + size - folded, endings[i].folded, folded))
            continue;
        memcpy(out + size - folded, endings[i].accented, accented);
        return size - folded + accented;
    }
    return size;
}

int stemmers_stem(struct stemmers *stemmers, int language, const char *word, size_t size,
                  const char **term, size_t *term_size, char buffer[], struct error *err) {
    *term = word;
    *term_size = size;
    if (language == LANGUAGE_NONE || !is_stemmable(word, size))
        return 0;
    struct sb_stemmer **stemmer = &stemmers->open[language];
    if (!*stemmer)
        *stemmer = sb_stemmer_new(language_name(language), "UTF_8");
    if (!*stemmer)
        return error_set(err, PLENARY_EENGINE, "libstemmer has no stemmer \"%s\", or no memory",
                         language_name(language));
    size_t accented = restore_ending(language, word, size, buffer);
    const sb_symbol *stem = sb_stemmer_stem(*stemmer, (const sb_symbol *)buffer, (int)accented);
    if (!stem)
        return error_memory(err);
    int stem_size = sb_stemmer_length(*stemmer);
    if (stem_size <= 0 || stem_size > 2 * TERM_MAX)
        return 0;
    size_t folded = analysis_fold((const char *)stem, (size_t)stem_size, buffer);
    if (!folded || folded > TERM_MAX)
        return 0;
    *term = buffer;
    *term_size = folded;
    return 0;
}

void stemmers_close(struct stemmers *stemmers) {
    for (int i = 0; i < STEMMER_LANGUAGES; i++) {
        if (stemmers->open[i])
            sb_stemmer_delete(stemmers->open[i]);
    }
    *stemmers = (struct stemmers){0};
}
