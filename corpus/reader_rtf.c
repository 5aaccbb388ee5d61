/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rich Text Format (specification 1.9.1): paragraphs, headings by their styles, lists with the
 * numbers that the file prints before its items, rows of tables, footnotes behind the paragraph
 * with their mark. Page headers and footers, hidden and deleted text, pictures are left out.
 *
 * A reader of our own: Debian has no C library that reads RTF (unrtf is a program, and makes HTML
 * without lists and notes), and the format is a stack of groups with words in them.
 */
#include "corpus/date.h"
#include "corpus/office.h"
#include "corpus/reader_bytes.h"
#include "corpus/rtf_encoding.h"
#include "corpus/rtf_word.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unicode/utf8.h>

enum {
    GROUPS_MAX = 4096,
    WORD_MAX = 32,
    STYLES = 4096,
    FONTS = 4096,
    NAME_MAX_SIZE = 64,
    STYLE_TITLE = 100,
    STYLE_CONTENTS = 101,
    NO_OUTLINE = 9,
    LABEL_MAX = 12,    /* bytes of a label that is part of the text */
    BULLET_MAX = 4,    /* one character */
    INDENT_STEP = 360, /* twentieths of a point: what a list is indented by, or half of it */
    SOURCE_PAGE = 1252
};

enum target {
    TARGET_TEXT,
    TARGET_SKIP,
    TARGET_FONTS,
    TARGET_STYLES,
    TARGET_INFO, /* only what is known within it */
    TARGET_TITLE,
    TARGET_CREATED,
    TARGET_LABEL,
    TARGET_NOTE
};

/* What a group changes for itself and those within it. */
struct group {
    enum target target;
    bool option; /* left out, but for what may stand in it */
    bool shape, hidden, in_table, listed, hangs;
    unsigned fallback, page;
    unsigned style, outline, list_level, indent; /* indent: twentieths of a point */
};

struct rtf {
    struct office office;
    const uint8_t *data;
    size_t size, at;
    struct group group;
    struct bytes stack; /* of the groups around */
    bool starred;       /* \* came just before */
    unsigned skip;      /* characters that stand in for the last \u */
    unsigned high;      /* the first half of a surrogate pair, or 0 */
    struct bytes eight; /* bytes of an 8-bit code page to be converted together */
    struct rtf_encoding encoding;
    unsigned default_page, default_font, font;
    uint16_t font_pages[FONTS];
    uint8_t styles[STYLES];
    unsigned style; /* whose name is being read */
    struct bytes name, label, note, title;
    unsigned notes;
    bool row, cell; /* a row is open; a cell begins before the next text */
    long year, month, day;
    uint64_t replaced;
    int status;
};

/* ---- Text --------------------------------------------------------------------------------------
 */

static void begin_paragraph(struct rtf *rtf) {
    office_begin(&rtf->office);
    rtf->office.begin = rtf->office.end = 0;
}

static void put_in_text(struct rtf *rtf, const char *text, size_t size) {
    struct office *office = &rtf->office;
    if (rtf->group.in_table && !rtf->row && !rtf->group.shape) {
        office_row_begin(office);
        rtf->row = true;
    } else if (rtf->row && !rtf->group.in_table && !rtf->group.shape) {
        office_row_end(office);
        rtf->row = rtf->cell = false;
    }
    if (rtf->cell)
        office_cell_begin(office);
    rtf->cell = false;
    if (!office->end)
        office->begin = rtf->at;
    office->end = rtf->at;
    office_text(office, text, size);
}

static void put(struct rtf *rtf, const char *text, size_t size) {
    if (rtf->group.hidden && rtf->group.target == TARGET_TEXT)
        return;
    switch (rtf->group.target) {
    case TARGET_TEXT:
        put_in_text(rtf, text, size);
        break;
    case TARGET_STYLES:
        if (rtf->name.size < NAME_MAX_SIZE)
            bytes_add(&rtf->name, text, size);
        break;
    case TARGET_TITLE:
        bytes_add(&rtf->title, text, size);
        break;
    case TARGET_LABEL:
        bytes_add(&rtf->label, text, size);
        break;
    case TARGET_NOTE:
        bytes_add(&rtf->note, text, size);
        break;
    default:
        break;
    }
}

