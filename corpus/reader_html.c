/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * HTML becomes passages, from the events of libxml2's HTML parser: no tree is built, so that
 * neither depth nor size of the input bears on memory (and libxml2's limit of 256 levels, which
 * holds for its tree, drops no text). Blocks, list items and table rows end a passage; two <br>
 * do, one is a space. What a reader would not see is left out.
 */
#include "corpus/reader_html.h"

#include "corpus/date.h"
#include "corpus/file_document.h"
#include "corpus/html_decode.h"
#include "corpus/html_element.h"
#include "corpus/markdown_dialect.h"
#include "corpus/notice.h"
#include "corpus/paragraph.h"
#include "corpus/reader_formats.h"
#include "corpus/turn.h"

#include <ctype.h>
#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    DEPTH_MAX = 1024,
    DEPTH_OUTER = 2,
    DEPTH_SHED = 512,    /* see shed_depth */
    CELL_PARAGRAPH = 400 /* bytes of text in a table's cell that make it a page layout, not data */
};

/* An open element, with what it inherits from those around it. */
struct element {
    enum html_element kind;
    bool removed, row, pre, item, title, ordered;
    bool aside;        /* removed as navigation or as hidden, not as a script */
    uint8_t heading;   /* 1..6: inside it */
    char style;        /* <ol type=>, or '1' */
    uint32_t lists;    /* how many are around it */
    size_t list;       /* stack index of the innermost, plus one */
    int64_t next;      /* <ol>: the number of its next item */
    const char *label; /* of the item around it */
};

struct html {
    struct passage_builder *builder;
    struct document *document;
    htmlParserCtxtPtr parser;
    const struct html_text *text;   /* a file's text, or NULL */
    const struct html_place *place; /* a fragment's place, or NULL */
    bool xml;                       /* elements of unknown names are blocks */
    bool keeps_asides;              /* see read_text */
    uint64_t aside_bytes;           /* of text that was left out as an aside */
    struct bytes stack;             /* struct element, outermost first; never empty */
    struct bytes title;
    uint32_t time; /* of the first <time> */
    /* The block that is being collected in builder->text: */
    bool started;
    uint64_t line_begin, line_end, begin, end;
    size_t after_break;          /* size of the text behind the last <br>, or 0 */
    size_t name_element;         /* stack size inside an element that may name the speaker, or 0 */
    size_t name_begin, name_end; /* in builder->text */
    bool name_sure;
    int status;
};

static struct element *top(struct html *html) {
    return (struct element *)(void *)(html->stack.data + html->stack.size) - 1;
}

static size_t depth(const struct html *html) {
    return html->stack.size / sizeof(struct element);
}

static void fail(struct html *html) {
    html->status = PLENARY_ENOMEM;
    if (html->parser)
        xmlStopParser(html->parser);
}

/* ---- Blocks ------------------------------------------------------------------------------------
 */

/* "HON. P.K. BALA.:" is printed with a stop and a colon that are not the name's. */
static const char *speaker_of(struct html *html) {
    const char *text = (const char *)html->builder->text.data;
    size_t begin = html->name_begin, end = html->name_end, size = html->builder->text.size;
    if (!end || end > size)
        return NULL;
    while (begin < end && (unsigned char)text[begin] <= ' ')
        begin++;
    size_t after = end;
    while (after < size && (unsigned char)text[after] <= ' ')
        after++;
    bool colon = after < size && text[after] == ':';
    /* "HON. SPEAKER.- Order!": some mark up the first words of the speech with the name. */
    const char *dash = memmem(text + begin, end - begin, ".-", 2);
    if (dash)
        end = (size_t)(dash - text);
    while (end > begin && strchr(" \t\r\n:.-", text[end - 1])) {
        colon |= text[end - 1] == ':';
        end--;
    }
    if (end == begin || end - begin > 120 || (!colon && !html->name_sure))
        return NULL;
    return arena_text(&html->document->arena, text + begin, end - begin);
}

