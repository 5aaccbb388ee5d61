/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bytes of lexicon.words, a sidecar of kind 'L':
 *
 *   section 1 := count:u64 row*
 *   row       := head:u8 extra word-bytes head:u8 extra term-bytes passages:varint
 *   section 2  column: where each block of 16 rows begins in section 1
 *   section 3  column: the id of each row
 *   section 4  column: the row of each id
 *   section 5  column: the rows in order of (term, row)
 *   section 6  a bit for each id, low bits first: it is a joined form; zero to the end of the byte
 *
 * Rows are in order of (word, term, joined). First head: bytes shared with the word before it in
 * the block (high 4 bits), further bytes of the word (low). Second head: bytes that the term drops
 * from the end of its word (high), further bytes of the term (low). 15 in either half: a varint
 * with what goes beyond 15 follows the head, high half first.
 */
#include "indexer/segment/lexicon.h"

#include "corpus/bytes.h"

#include <stdlib.h>

enum { LEXICON_KIND = 'L', LEXICON_VERSION = 2 };
enum {
    SECTION_ROWS = 1,
    SECTION_BEGINS,
    SECTION_IDS,
    SECTION_OF_IDS,
    SECTION_BY_TERM,
    SECTION_JOINED,
    ROWS_HEADER = 8,
    NIBBLE_MORE = 15
};

/* ---- Order --------------------------------------------------------------------------------- */

static int compare_bytes(const char *left, size_t left_size, const char *right, size_t right_size) {
    size_t common = left_size < right_size ? left_size : right_size;
    int order = common ? memcmp(left, right, common) : 0;
    return order ? order : left_size < right_size ? -1 : left_size > right_size;
}

static int compare_words(const struct lexicon_row *a, const struct lexicon_row *b) {
    return compare_bytes(a->word, a->word_size, b->word, b->word_size);
}

static int compare_terms(const struct lexicon_row *a, const struct lexicon_row *b) {
    return compare_bytes(a->term, a->term_size, b->term, b->term_size);
}

static int compare_rows(const struct lexicon_row *a, const struct lexicon_row *b) {
    int order = compare_words(a, b);
    if (!order)
        order = compare_terms(a, b);
    return order ? order : a->joined - b->joined;
}

/* A row to be sorted; most comparisons end at the first eight bytes, which are at hand here. */
struct sorted_row {
    uint64_t start;
    const struct lexicon_row *row;
};

static uint64_t start_of(const char *text, size_t size) {
    uint64_t start = 0;
    if (size)
        memcpy(&start, text, size < sizeof start ? size : sizeof start);
    return be64toh(start);
}

static int by_row(const void *left, const void *right) {
    const struct sorted_row *a = left, *b = right;
    return a->start != b->start ? (a->start < b->start ? -1 : 1) : compare_rows(a->row, b->row);
}

static int by_term(const void *left, const void *right) {
    const struct sorted_row *a = left, *b = right;
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    int order = compare_terms(a->row, b->row);
    return order ? order : compare_rows(a->row, b->row);
}

/* ---- Writing ------------------------------------------------------------------------------- */

struct lexicon_writer {
    struct sidecar_writer *sidecar;
    struct sorted_row *rows; /* owned */
    uint32_t *of_ids;        /* owned: the row of each id */
    size_t count;
};

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

static int write_rows(struct lexicon_writer *writer, struct error *err) {
    struct column_writer begins;
    column_writer_init(&begins);
    struct bytes row = BYTES_INIT;
    uint64_t offset = ROWS_HEADER;
    int status = sidecar_begin(writer->sidecar, SECTION_ROWS, err);
    if (!status)
        status = sidecar_append_u64(writer->sidecar, writer->count, err);
    for (size_t i = 0; !status && i < writer->count; i++) {
        bool first = i % LEXICON_BLOCK == 0;
        if (first)
            column_add(&begins, offset);
        bytes_reset(&row);
        add_row(&row, writer->rows[i].row, first ? NULL : writer->rows[i - 1].row);
        offset += row.size;
        status = row.failed ? error_memory(err)
                            : sidecar_append(writer->sidecar, row.data, row.size, err);
    }
    bytes_free(&row);
    if (!status)
        return column_write(&begins, writer->sidecar, SECTION_BEGINS, err);
    column_writer_free(&begins);
    return status;
}

