/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Markdown (CommonMark, read by libcmark): paragraphs, list items, code blocks and the rows of
 * tables become passages below their headings. Tables are GitHub's, which libcmark knows as
 * paragraphs only. Emphasis, links and images leave their text; HTML leaves its own. A paragraph
 * that is one short run of bold text and stands over others is a heading; one of hard-broken lines,
 * or of names each on its own line, is a passage a line. An image that only decorates leaves
 * nothing.
 */
#include "corpus/charset.h"
#include "corpus/file_document.h"
#include "corpus/front_matter.h"
#include "corpus/letters.h"
#include "corpus/markdown_dialect.h"
#include "corpus/markdown_memory.h"
#include "corpus/notice.h"
#include "corpus/passage_builder.h"
#include "corpus/reader_formats.h"
#include "corpus/reader_html.h"
#include "corpus/reader_text.h"
#include "corpus/turn.h"

#include <cmark.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* libcmark's tree takes up to some hundred times the text, and it aborts when memory is short. */
enum { MARKDOWN_MAX = 16 << 20, BOLD_BYTES = 100, BOLD_WORDS = 9 };

struct list {
    bool ordered;
    char delimiter;
    int64_t next;
    const char *label; /* of the item we are in */
};

struct markdown {
    struct passage_builder builder;
    struct decoded decoded;
    struct document *document;
    size_t begin;        /* where the text starts behind the front matter */
    uint64_t first_line; /* its line */
    /* The line last looked up; questions come in ascending order. */
    uint64_t cursor_line;
    size_t cursor;
    struct bytes lists;     /* struct list, outermost first */
    struct arena tree;      /* what libcmark makes of it */
    unsigned heading_level; /* of the last heading that was marked up as one */
    bool footnotes;         /* the text has some */
    bool returns;           /* it has CRs */
};

static struct list *innermost(struct markdown *md) {
    return md->lists.size ? (struct list *)(void *)(md->lists.data + md->lists.size) - 1 : NULL;
}

/* ---- Places ------------------------------------------------------------------------------------
 */

/* The end of the line that `at` is in. */
static size_t line_stop(const struct markdown *md, size_t at) {
    const struct decoded *decoded = &md->decoded;
    const char *text = decoded->text, *stop = NULL;
    if (at < decoded->size)
        stop = memchr(text + at, '\n', decoded->size - at);
    size_t end = stop ? (size_t)(stop - text) : decoded->size;
    const char *cr = md->returns && at < end ? memchr(text + at, '\r', end - at) : NULL;
    return cr ? (size_t)(cr - text) : end;
}

/* Behind the end of the line that starts at `at`: libcmark ends lines at LF, CR and CRLF. */
static size_t next_line(const struct markdown *md, size_t at) {
    const struct decoded *decoded = &md->decoded;
    const char *text = decoded->text;
    at = line_stop(md, at);
    if (at + 1 < decoded->size && text[at] == '\r' && text[at + 1] == '\n')
        at++;
    return at < decoded->size ? at + 1 : at;
}

/* Where a line (as libcmark counts, from 1) starts in the decoded text. */
static size_t line_begin(struct markdown *md, uint64_t line) {
    if (line < md->cursor_line) {
        md->cursor_line = 1;
        md->cursor = md->begin;
    }
    while (md->cursor_line < line && md->cursor < md->decoded.size) {
        md->cursor = next_line(md, md->cursor);
        md->cursor_line++;
    }
    return md->cursor;
}

/* Where a line ends that lies at or behind the one that line_begin stands at, which stays there. */
static size_t line_end(const struct markdown *md, uint64_t line) {
    size_t at = md->cursor;
    for (uint64_t number = md->cursor_line; number < line && at < md->decoded.size; number++)
        at = next_line(md, at);
    return line_stop(md, at);
}

/* The place of whole lines. */
static void set_lines(struct markdown *md, struct block *block, uint64_t first, uint64_t last) {
    if (last < first)
        last = first;
    size_t begin = line_begin(md, first);
    size_t end = last > first ? line_end(md, last) : line_stop(md, begin);
    while (begin < end && (md->decoded.text[begin] == ' ' || md->decoded.text[begin] == '\t'))
        begin++;
    block->source_begin = decoded_source_offset(&md->decoded, begin);
    block->source_end = decoded_source_offset(&md->decoded, end);
    block->line_begin = first + md->first_line - 1;
    block->line_end = last + md->first_line - 1;
}

static uint64_t positive(int line) {
    return line > 0 ? (uint64_t)line : 1;
}