static bool is_read(const struct rtf *rtf) {
    enum target target = rtf->group.target;
    return target != TARGET_SKIP && target != TARGET_FONTS && target != TARGET_INFO &&
           target != TARGET_CREATED;
}

/* What has come in 8-bit bytes, before anything else is put. */
static void flush_eight(struct rtf *rtf) {
    struct bytes text = BYTES_INIT;
    if (!rtf->eight.size)
        return;
    if (is_read(rtf)) {
        rtf_encoding_add(&rtf->encoding, rtf->group.page ? rtf->group.page : rtf->default_page,
                         rtf->eight.data, rtf->eight.size, &text, &rtf->replaced);
        put(rtf, (const char *)text.data, text.size);
        if (text.failed)
            rtf->status = PLENARY_ENOMEM;
    }
    bytes_free(&text);
    bytes_reset(&rtf->eight);
}

static void put_ascii(struct rtf *rtf, const char *text, size_t size) {
    flush_eight(rtf);
    put(rtf, text, size);
}

static void put_code(struct rtf *rtf, uint32_t code) {
    char utf8[U8_MAX_LENGTH];
    size_t size = 0;
    U8_APPEND_UNSAFE(utf8, size, code);
    put_ascii(rtf, utf8, size);
}

/* \uN: 16 bits, signed in most writers; pairs of surrogates make one character. */
static void put_unicode(struct rtf *rtf, long value) {
    uint32_t unit = (uint32_t)value & 0xFFFF;
    rtf->skip = rtf->group.fallback;
    if (unit >= 0xD800 && unit < 0xDC00) {
        rtf->high = unit;
        return;
    }
    if (unit >= 0xDC00 && unit < 0xE000) {
        unit = rtf->high ? 0x10000 + ((rtf->high - 0xD800) << 10) + (unit - 0xDC00) : 0xFFFD;
    } else if (unit >= 0xF000 && unit < 0xF100) {
        unit = unit == 0xF0B7 ? 0x2022 : ' '; /* a sign of the Symbol font */
    }
    rtf->high = 0;
    put_code(rtf, unit ? unit : ' ');
}

/* ---- Paragraphs --------------------------------------------------------------------------------
 */

/* "1.\t" is a number; a bullet is not worth showing. */
static void set_label(struct rtf *rtf) {
    const char *text = bytes_string(&rtf->label);
    size_t size = rtf->label.size;
    bool counts = false;
    if (!text)
        return;
    while (size && isspace((unsigned char)*text)) {
        text++;
        size--;
    }
    while (size && isspace((unsigned char)text[size - 1]))
        size--;
    for (size_t i = 0; i < size; i++)
        counts |= isalnum((unsigned char)text[i]) != 0;
    /* The bullet of many fonts is an "o" or a paragraph sign. */
    if (counts && !(size == 1 && *text == 'o'))
        office_set_label(&rtf->office, text, size);
}

/* "1.", "(a)", "iv)": what numbers an item; or a sign that is no word, its bullet. */
static bool is_label(const char *text, size_t size) {
    size_t words = 0, marks = 0;
    for (size_t i = 0; i < size; i++) {
        words += isalnum((unsigned char)text[i]) != 0;
        marks += text[i] == '.' || text[i] == ')';
    }
    if (!words)
        return size && size <= BULLET_MAX;
    return (marks && words <= 4) || (size == 1 && *text == 'o');
}

/* An item as writers without lists make it: its first line begins further left than the others,
 * with a label and a tab. */
static bool take_hanging_label(struct rtf *rtf, unsigned *level) {
    struct bytes *text = &rtf->office.builder.text;
    const struct group *group = &rtf->group;
    const uint8_t *tab =
        text->size && group->hangs
            ? memchr(text->data, '\t', text->size < LABEL_MAX ? text->size : LABEL_MAX)
            : NULL;
    size_t size = tab ? (size_t)(tab - text->data) : 0;
    if (!size || group->in_table || !is_label((const char *)text->data, size))
        return false;
    bytes_add(&rtf->label, text->data, size);
    text->size -= size;
    memmove(text->data, tab, text->size);
    unsigned steps = group->indent / INDENT_STEP;
    *level = steps > 8 ? 8 : steps ? steps - 1 : 0;
    return true;
}

