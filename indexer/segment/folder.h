/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is done to folders of an index as a whole. They are flat: only files in them, no folders.
 * Thread-safe.
 */
#ifndef PLENARY_INDEXER_FOLDER_H
#define PLENARY_INDEXER_FOLDER_H

#include "corpus/error.h"

#include <stdint.h>

/* "FOLDER/NAME", malloc'ed; NULL: out of memory. */
char *folder_path(const char *folder, const char *name);

/* Make the names in a folder, and the files' bytes if `files`, outlive a power cut. */
int folder_sync(const char *folder, struct error *err);
int folder_sync_files(const char *folder, struct error *err);

/* Remove the folder and the files in it. No error if it is not there. Links are not followed. */
int folder_remove(const char *folder, struct error *err);

/* Call `each` with the name of every entry but "." and "..", until non-zero, which is returned. */
int folder_each(const char *folder, int (*each)(void *context, const char *name), void *context,
                struct error *err);

/* Bytes of a file that is there; 0 otherwise. */
uint64_t folder_file_size(const char *folder, const char *name);

#endif
