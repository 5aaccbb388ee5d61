/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bytes of lexicon.words, a sidecar of kind 'L':
 *
 *   section 1 := count:u64 row*
 *   row       := head:u8 extra word-bytes head:u8 extra term-bytes passages:varint
 *   section 2  column: where each block of 16 rows begins in section 1
 *
 * First head: bytes shared with the word before it in the block (high 4 bits), further bytes of the
 * word (low). Second head: bytes that the term drops from the end of its word (high), further bytes
 * of the term (low). 15 in either half: a varint with what goes beyond 15 follows the head, high
 * half first.
 */
#include "indexer/segment/lexicon.h"

#include "corpus/bytes.h"

#include <stdlib.h>

enum { LEXICON_KIND = 'L', LEXICON_VERSION = 1 };
enum { SECTION_ROWS = 1, SECTION_BEGINS = 2, ROWS_HEADER = 8, NIBBLE_MORE = 15 };

/* ---- Writing ------------------------------------------------------------------------------- */

static int compare_bytes(const char *left, size_t left_size, const char *right, size_t right_size) {
    size_t common = left_size < right_size ? left_size : right_size;
    int order = common ? memcmp(left, right, common) : 0;
    return order ? order : left_size < right_size ? -1 : left_size > right_size;
}

static int compare_rows(const void *left, const void *right) {
    const struct lexicon_row *a = left, *b = right;
    int order = compare_bytes(a->word, a->word_size, b->word, b->word_size);
    return order ? order : compare_bytes(a->term, a->term_size, b->term, b->term_size);
}

static size_t merge_equal(struct lexicon_row *rows, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept && !compare_rows(&rows[kept - 1], &rows[i]))
            rows[kept - 1].passages += rows[i].passages;
        else
            rows[kept++] = rows[i];
    }
    return kept;
}

static size_t shared_size(const char *left, size_t left_size, const char *right,
                          size_t right_size) {
    size_t most = left_size < right_size ? left_size : right_size, shared = 0;
    while (shared < most && left[shared] == right[shared])
        shared++;
    return shared;
}

static void add_pair(struct bytes *out, size_t high, size_t low, const char *tail) {
    size_t high_code = high < NIBBLE_MORE ? high : NIBBLE_MORE;
    size_t low_code = low < NIBBLE_MORE ? low : NIBBLE_MORE;
    bytes_add_byte(out, (uint8_t)(high_code << 4 | low_code));
    if (high_code == NIBBLE_MORE)
        bytes_add_varint(out, high - NIBBLE_MORE);
    if (low_code == NIBBLE_MORE)
        bytes_add_varint(out, low - NIBBLE_MORE);
    bytes_add(out, tail, low);
}

static void add_row(struct bytes *out, const struct lexicon_row *row,
                    const struct lexicon_row *before) {
    size_t shared =
        before ? shared_size(before->word, before->word_size, row->word, row->word_size) : 0;
    add_pair(out, shared, row->word_size - shared, row->word + shared);
    size_t kept = shared_size(row->word, row->word_size, row->term, row->term_size);
    add_pair(out, row->word_size - kept, row->term_size - kept, row->term + kept);
    bytes_add_varint(out, row->passages);
}

static int write_rows(struct sidecar_writer *sidecar, const struct lexicon_row *rows, size_t count,
                      struct error *err) {
    struct column_writer begins;
    column_writer_init(&begins);
    struct bytes row = BYTES_INIT;
    uint64_t offset = ROWS_HEADER;
    int status = sidecar_begin(sidecar, SECTION_ROWS, err);
    if (!status)
        status = sidecar_append_u64(sidecar, count, err);
    for (size_t i = 0; !status && i < count; i++) {
        bool first = i % LEXICON_BLOCK == 0;
        if (first)
            column_add(&begins, offset);
        bytes_reset(&row);
        add_row(&row, &rows[i], first ? NULL : &rows[i - 1]);
        offset += row.size;
        status = row.failed ? error_memory(err) : sidecar_append(sidecar, row.data, row.size, err);
    }
    bytes_free(&row);
    if (!status)
        return column_write(&begins, sidecar, SECTION_BEGINS, err);
    column_writer_free(&begins);
    return status;
}

int lexicon_write(const char *path, struct lexicon_row *rows, size_t count, struct error *err) {
    if (count)
        qsort(rows, count, sizeof *rows, compare_rows);
    count = merge_equal(rows, count);
    struct sidecar_writer *sidecar;
    int status = sidecar_create(&sidecar, path, LEXICON_KIND, LEXICON_VERSION, err);
    if (!status)
        status = write_rows(sidecar, rows, count, err);
    if (!status)
        status = sidecar_finish(sidecar, err);
    sidecar_writer_close(sidecar);
    return status;
}

/* ---- Reading ------------------------------------------------------------------------------- */

int lexicon_open(struct lexicon *out, const char *path, struct error *err) {
    memset(out, 0, sizeof *out);
    int status = sidecar_open(&out->sidecar, path, LEXICON_KIND, LEXICON_VERSION, err);
    if (!status)
        status = sidecar_section(out->sidecar, SECTION_ROWS, &out->rows, err);
    if (!status)
        status = section_need(&out->rows, 0, ROWS_HEADER, err);
    if (status)
        return status;
    out->count = load_u64(out->rows.data);
    uint64_t blocks = out->count / LEXICON_BLOCK + (out->count % LEXICON_BLOCK != 0);
    return column_open_counted(&out->begins, out->sidecar, SECTION_BEGINS, blocks, err);
}

