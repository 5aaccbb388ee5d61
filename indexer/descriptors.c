/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/descriptors.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

enum { PER_SEGMENT = 4, OTHERS = 64 };

void descriptors_keep_standard(void) {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            /* The lowest free number is this one. Opened the wrong way round, it fails as ever. */
            (void)!open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

void descriptors_raise_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur == limit.rlim_max)
        return;
    limit.rlim_cur = limit.rlim_max;
    /* If it is refused, whoever opens too many will be told. */
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

int descriptors_exhausted(const char *index, uint32_t segments, struct error *err) {
    struct rlimit limit = {0, 0};
    getrlimit(RLIMIT_NOFILE, &limit);
    uint64_t need = (uint64_t)segments * PER_SEGMENT + OTHERS;
    return error_set(err, PLENARY_ELIMIT,
                     "%s: its %u segments need up to %llu file descriptors at once, %llu are "
                     "allowed; make the segments fewer with plenary-index --merge %s, or allow "
                     "more with ulimit -n %llu",
                     index, segments, (unsigned long long)need, (unsigned long long)limit.rlim_cur,
                     index, (unsigned long long)need);
}
