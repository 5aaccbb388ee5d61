/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/worker_pool.h"

#include "corpus/confine.h"
#include "corpus/notice.h"
#include "corpus/unit_file.h"
#include "corpus/worker_answer.h"
#include "corpus/worker_process.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum {
    WAIT_MILLISECONDS = 200, /* how often we look for what has been read so far */
    MEMBERS_LOST = 100,      /* members of one archive that may cost a worker each */
};

struct worker_pool {
    struct worker_limits limits;
    char program[PATH_MAX];
    pthread_mutex_t mutex;
    pthread_cond_t freed;
    struct worker_process *workers; /* the first `free_count` of `free` are to be had */
    struct worker_process **free;
    unsigned count, free_count;
    atomic_bool told; /* that something is missing from the confinement */
};

/* One file on its way through a worker. */
struct reading {
    struct worker_pool *pool;
    struct worker_process *worker;
    const struct unit *unit;
    const struct corpus_options *options;
    uint64_t *skipped;
    struct worker_answer answer;
    struct worker_job job;
    int input, output;
};

/* ---- The pool ---- */

/* Beside this program, as in a folder of builds, or where `make install` puts it. */
static int find_program(char program[PATH_MAX], struct error *err) {
    static const char *const places[] = {"/plenary-read", "/../libexec/plenary/plenary-read"};
    ssize_t size = readlink("/proc/self/exe", program, PATH_MAX - 1);
    if (size < 0)
        return error_errno(err, "/proc/self/exe");
    program[size] = '\0';
    char *folder_end = strrchr(program, '/');
    for (size_t i = 0; folder_end && i < sizeof places / sizeof *places; i++) {
        snprintf(folder_end, PATH_MAX - (size_t)(folder_end - program), "%s", places[i]);
        if (!access(program, X_OK))
            break;
    }
    return 0;
}

int worker_pool_open(struct worker_pool **out, const struct worker_limits *limits,
                     const char *program, unsigned workers, struct error *err) {
    *out = NULL;
    struct worker_pool *pool = calloc(1, sizeof *pool);
    if (!pool)
        return error_memory(err);
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_cond_init(&pool->freed, NULL);
    pool->limits = *limits;
    pool->count = pool->free_count = workers ? workers : 1;
    pool->workers = calloc(pool->count, sizeof *pool->workers);
    pool->free = calloc(pool->count, sizeof(struct worker_process *));
    int status = 0;
    if (program)
        snprintf(pool->program, sizeof pool->program, "%s", program);
    else
        status = find_program(pool->program, err);
    if (!status && (!pool->workers || !pool->free))
        status = error_memory(err);
    if (status) {
        pool->free_count = 0;
        worker_pool_close(pool);
        return status;
    }
    for (unsigned i = 0; i < pool->count; i++)
        pool->free[i] = &pool->workers[i];
    *out = pool;
    return 0;
}

void worker_pool_close(struct worker_pool *pool) {
    char why[200];
    if (!pool)
        return;
    for (unsigned i = 0; pool->workers && i < pool->count; i++)
        worker_process_end(&pool->workers[i], &pool->limits, why, sizeof why);
    pthread_cond_destroy(&pool->freed);
    pthread_mutex_destroy(&pool->mutex);
    free(pool->workers);
    free(pool->free);
    free(pool);
}

/* The one used last is the first to be used again. */
static struct worker_process *take_worker(struct worker_pool *pool) {
    pthread_mutex_lock(&pool->mutex);
    while (!pool->free_count)
        pthread_cond_wait(&pool->freed, &pool->mutex);
    struct worker_process *worker = pool->free[--pool->free_count];
    pthread_mutex_unlock(&pool->mutex);
    return worker;
}

static void give_back(struct worker_pool *pool, struct worker_process *worker) {
    pthread_mutex_lock(&pool->mutex);
    pool->free[pool->free_count++] = worker;
    pthread_cond_signal(&pool->freed);
    pthread_mutex_unlock(&pool->mutex);
}

/* ---- One job ---- */

