/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Listings and explanations, on an index: what is shown of a hit, and what its score is made of. */
#include "searcher/listing.h"

#include "searcher/explain.h"
#include "tests/unit/searcher/index_fixture.h"

#include <math.h>

static const struct fixture_document documents[] = {
    {"bali-2018",
     "Bali Process 2018",
     NULL,
     20180806,
     {"The meeting reviewed irregular migration in the region.",
      "The Chair| The co-chairs commended search and rescue at sea.",
      "The meeting will search for ways to counter trafficking and to rescue those in need.",
      "Smuggling and trafficking of persons, and again trafficking, were condemned.",
      "It thanked the smugglers' victims for their courage."},
     "Engagement",
     NULL,
     0},
    {"paris-1920",
     "Paris 1920",
     NULL,
     19200101,
     {"The Council met on trafficking.", "The co-chairs of migration were heard."},
     NULL,
     NULL,
     0},
    {"geneve-2019",
     "Genève 2019",
     "fr",
     20190000,
     {"La réunion condamne la migration irrégulière et le trafic.", "Elle remercie ses membres."},
     NULL,
     NULL,
     0},
};

/* A search and its listing, opened together. */
struct shown {
    struct fixture *fixture;
    struct search_request request;
    struct search_result result;
    struct explainer *explainer;
    struct listing *listing;
};

/* In place: the listing keeps pointers into it. */
static void show(struct shown *s, const char *query, size_t per_segment, unsigned context) {
    struct error err;
    *s = (struct shown){.request = fixture_request(query)};
    s->fixture = fixture_open(documents, sizeof documents / sizeof *documents, per_segment);
    s->result = fixture_search(s->fixture, &s->request);
    struct listing_options options = LISTING_OPTIONS_INIT;
    options.context = context;
    assert_int_equal(listing_open(&s->listing, s->fixture->searcher, &s->result, &options, &err),
                     0);
}

static void open_explainer(struct shown *s) {
    struct error err;
    if (explainer_open(&s->explainer, s->fixture->searcher, &s->result, &s->request, &err))
        fail_msg("%s", err.message);
}

static void close_shown(struct shown *s) {
    listing_close(s->listing);
    explainer_close(s->explainer);
    search_result_free(&s->result);
    fixture_close(s->fixture);
}

static const struct listing_hit *load(struct shown *s, size_t i) {
    const struct listing_hit *hit;
    struct error err;
    assert_true(i < s->result.hit_count);
    if (listing_load(s->listing, i, &hit, &err))
        fail_msg("%s", err.message);
    return hit;
}

/* ---- Listings ----------------------------------------------------------------------------- */

static void a_hit_is_shown_with_its_document_and_passage(void **state) {
    (void)state;
    struct shown s;
    show(&s, "commended", 10, 0);
    const struct listing_hit *hit = load(&s, 0);
    assert_string_equal(hit->document.id, "bali-2018");
    assert_string_equal(hit->passage.id, "bali-2018#2");
    assert_string_equal(hit->passage.row.speaker, "The Chair");
    assert_string_equal(hit->passage.text, "The co-chairs commended search and rescue at sea.");
    assert_string_equal(hit->snippet.text, hit->passage.text);
    assert_int_equal(hit->before_count + hit->after_count, 0);
    close_shown(&s);
}

static void highlights_are_bytes_of_the_documents_text(void **state) {
    (void)state;
    struct shown s;
    show(&s, "\"search and rescue\" co-chairs", 10, 0);
    const struct listing_hit *hit = load(&s, 0);
    const struct segment *segment =
        snapshot_segment(searcher_snapshot(s.fixture->searcher), hit->hit->segment);
    const char *const expected[] = {"co-chairs", "search and rescue"};
    assert_int_equal(hit->highlight_count, 2);
    for (size_t i = 0; i < 2; i++) {
        struct bytes text = BYTES_INIT;
        uint32_t shift = hit->passage.row.text_begin;
        assert_int_equal(segment_text(segment, hit->hit->document, shift + hit->highlights[i].begin,
                                      shift + hit->highlights[i].end, &text, NULL),
                         0);
        assert_string_equal(bytes_string(&text), expected[i]);
        bytes_free(&text);
    }
    close_shown(&s);
}

