/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * XML of parliamentary records, and any other that holds text: what elements mean is told by their
 * names (xml_role.h). Sections nest by the titles that they have; a speech's paragraphs have its
 * speaker; a member named within a paragraph speaks it, and those that follow up to the next
 * member, title or procedural note.
 */
#include "corpus/date.h"
#include "corpus/office.h"
#include "corpus/paragraph.h"
#include "corpus/reader_bytes.h"
#include "corpus/xml_events.h"
#include "corpus/xml_role.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { DEPTH = 300, NAME_SIZE = 160, PERSONS_MAX = 5000, RAW_LINES = 4 };

struct frame {
    enum xml_role role;
    unsigned heading;    /* level of the title that it has, or 0 */
    const char *path;    /* of headings before that title */
    const char *speaker; /* before it, of a speech */
    bool nested;         /* a note within a paragraph */
    bool within;         /* text that stands in no paragraph's element: a part of it */
};

struct person {
    char id[64];
    char name[96];
};

struct xml {
    struct office office;
    struct frame frames[DEPTH];
    unsigned depth, removed, meta; /* depths */
    unsigned paragraphs, lists;    /* that are open */
    bool started;                  /* the paragraph has text */
    bool names;                    /* it is one that only names the speaker */
    struct bytes name, number, title;
    bool in_name, in_member, in_number, in_title;
    bool in_setting, italic;
    const char *carried; /* who speaks on from the paragraph before */
    uint32_t date;
    unsigned date_trust;
    struct bytes persons; /* of struct person */
    uint64_t line, offset;
    bool gap; /* a page break came within the text */
    int fault;
};

/* ---- Names -------------------------------------------------------------------------------------
 */

/* "Mr. KELLY:" without what is not the name's. */
static const char *keep_name(struct xml *xml, const char *text, size_t size) {
    char name[NAME_SIZE] = "";
    size_t length = 0, i = 0;
    for (; i < size && length + 1 < sizeof name; i++) {
        bool space = (unsigned char)text[i] <= ' ';
        if (!space)
            name[length++] = text[i];
        else if (length && name[length - 1] != ' ')
            name[length++] = ' ';
    }
    if (i < size) { /* cut: not within a character */
        while (length && ((unsigned char)name[length - 1] & 0xC0) == 0x80)
            length--;
        length -= length && ((unsigned char)name[length - 1] & 0x80);
    }
    while (length && strchr(" :*", name[length - 1]))
        length--;
    if (!length)
        return NULL;
    const char *kept = arena_text(&xml->office.document->arena, name, length);
    if (!kept)
        xml->fault = PLENARY_ENOMEM;
    return kept;
}

static void add_person(struct xml *xml, const struct xml_tag *tag) {
    struct person person = {"", ""};
    if (xml->persons.size / sizeof person >= PERSONS_MAX ||
        !xml_attribute(tag, "showAs", person.name, sizeof person.name))
        return;
    if (!xml_attribute(tag, "eId", person.id, sizeof person.id) &&
        !xml_attribute(tag, "id", person.id, sizeof person.id))
        return;
    bytes_add(&xml->persons, &person, sizeof person);
}

/* The speaker that a speech's attributes name: in full, or by the id of a person. */
static const char *speaker_of(struct xml *xml, const struct xml_tag *tag) {
    static const char *const attributes[] = {"speakername", "by", "who", "speaker", "name"};
    char value[NAME_SIZE];
    const char *found = NULL;
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes && !found; i++)
        found = xml_attribute(tag, attributes[i], value, sizeof value);
    if (!found || !*found)
        return NULL;
    const char *id = *found == '#' ? found + 1 : found;
    const struct person *persons = (const void *)xml->persons.data;
    for (size_t i = 0; i < xml->persons.size / sizeof *persons; i++)
        if (!strcmp(persons[i].id, id))
            return keep_name(xml, persons[i].name, strlen(persons[i].name));
    return keep_name(xml, id, strlen(id));
}

/* ---- Paragraphs --------------------------------------------------------------------------------
 */

static bool begins_with(const struct bytes *text, const char *word) {
    size_t at = 0, size = strlen(word);
    while (at < text->size && (text->data[at] <= ' ' || strchr("\"'([", (char)text->data[at])))
        at++;
    return text->size - at >= size && !memcmp(text->data + at, word, size);
}

/* What the clerk notes between speeches is said by nobody. */
static bool is_procedural(const struct xml *xml) {
    static const char *const words[] = {"Motion ",           "Question put",
                                        "Question again",    "Question accordingly",
                                        "The House divided", "The Committee divided",
                                        "Amendment ",        "Ordered",
                                        "Resolved",          "Bill read",
                                        "Adjourned",         "Clause "};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (begins_with(&xml->office.builder.text, words[i]))
            return true;
    return xml->italic;
}

