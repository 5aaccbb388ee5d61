/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Output: the formats are what they say they are, and hostile documents cannot break out of them.
 */
#include "searcher/output.h"

#include "searcher/escape.h"
#include "searcher/wrap.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define TEXT "It counters trafficking in persons."
#define TEXT_BEGIN 1000
#define SOURCE_BEGIN 1200

/* ---- A hit of our own making -------------------------------------------------------------- */

struct sample {
    struct search_hit hits[3];
    struct search_result result;
    struct query_notice notice;
    struct listing_hit hit;
    struct highlight_range range;
    struct listing_passage neighbour;
    struct output output;
    struct output_summary summary;
    struct bytes to;
};

static int set_up(void **state) {
    struct sample *s = calloc(1, sizeof *s);
    assert_non_null(s);
    s->range = (struct highlight_range){12, 23, 0};
    s->hits[0] = (struct search_hit){.rank = 1, .place = 1, .score = 4.2123456789123};
    s->result = (struct search_result){
        .hits = s->hits, .hit_count = 1, .total = {1, true}, .description = "trafficking"};
    s->hit = (struct listing_hit){
        .hit = &s->hits[0],
        .document = {.id = "bali.txt",
                     .source = "/records/bali.txt",
                     .title = "Bali Process SOM 2018",
                     .language = "english",
                     .date = 20180806},
        .passage = {.row = {.number = 7,
                            .text_begin = TEXT_BEGIN,
                            .text_end = TEXT_BEGIN + sizeof TEXT - 1,
                            .source_begin = SOURCE_BEGIN,
                            .source_end = SOURCE_BEGIN + sizeof TEXT + 1,
                            .line_begin = 18,
                            .line_end = 23},
                    .id = "bali.txt#7",
                    .text = TEXT,
                    .size = sizeof TEXT - 1},
        .highlights = &s->range,
        .highlight_count = 1,
        .snippet = {.text = TEXT, .size = sizeof TEXT - 1, .ranges = &s->range, .range_count = 1},
    };
    s->summary = (struct output_summary){.text = "trafficking",
                                         .text_size = 11,
                                         .result = &s->result,
                                         .limit = 10,
                                         .generation = 3,
                                         .documents = 12,
                                         .passages = 345};
    s->output.to = &s->to;
    *state = s;
    return 0;
}

static int tear_down(void **state) {
    struct sample *s = *state;
    bytes_free(&s->to);
    free(s);
    return 0;
}

/* The whole output, for as many times the one hit as the result has. */
static const char *written(struct sample *s, enum output_format format) {
    struct error err = {0};
    bytes_reset(&s->to);
    s->output.format = format;
    assert_int_equal(output_begin(&s->output, &s->summary, &err), 0);
    for (size_t i = 0; i < s->result.hit_count; i++) {
        s->hit.hit = &s->hits[i];
        assert_int_equal(output_hit(&s->output, &s->hit, NULL, 0, &err), 0);
    }
    assert_int_equal(output_end(&s->output, &err), 0);
    return bytes_string(&s->to);
}

static json_t *parsed(struct sample *s, enum output_format format) {
    json_error_t where;
    const char *text = written(s, format);
    json_t *value = json_loads(text, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &where);
    if (!value)
        fail_msg("%s at %d in %s", where.text, where.position, text);
    return value;
}

/* ---- Escaping ----------------------------------------------------------------------------- */

static void assert_escaped(void (*escape)(struct bytes *, const char *, size_t), const char *text,
                           const char *expected) {
    struct bytes out = BYTES_INIT;
    escape(&out, text, strlen(text));
    assert_string_equal(bytes_string(&out), expected);
    bytes_free(&out);
}

static void control_characters_do_not_reach_a_terminal(void **state) {
    (void)state;
    assert_escaped(escape_terminal, "a\033[31mb\007\177c", "a␛[31mb␇␡c");
    assert_escaped(escape_terminal, "a\tb\r\nc", "a b  c");
    assert_escaped(escape_terminal,
                   "a\xC2\x9B"
                   "31m",
                   "a\xEF\xBF\xBD"
                   "31m");
    assert_escaped(escape_terminal, "São Tomé 会议", "São Tomé 会议");
}

