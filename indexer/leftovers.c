/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/leftovers.h"

#include "indexer/segment/folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct cleaning {
    const char *index;
    const struct manifest *manifest;
    const struct manifest_segment *segment; /* whose folder is being cleaned */
    char *folder;
    struct error *err;
};

static int remove_file(const struct cleaning *cleaning, const char *name) {
    char *path = folder_path(cleaning->folder, name);
    if (!path)
        return error_memory(cleaning->err);
    int status = 0;
    if (unlink(path) && errno != ENOENT)
        status = error_errno(cleaning->err, "%s: cannot remove", path);
    free(path);
    return status;
}

static int clean_tombstones(void *context, const char *name) {
    const struct cleaning *cleaning = context;
    static const char prefix[] = "tombstones-";
    char current[40];
    snprintf(current, sizeof current, "%s%llu", prefix,
             (unsigned long long)cleaning->segment->tombstones);
    if (strncmp(name, prefix, strlen(prefix)) || !strcmp(name, current))
        return 0;
    return remove_file(cleaning, name);
}

/* A name that we would have given a segment. */
static bool is_segment_name(const char *name) {
    size_t digits = strspn(name, "0123456789");
    return digits >= 6 && digits <= 10 && !name[digits];
}

static int clean_segment(void *context, const char *name) {
    struct cleaning *cleaning = context;
    if (!is_segment_name(name))
        return 0;
    uint64_t number = strtoull(name, NULL, 10);
    int status = 0;
    if (asprintf(&cleaning->folder, "%s/segments/%s", cleaning->index, name) < 0)
        return error_memory(cleaning->err);
    cleaning->segment = NULL;
    for (size_t i = 0; i < cleaning->manifest->segment_count; i++) {
        if (cleaning->manifest->segments[i].name == number)
            cleaning->segment = &cleaning->manifest->segments[i];
    }
    if (cleaning->segment)
        status = folder_each(cleaning->folder, clean_tombstones, cleaning, cleaning->err);
    else
        status = folder_remove(cleaning->folder, cleaning->err);
    free(cleaning->folder);
    return status;
}

int leftovers_remove(const char *index, const struct manifest *manifest, struct error *err) {
    struct cleaning cleaning = {.index = index, .manifest = manifest, .err = err};
    char *unfinished = folder_path(index, "manifest.json.tmp");
    char *stub = folder_path(index, "xapian.stub.tmp");
    char *segments = folder_path(index, "segments");
    int status = 0;
    if (!unfinished || !stub || !segments)
        status = error_memory(err);
    else if (unlink(unfinished) && errno != ENOENT)
        status = error_errno(err, "%s: cannot remove", unfinished);
    else if (unlink(stub) && errno != ENOENT)
        status = error_errno(err, "%s: cannot remove", stub);
    else
        status = folder_each(segments, clean_segment, &cleaning, err);
    free(unfinished);
    free(stub);
    free(segments);
    return status;
}

static int check_entry(void *context, const char *name) {
    const struct cleaning *cleaning = context;
    if (!strcmp(name, "lock") || !strcmp(name, "segments") || !strcmp(name, "manifest.json.tmp"))
        return 0;
    return error_set(cleaning->err, PLENARY_ENOTFOUND,
                     "%s: a folder with other files in it (%.80s) and no index; name a new or an "
                     "empty folder for the index",
                     cleaning->index, name);
}

bool leftovers_is_index(const char *folder) {
    struct manifest manifest;
    int status = manifest_read(&manifest, folder, NULL);
    manifest_free(&manifest);
    if (!status)
        return true;
    /* Other programs have a manifest.json, too; a damaged one of ours stands beside segments. */
    if (status != PLENARY_ENOTFOUND) {
        char *segments = folder_path(folder, "segments");
        bool is_index = segments && !access(segments, F_OK);
        free(segments);
        return is_index;
    }
    char *lock = folder_path(folder, "lock");
    bool begun = lock && !access(lock, F_OK) && leftovers_check_new(folder, NULL) == 0;
    free(lock);
    return begun;
}

int leftovers_check_new(const char *index, struct error *err) {
    struct cleaning cleaning = {.index = index, .err = err};
    return folder_each(index, check_entry, &cleaning, err);
}
