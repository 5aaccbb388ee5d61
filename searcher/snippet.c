/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/snippet.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>

#define ELLIPSIS "…"

enum border_kind { BORDER_WORD, BORDER_CLAUSE, BORDER_SENTENCE };

/* A place where the text may be cut. */
struct border {
    uint32_t at;         /* byte of the text: where a word begins */
    uint32_t until;      /* the byte after the last that is no space before it */
    uint32_t characters; /* from the region's begin to `at` */
    enum border_kind kind;
};

struct region {
    uint32_t begin, end; /* bytes of the text, at borders of characters */
};

struct snippet_maker {
    UBreakIterator *lines, *words, *characters, *sentences;
    struct border *borders; /* grows */
    size_t border_count, border_capacity;
};

struct window {
    uint32_t begin, end;
    bool whole_begin, whole_end; /* a sentence begins, ends there */
};

int snippet_maker_open(struct snippet_maker **out, struct error *err) {
    *out = NULL;
    struct snippet_maker *maker = calloc(1, sizeof *maker);
    if (!maker)
        return error_memory(err);
    UErrorCode status = U_ZERO_ERROR;
    maker->lines = ubrk_open(UBRK_LINE, "", NULL, 0, &status);
    maker->words = ubrk_open(UBRK_WORD, "", NULL, 0, &status);
    maker->characters = ubrk_open(UBRK_CHARACTER, "", NULL, 0, &status);
    maker->sentences = ubrk_open(UBRK_SENTENCE, "", NULL, 0, &status);
    if (U_FAILURE(status)) {
        snippet_maker_close(maker);
        return error_set(err, PLENARY_EENGINE,
                         "ICU cannot open its break iterators (%s): is its data installed?",
                         u_errorName(status));
    }
    *out = maker;
    return 0;
}

void snippet_maker_close(struct snippet_maker *maker) {
    if (!maker)
        return;
    ubrk_close(maker->lines); /* takes NULL */
    ubrk_close(maker->words);
    ubrk_close(maker->characters);
    ubrk_close(maker->sentences);
    free(maker->borders);
    free(maker);
}

static uint32_t count_characters(const char *text, uint32_t begin, uint32_t end) {
    uint32_t count = 0;
    for (uint32_t i = begin; i < end; i++)
        count += !U8_IS_TRAIL(text[i]);
    return count;
}

static bool is_space_at(const char *text, uint32_t at) {
    return text[at] == ' ' || (text[at] >= '\t' && text[at] <= '\r');
}

static uint32_t trim_end(const char *text, uint32_t begin, uint32_t end) {
    while (end > begin && is_space_at(text, end - 1))
        end--;
    return end;
}

/* ---- Which matches to show ---------------------------------------------------------------- */

/* What another occurrence of a word adds, next to its first one. */
static const double again = 0.02;

/* The run of matches within `length` characters whose distinct words weigh most; the first of equal
 * ones. Its span goes to *core, which is empty at the text's begin when there are no matches. */
static int choose_core(const struct snippet_source *source, struct arena *arena,
                       struct region *core, struct error *err) {
    *core = (struct region){0, 0};
    const struct highlight_range *matches = source->matches;
    uint32_t *seen = arena_zero(arena, source->word_count + 1, sizeof *seen);
    if (!seen)
        return error_memory(err);
    double score = 0, best = 0;
    uint32_t span = 0; /* characters from the first match's begin to `counted` */
    uint32_t counted = source->match_count ? matches[0].begin : 0;
    for (size_t first = 0, last = 0; last < source->match_count; last++) {
        const struct highlight_range *match = &matches[last];
        score += source->weights[match->word] * (seen[match->word]++ ? again : 1);
        if (match->end > counted) {
            span += count_characters(source->text, counted, match->end);
            counted = match->end;
        }
        while (first < last && span > source->length) {
            uint32_t word = matches[first].word;
            score -= source->weights[word] * (--seen[word] ? again : 1);
            span -= count_characters(source->text, matches[first].begin, matches[first + 1].begin);
            first++;
        }
        if (score > best + 1e-9) {
            best = score;
            *core = (struct region){matches[first].begin, counted};
        }
    }
    return 0;
}

/* ---- Where it may be cut ------------------------------------------------------------------ */

/* Abbreviations that a capital letter often follows. Compared without regard to case. */
static const char *const abbreviations[] = {
    "abs", "amb", "approx", "art", "arts", "cf",  "ch",   "col",   "dr",   "ed",   "eds",
    "fig", "gen", "gov",    "hon", "jr",   "lt",  "maj",  "mlle",  "mm",   "mme",  "mr",
    "mrs", "ms",  "mt",     "no",  "nos",  "nr",  "para", "paras", "pp",   "prof", "rep",
    "res", "rev", "sen",    "sgt", "sr",   "sra", "st",   "vol",   "vols", "vs",
};