static void context_stays_in_the_document(void **state) {
    (void)state;
    struct shown s;
    show(&s, "commended", 10, 2);
    const struct listing_hit *hit = load(&s, 0);
    assert_int_equal(hit->before_count, 1);
    assert_string_equal(hit->before[0].id, "bali-2018#1");
    assert_int_equal(hit->after_count, 2);
    assert_string_equal(hit->after[0].id, "bali-2018#3");
    assert_string_equal(hit->after[1].id, "bali-2018#4");
    close_shown(&s);
}

static void a_passage_is_marked_in_its_documents_language(void **state) {
    (void)state;
    struct shown s;
    show(&s, "irréguliers membre", 10, 0);
    assert_int_equal(s.result.hit_count >= 2, 1);
    bool french = false;
    for (size_t i = 0; i < s.result.hit_count; i++) {
        const struct listing_hit *hit = load(&s, i);
        assert_true(hit->highlight_count > 0);
        french |= strcmp(hit->passage.id, "geneve-2019#2") == 0;
    }
    assert_true(french);
    close_shown(&s);
}

/* ---- Explanations ------------------------------------------------------------------------- */

static const char *const queries[] = {
    "trafficking",
    "trafficking smuggling migration",
    "\"search and rescue\" OR meeting",
    "trafficking NEAR/2 smuggling OR persons",
    "(trafficking AND zebra) OR condemned",
    "meeting -trafficking",
    "NOT meeting",
    "+trafficking co-chairs",
    "smugg* traffick*",
    "title:bali migration",
    "speaker:chair heading:engagement",
    "co-chairs",
    "\"co-chairs commended\" and",
    "trafficking trafficking",
    "meeting OR NOT trafficking",
    "*",
};

/* For each hit of each query the parts are the score, and none of them is a remainder. */
static void check_sums(size_t per_segment) {
    for (size_t q = 0; q < sizeof queries / sizeof *queries; q++) {
        struct shown s;
        show(&s, queries[q], per_segment, 0);
        open_explainer(&s);
        assert_true(s.result.hit_count > 0);
        for (size_t i = 0; i < s.result.hit_count; i++) {
            const struct output_part *parts;
            struct error err;
            size_t count;
            double sum = 0;
            const struct listing_hit *hit = load(&s, i);
            assert_int_equal(explainer_parts(s.explainer, hit, &parts, &count, &err), 0);
            for (size_t p = 0; p < count; p++) {
                assert_string_not_equal(parts[p].word, "(other)");
                sum += parts[p].weight;
            }
            if (fabs(sum - hit->hit->score) > 1e-6)
                fail_msg("%s: %g is not %g", queries[q], sum, hit->hit->score);
        }
        close_shown(&s);
    }
}

static void the_parts_add_up_to_the_score(void **state) {
    (void)state;
    check_sums(10);
}

static void the_parts_add_up_over_several_segments(void **state) {
    (void)state;
    check_sums(1);
}

static void a_part_tells_frequency_length_and_passages(void **state) {
    (void)state;
    struct shown s;
    show(&s, "condemned trafficking", 10, 0);
    const struct output_part *parts;
    struct error err;
    size_t count;
    open_explainer(&s);
    assert_int_equal(explainer_parts(s.explainer, load(&s, 0), &parts, &count, &err), 0);
    assert_int_equal(count, 2);
    size_t trafficking = strncmp(parts[0].word, "traffick", 8) == 0 ? 0 : 1;
    assert_int_equal(parts[trafficking].frequency, 2);
    assert_int_equal(parts[trafficking].passages, 3);
    assert_int_equal(parts[trafficking].length, 10);
    close_shown(&s);
}

static void what_is_excluded_has_no_part(void **state) {
    (void)state;
    struct shown s;
    show(&s, "meeting -trafficking", 10, 0);
    open_explainer(&s);
    for (size_t i = 0; i < s.result.hit_count; i++) {
        const struct output_part *parts;
        struct error err;
        size_t count;
        assert_int_equal(explainer_parts(s.explainer, load(&s, i), &parts, &count, &err), 0);
        assert_int_equal(count, 1);
        assert_int_equal(strncmp(parts[0].word, "meet", 4), 0);
    }
    close_shown(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hit_is_shown_with_its_document_and_passage),
        cmocka_unit_test(highlights_are_bytes_of_the_documents_text),
        cmocka_unit_test(context_stays_in_the_document),
        cmocka_unit_test(a_passage_is_marked_in_its_documents_language),
        cmocka_unit_test(the_parts_add_up_to_the_score),
        cmocka_unit_test(the_parts_add_up_over_several_segments),
        cmocka_unit_test(a_part_tells_frequency_length_and_passages),
        cmocka_unit_test(what_is_excluded_has_no_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
