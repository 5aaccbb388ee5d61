/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page around the topics of an HTML report: head, overview, heat map, end. */
#include "searcher/report_page.h"

#include "searcher/report.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MOST = 24, LEVELS = 5 };

static void add(struct bytes *out, const char *html) {
    bytes_add_string(out, html);
}

/* ---- The overview -------------------------------------------------------------------------- */

static void add_years(struct bytes *out, const struct report_figures *figures) {
    uint32_t first = 0, last = 0;
    for (uint32_t i = 0; i < figures->year_count; i++) {
        first = first ? first : figures->years[i].year;
        last = figures->years[i].year;
    }
    if (first)
        bytes_printf(out, first == last ? "%u" : "%u\u2013%u", first, last);
    else if (figures->listed)
        add(out, "<span class=\"faint\">undated</span>");
}

static void add_overview_row(struct bytes *out, size_t number, const struct topic *topic,
                             const struct report_figures *figures) {
    bytes_printf(out, "<tr><th scope=\"row\"><a href=\"#t%zu\">", number + 1);
    report_html_string(out, topic->query);
    add(out, "</a></th><td class=\"n\">");
    add(out, figures->exact ? "" : "\u2248\u2009");
    report_html_number(out, figures->hits);
    add(out, "</td><td class=\"n\">");
    add(out, figures->hits > figures->listed ? "\u2265\u2009" : "");
    report_html_number(out, figures->documents);
    add(out, "</td><td class=\"years\">");
    add_years(out, figures);
    add(out, "</td></tr>\n");
}

static void add_overview(struct bytes *out, const struct topics *topics,
                         const struct report_figures *figures) {
    add(out, "<section id=\"overview\" aria-labelledby=\"overview-title\">\n"
             "<h2 id=\"overview-title\">Overview</h2>\n<div class=\"scroll\" tabindex=\"0\" "
             "role=\"region\" aria-label=\"Topics in figures\"><table class=\"overview\">"
             "<thead><tr><th scope=\"col\">Topic</th><th scope=\"col\" class=\"n\">Passages</th>"
             "<th scope=\"col\" class=\"n\">Documents</th><th scope=\"col\" "
             "class=\"years\">Years</th></tr></thead>"
             "<tbody>\n");
    for (size_t i = 0; i < topics->count; i++)
        add_overview_row(out, i, &topics->all[i], &figures[i]);
    add(out, "</tbody></table></div>\n");
}

/* ---- The heat map -------------------------------------------------------------------------- */

/* Its columns: years, or where there are no two of them the documents with the most hits. */
struct column {
    uint64_t key;
    uint64_t hits;
    char title[80];
};

struct columns {
    struct column *all; /* owned */
    size_t count, capacity;
    bool years, failed;
};

static void columns_add(struct columns *columns, uint64_t key, uint64_t hits, const char *title) {
    for (size_t i = 0; i < columns->count; i++)
        if (columns->all[i].key == key) {
            columns->all[i].hits += hits;
            return;
        }
    if (columns->count == 4096) /* what comes so late is hardly among the first */
        return;
    if (columns->count == columns->capacity) {
        size_t capacity = columns->capacity ? 2 * columns->capacity : 64;
        struct column *grown = reallocarray(columns->all, capacity, sizeof *grown);
        if (!grown) {
            columns->failed = true;
            return;
        }
        columns->all = grown;
        columns->capacity = capacity;
    }
    struct column *column = &columns->all[columns->count++];
    *column = (struct column){key, hits, ""};
    snprintf(column->title, sizeof column->title, "%s", title);
}

static int by_hits(const void *a, const void *b) {
    const struct column *x = a, *y = b;
    if (x->hits != y->hits)
        return x->hits > y->hits ? -1 : 1;
    return (x->key > y->key) - (x->key < y->key);
}

static int by_key(const void *a, const void *b) {
    const struct column *x = a, *y = b;
    return (x->key > y->key) - (x->key < y->key);
}

