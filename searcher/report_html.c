/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A report as one page that needs nothing else: no script, no network, its style in it. It reads
 * well on a phone, in print, with a keyboard and with a screen reader (landmarks, headings in
 * order, tables with captions and scopes, charts with a text beside them; nothing is told by colour
 * alone).
 *
 * Whatever comes from documents or topics passes add_text: characters of HTML are escaped, controls
 * and directional overrides shown harmless.
 */
#include "searcher/report.h"

#include "searcher/citation.h"
#include "searcher/escape.h"
#include "searcher/report_page.h"

#include <string.h>

enum { HEAT_COLUMNS = 24, CHART_WIDTH = 640, CHART_HEIGHT = 120, BASE = 96 };

/* ---- Text ---------------------------------------------------------------------------------- */

static void add(struct bytes *out, const char *html) {
    bytes_add_string(out, html);
}

void report_html_text(struct bytes *out, const char *text, size_t size) {
    struct bytes safe = BYTES_INIT;
    escape_terminal(&safe, text, size);
    for (size_t i = 0; i < safe.size; i++) {
        switch (safe.data[i]) {
        case '&':
            add(out, "&amp;");
            break;
        case '<':
            add(out, "&lt;");
            break;
        case '>':
            add(out, "&gt;");
            break;
        case '"':
            add(out, "&quot;");
            break;
        case '\'':
            add(out, "&#39;");
            break;
        default:
            bytes_add_byte(out, safe.data[i]);
        }
    }
    out->failed |= safe.failed;
    bytes_free(&safe);
}

void report_html_string(struct bytes *out, const char *text) {
    report_html_text(out, text ? text : "", text ? strlen(text) : 0);
}

/* 12,345 */
void report_html_number(struct bytes *out, uint64_t number) {
    char text[32];
    int size = snprintf(text, sizeof text, "%llu", (unsigned long long)number);
    for (int i = 0; i < size; i++) {
        if (i && (size - i) % 3 == 0)
            bytes_add_byte(out, ',');
        bytes_add_byte(out, (uint8_t)text[i]);
    }
}

static void add_count(struct bytes *out, uint64_t number, const char *one, const char *many) {
    report_html_number(out, number);
    bytes_add_byte(out, ' ');
    add(out, number == 1 ? one : many);
}

static void add_bytes(struct bytes *out, const struct bytes *text) {
    report_html_text(out, text->data ? (const char *)text->data : "", text->size);
    out->failed |= text->failed;
}

/* ---- Charts -------------------------------------------------------------------------------- */

static uint32_t span_of(const struct report_figures *figures, uint32_t *first, uint32_t *last) {
    *first = *last = 0;
    for (uint32_t i = 0; i < figures->year_count; i++) {
        uint32_t year = figures->years[i].year;
        if (!year)
            continue;
        *first = *first ? *first : year;
        *last = year;
    }
    return *first ? *last - *first + 1 : 0;
}

static uint32_t hits_in(const struct report_figures *figures, uint32_t year) {
    for (uint32_t i = 0; i < figures->year_count; i++)
        if (figures->years[i].year == year)
            return figures->years[i].hits;
    return 0;
}

static uint32_t most_hits(const struct report_figures *figures) {
    uint32_t most = 1;
    for (uint32_t i = 0; i < figures->year_count; i++)
        if (figures->years[i].year && figures->years[i].hits > most)
            most = figures->years[i].hits;
    return most;
}

