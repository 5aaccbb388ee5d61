/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The page's files (searcher/web), part of the program.
 */
#ifndef PLENARY_SERVE_ASSETS_H
#define PLENARY_SERVE_ASSETS_H

#include <stddef.h>

struct asset {
    const char *name, *type;
    const char *begin, *end;
};

/* NULL if there is none of this name. */
const struct asset *asset_find(const char *name);

/* The page's style, for a <style> element, and its hash as a Content-Security-Policy has it. */
const struct asset *assets_style(void);
const char *assets_style_hash(void);

/* Changes with any byte of any file: put into addresses, so that they may be kept for ever. */
const char *assets_version(void);

#endif
