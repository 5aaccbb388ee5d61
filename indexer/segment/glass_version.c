/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * iamglass (xapian-core 1.4 glass, format 2016,03,14). `uint` as in glass_pack.h.
 *
 *   file       = 0f 0d "Xapian Glass" format:u16 uuid:16 revision:uint root*6 statistics
 *   format     = (year - 2014) << 9 | month << 5 | day, big-endian: 04 6e
 *   root       = block:uint level<<2|sequential<<1|missing:uint entries:uint block-size/2048:uint
 *                deflate-above:uint size:uint free-list
 *                of postlist, docdata, termlist, position, spelling, synonym. `missing`: there is
 * no file, or it has no blocks. `sequential`: leaves lie in the order of their keys.
 *                `deflate-above`: Xapian deflates tags that are larger; 0 never
 *   free-list  = nothing for a missing table, else revision:uint blocks:uint 0 0 0 0
 *                (no free blocks; `blocks` is the first number not in use)
 *   statistics = documents:uint last-docid - documents:uint shortest:uint largest-wdf:uint
 *                longest - largest-wdf:uint oldest-changeset:uint total-length:uint
 *                spelling-wordfreq-bound:uint
 *
 * Readers take at most 256 bytes.
 */
#include "indexer/segment/glass_version.h"

#include "indexer/segment/glass_pack.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { REVISION = 1, DEFLATE_ABOVE = 18, FILE_MAX = 256, FILE_BOUND = 1024 };

static const uint8_t magic[16] = {0x0f, 0x0d, 'X', 'a', 'p', 'i', 'a',  'n',
                                  ' ',  'G',  'l', 'a', 's', 's', 0x04, 0x6e};

void glass_version_init(struct glass_version *version) {
    memset(version, 0, sizeof *version);
}

static uint8_t *pack_root(uint8_t *out, const struct glass_root *root, bool deflates,
                          uint32_t block_size) {
    uint32_t level = root->exists ? root->level << 2 : 0;
    out = glass_pack_uint(out, root->exists ? root->block : 0);
    out = glass_pack_uint(out, level | 2u | !root->exists);
    out = glass_pack_uint(out, root->exists ? root->entries : 0);
    out = glass_pack_uint(out, block_size >> 11);
    out = glass_pack_uint(out, deflates ? DEFLATE_ABOVE : 0);
    uint8_t list[16] = {0};
    uint8_t *end = list;
    if (root->exists) {
        end = glass_pack_uint(end, REVISION);
        end = glass_pack_uint(end, root->blocks);
        memset(end, 0, 4);
        end += 4;
    }
    size_t size = (size_t)(end - list);
    out = glass_pack_uint(out, size);
    memcpy(out, list, size);
    return out + size;
}

static uint8_t *pack_statistics(uint8_t *out, const struct glass_statistics *statistics) {
    out = glass_pack_uint(out, statistics->documents);
    out = glass_pack_uint(out, statistics->last_docid - statistics->documents);
    out = glass_pack_uint(out, statistics->shortest);
    out = glass_pack_uint(out, statistics->largest_wdf);
    out = glass_pack_uint(out, statistics->longest - statistics->largest_wdf);
    out = glass_pack_uint(out, 0);
    out = glass_pack_uint(out, statistics->total_length);
    return glass_pack_uint(out, 0);
}

static int version_check(const struct glass_version *version, struct error *err) {
    const struct glass_statistics *statistics = &version->statistics;
    if (!version->roots[GLASS_POSTLIST].exists)
        return error_set(err, PLENARY_EINVALID, "a glass database needs its postlist table");
    if (statistics->last_docid < statistics->documents)
        return error_set(err, PLENARY_EINVALID,
                         "%" PRIu32 " documents, but the last docid is %" PRIu32,
                         statistics->documents, statistics->last_docid);
    if (statistics->longest < statistics->largest_wdf)
        return error_set(err, PLENARY_EINVALID,
                         "a term occurs %" PRIu32
                         " times in a passage, but the longest passage has "
                         "length %" PRIu32,
                         statistics->largest_wdf, statistics->longest);
    return 0;
}

static size_t version_pack(const struct glass_version *version, uint8_t *bytes) {
    static const bool deflates[GLASS_TABLE_COUNT] = {false, true, true, false, true, true};
    uint32_t default_size = version->roots[GLASS_POSTLIST].block_size;
    uint8_t *out = bytes;
    memcpy(out, magic, sizeof magic);
    out += sizeof magic;
    memcpy(out, version->uuid, sizeof version->uuid);
    out += sizeof version->uuid;
    out = glass_pack_uint(out, REVISION);
    for (int i = 0; i < GLASS_TABLE_COUNT; i++) {
        const struct glass_root *root = &version->roots[i];
        out = pack_root(out, root, deflates[i], root->exists ? root->block_size : default_size);
    }
    out = pack_statistics(out, &version->statistics);
    return (size_t)(out - bytes);
}

static int write_all(int fd, const uint8_t *bytes, size_t size) {
    for (size_t done = 0; done < size;) {
        ssize_t n = write(fd, bytes + done, size - done);
        if (n < 0 && errno != EINTR)
            return -1;
        done += n > 0 ? (size_t)n : 0;
    }
    return 0;
}

static int file_write(const char *path, const uint8_t *bytes, size_t size, struct error *err) {
    int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
    if (fd < 0)
        return error_errno(err, "cannot create %s", path);
    int status = 0;
    if (write_all(fd, bytes, size) != 0 || fsync(fd) != 0)
        status = error_errno(err, "cannot write %s", path);
    if (close(fd) != 0 && !status)
        status = error_errno(err, "cannot close %s", path);
    if (status)
        unlink(path);
    return status;
}

int glass_version_write(const struct glass_version *version, const char *folder,
                        struct error *err) {
    int status = version_check(version, err);
    if (status)
        return status;
    uint8_t bytes[FILE_BOUND];
    size_t size = version_pack(version, bytes);
    if (size > FILE_MAX)
        return error_set(err, PLENARY_ELIMIT, "%s/iamglass would take %zu bytes; readers take %d",
                         folder, size, FILE_MAX);
    char *path = NULL;
    if (asprintf(&path, "%s/iamglass", folder) < 0)
        return error_memory(err);
    status = file_write(path, bytes, size, err);
    free(path);
    return status;
}
