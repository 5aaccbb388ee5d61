/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Gather the segments of several indexes in one manifest, so that a test has as many segments as it
 * likes, which writing to one index would merge. Their documents must not have ids in common.
 * usage: gather NEW-INDEX INDEX...
 */
#include "indexer/manifest.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static int take_segments(struct manifest *to, const char *index, const char *from,
                         struct error *err) {
    struct manifest manifest;
    int status = manifest_read(&manifest, from, err);
    for (size_t i = 0; !status && i < manifest.segment_count; i++) {
        struct manifest_segment row = manifest.segments[i];
        char *old_path = manifest_segment_path(from, row.name);
        row.name = to->next_segment++;
        char *new_path = manifest_segment_path(index, row.name);
        if (!old_path || !new_path)
            status = error_memory(err);
        else if (rename(old_path, new_path))
            status = error_errno(err, "%s: cannot rename to %s", old_path, new_path);
        else
            status = manifest_add(to, &row, err);
        free(old_path);
        free(new_path);
    }
    manifest_free(&manifest);
    return status;
}

int main(int argc, char **argv) {
    struct manifest manifest;
    struct error err = {0};
    char segments[4200];
    if (argc < 2)
        return 2;
    manifest_init(&manifest, -1);
    manifest.generation = 1;
    snprintf(segments, sizeof segments, "%s/segments", argv[1]);
    int status = 0;
    if (mkdir(argv[1], 0777) || mkdir(segments, 0777))
        status = error_errno(&err, "%s: cannot create", segments);
    for (int i = 2; !status && i < argc; i++)
        status = take_segments(&manifest, argv[1], argv[i], &err);
    if (!status)
        status = manifest_write(&manifest, argv[1], &err);
    manifest_free(&manifest);
    if (status)
        fprintf(stderr, "gather: %s\n", err.message);
    return status ? 1 : 0;
}
