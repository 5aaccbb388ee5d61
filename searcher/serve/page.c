/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/serve/page.h"

#include "corpus/error.h"
#include "searcher/serve/assets.h"
#include "searcher/serve/routes.h"
#include "searcher/serve/text.h"

#include <inttypes.h>
#include <microhttpd.h>
#include <string.h>

#define OUT (&x->answer.body)

/* ---- Pieces -------------------------------------------------------------------------------- */

void page_words(struct exchange *x, enum words which, const char *first, const char *second) {
    const char *text = words(x->language, which);
    const char *values[] = {first, second};
    for (int i = 0; i < 2; i++) {
        const char *at = strstr(text, "%s");
        if (!at || !values[i])
            break;
        text_html_sized(OUT, text, (size_t)(at - text));
        text_html(OUT, values[i]);
        text = at + 2;
    }
    text_html(OUT, text);
}

void page_number(struct exchange *x, uint64_t number) {
    words_number(OUT, x->language, number);
}

void page_time(struct exchange *x, const char *date) {
    if (date)
        bytes_printf(OUT, "<time datetime=\"%s\">", date);
    words_date(OUT, x->language, date);
    bytes_add_string(OUT, date ? "</time>" : "");
}

void page_href(struct exchange *x, const char *path, const struct ask *ask) {
    struct bytes query = BYTES_INIT;
    bytes_add_string(OUT, " href=\"");
    text_html(OUT, x->site->prefix);
    bytes_add_string(OUT, path);
    if (ask)
        ask_write(&query, ask);
    if (bytes_string(&query))
        text_html_sized(OUT, (const char *)query.data, query.size);
    bytes_free(&query);
    bytes_add_byte(OUT, '"');
}

void page_href_row(struct exchange *x, const char *document, const struct ask *ask,
                   const struct plenary_passage *passage) {
    bytes_add_string(OUT, " href=\"");
    text_html(OUT, x->site->prefix);
    bytes_add_string(OUT, "/d/");
    ask_encode_path(OUT, document);
    bool query = ask && *ask->query;
    if (query) {
        bytes_add_string(OUT, "?q=");
        ask_encode(OUT, ask->query);
    }
    if (passage) {
        bytes_printf(OUT, query ? "&amp;row=%" PRIu32 : "?row=%" PRIu32, passage->row);
        if (passage->number)
            bytes_printf(OUT, "#p%" PRIu32, passage->number);
        else
            bytes_printf(OUT, "#h%" PRIu32, passage->row + 1);
    }
    bytes_add_byte(OUT, '"');
}

bool page_ask(struct exchange *x, struct ask *ask, uint32_t limit) {
    struct error err = {0};
    int status = ask_read(ask, &x->request, limit, &err);
    if (status < 0)
        exchange_problem(x, MHD_HTTP_BAD_REQUEST, "invalid", err.message);
    return status >= 0;
}

void page_cite(struct exchange *x, const struct plenary_document_info *document,
               const struct plenary_passage *passage, const char *citation) {
    bytes_add_string(OUT, " data-cite=\"");
    text_html(OUT, citation);
    bytes_add_string(OUT, "\" data-title=\"");
    text_html(OUT, document->title ? document->title : document->id);
    bytes_printf(OUT, "\" data-date=\"%s\" data-address=\"", document->date ? document->date : "");
    text_html(OUT, x->site->prefix);
    bytes_add_string(OUT, "/p/");
    ask_encode_path(OUT, document->id);
    if (passage->number)
        bytes_printf(OUT, "%%23%" PRIu32, passage->number);
    else
        bytes_printf(OUT, "%%23h%" PRIu32, passage->row + 1);
    bytes_add_byte(OUT, '"');
}

/* ---- The frame ----------------------------------------------------------------------------- */

static void asset(struct exchange *x, const char *before, const char *name, const char *after) {
    bytes_add_string(OUT, before);
    text_html(OUT, x->site->prefix);
    bytes_printf(OUT, "/assets/%s?v=%s%s", name, assets_version(), after);
}

static void head(struct exchange *x, const char *kind, const char *title, const struct ask *ask) {
    const struct asset *style = assets_style();
    bytes_printf(OUT,
                 "<!doctype html>\n<html lang=\"%s\"%s%s%s><head><meta charset=\"utf-8\">"
                 "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
                 "<meta name=\"color-scheme\" content=\"light dark\"><title>",
                 words_code(x->language), x->theme ? " data-theme=\"" : "",
                 x->theme ? x->theme : "", x->theme ? "\"" : "");
    text_html(OUT, title);
    if (strcmp(title, x->site->title) != 0) {
        bytes_add_string(OUT, " · ");
        text_html(OUT, x->site->title);
    }
    bytes_add_string(OUT, "</title><style>");
    bytes_add(OUT, style->begin, (size_t)(style->end - style->begin));
    bytes_add_string(OUT, "</style>");
    asset(x, "<link rel=\"icon\" type=\"image/svg+xml\" href=\"", "icon.svg", "\">");
    bytes_add_string(OUT, "<link rel=\"search\" type=\"application/opensearchdescription+xml\"");
    page_href(x, "/opensearch.xml", NULL);
    bytes_add_string(OUT, " title=\"");
    text_html(OUT, x->site->title);
    bytes_add_string(OUT, "\">");
    if (strcmp(kind, "found") == 0) /* nothing is painted half, and then moves */
        bytes_add_string(OUT, "<link rel=\"expect\" href=\"#above\" blocking=\"render\">");
    if (ask && *ask->query) {
        bytes_add_string(OUT, "<link rel=\"alternate\" type=\"application/atom+xml\"");
        page_href(x, "/feed.atom", ask);
        bytes_add_byte(OUT, '>');
    }
    asset(x, "<script type=\"module\" src=\"", "app.js", "\"></script></head>\n");
}

