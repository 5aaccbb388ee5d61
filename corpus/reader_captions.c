/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Captions: WebVTT (W3C, 2019) and SubRip. Cues are joined into turns of one speaker, told by
 * <v Name> or by "Name: " before a cue's text; a long turn is cut behind a sentence. A turn's label
 * is the time at which it begins. Notes, styles, regions and markup are left out.
 */
#include "corpus/caption_cue.h"
#include "corpus/charset.h"
#include "corpus/passage_builder.h"
#include "corpus/reader_bytes.h"
#include "corpus/reader_formats.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TURN_LONG = 900, /* bytes after which a turn is cut behind a sentence */
    TURN_MAX = 3000, /* after which it is cut behind any cue */
    PAUSE = 30000,   /* milliseconds of silence that part turns behind a sentence */
    LABEL_SIZE = 32
};

struct turns {
    struct passage_builder builder;
    struct document *document;
    const struct decoded *decoded;
    struct caption_names *names;
    const char *speaker; /* of the turn; NULL: unknown */
    struct block block;
    uint64_t start, stop; /* milliseconds */
};

/* What a cue says at one go, by one speaker. */
struct stretch {
    const char *name; /* NULL: as before */
    size_t name_size;
    bool changes; /* another speaker, known or not */
    const char *text;
    size_t size;
};

static bool ends_sentence(const struct bytes *text) {
    size_t size = text->size;
    while (size && strchr("\"')] ", (char)text->data[size - 1]))
        size--;
    return size && strchr(".!?", (char)text->data[size - 1]);
}

static int end_turn(struct turns *turns) {
    struct passage_builder *builder = &turns->builder;
    char label[LABEL_SIZE];
    uint64_t seconds = turns->start / 1000;
    if (!builder->text.size)
        return 0;
    snprintf(label, sizeof label, "%02" PRIu64 ":%02u:%02u", seconds / 3600,
             (unsigned)(seconds / 60 % 60), (unsigned)(seconds % 60));
    turns->block.label = arena_string(&turns->document->arena, label);
    turns->block.speaker = turns->speaker;
    return turns->block.label ? passage_builder_flush(builder, &turns->block) : PLENARY_ENOMEM;
}

static bool is_speaker(const struct turns *turns, const struct stretch *stretch) {
    return turns->speaker && strlen(turns->speaker) == stretch->name_size &&
           !memcmp(turns->speaker, stretch->name, stretch->name_size);
}

/* Does it begin a new passage? */
static bool parts(const struct turns *turns, const struct caption_cue *cue,
                  const struct stretch *stretch) {
    const struct bytes *text = &turns->builder.text;
    if (!text->size || stretch->changes || text->size > TURN_MAX)
        return true;
    bool pause = cue->start > turns->stop && cue->start - turns->stop >= PAUSE;
    return (text->size > TURN_LONG || pause) && ends_sentence(text);
}

static int add_stretch(struct turns *turns, const struct caption_cue *cue,
                       struct stretch *stretch) {
    int status = 0;
    if (stretch->name)
        stretch->changes = !is_speaker(turns, stretch);
    if (parts(turns, cue, stretch)) {
        status = end_turn(turns);
        if (stretch->changes)
            turns->speaker = stretch->name ? arena_text(&turns->document->arena, stretch->name,
                                                        stretch->name_size)
                                           : NULL;
        if (stretch->name && !turns->speaker)
            return PLENARY_ENOMEM;
        turns->start = cue->start;
        turns->block =
            (struct block){.kind = PASSAGE_PARAGRAPH,
                           .line_begin = cue->line_begin,
                           .source_begin = decoded_source_offset(turns->decoded, cue->begin)};
    }
    turns->block.line_end = cue->line_end;
    turns->block.source_end = decoded_source_offset(turns->decoded, cue->end);
    turns->stop = cue->stop;
    bytes_add(&turns->builder.text, stretch->text, stretch->size);
    bytes_add_byte(&turns->builder.text, ' ');
    return status;
}

static void skip_space(struct stretch *stretch) {
    while (stretch->size && *stretch->text == ' ') {
        stretch->text++;
        stretch->size--;
    }
}

