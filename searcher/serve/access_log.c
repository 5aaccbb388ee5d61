/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/serve/access_log.h"

#include "corpus/bytes.h"
#include "searcher/escape.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct access_log {
    int access, nothing; /* descriptors; -1: none */
};

static int open_file(int *out, const char *path, struct error *err) {
    *out = -1;
    if (!path)
        return 0;
    *out = strcmp(path, "-") == 0 ? dup(STDERR_FILENO)
                                  : open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
    return *out >= 0 ? 0 : error_errno(err, "%s", path);
}

int access_log_open(struct access_log **out, const char *access, const char *nothing,
                    struct error *err) {
    struct access_log *log = calloc(1, sizeof *log);
    *out = NULL;
    if (!log)
        return error_memory(err);
    log->nothing = -1;
    int status = open_file(&log->access, access, err);
    if (!status)
        status = open_file(&log->nothing, nothing, err);
    if (status)
        access_log_close(log);
    else
        *out = log;
    return status;
}

void access_log_close(struct access_log *log) {
    if (!log)
        return;
    if (log->access >= 0)
        close(log->access);
    if (log->nothing >= 0)
        close(log->nothing);
    free(log);
}

static void add_time(struct bytes *line) {
    struct tm parts;
    time_t now = time(NULL);
    char text[32];
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &parts));
    bytes_add_string(line, text);
}

/* A log that cannot be written is no reason to stop answering. */
static void write_line(int descriptor, struct bytes *line) {
    bytes_add_byte(line, '\n');
    if (!line->failed) {
        ssize_t written = write(descriptor, line->data, line->size);
        (void)written;
    }
    bytes_free(line);
}

void access_log_request(struct access_log *log, const char *method, const char *target,
                        unsigned status, size_t size, uint64_t nanoseconds) {
    enum { TARGET_MOST = 2000 };
    if (log->access < 0)
        return;
    struct bytes line = BYTES_INIT;
    size_t length = strnlen(target, TARGET_MOST);
    add_time(&line);
    bytes_add_byte(&line, ' ');
    escape_terminal(&line, method, strnlen(method, 20));
    bytes_add_byte(&line, ' ');
    escape_terminal(&line, target, length);
    bytes_printf(&line, " %u %zu %.1fms", status, size, (double)nanoseconds / 1e6);
    write_line(log->access, &line);
}

void access_log_nothing(struct access_log *log, const char *query, const char *others) {
    if (log->nothing < 0)
        return;
    struct bytes line = BYTES_INIT;
    add_time(&line);
    bytes_add_byte(&line, '\t');
    escape_tsv(&line, query, strlen(query));
    bytes_add_byte(&line, '\t');
    escape_tsv(&line, others, strlen(others));
    write_line(log->nothing, &line);
}