static void columns_take(struct columns *columns, const struct report_figures *figures,
                         size_t count) {
    columns->years = true;
    for (size_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < figures[i].year_count; k++)
            if (figures[i].years[k].year) {
                char year[16];
                snprintf(year, sizeof year, "%u", figures[i].years[k].year);
                columns_add(columns, figures[i].years[k].year, figures[i].years[k].hits, year);
            }
    if (columns->count < 2) {
        columns->years = false;
        columns->count = 0;
        for (size_t i = 0; i < count; i++)
            for (uint32_t k = 0; k < figures[i].top_count; k++)
                columns_add(columns, figures[i].top[k].key, figures[i].top[k].hits,
                            figures[i].top[k].title);
    }
    if (columns->count)
        qsort(columns->all, columns->count, sizeof *columns->all, by_hits);
    if (columns->count > COLUMNS_MOST)
        columns->count = COLUMNS_MOST;
    if (columns->count && columns->years)
        qsort(columns->all, columns->count, sizeof *columns->all, by_key);
}

static uint32_t cell(const struct columns *columns, size_t column,
                     const struct report_figures *figures) {
    uint64_t key = columns->all[column].key;
    if (columns->years) {
        for (uint32_t i = 0; i < figures->year_count; i++)
            if (figures->years[i].year == key)
                return figures->years[i].hits;
        return 0;
    }
    for (uint32_t i = 0; i < figures->top_count; i++)
        if (figures->top[i].key == key)
            return figures->top[i].hits;
    return 0;
}

static unsigned level(uint32_t hits, uint32_t most) {
    unsigned step = 0;
    for (uint32_t bound = most; hits && step < LEVELS - 1 && hits < bound; step++)
        bound = (bound + 1) / 2;
    return hits ? LEVELS - step : 0;
}

static void add_heat_row(struct bytes *out, const struct columns *columns, size_t number,
                         const struct topic *topic, const struct report_figures *figures,
                         uint32_t most) {
    bytes_printf(out, "<tr><th scope=\"row\"><a href=\"#t%zu\">", number + 1);
    report_html_string(out, topic->query);
    add(out, "</a></th>");
    for (size_t i = 0; i < columns->count; i++) {
        uint32_t hits = cell(columns, i, figures);
        bytes_printf(out, "<td class=\"l%u\">", level(hits, most));
        if (hits)
            bytes_printf(out, "%u", hits);
        else
            add(out, "<span class=\"hidden\">0</span>");
        add(out, "</td>");
    }
    add(out, "</tr>\n");
}

static void add_heat_map(struct bytes *out, const struct topics *topics,
                         const struct report_figures *figures) {
    struct columns columns = {NULL, 0, 0, false, false};
    columns_take(&columns, figures, topics->count);
    bool deep = false;
    uint32_t most = 1;
    for (size_t i = 0; i < topics->count; i++)
        deep |= figures[i].hits > figures[i].listed;
    for (size_t i = 0; i < topics->count; i++)
        for (size_t k = 0; k < columns.count; k++)
            most = cell(&columns, k, &figures[i]) > most ? cell(&columns, k, &figures[i]) : most;
    if (columns.count > 1) {
        bytes_printf(out,
                     "<h3 id=\"heat-title\">Topics by %s</h3>\n<p class=\"legend\">Passages of "
                     "each topic %s; the darker, the more.%s</p>\n<div class=\"scroll\" "
                     "tabindex=\"0\" role=\"region\" aria-labelledby=\"heat-title\">"
                     "<table class=\"heat%s\"><thead><tr><td></td>",
                     columns.years ? "year" : "document",
                     columns.years ? "by the year of the meeting"
                                   : "in the documents that have the most",
                     deep ? " Counted over the thousand best of each topic." : "",
                     columns.years ? "" : " titled");
        for (size_t i = 0; i < columns.count; i++) {
            add(out, "<th scope=\"col\"><span>");
            report_html_string(out, columns.all[i].title);
            add(out, "</span></th>");
        }
        add(out, "</tr></thead><tbody>\n");
        for (size_t i = 0; i < topics->count; i++)
            add_heat_row(out, &columns, i, &topics->all[i], &figures[i], most);
        add(out, "</tbody></table></div>\n");
    }
    out->failed |= columns.failed;
    free(columns.all);
}

