/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Markdown (CommonMark, read by libmd4c): paragraphs, list items, code blocks and the rows of
 * tables become passages below their headings. Tables are GitHub's, which libmd4c is told to leave
 * as paragraphs: rows are passages as they stand. Emphasis, links and images leave their text; HTML
 * leaves its own. A paragraph that is one short run of bold text and stands over others is a
 * heading; one of hard-broken lines, or of names each on its own line, is a passage a line. An
 * image that only decorates leaves nothing.
 */
#include "corpus/charset.h"
#include "corpus/file_document.h"
#include "corpus/front_matter.h"
#include "corpus/letters.h"
#include "corpus/line_cursor.h"
#include "corpus/markdown_dialect.h"
#include "corpus/markdown_inline.h"
#include "corpus/markdown_mend.h"
#include "corpus/notice.h"
#include "corpus/passage_builder.h"
#include "corpus/reader_formats.h"
#include "corpus/reader_html.h"
#include "corpus/reader_text.h"
#include "corpus/turn.h"

#include <md4c.h>
#include <stdio.h>
#include <string.h>

enum {
    MARKDOWN_MAX = 16 << 20,
    /* libmd4c goes over a paragraph's lines for each link in it, and over an address each time that
     * a reference names it. */
    PARAGRAPH_LINES = 8 << 10,
    ADDRESS_BYTES = 64 << 20,
    BOLD_BYTES = 100,
    BOLD_WORDS = 9
};

struct list {
    bool ordered;
    char delimiter;
    int64_t next;
    const char *label; /* of the item we are in */
};

/* A bold paragraph that is a heading if what comes next can stand below one. */
struct bold {
    bool waits;
    struct block block;
    struct bytes text;
};

struct markdown {
    struct passage_builder builder;
    struct decoded decoded;
    struct document *document;
    size_t begin;              /* where the text starts behind the front matter */
    uint64_t first_line;       /* its line */
    struct line_cursor lines;  /* of the text */
    struct bytes mended;       /* the text as it is parsed, where it had to be changed for that */
    struct line_cursor parsed; /* of that */
    struct bytes lists;        /* struct list, outermost first */
    unsigned quotes;           /* block quotes we are in */
    struct markdown_inline in; /* of the block we are in */
    uint64_t line;             /* where its text begins; 0: not yet */
    char fence;                /* of the code block we are in, or 0 */
    struct bold bold;
    unsigned heading_level; /* of the last heading that was marked up as one */
    size_t address_bytes;   /* of links so far */
    bool endless;           /* those are too many */
};

static struct list *innermost(struct markdown *md) {
    return md->lists.size ? (struct list *)(void *)(md->lists.data + md->lists.size) - 1 : NULL;
}

/* ---- Places ------------------------------------------------------------------------------------
 */

/* The place of whole lines. */
static void set_lines(struct markdown *md, struct block *block, uint64_t first, uint64_t last) {
    if (last < first)
        last = first;
    size_t begin = line_cursor_go(&md->lines, first), end = line_cursor_end(&md->lines, last);
    while (begin < end && (md->decoded.text[begin] == ' ' || md->decoded.text[begin] == '\t'))
        begin++;
    block->source_begin = decoded_source_offset(&md->decoded, begin);
    block->source_end = decoded_source_offset(&md->decoded, end);
    block->line_begin = first + md->first_line - 1;
    block->line_end = last + md->first_line - 1;
}

static uint64_t count_lines(const char *begin, const char *end) {
    uint64_t lines = 0;
    while (begin < end && (begin = memchr(begin, '\n', (size_t)(end - begin)))) {
        lines++;
        begin++;
    }
    return lines;
}

static uint64_t lines_so_far(const struct markdown *md) {
    const char *text = (const char *)md->in.text.data;
    return md->in.text.size ? count_lines(text, text + md->in.text.size) : 0;
}

/* The line of the block's start, by a piece of its text. Pieces that libmd4c makes up (indents,
 * ends of lines) lie elsewhere. What was mended is on the lines that it was on. */
static void find_line(struct markdown *md, const char *piece) {
    struct line_cursor *parsed = md->mended.size ? &md->parsed : &md->lines;
    uintptr_t at = (uintptr_t)piece, begin = (uintptr_t)(parsed->text + parsed->begin);
    if (at < begin || at - begin >= parsed->size - parsed->begin)
        return;
    md->line = line_cursor_find(parsed, parsed->begin + (at - begin)) - lines_so_far(md);
}

