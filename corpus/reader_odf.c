/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * OpenDocument texts and presentations (.odt, .odp; ODF 1.2): content.xml, paragraph by paragraph,
 * with the numbers of lists and headings as their styles make them. Rows of tables; footnotes
 * behind the paragraph with their mark; a slide is a section, its notes come last. Deleted text,
 * comments, page headers and footers are left out.
 */
#include "corpus/odf_lists.h"
#include "corpus/office.h"
#include "corpus/package_parts.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { SPACES_MAX = 64 };

enum note_state { NOTE_NONE, NOTE_OUTSIDE, NOTE_MARK, NOTE_BODY };

struct odf {
    struct office office;
    struct odf_styles styles;
    struct bytes counts; /* long[ODF_LEVELS] a list style */
    long heading_counts[ODF_LEVELS];
    const struct odf_list_style *lists[ODF_LEVELS]; /* open, outermost first */
    unsigned depth;                                 /* how many lists are open */
    bool restarts;                                  /* the outermost one does */
    bool item;                                      /* its number is still to come */
    long item_start;                                /* given for it, or -1 */
    unsigned skip, paragraphs, index;               /* depths */
    bool body, slides, slide_title, slide_notes;
    enum note_state note;
    char note_label[32];
    struct bytes note_text;
    uint32_t slide;
};

/* ---- Numbers -----------------------------------------------------------------------------------
 */

static void set_label(struct odf *odf, const struct odf_list_style *style, const long *counts,
                      unsigned level) {
    char label[ODF_LABEL];
    odf_label(style, counts, level, label);
    office_set_label(&odf->office, label, strlen(label));
}

static void count(const struct odf_list_style *style, long *counts, unsigned level, long start) {
    for (unsigned i = 0; i < level; i++) /* a list may begin at a lower level */
        if (counts[i] < style->levels[i].start)
            counts[i] = style->levels[i].start;
    counts[level] = start >= 0 ? start : counts[level] + 1;
    for (unsigned i = level + 1; i < ODF_LEVELS; i++)
        counts[i] = style->levels[i].start - 1;
}

static void restart(const struct odf_list_style *style, long *counts) {
    for (unsigned i = 0; i < ODF_LEVELS; i++)
        counts[i] = style->levels[i].start - 1;
}

/* The counts of a list style; NULL without memory. */
static long *counts_of(struct odf *odf, const struct odf_list_style *style) {
    const struct odf_list_style *all = (const void *)odf->styles.lists.data;
    size_t number = odf->styles.lists.size / sizeof *all, size = ODF_LEVELS * sizeof(long);
    if (!odf->counts.size && number) {
        if (!bytes_reserve(&odf->counts, number * size)) {
            odf->office.status = PLENARY_ENOMEM;
            return NULL;
        }
        odf->counts.size = number * size;
        for (size_t i = 0; i < number; i++)
            restart(&all[i], (long *)(void *)odf->counts.data + i * ODF_LEVELS);
    }
    return (long *)(void *)odf->counts.data + (size_t)(style - all) * ODF_LEVELS;
}

static void number_item(struct odf *odf, const struct odf_list_style *style) {
    unsigned level = odf->depth < ODF_LEVELS ? odf->depth - 1 : ODF_LEVELS - 1;
    long *counts = style ? counts_of(odf, style) : NULL;
    if (!counts)
        return;
    if (odf->restarts)
        restart(style, counts);
    odf->restarts = false;
    count(style, counts, level, odf->item_start);
    set_label(odf, style, counts, level);
}

static void start_list(struct odf *odf, const struct xml_tag *tag) {
    char name[ODF_NAME];
    unsigned level = odf->depth++;
    if (!level)
        odf->restarts =
            !xml_attribute(tag, "continue-list", name, sizeof name) &&
            !(xml_attribute(tag, "continue-numbering", name, sizeof name) && *name == 't');
    if (level >= ODF_LEVELS)
        return;
    odf->lists[level] = level ? odf->lists[level - 1] : NULL;
    if (xml_attribute(tag, "style-name", name, sizeof name)) {
        const struct odf_list_style *style = odf_list_find(&odf->styles, name);
        odf->lists[level] = style ? style : odf->lists[level];
    }
}