/* Does text[begin, dot) spell an abbreviation: one of the list, an initial, or "U.N"? */
static bool is_abbreviation(const char *text, uint32_t begin, uint32_t dot) {
    uint32_t size = dot - begin;
    bool initials = size % 2 == 1;
    for (uint32_t i = begin; i < dot && initials; i++)
        initials = (i - begin) % 2 ? text[i] == '.' : u_isalpha((unsigned char)text[i]);
    if (initials)
        return true;
    for (size_t i = 0; i < sizeof abbreviations / sizeof *abbreviations; i++)
        if (strlen(abbreviations[i]) == size &&
            strncasecmp(abbreviations[i], text + begin, size) == 0)
            return true;
    return false;
}

/* ICU ends a sentence after any full stop before a capital: "Mr. Chairman" is not an end. */
static bool ends_sentence(const char *text, uint32_t begin, uint32_t until) {
    if (until == begin || text[until - 1] != '.')
        return true;
    uint32_t word = until - 1;
    while (word > begin && !is_space_at(text, word - 1) && text[word - 1] != '(' &&
           text[word - 1] != '[')
        word--;
    return !is_abbreviation(text, word, until - 1);
}

static bool ends_clause(const char *text, uint32_t begin, uint32_t until) {
    if (until == begin)
        return false;
    int32_t at = (int32_t)until;
    UChar32 code;
    U8_PREV((const uint8_t *)text, (int32_t)begin, at, code);
    switch (code) {
    case ',':
    case ';':
    case ':':
    case 0x2013: /* dashes */
    case 0x2014:
    case 0x3001: /* ideographic and fullwidth comma, semicolon, colon */
    case 0xFF0C:
    case 0xFF1A:
    case 0xFF1B:
        return true;
    default:
        return false;
    }
}

/* Scripts written without spaces between words: there a line may break where no space is. */
static bool breaks_without_space(UChar32 code) {
    switch (u_getIntPropertyValue(code, UCHAR_LINE_BREAK)) {
    case U_LB_IDEOGRAPHIC:
    case U_LB_COMPLEX_CONTEXT:
    case U_LB_CONDITIONAL_JAPANESE_STARTER:
        return true;
    default:
        return false;
    }
}

static bool between_words(const char *text, uint32_t size, uint32_t at) {
    if (is_space_at(text, at - 1))
        return true;
    int32_t before = (int32_t)at;
    uint32_t after = at;
    UChar32 left, right;
    U8_PREV((const uint8_t *)text, 0, before, left);
    U8_NEXT((const uint8_t *)text, after, size, right);
    return breaks_without_space(left) || breaks_without_space(right) || u_isUWhiteSpace(left);
}

static int add_border(struct snippet_maker *maker, struct border border, struct error *err) {
    if (maker->border_count == maker->border_capacity) {
        size_t capacity = maker->border_capacity ? maker->border_capacity * 2 : 128;
        struct border *borders = reallocarray(maker->borders, capacity, sizeof *borders);
        if (!borders)
            return error_memory(err);
        maker->borders = borders;
        maker->border_capacity = capacity;
    }
    maker->borders[maker->border_count++] = border;
    return 0;
}

/* `characters` more or fewer than `from`, as a byte; `text` is valid. */
static uint32_t step_back(const char *text, uint32_t from, uint32_t characters) {
    while (from > 0 && characters-- > 0)
        U8_BACK_1((const uint8_t *)text, 0, from);
    return from;
}

static uint32_t step_forward(const char *text, uint32_t size, uint32_t from, uint32_t characters) {
    while (from < size && characters-- > 0)
        U8_FWD_1((const uint8_t *)text, from, size);
    return from;
}

static int point_iterators(struct snippet_maker *maker, UText *text, struct error *err) {
    UErrorCode status = U_ZERO_ERROR;
    ubrk_setUText(maker->lines, text, &status);
    ubrk_setUText(maker->words, text, &status);
    ubrk_setUText(maker->characters, text, &status);
    ubrk_setUText(maker->sentences, text, &status);
    if (U_FAILURE(status))
        return error_set(err, PLENARY_EENGINE, "ICU cannot cut a passage: %s", u_errorName(status));
    return 0;
}

static bool is_ascii(const char *text, struct region region) {
    for (uint32_t i = region.begin; i < region.end; i++)
        if (text[i] & 0x80)
            return false;
    return true;
}

/* Borders of the region into maker->borders. In ASCII a word and a cluster begin wherever a line
 * may behind a blank, and need not be asked about. Offsets of the iterators count from its begin.
 */
