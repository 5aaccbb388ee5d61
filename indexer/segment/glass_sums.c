/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * postings.sums, a sidecar of kind 'G'. A section for each file of the database that there is, its
 * id the number of the file plus one:
 *
 *   section := size:u64 sum:u32*      size of the file, and for each 8 KiB of it (the last page may
 *                                     be short) the low half of XXH3-64, seeded with the page's
 *                                     number
 *
 * and an empty section, of the id BOUNDS_MARK, where bounds.blocks was written beside them.
 */
#include "indexer/segment/glass_sums.h"

#include "indexer/segment/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

enum {
    SUMS_KIND = 'G',
    SUMS_VERSION = 1,
    SIZE_BYTES = 8,
    SUM_BYTES = 4,
    UUID_AT = 16, /* in iamglass */
    UUID_SIZE = 16,
    VERSION_FILE_MAX = 4096,
    FOOTER_CHECKSUM_AT = 16, /* from the end of a sidecar */
    BOUNDS_MARK = 100,
};

static const char SUMS_NAME[] = "postings.sums";

static const char *const file_names[GLASS_SUMS_FILES] = {
    "postlist.glass", "docdata.glass", "termlist.glass", "position.glass",
    "spelling.glass", "synonym.glass", "iamglass"};

/* What a segment's name stands for besides the postings. */
static const char *const sidecar_names[] = {"documents.table", "passages.table", "text.blocks",
                                            "tokens.words", "lexicon.words"};

const char *glass_sums_file_name(unsigned file) {
    return file < GLASS_SUMS_FILES ? file_names[file] : "";
}

static uint32_t page_sum(const uint8_t *data, uint64_t size, uint64_t page) {
    uint64_t begin = page << GLASS_SUMS_PAGE_BITS, left = size - begin;
    size_t bytes = left < GLASS_SUMS_PAGE ? (size_t)left : GLASS_SUMS_PAGE;
    return (uint32_t)XXH3_64bits_withSeed(data + begin, bytes, page);
}

static uint64_t page_count(uint64_t size) {
    return (size + GLASS_SUMS_PAGE - 1) >> GLASS_SUMS_PAGE_BITS;
}

/* 1 and the mapped file; 0 if it is not there, or empty; negative. */
static int map_file(const char *folder, const char *name, uint8_t **data, size_t *size,
                    struct error *err) {
    char *path = folder_path(folder, name);
    if (!path)
        return error_memory(err);
    int status = 0, fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat stat;
    if (fd < 0 && errno != ENOENT)
        status = error_errno(err, "%s: cannot open", path);
    else if (fd >= 0 && fstat(fd, &stat))
        status = error_errno(err, "%s: cannot read", path);
    else if (fd >= 0 && stat.st_size > 0) {
        *size = (size_t)stat.st_size;
        void *mapping = mmap(NULL, *size, PROT_READ, MAP_SHARED, fd, 0);
        status = mapping == MAP_FAILED ? error_errno(err, "%s: cannot map", path) : 1;
        *data = mapping;
    }
    if (fd >= 0)
        close(fd);
    free(path);
    return status;
}

/* ---- Writing ------------------------------------------------------------------------------- */

struct sealing {
    const char *folder;
    struct sidecar_writer *writer;
    XXH3_state_t *content; /* of all that the UUID follows from */
};

static int add_sums(struct sealing *sealing, unsigned file, const uint8_t *data, uint64_t size,
                    struct error *err) {
    int status = sidecar_begin(sealing->writer, file + 1, err);
    if (!status)
        status = sidecar_append_u64(sealing->writer, size, err);
    for (uint64_t page = 0; !status && page < page_count(size); page++) {
        uint32_t sum = page_sum(data, size, page);
        XXH3_128bits_update(sealing->content, &sum, sizeof sum);
        status = sidecar_append_u32(sealing->writer, sum, err);
    }
    return status;
}

/* A table that is not there, or empty, has no section. */
static int add_table(struct sealing *sealing, unsigned file, struct error *err) {
    uint8_t *data;
    size_t size;
    int status = map_file(sealing->folder, file_names[file], &data, &size, err);
    if (status <= 0)
        return status;
    XXH3_128bits_update(sealing->content, file_names[file], strlen(file_names[file]));
    status = add_sums(sealing, file, data, size, err);
    munmap(data, size);
    return status;
}

/* The checksum at a sidecar's end is over those of its pages: it stands for all of it. */
static int take_sidecar(struct sealing *sealing, const char *name, struct error *err) {
    char *path = folder_path(sealing->folder, name);
    if (!path)
        return error_memory(err);
    uint8_t sum[8];
    struct stat stat;
    int status = 0, fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 || fstat(fd, &stat) || stat.st_size < FOOTER_CHECKSUM_AT ||
        pread(fd, sum, sizeof sum, stat.st_size - FOOTER_CHECKSUM_AT) != (ssize_t)sizeof sum)
        status = error_errno(err, "%s: cannot read", path);
    else
        XXH3_128bits_update(sealing->content, sum, sizeof sum);
    if (fd >= 0)
        close(fd);
    free(path);
    return status;
}