static void directional_overrides_do_not_reach_a_terminal(void **state) {
    (void)state;
    assert_escaped(escape_terminal, "a\u202Eb\u2066c", "a\uFFFDb\uFFFDc");
    assert_escaped(escape_terminal, "\u202A\u2069", "\uFFFD\uFFFD");
    assert_escaped(escape_terminal,
                   "a\u2028b\xC2\x85"
                   "c",
                   "a b c");
}

static void invalid_utf8_is_replaced(void **state) {
    (void)state;
    assert_escaped(escape_terminal, "a\xFFz\xC3", "a\uFFFDz\uFFFD");
    assert_escaped(escape_utf8, "\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD");
    char text[] = "a\xFFz\xE2\x82";
    assert_int_equal(utf8_repair(text, strlen(text)), 3);
    assert_string_equal(text, "a?z??");
}

static void csv_fields_are_quoted_where_rfc_4180_asks(void **state) {
    (void)state;
    assert_escaped(escape_csv, "plain", "plain");
    assert_escaped(escape_csv, "", "");
    assert_escaped(escape_csv, "a,b", "\"a,b\"");
    assert_escaped(escape_csv, "say \"so\"", "\"say \"\"so\"\"\"");
    assert_escaped(escape_csv, "one\r\ntwo", "\"one\r\ntwo\"");
    assert_escaped(escape_csv, " a", "\" a\"");
    assert_escaped(escape_csv, "\033[2J", "␛[2J");
}

static void tsv_fields_stay_in_one_field_of_one_line(void **state) {
    (void)state;
    assert_escaped(escape_tsv, "a\tb\nc\rd\\e", "a\\tb\\nc\\rd\\\\e");
    assert_escaped(escape_tsv, "\033", "␛");
}

static void json_escapes_are_lossless(void **state) {
    (void)state;
    assert_escaped(escape_json, "\"\xC2\x9B\u202E\177é\"", "\"\\u009b\\u202e\\u007fé\"");
}

static void columns_are_counted_as_a_terminal_does(void **state) {
    (void)state;
    assert_int_equal(column_width('a'), 1);
    assert_int_equal(column_width(0xE9), 1);
    assert_int_equal(column_width(0x4F1A), 2);
    assert_int_equal(column_width(0x0301), 0);
    assert_int_equal(column_width(0x200D), 0);
    assert_int_equal(column_width(0x1F600), 2);
    assert_int_equal(column_width('\n'), 0);
}

/* ---- Wrapping ----------------------------------------------------------------------------- */

static void assert_wrapped(const char *text, const char *styled_word, unsigned width, bool colour,
                           const char *expected) {
    struct styled_text styled = STYLED_TEXT_INIT;
    struct bytes out = BYTES_INIT;
    struct error err;
    const char *at = styled_word ? strstr(text, styled_word) : text + strlen(text);
    size_t before = (size_t)(at - text), size = styled_word ? strlen(styled_word) : 0;
    styled_add(&styled, text, before, NULL);
    styled_add(&styled, at, size, SGR_MATCH);
    styled_add(&styled, at + size, strlen(at + size), NULL);
    struct wrap_layout layout = {width, 2, 2, colour};
    assert_int_equal(wrap_write(&out, &styled, &layout, &err), 0);
    assert_string_equal(bytes_string(&out), expected);
    styled_free(&styled);
    bytes_free(&out);
}

static void lines_are_filled_to_the_width(void **state) {
    (void)state;
    assert_wrapped("one two three four", NULL, 10, false, "one two\n  three\n  four");
    assert_wrapped("one two three four", NULL, 11, false, "one two\n  three\n  four");
    assert_wrapped("one two three four", NULL, 12, false, "one two\n  three four");
    assert_wrapped("one two three four", NULL, 0, false, "one two three four");
    assert_wrapped("", NULL, 10, false, "");
}

static void wide_characters_take_two_columns(void **state) {
    (void)state;
    assert_wrapped("会议审议了", NULL, 8, false, "会议审\n  议了");
}

static void what_cannot_be_broken_runs_over(void **state) {
    (void)state;
    assert_wrapped("a supercalifragilistic b", NULL, 10, false, "a\n  supercalifragilistic\n  b");
}

