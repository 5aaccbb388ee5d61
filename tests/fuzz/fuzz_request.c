/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The target of a request, any bytes: taken apart, read as a search, written back. What comes out
 * is UTF-8 without NUL, and an address that is written asks the same when it is read.
 */
#include "searcher/escape.h"
#include "searcher/serve/ask.h"
#include "searcher/serve/request.h"
#include "searcher/serve/text.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char *text) {
    size_t size = strlen(text);
    for (size_t at = 0; at < size;) {
        size_t before = at;
        if (utf8_next(text, size, &at) == 0xFFFD && memcmp(text + before, "\xEF\xBF\xBD", 3) != 0)
            abort();
    }
}

static void write_and_read(const struct ask *ask, struct arena *arena) {
    struct bytes address = BYTES_INIT, again = BYTES_INIT;
    struct request request;
    struct ask second;
    bytes_add_byte(&address, '/');
    ask_write(&address, ask);
    const char *text = bytes_string(&address);
    if (!text || address.size > REQUEST_TARGET_MOST)
        goto done;
    if (request_parse(&request, arena, text, address.size, NULL) ||
        ask_read(&second, &request, 10, NULL))
        abort();
    bytes_add_byte(&again, '/');
    ask_write(&again, &second);
    if (!bytes_string(&again) || strcmp((char *)again.data, text) != 0)
        abort();
done:
    bytes_free(&address);
    bytes_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena = ARENA_INIT;
    struct request request;
    struct ask ask;
    struct bytes out = BYTES_INIT;
    if (request_parse(&request, &arena, (const char *)data, size, NULL) == 0) {
        check_text(request.path);
        for (size_t i = 0; i < request.count; i++) {
            check_text(request.parameters[i].name);
            check_text(request.parameters[i].value);
            text_html(&out, request.parameters[i].value);
            text_json(&out, request.parameters[i].value);
        }
        if (out.data && (memchr(out.data, '<', out.size) || memchr(out.data, 0x1b, out.size)))
            abort();
        if (ask_read(&ask, &request, 10, NULL) == 0)
            write_and_read(&ask, &arena);
    }
    bytes_free(&out);
    arena_free(&arena);
    return 0;
}