static void end_paragraph(struct rtf *rtf) {
    struct office_paragraph *paragraph = &rtf->office.paragraph;
    const struct group *group = &rtf->group;
    unsigned style = group->style < STYLES ? rtf->styles[group->style] : 0;
    unsigned level = group->list_level;
    unsigned heading = group->outline < NO_OUTLINE    ? group->outline + 1
                       : style && style < STYLE_TITLE ? style
                                                      : 0;
    if (style == STYLE_TITLE || heading) {
        paragraph->kind = PASSAGE_HEADING;
        paragraph->title = style == STYLE_TITLE;
        paragraph->level = paragraph->title ? 1 : heading > 6 ? 6 : heading;
    } else if (style == STYLE_CONTENTS) {
        paragraph->kind = PASSAGE_ROW;
    } else if (rtf->label.size || group->listed || take_hanging_label(rtf, &level)) {
        paragraph->kind = PASSAGE_ITEM;
        paragraph->level = level + 1;
    }
    set_label(rtf);
    bytes_reset(&rtf->label);
    office_end(&rtf->office);
    begin_paragraph(rtf);
}

static void end_cell(struct rtf *rtf) {
    struct office *office = &rtf->office;
    if (!rtf->row)
        office_row_begin(office);
    rtf->row = rtf->cell = true;
    bytes_reset(&rtf->label);
}

static void end_row(struct rtf *rtf) {
    if (rtf->row)
        office_row_end(&rtf->office);
    rtf->row = rtf->cell = false;
    begin_paragraph(rtf);
}

static void on_break(struct rtf *rtf, enum rtf_action action) {
    flush_eight(rtf);
    if (rtf->group.target == TARGET_NOTE || rtf->group.target == TARGET_LABEL)
        put(rtf, " ", 1);
    else if (rtf->group.target != TARGET_TEXT)
        return;
    else if (action == RTF_PARAGRAPH)
        end_paragraph(rtf);
    else if (action == RTF_CELL)
        end_cell(rtf);
    else if (action == RTF_ROW)
        end_row(rtf);
    else if (rtf->office.builder.text.size)
        office_break(&rtf->office);
}

/* ---- Tables of fonts and styles ----------------------------------------------------------------
 */

/* "heading 2;" ends the entry of the style. */
static void end_style(struct rtf *rtf) {
    const char *name = bytes_string(&rtf->name);
    uint8_t kind = 0;
    if (name && !strncasecmp(name, "heading ", 8) && name[8] >= '1' && name[8] <= '9')
        kind = (uint8_t)(name[8] - '0');
    else if (name && !strncasecmp(name, "title", 5) && !isalpha((unsigned char)name[5]))
        kind = STYLE_TITLE;
    else if (name && !strncasecmp(name, "toc ", 4))
        kind = STYLE_CONTENTS;
    if (rtf->style < STYLES)
        rtf->styles[rtf->style] = kind;
    bytes_reset(&rtf->name);
    rtf->style = 0;
}

static unsigned page_of_font(const struct rtf *rtf, unsigned font) {
    return font < FONTS ? rtf->font_pages[font] : 0;
}

static void set_font(struct rtf *rtf, long font) {
    unsigned number = font >= 0 && font < FONTS ? (unsigned)font : FONTS;
    if (rtf->group.target == TARGET_FONTS)
        rtf->font = number;
    else
        rtf->group.page = page_of_font(rtf, number);
}

/* ---- Groups ------------------------------------------------------------------------------------
 */

static int open_group(struct rtf *rtf, struct error *err) {
    flush_eight(rtf);
    rtf->skip = 0;
    if (rtf->stack.size / sizeof rtf->group >= GROUPS_MAX)
        return error_set(err, PLENARY_ELIMIT,
                         "its groups nest deeper than %d at byte %zu: the file was left unread",
                         GROUPS_MAX, rtf->at);
    bytes_add(&rtf->stack, &rtf->group, sizeof rtf->group);
    return rtf->stack.failed ? PLENARY_ENOMEM : 0;
}