static void skip(struct reading *reading, const char *path, const char *why) {
    ++*reading->skipped;
    notice_send(reading->options, NOTICE_SKIPPED, path, 0, "%s", why);
}

/* Once a pool, for --verbose. */
static void tell_confinement(struct reading *reading) {
    unsigned got = reading->worker->confinement;
    if (got == (CONFINED_LANDLOCK | CONFINED_SECCOMP) ||
        atomic_exchange(&reading->pool->told, true))
        return;
    notice_send(reading->options, NOTICE_DETAIL, reading->unit->path, 0,
                "what reads it is limited in memory and time, but this system does not grant %s",
                got & CONFINED_SECCOMP ? "Landlock"
                : got                  ? "seccomp"
                                       : "seccomp and Landlock");
}

/* The file's bytes where another process can map them and nobody can change them any more. */
static int make_input(const struct unit *unit, struct error *err) {
    int fd = memfd_create("plenary-file", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0)
        return error_errno(err, "cannot hand a file over");
    for (size_t done = 0; done < unit->size;) {
        ssize_t written = write(fd, unit->data + done, unit->size - done);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            int status = error_errno(err, "cannot hand a file over");
            close(fd);
            return status;
        }
        done += (size_t)written;
    }
    fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
    return fd;
}

/* A value is not longer than its place (METADATA_VALUE_MAX). */
static void tell_metadata(struct worker_job *job, const struct metadata *metadata) {
    job->date = metadata->date;
    snprintf(job->title, sizeof job->title, "%s", metadata->title ? metadata->title : "");
    snprintf(job->body, sizeof job->body, "%s", metadata->body ? metadata->body : "");
    snprintf(job->language, sizeof job->language, "%s",
             metadata->language ? metadata->language : "");
}

static bool make_job(struct reading *reading) {
    const struct unit *unit = reading->unit;
    struct worker_job *job = &reading->job;
    *job = (struct worker_job){.size = unit->size,
                               .max_file = reading->options->max_file,
                               .max_line = reading->options->max_line,
                               .offset = unit->offset,
                               .line = unit->line,
                               .format = (uint32_t)unit->format,
                               .whole = reading->options->whole,
                               .min_words = reading->options->min_words};
    memcpy(job->content, unit->content, sizeof job->content);
    if (unit->file)
        tell_metadata(job, &unit->file->metadata);
    int path = snprintf(job->path, sizeof job->path, "%s", unit->path);
    int source = snprintf(job->source, sizeof job->source, "%s", unit->source);
    return (size_t)path < sizeof job->path && (size_t)source < sizeof job->source;
}

static int start_job(struct reading *reading, struct error *err) {
    const struct worker_limits *limits = &reading->pool->limits;
    int status = worker_process_start(reading->worker, reading->pool->program, limits, err);
    if (status)
        return status;
    tell_confinement(reading);
    reading->output = memfd_create("plenary-answer", MFD_CLOEXEC);
    if (reading->output < 0)
        return error_errno(err, "cannot take an answer");
    worker_answer_begin(&reading->answer, reading->output);
    int descriptors[2] = {reading->input, reading->output};
    return worker_process_send(reading->worker, &reading->job, descriptors, err);
}

static time_t seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

/* Until the worker is done or dead: 1, *reply is what it said; 0: it is dead, or must die;
 * negative: `each` wants to stop. What comes in the meantime is passed on. */
static int await(struct reading *reading, struct worker_reply *reply, struct error *err) {
    struct worker_process *worker = reading->worker;
    time_t allowed = worker_clock_seconds(&reading->pool->limits), last = seconds_now();
    for (;;) {
        int heard = worker_process_wait(worker, WAIT_MILLISECONDS, reply);
        int status = worker_answer_take(&reading->answer, err);
        if (status < 0)
            return status;
        if (heard || reading->answer.damaged)
            return heard == 1 && !reading->answer.damaged && reply->kind != WORKER_READY;
        if (status > 0)
            last = seconds_now();
        else if (seconds_now() - last > allowed) {
            worker->overdue = true;
            return 0;
        }
    }
}

