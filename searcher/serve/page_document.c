/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A document as it is read: outline, passages with their numbers, and what the search marks in it.
 */
#include "searcher/serve/page.h"
#include "searcher/serve/routes.h"
#include "searcher/serve/text.h"

#include <inttypes.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OUT (&x->answer.body)

enum { ROWS_A_PAGE = 400, OUTLINE_MOST = 300, MATCHES_LISTED = 200 };

/* A document page: which rows it shows. */
struct part {
    uint32_t first, rows, total;
};

static bool is_heading(const struct plenary_passage *row) {
    return strcmp(row->kind, "heading") == 0;
}

/* ---- Beside the text ----------------------------------------------------------------------- */

static void write_row_link(struct exchange *x, const struct plenary_document_info *about,
                           const struct ask *ask, const struct plenary_passage *row,
                           const struct part *part) {
    if (row->row >= part->first && row->row - part->first < part->rows)
        bytes_printf(OUT, row->number ? " href=\"#p%" PRIu32 "\"" : " href=\"#h%" PRIu32 "\"",
                     row->number ? row->number : row->row + 1);
    else
        page_href_row(x, about->id, ask, row);
}

static void write_outline(struct exchange *x, const struct plenary_document *document,
                          const struct ask *ask, const struct part *part) {
    size_t count;
    const struct plenary_passage *all = plenary_document_outline(document, &count);
    if (count < 2)
        return;
    bytes_add_string(OUT, "<nav class=\"outline\" aria-label=\"");
    page_words(x, WORDS_OUTLINE, NULL, NULL);
    bytes_add_string(OUT, "\"><h2>");
    page_words(x, WORDS_OUTLINE, NULL, NULL);
    bytes_add_string(OUT, "</h2><ol>\n");
    for (size_t i = 0; i < count && i < OUTLINE_MOST; i++) {
        unsigned level = all[i].level < 1 ? 1 : all[i].level > 4 ? 4 : all[i].level;
        bytes_printf(OUT, "<li class=\"level%u\"><a dir=\"auto\"", level);
        write_row_link(x, plenary_document_about(document), ask, &all[i], part);
        bytes_add_byte(OUT, '>');
        text_html_sized(OUT, all[i].text, all[i].text_size);
        bytes_add_string(OUT, "</a></li>\n");
    }
    bytes_add_string(OUT, "</ol></nav>");
}

static void write_matches(struct exchange *x, const struct plenary_passage *rows, size_t count,
                          const struct ask *ask) {
    struct bytes number = BYTES_INIT;
    uint64_t matches = 0, listed = 0;
    for (size_t i = 0; i < count; i++)
        matches += rows[i].mark_count > 0;
    if (!*ask->query)
        return;
    words_number(&number, x->language, matches);
    bytes_add_string(OUT, "<nav class=\"matches\" aria-label=\"");
    if (bytes_string(&number))
        page_words(x, matches == 1 ? WORDS_MATCH_ONE : WORDS_MATCHES, (const char *)number.data,
                   NULL);
    bytes_add_string(OUT, "\"><p>");
    if (!number.failed && number.data)
        page_words(x, matches == 1 ? WORDS_MATCH_ONE : WORDS_MATCHES, (const char *)number.data,
                   NULL);
    bytes_free(&number);
    bytes_add_string(OUT, "</p><ol>");
    for (size_t i = 0; i < count && listed < MATCHES_LISTED; i++) {
        if (!rows[i].mark_count || !rows[i].number)
            continue;
        bytes_printf(OUT, "<li><a href=\"#p%" PRIu32 "\">%" PRIu32 "</a></li>", rows[i].number,
                     rows[i].number);
        listed++;
    }
    bytes_add_string(OUT, "</ol><a class=\"back\"");
    page_href(x, "/", ask);
    bytes_add_byte(OUT, '>');
    page_words(x, WORDS_BACK, NULL, NULL);
    bytes_add_string(OUT, "</a></nav>");
}

/* ---- The text ------------------------------------------------------------------------------ */