static void leave_target(struct rtf *rtf, const struct group *closed) {
    enum target now = rtf->group.target;
    if (closed->shape && !rtf->group.shape) {
        end_paragraph(rtf);
        office_unnest(&rtf->office);
    }
    if (closed->target == TARGET_STYLES && rtf->name.size)
        end_style(rtf);
    if (closed->target == TARGET_NOTE && now != TARGET_NOTE) {
        char label[16];
        snprintf(label, sizeof label, "%u", ++rtf->notes);
        office_note(&rtf->office, label, (const char *)rtf->note.data, rtf->note.size);
        bytes_reset(&rtf->note);
    }
    if (closed->target == TARGET_CREATED && now != TARGET_CREATED)
        rtf->office.document->written = (uint32_t)(rtf->year * 10000 + rtf->month * 100 + rtf->day);
}

/* False: it was the outermost one. */
static bool close_group(struct rtf *rtf) {
    struct group closed = rtf->group;
    flush_eight(rtf);
    rtf->skip = 0;
    if (rtf->stack.size < sizeof closed)
        return false;
    /* A paragraph's properties go on behind the group that set them, until its \par: writers put
     * the \par behind a group that holds the text. */
    memcpy(&rtf->group, rtf->stack.data + rtf->stack.size - sizeof closed, sizeof closed);
    rtf->stack.size -= sizeof closed;
    leave_target(rtf, &closed);
    return rtf->stack.size > 0;
}

static void enter_target(struct rtf *rtf, enum rtf_action action) {
    static const enum target targets[] = {
        [RTF_TO_TEXT] = TARGET_TEXT,       [RTF_TO_SKIP] = TARGET_SKIP,
        [RTF_TO_FONTS] = TARGET_FONTS,     [RTF_TO_STYLES] = TARGET_STYLES,
        [RTF_TO_INFO] = TARGET_INFO,       [RTF_TO_TITLE] = TARGET_TITLE,
        [RTF_TO_CREATED] = TARGET_CREATED, [RTF_TO_LABEL] = TARGET_LABEL,
        [RTF_TO_NOTE] = TARGET_NOTE,       [RTF_TO_SHAPE] = TARGET_TEXT,
        [RTF_TO_OPTION] = TARGET_SKIP,
    };
    struct group *group = &rtf->group;
    enum target target = targets[action];
    bool inside = group->target == TARGET_TEXT || group->target == TARGET_NOTE;
    if (action == RTF_TO_TITLE || action == RTF_TO_CREATED) {
        if (group->target == TARGET_INFO)
            group->target = target;
    } else if (action == RTF_TO_SHAPE) {
        if (group->shape || !(group->target == TARGET_TEXT || group->option))
            return;
        office_nest(&rtf->office);
        begin_paragraph(rtf);
        *group = (struct group){
            .shape = true, .fallback = group->fallback, .page = group->page, .outline = NO_OUTLINE};
    } else if (action == RTF_TO_TEXT) {
        /* The result of an object, Unicode beside other text: where the object itself is text. */
        if (group->option)
            group->target = TARGET_TEXT;
        group->option = false;
    } else if (target == TARGET_SKIP || inside) {
        if (action == RTF_TO_LABEL)
            bytes_reset(&rtf->label);
        group->option = action == RTF_TO_OPTION && (group->target == TARGET_TEXT || group->option);
        group->target = target;
    }
}

/* ---- Words -------------------------------------------------------------------------------------
 */

static void on_document_property(struct rtf *rtf, enum rtf_action action, long value) {
    bool created = rtf->group.target == TARGET_CREATED;
    if (action == RTF_DEFAULT_FONT)
        rtf->default_font = value >= 0 && value < FONTS ? (unsigned)value : 0;
    else if (action == RTF_CODE_PAGE)
        rtf->default_page = value > 0 && value < 70000 ? (unsigned)value : SOURCE_PAGE;
    else if (action == RTF_CHARSET && rtf->group.target == TARGET_FONTS && rtf->font < FONTS)
        rtf->font_pages[rtf->font] = (uint16_t)rtf_encoding_of_charset((int)value);
    else if (created && action == RTF_YEAR && value >= 1500 && value < 2200)
        rtf->year = value;
    else if (created && action == RTF_MONTH && value >= 1 && value <= 12)
        rtf->month = value;
    else if (created && action == RTF_DAY && value >= 1 && value <= 31)
        rtf->day = value;
}