static void colour_goes_on_after_a_line_end(void **state) {
    (void)state;
    assert_wrapped("one two three four", "two three", 10, true,
                   "one " SGR_MATCH "two" SGR_OFF "\n  " SGR_MATCH "three" SGR_OFF "\n  four");
    assert_wrapped("one two three four", "two three", 10, false, "one two\n  three\n  four");
}

/* ---- Text --------------------------------------------------------------------------------- */

static void text_cites_quotes_and_says_where(void **state) {
    struct sample *s = *state;
    s->output.folder = "/records";
    assert_string_equal(written(s, OUTPUT_TEXT), "1 passage\n"
                                                 "\n"
                                                 " 1. Bali Process SOM 2018 · 6 August 2018 · ¶ 7\n"
                                                 "    It counters trafficking in persons.\n"
                                                 "    bali.txt:18-23  score 4.21\n");
}

static void text_marks_matches_in_colour_only_when_asked(void **state) {
    struct sample *s = *state;
    assert_null(strchr(written(s, OUTPUT_TEXT), '\033'));
    s->output.colour = true;
    assert_non_null(strstr(written(s, OUTPUT_TEXT),
                           "It counters " SGR_MATCH "trafficking" SGR_OFF " in persons."));
}

static void text_tells_what_is_not_shown(void **state) {
    struct sample *s = *state;
    s->result.total = (struct search_total){153, true};
    s->summary.offset = 20;
    s->summary.limit = 1;
    const char *text = written(s, OUTPUT_TEXT);
    assert_int_equal(strncmp(text, "153 passages; number 21 shown\n", 30), 0);
    assert_non_null(strstr(text, "--offset 21 shows more\n"));
    s->result.total = (struct search_total){150, false};
    assert_int_equal(strncmp(written(s, OUTPUT_TEXT), "at least 150 passages", 21), 0);
    s->result.hit_count = 0;
    assert_string_equal(written(s, OUTPUT_TEXT),
                        "at least 150 passages; none after the first 20\n");
    s->result.total = (struct search_total){0, true};
    assert_string_equal(written(s, OUTPUT_TEXT), "no passages\n");
    s->summary.filtered = true;
    assert_non_null(strstr(written(s, OUTPUT_TEXT), "no passages (of those that --from, --to, "));
}

static void text_groups_passages_under_their_document(void **state) {
    struct sample *s = *state;
    s->hits[1] = (struct search_hit){.rank = 1, .place = 2, .score = 1};
    s->result.hit_count = 2;
    s->result.total.value = 2;
    s->summary.grouped = true;
    assert_string_equal(written(s, OUTPUT_TEXT), "2 passages; document 1 shown\n"
                                                 "\n"
                                                 " 1. Bali Process SOM 2018 · 6 August 2018\n"
                                                 "    ¶ 7\n"
                                                 "        It counters trafficking in persons.\n"
                                                 "        /records/bali.txt:18-23  score 4.21\n"
                                                 "    ¶ 7\n"
                                                 "        It counters trafficking in persons.\n"
                                                 "        /records/bali.txt:18-23  score 1.00\n");
}

static void text_shows_context_with_its_headings(void **state) {
    struct sample *s = *state;
    s->neighbour = (struct listing_passage){
        .row = {.kind = PASSAGE_HEADING}, .id = "bali.txt#h2", .text = "Priorities", .size = 10};
    s->hit.before = &s->neighbour;
    s->hit.before_count = 1;
    assert_non_null(strstr(written(s, OUTPUT_TEXT),
                           "    # Priorities\n    It counters trafficking in persons.\n"));
}

static void an_explanation_lists_the_parts_of_the_score(void **state) {
    struct sample *s = *state;
    struct error err;
    struct output_part parts[] = {{"traffick", 4, 2, 17, 35}, {"(other)", 0.2123456789, 0, 0, 0}};
    s->summary.xapian = "Query(traffick)";
    s->output.format = OUTPUT_TEXT;
    assert_int_equal(output_begin(&s->output, &s->summary, &err), 0);
    assert_int_equal(output_hit(&s->output, &s->hit, parts, 2, &err), 0);
    const char *text = bytes_string(&s->to);
    assert_non_null(strstr(text, "understood as: trafficking\nfor Xapian:    Query(traffick)\n"));
    assert_non_null(strstr(text, "4.000000  traffick: 2 of 35 words here, in 17 passages\n"));
    assert_non_null(strstr(text, "0.212346  (other)\n"));
}