static void add_bars(struct bytes *out, const struct report_figures *figures, uint32_t first,
                     uint32_t span) {
    uint32_t most = most_hits(figures), step = span > 14 ? (span + 11) / 12 : 1;
    double wide = (double)CHART_WIDTH / span;
    for (uint32_t i = 0; i < span; i++) {
        uint32_t hits = hits_in(figures, first + i);
        double height = 80.0 * hits / most, left = i * wide;
        if (hits)
            bytes_printf(out,
                         "<rect class=\"bar\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
                         "height=\"%.1f\" rx=\"2\"><title>%u: %u</title></rect>",
                         left + wide * 0.12, BASE - height, wide * 0.76, height, first + i, hits);
        if (hits && (hits == most || span <= 14))
            bytes_printf(out, "<text class=\"value\" x=\"%.1f\" y=\"%.1f\">%u</text>",
                         left + wide / 2, BASE - height - 4, hits);
        if (i % step == 0)
            /* On a phone every other one is left out: they would touch. */
            bytes_printf(out, "<text%s x=\"%.1f\" y=\"%d\">%u</text>",
                         span > 7 && i / step % 2 ? " class=\"alt\"" : "", left + wide / 2,
                         BASE + 18, first + i);
    }
}

static void add_chart(struct bytes *out, const struct report_answer *answer,
                      const struct report_figures *figures) {
    uint32_t first, last, span = span_of(figures, &first, &last);
    if (span < 2 || span > 200)
        return;
    bytes_printf(out,
                 "<figure class=\"chart\"><svg viewBox=\"0 0 %d %d\" role=\"img\" "
                 "aria-labelledby=\"c%zu\">",
                 CHART_WIDTH, CHART_HEIGHT, answer->number + 1);
    bytes_printf(out, "<title id=\"c%zu\">Passages by year, %u to %u:", answer->number + 1, first,
                 last);
    for (uint32_t year = first; year <= last; year++)
        if (hits_in(figures, year))
            bytes_printf(out, " %u %u;", year, hits_in(figures, year));
    bytes_printf(out, "</title><line x1=\"0\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>", CHART_WIDTH, BASE,
                 BASE);
    add_bars(out, figures, first, span);
    add(out, "</svg><figcaption>Passages by year of the meeting</figcaption></figure>\n");
}

/* ---- A passage ----------------------------------------------------------------------------- */

static void add_marked(struct bytes *out, const struct listing_hit *hit) {
    const char *text = hit->passage.text;
    size_t at = 0, size = hit->passage.size;
    for (size_t i = 0; i < hit->highlight_count; i++) {
        const struct highlight_range *range = &hit->highlights[i];
        if (range->begin < at || range->end > size || range->begin > range->end)
            continue;
        report_html_text(out, text + at, range->begin - at);
        add(out, "<mark>");
        report_html_text(out, text + range->begin, range->end - range->begin);
        add(out, "</mark>");
        at = range->end;
    }
    report_html_text(out, text + at, size - at);
}

static void add_around(struct bytes *out, const struct listing_passage *passages, size_t count) {
    for (size_t i = 0; i < count; i++) {
        bool heading = passages[i].row.kind == PASSAGE_HEADING;
        add(out, heading ? "<p class=\"around title\">" : "<p class=\"around\">");
        report_html_text(out, passages[i].text, passages[i].size);
        add(out, "</p>\n");
    }
}

/* A path as a link: what no URL may hold is percent-encoded; web addresses stay what they are. */
static void add_link(struct bytes *out, const char *source) {
    static const char hex[] = "0123456789ABCDEF";
    bool web = strncmp(source, "https://", 8) == 0 || strncmp(source, "http://", 7) == 0;
    if (source[0] == '/')
        add(out, "file://");
    else if (!web)
        add(out, "./");
    for (; *source; source++) {
        unsigned char c = (unsigned char)*source;
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                     strchr("-_.~/", c) || (web && strchr(":?#=%+,;@", c));
        if (web && c == '&') {
            add(out, "&amp;");
        } else if (plain) {
            bytes_add_byte(out, c);
        } else {
            bytes_add_byte(out, '%');
            bytes_add_byte(out, (uint8_t)hex[c >> 4]);
            bytes_add_byte(out, (uint8_t)hex[c & 15]);
        }
    }
}