/* Text that stands in no paragraph's element may have blank lines and all. */
static bool is_raw(const struct xml *xml) {
    const struct bytes *text = &xml->office.builder.text;
    unsigned lines = 0;
    const uint8_t *at = text->data, *end = at ? at + text->size : at;
    if (xml->paragraphs || xml->office.rows || !text->size)
        return false;
    while (lines < RAW_LINES && at < end && (at = memchr(at, '\n', (size_t)(end - at)))) {
        lines++;
        at++;
    }
    return lines >= RAW_LINES && text->size > 200;
}

static void end_block(struct xml *xml) {
    struct office *office = &xml->office;
    if (is_raw(xml)) {
        struct cut_options options = {.record = true};
        if (paragraph_cut(office->document, (const char *)office->builder.text.data,
                          office->builder.text.size, &options, NULL))
            xml->fault = PLENARY_ENOMEM;
        bytes_reset(&office->builder.text);
    }
    const char *speaker = office->speaker;
    if (!speaker && xml->carried && !is_procedural(xml))
        office->speaker = xml->carried;
    if (xml->number.size && office->builder.text.size) {
        office_set_label(office, (const char *)xml->number.data, xml->number.size);
        bytes_reset(&xml->number);
    }
    office_end(office);
    office->speaker = speaker;
    office->begin = office->end = office->line_begin = office->line_end = 0;
    xml->started = xml->italic = xml->gap = false;
}

static void begin_block(struct xml *xml) {
    if (xml->started && !xml->office.rows)
        end_block(xml);
    office_begin(&xml->office);
}

/* ---- Headings ----------------------------------------------------------------------------------
 */

static unsigned heading_level(const struct xml *xml, const char *name) {
    const struct frame *parent = xml->depth ? &xml->frames[xml->depth - 1] : NULL;
    unsigned level = 1;
    if (!strcasecmp(name, "minor-heading") || !strcasecmp(name, "subheading"))
        return 2;
    if (strlen(name) == 2 && tolower((unsigned char)*name) == 'h' &&
        isdigit((unsigned char)name[1]))
        return (unsigned)(name[1] - '0');
    if (parent && parent->heading)
        return parent->heading;
    for (unsigned i = 0; i < xml->depth; i++)
        level += xml->frames[i].heading > 0;
    return level < HEADING_LEVELS ? level : HEADING_LEVELS;
}

static void start_heading(struct xml *xml, const char *name) {
    struct office *office = &xml->office;
    struct frame *parent = xml->depth ? &xml->frames[xml->depth - 1] : NULL;
    unsigned level = heading_level(xml, name);
    begin_block(xml);
    office->paragraph.kind = PASSAGE_HEADING;
    office->paragraph.level = level;
    xml->carried = NULL;
    if (parent && !parent->heading) {
        parent->heading = level;
        parent->path = office->builder.path;
    }
}

/* The section ends: what follows is under the headings from before it. */
static void leave_section(struct xml *xml, const struct frame *frame) {
    struct passage_builder *builder = &xml->office.builder;
    memset(builder->headings + frame->heading - 1, 0,
           (HEADING_LEVELS - frame->heading + 1) * sizeof *builder->headings);
    builder->path = frame->path;
    xml->carried = NULL;
}

/* ---- Metadata ----------------------------------------------------------------------------------
 */

/* The most telling date wins: that of the sitting itself, then of its text, then any. */
static void note_date(struct xml *xml, const struct xml_tag *tag, unsigned trust) {
    static const char *const attributes[] = {"when", "date", "format", "sitzung-datum", "from"};
    char value[40];
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
        if (!xml_attribute(tag, attributes[i], value, sizeof value))
            continue;
        uint32_t date = date_parse(value);
        date = date ? date : date_find(value, strlen(value));
        if (date % 100 && trust > xml->date_trust) {
            xml->date = date;
            xml->date_trust = trust;
        }
    }
}

static void start_in_meta(struct xml *xml, const struct xml_tag *tag) {
    const char *name = tag->name;
    if (!strcmp(name, "TLCPerson"))
        add_person(xml, tag);
    else if (!strcmp(name, "setting"))
        xml->in_setting = true;
    else if (!strcmp(name, "date") || !strcmp(name, "FRBRdate"))
        note_date(xml, tag, xml->in_setting ? 4 : *name == 'F' ? 2 : 1);
    else if (!strcmp(name, "title") && !xml->title.size)
        xml->in_title = true;
}

