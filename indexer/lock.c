/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file holds "PID PROGRAM\n" of the last writer. The lock is an open file description lock
 * (F_OFD_SETLK): unlike the older kind it keeps two writers of one process apart, and is not lost
 * when another part of the process closes the file.
 */
#include "indexer/lock.h"

#include "indexer/segment/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { POLL_MILLISECONDS = 50, NAME_ATTEMPTS = 20 };

/* 1 taken, 0 held by another, -1 errno. */
static int try_lock(int file) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (!fcntl(file, F_OFD_SETLK, &lock))
        return 1;
    return errno == EAGAIN || errno == EACCES ? 0 : -1;
}

static double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int wait_for_lock(int file, unsigned wait) {
    double deadline = seconds_now() + wait;
    int taken = try_lock(file);
    while (!taken && seconds_now() < deadline) {
        struct timespec pause = {0, POLL_MILLISECONDS * 1000000L};
        nanosleep(&pause, NULL);
        taken = try_lock(file);
    }
    return taken;
}

static bool read_holder(int file, unsigned *process, char program[64]) {
    char text[80] = "";
    ssize_t size = pread(file, text, sizeof text - 1, 0);
    text[size > 0 ? size : 0] = '\0';
    return sscanf(text, "%u %63[ -~]", process, program) == 2;
}

static int describe_holder(int file, const char *index, struct error *err) {
    char program[64] = "";
    unsigned process = 0;
    bool known = read_holder(file, &process, program);
    /* The holder may have the lock and not have written its name yet. */
    for (unsigned i = 0; !known && i < NAME_ATTEMPTS; i++) {
        struct timespec pause = {0, POLL_MILLISECONDS * 1000000L};
        nanosleep(&pause, NULL);
        known = read_holder(file, &process, program);
    }
    if (!known)
        return error_set(err, PLENARY_ELOCKED,
                         "%s is being written by another process; use --wait SECONDS", index);
    return error_set(err, PLENARY_ELOCKED,
                     "%s is being written by %s (process %u); use --wait SECONDS", index, program,
                     process);
}

/* For the message of others only: that it cannot be written is no reason to stop. */
static void note_holder(int file) {
    char text[80];
    int size =
        snprintf(text, sizeof text, "%ld %.60s\n", (long)getpid(), program_invocation_short_name);
    if (ftruncate(file, 0) || pwrite(file, text, (size_t)size, 0) < 0)
        return;
}

int lock_take(int *out, const char *index, unsigned wait, struct error *err) {
    *out = -1;
    char *path = folder_path(index, "lock");
    if (!path)
        return error_memory(err);
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    int status = 0;
    int taken = file < 0 ? -1 : wait_for_lock(file, wait);
    if (taken < 0)
        status = error_errno(err, "%s: cannot lock", path);
    else if (!taken)
        status = describe_holder(file, index, err);
    free(path);
    if (status) {
        if (file >= 0)
            close(file);
        return status;
    }
    note_holder(file);
    *out = file;
    return 0;
}

void lock_release(int lock) {
    if (lock >= 0)
        close(lock);
}