/* "Title · 6 August 2018 · Section · ¶ 7 · Speaker", as the results cite it. */
static void cite_row(struct exchange *x, const struct plenary_document_info *about,
                     const struct plenary_passage *row) {
    struct bytes text = BYTES_INIT;
    bytes_add_string(&text, about->title ? about->title : about->id);
    bytes_add_string(&text, " · ");
    words_date(&text, WORDS_ENGLISH, about->date);
    if (row->heading)
        bytes_printf(&text, " · %s", row->heading);
    bytes_printf(&text, " · ¶ %" PRIu32, row->number);
    if (row->speaker)
        bytes_printf(&text, " · %s", row->speaker);
    if (row->page)
        bytes_printf(&text, " · p. %" PRIu32, row->page);
    if (bytes_string(&text))
        page_cite(x, about, row, (const char *)text.data);
    bytes_free(&text);
}

static void write_heading(struct exchange *x, const struct plenary_passage *row) {
    unsigned level = row->level < 1 ? 2 : row->level > 4 ? 5 : row->level + 1;
    bytes_printf(OUT, "<h%u id=\"h%" PRIu32 "\" dir=\"auto\">", level, row->row + 1);
    text_html_sized(OUT, row->text, row->text_size);
    bytes_printf(OUT, "</h%u>\n", level);
}

static void write_row(struct exchange *x, const struct plenary_document_info *about,
                      const struct plenary_passage *row, const char *speaker_before) {
    char number[16];
    if (is_heading(row)) {
        write_heading(x, row);
        return;
    }
    bool speaks = row->speaker && (!speaker_before || strcmp(speaker_before, row->speaker) != 0);
    snprintf(number, sizeof number, "%" PRIu32, row->number);
    bytes_printf(OUT, "<div class=\"row %s%s%s\" id=\"p%" PRIu32 "\"", row->kind,
                 row->speaker ? " speech" : "", row->mark_count ? " match" : "", row->number);
    cite_row(x, about, row);
    bytes_printf(OUT, "><a class=\"number\" href=\"#p%" PRIu32 "\" aria-label=\"", row->number);
    page_words(x, WORDS_PERMALINK, number, NULL);
    bytes_printf(OUT, "\">%s</a>", number);
    if (speaks) {
        bytes_add_string(OUT, "<p class=\"speaker\" dir=\"auto\">");
        text_html(OUT, row->speaker);
        bytes_add_string(OUT, "</p>");
    }
    bytes_add_string(OUT, "<p class=\"text\" dir=\"auto\">");
    if (row->label && strncmp(row->text, row->label, strlen(row->label)) != 0) {
        bytes_add_string(OUT, "<span class=\"label\">");
        text_html(OUT, row->label);
        bytes_add_string(OUT, "</span> ");
    }
    text_html_marked(OUT, row->text, row->text_size, row->marks, row->mark_count);
    bytes_add_string(OUT, "</p></div>\n");
}

static void write_text(struct exchange *x, const struct plenary_document *document,
                       const struct plenary_passage *rows, size_t count) {
    const struct plenary_document_info *about = plenary_document_about(document);
    const char *speaker = NULL;
    for (size_t i = 0; i < count; i++) {
        /* The title stands above already. */
        if (i == 0 && is_heading(&rows[i]) && about->title &&
            strcmp(rows[i].text, about->title) == 0)
            continue;
        write_row(x, about, &rows[i], speaker);
        speaker = is_heading(&rows[i]) ? NULL : rows[i].speaker;
    }
}

static void write_parts(struct exchange *x, const struct plenary_document_info *about,
                        const struct ask *ask, const struct part *part) {
    char number[16], all[16];
    if (part->total <= ROWS_A_PAGE)
        return;
    snprintf(number, sizeof number, "%" PRIu32, part->first / ROWS_A_PAGE + 1);
    snprintf(all, sizeof all, "%" PRIu32, (part->total + ROWS_A_PAGE - 1) / ROWS_A_PAGE);
    bytes_add_string(OUT, "<nav class=\"pages\" aria-label=\"");
    page_words(x, WORDS_PAGE_OF, number, all);
    bytes_add_string(OUT, "\">");
    for (int i = 0; i < 2; i++) {
        struct plenary_passage there = {.row = 0};
        if (i ? part->first + ROWS_A_PAGE >= part->total : part->first == 0)
            continue;
        there.row = i ? part->first + ROWS_A_PAGE : part->first - ROWS_A_PAGE;
        bytes_printf(OUT, "<a rel=\"%s\"", i ? "next" : "prev");
        page_href_row(x, about->id, ask, &there);
        bytes_add_string(OUT, i ? ">" : ">← ");
        page_words(x, i ? WORDS_NEXT : WORDS_PREVIOUS, NULL, NULL);
        bytes_add_string(OUT, i ? " →</a>" : "</a> <span>");
        if (!i) {
            page_words(x, WORDS_PAGE_OF, number, all);
            bytes_add_string(OUT, "</span>");
        }
    }
    bytes_add_string(OUT, "</nav>\n");
}

