/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A process gives up its rights before it reads what may be hostile. What is taken from it:
 *
 *   always    rlimits: address space, size of files written, no core, few descriptors, CPU time
 *             (set anew for each piece of work)
 *   seccomp   no network, no new process or program, no file opened for writing, nothing renamed,
 *             removed or made: such a call kills the process (SIGSYS). What else is not needed to
 *             read fails with EPERM.
 *   Landlock  no file is opened at all, but for reading below the folders named here
 *
 * Where there is no Landlock, seccomp refuses to open any file; where there is no seccomp either
 * (old kernels, some containers), the rlimits hold alone. There is no way back. For processes of
 * one thread.
 */
#ifndef PLENARY_CORPUS_CONFINE_H
#define PLENARY_CORPUS_CONFINE_H

#include <stdint.h>

struct confine_limits {
    uint64_t memory; /* bytes of address space on top of what is in use now, and of the file */
    uint64_t output; /* bytes of a file written */
};

enum confinement {
    CONFINED_LANDLOCK = 1,
    CONFINED_SECCOMP = 2,
};

/* Returns which of `enum confinement` hold now, as bits; the rlimits hold in any case. */
unsigned confine_self(const struct confine_limits *limits);

/* A file of so many bytes is about to be mapped: they do not count against the memory. */
void confine_file(uint64_t size);

/* From now on `seconds` more of CPU time; then SIGXCPU, which kills. */
void confine_seconds(unsigned seconds);

#endif