static void hidden(struct exchange *x, const char *name, const char *value) {
    if (!*value)
        return;
    bytes_printf(OUT, "<input type=\"hidden\" name=\"%s\" value=\"", name);
    text_html(OUT, value);
    bytes_add_string(OUT, "\">");
}

static void search_form(struct exchange *x, const struct ask *ask, bool home) {
    bytes_add_string(OUT, "<form class=\"search\" role=\"search\" action=\"");
    text_html(OUT, x->site->prefix);
    bytes_add_string(OUT, "/\"><label class=\"hidden\" for=\"q\">");
    page_words(x, WORDS_SEARCH_LABEL, NULL, NULL);
    bytes_add_string(OUT, "</label><span class=\"box\"><input id=\"q\" name=\"q\" type=\"search\" "
                          "maxlength=\"2000\" autocomplete=\"off\" autocapitalize=\"off\" "
                          "spellcheck=\"false\" enterkeyhint=\"search\" placeholder=\"");
    page_words(x, WORDS_PLACEHOLDER, NULL, NULL);
    bytes_add_string(OUT, "\" value=\"");
    text_html(OUT, ask ? ask->query : "");
    bytes_printf(OUT, "\"%s><kbd aria-hidden=\"true\">/</kbd></span><button>",
                 home ? " autofocus" : "");
    page_words(x, WORDS_SEARCH, NULL, NULL);
    bytes_add_string(OUT, "</button>");
    if (ask) {
        hidden(x, "from", ask->from);
        hidden(x, "to", ask->to);
        hidden(x, "speaker", ask->speaker);
        hidden(x, "body", ask->body);
        hidden(x, "language", ask->language);
        for (size_t i = 0; i < ask->in_count; i++)
            hidden(x, "in", ask->in[i]);
    }
    bytes_add_string(OUT, "</form>");
}

static void data_words(struct exchange *x) {
    static const struct {
        const char *name;
        enum words which;
    } for_scripts[] = {
        {"cite", WORDS_CITE},          {"copied", WORDS_COPIED},
        {"plain", WORDS_CITE_PLAIN},   {"markdown", WORDS_CITE_MARKDOWN},
        {"bibtex", WORDS_CITE_BIBTEX}, {"next", WORDS_NEXT},
        {"previous", WORDS_PREVIOUS},  {"suggestions", WORDS_SUGGESTIONS},
    };
    for (size_t i = 0; i < sizeof for_scripts / sizeof *for_scripts; i++) {
        bytes_printf(OUT, " data-%s=\"", for_scripts[i].name);
        page_words(x, for_scripts[i].which, NULL, NULL);
        bytes_add_byte(OUT, '"');
    }
}

void page_begin(struct exchange *x, const char *kind, const char *title, const struct ask *ask) {
    x->answer.type = "text/html; charset=utf-8";
    head(x, kind, title, ask);
    bytes_printf(OUT, "<body class=\"%s\" data-prefix=\"", kind);
    text_html(OUT, x->site->prefix);
    bytes_add_byte(OUT, '"');
    data_words(x);
    bytes_add_string(OUT, "><a class=\"skip\" href=\"#main\">");
    page_words(x, WORDS_SKIP, NULL, NULL);
    bytes_add_string(OUT, "</a><header class=\"top\"><a class=\"brand\"");
    page_href(x, "/", NULL);
    bytes_add_string(OUT,
                     "><svg viewBox=\"0 0 24 24\" aria-hidden=\"true\"><path d=\"M3 20a9 9 0 0 1 "
                     "18 0M7 20a5 5 0 0 1 10 0\"/><circle cx=\"12\" cy=\"19\" r=\"1.6\"/>"
                     "</svg><span>");
    text_html(OUT, x->site->title);
    bytes_add_string(OUT, "</span></a>");
    bool home = strcmp(kind, "home") == 0;
    if (!home)
        search_form(x, ask, false);
    bytes_add_string(OUT, "<nav class=\"site\"><a");
    page_href(x, "/coverage", NULL);
    bytes_add_byte(OUT, '>');
    page_words(x, WORDS_COVERAGE, NULL, NULL);
    bytes_add_string(OUT, "</a><a");
    page_href(x, "/help", NULL);
    bytes_add_byte(OUT, '>');
    page_words(x, WORDS_HELP, NULL, NULL);
    bytes_add_string(OUT, "</a><button class=\"theme\" type=\"button\" aria-label=\"");
    page_words(x, WORDS_THEME, NULL, NULL);
    bytes_add_string(OUT, "\" title=\"");
    page_words(x, WORDS_THEME, NULL, NULL);
    bytes_add_string(OUT, "\"><svg viewBox=\"0 0 20 20\" aria-hidden=\"true\"><circle cx=\"10\" "
                          "cy=\"10\" r=\"7\" fill=\"none\" stroke=\"currentColor\" "
                          "stroke-width=\"1.6\"/><path d=\"M10 3a7 7 0 0 1 0 14z\" "
                          "fill=\"currentColor\"/></svg></button></nav></header>\n<main "
                          "id=\"main\" tabindex=\"-1\">");
    if (home) {
        bytes_add_string(OUT, "<div class=\"hero\"><h1>");
        page_words(x, WORDS_HOME_LEAD, NULL, NULL);
        bytes_add_string(OUT, "</h1>");
        search_form(x, ask, true);
        bytes_add_string(OUT, "</div>");
    }
}

