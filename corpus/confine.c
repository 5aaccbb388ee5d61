/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifdef HAVE_SECCOMP
#include <seccomp.h>
#endif

/* Under AddressSanitizer a process reserves terabytes of addresses and reads /proc. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

enum { DESCRIPTORS = 64 };

static const uint64_t FILE_MOST = UINT64_C(1) << 30;

/* What poppler needs to make Unicode of Chinese, Japanese and Korean text; what the C library loads
 * to convert character sets that mail is in. */
static const char *const readable[] = {"/usr/share/poppler", "/usr/lib"};

/* ---- rlimits ---- */

static void limit(__rlimit_resource_t resource, uint64_t most) {
    struct rlimit now;
    if (getrlimit(resource, &now))
        return;
    if (now.rlim_max != RLIM_INFINITY && now.rlim_max < most)
        most = now.rlim_max;
    now.rlim_cur = now.rlim_max = most;
    setrlimit(resource, &now);
}

/* Address space in use, from the kernel; 0 if it does not tell. */
static uint64_t address_space(void) {
    unsigned long pages = 0;
    FILE *statm = fopen("/proc/self/statm", "re");
    if (!statm)
        return 0;
    if (fscanf(statm, "%lu", &pages) != 1)
        pages = 0;
    fclose(statm);
    return (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* What was in use when the limit was set, and the limit. */
static uint64_t address_limit;

void confine_file(uint64_t size) {
    struct rlimit now;
    if (!address_limit || getrlimit(RLIMIT_AS, &now))
        return;
    now.rlim_cur = address_limit + size;
    if (now.rlim_max != RLIM_INFINITY && now.rlim_cur > now.rlim_max)
        now.rlim_cur = now.rlim_max;
    setrlimit(RLIMIT_AS, &now);
}

static void limit_all(const struct confine_limits *limits) {
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_NOFILE, DESCRIPTORS);
    limit(RLIMIT_FSIZE, limits->output);
    if (SANITIZED)
        return;
    address_limit = address_space() + limits->memory;
    limit(RLIMIT_AS, address_limit + FILE_MOST);
    confine_file(0);
}

void confine_seconds(unsigned seconds) {
    struct timespec used;
    struct rlimit cpu;
    if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) || getrlimit(RLIMIT_CPU, &cpu))
        return;
    cpu.rlim_cur = (rlim_t)used.tv_sec + seconds + 1;
    if (cpu.rlim_max != RLIM_INFINITY && cpu.rlim_cur > cpu.rlim_max)
        cpu.rlim_cur = cpu.rlim_max;
    setrlimit(RLIMIT_CPU, &cpu);
}

/* ---- Landlock ---- */

/* All rights over files that this version of Landlock (landlock.7) knows: bits from 0 upwards. */
static uint64_t known_rights(long version) {
    unsigned bits = version >= 5 ? 16 : version >= 3 ? 15 : version == 2 ? 14 : 13;
    return (UINT64_C(1) << bits) - 1;
}

static void allow_reading(int rules, const char *folder) {
    struct landlock_path_beneath_attr beneath = {.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE |
                                                                   LANDLOCK_ACCESS_FS_READ_DIR,
                                                 .parent_fd = open(folder, O_PATH | O_CLOEXEC)};
    if (beneath.parent_fd < 0)
        return;
    syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
    close(beneath.parent_fd);
}

static bool restrict_files(void) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1)
        return false;
    struct landlock_ruleset_attr attributes = {.handled_access_fs = known_rights(version)};
    int rules = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
    if (rules < 0)
        return false;
    for (size_t i = 0; i < sizeof readable / sizeof *readable; i++)
        allow_reading(rules, readable[i]);
    bool done = !syscall(SYS_landlock_restrict_self, rules, 0);
    close(rules);
    return done;
}

/* ---- seccomp ---- */

#ifdef HAVE_SECCOMP