static struct block block_of(struct html *html) {
    const struct element *element = top(html);
    struct block block = {.kind = element->heading ? PASSAGE_HEADING
                                  : element->row && html->builder->text.size < CELL_PARAGRAPH * 2
                                      ? PASSAGE_ROW
                                  : element->item ? PASSAGE_ITEM
                                                  : PASSAGE_PARAGRAPH,
                          .line_begin = html->line_begin,
                          .line_end = html->line_end};
    if (block.kind == PASSAGE_HEADING) {
        block.level = element->heading;
    } else if (block.kind == PASSAGE_ITEM) {
        block.level = element->lists ? element->lists : 1;
        block.label = element->label;
    }
    if (block.kind != PASSAGE_HEADING)
        block.speaker = speaker_of(html);
    if (html->place) {
        block.line_begin += html->place->line - 1;
        block.line_end += html->place->line - 1;
        block.source_begin = html->place->source_begin;
        block.source_end = html->place->source_end;
    } else {
        block.source_begin = html_text_source(html->text, html->begin);
        block.source_end = html_text_source(html->text, html->end);
    }
    return block;
}

/* Preformatted text with blank lines is a plain-text document of its own. */
static int add_preformatted(struct html *html, const struct block *block) {
    struct document *document = html->document;
    const struct bytes *text = &html->builder->text;
    size_t first = document->passage_count;
    struct cut_options options = {.record = true, .line = block->line_begin};
    if (paragraph_cut(document, (const char *)text->data, text->size, &options, NULL))
        return PLENARY_ENOMEM;
    for (size_t i = first; i < document->passage_count; i++) {
        struct passage *passage = &document->passages[i];
        passage->source_begin = block->source_begin;
        passage->source_end = block->source_end;
        if (!passage->heading)
            passage->heading = html->builder->path;
    }
    return 0;
}

/* The block ends: make it a passage. */
static void flush(struct html *html) {
    struct bytes *text = &html->builder->text;
    if (html->started && !html->status) {
        struct block block = block_of(html);
        bool preformatted = top(html)->pre
                                ? memmem(text->data, text->size, "\n\n", 2) != NULL
                                : markdown_is_source((const char *)text->data, text->size);
        int status = preformatted ? add_preformatted(html, &block)
                                  : passage_builder_flush(html->builder, &block);
        if (status)
            fail(html);
    }
    bytes_reset(text);
    html->started = false;
    html->after_break = html->name_element = html->name_begin = html->name_end = 0;
}

/* Cells hold short text; paragraphs in them part words, and passages only where a table serves for
 * page layout. */
static void block_border(struct html *html) {
    if (top(html)->row && html->builder->text.size < CELL_PARAGRAPH)
        bytes_add_byte(&html->builder->text, ' ');
    else
        flush(html);
}

/* ---- Text --------------------------------------------------------------------------------------
 */

static uint64_t count_newlines(const char *text, size_t size) {
    uint64_t count = 0;
    for (size_t i = 0; i < size; i++)
        count += text[i] == '\n';
    return count;
}

/* The parser stands behind the text it reports; text that came from an entity was longer. */
static void note_place(struct html *html, const char *text, size_t size) {
    long at = xmlByteConsumed(html->parser);
    uint64_t end = at > 0 ? (uint64_t)at : 0;
    uint64_t line = html->parser->input ? (uint64_t)html->parser->input->line : 1;
    if (!html->started) {
        uint64_t lines = count_newlines(text, size);
        html->started = true;
        html->begin = end > size ? end - size : 0;
        if (html->text)
            html->begin = html_text_entity(html->text, html->begin, end);
        html->line_begin = line > lines ? line - lines : 1;
        while (size && isspace((unsigned char)*text)) {
            html->line_begin += *text == '\n';
            html->begin++;
            text++;
            size--;
        }
    }
    uint64_t trailing = 0;
    while (size && isspace((unsigned char)text[size - 1])) {
        trailing += text[--size] == '\n';
        end -= end > html->begin;
    }
    html->end = end;
    html->line_end = line > trailing + html->line_begin ? line - trailing : html->line_begin;
}