/* The reader said that it failed; the process is well. */
static void tell_failure(struct reading *reading, const struct worker_reply *reply) {
    char why[sizeof reply->message + 100];
    const struct worker_limits *limits = &reading->pool->limits;
    if (reply->status == PLENARY_ENOMEM)
        snprintf(why, sizeof why, "needs more than %" PRIu64 " MiB of memory (--limit-memory)",
                 limits->memory >> 20);
    else if (reply->status == PLENARY_ELIMIT)
        snprintf(why, sizeof why, "what is in it takes more than %" PRIu64 " MiB",
                 limits->output >> 20);
    else
        snprintf(why, sizeof why, "%s", reply->message);
    skip(reading, reading->unit->path, why);
}

/* The worker is gone. 1: the archive can be gone on with behind the member that killed it. */
static int tell_death(struct reading *reading, unsigned losses) {
    char how[200] = "gave an answer that makes no sense", why[260], ending[200];
    struct worker_answer *answer = &reading->answer;
    reading->worker->unwanted |= answer->damaged;
    worker_process_end(reading->worker, &reading->pool->limits, answer->damaged ? ending : how,
                       answer->damaged ? sizeof ending : sizeof how);
    snprintf(why, sizeof why, "reading it %s", how);
    skip(reading, answer->member ? answer->member : reading->unit->path, why);
    if (!answer->member || answer->damaged)
        return 0;
    if (losses >= MEMBERS_LOST) {
        skip(reading, reading->unit->path, "too many of its members do such things: not read on");
        return 0;
    }
    return answer->member_number + 1 > reading->job.first_member;
}

/* Send the job and see it through. 1: there is more to read of it; 0; negative. */
static int run_job(struct reading *reading, unsigned losses, struct error *err) {
    struct worker_reply reply = {.kind = 0};
    struct error fault = {.code = PLENARY_OK};
    reading->output = -1;
    int status = start_job(reading, &fault);
    if (status) {
        reading->worker->unwanted = true;
        worker_process_end(reading->worker, &reading->pool->limits, reply.message,
                           sizeof reply.message);
        skip(reading, reading->unit->path, fault.message);
    } else if ((status = await(reading, &reply, err)) < 0) {
        reading->worker->unwanted = true;
        worker_process_end(reading->worker, &reading->pool->limits, reply.message,
                           sizeof reply.message);
        return status;
    } else if (status > 0) {
        *reading->skipped += reply.skipped;
        if (reply.status < 0)
            tell_failure(reading, &reply);
        if (reply.kind == WORKER_LEAVING)
            worker_process_end(reading->worker, &reading->pool->limits, reply.message,
                               sizeof reply.message);
        return 0;
    } else
        return tell_death(reading, losses);
    return 0;
}

static int run_jobs(struct reading *reading, struct error *err) {
    int status = 1;
    for (unsigned losses = 0; status > 0; losses++) {
        status = run_job(reading, losses, err);
        if (status > 0)
            reading->job.first_member = reading->answer.member_number + 1;
        worker_answer_end(&reading->answer);
        if (reading->output >= 0)
            close(reading->output);
    }
    return status;
}

int worker_pool_read(struct worker_pool *pool, const struct unit *unit,
                     const struct corpus_options *options, struct document *scratch,
                     document_fn each, void *context, uint64_t *skipped, struct error *err) {
    struct error fault = {.code = PLENARY_OK};
    struct reading *reading = calloc(1, sizeof *reading);
    if (!reading)
        return error_memory(err);
    *reading = (struct reading){
        .pool = pool, .unit = unit, .options = options, .skipped = skipped, .output = -1};
    reading->answer = (struct worker_answer){
        .unit = unit, .options = options, .scratch = scratch, .each = each, .context = context};
    int status = 0;
    if (!make_job(reading))
        skip(reading, unit->path, "its name is too long");
    else if ((reading->input = make_input(unit, &fault)) < 0)
        skip(reading, unit->path, fault.message);
    else {
        reading->worker = take_worker(pool);
        status = run_jobs(reading, err);
        give_back(pool, reading->worker);
        close(reading->input);
    }
    free(reading);
    return status;
}
