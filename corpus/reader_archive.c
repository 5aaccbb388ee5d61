/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads an archive (libarchive: zip, tar, and what they are compressed with), or one compressed
 * file, as the documents in it. A member is read as a file of that format is, under the name
 * archive.zip/folder/member.md; an archive in an archive likewise, to a depth of NESTING_MAX.
 *
 * Left out as they would be in a folder: hidden names, editors' backups, what is no regular file.
 * Names are cleaned: no "..", no leading slash. Bombs: a member is at most options.max_file long,
 * all of them together MEMBERS_SIZE, and no more than RATIO times what they are packed in once they
 * are long; there are at most MEMBERS_MAX.
 */
#include "corpus/reader_formats.h"

#include "corpus/format.h"
#include "corpus/notice.h"

#ifdef HAVE_LIBARCHIVE

#include <archive.h>
#include <archive_entry.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NESTING_MAX = 3, MEMBERS_MAX = 100000, RATIO = 200, RATIO_FROM = 64 << 20 };

static const uint64_t MEMBERS_SIZE = UINT64_C(16) << 30;

/* What holds for an archive and those in it. */
struct unpacking {
    const struct corpus_options *options;
    struct document *scratch;
    document_fn each;
    void *context;
    uint64_t *skipped;
    struct error *err;
    unsigned depth;
    uint64_t number;       /* of the outermost archive's member */
    uint64_t packed, size; /* of the outermost archive; of all that came out of it */
};

struct archive_reading {
    struct unpacking *unpacking;
    const struct unit *unit;
    struct archive *archive;
    struct bytes data, path, source;
};

static int read_archive(struct unpacking *unpacking, const struct unit *unit);

static void skip(struct unpacking *unpacking, const char *path, const char *why) {
    ++*unpacking->skipped;
    notice_send(unpacking->options, NOTICE_SKIPPED, path, 0, "%s", why);
}

/* ---- Names ---- */

/* Components that a walk through a folder would leave out, too. */
static bool is_left_out(const char *name, size_t size, bool last) {
    return name[0] == '.' || (size == 8 && !memcmp(name, "__MACOSX", 8)) ||
           (last && (name[size - 1] == '~' || (name[0] == '#' && name[size - 1] == '#')));
}

/* Append the member's name, cleaned; false if it is one to leave out. */
static bool add_name(struct bytes *path, const char *name) {
    while (*name) {
        size_t size = strcspn(name, "/\\");
        const char *next = name + size + strspn(name + size, "/\\");
        bool nothing = !size || (size <= 2 && !memcmp(name, "..", size));
        if (!nothing && is_left_out(name, size, !*next))
            return false;
        if (!nothing) {
            bytes_add_byte(path, '/');
            bytes_add(path, name, size);
        }
        name = next;
    }
    return true;
}

static bool ends_in(const char *name, size_t size, const char *ending) {
    size_t length = strlen(ending);
    return size > length && !strncasecmp(name + size - length, ending, length);
}

/* A compressed file that is no archive keeps its name: "minutes.txt.xz", like .gz. */
static bool is_single(const struct archive_reading *reading) {
    return archive_format(reading->archive) == ARCHIVE_FORMAT_RAW;
}

/* Is there something to read under this name? Fills path and source. */
static bool name_member(struct archive_reading *reading, struct archive_entry *entry) {
    const char *name = archive_entry_pathname_utf8(entry);
    if (!name)
        name = archive_entry_pathname(entry);
    bytes_reset(&reading->path);
    bytes_reset(&reading->source);
    bytes_add_string(&reading->path, reading->unit->path);
    bytes_add_string(&reading->source, reading->unit->source);
    if (is_single(reading))
        return true;
    size_t size = reading->path.size;
    return name && add_name(&reading->path, name) && add_name(&reading->source, name) &&
           reading->path.size > size;
}

/* ---- Members ---- */

