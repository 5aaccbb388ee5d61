/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Readers beside a writer: 4 processes search without pause while one adds, replaces, deletes and
 * merges. No search may fail, and each answer must be that of the generation the reader's snapshot
 * has, which the writer has noted before publishing it.
 *
 * Two of the readers keep a searcher and refresh it, one of them seldom; the others open anew each
 * time.
 *
 * usage: test_readers [SECONDS [SEED]]; also $PLENARY_SECONDS, $PLENARY_SEED. Merging is done by
 * plenary-index of $PLENARY_BUILD where it has --merge.
 */
#include "corpus/bytes.h"
#include "corpus/document.h"
#include "searcher/search.h"

#include <errno.h>
#include <ftw.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>

enum {
    SECONDS = 8,
    READERS = 4,
    DOCUMENTS = 150, /* ids there are */
    GROUPS = 3,      /* words that documents share by version */
    QUERIES = GROUPS + 3,
    GENERATIONS = 100000,
    MESSAGE = 600
};

/* A query: documents whose version leaves this remainder, all (-1). */
static const struct {
    const char *text;
    int group;
} queries[QUERIES] = {
    {"common", -1},
    {"groupnone0", 0},
    {"groupnone1", 1},
    {"common AND groupnone2", 2},
    {"\"common groupnone1\"", 1},
    {"=harbours", -1},
};

/* Between the processes. */
struct shared {
    _Atomic bool stop;
    _Atomic uint64_t searches, refreshes, generations_seen, faults;
    _Atomic uint64_t newest; /* generation published */
    uint64_t expected[GENERATIONS][QUERIES];
    char message[READERS + 1][MESSAGE];
};

static struct shared *shared;
static char folder[4096];
static uint64_t random_state;

static uint64_t random_number(uint64_t below) {
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (random_state * UINT64_C(0x2545F4914F6CDD1D) >> 16) % below;
}