static void count_is_a_number_alone(void **state) {
    struct sample *s = *state;
    s->summary.count_only = true;
    s->result.total.value = 153;
    s->result.hit_count = 0;
    assert_string_equal(written(s, OUTPUT_TEXT), "153\n");
    assert_string_equal(written(s, OUTPUT_TSV), "153\n");
    json_t *root = parsed(s, OUTPUT_JSON);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(root, "total"), "value")),
                     153);
    assert_null(json_object_get(root, "results"));
    json_decref(root);
}

/* ---- JSON --------------------------------------------------------------------------------- */

static void json_reads_back_with_every_field(void **state) {
    struct sample *s = *state;
    json_t *root = parsed(s, OUTPUT_JSON), *highlights, *snippet_highlights;
    const char *id, *date, *passage, *kind, *snippet, *relation, *text;
    json_int_t schema, rank, number, begin, end, from, to, first, last, generation;
    double score;
    assert_int_equal(
        json_unpack(root,
                    "{s:I, s:{s:s, s:[]}, s:{s:I}, s:{s:s}, s:[{s:I, s:F, s:{s:s, s:s}, s:{s:s, "
                    "s:I, s:s, s:[I,I], s:[I,I], s:[I,I], s:n}, s:s, s:o, s:o}]}",
                    "schema", &schema, "query", "text", &text, "notices", "index", "generation",
                    &generation, "total", "relation", &relation, "results", "rank", &rank, "score",
                    &score, "document", "id", &id, "date", &date, "passage", "id", &passage,
                    "number", &number, "kind", &kind, "lines", &first, &last, "bytes", &from, &to,
                    "text_bytes", &begin, &end, "speaker", "snippet", &snippet, "highlights",
                    &highlights, "snippet_highlights", &snippet_highlights),
        0);
    assert_int_equal(schema, OUTPUT_SCHEMA);
    assert_string_equal(relation, "eq");
    assert_string_equal(date, "2018-08-06");
    assert_string_equal(passage, "bali.txt#7");
    assert_string_equal(snippet, TEXT);
    assert_int_equal(begin, TEXT_BEGIN);
    assert_int_equal(end, TEXT_BEGIN + sizeof TEXT - 1);
    assert_int_equal(from, SOURCE_BEGIN);
    assert_int_equal(to, SOURCE_BEGIN + sizeof TEXT + 1);
    assert_int_equal(json_integer_value(json_array_get(json_array_get(highlights, 0), 0)),
                     TEXT_BEGIN + 12);
    assert_int_equal(json_integer_value(json_array_get(json_array_get(snippet_highlights, 0), 1)),
                     23);
    json_decref(root);
}

static void a_score_has_nine_significant_digits(void **state) {
    assert_non_null(strstr(written(*state, OUTPUT_JSON), "\"score\":4.21234568,"));
    assert_non_null(strstr(written(*state, OUTPUT_CSV), "\r\n1,4.21234568,"));
}

static void what_is_not_known_is_null(void **state) {
    struct sample *s = *state;
    s->hit.document.title = NULL;
    s->hit.document.date = 0;
    s->hit.passage.row.line_begin = 0;
    json_t *root = parsed(s, OUTPUT_JSON);
    assert_int_equal(json_unpack(root, "{s:[{s:{s:n, s:n}, s:{s:n, s:n}}]}", "results", "document",
                                 "title", "date", "passage", "lines", "page"),
                     0);
    json_decref(root);
}

static void no_results_are_an_empty_array(void **state) {
    struct sample *s = *state;
    s->result.hit_count = 0;
    json_t *root = parsed(s, OUTPUT_JSON);
    assert_true(json_is_array(json_object_get(root, "results")));
    assert_int_equal(json_array_size(json_object_get(root, "results")), 0);
    json_decref(root);
    s->summary.grouped = true;
    root = parsed(s, OUTPUT_JSON);
    assert_true(json_is_array(json_object_get(root, "groups")));
    json_decref(root);
    assert_string_equal(written(s, OUTPUT_JSONL), "");
}

