/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The grammar; numbers are varints (bytes.h):
 *
 *   message  = version, flags, date, replaced bytes, content (16 bytes),
 *              id, source, title, body, language (strings),
 *              text size, text, passage count, passages, end
 *   string   = 0 for NULL, else size + 1 and that many bytes, no NUL among them
 *   passage  = kind, level, page, opens turn, gap, size,      of the text, from the passage before
 *              source begin, source size, line begin, lines,
 *              id, label (strings), speaker, heading (shared)
 *   shared   = 0 for what the passage before has, else 1 and a string
 */
#include "corpus/document_message.h"

#include "corpus/date.h"

#include <string.h>
#include <unicode/utf8.h>

enum {
    MESSAGE_VERSION = 2,
    MESSAGE_END = 0x5A,
    FLAG_RECORD = 1,
    LEVEL_MAX = 100,
    PASSAGE_BYTES = 14, /* the fewest that a passage takes */
};

/* A new field must be written and read here, or it would be lost on the way. (`written`, `remark`
 * and `left_out` are for the reader itself.) */
_Static_assert(sizeof(struct passage) == 104, "document_message.c carries each field of a passage");
_Static_assert(sizeof(struct document) == 192,
               "document_message.c carries each field of documents");

/* ---- Writing ---- */

static void write_string(struct bytes *out, const char *string) {
    size_t size = string ? strlen(string) : 0;
    bytes_add_varint(out, string ? (uint64_t)size + 1 : 0);
    if (string)
        bytes_add(out, string, size);
}

static bool is_same(const char *string, const char *other) {
    return string == other || (string && other && !strcmp(string, other));
}

static void write_shared(struct bytes *out, const char *string, const char *before) {
    bool same = is_same(string, before);
    bytes_add_varint(out, !same);
    if (!same)
        write_string(out, string);
}

static void write_passage(struct bytes *out, const struct passage *passage,
                          const struct passage *before) {
    const uint64_t numbers[] = {passage->kind,
                                passage->level,
                                passage->page,
                                passage->opens_turn,
                                passage->text_begin - before->text_end,
                                passage->text_end - passage->text_begin,
                                passage->source_begin,
                                passage->source_end - passage->source_begin,
                                passage->line_begin,
                                passage->line_end - passage->line_begin};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        bytes_add_varint(out, numbers[i]);
    write_string(out, passage->id);
    write_string(out, passage->label);
    write_shared(out, passage->speaker, before->speaker);
    write_shared(out, passage->heading, before->heading);
}

void document_message_write(struct bytes *out, const struct document *document) {
    const char *strings[] = {document->id, document->source, document->title, document->body,
                             document->language};
    bytes_add_varint(out, MESSAGE_VERSION);
    bytes_add_varint(out, document->is_record ? FLAG_RECORD : 0);
    bytes_add_varint(out, document->date);
    bytes_add_varint(out, document->replaced_bytes);
    bytes_add(out, document->content, sizeof document->content);
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        write_string(out, strings[i]);
    bytes_add_varint(out, document->text.size);
    bytes_add(out, document->text.data, document->text.size);
    bytes_add_varint(out, document->passage_count);
    static const struct passage none;
    const struct passage *before = &none;
    for (size_t i = 0; i < document->passage_count; i++) {
        write_passage(out, &document->passages[i], before);
        before = &document->passages[i];
    }
    bytes_add_byte(out, MESSAGE_END);
}

/* ---- Reading ---- */

/* Where we are. Once `damaged` or `short_of_memory` is set, all that is read is 0 or NULL. */
struct message {
    const uint8_t *at, *end;
    struct arena *arena;
    bool damaged, short_of_memory;
};

static bool is_over(const struct message *message) {
    return message->damaged || message->short_of_memory;
}

/* A number of at most `most`. */
static uint64_t read_number(struct message *message, uint64_t most) {
    uint64_t value = 0;
    if (is_over(message))
        return 0;
    if (varint_read(&message->at, message->end, &value) && value <= most)
        return value;
    message->damaged = true;
    return 0;
}

static size_t left(const struct message *message) {
    return (size_t)(message->end - message->at);
}

static bool is_utf8(const uint8_t *text, size_t size) {
    size_t at = 0;
    while (at < size) {
        UChar32 point = text[at];
        if (point < 0x80) {
            at++;
            continue;
        }
        U8_NEXT(text, at, size, point);
        if (point < 0)
            return false;
    }
    return true;
}

