/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/walk.h"

#include "corpus/metadata.h"
#include "corpus/notice.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What lies in a folder. It is asked what that is while the folder is open, which spares looking up
 * the path to it again. */
struct name {
    char *text;         /* owned */
    unsigned char type; /* DT_DIR and so on, as readdir says; DT_UNKNOWN where it does not */
    int fault;          /* an errno: it cannot be told what it is */
    struct stat info;
};

struct folder {
    char *path, *source; /* owned */
    struct name *names;  /* owned, sorted */
    size_t count, next;
    bool sidecars; /* some lie in it */
    dev_t device;
    ino_t inode;
};

/* A file that was found before it was asked for. */
struct ahead {
    char *path, *source; /* owned; NULL once given out */
    struct walk_entry entry;
};

struct walk {
    const char *const *paths;
    size_t path_count, next_path;
    struct corpus_options options;
    struct folder *folders; /* from a path of the user's down to where we are */
    size_t depth, capacity;
    char *path, *source;     /* of the entry last found or given out; owned */
    const struct name *name; /* in its folder, which is the last of `folders`; NULL: given */
    struct ahead *ahead;
    size_t ahead_count, ahead_next, ahead_capacity;
    uint64_t skipped;
};

static void skip(struct walk *walk, const char *path, const char *why) {
    walk->skipped++;
    notice_send(&walk->options, NOTICE_SKIPPED, path, 0, "%s", why);
}

char *walk_clean_path(const char *path) {
    char *clean = malloc(strlen(path) + 2);
    if (!clean)
        return NULL;
    char *out = clean;
    if (*path == '/')
        *out++ = '/';
    while (*path) {
        size_t length = strcspn(path, "/");
        if (length && !(length == 1 && *path == '.')) {
            if (out > clean && out[-1] != '/')
                *out++ = '/';
            memcpy(out, path, length);
            out += length;
        }
        path += length + (path[length] == '/');
    }
    if (out == clean)
        *out++ = '.';
    *out = '\0';
    return clean;
}

static char *join(const char *folder, const char *name) {
    size_t folder_size = strlen(folder), name_size = strlen(name);
    if (!strcmp(folder, "."))
        return strdup(name);
    char *path = malloc(folder_size + name_size + 2);
    if (!path)
        return NULL;
    memcpy(path, folder, folder_size);
    if (folder_size && folder[folder_size - 1] != '/')
        path[folder_size++] = '/';
    memcpy(path + folder_size, name, name_size + 1);
    return path;
}

/* Resolve the folder of a path, not its last part: a link and what it points to are two sources,
 * and one that was removed can still be told as gone. */
static char *source_of_file(const char *path) {
    const char *slash = strrchr(path, '/');
    char *folder = slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup(".");
    char *real = folder ? realpath(folder, NULL) : NULL;
    char *source = real ? join(real, slash ? slash + 1 : path) : NULL;
    free(folder);
    free(real);
    return source;
}

static bool is_left_out(const char *name) {
    size_t size = strlen(name);
    static const char *const endings[] = {"~", ".bak", ".swp", ".swo"};
    if (name[0] == '.' || metadata_is_sidecar(name) ||
        (size > 1 && name[0] == '#' && name[size - 1] == '#'))
        return true;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t ending = strlen(endings[i]);
        if (size > ending && !strcmp(name + size - ending, endings[i]))
            return true;
    }
    return false;
}

static void folder_free(struct folder *folder) {
    for (size_t i = 0; i < folder->count; i++)
        free(folder->names[i].text);
    free(folder->names);
    free(folder->path);
    free(folder->source);
}

static int compare_names(const void *a, const void *b) {
    return strcmp(((const struct name *)a)->text, ((const struct name *)b)->text);
}

static bool folder_add_name(struct folder *folder, size_t *capacity, int fd,
                            const struct dirent *item) {
    if (folder->count == *capacity) {
        size_t larger = *capacity ? *capacity * 2 : 32;
        struct name *names = realloc(folder->names, larger * sizeof *names);
        if (!names)
            return false;
        folder->names = names;
        *capacity = larger;
    }
    struct name *name = &folder->names[folder->count];
    *name = (struct name){.text = strdup(item->d_name), .type = item->d_type};
    if (!name->text)
        return false;
    if (fstatat(fd, name->text, &name->info, 0))
        name->fault = errno;
    folder->count++;
    return true;
}

