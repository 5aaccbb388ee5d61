/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/stub.h"

#include "corpus/bytes.h"
#include "indexer/segment/folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_same(const char *path, const struct bytes *text) {
    FILE *file = fopen(path, "rbe");
    if (!file)
        return false;
    char *found = malloc(text->size + 1);
    bool same = found && fread(found, 1, text->size + 1, file) == text->size &&
                !memcmp(found, text->data, text->size);
    free(found);
    fclose(file);
    return same;
}

static int write_synced(const char *path, const struct bytes *text, struct error *err) {
    FILE *file = fopen(path, "wbe");
    if (!file)
        return error_errno(err, "%s: cannot create", path);
    bool written = fwrite(text->data, 1, text->size, file) == text->size && fflush(file) == 0 &&
                   fsync(fileno(file)) == 0;
    int status = written ? 0 : error_errno(err, "%s: cannot write", path);
    if (fclose(file) && !status)
        status = error_errno(err, "%s: cannot close", path);
    return status;
}

static int replace(const char *index, const char *path, const struct bytes *text,
                   struct error *err) {
    char *new_path = folder_path(index, "xapian.stub.tmp");
    if (!new_path)
        return error_memory(err);
    int status = write_synced(new_path, text, err);
    if (!status && rename(new_path, path))
        status = error_errno(err, "%s: cannot rename to xapian.stub", new_path);
    if (status)
        unlink(new_path);
    free(new_path);
    return status ? status : folder_sync(index, err);
}

int stub_write(const struct manifest *manifest, const char *index, struct error *err) {
    struct bytes text = BYTES_INIT;
    bytes_add_string(&text, "# Written by plenary-index for other Xapian programs.\n");
    for (size_t i = 0; i < manifest->segment_count; i++)
        bytes_printf(&text, "auto segments/%06u\n", manifest->segments[i].name);
    char *path = folder_path(index, "xapian.stub");
    int status = path && !text.failed ? 0 : error_memory(err);
    if (!status && !is_same(path, &text))
        status = replace(index, path, &text, err);
    free(path);
    bytes_free(&text);
    return status;
}
