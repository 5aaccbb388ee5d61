/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The same corpus through our glass writer and through Xapian's own: a reader must not be able to
 * tell which one it has before it.
 */
#include "glass_reader.h"
#include "tests/unit/rounds.h"

#include "indexer/segment/glass_postlist.h"
#include "shim/shim.h"

#include <sys/stat.h>
#include <sys/wait.h>

/* ---- Corpora --------------------------------------------------------------------------------- */

struct shape {
    const char *name;
    uint32_t documents, vocabulary;
    uint32_t terms_max;   /* in a document */
    uint32_t gap_percent; /* docids that are left out */
    uint32_t empty_percent, boolean_percent;
    uint32_t wdf_max;
    bool odd_terms; /* zero bytes, ff, 245 bytes */
};

struct term {
    uint8_t text[GLASS_TERM_MAX];
    uint32_t size;
};

struct posting {
    uint32_t docid, term, wdf;
};

struct corpus {
    struct term *terms; /* sorted */
    uint32_t term_count;
    uint32_t *docids, *lengths;
    size_t *first_posting; /* document_count + 1 */
    uint32_t document_count;
    struct posting *postings; /* document by document, terms rising */
    size_t posting_count;
};

static int term_compare(const void *left, const void *right) {
    const struct term *a = left, *b = right;
    int order = memcmp(a->text, b->text, a->size < b->size ? a->size : b->size);
    return order ? order : (a->size > b->size) - (a->size < b->size);
}

static void odd_term_fill(struct term *term, struct random *random) {
    bool is_long = random_below(random, 4) == 0;
    term->size = is_long ? GLASS_TERM_MAX : 1 + random_below(random, 6);
    for (uint32_t i = 0; i < term->size; i++)
        term->text[i] = is_long ? (uint8_t)(1 + random_below(random, 2))
                                : (uint8_t[]){0, 1, 'a', 0xc0, 0xe0, 0xff}[random_below(random, 6)];
}

static void terms_create(struct corpus *corpus, const struct shape *shape, struct random *random) {
    corpus->terms = calloc(shape->vocabulary, sizeof *corpus->terms);
    for (uint32_t i = 0; i < shape->vocabulary; i++) {
        struct term *term = &corpus->terms[i];
        if (shape->odd_terms)
            odd_term_fill(term, random);
        else
            term->size = (uint32_t)snprintf((char *)term->text, sizeof term->text, "t%x", i * 7919);
    }
    qsort(corpus->terms, shape->vocabulary, sizeof *corpus->terms, term_compare);
    for (uint32_t i = 0; i < shape->vocabulary; i++)
        if (i == 0 || term_compare(&corpus->terms[corpus->term_count - 1], &corpus->terms[i]) != 0)
            corpus->terms[corpus->term_count++] = corpus->terms[i];
}

