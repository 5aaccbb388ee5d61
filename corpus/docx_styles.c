/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/docx_styles.h"

#include "corpus/xml_events.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { BASES_MAX = 16, START_MAX = 1000000 };

struct parse {
    struct docx_styles *styles;
    struct docx_style *style;       /* open, or NULL */
    struct docx_abstract *abstract; /* open, or NULL */
    struct docx_list *list;         /* open, or NULL */
    struct docx_level *level;       /* open within `abstract`, or NULL */
    long override;                  /* level that the open list overrides, or -1 */
    int status;
};

static size_t count_of(const struct bytes *list, size_t size) {
    return list->size / size;
}

/* A zeroed item at the end of a list; NULL when there is no memory or no more are taken. */
static void *append(struct parse *parse, struct bytes *list, size_t size, size_t most) {
    if (count_of(list, size) >= most)
        return NULL;
    if (!bytes_reserve(list, size)) {
        parse->status = PLENARY_ENOMEM;
        return NULL;
    }
    void *item = list->data + list->size;
    memset(item, 0, size);
    list->size += size;
    return item;
}

/* ---- Reading -----------------------------------------------------------------------------------
 */

static void start_style(struct parse *parse, const struct xml_tag *tag) {
    struct docx_style *style =
        append(parse, &parse->styles->styles, sizeof *style, DOCX_STYLES_MAX);
    parse->style = style;
    if (!style)
        return;
    xml_attribute(tag, "styleId", style->id, sizeof style->id);
    style->list = style->list_level = -1;
}

/* "heading 2" in any language's Word; its display name may differ. */
static void name_style(struct docx_style *style, const char *name) {
    if (!strncasecmp(name, "heading ", 8) && isdigit((unsigned char)name[8]))
        style->heading = (unsigned)(name[8] - '0');
    style->title |= !strcasecmp(name, "title");
    style->contents |= !strncasecmp(name, "toc ", 4) && isdigit((unsigned char)name[4]);
}

static void start_abstract(struct parse *parse, const struct xml_tag *tag) {
    struct docx_abstract *abstract =
        append(parse, &parse->styles->abstracts, sizeof *abstract, DOCX_LISTS_MAX / 10);
    parse->abstract = abstract;
    if (!abstract)
        return;
    abstract->id = xml_number(tag, "abstractNumId", 0, INT32_MAX, -1);
    for (size_t i = 0; i < DOCX_LEVELS; i++)
        abstract->levels[i] = (struct docx_level){.start = 1, .format = LIST_NONE};
}

static void start_list(struct parse *parse, const struct xml_tag *tag) {
    struct docx_list *list = append(parse, &parse->styles->lists, sizeof *list, DOCX_LISTS_MAX);
    parse->list = list;
    if (!list)
        return;
    list->id = xml_number(tag, "numId", 0, INT32_MAX, -1);
    list->abstract = SIZE_MAX;
    for (size_t i = 0; i < DOCX_LEVELS; i++)
        list->restart[i] = -1;
}

static enum list_number number_format(const char *name) {
    static const struct {
        const char *name;
        enum list_number format;
    } formats[] = {
        {"bullet", LIST_BULLET},
        {"lowerLetter", LIST_LOWER_LETTER},
        {"upperLetter", LIST_UPPER_LETTER},
        {"lowerRoman", LIST_LOWER_ROMAN},
        {"upperRoman", LIST_UPPER_ROMAN},
        {"decimalZero", LIST_DECIMAL_ZERO},
        {"ordinal", LIST_ORDINAL},
        {"none", LIST_NONE},
    };
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (!strcmp(name, formats[i].name))
            return formats[i].format;
    return LIST_DECIMAL;
}

static void in_style(struct docx_style *style, const struct xml_tag *tag) {
    char value[DOCX_NAME];
    const char *name = tag->name;
    long outline;
    if (!strcmp(name, "name") && xml_attribute(tag, "val", value, sizeof value))
        name_style(style, value);
    else if (!strcmp(name, "basedOn"))
        xml_attribute(tag, "val", style->based_on, sizeof style->based_on);
    else if (!strcmp(name, "outlineLvl") && (outline = xml_number(tag, "val", 0, 9, -1)) >= 0) {
        style->plain = outline == 9;
        if (!style->heading && outline < 9)
            style->heading = (unsigned)outline + 1;
    } else if (!strcmp(name, "numId"))
        style->list = xml_number(tag, "val", 0, INT32_MAX, -1);
    else if (!strcmp(name, "ilvl"))
        style->list_level = xml_number(tag, "val", 0, DOCX_LEVELS - 1, -1);
}