/* Sort the rows and note where each id stands; refuse what is not a lexicon. */
static int arrange_rows(struct lexicon_writer *writer, struct error *err) {
    size_t count = writer->count;
    if (count)
        qsort(writer->rows, count, sizeof *writer->rows, by_row);
    memset(writer->of_ids, 0xff, count * sizeof *writer->of_ids);
    for (size_t i = 0; i < count; i++) {
        const struct lexicon_row *row = writer->rows[i].row;
        if (i && !compare_rows(writer->rows[i - 1].row, row))
            return error_set(err, PLENARY_EINVALID, "a lexicon with the word \"%.*s\" twice",
                             (int)row->word_size, row->word);
        if (row->id >= count || writer->of_ids[row->id] != UINT32_MAX)
            return error_set(err, PLENARY_EINVALID, "a lexicon's ids are not 0 to %zu, each once",
                             count - 1);
        writer->of_ids[row->id] = (uint32_t)i;
    }
    return 0;
}

static int write_ids(struct lexicon_writer *writer, struct error *err) {
    struct column_writer column;
    column_writer_init(&column);
    for (size_t i = 0; i < writer->count; i++)
        column_add(&column, writer->rows[i].row->id);
    int status = column_write(&column, writer->sidecar, SECTION_IDS, err);
    if (status)
        return status;
    column_writer_init(&column);
    for (size_t i = 0; i < writer->count; i++)
        column_add(&column, writer->of_ids[i]);
    return column_write(&column, writer->sidecar, SECTION_OF_IDS, err);
}

/* The rows' order by word is lost. */
static int write_by_term(struct lexicon_writer *writer, struct error *err) {
    for (size_t i = 0; i < writer->count; i++) {
        const struct lexicon_row *row = writer->rows[i].row;
        writer->rows[i].start = start_of(row->term, row->term_size);
    }
    if (writer->count)
        qsort(writer->rows, writer->count, sizeof *writer->rows, by_term);
    struct column_writer column;
    column_writer_init(&column);
    for (size_t i = 0; i < writer->count; i++)
        column_add(&column, writer->of_ids[writer->rows[i].row->id]);
    return column_write(&column, writer->sidecar, SECTION_BY_TERM, err);
}

static int write_joined(struct lexicon_writer *writer, struct error *err) {
    size_t size = writer->count / 8 + (writer->count % 8 != 0);
    uint8_t *bits = calloc(size ? size : 1, 1);
    if (!bits)
        return error_memory(err);
    for (size_t i = 0; i < writer->count; i++) {
        const struct lexicon_row *row = writer->rows[i].row;
        bits[row->id >> 3] |= (uint8_t)(row->joined << (row->id & 7));
    }
    int status = sidecar_begin(writer->sidecar, SECTION_JOINED, err);
    if (!status && size)
        status = sidecar_append(writer->sidecar, bits, size, err);
    free(bits);
    return status;
}

static int write_sections(struct lexicon_writer *writer, const char *path, struct error *err) {
    int status = sidecar_create(&writer->sidecar, path, LEXICON_KIND, LEXICON_VERSION, err);
    if (!status)
        status = write_rows(writer, err);
    if (!status)
        status = write_ids(writer, err);
    if (!status)
        status = write_by_term(writer, err);
    if (!status)
        status = write_joined(writer, err);
    if (!status)
        status = sidecar_finish(writer->sidecar, err);
    sidecar_writer_close(writer->sidecar);
    return status;
}

int lexicon_write(const char *path, const struct lexicon_row *rows, size_t count,
                  struct error *err) {
    if (count >= UINT32_MAX)
        return error_set(err, PLENARY_ELIMIT, "%s: a segment's lexicon is limited to 2^32 words",
                         path);
    struct lexicon_writer writer = {.rows = calloc(count + 1, sizeof *writer.rows),
                                    .of_ids = calloc(count + 1, sizeof *writer.of_ids),
                                    .count = count};
    int status;
    if (writer.rows && writer.of_ids) {
        for (size_t i = 0; i < count; i++)
            writer.rows[i] =
                (struct sorted_row){start_of(rows[i].word, rows[i].word_size), &rows[i]};
        status = arrange_rows(&writer, err);
        if (!status)
            status = write_sections(&writer, path, err);
    } else {
        status = error_memory(err);
    }
    free(writer.rows);
    free(writer.of_ids);
    return status;
}