static void groups_hold_their_documents_results(void **state) {
    struct sample *s = *state;
    s->hits[1] = (struct search_hit){.rank = 1, .place = 2, .score = 3};
    s->hits[2] = (struct search_hit){.rank = 2, .place = 1, .score = 2};
    s->result.hit_count = 3;
    s->summary.grouped = true;
    json_t *root = parsed(s, OUTPUT_JSON), *groups = json_object_get(root, "groups");
    assert_int_equal(json_array_size(groups), 2);
    assert_int_equal(json_array_size(json_object_get(json_array_get(groups, 0), "results")), 2);
    assert_non_null(json_object_get(json_array_get(groups, 1), "document"));
    json_decref(root);
}

static void json_lines_are_one_object_each(void **state) {
    struct sample *s = *state;
    s->hits[1] = (struct search_hit){.rank = 2, .place = 1, .score = 3};
    s->result.hit_count = 2;
    const char *text = written(s, OUTPUT_JSONL);
    for (int rank = 1; rank <= 2; rank++) {
        const char *end = strchr(text, '\n');
        assert_non_null(end);
        json_t *line = json_loadb(text, (size_t)(end - text), 0, NULL);
        assert_int_equal(json_integer_value(json_object_get(line, "rank")), rank);
        json_decref(line);
        text = end + 1;
    }
    assert_string_equal(text, "");
}

static void notices_are_told(void **state) {
    struct sample *s = *state;
    s->notice = (struct query_notice){QUERY_REPAIR, 7, "the quotation mark is never closed"};
    s->result.query.notices = &s->notice;
    s->result.query.notice_count = 1;
    json_t *root = parsed(s, OUTPUT_JSON);
    json_int_t column;
    const char *kind;
    assert_int_equal(json_unpack(root, "{s:{s:[{s:s, s:I}]}}", "query", "notices", "kind", &kind,
                                 "column", &column),
                     0);
    assert_string_equal(kind, "repair");
    assert_int_equal(column, 7);
    json_decref(root);
}

/* ---- Tables ------------------------------------------------------------------------------- */

static void a_table_has_a_header_and_as_many_fields_in_each_line(void **state) {
    struct sample *s = *state;
    s->hit.document.title = "tab\there";
    const char *text = written(s, OUTPUT_TSV);
    size_t tabs[2] = {0, 0}, line = 0;
    for (; *text && line < 2; text++) {
        tabs[line] += *text == '\t';
        line += *text == '\n';
    }
    assert_string_equal(text, "");
    assert_int_equal(line, 2);
    assert_int_equal(tabs[0], tabs[1]);
}

static void csv_lines_end_as_rfc_4180_has_it(void **state) {
    struct sample *s = *state;
    s->hit.document.title = "Bali, \"SOM\"";
    const char *text = written(s, OUTPUT_CSV);
    assert_int_equal(strncmp(text, "rank,score,document_id,title,date,", 34), 0);
    assert_non_null(strstr(text, "snippet,text\r\n1,4.21234568,bali.txt,\"Bali, \"\"SOM\"\"\","
                                 "2018-08-06,/records/bali.txt,english,bali.txt#7,7,paragraph,"));
}

/* ---- Hostile documents -------------------------------------------------------------------- */

static bool is_valid_and_safe(const char *text, size_t size) {
    for (size_t i = 0; i < size;) {
        size_t start = i;
        uint32_t code = utf8_next(text, size, &i);
        bool replaced = i - start == 3 && memcmp(text + start, "\uFFFD", 3) == 0;
        bool blank = code == '\n' || code == '\r' || code == '\t';
        if ((code == 0xFFFD && !replaced) || (code < 0x20 && !blank) ||
            (code >= 0x7F && code <= 0x9F) || (code >= 0x202A && code <= 0x202E) ||
            (code >= 0x2066 && code <= 0x2069))
            return false;
    }
    return true;
}