static struct block block_of(struct markdown *md, cmark_node *node) {
    const struct list *list = innermost(md);
    struct block block = {.kind = list ? PASSAGE_ITEM : PASSAGE_PARAGRAPH};
    if (list) {
        block.level = (unsigned)(md->lists.size / sizeof *list);
        block.label = list->label;
    }
    set_lines(md, &block, positive(cmark_node_get_start_line(node)),
              positive(cmark_node_get_end_line(node)));
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
    struct bytes *folded = &md->builder.text;
    size_t start = folded->size;
    while (row.at < row.end && strchr("| \t\r", *row.at))
        row.at++;
    while (row.end > row.at && strchr("| \t\r", row.end[-1]))
        row.end--;
    for (const char *at = row.at; at < row.end; at++) {
        if (*at == '|')
            bytes_add(folded, " | ", 3);
        else
            bytes_add_byte(folded, (uint8_t)*at);
    }
    if (folded->failed)
        return PLENARY_ENOMEM;
    int status = passage_builder_add(&md->builder, block, (const char *)folded->data + start,
                                     folded->size - start);
    folded->size = start;
    return status;
}

static int add_table(struct markdown *md, struct block block, uint64_t line, struct row rest) {
    /* add_row writes behind the text it reads from, which may move. */
    struct bytes rows = BYTES_INIT;
    bytes_add(&rows, rest.at, (size_t)(rest.end - rest.at));
    int status = rows.failed ? PLENARY_ENOMEM : 0;
    block.kind = PASSAGE_ROW;
    block.level = 0;
    block.label = NULL;
    rest = (struct row){(const char *)rows.data, (const char *)rows.data + rows.size};
    for (; !status && rest.at < rest.end; line++) {
        struct row row = take_row(&rest);
        set_lines(md, &block, line, line);
        if (!is_delimiter_row(row))
            status = add_row(md, &block, row);
    }
    bytes_free(&rows);
    return status;
}

/* ---- Paragraphs --------------------------------------------------------------------------------
 */

static uint64_t count_lines(const char *begin, const char *end) {
    uint64_t lines = 0;
    while (begin < end && (begin = memchr(begin, '\n', (size_t)(end - begin)))) {
        lines++;
        begin++;
    }
    return lines;
}

/* Does a new passage begin behind this line? add_inline marks hard breaks by a CR. */
static bool prose_breaks(const struct row *line, const struct row *rest, bool turns, bool roll) {
    size_t size = (size_t)(rest->end - rest->at), next;
    bool hard = line->end > line->at && line->end[-1] == '\r';
    return roll || (turns && turn_starts(rest->at, size)) ||
           (hard && !letters_is_lower(letters_at(rest->at, 0, size, &next)));
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
        struct markdown_label label = markdown_label_read(prose.at, (size_t)(prose.end - prose.at));
        if (label.text && !(block.label = arena_text(&md->document->arena, prose.at, label.label)))
            return PLENARY_ENOMEM;
        prose.at += label.text;
        size = (size_t)(prose.end - prose.at);
        while (size && strchr("\\ \t\r", prose.at[size - 1]))
            size--; /* a break that was marked where the paragraph ends anyway */
        status = passage_builder_add(&md->builder, &block, prose.at, size);
        line += lines + 1;
    }
    return status;
}

/* ---- Bold paragraphs ---------------------------------------------------------------------------
 */

/* A paragraph that is one run of bold text. */
static bool is_bold(cmark_node *node) {
    cmark_node *first = cmark_node_first_child(node);
    return cmark_node_get_type(node) == CMARK_NODE_PARAGRAPH && first &&
           cmark_node_get_type(first) == CMARK_NODE_STRONG && !cmark_node_next(first);
}

static unsigned count_words(const char *text, size_t size) {
    unsigned words = 0;
    for (size_t at = 0; at < size; at++)
        words += text[at] != ' ' && (!at || text[at - 1] == ' ');
    return words;
}

/* Does the text, all bold, head what follows? Not a sentence; "Names:" only over a list. */
static bool is_bold_heading(const struct markdown *md, cmark_node *node) {
    cmark_node *next = cmark_node_next(node);
    const char *text = (const char *)md->builder.text.data;
    size_t size = md->builder.text.size, start;
    if (md->lists.size || !is_bold(node) || !next || size > BOLD_BYTES ||
        count_words(text, size) > BOLD_WORDS ||
        cmark_node_get_type(cmark_node_parent(node)) != CMARK_NODE_DOCUMENT ||
        memchr(text, '\n', size))
        return false;
    cmark_node_type type = cmark_node_get_type(next);
    uint32_t last = letters_before(text, 0, size, &start);
    if (last == ':')
        return type == CMARK_NODE_LIST;
    return !letters_is_stop(last) && last != ',' && last != ';' && !is_bold(next) &&
           (type == CMARK_NODE_LIST || type == CMARK_NODE_PARAGRAPH ||
            type == CMARK_NODE_CODE_BLOCK);
}