static bool is_blank(const char *text, size_t size) {
    for (size_t i = 0; i < size; i++)
        if (!isspace((unsigned char)text[i]))
            return false;
    return true;
}

static void on_text(void *context, const xmlChar *characters, int length) {
    struct html *html = context;
    const char *text = (const char *)characters;
    size_t size = length > 0 ? (size_t)length : 0;
    const struct element *element = top(html);
    if (html->status || element->removed) {
        html->aside_bytes += element->aside && !is_blank(text, size) ? size : 0;
        return;
    }
    if (element->title) {
        bytes_add(&html->title, text, size);
        return;
    }
    if (!is_blank(text, size)) {
        note_place(html, text, size);
        html->after_break = 0;
    }
    bytes_add(&html->builder->text, text, size);
    if (html->builder->text.failed)
        fail(html);
}

static void on_break(struct html *html) {
    if (html->after_break) {
        flush(html);
        return;
    }
    bytes_add_byte(&html->builder->text, '\n');
    html->after_break = html->builder->text.size;
}

static void on_image(struct html *html, const xmlChar **attributes) {
    const char *alternative = html_attribute((const xmlChar *const *)attributes, "alt");
    if (!alternative || !*alternative)
        return;
    bytes_add_byte(&html->builder->text, ' ');
    on_text(html, (const xmlChar *)alternative, (int)strnlen(alternative, 1000));
    bytes_add_byte(&html->builder->text, ' ');
}

/* ---- Metadata ----------------------------------------------------------------------------------
 */

static bool is_among(const char *name, const char *const *names, size_t count) {
    for (size_t i = 0; name && i < count; i++)
        if (!strcasecmp(name, names[i]))
            return true;
    return false;
}

static void set_language(struct html *html, const char *language) {
    struct document *document = html->document;
    if (language && *language && !document->language && !html->place &&
        !(document->language = arena_string(&document->arena, language)))
        fail(html);
}

static void on_meta(struct html *html, const xmlChar **attributes) {
    static const char *const dates[] = {
        "date",         "dc.date",     "dcterms.date", "dcterms.issued",         "dc.date.issued",
        "meeting-date", "meetingdate", "pubdate",      "article:published_time", "citation_date"};
    static const char *const languages[] = {"dc.language", "dcterms.language", "language",
                                            "content-language"};
    const xmlChar *const *list = (const xmlChar *const *)attributes;
    const char *name = html_attribute(list, "name"), *value = html_attribute(list, "content");
    if (!name)
        name = html_attribute(list, "property");
    if (!name)
        name = html_attribute(list, "http-equiv");
    if (!value || html->place)
        return;
    if (!html->document->date && is_among(name, dates, sizeof dates / sizeof *dates))
        html->document->date = date_find(value, strlen(value));
    if (is_among(name, languages, sizeof languages / sizeof *languages))
        set_language(html, value);
}

static void on_time(struct html *html, const xmlChar **attributes) {
    const char *value = html_attribute((const xmlChar *const *)attributes, "datetime");
    if (value && !html->time)
        html->time = date_parse(value);
}

/* ---- Elements ----------------------------------------------------------------------------------
 */

static void start_list(struct element *element, size_t index, const char *name,
                       const xmlChar **attributes) {
    const char *start = html_attribute((const xmlChar *const *)attributes, "start");
    const char *type = html_attribute((const xmlChar *const *)attributes, "type");
    element->ordered = !strcmp(name, "ol");
    element->lists++;
    element->list = index + 1;
    element->next = start ? strtol(start, NULL, 10) : 1;
    element->style = type && (*type == 'a' || *type == 'A') ? *type : '1';
    element->row = element->item = false;
    element->label = NULL;
}