static int number_compare(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* Low term numbers are frequent, high ones rare. */
static uint32_t random_term(const struct corpus *corpus, struct random *random) {
    double uniform = (double)random_below(random, 1 << 24) / (1 << 24);
    return (uint32_t)(uniform * uniform * uniform * corpus->term_count);
}

static void document_fill(struct corpus *corpus, const struct shape *shape, struct random *random,
                          uint32_t docid) {
    uint32_t terms[256], count = 0;
    if (random_below(random, 100) >= shape->empty_percent)
        count = 1 + random_below(random, shape->terms_max);
    for (uint32_t i = 0; i < count; i++)
        terms[i] = random_term(corpus, random);
    qsort(terms, count, sizeof *terms, number_compare);
    corpus->docids[corpus->document_count] = docid;
    for (uint32_t i = 0; i < count; i++) {
        if (i && terms[i] == terms[i - 1])
            continue;
        bool boolean = random_below(random, 100) < shape->boolean_percent;
        uint32_t wdf =
            boolean ? 0 : 1 + random_below(random, 1 + random_below(random, shape->wdf_max));
        corpus->postings[corpus->posting_count++] = (struct posting){docid, terms[i], wdf};
        corpus->lengths[corpus->document_count] += wdf;
    }
    corpus->first_posting[++corpus->document_count] = corpus->posting_count;
}

static struct corpus corpus_create(const struct shape *shape, struct random *random) {
    struct corpus corpus = {0};
    terms_create(&corpus, shape, random);
    corpus.docids = calloc(shape->documents + 1, sizeof *corpus.docids);
    corpus.lengths = calloc(shape->documents + 1, sizeof *corpus.lengths);
    corpus.first_posting = calloc(shape->documents + 1, sizeof *corpus.first_posting);
    corpus.postings =
        malloc(((size_t)shape->documents * shape->terms_max + 1) * sizeof *corpus.postings);
    uint32_t docid = 1;
    for (uint32_t i = 0; i < shape->documents; i++) {
        while (random_below(random, 100) < shape->gap_percent)
            docid += 1 + random_below(random, 300);
        document_fill(&corpus, shape, random, docid++);
    }
    return corpus;
}

static void corpus_free(struct corpus *corpus) {
    free(corpus->terms);
    free(corpus->docids);
    free(corpus->lengths);
    free(corpus->first_posting);
    free(corpus->postings);
}

/* ---- Writing it both ways -------------------------------------------------------------------- */

static void write_with_xapian(const struct corpus *corpus, const char *folder) {
    struct shim_writer *writer;
    assert_int_equal(shim_writer_create(&writer, folder), SHIM_OK);
    for (uint32_t d = 0; d < corpus->document_count; d++) {
        struct shim_posting postings[256] = {{0}};
        size_t first = corpus->first_posting[d], count = corpus->first_posting[d + 1] - first;
        for (size_t i = 0; i < count; i++) {
            const struct posting *posting = &corpus->postings[first + i];
            postings[i].term = (const char *)corpus->terms[posting->term].text;
            postings[i].term_size = corpus->terms[posting->term].size;
            postings[i].wdf = posting->wdf;
        }
        if (shim_writer_add(writer, corpus->docids[d], postings, count, NULL, 0) != SHIM_OK)
            fail_msg("%s", shim_writer_message(writer));
    }
    assert_int_equal(shim_writer_finish(writer), SHIM_OK);
    shim_writer_close(writer);
}

/* The postings of every term as a run, at runs[term]. */
static struct bytes *runs_create(const struct corpus *corpus) {
    struct bytes *runs = calloc(corpus->term_count, sizeof *runs);
    uint32_t *last = calloc(corpus->term_count, sizeof *last);
    for (size_t i = 0; i < corpus->posting_count; i++) {
        const struct posting *posting = &corpus->postings[i];
        bytes_add_varint(&runs[posting->term], posting->docid - last[posting->term] - 1);
        bytes_add_varint(&runs[posting->term], posting->wdf);
        last[posting->term] = posting->docid;
    }
    free(last);
    return runs;
}

static void write_ours(const struct corpus *corpus, const char *folder, uint32_t block_size,
                       uint32_t chunk_size) {
    struct glass_postlist_options options = GLASS_POSTLIST_OPTIONS_INIT;
    options.block_size = block_size;
    options.length_chunk_size = chunk_size;
    struct glass_postlist *postlist;
    struct glass_version version;
    struct error err = {0};
    struct bytes *runs = runs_create(corpus);
    glass_version_init(&version);
    int status = 0;
    status = status ? status : glass_postlist_create(&postlist, folder, &options, &err);
    for (uint32_t d = 0; d < corpus->document_count && !status; d++)
        status = glass_postlist_add_length(postlist, corpus->docids[d], corpus->lengths[d], &err);
    for (uint32_t t = 0; t < corpus->term_count && !status; t++) {
        if (runs[t].size == 0)
            continue;
        const struct term *term = &corpus->terms[t];
        struct glass_frequencies sums = {0, 0};
        status = glass_run_count(runs[t].data, runs[t].size, &sums, &err);
        if (!status)
            status =
                glass_postlist_begin(postlist, term->text, term->size, &sums, chunk_size, &err);
        if (!status)
            status = glass_postlist_add_run(postlist, runs[t].data, runs[t].size, &err);
        if (!status)
            status = glass_postlist_end(postlist, &err);
    }
    status = status ? status : glass_postlist_finish(postlist, &version, &err);
    status = status ? status : glass_version_write(&version, folder, &err);
    if (status)
        fail_msg("%s", err.message);
    glass_postlist_close(postlist);
    for (uint32_t t = 0; t < corpus->term_count; t++)
        bytes_free(&runs[t]);
    free(runs);
}

/* ---- Comparing ------------------------------------------------------------------------------- */

static struct shim_database *database_open(const char *folder) {
    struct shim_database *database;
    if (shim_database_open(&database, &folder, 1) != SHIM_OK)
        fail_msg("%s", shim_database_message(database));
    return database;
}

static int collect_term(void *context, const char *term, size_t size, uint64_t documents) {
    struct bytes *out = context;
    bytes_add_varint(out, size);
    bytes_add(out, term, size);
    bytes_add_varint(out, documents);
    return 0;
}

static int collect_posting(void *context, uint32_t docid, uint32_t wdf) {
    bytes_add_varint(context, docid);
    bytes_add_varint(context, wdf);
    return 0;
}

static void assert_same_bytes(struct bytes *a, struct bytes *b) {
    assert_false(a->failed || b->failed);
    assert_int_equal(a->size, b->size);
    if (a->size)
        assert_memory_equal(a->data, b->data, a->size);
    bytes_free(a);
    bytes_free(b);
}

static void compare_terms(struct shim_database *a, struct shim_database *b) {
    struct bytes terms_a = BYTES_INIT, terms_b = BYTES_INIT;
    assert_int_equal(shim_each_term(a, "", 0, collect_term, &terms_a), SHIM_OK);
    assert_int_equal(shim_each_term(b, "", 0, collect_term, &terms_b), SHIM_OK);
    assert_same_bytes(&terms_a, &terms_b);
}

/* An empty term compares the documents and their lengths. */
static void compare_postings(struct shim_database *a, struct shim_database *b,
                             const struct term *term) {
    struct bytes list_a = BYTES_INIT, list_b = BYTES_INIT;
    const char *text = (const char *)term->text;
    assert_int_equal(shim_each_posting(a, 0, text, term->size, collect_posting, &list_a), SHIM_OK);
    assert_int_equal(shim_each_posting(b, 0, text, term->size, collect_posting, &list_b), SHIM_OK);
    assert_same_bytes(&list_a, &list_b);
    if (term->size == 0)
        return;
    uint64_t documents_a, documents_b, occurrences_a, occurrences_b;
    assert_int_equal(shim_term_statistics(a, text, term->size, &documents_a, &occurrences_a), 0);
    assert_int_equal(shim_term_statistics(b, text, term->size, &documents_b, &occurrences_b), 0);
    assert_int_equal(documents_a, documents_b);
    assert_int_equal(occurrences_a, occurrences_b);
}

/* Going to one document of a list, as a query does: finds the right chunk from the tree. */
static void compare_skips(struct shim_database *a, struct shim_database *b,
                          const struct corpus *corpus, struct random *random) {
    for (unsigned i = 0; i < rounds(500) && corpus->posting_count; i++) {
        const struct posting *posting =
            &corpus->postings[random_below(random, (uint32_t)corpus->posting_count)];
        const struct term *term = &corpus->terms[posting->term];
        const char *text = (const char *)term->text;
        uint32_t docid = random_below(random, 3)
                             ? posting->docid
                             : corpus->docids[random_below(random, corpus->document_count)];
        uint32_t wdf_a = 0, wdf_b = 0, length_a = 0, length_b = 0;
        assert_int_equal(shim_posting(a, 0, docid, text, term->size, &wdf_a, &length_a), SHIM_OK);
        assert_int_equal(shim_posting(b, 0, docid, text, term->size, &wdf_b, &length_b), SHIM_OK);
        assert_int_equal(wdf_a, wdf_b);
        assert_int_equal(length_a, length_b);
        if (docid == posting->docid)
            assert_int_equal(wdf_a, posting->wdf);
    }
}

static void compare_search(struct shim_database *a, struct shim_database *b,
                           const struct corpus *corpus, struct random *random) {
    struct shim_query leaves[4] = {{.op = SHIM_TERM}};
    const struct shim_query *children[4];
    uint32_t count = 1 + random_below(random, 4);
    for (uint32_t i = 0; i < count; i++) {
        const struct term *term = &corpus->terms[random_term(corpus, random)];
        leaves[i] = (struct shim_query){
            .op = SHIM_TERM, .term = (const char *)term->text, .term_size = term->size};
        children[i] = &leaves[i];
    }
    struct shim_query query = {
        .op = random_below(random, 3) ? SHIM_OR : SHIM_AND, .children = children, .count = count};
    struct shim_search search = SHIM_SEARCH_INIT;
    search.query = &query;
    search.limit = 1 + random_below(random, 200);
    search.check_at_least = random_below(random, 2) ? UINT32_MAX : 0;
    struct shim_result result_a, result_b;
    assert_int_equal(shim_search(a, &search, &result_a), SHIM_OK);
    assert_int_equal(shim_search(b, &search, &result_b), SHIM_OK);
    assert_int_equal(result_a.count, result_b.count);
    for (size_t i = 0; i < result_a.count; i++) {
        assert_int_equal(result_a.matches[i].docid, result_b.matches[i].docid);
        assert_true(result_a.matches[i].weight == result_b.matches[i].weight);
    }
    if (search.check_at_least)
        assert_int_equal(result_a.estimate, result_b.estimate);
    shim_result_free(&result_a);
    shim_result_free(&result_b);
}

static void compare_statistics(struct shim_database *a, struct shim_database *b,
                               const char *folder_a, const char *folder_b) {
    struct shim_statistics of_a, of_b;
    assert_int_equal(shim_database_statistics(a, &of_a), SHIM_OK);
    assert_int_equal(shim_database_statistics(b, &of_b), SHIM_OK);
    assert_int_equal(of_a.documents, of_b.documents);
    assert_int_equal(of_a.total_length, of_b.total_length);
    assert_true(of_a.average_length == of_b.average_length);
    struct glass_version version_a = version_read(folder_a), version_b = version_read(folder_b);
    const struct glass_statistics *in_a = &version_a.statistics, *in_b = &version_b.statistics;
    assert_int_equal(in_a->documents, in_b->documents);
    assert_int_equal(in_a->last_docid, in_b->last_docid);
    assert_int_equal(in_a->shortest, in_b->shortest);
    assert_int_equal(in_a->longest, in_b->longest);
    assert_int_equal(in_a->largest_wdf, in_b->largest_wdf);
    assert_int_equal(in_a->total_length, in_b->total_length);
}

static void print_fault(void *context, const char *line) {
    (void)context;
    print_message("    %s\n", line);
}

static void check(const char *folder) {
    uint64_t errors = 1;
    char message[400] = "";
    if (shim_check(folder, &errors, NULL, NULL, message, sizeof message) != SHIM_OK)
        fail_msg("%s", message);
    if (errors)
        shim_check(folder, &errors, print_fault, NULL, message, sizeof message);
    assert_int_equal(errors, 0);
}

static void compare_databases(const struct corpus *corpus, struct random *random,
                              const char *folder_a, const char *folder_b) {
    struct shim_database *a = database_open(folder_a), *b = database_open(folder_b);
    static const struct term documents = {.size = 0};
    compare_statistics(a, b, folder_a, folder_b);
    compare_terms(a, b);
    compare_postings(a, b, &documents);
    for (uint32_t t = 0; t < corpus->term_count; t++)
        compare_postings(a, b, &corpus->terms[t]);
    compare_skips(a, b, corpus, random);
    for (int i = 0; i < 30 && corpus->term_count; i++)
        compare_search(a, b, corpus, random);
    shim_database_close(a);
    shim_database_close(b);
}

static void compare_writers(const struct shape *shape, struct random *random) {
    struct corpus corpus = corpus_create(shape, random);
    char *folder = folder_create();
    char *theirs = path_in(folder, "xapian");
    write_with_xapian(&corpus, theirs);
    static const uint32_t chunk_sizes[] = {0, 64, 333, 1000, 100000};
    for (uint32_t block_size = 2048; block_size <= 65536; block_size *= is_wrapped() ? 32 : 2) {
        uint32_t chunk_size = chunk_sizes[random_below(random, 5)];
        char *ours = folder_create();
        write_ours(&corpus, ours, block_size, chunk_size);
        check(ours);
        compare_databases(&corpus, random, ours, theirs);
        folder_remove(ours);
    }
    corpus_free(&corpus);
    free(theirs);
    folder_remove(folder);
}

/* ---- Tests ----------------------------------------------------------------------------------- */

static void readers_see_no_difference(void **state) {
    (void)state;
    static const struct shape shapes[] = {
        {"no documents at all", 0, 1, 1, 0, 0, 0, 1, false},
        {"one document", 1, 5, 5, 0, 0, 0, 3, false},
        {"documents without terms", 500, 1, 1, 20, 100, 0, 1, false},
        {"everyday", 3000, 2000, 60, 0, 5, 10, 8, false},
        {"docids with gaps", 3000, 500, 30, 30, 20, 10, 8, false},
        {"one term in all documents", 30000, 1, 1, 0, 0, 0, 3, false},
        {"one term of 100,000 occurrences", 300, 1, 1, 5, 0, 0, 100000, false},
        {"boolean terms only", 2000, 50, 20, 5, 5, 100, 1, false},
        {"terms of odd bytes", 3000, 300, 30, 10, 5, 10, 300, true},
        {"long lists", 20000, 40, 20, 3, 1, 5, 200, false},
    };
    struct random random = random_create(__func__);
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        if (is_wrapped() && shapes[i].documents > 3000)
            continue;
        print_message("  %s\n", shapes[i].name);
        compare_writers(&shapes[i], &random);
    }
}

