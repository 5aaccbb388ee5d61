/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/worker_process.h"

#include "corpus/read_worker.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    START_MILLISECONDS = 60000,
    PATIENCE_MILLISECONDS = 1000,
    CLOCK_SHARE = 10,
    CLOCK_LEAST = 60
};

unsigned worker_clock_seconds(const struct worker_limits *limits) {
    unsigned seconds = limits->seconds * CLOCK_SHARE;
    return seconds > CLOCK_LEAST ? seconds : CLOCK_LEAST;
}

/* ---- Starting ---- */

/* A group of its own, so that Ctrl-C at the terminal reaches us only; nothing blocked or ignored.
 */
static int set_attributes(posix_spawnattr_t *attributes) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    return posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                                    POSIX_SPAWN_SETSIGDEF) ||
           posix_spawnattr_setpgroup(attributes, 0) ||
           posix_spawnattr_setsigmask(attributes, &none) ||
           posix_spawnattr_setsigdefault(attributes, &all);
}

/* What a library writes about a bad file is not ours to show. */
static int set_files(posix_spawn_file_actions_t *files, int socket) {
    return posix_spawn_file_actions_addopen(files, STDIN_FILENO, "/dev/null", O_RDONLY, 0) ||
           posix_spawn_file_actions_addopen(files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) ||
           posix_spawn_file_actions_addopen(files, STDERR_FILENO, "/dev/null", O_WRONLY, 0) ||
           posix_spawn_file_actions_adddup2(files, socket, WORKER_SOCKET) ||
           posix_spawn_file_actions_addclosefrom_np(files, WORKER_SOCKET + 1);
}

static int spawn(pid_t *pid, const char *program, const struct worker_limits *limits, int socket) {
    char memory[24], output[24], seconds[24];
    snprintf(memory, sizeof memory, "%" PRIu64, limits->memory);
    snprintf(output, sizeof output, "%" PRIu64, limits->output);
    snprintf(seconds, sizeof seconds, "%u", limits->seconds);
    char argument[] = READ_WORKER_ARGUMENT, name[] = "plenary-read";
    char *arguments[] = {name, argument, memory, output, seconds, NULL};
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t files;
    if (posix_spawnattr_init(&attributes))
        return ENOMEM;
    if (posix_spawn_file_actions_init(&files)) {
        posix_spawnattr_destroy(&attributes);
        return ENOMEM;
    }
    int status = set_attributes(&attributes) || set_files(&files, socket)
                     ? ENOMEM
                     : posix_spawn(pid, program, &files, &attributes, arguments, environ);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    return status;
}

static int hear_ready(struct worker_process *worker, const char *program,
                      const struct worker_limits *limits, struct error *err) {
    struct worker_reply reply;
    char why[200];
    if (worker_process_wait(worker, START_MILLISECONDS, &reply) == 1 &&
        reply.kind == WORKER_READY) {
        worker->confinement = reply.confinement;
        return 0;
    }
    worker_process_end(worker, limits, why, sizeof why);
    return error_set(err, PLENARY_EIO, "%s, which is to read it, did not start: it %s", program,
                     why);
}

int worker_process_start(struct worker_process *worker, const char *program,
                         const struct worker_limits *limits, struct error *err) {
    int ends[2];
    if (worker->pid)
        return 0;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
        return error_errno(err, "cannot start a process to read it");
    /* dup2 of a descriptor to itself would leave it close-on-exec. */
    int theirs = ends[1];
    if (theirs == WORKER_SOCKET)
        theirs = fcntl(theirs, F_DUPFD_CLOEXEC, WORKER_SOCKET + 1);
    int status = theirs < 0 ? errno : spawn(&worker->pid, program, limits, theirs);
    if (theirs != ends[1] && theirs >= 0)
        close(theirs);
    close(ends[1]);
    if (status) {
        worker->pid = 0;
        close(ends[0]);
        errno = status;
        return error_errno(err, "cannot start %s to read it", program);
    }
    worker->socket = ends[0];
    worker->overdue = worker->unwanted = false;
    return hear_ready(worker, program, limits, err);
}

/* ---- Talking ---- */

int worker_process_send(struct worker_process *worker, const struct worker_job *job,
                        const int descriptors[2], struct error *err) {
    union {
        char bytes[CMSG_SPACE(2 * sizeof(int))];
        struct cmsghdr align;
    } control = {.bytes = {0}};
    struct worker_job copy = *job;
    struct iovec part = {&copy, sizeof copy};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(2 * sizeof(int));
    memcpy(CMSG_DATA(head), descriptors, 2 * sizeof(int));
    ssize_t sent;
    do
        sent = sendmsg(worker->socket, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? error_errno(err, "cannot reach the process that is to read it") : 0;
}

int worker_process_wait(struct worker_process *worker, int milliseconds,
                        struct worker_reply *reply) {
    struct pollfd poll_for = {.fd = worker->socket, .events = POLLIN};
    int ready = poll(&poll_for, 1, milliseconds);
    if (ready == 0 || (ready < 0 && errno == EINTR))
        return 0;
    ssize_t got = recv(worker->socket, reply, sizeof *reply, MSG_DONTWAIT);
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return 0;
    if (got != sizeof *reply)
        return PLENARY_EDAMAGED;
    reply->message[sizeof reply->message - 1] = '\0';
    return 1;
}

/* ---- Ending ---- */

static void tell_signal(int number, const struct worker_process *worker,
                        const struct worker_limits *limits, char *why, size_t size) {
    if (worker->overdue)
        snprintf(why, size, "took more than %u s (--limit-seconds)", worker_clock_seconds(limits));
    else if (number == SIGXCPU)
        snprintf(why, size, "took more than %u s of CPU time (--limit-seconds)", limits->seconds);
    else if (number == SIGSYS)
        snprintf(why, size, "tried what no reader may (SIGSYS)");
    else if (number == SIGKILL)
        snprintf(why, size, "was killed (SIGKILL), perhaps because the system lacks memory");
    else {
        const char *name = sigabbrev_np(number);
        snprintf(why, size, "crashed (SIG%s)", name ? name : "?");
    }
}

/* It has let go of the socket, so that it is as good as dead, or means ill. */
static int reap(pid_t pid) {
    const struct timespec pause = {.tv_nsec = 1000000};
    int status = 0;
    for (int i = 0; i < PATIENCE_MILLISECONDS; i++) {
        pid_t got = waitpid(pid, &status, WNOHANG);
        if (got == pid)
            return status;
        nanosleep(&pause, NULL);
    }
    kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return status;
}

void worker_process_end(struct worker_process *worker, const struct worker_limits *limits,
                        char *why, size_t size) {
    if (!worker->pid)
        return;
    close(worker->socket); /* an idle one ends by itself then */
    if (worker->overdue || worker->unwanted)
        kill(worker->pid, SIGKILL);
    int status = reap(worker->pid);
    worker->pid = 0;
    if (WIFSIGNALED(status))
        tell_signal(WTERMSIG(status), worker, limits, why, size);
    else if (WEXITSTATUS(status) == WORKER_NO_MEMORY)
        snprintf(why, size, "needs more than %" PRIu64 " MiB of memory (--limit-memory)",
                 limits->memory >> 20);
    else
        snprintf(why, size, "ended early (exit status %d)", WEXITSTATUS(status));
}