/* Of a block of so many lines of text. */
static struct block block_of(struct markdown *md, uint64_t lines) {
    const struct list *list = innermost(md);
    struct block block = {.kind = list ? PASSAGE_ITEM : PASSAGE_PARAGRAPH};
    if (list) {
        block.level = (unsigned)(md->lists.size / sizeof *list);
        block.label = list->label;
    }
    md->line = md->line ? md->line : md->lines.line;
    set_lines(md, &block, md->line, md->line + lines - (lines > 0));
    return block;
}

/* ---- Tables ------------------------------------------------------------------------------------
 */

struct row {
    const char *at, *end;
};

static struct row take_row(struct row *rest) {
    const char *newline = memchr(rest->at, '\n', (size_t)(rest->end - rest->at));
    struct row row = {rest->at, newline ? newline : rest->end};
    rest->at = newline ? newline + 1 : rest->end;
    return row;
}

/* "| --- | :-: |": what stands below the head of a table. */
static bool is_delimiter_row(struct row row) {
    bool pipe = false, dash = false;
    for (const char *at = row.at; at < row.end; at++) {
        pipe |= *at == '|';
        dash |= *at == '-';
        if (!strchr("|-: \t\r", *at))
            return false;
    }
    return pipe && dash;
}

/* The head row of the first table in the lines of a paragraph, or NULL. */
static const char *find_table(struct row rest) {
    struct row last = {NULL, NULL};
    if (!memchr(rest.at, '|', (size_t)(rest.end - rest.at)))
        return NULL;
    while (rest.at < rest.end) {
        struct row row = take_row(&rest);
        if (last.at && is_delimiter_row(row) && memchr(last.at, '|', (size_t)(last.end - last.at)))
            return last.at;
        last = row;
    }
    return NULL;
}

/* Cells joined by " | ", the empty ones at both ends left out. */
static int add_row(struct markdown *md, const struct block *block, struct row row) {
    struct bytes *cells = &md->builder.text;
    while (row.at < row.end && strchr("| \t\r", *row.at))
        row.at++;
    while (row.end > row.at && strchr("| \t\r", row.end[-1]))
        row.end--;
    for (const char *at = row.at; at < row.end; at++) {
        if (*at == '|')
            bytes_add(cells, " | ", 3);
        else
            bytes_add_byte(cells, (uint8_t)*at);
    }
    return passage_builder_flush(&md->builder, block);
}

static int add_table(struct markdown *md, struct block block, uint64_t line, struct row rest) {
    int status = 0;
    block.kind = PASSAGE_ROW;
    block.level = 0;
    block.label = NULL;
    for (; !status && rest.at < rest.end; line++) {
        struct row row = take_row(&rest);
        set_lines(md, &block, line, line);
        if (!is_delimiter_row(row))
            status = add_row(md, &block, row);
    }
    return status;
}

/* ---- Paragraphs --------------------------------------------------------------------------------
 */

/* Does a new passage begin behind this line? A hard break is marked by a CR. */
static bool prose_breaks(const struct row *line, const struct row *rest, bool turns, bool roll) {
    size_t size = (size_t)(rest->end - rest->at), next;
    bool hard = line->end > line->at && line->end[-1] == '\r';
    return roll || (turns && turn_starts(rest->at, size)) ||
           (hard && !letters_is_lower(letters_at(rest->at, 0, size, &next)));
}

/* What has been placed: one passage. */
static int add_piece(struct markdown *md, struct block *block, struct row piece) {
    struct markdown_label label = markdown_label_read(piece.at, (size_t)(piece.end - piece.at));
    if (label.text && !(block->label = arena_text(&md->document->arena, piece.at, label.label)))
        return PLENARY_ENOMEM;
    piece.at += label.text;
    size_t size = (size_t)(piece.end - piece.at);
    while (size && strchr("\\ \t\r", piece.at[size - 1]))
        size--; /* a break that was marked where the paragraph ends anyway */
    return passage_builder_add(&md->builder, block, piece.at, size);
}

