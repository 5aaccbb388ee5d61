/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/cursor.h"

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

enum { VERSION = 1 };

struct __attribute__((packed)) packed_cursor {
    uint8_t version;
    uint64_t generation, request;
    uint32_t segment, passage, rank;
    uint64_t score;
    uint32_t check;
};

static uint32_t check_of(const struct packed_cursor *packed) {
    return (uint32_t)XXH3_64bits(packed, offsetof(struct packed_cursor, check));
}

const char *cursor_write(const struct search_cursor *cursor, struct arena *arena) {
    uint64_t score;
    memcpy(&score, &cursor->score, sizeof score);
    struct packed_cursor packed = {VERSION,
                                   htole64(cursor->generation),
                                   htole64(cursor->request),
                                   htole32(cursor->segment),
                                   htole32(cursor->passage),
                                   htole32(cursor->rank),
                                   htole64(score),
                                   0};
    packed.check = htole32(check_of(&packed));
    char *text = arena_alloc(arena, 2 * sizeof packed + 1);
    if (!text)
        return NULL;
    uint8_t bytes[sizeof packed];
    memcpy(bytes, &packed, sizeof packed);
    for (size_t i = 0; i < sizeof packed; i++)
        snprintf(text + 2 * i, 3, "%02x", (unsigned)bytes[i]);
    return text;
}

static int digit_value(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int cursor_read(const char *text, struct search_cursor *out, struct error *err) {
    struct packed_cursor packed = {.version = 0};
    uint8_t bytes[sizeof packed];
    bool good = strlen(text) == 2 * sizeof packed;
    for (size_t i = 0; i < sizeof packed && good; i++) {
        int high = digit_value(text[2 * i]), low = digit_value(text[2 * i + 1]);
        good = high >= 0 && low >= 0;
        bytes[i] = (uint8_t)(good ? high << 4 | low : 0);
    }
    if (good)
        memcpy(&packed, bytes, sizeof packed);
    if (!good || packed.version != VERSION || le32toh(packed.check) != check_of(&packed))
        return error_set(err, PLENARY_EINVALID,
                         "this is not a cursor of a page of results; take it as it was printed, or "
                         "begin with the first page");
    uint64_t score = le64toh(packed.score);
    *out = (struct search_cursor){.generation = le64toh(packed.generation),
                                  .request = le64toh(packed.request),
                                  .segment = le32toh(packed.segment),
                                  .passage = le32toh(packed.passage),
                                  .rank = le32toh(packed.rank)};
    memcpy(&out->score, &score, sizeof score);
    return 0;
}