static void on_property(struct rtf *rtf, enum rtf_action action, long value, bool given) {
    struct group *group = &rtf->group;
    unsigned number = value > 0 ? (unsigned)value : 0;
    switch (action) {
    case RTF_RESET_PARAGRAPH:
        group->style = group->list_level = group->indent = 0;
        group->outline = NO_OUTLINE;
        group->in_table = group->listed = group->hangs = false;
        break;
    case RTF_RESET_CHARACTER:
        group->hidden = false;
        group->page = page_of_font(rtf, rtf->default_font);
        break;
    case RTF_IN_TABLE:
        group->in_table = true;
        break;
    case RTF_STYLE:
        group->style = number;
        if (group->target == TARGET_STYLES)
            rtf->style = number;
        break;
    case RTF_OUTLINE:
        group->outline = number < NO_OUTLINE ? number : NO_OUTLINE;
        break;
    case RTF_LIST:
        group->listed = number > 0;
        break;
    case RTF_LIST_LEVEL:
        group->list_level = number < 9 ? number : 8;
        break;
    case RTF_INDENT:
        group->indent = number;
        break;
    case RTF_FIRST_INDENT:
        group->hangs = value < 0;
        break;
    case RTF_HIDDEN:
        group->hidden = !given || value;
        break;
    case RTF_FONT:
        set_font(rtf, value);
        break;
    case RTF_FALLBACK:
        group->fallback = number < 8 ? number : 8;
        break;
    default:
        on_document_property(rtf, action, value);
    }
}

static void on_word(struct rtf *rtf, const char *name, long value, bool given) {
    const struct rtf_word *word = rtf_word_find(name);
    bool starred = rtf->starred;
    rtf->starred = false;
    if (!word) {
        if (starred)
            rtf->group.target = TARGET_SKIP;
        return;
    }
    if (word->action != RTF_UNICODE)
        flush_eight(rtf);
    if (word->action >= RTF_TO_TEXT)
        enter_target(rtf, word->action);
    else if (word->action == RTF_TEXT)
        put(rtf, word->text, strlen(word->text));
    else if (word->action >= RTF_PARAGRAPH && word->action <= RTF_ROW)
        on_break(rtf, word->action);
    else if (word->action == RTF_UNICODE)
        put_unicode(rtf, value);
    else if (word->action == RTF_BINARY) {
        size_t left = rtf->size - rtf->at;
        rtf->at += value > 0 && (size_t)value < left ? (size_t)value : value > 0 ? left : 0;
    } else
        on_property(rtf, word->action, value, given);
}

static int hex_digit(uint8_t byte) {
    return isdigit(byte) ? byte - '0' : isxdigit(byte) ? (byte | 32) - 'a' + 10 : -1;
}

static void on_byte(struct rtf *rtf, uint8_t byte) {
    if (rtf->skip)
        rtf->skip--;
    else
        bytes_add_byte(&rtf->eight, byte);
}

/* A backslash and a sign. */
static void on_sign(struct rtf *rtf, uint8_t sign) {
    int high, low;
    if (sign == '\'') {
        if (rtf->size - rtf->at >= 2 && (high = hex_digit(rtf->data[rtf->at])) >= 0 &&
            (low = hex_digit(rtf->data[rtf->at + 1])) >= 0) {
            rtf->at += 2;
            on_byte(rtf, (uint8_t)(high << 4 | low));
        }
        return;
    }
    if (sign == '*') {
        rtf->starred = true;
        return;
    }
    if (rtf->skip) {
        rtf->skip--;
        return;
    }
    if (sign == '\n' || sign == '\r')
        on_break(rtf, RTF_PARAGRAPH);
    else if (sign == '~')
        put_ascii(rtf, "\xC2\xA0", 2);
    else if (sign == '_')
        put_ascii(rtf, "-", 1);
    else if (sign == '\\' || sign == '{' || sign == '}')
        put_ascii(rtf, (const char *)&sign, 1);
}