/* ---- The page ------------------------------------------------------------------------------ */

static void add_head(struct bytes *out, const struct report_options *options,
                     const struct snapshot *snapshot, const struct topics *topics) {
    const char *slash = strrchr(options->index, '/');
    const char *name = slash && slash[1] ? slash + 1 : options->index;
    const char *title = options->title ? options->title : name;
    char day[40], instant[40];
    struct tm utc;
    gmtime_r(&options->now, &utc);
    strftime(day, sizeof day, "%e %B %Y, %H:%M UTC", &utc);
    strftime(instant, sizeof instant, "%Y-%m-%dT%H:%M:%SZ", &utc);
    add(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
             "style-src 'unsafe-inline'\">\n<meta name=\"generator\" content=\"plenary-report "
             "" PLENARY_VERSION "\">\n<title>");
    report_html_string(out, title);
    add(out, "</title>\n<style>\n");
    add(out, report_html_style);
    add(out, "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the report</a>\n"
             "<header class=\"page\"><p class=\"kind\">Search report</p>\n<h1>");
    report_html_string(out, title);
    add(out, "</h1>\n<dl><div><dt>Topics</dt><dd>");
    report_html_number(out, topics->count);
    add(out, "</dd></div><div><dt>Documents</dt><dd>");
    report_html_number(out, snapshot_documents(snapshot));
    add(out, "</dd></div><div><dt>Passages</dt><dd>");
    report_html_number(out, snapshot_passages(snapshot));
    add(out, "</dd></div><div><dt>Written</dt><dd><time datetime=\"");
    add(out, instant);
    add(out, "\">");
    add(out, day[0] == ' ' ? day + 1 : day);
    add(out, "</time></dd></div></dl>");
    if (*options->news) {
        add(out, "<p class=\"news\">");
        report_html_string(out, options->news);
        add(out, "</p>");
    }
    add(out, "</header>\n<main id=\"main\">\n");
}

void report_html_begin(struct bytes *out, const struct report_options *options,
                       const struct snapshot *snapshot, const struct topics *topics,
                       const struct report_figures *figures) {
    add_head(out, options, snapshot, topics);
    add_overview(out, topics, figures);
    add_heat_map(out, topics, figures);
    add(out, "</section>\n");
}

void report_html_end(struct bytes *out, const struct report_options *options) {
    add(out, "</main>\n<footer class=\"page\"><p>Passages of <code>");
    report_html_string(out, options->index);
    add(out, "</code>, found and ranked by plenary " PLENARY_VERSION
             ". Highlighted words are those that the search matched.</p></footer>\n</body>\n"
             "</html>\n");
}

