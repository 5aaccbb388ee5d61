/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of an Office Open XML package (ECMA-376 part 2): which part another one points to, and
 * what the package says of itself. Pure but for the document it fills.
 */
#ifndef PLENARY_CORPUS_PACKAGE_PARTS_H
#define PLENARY_CORPUS_PACKAGE_PARTS_H

#include "corpus/zip_members.h"

enum { PART_NAME = 256 };

/* The part that `part` ("" for the package) relates to: by the id of the relationship, or, if that
 * is NULL, by the end of its type ("/officeDocument"). False if there is none. */
bool package_related(const struct zip_members *members, const char *part, const char *id,
                     const char *type, char out[PART_NAME]);

/* Title, language and day of writing from docProps/core.xml or meta.xml, where it says them. 0 or
 * PLENARY_ENOMEM. */
int package_properties(const struct bytes *xml, struct document *document);

#endif
