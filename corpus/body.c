/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/body.h"

#include "corpus/error.h"
#include "corpus/letters.h"

#include <string.h>

enum { WORDS = 40, SHORT_BYTES = 100, TOP_PASSAGES = 8, TEXT_BYTES = 300 };

struct word {
    size_t begin, end;
    bool upper, lower; /* how it begins; neither: a number or sign */
    bool capitals;     /* two capitals in it: an abbreviation */
    bool parted;       /* a sign that parts phrases stands before it */
};

struct phrase {
    const char *text;
    struct word words[WORDS];
    size_t count;
};

static const char *const institutions[] = {
    /* clang-format off */
    "committee", "subcommittee", "council", "commission", "board", "assembly", "parliament",
    "senate", "congress", "court", "tribunal", "forum", "group", "subgroup", "wg", "sig", "tsc",
    "panel", "association", "foundation", "union", "conference", "authority", "agency", "nations",
    "consortium", "federation", "cabinet", "force", "commons", "lords", "representatives",
    "comit\xC3\xA9", "conseil", "assembl\xC3\xA9" "e", "s\xC3\xA9nat", "groupe",
    "comisi\xC3\xB3n", "consejo", "asamblea", "congreso", "senado", "junta", "ayuntamiento",
    "c\xC3\xA1mara", "grupo", "bundestag", "bundesrat", "ausschuss", "kommission", "rat",
    "gemeinderat", "stadtrat", "landtag", "kreistag", "nationalrat", "st\xC3\xA4nderat",
    "versammlung", "vorstand", "arbeitsgruppe", "\xC3\xA4lteresten", "parlamento", "parlement",
    "knesset", "riksdag", "folketing", "storting", "sejm", NULL,
    /* clang-format on */
};

/* Words that are the name of an institution by themselves. */
static const char *const proper[] = {"bundestag", "bundesrat", "landtag",  "nationalrat",
                                     "knesset",   "riksdag",   "storting", "folketing",
                                     "sejm",      NULL};

static const char *const proceedings[] = {
    /* clang-format off */
    "agenda", "minutes", "meeting", "meetings", "notes", "report", "summary", "session", "call",
    "telecon", "teleconference", "protokoll", "sitzung", "proceedings", "record", "records",
    "transcript", "draft", "final", "annual", "first", "second", "third", "fourth", "fifth",
    "sixth", "seventh", "eighth", "ninth", "tenth", "regular", "weekly", "monthly",
    "plenary", "verbatim", "acta", "actas", "compte", "rendu", "proc\xC3\xA8s-verbal", "video",
    "bericht", "niederschrift", "procedure", "charter", "presentation", "letter", "dear",
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december", "monday", "tuesday", "wednesday", "thursday", "friday",
    "saturday", "sunday", "present", "attendees", "chair", "members", "new", "current", NULL,
    /* clang-format on */
};

static const char *const inner[] = {"of",  "the", "for", "and", "on",  "de",  "des",
                                    "du",  "del", "la",  "der", "die", "das", "f\xC3\xBCr",
                                    "und", "et",  "y",   "los", "las", "&",   NULL};
static const char *const behind[] = {"of",
                                     "on",
                                     "for",
                                     "de",
                                     "des",
                                     "du",
                                     "del",
                                     "der",
                                     "f\xC3\xBCr",
                                     "municipal",
                                     "g\xC3\xA9n\xC3\xA9ral",
                                     NULL};
static const char *const met[] = {"meeting",
                                  "session",
                                  "sitting",
                                  "s\xC3\xA9"
                                  "ance",
                                  "r\xC3\xA9union",
                                  "reuni\xC3\xB3n",
                                  "sesi\xC3\xB3n",
                                  "sitzung",
                                  NULL};
static const char *const of[] = {"of", "de", "des", "du", "del", "der", "the", "la", "le", NULL};

static bool is_among(const struct phrase *phrase, size_t i, const char *const *words) {
    return letters_among(phrase->text, phrase->words[i].begin, phrase->words[i].end, words);
}

static void read_words(struct phrase *phrase, const char *text, size_t size) {
    bool parted = true;
    *phrase = (struct phrase){.text = text};
    for (size_t at = 0, next; at < size && phrase->count < WORDS;) {
        uint32_t point = letters_at(text, at, size, &next);
        bool sign = !letters_is_letter(point) && !letters_is_digit(point) && point != '&';
        if (sign) {
            parted |= !letters_is_space(point) && point != '\'' && point != 0x2019;
            at = next;
            continue;
        }
        struct word word = {.begin = at, .parted = parted};
        unsigned capitals = 0;
        word.upper = letters_is_upper(point);
        word.lower = letters_is_lower(point);
        while (at < size) {
            point = letters_at(text, at, size, &next);
            bool joint = (point == '-' || point == '.' || point == '\'' || point == 0x2019) &&
                         next < size && letters_is_letter((uint8_t)text[next]);
            if (!letters_is_letter(point) && !letters_is_digit(point) && point != '&' && !joint)
                break;
            capitals += letters_is_upper(point);
            word.upper |= point == '.'; /* io.js */
            at = next;
        }
        word.end = at;
        word.capitals = capitals > 1;
        parted = false;
        phrase->words[phrase->count++] = word;
    }
}

/* May word i stand in a name, at its edge? */
static bool names(const struct phrase *phrase, size_t i) {
    const struct word *word = &phrase->words[i];
    return (word->upper || word->capitals) && !is_among(phrase, i, proceedings);
}

