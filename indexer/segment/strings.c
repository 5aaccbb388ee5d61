/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bytes of a string list, section id:
 *
 *   list    := count:u64 block*
 *   block   := entry{64}, fewer in the last
 *   entry   := head:u8 extra bytes
 *   head    := shared:4 (high) size:4 (low)
 *
 * An entry shares its first `shared` bytes with the string before it in the block (none for the
 * first) and goes on with `size` bytes. shared 15: varint of shared - 15 follows. size 15: varint
 * of size - 14 follows (after the one of shared). size 14 is no size: the string is the one before
 * it with the decimal number at its end raised by shared + 1, so that ids that count up take a
 * byte. Section id + 1 is a column of where each block begins in section id.
 *
 * An order is a column: ordinals of the list by rising XXH3-64. A table is a column of numbers
 * (section id), a list (id + 1, id + 2) and its order (id + 3).
 */
#include "indexer/segment/strings.h"

#include <stdlib.h>
#include <xxhash.h>

enum {
    LIST_HEADER = 8,
    NIBBLE_MORE = 15,
    NIBBLE_COUNT = 14, /* as size: count up */
    STEP_MAX = 16,
    DIGITS_MAX = 18, /* as many as surely fit in 64 bits */
};

/* ---- Strings that count up ------------------------------------------------------------------ */

/* The decimal number at the end of a string; returns how many digits, 0 if there is none. */
static size_t trailing_number(const uint8_t *string, size_t size, uint64_t *number) {
    size_t digits = 0;
    while (digits < size && digits < DIGITS_MAX && string[size - 1 - digits] >= '0' &&
           string[size - 1 - digits] <= '9')
        digits++;
    *number = 0;
    for (size_t i = size - digits; i < size; i++)
        *number = *number * 10 + (string[i] - '0');
    return digits;
}

/* Raise the number at the end, keeping leading zeros; false if there is none. Done on the digits:
 * reading a string may take dozens of these. */
static bool count_up(struct bytes *string, unsigned step) {
    size_t digits = 0;
    while (digits < string->size && digits < DIGITS_MAX) {
        uint8_t *digit = &string->data[string->size - 1 - digits];
        if (*digit < '0' || *digit > '9')
            break;
        step += (unsigned)(*digit - '0');
        *digit = (uint8_t)('0' + step % 10);
        step /= 10;
        digits++;
        if (!step)
            return true;
    }
    if (!digits)
        return false;
    /* It has grown a place: `step` is a digit still to be written in front. */
    uint8_t front = (uint8_t)('0' + step);
    bytes_add_byte(string, 0);
    if (string->failed)
        return false;
    uint8_t *first = string->data + string->size - 1 - digits;
    memmove(first + 1, first, digits);
    *first = front;
    return true;
}

/* The step from `before` to `string`, 0 if it is not 1 to 16. */
static unsigned counted_step(const struct bytes *before, const uint8_t *string, size_t size) {
    uint64_t from, to;
    size_t digits = trailing_number(before->data, before->size, &from);
    size_t new_digits = trailing_number(string, size, &to);
    if (!digits || to <= from || to - from > STEP_MAX)
        return 0;
    /* The digits taken must be the same, or one more where the number grew a place. */
    size_t stem = before->size - digits;
    uint64_t bound = 1;
    for (size_t i = 0; i < digits; i++)
        bound *= 10;
    size_t want = to >= bound ? digits + 1 : digits;
    if (want > DIGITS_MAX || new_digits < want || size != stem + want ||
        memcmp(before->data, string, stem))
        return 0;
    return (unsigned)(to - from);
}

/* ---- List: writing -------------------------------------------------------------------------- */

void string_list_writer_init(struct string_list_writer *writer) {
    memset(writer, 0, sizeof *writer);
}

static void add_entry(struct bytes *out, const uint8_t *string, size_t size, size_t shared) {
    size_t rest = size - shared;
    unsigned high = shared < NIBBLE_MORE ? (unsigned)shared : NIBBLE_MORE;
    unsigned low = rest < NIBBLE_COUNT ? (unsigned)rest : NIBBLE_MORE;
    bytes_add_byte(out, (uint8_t)(high << 4 | low));
    if (high == NIBBLE_MORE)
        bytes_add_varint(out, shared - NIBBLE_MORE);
    if (low == NIBBLE_MORE)
        bytes_add_varint(out, rest - NIBBLE_COUNT);
    bytes_add(out, string + shared, rest);
}