/* ---- Reading ------------------------------------------------------------------------------- */

static int open_joined(struct lexicon *lexicon, struct error *err) {
    struct section section;
    int status = sidecar_section(lexicon->sidecar, SECTION_JOINED, &section, err);
    if (status)
        return status;
    if (section.size != lexicon->count / 8 + (lexicon->count % 8 != 0))
        return section_damaged(&section, 0, "marks of joined forms of the wrong length", err);
    lexicon->joined = section.data;
    return section_need(&section, 0, section.size, err);
}

static int open_columns(struct lexicon *lexicon, struct error *err) {
    const struct sidecar *sidecar = lexicon->sidecar;
    uint64_t count = lexicon->count;
    uint64_t blocks = count / LEXICON_BLOCK + (count % LEXICON_BLOCK != 0);
    int status = column_open_counted(&lexicon->begins, sidecar, SECTION_BEGINS, blocks, err);
    if (!status)
        status = column_open_counted(&lexicon->ids, sidecar, SECTION_IDS, count, err);
    if (!status)
        status = column_open_counted(&lexicon->of_ids, sidecar, SECTION_OF_IDS, count, err);
    if (!status)
        status = column_open_counted(&lexicon->by_term, sidecar, SECTION_BY_TERM, count, err);
    return status;
}

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
    if (out->count >= UINT32_MAX)
        return section_damaged(&out->rows, 0, "more words than there are ids", err);
    status = open_columns(out, err);
    return status ? status : open_joined(out, err);
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

/* The row that the cursor has come to, with its id. */
static int take_row(const struct cursor *cursor, struct lexicon_row *row, struct error *err) {
    const struct lexicon *lexicon = cursor->lexicon;
    uint64_t id;
    int status = column_get(&lexicon->ids, cursor->row - 1, &id, err);
    if (status)
        return status;
    if (id >= lexicon->count)
        return section_damaged(&lexicon->ids.section, 0, "the id of a word", err);
    *row = (struct lexicon_row){.word = (const char *)cursor->word.data,
                                .term = (const char *)cursor->term.data,
                                .word_size = (uint32_t)cursor->word.size,
                                .term_size = (uint32_t)cursor->term.size,
                                .passages = cursor->passages,
                                .id = (uint32_t)id,
                                .joined = lexicon_is_joined(lexicon, (uint32_t)id)};
    return 0;
}

static void cursor_free(struct cursor *cursor) {
    bytes_free(&cursor->word);
    bytes_free(&cursor->term);
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
            struct lexicon_row row = {.id = 0};
            status = take_row(cursor, &row, err);
            if (!status)
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
    cursor_free(&cursor);
    return status;
}

/* ---- Leaping ------------------------------------------------------------------------------- */

/* The word that the block begins with against `word`. */
static int compare_block(struct cursor *cursor, uint64_t block, const struct bytes *word,
                         int *order, struct error *err) {
    cursor->row = block * LEXICON_BLOCK;
    int status = next_row(cursor, err);
    *order = status ? 0
                    : compare_bytes((const char *)cursor->word.data, cursor->word.size,
                                    (const char *)word->data, word->size);
    return status;
}

/* Put the cursor at the start of the last block, from the one it is in, whose first word is not
 * behind `word`: steps of 1, 2, 4, ... blocks, then halves of the last one. */
static int leap_to_block(struct cursor *cursor, const struct bytes *word, struct error *err) {
    uint64_t count = cursor->lexicon->begins.count, step = 1;
    uint64_t low = (cursor->row - 1) / LEXICON_BLOCK, high = count;
    for (uint64_t at = low + 1; at < count; at = low + step) {
        int order, status = compare_block(cursor, at, word, &order, err);
        if (status)
            return status;
        if (order > 0) {
            high = at;
            break;
        }
        low = at;
        step *= 2;
    }
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        int order, status = compare_block(cursor, middle, word, &order, err);
        if (status)
            return status;
        if (order > 0)
            high = middle;
        else
            low = middle;
    }
    cursor->row = low * LEXICON_BLOCK;
    return 0;
}

/* To the first row whose word is not less than `leap`, as next_row does. The rest of the block is
 * read first: most leaps are short. */
