/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Word documents (.docx; ECMA-376 part 1): the main part of the package, paragraph by paragraph,
 * with the levels of headings and the numbers of lists as styles and numbering make them. Rows of
 * tables, footnotes and endnotes behind the paragraph with their mark. Deleted and hidden text,
 * field codes, page headers and footers are left out.
 */
#include "corpus/docx_styles.h"
#include "corpus/office.h"
#include "corpus/package_parts.h"
#include "corpus/xml_events.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { NOTES_MAX = 100000 };

/* The notes of a part: texts by id. */
struct notes {
    struct bytes text;    /* a blank, then text NUL ... */
    struct bytes offsets; /* size_t by id: where in `text`; 0: no such note */
    bool skipped;         /* the open one is a separator line */
    bool in_text;
    int status;
};

struct docx {
    struct office office;
    struct docx_styles styles;
    struct notes footnotes, endnotes;
    unsigned note_count, endnote_count;
    unsigned skip;         /* depth within an element that is left out, or 0 */
    bool in_text;          /* within w:t */
    bool properties;       /* within w:pPr */
    bool run, hidden;      /* within w:r, and that is hidden */
    char style[DOCX_NAME]; /* of the paragraph being opened */
    long list, list_level; /* -1: not said */
    long outline;          /* -1: not said */
};

/* ---- Notes -------------------------------------------------------------------------------------
 */

/* The texts of notes begin here, from now on. */
static void open_note(struct notes *notes, const struct xml_tag *tag) {
    char value[24];
    long id = xml_number(tag, "id", -1, NOTES_MAX, -1);
    notes->skipped =
        xml_attribute(tag, "type", value, sizeof value) && strcmp(value, "normal") != 0;
    if (id < 0 || id >= NOTES_MAX)
        return;
    size_t need = ((size_t)id + 1) * sizeof(size_t), size = notes->offsets.size;
    if (need > size && bytes_reserve(&notes->offsets, need - size)) {
        memset(notes->offsets.data + size, 0, need - size);
        notes->offsets.size = need;
    }
    if (!notes->text.size)
        bytes_add_byte(&notes->text, ' ');
    if (need <= notes->offsets.size)
        ((size_t *)(void *)notes->offsets.data)[id] = notes->text.size;
}

static void note_start(void *context, const struct xml_tag *tag) {
    struct notes *notes = context;
    if (!strcmp(tag->name, "footnote") || !strcmp(tag->name, "endnote"))
        open_note(notes, tag);
    notes->in_text = !strcmp(tag->name, "t");
    if (!strcmp(tag->name, "tab") || !strcmp(tag->name, "br"))
        bytes_add_byte(&notes->text, ' ');
}

static void note_end(void *context, const char *name, uint64_t line, uint64_t offset) {
    struct notes *notes = context;
    (void)line, (void)offset;
    notes->in_text = false;
    if (!strcmp(name, "p"))
        bytes_add_byte(&notes->text, ' ');
    else if (!strcmp(name, "footnote") || !strcmp(name, "endnote"))
        bytes_add_byte(&notes->text, '\0');
    if (notes->text.failed || notes->offsets.failed)
        notes->status = PLENARY_ENOMEM;
}

static void note_text(void *context, const char *text, size_t size) {
    struct notes *notes = context;
    if (notes->in_text && !notes->skipped)
        bytes_add(&notes->text, text, size);
}

static int read_notes(struct notes *notes, const struct bytes *xml, struct error *err) {
    static const struct xml_handler handler = {note_start, note_end, note_text};
    if (!xml)
        return 0;
    int status = xml_events(xml->data, xml->size, &handler, notes, &notes->status, err);
    bytes_add_byte(&notes->text, '\0');
    return notes->text.failed ? PLENARY_ENOMEM : status;
}

/* The text of a note, the first time that it is asked for. */
static const char *take_note(struct notes *notes, long id) {
    size_t *offsets = (void *)notes->offsets.data;
    if (id < 0 || (size_t)id >= notes->offsets.size / sizeof *offsets || !offsets[id])
        return NULL;
    size_t offset = offsets[id];
    offsets[id] = 0;
    return (const char *)notes->text.data + offset;
}

