/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/analysis/compound.h"
#include "indexer/analysis/language.h"
#include "indexer/analysis/run.h"

#include <stdlib.h>
#include <string.h>

/* More parts than these make a list or an address, not a word: no joined form. */
enum { HYPHEN_PARTS = 8, SYMBOL_PARTS = 16 };

typedef struct compound_parser parser_t;

static int give(parser_t *parser, const char *text, size_t size, size_t first, size_t last,
                bool joined) {
    struct piece piece = {
        .text = text,
        .size = size,
        .begin = parser->runs[first].source_begin,
        .end = parser->runs[last].source_end,
        .position = joined ? parser->position + 1 : ++parser->position,
        .joined = joined,
    };
    return parser->take(parser->context, &piece, parser->err);
}

static const char *run_text(const parser_t *parser, size_t i) {
    return parser->chunk->text + parser->runs[i].begin;
}

static size_t run_size(const parser_t *parser, size_t i) {
    return parser->runs[i].end - parser->runs[i].begin;
}

static bool run_is(const parser_t *parser, size_t i, const char *text) {
    return run_size(parser, i) == strlen(text) && !memcmp(run_text(parser, i), text, strlen(text));
}

static bool run_in(const parser_t *parser, size_t i, const char *const *list) {
    while (*list && !run_is(parser, i, *list))
        list++;
    return *list;
}

static int give_runs(parser_t *parser, size_t first, size_t last) {
    int status = 0;
    for (size_t i = first; i <= last && status >= 0; i++)
        status = give(parser, run_text(parser, i), run_size(parser, i), i, i, false);
    return status;
}

/* Give what stands in parser->joined. */
static int give_built(parser_t *parser, size_t first, size_t last, bool joined) {
    const char *text = bytes_string(&parser->joined);
    if (!text)
        return error_memory(parser->err);
    return give(parser, text, parser->joined.size, first, last, joined);
}

static int give_verbatim(parser_t *parser, size_t first, size_t last) {
    const char *begin = run_text(parser, first);
    return give(parser, begin, (size_t)(parser->chunk->text + parser->runs[last].end - begin),
                first, last, true);
}

/* ---- Atoms: runs with points and commas between them -------------------------------------------
 */

enum atom {
    ATOM_RUN,     /* one run */
    ATOM_ONE,     /* several that make one word: u.n, 1,000 */
    ATOM_JOINED,  /* one word, and its parts: ph.d, 3.5 */
    ATOM_WHOLE,   /* as written, and its parts: pv.8514, 25.9.2014 */
    ATOM_SEVERAL, /* parts only */
};

static bool all_digits(const parser_t *parser, size_t first, size_t last) {
    for (size_t i = first; i <= last; i++) {
        if (!parser->runs[i].digits_only)
            return false;
    }
    return true;
}

/* Digits in groups: 1,000 or 1.000.000 or 1'000, or as in India 1,00,000; the number of runs that
 * are groups (one more may be the fraction: 1,000.50), 0 if they are not grouped. */
static size_t grouped(const parser_t *parser, size_t first, size_t last) {
    size_t head = run_size(parser, first), end = first + 1;
    char mark = parser->runs[first].link;
    if (head > 3 || *run_text(parser, first) == '0')
        return 0;
    while (end <= last && parser->runs[end - 1].link == mark &&
           (run_size(parser, end) == 3 || (mark == ',' && run_size(parser, end) == 2)))
        end++;
    if (end - first < 2 || run_size(parser, end - 1) != 3)
        return 0;
    if (end <= last && (end < last || parser->runs[end - 1].link == mark))
        return 0;
    return end - first;
}

static enum atom atom_of_letters(const parser_t *parser, size_t first, size_t last) {
    for (size_t i = first; i <= last; i++) {
        if (parser->runs[i].points > 1)
            return last - first < HYPHEN_PARTS ? ATOM_JOINED : ATOM_SEVERAL;
    }
    return last - first < SYMBOL_PARTS ? ATOM_ONE : ATOM_SEVERAL;
}

static enum atom atom_kind(const parser_t *parser, size_t first, size_t last) {
    if (first == last)
        return ATOM_RUN;
    bool digits = false, commas = false;
    for (size_t i = first; i <= last; i++) {
        digits = digits || parser->runs[i].has_digit;
        commas = commas || (i < last && parser->runs[i].link != '.');
    }
    if (!digits)
        return atom_of_letters(parser, first, last);
    if (all_digits(parser, first, last)) {
        if (grouped(parser, first, last))
            return ATOM_ONE;
        if (last - first == 1)
            return ATOM_JOINED;
    }
    return !commas && last - first < SYMBOL_PARTS ? ATOM_WHOLE : ATOM_SEVERAL;
}