static void start_item(struct html *html, struct element *element, const xmlChar **attributes) {
    element->item = true;
    element->row = false;
    element->label = NULL;
    if (!element->list)
        return;
    struct element *list = (struct element *)(void *)html->stack.data + (element->list - 1);
    const char *value = html_attribute((const xmlChar *const *)attributes, "value");
    if (!list->ordered)
        return;
    if (value && *value)
        list->next = strtol(value, NULL, 10);
    char label[32];
    if (list->style != '1' && list->next >= 1 && list->next <= 26)
        snprintf(label, sizeof label, "%c.", (char)(list->style + list->next - 1));
    else
        snprintf(label, sizeof label, "%lld.", (long long)list->next);
    list->next += list->next < INT64_MAX;
    element->label = arena_string(&html->document->arena, label);
    if (!element->label)
        fail(html);
}

/* An element at the start of a passage whose class says that it names the speaker. */
static void start_name(struct html *html, const xmlChar **attributes) {
    const xmlChar *const *list = (const xmlChar *const *)attributes;
    if (html->started || html->name_end || html->name_element || !list)
        return;
    bool sure = html_has_class(list, "speaker") || html_has_class(list, "speaker-name");
    if (!sure && !html_has_class(list, "name") && !html_has_class(list, "member"))
        return;
    html->name_sure = sure;
    html->name_begin = html->builder->text.size;
    html->name_element = depth(html);
}

/* What starts before the element itself counts as open. */
static void before_start(struct html *html, enum html_element kind) {
    switch (kind) {
    case HTML_BLOCK:
        block_border(html);
        break;
    case HTML_HEADING:
    case HTML_ITEM:
    case HTML_LIST:
    case HTML_TABLE:
    case HTML_ROW:
    case HTML_PRE:
        flush(html);
        break;
    case HTML_CELL:
        if (html->started)
            bytes_add_string(&html->builder->text, " | ");
        break;
    default:
        break;
    }
}

static void inherit(struct html *html, struct element *element, const char *name,
                    const xmlChar **attributes) {
    switch (element->kind) {
    case HTML_HEADING:
        element->heading = name[0] == 'h' ? (uint8_t)(name[1] - '0') : 2;
        element->row = element->item = false;
        break;
    case HTML_LIST:
        start_list(element, depth(html), name, attributes);
        break;
    case HTML_ITEM:
        start_item(html, element, attributes);
        break;
    case HTML_TABLE:
        element->row = element->item = false;
        element->heading = 0;
        break;
    case HTML_ROW:
        element->row = true;
        break;
    case HTML_PRE:
        element->pre = true;
        break;
    case HTML_TITLE:
        element->title = !html->place && !html->title.size;
        element->removed = !element->title;
        break;
    default:
        break;
    }
}

static void after_start(struct html *html, enum html_element kind, const xmlChar **attributes) {
    switch (kind) {
    case HTML_BREAK:
        on_break(html);
        break;
    case HTML_IMAGE:
        on_image(html, attributes);
        break;
    case HTML_META:
        on_meta(html, attributes);
        break;
    case HTML_TIME:
        on_time(html, attributes);
        break;
    case HTML_ROOT:
        set_language(html, html_attribute((const xmlChar *const *)attributes, "lang"));
        break;
    case HTML_INLINE:
        start_name(html, attributes);
        break;
    default:
        break;
    }
}

/*
 * libxml2 looks through all open elements for every end tag that matches none, so a hostile file
 * of deep nesting takes time by the square of its size. Forget some of the outer ones when there
 * are too many: what they mean for the text has been inherited, and their end tags then match
 * nothing.
 */
