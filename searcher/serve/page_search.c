/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The page of results, and the page before any search.
 */
#include "searcher/serve/access_log.h"
#include "searcher/serve/metrics.h"
#include "searcher/serve/page.h"
#include "searcher/serve/routes.h"
#include "searcher/serve/send.h"
#include "searcher/serve/tally_cache.h"
#include "searcher/serve/text.h"

#include <inttypes.h>
#include <microhttpd.h>
#include <string.h>
#include <strings.h>

#define OUT (&x->answer.body)

enum {
    DOCUMENTS_A_PAGE = 10,
    PASSAGES_A_DOCUMENT = 5,
    PASSAGES_SHOWN = 2, /* of a document; the others open up */
    LATEST = 8,
    TRIES = 10,
    FACETS = 1 << PLENARY_BY_SPEAKER | 1 << PLENARY_BY_BODY | 1 << PLENARY_BY_YEAR |
             1 << PLENARY_BY_MONTH | 1 << PLENARY_BY_LANGUAGE,
};

/* ---- One result ---------------------------------------------------------------------------- */

static void write_when(struct exchange *x, const char *date) {
    bytes_add_string(OUT, "<div class=\"when\">");
    if (date && strlen(date) == 10)
        bytes_printf(
            OUT, "<time datetime=\"%s\"><b>%.2s</b> %s <i>%.4s</i></time>", date,
            date[8] == '0' ? date + 9 : date + 8,
            words_month(x->language, (unsigned)(date[5] - '0') * 10 + (unsigned)(date[6] - '0')),
            date);
    else
        page_time(x, date);
    bytes_add_string(OUT, "</div>");
}

/* The part of a heading path that the title does not tell already. */
static const char *section_of(const struct plenary_hit *hit) {
    const char *heading = hit->passage.heading, *title = hit->document.title;
    if (!heading)
        return NULL;
    size_t size = title ? strlen(title) : 0;
    if (size && strncmp(heading, title, size) == 0) {
        if (!heading[size])
            return NULL;
        if (strncmp(heading + size, " > ", 3) == 0)
            return heading + size + 3;
    }
    return heading;
}

static void write_place(struct exchange *x, const struct ask *ask, const struct plenary_hit *hit) {
    const char *section = section_of(hit);
    bytes_add_string(OUT, "<p class=\"place\">");
    if (hit->passage.speaker) {
        bytes_add_string(OUT, "<b dir=\"auto\">");
        text_html(OUT, hit->passage.speaker);
        bytes_add_string(OUT, "</b>");
    }
    if (section) {
        bytes_add_string(OUT, "<span class=\"section\" dir=\"auto\">");
        for (const char *at = section; *at;) {
            const char *end = strstr(at, " > ");
            text_html_sized(OUT, at, end ? (size_t)(end - at) : strlen(at));
            if (end)
                bytes_add_string(OUT, " › ");
            at = end ? end + 3 : at + strlen(at);
        }
        bytes_add_string(OUT, "</span>");
    }
    bytes_add_string(OUT, "<a class=\"number\"");
    page_href_row(x, hit->document.id, ask, &hit->passage);
    bytes_add_string(OUT, " aria-label=\"");
    page_words(x, WORDS_OPEN, NULL, NULL);
    bytes_printf(OUT, ", ¶ %" PRIu32 "\">¶ %" PRIu32 "</a>", hit->passage.number,
                 hit->passage.number);
    if (hit->passage.page)
        bytes_printf(OUT, "<span>p. %" PRIu32 "</span>", hit->passage.page);
    bytes_add_string(OUT, "</p>");
}

static void write_passage(struct exchange *x, const struct ask *ask,
                          const struct plenary_hit *hit) {
    bytes_add_string(OUT, "<li class=\"passage\"");
    page_cite(x, &hit->document, &hit->passage, hit->citation);
    bytes_add_byte(OUT, '>');
    write_place(x, ask, hit);
    bytes_add_string(OUT, "<p class=\"text\" dir=\"auto\">");
    text_html_marked(OUT, hit->snippet, hit->snippet_size, hit->snippet_marks,
                     hit->snippet_mark_count);
    bytes_add_string(OUT, "</p></li>\n");
}

