/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A search as a feed (Atom, RFC 4287): its newest passages, each with its citation, so that an
 * alert can be read without opening it. And the description by which browsers and portals add the
 * search (OpenSearch 1.1).
 */
#include "corpus/error.h"
#include "searcher/serve/ask.h"
#include "searcher/serve/routes.h"
#include "searcher/serve/text.h"

#include <inttypes.h>
#include <microhttpd.h>
#include <string.h>

#define OUT (&x->answer.body)

enum { ENTRIES = 30 };

static void add_address(struct exchange *x, const char *path, const struct ask *ask) {
    struct bytes address = BYTES_INIT;
    exchange_base(x, &address);
    bytes_add_string(&address, path);
    ask_write(&address, ask);
    if (bytes_string(&address))
        text_html_sized(OUT, (const char *)address.data, address.size);
    bytes_free(&address);
}

/* A date of a meeting as a time; RFC 3339 wants all of it. */
static void add_time(struct exchange *x, const char *date) {
    size_t size = date ? strlen(date) : 0;
    bytes_printf(OUT, "%s%sT00:00:00Z", size ? date : "1970-01-01",
                 size == 4   ? "-01-01"
                 : size == 7 ? "-01"
                             : "");
}

static void add_entry(struct exchange *x, const struct plenary_hit *hit) {
    struct bytes address = BYTES_INIT;
    exchange_base(x, &address);
    bytes_add_string(&address, "/p/");
    ask_encode_path(&address, hit->document.id);
    bytes_printf(&address, hit->passage.number ? "%%23%" PRIu32 : "%%23h%" PRIu32,
                 hit->passage.number ? hit->passage.number : hit->passage.row + 1);
    const char *text = bytes_string(&address);
    bytes_add_string(OUT, "<entry><title>");
    text_html(OUT, hit->citation);
    bytes_add_string(OUT, "</title><id>");
    text_html(OUT, text);
    bytes_add_string(OUT, "</id><link href=\"");
    text_html(OUT, text);
    bytes_add_string(OUT, "\"/><updated>");
    add_time(x, hit->document.date);
    bytes_add_string(OUT, "</updated>");
    if (hit->passage.speaker) {
        bytes_add_string(OUT, "<author><name>");
        text_html(OUT, hit->passage.speaker);
        bytes_add_string(OUT, "</name></author>");
    }
    /* HTML within XML: escaped twice. */
    struct bytes html = BYTES_INIT;
    bytes_add_string(&html, "<p dir=\"auto\">");
    text_html_marked(&html, hit->snippet, hit->snippet_size, hit->snippet_marks,
                     hit->snippet_mark_count);
    bytes_add_string(&html, "</p>");
    bytes_add_string(OUT, "<content type=\"html\">");
    if (bytes_string(&html))
        text_html_sized(OUT, (const char *)html.data, html.size);
    bytes_add_string(OUT, "</content></entry>\n");
    bytes_free(&html);
    bytes_free(&address);
}

static void add_head(struct exchange *x, const struct ask *ask, const char *newest) {
    bytes_add_string(OUT, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                          "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>");
    text_html(OUT, x->site->title);
    bytes_add_string(OUT, ": ");
    text_html(OUT, ask->query);
    bytes_add_string(OUT, "</title><id>");
    add_address(x, "/feed.atom", ask);
    bytes_add_string(OUT, "</id><link rel=\"self\" href=\"");
    add_address(x, "/feed.atom", ask);
    bytes_add_string(OUT, "\"/><link href=\"");
    add_address(x, "/", ask);
    bytes_add_string(OUT, "\"/><author><name>");
    text_html(OUT, x->site->title);
    bytes_add_string(OUT, "</name></author><updated>");
    add_time(x, newest);
    bytes_add_string(OUT, "</updated>\n");
}

static int add_entries(struct exchange *x, const struct ask *ask, struct plenary_result *result,
                       struct plenary_failure *failure) {
    const struct plenary_hit *hit;
    bool first = true;
    int status;
    while ((status = plenary_result_next(&hit, result, failure)) == 1) {
        if (first)
            add_head(x, ask, hit->document.date);
        first = false;
        add_entry(x, hit);
    }
    if (first && status == 0)
        add_head(x, ask, NULL);
    bytes_add_string(OUT, "</feed>\n");
    return status;
}

void feed_atom(struct exchange *x, const char *rest) {
    struct ask ask;
    struct error err = {0};
    struct plenary_failure failure;
    struct plenary_result *result;
    (void)rest;
    if (ask_read(&ask, &x->request, ENTRIES, &err) < 0) {
        exchange_problem(x, MHD_HTTP_BAD_REQUEST, "invalid", err.message);
        return;
    }
    ask.sort = PLENARY_NEWEST_FIRST;
    ask.sort_given = false;
    ask.group = 0;
    if (!*ask.query)
        ask.query = "*";
    struct plenary_search_options options = ask_options(&ask);
    options.milliseconds = x->site->time_limit;
    if (plenary_search(&result, x->site->plenary, ask.query, PLENARY_ALL, &options, &failure) < 0) {
        exchange_failure(x, &failure);
        return;
    }
    x->answer.type = "application/atom+xml; charset=utf-8";
    x->answer.tagged = true;
    x->answer.generation = plenary_result_about(result)->generation;
    if (add_entries(x, &ask, result, &failure) < 0)
        exchange_failure(x, &failure);
    plenary_result_free(result);
}

void feed_opensearch(struct exchange *x, const char *rest) {
    struct bytes base = BYTES_INIT;
    (void)rest;
    exchange_base(x, &base);
    const char *address = bytes_string(&base);
    x->answer.type = "application/opensearchdescription+xml; charset=utf-8";
    bytes_add_string(OUT, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                          "<OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">"
                          "<ShortName>");
    /* At most 16 characters, says the specification. */
    size_t size = strlen(x->site->title);
    for (size_t characters = 0, i = 0; i < size; i++)
        if (((unsigned char)x->site->title[i] & 0xC0) != 0x80 && characters++ == 16)
            size = i;
    text_html_sized(OUT, x->site->title, size);
    bytes_add_string(OUT, "</ShortName><Description>");
    text_html(OUT, x->site->title);
    bytes_add_string(OUT, "</Description><InputEncoding>UTF-8</InputEncoding>");
    static const struct {
        const char *type, *path;
    } urls[] = {{"text/html", "/?q={searchTerms}"},
                {"application/atom+xml", "/feed.atom?q={searchTerms}"}};
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        bytes_printf(OUT, "<Url type=\"%s\" template=\"", urls[i].type);
        text_html(OUT, address);
        bytes_printf(OUT, "%s\"/>", urls[i].path);
    }
    bytes_add_string(OUT, "</OpenSearchDescription>\n");
    bytes_free(&base);
}