static void shed_depth(struct html *html) {
    htmlParserCtxtPtr parser = html->parser;
    struct element *stack = (struct element *)(void *)html->stack.data;
    size_t names = parser->nameNr > 0 ? (size_t)parser->nameNr : 0, count = depth(html);
    if (count < DEPTH_MAX || names < DEPTH_MAX)
        return;
    /* Our stack has the root below <html>, libxml2's has the element that starts on top. */
    size_t first = DEPTH_OUTER + 1, from = first + DEPTH_SHED;
    memmove(parser->nameTab + DEPTH_OUTER, parser->nameTab + DEPTH_OUTER + DEPTH_SHED,
            (names - DEPTH_OUTER - DEPTH_SHED) * sizeof *parser->nameTab);
    parser->nameNr -= DEPTH_SHED;
    memmove(stack + first, stack + from, (count - from) * sizeof *stack);
    html->stack.size -= DEPTH_SHED * sizeof *stack;
    for (size_t i = first; i < count - DEPTH_SHED; i++) {
        size_t list = stack[i].list;
        stack[i].list = list > from ? list - DEPTH_SHED : list > first ? 0 : list;
    }
    html->name_element = 0;
}

static void on_start(void *context, const xmlChar *xml_name, const xmlChar **attributes) {
    struct html *html = context;
    const char *name = (const char *)xml_name;
    if (html->status)
        return;
    shed_depth(html);
    struct element element = *top(html);
    element.kind = html_element_find(name);
    if (html->xml && element.kind == HTML_UNKNOWN)
        element.kind = HTML_BLOCK;
    if (html->xml && element.kind == HTML_TITLE)
        element.kind = HTML_HEADING;
    element.ordered = false;
    bool aside = html_is_hidden((const xmlChar *const *)attributes) || !strcmp(name, "nav") ||
                 !strcmp(name, "footer");
    if (aside && html->keeps_asides && element.kind == HTML_REMOVED)
        element.kind = HTML_BLOCK;
    element.aside =
        (element.aside || (aside && !element.removed)) && (aside || element.kind != HTML_REMOVED);
    element.removed |= element.kind == HTML_REMOVED || (aside && !html->keeps_asides);
    if (!element.removed) {
        before_start(html, element.kind);
        inherit(html, &element, name, attributes);
    }
    bytes_add(&html->stack, &element, sizeof element);
    if (html->stack.failed) {
        html->stack.failed = false;
        fail(html);
    } else if (!element.removed) {
        after_start(html, element.kind, attributes);
    }
}

static void on_end(void *context, const xmlChar *name) {
    struct html *html = context;
    (void)name;
    if (html->status || depth(html) <= 1)
        return;
    const struct element *element = top(html);
    if (html->name_element == depth(html)) {
        html->name_end = html->builder->text.size;
        html->name_element = 0;
    }
    if (!element->removed) {
        if (element->kind == HTML_BLOCK)
            block_border(html);
        else if (element->kind >= HTML_HEADING && element->kind <= HTML_PRE &&
                 element->kind != HTML_CELL)
            flush(html);
    }
    html->stack.size -= sizeof *element;
}

/* ---- Parsing -----------------------------------------------------------------------------------
 */

