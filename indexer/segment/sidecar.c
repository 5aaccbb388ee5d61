/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bytes of a sidecar. All numbers are little-endian.
 *
 *   file     := header section* trailer
 *   header   := "PLENARY" kind:u8 version:u32 zero:u32
 *   section  := zero bytes up to a multiple of 8, then its bytes
 *   trailer  := page* entry* footer
 *   page     := the low 32 bits of XXH3-64, seeded with the page's number, of each 4 KiB of
 *               header and sections (the last page is short)
 *   entry    := id:u32 zero:u32 offset:u64 size:u64      in order of offset
 *   footer   := content:u64 entries:u32 pages:u32 checksum:u64 "YRANELP" kind:u8
 *
 * `content` is where header and sections end; `checksum` is XXH3-64 over the trailer before it.
 * Header and trailer are the same in every version; `version` tells what the sections hold. The
 * table stands at the end so that the file is written in one pass.
 */
#include "indexer/segment/sidecar.h"

#include "corpus/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

enum {
    HEADER_SIZE = 16,
    ENTRY_SIZE = 24,
    FOOTER_SIZE = 32,
    FOOTER_CHECKED = 16, /* bytes of the footer before its checksum */
    BUFFER_SIZE = 16 * SIDECAR_PAGE,
    SECTIONS_MAX = 4096,
};

static const char MAGIC[] = "PLENARY", FOOTER_MAGIC[] = "YRANELP";

struct sidecar_writer {
    char *path;
    int file;
    uint8_t kind;
    bool finished;
    uint64_t offset;       /* bytes accepted so far */
    size_t buffered;       /* of them in `buffer` */
    struct bytes pages;    /* checksums */
    struct bytes sections; /* entries; the last one's size is still open */
    uint64_t section_begin;
    uint32_t section_count;
    uint8_t buffer[BUFFER_SIZE];
};

/* ---- Writing ------------------------------------------------------------------------------- */

static void add_u32(struct bytes *bytes, uint32_t value) {
    value = htole32(value);
    bytes_add(bytes, &value, sizeof value);
}

static void add_u64(struct bytes *bytes, uint64_t value) {
    value = htole64(value);
    bytes_add(bytes, &value, sizeof value);
}

static uint32_t page_checksum(const uint8_t *data, size_t size, uint64_t page) {
    return (uint32_t)XXH3_64bits_withSeed(data, size, page);
}