static void note_root(struct xml *xml, const struct xml_tag *tag) {
    struct document *document = xml->office.document;
    char language[24];
    note_date(xml, tag, 3);
    if (!document->language && xml_attribute(tag, "lang", language, sizeof language) &&
        !(document->language = arena_string(&document->arena, language)))
        xml->fault = PLENARY_ENOMEM;
}

/* ---- Elements ----------------------------------------------------------------------------------
 */

static bool names_speaker(const struct xml_tag *tag) {
    char class[16];
    return xml_attribute(tag, "klasse", class, sizeof class) && !strcmp(class, "redner");
}

static void start_paragraph(struct xml *xml, const struct xml_tag *tag, struct frame *frame) {
    if (xml->paragraphs && frame->role == XML_NOTE) {
        office_nest(&xml->office);
        frame->nested = true;
    } else {
        begin_block(xml);
    }
    if (frame->role == XML_ITEM || (frame->role == XML_PARAGRAPH && xml->lists))
        xml->office.paragraph =
            (struct office_paragraph){.kind = PASSAGE_ITEM, .level = xml->lists ? xml->lists : 1};
    xml->paragraphs++;
    xml->names = frame->role == XML_PARAGRAPH && names_speaker(tag);
}

static void start_role(struct xml *xml, const struct xml_tag *tag, struct frame *frame) {
    struct office *office = &xml->office;
    switch (frame->role) {
    case XML_PARAGRAPH:
    case XML_NOTE:
    case XML_ITEM:
        start_paragraph(xml, tag, frame);
        break;
    case XML_LIST:
        xml->lists++;
        break;
    case XML_HEADING:
        start_heading(xml, tag->name);
        xml->paragraphs++;
        break;
    case XML_NUMBER:
        xml->in_number = true;
        bytes_reset(&xml->number);
        break;
    case XML_SPEECH:
        begin_block(xml);
        frame->speaker = office->speaker;
        office->speaker = speaker_of(xml, tag);
        xml->carried = NULL;
        break;
    case XML_SPEAKER:
    case XML_MEMBER:
        bytes_reset(&xml->name);
        xml->in_name = frame->role == XML_SPEAKER;
        xml->in_member = frame->role == XML_MEMBER;
        break;
    case XML_ROW:
        xml->carried = NULL;
        xml->started = false;
        office_row_begin(office);
        break;
    case XML_CELL:
        office_cell_begin(office);
        break;
    case XML_BREAK:
        office_break(office);
        break;
    default:
        frame->within = xml->started;
        if (!xml->paragraphs && !frame->within)
            begin_block(xml);
    }
}

static void on_start(void *context, const struct xml_tag *tag) {
    struct xml *xml = context;
    struct frame frame = {.role = xml_role_find(tag->name)};
    xml->line = tag->line;
    xml->offset = tag->offset;
    if (!xml->depth)
        note_root(xml, tag);
    if (xml->meta || frame.role == XML_META) {
        xml->meta++;
        start_in_meta(xml, tag);
        return;
    }
    if (xml->removed || frame.role == XML_REMOVED || frame.role == XML_PAGE) {
        xml->gap |= frame.role == XML_PAGE && !xml->removed;
        xml->removed++;
        return;
    }
    if (!strcmp(tag->name, "date") || !strcmp(tag->name, "docDate"))
        note_date(xml, tag, 3);
    xml->italic |= !strcmp(tag->name, "i") && !xml->started && xml->paragraphs;
    if (xml->depth < DEPTH) {
        start_role(xml, tag, &frame);
        xml->frames[xml->depth] = frame;
    }
    xml->depth++;
}

static void end_name(struct xml *xml, enum xml_role role) {
    const char *name = keep_name(xml, (const char *)xml->name.data, xml->name.size);
    if (name && role == XML_MEMBER)
        xml->carried = name;
    else if (name)
        xml->office.speaker = name;
    xml->in_name = xml->in_member = false;
    bytes_reset(&xml->name);
}

static void end_paragraph(struct xml *xml, const struct frame *frame) {
    struct bytes *text = &xml->office.builder.text;
    if (xml->names) { /* "Dr. Petra Sitte (DIE LINKE):" */
        const char *name = keep_name(xml, (const char *)text->data, text->size);
        xml->office.speaker = name ? name : xml->office.speaker;
        bytes_reset(text);
        xml->names = false;
    }
    xml->office.end = xml->offset;
    xml->office.line_end = xml->line;
    if (frame->nested)
        office_unnest(&xml->office);
    else
        end_block(xml);
    xml->paragraphs -= xml->paragraphs > 0;
}

