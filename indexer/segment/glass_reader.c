/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/segment/glass_reader.h"

#include "indexer/segment/folder.h"
#include "indexer/segment/glass_pack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    VERSION_SIZE_MAX = 256,
    MAGIC_SIZE = 16, /* with the format's number */
    UUID_SIZE = 16,
    DIRECTORY_START = 11,
    LEAF_HEAD = 3,
    BRANCH_HEAD = 5, /* block number, key size */
    LAST_PIECE = 0x4000,
    FIRST_PIECE = 0x2000,
    DEFLATED = 0x8000,
    ITEM_SIZE_MASK = 0x1fff,
    TAG_MAX = 1 << 28, /* what the pieces of a tag can hold, about */
};

static const uint8_t magic[MAGIC_SIZE] = {0x0f, 0x0d, 'X', 'a', 'p', 'i', 'a',  'n',
                                          ' ',  'G',  'l', 'a', 's', 's', 0x04, 0x6e};

static uint32_t get_u16(const uint8_t *at) {
    return (uint32_t)at[0] << 8 | at[1];
}

static uint32_t get_u32(const uint8_t *at) {
    return get_u16(at) << 16 | get_u16(at + 2);
}

static int damaged(const char *path, uint64_t offset, const char *what, struct error *err) {
    return error_set(err, PLENARY_EDAMAGED,
                     "%s: damaged at byte %llu (%s); restore the index from a copy, or build it "
                     "again in a new folder",
                     path, (unsigned long long)offset, what);
}

/* ---- The version file ---------------------------------------------------------------------- */

static bool read_root(const uint8_t **at, const uint8_t *end, struct glass_root *root) {
    uint64_t block, level, block_size, deflate_above, list;
    if (!varint_read(at, end, &block) || !varint_read(at, end, &level) ||
        !varint_read(at, end, &root->entries) || !varint_read(at, end, &block_size) ||
        !varint_read(at, end, &deflate_above) || !varint_read(at, end, &list))
        return false;
    if (block > UINT32_MAX || level >> 2 >= GLASS_READER_LEVELS || block_size < 1 ||
        block_size > GLASS_BLOCK_SIZE_MAX >> 11 || list > (uint64_t)(end - *at))
        return false;
    *at += list;
    root->exists = !(level & 1);
    root->block = (uint32_t)block;
    root->level = (uint32_t)level >> 2;
    root->block_size = (uint32_t)block_size << 11;
    return true;
}

static bool read_statistics(const uint8_t **at, const uint8_t *end,
                            struct glass_statistics *statistics) {
    uint64_t documents, gap, shortest, largest, more, changeset;
    if (!varint_read(at, end, &documents) || !varint_read(at, end, &gap) ||
        !varint_read(at, end, &shortest) || !varint_read(at, end, &largest) ||
        !varint_read(at, end, &more) || !varint_read(at, end, &changeset) ||
        !varint_read(at, end, &statistics->total_length))
        return false;
    if (documents > UINT32_MAX || gap > UINT32_MAX - documents || shortest > UINT32_MAX ||
        largest > UINT32_MAX || more > UINT32_MAX - largest)
        return false;
    statistics->documents = (uint32_t)documents;
    statistics->last_docid = (uint32_t)(documents + gap);
    statistics->shortest = (uint32_t)shortest;
    statistics->largest_wdf = (uint32_t)largest;
    statistics->longest = (uint32_t)(largest + more);
    return true;
}

static int parse_version(struct glass_version *version, const uint8_t *bytes, size_t size,
                         const char *path, struct error *err) {
    const uint8_t *at = bytes, *end = bytes + size;
    if (size < MAGIC_SIZE + UUID_SIZE || memcmp(at, magic, MAGIC_SIZE))
        return damaged(path, 0, "not a Xapian glass database of format 2016,03,14", err);
    memcpy(version->uuid, at + MAGIC_SIZE, UUID_SIZE);
    at += MAGIC_SIZE + UUID_SIZE;
    uint64_t revision;
    bool good = varint_read(&at, end, &revision);
    for (int i = 0; good && i < GLASS_TABLE_COUNT; i++)
        good = read_root(&at, end, &version->roots[i]);
    if (!good || !read_statistics(&at, end, &version->statistics))
        return damaged(path, (uint64_t)(at - bytes), "the version file", err);
    return 0;
}

