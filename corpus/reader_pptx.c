/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Presentations (.pptx; ECMA-376 part 1, PresentationML): the slides in their order, each a section
 * under its title, with its number as page; bullets are list items, tables come row by row, the
 * speaker's notes last. Slide numbers, dates and footers are left out.
 */
#include "corpus/office.h"
#include "corpus/package_parts.h"
#include "corpus/xml_events.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { SLIDES_MAX = 3000, ID_SIZE = 64 };

struct slides {
    size_t count;
    struct bytes list; /* relationship ids, ID_SIZE each, in order */
    int status;
};

struct slide {
    struct office office;
    unsigned skip;
    bool notes; /* reading the notes of a slide: only their body */
    bool in_text, title, body, wanted;
};

/* ---- The order of slides -----------------------------------------------------------------------
 */

static void on_slide_id(void *context, const struct xml_tag *tag) {
    struct slides *slides = context;
    char id[ID_SIZE] = "";
    if (strcmp(tag->name, "sldId") != 0 || slides->count >= SLIDES_MAX ||
        !xml_attribute_in(tag, "/relationships", "id", id, sizeof id))
        return;
    bytes_add(&slides->list, id, sizeof id);
    slides->count++;
    if (slides->list.failed)
        slides->status = PLENARY_ENOMEM;
}

static void on_no_end(void *context, const char *name, uint64_t line, uint64_t offset) {
    (void)context, (void)name, (void)line, (void)offset;
}

static void on_no_text(void *context, const char *text, size_t size) {
    (void)context, (void)text, (void)size;
}

/* ---- A slide -----------------------------------------------------------------------------------
 */

/* What kind of placeholder a shape is decides what its text is. */
static void on_placeholder(struct slide *slide, const struct xml_tag *tag) {
    char type[16] = "body";
    xml_attribute(tag, "type", type, sizeof type);
    slide->title = !strcmp(type, "title") || !strcmp(type, "ctrTitle");
    slide->body = !strcmp(type, "body") || !strcmp(type, "obj");
    slide->wanted = slide->notes ? !strcmp(type, "body")
                                 : strcmp(type, "sldNum") != 0 && strcmp(type, "ftr") != 0 &&
                                       strcmp(type, "dt") != 0 && strcmp(type, "hdr") != 0;
}

static void start_paragraph(struct slide *slide) {
    office_begin(&slide->office);
    if (slide->title)
        slide->office.paragraph = (struct office_paragraph){.kind = PASSAGE_HEADING, .level = 1};
    else if (slide->body && !slide->notes)
        slide->office.paragraph = (struct office_paragraph){.kind = PASSAGE_ITEM, .level = 1};
}

static void on_start(void *context, const struct xml_tag *tag) {
    struct slide *slide = context;
    const char *name = tag->name;
    struct office *office = &slide->office;
    if (slide->skip || !strcmp(name, "Fallback"))
        slide->skip++;
    else if (!strcmp(name, "sp") || !strcmp(name, "graphicFrame")) {
        slide->title = slide->body = false;
        slide->wanted = !slide->notes;
    } else if (!strcmp(name, "ph"))
        on_placeholder(slide, tag);
    else if (!slide->wanted)
        return;
    else if (!strcmp(name, "p"))
        start_paragraph(slide);
    else if (!strcmp(name, "pPr") && office->paragraph.kind == PASSAGE_ITEM)
        office->paragraph.level = (unsigned)xml_number(tag, "lvl", 0, 8, 0) + 1;
    else if (!strcmp(name, "t"))
        slide->in_text = true;
    else if (!strcmp(name, "br"))
        office_break(office);
    else if (!strcmp(name, "tab"))
        office_text(office, "\t", 1);
    else if (!strcmp(name, "tr"))
        office_row_begin(office);
    else if (!strcmp(name, "tc"))
        office_cell_begin(office);
}

