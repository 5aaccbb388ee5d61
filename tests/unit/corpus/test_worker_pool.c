/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Workers, with a reader that does on purpose what hostile files make readers do: the file is named
 * with the reason, and the next one is read as if nothing had happened. */
#include "corpus/confine.h"
#include "corpus/file_document.h"
#include "corpus/read_worker.h"
#include "corpus/worker_pool.h"
#include "corpus/worker_protocol.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

/* ---- The reader, in the worker ------------------------------------------------------------------
 */

static void deny(bool done) {
    _exit(done ? 90 : 91); /* 90: it was let do what it should not */
}

static void eat_memory(void) {
    for (;;) {
        char *more = malloc(1 << 20);
        if (!more)
            abort();
        memset(more, 1, 1 << 20);
        __asm__ volatile("" : : "r"(more) : "memory");
    }
}

static void send_garbage(void) {
    struct worker_reply reply;
    memset(&reply, 0xA5, sizeof reply);
    send(WORKER_SOCKET, &reply, 77, 0);
    pause();
}

/* 20 MiB that stay. Rooted, or a sanitizer would tell of them when the worker ends. */
static void leak(void) {
    static char *kept[320];
    static size_t count;
    for (count = 0; count < sizeof kept / sizeof *kept; count++)
        if ((kept[count] = malloc(64 << 10)))
            memset(kept[count], 1, 64 << 10);
}

static int misbehave(const char *what) {
    volatile int *nowhere = NULL;
    int fd = -1;
    if (!strcmp(what, "crash"))
        *nowhere = 1;
    else if (!strcmp(what, "abort"))
        abort();
    else if (!strcmp(what, "loop"))
        for (volatile unsigned i = 0;; i++)
            continue;
    else if (!strcmp(what, "memory"))
        eat_memory();
    else if (!strcmp(what, "leak"))
        leak();
    else if (!strcmp(what, "write"))
        deny((fd = open("/tmp/plenary-test-written", O_WRONLY | O_CREAT, 0600)) >= 0);
    else if (!strcmp(what, "read"))
        deny((fd = open("/etc/passwd", O_RDONLY)) >= 0);
    else if (!strcmp(what, "socket"))
        deny((fd = socket(AF_INET, SOCK_STREAM, 0)) >= 0);
    else if (!strcmp(what, "fork"))
        deny(fork() >= 0);
    else if (!strcmp(what, "exec"))
        deny(execl("/bin/true", "true", (char *)NULL) == 0);
    else if (!strcmp(what, "kill"))
        deny(kill(getppid(), 0) == 0);
    else if (!strcmp(what, "unlink"))
        deny(unlink("/tmp/plenary-test-written") == 0);
    else if (!strcmp(what, "garbage"))
        send_garbage();
    else if (!strcmp(what, "silence")) {
        close(WORKER_SOCKET);
        pause();
    } else if (!strcmp(what, "exit"))
        _exit(5);
    return 0;
}

static int read_hostile(const struct unit *unit, const struct corpus_options *options,
                        struct document *scratch, document_fn each, void *context,
                        uint64_t *skipped, struct error *err) {
    char what[64];
    snprintf(what, sizeof what, "%.*s", (int)unit->size, (const char *)unit->data);
    if (!strncmp(what, "member ", 7)) /* an archive of three, the second of which is that */
        for (uint64_t i = 1; i <= 3; i++) {
            char path[80], source[80];
            struct unit member = *unit;
            if (i < options->first_member)
                continue;
            snprintf(path, sizeof path, "%s/%d", unit->path, (int)i);
            snprintf(source, sizeof source, "%s/%d", unit->source, (int)i);
            options->begin_member(options->context, i, path);
            if (i == 2)
                misbehave(what + 7);
            member.path = path;
            member.source = source;
            member.data = (const uint8_t *)"well";
            member.size = 4;
            int status = read_hostile(&member, options, scratch, each, context, skipped, err);
            if (status)
                return status;
        }
    if (!strncmp(what, "member ", 7))
        return 0;
    misbehave(what);
    if (!strcmp(what, "fail"))
        return error_set(err, PLENARY_EDAMAGED, "the file is odd");
    int status = file_document_begin(scratch, unit, err);
    if (status)
        return status;
    if (!strcmp(what, "foreign"))
        scratch->id = "someone else's";
    if (!strcmp(what, "lie"))
        options->notify(options->context,
                        &(struct notice){NOTICE_WARNING, "/etc/passwd", 3, "look at this"});
    for (size_t i = 0; !strcmp(what, "flood") && i < 1 << 18; i++)
        document_add(scratch, PASSAGE_PARAGRAPH, "again and again and again", 25);
    document_add(scratch, PASSAGE_PARAGRAPH, what, strlen(what));
    return file_document_finish(scratch, unit, options, each, context, skipped, err);
}

