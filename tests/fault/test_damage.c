/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Damage on disk: every file of an index is cut short at every 4 KiB, and bytes of it are changed
 * at random. Each time the index is opened and searched in a process of its own, which may end with
 * an error or with the right answers; never with a crash, a hang, or wrong answers. Xapian's files
 * are no exception: postings.sums stands for them.
 *
 * usage: test_damage [TRIALS [SEED]]; also $PLENARY_TRIALS, $PLENARY_SEED
 */
#include "tests/fault/answers.h"

#include "corpus/bytes.h"
#include "corpus/document.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    TRIALS = 300,
    FILES_MAX = 64,
    DOCUMENTS = 240,
    PARAGRAPHS = 8,
    SECONDS = 20,    /* that a trial may take */
    FAULTS_MAX = 20, /* shown */
    CUT_STEP = 4096
};

struct file {
    char path[4200];
    uint8_t *pristine; /* owned */
    size_t size;
};

static char folder[4096];
static struct file files[FILES_MAX];
static size_t file_count;
static struct answers right;
static uint64_t random_state;
static unsigned trials, errors, rights, faults, all_trials, all_faults;

/* xorshift64*: Vigna, "An experimental exploration of Marsaglia's xorshift generators" (2016). */
static uint64_t random_number(uint64_t below) {
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (random_state * UINT64_C(0x2545F4914F6CDD1D) >> 16) % below;
}

static void die(const char *what) {
    printf("Bail out! %s: %s\n", what, strerror(errno));
    exit(1);
}

/* ---- The index ----------------------------------------------------------------------------- */

static void fill_document(struct document *document, unsigned number, unsigned version) {
    char id[40], text[2000];
    document_reset(document);
    snprintf(id, sizeof id, "d%u", number);
    document->id = arena_string(&document->arena, id);
    document->is_record = true;
    snprintf(id, sizeof id, "/minutes/%u.jsonl", number / 20);
    document->source = arena_string(&document->arena, id);
    snprintf(id, sizeof id, "Meeting %u", number % 17);
    document->title = number % 5 ? arena_string(&document->arena, id) : NULL;
    document->language = number % 7 ? "english" : "french";
    document->date = 20100101 + number % 15 * 10000 + number % 12 * 100;
    memcpy(document->content, &number, sizeof number);
    memcpy(document->content + 4, &version, sizeof version);
    for (unsigned i = 0; i < PARAGRAPHS; i++) {
        int size = snprintf(text, sizeof text, "The %s word1 %s", i % 3 ? "harbour" : "harbours",
                            random_number(3) ? "word2" : "word9");
        for (unsigned k = 0; k < 30; k++)
            size += snprintf(text + size, sizeof text - (size_t)size, " word%u",
                             (unsigned)(random_number(60) * random_number(60)));
        struct passage *passage = document_add(document, PASSAGE_PARAGRAPH, text, (size_t)size);
        if (!passage)
            die("a passage");
        passage->speaker = i % 4 ? NULL : "The Chair";
        passage->heading = i % 2 ? "Next steps" : NULL;
    }
    if (document_finish(document))
        die("a document");
}

static int add_documents(struct index_writer *writer, unsigned first, unsigned end,
                         unsigned version, struct error *err) {
    struct document document;
    enum index_change change;
    document_init(&document);
    int status = 0;
    for (unsigned i = first; !status && i < end; i++) {
        fill_document(&document, i, version);
        status = index_writer_add(writer, &document, &change, err);
    }
    document_free(&document);
    return status ? status : index_writer_publish(writer, err);
}