/* ---- Paragraphs --------------------------------------------------------------------------------
 */

static void make_heading(struct odf *odf, long level, bool numbered) {
    struct office_paragraph *paragraph = &odf->office.paragraph;
    paragraph->kind = PASSAGE_HEADING;
    paragraph->level = level > HEADING_LEVELS ? HEADING_LEVELS : (unsigned)level;
    if (!numbered || level > ODF_LEVELS)
        return;
    count(&odf->styles.outline, odf->heading_counts, (unsigned)level - 1, -1);
    set_label(odf, &odf->styles.outline, odf->heading_counts, (unsigned)level - 1);
}

static void decide(struct odf *odf, const struct xml_tag *tag, bool heading) {
    struct office_paragraph *paragraph = &odf->office.paragraph;
    struct odf_style style = {.outline = 0};
    char name[ODF_NAME];
    bool title = false;
    if (xml_attribute(tag, "style-name", name, sizeof name))
        odf_style_find(&odf->styles, name, &style, &title);
    bool unnumbered = xml_attribute(tag, "is-list-header", name, sizeof name) && *name == 't';
    if (heading) {
        make_heading(odf, xml_number(tag, "outline-level", 1, ODF_LEVELS, 1),
                     !unnumbered && !odf->depth);
    } else if (odf->slide_title) {
        make_heading(odf, 1, false);
    } else if (title) {
        make_heading(odf, 1, false);
        paragraph->title = true;
    } else if (odf->index) {
        paragraph->kind = PASSAGE_ROW;
    } else if (odf->depth && !odf->slide_notes) {
        paragraph->kind = PASSAGE_ITEM;
        paragraph->level = odf->depth < ODF_LEVELS ? odf->depth : ODF_LEVELS;
    }
    if (odf->depth && odf->item && (paragraph->kind == PASSAGE_ITEM || heading)) {
        const struct odf_list_style *list =
            odf->lists[odf->depth <= ODF_LEVELS ? odf->depth - 1 : ODF_LEVELS - 1];
        number_item(odf, list ? list : odf_list_find(&odf->styles, style.list));
    }
    odf->item = false;
}

static void start_paragraph(struct odf *odf, const struct xml_tag *tag) {
    if (odf->paragraphs++)
        office_nest(&odf->office);
    office_begin(&odf->office);
    decide(odf, tag, *tag->name == 'h');
}

static void end_paragraph(struct odf *odf) {
    if (!odf->paragraphs)
        return;
    office_end(&odf->office);
    if (--odf->paragraphs)
        office_unnest(&odf->office);
}

static void add_text(struct odf *odf, const char *text, size_t size) {
    if (odf->note == NOTE_BODY) {
        bytes_add(&odf->note_text, text, size);
    } else if (odf->note == NOTE_MARK) {
        size_t length = strlen(odf->note_label);
        if (length + size < sizeof odf->note_label) {
            memcpy(odf->note_label + length, text, size);
            odf->note_label[length + size] = '\0';
        }
    } else if (odf->note == NOTE_NONE && odf->paragraphs) {
        office_text(&odf->office, text, size);
    }
}

static bool add_space(struct odf *odf, const struct xml_tag *tag) {
    if (!strcmp(tag->name, "s")) {
        static const char spaces[SPACES_MAX + 1] =
            "                                                                ";
        add_text(odf, spaces, (size_t)xml_number(tag, "c", 1, SPACES_MAX, 1));
    } else if (!strcmp(tag->name, "tab")) {
        add_text(odf, "\t", 1);
    } else if (!strcmp(tag->name, "line-break")) {
        add_text(odf, "\n", 1);
    } else {
        return false;
    }
    return true;
}

/* ---- Notes -------------------------------------------------------------------------------------
 */