/* Behind a backslash: a word with its number, and one blank that ends it, or a sign. */
static void read_control(struct rtf *rtf) {
    char name[WORD_MAX];
    size_t size = 0;
    bool given = false, negative = false;
    long value = 0;
    if (rtf->at >= rtf->size)
        return;
    if (!isalpha(rtf->data[rtf->at])) {
        rtf->at++;
        on_sign(rtf, rtf->data[rtf->at - 1]);
        return;
    }
    for (; rtf->at < rtf->size && isalpha(rtf->data[rtf->at]); rtf->at++)
        if (size + 1 < sizeof name)
            name[size++] = (char)rtf->data[rtf->at];
    name[size] = '\0';
    if (rtf->at + 1 < rtf->size && rtf->data[rtf->at] == '-' && isdigit(rtf->data[rtf->at + 1])) {
        negative = true;
        rtf->at++;
    }
    for (; rtf->at < rtf->size && isdigit(rtf->data[rtf->at]); rtf->at++) {
        given = true;
        value = value < 100000000 ? value * 10 + (rtf->data[rtf->at] - '0') : value;
    }
    if (rtf->at < rtf->size && rtf->data[rtf->at] == ' ')
        rtf->at++;
    if (rtf->skip && strcmp(name, "u") != 0 && strcmp(name, "bin") != 0)
        rtf->skip--; /* a word can stand in for a \u as well */
    else
        on_word(rtf, name, negative ? -value : value, given);
}

static bool is_plain(uint8_t byte) {
    return byte >= ' ' && byte < 0x7F && byte != '\\' && byte != '{' && byte != '}' && byte != ';';
}

static void read_text(struct rtf *rtf) {
    size_t begin = rtf->at;
    uint8_t byte = rtf->data[rtf->at];
    rtf->starred = false;
    if (is_plain(byte) && !rtf->skip) {
        while (rtf->at < rtf->size && is_plain(rtf->data[rtf->at]))
            rtf->at++;
        put_ascii(rtf, (const char *)rtf->data + begin, rtf->at - begin);
        return;
    }
    rtf->at++;
    if (byte == '\r' || byte == '\n' || byte == '\0')
        return;
    if (byte == ';' && rtf->group.target == TARGET_STYLES && !rtf->skip)
        end_style(rtf);
    else
        on_byte(rtf, byte);
}

static int read_all(struct rtf *rtf, struct error *err) {
    bool open = true;
    int status = 0;
    while (open && !status && rtf->at < rtf->size) {
        uint8_t byte = rtf->data[rtf->at];
        if (byte == '{') {
            rtf->at++;
            status = open_group(rtf, err);
        } else if (byte == '}') {
            rtf->at++;
            open = close_group(rtf);
        } else if (byte == '\\') {
            rtf->at++;
            read_control(rtf);
        } else {
            read_text(rtf);
        }
        if (!status)
            status = rtf->status ? rtf->status : rtf->office.status;
    }
    if (!status && open)
        status = error_set(err, PLENARY_EDAMAGED,
                           "the file is damaged: it ends within a group, as if cut short");
    flush_eight(rtf);
    if (!status && rtf->office.builder.text.size)
        end_paragraph(rtf);
    return status;
}

static int set_title(struct rtf *rtf) {
    struct document *document = rtf->office.document;
    const char *title = (const char *)rtf->title.data;
    size_t size = rtf->title.size < 400 ? rtf->title.size : 400;
    while (size && size < rtf->title.size && (title[size] & 0xC0) == 0x80)
        size--;
    if (document->title || !size || (size > 10 && !strncasecmp(title, "microsoft ", 10)))
        return 0;
    document->title = arena_text(&document->arena, title, size);
    return document->title ? 0 : PLENARY_ENOMEM;
}

int rtf_read(struct document *document, const struct read_bytes *in, struct error *err) {
    struct rtf *rtf = calloc(1, sizeof *rtf);
    if (!rtf)
        return PLENARY_ENOMEM;
    rtf->data = in->data;
    rtf->size = in->size;
    rtf->default_page = SOURCE_PAGE;
    rtf->group = (struct group){.fallback = 1, .outline = NO_OUTLINE};
    office_init(&rtf->office, document);
    int status = read_all(rtf, err);
    int finished = office_finish(&rtf->office);
    if (!status)
        status = finished;
    if (!status)
        status = set_title(rtf);
    document->replaced_bytes += rtf->replaced;
    bool failed = rtf->name.failed || rtf->label.failed || rtf->note.failed || rtf->title.failed ||
                  rtf->eight.failed;
    bytes_free(&rtf->stack);
    bytes_free(&rtf->eight);
    bytes_free(&rtf->name);
    bytes_free(&rtf->label);
    bytes_free(&rtf->note);
    bytes_free(&rtf->title);
    rtf_encoding_free(&rtf->encoding);
    free(rtf);
    return !status && failed ? PLENARY_ENOMEM : status;
}
