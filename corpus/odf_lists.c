/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/odf_lists.h"

#include "corpus/error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { PARENTS_MAX = 8, LISTS_MAX = 2000, STYLES_MAX = 4000 };

static void *append(struct bytes *list, size_t size, size_t most) {
    if (list->size / size >= most || !bytes_reserve(list, size))
        return NULL;
    void *item = list->data + list->size;
    memset(item, 0, size);
    list->size += size;
    return item;
}

static void start_list(struct odf_list_style *style) {
    *style = (struct odf_list_style){.name = ""};
    for (size_t i = 0; i < ODF_LEVELS; i++)
        style->levels[i] = (struct odf_level){LIST_BULLET, 1, 1, "", ""};
}

static enum list_number number_format(const char *format) {
    switch (*format) {
    case '1':
        return LIST_DECIMAL;
    case 'a':
        return LIST_LOWER_LETTER;
    case 'A':
        return LIST_UPPER_LETTER;
    case 'i':
        return LIST_LOWER_ROMAN;
    case 'I':
        return LIST_UPPER_ROMAN;
    default:
        return LIST_NONE;
    }
}

static void in_list(struct odf_list_style *style, const struct xml_tag *tag) {
    char format[8];
    long number = xml_number(tag, "level", 1, ODF_LEVELS, 0);
    if (!number || (strcmp(tag->name, "list-level-style-number") != 0 &&
                    strcmp(tag->name, "outline-level-style") != 0))
        return;
    struct odf_level *level = &style->levels[number - 1];
    level->format = xml_attribute(tag, "num-format", format, sizeof format) && *format
                        ? number_format(format)
                        : LIST_NONE;
    level->start = xml_number(tag, "start-value", 0, 1000000, 1);
    level->shown = xml_number(tag, "display-levels", 1, ODF_LEVELS, 1);
    xml_attribute(tag, "num-prefix", level->before, sizeof level->before);
    xml_attribute(tag, "num-suffix", level->after, sizeof level->after);
}

int odf_styles_start(struct odf_styles *styles, const struct xml_tag *tag) {
    if (!strcmp(tag->name, "list-style")) {
        struct odf_list_style *list = append(&styles->lists, sizeof *list, LISTS_MAX);
        styles->open = list;
        if (list) {
            start_list(list);
            xml_attribute(tag, "name", list->name, sizeof list->name);
        }
    } else if (!strcmp(tag->name, "outline-style")) {
        styles->open = &styles->outline;
        start_list(styles->open);
    } else if (!strcmp(tag->name, "style")) {
        struct odf_style *style = append(&styles->styles, sizeof *style, STYLES_MAX);
        if (style) {
            xml_attribute(tag, "name", style->name, sizeof style->name);
            xml_attribute(tag, "parent-style-name", style->parent, sizeof style->parent);
            xml_attribute(tag, "list-style-name", style->list, sizeof style->list);
            style->outline = xml_number(tag, "default-outline-level", 0, ODF_LEVELS, 0);
        }
    } else if (styles->open) {
        in_list(styles->open, tag);
    }
    return styles->lists.failed || styles->styles.failed ? PLENARY_ENOMEM : 0;
}

void odf_styles_end(struct odf_styles *styles, const char *name) {
    if (!strcmp(name, "list-style") || !strcmp(name, "outline-style"))
        styles->open = NULL;
}

static int compare_names(const void *a, const void *b) {
    return strcmp(a, b); /* both kinds begin with their name */
}

static void sort(struct bytes *list, size_t size) {
    if (list->size)
        qsort(list->data, list->size / size, size, compare_names);
}

void odf_styles_ready(struct odf_styles *styles) {
    sort(&styles->lists, sizeof(struct odf_list_style));
    sort(&styles->styles, sizeof(struct odf_style));
    styles->open = NULL;
}

static const void *find(const struct bytes *list, size_t size, const char *name) {
    return list->size ? bsearch(name, list->data, list->size / size, size, compare_names) : NULL;
}

const struct odf_list_style *odf_list_find(const struct odf_styles *styles, const char *name) {
    return find(&styles->lists, sizeof(struct odf_list_style), name);
}

void odf_style_find(const struct odf_styles *styles, const char *name, struct odf_style *out,
                    bool *title) {
    *out = (struct odf_style){.outline = 0};
    *title = false;
    char current[ODF_NAME];
    snprintf(current, sizeof current, "%s", name);
    for (unsigned i = 0; *current && i < PARENTS_MAX; i++) {
        *title |= !strcasecmp(current, "title");
        const struct odf_style *style = find(&styles->styles, sizeof *style, current);
        if (!style)
            return;
        if (!*out->list)
            memcpy(out->list, style->list, sizeof out->list);
        if (!out->outline)
            out->outline = style->outline;
        memcpy(current, style->parent, sizeof current);
    }
}

void odf_label(const struct odf_list_style *style, const long *counts, unsigned level,
               char out[ODF_LABEL]) {
    *out = '\0';
    if (level >= ODF_LEVELS)
        return;
    const struct odf_level *own = &style->levels[level];
    if (own->format == LIST_BULLET || own->format == LIST_NONE)
        return;
    size_t size = (size_t)snprintf(out, ODF_LABEL, "%s", own->before);
    long first = (long)level + 1 - own->shown;
    for (long i = first < 0 ? 0 : first; i <= (long)level && size + LIST_NUMBER_SIZE < ODF_LABEL;
         i++) {
        char number[LIST_NUMBER_SIZE];
        list_number_format(style->levels[i].format, counts[i], number);
        if (*number)
            size += (size_t)snprintf(out + size, ODF_LABEL - size, "%s%s", number,
                                     i < (long)level ? "." : "");
    }
    snprintf(out + size, ODF_LABEL - size, "%s", own->after);
}

void odf_styles_free(struct odf_styles *styles) {
    bytes_free(&styles->lists);
    bytes_free(&styles->styles);
}
