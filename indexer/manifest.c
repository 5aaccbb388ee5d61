/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * INDEX/manifest.json, one JSON object:
 *
 *   format      "plenary-index"
 *   version     2; another number means that older programs must not touch the index
 *   features    names of what a program must know to read or write the index: [], or
 *               ["portable"] where each segment has the tables of other Xapian programs
 *   generation  1, 2, ...: one more with each publication
 *   published   [[20261125, 7], ...]: days (UTC) with a publication, rising, each with the last of
 *               its generations
 *   analysis    {version: ANALYSIS_VERSION, language: a stemmer's name, or null where each
 *               document's is detected}
 *   next_segment  the number the next segment gets
 *   languages   names of the stemmers the documents use
 *   segments    [{name: "000001", documents, passages, builder, tombstones: "tombstones-7" or null,
 *               deleted_documents, deleted_passages, languages}]
 *   checksum    16 hex digits: XXH3-64 over the object without this field, keys sorted, no spaces
 */
#include "indexer/manifest.h"

#include "indexer/analysis/analyser.h"
#include "indexer/segment/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>

enum { MANIFEST_VERSION = 2, MANIFEST_MAX = 64 << 20, SEGMENTS_MAX = 1 << 20, DAYS_MAX = 1 << 20 };

static const char FORMAT[] = "plenary-index", FILE_NAME[] = "manifest.json",
                  PORTABLE[] = "portable";

void manifest_init(struct manifest *manifest, int language) {
    *manifest = (struct manifest){
        .analysis_version = ANALYSIS_VERSION, .language = language, .next_segment = 1};
}

void manifest_free(struct manifest *manifest) {
    free(manifest->segments);
    free(manifest->days);
    manifest->segments = NULL;
    manifest->days = NULL;
    manifest->segment_count = manifest->segment_capacity = manifest->day_count = 0;
}

int manifest_add(struct manifest *manifest, const struct manifest_segment *segment,
                 struct error *err) {
    if (manifest->segment_count == manifest->segment_capacity) {
        size_t capacity = manifest->segment_capacity ? manifest->segment_capacity * 2 : 8;
        struct manifest_segment *segments =
            reallocarray(manifest->segments, capacity, sizeof *segments);
        if (!segments)
            return error_memory(err);
        manifest->segments = segments;
        manifest->segment_capacity = capacity;
    }
    manifest->segments[manifest->segment_count++] = *segment;
    return 0;
}

uint64_t manifest_languages(const struct manifest *manifest) {
    uint64_t languages = 0;
    for (size_t i = 0; i < manifest->segment_count; i++)
        languages |= manifest->segments[i].languages;
    return languages;
}

/* ---- Days ---------------------------------------------------------------------------------- */

/* SOURCE_DATE_EPOCH makes builds the same on any day (reproducible-builds.org). */
static uint32_t today(void) {
    const char *pinned = getenv("SOURCE_DATE_EPOCH");
    char *end = NULL;
    long long value = pinned ? strtoll(pinned, &end, 10) : 0;
    bool is_pinned = pinned && *pinned && !*end && value >= 0 && value < 253402300800;
    time_t now = is_pinned ? (time_t)value : time(NULL);
    struct tm utc = {0};
    gmtime_r(&now, &utc);
    return (uint32_t)((utc.tm_year + 1900) * 10000 + (utc.tm_mon + 1) * 100 + utc.tm_mday);
}

int manifest_note_published(struct manifest *manifest, const struct manifest *before,
                            struct error *err) {
    size_t count = before->day_count;
    struct manifest_day *days = calloc(count + 1, sizeof *days), now = {today(), 0};
    if (!days)
        return error_memory(err);
    if (count)
        memcpy(days, before->days, count * sizeof *days);
    now.generation = manifest->generation;
    if (count && days[count - 1].day >= now.day)
        days[count - 1].generation = now.generation;
    else
        days[count++] = now;
    manifest->days = days;
    manifest->day_count = count;
    return 0;
}

uint32_t manifest_day_of(const struct manifest *manifest, uint64_t generation) {
    for (size_t i = 0; generation && i < manifest->day_count; i++)
        if (generation <= manifest->days[i].generation)
            return manifest->days[i].day;
    return 0;
}

uint64_t manifest_generation_before(const struct manifest *manifest, uint32_t day) {
    uint64_t generation = 0;
    for (size_t i = 0; i < manifest->day_count && manifest->days[i].day < day; i++)
        generation = manifest->days[i].generation;
    return generation;
}

char *manifest_segment_path(const char *index, uint32_t name) {
    char *path;
    return asprintf(&path, "%s/segments/%06u", index, name) < 0 ? NULL : path;
}

char *manifest_tombstones_path(const char *index, uint32_t name, uint64_t generation) {
    char *path;
    int size = asprintf(&path, "%s/segments/%06u/tombstones-%llu", index, name,
                        (unsigned long long)generation);
    return size < 0 ? NULL : path;
}

/* ---- Writing ------------------------------------------------------------------------------- */

static json_t *pack_languages(uint64_t languages) {
    json_t *names = json_array();
    for (int i = 0; names && i < 64; i++) {
        if (languages >> i & 1 && json_array_append_new(names, json_string(language_name(i)))) {
            json_decref(names);
            return NULL;
        }
    }
    return names;
}

static json_t *pack_segment(const struct manifest_segment *segment) {
    char name[16], tombstones[40];
    snprintf(name, sizeof name, "%06u", segment->name);
    snprintf(tombstones, sizeof tombstones, "tombstones-%llu",
             (unsigned long long)segment->tombstones);
    return json_pack(
        "{s:s, s:I, s:I, s:s, s:s?, s:I, s:I, s:o}", "name", name, "documents",
        (json_int_t)segment->documents, "passages", (json_int_t)segment->passages, "builder",
        segment->builder, "tombstones", segment->tombstones ? tombstones : NULL,
        "deleted_documents", (json_int_t)segment->deleted_documents, "deleted_passages",
        (json_int_t)segment->deleted_passages, "languages", pack_languages(segment->languages));
}

static json_t *pack_segments(const struct manifest *manifest) {
    json_t *segments = json_array();
    for (size_t i = 0; segments && i < manifest->segment_count; i++) {
        if (json_array_append_new(segments, pack_segment(&manifest->segments[i]))) {
            json_decref(segments);
            return NULL;
        }
    }
    return segments;
}

/* The checksum field's text for an object that must not have one. */
static bool checksum_of(const json_t *object, char out[17]) {
    char *text = json_dumps(object, JSON_SORT_KEYS | JSON_COMPACT);
    if (!text)
        return false;
    snprintf(out, 17, "%016llx", (unsigned long long)XXH3_64bits(text, strlen(text)));
    free(text);
    return true;
}

static json_t *pack_days(const struct manifest *manifest) {
    json_t *days = json_array();
    for (size_t i = 0; days && i < manifest->day_count; i++) {
        const struct manifest_day *day = &manifest->days[i];
        if (json_array_append_new(
                days, json_pack("[I, I]", (json_int_t)day->day, (json_int_t)day->generation))) {
            json_decref(days);
            return NULL;
        }
    }
    return days;
}

static json_t *pack_features(const struct manifest *manifest) {
    return manifest->portable ? json_pack("[s]", PORTABLE) : json_array();
}

static json_t *pack_manifest(const struct manifest *manifest) {
    json_t *object = json_pack(
        "{s:s, s:i, s:o, s:I, s:o, s:{s:i, s:s?}, s:I, s:o, s:o}", "format", FORMAT, "version",
        MANIFEST_VERSION, "features", pack_features(manifest), "generation",
        (json_int_t)manifest->generation, "published", pack_days(manifest), "analysis", "version",
        (int)manifest->analysis_version, "language",
        manifest->language < 0 ? NULL : language_name(manifest->language), "next_segment",
        (json_int_t)manifest->next_segment, "languages",
        pack_languages(manifest_languages(manifest)), "segments", pack_segments(manifest));
    char checksum[17];
    if (object && (!checksum_of(object, checksum) ||
                   json_object_set_new(object, "checksum", json_string(checksum)))) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static int write_synced(const char *path, const char *text, struct error *err) {
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0)
        return error_errno(err, "%s: cannot create", path);
    int status = 0;
    size_t left = strlen(text);
    while (!status && left) {
        ssize_t written = write(file, text, left);
        if (written >= 0) {
            text += written;
            left -= (size_t)written;
        } else if (errno != EINTR) {
            status = error_errno(err, "%s: cannot write", path);
        }
    }
    if (!status && fsync(file))
        status = error_errno(err, "%s: cannot write to disk", path);
    if (close(file) && !status)
        status = error_errno(err, "%s: cannot close", path);
    if (status)
        unlink(path);
    return status;
}

/* Readers see the new manifest; taking it back could fail as well, so it is only told. */
static int sync_renamed(const char *index, struct error *err) {
    struct error fault = {PLENARY_OK, ""};
    int status = folder_sync(index, &fault);
    return status ? error_set(err, status,
                              "%s; the new generation is in place, but a power cut may take it "
                              "back: when the disk is well, run again",
                              fault.message)
                  : 0;
}

static int replace_file(const char *index, const char *text, struct error *err) {
    char *path = folder_path(index, FILE_NAME), *new_path = folder_path(index, "manifest.json.tmp");
    int status = path && new_path ? write_synced(new_path, text, err) : error_memory(err);
    if (!status && rename(new_path, path)) {
        status = error_errno(err, "%s: cannot rename to %s", new_path, FILE_NAME);
        unlink(new_path);
    }
    free(path);
    free(new_path);
    return status ? status : sync_renamed(index, err);
}

int manifest_write(const struct manifest *manifest, const char *index, struct error *err) {
    json_t *object = pack_manifest(manifest);
    char *text = object ? json_dumps(object, JSON_SORT_KEYS | JSON_INDENT(1)) : NULL;
    int status = text ? replace_file(index, text, err) : error_memory(err);
    free(text);
    json_decref(object);
    return status;
}

/* ---- Reading ------------------------------------------------------------------------------- */

static int damaged(const char *path, const char *what, struct error *err) {
    return error_set(err, PLENARY_EDAMAGED,
                     "%s: damaged (%s); restore the index from a copy, or build it again in a new "
                     "folder",
                     path, what);
}

static int no_manifest(const char *index, struct error *err) {
    struct stat stat_;
    if (stat(index, &stat_))
        return error_set(err, PLENARY_ENOTFOUND,
                         "%s: no such folder; make an index there with plenary-index", index);
    if (!S_ISDIR(stat_.st_mode))
        return error_set(err, PLENARY_ENOTFOUND, "%s: not an index, which is a folder", index);
    return error_set(err, PLENARY_ENOTFOUND,
                     "%s: no index here (%s is missing); name the folder that plenary-index wrote",
                     index, FILE_NAME);
}

/* A number field in [0, most]; false if it is not there or no such number. */
static bool get_number(const json_t *object, const char *key, uint64_t most, uint64_t *out) {
    const json_t *value = json_object_get(object, key);
    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return false;
    *out = (uint64_t)json_integer_value(value);
    return *out <= most;
}

static bool get_u32(const json_t *object, const char *key, uint32_t *out) {
    uint64_t value;
    if (!get_number(object, key, UINT32_MAX, &value))
        return false;
    *out = (uint32_t)value;
    return true;
}

static bool get_languages(const json_t *object, uint64_t *out) {
    const json_t *names = json_object_get(object, "languages");
    *out = 0;
    if (!json_is_array(names))
        return false;
    for (size_t i = 0; i < json_array_size(names); i++) {
        const char *name = json_string_value(json_array_get(names, i));
        int number = name ? language_number(name) : -1;
        if (number < 0 || number > 63)
            return false;
        *out |= UINT64_C(1) << number;
    }
    return true;
}

/* Digits only, as a number: "000012" after the prefix. */
static bool parse_digits(const char *text, uint64_t most, uint64_t *out) {
    size_t digits = strspn(text, "0123456789");
    if (!digits || digits > 18 || text[digits])
        return false;
    *out = strtoull(text, NULL, 10);
    return *out <= most;
}

static bool get_tombstones(const json_t *object, uint64_t *out) {
    static const char prefix[] = "tombstones-";
    const json_t *value = json_object_get(object, "tombstones");
    *out = 0;
    if (json_is_null(value))
        return true;
    const char *name = json_string_value(value);
    return name && !strncmp(name, prefix, strlen(prefix)) &&
           parse_digits(name + strlen(prefix), INT64_MAX, out) && *out;
}

static bool unpack_segment(const json_t *object, struct manifest_segment *out) {
    const char *name = json_string_value(json_object_get(object, "name"));
    const char *builder = json_string_value(json_object_get(object, "builder"));
    uint64_t number;
    if (!name || !parse_digits(name, UINT32_MAX, &number) || !builder ||
        strlen(builder) >= sizeof out->builder)
        return false;
    *out = (struct manifest_segment){.name = (uint32_t)number};
    memcpy(out->builder, builder, strlen(builder) + 1);
    return get_u32(object, "documents", &out->documents) &&
           get_u32(object, "passages", &out->passages) &&
           get_u32(object, "deleted_documents", &out->deleted_documents) &&
           get_u32(object, "deleted_passages", &out->deleted_passages) &&
           out->deleted_documents <= out->documents && out->deleted_passages <= out->passages &&
           get_tombstones(object, &out->tombstones) && get_languages(object, &out->languages);
}

static int unpack_segments(struct manifest *out, const json_t *object, const char *path,
                           struct error *err) {
    const json_t *segments = json_object_get(object, "segments");
    if (!json_is_array(segments) || json_array_size(segments) > SEGMENTS_MAX)
        return damaged(path, "its segments", err);
    for (size_t i = 0; i < json_array_size(segments); i++) {
        struct manifest_segment segment;
        if (!unpack_segment(json_array_get(segments, i), &segment) ||
            segment.name >= out->next_segment)
            return damaged(path, "a segment", err);
        int status = manifest_add(out, &segment, err);
        if (status)
            return status;
    }
    return 0;
}

static int unpack_days(struct manifest *out, const json_t *object, const char *path,
                       struct error *err) {
    const json_t *days = json_object_get(object, "published");
    size_t count = json_array_size(days);
    if (!json_is_array(days) || count > DAYS_MAX)
        return damaged(path, "its days", err);
    out->days = calloc(count + 1, sizeof *out->days);
    if (!out->days)
        return error_memory(err);
    uint64_t last_day = 0, last_generation = 0;
    for (size_t i = 0; i < count; i++) {
        const json_t *pair = json_array_get(days, i);
        json_int_t day = json_integer_value(json_array_get(pair, 0));
        json_int_t generation = json_integer_value(json_array_get(pair, 1));
        if (day <= (json_int_t)last_day || day > 99999999 ||
            generation <= (json_int_t)last_generation)
            return damaged(path, "a day", err);
        last_day = (uint64_t)day;
        last_generation = (uint64_t)generation;
        out->days[out->day_count++] = (struct manifest_day){(uint32_t)day, last_generation};
    }
    return last_generation > out->generation ? damaged(path, "a day", err) : 0;
}

/* Is it ours, of a version and with features that this program knows? Asked before the checksum, so
 * that what a later version may have changed is not called damage. */
static int check_format(const json_t *object, const char *path, struct error *err) {
    const char *format = json_string_value(json_object_get(object, "format"));
    uint64_t version;
    if (!format || strcmp(format, FORMAT))
        return error_set(err, PLENARY_ENOTFOUND, "%s: not the manifest of a plenary index", path);
    if (!get_number(object, "version", INT32_MAX, &version))
        return damaged(path, "its version", err);
    if (version != MANIFEST_VERSION)
        return error_set(err, PLENARY_EVERSION,
                         "%s: an index of version %llu, this program knows version %d; use the "
                         "program that wrote it, or build the index again in a new folder",
                         path, (unsigned long long)version, MANIFEST_VERSION);
    return 0;
}

static int check_features(struct manifest *out, const json_t *object, const char *path,
                          struct error *err) {
    const json_t *features = json_object_get(object, "features");
    if (!json_is_array(features))
        return damaged(path, "its features", err);
    for (size_t i = 0; i < json_array_size(features); i++) {
        const char *feature = json_string_value(json_array_get(features, i));
        if (!feature || strcmp(feature, PORTABLE))
            return error_set(err, PLENARY_EVERSION,
                             "%s: the index uses \"%.60s\", which this program does not know; use "
                             "a newer plenary, or build the index again in a new folder",
                             path, feature ? feature : "?");
        out->portable = true;
    }
    return 0;
}

static int check_analysis(struct manifest *out, const json_t *object, const char *path,
                          struct error *err) {
    const json_t *analysis = json_object_get(object, "analysis");
    const json_t *language = json_object_get(analysis, "language");
    uint64_t version;
    if (!get_number(analysis, "version", INT32_MAX, &version) || !language)
        return damaged(path, "its analysis", err);
    if (version != ANALYSIS_VERSION)
        return error_set(err, PLENARY_EVERSION,
                         "%s: its words were cut by rules of version %llu, this program follows "
                         "version %d; build the index again in a new folder",
                         path, (unsigned long long)version, ANALYSIS_VERSION);
    out->analysis_version = (unsigned)version;
    out->language = -1;
    if (json_is_null(language))
        return 0;
    const char *name = json_string_value(language);
    out->language = name ? language_number(name) : -1;
    return out->language < 0 ? damaged(path, "its language", err) : 0;
}

static int check_checksum(json_t *object, const char *path, struct error *err) {
    char expected[17] = "", found[17];
    const char *text = json_string_value(json_object_get(object, "checksum"));
    if (!text || strlen(text) != 16)
        return damaged(path, "its checksum is missing", err);
    memcpy(expected, text, sizeof expected);
    json_object_del(object, "checksum");
    if (!checksum_of(object, found))
        return error_memory(err);
    return strcmp(expected, found) ? damaged(path, "wrong checksum", err) : 0;
}

static int unpack_manifest(struct manifest *out, json_t *object, const char *path,
                           struct error *err) {
    int status = check_format(object, path, err);
    if (!status)
        status = check_features(out, object, path, err);
    if (!status)
        status = check_checksum(object, path, err);
    if (!status)
        status = check_analysis(out, object, path, err);
    if (status)
        return status;
    if (!get_number(object, "generation", INT64_MAX, &out->generation) ||
        !get_u32(object, "next_segment", &out->next_segment))
        return damaged(path, "its generation", err);
    status = unpack_days(out, object, path, err);
    return status ? status : unpack_segments(out, object, path, err);
}

/* The file's text; NULL with *status set. */
static char *read_text(const char *index, const char *path, size_t *size, int *status,
                       struct error *err) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        *status = errno == ENOENT || errno == ENOTDIR ? no_manifest(index, err)
                                                      : error_errno(err, "%s: cannot open", path);
        return NULL;
    }
    struct stat stat_;
    char *text = NULL;
    *size = 0;
    *status = 0;
    if (fstat(file, &stat_))
        *status = error_errno(err, "%s: cannot read", path);
    else if (!S_ISREG(stat_.st_mode) || stat_.st_size > MANIFEST_MAX)
        *status = damaged(path, "not a file of a manifest's size", err);
    else if (!(text = malloc((size_t)stat_.st_size + 1)))
        *status = error_memory(err);
    ssize_t got = 1;
    while (!*status && got > 0 && *size < (size_t)stat_.st_size) {
        got = read(file, text + *size, (size_t)stat_.st_size - *size);
        if (got < 0)
            *status = error_errno(err, "%s: cannot read", path);
        else
            *size += (size_t)got;
    }
    close(file);
    return text;
}

int manifest_read(struct manifest *out, const char *index, struct error *err) {
    manifest_init(out, -1);
    char *path = folder_path(index, FILE_NAME);
    if (!path)
        return error_memory(err);
    size_t size = 0;
    int status;
    char *text = read_text(index, path, &size, &status, err);
    if (!status) {
        json_error_t fault;
        json_t *object = json_loadb(text, size, JSON_REJECT_DUPLICATES, &fault);
        if (!json_is_object(object))
            status = damaged(path, object ? "not an object" : fault.text, err);
        else
            status = unpack_manifest(out, object, path, err);
        json_decref(object);
    }
    free(text);
    free(path);
    return status;
}