static void write_document(struct exchange *x, const struct ask *ask,
                           const struct plenary_hit *hit) {
    bytes_add_string(OUT, "<li class=\"hit\">");
    write_when(x, hit->document.date);
    bytes_add_string(OUT, "<article><h2 dir=\"auto\"><a");
    page_href_row(x, hit->document.id, ask, &hit->passage);
    bytes_add_byte(OUT, '>');
    text_html(OUT, hit->document.title ? hit->document.title : hit->document.id);
    bytes_add_string(OUT, "</a></h2>");
    if (hit->document.body) {
        bytes_add_string(OUT, "<p class=\"body\" dir=\"auto\">");
        text_html(OUT, hit->document.body);
        bytes_add_string(OUT, "</p>");
    }
    bytes_add_string(OUT, "<ol class=\"passages\">\n");
}

/* ---- The list ------------------------------------------------------------------------------ */

struct listing_state {
    size_t in_document; /* passages written of the document that is open; 0: none is */
    bool folded;        /* and some of them are folded away */
};

static void close_document(struct exchange *x, struct listing_state *state) {
    if (!state->in_document)
        return;
    bytes_add_string(OUT,
                     state->folded ? "</ol></details></article></li>\n" : "</ol></article></li>\n");
    *state = (struct listing_state){0, false};
}

/* A document more than a page holds was searched for, to know whether there is one. */
static int write_hits(struct exchange *x, const struct ask *ask, struct plenary_result *result,
                      bool *more, struct plenary_failure *failure) {
    struct listing_state state = {0, false};
    const struct plenary_hit *hit;
    int status;
    *more = false;
    bytes_printf(OUT, "<ol class=\"hits\" start=\"%" PRIu32 "\">\n", ask->offset + 1);
    while ((status = plenary_result_next(&hit, result, failure)) == 1) {
        if (hit->rank > (uint64_t)ask->offset + DOCUMENTS_A_PAGE) {
            *more = true;
            status = 0;
            break;
        }
        if (hit->place == 1) {
            close_document(x, &state);
            write_document(x, ask, hit);
        }
        if (state.in_document == PASSAGES_SHOWN) {
            bytes_add_string(OUT, "</ol><details><summary>");
            page_words(x, WORDS_MORE_HERE, NULL, NULL);
            bytes_add_string(OUT, "</summary><ol class=\"passages\">\n");
            state.folded = true;
        }
        write_passage(x, ask, hit);
        state.in_document++;
    }
    close_document(x, &state);
    bytes_add_string(OUT, "</ol>\n");
    return status;
}

/* ---- Above the list ------------------------------------------------------------------------ */

static void write_total(struct exchange *x, uint64_t total) {
    struct bytes number = BYTES_INIT;
    words_number(&number, x->language, total);
    if (total == 1)
        page_words(x, WORDS_PASSAGE_ONE, NULL, NULL);
    else if (!total)
        page_words(x, WORDS_NOTHING, NULL, NULL);
    else if (bytes_string(&number))
        page_words(x, WORDS_PASSAGES, (const char *)number.data, NULL);
    bytes_free(&number);
}

/* A filter that holds, as a link that takes it away. */
static void write_filter(struct exchange *x, const struct ask *without, enum words which,
                         const char *value) {
    if (!*value)
        return;
    bytes_add_string(OUT, "<li><a");
    page_href(x, "/", without);
    bytes_add_string(OUT, "><span class=\"hidden\">");
    page_words(x, WORDS_REMOVE, "", NULL);
    bytes_add_string(OUT, "</span><span dir=\"auto\">");
    page_words(x, which, value, NULL);
    bytes_add_string(OUT, "</span> <span aria-hidden=\"true\">×</span></a></li>");
}

static void write_filters(struct exchange *x, const struct ask *ask) {
    struct ask without = *ask;
    without.offset = 0;
    bytes_add_string(OUT, "<ul class=\"filters\">");
    without.speaker = "";
    write_filter(x, &without, WORDS_IN_SPEECHES, ask->speaker);
    without.speaker = ask->speaker;
    without.body = "";
    write_filter(x, &without, WORDS_OF_BODY, ask->body);
    without.body = ask->body;
    without.from = "";
    write_filter(x, &without, WORDS_SINCE, ask->from);
    without.from = ask->from;
    without.to = "";
    write_filter(x, &without, WORDS_UNTIL, ask->to);
    without.to = ask->to;
    without.language = "";
    write_filter(x, &without, WORDS_IN_LANGUAGE, ask->language);
    bytes_add_string(OUT, "</ul>");
}