static int check_version(const struct sidecar *sums_file, const char *folder, const uint8_t *bytes,
                         size_t size, struct error *err) {
    struct glass_sums sums;
    if (!sums_file)
        return 0;
    int status =
        glass_sums_init(&sums, sums_file, folder, GLASS_SUMS_VERSION_FILE, bytes, size, err);
    if (status)
        return status;
    status = glass_sums_need(&sums, 0, size, err);
    glass_sums_free(&sums);
    return status;
}

/* A segment may be removed while it is being opened: that is told apart from other failures. */
static int cannot_open(const char *path, const char *what, struct error *err) {
    if (errno == ENOENT)
        return error_set(err, PLENARY_ENOTFOUND, "%s: no such file; the index is incomplete", path);
    return error_errno(err, "%s: cannot %s", path, what);
}

static int read_version(struct glass_version *version, const struct sidecar *sums_file,
                        const char *folder, struct error *err) {
    uint8_t bytes[VERSION_SIZE_MAX];
    char *path = folder_path(folder, "iamglass");
    if (!path)
        return error_memory(err);
    int status = 0, fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size = fd < 0 ? -1 : read(fd, bytes, sizeof bytes);
    if (size < 0)
        status = cannot_open(path, "read", err);
    else
        status = check_version(sums_file, folder, bytes, (size_t)size, err);
    if (!status)
        status = parse_version(version, bytes, (size_t)size, path, err);
    if (fd >= 0)
        close(fd);
    free(path);
    return status;
}

/* ---- Opening ------------------------------------------------------------------------------- */

static int map_table(struct glass_reader *reader, struct error *err) {
    struct stat status;
    int fd = open(reader->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return cannot_open(reader->path, "open", err);
    int result = 0;
    void *data = MAP_FAILED;
    if (fstat(fd, &status))
        result = error_errno(err, "%s: cannot read", reader->path);
    else if (status.st_size < (off_t)reader->version.roots[reader->table].block_size)
        result = damaged(reader->path, (uint64_t)status.st_size, "cut short", err);
    else {
        data = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_SHARED, fd, 0);
        if (data == MAP_FAILED)
            result = error_errno(err, "%s: cannot map", reader->path);
    }
    close(fd);
    if (result)
        return result;
    reader->data = data;
    reader->size = (uint64_t)status.st_size;
    return 0;
}

/* Databases of Xapian alone have no checksums. */
static int open_sums(struct glass_reader *reader, const char *folder, struct error *err) {
    int status = glass_sums_open(&reader->sums_file, folder, err);
    return status == PLENARY_ENOTFOUND ? 0 : status;
}

int glass_reader_open_table(struct glass_reader **out, const char *folder,
                            enum glass_table_number table, struct error *err) {
    *out = NULL;
    struct glass_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        return error_memory(err);
    reader->table = table;
    reader->path = folder_path(folder, glass_sums_file_name(table));
    int status = reader->path ? open_sums(reader, folder, err) : error_memory(err);
    if (!status)
        status = read_version(&reader->version, reader->sums_file, folder, err);
    if (!status && reader->version.roots[table].exists)
        status = map_table(reader, err);
    if (!status && reader->data && reader->sums_file)
        status = glass_sums_init(&reader->sums, reader->sums_file, folder, table, reader->data,
                                 reader->size, err);
    if (status) {
        glass_reader_close(reader);
        return status;
    }
    *out = reader;
    return 0;
}

int glass_reader_open(struct glass_reader **out, const char *folder, struct error *err) {
    return glass_reader_open_table(out, folder, GLASS_POSTLIST, err);
}

void glass_reader_close(struct glass_reader *reader) {
    if (!reader)
        return;
    glass_sums_free(&reader->sums);
    sidecar_close(reader->sums_file);
    if (reader->data)
        munmap((void *)(uintptr_t)reader->data, (size_t)reader->size);
    free(reader->path);
    free(reader);
}