static void language_links(struct exchange *x) {
    bytes_add_string(OUT, "<nav class=\"languages\" aria-label=\"");
    page_words(x, WORDS_INTERFACE, NULL, NULL);
    bytes_add_string(OUT, "\">");
    for (int i = 0; i < WORDS_LANGUAGES; i++) {
        const char *code = words_code((enum words_language)i);
        bytes_printf(OUT, "<a lang=\"%s\" hreflang=\"%s\"%s href=\"?", code, code,
                     (int)x->language == i ? " aria-current=\"true\"" : "");
        for (size_t k = 0; k < x->request.count; k++) {
            const struct request_parameter *parameter = &x->request.parameters[k];
            if (strcmp(parameter->name, "lang") == 0)
                continue;
            ask_encode(OUT, parameter->name);
            bytes_add_byte(OUT, '=');
            ask_encode(OUT, parameter->value);
            bytes_add_string(OUT, "&amp;");
        }
        bytes_printf(OUT, "lang=%s\">%s</a>", code, words_name((enum words_language)i));
    }
    bytes_add_string(OUT, "</nav>");
}

/* A choice made is kept: the cookies hold nothing but "newest" or "fr";
 * the page's script keeps the theme in one more. */
static void keep_choices(struct exchange *x) {
    const char *lang = request_value(&x->request, "lang");
    const char *sort = request_value(&x->request, "sort");
    struct bytes cookie = BYTES_INIT;
    if (lang && *lang)
        bytes_printf(&cookie, "plenary-lang=%s", words_code(x->language));
    else if (sort && *sort)
        bytes_printf(&cookie, "plenary-sort=%s", strcmp(sort, "newest") == 0 ? sort : "relevance");
    if (cookie.size) {
        bytes_printf(&cookie, "; Path=%s/; Max-Age=31536000; SameSite=Lax; HttpOnly",
                     x->site->prefix);
        if (bytes_string(&cookie))
            x->answer.cookie = arena_text(&x->arena, (const char *)cookie.data, cookie.size);
    }
    bytes_free(&cookie);
}

void page_end(struct exchange *x, uint64_t generation) {
    keep_choices(x);
    bytes_add_string(OUT, "</main>\n<footer><p>");
    page_words(x, WORDS_MADE_WITH, NULL, NULL);
    bytes_add_string(OUT, " · <a");
    page_href(x, "/help", NULL);
    bytes_add_byte(OUT, '>');
    page_words(x, WORDS_HELP, NULL, NULL);
    bytes_add_string(OUT, "</a></p>");
    language_links(x);
    bytes_add_string(OUT, "</footer></body></html>\n");
    x->answer.tagged = true;
    x->answer.generation = generation;
}

/* ---- Errors -------------------------------------------------------------------------------- */

void page_problem(struct exchange *x) {
    static const struct ask nothing = {
        .query = "", .from = "", .to = "", .speaker = "", .body = "", .language = "", .after = ""};
    bool missing = x->answer.status == MHD_HTTP_NOT_FOUND;
    bytes_reset(OUT);
    x->answer.page = true;
    page_begin(x, "problem", words(x->language, missing ? WORDS_MISSING : WORDS_PROBLEM), &nothing);
    bytes_add_string(OUT, "<div class=\"prose\"><h1>");
    page_words(x, missing ? WORDS_MISSING : WORDS_PROBLEM, NULL, NULL);
    bytes_add_string(OUT, "</h1><p>");
    page_words(x, WORDS_NOTHING_TEXT, NULL, NULL);
    bytes_add_string(OUT, "</p></div>");
    page_end(x, 0);
    x->answer.tagged = false;
}