static int leap_rows(struct cursor *cursor, const struct bytes *leap, struct error *err) {
    const uint64_t count = cursor->lexicon->count;
    bool looked = false;
    while (cursor->row < count) {
        if (!looked && cursor->row % LEXICON_BLOCK == 0) {
            int status = leap_to_block(cursor, leap, err);
            if (status)
                return status;
            looked = true;
        }
        int status = next_row(cursor, err);
        if (status || compare_bytes((const char *)cursor->word.data, cursor->word.size,
                                    (const char *)leap->data, leap->size) >= 0)
            return status;
    }
    cursor->row = count + 1;
    return 0;
}

static size_t shared_bytes(const struct bytes *a, const struct bytes *b) {
    size_t least = a->size < b->size ? a->size : b->size, at = 0;
    while (at < least && a->data[at] == b->data[at])
        at++;
    return at;
}

static int leap(struct cursor *cursor, struct bytes *to, struct bytes *before, lexicon_leap_fn each,
                void *context, struct error *err) {
    int status = next_row(cursor, err);
    while (!status && cursor->row <= cursor->lexicon->count) {
        struct lexicon_row row = {.id = 0};
        status = take_row(cursor, &row, err);
        if (status)
            return status;
        size_t shared = shared_bytes(before, &cursor->word);
        bytes_reset(to);
        status = each(context, &row, shared, to);
        bytes_reset(before);
        bytes_add(before, cursor->word.data, cursor->word.size);
        if (!status && (to->failed || before->failed))
            status = error_memory(err);
        if (status || cursor->row == cursor->lexicon->count)
            return status;
        bool ahead = compare_bytes((const char *)to->data, to->size, (const char *)before->data,
                                   before->size) > 0;
        status = ahead ? leap_rows(cursor, to, err) : next_row(cursor, err);
    }
    return status;
}

int lexicon_leap(const struct lexicon *lexicon, lexicon_leap_fn each, void *context,
                 struct error *err) {
    struct cursor cursor = {.lexicon = lexicon};
    struct bytes to = BYTES_INIT, before = BYTES_INIT;
    int status = lexicon->count ? leap(&cursor, &to, &before, each, context, err) : 0;
    bytes_free(&to);
    bytes_free(&before);
    cursor_free(&cursor);
    return status;
}

/* ---- Looking up ---------------------------------------------------------------------------- */

/* Go to a row anywhere: at most a block of rows is read. */
static int go_to(struct cursor *cursor, uint64_t row, struct error *err) {
    cursor->row = row - row % LEXICON_BLOCK;
    int status;
    do
        status = next_row(cursor, err);
    while (!status && cursor->row <= row);
    return status;
}

/* To the row that is number `i` by term. */
static int go_to_term(struct cursor *cursor, uint64_t i, struct error *err) {
    const struct lexicon *lexicon = cursor->lexicon;
    uint64_t row;
    int status = column_get(&lexicon->by_term, i, &row, err);
    if (status)
        return status;
    if (row >= lexicon->count)
        return section_damaged(&lexicon->by_term.section, 0, "the order of terms", err);
    return go_to(cursor, row, err);
}

static int compare_term(const struct cursor *cursor, const char *term, size_t size) {
    return compare_bytes((const char *)cursor->term.data, cursor->term.size, term, size);
}

static int add_id(const struct cursor *cursor, struct word_ids *out, struct error *err) {
    struct lexicon_row row = {.id = 0};
    int status = take_row(cursor, &row, err);
    if (!status && word_ids_add(out, row.id))
        return error_memory(err);
    return status;
}

static int of_term(struct cursor *cursor, const char *term, size_t size, struct word_ids *out,
                   struct error *err) {
    uint64_t low = 0, high = cursor->lexicon->count;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        int status = go_to_term(cursor, middle, err);
        if (status)
            return status;
        if (compare_term(cursor, term, size) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < cursor->lexicon->count; low++) {
        int status = go_to_term(cursor, low, err);
        if (status || compare_term(cursor, term, size))
            return status;
        status = add_id(cursor, out, err);
        if (status)
            return status;
    }
    return 0;
}

int lexicon_of_term(const struct lexicon *lexicon, const char *term, size_t size,
                    struct word_ids *out, struct error *err) {
    struct cursor cursor = {.lexicon = lexicon};
    int status = of_term(&cursor, term, size, out, err);
    cursor_free(&cursor);
    return status;
}

