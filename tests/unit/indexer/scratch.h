/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A folder of its own for each test program, and files in it. */
#ifndef PLENARY_TESTS_SCRATCH_H
#define PLENARY_TESTS_SCRATCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char scratch[64];

static inline int scratch_make(void **state) {
    (void)state;
    strcpy(scratch, "/tmp/plenary-test-XXXXXX");
    return mkdtemp(scratch) ? 0 : -1;
}

static inline int scratch_remove_one(const char *path, const struct stat *stat, int type,
                                     struct FTW *walk) {
    (void)stat;
    (void)type;
    (void)walk;
    return remove(path);
}

static inline int scratch_remove(void **state) {
    (void)state;
    return nftw(scratch, scratch_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* "SCRATCH/NAME", in one of a few buffers used in turn. */
static inline const char *scratch_path(const char *name) {
    static char paths[8][256];
    static unsigned turn;
    char *path = paths[turn++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", scratch, name);
    return path;
}

static inline void scratch_write(const char *path, const void *data, size_t size) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* The bytes of a file, to be freed. */
static inline uint8_t *scratch_read(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    *size = (size_t)ftell(file);
    rewind(file);
    uint8_t *data = malloc(*size + 1);
    assert_non_null(data);
    assert_int_equal(fread(data, 1, *size, file), *size);
    data[*size] = '\0';
    fclose(file);
    return data;
}

static inline int scratch_exists(const char *path) {
    struct stat stat_;
    return lstat(path, &stat_) == 0;
}

/* xorshift64*: small, and the same everywhere. The seed is printed so that a failure can be had
 * again with PLENARY_SEED. */
static inline uint64_t random_seed(void) {
    const char *given = getenv("PLENARY_SEED");
    uint64_t seed = given ? strtoull(given, NULL, 0) : (uint64_t)time(NULL) * 2654435761U | 1;
    print_message("PLENARY_SEED=%llu\n", (unsigned long long)seed);
    return seed ? seed : 1;
}

static inline uint64_t random_next(uint64_t *state) {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

#endif