/* ---- Walking the tree ---------------------------------------------------------------------- */

static const struct glass_root *root_of(const struct glass_cursor *cursor) {
    return &cursor->reader->version.roots[cursor->reader->table];
}

static uint64_t block_offset(const struct glass_cursor *cursor, unsigned level) {
    return (uint64_t)cursor->steps[level].block * root_of(cursor)->block_size;
}

static int block_damaged(const struct glass_cursor *cursor, unsigned level, uint32_t offset,
                         const char *what, struct error *err) {
    return damaged(cursor->reader->path, block_offset(cursor, level) + offset, what, err);
}

/* A block must say that it is of the level it was looked for on: so no walk goes in circles. */
static int enter_block(struct glass_cursor *cursor, unsigned level, uint32_t block,
                       struct error *err) {
    uint32_t size = root_of(cursor)->block_size;
    struct glass_step *step = &cursor->steps[level];
    step->block = block;
    if (((uint64_t)block + 1) * size > cursor->reader->size)
        return block_damaged(cursor, level, 0, "a block behind the end of the file", err);
    const struct glass_sums *sums = &cursor->reader->sums;
    int status = sums->path ? glass_sums_need(sums, (uint64_t)block * size, size, err) : 0;
    if (status)
        return status;
    const uint8_t *data = cursor->reader->data + (uint64_t)block * size;
    step->at = DIRECTORY_START;
    step->end = get_u16(data + 9);
    if (data[4] != level || step->end <= DIRECTORY_START || step->end % 2 == 0 || step->end > size)
        return block_damaged(cursor, level, 0, "the head of a block", err);
    return 0;
}

/* The next item of the block of a level: its bytes and how many there may be. */
static int next_item(struct glass_cursor *cursor, unsigned level, const uint8_t **item,
                     uint32_t *room, struct error *err) {
    struct glass_step *step = &cursor->steps[level];
    uint32_t size = root_of(cursor)->block_size;
    const uint8_t *data = cursor->reader->data + block_offset(cursor, level);
    uint32_t offset = get_u16(data + step->at);
    if (offset < step->end || offset + (level ? BRANCH_HEAD : LEAF_HEAD) > size)
        return block_damaged(cursor, level, step->at, "where an item begins", err);
    step->at += 2;
    *item = data + offset;
    *room = size - offset;
    return 0;
}

/* Go to the first leaf, or to the one behind this leaf: 1, 0 at the end, negative. */
static int next_leaf(struct glass_cursor *cursor, struct error *err) {
    unsigned top = root_of(cursor)->level, level = 0;
    int status = 0;
    if (!cursor->started) {
        cursor->started = true;
        level = top;
        status = enter_block(cursor, top, root_of(cursor)->block, err);
    } else {
        while (level <= top && cursor->steps[level].at >= cursor->steps[level].end)
            level++;
        if (level > top)
            return 0;
    }
    for (; !status && level > 0; level--) {
        const uint8_t *item;
        uint32_t room;
        status = next_item(cursor, level, &item, &room, err);
        if (!status)
            status = enter_block(cursor, level - 1, get_u32(item), err);
    }
    return status ? status : 1;
}

struct leaf_item {
    uint32_t flags;
    const uint8_t *key, *rest; /* rest: behind the key */
    size_t key_size, rest_size;
};

/* 1, 0 at the end, negative. */
static int next_leaf_item(struct glass_cursor *cursor, struct leaf_item *out, struct error *err) {
    int status = 1;
    if (!cursor->started || cursor->steps[0].at >= cursor->steps[0].end)
        status = next_leaf(cursor, err);
    if (status <= 0)
        return status;
    const uint8_t *item = NULL;
    uint32_t room = 0;
    status = next_item(cursor, 0, &item, &room, err);
    if (status || !item)
        return status;
    uint32_t head = get_u16(item), size = (head & ITEM_SIZE_MASK) + LEAF_HEAD;
    out->flags = head;
    out->key = item + LEAF_HEAD;
    out->key_size = item[2];
    if (size > room || out->key_size + LEAF_HEAD > size)
        return block_damaged(cursor, 0, cursor->steps[0].at - 2, "an item too long", err);
    out->rest = out->key + out->key_size;
    out->rest_size = size - LEAF_HEAD - out->key_size;
    return 1;
}

