/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A temporary folder for a test, entered by folder_make and removed by folder_remove. */
#ifndef PLENARY_TESTS_UNIT_CORPUS_FOLDER_H
#define PLENARY_TESTS_UNIT_CORPUS_FOLDER_H

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder_path[] = "/tmp/plenary-test-XXXXXX";

static inline int folder_make(void **state) {
    (void)state;
    strcpy(folder_path + strlen(folder_path) - 6, "XXXXXX");
    return mkdtemp(folder_path) && !chdir(folder_path) ? 0 : -1;
}

static inline int folder_remove_one(const char *path, const struct stat *info, int kind,
                                    struct FTW *where) {
    (void)info, (void)kind, (void)where;
    return remove(path);
}

static inline int folder_remove(void **state) {
    (void)state;
    return chdir("/") || nftw(folder_path, folder_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static inline void folder_write_bytes(const char *path, const void *data, size_t size) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static inline void folder_write(const char *path, const char *text) {
    folder_write_bytes(path, text, strlen(text));
}

#endif
