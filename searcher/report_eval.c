/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plenary-report eval: what trec_eval measures, and whether runs differ by more than chance. */
#include "searcher/measures.h"
#include "searcher/report.h"
#include "searcher/significance.h"
#include "searcher/trec_file.h"

#include <getopt.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { OK = 0, USAGE = 2, TROUBLE = 4, RUNS_MOST = 1000 };
enum eval_format { EVAL_TABLE, EVAL_JSON, EVAL_CSV };

static const char help[] =
    "Usage: plenary-report eval --qrels QRELS [OPTION]... RUN...\n"
    "Measure runs as trec_eval does, and compare each with the first.\n"
    "\n"
    "      --qrels FILE        judgements: topic 0 document judgement\n"
    "  -q, --per-topic         also every topic\n"
    "  -c, --complete          average over all topics of the qrels, those without an answer as 0\n"
    "  -m, --measure NAME      only this measure (map, P.10, ndcg_cut.10, ...); may be repeated\n"
    "      --format FORMAT     table (trec_eval's lines; the default), json or csv\n"
    "  -h, --help              print this\n";

/* One run measured. */
struct evaluated {
    const char *name;
    struct trec_table run;
    struct measures *topics; /* by topic of the qrels; owned */
    bool *answered;          /* owned */
    struct measures sums, means;
    size_t count; /* topics averaged over */
};

struct eval {
    const char *qrels_path;
    bool per_topic, complete;
    bool wanted[MEASURE_COUNT];
    enum eval_format format;
    struct trec_table qrels;
    struct evaluated *runs; /* owned */
    size_t run_count;
};

/* ---- Measuring ----------------------------------------------------------------------------- */

static int evaluate(struct eval *eval, struct evaluated *run, struct error *err) {
    const struct trec_table *qrels = &eval->qrels;
    run->topics = calloc(qrels->count + 1, sizeof *run->topics);
    run->answered = calloc(qrels->count + 1, sizeof *run->answered);
    if (!run->topics || !run->answered)
        return error_memory(err);
    for (size_t i = 0; i < qrels->count; i++) {
        const struct trec_topic *found = trec_table_find(&run->run, qrels->topics[i].id);
        run->answered[i] = found != NULL;
        int status = measures_of_topic(&run->topics[i], &qrels->topics[i], found, err);
        if (status)
            return status;
        if (!found && !eval->complete)
            continue;
        run->count++;
        for (size_t m = 0; m < MEASURE_COUNT; m++)
            run->sums.values[m] += run->topics[i].values[m];
    }
    if (!run->count)
        return error_set(err, PLENARY_EINVALID, "%s and %s have no topic in common", run->name,
                         eval->qrels_path);
    for (size_t m = 0; m < MEASURE_COUNT; m++)
        run->means.values[m] =
            measure_is_count(m) ? run->sums.values[m] : run->sums.values[m] / (double)run->count;
    return 0;
}

/* Differences to the first run over the topics that count for both, and what the tests say. */
struct comparison {
    double difference, t_test, randomisation;
    size_t topics;
};

static int compare(const struct eval *eval, const struct evaluated *run, size_t measure,
                   struct comparison *out, struct error *err) {
    const struct evaluated *first = &eval->runs[0];
    double *differences = calloc(eval->qrels.count + 1, sizeof *differences);
    *out = (struct comparison){0, 1, 1, 0};
    if (!differences)
        return error_memory(err);
    for (size_t i = 0; i < eval->qrels.count; i++)
        if (eval->complete || (first->answered[i] && run->answered[i]))
            differences[out->topics++] =
                run->topics[i].values[measure] - first->topics[i].values[measure];
    for (size_t i = 0; i < out->topics; i++)
        out->difference += differences[i] / (double)out->topics;
    out->t_test = significance_t_test(differences, out->topics);
    out->randomisation = significance_randomisation(differences, out->topics);
    free(differences);
    return 0;
}

/* ---- Printing ------------------------------------------------------------------------------ */

static void print_text(const char *text) {
    bool quote = strpbrk(text, ",\"\r\n") != NULL;
    if (!quote) {
        fputs(text, stdout);
        return;
    }
    putchar('"');
    for (; *text; text++)
        printf(*text == '"' ? "\"\"" : "%c", *text);
    putchar('"');
}

static void print_value(const struct eval *eval, const char *run, const char *topic,
                        const char *name, double value, bool is_count) {
    char number[40];
    snprintf(number, sizeof number, is_count ? "%.0f" : "%.4f", value);
    if (eval->format == EVAL_TABLE) {
        printf("%-22s\t%s\t%s\n", name, topic, number);
    } else {
        print_text(run);
        putchar(',');
        print_text(topic);
        printf(",%s,%s\n", name, number);
    }
}