/* RFC 9562, version 8: made in a way of our own. */
static void make_uuid(const struct sealing *sealing, uint8_t uuid[UUID_SIZE]) {
    XXH128_canonical_t digest;
    XXH128_canonicalFromHash(&digest, XXH3_128bits_digest(sealing->content));
    memcpy(uuid, digest.digest, UUID_SIZE);
    uuid[6] = (uuid[6] & 0x0f) | 0x80;
    uuid[8] = (uuid[8] & 0x3f) | 0x80;
}

static int name_database(struct sealing *sealing, const char *path, struct error *err) {
    uint8_t bytes[VERSION_FILE_MAX];
    int status = 0, fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    ssize_t size = fd < 0 ? -1 : pread(fd, bytes, sizeof bytes, 0);
    if (size < 0) {
        status = error_errno(err, "%s: cannot read", path);
    } else if (size < UUID_AT + UUID_SIZE || size == (ssize_t)sizeof bytes) {
        status = error_set(err, PLENARY_EDAMAGED, "%s: not the version file of a database", path);
    } else {
        memset(bytes + UUID_AT, 0, UUID_SIZE);
        XXH3_128bits_update(sealing->content, bytes, (size_t)size);
        make_uuid(sealing, bytes + UUID_AT);
        if (pwrite(fd, bytes + UUID_AT, UUID_SIZE, UUID_AT) != UUID_SIZE)
            status = error_errno(err, "%s: cannot write", path);
    }
    if (!status)
        status = add_sums(sealing, GLASS_SUMS_VERSION_FILE, bytes, (uint64_t)size, err);
    if (fd >= 0 && close(fd) && !status)
        status = error_errno(err, "%s: cannot close", path);
    return status;
}

static int mark_bounds(struct sealing *sealing, struct error *err) {
    char *path = folder_path(sealing->folder, "bounds.blocks");
    if (!path)
        return error_memory(err);
    int status = access(path, F_OK) ? 0 : sidecar_begin(sealing->writer, BOUNDS_MARK, err);
    free(path);
    return status;
}

static int add_all(struct sealing *sealing, struct error *err) {
    const char *name = strrchr(sealing->folder, '/');
    name = name ? name + 1 : sealing->folder;
    XXH3_128bits_update(sealing->content, name, strlen(name));
    int status = 0;
    for (size_t i = 0; !status && i < sizeof sidecar_names / sizeof *sidecar_names; i++)
        status = take_sidecar(sealing, sidecar_names[i], err);
    for (unsigned file = 0; !status && file < GLASS_TABLE_COUNT; file++)
        status = add_table(sealing, file, err);
    char *path = folder_path(sealing->folder, file_names[GLASS_SUMS_VERSION_FILE]);
    if (!status)
        status = path ? name_database(sealing, path, err) : error_memory(err);
    free(path);
    return status ? status : mark_bounds(sealing, err);
}

int glass_sums_seal(const char *folder, struct error *err) {
    struct sealing sealing = {.folder = folder, .content = XXH3_createState()};
    char *path = folder_path(folder, SUMS_NAME);
    int status = sealing.content && path ? 0 : error_memory(err);
    if (!status)
        status = sidecar_create(&sealing.writer, path, SUMS_KIND, SUMS_VERSION, err);
    if (!status) {
        XXH3_128bits_reset(sealing.content);
        status = add_all(&sealing, err);
    }
    if (!status)
        status = sidecar_finish(sealing.writer, err);
    sidecar_writer_close(sealing.writer);
    XXH3_freeState(sealing.content);
    free(path);
    return status;
}

/* ---- Reading ------------------------------------------------------------------------------- */

static int file_damaged(const struct glass_sums *sums, uint64_t offset, const char *what,
                        struct error *err) {
    return error_set(err, PLENARY_EDAMAGED,
                     "%s: damaged at byte %llu (%s); restore the index from a copy, or build it "
                     "again in a new folder",
                     sums->path, (unsigned long long)offset, what);
}

int glass_sums_open(struct sidecar **out, const char *folder, struct error *err) {
    char *path = folder_path(folder, SUMS_NAME);
    *out = NULL;
    int status = path ? sidecar_open(out, path, SUMS_KIND, SUMS_VERSION, err) : error_memory(err);
    free(path);
    return status;
}

bool glass_sums_tell_of_bounds(const struct sidecar *sums) {
    struct section section;
    return !sidecar_section(sums, BOUNDS_MARK, &section, NULL);
}