static void wrong(unsigned process, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void wrong(unsigned process, const char *format, ...) {
    if (shared->faults++ > 0 && shared->message[process][0])
        return;
    va_list more;
    va_start(more, format);
    vsnprintf(shared->message[process], MESSAGE, format, more);
    va_end(more);
}

/* What is asked of a document, added up so that the order does not matter. */
static uint64_t document_hash(const char *id, const char *text, size_t size) {
    return XXH3_64bits_withSeed(text, size, XXH3_64bits(id, strlen(id)));
}

static size_t write_text(char text[120], unsigned version) {
    return (size_t)snprintf(text, 120, "common groupnone%u harbours version%uend", version % GROUPS,
                            version);
}

/* ---- The writer ---------------------------------------------------------------------------- */

struct model {
    unsigned version[DOCUMENTS]; /* 0: not there */
};

static void note_expected(const struct model *model, uint64_t generation) {
    char id[20], text[120];
    for (unsigned q = 0; q < QUERIES; q++) {
        uint64_t sum = 0;
        for (unsigned i = 0; i < DOCUMENTS; i++) {
            unsigned version = model->version[i];
            if (!version ||
                (queries[q].group >= 0 && version % GROUPS != (unsigned)queries[q].group))
                continue;
            snprintf(id, sizeof id, "d%u", i);
            sum += document_hash(id, text, write_text(text, version));
        }
        shared->expected[generation % GENERATIONS][q] = sum;
    }
}

static int add_document(struct index_writer *writer, struct document *document, unsigned number,
                        unsigned version, struct error *err) {
    char id[20], text[120];
    enum index_change change;
    document_reset(document);
    snprintf(id, sizeof id, "d%u", number);
    document->id = arena_string(&document->arena, id);
    document->source = arena_string(&document->arena, "/minutes/all.jsonl");
    document->language = "english";
    document->is_record = true;
    memcpy(document->content, &version, sizeof version);
    if (!document_add(document, PASSAGE_PARAGRAPH, text, write_text(text, version)) ||
        document_finish(document))
        return error_memory(err);
    return index_writer_add(writer, document, &change, err);
}

static int change_some(struct index_writer *writer, struct document *document, struct model *model,
                       unsigned *version, struct error *err) {
    unsigned count = 1 + (unsigned)random_number(12);
    int status = 0;
    for (unsigned k = 0; !status && k < count; k++) {
        unsigned i = (unsigned)random_number(DOCUMENTS);
        if (model->version[i] && random_number(3) == 0) {
            char id[20];
            uint64_t deleted;
            snprintf(id, sizeof id, "d%u", i);
            status = index_writer_delete(writer, id, &deleted, err);
            model->version[i] = 0;
        } else {
            model->version[i] = ++*version;
            status = add_document(writer, document, i, *version, err);
        }
    }
    return status;
}

/* One generation, or a few by the same writer. */
static int write_some(struct model *model, unsigned *version, uint64_t *generation,
                      struct document *document, struct error *err) {
    struct index_writer_options options = INDEX_WRITER_OPTIONS_INIT;
    struct index_writer *writer;
    int status = index_writer_open(&writer, folder, &options, err);
    for (uint64_t left = 1 + random_number(4); !status && left; left--) {
        status = change_some(writer, document, model, version, err);
        /* It may come to nothing; then the generation stays, and what is noted for it is right
         * nonetheless. */
        note_expected(model, *generation + 1);
        if (!status)
            status = index_writer_publish(writer, err);
        struct snapshot *snapshot;
        if (!status)
            status = snapshot_open(&snapshot, folder, err);
        if (!status) {
            uint64_t now = snapshot_generation(snapshot);
            snapshot_close(snapshot);
            if (now > *generation + 1)
                return error_set(err, PLENARY_EINVALID, "a generation was left out");
            *generation = now;
            shared->newest = now;
        }
    }
    index_writer_close(writer);
    return status;
}

/* With the program; it publishes the same documents as the next generation, or nothing. */
static int merge(const char *program, const struct model *model, uint64_t *generation,
                 struct error *err) {
    for (unsigned i = 1; i <= 3; i++)
        note_expected(model, *generation + i);
    pid_t child = fork();
    if (child == 0) {
        execl(program, "plenary-index", "-q", "--merge", folder, NULL);
        _exit(127);
    }
    int status;
    if (child < 0 || waitpid(child, &status, 0) != child || status)
        return error_set(err, PLENARY_EINVALID, "--merge ended with %d", status);
    struct snapshot *snapshot;
    status = snapshot_open(&snapshot, folder, err);
    if (status)
        return status;
    *generation = snapshot_generation(snapshot);
    shared->newest = *generation;
    snapshot_close(snapshot);
    return 0;
}

static bool can_merge(char program[4096]) {
    char command[5000];
    const char *build = getenv("PLENARY_BUILD");
    snprintf(program, 4096, "%s/plenary-index", build ? build : "build");
    snprintf(command, sizeof command, "'%s' --help 2>/dev/null | grep -q -- --merge", program);
    return system(command) == 0;
}

static void run_writer(unsigned seconds, unsigned *runs, unsigned *merges) {
    struct model model = {{0}};
    struct document document;
    struct error err = {0};
    char program[4096];
    bool merging = can_merge(program);
    unsigned version = 0;
    uint64_t generation = shared->newest;
    time_t end = time(NULL) + (time_t)seconds;
    int status = 0;
    document_init(&document);
    while (!status && time(NULL) < end && generation < GENERATIONS - 10) {
        bool now = merging && random_number(6) == 0;
        status = now ? merge(program, &model, &generation, &err)
                     : write_some(&model, &version, &generation, &document, &err);
        *(now ? merges : runs) += 1;
    }
    if (status)
        wrong(READERS, "the writer: %s", err.message);
    document_free(&document);
}

/* ---- Readers ------------------------------------------------------------------------------- */

static int sum_hits(const struct searcher *searcher, const struct search_result *result,
                    uint64_t *sum, struct error *err) {
    struct arena arena = ARENA_INIT;
    struct bytes text = BYTES_INIT;
    int status = 0;
    *sum = 0;
    for (size_t i = 0; !status && i < result->hit_count; i++) {
        const struct search_hit *hit = &result->hits[i];
        const struct segment *segment = snapshot_segment(searcher_snapshot(searcher), hit->segment);
        struct document_row row;
        bytes_reset(&text);
        status = segment_document(segment, hit->document, &arena, &row, err);
        if (!status)
            status = segment_text(segment, hit->document, 0, UINT32_MAX, &text, err);
        if (!status)
            *sum += document_hash(row.id, (const char *)text.data, text.size);
    }
    bytes_free(&text);
    arena_free(&arena);
    return status;
}

static void ask(unsigned reader, struct searcher *searcher, unsigned q) {
    struct search_request request = SEARCH_REQUEST_INIT;
    struct search_result result;
    struct error err = {0};
    uint64_t generation = snapshot_generation(searcher_snapshot(searcher)), sum;
    request.text = queries[q].text;
    request.text_size = strlen(queries[q].text);
    request.limit = DOCUMENTS + 1;
    int status = searcher_search(&result, searcher, &request, &err);
    if (status) {
        wrong(reader, "%s in generation %llu: %s", queries[q].text, (unsigned long long)generation,
              err.message);
        return;
    }
    status = sum_hits(searcher, &result, &sum, &err);
    if (status)
        wrong(reader, "hits of %s: %s", queries[q].text, err.message);
    else if (sum != shared->expected[generation % GENERATIONS][q])
        wrong(reader, "%s: not the answer of generation %llu (%zu hits)", queries[q].text,
              (unsigned long long)generation, result.hit_count);
    shared->searches++;
    search_result_free(&result);
}

/* Before the next round: 0, or the searcher is gone. */
static int renew(unsigned reader, struct searcher **searcher, unsigned round) {
    struct error err = {0};
    uint64_t before = *searcher ? snapshot_generation(searcher_snapshot(*searcher)) : 0;
    int status = 0;
    if (reader < 2 && *searcher) {
        if (reader == 1 && round % 50)
            return 0; /* on an old generation for long */
        status = searcher_refresh(*searcher, &err);
        if (status > 0)
            shared->refreshes++;
    } else {
        searcher_close(*searcher);
        *searcher = NULL;
        status = searcher_open(searcher, folder, &err);
    }
    if (status < 0) {
        wrong(reader, "opening after generation %llu: %s", (unsigned long long)before, err.message);
        return *searcher ? 0 : status;
    }
    uint64_t after = snapshot_generation(searcher_snapshot(*searcher));
    if (after < before)
        wrong(reader, "from generation %llu back to %llu", (unsigned long long)before,
              (unsigned long long)after);
    if (after > before)
        shared->generations_seen++;
    return 0;
}

static void run_reader(unsigned reader) {
    struct searcher *searcher = NULL;
    random_state += reader * 7919 + 1;
    for (unsigned round = 0; !shared->stop; round++) {
        if (renew(reader, &searcher, round))
            continue;
        ask(reader, searcher, (unsigned)random_number(QUERIES));
    }
    searcher_close(searcher);
}

/* ---- The whole ----------------------------------------------------------------------------- */

static int remove_one(const char *path, const struct stat *stat, int flag, struct FTW *ftw) {
    (void)stat, (void)flag, (void)ftw;
    return remove(path);
}

static void make_index(void) {
    struct model model = {{0}};
    struct document document;
    struct index_writer *writer;
    struct error err = {0};
    note_expected(&model, 1);
    document_init(&document);
    int status = index_writer_open(&writer, folder, NULL, &err);
    if (!status)
        status = index_writer_publish(writer, &err);
    index_writer_close(writer);
    document_free(&document);
    if (status) {
        printf("Bail out! %s\n", err.message);
        exit(1);
    }
    shared->newest = 1;
}

static void start_readers(pid_t readers[READERS]) {
    for (unsigned i = 0; i < READERS; i++) {
        readers[i] = fork();
        if (readers[i] == 0) {
            run_reader(i);
            /* Not _exit: leaks are to be told. */
            exit(0);
        }
    }
}

static void stop_readers(const pid_t readers[READERS]) {
    shared->stop = true;
    for (unsigned i = 0; i < READERS; i++) {
        int status = -1;
        if (waitpid(readers[i], &status, 0) != readers[i] || status)
            wrong(i, "the reader ended with status %d", status);
    }
}

int main(int argc, char **argv) {
    const char *length = argc > 1 ? argv[1] : getenv("PLENARY_SECONDS");
    const char *seed = argc > 2 ? argv[2] : getenv("PLENARY_SEED");
    unsigned seconds = length ? (unsigned)strtoul(length, NULL, 10) : SECONDS, runs = 0, merges = 0;
    random_state = seed ? strtoull(seed, NULL, 10) : (uint64_t)time(NULL);
    printf("# seed %llu\n", (unsigned long long)random_state);
    fflush(stdout);
    random_state = random_state * 2 + 1;
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    const char *scratch = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/plenary-readers-XXXXXX", scratch ? scratch : "/tmp");
    if (shared == MAP_FAILED || !mkdtemp(folder)) {
        printf("Bail out! %s\n", strerror(errno));
        return 1;
    }
    make_index();
    pid_t readers[READERS];
    start_readers(readers);
    run_writer(seconds, &runs, &merges);
    stop_readers(readers);
    for (unsigned i = 0; i <= READERS; i++)
        if (shared->message[i][0])
            printf("# process %u: %s\n", i, shared->message[i]);
    printf("# test_readers: %llu trials, %llu faults\n", (unsigned long long)shared->searches,
           (unsigned long long)shared->faults);
    bool sound = shared->faults == 0 && shared->searches > 0 && shared->generations_seen > READERS;
    printf("%sok 1 - %d readers, %llu searches, %llu refreshes, %llu changes of generation seen; "
           "%llu generations by %u writers and %u merges: %llu faults\n1..1\n",
           sound ? "" : "not ", READERS, (unsigned long long)shared->searches,
           (unsigned long long)shared->refreshes, (unsigned long long)shared->generations_seen,
           (unsigned long long)shared->newest, runs, merges, (unsigned long long)shared->faults);
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return sound ? 0 : 1;
}
