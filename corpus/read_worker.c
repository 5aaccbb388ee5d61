/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/read_worker.h"

#include "corpus/confine.h"
#include "corpus/document_message.h"
#include "corpus/unit_file.h"
#include "corpus/worker_protocol.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ARGUMENTS = 5, WORN_SHARE = 4 };

struct read_worker {
    reader_find_fn *find;
    struct confine_limits limits;
    unsigned seconds;
    uint64_t pages_at_start;
    struct document document;
    struct bytes payload;
    int out; /* of the job */
    bool failed;
};

bool read_worker_wanted(int argc, char *const *argv) {
    return argc == ARGUMENTS && !strcmp(argv[1], READ_WORKER_ARGUMENT);
}

/* ---- Dying ---- */

/* Libraries that cannot get memory mostly abort. Tell that from other crashes, since the user can
 * do something about it. */
static void on_crash(int signal_number) {
    if (errno == ENOMEM)
        _exit(WORKER_NO_MEMORY);
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

/* On a stack of its own: the usual one may be what has run out. */
static void catch_crashes(void) {
    static char stack[16384];
    static const int signals[] = {SIGABRT, SIGTRAP, SIGSEGV, SIGBUS};
    stack_t alternative = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(&alternative, NULL);
    struct sigaction action = {.sa_handler = on_crash, .sa_flags = SA_ONSTACK | (int)SA_NODEFER};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        sigaction(signals[i], &action, NULL);
    signal(SIGXFSZ, SIG_IGN); /* write fails with EFBIG then */
}

/* ---- Answering ---- */

static bool write_all(int fd, const void *data, size_t size) {
    const uint8_t *at = data;
    while (size) {
        ssize_t written = write(fd, at, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        at += written;
        size -= (size_t)written;
    }
    return true;
}

static void write_record(struct read_worker *worker, enum worker_record_type type) {
    struct worker_record head = {type, worker->payload.size};
    if (worker->payload.failed || !write_all(worker->out, &head, sizeof head) ||
        !write_all(worker->out, worker->payload.data, worker->payload.size))
        worker->failed = true;
}

static int give_document(void *context, struct document *document) {
    struct read_worker *worker = context;
    bytes_reset(&worker->payload);
    document_message_write(&worker->payload, document);
    write_record(worker, WORKER_DOCUMENT);
    return worker->failed ? PLENARY_ELIMIT : 0;
}

static void give_notice(void *context, const struct notice *notice) {
    struct read_worker *worker = context;
    bytes_reset(&worker->payload);
    bytes_add_varint(&worker->payload, notice->level);
    bytes_add_varint(&worker->payload, notice->line);
    bytes_add(&worker->payload, notice->source, strlen(notice->source) + 1);
    bytes_add_string(&worker->payload, notice->text);
    write_record(worker, WORKER_NOTICE);
}

/* Each member has the time of a file. */
static void begin_member(void *context, uint64_t number, const char *path) {
    struct read_worker *worker = context;
    confine_seconds(worker->seconds);
    bytes_reset(&worker->payload);
    bytes_add_varint(&worker->payload, number);
    bytes_add_string(&worker->payload, path);
    write_record(worker, WORKER_MEMBER);
}

static bool send_reply(const struct worker_reply *reply) {
    ssize_t sent;
    do
        sent = send(WORKER_SOCKET, reply, sizeof *reply, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == sizeof *reply;
}

/* ---- Reading ---- */

/* The next job and its two descriptors; false when there will be none. */
static bool receive_job(struct worker_job *job, int descriptors[2]) {
    union {
        char bytes[CMSG_SPACE(2 * sizeof(int))];
        struct cmsghdr align;
    } control;
    struct iovec part = {job, sizeof *job};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    ssize_t got;
    do
        got = recvmsg(WORKER_SOCKET, &message, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    const struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    if (got != sizeof *job || !head || head->cmsg_type != SCM_RIGHTS ||
        head->cmsg_len != CMSG_LEN(2 * sizeof(int)))
        return false;
    memcpy(descriptors, CMSG_DATA(head), 2 * sizeof(int));
    return true;
}

/* Not owned: the job has the strings. */
static struct metadata metadata_of(struct worker_job *job) {
    return (struct metadata){.title = *job->title ? job->title : NULL,
                             .body = *job->body ? job->body : NULL,
                             .language = *job->language ? job->language : NULL,
                             .date = job->date};
}

static int read_unit(struct read_worker *worker, struct worker_job *job, const uint8_t *data,
                     uint64_t *skipped, struct error *err) {
    struct corpus_options options = {.whole = job->whole,
                                     .min_words = job->min_words,
                                     .max_file = job->max_file,
                                     .max_line = job->max_line,
                                     .notify = give_notice,
                                     .context = worker,
                                     .first_member = job->first_member,
                                     .begin_member = begin_member};
    struct unit_file file = {.options = options, .metadata = metadata_of(job)};
    struct unit unit = {.path = job->path,
                        .source = job->source,
                        .format = (enum corpus_format)job->format,
                        .data = data,
                        .size = (size_t)job->size,
                        .offset = job->offset,
                        .line = job->line,
                        .file = &file,
                        .first_slice = true,
                        .last_slice = true};
    memcpy(unit.content, job->content, sizeof unit.content);
    reader_fn *reader = worker->find(unit.format);
    if (!reader)
        return error_set(err, PLENARY_EINVALID, "no reader for this format");
    int status = reader(&unit, &options, &worker->document, give_document, worker, skipped, err);
    if (worker->failed)
        status = error_set(err, PLENARY_ELIMIT, "what was read is too large");
    return status;
}

static uint64_t pages_now(const struct read_worker *worker) {
    void *end = sbrk(0);
    return end == (void *)-1 ? worker->pages_at_start : (uintptr_t)end; /* NOLINT */
}

/* What a job left behind on the heap is missing from the next one's memory. */
static bool is_worn(const struct read_worker *worker) {
    return pages_now(worker) - worker->pages_at_start > worker->limits.memory / WORN_SHARE;
}

static struct worker_reply do_job(struct read_worker *worker, struct worker_job *job,
                                  const int descriptors[2]) {
    struct worker_reply reply = {.kind = WORKER_DONE};
    struct error err = {.code = PLENARY_OK};
    uint64_t skipped = 0;
    size_t size = (size_t)job->size;
    worker->out = descriptors[1];
    worker->failed = false;
    confine_seconds(worker->seconds);
    confine_file(job->size);
    errno = 0;
    void *data = mmap(NULL, size ? size : 1, PROT_READ, MAP_PRIVATE, descriptors[0], 0);
    int status =
        data == MAP_FAILED ? error_memory(&err) : read_unit(worker, job, data, &skipped, &err);
    if (data != MAP_FAILED)
        munmap(data, size ? size : 1);
    close(descriptors[0]);
    close(descriptors[1]);
    if (is_worn(worker))
        reply.kind = WORKER_LEAVING;
    reply.status = status;
    reply.skipped = skipped > UINT32_MAX ? UINT32_MAX : (uint32_t)skipped;
    if (status < 0)
        snprintf(reply.message, sizeof reply.message, "%s", err.message);
    return reply;
}

static void start(struct read_worker *worker, char *const *argv) {
    worker->limits.memory = strtoull(argv[2], NULL, 10);
    worker->limits.output = strtoull(argv[3], NULL, 10);
    worker->seconds = (unsigned)strtoul(argv[4], NULL, 10);
    worker->payload.limit = worker->limits.output < SIZE_MAX ? (size_t)worker->limits.output : 0;
    document_init(&worker->document);
    worker->pages_at_start = (uintptr_t)sbrk(0);
    catch_crashes();
}

int read_worker_main(char *const *argv, reader_find_fn *find) {
    static struct worker_job job;
    struct read_worker worker = {.find = find};
    struct worker_reply reply = {.kind = WORKER_READY};
    int descriptors[2];
    start(&worker, argv);
    reader_formats_prepare();
    reply.confinement = confine_self(&worker.limits);
    bool heard = send_reply(&reply);
    while (heard && reply.kind != WORKER_LEAVING && receive_job(&job, descriptors)) {
        reply = do_job(&worker, &job, descriptors);
        heard = send_reply(&reply);
    }
    document_free(&worker.document);
    bytes_free(&worker.payload);
    return 0;
}
