/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/segment/posting_builder.h"

#include <string.h>

const struct posting_builder_class *posting_builder_named(const char *name) {
    static const struct posting_builder_class *const builders[] = {
        &posting_builder_glass, &posting_builder_portable, &posting_builder_xapian};
    if (!name)
        return builders[0];
    for (size_t i = 0; i < sizeof builders / sizeof *builders; i++)
        if (strcmp(builders[i]->name, name) == 0)
            return builders[i];
    return NULL;
}