static size_t shared_size(const struct bytes *before, const uint8_t *string, size_t size) {
    size_t most = before->size < size ? before->size : size, shared = 0;
    while (shared < most && before->data[shared] == string[shared])
        shared++;
    return shared;
}

void string_list_add(struct string_list_writer *writer, const char *string, size_t size) {
    const uint8_t *data = (const uint8_t *)string;
    if (writer->count++ % STRING_BLOCK == 0) {
        uint64_t begin = writer->blocks.size;
        bytes_add(&writer->begins, &begin, sizeof begin);
        add_entry(&writer->blocks, data, size, 0);
    } else {
        unsigned step = counted_step(&writer->last, data, size);
        if (step)
            bytes_add_byte(&writer->blocks, (uint8_t)((step - 1) << 4 | NIBBLE_COUNT));
        else
            add_entry(&writer->blocks, data, size, shared_size(&writer->last, data, size));
    }
    writer->last.size = 0;
    bytes_add(&writer->last, string, size);
}

/* Turn the string before into the next one; false if the bytes make no sense. */
static bool decode_entry(const uint8_t **at, const uint8_t *end, struct bytes *string) {
    if (*at >= end)
        return false;
    uint8_t head = *(*at)++;
    uint64_t shared = head >> 4, size = head & 15, more;
    if (size == NIBBLE_COUNT)
        return count_up(string, (unsigned)shared + 1);
    if (shared == NIBBLE_MORE) {
        if (!varint_read(at, end, &more) || __builtin_add_overflow(shared, more, &shared))
            return false;
    }
    if (size == NIBBLE_MORE) {
        if (!varint_read(at, end, &more) ||
            __builtin_add_overflow((uint64_t)NIBBLE_COUNT, more, &size))
            return false;
    }
    if (shared > string->size || size > (uint64_t)(end - *at))
        return false;
    string->size = (size_t)shared;
    bytes_add(string, *at, (size_t)size);
    *at += size;
    return true;
}

const char *string_list_added(struct string_list_writer *writer, uint64_t i, size_t *size) {
    uint64_t begin;
    const uint8_t *end = writer->blocks.data + writer->blocks.size;
    bytes_reset(&writer->found);
    if (writer->begins.failed || writer->blocks.failed || i >= writer->count)
        return NULL;
    memcpy(&begin, writer->begins.data + i / STRING_BLOCK * sizeof begin, sizeof begin);
    const uint8_t *at = writer->blocks.data + begin;
    for (uint64_t k = 0; k <= i % STRING_BLOCK; k++) {
        if (!decode_entry(&at, end, &writer->found))
            return NULL;
    }
    *size = writer->found.size;
    return bytes_string(&writer->found);
}

static int write_begins(const struct string_list_writer *writer, struct sidecar_writer *sidecar,
                        uint32_t id, struct error *err) {
    struct column_writer column;
    column_writer_init(&column);
    for (size_t at = 0; at < writer->begins.size; at += sizeof(uint64_t)) {
        uint64_t begin;
        memcpy(&begin, writer->begins.data + at, sizeof begin);
        column_add(&column, begin + LIST_HEADER);
    }
    return column_write(&column, sidecar, id, err);
}

int string_list_write(struct string_list_writer *writer, struct sidecar_writer *sidecar,
                      uint32_t id, struct error *err) {
    int status = 0;
    if (writer->blocks.failed || writer->last.failed || writer->begins.failed)
        status = error_memory(err);
    if (!status)
        status = sidecar_begin(sidecar, id, err);
    if (!status)
        status = sidecar_append_u64(sidecar, writer->count, err);
    if (!status)
        status = sidecar_append(sidecar, writer->blocks.data, writer->blocks.size, err);
    if (!status)
        status = write_begins(writer, sidecar, id + 1, err);
    string_list_writer_free(writer);
    return status;
}

size_t string_list_memory(const struct string_list_writer *writer) {
    return writer->blocks.capacity + writer->last.capacity + writer->found.capacity +
           writer->begins.capacity;
}

void string_list_writer_free(struct string_list_writer *writer) {
    bytes_free(&writer->blocks);
    bytes_free(&writer->last);
    bytes_free(&writer->found);
    bytes_free(&writer->begins);
}

/* ---- List: reading -------------------------------------------------------------------------- */