static void free_notes(struct notes *notes) {
    bytes_free(&notes->text);
    bytes_free(&notes->offsets);
}

static void add_note(struct docx *docx, const struct xml_tag *tag, bool endnote) {
    struct notes *notes = endnote ? &docx->endnotes : &docx->footnotes;
    char label[LIST_NUMBER_SIZE];
    const char *text = take_note(notes, xml_number(tag, "id", -1, NOTES_MAX, -1));
    if (!text)
        return;
    if (endnote)
        list_number_format(LIST_LOWER_ROMAN, ++docx->endnote_count, label);
    else
        list_number_format(LIST_DECIMAL, ++docx->note_count, label);
    office_note(&docx->office, label, text, strlen(text));
}

/* ---- Paragraphs --------------------------------------------------------------------------------
 */

/* All properties of the paragraph are known: what is it? */
static void decide(struct docx *docx) {
    struct office_paragraph *paragraph = &docx->office.paragraph;
    struct docx_style style;
    char label[DOCX_LABEL];
    long level;
    docx_style_find(&docx->styles, docx->style, &style);
    long list = docx->list >= 0 ? docx->list : style.list;
    long list_level = docx->list_level >= 0 ? docx->list_level
                      : docx->list >= 0     ? 0
                                            : style.list_level;
    if (docx->outline >= 0)
        style.heading = docx->outline < 9 ? (unsigned)docx->outline + 1 : 0;
    bool listed = docx_list_next(&docx->styles, list, list_level, docx->style, label, &level);
    if (style.title || style.heading) {
        paragraph->kind = PASSAGE_HEADING;
        paragraph->level = style.title ? 1 : style.heading > 6 ? 6 : style.heading;
        paragraph->title = style.title;
    } else if (style.contents) {
        paragraph->kind = PASSAGE_ROW;
    } else if (listed) {
        paragraph->kind = PASSAGE_ITEM;
        paragraph->level = (unsigned)level + 1;
    }
    if (listed)
        office_set_label(&docx->office, label, strlen(label));
}

static void start_paragraph(struct docx *docx) {
    office_begin(&docx->office);
    *docx->style = '\0';
    docx->list = docx->list_level = docx->outline = -1;
}

static void in_properties(struct docx *docx, const struct xml_tag *tag) {
    if (!strcmp(tag->name, "pStyle"))
        xml_attribute(tag, "val", docx->style, sizeof docx->style);
    else if (!strcmp(tag->name, "numId"))
        docx->list = xml_number(tag, "val", 0, INT32_MAX, -1);
    else if (!strcmp(tag->name, "ilvl"))
        docx->list_level = xml_number(tag, "val", 0, DOCX_LEVELS - 1, -1);
    else if (!strcmp(tag->name, "outlineLvl"))
        docx->outline = xml_number(tag, "val", 0, 9, -1);
}

static bool is_on(const struct xml_tag *tag) {
    char value[8];
    return !xml_attribute(tag, "val", value, sizeof value) ||
           (strcmp(value, "0") != 0 && strcmp(value, "false") != 0 && strcmp(value, "off") != 0);
}

static void in_run(struct docx *docx, const struct xml_tag *tag) {
    struct office *office = &docx->office;
    const char *name = tag->name;
    if (!strcmp(name, "t"))
        docx->in_text = !docx->hidden;
    else if (!strcmp(name, "vanish"))
        docx->hidden = is_on(tag);
    else if (!strcmp(name, "tab") || !strcmp(name, "ptab"))
        office_text(office, "\t", 1);
    else if (!strcmp(name, "br") || !strcmp(name, "cr"))
        office_break(office);
    else if (!strcmp(name, "noBreakHyphen"))
        office_text(office, "-", 1);
    else if (!strcmp(name, "footnoteReference"))
        add_note(docx, tag, false);
    else if (!strcmp(name, "endnoteReference"))
        add_note(docx, tag, true);
}

/* ---- Events ------------------------------------------------------------------------------------
 */

static bool is_left_out(const char *name) {
    static const char *const names[] = {"Fallback",  "moveFrom",  "del",    "instrText", "delText",
                                        "pPrChange", "rPrChange", "sectPr", "rt"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(name, names[i]))
            return true;
    return false;
}