static size_t left_edge(const struct phrase *phrase, size_t i) {
    size_t edge = i;
    while (i && !phrase->words[i].parted) {
        i--;
        if (names(phrase, i) && !is_among(phrase, i, of))
            edge = i;
        else if (!is_among(phrase, i, inner))
            break;
    }
    return edge;
}

static size_t right_edge(const struct phrase *phrase, size_t i) {
    size_t edge = i;
    bool linked = false;
    while (i + 1 < phrase->count && !phrase->words[i + 1].parted) {
        i++;
        if (is_among(phrase, i, behind) || (linked && is_among(phrase, i, inner))) {
            linked = true;
            edge = is_among(phrase, i, behind) && !is_among(phrase, i, of) &&
                           !is_among(phrase, i, inner)
                       ? i
                       : edge;
        } else if (linked && names(phrase, i)) {
            edge = i;
        } else {
            break;
        }
    }
    return edge;
}

static size_t result(const struct phrase *phrase, size_t first, size_t last, size_t *begin) {
    *begin = phrase->words[first].begin;
    return phrase->words[last].end - *begin;
}

/* The last institution of a row of names: of "Node Foundation Technical Steering Committee" the
 * committee; in "WG Long Term Support" the group stands first. */
static size_t last_in_row(const struct phrase *phrase, size_t i) {
    static const char *const leading[] = {"wg", "sig", NULL};
    bool leads = is_among(phrase, i, leading) && (!i || phrase->words[i].parted);
    size_t last = i;
    for (size_t j = i + 1; j < phrase->count && !phrase->words[j].parted && names(phrase, j); j++)
        if (leads || is_among(phrase, j, institutions))
            last = j;
    return last;
}

/* W1. */
static size_t find_institution(const struct phrase *phrase, size_t *begin) {
    for (size_t i = 0; i < phrase->count; i++) {
        if (!is_among(phrase, i, institutions) || !names(phrase, i))
            continue;
        size_t first = left_edge(phrase, i), last = right_edge(phrase, last_in_row(phrase, i));
        if (first < last || is_among(phrase, i, proper))
            return result(phrase, first, last, begin);
    }
    return 0;
}

/* W2. */
static size_t find_met(const struct phrase *phrase, size_t *begin) {
    for (size_t i = 0; i + 2 < phrase->count; i++) {
        size_t first = i + 1;
        if (!is_among(phrase, i, met) || !is_among(phrase, first, of))
            continue;
        while (first < phrase->count && is_among(phrase, first, of) && !phrase->words[first].upper)
            first++;
        size_t last = first;
        if (first == phrase->count || !names(phrase, first))
            continue;
        while (last + 1 < phrase->count && !phrase->words[last + 1].parted &&
               names(phrase, last + 1))
            last++;
        if (last > first || phrase->words[first].capitals)
            return result(phrase, first, last, begin);
    }
    return 0;
}

/* W3. */
static size_t find_abbreviated(const struct phrase *phrase, size_t *begin) {
    static const char *const kinds[] = {"meeting", "minutes", "notes",   "call",
                                        "telecon", "agenda",  "plenary", NULL};
    for (size_t i = 1; i < phrase->count; i++) {
        if (!is_among(phrase, i, kinds) || phrase->words[i].parted)
            continue;
        size_t first = i;
        bool capitals = false;
        while (first && !phrase->words[first].parted && names(phrase, first - 1) &&
               phrase->words[first - 1].capitals + phrase->words[first - 1].upper) {
            first--;
            capitals |= phrase->words[first].capitals;
        }
        if (capitals)
            return result(phrase, first, i - 1, begin);
    }
    return 0;
}

/* "Blau v. Lehman": parties, not those who met. */
static bool is_case(const struct phrase *phrase) {
    static const char *const versus[] = {"v", "vs", "versus", NULL};
    for (size_t i = 1; i + 1 < phrase->count; i++)
        if (is_among(phrase, i, versus))
            return true;
    return false;
}

size_t body_in(const char *text, size_t size, size_t *begin) {
    struct phrase phrase;
    read_words(&phrase, text, size < TEXT_BYTES ? size : TEXT_BYTES);
    if (is_case(&phrase))
        return 0;
    size_t found = find_institution(&phrase, begin);
    if (!found)
        found = find_met(&phrase, begin);
    return found ? found : find_abbreviated(&phrase, begin);
}

/* `alone`: only where the text is little else than the body's name. */
static int take(struct document *document, const char *text, size_t size, bool alone) {
    size_t begin, found = document->body ? 0 : body_in(text, size, &begin);
    if (alone && found * 3 < size * 2)
        return 0;
    if (found && !(document->body = arena_text(&document->arena, text + begin, found)))
        return PLENARY_ENOMEM;
    return 0;
}

int body_find(struct document *document) {
    int status =
        document->title ? take(document, document->title, strlen(document->title), false) : 0;
    for (size_t i = 0; i < document->passage_count && i < TOP_PASSAGES && !status; i++) {
        const struct passage *passage = &document->passages[i];
        size_t size = passage->text_end - passage->text_begin;
        bool line = passage->kind == PASSAGE_PARAGRAPH && !passage->speaker;
        if (document->body || (passage->kind != PASSAGE_HEADING && (!line || size > TEXT_BYTES)))
            break;
        if (size <= SHORT_BYTES)
            status =
                take(document, (const char *)document->text.data + passage->text_begin, size, true);
    }
    return status;
}