static int folder_list(struct walk *walk, struct folder *folder) {
    DIR *stream = opendir(folder->path);
    if (!stream) {
        skip(walk, folder->path, strerror(errno));
        return 0;
    }
    size_t capacity = 0;
    int status = 0;
    const struct dirent *item;
    while (!status && (errno = 0, item = readdir(stream))) {
        if (!strcmp(item->d_name, ".") || !strcmp(item->d_name, ".."))
            continue;
        folder->sidecars |= metadata_is_sidecar(item->d_name);
        if (!is_left_out(item->d_name))
            status = folder_add_name(folder, &capacity, dirfd(stream), item) ? 0 : PLENARY_ENOMEM;
        else
            notice_send(&walk->options, NOTICE_DETAIL, folder->path, 0, "\"%s\" is left out",
                        item->d_name);
    }
    if (!status && errno)
        skip(walk, folder->path, strerror(errno));
    closedir(stream);
    if (folder->count)
        qsort(folder->names, folder->count, sizeof *folder->names, compare_names);
    return status;
}

static bool is_on_the_way(const struct walk *walk, const struct stat *info) {
    for (size_t i = 0; i < walk->depth; i++)
        if (walk->folders[i].device == info->st_dev && walk->folders[i].inode == info->st_ino)
            return true;
    return false;
}

static bool walk_grow(struct walk *walk) {
    if (walk->depth < walk->capacity)
        return true;
    size_t capacity = walk->capacity ? walk->capacity * 2 : 16;
    struct folder *folders = realloc(walk->folders, capacity * sizeof *folders);
    if (!folders)
        return false;
    walk->folders = folders;
    walk->capacity = capacity;
    return true;
}

/* Enter walk->path. */
static int folder_enter(struct walk *walk, const struct stat *info) {
    if (is_on_the_way(walk, info)) {
        notice_send(&walk->options, NOTICE_DETAIL, walk->path, 0,
                    "the folder leads back to one above it and is not entered again");
        return 0;
    }
    if (walk->depth && walk->options.leave_out && walk->options.leave_out(walk->path)) {
        notice_send(&walk->options, NOTICE_DETAIL, walk->path, 0, "the folder is left out");
        return 0;
    }
    if (!walk->name ||
        walk->name->type != DT_DIR) { /* else it is no link, and its source is what the names say */
        free(walk->source);
        walk->source = realpath(walk->path, NULL);
    }
    if (!walk->source) {
        if (errno == ENOMEM)
            return PLENARY_ENOMEM;
        skip(walk, walk->path, strerror(errno));
        return 0;
    }
    struct folder folder = {
        .path = walk->path, .source = walk->source, .device = info->st_dev, .inode = info->st_ino};
    walk->path = walk->source = NULL;
    if (!walk_grow(walk) || folder_list(walk, &folder)) {
        folder_free(&folder);
        return PLENARY_ENOMEM;
    }
    walk->folders[walk->depth++] = folder;
    return 0;
}

/* Set walk->path (and source, for what lies in a folder) to what comes next: 1, 0 at the end. */
static int step(struct walk *walk, bool *given) {
    free(walk->path);
    free(walk->source);
    walk->path = walk->source = NULL;
    walk->name = NULL;
    while (walk->depth) {
        struct folder *folder = &walk->folders[walk->depth - 1];
        if (folder->next < folder->count) {
            const struct name *name = &folder->names[folder->next++];
            *given = false;
            walk->name = name;
            walk->path = join(folder->path, name->text);
            walk->source = join(folder->source, name->text);
            return walk->path && walk->source ? 1 : PLENARY_ENOMEM;
        }
        folder_free(folder);
        walk->depth--;
    }
    if (walk->next_path == walk->path_count)
        return 0;
    *given = true;
    walk->path = walk_clean_path(walk->paths[walk->next_path++]);
    return walk->path ? 1 : PLENARY_ENOMEM;
}

static const char *kind_name(mode_t mode) {
    return S_ISSOCK(mode)   ? "a socket"
           : S_ISFIFO(mode) ? "a fifo"
           : S_ISBLK(mode)  ? "a block device"
                            : "a device";
}