/* What readers and the libraries under them use. */
static const int needed[] = {
    SCMP_SYS(read),
    SCMP_SYS(pread64),
    SCMP_SYS(readv),
    SCMP_SYS(write),
    SCMP_SYS(pwrite64),
    SCMP_SYS(writev),
    SCMP_SYS(lseek),
    SCMP_SYS(_llseek),
    SCMP_SYS(close),
    SCMP_SYS(fstat),
    SCMP_SYS(fstat64),
    SCMP_SYS(newfstatat),
    SCMP_SYS(statx),
    SCMP_SYS(stat),
    SCMP_SYS(lstat),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(getdents64),
    SCMP_SYS(getcwd),
    SCMP_SYS(uname),
    SCMP_SYS(dup),
    SCMP_SYS(mmap),
    SCMP_SYS(mmap2),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(mprotect),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(futex),
    SCMP_SYS(recvmsg),
    SCMP_SYS(sendmsg),
    SCMP_SYS(sendto),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(gettid),
    SCMP_SYS(getpid),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(getrandom),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(getrusage),
    SCMP_SYS(getrlimit),
    SCMP_SYS(setrlimit),
    SCMP_SYS(sysinfo),
    SCMP_SYS(sched_yield),
    SCMP_SYS(rseq),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(getppid),
};

/* What no reader has any business with. */
static const int hostile[] = {
    SCMP_SYS(socket),
    SCMP_SYS(socketpair),
    SCMP_SYS(connect),
    SCMP_SYS(bind),
    SCMP_SYS(listen),
    SCMP_SYS(accept),
    SCMP_SYS(accept4),
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
    SCMP_SYS(clone),
    SCMP_SYS(clone3),
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(ptrace),
    SCMP_SYS(kill),
    SCMP_SYS(unlink),
    SCMP_SYS(unlinkat),
    SCMP_SYS(rename),
    SCMP_SYS(renameat),
    SCMP_SYS(renameat2),
    SCMP_SYS(mkdir),
    SCMP_SYS(mkdirat),
    SCMP_SYS(rmdir),
    SCMP_SYS(creat),
    SCMP_SYS(link),
    SCMP_SYS(linkat),
    SCMP_SYS(symlink),
    SCMP_SYS(symlinkat),
    SCMP_SYS(chmod),
    SCMP_SYS(fchmod),
    SCMP_SYS(fchmodat),
    SCMP_SYS(chown),
    SCMP_SYS(fchown),
    SCMP_SYS(fchownat),
    SCMP_SYS(truncate),
    SCMP_SYS(mknod),
    SCMP_SYS(mknodat),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(chroot),
    SCMP_SYS(bpf),
    SCMP_SYS(keyctl),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(setns),
    SCMP_SYS(unshare),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(pidfd_open),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(openat2),
};

/* Opening for writing, making or cutting kills; for reading it is allowed only where Landlock
 * watches over which files. */
static int add_open(scmp_filter_ctx filter, int call, unsigned flags_at, bool may_read) {
    const int writing[] = {O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND};
    int status = 0;
    for (size_t i = 0; !status && i < sizeof writing / sizeof *writing; i++)
        status = seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, call, 1,
                                  SCMP_CMP(flags_at, SCMP_CMP_MASKED_EQ, (scmp_datum_t)writing[i],
                                           (scmp_datum_t)writing[i]));
    if (!status && may_read)
        status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
                                  SCMP_CMP(flags_at, SCMP_CMP_MASKED_EQ,
                                           O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND, O_RDONLY));
    return status;
}

static int add_rules(scmp_filter_ctx filter, bool may_read) {
    int status = 0;
    for (size_t i = 0; !status && i < sizeof needed / sizeof *needed; i++)
        status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, needed[i], 0);
    /* Its own limits and its own end, not those of others. */
    if (!status)
        status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1,
                                  SCMP_A0(SCMP_CMP_EQ, 0));
    if (!status)
        status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                                  SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()));
    for (size_t i = 0; !status && i < sizeof hostile / sizeof *hostile; i++)
        status = seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, hostile[i], 0);
    if (!status)
        status = add_open(filter, SCMP_SYS(open), 1, may_read);
    if (!status)
        status = add_open(filter, SCMP_SYS(openat), 2, may_read);
    return status;
}

static bool restrict_calls(bool may_read) {
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (!filter)
        return false;
    bool done = !add_rules(filter, may_read) && !seccomp_load(filter);
    seccomp_release(filter);
    return done;
}

#else

static bool restrict_calls(bool may_read) {
    (void)may_read;
    return false;
}

#endif

unsigned confine_self(const struct confine_limits *limits) {
    unsigned got = 0;
    limit_all(limits);
    prctl(PR_SET_DUMPABLE, 0);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        return 0;
    if (restrict_files())
        got |= CONFINED_LANDLOCK;
    /* The sanitizer's own threads and reports need more calls than readers do. */
    if (!SANITIZED && restrict_calls(got & CONFINED_LANDLOCK))
        got |= CONFINED_SECCOMP;
    return got;
}
