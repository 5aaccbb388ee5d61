/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A library to preload: it counts a program's calls on the files below one folder and makes one of
 * them, or all from one on, fail.
 *
 *   FAILING_UNDER   the folder (absolute)
 *   FAILING_KINDS   which calls count, separated by commas: open (for reading), create (open with
 *                   O_CREAT), write, sync, rename, map, truncate, close, mkdir, unlink, read
 *   FAILING_CALL    the number of the call that fails, from 1; 0 never
 *   FAILING_ERRNO   with this number
 *   FAILING_STAYS   set: so do all later ones, as on a full disk, and of the first write that fails
 *                   half is written
 *   FAILING_LOG     a file that gets "KIND PATH" of the first call that fails
 *
 * The calls are counted over all threads. A close that fails closes the file all the same.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static const char *folder, *kinds, *log_path;
static long failing_call;
static int failing_errno;
static bool stays, active;
static atomic_long calls;

/* Linked to a program by accident, it does nothing. */
__attribute__((constructor)) static void begin(void) {
    const char *call = getenv("FAILING_CALL"), *number = getenv("FAILING_ERRNO");
    folder = getenv("FAILING_UNDER");
    kinds = getenv("FAILING_KINDS");
    log_path = getenv("FAILING_LOG");
    stays = getenv("FAILING_STAYS") != NULL;
    failing_call = call ? atol(call) : 0;
    failing_errno = number ? atoi(number) : EIO;
    active = folder && kinds && failing_call > 0;
}

static bool is_kind_wanted(const char *kind) {
    size_t size = strlen(kind);
    for (const char *at = kinds; (at = strstr(at, kind)); at += size)
        if ((at == kinds || at[-1] == ',') && (at[size] == ',' || !at[size]))
            return true;
    return false;
}

/* Straight to the kernel: our own calls must not be counted. */
static void note(const char *kind, const char *path) {
    char line[4200];
    int size = snprintf(line, sizeof line, "%s %s\n", kind, path);
    long file =
        log_path ? syscall(SYS_openat, AT_FDCWD, log_path, O_WRONLY | O_CREAT | O_TRUNC, 0666) : -1;
    if (file < 0)
        return;
    syscall(SYS_write, file, line, (size_t)size);
    syscall(SYS_close, file);
}

enum verdict { GO_ON, FAIL_FIRST, FAIL_LATER };

static enum verdict judge_path(const char *kind, const char *path) {
    size_t size = active ? strlen(folder) : 0;
    if (!active || !path || strncmp(path, folder, size) || (path[size] && path[size] != '/') ||
        !is_kind_wanted(kind))
        return GO_ON;
    long call = atomic_fetch_add(&calls, 1) + 1;
    if (call < failing_call || (call > failing_call && !stays))
        return GO_ON;
    if (call == failing_call)
        note(kind, path);
    errno = failing_errno;
    return call == failing_call ? FAIL_FIRST : FAIL_LATER;
}