/* ---- The page ------------------------------------------------------------------------------ */

static void write_head(struct exchange *x, const struct plenary_document_info *about) {
    bytes_add_string(OUT, "<header class=\"about\"><p class=\"kicker\">");
    page_time(x, about->date);
    if (about->body) {
        bytes_add_string(OUT, " · <span dir=\"auto\">");
        text_html(OUT, about->body);
        bytes_add_string(OUT, "</span>");
    }
    bytes_add_string(OUT, "</p><h1 dir=\"auto\">");
    text_html(OUT, about->title ? about->title : about->id);
    bytes_add_string(OUT, "</h1><p class=\"id\" dir=\"auto\">");
    text_html(OUT, about->id);
    bytes_add_string(OUT, "</p></header>\n");
}

static void write_page(struct exchange *x, const struct plenary_document *document,
                       const struct ask *ask, const struct part *part) {
    const struct plenary_document_info *about = plenary_document_about(document);
    size_t count;
    const struct plenary_passage *rows = plenary_document_rows(document, &count);
    page_begin(x, "reading", about->title ? about->title : about->id, ask);
    bytes_add_string(OUT, "<div class=\"sheet\"><div class=\"beside\">");
    write_matches(x, rows, count, ask);
    write_outline(x, document, ask, part);
    bytes_add_string(OUT, "</div><article class=\"document\">");
    write_head(x, about);
    write_parts(x, about, ask, part);
    write_text(x, document, rows, count);
    write_parts(x, about, ask, part);
    bytes_add_string(OUT, "</article></div>");
    page_end(x, plenary_document_generation(document));
}

/* The number in `row`, 0 where it makes no sense. */
static uint32_t row_asked(const struct exchange *x) {
    const char *text = request_value(&x->request, "row");
    return text && strlen(text) <= 9 ? (uint32_t)strtoul(text, NULL, 10) : 0;
}

void page_document(struct exchange *x, const char *rest) {
    struct ask ask;
    struct plenary_failure failure;
    struct plenary_document *document;
    struct plenary_document_options options = PLENARY_DOCUMENT_OPTIONS_INIT;
    if (!page_ask(x, &ask, 0))
        return;
    options.query = ask.query;
    options.first = row_asked(x) / ROWS_A_PAGE * ROWS_A_PAGE;
    options.rows = ROWS_A_PAGE;
    if (plenary_document_open(&document, x->site->plenary, rest, &options, &failure) < 0) {
        exchange_failure(x, &failure);
        return;
    }
    const struct part part = {options.first, ROWS_A_PAGE, plenary_document_about(document)->rows};
    write_page(x, document, &ask, &part);
    plenary_document_free(document);
}

/* A passage's lasting address leads to its place in the document. */
void page_passage(struct exchange *x, const char *rest) {
    struct plenary_failure failure;
    struct plenary_document *document;
    struct bytes to = BYTES_INIT;
    uint32_t row;
    size_t count;
    if (plenary_document_of_passage(&document, &row, x->site->plenary, rest, NULL, &failure) < 0) {
        exchange_failure(x, &failure);
        return;
    }
    const struct plenary_passage *rows = plenary_document_rows(document, &count);
    bytes_printf(&to, "%s/d/", x->site->prefix);
    ask_encode_path(&to, plenary_document_about(document)->id);
    bytes_printf(&to, "?row=%" PRIu32 "#%s%" PRIu32, row, rows[row].number ? "p" : "h",
                 rows[row].number ? rows[row].number : row + 1);
    if (bytes_string(&to))
        x->answer.location = arena_text(&x->arena, (const char *)to.data, to.size);
    bytes_free(&to);
    plenary_document_free(document);
    x->answer.status = MHD_HTTP_FOUND;
    if (!x->answer.location)
        exchange_problem(x, MHD_HTTP_INTERNAL_SERVER_ERROR, "internal", NULL);
}