static void on_end(void *context, const char *name, uint64_t line, uint64_t offset) {
    struct slide *slide = context;
    (void)line, (void)offset;
    slide->in_text = false;
    if (slide->skip) {
        slide->skip--;
        return;
    }
    if (!slide->wanted)
        return;
    if (!strcmp(name, "p"))
        office_end(&slide->office);
    else if (!strcmp(name, "tr"))
        office_row_end(&slide->office);
}

static void on_text(void *context, const char *text, size_t size) {
    struct slide *slide = context;
    if (slide->in_text && slide->wanted && !slide->skip)
        office_text(&slide->office, text, size);
}

/* ---- The package -------------------------------------------------------------------------------
 */

static bool is_wanted(const char *name) {
    return !strcasecmp(name, "_rels/.rels") || !strncasecmp(name, "docProps/core", 13) ||
           !strncasecmp(name, "ppt/presentation", 16) ||
           !strncasecmp(name, "ppt/_rels/presentation", 22) ||
           !strncasecmp(name, "ppt/slides/", 11) || !strncasecmp(name, "ppt/notesSlides/notes", 21);
}

static int read_part(struct slide *slide, const struct zip_members *members,
                     const struct bytes *part, bool notes, struct error *err) {
    static const struct xml_handler handler = {on_start, on_end, on_text};
    slide->notes = notes;
    slide->skip = 0;
    slide->in_text = slide->wanted = slide->title = slide->body = false;
    int status = zip_members_charge(members, part, err);
    return status ? status
                  : xml_events(part->data, part->size, &handler, slide, &slide->office.status, err);
}

static int read_slide(struct slide *slide, const struct zip_members *members, const char *name,
                      uint32_t number, struct error *err) {
    char notes_name[PART_NAME];
    const struct bytes *part = zip_members_find(members, name), *notes = NULL;
    if (!part)
        return 0;
    if (package_related(members, name, NULL, "/notesSlide", notes_name))
        notes = zip_members_find(members, notes_name);
    office_slide_begin(&slide->office, number);
    int status = read_part(slide, members, part, false, err);
    if (!status && notes)
        status = read_part(slide, members, notes, true, err);
    office_slide_end(&slide->office);
    return status;
}

static int read_parts(struct slide *slide, const struct zip_members *members, struct error *err) {
    static const struct xml_handler order = {on_slide_id, on_no_end, on_no_text};
    struct slides slides = {.count = 0};
    char main[PART_NAME], name[PART_NAME];
    if (!package_related(members, "", NULL, "/officeDocument", main))
        snprintf(main, sizeof main, "ppt/presentation.xml");
    const struct bytes *presentation = zip_members_find(members, main);
    if (!presentation)
        return members->encrypted ? error_set(err, PLENARY_EDAMAGED, "the file is encrypted")
                                  : error_set(err, PLENARY_EDAMAGED,
                                              "the file is damaged: it has no part %s", main);
    int status =
        xml_events(presentation->data, presentation->size, &order, &slides, &slides.status, err);
    for (size_t i = 0; i < slides.count && !status; i++) {
        const char *id = (const char *)slides.list.data + i * ID_SIZE;
        if (package_related(members, main, id, NULL, name))
            status = read_slide(slide, members, name, (uint32_t)i + 1, err);
    }
    bytes_free(&slides.list);
    return status;
}

int pptx_read(struct document *document, const struct read_bytes *in, struct error *err) {
    struct zip_members members;
    struct slide slide = {.skip = 0};
    char properties[PART_NAME];
    office_init(&slide.office, document);
    int status = zip_members_read(&members, in, is_wanted, err);
    if (!status)
        status = read_parts(&slide, &members, err);
    int finished = office_finish(&slide.office);
    if (!status)
        status = finished;
    if (!status && package_related(&members, "", NULL, "/core-properties", properties))
        status = package_properties(zip_members_find(&members, properties), document);
    zip_members_free(&members);
    return status;
}