int string_list_open(struct string_list *out, const struct sidecar *sidecar, uint32_t id,
                     struct error *err) {
    int status = sidecar_section(sidecar, id, &out->blocks, err);
    if (!status)
        status = section_need(&out->blocks, 0, LIST_HEADER, err);
    if (status)
        return status;
    out->count = load_u64(out->blocks.data);
    uint64_t blocks = out->count / STRING_BLOCK + (out->count % STRING_BLOCK != 0);
    return column_open_counted(&out->begins, sidecar, id + 1, blocks, err);
}

/* The bytes of a block. */
static int block_bounds(const struct string_list *list, uint64_t block, uint64_t *begin,
                        uint64_t *end, struct error *err) {
    int status = column_get(&list->begins, block, begin, err);
    *end = list->blocks.size;
    if (!status && block + 1 < list->begins.count)
        status = column_get(&list->begins, block + 1, end, err);
    if (!status && (*begin > *end || *begin < LIST_HEADER))
        return section_damaged(&list->blocks, *begin, "a block of strings of negative size", err);
    return status ? status : section_need(&list->blocks, *begin, *end - *begin, err);
}

int string_list_get(const struct string_list *list, uint64_t i, struct bytes *out,
                    struct error *err) {
    bytes_reset(out);
    if (i >= list->count)
        return error_set(err, PLENARY_EINVALID, "%s: there is no string %llu",
                         list->blocks.sidecar->path, (unsigned long long)i);
    uint64_t begin, stop;
    int status = block_bounds(list, i / STRING_BLOCK, &begin, &stop, err);
    if (status)
        return status;
    const uint8_t *at = list->blocks.data + begin, *end = list->blocks.data + stop;
    for (uint64_t k = 0; k <= i % STRING_BLOCK; k++) {
        if (!decode_entry(&at, end, out))
            return section_damaged(&list->blocks, begin, "a block of strings", err);
    }
    return out->failed ? error_memory(err) : 0;
}

int string_list_copy(const struct string_list *list, uint64_t i, struct arena *arena,
                     const char **out, struct error *err) {
    struct bytes string = BYTES_INIT;
    int status = string_list_get(list, i, &string, err);
    if (!status) {
        *out = arena_text(arena, (const char *)string.data, string.size);
        if (!*out)
            status = error_memory(err);
    }
    bytes_free(&string);
    return status;
}

/* Strings that only count up, as many as there are up to string `i`, in one step: their number, 0
 * where one has to be decoded by itself. A number grows by no more than one place at a time. */
static uint64_t count_run(struct string_scan *scan, uint64_t i) {
    uint64_t number, run = 0, most = i + 1 - scan->next;
    unsigned total = 0;
    if ((uint64_t)(scan->end - scan->at) < most)
        most = (uint64_t)(scan->end - scan->at);
    for (; run < most && (scan->at[run] & 15) == NIBBLE_COUNT; run++)
        total += (scan->at[run] >> 4) + 1u;
    if (run < 2)
        return 0;
    size_t digits = trailing_number(scan->string.data, scan->string.size, &number);
    if (digits == 0 || (digits < 4 && total >= (digits == 1 ? 10u : digits == 2 ? 100u : 1000u)))
        return 0;
    return count_up(&scan->string, total) ? run : 0;
}

int string_scan_get(struct string_scan *scan, uint64_t i, struct error *err) {
    const struct string_list *list = scan->list;
    if (i >= list->count)
        return error_set(err, PLENARY_EINVALID, "%s: there is no string %llu",
                         list->blocks.sidecar->path, (unsigned long long)i);
    if (!scan->at || i < scan->next || i / STRING_BLOCK != (scan->next - 1) / STRING_BLOCK) {
        uint64_t begin, end;
        int status = block_bounds(list, i / STRING_BLOCK, &begin, &end, err);
        if (status)
            return status;
        scan->at = list->blocks.data + begin;
        scan->end = list->blocks.data + end;
        scan->next = i - i % STRING_BLOCK;
        bytes_reset(&scan->string);
    }
    while (scan->next <= i) {
        uint64_t run = count_run(scan, i);
        scan->at += run;
        scan->next += run;
        if (run)
            continue;
        if (!decode_entry(&scan->at, scan->end, &scan->string))
            return section_damaged(&list->blocks, (uint64_t)(scan->at - list->blocks.data),
                                   "a block of strings", err);
        scan->next++;
    }
    return scan->string.failed ? error_memory(err) : 0;
}

void string_scan_free(struct string_scan *scan) {
    bytes_free(&scan->string);
}