static reader_fn *find_hostile(enum corpus_format format) {
    return format == FORMAT_PDF ? read_hostile : NULL;
}

/* ---- What the pool makes of it ------------------------------------------------------------------
 */

static struct {
    struct bytes documents, notices;
    uint64_t skipped;
} seen;

static unsigned confinement; /* of workers on this system */

static void note(void *context, const struct notice *notice) {
    (void)context;
    if (notice->level != NOTICE_DETAIL)
        bytes_printf(&seen.notices, "%c %s: %s\n", "DWS"[notice->level], notice -> source,
                     notice -> text);
}

static int each(void *context, struct document *document) {
    int *left = context;
    bytes_printf(&seen.documents, "%s %.*s\n", document->id, (int)document->text.size,
                 (const char *)document->text.data);
    return left && --*left < 0 ? PLENARY_ESTOPPED : 0;
}

static int read_with(struct worker_pool *pool, const char *what, int *left) {
    struct document document;
    struct error err;
    struct corpus_options options = {.notify = note};
    struct unit unit = {.path = "files/x.pdf",
                        .source = "/files/x.pdf",
                        .format = FORMAT_PDF,
                        .data = (const uint8_t *)what,
                        .size = strlen(what),
                        .line = 1};
    bytes_reset(&seen.documents);
    bytes_reset(&seen.notices);
    seen.skipped = 0;
    document_init(&document);
    int status =
        worker_pool_read(pool, &unit, &options, &document, each, left, &seen.skipped, &err);
    document_free(&document);
    return status;
}

static struct worker_pool *pool;

static int open_pool(void **state) {
    (void)state;
    struct worker_limits limits = {64 << 20, 8 << 20, 1};
    struct error err;
    /* By its name: valgrind runs this program in a process of its own. */
    char self[4096] = "";
    assert_true(readlink("/proc/self/exe", self, sizeof self - 1) > 0);
    return worker_pool_open(&pool, &limits, self, 1, &err);
}

static int close_pool(void **state) {
    (void)state;
    worker_pool_close(pool);
    bytes_free(&seen.documents);
    bytes_free(&seen.notices);
    return 0;
}

static void expect_well(void) {
    assert_int_equal(read_with(pool, "well", NULL), 0);
    assert_string_equal(bytes_string(&seen.documents), "files/x.pdf well\n");
    assert_string_equal(bytes_string(&seen.notices), "");
    assert_int_equal(seen.skipped, 0);
}

/* The file is skipped for this reason, and the next is read. */
static void expect_skipped(const char *what, const char *why) {
    assert_int_equal(read_with(pool, what, NULL), 0);
    char notice[300];
    snprintf(notice, sizeof notice, "S files/x.pdf: %s\n", why);
    assert_string_equal(bytes_string(&seen.notices), notice);
    assert_string_equal(bytes_string(&seen.documents), "");
    assert_int_equal(seen.skipped, 1);
    expect_well();
}

static void test_reads(void **state) {
    (void)state;
    for (int i = 0; i < 20; i++)
        expect_well();
}

static void test_crash(void **state) {
    (void)state;
    /* A sanitizer reports what it finds and exits. */
    expect_skipped("crash", SANITIZED ? "reading it ended early (exit status 1)"
                                      : "reading it crashed (SIGSEGV)");
    expect_skipped("abort", "reading it crashed (SIGABRT)");
    expect_skipped("exit", "reading it ended early (exit status 5)");
}

