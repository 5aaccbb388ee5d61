/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pages around the search: who spoke about it, what is covered, how to search.
 */
#include "searcher/serve/page.h"
#include "searcher/serve/routes.h"
#include "searcher/serve/tally_cache.h"
#include "searcher/serve/text.h"

#include <string.h>

#define OUT (&x->answer.body)

enum { SPEAKERS_MOST = 2000, DOCUMENTS_LISTED = 100 };

static void write_th(struct exchange *x, enum words which, const char *kind) {
    bytes_printf(OUT, "<th scope=\"col\"%s>", kind);
    page_words(x, which, NULL, NULL);
    bytes_add_string(OUT, "</th>");
}

/* ---- Who spoke about it -------------------------------------------------------------------- */

static void write_speaker(struct exchange *x, const struct ask *ask,
                          const struct plenary_value *value) {
    struct ask there = *ask;
    there.speaker = value->value;
    bytes_add_string(OUT, "<tr><th scope=\"row\" dir=\"auto\"><a");
    page_href(x, "/", &there);
    bytes_add_byte(OUT, '>');
    text_html(OUT, value->value);
    bytes_add_string(OUT, "</a></th><td class=\"count\">");
    page_number(x, value->passages);
    bytes_add_string(OUT, "</td><td>");
    page_time(x, value->first);
    bytes_add_string(OUT, "</td><td>");
    page_time(x, value->last);
    bytes_add_string(OUT, "</td></tr>\n");
}

void page_speakers(struct exchange *x, const char *rest) {
    struct ask ask;
    struct plenary_failure failure;
    struct tallied *tallied;
    size_t count;
    (void)rest;
    if (!page_ask(x, &ask, 0))
        return;
    ask.speaker = "";
    if (!*ask.query)
        ask.query = "*";
    if (tally_cache_take(&tallied, x->site, &ask, 1U << PLENARY_BY_SPEAKER, &failure) < 0) {
        exchange_failure(x, &failure);
        return;
    }
    const struct plenary_value *all =
        plenary_values_of(tallied_values(tallied), PLENARY_BY_SPEAKER, &count);
    page_begin(x, "table", words(x->language, WORDS_SPEAKERS), &ask);
    bytes_add_string(OUT, "<div class=\"prose\"><p class=\"kicker\"><a");
    page_href(x, "/", &ask);
    bytes_add_string(OUT, ">← ");
    page_words(x, WORDS_BACK, NULL, NULL);
    bytes_add_string(OUT, "</a></p><h1>");
    page_words(x, WORDS_SPEAKERS, NULL, NULL);
    bytes_add_string(OUT, "</h1><p class=\"lead\"><code dir=\"auto\">");
    text_html(OUT, ask.query);
    bytes_add_string(OUT, "</code></p><table><thead><tr>");
    write_th(x, WORDS_SPEAKER, "");
    write_th(x, WORDS_PASSAGES_WORD, " class=\"count\"");
    write_th(x, WORDS_FIRST, "");
    write_th(x, WORDS_LAST, "");
    bytes_add_string(OUT, "</tr></thead><tbody>\n");
    for (size_t i = 0; i < count && i < SPEAKERS_MOST; i++)
        write_speaker(x, &ask, &all[i]);
    bytes_add_string(OUT, "</tbody></table></div>");
    page_end(x, tallied_generation(tallied));
    tally_cache_give(x->site->tallies, tallied);
}

/* ---- What is covered ----------------------------------------------------------------------- */

static void write_year(struct exchange *x, const struct plenary_value *year, uint64_t most) {
    struct ask there = {.query = "",
                        .from = year->value,
                        .to = year->value,
                        .speaker = "",
                        .body = "",
                        .language = "",
                        .after = ""};
    bytes_add_string(OUT, "<tr><th scope=\"row\">");
    if (*year->value) {
        bytes_add_string(OUT, "<a");
        page_href(x, "/", &there);
        bytes_add_byte(OUT, '>');
        text_html(OUT, year->value);
        bytes_add_string(OUT, "</a>");
    } else {
        page_words(x, WORDS_UNDATED, NULL, NULL);
    }
    bytes_add_string(OUT, "</th><td class=\"count\">");
    page_number(x, year->documents);
    bytes_add_string(OUT, "</td><td class=\"count\">");
    page_number(x, year->passages);
    bytes_printf(OUT,
                 "</td><td class=\"meter\"><svg aria-hidden=\"true\" viewBox=\"0 0 100 2\" "
                 "preserveAspectRatio=\"none\"><rect width=\"%u\" height=\"2\"/></svg></td><td>",
                 1 + (unsigned)(year->passages * 99 / (most ? most : 1)));
    page_time(x, year->first);
    if (year->first && year->last && strcmp(year->first, year->last) != 0) {
        bytes_add_string(OUT, " – ");
        page_time(x, year->last);
    }
    bytes_add_string(OUT, "</td></tr>\n");
}