int glass_sums_init(struct glass_sums *out, const struct sidecar *sums, const char *folder,
                    unsigned file, const uint8_t *data, uint64_t size, struct error *err) {
    *out = (struct glass_sums){.data = data, .size = size};
    out->path = folder_path(folder, file_names[file]);
    out->verified = calloc((size_t)(page_count(size) / 64) + 1, sizeof *out->verified);
    int status = out->path && out->verified ? 0 : error_memory(err);
    if (!status)
        status = sidecar_section(sums, file + 1, &out->sums, err);
    if (!status)
        status = section_need(&out->sums, 0, SIZE_BYTES, err);
    if (!status && load_u64(out->sums.data) != size)
        status = file_damaged(out, size, "not of the size it was written with", err);
    if (!status && out->sums.size != SIZE_BYTES + page_count(size) * SUM_BYTES)
        status = section_damaged(&out->sums, 0, "too few checksums", err);
    if (status)
        glass_sums_free(out);
    return status;
}

void glass_sums_free(struct glass_sums *sums) {
    free(sums->path);
    free(sums->verified);
    *sums = (struct glass_sums){0};
}

static int check_page(const struct glass_sums *sums, uint64_t page, struct error *err) {
    uint64_t at = SIZE_BYTES + page * SUM_BYTES;
    int status = section_need(&sums->sums, at, SUM_BYTES, err);
    if (status)
        return status;
    if (page_sum(sums->data, sums->size, page) == load_u32(sums->sums.data + at))
        return 0;
    return file_damaged(sums, page << GLASS_SUMS_PAGE_BITS,
                        "wrong checksum of this page of 8192 bytes", err);
}

int glass_sums_need_pages(const struct glass_sums *sums, uint64_t offset, uint64_t size,
                          struct error *err) {
    if (size > sums->size || offset > sums->size - size)
        return file_damaged(sums, offset, "something points behind its end", err);
    if (!size)
        return 0;
    uint64_t last = (offset + size - 1) >> GLASS_SUMS_PAGE_BITS;
    for (uint64_t page = offset >> GLASS_SUMS_PAGE_BITS; page <= last; page++) {
        if (glass_sums_page_verified(sums, page))
            continue;
        int status = check_page(sums, page, err);
        if (status)
            return status;
        atomic_fetch_or_explicit(&sums->verified[page >> 6], UINT64_C(1) << (page & 63),
                                 memory_order_relaxed);
    }
    return 0;
}

/* ---- Verifying ----------------------------------------------------------------------------- */

static bool has_sums(const struct sidecar *sums, unsigned file) {
    struct section section;
    return !sidecar_section(sums, file + 1, &section, NULL);
}

static int verify_pages(const struct glass_sums *sums, glass_sums_report_fn report, void *context) {
    int bad = 0;
    for (uint64_t page = 0; page < page_count(sums->size); page++) {
        struct error fault;
        if (!check_page(sums, page, &fault))
            continue;
        bad += bad < INT_MAX;
        report(context, fault.message);
    }
    return bad;
}

/* How many faults; negative if it could not be looked at. */
static int verify_file(const struct sidecar *sums, const char *folder, unsigned file,
                       glass_sums_report_fn report, void *context, struct error *err) {
    uint8_t *data = NULL;
    size_t size = 0;
    bool expected = has_sums(sums, file);
    int mapped = map_file(folder, file_names[file], &data, &size, err);
    if (mapped < 0 || (!mapped && !expected))
        return mapped;
    struct glass_sums of_file = {0};
    struct error fault;
    int status;
    if (mapped && expected)
        status = glass_sums_init(&of_file, sums, folder, file, data, size, &fault);
    else
        status = error_set(&fault, PLENARY_EDAMAGED, "%s/%s: %s", folder, file_names[file],
                           expected ? "is missing or empty; the index is incomplete"
                                    : "does not belong to this segment; remove it");
    int bad = 1;
    if (status == PLENARY_ENOMEM)
        bad = error_memory(err);
    else if (status)
        report(context, fault.message);
    else
        bad = verify_pages(&of_file, report, context);
    glass_sums_free(&of_file);
    if (mapped)
        munmap(data, size);
    return bad;
}

int glass_sums_verify(const char *folder, glass_sums_report_fn report, void *context,
                      struct error *err) {
    struct sidecar *sums;
    int status = glass_sums_open(&sums, folder, err), faults = 0;
    if (status)
        return status;
    uint64_t bad = sidecar_verify(sums, report, context);
    faults = bad < INT_MAX / 2 ? (int)bad : INT_MAX / 2;
    for (unsigned file = 0; !bad && status >= 0 && file < GLASS_SUMS_FILES; file++) {
        status = verify_file(sums, folder, file, report, context, err);
        if (status > 0)
            faults = faults < INT_MAX - status ? faults + status : INT_MAX;
    }
    sidecar_close(sums);
    return status < 0 ? status : faults;
}
