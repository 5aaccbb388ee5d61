/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/segment/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *folder_path(const char *folder, const char *name) {
    char *path;
    return asprintf(&path, "%s/%s", folder, name) < 0 ? NULL : path;
}

int folder_sync(const char *folder, struct error *err) {
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0)
        return error_errno(err, "%s: cannot open", folder);
    int status = 0;
    /* Some file systems cannot sync a folder and say EINVAL: then there is nothing to be done. */
    if (fsync(file) && errno != EINVAL)
        status = error_errno(err, "%s: cannot write to disk", folder);
    close(file);
    return status;
}

int folder_each(const char *folder, int (*each)(void *context, const char *name), void *context,
                struct error *err) {
    DIR *stream = opendir(folder);
    if (!stream)
        return error_errno(err, "%s: cannot read this folder", folder);
    int status = 0;
    struct dirent *entry;
    while (!status && (errno = 0, entry = readdir(stream))) {
        if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
            status = each(context, entry->d_name);
    }
    if (!status && errno)
        status = error_errno(err, "%s: cannot read this folder", folder);
    closedir(stream);
    return status;
}

struct folder_task {
    const char *folder;
    struct error *err;
};

static int sync_file(void *context, const char *name) {
    struct folder_task *task = context;
    char *path = folder_path(task->folder, name);
    if (!path)
        return error_memory(task->err);
    int status = 0;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0 || fsync(file))
        status = error_errno(task->err, "%s: cannot write to disk", path);
    if (file >= 0)
        close(file);
    free(path);
    return status;
}

int folder_sync_files(const char *folder, struct error *err) {
    struct folder_task task = {folder, err};
    int status = folder_each(folder, sync_file, &task, err);
    return status ? status : folder_sync(folder, err);
}

static int remove_file(void *context, const char *name) {
    struct folder_task *task = context;
    char *path = folder_path(task->folder, name);
    if (!path)
        return error_memory(task->err);
    int status = 0;
    if (unlink(path) && errno != ENOENT)
        status = error_errno(task->err, "%s: cannot remove", path);
    free(path);
    return status;
}

int folder_remove(const char *folder, struct error *err) {
    struct stat stat;
    if (lstat(folder, &stat) && errno == ENOENT)
        return 0;
    struct folder_task task = {folder, err};
    int status = folder_each(folder, remove_file, &task, err);
    if (!status && rmdir(folder) && errno != ENOENT)
        status = error_errno(err, "%s: cannot remove", folder);
    return status;
}

uint64_t folder_file_size(const char *folder, const char *name) {
    struct stat stat;
    char *path = folder_path(folder, name);
    bool found = path && !lstat(path, &stat) && S_ISREG(stat.st_mode);
    free(path);
    return found ? (uint64_t)stat.st_size : 0;
}