/* Two segments; the second replaces and a deletion removes documents of the first. */
static void make_index(void) {
    struct index_writer_options options = INDEX_WRITER_OPTIONS_INIT;
    struct index_writer *writer;
    struct error err = {0};
    uint64_t deleted;
    options.language = -1;
    int status = index_writer_open(&writer, folder, &options, &err);
    if (!status)
        status = add_documents(writer, 0, DOCUMENTS, 1, &err);
    if (!status)
        status = add_documents(writer, DOCUMENTS - 20, DOCUMENTS + 60, 2, &err);
    for (unsigned i = 0; !status && i < DOCUMENTS + 60; i += 37) {
        char id[20];
        snprintf(id, sizeof id, "d%u", i);
        status = index_writer_delete(writer, id, &deleted, &err);
    }
    if (!status)
        status = index_writer_publish(writer, &err);
    if (status) {
        printf("Bail out! %s\n", err.message);
        exit(1);
    }
    index_writer_close(writer);
}

static int keep_file(const char *path, const struct stat *stat, int flag, struct FTW *ftw) {
    if (flag != FTW_F || !strcmp(path + ftw->base, "lock") || stat->st_size == 0)
        return 0;
    struct file *file = &files[file_count];
    if (file_count == FILES_MAX)
        return -1;
    file_count++;
    snprintf(file->path, sizeof file->path, "%s", path);
    file->size = (size_t)stat->st_size;
    file->pristine = malloc(file->size);
    int from = open(path, O_RDONLY);
    ssize_t got = from < 0 || !file->pristine ? -1 : read(from, file->pristine, file->size);
    if (from >= 0)
        close(from);
    return got == stat->st_size ? 0 : -1;
}