static void in_level(struct docx_level *level, const struct xml_tag *tag) {
    char value[DOCX_NAME];
    if (!strcmp(tag->name, "start"))
        level->start = xml_number(tag, "val", 0, START_MAX, 1);
    else if (!strcmp(tag->name, "numFmt"))
        level->format =
            xml_attribute(tag, "val", value, sizeof value) ? number_format(value) : LIST_DECIMAL;
    else if (!strcmp(tag->name, "lvlText"))
        xml_attribute(tag, "val", level->text, sizeof level->text);
    else if (!strcmp(tag->name, "pStyle"))
        xml_attribute(tag, "val", level->style, sizeof level->style);
}

static void in_list(struct parse *parse, const struct xml_tag *tag) {
    struct docx_list *list = parse->list;
    if (!strcmp(tag->name, "abstractNumId")) {
        const struct bytes *abstracts = &parse->styles->abstracts;
        const struct docx_abstract *all = (const void *)abstracts->data;
        long id = xml_number(tag, "val", 0, INT32_MAX, -1);
        for (size_t i = 0; i < count_of(abstracts, sizeof *all); i++)
            if (all[i].id == id)
                list->abstract = i;
    } else if (!strcmp(tag->name, "lvlOverride")) {
        parse->override = xml_number(tag, "ilvl", 0, DOCX_LEVELS - 1, -1);
    } else if (!strcmp(tag->name, "startOverride") && parse->override >= 0) {
        list->restart[parse->override] = xml_number(tag, "val", 0, START_MAX, -1);
    }
}

static void on_start(void *context, const struct xml_tag *tag) {
    struct parse *parse = context;
    if (!strcmp(tag->name, "style"))
        start_style(parse, tag);
    else if (!strcmp(tag->name, "abstractNum"))
        start_abstract(parse, tag);
    else if (!strcmp(tag->name, "num"))
        start_list(parse, tag);
    else if (parse->style)
        in_style(parse->style, tag);
    else if (parse->abstract && !strcmp(tag->name, "lvl")) {
        long level = xml_number(tag, "ilvl", 0, DOCX_LEVELS - 1, -1);
        parse->level = level >= 0 ? &parse->abstract->levels[level] : NULL;
    } else if (parse->abstract && parse->level)
        in_level(parse->level, tag);
    else if (parse->list)
        in_list(parse, tag);
}

static void on_end(void *context, const char *name, uint64_t line, uint64_t offset) {
    struct parse *parse = context;
    (void)line, (void)offset;
    if (!strcmp(name, "style"))
        parse->style = NULL;
    else if (!strcmp(name, "abstractNum"))
        parse->abstract = NULL;
    else if (!strcmp(name, "lvl"))
        parse->level = NULL;
    else if (!strcmp(name, "num"))
        parse->list = NULL;
    else if (!strcmp(name, "lvlOverride"))
        parse->override = -1;
}

static void on_text(void *context, const char *text, size_t size) {
    (void)context, (void)text, (void)size;
}

static int compare_styles(const void *a, const void *b) {
    return strcmp(((const struct docx_style *)a)->id, ((const struct docx_style *)b)->id);
}

static int compare_lists(const void *a, const void *b) {
    long one = ((const struct docx_list *)a)->id, other = ((const struct docx_list *)b)->id;
    return one < other ? -1 : one > other;
}

static void sort(struct bytes *list, size_t size, int (*compare)(const void *, const void *)) {
    if (list->size)
        qsort(list->data, count_of(list, size), size, compare);
}

int docx_styles_read(struct docx_styles *styles, const struct bytes *xml, struct error *err) {
    static const struct xml_handler handler = {on_start, on_end, on_text};
    struct parse parse = {.styles = styles, .override = -1};
    int status = xml_events(xml->data, xml->size, &handler, &parse, &parse.status, err);
    struct docx_abstract *abstracts = (void *)styles->abstracts.data;
    for (size_t i = 0; i < count_of(&styles->abstracts, sizeof *abstracts); i++)
        for (size_t j = 0; j < DOCX_LEVELS; j++)
            abstracts[i].levels[j].count = abstracts[i].levels[j].start - 1;
    sort(&styles->styles, sizeof(struct docx_style), compare_styles);
    sort(&styles->lists, sizeof(struct docx_list), compare_lists);
    return status;
}