/* ---- Order ---------------------------------------------------------------------------------- */

uint64_t string_hash(const char *string, size_t size) {
    return XXH3_64bits(string, size);
}

struct hashed {
    uint64_t hash, ordinal;
};

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS };

/* One pass of a radix sort, from the lowest digits up (Knuth 5.2.5, algorithm R): stable, so equal
 * hashes keep their order; for millions of ids several times as fast as comparing. */
static void sort_digit(const struct hashed *from, struct hashed *to, uint64_t count,
                       unsigned shift) {
    uint64_t begins[DIGITS] = {0}, next = 0;
    for (uint64_t i = 0; i < count; i++)
        begins[from[i].hash >> shift & (DIGITS - 1)]++;
    for (unsigned digit = 0; digit < DIGITS; digit++) {
        uint64_t here = begins[digit];
        begins[digit] = next;
        next += here;
    }
    for (uint64_t i = 0; i < count; i++)
        to[begins[from[i].hash >> shift & (DIGITS - 1)]++] = from[i];
}

int string_order_write(const uint64_t *hashes, uint64_t count, struct sidecar_writer *sidecar,
                       uint32_t id, struct error *err) {
    struct hashed *sorted = calloc(count ? count : 1, sizeof *sorted);
    struct hashed *other = calloc(count ? count : 1, sizeof *other);
    if (!sorted || !other) {
        free(sorted);
        free(other);
        return error_memory(err);
    }
    for (uint64_t i = 0; i < count; i++)
        sorted[i] = (struct hashed){hashes[i], i};
    for (unsigned shift = 0; shift < 64; shift += DIGIT_BITS) {
        sort_digit(sorted, other, count, shift);
        struct hashed *swap = sorted;
        sorted = other;
        other = swap;
    }
    struct column_writer column;
    column_writer_init(&column);
    for (uint64_t i = 0; i < count; i++)
        column_add(&column, sorted[i].ordinal);
    free(sorted);
    free(other);
    return column_write(&column, sidecar, id, err);
}

/* The string that stands at `place` in the order, and its hash. */
static int string_at(const struct string_list *list, const struct column *order, uint64_t place,
                     struct bytes *string, uint64_t *ordinal, uint64_t *hash, struct error *err) {
    int status = column_get(order, place, ordinal, err);
    if (!status && *ordinal >= list->count)
        return section_damaged(&order->section, 0, "an ordinal in the order of strings", err);
    if (!status)
        status = string_list_get(list, *ordinal, string, err);
    if (!status)
        *hash = string_hash((const char *)string->data, string->size);
    return status;
}

/* Where a hash is looked for: all places before `low` have hashes below it or equal, all from
 * `high` above it. */
struct hash_range {
    uint64_t low, high, low_hash, high_hash;
};

/* Hashes are spread evenly, so the rule of three comes close; halving takes over should it not. */
static uint64_t next_guess(const struct hash_range *range, uint64_t wanted, unsigned round) {
    enum { GUESSES = 8 };
    uint64_t size = range->high - range->low;
    if (round >= GUESSES || range->high_hash <= range->low_hash)
        return range->low + size / 2;
    double part = (double)(wanted - range->low_hash) / (double)(range->high_hash - range->low_hash);
    uint64_t step = (uint64_t)(part * (double)size);
    return range->low + (step < size ? step : size - 1);
}

/* Narrow the range until it is empty or, if `any`, a place with the hash is met, which is then the
 * one before range->low. */
static int narrow(const struct string_list *list, const struct column *order, uint64_t wanted,
                  bool any, struct hash_range *range, struct bytes *string, struct error *err) {
    for (unsigned round = 0; range->low < range->high; round++) {
        uint64_t middle = next_guess(range, wanted, round), ordinal, hash = 0;
        int status = string_at(list, order, middle, string, &ordinal, &hash, err);
        if (status)
            return status;
        if (hash <= wanted) {
            range->low = middle + 1;
            range->low_hash = hash;
            if (any && hash == wanted)
                return 0;
        } else {
            range->high = middle;
            range->high_hash = hash;
        }
    }
    return 0;
}