/* As a new file: a process that hung may still hold the old one. */
static void write_file(const struct file *file, const uint8_t *data, size_t size) {
    unlink(file->path);
    int to = open(file->path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (to < 0 || write(to, data, size) != (ssize_t)size || close(to))
        die(file->path);
}

/* ---- A trial ------------------------------------------------------------------------------- */

static volatile sig_atomic_t stopped;

/* Tell what has been found so far. */
static void stop(int number) {
    (void)number;
    stopped = 1;
}

enum outcome { ERROR, RIGHT, WRONG, TROUBLE };

/* In a process of its own. */
static enum outcome search(void) {
    struct answers found;
    struct error err = {0};
    if (answers_take(&found, folder, &err))
        return err.message[0] ? ERROR : WRONG; /* an error must say something */
    bool any_error = false;
    for (size_t i = 0; i < found.count; i++) {
        if (found.status[i] < 0)
            any_error = true;
        else if (found.hash[i] != right.hash[i]) {
            printf("# another answer to %s\n", answers_query(i));
            fflush(stdout);
            return WRONG;
        }
    }
    return any_error ? ERROR : RIGHT;
}

static void limit_child(void) {
    struct rlimit no_core = {0, 0}, memory = {2UL << 30, 2UL << 30};
    setrlimit(RLIMIT_CORE, &no_core);
#ifndef __SANITIZE_ADDRESS__ /* which maps terabytes */
    setrlimit(RLIMIT_AS, &memory);
#endif
    (void)memory;
    alarm(SECONDS);
}

static int in_process(void) {
    int status;
    fflush(stdout);
    pid_t child = fork();
    if (child < 0)
        die("fork");
    if (child == 0) {
        limit_child();
        _exit((int)search());
    }
    if (waitpid(child, &status, 0) != child)
        die("waitpid");
    return status;
}

static void judge(const struct file *file, const char *what) {
    int status = in_process();
    enum outcome outcome = WIFEXITED(status) ? (enum outcome)WEXITSTATUS(status) : TROUBLE;
    trials++;
    errors += outcome == ERROR;
    rights += outcome == RIGHT;
    if (outcome < WRONG)
        return;
    if (++faults <= FAULTS_MAX)
        printf("# trial %u: %s, %s: %s %d\n", trials, file->path + strlen(folder) + 1, what,
               outcome == WRONG      ? "wrong answers unnoticed"
               : WIFSIGNALED(status) ? "killed by signal"
                                     : "ended with",
               WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

static void judge_cut(const struct file *file, size_t size) {
    char what[60];
    snprintf(what, sizeof what, "cut to %zu of %zu bytes", size, file->size);
    write_file(file, file->pristine, size);
    judge(file, what);
    write_file(file, file->pristine, file->size);
}

/* One bit, a few bytes, or a stretch of zeros. */
static void judge_change(const struct file *file) {
    char what[80];
    uint8_t *data = malloc(file->size);
    if (!data)
        die("memory");
    memcpy(data, file->pristine, file->size);
    size_t at = random_number(file->size);
    switch (random_number(4)) {
    case 0:
        data[at] ^= (uint8_t)(1 << random_number(8));
        snprintf(what, sizeof what, "a bit of byte %zu changed", at);
        break;
    case 1: {
        size_t size = 1 + random_number(512);
        if (size > file->size - at)
            size = file->size - at;
        memset(data + at, random_number(2) ? 0 : 0xff, size);
        snprintf(what, sizeof what, "%zu bytes from %zu on overwritten", size, at);
        break;
    }
    default: {
        size_t count = 1 + random_number(8);
        snprintf(what, sizeof what, "%zu bytes from %zu on changed", count, at);
        for (size_t i = 0; i < count; i++, at = random_number(file->size))
            data[at] = (uint8_t)random_number(256);
    }
    }
    write_file(file, data, file->size);
    judge(file, what);
    write_file(file, file->pristine, file->size);
    free(data);
}

/* ---- The whole ----------------------------------------------------------------------------- */

static unsigned tests;

static void report(const char *what) {
    printf("%sok %u - %s: %u trials, %u errors, %u right answers, %u faults\n",
           faults ? "not " : "", ++tests, what, trials, errors, rights, faults);
    all_trials += trials;
    all_faults += faults;
    trials = errors = rights = faults = 0;
}

static void cut_all(void) {
    for (size_t i = 0; i < file_count; i++) {
        for (size_t size = 0; size < files[i].size && !stopped; size += CUT_STEP)
            judge_cut(&files[i], size);
        judge_cut(&files[i], files[i].size - 1);
    }
    report("files cut short");
}

static void change_all(unsigned count) {
    for (unsigned i = 0; i < count && !stopped; i++)
        judge_change(&files[random_number(file_count)]);
    report("bytes changed");
}

static int remove_one(const char *path, const struct stat *stat, int flag, struct FTW *ftw) {
    (void)stat, (void)flag, (void)ftw;
    return remove(path);
}

static const char *setting(int argc, char **argv, int i, const char *name) {
    return argc > i ? argv[i] : getenv(name);
}

int main(int argc, char **argv) {
    const char *count = setting(argc, argv, 1, "PLENARY_TRIALS");
    const char *seed = setting(argc, argv, 2, "PLENARY_SEED");
    unsigned wanted = count ? (unsigned)strtoul(count, NULL, 10) : TRIALS;
    random_state =
        seed ? strtoull(seed, NULL, 10) : (uint64_t)time(NULL) << 20 ^ (uint64_t)getpid();
    printf("# seed %llu\n", (unsigned long long)random_state);
    random_state = random_state * 2 + 1;
    const char *scratch = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/plenary-damage-XXXXXX", scratch ? scratch : "/tmp");
    if (!mkdtemp(folder))
        die(folder);
    signal(SIGTERM, stop);
    make_index();
    if (nftw(folder, keep_file, 16, FTW_PHYS))
        die("reading the index");
    struct error err = {0};
    bool sound = !answers_take(&right, folder, &err) && right.hits > 100;
    for (size_t i = 0; i < right.count; i++)
        sound &= !right.status[i];
    printf("%sok %u - the whole index answers (%u hits) %s\n", sound ? "" : "not ", ++tests,
           (unsigned)right.hits, err.message);
    if (sound) {
        cut_all();
        change_all(wanted);
    }
    sound &= !all_faults;
    printf("# test_damage: %u trials, %u faults\n", all_trials, all_faults);
    printf("1..%u\n", tests);
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    for (size_t i = 0; i < file_count; i++)
        free(files[i].pristine);
    return sound ? 0 : 1;
}