static void on_start(void *context, const struct xml_tag *tag) {
    struct docx *docx = context;
    const char *name = tag->name;
    if (docx->skip || is_left_out(name))
        docx->skip++;
    else if (!strcmp(name, "p"))
        start_paragraph(docx);
    else if (!strcmp(name, "pPr"))
        docx->properties = true;
    else if (docx->properties)
        in_properties(docx, tag);
    else if (!strcmp(name, "r")) {
        docx->run = true;
        docx->hidden = false;
    } else if (!strcmp(name, "txbxContent"))
        office_nest(&docx->office);
    else if (!strcmp(name, "tr"))
        office_row_begin(&docx->office);
    else if (!strcmp(name, "tc"))
        office_cell_begin(&docx->office);
    else if (docx->run)
        in_run(docx, tag);
}

static void on_end(void *context, const char *name, uint64_t line, uint64_t offset) {
    struct docx *docx = context;
    (void)line, (void)offset;
    docx->in_text = false;
    if (docx->skip)
        docx->skip--;
    else if (!strcmp(name, "p"))
        office_end(&docx->office);
    else if (!strcmp(name, "pPr")) {
        docx->properties = false;
        decide(docx);
    } else if (!strcmp(name, "r"))
        docx->run = false;
    else if (!strcmp(name, "txbxContent")) {
        office_unnest(&docx->office);
        docx->run = true; /* a text box stands in a run */
        docx->hidden = false;
    } else if (!strcmp(name, "tr"))
        office_row_end(&docx->office);
}

static void on_text(void *context, const char *text, size_t size) {
    struct docx *docx = context;
    if (docx->in_text && !docx->skip)
        office_text(&docx->office, text, size);
}

/* ---- The package -------------------------------------------------------------------------------
 */

static bool is_wanted(const char *name) {
    size_t size = strlen(name);
    if (!strncasecmp(name, "word/theme", 10) || !strncasecmp(name, "customXml", 9))
        return false;
    return (size > 4 && !strcasecmp(name + size - 4, ".xml")) ||
           (size > 5 && !strcasecmp(name + size - 5, ".rels"));
}

static const struct bytes *related(const struct zip_members *members, const char *part,
                                   const char *type) {
    char name[PART_NAME];
    return package_related(members, part, NULL, type, name) ? zip_members_find(members, name)
                                                            : NULL;
}

static int read_parts(struct docx *docx, const struct zip_members *members, struct error *err) {
    static const struct xml_handler handler = {on_start, on_end, on_text};
    char main[PART_NAME];
    if (!package_related(members, "", NULL, "/officeDocument", main))
        snprintf(main, sizeof main, "word/document.xml");
    const struct bytes *text = zip_members_find(members, main);
    if (!text)
        return members->encrypted ? error_set(err, PLENARY_EDAMAGED, "the file is encrypted")
                                  : error_set(err, PLENARY_EDAMAGED,
                                              "the file is damaged: it has no part %s", main);
    const struct bytes *styles = related(members, main, "/styles");
    const struct bytes *numbering = related(members, main, "/numbering");
    int status = styles ? docx_styles_read(&docx->styles, styles, err) : 0;
    if (!status && numbering)
        status = docx_styles_read(&docx->styles, numbering, err);
    if (!status)
        status = read_notes(&docx->footnotes, related(members, main, "/footnotes"), err);
    if (!status)
        status = read_notes(&docx->endnotes, related(members, main, "/endnotes"), err);
    if (!status)
        status = xml_events(text->data, text->size, &handler, docx, &docx->office.status, err);
    return status;
}

int docx_read(struct document *document, const struct read_bytes *in, struct error *err) {
    struct zip_members members;
    struct docx docx = {.list = -1};
    office_init(&docx.office, document);
    int status = zip_members_read(&members, in, is_wanted, err);
    if (!status)
        status = read_parts(&docx, &members, err);
    int finished = office_finish(&docx.office);
    if (!status)
        status = finished;
    char properties[PART_NAME];
    if (!status && package_related(&members, "", NULL, "/core-properties", properties))
        status = package_properties(zip_members_find(&members, properties), document);
    docx_styles_free(&docx.styles);
    free_notes(&docx.footnotes);
    free_notes(&docx.endnotes);
    zip_members_free(&members);
    return status;
}