static int find_borders(struct snippet_maker *maker, const struct snippet_source *source,
                        struct region region, struct error *err) {
    const char *text = source->text;
    uint32_t characters = 0, counted = region.begin;
    bool ascii = is_ascii(text, region);
    int status = 0;
    maker->border_count = 0;
    for (int32_t offset = ubrk_first(maker->lines); offset != UBRK_DONE && status >= 0;
         offset = ubrk_next(maker->lines)) {
        uint32_t at = region.begin + (uint32_t)offset;
        bool edge = at == 0 || at == source->size;
        if (!edge && (offset == 0 || at >= region.end || !between_words(text, region.end, at) ||
                      (!ascii && (!ubrk_isBoundary(maker->words, offset) ||
                                  !ubrk_isBoundary(maker->characters, offset)))))
            continue;
        struct border border = {at, trim_end(text, region.begin, at), 0, BORDER_WORD};
        bool stops = edge || ubrk_isBoundary(maker->sentences, offset);
        if (edge || (stops && ends_sentence(text, region.begin, border.until)))
            border.kind = BORDER_SENTENCE;
        else if (ends_clause(text, region.begin, border.until))
            border.kind = BORDER_CLAUSE;
        characters += count_characters(text, counted, at);
        counted = at;
        border.characters = characters;
        status = add_border(maker, border, err);
    }
    return status;
}