static int write_all(const struct sidecar_writer *writer, const uint8_t *data, size_t size,
                     struct error *err) {
    while (size) {
        ssize_t written = write(writer->file, data, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return error_errno(err, "%s: cannot write", writer->path);
        data += written;
        size -= (size_t)written;
    }
    return 0;
}

/* Buffers start at a page boundary, so that whole pages can be summed here. */
static int flush_buffer(struct sidecar_writer *writer, struct error *err) {
    uint64_t page = (writer->offset - writer->buffered) >> SIDECAR_PAGE_BITS;
    for (size_t at = 0; at < writer->buffered; at += SIDECAR_PAGE) {
        size_t size = writer->buffered - at < SIDECAR_PAGE ? writer->buffered - at : SIDECAR_PAGE;
        add_u32(&writer->pages, page_checksum(writer->buffer + at, size, page++));
    }
    if (writer->pages.failed)
        return error_memory(err);
    int status = write_all(writer, writer->buffer, writer->buffered, err);
    writer->buffered = 0;
    return status;
}

int sidecar_append(struct sidecar_writer *writer, const void *data, size_t size,
                   struct error *err) {
    const uint8_t *from = data;
    while (size) {
        size_t room = BUFFER_SIZE - writer->buffered;
        size_t now = size < room ? size : room;
        memcpy(writer->buffer + writer->buffered, from, now);
        writer->buffered += now;
        writer->offset += now;
        from += now;
        size -= now;
        if (writer->buffered == BUFFER_SIZE) {
            int status = flush_buffer(writer, err);
            if (status)
                return status;
        }
    }
    return 0;
}

int sidecar_append_u32(struct sidecar_writer *writer, uint32_t value, struct error *err) {
    value = htole32(value);
    return sidecar_append(writer, &value, sizeof value, err);
}

int sidecar_append_u64(struct sidecar_writer *writer, uint64_t value, struct error *err) {
    value = htole64(value);
    return sidecar_append(writer, &value, sizeof value, err);
}

static int write_header(struct sidecar_writer *writer, uint32_t version, struct error *err) {
    int status = sidecar_append(writer, MAGIC, 7, err);
    if (!status)
        status = sidecar_append(writer, &writer->kind, 1, err);
    if (!status)
        status = sidecar_append_u32(writer, version, err);
    if (!status)
        status = sidecar_append_u32(writer, 0, err);
    return status;
}

int sidecar_create(struct sidecar_writer **out, const char *path, uint8_t kind, uint32_t version,
                   struct error *err) {
    *out = NULL;
    struct sidecar_writer *writer = malloc(sizeof *writer);
    if (!writer)
        return error_memory(err);
    memset(writer, 0, offsetof(struct sidecar_writer, buffer));
    writer->kind = kind;
    writer->file = -1;
    writer->path = strdup(path);
    if (!writer->path) {
        free(writer);
        return error_memory(err);
    }
    writer->file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    int status = writer->file < 0 ? error_errno(err, "%s: cannot create", path)
                                  : write_header(writer, version, err);
    if (status) {
        sidecar_writer_close(writer);
        return status;
    }
    *out = writer;
    return 0;
}

static void end_section(struct sidecar_writer *writer) {
    if (writer->section_count)
        add_u64(&writer->sections, writer->offset - writer->section_begin);
}

int sidecar_begin(struct sidecar_writer *writer, uint32_t id, struct error *err) {
    static const uint8_t zeros[8];
    end_section(writer);
    int status = sidecar_append(writer, zeros, -writer->offset & 7, err);
    if (status)
        return status;
    add_u32(&writer->sections, id);
    add_u32(&writer->sections, 0);
    add_u64(&writer->sections, writer->offset);
    writer->section_begin = writer->offset;
    writer->section_count++;
    return writer->sections.failed ? error_memory(err) : 0;
}

static void add_footer(struct sidecar_writer *writer, struct bytes *trailer) {
    bytes_add(trailer, writer->pages.data, writer->pages.size);
    bytes_add(trailer, writer->sections.data, writer->sections.size);
    add_u64(trailer, writer->offset);
    add_u32(trailer, writer->section_count);
    add_u32(trailer, (uint32_t)(writer->pages.size / 4));
    if (!trailer->failed)
        add_u64(trailer, XXH3_64bits(trailer->data, trailer->size));
    bytes_add(trailer, FOOTER_MAGIC, 7);
    bytes_add_byte(trailer, writer->kind);
}

static int write_trailer(struct sidecar_writer *writer, struct error *err) {
    end_section(writer);
    int status = flush_buffer(writer, err);
    if (status)
        return status;
    struct bytes trailer = BYTES_INIT;
    if (writer->sections.failed)
        trailer.failed = true;
    add_footer(writer, &trailer);
    status =
        trailer.failed ? error_memory(err) : write_all(writer, trailer.data, trailer.size, err);
    bytes_free(&trailer);
    return status;
}

int sidecar_finish(struct sidecar_writer *writer, struct error *err) {
    if (writer->offset >> SIDECAR_PAGE_BITS >= UINT32_MAX)
        return error_set(err, PLENARY_ELIMIT, "%s: larger than a sidecar can be", writer->path);
    int status = write_trailer(writer, err);
    if (status)
        return status;
    if (fsync(writer->file))
        return error_errno(err, "%s: cannot write to disk", writer->path);
    int file = writer->file;
    writer->file = -1;
    /* NFS and some others report a full disk only here. */
    if (close(file)) {
        status = error_errno(err, "%s: cannot close", writer->path);
        unlink(writer->path);
        return status;
    }
    writer->finished = true;
    return 0;
}

size_t sidecar_memory(const struct sidecar_writer *writer) {
    return sizeof *writer + writer->pages.capacity + writer->sections.capacity;
}

void sidecar_writer_close(struct sidecar_writer *writer) {
    if (!writer)
        return;
    if (writer->file >= 0) {
        close(writer->file);
        unlink(writer->path);
    }
    bytes_free(&writer->pages);
    bytes_free(&writer->sections);
    free(writer->path);
    free(writer);
}

/* ---- Reading ------------------------------------------------------------------------------- */

static int file_damaged(const char *path, uint64_t offset, const char *what, struct error *err) {
    return error_set(err, PLENARY_EDAMAGED,
                     "%s: damaged at byte %llu (%s); restore the index from a copy, or build it "
                     "again in a new folder",
                     path, (unsigned long long)offset, what);
}

int section_damaged(const struct section *section, uint64_t offset, const char *what,
                    struct error *err) {
    uint64_t at = offset <= section->size ? section->begin + offset : section->begin;
    return file_damaged(section->sidecar->path, at, what, err);
}

static int map_file(struct sidecar *sidecar, struct error *err) {
    int file = open(sidecar->path, O_RDONLY | O_CLOEXEC);
    if (file < 0 && errno == ENOENT)
        return error_set(err, PLENARY_ENOTFOUND, "%s: no such file; the index is incomplete",
                         sidecar->path);
    if (file < 0)
        return error_errno(err, "%s: cannot open", sidecar->path);
    struct stat stat;
    int status = 0;
    if (fstat(file, &stat))
        status = error_errno(err, "%s: cannot read", sidecar->path);
    else if (!S_ISREG(stat.st_mode))
        status = file_damaged(sidecar->path, 0, "not a file", err);
    else if (stat.st_size < HEADER_SIZE + FOOTER_SIZE)
        status = file_damaged(sidecar->path, (uint64_t)stat.st_size, "cut short", err);
    if (!status) {
        void *data = mmap(NULL, (size_t)stat.st_size, PROT_READ, MAP_SHARED, file, 0);
        if (data == MAP_FAILED) {
            status = error_errno(err, "%s: cannot map", sidecar->path);
        } else {
            sidecar->data = data;
            sidecar->size = (uint64_t)stat.st_size;
        }
    }
    close(file);
    return status;
}

/* Find the parts of the trailer and prove it whole. */
static int check_trailer(struct sidecar *sidecar, uint8_t kind, struct error *err) {
    const uint8_t *data = sidecar->data, *footer = data + sidecar->size - FOOTER_SIZE;
    if (memcmp(data, MAGIC, 7) || data[7] != kind)
        return file_damaged(sidecar->path, 0, "it does not begin as such a file does", err);
    if (memcmp(footer + 24, FOOTER_MAGIC, 7) || footer[31] != kind)
        return file_damaged(sidecar->path, sidecar->size - 8, "its end is missing", err);
    uint64_t content = load_u64(footer), sections = load_u32(footer + 8);
    uint64_t pages = load_u32(footer + 12);
    uint64_t trailer = pages * 4 + sections * ENTRY_SIZE + FOOTER_SIZE;
    if (sections > SECTIONS_MAX || trailer > sidecar->size || content != sidecar->size - trailer ||
        content < HEADER_SIZE || pages != (content + SIDECAR_PAGE - 1) >> SIDECAR_PAGE_BITS)
        return file_damaged(sidecar->path, sidecar->size - FOOTER_SIZE, "wrong sizes", err);
    uint64_t checked = trailer - FOOTER_SIZE + FOOTER_CHECKED;
    if (XXH3_64bits(data + content, checked) != load_u64(footer + FOOTER_CHECKED))
        return file_damaged(sidecar->path, content, "wrong checksum of the trailer", err);
    sidecar->content = content;
    sidecar->checksums = data + content;
    sidecar->table = sidecar->checksums + pages * 4;
    sidecar->section_count = (uint32_t)sections;
    sidecar->verified = calloc(pages / 64 + 1, sizeof *sidecar->verified);
    return sidecar->verified ? 0 : error_memory(err);
}

static struct section whole_content(const struct sidecar *sidecar) {
    return (struct section){sidecar, sidecar->data, 0, sidecar->content};
}

static int check_header(const struct sidecar *sidecar, uint32_t version, struct error *err) {
    struct section whole = whole_content(sidecar);
    int status = section_need(&whole, 0, HEADER_SIZE, err);
    if (status)
        return status;
    uint32_t found = load_u32(sidecar->data + 8);
    if (found != version)
        return error_set(err, PLENARY_EVERSION,
                         "%s: written in version %u of its format, this program reads version %u; "
                         "use the program that wrote it, or build the index again in a new folder",
                         sidecar->path, found, version);
    return 0;
}

int sidecar_open(struct sidecar **out, const char *path, uint8_t kind, uint32_t version,
                 struct error *err) {
    *out = NULL;
    struct sidecar *sidecar = calloc(1, sizeof *sidecar);
    if (!sidecar)
        return error_memory(err);
    sidecar->path = strdup(path);
    int status = sidecar->path ? map_file(sidecar, err) : error_memory(err);
    if (!status)
        status = check_trailer(sidecar, kind, err);
    if (!status)
        status = check_header(sidecar, version, err);
    if (status) {
        sidecar_close(sidecar);
        return status;
    }
    *out = sidecar;
    return 0;
}

void sidecar_close(struct sidecar *sidecar) {
    if (!sidecar)
        return;
    if (sidecar->data) {
        /* munmap takes a plain pointer; the mapping is read-only all the same. */
        union {
            const uint8_t *read_only;
            void *plain;
        } mapping = {.read_only = sidecar->data};
        munmap(mapping.plain, (size_t)sidecar->size);
    }
    free(sidecar->verified);
    free(sidecar->path);
    free(sidecar);
}

int sidecar_section(const struct sidecar *sidecar, uint32_t id, struct section *out,
                    struct error *err) {
    for (uint32_t i = 0; i < sidecar->section_count; i++) {
        const uint8_t *entry = sidecar->table + (size_t)i * ENTRY_SIZE;
        if (load_u32(entry) != id)
            continue;
        uint64_t begin = load_u64(entry + 8), size = load_u64(entry + 16);
        uint64_t entry_at = (uint64_t)(entry - sidecar->data);
        if (size > sidecar->content || begin > sidecar->content - size)
            return file_damaged(sidecar->path, entry_at, "a section outside the file", err);
        *out = (struct section){sidecar, sidecar->data + begin, begin, size};
        return 0;
    }
    char what[48];
    snprintf(what, sizeof what, "section %u is missing", id);
    return file_damaged(sidecar->path, sidecar->content, what, err);
}

static bool page_is_sound(const struct sidecar *sidecar, uint64_t page) {
    uint64_t begin = page << SIDECAR_PAGE_BITS, size = sidecar->content - begin;
    if (size > SIDECAR_PAGE)
        size = SIDECAR_PAGE;
    return page_checksum(sidecar->data + begin, size, page) ==
           load_u32(sidecar->checksums + page * 4);
}

int section_verify_pages(const struct section *section, uint64_t offset, uint64_t size,
                         struct error *err) {
    const struct sidecar *sidecar = section->sidecar;
    uint64_t last = (section->begin + offset + size - 1) >> SIDECAR_PAGE_BITS;
    for (uint64_t page = (section->begin + offset) >> SIDECAR_PAGE_BITS; page <= last; page++) {
        if (sidecar_page_verified(sidecar, page))
            continue;
        if (!page_is_sound(sidecar, page))
            return file_damaged(sidecar->path, page << SIDECAR_PAGE_BITS,
                                "wrong checksum of this page of 4096 bytes", err);
        atomic_fetch_or_explicit(&sidecar->verified[page >> 6], UINT64_C(1) << (page & 63),
                                 memory_order_relaxed);
    }
    return 0;
}

uint64_t sidecar_verify(const struct sidecar *sidecar,
                        void (*report)(void *context, const char *fault), void *context) {
    uint64_t bad = 0;
    uint64_t pages = (sidecar->content + SIDECAR_PAGE - 1) >> SIDECAR_PAGE_BITS;
    for (uint64_t page = 0; page < pages; page++) {
        if (page_is_sound(sidecar, page))
            continue;
        bad++;
        struct error fault;
        file_damaged(sidecar->path, page << SIDECAR_PAGE_BITS,
                     "wrong checksum of this page of 4096 bytes", &fault);
        if (report)
            report(context, fault.message);
    }
    return bad;
}