const char report_html_style[] =
    ":root{--paper:#fbfaf7;--card:#fff;--ink:#1d2328;--soft:#5a646d;--line:#dedbd3;--accent:#"
    "0b5563;"
    "--mark:#ffe9a8;--bar:#2f7f8c;--h0:#f3f1ec;--h1:#d8e9ea;--h2:#a9d0d3;--h3:#6fafb6;--h4:#2f7f8c;"
    "--h5:#0b4a57}\n"
    "@media(prefers-color-scheme:dark){:root{--paper:#15191c;--card:#1c2226;--ink:#e7e5df;"
    "--soft:#a3acb3;--line:#333b41;--accent:#7cc4cf;--mark:#6b5410;--bar:#5aa7b3;--h0:#1f262a;"
    "--h1:#20393e;--h2:#245259;--h3:#2b6e78;--h4:#3d919d;--h5:#7cc4cf}}\n"
    "*{box-sizing:border-box}\n"
    "html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}\n"
    "@media(prefers-reduced-motion:reduce){html{scroll-behavior:auto}}\n"
    "body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.6 Charter,'Bitstream "
    "Charter','Sitka Text',Cambria,Georgia,serif;overflow-wrap:break-word}\n"
    "header.page,main,footer.page{max-width:54rem;margin:0 auto;padding:0 1.25rem}\n"
    "h1,h2,h3,table,.news,.sum,.number,.kind,dl,footer,figcaption,.up,.none,.skip{font-"
    "family:"
    "system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif}\n"
    "header.page{padding-top:3rem}\n"
    ".kind,.number{margin:0;color:var(--accent);font-size:.8125rem;font-weight:600;"
    "letter-spacing:.06em;text-transform:uppercase}\n"
    "h1{margin:.25rem 0 1rem;font-size:clamp(1.75rem,5vw,2.5rem);line-height:1.15;"
    "letter-spacing:-.015em}\n"
    "h2{margin:.15rem 0 .35rem;font-size:1.5rem;line-height:1.25;letter-spacing:-.01em}\n"
    "h3{margin:2rem 0 .5rem;font-size:1.0625rem}\n"
    "dl{display:flex;flex-wrap:wrap;gap:.75rem 2.5rem;margin:0;padding:1rem 0 2rem;"
    "border-top:2px solid var(--ink)}\n"
    "dt{color:var(--soft);font-size:.8125rem}dd{margin:0;font-weight:600;"
    "font-variant-numeric:tabular-nums}\n"
    "a{color:var(--accent);text-decoration-thickness:1px;text-underline-offset:.18em}\n"
    "a:focus-visible,.scroll:focus-visible{outline:3px solid var(--accent);outline-offset:2px;"
    "border-radius:2px}\n"
    ".skip{position:absolute;left:-999rem}.skip:focus{left:1rem;top:1rem;background:var(--card);"
    "padding:.5rem 1rem}\n"
    ".hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);"
    "white-space:nowrap}\n"
    ".scroll{overflow-x:auto}\n"
    "table{border-collapse:collapse;width:100%;font-size:.9375rem;line-height:1.4}\n"
    ".overview th,.overview td{padding:.55rem .75rem .55rem 0;text-align:left;"
    "border-bottom:1px solid var(--line);vertical-align:top}\n"
    ".overview thead th{color:var(--soft);font-size:.8125rem;font-weight:500;"
    "border-bottom-color:var(--soft)}\n"
    ".overview tbody th{font-weight:500;min-width:9rem}\n"
    ".overview th.n,.overview td.n{text-align:right;padding-right:1.5rem;white-space:nowrap}"
    "td{font-variant-numeric:tabular-nums}.overview td:last-child{white-space:nowrap}\n"
    ".faint,.none,caption{color:var(--soft)}\n"
    ".heat{width:auto;border-collapse:separate;border-spacing:2px;font-size:.8125rem}\n"
    ".legend{margin:0 0 "
    ".5rem;color:var(--soft);font-size:.875rem;font-family:system-ui,sans-serif}\n"
    ".heat th{font-weight:500;text-align:left}.heat thead th{color:var(--soft);text-align:center;"
    "vertical-align:bottom;padding:0 .15rem .25rem}\n"
    ".heat tbody th{min-width:8rem;max-width:15rem;padding:.2rem .75rem .2rem "
    "0;position:sticky;left:0;"
    "background:var(--paper);overflow:hidden;text-overflow:ellipsis;white-space:nowrap}\n"
    ".heat tbody th a{color:inherit;text-decoration:none}.heat tbody th a:hover{"
    "text-decoration:underline}\n"
    ".heat td{min-width:2.25rem;height:1.9rem;text-align:center;border-radius:3px}\n"
    ".heat thead td{background:none}\n"
    ".titled thead span{display:block;writing-mode:vertical-rl;transform:rotate(180deg);"
    "max-height:11rem;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;margin:0 auto;"
    "text-align:left}\n"
    ".l0{background:var(--h0)}.l1{background:var(--h1)}.l2{background:var(--h2)}"
    ".l3{background:var(--h3)}.l4{background:var(--h4);color:#fff}.l5{background:var(--h5);"
    "color:#fff}.l1,.l2,.l3{color:#10262a}\n"
    "@media(prefers-color-scheme:dark){.l1,.l2,.l3{color:#e7e5df}.l4,.l5{color:#0c1416}}\n"
    ".news{margin:0 0 2rem;font-weight:600}\n"
    ".topic{margin-top:3.5rem;padding-top:1.5rem;border-top:2px solid var(--ink)}\n"
    ".sum{margin:0;color:var(--soft);font-size:.9375rem}\n"
    ".chart{margin:1.25rem 0 0}.chart "
    "svg{display:block;overflow:visible;width:100%;max-width:40rem;height:auto}\n"
    ".chart line{stroke:var(--line);stroke-width:1.5}.bar{fill:var(--bar)}"
    ".chart text{font:12px system-ui,sans-serif;fill:var(--soft);text-anchor:middle;"
    "font-variant-numeric:tabular-nums}.chart .value{fill:var(--ink)}\n"
    "figcaption{color:var(--soft);font-size:.8125rem}\n"
    ".hits{list-style:none;margin:1.5rem 0 0;padding:0;counter-reset:none}\n"
    ".hits>li{position:relative;margin:0 0 1rem;padding:1.1rem 1.25rem 1rem 3.5rem;"
    "background:var(--card);border:1px solid var(--line);border-radius:8px}\n"
    ".hits>li::before{content:counter(list-item);position:absolute;left:1.25rem;top:1.2rem;"
    "color:var(--accent);font:600 1rem/1.5 system-ui,sans-serif;"
    "font-variant-numeric:tabular-nums}\n"
    ".hits>li:target{border-color:var(--accent)}\n"
    "blockquote{margin:0}blockquote p{margin:0 0 .6rem;max-width:66ch}\n"
    ".around{color:var(--soft);font-size:.9375rem}.around.title{font-weight:600}\n"
    ".speaker{font-weight:600}\n"
    "mark{background:var(--mark);color:inherit;padding:.05em .12em;margin:0 -.02em;"
    "border-radius:3px;box-decoration-break:clone;-webkit-box-decoration-break:clone}\n"
    ".hits footer{display:flex;gap:.15rem 1rem;justify-content:space-between;"
    "color:var(--soft);font-size:.875rem;line-height:1.45}cite{font-style:normal;min-width:0}\n"
    ".source{flex:none;white-space:nowrap}\n"
    ".up{font-size:.875rem;margin:.25rem 0 0}\n"
    "footer.page{margin-top:4rem;padding-top:1rem;padding-bottom:3rem;color:var(--soft);"
    "font-size:.875rem}code{font-size:.95em}\n"
    "@media(max-width:36rem){body{font-size:1rem}header.page{padding-top:1.75rem}"
    "dl{gap:.6rem 1.75rem}.hits>li{padding:2.6rem 1rem .9rem}.hits>li::before{left:1rem;"
    "top:.85rem}.overview th.n,.overview "
    "td.n{padding-right:0;padding-left:.75rem}.topic{margin-top:2.5rem}"
    ".heat tbody th{min-width:6.5rem;max-width:8.5rem}.chart "
    "text{font-size:20px}.chart .alt{display:none}.chart{margin-top:1.75rem}.years{display:none}}\n"
    "@media print{:root{--paper:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;"
    "--accent:#000}html{font-size:10pt}body{font-size:1rem}.skip,.up{display:none}.hits>li{break-"
    "inside:avoid;"
    "border:0;border-bottom:1px solid var(--line);border-radius:0;padding-left:2.5rem}"
    ".hits>li::before{left:0}.topic:has(.hits){break-before:page;border-top:0}.scroll{overflow:"
    "visible}"
    "mark{background:none;font-weight:700;text-decoration:underline}"
    "td,.bar{print-color-adjust:exact;-webkit-print-color-adjust:exact}header.page,main,"
    "footer.page{max-width:none;padding-left:0;padding-right:0}}\n";