/* Lines of prose: one passage, or several where lines were meant to stand apart. */
static int add_prose(struct markdown *md, struct block block, uint64_t line, struct row rest) {
    size_t size = (size_t)(rest.end - rest.at);
    bool turns = turn_starts(rest.at, size), roll = markdown_is_roll(rest.at, size);
    int status = 0;
    while (!status && rest.at < rest.end) {
        struct row prose = take_row(&rest), last = prose;
        while (rest.at < rest.end && !prose_breaks(&last, &rest, turns, roll))
            prose.end = (last = take_row(&rest)).end;
        uint64_t lines = count_lines(prose.at, prose.end);
        set_lines(md, &block, line, line + lines);
        status = add_piece(md, &block, prose);
        line += lines + 1;
    }
    return status;
}

/* ---- Bold paragraphs ---------------------------------------------------------------------------
 */

/* What comes after a bold paragraph. */
enum follower { OTHER_FOLLOWS, TEXT_FOLLOWS, LIST_FOLLOWS };

static unsigned count_words(const char *text, size_t size) {
    unsigned words = 0;
    for (size_t at = 0; at < size; at++)
        words += text[at] != ' ' && (!at || text[at - 1] == ' ');
    return words;
}

/* The paragraph we are in, all bold: short enough, and where headings stand? */
static bool may_be_heading(const struct markdown *md) {
    const char *text = (const char *)md->in.text.data;
    size_t size = md->in.text.size;
    return markdown_inline_is_bold(&md->in) && !md->lists.size && !md->quotes &&
           size <= BOLD_BYTES && count_words(text, size) <= BOLD_WORDS && !memchr(text, '\n', size);
}

/* Not a sentence; "Names:" only over a list. */
static bool is_bold_heading(const struct bold *bold, enum follower follower) {
    size_t start;
    uint32_t last = letters_before((const char *)bold->text.data, 0, bold->text.size, &start);
    if (last == ':')
        return follower == LIST_FOLLOWS;
    return follower != OTHER_FOLLOWS && !letters_is_stop(last) && last != ',' && last != ';';
}

/* It is known what comes behind the bold paragraph that waits. All bold headings are one level,
 * below the headings proper and never the first. */
static int settle_bold(struct markdown *md, enum follower follower) {
    struct bold *bold = &md->bold;
    const char *text = (const char *)bold->text.data;
    size_t size = bold->text.size;
    if (!bold->waits)
        return 0;
    bold->waits = false;
    if (!is_bold_heading(bold, follower))
        return add_piece(md, &bold->block, (struct row){text, text + size});
    bold->block.kind = PASSAGE_HEADING;
    bold->block.level = (md->heading_level ? md->heading_level : 1) + 1;
    if (bold->block.level > HEADING_LEVELS)
        bold->block.level = HEADING_LEVELS;
    return passage_builder_add(&md->builder, &bold->block, text, size - (text[size - 1] == ':'));
}

static int keep_bold(struct markdown *md) {
    struct bold *bold = &md->bold;
    *bold = (struct bold){true, block_of(md, 1), bold->text};
    bytes_reset(&bold->text);
    bytes_add(&bold->text, md->in.text.data, md->in.text.size);
    return bold->text.failed ? PLENARY_ENOMEM : 0;
}

/* ---- Blocks ------------------------------------------------------------------------------------
 */

/* Text begins, of a paragraph or of an item that has none. */
static void begin_text(struct markdown *md, bool verbatim) {
    markdown_inline_begin(&md->in, verbatim);
    md->line = 0;
}

static int add_lines(struct markdown *md) {
    struct row all = {(const char *)md->in.text.data,
                      (const char *)md->in.text.data + md->in.text.size};
    struct block block = block_of(md, 1);
    if (!memchr(all.at, '\n', md->in.text.size)) /* most paragraphs: there is nothing to part */
        return add_piece(md, &block, all);
    const char *table = find_table(all);
    uint64_t line = md->line;
    int status = 0;
    if (table != all.at)
        status = add_prose(md, block, line, (struct row){all.at, table ? table : all.end});
    if (!status && table)
        status =
            add_table(md, block, line + count_lines(all.at, table), (struct row){table, all.end});
    return status;
}

/* The end of a paragraph, or of text of an item that has no paragraphs: there may be none. */
static int end_paragraph(struct markdown *md) {
    markdown_inline_end(&md->in);
    bool bold = markdown_inline_is_bold(&md->in);
    int status = settle_bold(md, bold ? OTHER_FOLLOWS : TEXT_FOLLOWS);
    if (md->in.text.failed)
        status = PLENARY_ENOMEM;
    if (!status && md->in.text.size)
        status = may_be_heading(md) ? keep_bold(md) : add_lines(md);
    begin_text(md, false);
    return status;
}