static void print_measures(const struct eval *eval, const struct evaluated *run, const char *topic,
                           const struct measures *measures) {
    for (size_t m = 0; m < MEASURE_COUNT; m++)
        if (eval->wanted[m])
            print_value(eval, run->name, topic, measure_name(m), measures->values[m],
                        measure_is_count(m));
}

static int print_run(const struct eval *eval, const struct evaluated *run) {
    if (eval->format == EVAL_TABLE && eval->run_count > 1)
        printf("%-22s\tall\t%s\n", "runid", run->name);
    for (size_t i = 0; i < eval->qrels.count && eval->per_topic; i++)
        if (run->answered[i])
            print_measures(eval, run, eval->qrels.topics[i].id, &run->topics[i]);
    print_value(eval, run->name, "all", "num_q", (double)run->count, true);
    print_measures(eval, run, "all", &run->means);
    return 0;
}

static int print_comparisons(const struct eval *eval, struct error *err) {
    for (size_t r = 1; r < eval->run_count; r++) {
        if (eval->format == EVAL_TABLE)
            printf("\n%s against %s\n%-22s\t%9s\t%8s\t%8s\n", eval->runs[r].name,
                   eval->runs[0].name, "measure", "change", "p t-test", "p random");
        for (size_t m = 0; m < MEASURE_COUNT; m++) {
            struct comparison result;
            if (!eval->wanted[m] || measure_is_count(m))
                continue;
            int status = compare(eval, &eval->runs[r], m, &result, err);
            if (status)
                return status;
            char names[64];
            if (eval->format == EVAL_TABLE) {
                printf("%-22s\t%+9.4f\t%8.4f\t%8.4f\n", measure_name(m), result.difference,
                       result.t_test, result.randomisation);
                continue;
            }
            snprintf(names, sizeof names, "%s:change", measure_name(m));
            print_value(eval, eval->runs[r].name, "all", names, result.difference, false);
            snprintf(names, sizeof names, "%s:p_t_test", measure_name(m));
            print_value(eval, eval->runs[r].name, "all", names, result.t_test, false);
            snprintf(names, sizeof names, "%s:p_randomisation", measure_name(m));
            print_value(eval, eval->runs[r].name, "all", names, result.randomisation, false);
        }
    }
    return 0;
}

static json_t *json_measures(const struct eval *eval, const struct measures *measures) {
    json_t *object = json_object();
    for (size_t m = 0; m < MEASURE_COUNT; m++)
        if (eval->wanted[m])
            json_object_set_new(object, measure_name(m),
                                measure_is_count(m)
                                    ? json_integer((json_int_t)measures->values[m])
                                    : json_real(round(measures->values[m] * 1e4) / 1e4));
    return object;
}

static json_t *json_comparison(const struct eval *eval, const struct evaluated *run,
                               struct error *err) {
    json_t *object = json_object();
    for (size_t m = 0; m < MEASURE_COUNT; m++) {
        struct comparison result;
        if (!eval->wanted[m] || measure_is_count(m))
            continue;
        if (compare(eval, run, m, &result, err)) {
            json_decref(object);
            return NULL;
        }
        json_object_set_new(object, measure_name(m),
                            json_pack("{s:f, s:f, s:f}", "change", result.difference, "p_t_test",
                                      result.t_test, "p_randomisation", result.randomisation));
    }
    return object;
}