static int of_word(struct cursor *cursor, const char *word, size_t size, struct word_ids *out,
                   struct error *err) {
    int status = seek(cursor, word, size, err);
    while (!status && cursor->row < cursor->lexicon->count) {
        status = next_row(cursor, err);
        if (status)
            return status;
        int order = compare_bytes((const char *)cursor->word.data, cursor->word.size, word, size);
        if (order > 0)
            return 0;
        if (order == 0)
            status = add_id(cursor, out, err);
    }
    return status;
}

int lexicon_of_word(const struct lexicon *lexicon, const char *word, size_t size,
                    struct word_ids *out, struct error *err) {
    struct cursor cursor = {.lexicon = lexicon};
    int status = lexicon->count ? of_word(&cursor, word, size, out, err) : 0;
    cursor_free(&cursor);
    return status;
}

int lexicon_row_of_id(const struct lexicon *lexicon, uint32_t id, lexicon_fn each, void *context,
                      struct error *err) {
    struct cursor cursor = {.lexicon = lexicon};
    struct lexicon_row row = {.id = 0};
    uint64_t at;
    int status = column_get(&lexicon->of_ids, id, &at, err);
    if (!status && at >= lexicon->count)
        status = section_damaged(&lexicon->of_ids.section, 0, "the row of a word's id", err);
    if (!status)
        status = go_to(&cursor, at, err);
    if (!status)
        status = take_row(&cursor, &row, err);
    if (!status)
        status = each(context, &row);
    cursor_free(&cursor);
    return status;
}

/* ---- Verifying ----------------------------------------------------------------------------- */

struct row_check {
    const struct lexicon *lexicon;
    struct bytes word, term; /* of the row before */
    struct lexicon_row last;
    uint64_t rows;
    struct error *err;
};

static int keep_row(struct row_check *check, const struct lexicon_row *row) {
    bytes_reset(&check->word);
    bytes_add(&check->word, row->word, row->word_size);
    bytes_reset(&check->term);
    bytes_add(&check->term, row->term, row->term_size);
    check->last = *row;
    check->last.word = (const char *)check->word.data;
    check->last.term = (const char *)check->term.data;
    return check->word.failed || check->term.failed ? error_memory(check->err) : 0;
}

static int check_row(void *context, const struct lexicon_row *row) {
    struct row_check *check = context;
    const struct lexicon *lexicon = check->lexicon;
    uint64_t back = 0;
    int status = column_get(&lexicon->of_ids, row->id, &back, check->err);
    if (status)
        return status;
    if (back != check->rows)
        return section_damaged(&lexicon->of_ids.section, 0, "words' ids that do not agree",
                               check->err);
    if (check->rows && compare_rows(&check->last, row) >= 0)
        return section_damaged(&lexicon->rows, 0, "words that are not in order", check->err);
    check->rows++;
    return keep_row(check, row);
}

/* Rising by (term, row), so each row stands in it once. */
static int check_order(struct cursor *cursor, struct bytes *last, struct error *err) {
    const struct lexicon *lexicon = cursor->lexicon;
    uint64_t last_row = 0;
    for (uint64_t i = 0; i < lexicon->count; i++) {
        int status = go_to_term(cursor, i, err);
        if (status)
            return status;
        int order = i ? compare_term(cursor, (const char *)last->data, last->size) : 1;
        if (order < 0 || (order == 0 && cursor->row <= last_row))
            return section_damaged(&lexicon->by_term.section, 0, "terms that are not in order",
                                   err);
        last_row = cursor->row;
        bytes_reset(last);
        bytes_add(last, cursor->term.data, cursor->term.size);
        if (last->failed)
            return error_memory(err);
    }
    return 0;
}

int lexicon_verify(const struct lexicon *lexicon, struct error *err) {
    struct row_check check = {.lexicon = lexicon, .err = err};
    int status = lexicon_each(lexicon, "", 0, check_row, &check, err);
    bytes_free(&check.word);
    bytes_free(&check.term);
    struct cursor cursor = {.lexicon = lexicon};
    struct bytes last = BYTES_INIT;
    if (!status)
        status = check_order(&cursor, &last, err);
    bytes_free(&last);
    cursor_free(&cursor);
    return status;
}