int string_find(const struct string_list *list, const struct column *order, const char *string,
                size_t size, uint64_t *ordinal, struct error *err) {
    struct bytes found = BYTES_INIT;
    uint64_t wanted = string_hash(string, size), hash = 0;
    struct hash_range range = {0, order->count, 0, UINT64_MAX};
    int status = narrow(list, order, wanted, true, &range, &found, err);
    /* Of equal ones the last is wanted. Mostly there is but one, and the next place shows it. */
    uint64_t next = range.low;
    if (!status && next < range.high) {
        status = string_at(list, order, next, &found, ordinal, &hash, err);
        if (!status && hash == wanted)
            status = narrow(list, order, wanted, false, &range, &found, err);
    }
    for (uint64_t place = range.low; !status && place > 0;) {
        status = string_at(list, order, --place, &found, ordinal, &hash, err);
        if (status || hash != wanted)
            break;
        if (found.size == size && (!size || !memcmp(found.data, string, size)))
            status = 1;
    }
    bytes_free(&found);
    return status;
}

/* ---- Table: writing ------------------------------------------------------------------------- */

void string_table_writer_init(struct string_table_writer *writer) {
    memset(writer, 0, sizeof *writer);
    string_list_writer_init(&writer->list);
    column_writer_init(&writer->numbers);
}

static void place_slot(struct string_table_writer *writer, uint64_t hash, uint32_t value) {
    uint64_t at = hash & (writer->slot_count - 1);
    while (writer->slots[at])
        at = (at + 1) & (writer->slot_count - 1);
    writer->slots[at] = value;
}

/* Room for one more string; the slots stay at most half full. */
static bool grow_table(struct string_table_writer *writer) {
    uint64_t count = writer->list.count;
    if (count >= UINT32_MAX - 1)
        return false;
    if (count == writer->hash_capacity) {
        uint64_t capacity = count ? count * 2 : 16;
        uint64_t *hashes = realloc(writer->hashes, capacity * sizeof *hashes);
        if (!hashes)
            return false;
        writer->hashes = hashes;
        writer->hash_capacity = capacity;
    }
    if (count * 2 < writer->slot_count)
        return true;
    uint64_t slot_count = writer->slot_count ? writer->slot_count * 2 : 32;
    uint32_t *slots = calloc(slot_count, sizeof *slots);
    if (!slots)
        return false;
    free(writer->slots);
    writer->slots = slots;
    writer->slot_count = slot_count;
    for (uint64_t i = 0; i < count; i++)
        place_slot(writer, writer->hashes[i], (uint32_t)i + 1);
    return true;
}

static bool is_added(struct string_table_writer *writer, uint64_t ordinal, const char *string,
                     size_t size) {
    size_t known_size;
    const char *known = string_list_added(&writer->list, ordinal, &known_size);
    return known && known_size == size && !memcmp(known, string, size);
}

/* The number (ordinal + 1) of a string, new or known; 0 if memory fails. */
static uint64_t number_hashed(struct string_table_writer *writer, const char *string, size_t size,
                              uint64_t hash) {
    if (!grow_table(writer))
        return 0;
    uint64_t mask = writer->slot_count - 1;
    for (uint64_t at = hash & mask; writer->slots[at]; at = (at + 1) & mask) {
        uint32_t number = writer->slots[at];
        if (writer->hashes[number - 1] == hash && is_added(writer, number - 1, string, size))
            return number;
    }
    uint64_t ordinal = writer->list.count;
    string_list_add(&writer->list, string, size);
    writer->hashes[ordinal] = hash;
    place_slot(writer, hash, (uint32_t)ordinal + 1);
    return ordinal + 1;
}

/* The same; what was numbered lately need not be read back from the list. */
static uint64_t number_string(struct string_table_writer *writer, const char *string, size_t size) {
    uint64_t hash = string_hash(string, size);
    struct recent_string *recent = &writer->recents[hash % STRING_RECENTS];
    if (recent->number && recent->size == size && !memcmp(recent->text, string, size))
        return recent->number;
    uint64_t number = number_hashed(writer, string, size, hash);
    if (number && size <= STRING_RECENT_SIZE) {
        recent->number = number;
        recent->size = (uint32_t)size;
        memcpy(recent->text, string, size);
    }
    return number;
}

void string_table_add(struct string_table_writer *writer, const char *string) {
    if (!string) {
        column_add(&writer->numbers, 0);
        return;
    }
    size_t size = strlen(string);
    /* list.found still holds the string asked for last, which is the recent one. */
    if (!writer->recent || writer->list.found.size != size ||
        memcmp(writer->list.found.data, string, size)) {
        writer->recent = writer->failed ? 0 : number_string(writer, string, size);
        bytes_reset(&writer->list.found);
        bytes_add(&writer->list.found, string, size);
        if (!writer->recent || writer->list.found.failed || writer->list.blocks.failed)
            writer->failed = true;
    }
    column_add(&writer->numbers, writer->recent);
}

