/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/html_element.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct named_element {
    const char *name;
    enum html_element element;
};

/* In order of names, for bsearch. */
static const struct named_element elements[] = {
    {"a", HTML_INLINE},         {"abbr", HTML_INLINE},      {"acronym", HTML_INLINE},
    {"address", HTML_BLOCK},    {"article", HTML_BLOCK},    {"aside", HTML_BLOCK},
    {"audio", HTML_REMOVED},    {"b", HTML_INLINE},         {"bdi", HTML_INLINE},
    {"bdo", HTML_INLINE},       {"big", HTML_INLINE},       {"blockquote", HTML_BLOCK},
    {"body", HTML_BLOCK},       {"br", HTML_BREAK},         {"button", HTML_REMOVED},
    {"canvas", HTML_REMOVED},   {"caption", HTML_BLOCK},    {"center", HTML_BLOCK},
    {"cite", HTML_INLINE},      {"code", HTML_INLINE},      {"dd", HTML_ITEM},
    {"del", HTML_INLINE},       {"details", HTML_BLOCK},    {"dfn", HTML_INLINE},
    {"dialog", HTML_BLOCK},     {"div", HTML_BLOCK},        {"dl", HTML_LIST},
    {"dt", HTML_ITEM},          {"em", HTML_INLINE},        {"embed", HTML_REMOVED},
    {"fieldset", HTML_BLOCK},   {"figcaption", HTML_BLOCK}, {"figure", HTML_BLOCK},
    {"font", HTML_INLINE},      {"footer", HTML_REMOVED},   {"form", HTML_BLOCK},
    {"frame", HTML_REMOVED},    {"frameset", HTML_BLOCK},   {"h1", HTML_HEADING},
    {"h2", HTML_HEADING},       {"h3", HTML_HEADING},       {"h4", HTML_HEADING},
    {"h5", HTML_HEADING},       {"h6", HTML_HEADING},       {"head", HTML_BLOCK},
    {"header", HTML_BLOCK},     {"hr", HTML_BLOCK},         {"html", HTML_ROOT},
    {"i", HTML_INLINE},         {"iframe", HTML_REMOVED},   {"img", HTML_IMAGE},
    {"input", HTML_REMOVED},    {"ins", HTML_INLINE},       {"kbd", HTML_INLINE},
    {"label", HTML_INLINE},     {"legend", HTML_BLOCK},     {"li", HTML_ITEM},
    {"link", HTML_REMOVED},     {"main", HTML_BLOCK},       {"mark", HTML_INLINE},
    {"menu", HTML_LIST},        {"meta", HTML_META},        {"nav", HTML_REMOVED},
    {"noframes", HTML_REMOVED}, {"noscript", HTML_REMOVED}, {"object", HTML_REMOVED},
    {"ol", HTML_LIST},          {"optgroup", HTML_REMOVED}, {"option", HTML_REMOVED},
    {"p", HTML_BLOCK},          {"pre", HTML_PRE},          {"q", HTML_INLINE},
    {"s", HTML_INLINE},         {"samp", HTML_INLINE},      {"script", HTML_REMOVED},
    {"section", HTML_BLOCK},    {"select", HTML_REMOVED},   {"small", HTML_INLINE},
    {"span", HTML_INLINE},      {"strike", HTML_INLINE},    {"strong", HTML_INLINE},
    {"style", HTML_REMOVED},    {"sub", HTML_INLINE},       {"summary", HTML_BLOCK},
    {"sup", HTML_INLINE},       {"svg", HTML_REMOVED},      {"table", HTML_TABLE},
    {"tbody", HTML_BLOCK},      {"td", HTML_CELL},          {"template", HTML_REMOVED},
    {"textarea", HTML_REMOVED}, {"tfoot", HTML_BLOCK},      {"th", HTML_CELL},
    {"thead", HTML_BLOCK},      {"time", HTML_TIME},        {"title", HTML_TITLE},
    {"tr", HTML_ROW},           {"tt", HTML_INLINE},        {"u", HTML_INLINE},
    {"ul", HTML_LIST},          {"var", HTML_INLINE},       {"video", HTML_REMOVED},
    {"wbr", HTML_INLINE},
};

static int compare_names(const void *name, const void *element) {
    return strcmp(name, ((const struct named_element *)element)->name);
}

enum html_element html_element_find(const char *name) {
    const struct named_element *found = bsearch(name, elements, sizeof elements / sizeof *elements,
                                                sizeof *elements, compare_names);
    return found ? found->element : HTML_UNKNOWN;
}

const char *html_attribute(const unsigned char *const *attributes, const char *name) {
    for (; attributes && attributes[0]; attributes += 2)
        if (!strcmp((const char *)attributes[0], name))
            return attributes[1] ? (const char *)attributes[1] : "";
    return NULL;
}

static bool has_display_none(const char *style) {
    while (style && (style = strcasestr(style, "display"))) {
        style += strlen("display");
        style += strspn(style, " \t");
        if (*style++ != ':')
            continue;
        style += strspn(style, " \t");
        return !strncasecmp(style, "none", 4);
    }
    return false;
}

bool html_is_hidden(const unsigned char *const *attributes) {
    if (!attributes)
        return false;
    const char *aria = html_attribute(attributes, "aria-hidden");
    return html_attribute(attributes, "hidden") || (aria && !strcasecmp(aria, "true")) ||
           has_display_none(html_attribute(attributes, "style"));
}

bool html_has_class(const unsigned char *const *attributes, const char *word) {
    const char *class = html_attribute(attributes, "class");
    while (class && *class) {
        class += strspn(class, " \t\r\n\f");
        size_t size = strcspn(class, " \t\r\n\f");
        if (size == strlen(word) && !strncasecmp(class, word, size))
            return true;
        class += size;
    }
    return false;
}