void lexicon_close(struct lexicon *lexicon) {
    sidecar_close(lexicon->sidecar);
    memset(lexicon, 0, sizeof *lexicon);
}

/* Walks rows from the first of a block. */
struct cursor {
    const struct lexicon *lexicon;
    uint64_t row;
    const uint8_t *at, *end; /* of the block */
    struct bytes word, term;
    uint64_t passages;
};

static int enter_block(struct cursor *cursor, uint64_t block, struct error *err) {
    const struct lexicon *lexicon = cursor->lexicon;
    uint64_t begin, end = lexicon->rows.size;
    int status = column_get(&lexicon->begins, block, &begin, err);
    if (!status && block + 1 < lexicon->begins.count)
        status = column_get(&lexicon->begins, block + 1, &end, err);
    if (!status && (begin > end || begin < ROWS_HEADER))
        return section_damaged(&lexicon->rows, begin, "a block of words of negative size", err);
    if (!status)
        status = section_need(&lexicon->rows, begin, end - begin, err);
    if (status)
        return status;
    cursor->at = lexicon->rows.data + begin;
    cursor->end = lexicon->rows.data + end;
    cursor->row = block * LEXICON_BLOCK;
    cursor->word.size = 0;
    return 0;
}

/* The two numbers of a head; false if the bytes make no sense. */
static bool read_pair(struct cursor *cursor, uint64_t *high, uint64_t *low) {
    uint64_t more;
    if (cursor->at >= cursor->end)
        return false;
    uint8_t head = *cursor->at++;
    *high = head >> 4;
    *low = head & 15;
    if (*high == NIBBLE_MORE && (!varint_read(&cursor->at, cursor->end, &more) ||
                                 __builtin_add_overflow(*high, more, high)))
        return false;
    if (*low == NIBBLE_MORE &&
        (!varint_read(&cursor->at, cursor->end, &more) || __builtin_add_overflow(*low, more, low)))
        return false;
    return *low <= (uint64_t)(cursor->end - cursor->at);
}

static bool decode_row(struct cursor *cursor) {
    uint64_t shared, dropped, size;
    if (!read_pair(cursor, &shared, &size) || shared > cursor->word.size)
        return false;
    cursor->word.size = (size_t)shared;
    bytes_add(&cursor->word, cursor->at, (size_t)size);
    cursor->at += size;
    if (!read_pair(cursor, &dropped, &size) || dropped > cursor->word.size)
        return false;
    cursor->term.size = 0;
    bytes_add(&cursor->term, cursor->word.data, cursor->word.size - (size_t)dropped);
    bytes_add(&cursor->term, cursor->at, (size_t)size);
    cursor->at += size;
    return varint_read(&cursor->at, cursor->end, &cursor->passages) &&
           cursor->word.size <= UINT32_MAX && cursor->term.size <= UINT32_MAX;
}

/* The next row; there must be one. */
static int next_row(struct cursor *cursor, struct error *err) {
    if (cursor->row % LEXICON_BLOCK == 0) {
        int status = enter_block(cursor, cursor->row / LEXICON_BLOCK, err);
        if (status)
            return status;
    }
    if (!decode_row(cursor)) {
        const struct section *rows = &cursor->lexicon->rows;
        return section_damaged(rows, (uint64_t)(cursor->at - rows->data), "a row of the lexicon",
                               err);
    }
    cursor->row++;
    return cursor->word.failed || cursor->term.failed ? error_memory(err) : 0;
}

/* Put the cursor at the start of the last block whose first word is before `prefix`: no row in
 * front of that block can start with it. */
static int seek(struct cursor *cursor, const char *prefix, size_t size, struct error *err) {
    uint64_t low = 0, high = cursor->lexicon->begins.count;
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        cursor->row = middle * LEXICON_BLOCK;
        int status = next_row(cursor, err);
        if (status)
            return status;
        if (compare_bytes((const char *)cursor->word.data, cursor->word.size, prefix, size) < 0)
            low = middle;
        else
            high = middle;
    }
    cursor->row = low * LEXICON_BLOCK;
    return 0;
}

static bool starts_with(const struct bytes *word, const char *prefix, size_t size) {
    return word->size >= size && (!size || !memcmp(word->data, prefix, size));
}

static int walk(struct cursor *cursor, const char *prefix, size_t size, lexicon_fn each,
                void *context, struct error *err) {
    while (cursor->row < cursor->lexicon->count) {
        int status = next_row(cursor, err);
        if (status)
            return status;
        if (starts_with(&cursor->word, prefix, size)) {
            struct lexicon_row row = {(const char *)cursor->word.data,
                                      (const char *)cursor->term.data, (uint32_t)cursor->word.size,
                                      (uint32_t)cursor->term.size, cursor->passages};
            status = each(context, &row);
            if (status)
                return status;
        } else if (compare_bytes((const char *)cursor->word.data, cursor->word.size, prefix, size) >
                   0) {
            return 0;
        }
    }
    return 0;
}

int lexicon_each(const struct lexicon *lexicon, const char *prefix, size_t size, lexicon_fn each,
                 void *context, struct error *err) {
    struct cursor cursor = {.lexicon = lexicon};
    if (!lexicon->count)
        return 0;
    int status = seek(&cursor, prefix, size, err);
    if (!status)
        status = walk(&cursor, prefix, size, each, context, err);
    bytes_free(&cursor.word);
    bytes_free(&cursor.term);
    return status;
}
