/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/serve/assets.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

/* The bytes of a file between two symbols. */
#define EMBED(symbol, file)                                                                        \
    __asm__(".pushsection .rodata\n"                                                               \
            ".balign 16\n" #symbol "_begin:\n"                                                     \
            ".incbin \"searcher/web/" file "\"\n" #symbol "_end:\n"                                \
            ".byte 0\n"                                                                            \
            ".popsection\n");                                                                      \
    extern const char symbol##_begin[], symbol##_end[];

EMBED(asset_style, "style.css")
EMBED(asset_app, "app.js")
EMBED(asset_suggest, "suggest.js")
EMBED(asset_timeline, "timeline.js")
EMBED(asset_reader, "reader.js")
EMBED(asset_component, "plenary-search.js")
EMBED(asset_icon, "icon.svg")
EMBED(asset_openapi, "openapi.json")

#define SCRIPT "text/javascript; charset=utf-8"

static const struct asset assets[] = {
    {"style.css", "text/css; charset=utf-8", asset_style_begin, asset_style_end},
    {"app.js", SCRIPT, asset_app_begin, asset_app_end},
    {"suggest.js", SCRIPT, asset_suggest_begin, asset_suggest_end},
    {"timeline.js", SCRIPT, asset_timeline_begin, asset_timeline_end},
    {"reader.js", SCRIPT, asset_reader_begin, asset_reader_end},
    {"plenary-search.js", SCRIPT, asset_component_begin, asset_component_end},
    {"icon.svg", "image/svg+xml", asset_icon_begin, asset_icon_end},
    {"openapi.json", "application/json", asset_openapi_begin, asset_openapi_end},
};

const struct asset *asset_find(const char *name) {
    for (size_t i = 0; i < sizeof assets / sizeof *assets; i++)
        if (strcmp(assets[i].name, name) == 0)
            return &assets[i];
    return NULL;
}

/* It is in every page: a first paint that waits for a second request comes much later. */
const struct asset *assets_style(void) {
    return asset_find("style.css");
}

/* The Makefile says it; programs that check the source do not ask. */
#ifndef STYLE_HASH
#define STYLE_HASH ""
#endif

const char *assets_style_hash(void) {
    return "sha256-" STYLE_HASH;
}

static char version[17];

static void make_version(void) {
    XXH64_hash_t hash = 0;
    for (size_t i = 0; i < sizeof assets / sizeof *assets; i++)
        hash = XXH64(assets[i].begin, (size_t)(assets[i].end - assets[i].begin), hash);
    snprintf(version, sizeof version, "%08x", (unsigned)hash);
}

const char *assets_version(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_version);
    return version;
}
