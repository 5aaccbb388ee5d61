/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/passage_builder.h"

#include "corpus/paragraph.h"
#include "corpus/scan.h"

#include <string.h>

enum { HEADING_SHOWN = 200 };

void passage_builder_init(struct passage_builder *builder, struct document *document) {
    *builder = (struct passage_builder){.document = document, .limit = PASSAGE_LIMIT};
}

/* Length of white space at `at`: ASCII, or a no-break space, or a zero-width one. */
static size_t space_length(const char *at, const char *end) {
    if ((unsigned char)*at <= ' ')
        return 1;
    if (end - at >= 2 && !memcmp(at, "\xC2\xA0", 2))
        return 2;
    if (end - at >= 3 && (!memcmp(at, "\xE2\x80\x8B", 3) || !memcmp(at, "\xEF\xBB\xBF", 3)))
        return 3;
    return 0;
}

#define IS(block, byte) ((scan_block)((block) == (byte)))

/* Do any of sixteen bytes begin what space_length knows beyond ASCII? Two more are read. */
static __attribute__((noinline)) bool has_far_space(const char *at) {
    scan_block first = scan_load(at), second = scan_load(at + 1), third = scan_load(at + 2);
    return scan_any((IS(first, 0xC2) & IS(second, 0xA0)) |
                    (IS(first, 0xE2) & IS(second, 0x80) & IS(third, 0x8B)) |
                    (IS(first, 0xEF) & IS(second, 0xBB) & IS(third, 0xBF)));
}

/* The same, or white space of ASCII but for single spaces. */
static inline bool has_odd_space(const char *at) {
    scan_block first = scan_load(at), second = scan_load(at + 1);
    if (scan_any((scan_block)(first < ' ') | (IS(first, ' ') & IS(second, ' '))))
        return true;
    return scan_any(first & 0x80) && has_far_space(at);
}

/* Nothing to fold: most paragraphs are one line of single spaces. */
static bool is_folded(const char *text, size_t size) {
    const char *at = text, *end = text + size;
    if (!size || *text == ' ' || end[-1] == ' ')
        return false;
    if (size >= SCAN_BLOCK + 2) {
        for (; end - at >= SCAN_BLOCK + 2; at += SCAN_BLOCK)
            if (has_odd_space(at))
                return false;
        if (has_odd_space(end - SCAN_BLOCK - 2))
            return false;
        at = end - 2;
    }
    for (; at < end; at++)
        if ((*at == ' ' && at[1] == ' ') || (*at != ' ' && space_length(at, end)))
            return false;
    return true;
}

/* White space becomes one space, none at the ends. What comes out is never longer. */
static void fold(struct bytes *out, const char *text, size_t size) {
    bytes_reset(out);
    if (!size)
        return;
    if (is_folded(text, size)) {
        bytes_add(out, text, size);
        return;
    }
    if (!bytes_reserve(out, size))
        return;
    char *to = (char *)out->data, *const begin = to;
    const char *end = text + size;
    bool parted = false;
    while (text < end) {
        if (!parted && end - text >= SCAN_BLOCK + 2 && *text != ' ' && !has_odd_space(text)) {
            memcpy(to, text, SCAN_BLOCK);
            /* A space at its end may be the first of several. */
            parted = text[SCAN_BLOCK - 1] == ' ';
            to += SCAN_BLOCK - parted;
            text += SCAN_BLOCK;
            continue;
        }
        unsigned char byte = (unsigned char)*text;
        size_t space = byte > ' ' && byte != 0xC2 && byte < 0xE2 ? 0 : space_length(text, end);
        if (space) {
            parted = to > begin;
            text += space;
            continue;
        }
        if (parted)
            *to++ = ' ';
        parted = false;
        *to++ = (char)byte;
        text++;
    }
    out->size = (size_t)(to - begin);
}

/* A heading ends those of its own and deeper levels. */
static int enter_heading(struct passage_builder *builder, unsigned level) {
    struct bytes path = BYTES_INIT;
    struct arena *arena = &builder->document->arena;
    const char *text = (const char *)builder->folded.data;
    size_t size = builder->folded.size < HEADING_SHOWN ? builder->folded.size : HEADING_SHOWN;
    while (size < builder->folded.size && size && (text[size] & 0xC0) == 0x80)
        size--;
    level = level < 1 ? 1 : level > HEADING_LEVELS ? HEADING_LEVELS : level;
    memset(builder->headings + level - 1, 0,
           (HEADING_LEVELS - level + 1) * sizeof *builder->headings);
    builder->headings[level - 1] = arena_text(arena, text, size);
    builder->above = NULL;
    for (unsigned i = 0; i < level; i++) {
        if (!builder->headings[i])
            continue;
        if (path.size && i + 1 == level)
            builder->above = arena_text(arena, (const char *)path.data, path.size);
        if (path.size)
            bytes_add_string(&path, " > ");
        bytes_add_string(&path, builder->headings[i]);
    }
    builder->path = path.failed ? NULL : arena_text(arena, (const char *)path.data, path.size);
    bytes_free(&path);
    return builder->path ? 0 : PLENARY_ENOMEM;
}

static int add_text(struct passage_builder *builder, enum passage_kind kind) {
    const struct bytes *text = &builder->folded;
    struct document *document = builder->document;
    if (text->size <= builder->limit)
        return document_add(document, kind, (const char *)text->data, text->size) ? 0
                                                                                  : PLENARY_ENOMEM;
    struct cut_options options = {.record = true};
    return paragraph_cut(document, (const char *)text->data, text->size, &options, NULL);
}

int passage_builder_add(struct passage_builder *builder, const struct block *block,
                        const char *text, size_t size) {
    struct document *document = builder->document;
    size_t first = document->passage_count;
    fold(&builder->folded, text, size);
    if (builder->folded.failed)
        return PLENARY_ENOMEM;
    if (!builder->folded.size)
        return 0;
    if (block->kind == PASSAGE_HEADING && enter_heading(builder, block->level))
        return PLENARY_ENOMEM;
    if (add_text(builder, block->kind))
        return PLENARY_ENOMEM;
    for (size_t i = first; i < document->passage_count; i++) {
        struct passage *passage = &document->passages[i];
        passage->kind = block->kind;
        passage->level = block->level;
        passage->label = block->label;
        passage->speaker = block->speaker;
        passage->heading = block->kind == PASSAGE_HEADING ? builder->above : builder->path;
        passage->source_begin = block->source_begin;
        passage->source_end = block->source_end;
        passage->line_begin = block->line_begin;
        passage->line_end = block->line_end;
    }
    return 0;
}

int passage_builder_flush(struct passage_builder *builder, const struct block *block) {
    int status = builder->text.failed
                     ? PLENARY_ENOMEM
                     : passage_builder_add(builder, block, (const char *)builder->text.data,
                                           builder->text.size);
    bytes_reset(&builder->text);
    return status;
}

void passage_builder_free(struct passage_builder *builder) {
    bytes_free(&builder->text);
    bytes_free(&builder->folded);
}