static void write_years(struct exchange *x, const struct plenary_list *list) {
    size_t count;
    uint64_t most = 0;
    const struct plenary_value *years = plenary_list_years(list, &count);
    for (size_t i = 0; i < count; i++)
        most = years[i].passages > most ? years[i].passages : most;
    bytes_add_string(OUT, "<table><thead><tr>");
    write_th(x, WORDS_YEAR, "");
    write_th(x, WORDS_DOCUMENTS, " class=\"count\"");
    write_th(x, WORDS_PASSAGES_WORD, " class=\"count\"");
    bytes_add_string(OUT, "<td class=\"meter\"></td>");
    write_th(x, WORDS_DATE, "");
    bytes_add_string(OUT, "</tr></thead><tbody>\n");
    for (size_t i = count; i-- > 0;)
        write_year(x, &years[i], most);
    bytes_add_string(OUT, "</tbody></table>");
}

static void write_latest(struct exchange *x, const struct plenary_list *list) {
    size_t count;
    const struct plenary_document_info *all = plenary_list_of(list, &count);
    bytes_add_string(OUT, "<section class=\"latest\"><h2>");
    page_words(x, WORDS_LATEST, NULL, NULL);
    bytes_add_string(OUT, "</h2><ul>\n");
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
}

void page_coverage(struct exchange *x, const char *rest) {
    struct plenary_search_options options = PLENARY_SEARCH_OPTIONS_INIT;
    struct plenary_failure failure;
    struct plenary_list *list;
    struct plenary_state state;
    struct ask ask = {
        .query = "", .from = "", .to = "", .speaker = "", .body = "", .language = "", .after = ""};
    (void)rest;
    options.limit = DOCUMENTS_LISTED;
    plenary_state(x->site->plenary, &state);
    if (plenary_list_documents(&list, x->site->plenary, &options, &failure) < 0) {
        exchange_failure(x, &failure);
        return;
    }
    page_begin(x, "table", words(x->language, WORDS_COVERAGE), &ask);
    bytes_add_string(OUT, "<div class=\"prose\"><p class=\"kicker\">");
    page_words(x, WORDS_COVERAGE, NULL, NULL);
    bytes_add_string(OUT, "</p><h1>");
    page_words(x, WORDS_COVERAGE_LEAD, NULL, NULL);
    bytes_add_string(OUT, "</h1>");
    write_years(x, list);
    write_latest(x, list);
    bytes_add_string(OUT, "</div>");
    page_end(x, state.generation);
    plenary_list_free(list);
}

/* ---- How to search ------------------------------------------------------------------------- */

static const struct {
    const char *query, *english, *french, *spanish;
} examples[] = {
    {"rescue disembarkation", "either word; passages with both come first",
     "l’un ou l’autre mot ; les deux d’abord", "una u otra palabra; primero ambas"},
    {"+rescue +port", "both words", "les deux mots", "ambas palabras"},
    {"\"search and rescue\"", "these words in this order", "ces mots dans cet ordre",
     "estas palabras en este orden"},
    {"port -dredging", "the first without the second", "le premier sans le second",
     "la primera sin la segunda"},
    {"rescue NEAR/5 night", "at most five words apart", "à cinq mots au plus",
     "a cinco palabras como máximo"},
    {"traffick*", "words that begin so", "les mots qui commencent ainsi",
     "palabras que empiezan así"},
    {"=trafficking", "this form of the word only", "cette forme seulement", "solo esta forma"},
    {"title:forum", "in the title", "dans le titre", "en el título"},
    {"speaker:chair", "said by", "dit par", "dicho por"},
    {"heading:decision", "under a heading", "sous un intertitre", "bajo un encabezado"},
};

void page_help(struct exchange *x, const char *rest) {
    struct plenary_state state;
    struct ask ask = {
        .query = "", .from = "", .to = "", .speaker = "", .body = "", .language = "", .after = ""};
    (void)rest;
    plenary_state(x->site->plenary, &state);
    page_begin(x, "table", words(x->language, WORDS_HELP), &ask);
    bytes_add_string(OUT, "<div class=\"prose\"><h1>");
    page_words(x, WORDS_HELP, NULL, NULL);
    bytes_add_string(OUT, "</h1><table class=\"examples\"><tbody>\n");
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        const char *texts[] = {examples[i].english, examples[i].french, examples[i].spanish};
        ask.query = examples[i].query;
        bytes_add_string(OUT, "<tr><th scope=\"row\"><a");
        page_href(x, "/", &ask);
        bytes_add_string(OUT, "><code>");
        text_html(OUT, examples[i].query);
        bytes_add_string(OUT, "</code></a></th><td>");
        text_html(OUT, texts[x->language]);
        bytes_add_string(OUT, "</td></tr>\n");
    }
    bytes_add_string(OUT, "</tbody></table></div>");
    page_end(x, state.generation);
}
