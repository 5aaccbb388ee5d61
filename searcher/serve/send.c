/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/serve/send.h"

#include "searcher/serve/assets.h"

#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <xxhash.h>

enum {
    COMPRESS_LEAST = 1000, /* bytes; less goes into one packet anyway */
    COMPRESS_LEVEL = 4,
    TAG_SIZE = 64,
};

/* ---- ETags --------------------------------------------------------------------------------- */

/* Of the index's generation, the program, and what else an answer depends on beside the address. */
static void make_tag(char tag[TAG_SIZE], const struct exchange *x, uint64_t generation) {
    char text[200];
    struct plenary_state state;
    plenary_state(x->site->plenary, &state);
    snprintf(text, sizeof text, "%s %s %llu %llu %d %d %s", plenary_version(), assets_version(),
             (unsigned long long)state.documents, (unsigned long long)state.passages,
             x->answer.page ? (int)x->language : 0, x->answer.page && x->newest,
             x->answer.page && x->theme ? x->theme : "");
    snprintf(tag, TAG_SIZE, "W/\"%llu-%08x\"", (unsigned long long)generation,
             (unsigned)XXH3_64bits(text, strlen(text)));
}

bool send_tag_matches(const char *header, const char *tag) {
    if (strncmp(tag, "W/", 2) == 0)
        tag += 2;
    size_t size = strlen(tag);
    while (header && *header) {
        header += strspn(header, ", \t");
        if (*header == '*')
            return true;
        if (strncmp(header, "W/", 2) == 0)
            header += 2;
        if (*header != '"')
            return false;
        size_t length = strcspn(header + 1, "\"") + 2;
        if (length == size && strncmp(header, tag, size) == 0)
            return true;
        if (header[length - 1] != '"')
            return false;
        header += length;
    }
    return false;
}

static bool has_tag(const struct exchange *x, const char *tag) {
    const char *header =
        MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_IF_NONE_MATCH);
    return header && send_tag_matches(header, tag);
}

bool send_is_known(struct exchange *x, uint64_t generation) {
    char tag[TAG_SIZE];
    make_tag(tag, x, generation);
    if (!has_tag(x, tag))
        return false;
    x->answer.status = MHD_HTTP_NOT_MODIFIED;
    x->answer.tagged = true;
    x->answer.generation = generation;
    return true;
}

/* ---- Compression --------------------------------------------------------------------------- */

bool send_accepts_gzip(const char *header) {
    bool any = false;
    while (header && *header) {
        header += strspn(header, ", \t");
        size_t size = strcspn(header, ",");
        size_t name = strcspn(header, ",; \t");
        char parameters[32] = "";
        if (size > name)
            snprintf(parameters, sizeof parameters, "%.*s",
                     (int)(size - name > 31 ? 31 : size - name), header + name);
        const char *quality = strstr(parameters, "q=");
        bool refused = quality && strtod(quality + 2, NULL) <= 0;
        if (name == 4 && strncasecmp(header, "gzip", 4) == 0)
            return !refused;
        if (name == 1 && *header == '*')
            any = !refused;
        header += size;
    }
    return any;
}

static bool is_text(const char *type) {
    return strncmp(type, "image/png", 9) != 0;
}

/* The body becomes its gzip form where that is asked for and shorter. */
static bool compress(struct exchange *x) {
    struct answer *answer = &x->answer;
    const void *data = answer->fixed ? answer->fixed : answer->body.data;
    size_t size = answer->fixed ? answer->fixed_size : answer->body.size;
    const char *header = MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND,
                                                     MHD_HTTP_HEADER_ACCEPT_ENCODING);
    if (size < COMPRESS_LEAST || !is_text(answer->type) || !send_accepts_gzip(header))
        return false;
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(COMPRESS_LEVEL);
    void *to = compressor ? malloc(size) : NULL;
    size_t packed = to ? libdeflate_gzip_compress(compressor, data, size, to, size) : 0;
    libdeflate_free_compressor(compressor);
    if (!packed) {
        free(to);
        return false;
    }
    bytes_free(&answer->body);
    answer->body = (struct bytes){.data = to, .size = packed, .capacity = size};
    answer->fixed = NULL;
    return true;
}

/* ---- Headers ------------------------------------------------------------------------------- */

static void add(struct MHD_Response *response, const char *name, const char *value) {
    if (value)
        MHD_add_response_header(response, name, value);
}