static void start_in_note(struct odf *odf, const struct xml_tag *tag) {
    if (add_space(odf, tag))
        return;
    if (!strcmp(tag->name, "note-citation"))
        odf->note = NOTE_MARK;
    else if (!strcmp(tag->name, "note-body"))
        odf->note = NOTE_BODY;
}

static void end_in_note(struct odf *odf, const char *name) {
    if (!strcmp(name, "note")) {
        office_note(&odf->office, odf->note_label, (const char *)odf->note_text.data,
                    odf->note_text.size);
        bytes_reset(&odf->note_text);
        odf->note = NOTE_NONE;
    } else if (!strcmp(name, "note-citation") || !strcmp(name, "note-body")) {
        odf->note = NOTE_OUTSIDE;
    } else if (odf->note == NOTE_BODY && (!strcmp(name, "p") || !strcmp(name, "h"))) {
        bytes_add_byte(&odf->note_text, ' ');
    }
}

/* ---- Slides ------------------------------------------------------------------------------------
 */

static void start_page(struct odf *odf) {
    office_slide_begin(&odf->office, ++odf->slide);
    odf->slides = true;
}

static void start_frame(struct odf *odf, const struct xml_tag *tag) {
    char class[24];
    if (!odf->slides || !xml_attribute(tag, "class", class, sizeof class))
        return;
    odf->slide_title = !strcmp(class, "title");
    if (!strcmp(class, "page-number") || !strcmp(class, "footer") || !strcmp(class, "header") ||
        !strcmp(class, "date-time"))
        odf->skip = 1;
}

/* ---- Events ------------------------------------------------------------------------------------
 */

static bool is_left_out(const char *name) {
    static const char *const names[] = {"tracked-changes",
                                        "annotation",
                                        "hidden-text",
                                        "hidden-paragraph",
                                        "ruby-text",
                                        "forms",
                                        "sequence-decls",
                                        "variable-decls",
                                        "script",
                                        "desc",
                                        "title",
                                        "event-listeners",
                                        "binary-data",
                                        "index-title-template",
                                        "math"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(name, names[i]))
            return true;
    return false;
}

static void start_in_body(struct odf *odf, const struct xml_tag *tag) {
    const char *name = tag->name;
    if (!strcmp(name, "p") || !strcmp(name, "h"))
        start_paragraph(odf, tag);
    else if (add_space(odf, tag))
        ;
    else if (!strcmp(name, "list"))
        start_list(odf, tag);
    else if (!strcmp(name, "list-item")) {
        odf->item = true;
        odf->item_start = xml_number(tag, "start-value", 0, 1000000, -1);
    } else if (!strcmp(name, "list-header"))
        odf->item = false;
    else if (!strcmp(name, "note")) {
        odf->note = NOTE_OUTSIDE;
        *odf->note_label = '\0';
    } else if (!strcmp(name, "table-row"))
        office_row_begin(&odf->office);
    else if (!strcmp(name, "table-cell"))
        office_cell_begin(&odf->office);
    else if (!strcmp(name, "index-body"))
        odf->index++;
    else if (!strcmp(name, "page"))
        start_page(odf);
    else if (!strcmp(name, "notes"))
        odf->slide_notes = true;
    else if (!strcmp(name, "frame"))
        start_frame(odf, tag);
}

static void on_start(void *context, const struct xml_tag *tag) {
    struct odf *odf = context;
    if (odf->skip || (odf->body && is_left_out(tag->name))) {
        odf->skip++;
    } else if (odf->note) {
        start_in_note(odf, tag);
    } else if (odf->body) {
        start_in_body(odf, tag);
    } else if (!strcmp(tag->name, "body")) {
        odf->body = true;
        odf_styles_ready(&odf->styles);
        restart(&odf->styles.outline, odf->heading_counts);
    } else if (odf_styles_start(&odf->styles, tag)) {
        odf->office.status = PLENARY_ENOMEM;
    }
}