/* Is this file to be handed out? Notes it if not. */
static bool is_wanted(struct walk *walk, const struct stat *info, bool given) {
    if (S_ISREG(info->st_mode))
        return true;
    if (given && (S_ISFIFO(info->st_mode) || (S_ISCHR(info->st_mode))))
        return true;
    if (given)
        walk->skipped++;
    notice_send(&walk->options, given ? NOTICE_SKIPPED : NOTICE_DETAIL, walk->path, 0,
                "it is %s, not a file", kind_name(info->st_mode));
    return false;
}

static int give(struct walk *walk, const struct stat *info, bool given, struct walk_entry *entry) {
    if (!walk->source && !(walk->source = source_of_file(walk->path)))
        return PLENARY_ENOMEM;
    *entry = (struct walk_entry){.path = walk->path, .source = walk->source};
    entry->stream = !S_ISREG(info->st_mode);
    entry->size = entry->stream || info->st_size < 0 ? 0 : (uint64_t)info->st_size;
    entry->alone = !given && !walk->folders[walk->depth - 1].sidecars;
    return 1;
}

/* As walk_next, for what was not looked ahead for. */
static int find_next(struct walk *walk, struct walk_entry *entry, struct error *err) {
    bool given = false;
    for (;;) {
        int status = step(walk, &given);
        if (status <= 0)
            return status ? error_memory(err) : 0;
        if (given && !strcmp(walk->path, "-")) {
            *entry = (struct walk_entry){.path = "-", .source = "-", .stream = true};
            return 1;
        }
        struct stat info = walk->name ? walk->name->info : (struct stat){0};
        int fault = walk->name ? walk->name->fault : stat(walk->path, &info) ? errno : 0;
        if (fault) {
            skip(walk, walk->path, strerror(fault));
            continue;
        }
        if (S_ISDIR(info.st_mode))
            status = folder_enter(walk, &info);
        else if (is_wanted(walk, &info, given))
            status = give(walk, &info, given, entry);
        else
            continue;
        if (status)
            return status < 0 ? error_memory(err) : 1;
    }
}

static bool ahead_grow(struct walk *walk) {
    if (walk->ahead_count < walk->ahead_capacity)
        return true;
    size_t capacity = walk->ahead_capacity ? walk->ahead_capacity * 2 : 64;
    struct ahead *ahead = realloc(walk->ahead, capacity * sizeof *ahead);
    if (!ahead)
        return false;
    walk->ahead = ahead;
    walk->ahead_capacity = capacity;
    return true;
}

int walk_look_ahead(struct walk *walk, size_t most, uint64_t *bytes, size_t *streams,
                    struct error *err) {
    struct walk_entry entry = {.path = NULL};
    int status = 1;
    while (walk->ahead_count < most && (status = find_next(walk, &entry, err)) > 0) {
        if (!ahead_grow(walk))
            return error_memory(err);
        walk->ahead[walk->ahead_count++] = (struct ahead){walk->path, walk->source, entry};
        walk->path = walk->source = NULL;
        *bytes += entry.size;
        *streams += entry.stream;
    }
    return status < 0 ? status : status == 0;
}

int walk_next(struct walk *walk, struct walk_entry *entry, struct error *err) {
    if (walk->ahead_next == walk->ahead_count)
        return find_next(walk, entry, err);
    struct ahead *found = &walk->ahead[walk->ahead_next++];
    free(walk->path);
    free(walk->source);
    *entry = found->entry;
    walk->path = found->path;
    walk->source = found->source;
    found->path = found->source = NULL;
    return 1;
}

int walk_open(struct walk **out, const char *const *paths, size_t count,
              const struct corpus_options *options, struct error *err) {
    *out = calloc(1, sizeof **out);
    if (!*out)
        return error_memory(err);
    (*out)->paths = paths;
    (*out)->path_count = count;
    (*out)->options = *options;
    return 0;
}

uint64_t walk_skipped(const struct walk *walk) {
    return walk->skipped;
}

void walk_close(struct walk *walk) {
    if (!walk)
        return;
    while (walk->depth)
        folder_free(&walk->folders[--walk->depth]);
    for (size_t i = walk->ahead_next; i < walk->ahead_count; i++) {
        free(walk->ahead[i].path);
        free(walk->ahead[i].source);
    }
    free(walk->ahead);
    free(walk->folders);
    free(walk->path);
    free(walk->source);
    free(walk);
}
