/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/document.h"

#include "corpus/error.h"

#include <stdlib.h>
#include <string.h>

const char *passage_kind_name(enum passage_kind kind) {
    static const char *const names[PASSAGE_KINDS] = {"paragraph", "item", "heading", "row",
                                                     "title"};
    return (unsigned)kind < PASSAGE_KINDS ? names[kind] : "unknown";
}

void document_init(struct document *document) {
    *document = (struct document){.id = NULL};
}

void document_reset(struct document *document) {
    arena_reset(&document->arena);
    bytes_reset(&document->text);
    *document = (struct document){.arena = document->arena,
                                  .text = document->text,
                                  .passages = document->passages,
                                  .passage_capacity = document->passage_capacity};
}

void document_free(struct document *document) {
    arena_free(&document->arena);
    bytes_free(&document->text);
    free(document->passages);
    document_init(document);
}

static bool document_grow(struct document *document) {
    if (document->passage_count < document->passage_capacity)
        return true;
    size_t capacity = document->passage_capacity ? document->passage_capacity : 64;
    size_t size;
    if (__builtin_mul_overflow(capacity, 2, &capacity) ||
        __builtin_mul_overflow(capacity, sizeof *document->passages, &size))
        return false;
    struct passage *passages = realloc(document->passages, size);
    if (!passages)
        return false;
    document->passages = passages;
    document->passage_capacity = capacity;
    return true;
}

struct passage *document_add(struct document *document, enum passage_kind kind, const char *text,
                             size_t size) {
    size_t gap = document->passage_count ? 2 : 0;
    size_t need;
    if (!document_grow(document) || __builtin_add_overflow(size, gap, &need) ||
        !bytes_reserve(&document->text, need))
        return NULL;
    bytes_add(&document->text, "\n\n", gap);
    struct passage *passage = &document->passages[document->passage_count++];
    *passage = (struct passage){.kind = kind, .text_begin = document->text.size};
    bytes_add(&document->text, text, size);
    passage->text_end = document->text.size;
    return passage;
}

struct passage *document_add_bare(struct document *document) {
    if (!document_grow(document))
        return NULL;
    struct passage *passage = &document->passages[document->passage_count++];
    *passage = (struct passage){.kind = PASSAGE_PARAGRAPH};
    return passage;
}

void document_join(struct document *document) {
    size_t count = document->passage_count;
    if (!count)
        return;
    struct passage *first = &document->passages[0], *last = &document->passages[count - 1];
    for (size_t i = 0; i + 1 < count; i++)
        memset(document->text.data + document->passages[i].text_end, ' ', 2);
    *first = (struct passage){.kind = PASSAGE_PARAGRAPH,
                              .page = first->page,
                              .text_end = last->text_end,
                              .source_begin = first->source_begin,
                              .source_end = last->source_end,
                              .line_begin = first->line_begin,
                              .line_end = last->line_end};
    document->passage_count = 1;
}

/* A control character at `at` (C0, DEL, or C1 as two bytes of UTF-8): its length, else 0. */
static size_t control_length(const unsigned char *at) {
    if (*at < 0x20 || *at == 0x7f)
        return *at != '\0';
    return at[0] == 0xc2 && at[1] >= 0x80 && at[1] <= 0x9f ? 2 : 0;
}

static bool needs_cleaning(const char *string) {
    const unsigned char *at = (const unsigned char *)string;
    if (*at == ' ')
        return true;
    for (; *at; at++)
        if (control_length(at))
            return true;
    return at > (const unsigned char *)string && at[-1] == ' ';
}

/* Control characters would let a title move the cursor of the terminal it is printed on, or break
 * the line of a run file. Those that part words become a space, the others go; so do spaces at the
 * ends. The string may be shared, so what must change is copied. */
static int clean(struct arena *arena, const char **string) {
    if (!*string || !needs_cleaning(*string))
        return 0;
    char *copy = arena_string(arena, *string);
    if (!copy)
        return PLENARY_ENOMEM;
    char *out = copy;
    for (const char *at = *string; *at;) {
        size_t control = control_length((const unsigned char *)at);
        bool space = *at == ' ' || (*at >= '\t' && *at <= '\r');
        if (space && out > copy)
            *out++ = ' ';
        else if (!space && !control)
            *out++ = *at;
        at += control ? control : 1;
    }
    while (out > copy && out[-1] == ' ')
        out--;
    *out = '\0';
    *string = copy;
    return 0;
}

/* As clean, for metadata that is as good as absent when nothing is left of it. */
static int clean_optional(struct arena *arena, const char **string) {
    if (clean(arena, string))
        return PLENARY_ENOMEM;
    if (*string && !**string)
        *string = NULL;
    return 0;
}

/* Neighbouring passages mostly share their strings: clean each pointer once. */
struct shared_string {
    const char *raw, *cleaned;
};

static int clean_shared(struct arena *arena, struct shared_string *last, const char **string) {
    if (!*string)
        return 0;
    if (*string != last->raw) {
        last->raw = last->cleaned = *string;
        if (clean_optional(arena, &last->cleaned))
            return PLENARY_ENOMEM;
    }
    *string = last->cleaned;
    return 0;
}

static int finish_passages(struct document *document) {
    struct shared_string heading = {NULL, NULL}, speaker = {NULL, NULL};
    uint32_t number = 0;
    for (size_t i = 0; i < document->passage_count; i++) {
        struct passage *passage = &document->passages[i];
        passage->number = passage->kind == PASSAGE_HEADING ? 0 : ++number;
        if (clean_shared(&document->arena, &heading, &passage->heading) ||
            clean_shared(&document->arena, &speaker, &passage->speaker) ||
            clean_optional(&document->arena, &passage->id) ||
            clean_optional(&document->arena, &passage->label))
            return PLENARY_ENOMEM;
    }
    return 0;
}

int document_finish(struct document *document) {
    struct arena *arena = &document->arena;
    if (document->text.failed || clean(arena, &document->id) ||
        clean_optional(arena, &document->title) || clean_optional(arena, &document->body) ||
        clean_optional(arena, &document->language))
        return PLENARY_ENOMEM;
    if (!document->passage_count && document->title &&
        !document_add(document, PASSAGE_TITLE, document->title, strlen(document->title)))
        return PLENARY_ENOMEM;
    return finish_passages(document);
}