void docx_styles_free(struct docx_styles *styles) {
    bytes_free(&styles->styles);
    bytes_free(&styles->abstracts);
    bytes_free(&styles->lists);
}

/* ---- Styles ------------------------------------------------------------------------------------
 */

static const struct docx_style *find_style(const struct docx_styles *styles, const char *id) {
    struct docx_style key = {.heading = 0};
    snprintf(key.id, sizeof key.id, "%s", id);
    return styles->styles.size
               ? bsearch(&key, styles->styles.data, count_of(&styles->styles, sizeof key),
                         sizeof key, compare_styles)
               : NULL;
}

/* Some programs name styles that they do not define: "Heading1". */
static void style_by_id(const char *id, struct docx_style *out) {
    if (!strncasecmp(id, "heading", 7) && isdigit((unsigned char)id[7]) && !id[8])
        out->heading = (unsigned)(id[7] - '0');
    out->title = !strcasecmp(id, "title");
}

void docx_style_find(const struct docx_styles *styles, const char *id, struct docx_style *out) {
    const struct docx_style *style = find_style(styles, id);
    *out = (struct docx_style){.list = -1, .list_level = -1};
    if (!style)
        style_by_id(id, out);
    for (unsigned i = 0; style && i < BASES_MAX; i++) {
        if (!out->heading && !out->plain) {
            out->heading = style->heading;
            out->plain = style->plain;
        }
        out->title |= style->title && i == 0;
        out->contents |= style->contents;
        if (out->list < 0)
            out->list = style->list;
        if (out->list_level < 0)
            out->list_level = style->list_level;
        style = *style->based_on ? find_style(styles, style->based_on) : NULL;
    }
    if (out->plain)
        out->heading = 0;
}

/* ---- Numbers -----------------------------------------------------------------------------------
 */

static struct docx_list *find_list(struct docx_styles *styles, long id) {
    struct docx_list key = {.id = id};
    return styles->lists.size
               ? bsearch(&key, styles->lists.data, count_of(&styles->lists, sizeof key), sizeof key,
                         compare_lists)
               : NULL;
}

static long level_of_style(const struct docx_abstract *abstract, const char *style) {
    for (long i = 0; i < DOCX_LEVELS; i++)
        if (*style && !strcmp(abstract->levels[i].style, style))
            return i;
    return 0;
}

/* "%1.%2)" with the counts of its levels put in. */
static void print_label(const struct docx_abstract *abstract, const struct docx_level *level,
                        char out[DOCX_LABEL]) {
    size_t size = 0;
    *out = '\0';
    if (level->format == LIST_BULLET || level->format == LIST_NONE)
        return;
    for (const char *at = level->text; *at && size + LIST_NUMBER_SIZE < DOCX_LABEL; at++) {
        if (at[0] == '%' && at[1] >= '1' && at[1] <= '9') {
            const struct docx_level *part = &abstract->levels[*++at - '1'];
            char number[LIST_NUMBER_SIZE];
            long count = part->count < part->start ? part->start : part->count;
            size += (size_t)snprintf(out + size, DOCX_LABEL - size, "%s",
                                     list_number_format(part->format, count, number));
        } else {
            out[size++] = *at;
            out[size] = '\0';
        }
    }
}

bool docx_list_next(struct docx_styles *styles, long list_id, long level, const char *style,
                    char label[DOCX_LABEL], long *found_level) {
    struct docx_list *list = list_id > 0 ? find_list(styles, list_id) : NULL;
    *label = '\0';
    if (!list)
        return false;
    *found_level = level < 0 ? 0 : level;
    if (list->abstract == SIZE_MAX)
        return true;
    struct docx_abstract *abstract =
        (struct docx_abstract *)(void *)styles->abstracts.data + list->abstract;
    if (level < 0)
        level = level_of_style(abstract, style);
    *found_level = level;
    for (size_t i = 0; i < DOCX_LEVELS && !list->used; i++)
        if (list->restart[i] >= 0)
            abstract->levels[i].count = list->restart[i] - 1;
    list->used = true;
    abstract->levels[level].count++;
    for (long i = level + 1; i < DOCX_LEVELS; i++)
        abstract->levels[i].count = abstract->levels[i].start - 1;
    print_label(abstract, &abstract->levels[level], label);
    return true;
}