static json_t *json_run(const struct eval *eval, size_t number, struct error *err) {
    const struct evaluated *run = &eval->runs[number];
    json_t *object = json_object(), *name = json_string(run->name);
    json_object_set_new(object, "run", name ? name : json_string("?"));
    json_object_set_new(object, "num_q", json_integer((json_int_t)run->count));
    json_object_set_new(object, "all", json_measures(eval, &run->means));
    json_t *topics = eval->per_topic ? json_object() : NULL;
    for (size_t i = 0; topics && i < eval->qrels.count; i++)
        if (run->answered[i])
            json_object_set_new(topics, eval->qrels.topics[i].id,
                                json_measures(eval, &run->topics[i]));
    if (topics)
        json_object_set_new(object, "topics", topics);
    if (number && json_object_set_new(object, "against_first", json_comparison(eval, run, err))) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static int print_json(const struct eval *eval, struct error *err) {
    json_t *list = json_array();
    for (size_t r = 0; r < eval->run_count; r++)
        if (json_array_append_new(list, json_run(eval, r, err))) {
            json_decref(list);
            return error_memory(err);
        }
    json_t *all = json_pack("{s:o}", "runs", list);
    char *text = all ? json_dumps(all, JSON_INDENT(1) | JSON_REAL_PRECISION(7)) : NULL;
    if (text)
        puts(text);
    free(text);
    json_decref(all);
    return text ? 0 : error_memory(err);
}

static int print(const struct eval *eval, struct error *err) {
    int status = 0;
    if (eval->format == EVAL_JSON) {
        status = print_json(eval, err);
    } else {
        if (eval->format == EVAL_CSV)
            puts("run,topic,measure,value");
        for (size_t r = 0; r < eval->run_count; r++)
            print_run(eval, &eval->runs[r]);
        status = print_comparisons(eval, err);
    }
    if (!status && (fflush(stdout) || ferror(stdout)))
        status = error_errno(err, "cannot write the measures");
    return status;
}

/* ---- The command --------------------------------------------------------------------------- */

static int parse_option(struct eval *eval, int code, const char *value, struct error *err) {
    static const char *const formats[] = {"table", "json", "csv"};
    int measure;
    switch (code) {
    case 'r':
        eval->qrels_path = value;
        return 0;
    case 'q':
        eval->per_topic = true;
        return 0;
    case 'c':
        eval->complete = true;
        return 0;
    case 'm':
        measure = measure_find(value);
        if (measure < 0)
            return error_set(err, PLENARY_EINVALID, "-m: there is no measure '%s'", value);
        eval->wanted[measure] = true;
        return 0;
    case 'f':
        for (unsigned i = 0; i < 3; i++)
            if (strcmp(value, formats[i]) == 0) {
                eval->format = (enum eval_format)i;
                return 0;
            }
        return error_set(err, PLENARY_EINVALID, "--format: '%s' is none of table, json or csv",
                         value);
    default:
        return error_set(err, PLENARY_EINVALID, "an unknown option, or one without its value");
    }
}

/* 0, 1 for help, or an error. */
static int parse(struct eval *eval, int argc, char **argv, struct error *err) {
    static const struct option options[] = {
        {"qrels", required_argument, NULL, 'r'},
        {"per-topic", no_argument, NULL, 'q'},
        {"complete", no_argument, NULL, 'c'},
        {"measure", required_argument, NULL, 'm'},
        {"format", required_argument, NULL, 'f'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int code, status = 0;
    optind = 0;
    opterr = 0;
    while (!status && (code = getopt_long(argc, argv, "qcm:h", options, NULL)) != -1) {
        if (code == 'h')
            return 1;
        status = parse_option(eval, code, optarg, err);
    }
    if (status)
        return status;
    bool any = false;
    for (size_t m = 0; m < MEASURE_COUNT; m++)
        any |= eval->wanted[m];
    for (size_t m = 0; m < MEASURE_COUNT && !any; m++)
        eval->wanted[m] = true;
    if (!eval->qrels_path || optind >= argc || argc - optind > RUNS_MOST)
        return error_set(err, PLENARY_EINVALID,
                         "name the judgements and a run: plenary-report eval --qrels QRELS RUN");
    eval->run_count = (size_t)(argc - optind);
    eval->runs = calloc(eval->run_count, sizeof *eval->runs);
    for (size_t i = 0; eval->runs && i < eval->run_count; i++)
        eval->runs[i].name = argv[(size_t)optind + i];
    return eval->runs ? 0 : error_memory(err);
}

static void close_eval(struct eval *eval) {
    trec_table_free(&eval->qrels);
    for (size_t i = 0; eval->runs && i < eval->run_count; i++) {
        trec_table_free(&eval->runs[i].run);
        free(eval->runs[i].topics);
        free(eval->runs[i].answered);
    }
    free(eval->runs);
}

int report_eval(int argc, char **argv) {
    struct eval eval = {.qrels_path = NULL};
    struct error err = {0};
    int status = parse(&eval, argc, argv, &err);
    if (status == 1) {
        fputs(help, stdout);
        return OK;
    }
    if (!status)
        status = trec_table_read(&eval.qrels, TREC_QRELS, eval.qrels_path, &err);
    for (size_t i = 0; i < eval.run_count && !status; i++) {
        status = trec_table_read(&eval.runs[i].run, TREC_RUN, eval.runs[i].name, &err);
        if (!status)
            status = evaluate(&eval, &eval.runs[i], &err);
    }
    if (!status)
        status = print(&eval, &err);
    close_eval(&eval);
    if (!status)
        return OK;
    fprintf(stderr, "plenary-report: %s\n", err.message);
    return status == PLENARY_EINVALID ? USAGE : TROUBLE;
}