/* The further pieces of a tag whose first is in cursor->pieces. */
static int join_pieces(struct glass_cursor *cursor, struct error *err) {
    struct leaf_item item = {0};
    for (uint32_t piece = 2; !(item.flags & LAST_PIECE); piece++) {
        int status = next_leaf_item(cursor, &item, err);
        if (status < 0)
            return status;
        if (status == 0 || item.flags & FIRST_PIECE || item.rest_size < 2 ||
            get_u16(item.rest) != piece || item.key_size != cursor->key_size ||
            memcmp(item.key, cursor->key, item.key_size) || cursor->pieces.size > TAG_MAX)
            return block_damaged(cursor, 0, 0, "the pieces of a tag", err);
        bytes_add(&cursor->pieces, item.rest + 2, item.rest_size - 2);
    }
    cursor->tag = cursor->pieces.data;
    cursor->tag_size = cursor->pieces.size;
    return cursor->pieces.failed ? error_memory(err) : 0;
}

/* The next entry into key and tag: 1, 0 at the end, negative. */
static int next_entry(struct glass_cursor *cursor, struct error *err) {
    struct leaf_item item = {0};
    int status;
    if (!cursor->reader->data)
        return 0;
    do { /* a table begins with an item without key */
        status = next_leaf_item(cursor, &item, err);
    } while (status > 0 && !item.key_size);
    if (status <= 0)
        return status;
    if (!(item.flags & FIRST_PIECE))
        return block_damaged(cursor, 0, cursor->steps[0].at - 2, "an item of an unknown kind", err);
    cursor->is_deflated = item.flags & DEFLATED;
    cursor->key = item.key;
    cursor->key_size = item.key_size;
    cursor->tag = item.rest;
    cursor->tag_size = item.rest_size;
    if (item.flags & LAST_PIECE)
        return 1;
    bytes_reset(&cursor->pieces);
    bytes_add(&cursor->pieces, item.rest, item.rest_size);
    status = join_pieces(cursor, err);
    return status ? status : 1;
}

int glass_cursor_next_entry(struct glass_cursor *cursor, struct error *err) {
    return next_entry(cursor, err);
}

/* ---- Lists --------------------------------------------------------------------------------- */

int glass_cursor_damaged(const struct glass_cursor *cursor, const char *what, struct error *err) {
    return block_damaged(cursor, 0, cursor->steps[0].at, what, err);
}

void glass_cursor_init(struct glass_cursor *cursor, const struct glass_reader *reader) {
    memset(cursor, 0, sizeof *cursor);
    cursor->reader = reader;
}

void glass_cursor_free(struct glass_cursor *cursor) {
    bytes_free(&cursor->pieces);
}

/* What an entry's key says. */
struct list_key {
    bool is_postings; /* or lengths; false: something else that lives in this table */
    uint8_t term[GLASS_KEY_MAX];
    size_t term_size;
    bool is_first;
    uint32_t docid; /* of a chunk that is not the first */
};

static bool parse_docid(const uint8_t *at, const uint8_t *end, struct list_key *out) {
    out->is_first = at == end;
    return out->is_first || (glass_unpack_uint32_sortable(&at, end, &out->docid) && at == end);
}

static bool parse_key(const uint8_t *key, size_t size, struct list_key *out) {
    const uint8_t *at = key, *end = key + size;
    out->term_size = 0;
    out->is_postings = true;
    if (size >= 2 && key[0] == 0 && key[1] != 0xff) {
        out->is_postings = key[1] == 0xe0;
        return !out->is_postings || parse_docid(key + 2, end, out);
    }
    while (at < end) {
        if (*at == 0) {
            if (end - at < 2)
                return false;
            if (at[1] != 0xff)
                return parse_docid(at + 1, end, out) && !out->is_first;
            at++; /* an escaped zero */
            out->term[out->term_size++] = 0;
            at++;
            continue;
        }
        out->term[out->term_size++] = *at++;
    }
    out->is_first = true;
    return true;
}