static void set_handlers(htmlParserCtxtPtr parser, struct html *html) {
    *parser->sax = (xmlSAXHandler){.startElement = on_start,
                                   .endElement = on_end,
                                   .characters = on_text,
                                   .ignorableWhitespace = on_text,
                                   .cdataBlock = on_text};
    parser->userData = html;
    htmlCtxtUseOptions(parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                   HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
}

/* libxml2 wants its tables set up by one thread before others use it. */
static pthread_once_t libxml2_ready = PTHREAD_ONCE_INIT;

static int parse(struct html *html, const char *text, size_t size) {
    pthread_once(&libxml2_ready, xmlInitParser);
    struct element root = {.kind = HTML_INLINE};
    bytes_add(&html->stack, &root, sizeof root);
    if (html->stack.failed || size > INT_MAX)
        return PLENARY_ENOMEM;
    if (!size)
        return 0;
    html->parser = htmlCreateMemoryParserCtxt(text, (int)size);
    if (!html->parser)
        return PLENARY_ENOMEM;
    /* The text is UTF-8 whatever its <meta> says: without this libxml2 would guess. */
    xmlSwitchEncoding(html->parser, XML_CHAR_ENCODING_UTF8);
    set_handlers(html->parser, html);
    htmlParseDocument(html->parser);
    if (!html->status && html->parser->errNo == XML_ERR_NO_MEMORY)
        html->status = PLENARY_ENOMEM;
    flush(html);
    htmlFreeParserCtxt(html->parser);
    html->parser = NULL;
    return html->status;
}

static void html_free(struct html *html) {
    bytes_free(&html->stack);
    bytes_free(&html->title);
}

int html_add_fragment(struct passage_builder *builder, const char *text, size_t size,
                      const struct html_place *place) {
    struct html html = {.builder = builder, .document = builder->document, .place = place};
    int status = parse(&html, text, size);
    html_free(&html);
    return status;
}

/* <title>, folded as a passage is. */
static int set_title(struct html *html) {
    const struct bytes *title = &html->title;
    char *copy = arena_text(&html->document->arena, (const char *)title->data, title->size);
    char *out = copy;
    if (!copy || title->failed)
        return PLENARY_ENOMEM;
    for (char *at = copy; *at; at++)
        if (!isspace((unsigned char)*at))
            *out++ = *at;
        else if (out > copy && out[-1] != ' ')
            *out++ = ' ';
    while (out > copy && out[-1] == ' ')
        out--;
    *out = '\0';
    if (*copy)
        html->document->title = copy;
    return 0;
}

static int parse_page(struct html *html, struct passage_builder *builder,
                      const struct html_text *text, bool keeps_asides) {
    *html = (struct html){.builder = builder,
                          .document = builder->document,
                          .text = text,
                          .xml = html_text_is_xml(text),
                          .keeps_asides = keeps_asides};
    return parse(html, text->text, text->size);
}

/* Navigation and what is hidden are left out; but where a broken page never closes its navigation,
 * or shows its text by a script, nearly all of it is there, and it is read after all. */
static int parse_text(struct html *html, struct passage_builder *builder,
                      const struct html_text *text) {
    struct document *document = builder->document;
    int status = parse_page(html, builder, text, false);
    if (status || html->aside_bytes / 8 <= document->text.size)
        return status;
    html_free(html);
    passage_builder_free(builder);
    passage_builder_init(builder, document);
    document->passage_count = 0;
    bytes_reset(&document->text);
    return parse_page(html, builder, text, true);
}

static int read_text(struct passage_builder *builder, const struct html_text *text) {
    struct html html;
    int status = parse_text(&html, builder, text);
    if (!status)
        status = set_title(&html);
    if (!status)
        status = file_document_check_title(html.document, NULL);
    if (!status)
        status = turn_mark(html.document);
    if (!html.document->date)
        html.document->date = html.time;
    html.document->replaced_bytes = text->replaced;
    html_free(&html);
    return status;
}

int reader_html_read(const struct unit *unit, const struct corpus_options *options,
                     struct document *scratch, document_fn each, void *context, uint64_t *skipped,
                     struct error *err) {
    struct html_text text;
    struct passage_builder builder;
    if (unit->size > INT_MAX / 4) {
        ++*skipped;
        notice_send(options, NOTICE_SKIPPED, unit->path, 0,
                    "HTML of more than %d MiB cannot be read", INT_MAX / 4 >> 20);
        return 0;
    }
    int status = file_document_begin(scratch, unit, err);
    if (status)
        return status;
    passage_builder_init(&builder, scratch);
    status = html_text_decode(&text, unit->data, unit->size, err);
    if (!status && read_text(&builder, &text))
        status = error_memory(err);
    html_text_free(&text);
    passage_builder_free(&builder);
    return status ? status
                  : file_document_finish(scratch, unit, options, each, context, skipped, err);
}