/* 1 with the member's bytes in reading->data; 0 if it was skipped; negative: the archive ends. */
static int fetch(struct archive_reading *reading, const char *path) {
    struct unpacking *unpacking = reading->unpacking;
    uint64_t most = unpacking->options->max_file;
    char buffer[65536];
    ssize_t got;
    bytes_reset(&reading->data);
    while ((got = archive_read_data(reading->archive, buffer, sizeof buffer)) > 0) {
        bytes_add(&reading->data, buffer, (size_t)got);
        unpacking->size += (uint64_t)got;
        if (reading->data.failed)
            return PLENARY_ENOMEM;
        if (reading->data.size > most) {
            skip(unpacking, path, "the file is too large");
            return 0;
        }
        if (unpacking->size > MEMBERS_SIZE ||
            (unpacking->size > RATIO_FROM && unpacking->size / RATIO > unpacking->packed)) {
            skip(unpacking, path, "the archive unpacks to far more than it should: not read on");
            return PLENARY_ELIMIT;
        }
    }
    if (got == 0)
        return 1;
    const char *why = archive_error_string(reading->archive);
    skip(unpacking, path, why ? why : "the archive is damaged here");
    return got == ARCHIVE_FATAL ? PLENARY_EDAMAGED : 0;
}

/* The name by which the format is told: "minutes.md" of "minutes.md.xz". */
static void cut_compression(char *name) {
    static const char *const endings[] = {".xz", ".zst", ".bz2", ".gz", ".lzma"};
    size_t size = strlen(name);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (ends_in(name, size, endings[i])) {
            name[size - strlen(endings[i])] = '\0';
            return;
        }
}

static int tell_format(struct archive_reading *reading, struct format_verdict *verdict,
                       const char *path) {
    char *name = strdup(path);
    if (!name)
        return error_memory(reading->unpacking->err);
    if (is_single(reading))
        cut_compression(name);
    const struct bytes *data = &reading->data;
    size_t size = data->size < FORMAT_SAMPLE ? data->size : FORMAT_SAMPLE;
    int status = format_tell(verdict, FORMAT_AUTO, name, data->data, size, size == data->size,
                             reading->unpacking->err);
    free(name);
    return status;
}

static int read_member(struct archive_reading *reading, const char *path, const char *source) {
    struct unpacking *unpacking = reading->unpacking;
    struct format_verdict verdict = {FORMAT_AUTO, ""};
    if (!reading->data.size) {
        notice_send(unpacking->options, NOTICE_WARNING, path, 0, "the file is empty");
        ++*unpacking->skipped;
        return 0;
    }
    int status = tell_format(reading, &verdict, path);
    if (status)
        return status;
    const char *kind = NULL;
    if (verdict.format == FORMAT_ZIP)
        verdict.format = format_of_zip(reading->data.data, reading->data.size, &kind);
    if (!verdict.format) {
        if (kind)
            snprintf(verdict.why, sizeof verdict.why, "the file is %s, which cannot be read", kind);
        skip(unpacking, path, verdict.why);
        return 0;
    }
    struct unit unit = {.path = path,
                        .source = source,
                        .format = verdict.format,
                        .data = reading->data.data,
                        .size = reading->data.size,
                        .line = 1,
                        .first_slice = true,
                        .last_slice = true};
    unit_hash(&unit, unpacking->options);
    if (unit.format == FORMAT_ARCHIVE)
        return read_archive(unpacking, &unit);
    return reader_find(unit.format)(&unit, unpacking->options, unpacking->scratch, unpacking->each,
                                    unpacking->context, unpacking->skipped, unpacking->err);
}

