/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/library/library.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { TITLE_MOST = 500, LOOKED_AT = 20 };

/* title:"the text" */
static char *title_query(const char *title) {
    struct bytes text = BYTES_INIT;
    bytes_add_string(&text, "title:\"");
    for (; *title; title++) {
        if (*title == '"' || *title == '\\')
            bytes_add_byte(&text, '\\');
        bytes_add_byte(&text, (uint8_t)*title);
    }
    bytes_add_byte(&text, '"');
    if (bytes_string(&text))
        return (char *)text.data;
    bytes_free(&text);
    return NULL;
}

PLENARY_EXPORT int plenary_find_title(char **id, struct plenary *plenary, const char *title,
                                      struct plenary_failure *failure) {
    struct plenary_search_options options = PLENARY_SEARCH_OPTIONS_INIT;
    struct plenary_result *result;
    const struct plenary_hit *hit;
    struct error err = {0};
    *id = NULL;
    if (!*title || strlen(title) > TITLE_MOST)
        return 0;
    options.sort = PLENARY_NEWEST_FIRST;
    options.per_document = 1;
    options.limit = LOOKED_AT;
    char *query = title_query(title);
    if (!query)
        return library_fail(failure, error_memory(&err), &err);
    int status = plenary_search(&result, plenary, query, PLENARY_ALL, &options, failure);
    free(query);
    if (status < 0)
        return status;
    while ((status = plenary_result_next(&hit, result, failure)) == 1) {
        if (!hit->document.title || strcasecmp(hit->document.title, title) != 0)
            continue;
        *id = strdup(hit->document.id);
        status = *id ? 1 : library_fail(failure, error_memory(&err), &err);
        break;
    }
    plenary_result_free(result);
    return status;
}