static void write_orders(struct exchange *x, const struct ask *ask) {
    static const enum words names[] = {WORDS_BEST, WORDS_NEWEST, WORDS_OLDEST};
    struct ask other = *ask;
    bytes_add_string(OUT, "<nav class=\"orders\" aria-label=\"");
    page_words(x, WORDS_ORDER, NULL, NULL);
    bytes_add_string(OUT, "\">");
    other.offset = 0;
    other.sort_given = true;
    for (int i = 0; i < 3; i++) {
        other.sort = (enum plenary_sort)i;
        bytes_add_string(OUT, "<a");
        page_href(x, "/", &other);
        bytes_printf(OUT, "%s>", i == (int)ask->sort ? " aria-current=\"true\"" : "");
        page_words(x, names[i], NULL, NULL);
        bytes_add_string(OUT, "</a>");
    }
    bytes_add_string(OUT, "</nav>");
}

static void write_understood(struct exchange *x, const struct ask *ask,
                             const struct plenary_result_info *info) {
    if (strcmp(info->understood, ask->query) != 0) {
        bytes_add_string(OUT, "<p class=\"understood\">");
        page_words(x, WORDS_READ_AS, NULL, NULL);
        bytes_add_string(OUT, " <code dir=\"auto\">");
        text_html(OUT, info->understood);
        bytes_add_string(OUT, "</code></p>");
    }
    for (size_t i = 0; i < info->notice_count && i < 5; i++) {
        bytes_add_string(OUT, "<p class=\"notice\" lang=\"en\">");
        text_html(OUT, info->notices[i].message);
        bytes_add_string(OUT, "</p>");
    }
}

/* A title or an id typed whole offers the document, above the passages and beside them. */
static void offer_document(struct exchange *x, const struct ask *ask) {
    struct plenary_document *document;
    struct plenary_document_options options = PLENARY_DOCUMENT_OPTIONS_INIT;
    const char *id = ask->query;
    char *titled = NULL;
    options.rows = 0;
    if (plenary_find_title(&titled, x->site->plenary, ask->query, NULL) == 1)
        id = titled;
    if (plenary_document_open(&document, x->site->plenary, id, &options, NULL) == 0) {
        const struct plenary_document_info *about = plenary_document_about(document);
        bytes_add_string(OUT, "<p class=\"itself\">");
        page_words(x, WORDS_THE_DOCUMENT, NULL, NULL);
        bytes_add_string(OUT, " <a");
        page_href_row(x, about->id, NULL, NULL);
        bytes_add_string(OUT, " dir=\"auto\">");
        text_html(OUT, about->title ? about->title : about->id);
        bytes_add_string(OUT, "</a> ");
        page_time(x, about->date);
        bytes_add_string(OUT, "</p>");
        plenary_document_free(document);
    }
    plenary_free(titled);
}

/* Misspelt words put right, as a search. */
static void offer_spelling(struct exchange *x, const struct ask *ask, const char *suggestion) {
    struct ask other = *ask;
    if (!suggestion)
        return;
    other.query = suggestion;
    other.offset = 0;
    bytes_add_string(OUT, "<p class=\"meant\">");
    page_words(x, WORDS_DID_YOU_MEAN, NULL, NULL);
    bytes_add_string(OUT, " <a dir=\"auto\"");
    page_href(x, "/", &other);
    bytes_add_byte(OUT, '>');
    text_html(OUT, suggestion);
    bytes_add_string(OUT, x->language == WORDS_FRENCH ? "</a> ?</p>" : "</a>?</p>");
}

/* ---- Below it ------------------------------------------------------------------------------ */