static void random_bytes(char *text, size_t size, uint32_t *seed) {
    static const char *const nasty[] = {
        "\033]0;title\007", "\u202E", "\u2066", "\xC2\x9B", "\"", "\\", "\n", "\t"};
    size_t used = 0;
    while (used + 16 < size) {
        *seed = *seed * 1664525u + 1013904223u;
        if (*seed >> 30) {
            text[used++] = (char)(1 + (*seed >> 8) % 255);
            continue;
        }
        const char *piece = nasty[(*seed >> 8) % (sizeof nasty / sizeof *nasty)];
        memcpy(text + used, piece, strlen(piece));
        used += strlen(piece);
    }
    text[used] = '\0';
}

static void no_bytes_of_a_document_break_any_format(void **state) {
    struct sample *s = *state;
    uint32_t seed = (uint32_t)time(NULL);
    const char *given = getenv("PLENARY_SEED");
    if (given)
        seed = (uint32_t)strtoul(given, NULL, 10);
    printf("seed %u (PLENARY_SEED)\n", seed);
    for (int round = 0; round < 500; round++) {
        char text[200];
        random_bytes(text, sizeof text, &seed);
        s->hit.document.title = s->hit.document.id = s->hit.document.source = text;
        s->hit.passage.row.speaker = s->hit.passage.row.heading = text;
        s->hit.passage.id = s->summary.text = s->result.description = text;
        s->hit.passage.text = s->hit.snippet.text = text;
        s->summary.text_size = s->hit.passage.size = s->hit.snippet.size = strlen(text);
        s->output.width = round % 2 ? 40 : 0;
        for (int format = OUTPUT_TEXT; format <= OUTPUT_TSV; format++) {
            const char *out = written(s, (enum output_format)format);
            assert_true(is_valid_and_safe(out, strlen(out)));
        }
        json_decref(parsed(s, OUTPUT_JSON));
        json_decref(parsed(s, OUTPUT_JSONL));
    }
}

static void short_memory_is_an_error_and_no_cut_output(void **state) {
    struct sample *s = *state;
    struct error err;
    for (int format = OUTPUT_TEXT; format <= OUTPUT_TSV; format++) {
        bytes_free(&s->to);
        s->to.limit = 100;
        s->output.format = (enum output_format)format;
        int status = output_begin(&s->output, &s->summary, &err);
        for (int i = 0; i < 3 && status >= 0; i++)
            status = output_hit(&s->output, &s->hit, NULL, 0, &err);
        assert_int_equal(status, PLENARY_ENOMEM);
        s->to.limit = 0;
        bytes_reset(&s->to);
    }
}

/* ---- Facets, duplicates, cursors, suggestions ------------------------------------------------ */

static const struct facet_value speakers[] = {{"The \033[31mChair", 45, 12, 20170301, 20181100},
                                              {"Ann", 7, 1, 0, 0}};
static const struct facet_value years[] = {
    {"2017", 40, 10, 20170301, 20170000}, {"2018", 0, 0, 0, 0}, {"2019", 1, 1, 20190000, 20190000}};
static const struct facet facets[] = {{FACET_SPEAKER, false, speakers, 2, 5, 1},
                                      {FACET_YEAR, true, years, 3, 2, 0}};

static void facets_are_aligned_and_safe_in_text(void **state) {
    struct sample *s = *state;
    s->result.facets = facets;
    s->result.facet_count = 2;
    const char *text = written(s, OUTPUT_TEXT);
    assert_non_null(strstr(text, "\nspeaker: 5, the first 2; 1 passage has none\n"
                                 "    45  The ␛[31mChair\n"
                                 "     7  Ann\n"
                                 "\nyear: 2\n"
                                 "  2017  40  ########################################\n"
                                 "  2018   0\n"
                                 "  2019   1  #\n"));
}

