/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What surrounds the results: when things were said, as bars that can be chosen from, and by whom.
 */
#include "searcher/serve/page.h"
#include "searcher/serve/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OUT (&x->answer.body)

enum {
    MONTHS_MOST = 48, /* more of them are shown as years */
    BARS_MOST = 120,
    BAR_WIDTH = 10,
    BAR_HEIGHT = 100,
    VALUES_SHOWN = 8,
};

/* ---- The timeline -------------------------------------------------------------------------- */

struct bars {
    uint64_t values[BARS_MOST];
    unsigned first, count; /* years, or months counted from the year 0 */
    bool months;
    uint64_t most;
};

static unsigned place_of(const char *value, bool months) {
    unsigned year = (unsigned)strtoul(value, NULL, 10);
    return months ? year * 12 + (unsigned)strtoul(value + 5, NULL, 10) - 1 : year;
}

static bool make_bars(struct bars *bars, const struct plenary_value *values, size_t count,
                      bool months) {
    *bars = (struct bars){.months = months};
    if (!count)
        return false;
    unsigned last = place_of(values[count - 1].value, months);
    bars->first = place_of(values[0].value, months);
    if (last < bars->first || last - bars->first >= (months ? MONTHS_MOST : BARS_MOST))
        return false;
    bars->count = last - bars->first + 1;
    for (size_t i = 0; i < count; i++) {
        unsigned at = place_of(values[i].value, months) - bars->first;
        if (at >= bars->count)
            continue;
        bars->values[at] = values[i].passages;
        if (values[i].passages > bars->most)
            bars->most = values[i].passages;
    }
    return bars->most > 0;
}

static void bar_value(char out[16], const struct bars *bars, unsigned i) {
    unsigned place = bars->first + i;
    if (bars->months)
        snprintf(out, 16, "%04u-%02u", place / 12 % 10000, place % 12 + 1);
    else
        snprintf(out, 16, "%04u", place % 10000);
}

static bool is_chosen(const struct ask *ask, const char *value) {
    return (*ask->from || *ask->to) &&
           (!*ask->from || strncmp(value, ask->from, strlen(value)) >= 0) &&
           (!*ask->to || strncmp(value, ask->to, strlen(ask->to)) <= 0);
}

/* A square root keeps years with little to see. */
static unsigned bar_height(const struct bars *bars, unsigned i) {
    if (!bars->values[i])
        return 0;
    return 4 + (unsigned)(sqrt((double)bars->values[i] / (double)bars->most) * (BAR_HEIGHT - 4));
}

static void write_bar(struct exchange *x, const struct ask *ask, const struct bars *bars,
                      unsigned i) {
    char value[16];
    struct ask there = *ask;
    struct bytes number = BYTES_INIT;
    unsigned height = bar_height(bars, i);
    bar_value(value, bars, i);
    there.from = there.to = value;
    there.offset = 0;
    words_number(&number, x->language, bars->values[i]);
    bytes_printf(OUT, "<a data-value=\"%s\"%s", value,
                 is_chosen(ask, value) ? " class=\"chosen\"" : "");
    if (height)
        page_href(x, "/", &there);
    bytes_printf(OUT, "><title>%s: ", value);
    if (bytes_string(&number))
        page_words(x, WORDS_PASSAGES, (const char *)number.data, NULL);
    bytes_printf(OUT,
                 "</title><rect class=\"hold\" x=\"%u\" y=\"0\" width=\"%d\" height=\"%d\"/>"
                 "<rect class=\"bar\" x=\"%u\" y=\"%u\" width=\"%d\" height=\"%u\"/></a>\n",
                 i * BAR_WIDTH, BAR_WIDTH, BAR_HEIGHT, i * BAR_WIDTH + 1, BAR_HEIGHT - height,
                 BAR_WIDTH - 2, height);
    bytes_free(&number);
}

/* From one value that is told to the next: of months so that Januaries, which name the year, are
 * told. */
static unsigned axis_step(const struct bars *bars) {
    unsigned step = (bars->count + 7) / 8;
    return !bars->months || step <= 3 ? step : 6;
}

/* As many of the values as there is room for, under the bars they belong to. */
static void write_axis(struct exchange *x, const struct bars *bars) {
    unsigned step = axis_step(bars);
    bytes_add_string(OUT, "<ol class=\"axis\" aria-hidden=\"true\">");
    for (unsigned i = 0; i < bars->count; i++) {
        char value[16];
        bar_value(value, bars, i);
        unsigned month = (bars->first + i) % 12;
        bool told = bars->months ? month % step == 0 : i % step == 0;
        if (!told)
            bytes_add_string(OUT, "<li></li>");
        else if (bars->months && month)
            bytes_printf(OUT, "<li>%s</li>", words_month(x->language, month + 1));
        else
            bytes_printf(OUT, "<li>%.4s</li>", value);
    }
    bytes_add_string(OUT, "</ol>");
}

static void write_date(struct exchange *x, const char *name, enum words label, const char *value) {
    bytes_printf(OUT, "<label>");
    page_words(x, label, NULL, NULL);
    bytes_printf(OUT,
                 " <input name=\"%s\" inputmode=\"numeric\" pattern=\"[0-9]{4}(-[0-9]{2}){0,2}\" "
                 "maxlength=\"10\" size=\"10\" placeholder=\"2018-08\" value=\"",
                 name);
    text_html(OUT, value);
    bytes_add_string(OUT, "\"></label> ");
}

static void hidden(struct exchange *x, const char *name, const char *value) {
    if (!*value)
        return;
    bytes_printf(OUT, "<input type=\"hidden\" name=\"%s\" value=\"", name);
    text_html(OUT, value);
    bytes_add_string(OUT, "\">");
}

