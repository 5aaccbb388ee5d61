/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/part_document.h"

#include "corpus/passage_builder.h"
#include "corpus/reader_formats.h"

#include <stdio.h>
#include <string.h>

enum { REMARK_MAX = 400 };

/* Say why a part was left out; the last one is named, the others are counted with it. */
static int leave_out(struct document *document, const char *name, const char *why) {
    char remark[REMARK_MAX];
    document->left_out++;
    if (document->left_out > 1)
        snprintf(remark, sizeof remark, "%u attachments were left out, the last one %.80s: %.200s",
                 document->left_out, name, why);
    else
        snprintf(remark, sizeof remark, "the attachment %.80s was left out: %.200s", name, why);
    document->remark = arena_string(&document->arena, remark);
    return document->remark ? 0 : PLENARY_ENOMEM;
}

/* ---- Joining -----------------------------------------------------------------------------------
 */

static int add_heading(struct document *document, const char *name) {
    struct passage_builder builder;
    struct block block = {.kind = PASSAGE_HEADING, .level = 1};
    passage_builder_init(&builder, document);
    int status = passage_builder_add(&builder, &block, name, strlen(name));
    passage_builder_free(&builder);
    return status;
}

static const char *below(struct document *document, const char *name, const char *heading) {
    struct bytes path = BYTES_INIT;
    bytes_add_string(&path, name);
    if (heading) {
        bytes_add_string(&path, " > ");
        bytes_add_string(&path, heading);
    }
    const char *copy =
        path.failed ? NULL : arena_text(&document->arena, (const char *)path.data, path.size);
    bytes_free(&path);
    return copy;
}

/* Neighbouring passages mostly share their strings: copy each once. */
struct copied {
    const char *from, *to;
    bool any;
};

static int copy_shared(struct arena *arena, struct copied *last, const char *from,
                       const char **to) {
    if (!last->any || from != last->from)
        *last = (struct copied){from, arena_string(arena, from), true};
    *to = last->to;
    return from && !last->to ? PLENARY_ENOMEM : 0;
}

static int append(struct document *document, const struct document *part, const char *name) {
    struct copied heading = {NULL, NULL, false}, speaker = {NULL, NULL, false};
    for (size_t i = 0; i < part->passage_count; i++) {
        const struct passage *from = &part->passages[i];
        struct passage *to =
            document_add(document, from->kind, (const char *)part->text.data + from->text_begin,
                         from->text_end - from->text_begin);
        if (!to)
            return PLENARY_ENOMEM;
        to->level = from->level;
        to->page = from->page;
        to->opens_turn = from->opens_turn;
        if (!heading.any || from->heading != heading.from)
            heading = (struct copied){from->heading, below(document, name, from->heading), true};
        to->heading = heading.to;
        to->label = arena_string(&document->arena, from->label);
        if (!to->heading || (from->label && !to->label) ||
            copy_shared(&document->arena, &speaker, from->speaker, &to->speaker))
            return PLENARY_ENOMEM;
    }
    document->replaced_bytes += part->replaced_bytes;
    return 0;
}

/* ---- Reading -----------------------------------------------------------------------------------
 */

struct joining {
    struct document *document;
    const char *name;
};

static int join(void *context, struct document *part) {
    struct joining *joining = context;
    return append(joining->document, part, joining->name);
}

/* A format that its reader takes as a unit: text, HTML, ... */
static int read_unit(struct document *document, struct document *part, const struct read_bytes *in,
                     enum corpus_format format) {
    struct joining joining = {document, in->name};
    struct corpus_options options = CORPUS_OPTIONS_INIT;
    options.find = reader_find;
    struct unit unit = {.path = in->name,
                        .source = in->name,
                        .format = format,
                        .data = in->data,
                        .size = in->size,
                        .line = 1,
                        .first_slice = true,
                        .last_slice = true};
    uint64_t skipped = 0;
    int status = unit_read(&unit, &options, part, join, &joining, &skipped, NULL);
    return status == PLENARY_ENOMEM ? status : 0;
}

static int read_part(struct document *document, struct document *part, const struct read_bytes *in,
                     enum corpus_format format) {
    struct error fault = {.message = ""};
    bytes_reader *reader = bytes_reader_of(format);
    if (!reader)
        return read_unit(document, part, in, format);
    int status = reader(part, in, &fault);
    if (!status && part->remark) {
        document->left_out += part->left_out;
        document->remark = arena_string(&document->arena, part->remark);
    }
    if (!status)
        return append(document, part, in->name);
    return status == PLENARY_ENOMEM ? status : leave_out(document, in->name, fault.message);
}

int part_document_add(struct document *document, const struct read_bytes *in) {
    const char *kind;
    char why[120];
    enum corpus_format format = bytes_format(in->name, in->data, in->size, &kind);
    if (format == FORMAT_MBOX || !format) {
        snprintf(why, sizeof why, "it is %s, which cannot be read", kind ? kind : "a mailbox");
        return leave_out(document, in->name, why);
    }
    struct document part;
    size_t before = document->passage_count;
    document_init(&part);
    int status = add_heading(document, in->name);
    size_t first = document->passage_count;
    if (!status)
        status = read_part(document, &part, in, format);
    if (!status && document->passage_count == first && first > before) { /* it heads nothing */
        document->passage_count = before;
        document->text.size = before ? document->passages[before - 1].text_end : 0;
    }
    document_free(&part);
    return status;
}