static void on_end(void *context, const char *name, uint64_t line, uint64_t offset) {
    struct odf *odf = context;
    (void)line, (void)offset;
    if (odf->skip)
        odf->skip--;
    else if (odf->note)
        end_in_note(odf, name);
    else if (!odf->body)
        odf_styles_end(&odf->styles, name);
    else if (!strcmp(name, "body"))
        odf->body = false;
    else if (!strcmp(name, "p") || !strcmp(name, "h"))
        end_paragraph(odf);
    else if (!strcmp(name, "list"))
        odf->depth -= odf->depth > 0;
    else if (!strcmp(name, "table-row"))
        office_row_end(&odf->office);
    else if (!strcmp(name, "index-body"))
        odf->index -= odf->index > 0;
    else if (!strcmp(name, "notes"))
        odf->slide_notes = false;
    else if (!strcmp(name, "frame"))
        odf->slide_title = false;
    else if (!strcmp(name, "page"))
        office_slide_end(&odf->office);
    if (odf->note_text.failed)
        odf->office.status = PLENARY_ENOMEM;
}

static void on_text(void *context, const char *text, size_t size) {
    struct odf *odf = context;
    if (!odf->skip && odf->body)
        add_text(odf, text, size);
}

/* Styles are in a part of their own and in the content. */
static void on_style_start(void *context, const struct xml_tag *tag) {
    struct odf *odf = context;
    if (odf_styles_start(&odf->styles, tag))
        odf->office.status = PLENARY_ENOMEM;
}

static void on_style_end(void *context, const char *name, uint64_t line, uint64_t offset) {
    struct odf *odf = context;
    (void)line, (void)offset;
    odf_styles_end(&odf->styles, name);
}

static void on_style_text(void *context, const char *text, size_t size) {
    (void)context, (void)text, (void)size;
}

/* ---- The package -------------------------------------------------------------------------------
 */

static bool is_wanted(const char *name) {
    return !strcmp(name, "content.xml") || !strcmp(name, "styles.xml") ||
           !strcmp(name, "meta.xml") || !strcmp(name, "META-INF/manifest.xml");
}

/* The manifest names what is encrypted; the parts themselves are noise then. */
static bool is_encrypted(const struct zip_members *members) {
    const struct bytes *manifest = zip_members_find(members, "META-INF/manifest.xml");
    return members->encrypted || (manifest && manifest->size &&
                                  memmem(manifest->data, manifest->size, "encryption-data", 15));
}

static int read_parts(struct odf *odf, const struct zip_members *members, struct error *err) {
    static const struct xml_handler style_handler = {on_style_start, on_style_end, on_style_text};
    static const struct xml_handler handler = {on_start, on_end, on_text};
    const struct bytes *content = zip_members_find(members, "content.xml");
    const struct bytes *styles = zip_members_find(members, "styles.xml");
    if (is_encrypted(members))
        return error_set(err, PLENARY_EDAMAGED, "the file is encrypted");
    if (!content)
        return error_set(err, PLENARY_EDAMAGED, "the file is damaged: it has no content.xml");
    int status = styles ? xml_events(styles->data, styles->size, &style_handler, odf,
                                     &odf->office.status, err)
                        : 0;
    return status
               ? status
               : xml_events(content->data, content->size, &handler, odf, &odf->office.status, err);
}

int odf_read(struct document *document, const struct read_bytes *in, struct error *err) {
    struct zip_members members;
    struct odf odf = {.item_start = -1};
    office_init(&odf.office, document);
    int status = zip_members_read(&members, in, is_wanted, err);
    if (!status)
        status = read_parts(&odf, &members, err);
    int finished = office_finish(&odf.office);
    if (!status)
        status = finished;
    if (!status)
        status = package_properties(zip_members_find(&members, "meta.xml"), document);
    odf_styles_free(&odf.styles);
    bytes_free(&odf.counts);
    bytes_free(&odf.note_text);
    zip_members_free(&members);
    return status;
}
