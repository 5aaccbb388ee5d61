/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Measures of small rankings whose values can be worked out by hand. */
#include "searcher/measures.h"
#include "searcher/significance.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct trec_table read_table(enum trec_kind kind, const char *text) {
    struct trec_table table;
    struct error err = {0};
    FILE *file = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
    assert_non_null(file);
    int status = trec_table_read_stream(&table, kind, file, "test", &err);
    fclose(file);
    if (status)
        fail_msg("%s", err.message);
    return table;
}

static void refused(enum trec_kind kind, const char *text, const char *message) {
    struct trec_table table;
    struct error err = {0};
    FILE *file = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
    assert_int_equal(trec_table_read_stream(&table, kind, file, "test", &err), PLENARY_EINVALID);
    fclose(file);
    if (!strstr(err.message, message))
        fail_msg("'%s' does not say '%s'", err.message, message);
}

static double measure(const char *qrels_text, const char *run_text, const char *name) {
    struct trec_table qrels = read_table(TREC_QRELS, qrels_text);
    struct trec_table run = read_table(TREC_RUN, run_text);
    struct measures measures;
    struct error err = {0};
    assert_int_equal(measures_of_topic(&measures, &qrels.topics[0],
                                       trec_table_find(&run, qrels.topics[0].id), &err),
                     0);
    int number = measure_find(name);
    assert_true(number >= 0);
    trec_table_free(&qrels);
    trec_table_free(&run);
    return measures.values[number];
}

#define close_to(a, b) assert_true(fabs((a) - (b)) < 1e-9)

/* Found in this order: a (relevant), b (not), c (not judged), d (relevant); e is missed. */
static const char qrels[] = "1 0 a 1\n1 0 b 0\n1 0 d 2\n1 0 e 1\n1 0 f 0\n1 0 g -1\n";
static const char run[] = "1 Q0 d 1 1.0 x\n1 Q0 c 2 2 x\n1 Q0 b 3 3 x\n1 Q0 a 4 4 x\n";

static void test_precision(void **state) {
    (void)state;
    close_to(measure(qrels, run, "map"), (1.0 + 2.0 / 4) / 3);
    close_to(measure(qrels, run, "P_5"), 2.0 / 5);
    close_to(measure(qrels, run, "P.10"), 2.0 / 10);
    close_to(measure(qrels, run, "recall_5"), 2.0 / 3);
    close_to(measure(qrels, run, "Rprec"), 1.0 / 3);
    close_to(measure(qrels, run, "recip_rank"), 1);
    close_to(measure(qrels, run, "num_rel"), 3);
    close_to(measure(qrels, run, "num_rel_ret"), 2);
    close_to(measure(qrels, run, "success_1"), 1);
}

static void test_gain(void **state) {
    (void)state;
    double found = 1 + 2 / log2(5), best = 2 + 1 / log2(3) + 1 / log2(4);
    close_to(measure(qrels, run, "ndcg_cut_5"), found / best);
    close_to(measure(qrels, run, "ndcg"), found / best);
}

/* One judged not relevant stands above d; two are judged so, three relevant. */
static void test_bpref(void **state) {
    (void)state;
    close_to(measure(qrels, run, "bpref"), (1 + (1 - 1.0 / 2)) / 3);
}

static void test_ties_go_to_the_larger_name(void **state) {
    (void)state;
    close_to(measure("1 0 b 1\n", "1 Q0 a 1 7 x\n1 Q0 b 2 7 x\n", "recip_rank"), 1);
    close_to(measure("1 0 a 1\n", "1 Q0 a 1 7 x\n1 Q0 b 2 7 x\n", "recip_rank"), 0.5);
    /* Scores are floats: these two are the same. */
    close_to(measure("1 0 a 1\n", "1 Q0 a 1 16777217 x\n1 Q0 b 2 16777216 x\n", "recip_rank"), 0.5);
}

static void test_nothing_relevant_and_nothing_found(void **state) {
    (void)state;
    close_to(measure("1 0 a 0\n", run, "map"), 0);
    close_to(measure("1 0 a -1\n", run, "ndcg_cut_10"), 0);
    close_to(measure(qrels, "2 Q0 a 1 1 x\n", "bpref"), 0);
}

static void test_files_that_are_wrong(void **state) {
    (void)state;
    refused(TREC_RUN, "1 Q0 a 1 x y\n", "test:1: the score");
    refused(TREC_RUN, "1 Q0 a 1\n", "a line of a run is");
    refused(TREC_QRELS, "\n1 0 a 1.5\n", "test:2: the judgement");
    refused(TREC_QRELS, "1 0 a 1\n1 0 a 0\n", "topic 1 has the document a twice");
    refused(TREC_RUN, "1 Q0 a 1 nan x\n", "the score");
}

/* Student's own sleep data: t = -4.0621, 9 degrees of freedom, p = 0.002833. */
static void test_significance(void **state) {
    (void)state;
    const double sleep[] = {1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4};
    assert_true(fabs(significance_t_test(sleep, 10) - 0.002833) < 1e-6);
    /* No difference is below 0: only the signs all + or all -, the 0 free to be either. */
    close_to(significance_randomisation(sleep, 10), 4.0 / 1024);
    const double none[] = {0, 0, 0};
    close_to(significance_t_test(none, 3), 1);
    close_to(significance_randomisation(none, 3), 1);
    close_to(significance_t_test(sleep, 1), 1);
    double many[40];
    for (int i = 0; i < 40; i++)
        many[i] = i % 2 ? 0.1 : -0.1;
    assert_true(significance_randomisation(many, 40) > 0.9);
    many[0] = 5; /* one outlier is no evidence */
    assert_true(significance_randomisation(many, 40) > 0.3);
    for (int i = 0; i < 40; i++)
        many[i] = 0.1 + 0.001 * i;
    assert_true(significance_randomisation(many, 40) < 0.001);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_precision),
        cmocka_unit_test(test_gain),
        cmocka_unit_test(test_bpref),
        cmocka_unit_test(test_ties_go_to_the_larger_name),
        cmocka_unit_test(test_nothing_relevant_and_nothing_found),
        cmocka_unit_test(test_files_that_are_wrong),
        cmocka_unit_test(test_significance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