/* 0; 1: nothing more is to be had from this archive; negative. */
static int take_entry(struct archive_reading *reading, struct archive_entry *entry) {
    struct unpacking *unpacking = reading->unpacking;
    bool single = is_single(reading);
    if ((!single && archive_entry_filetype(entry) != AE_IFREG) || !name_member(reading, entry))
        return 0;
    if (unpacking->depth == 1 && ++unpacking->number < unpacking->options->first_member)
        return 0;
    const char *path = bytes_string(&reading->path), *source = bytes_string(&reading->source);
    if (!path || !source)
        return error_memory(unpacking->err);
    if (unpacking->options->begin_member)
        unpacking->options->begin_member(unpacking->options->context, unpacking->number, path);
    if (archive_entry_is_encrypted(entry)) {
        skip(unpacking, path, "the file is encrypted");
        return 0;
    }
    int status = fetch(reading, path);
    if (status == PLENARY_EDAMAGED || status == PLENARY_ELIMIT)
        return 1;
    if (status > 0)
        status = read_member(reading, path, source);
    if (status != PLENARY_ENOMEM)
        return status;
    /* Others may fit. */
    bytes_free(&reading->data);
    skip(unpacking, path, "it needs more memory than it may take (--limit-memory)");
    return 0;
}

/* ---- The archive ---- */

static int read_entries(struct archive_reading *reading) {
    struct archive_entry *entry;
    int status = 0, got = ARCHIVE_OK;
    for (unsigned count = 0; status == 0; count++) {
        got = archive_read_next_header(reading->archive, &entry);
        if (got == ARCHIVE_EOF || got == ARCHIVE_FATAL)
            break;
        if (got == ARCHIVE_RETRY)
            continue;
        if (count == MEMBERS_MAX) {
            skip(reading->unpacking, reading->unit->path,
                 "the archive has too many members: not read on");
            break;
        }
        status = take_entry(reading, entry);
    }
    if (got == ARCHIVE_FATAL) {
        const char *why = archive_error_string(reading->archive);
        skip(reading->unpacking, reading->unit->path, why ? why : "the archive is damaged");
    }
    return status < 0 ? status : 0;
}

/* The formats that documents come in, not all that libarchive knows. */
static int open_archive(struct archive *archive, const struct unit *unit) {
    archive_read_support_format_zip(archive);
    archive_read_support_format_tar(archive);
    archive_read_support_format_raw(archive);
    archive_read_support_filter_gzip(archive);
    archive_read_support_filter_bzip2(archive);
    archive_read_support_filter_xz(archive);
    archive_read_support_filter_zstd(archive);
    return archive_read_open_memory(archive, unit->data, unit->size);
}

static int read_archive(struct unpacking *unpacking, const struct unit *unit) {
    if (unpacking->depth == NESTING_MAX) {
        skip(unpacking, unit->path, "the archive is too deep inside others");
        return 0;
    }
    struct archive_reading reading = {
        .unpacking = unpacking, .unit = unit, .archive = archive_read_new()};
    if (!reading.archive)
        return error_memory(unpacking->err);
    unpacking->depth++;
    int status = 0;
    if (open_archive(reading.archive, unit) == ARCHIVE_OK)
        status = read_entries(&reading);
    else
        skip(unpacking, unit->path, "the archive is damaged");
    unpacking->depth--;
    archive_read_free(reading.archive);
    bytes_free(&reading.data);
    bytes_free(&reading.path);
    bytes_free(&reading.source);
    return status;
}

int reader_archive_read(const struct unit *unit, const struct corpus_options *options,
                        struct document *scratch, document_fn each, void *context,
                        uint64_t *skipped, struct error *err) {
    struct unpacking unpacking = {.options = options,
                                  .scratch = scratch,
                                  .each = each,
                                  .context = context,
                                  .skipped = skipped,
                                  .err = err,
                                  .packed = unit->size};
    return read_archive(&unpacking, unit);
}

#else

int reader_archive_read(const struct unit *unit, const struct corpus_options *options,
                        struct document *scratch, document_fn each, void *context,
                        uint64_t *skipped, struct error *err) {
    (void)scratch, (void)each, (void)context, (void)err;
    ++*skipped;
    notice_send(options, NOTICE_SKIPPED, unit->path, 0,
                "this plenary was built without libarchive, which reads archives");
    return 0;
}

#endif