static bool cuts_match(const struct snippet_source *source, uint32_t at) {
    size_t low = 0, high = source->match_count;
    while (low < high) { /* the first match that begins at or after `at` */
        size_t middle = low + (high - low) / 2;
        if (source->matches[middle].begin < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && source->matches[low - 1].end > at;
}

static void drop_borders_in_matches(struct snippet_maker *maker,
                                    const struct snippet_source *source) {
    size_t kept = 0;
    for (size_t i = 0; i < maker->border_count; i++)
        if (!cuts_match(source, maker->borders[i].at))
            maker->borders[kept++] = maker->borders[i];
    maker->border_count = kept;
}

/* ---- Where to cut it ---------------------------------------------------------------------- */

static double border_value(enum border_kind kind) {
    return kind == BORDER_SENTENCE ? 1 : kind == BORDER_CLAUSE ? 0.4 : 0;
}

/* Sentences count most, then a full window, then text on both sides of the matches. */
static double window_value(const struct border *begin, const struct border *end,
                           uint32_t core_begin, uint32_t core_end, uint32_t length) {
    double taken = end->characters - begin->characters;
    double left = core_begin - begin->characters, right = end->characters - core_end;
    double least = left < right ? left : right, quarter = length / 4.0;
    return border_value(begin->kind) + border_value(end->kind) + taken / length +
           0.5 * (least < quarter ? least : quarter) / quarter;
}

/* The best pair of borders around the core, if one fits: a window of at most `length` characters.
 */
static bool choose_borders(const struct snippet_maker *maker, const struct snippet_source *source,
                           struct region region, struct region core, struct window *out) {
    uint32_t core_begin = count_characters(source->text, region.begin, core.begin);
    uint32_t core_end = core_begin + count_characters(source->text, core.begin, core.end);
    double best = -1;
    for (size_t b = 0; b < maker->border_count && maker->borders[b].at <= core.begin; b++) {
        const struct border *begin = &maker->borders[b];
        for (size_t e = b + 1; e < maker->border_count; e++) {
            const struct border *end = &maker->borders[e];
            if (end->until < core.end || end->until <= begin->at)
                continue;
            if (count_characters(source->text, end->until, end->at) + source->length <
                end->characters - begin->characters)
                break;
            double value = window_value(begin, end, core_begin, core_end, source->length);
            if (value <= best)
                continue;
            best = value;
            *out = (struct window){begin->at, end->until, begin->kind == BORDER_SENTENCE,
                                   end->kind == BORDER_SENTENCE};
        }
    }
    return best >= 0;
}

/* No border will do: words longer than the snippet. Cut between grapheme clusters, from the core's
 * begin on. */
static void cut_anywhere(const struct snippet_maker *maker, const struct snippet_source *source,
                         struct region region, struct region core, struct window *out) {
    int32_t begin = (int32_t)(core.begin - region.begin);
    if (!ubrk_isBoundary(maker->characters, begin))
        begin = ubrk_preceding(maker->characters, begin);
    uint32_t from = region.begin + (uint32_t)(begin < 0 ? 0 : begin);
    uint32_t most = step_forward(source->text, region.end, from, source->length) - region.begin;
    int32_t end = (int32_t)most;
    if (!ubrk_isBoundary(maker->characters, end))
        end = ubrk_preceding(maker->characters, end);
    if (end <= begin) /* a single cluster longer than the snippet: all of it */
        end = ubrk_following(maker->characters, begin);
    uint32_t until = end < 0 ? region.end : region.begin + (uint32_t)end;
    *out = (struct window){from, trim_end(source->text, from, until), false, false};
}

/* Iterators look at the region only: beyond what may be shown, it has some text to judge by. */
static struct region region_around(const struct snippet_source *source, struct region core) {
    enum { TO_JUDGE_BY = 64 };
    uint32_t reach = source->length + TO_JUDGE_BY, size = (uint32_t)source->size;
    return (struct region){step_back(source->text, core.begin, reach),
                           step_forward(source->text, size, core.end, reach)};
}

static int choose_window(struct snippet_maker *maker, const struct snippet_source *source,
                         struct region core, struct window *out, struct error *err) {
    struct region region = region_around(source, core);
    UErrorCode code = U_ZERO_ERROR;
    UText *text =
        utext_openUTF8(NULL, source->text + region.begin, region.end - region.begin, &code);
    if (U_FAILURE(code))
        return error_set(err, PLENARY_EENGINE, "ICU cannot read a passage: %s", u_errorName(code));
    int status = point_iterators(maker, text, err);
    if (status >= 0)
        status = find_borders(maker, source, region, err);
    if (status >= 0) {
        drop_borders_in_matches(maker, source);
        if (!choose_borders(maker, source, region, core, out))
            cut_anywhere(maker, source, region, core, out);
    }
    utext_close(text);
    return status;
}

/* ---- The snippet itself --------------------------------------------------------------------- */

static int copy_ranges(struct snippet *out, struct arena *arena,
                       const struct snippet_source *source, uint32_t shift, struct error *err) {
    struct highlight_list list = {arena_zero(arena, source->match_count + 1, sizeof *list.ranges),
                                  0, 0};
    if (!list.ranges)
        return error_memory(err);
    for (size_t i = 0; i < source->match_count; i++) {
        struct highlight_range range = source->matches[i];
        if (range.begin < out->begin)
            range.begin = out->begin;
        if (range.end > out->end)
            range.end = out->end;
        if (range.begin >= range.end)
            continue;
        range.begin = range.begin - out->begin + shift;
        range.end = range.end - out->begin + shift;
        list.ranges[list.count++] = range;
    }
    highlight_merge(&list);
    out->ranges = list.ranges;
    out->range_count = list.count;
    return 0;
}

static char *write_part(char *to, const char *part, size_t size) {
    memcpy(to, part, size);
    return to + size;
}

static int write_snippet(struct snippet *out, struct arena *arena,
                         const struct snippet_source *source, const struct window *window,
                         struct error *err) {
    const char *text = source->text;
    uint32_t size = window->end - window->begin;
    bool cut_before = trim_end(text, 0, window->begin) > 0;
    bool cut_after = trim_end(text, window->end, (uint32_t)source->size) > window->end;
    const char *before = !cut_before ? "" : window->whole_begin ? ELLIPSIS " " : ELLIPSIS;
    const char *after = !cut_after ? "" : window->whole_end ? " " ELLIPSIS : ELLIPSIS;
    size_t shift = strlen(before), total = shift + size + strlen(after);
    char *copy = arena_alloc(arena, total + 1);
    if (!copy)
        return error_memory(err);
    char *middle = write_part(copy, before, shift);
    char *end = write_part(middle, text + window->begin, size);
    for (char *at = middle; at < end; at++)
        if (*at >= '\t' && *at <= '\r')
            *at = ' ';
    *write_part(end, after, strlen(after)) = '\0';
    out->text = copy;
    out->size = total;
    out->begin = window->begin;
    out->end = window->end;
    return copy_ranges(out, arena, source, (uint32_t)shift, err);
}

int snippet_make(struct snippet *out, struct snippet_maker *maker, struct arena *arena,
                 const struct snippet_source *source, struct error *err) {
    *out = (struct snippet){0};
    if (source->size > INT32_MAX / 2)
        return error_set(err, PLENARY_ELIMIT, "a passage of %zu bytes is too long for a snippet",
                         source->size);
    uint32_t end = trim_end(source->text, 0, (uint32_t)source->size), begin = 0;
    while (begin < end && is_space_at(source->text, begin))
        begin++;
    struct window window = {begin, end, true, true};
    if (source->length && count_characters(source->text, begin, end) > source->length) {
        struct region core;
        int status = choose_core(source, arena, &core, err);
        if (status >= 0)
            status = choose_window(maker, source, core, &window, err);
        if (status < 0)
            return status;
    }
    while (window.begin < window.end && is_space_at(source->text, window.begin))
        window.begin++;
    return write_snippet(out, arena, source, &window, err);
}