/* A name before a colon, or ">>", with which captions of broadcasts mark a new speaker. */
static void take_name(const struct turns *turns, struct stretch *stretch) {
    size_t begin, name;
    skip_space(stretch);
    if (stretch->size >= 2 && !memcmp(stretch->text, ">>", 2)) {
        stretch->changes = true;
        while (stretch->size && *stretch->text == '>') {
            stretch->text++;
            stretch->size--;
        }
        skip_space(stretch);
    }
    name = caption_name(stretch->text, stretch->size, &begin);
    if (stretch->name || !name || !caption_names_hold(turns->names, stretch->text, name))
        return;
    stretch->name = stretch->text;
    stretch->name_size = name;
    stretch->text += begin;
    stretch->size -= begin;
    skip_space(stretch);
}

static int add_cue(struct turns *turns, const struct caption_cue *cue, const struct bytes *plain) {
    const char *at = (const char *)plain->data, *end = plain->size ? at + plain->size : at;
    int status = 0;
    while (at < end && !status) {
        struct stretch stretch = {.name = NULL};
        const char *name_end = NULL;
        if (*at == CAPTION_VOICE &&
            (name_end = memchr(at, CAPTION_VOICE_END, (size_t)(end - at)))) {
            stretch.name = at + 1;
            stretch.name_size = (size_t)(name_end - at) - 1;
            at = name_end + 1;
        }
        const char *next = at < end ? memchr(at, CAPTION_VOICE, (size_t)(end - at)) : NULL;
        next = next ? next : end;
        stretch.text = at;
        stretch.size = (size_t)(next - at);
        take_name(turns, &stretch);
        if (stretch.size)
            status = add_stretch(turns, cue, &stretch);
        at = next;
    }
    return status;
}

static int read_cues(struct turns *turns) {
    const struct decoded *decoded = turns->decoded;
    struct caption_cursor cursor = {decoded->text, decoded->size, 0, 1};
    struct caption_cue cue;
    struct bytes plain = BYTES_INIT, last = BYTES_INIT;
    int status = 0;
    for (struct caption_cursor first = cursor; caption_next(&first, &cue);) {
        caption_plain(&cue, &plain);
        caption_names_add(turns->names, (const char *)plain.data, plain.size);
    }
    while (!status && caption_next(&cursor, &cue)) {
        caption_plain(&cue, &plain);
        /* Captions that scroll say each line twice. */
        bool again =
            plain.size == last.size && plain.size && !memcmp(plain.data, last.data, plain.size);
        if (!again && plain.size)
            status = add_cue(turns, &cue, &plain);
        bytes_reset(&last);
        bytes_add(&last, plain.data, plain.size);
        if (plain.failed || last.failed)
            status = PLENARY_ENOMEM;
    }
    bytes_free(&plain);
    bytes_free(&last);
    return status ? status : end_turn(turns);
}

/* "WEBVTT - Budget committee", or the file's name: what is said first is no title. */
static int set_title(struct document *document, const struct decoded *decoded, const char *path) {
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    size_t size = dot && dot > name ? (size_t)(dot - name) : strlen(name);
    const char *end = decoded->size ? memchr(decoded->text, '\n', decoded->size) : NULL;
    if (end && end - decoded->text > 9 && !memcmp(decoded->text, "WEBVTT - ", 9)) {
        name = decoded->text + 9;
        size = (size_t)(end - name) < 200 ? (size_t)(end - name) : 200;
        while (size && size == 200 && ((unsigned char)name[size] & 0xC0) == 0x80)
            size--;
    }
    document->title = size ? arena_text(&document->arena, name, size) : NULL;
    return size && !document->title ? PLENARY_ENOMEM : 0;
}

int captions_read(struct document *document, const struct read_bytes *in, struct error *err) {
    struct decoded decoded;
    struct turns turns = {.document = document, .decoded = &decoded};
    turns.names = calloc(1, sizeof *turns.names);
    int status = charset_decode(&decoded, in->data, in->size, err);
    passage_builder_init(&turns.builder, document);
    if (!turns.names)
        status = PLENARY_ENOMEM;
    if (!status)
        status = read_cues(&turns);
    if (!status && document->passage_count)
        status = set_title(document, &decoded, in->name);
    document->replaced_bytes = decoded.replaced;
    passage_builder_free(&turns.builder);
    free(turns.names);
    decoded_free(&decoded);
    return status;
}

int reader_captions_read(const struct unit *unit, const struct corpus_options *options,
                         struct document *scratch, document_fn each, void *context,
                         uint64_t *skipped, struct error *err) {
    return bytes_read_unit(unit, captions_read, options, scratch, each, context, skipped, err);
}