static void write_pages(struct exchange *x, const struct ask *ask, bool more) {
    struct ask other = *ask;
    if (!ask->offset && !more)
        return;
    bytes_add_string(OUT, "<nav class=\"pages\" aria-label=\"");
    page_words(x, WORDS_PAGES, NULL, NULL);
    bytes_add_string(OUT, "\">");
    if (ask->offset) {
        other.offset = ask->offset > DOCUMENTS_A_PAGE ? ask->offset - DOCUMENTS_A_PAGE : 0;
        bytes_add_string(OUT, "<a rel=\"prev\"");
        page_href(x, "/", &other);
        bytes_add_string(OUT, ">← ");
        page_words(x, WORDS_PREVIOUS, NULL, NULL);
        bytes_add_string(OUT, "</a>");
    }
    bytes_printf(OUT, "<span>%" PRIu32 "</span>", ask->offset / DOCUMENTS_A_PAGE + 1);
    if (more) {
        other.offset = ask->offset + DOCUMENTS_A_PAGE;
        bytes_add_string(OUT, "<a rel=\"next\"");
        page_href(x, "/", &other);
        bytes_add_byte(OUT, '>');
        page_words(x, WORDS_NEXT, NULL, NULL);
        bytes_add_string(OUT, " →</a>");
    }
    bytes_add_string(OUT, "</nav>\n");
}

static void write_keep(struct exchange *x, const struct ask *ask) {
    struct ask all = *ask;
    struct bytes query = BYTES_INIT;
    all.offset = 0;
    ask_write(&query, &all);
    if (bytes_string(&query) && query.size) {
        bytes_add_string(OUT, "<section class=\"keep\"><h2>");
        page_words(x, WORDS_KEEP, NULL, NULL);
        bytes_add_string(OUT, "</h2><ul><li><a");
        page_href(x, "/feed.atom", &all);
        bytes_add_byte(OUT, '>');
        page_words(x, WORDS_FEED, NULL, NULL);
        for (int i = 0; i < 2; i++) {
            bytes_add_string(OUT, "</a></li><li><a href=\"");
            text_html(OUT, x->site->prefix);
            bytes_add_string(OUT, "/api/search");
            text_html_sized(OUT, (const char *)query.data, query.size);
            bytes_add_string(OUT, i ? "&amp;limit=100&amp;download=1\">"
                                    : "&amp;format=csv&amp;limit=10000\">");
            page_words(x, i ? WORDS_JSON : WORDS_CSV, NULL, NULL);
        }
        bytes_add_string(OUT, "</a></li></ul></section>");
    }
    bytes_free(&query);
}

/* ---- The page ------------------------------------------------------------------------------ */

static int write_list(struct exchange *x, const struct ask *ask, struct plenary_result *result,
                      uint64_t total, bool *more, struct plenary_failure *failure) {
    const struct plenary_result_info *info = plenary_result_about(result);
    bytes_add_string(OUT, "<section class=\"results\"><div class=\"above\" "
                          "id=\"above\"><div "
                          "role=\"status\"><h1 class=\"total\">");
    write_total(x, total);
    bytes_add_string(OUT, "</h1></div>");
    write_orders(x, ask);
    bytes_add_string(OUT, "</div>");
    write_understood(x, ask, info);
    write_filters(x, ask);
    offer_spelling(x, ask, info->suggestion);
    offer_document(x, ask);
    if (!total) {
        bytes_add_string(OUT, "<p class=\"nothing\">");
        page_words(x, WORDS_NOTHING_TEXT, NULL, NULL);
        bytes_add_string(OUT, "</p>");
    }
    return write_hits(x, ask, result, more, failure);
}

/* 1: a new generation came between the search and the counts; nothing is written. */
static int write_results(struct exchange *x, const struct ask *ask, struct plenary_result *result,
                         struct plenary_failure *failure) {
    struct tallied *tallied;
    bool more;
    int status = tally_cache_take(&tallied, x->site, ask, FACETS, failure);
    if (status < 0)
        return status;
    if (tallied_generation(tallied) != plenary_result_about(result)->generation) {
        tally_cache_give(x->site->tallies, tallied);
        return 1;
    }
    const struct plenary_values *values = tallied_values(tallied);
    x->found = plenary_values_total(values);
    page_begin(x, "found", *ask->query ? ask->query : x->site->title, ask);
    page_timeline(x, ask, values);
    bytes_add_string(OUT, "<div class=\"columns\">");
    status = write_list(x, ask, result, x->found, &more, failure);
    if (status >= 0) {
        write_pages(x, ask, more);
        bytes_add_string(OUT, "</section><aside aria-label=\"");
        page_words(x, WORDS_FILTERS, NULL, NULL);
        bytes_add_string(OUT, "\">");
        page_facets(x, ask, values);
        write_keep(x, ask);
        bytes_add_string(OUT, "</aside></div>");
        page_end(x, plenary_result_about(result)->generation);
    }
    tally_cache_give(x->site->tallies, tallied);
    return status;
}