/* All bold headings are one level, below the headings proper and never the first. */
static int add_bold_heading(struct markdown *md, cmark_node *node) {
    struct block block = {.kind = PASSAGE_HEADING,
                          .level = (md->heading_level ? md->heading_level : 1) + 1};
    struct bytes *text = &md->builder.text;
    set_lines(md, &block, positive(cmark_node_get_start_line(node)),
              positive(cmark_node_get_end_line(node)));
    block.level = block.level > HEADING_LEVELS ? HEADING_LEVELS : block.level;
    if (text->data[text->size - 1] == ':')
        text->size--;
    return passage_builder_flush(&md->builder, &block);
}

static int add_paragraph(struct markdown *md, cmark_node *node) {
    struct bytes *text = &md->builder.text;
    if (text->failed)
        return PLENARY_ENOMEM;
    if (!text->size)
        return 0;
    if (is_bold_heading(md, node))
        return add_bold_heading(md, node);
    struct row all = {(const char *)text->data, (const char *)text->data + text->size};
    struct block block = block_of(md, node);
    uint64_t line = positive(cmark_node_get_start_line(node));
    const char *table = find_table(all);
    int status = 0;
    if (table != all.at)
        status = add_prose(md, block, line, (struct row){all.at, table ? table : all.end});
    if (!status && table)
        status =
            add_table(md, block, line + count_lines(all.at, table), (struct row){table, all.end});
    bytes_reset(text);
    return status;
}

/* ---- Blocks ------------------------------------------------------------------------------------
 */

static int add_literal(struct markdown *md, cmark_node *node) {
    const char *text = cmark_node_get_literal(node);
    struct block block = block_of(md, node);
    if (!text)
        return 0;
    if (cmark_node_get_type(node) == CMARK_NODE_CODE_BLOCK)
        return passage_builder_add(&md->builder, &block, text, strlen(text));
    struct html_place place = {block.line_begin, block.source_begin, block.source_end};
    return html_add_fragment(&md->builder, text, strlen(text), &place);
}

static int add_heading(struct markdown *md, cmark_node *node) {
    struct block block = block_of(md, node);
    block.kind = PASSAGE_HEADING;
    block.level = md->heading_level = (unsigned)cmark_node_get_heading_level(node);
    block.label = NULL;
    struct bytes *text = &md->builder.text;
    text->size = markdown_heading_size((const char *)text->data, text->size);
    return passage_builder_flush(&md->builder, &block);
}

static int enter_list(struct markdown *md, cmark_node *node) {
    bool paren = cmark_node_get_list_delim(node) == CMARK_PAREN_DELIM;
    struct list list = {.ordered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST,
                        .delimiter = paren ? ')' : '.',
                        .next = cmark_node_get_list_start(node)};
    bytes_add(&md->lists, &list, sizeof list);
    return md->lists.failed ? PLENARY_ENOMEM : 0;
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

static int enter_block(struct markdown *md, cmark_node *node) {
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_LIST:
        return enter_list(md, node);
    case CMARK_NODE_ITEM:
        return enter_item(md);
    case CMARK_NODE_CODE_BLOCK:
    case CMARK_NODE_HTML_BLOCK:
        return add_literal(md, node);
    default:
        return 0;
    }
}

static int exit_block(struct markdown *md, cmark_node *node) {
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_LIST:
        md->lists.size -= sizeof(struct list);
        return 0;
    case CMARK_NODE_HEADING:
        return add_heading(md, node);
    case CMARK_NODE_PARAGRAPH:
        return add_paragraph(md, node);
    default:
        return 0;
    }
}

/* What stands in for a picture that says nothing: its file's name, a logo, a badge. */
static bool is_decoration(cmark_node *node, const char *text) {
    static const char *const names[] = {"logo",    "icon",    "badge",   "image",
                                        "drawing", "picture", "alt_text"};
    cmark_node *image = cmark_node_parent(node);
    size_t size = strlen(text);
    if (!image || cmark_node_get_type(image) != CMARK_NODE_IMAGE || cmark_node_next(node) ||
        cmark_node_previous(node))
        return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t length = strlen(names[i]);
        if (size >= length && !strcasecmp(text + size - length, names[i]))
            return true;
    }
    return size > 4 && text[size - 4] == '.' && !strchr(text, ' ');
}

