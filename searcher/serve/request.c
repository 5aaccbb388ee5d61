/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/serve/request.h"

#include "corpus/bytes.h"
#include "searcher/escape.h"

#include <string.h>

static int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decoded, repaired and NUL-terminated, in the arena. NULL: out of memory. */
static const char *decode(struct arena *arena, const char *text, size_t size, bool plus) {
    char *raw = arena_alloc(arena, size + 1);
    struct bytes valid = BYTES_INIT;
    size_t used = 0;
    if (!raw)
        return NULL;
    for (size_t i = 0; i < size; i++) {
        int high = text[i] == '%' && i + 2 < size ? hex_digit(text[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
        char c = text[i];
        if (low >= 0) {
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        raw[used++] = c ? c : '\xff'; /* never UTF-8 */
    }
    escape_utf8(&valid, raw, used);
    const char *out = NULL;
    if (!valid.failed)
        out = arena_text(arena, valid.data ? (const char *)valid.data : "", valid.size);
    bytes_free(&valid);
    return out;
}

static int take_parameter(struct request *out, struct arena *arena, const char *text, size_t size,
                          struct error *err) {
    if (!size)
        return 0;
    if (out->count == REQUEST_PARAMETERS_MOST)
        return error_set(err, PLENARY_ELIMIT, "more than %d parameters", REQUEST_PARAMETERS_MOST);
    const char *equals = memchr(text, '=', size);
    size_t name = equals ? (size_t)(equals - text) : size;
    struct request_parameter *parameter = &out->parameters[out->count++];
    parameter->name = decode(arena, text, name, true);
    parameter->value =
        equals ? decode(arena, equals + 1, size - name - 1, true) : arena_text(arena, "", 0);
    return parameter->name && parameter->value ? 0 : error_memory(err);
}

int request_parse(struct request *out, struct arena *arena, const char *target, size_t size,
                  struct error *err) {
    *out = (struct request){.path = "/"};
    if (size > REQUEST_TARGET_MOST)
        return error_set(err, PLENARY_ELIMIT, "the address is longer than %d bytes",
                         REQUEST_TARGET_MOST);
    const char *question = memchr(target, '?', size);
    size_t path = question ? (size_t)(question - target) : size;
    if (path && target[0] == '/')
        out->path = decode(arena, target, path, false);
    if (!out->path)
        return error_memory(err);
    int status = 0;
    for (size_t at = path + 1; at < size && !status;) {
        const char *end = memchr(target + at, '&', size - at);
        size_t stop = end ? (size_t)(end - target) : size;
        status = take_parameter(out, arena, target + at, stop - at, err);
        at = stop + 1;
    }
    return status;
}

const char *request_value(const struct request *request, const char *name) {
    for (size_t i = 0; i < request->count; i++)
        if (strcmp(request->parameters[i].name, name) == 0)
            return request->parameters[i].value;
    return NULL;
}