/* Add the one form of an atom to parser->joined. */
static void build_atom(parser_t *parser, size_t first, size_t last) {
    bool number = first < last && all_digits(parser, first, last);
    size_t groups = number ? grouped(parser, first, last) : 0;
    for (size_t i = first; i <= last; i++) {
        /* The fraction: behind the groups, or behind the only point of a number without any. */
        if (number && i > first && (groups ? i == first + groups : true))
            bytes_add_byte(&parser->joined, '.');
        bytes_add(&parser->joined, run_text(parser, i), run_size(parser, i));
    }
}

static int give_atom(parser_t *parser, size_t first, size_t last) {
    enum atom kind = atom_kind(parser, first, last);
    int status = 0;
    if (kind == ATOM_WHOLE)
        status = give_verbatim(parser, first, last);
    if (kind == ATOM_ONE || kind == ATOM_JOINED) {
        bytes_reset(&parser->joined);
        build_atom(parser, first, last);
        status = give_built(parser, first, last, kind == ATOM_JOINED);
    }
    if (status < 0 || kind == ATOM_ONE)
        return status;
    return give_runs(parser, first, last);
}

/* ---- Elided: atoms with apostrophes between them -----------------------------------------------
 */

static size_t atom_end(const parser_t *parser, size_t first, size_t last) {
    while (first < last && parser->runs[first].link != '\'')
        first++;
    return first;
}

static bool is_elided_head(const parser_t *parser, size_t i) {
    static const char *const french[] = {"l", "d",  "j",     "m",      "t",      "s",      "n",
                                         "c", "qu", "jusqu", "puisqu", "lorsqu", "quoiqu", NULL};
    static const char *const italian[] = {"l",    "un",    "dell",  "all",  "dall",  "nell", "sull",
                                          "coll", "quell", "bell",  "sant", "d",     "s",    "c",
                                          "m",    "t",     "v",     "gl",   "tutt",  "mezz", "anch",
                                          "cos",  "com",   "quest", "dov",  "nient", "senz", NULL};
    static const char *const catalan[] = {"l", "d", "s", "m", "t", "n", NULL};
    switch (parser->language) {
    case LANGUAGE_FRENCH:
        return run_in(parser, i, french);
    case LANGUAGE_ITALIAN:
        return run_in(parser, i, italian);
    case LANGUAGE_CATALAN:
        return run_in(parser, i, catalan);
    default:
        return false;
    }
}

/* Words that have an apostrophe inside: don't, and in French aujourd'hui, prud'homme. */
static bool is_one_word(const parser_t *parser, size_t first, size_t last) {
    if (last - first != 1)
        return false;
    if (run_is(parser, last, "t") && !parser->runs[first].digits_only)
        return true;
    return parser->language == LANGUAGE_FRENCH &&
           (run_is(parser, first, "aujourd") || run_is(parser, first, "prud"));
}

/* The 's of UNHCR's and the verb of we'll, they've, I'm, he'd belong to no word one looks for. They
 * are taken off, but stay in the byte range of the word before. */
static size_t without_endings(parser_t *parser, size_t first, size_t last) {
    static const char *const endings[] = {"s", "ll", "ve", "re", "m", "d", NULL};
    while (last > first && parser->runs[last - 1].link == '\'' && run_in(parser, last, endings)) {
        parser->runs[last - 1].source_end = parser->runs[last].source_end;
        last--;
    }
    return last;
}

/* The first run that counts: elided articles and prepositions do not. */
static size_t without_heads(const parser_t *parser, size_t first, size_t last) {
    while (first < last && parser->runs[first].link == '\'' && is_elided_head(parser, first))
        first++;
    return first;
}

static void build_elided(parser_t *parser, size_t first, size_t last) {
    for (size_t i = first, end; i <= last; i = end + 1) {
        end = atom_end(parser, i, last);
        build_atom(parser, i, end);
    }
}