static enum verdict judge_at(const char *kind, int at, const char *path) {
    char whole[8200], base[4096];
    if (!active)
        return GO_ON;
    if (path[0] == '/')
        return judge_path(kind, path);
    char link[40];
    snprintf(link, sizeof link, at == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", at);
    ssize_t size = readlink(link, base, sizeof base - 1);
    if (size < 0)
        return GO_ON;
    base[size] = '\0';
    snprintf(whole, sizeof whole, "%s/%s", base, path);
    return judge_path(kind, whole);
}

static enum verdict judge_file(const char *kind, int file) {
    char link[40], path[4096];
    if (!active)
        return GO_ON;
    int kept = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t size = readlink(link, path, sizeof path - 1);
    errno = kept;
    if (size < 0)
        return GO_ON;
    path[size] = '\0';
    return judge_path(kind, path);
}

/* The function that we stand in front of. dlsym gives an object pointer, which POSIX lets be one to
 * a function. */
#define NEXT(name)                                                                                 \
    static __typeof__(&name) next;                                                                 \
    if (!next)                                                                                     \
    *(void **)(&next) = dlsym(RTLD_NEXT, #name)

#define OPEN(name)                                                                                 \
    int name(const char *path, int flags, ...) {                                                   \
        NEXT(name);                                                                                \
        va_list more;                                                                              \
        va_start(more, flags);                                                                     \
        mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;                                  \
        va_end(more);                                                                              \
        return judge_at(flags & O_CREAT ? "create" : "open", AT_FDCWD, path)                       \
                   ? -1                                                                            \
                   : next(path, flags, mode);                                                      \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                                               \
    int name(int at, const char *path, int flags, ...) {                                           \
        NEXT(name);                                                                                \
        va_list more;                                                                              \
        va_start(more, flags);                                                                     \
        mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;                                  \
        va_end(more);                                                                              \
        return judge_at(flags & O_CREAT ? "create" : "open", at, path)                             \
                   ? -1                                                                            \
                   : next(at, path, flags, mode);                                                  \
    }
OPENAT(openat)
OPENAT(openat64)

DIR *opendir(const char *path) {
    NEXT(opendir);
    return judge_at("open", AT_FDCWD, path) ? NULL : next(path);
}

/* Of streams, whose own calls inside the library nobody can stand in front of. */
FILE *fopen(const char *path, const char *mode) {
    NEXT(fopen);
    return judge_at(mode[0] == 'r' ? "open" : "create", AT_FDCWD, path) ? NULL : next(path, mode);
}

int fflush(FILE *file) {
    NEXT(fflush);
    return file && judge_file("write", fileno(file)) ? EOF : next(file);
}

int fclose(FILE *file) {
    NEXT(fclose);
    enum verdict verdict = judge_file("close", fileno(file));
    int status = next(file);
    if (verdict)
        errno = failing_errno;
    return verdict ? EOF : status;
}

ssize_t write(int file, const void *data, size_t size) {
    NEXT(write);
    enum verdict verdict = judge_file("write", file);
    if (verdict == FAIL_FIRST && stays && size > 1)
        return next(file, data, size / 2);
    return verdict ? -1 : next(file, data, size);
}

ssize_t pwrite(int file, const void *data, size_t size, off_t at) {
    NEXT(pwrite);
    return judge_file("write", file) ? -1 : next(file, data, size, at);
}

ssize_t pwrite64(int file, const void *data, size_t size, off64_t at) {
    NEXT(pwrite64);
    return judge_file("write", file) ? -1 : next(file, data, size, at);
}

ssize_t writev(int file, const struct iovec *parts, int count) {
    NEXT(writev);
    return judge_file("write", file) ? -1 : next(file, parts, count);
}

ssize_t read(int file, void *data, size_t size) {
    NEXT(read);
    return judge_file("read", file) ? -1 : next(file, data, size);
}

ssize_t pread(int file, void *data, size_t size, off_t at) {
    NEXT(pread);
    return judge_file("read", file) ? -1 : next(file, data, size, at);
}

ssize_t pread64(int file, void *data, size_t size, off64_t at) {
    NEXT(pread64);
    return judge_file("read", file) ? -1 : next(file, data, size, at);
}

int fsync(int file) {
    NEXT(fsync);
    return judge_file("sync", file) ? -1 : next(file);
}

int fdatasync(int file) {
    NEXT(fdatasync);
    return judge_file("sync", file) ? -1 : next(file);
}

int ftruncate(int file, off_t size) {
    NEXT(ftruncate);
    return judge_file("truncate", file) ? -1 : next(file, size);
}

int ftruncate64(int file, off64_t size) {
    NEXT(ftruncate64);
    return judge_file("truncate", file) ? -1 : next(file, size);
}

int rename(const char *from, const char *to) {
    NEXT(rename);
    return judge_at("rename", AT_FDCWD, from) ? -1 : next(from, to);
}

int mkdir(const char *path, mode_t mode) {
    NEXT(mkdir);
    return judge_at("mkdir", AT_FDCWD, path) ? -1 : next(path, mode);
}

int unlink(const char *path) {
    NEXT(unlink);
    return judge_at("unlink", AT_FDCWD, path) ? -1 : next(path);
}

int rmdir(const char *path) {
    NEXT(rmdir);
    return judge_at("unlink", AT_FDCWD, path) ? -1 : next(path);
}

int close(int file) {
    NEXT(close);
    enum verdict verdict = judge_file("close", file);
    int status = next(file);
    if (verdict)
        errno = failing_errno;
    return verdict ? -1 : status;
}

void *mmap(void *where, size_t size, int access, int flags, int file, off_t at) {
    NEXT(mmap);
    if (!(flags & MAP_ANONYMOUS) && judge_file("map", file))
        return MAP_FAILED;
    return next(where, size, access, flags, file, at);
}

void *mmap64(void *where, size_t size, int access, int flags, int file, off64_t at) {
    NEXT(mmap64);
    if (!(flags & MAP_ANONYMOUS) && judge_file("map", file))
        return MAP_FAILED;
    return next(where, size, access, flags, file, at);
}
