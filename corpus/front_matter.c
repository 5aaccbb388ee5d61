/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/front_matter.h"

#include "corpus/date.h"
#include "corpus/error.h"

#include <string.h>

enum { FRONT_MATTER_MAX = 64 * 1024 };

struct range {
    const char *at, *end;
};

static struct range take_line(struct range *rest) {
    const char *newline = memchr(rest->at, '\n', (size_t)(rest->end - rest->at));
    struct range line = {rest->at, newline ? newline : rest->end};
    rest->at = newline ? newline + 1 : rest->end;
    while (line.end > line.at && (line.end[-1] == '\r' || line.end[-1] == ' '))
        line.end--;
    return line;
}

static bool equals(struct range range, const char *word) {
    size_t size = strlen(word);
    return (size_t)(range.end - range.at) == size && !memcmp(range.at, word, size);
}

static struct range unquote(struct range value) {
    while (value.at < value.end && *value.at == ' ')
        value.at++;
    if (value.end - value.at >= 2 && (*value.at == '"' || *value.at == '\'') &&
        value.end[-1] == *value.at) {
        value.at++;
        value.end--;
    }
    return value;
}

static int take_field(struct document *document, struct range line) {
    const char *colon = memchr(line.at, ':', (size_t)(line.end - line.at));
    if (!colon)
        return 0;
    struct range key = {line.at, colon}, value = unquote((struct range){colon + 1, line.end});
    size_t size = (size_t)(value.end - value.at);
    bool title = equals(key, "title"), language = equals(key, "lang") || equals(key, "language");
    if (size && equals(key, "date"))
        document->date = date_find(value.at, size);
    if (!size || (!title && !language))
        return 0;
    const char *copy = arena_text(&document->arena, value.at, size);
    if (!copy)
        return PLENARY_ENOMEM;
    if (title)
        document->title = copy;
    else
        document->language = copy;
    return 0;
}

/* The byte behind the closing line, 0 if there is no front matter. */
static size_t find_end(const char *text, size_t size) {
    struct range rest = {text, text + (size < FRONT_MATTER_MAX ? size : FRONT_MATTER_MAX)};
    if (!equals(take_line(&rest), "---"))
        return 0;
    while (rest.at < rest.end) {
        struct range line = take_line(&rest);
        if (equals(line, "---") || equals(line, "..."))
            return (size_t)(rest.at - text);
        /* A rule at the start of an ordinary file is followed by prose. */
        if (line.at < line.end && *line.at != ' ' && *line.at != '#' && *line.at != '-' &&
            !memchr(line.at, ':', (size_t)(line.end - line.at)))
            return 0;
    }
    return 0;
}

int front_matter_read(struct document *document, const char *text, size_t size, size_t *end) {
    *end = find_end(text, size);
    struct range rest = {text, text + *end};
    int status = 0;
    while (!status && rest.at < rest.end)
        status = take_field(document, take_line(&rest));
    return status;
}