static int give_elided(parser_t *parser, size_t first, size_t last) {
    last = without_endings(parser, first, last);
    size_t heart = without_heads(parser, first, last);
    int status = 0;
    if (atom_end(parser, first, last) == last)
        return give_atom(parser, first, last);
    bool one = is_one_word(parser, heart, last);
    if (!(one && heart == first) && last - first < HYPHEN_PARTS) {
        bytes_reset(&parser->joined);
        build_elided(parser, first, last);
        status = give_built(parser, first, last, true);
    }
    if (one && status >= 0) {
        bytes_reset(&parser->joined);
        build_elided(parser, heart, last);
        return give_built(parser, heart, last, false);
    }
    for (size_t i = heart, end; i <= last && status >= 0; i = end + 1) {
        end = atom_end(parser, i, last);
        status = give_atom(parser, i, end);
    }
    return status;
}

/* ---- Compounds: with hyphens between -----------------------------------------------------------
 */

static size_t elided_end(const parser_t *parser, size_t first, size_t last) {
    while (first < last && parser->runs[first].link != '-')
        first++;
    return first;
}

static int give_hyphened(parser_t *parser, size_t first, size_t last) {
    bytes_reset(&parser->joined);
    size_t parts = 0, end;
    for (size_t i = first; i <= last && parts <= HYPHEN_PARTS; i = end + 1, parts++) {
        end = elided_end(parser, i, last);
        size_t heart_end = without_endings(parser, i, end);
        build_elided(parser, without_heads(parser, i, heart_end), heart_end);
    }
    return parts <= HYPHEN_PARTS ? give_built(parser, first, last, true) : 0;
}

static int give_compound(parser_t *parser, size_t first, size_t last) {
    int status = 0;
    if (elided_end(parser, first, last) < last)
        status = give_hyphened(parser, first, last);
    for (size_t i = first, end; i <= last && status >= 0; i = end + 1) {
        end = elided_end(parser, i, last);
        status = give_elided(parser, i, end);
    }
    return status;
}

/* ---- Symbols: A/RES/73/195, R&D ----------------------------------------------------------------
 */

static bool is_symbol(const parser_t *parser, size_t first, size_t last) {
    bool slash = false, ampersand = false, digit = false, brief = last - first < 3;
    if (last - first >= SYMBOL_PARTS)
        return false;
    for (size_t i = first; i <= last; i++) {
        char link = i < last ? parser->runs[i].link : '.';
        if (link == '\'' || link == ',')
            return false;
        slash = slash || link == '/';
        ampersand = ampersand || link == '&';
        digit = digit || parser->runs[i].has_digit;
        brief = brief && parser->runs[i].points <= 3;
    }
    return (slash && digit) || (ampersand && brief);
}

static int give_group(parser_t *parser, size_t first, size_t last) {
    size_t bare = without_endings(parser, first, last);
    int status = 0;
    if (is_symbol(parser, first, bare)) {
        status = give_verbatim(parser, first, bare);
        return status < 0 ? status : give_runs(parser, first, bare);
    }
    for (size_t i = first, end; i <= last && status >= 0; i = end + 1) {
        for (end = i; end < last && parser->runs[end].link != '/' && parser->runs[end].link != '&';)
            end++;
        status = give_compound(parser, i, end);
    }
    return status;
}

static int give_dictionary_words(parser_t *parser, struct run *run) {
    const uint32_t *ends;
    size_t count;
    const struct folded *chunk = parser->chunk;
    int status = 0;
    if (!parser->dictionary)
        status = dictionary_open(&parser->dictionary, parser->err);
    if (!status)
        status = dictionary_cut(parser->dictionary, chunk->text + run->begin, run->end - run->begin,
                                &ends, &count, parser->err);
    size_t begin = run->begin;
    for (size_t i = 0; !status && i < count; i++) {
        size_t end = run->begin + ends[i];
        struct piece piece = {chunk->text + begin,  end - begin,        chunk->begins[begin],
                              chunk->ends[end - 1], ++parser->position, false};
        status = parser->take(parser->context, &piece, parser->err);
        begin = end;
    }
    return status;
}

int compound_parse(parser_t *parser, struct folded *chunk, int language, struct error *err) {
    parser->chunk = chunk;
    parser->language = language;
    parser->err = err;
    int status = runs_find(&parser->runs, &parser->count, &parser->capacity, chunk, err);
    for (size_t i = 0, last; i < parser->count && !status; i = last + 1) {
        for (last = i; parser->runs[last].link;)
            last++;
        if (parser->runs[i].dictionary)
            status = give_dictionary_words(parser, &parser->runs[i]);
        else
            status = give_group(parser, i, last);
    }
    return status;
}

void compound_parser_free(parser_t *parser) {
    dictionary_close(parser->dictionary);
    free(parser->runs);
    bytes_free(&parser->joined);
    *parser = (parser_t){0};
}