static void write_range(struct exchange *x, const struct ask *ask) {
    bytes_add_string(OUT, "<form class=\"range\" action=\"");
    text_html(OUT, x->site->prefix);
    bytes_add_string(OUT, "/\">");
    hidden(x, "q", ask->query);
    hidden(x, "speaker", ask->speaker);
    hidden(x, "body", ask->body);
    hidden(x, "language", ask->language);
    for (size_t i = 0; i < ask->in_count; i++)
        hidden(x, "in", ask->in[i]);
    write_date(x, "from", WORDS_FROM, ask->from);
    write_date(x, "to", WORDS_TO, ask->to);
    bytes_add_string(OUT, "<button>");
    page_words(x, WORDS_APPLY, NULL, NULL);
    bytes_add_string(OUT, "</button>");
    if (*ask->from || *ask->to) {
        struct ask all = *ask;
        all.from = all.to = "";
        all.offset = 0;
        bytes_add_string(OUT, "<a class=\"clear\"");
        page_href(x, "/", &all);
        bytes_add_byte(OUT, '>');
        page_words(x, WORDS_CLEAR, NULL, NULL);
        bytes_add_string(OUT, "</a>");
    }
    bytes_add_string(OUT, "</form>");
}

void page_timeline(struct exchange *x, const struct ask *ask, const struct plenary_values *values) {
    struct bars bars;
    size_t count;
    const struct plenary_value *all = plenary_values_of(values, PLENARY_BY_MONTH, &count);
    bool found = make_bars(&bars, all, count, true);
    if (!found) {
        all = plenary_values_of(values, PLENARY_BY_YEAR, &count);
        found = make_bars(&bars, all, count, false);
    }
    bytes_add_string(OUT, "<section class=\"time\" aria-label=\"");
    page_words(x, WORDS_TIME, NULL, NULL);
    bytes_add_string(OUT, "\"><div class=\"inner\">");
    if (found) {
        bytes_printf(OUT,
                     "<div class=\"chart\"><svg class=\"bars\" viewBox=\"0 0 %u %d\" "
                     "preserveAspectRatio=\"none\" role=\"group\" aria-label=\"",
                     bars.count * BAR_WIDTH, BAR_HEIGHT);
        page_words(x, WORDS_TIME, NULL, NULL);
        bytes_add_string(OUT, "\">\n");
        for (unsigned i = 0; i < bars.count; i++)
            write_bar(x, ask, &bars, i);
        bytes_add_string(OUT, "</svg>");
        write_axis(x, &bars);
        bytes_add_string(OUT, "</div>");
    }
    write_range(x, ask);
    bytes_add_string(OUT, "</div></section>\n");
}

/* ---- Speakers, bodies, languages ----------------------------------------------------------- */

static void write_value(struct exchange *x, const struct ask *there, const char *value,
                        const struct plenary_value *one, uint64_t most, bool chosen) {
    bytes_add_string(OUT, "<li><a");
    page_href(x, "/", there);
    bytes_printf(OUT, "%s><span class=\"name\" dir=\"auto\">",
                 chosen ? " aria-current=\"true\"" : "");
    text_html(OUT, value);
    bytes_add_string(OUT, "</span><span class=\"count\">");
    page_number(x, one->passages);
    bytes_printf(OUT,
                 "</span><svg aria-hidden=\"true\" viewBox=\"0 0 100 2\" "
                 "preserveAspectRatio=\"none\"><rect width=\"%u\" height=\"2\"/></svg></a></li>\n",
                 1 + (unsigned)(one->passages * 99 / (most ? most : 1)));
}

static void write_facet(struct exchange *x, const struct ask *ask,
                        const struct plenary_values *values, enum plenary_facet facet,
                        enum words title) {
    size_t count;
    const struct plenary_value *all = plenary_values_of(values, facet, &count);
    bool chosen_one = facet == PLENARY_BY_BODY ? *ask->body : *ask->language;
    if (count < (facet == PLENARY_BY_SPEAKER || chosen_one ? 1 : 2))
        return;
    bytes_add_string(OUT, "<section class=\"facet\"><h2>");
    page_words(x, title, NULL, NULL);
    bytes_add_string(OUT, "</h2><ul>\n");
    for (size_t i = 0; i < count && i < VALUES_SHOWN; i++) {
        struct ask there = *ask;
        there.offset = 0;
        const char **field = facet == PLENARY_BY_SPEAKER ? &there.speaker
                             : facet == PLENARY_BY_BODY  ? &there.body
                                                         : &there.language;
        bool chosen = strcmp(*field, all[i].value) == 0;
        *field = chosen ? "" : all[i].value;
        write_value(x, &there, all[i].value, &all[i], all[0].passages, chosen);
    }
    bytes_add_string(OUT, "</ul>");
    if (facet == PLENARY_BY_SPEAKER) {
        bytes_add_string(OUT, "<p class=\"all\"><a");
        page_href(x, "/speakers", ask);
        bytes_add_byte(OUT, '>');
        page_words(x, WORDS_ALL_SPEAKERS, NULL, NULL);
        bytes_add_string(OUT, "</a></p>");
    }
    bytes_add_string(OUT, "</section>\n");
}

void page_facets(struct exchange *x, const struct ask *ask, const struct plenary_values *values) {
    write_facet(x, ask, values, PLENARY_BY_SPEAKER, WORDS_SPEAKERS);
    write_facet(x, ask, values, PLENARY_BY_BODY, WORDS_BODY);
    write_facet(x, ask, values, PLENARY_BY_LANGUAGE, WORDS_LANGUAGE);
}
