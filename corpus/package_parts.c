/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/package_parts.h"

#include "corpus/date.h"
#include "corpus/xml_events.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { PROPERTY_MAX = 400, PATH_PARTS = 16 };

/* ---- Relationships -----------------------------------------------------------------------------
 */

struct relation {
    const char *id, *type;
    char target[PART_NAME];
    bool found;
};

static bool ends_in(const char *text, const char *ending) {
    size_t size = strlen(text), length = strlen(ending);
    return size >= length && !strcmp(text + size - length, ending);
}

static void on_relation(void *context, const struct xml_tag *tag) {
    struct relation *relation = context;
    char value[PART_NAME];
    if (relation->found || strcmp(tag->name, "Relationship") != 0 ||
        !xml_attribute(tag, relation->id ? "Id" : "Type", value, sizeof value))
        return;
    if (relation->id ? strcmp(value, relation->id) != 0 : !ends_in(value, relation->type))
        return;
    relation->found =
        xml_attribute(tag, "Target", relation->target, sizeof relation->target) != NULL;
}

static void on_no_end(void *context, const char *name, uint64_t line, uint64_t offset) {
    (void)context, (void)name, (void)line, (void)offset;
}

static void on_no_text(void *context, const char *text, size_t size) {
    (void)context, (void)text, (void)size;
}

/* "ppt/slides/../media/x" without its "..". */
static void resolve(const char *folder, size_t folder_size, const char *target,
                    char out[PART_NAME]) {
    char joined[PART_NAME * 2];
    const char *parts[PATH_PARTS] = {NULL};
    size_t count = 0, size = 0;
    if (*target == '/')
        snprintf(joined, sizeof joined, "%s", target + 1);
    else
        snprintf(joined, sizeof joined, "%.*s%s", (int)folder_size, folder, target);
    char *rest = joined;
    for (char *part; (part = strsep(&rest, "/"));) {
        if (!strcmp(part, ".."))
            count -= count > 0;
        else if (*part && strcmp(part, ".") != 0 && count < PATH_PARTS)
            parts[count++] = part;
    }
    *out = '\0';
    for (size_t i = 0; i < count && size < PART_NAME; i++)
        size += (size_t)snprintf(out + size, PART_NAME - size, "%s%s", i ? "/" : "", parts[i]);
}

bool package_related(const struct zip_members *members, const char *part, const char *id,
                     const char *type, char out[PART_NAME]) {
    static const struct xml_handler handler = {on_relation, on_no_end, on_no_text};
    const char *slash = strrchr(part, '/');
    size_t folder = slash ? (size_t)(slash - part) + 1 : 0;
    char name[PART_NAME * 2];
    snprintf(name, sizeof name, "%.*s_rels/%s.rels", (int)folder, part, part + folder);
    const struct bytes *relations = zip_members_find(members, name);
    struct relation relation = {.id = id, .type = type};
    if (!relations || zip_members_charge(members, relations, NULL) ||
        xml_events(relations->data, relations->size, &handler, &relation, NULL, NULL) ||
        !relation.found)
        return false;
    resolve(part, folder, relation.target, out);
    return true;
}

/* ---- Properties --------------------------------------------------------------------------------
 */

struct properties {
    char text[PROPERTY_MAX], title[PROPERTY_MAX], language[32];
    size_t size;
    uint32_t created;
};

static void on_property(void *context, const struct xml_tag *tag) {
    struct properties *properties = context;
    (void)tag;
    properties->size = 0;
}

static void on_property_text(void *context, const char *text, size_t size) {
    struct properties *properties = context;
    size_t room = PROPERTY_MAX - 1 - properties->size;
    if (size > room) /* cut between characters */
        for (size = room; size && ((unsigned char)text[size] & 0xC0) == 0x80;)
            size--;
    memcpy(properties->text + properties->size, text, size);
    properties->size += size;
}

static void on_property_end(void *context, const char *name, uint64_t line, uint64_t offset) {
    struct properties *properties = context;
    (void)line, (void)offset;
    properties->text[properties->size] = '\0';
    if (!strcmp(name, "title"))
        memcpy(properties->title, properties->text, properties->size + 1);
    else if (!strcmp(name, "language") && properties->size < sizeof properties->language)
        memcpy(properties->language, properties->text, properties->size + 1);
    else if ((!strcmp(name, "created") || !strcmp(name, "creation-date")) &&
             properties->size >= 10) {
        properties->text[10] = '\0';
        properties->created = date_parse(properties->text);
    }
    properties->size = 0;
}

/* Titles that programs make up: "Microsoft Word - notes.doc", "Slide 1". */
static bool says_nothing(const char *title) {
    static const char *const general[] = {"powerpoint presentation", "slide 1", "document1",
                                          "untitled", "presentation"};
    if (!strncasecmp(title, "microsoft ", 10))
        return true;
    for (size_t i = 0; i < sizeof general / sizeof *general; i++)
        if (!strcasecmp(title, general[i]))
            return true;
    return strspn(title, " \t\r\n") == strlen(title);
}

int package_properties(const struct bytes *xml, struct document *document) {
    static const struct xml_handler handler = {on_property, on_property_end, on_property_text};
    struct properties properties = {.size = 0};
    if (!xml || xml_events(xml->data, xml->size, &handler, &properties, NULL, NULL))
        return 0;
    document->written = properties.created;
    if (!document->title && !says_nothing(properties.title) &&
        !(document->title = arena_string(&document->arena, properties.title)))
        return PLENARY_ENOMEM;
    if (!document->language && *properties.language &&
        !(document->language = arena_string(&document->arena, properties.language)))
        return PLENARY_ENOMEM;
    return 0;
}