static void add_security(const struct exchange *x, struct MHD_Response *response) {
    char policy[700];
    add(response, "X-Content-Type-Options", "nosniff");
    add(response, "Referrer-Policy", "same-origin");
    if (!x->answer.page)
        return;
    snprintf(policy, sizeof policy,
             "default-src 'none'; script-src 'self'; style-src '%s'; img-src 'self' data:; "
             "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
             "frame-ancestors %.300s",
             assets_style_hash(), x->site->frames);
    add(response, "Content-Security-Policy", policy);
    /* With it a browser starts another process for the page, which takes longer than the whole
     * search; only where a page is closed is there anything that its opener should not learn. */
    if (x->site->token)
        add(response, "Cross-Origin-Opener-Policy", "same-origin");
}

static void add_cors(const struct exchange *x, struct MHD_Response *response) {
    if (!x->site->origin)
        return;
    add(response, "Access-Control-Allow-Origin", x->site->origin);
    add(response, "Access-Control-Allow-Methods", "GET, HEAD, OPTIONS");
    add(response, "Access-Control-Allow-Headers", "Authorization, If-None-Match");
    add(response, "Access-Control-Expose-Headers", "ETag");
    add(response, "Access-Control-Max-Age", "86400");
}

static void add_caching(const struct exchange *x, struct MHD_Response *response, const char *tag) {
    const struct answer *answer = &x->answer;
    const char *cache = answer->cache ? answer->cache : "no-cache";
    char private[80];
    if (x->site->token && !answer->open) {
        snprintf(private, sizeof private, "private, %s",
                 strncmp(cache, "public, ", 8) == 0 ? cache + 8 : cache);
        cache = private;
    }
    add(response, MHD_HTTP_HEADER_CACHE_CONTROL, cache);
    add(response, MHD_HTTP_HEADER_VARY,
        answer->page ? "Accept-Encoding, Accept-Language, Cookie" : "Accept-Encoding");
    if (answer->tagged)
        add(response, MHD_HTTP_HEADER_ETAG, tag);
}

static void add_headers(const struct exchange *x, struct MHD_Response *response, const char *tag,
                        bool packed) {
    const struct answer *answer = &x->answer;
    char disposition[120];
    if (answer->status != MHD_HTTP_NOT_MODIFIED && answer->status != MHD_HTTP_NO_CONTENT)
        add(response, MHD_HTTP_HEADER_CONTENT_TYPE, answer->type);
    if (packed)
        add(response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
    add(response, MHD_HTTP_HEADER_LOCATION, answer->location);
    add(response, MHD_HTTP_HEADER_SET_COOKIE, answer->cookie);
    add(response, MHD_HTTP_HEADER_ALLOW, answer->allow);
    if (answer->status == MHD_HTTP_UNAUTHORIZED)
        add(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE,
            "Basic realm=\"plenary\", charset=\"UTF-8\"");
    if (answer->disposition) {
        snprintf(disposition, sizeof disposition, "attachment; filename=\"%s\"",
                 answer->disposition);
        add(response, MHD_HTTP_HEADER_CONTENT_DISPOSITION, disposition);
    }
    add_security(x, response);
    add_cors(x, response);
    add_caching(x, response, tag);
}

/* ---- Sending ------------------------------------------------------------------------------- */

static struct MHD_Response *make_response(struct exchange *x, size_t *size) {
    struct answer *answer = &x->answer;
    if (answer->fixed) {
        *size = answer->fixed_size;
        /* Not written to: libmicrohttpd takes it without const. */
        void *fixed = (void *)(uintptr_t)answer->fixed;
        return MHD_create_response_from_buffer(answer->fixed_size, fixed, MHD_RESPMEM_PERSISTENT);
    }
    *size = answer->body.size;
    struct MHD_Response *response = MHD_create_response_from_buffer(
        answer->body.size, answer->body.data, MHD_RESPMEM_MUST_FREE);
    if (response)
        answer->body = (struct bytes)BYTES_INIT;
    return response;
}

struct MHD_Response *send_make(struct exchange *x, size_t *size) {
    struct answer *answer = &x->answer;
    char tag[TAG_SIZE] = "";
    *size = 0;
    if (answer->body.failed) {
        bytes_free(&answer->body);
        exchange_problem(x, MHD_HTTP_INTERNAL_SERVER_ERROR, "internal", "out of memory");
    }
    if (answer->tagged) {
        make_tag(tag, x, answer->generation);
        if (answer->status == MHD_HTTP_OK && has_tag(x, tag))
            answer->status = MHD_HTTP_NOT_MODIFIED;
    }
    if (answer->status == MHD_HTTP_NOT_MODIFIED) {
        bytes_free(&answer->body);
        answer->fixed = NULL;
    }
    bool packed = compress(x);
    struct MHD_Response *response = make_response(x, size);
    if (response)
        add_headers(x, response, tag, packed);
    if (strcmp(x->method, "HEAD") == 0)
        *size = 0;
    return response;
}