static void test_loop(void **state) {
    (void)state;
    expect_skipped("loop", "reading it took more than 1 s of CPU time (--limit-seconds)");
}

static void test_memory(void **state) {
    (void)state;
    if (SANITIZED)
        skip();
    expect_skipped("memory", "reading it needs more than 64 MiB of memory (--limit-memory)");
}

/* A worker that has lost a part of its memory makes way for a new one. */
static void test_wear(void **state) {
    (void)state;
    for (int i = 0; i < 8; i++) {
        assert_int_equal(read_with(pool, "leak", NULL), 0);
        assert_string_equal(bytes_string(&seen.documents), "files/x.pdf leak\n");
        assert_int_equal(seen.skipped, 0);
    }
    expect_well();
}

static void test_output(void **state) {
    (void)state;
    expect_skipped("flood", "what is in it takes more than 8 MiB");
}

static void test_failure(void **state) {
    (void)state;
    expect_skipped("fail", "the file is odd");
}

static void test_forbidden(void **state) {
    (void)state;
    static const char *const deeds[] = {"write", "socket", "fork", "exec", "kill", "unlink"};
    if (!(confinement & CONFINED_SECCOMP)) {
        print_message("# seccomp is not granted here\n");
        skip();
    }
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++)
        expect_skipped(deeds[i], "reading it tried what no reader may (SIGSYS)");
    assert_int_not_equal(access("/tmp/plenary-test-written", F_OK), 0);
}

static void test_files_closed(void **state) {
    (void)state;
    if (!confinement)
        skip();
    expect_skipped("read", "reading it ended early (exit status 91)");
}

static void test_damaged_answers(void **state) {
    (void)state;
    expect_skipped("foreign", "reading it gave an answer that makes no sense");
    assert_int_equal(read_with(pool, "garbage", NULL), 0);
    assert_int_equal(seen.skipped, 1);
    expect_well();
    assert_int_equal(read_with(pool, "silence", NULL), 0);
    assert_int_equal(seen.skipped, 1);
    expect_well();
    assert_int_equal(read_with(pool, "lie", NULL), 0);
    assert_string_equal(bytes_string(&seen.notices), "W files/x.pdf: look at this\n");
}

/* A member of an archive that kills its reader costs that member. */
static void test_members(void **state) {
    (void)state;
    assert_int_equal(read_with(pool, "member abort", NULL), 0);
    assert_string_equal(bytes_string(&seen.documents), "files/x.pdf/1 well\nfiles/x.pdf/3 well\n");
    assert_string_equal(bytes_string(&seen.notices),
                        "S files/x.pdf/2: reading it crashed (SIGABRT)\n");
    assert_int_equal(seen.skipped, 1);
}

static void test_stop(void **state) {
    (void)state;
    int left = 1;
    assert_int_equal(read_with(pool, "member ", &left), PLENARY_ESTOPPED);
    assert_string_equal(bytes_string(&seen.documents), "files/x.pdf/1 well\nfiles/x.pdf/2 well\n");
    expect_well();
}

/* What holds in a process like the workers. */
static unsigned ask_confinement(void) {
    int status = 0;
    pid_t child = fork();
    if (child == 0)
        _exit((int)confine_self(&(struct confine_limits){1 << 30, 1 << 20}));
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status)
               ? (unsigned)WEXITSTATUS(status)
               : 0;
}

int main(int argc, char **argv) {
    if (read_worker_wanted(argc, argv))
        return read_worker_main(argv, find_hostile);
    confinement = ask_confinement();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads),        cmocka_unit_test(test_crash),
        cmocka_unit_test(test_loop),         cmocka_unit_test(test_memory),
        cmocka_unit_test(test_wear),         cmocka_unit_test(test_output),
        cmocka_unit_test(test_failure),      cmocka_unit_test(test_forbidden),
        cmocka_unit_test(test_files_closed), cmocka_unit_test(test_damaged_answers),
        cmocka_unit_test(test_members),      cmocka_unit_test(test_stop),
    };
    return cmocka_run_group_tests(tests, open_pool, close_pool);
}