static int end_heading(struct markdown *md, unsigned level) {
    markdown_inline_end(&md->in);
    const char *text = (const char *)md->in.text.data;
    struct block block = block_of(md, lines_so_far(md) + 1);
    block.kind = PASSAGE_HEADING;
    block.level = md->heading_level = level;
    block.label = NULL;
    int status = md->in.text.failed
                     ? PLENARY_ENOMEM
                     : passage_builder_add(&md->builder, &block, text,
                                           markdown_heading_size(text, md->in.text.size));
    begin_text(md, false);
    return status;
}

/* Fences belong to their code. */
static int end_code(struct markdown *md) {
    uint64_t lines = lines_so_far(md);
    if (md->fence && md->line > 1) {
        md->line--;
        lines += 2;
    }
    struct block block = block_of(md, lines);
    int status = md->in.text.failed
                     ? PLENARY_ENOMEM
                     : passage_builder_add(&md->builder, &block, (const char *)md->in.text.data,
                                           md->in.text.size);
    begin_text(md, false);
    return status;
}

static int end_html(struct markdown *md) {
    struct block block = block_of(md, lines_so_far(md));
    struct html_place place = {block.line_begin, block.source_begin, block.source_end};
    int status = md->in.text.failed ? PLENARY_ENOMEM : 0;
    if (!status && md->in.text.size)
        status = html_add_fragment(&md->builder, (const char *)md->in.text.data, md->in.text.size,
                                   &place);
    begin_text(md, false);
    return status;
}

static int enter_list(struct markdown *md, const MD_BLOCK_OL_DETAIL *ordered) {
    struct list list = {.ordered = ordered != NULL};
    if (ordered) {
        list.delimiter = ordered->mark_delimiter;
        list.next = ordered->start;
    }
    bytes_add(&md->lists, &list, sizeof list);
    return md->lists.failed ? PLENARY_ENOMEM : settle_bold(md, LIST_FOLLOWS);
}

static int enter_item(struct markdown *md) {
    struct list *list = innermost(md);
    if (!list || !list->ordered)
        return 0;
    char label[32];
    snprintf(label, sizeof label, "%lld%c", (long long)list->next++, list->delimiter);
    list->label = arena_string(&md->document->arena, label);
    return list->label ? 0 : PLENARY_ENOMEM;
}

static int enter_code(struct markdown *md, const MD_BLOCK_CODE_DETAIL *code) {
    md->fence = code->fence_char;
    begin_text(md, true);
    return settle_bold(md, TEXT_FOLLOWS);
}

/* ---- What libmd4c reports ----------------------------------------------------------------------
 * Not 0 ends the parsing.
 */

static int enter_block(MD_BLOCKTYPE type, void *detail, void *context) {
    struct markdown *md = context;
    /* Items of a list without blank lines have no paragraphs, but text before what is in them. */
    if (md->in.text.size || md->in.piece_size || md->in.run.size) {
        int status = end_paragraph(md);
        if (status)
            return status;
    }
    switch (type) {
    case MD_BLOCK_UL:
        return enter_list(md, NULL);
    case MD_BLOCK_OL:
        return enter_list(md, detail);
    case MD_BLOCK_LI:
        return enter_item(md);
    case MD_BLOCK_CODE:
        return enter_code(md, detail);
    case MD_BLOCK_QUOTE:
        md->quotes++;
        return settle_bold(md, OTHER_FOLLOWS);
    case MD_BLOCK_HTML:
        begin_text(md, true);
        return settle_bold(md, OTHER_FOLLOWS);
    case MD_BLOCK_H:
    case MD_BLOCK_HR:
        return settle_bold(md, OTHER_FOLLOWS);
    default:
        return 0;
    }
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *context) {
    struct markdown *md = context;
    switch (type) {
    case MD_BLOCK_P:
    case MD_BLOCK_LI:
        return end_paragraph(md);
    case MD_BLOCK_H:
        return end_heading(md, ((const MD_BLOCK_H_DETAIL *)detail)->level);
    case MD_BLOCK_CODE:
        return end_code(md);
    case MD_BLOCK_HTML:
        return end_html(md);
    case MD_BLOCK_UL:
    case MD_BLOCK_OL:
        md->lists.size -= sizeof(struct list);
        return 0;
    case MD_BLOCK_QUOTE:
        md->quotes--;
        return 0;
    case MD_BLOCK_DOC:
        return settle_bold(md, OTHER_FOLLOWS);
    default:
        return 0;
    }
}