static void facets_are_objects_in_json(void **state) {
    struct sample *s = *state;
    s->result.facets = facets;
    s->result.facet_count = 2;
    json_t *value = parsed(s, OUTPUT_JSON);
    json_t *first = json_array_get(json_object_get(value, "facets"), 0);
    json_t *chair = json_array_get(json_object_get(first, "values"), 0);
    assert_string_equal(json_string_value(json_object_get(first, "field")), "speaker");
    assert_int_equal(json_integer_value(json_object_get(first, "distinct")), 5);
    assert_int_equal(json_integer_value(json_object_get(first, "without")), 1);
    assert_string_equal(json_string_value(json_object_get(chair, "name")), "The \033[31mChair");
    assert_int_equal(json_integer_value(json_object_get(chair, "documents")), 12);
    assert_string_equal(json_string_value(json_object_get(chair, "last_date")), "2018-11");
    json_decref(value);
    s->summary.count_only = true;
    s->result.hit_count = 0;
    value = parsed(s, OUTPUT_JSON);
    assert_int_equal(json_array_size(json_object_get(value, "facets")), 2);
    json_decref(value);
}

static void what_is_behind_a_page_is_told(void **state) {
    struct sample *s = *state;
    s->result.total.value = 300;
    s->result.cursor = "abc";
    assert_non_null(strstr(written(s, OUTPUT_TEXT), "--offset 1 shows more"));
    s->summary.offset = 99;
    assert_non_null(strstr(written(s, OUTPUT_TEXT), "--after abc shows more"));
    s->summary.offset = 3;
    s->summary.after = true;
    assert_non_null(strstr(written(s, OUTPUT_TEXT), "--after abc shows more"));
    s->result.cursor = NULL;
    assert_null(strstr(written(s, OUTPUT_TEXT), "shows more"));
}

static void duplicates_and_suggestions_are_told(void **state) {
    struct sample *s = *state;
    s->hits[0].duplicates = 3;
    s->result.folded = 3;
    s->result.suggestion = "traf\033ficking";
    const char *text = written(s, OUTPUT_TEXT);
    assert_non_null(strstr(text, "1 passage; 3 with the same words left out\n"
                                 "did you mean: traf␛ficking\n"));
    assert_non_null(strstr(text, "and 3 more like it"));
    json_t *value = parsed(s, OUTPUT_JSON);
    json_t *hit = json_array_get(json_object_get(value, "results"), 0);
    assert_int_equal(json_integer_value(json_object_get(hit, "duplicates")), 3);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(value, "total"), "folded")),
                     3);
    assert_string_equal(
        json_string_value(json_object_get(json_object_get(value, "query"), "suggestion")),
        "traf\033ficking");
    json_decref(value);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(facets_are_aligned_and_safe_in_text),
        TEST(facets_are_objects_in_json),
        TEST(what_is_behind_a_page_is_told),
        TEST(duplicates_and_suggestions_are_told),
        TEST(control_characters_do_not_reach_a_terminal),
        TEST(directional_overrides_do_not_reach_a_terminal),
        TEST(invalid_utf8_is_replaced),
        TEST(csv_fields_are_quoted_where_rfc_4180_asks),
        TEST(tsv_fields_stay_in_one_field_of_one_line),
        TEST(json_escapes_are_lossless),
        TEST(columns_are_counted_as_a_terminal_does),
        TEST(lines_are_filled_to_the_width),
        TEST(wide_characters_take_two_columns),
        TEST(what_cannot_be_broken_runs_over),
        TEST(colour_goes_on_after_a_line_end),
        TEST(text_cites_quotes_and_says_where),
        TEST(text_marks_matches_in_colour_only_when_asked),
        TEST(text_tells_what_is_not_shown),
        TEST(text_groups_passages_under_their_document),
        TEST(text_shows_context_with_its_headings),
        TEST(an_explanation_lists_the_parts_of_the_score),
        TEST(count_is_a_number_alone),
        TEST(json_reads_back_with_every_field),
        TEST(a_score_has_nine_significant_digits),
        TEST(what_is_not_known_is_null),
        TEST(no_results_are_an_empty_array),
        TEST(groups_hold_their_documents_results),
        TEST(json_lines_are_one_object_each),
        TEST(notices_are_told),
        TEST(a_table_has_a_header_and_as_many_fields_in_each_line),
        TEST(csv_lines_end_as_rfc_4180_has_it),
        TEST(no_bytes_of_a_document_break_any_format),
        TEST(short_memory_is_an_error_and_no_cut_output),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