static int take_chunk(struct glass_cursor *cursor, const struct list_key *key, struct error *err) {
    const uint8_t *at = cursor->tag, *end = at + cursor->tag_size;
    uint32_t before = 0, gap = 0, documents = 0, occurrences = 0;
    cursor->first_docid = key->docid;
    if (key->is_first) {
        if (!glass_unpack_uint32(&at, end, &documents) ||
            !glass_unpack_uint32(&at, end, &occurrences) ||
            !glass_unpack_uint32(&at, end, &before) || before == UINT32_MAX)
            return glass_cursor_damaged(cursor, "the head of a posting list", err);
        cursor->announced = (struct glass_frequencies){documents, occurrences};
        cursor->first_docid = before + 1;
    }
    if (end - at < 1 || (*at != '0' && *at != '1'))
        return glass_cursor_damaged(cursor, "the head of a chunk", err);
    cursor->is_last = *at++ == '1';
    if (!glass_unpack_uint32(&at, end, &gap) || cursor->first_docid == 0 ||
        __builtin_add_overflow(cursor->first_docid, gap, &cursor->last_docid))
        return glass_cursor_damaged(cursor, "the head of a chunk", err);
    cursor->postings = at;
    cursor->postings_size = (size_t)(end - at);
    return 1;
}

/* The next entry of postings or lengths, and what its key says: 1, 0, negative. */
static int next_chunk_entry(struct glass_cursor *cursor, struct list_key *key, struct error *err) {
    do {
        int status = next_entry(cursor, err);
        if (status <= 0)
            return status;
        if (cursor->is_deflated)
            return glass_cursor_damaged(cursor, "postings that are compressed", err);
        if (!parse_key(cursor->key, cursor->key_size, key))
            return glass_cursor_damaged(cursor, "the key of a chunk", err);
    } while (!key->is_postings);
    return 1;
}

int glass_cursor_next_list(struct glass_cursor *cursor, struct error *err) {
    struct list_key key = {0};
    int status;
    while ((status = glass_cursor_next_chunk(cursor, err)) > 0)
        continue;
    if (status < 0 || cursor->ended)
        return status;
    bool was_started = cursor->started;
    status = next_chunk_entry(cursor, &key, err);
    if (status <= 0) {
        cursor->ended = true;
        return status;
    }
    if (!key.is_first)
        return glass_cursor_damaged(cursor, "a posting list without a beginning", err);
    size_t common = key.term_size < cursor->term_size ? key.term_size : cursor->term_size;
    int order = memcmp(key.term, cursor->term, common);
    if (was_started && (order < 0 || (order == 0 && key.term_size <= cursor->term_size)))
        return glass_cursor_damaged(cursor, "terms that are not in order", err);
    memcpy(cursor->term, key.term, key.term_size);
    cursor->term_size = key.term_size;
    return take_chunk(cursor, &key, err);
}

int glass_cursor_next_chunk(struct glass_cursor *cursor, struct error *err) {
    struct list_key key = {0};
    if (!cursor->started || cursor->ended || !cursor->postings || cursor->is_last)
        return 0;
    uint32_t last = cursor->last_docid;
    int status = next_chunk_entry(cursor, &key, err);
    if (status < 0)
        return status;
    if (status == 0 || key.is_first || key.term_size != cursor->term_size ||
        memcmp(key.term, cursor->term, key.term_size) || key.docid <= last)
        return glass_cursor_damaged(cursor, "a posting list that breaks off", err);
    return take_chunk(cursor, &key, err);
}

int glass_cursor_count(const struct glass_cursor *cursor, struct glass_frequencies *frequencies,
                       struct error *err) {
    const uint8_t *at = cursor->postings, *end = at + cursor->postings_size;
    uint64_t docid = cursor->first_docid, occurrences;
    uint32_t gap, wdf, documents = 1;
    if (!glass_unpack_uint32(&at, end, &wdf))
        return glass_cursor_damaged(cursor, "a chunk without postings", err);
    occurrences = wdf;
    while (at < end) {
        if (!glass_unpack_uint32(&at, end, &gap) || !glass_unpack_uint32(&at, end, &wdf))
            return glass_cursor_damaged(cursor, "a posting", err);
        docid += (uint64_t)gap + 1;
        occurrences += wdf;
        documents++;
    }
    if (docid != cursor->last_docid)
        return glass_cursor_damaged(cursor, "a chunk that ends elsewhere than it says", err);
    frequencies->documents += documents;
    frequencies->occurrences += occurrences;
    return 0;
}