/* Millions of postings in the smallest blocks: too slow for Xapian's writer, so only its check. */
static void millions_of_postings_pass_the_check(void **state) {
    (void)state;
    if (is_wrapped())
        skip();
    static const struct shape shape = {"", 60000, 5000, 100, 2, 1, 5, 3, false};
    struct random random = random_create(__func__);
    struct corpus corpus = corpus_create(&shape, &random);
    assert_true(corpus.posting_count > 2000000);
    char *folder = folder_create();
    write_ours(&corpus, folder, 2048, 64);
    assert_true(version_read(folder).roots[GLASS_POSTLIST].level >= 2);
    check(folder);
    corpus_free(&corpus);
    folder_remove(folder);
}

/* Runs a program of xapian-tools; false if it is not there. */
static bool tool_run(const char *tool, const char *first, const char *second, const char *third) {
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        assert_non_null(freopen("/dev/null", "w", stdout));
        assert_non_null(freopen("/dev/null", "w", stderr));
        execlp(tool, tool, first, second, third, (char *)NULL);
        _exit(127);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 127)
        return false;
    assert_int_equal(WEXITSTATUS(status), 0);
    return true;
}

static void xapian_tools_read_and_compact_it(void **state) {
    (void)state;
    static const struct shape shape = {"", 3000, 500, 30, 10, 5, 5, 8, false};
    struct random random = random_create(__func__);
    struct corpus corpus = corpus_create(&shape, &random);
    char *folder = folder_create();
    char *ours = path_in(folder, "ours"), *compacted = path_in(folder, "compacted");
    assert_int_equal(mkdir(ours, 0777), 0);
    write_ours(&corpus, ours, 4096, 0);
    /* Renumbering would begin at 1 where the first document has a higher number. */
    bool there = tool_run("xapian-check", ours, "t", NULL) &&
                 tool_run("xapian-delve", "-v", ours, NULL) &&
                 tool_run("xapian-compact", "--no-renumber", ours, compacted);
    if (there)
        compare_databases(&corpus, &random, ours, compacted);
    corpus_free(&corpus);
    free(ours);
    free(compacted);
    folder_remove(folder);
    if (!there) {
        print_message("xapian-tools is not installed\n");
        skip();
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readers_see_no_difference),
        cmocka_unit_test(millions_of_postings_pass_the_check),
        cmocka_unit_test(xapian_tools_read_and_compact_it),
    };
    return cmocka_run_group_tests_name("glass_differential", tests, NULL, NULL);
}