static void add_citation(struct bytes *out, const struct listing_hit *hit) {
    struct bytes text = BYTES_INIT;
    add(out, "<footer><cite>");
    citation_write(&text, &hit->document, &hit->passage.row);
    add_bytes(out, &text);
    add(out, "</cite>");
    if (hit->document.source) {
        bytes_reset(&text);
        citation_source(&text, &hit->document, &hit->passage.row, NULL);
        add(out, " <a class=\"source\" href=\"");
        add_link(out, hit->document.source);
        add(out, "\" title=\"");
        add_bytes(out, &text);
        add(out, "\">Source<span class=\"hidden\"> of passage ");
        bytes_printf(out, "%u</span></a>", hit->hit->rank);
    }
    add(out, "</footer>");
    bytes_free(&text);
}

static void add_hit(struct bytes *out, const struct report_answer *answer,
                    const struct listing_hit *hit) {
    bytes_printf(out, "<li id=\"t%zu-%u\" value=\"%u\"><blockquote>\n", answer->number + 1,
                 hit->hit->rank, hit->hit->rank);
    add_around(out, hit->before, hit->before_count);
    add(out, "<p>");
    const char *speaker = hit->passage.row.speaker;
    size_t size = speaker ? strlen(speaker) : 0;
    if (size && (size > hit->passage.size || memcmp(speaker, hit->passage.text, size) != 0)) {
        add(out, "<b class=\"speaker\">");
        report_html_string(out, speaker);
        add(out, "</b> ");
    }
    add_marked(out, hit);
    add(out, "</p>\n");
    add_around(out, hit->after, hit->after_count);
    add(out, "</blockquote>");
    add_citation(out, hit);
    add(out, "</li>\n");
}

/* ---- A topic ------------------------------------------------------------------------------- */

static void add_topic_head(struct bytes *out, const struct report_answer *answer,
                           const struct report_figures *figures) {
    bytes_printf(out,
                 "<section class=\"topic\" id=\"t%zu\" aria-labelledby=\"h%zu\">\n"
                 "<header><p class=\"number\">Topic ",
                 answer->number + 1, answer->number + 1);
    report_html_string(out, answer->topic->id);
    bytes_printf(out, "</p>\n<h2 id=\"h%zu\">", answer->number + 1);
    report_html_string(out, answer->topic->query);
    add(out, "</h2>\n<p class=\"sum\">");
    if (!figures->exact)
        add(out, "about ");
    add_count(out, figures->hits, "passage", "passages");
    add(out, " in ");
    if (figures->hits > figures->listed)
        add(out, "at least ");
    add_count(out, figures->documents, "document", "documents");
    if (answer->topic->scope) {
        add(out, " \u00b7 within ");
        report_html_string(out, answer->topic->scope);
    }
    add(out, "</p></header>\n");
}

int report_html_topic(struct bytes *out, const struct report_answer *answer,
                      const struct report_figures *figures, struct error *err) {
    struct listing *listing;
    const struct listing_options options = {0, answer->options->context};
    add_topic_head(out, answer, figures);
    add_chart(out, answer, figures);
    int status = listing_open(&listing, answer->searcher, answer->result, &options, err);
    add(out, answer->result->hit_count ? "<ol class=\"hits\">\n"
             : *answer->options->news  ? "<p class=\"none\">Nothing new on this topic.</p>\n"
                                       : "<p class=\"none\">No passage answers this topic.</p>\n");
    for (size_t i = 0; i < answer->result->hit_count && !status; i++) {
        const struct listing_hit *hit;
        if (answer->result->hits[i].rank > answer->options->limit)
            break;
        status = listing_load(listing, i, &hit, err);
        if (!status)
            add_hit(out, answer, hit);
    }
    listing_close(listing);
    add(out, answer->result->hit_count ? "</ol>\n" : "");
    add(out, "<p class=\"up\"><a href=\"#overview\">Back to the overview</a></p></section>\n");
    return status;
}