static int enter_span(MD_SPANTYPE type, void *detail, void *context) {
    struct markdown *md = context;
    if (type == MD_SPAN_A || type == MD_SPAN_IMG) { /* the details of both begin alike */
        const MD_SPAN_A_DETAIL *link = detail;
        md->address_bytes += link->href.size + link->title.size;
        md->endless = md->address_bytes > ADDRESS_BYTES;
    }
    markdown_inline_enter(&md->in, type);
    return md->endless ? PLENARY_EINVALID : 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *context) {
    struct markdown *md = context;
    (void)detail;
    markdown_inline_leave(&md->in, type);
    return 0;
}

static int add_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *context) {
    struct markdown *md = context;
    if (!md->line)
        find_line(md, text);
    markdown_inline_text(&md->in, type, text, size);
    return md->in.text.failed ? PLENARY_ENOMEM : 0;
}

/* ---- The whole ---------------------------------------------------------------------------------
 */

/* 0, or PLENARY_ENOMEM; or PLENARY_EINVALID: it would take too long. */
static int cut(struct markdown *md) {
    static const MD_PARSER parser = {.flags = MD_DIALECT_COMMONMARK,
                                     .enter_block = enter_block,
                                     .leave_block = leave_block,
                                     .enter_span = enter_span,
                                     .leave_span = leave_span,
                                     .text = add_text};
    const char *text = md->decoded.text + md->begin;
    size_t size = md->decoded.size - md->begin, padding;
    md->in.footnotes = markdown_has_footnotes(text, size);
    line_cursor_init(&md->lines, md->decoded.text, md->begin, md->decoded.size);
    if (markdown_mend(&md->mended, text, size, &padding)) {
        text = (const char *)md->mended.data;
        size = md->mended.size;
        line_cursor_init(&md->parsed, text, padding, size);
    }
    if (md->mended.failed || !size)
        return md->mended.failed ? PLENARY_ENOMEM : 0;
    if (markdown_is_endless(text, size, PARAGRAPH_LINES))
        return PLENARY_EINVALID;
    int status = md_parse(text, (MD_SIZE)size, &parser, md);
    return !status ? 0 : md->endless ? PLENARY_EINVALID : PLENARY_ENOMEM;
}

static int parse(struct markdown *md) {
    const char *text = md->decoded.text;
    if (!md->decoded.size)
        return 0;
    if (front_matter_read(md->document, text, md->decoded.size, &md->begin))
        return PLENARY_ENOMEM;
    md->first_line = 1 + count_lines(text, text + md->begin);
    int status = cut(md);
    if (!status)
        status = turn_mark(md->document);
    if (!status && !md->document->title) /* the front matter knows best */
        status = file_document_title(md->document, NULL);
    md->document->replaced_bytes = md->decoded.replaced;
    return status;
}

static void markdown_free(struct markdown *md) {
    decoded_free(&md->decoded);
    passage_builder_free(&md->builder);
    markdown_inline_free(&md->in);
    bytes_free(&md->mended);
    bytes_free(&md->lists);
    bytes_free(&md->bold.text);
}

int reader_markdown_read(const struct unit *unit, const struct corpus_options *options,
                         struct document *scratch, document_fn each, void *context,
                         uint64_t *skipped, struct error *err) {
    struct markdown md = {.document = scratch};
    const char *why = unit->size > MARKDOWN_MAX ? "so much" : NULL;
    int status = why ? 0 : file_document_begin(scratch, unit, err);
    if (!status && !why)
        status = charset_decode(&md.decoded, unit->data, unit->size, err);
    passage_builder_init(&md.builder, scratch);
    int parsed = status || why ? 0 : parse(&md);
    markdown_free(&md);
    if (parsed == PLENARY_EINVALID)
        why = "with such paragraphs or links";
    if (why) {
        notice_send(options, NOTICE_WARNING, unit->path, 0, "Markdown %s is read as plain text",
                    why);
        return reader_text_read(unit, options, scratch, each, context, skipped, err);
    }
    if (parsed)
        status = error_memory(err);
    return status ? status
                  : file_document_finish(scratch, unit, options, each, context, skipped, err);
}