static void end_role(struct xml *xml, const struct frame *frame) {
    switch (frame->role) {
    case XML_PARAGRAPH:
    case XML_NOTE:
    case XML_ITEM:
    case XML_HEADING:
        end_paragraph(xml, frame);
        break;
    case XML_LIST:
        xml->lists -= xml->lists > 0;
        break;
    case XML_NUMBER:
        xml->in_number = false;
        break;
    case XML_SPEECH:
        end_block(xml);
        xml->office.speaker = frame->speaker;
        break;
    case XML_SPEAKER:
    case XML_MEMBER:
        end_name(xml, frame->role);
        break;
    case XML_ROW:
        office_row_end(&xml->office);
        break;
    case XML_CELL:
    case XML_BREAK:
        break;
    default:
        if (!xml->paragraphs && !xml->office.rows && !frame->within)
            end_block(xml);
    }
}

static void on_end(void *context, const char *name, uint64_t line, uint64_t offset) {
    struct xml *xml = context;
    xml->line = line;
    xml->offset = offset;
    if (xml->meta) {
        xml->meta--;
        xml->in_title = false;
        xml->in_setting &= strcmp(name, "setting") != 0;
        return;
    }
    if (xml->removed) {
        xml->removed--;
        return;
    }
    if (!xml->depth || --xml->depth >= DEPTH)
        return;
    struct frame frame = xml->frames[xml->depth];
    end_role(xml, &frame);
    if (frame.heading)
        leave_section(xml, &frame);
    if (xml->office.status)
        xml->fault = xml->office.status;
}

/* ---- Text --------------------------------------------------------------------------------------
 */

/* A page ended in the middle of a word: "Middles-" and "brough". */
static void heal(struct xml *xml, const char **text, size_t *size) {
    struct bytes *before = &xml->office.builder.text;
    size_t end = before->size;
    while (end && before->data[end - 1] <= ' ')
        end--;
    while (*size && (unsigned char)**text <= ' ') {
        ++*text;
        --*size;
    }
    if (!*size)
        return;
    bool word = end >= 2 && before->data[end - 1] == '-' && islower(before->data[end - 2]) &&
                islower((unsigned char)**text);
    if (word)
        before->size = end - 1;
    else
        bytes_add_byte(before, ' ');
    xml->gap = false;
}

static bool is_blank(const char *text, size_t size) {
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)text[i] > ' ')
            return false;
    return true;
}

static void note_place(struct xml *xml) {
    struct office *office = &xml->office;
    if (!xml->started) {
        office->begin = xml->offset;
        office->line_begin = xml->line;
    }
    xml->started = true;
    office->end = xml->offset;
    office->line_end = xml->line;
}

static void on_text(void *context, const char *text, size_t size) {
    struct xml *xml = context;
    if (xml->meta) {
        if (xml->in_title)
            bytes_add(&xml->title, text, size);
        return;
    }
    if (xml->removed)
        return;
    if (xml->in_number) {
        if (xml->number.size < OFFICE_LABEL && !is_blank(text, size))
            bytes_add(&xml->number, text, size);
        return;
    }
    if ((xml->in_name || xml->in_member) && xml->name.size < NAME_SIZE)
        bytes_add(&xml->name, text, size);
    if (xml->in_name)
        return;
    if (!xml->started && is_blank(text, size))
        return;
    if (xml->gap)
        heal(xml, &text, &size);
    if (size && !is_blank(text, size))
        note_place(xml);
    office_text(&xml->office, text, size);
}

/* ---- The document ------------------------------------------------------------------------------
 */

static int describe(struct xml *xml) {
    struct document *document = xml->office.document;
    if (xml->date)
        document->date = xml->date;
    if (!xml->title.size || document->title)
        return 0;
    const char *title = keep_name(xml, (const char *)xml->title.data, xml->title.size);
    document->title = title;
    return xml->fault;
}

int xml_document_read(struct document *document, const struct read_bytes *in, struct error *err) {
    static const struct xml_handler handler = {on_start, on_end, on_text};
    struct xml xml = {.depth = 0};
    office_init(&xml.office, document);
    struct error flaw;
    int status = xml_events_lenient(in->data, in->size, &handler, &xml, &xml.fault, &flaw, err);
    int finished = office_finish(&xml.office);
    if (!status)
        status = finished;
    if (!status)
        status = describe(&xml);
    if (!status && flaw.code && !(document->remark = arena_string(&document->arena, flaw.message)))
        status = PLENARY_ENOMEM;
    bool failed = xml.name.failed || xml.number.failed || xml.title.failed || xml.persons.failed;
    bytes_free(&xml.name);
    bytes_free(&xml.number);
    bytes_free(&xml.title);
    bytes_free(&xml.persons);
    return !status && failed ? PLENARY_ENOMEM : status;
}
