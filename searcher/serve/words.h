/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of the page's interface, in the languages it speaks. "%s" stands where a value goes.
 * Thread-safe: constant.
 */
#ifndef PLENARY_SERVE_WORDS_H
#define PLENARY_SERVE_WORDS_H

#include <stdint.h>

struct bytes;

enum words_language { WORDS_ENGLISH, WORDS_FRENCH, WORDS_SPANISH, WORDS_LANGUAGES };

enum words {
    WORDS_SEARCH,
    WORDS_SEARCH_LABEL,
    WORDS_PLACEHOLDER,
    WORDS_SKIP,
    WORDS_HOME_LEAD,
    WORDS_HOME_TEXT,
    WORDS_LATEST,
    WORDS_COVERAGE,
    WORDS_HELP,
    WORDS_SPEAKERS,
    WORDS_PASSAGES,
    WORDS_PASSAGE_ONE,
    WORDS_ABOUT,
    WORDS_NOTHING,
    WORDS_NOTHING_TEXT,
    WORDS_READ_AS,
    WORDS_IN_SPEECHES,
    WORDS_OF_BODY,
    WORDS_SINCE,
    WORDS_UNTIL,
    WORDS_IN_LANGUAGE,
    WORDS_ORDER,
    WORDS_BEST,
    WORDS_NEWEST,
    WORDS_OLDEST,
    WORDS_FILTERS,
    WORDS_SPEAKER,
    WORDS_LANGUAGE,
    WORDS_BODY,
    WORDS_YEAR,
    WORDS_TIME,
    WORDS_TIME_HINT,
    WORDS_FROM,
    WORDS_TO,
    WORDS_APPLY,
    WORDS_CLEAR,
    WORDS_REMOVE,
    WORDS_ALL_SPEAKERS,
    WORDS_MORE_HERE,
    WORDS_OPEN,
    WORDS_CITE,
    WORDS_COPIED,
    WORDS_CITE_PLAIN,
    WORDS_CITE_MARKDOWN,
    WORDS_CITE_BIBTEX,
    WORDS_PREVIOUS,
    WORDS_NEXT,
    WORDS_PAGES,
    WORDS_KEEP,
    WORDS_FEED,
    WORDS_CSV,
    WORDS_JSON,
    WORDS_OUTLINE,
    WORDS_MATCHES,
    WORDS_MATCH_ONE,
    WORDS_BACK,
    WORDS_DOCUMENT,
    WORDS_DATE,
    WORDS_SOURCE,
    WORDS_UNDATED,
    WORDS_DOCUMENTS,
    WORDS_PASSAGES_WORD,
    WORDS_FIRST,
    WORDS_LAST,
    WORDS_COVERAGE_LEAD,
    WORDS_COVERAGE_TEXT,
    WORDS_PROBLEM,
    WORDS_MISSING,
    WORDS_THEME,
    WORDS_INTERFACE,
    WORDS_MADE_WITH,
    WORDS_DID_YOU_MEAN,
    WORDS_THE_DOCUMENT,
    WORDS_PERMALINK,
    WORDS_PAGE_OF,
    WORDS_MEETING,
    WORDS_SUGGESTIONS,
    WORDS_COUNT
};

const char *words(enum words_language language, enum words which);

/* "en", "fr", "es", and what speakers call it. */
const char *words_code(enum words_language language);
const char *words_name(enum words_language language);

/* The language asked for by its code, or the one an Accept-Language header likes best, or English.
 * Both may be NULL. */
enum words_language words_choose(const char *code, const char *header);

/* "4,123" or "4 123". */
void words_number(struct bytes *out, enum words_language language, uint64_t number);

/* "6 Aug 2018", "Aug 2018" or "2018" of "2018-08-06"...; NULL gives "undated". */
void words_date(struct bytes *out, enum words_language language, const char *date);
/* The name of a month, 1 to 12, shortened. */
const char *words_month(enum words_language language, unsigned month);

#endif