/* ---- Finding a term ------------------------------------------------------------------------ */

/* The key of item `slot` of the block of a level. */
static int item_key(struct glass_cursor *cursor, unsigned level, uint32_t slot, const uint8_t **key,
                    size_t *size, struct error *err) {
    uint32_t head = level ? BRANCH_HEAD : LEAF_HEAD, room;
    const uint8_t *item = NULL;
    cursor->steps[level].at = DIRECTORY_START + 2 * slot;
    int status = next_item(cursor, level, &item, &room, err);
    if (status || !item)
        return status;
    *key = item + head;
    *size = item[head - 1];
    if (*size > room - head)
        return block_damaged(cursor, level, cursor->steps[level].at - 2, "a key too long", err);
    return 0;
}

static bool is_less(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size) {
    int order = memcmp(a, b, a_size < b_size ? a_size : b_size);
    return order ? order < 0 : a_size < b_size;
}

/* The first item of a block whose key is greater than this one, or not less: its slot. */
static int search_block(struct glass_cursor *cursor, unsigned level, const uint8_t *key,
                        size_t size, bool greater, uint32_t *slot, struct error *err) {
    uint32_t low = 0, high = (cursor->steps[level].end - DIRECTORY_START) / 2;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const uint8_t *there = NULL;
        size_t there_size = 0;
        int status = item_key(cursor, level, middle, &there, &there_size, err);
        if (status || !there)
            return status;
        bool before = greater ? !is_less(key, size, there, there_size)
                              : is_less(there, there_size, key, size);
        if (before)
            low = middle + 1;
        else
            high = middle;
    }
    *slot = low;
    return 0;
}

/* From the root to the leaf where the key is or would be; the cursor stands before it there. */
static int descend(struct glass_cursor *cursor, const uint8_t *key, size_t size,
                   struct error *err) {
    unsigned level = root_of(cursor)->level;
    uint32_t slot = 0;
    cursor->started = true;
    cursor->ended = false;
    int status = enter_block(cursor, level, root_of(cursor)->block, err);
    for (; !status && level > 0; level--) {
        const uint8_t *item = NULL;
        uint32_t room;
        status = search_block(cursor, level, key, size, true, &slot, err);
        if (!status && slot == 0)
            return block_damaged(cursor, level, 0, "a first key that is not empty", err);
        cursor->steps[level].at = DIRECTORY_START + 2 * (slot - 1);
        if (!status)
            status = next_item(cursor, level, &item, &room, err);
        if (!status && item)
            status = enter_block(cursor, level - 1, get_u32(item), err);
    }
    if (!status)
        status = search_block(cursor, 0, key, size, false, &slot, err);
    cursor->steps[0].at = DIRECTORY_START + 2 * slot;
    return status;
}

int glass_cursor_find(struct glass_cursor *cursor, const void *term, size_t size,
                      struct error *err) {
    uint8_t key[GLASS_SORTABLE_STRING_MAX(GLASS_TERM_MAX)];
    cursor->postings = NULL;
    if (!cursor->reader->data || size == 0 || size > GLASS_TERM_MAX)
        return 0;
    size_t key_size = (size_t)(glass_pack_string_sortable(key, term, size, true) - key);
    int status = descend(cursor, key, key_size, err);
    if (status || cursor->steps[0].at >= cursor->steps[0].end)
        return status;
    struct list_key found = {0};
    status = next_chunk_entry(cursor, &found, err);
    if (status <= 0 || !found.is_first || found.term_size != size || memcmp(found.term, term, size))
        return status < 0 ? status : 0;
    memcpy(cursor->term, term, size);
    cursor->term_size = size;
    return take_chunk(cursor, &found, err);
}