/* Newlines of the source stay for add_paragraph, which tells tables and turns by them. */
static void add_inline(struct markdown *md, cmark_node *node) {
    const char *literal;
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_TEXT:
        literal = cmark_node_get_literal(node);
        if (literal && !is_decoration(node, literal))
            markdown_add_text(&md->builder.text, literal, strlen(literal), md->footnotes);
        break;
    case CMARK_NODE_CODE:
        literal = cmark_node_get_literal(node);
        if (literal)
            bytes_add_string(&md->builder.text, literal);
        break;
    case CMARK_NODE_LINEBREAK:
        bytes_add_string(&md->builder.text, "\r\n");
        break;
    case CMARK_NODE_SOFTBREAK:
        bytes_add_byte(&md->builder.text, '\n');
        break;
    case CMARK_NODE_HTML_INLINE:
        literal = cmark_node_get_literal(node);
        if (literal && !strncasecmp(literal, "<br", 3))
            bytes_add_byte(&md->builder.text, ' ');
        break;
    default:
        break;
    }
}

static int cut(struct markdown *md, cmark_node *root) {
    cmark_iter *iter = cmark_iter_new(root);
    cmark_event_type event;
    int status = 0;
    while (!status && (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (cmark_node_get_type(node) > CMARK_NODE_LAST_BLOCK) {
            if (event == CMARK_EVENT_ENTER)
                add_inline(md, node);
        } else {
            status = event == CMARK_EVENT_ENTER ? enter_block(md, node) : exit_block(md, node);
        }
    }
    cmark_iter_free(iter);
    return status;
}

static cmark_node *parse_tree(struct markdown *md) {
    const char *text = md->decoded.text + md->begin;
    size_t size = md->decoded.size - md->begin;
    struct bytes moved = BYTES_INIT;
    cmark_node *root = NULL;
    md->footnotes = markdown_has_footnotes(text, size);
    bool unindented = markdown_unindent(&moved, text, size);
    if (!moved.failed) {
        cmark_mem *memory = markdown_memory_use(&md->tree);
        cmark_parser *parser = cmark_parser_new_with_mem(CMARK_OPT_DEFAULT, memory);
        cmark_parser_feed(parser, unindented ? (const char *)moved.data : text,
                          unindented ? moved.size : size);
        root = cmark_parser_finish(parser);
    }
    bytes_free(&moved);
    return root;
}

static int parse(struct markdown *md) {
    const char *text = md->decoded.text;
    if (front_matter_read(md->document, text, md->decoded.size, &md->begin))
        return PLENARY_ENOMEM;
    md->first_line = 1 + count_lines(text, text + md->begin);
    md->cursor_line = 1;
    md->cursor = md->begin;
    md->returns = md->decoded.size && memchr(text, '\r', md->decoded.size);
    cmark_node *root = parse_tree(md);
    int status = root ? cut(md, root) : PLENARY_ENOMEM;
    markdown_memory_use(NULL);
    arena_free(&md->tree);
    if (!status)
        status = turn_mark(md->document);
    if (!status && !md->document->title) /* the front matter knows best */
        status = file_document_title(md->document, NULL);
    md->document->replaced_bytes = md->decoded.replaced;
    return status;
}

int reader_markdown_read(const struct unit *unit, const struct corpus_options *options,
                         struct document *scratch, document_fn each, void *context,
                         uint64_t *skipped, struct error *err) {
    if (unit->size > MARKDOWN_MAX) {
        notice_send(options, NOTICE_WARNING, unit->path, 0,
                    "Markdown of more than %d MiB is read as plain text", MARKDOWN_MAX >> 20);
        return reader_text_read(unit, options, scratch, each, context, skipped, err);
    }
    struct markdown md = {.document = scratch};
    int status = file_document_begin(scratch, unit, err);
    if (!status)
        status = charset_decode(&md.decoded, unit->data, unit->size, err);
    passage_builder_init(&md.builder, scratch);
    if (!status && parse(&md))
        status = error_memory(err);
    decoded_free(&md.decoded);
    passage_builder_free(&md.builder);
    bytes_free(&md.lists);
    return status ? status
                  : file_document_finish(scratch, unit, options, each, context, skipped, err);
}