static const char *read_string(struct message *message) {
    uint64_t size = read_number(message, (uint64_t)left(message) + 1);
    if (!size)
        return NULL;
    size--;
    if (size > left(message) || memchr(message->at, '\0', size) || !is_utf8(message->at, size)) {
        message->damaged = true;
        return NULL;
    }
    const char *copy = arena_text(message->arena, (const char *)message->at, size);
    message->at += size;
    message->short_of_memory |= !copy;
    return copy;
}

static const char *read_shared(struct message *message, const char *before) {
    return read_number(message, 1) ? read_string(message) : is_over(message) ? NULL : before;
}

static void read_text(struct message *message, struct document *document) {
    uint64_t size = read_number(message, left(message));
    if (is_over(message))
        return;
    if (size > left(message) || !is_utf8(message->at, size)) {
        message->damaged = true;
        return;
    }
    bytes_add(&document->text, message->at, size);
    message->at += size;
    message->short_of_memory |= document->text.failed;
}

/* The range must begin and end between characters. */
static bool is_border(const struct bytes *text, size_t at) {
    return at == text->size || (text->data[at] & 0xC0) != 0x80;
}

static void read_passage(struct message *message, struct document *document, size_t text_size) {
    struct passage none = {.kind = PASSAGE_PARAGRAPH}, read = none;
    const struct passage *before =
        document->passage_count ? &document->passages[document->passage_count - 1] : &none;
    size_t begin = before->text_end;
    read.kind = (enum passage_kind)read_number(message, PASSAGE_KINDS - 1);
    read.level = (unsigned)read_number(message, LEVEL_MAX);
    read.page = (uint32_t)read_number(message, UINT32_MAX);
    read.opens_turn = read_number(message, 1);
    read.text_begin = begin + (size_t)read_number(message, text_size - begin);
    read.text_end = read.text_begin + (size_t)read_number(message, text_size - read.text_begin);
    read.source_begin = read_number(message, UINT64_MAX);
    read.source_end = read.source_begin + read_number(message, UINT64_MAX - read.source_begin);
    read.line_begin = read_number(message, UINT64_MAX);
    read.line_end = read.line_begin + read_number(message, UINT64_MAX - read.line_begin);
    read.id = read_string(message);
    read.label = read_string(message);
    read.speaker = read_shared(message, before->speaker);
    read.heading = read_shared(message, before->heading);
    if (is_over(message))
        return;
    if (!is_border(&document->text, read.text_begin) ||
        !is_border(&document->text, read.text_end)) {
        message->damaged = true;
        return;
    }
    struct passage *passage = document_add_bare(document);
    if (passage)
        *passage = read;
    message->short_of_memory |= !passage;
}

static void read_fields(struct message *message, struct document *document) {
    if (read_number(message, MESSAGE_VERSION) != MESSAGE_VERSION)
        message->damaged = true;
    document->is_record = read_number(message, FLAG_RECORD) & FLAG_RECORD;
    document->date = (uint32_t)read_number(message, UINT32_MAX);
    document->replaced_bytes = read_number(message, UINT64_MAX);
    if (document->date && !date_valid(document->date))
        message->damaged = true;
    if (is_over(message) || left(message) < sizeof document->content) {
        message->damaged = true;
        return;
    }
    memcpy(document->content, message->at, sizeof document->content);
    message->at += sizeof document->content;
    document->id = read_string(message);
    document->source = read_string(message);
    document->title = read_string(message);
    document->body = read_string(message);
    document->language = read_string(message);
    if (!document->id || !document->source)
        message->damaged = true;
}

int document_message_read(struct document *document, const uint8_t *data, size_t size,
                          struct error *err) {
    document_reset(document);
    struct message message = {.at = data, .end = data + size, .arena = &document->arena};
    read_fields(&message, document);
    read_text(&message, document);
    uint64_t count = read_number(&message, left(&message) / PASSAGE_BYTES);
    for (uint64_t i = 0; i < count && !is_over(&message); i++)
        read_passage(&message, document, document->text.size);
    if (!is_over(&message) && (left(&message) != 1 || *message.at != MESSAGE_END))
        message.damaged = true;
    /* Numbers the passages and takes control characters out of the metadata, once more. */
    if (!is_over(&message) && document_finish(document))
        message.short_of_memory = true;
    if (!is_over(&message))
        return 0;
    document_reset(document);
    return message.short_of_memory
               ? error_memory(err)
               : error_set(err, PLENARY_EDAMAGED, "the reading process gave a damaged answer");
}