const char *string_table_added(struct string_table_writer *writer, uint64_t row) {
    uint64_t number = column_added(&writer->numbers, row);
    size_t size;
    writer->recent = number;
    return number ? string_list_added(&writer->list, number - 1, &size) : NULL;
}

int string_table_write(struct string_table_writer *writer, struct sidecar_writer *sidecar,
                       uint32_t id, struct error *err) {
    uint64_t strings = writer->list.count;
    int status = writer->failed ? error_memory(err) : 0;
    if (!status)
        status = column_write(&writer->numbers, sidecar, id, err);
    if (!status)
        status = string_list_write(&writer->list, sidecar, id + 1, err);
    if (!status)
        status = string_order_write(writer->hashes, strings, sidecar, id + 3, err);
    string_table_writer_free(writer);
    return status;
}

size_t string_table_memory(const struct string_table_writer *writer) {
    return string_list_memory(&writer->list) + column_memory(&writer->numbers) +
           writer->hash_capacity * sizeof *writer->hashes +
           writer->slot_count * sizeof *writer->slots;
}

void string_table_writer_free(struct string_table_writer *writer) {
    string_list_writer_free(&writer->list);
    column_writer_free(&writer->numbers);
    free(writer->hashes);
    free(writer->slots);
    string_table_writer_init(writer);
}

/* ---- Table: reading ------------------------------------------------------------------------- */

int string_table_open(struct string_table *out, const struct sidecar *sidecar, uint32_t id,
                      uint64_t rows, struct error *err) {
    int status = column_open_counted(&out->numbers, sidecar, id, rows, err);
    if (!status)
        status = string_list_open(&out->list, sidecar, id + 1, err);
    if (!status)
        status = column_open_counted(&out->order, sidecar, id + 3, out->list.count, err);
    return status;
}

int string_table_get(const struct string_table *table, uint64_t row, struct arena *arena,
                     const char **out, struct error *err) {
    uint64_t number;
    *out = NULL;
    int status = column_get(&table->numbers, row, &number, err);
    if (status || !number)
        return status;
    if (number > table->list.count)
        return section_damaged(&table->numbers.section, 0, "the number of a string", err);
    return string_list_copy(&table->list, number - 1, arena, out, err);
}

/* ---- Table: copying ------------------------------------------------------------------------- */

struct table_copy {
    struct string_table_writer *writer;
    const struct string_table *from;
    struct column_scan numbers;
    struct string_scan strings;
    uint32_t *new_numbers; /* by the old one; 0: not met yet */
};

static int copy_row(struct table_copy *copy, uint64_t row, struct error *err) {
    uint64_t number;
    int status = column_scan_get(&copy->numbers, row, &number, err);
    if (status)
        return status;
    if (number > copy->from->list.count)
        return section_damaged(&copy->from->numbers.section, 0, "the number of a string", err);
    if (number && !copy->new_numbers[number]) {
        status = string_scan_get(&copy->strings, number - 1, err);
        if (status)
            return status;
        const struct bytes *string = &copy->strings.string;
        const char *text = string->size ? (const char *)string->data : "";
        copy->new_numbers[number] = (uint32_t)number_string(copy->writer, text, string->size);
        if (!copy->new_numbers[number])
            return error_memory(err);
    }
    column_add(&copy->writer->numbers, number ? copy->new_numbers[number] : 0);
    return 0;
}

int string_table_append(struct string_table_writer *writer, const struct string_table *from,
                        const uint64_t *dead, struct error *err) {
    struct table_copy copy = {.writer = writer, .from = from, .strings = {.list = &from->list}};
    column_scan_init(&copy.numbers, &from->numbers);
    if (from->list.count > from->numbers.count)
        return section_damaged(&from->list.blocks, 0, "more strings than rows", err);
    copy.new_numbers = calloc(from->list.count + 1, sizeof *copy.new_numbers);
    int status = copy.new_numbers ? 0 : error_memory(err);
    for (uint64_t row = 0; !status && row < from->numbers.count; row++)
        if (!dead || !(dead[row >> 6] >> (row & 63) & 1))
            status = copy_row(&copy, row, err);
    writer->recent = 0;
    string_scan_free(&copy.strings);
    free(copy.new_numbers);
    return status;
}