static void search(struct exchange *x, struct ask *ask) {
    struct plenary_failure failure;
    struct plenary_result *result;
    if (!ask->sort_given && x->newest)
        ask->sort = PLENARY_NEWEST_FIRST;
    ask->group = PASSAGES_A_DOCUMENT;
    ask->limit = DOCUMENTS_A_PAGE + 1;
    struct plenary_search_options options = ask_options(ask);
    options.milliseconds = x->site->time_limit;
    int status = 1;
    for (int i = 0; status == 1 && i < TRIES; i++) {
        status =
            plenary_search(&result, x->site->plenary, ask->query, PLENARY_ALL, &options, &failure);
        if (status < 0)
            break;
        status = write_results(x, ask, result, &failure);
        plenary_result_free(result);
    }
    if (status == 1) /* generations come faster than one search */
        exchange_problem(x, MHD_HTTP_SERVICE_UNAVAILABLE, "busy", NULL);
    if (status < 0)
        exchange_failure(x, &failure);
    else if (status == 0 && !x->found)
        access_log_nothing(x->site->log, ask->query, ask->speaker);
    if (status == 0 && !x->found)
        atomic_fetch_add(&x->site->metrics->nothing_found, 1);
}

static void home(struct exchange *x, const struct ask *ask, const struct plenary_state *state) {
    struct plenary_search_options options = PLENARY_SEARCH_OPTIONS_INIT;
    struct plenary_failure failure;
    struct plenary_list *list;
    struct bytes documents = BYTES_INIT, passages = BYTES_INIT;
    size_t count;
    options.limit = LATEST;
    if (plenary_list_documents(&list, x->site->plenary, &options, &failure) < 0) {
        exchange_failure(x, &failure);
        return;
    }
    page_begin(x, "home", x->site->title, ask);
    words_number(&documents, x->language, state->documents);
    words_number(&passages, x->language, state->passages);
    bytes_add_string(OUT, "<p class=\"lead\">");
    if (bytes_string(&documents) && bytes_string(&passages))
        page_words(x, WORDS_HOME_TEXT, (const char *)documents.data, (const char *)passages.data);
    bytes_free(&documents);
    bytes_free(&passages);
    bytes_add_string(OUT, "</p><section class=\"latest\"><h2>");
    page_words(x, WORDS_LATEST, NULL, NULL);
    bytes_add_string(OUT, "</h2><ul>");
    const struct plenary_document_info *all = plenary_list_of(list, &count);
    for (size_t i = 0; i < count; i++) {
        bytes_add_string(OUT, "<li>");
        page_time(x, all[i].date);
        bytes_add_string(OUT, "<a dir=\"auto\"");
        page_href_row(x, all[i].id, NULL, NULL);
        bytes_add_byte(OUT, '>');
        text_html(OUT, all[i].title ? all[i].title : all[i].id);
        bytes_add_string(OUT, "</a></li>\n");
    }
    bytes_add_string(OUT, "</ul></section>");
    page_end(x, state->generation);
    plenary_list_free(list);
}

void page_search(struct exchange *x, const char *rest) {
    struct ask ask;
    struct plenary_state state;
    (void)rest;
    if (!page_ask(x, &ask, DOCUMENTS_A_PAGE))
        return;
    ask.limit = DOCUMENTS_A_PAGE;
    plenary_state(x->site->plenary, &state);
    if (send_is_known(x, state.generation))
        return;
    if (*ask.query || *ask.speaker || *ask.body || *ask.from || *ask.to || *ask.language ||
        ask.in_count) {
        if (!*ask.query)
            ask.query = "*";
        search(x, &ask);
    } else {
        home(x, &ask, &state);
    }
}
