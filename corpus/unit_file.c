/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/unit_file.h"

#include "corpus/notice.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct unit_file *unit_file_create(const char *path, const char *source,
                                   const struct corpus_options *options) {
    struct unit_file *file = calloc(1, sizeof *file);
    if (!file)
        return NULL;
    atomic_init(&file->references, 1);
    file->options = *options;
    file->path = strdup(path);
    file->source = strdup(source);
    if (file->path && file->source)
        return file;
    unit_file_release(file);
    return NULL;
}

struct unit_file *unit_file_keep(struct unit_file *file) {
    atomic_fetch_add(&file->references, 1);
    return file;
}

void unit_file_release(struct unit_file *file) {
    if (!file || atomic_fetch_sub(&file->references, 1) > 1)
        return;
    uint64_t replaced = atomic_load(&file->replaced_bytes);
    if (replaced)
        notice_send(&file->options, NOTICE_WARNING, file->path, 0,
                    "%" PRIu64 " bytes that are not valid UTF-8 were replaced by U+FFFD", replaced);
    bytes_free(&file->header);
    bytes_free(&file->language_sample);
    metadata_free(&file->metadata);
    free(file->path);
    free(file->source);
    free(file);
}
