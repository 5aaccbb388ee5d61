/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * XML as a stream of events, from libxml2: no tree, so memory does not depend on the input. Names
 * come without their namespace. No external entity is ever loaded and none that a document declares
 * is expanded, so an entity bomb is a few unknown names; HTML's names (&nbsp;) are known. Elements
 * nest 256 deep at most. Not thread-safe per call; any number of calls at a time.
 */
#ifndef PLENARY_CORPUS_XML_EVENTS_H
#define PLENARY_CORPUS_XML_EVENTS_H

#include "corpus/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct xml_tag {
    const char *name;
    const unsigned char *const *attributes; /* libxml2's: five pointers each */
    unsigned count;
    uint64_t line, offset; /* of the tag's end in the input, 1-based and 0-based */
};

struct xml_handler {
    void (*start)(void *context, const struct xml_tag *tag);
    void (*end)(void *context, const char *name, uint64_t line, uint64_t offset);
    void (*text)(void *context, const char *text, size_t size);
};

/* Call the handler for each event. `*stop`, if not NULL, ends it early when a callback has made it
 * other than 0, with that result. 0, PLENARY_ENOMEM, or PLENARY_EDAMAGED with the place. */
int xml_events(const uint8_t *data, size_t size, const struct xml_handler *handler, void *context,
               const int *stop, struct error *err);

/* The same for files that people made, with tags that do not match: what can be made of them comes,
 * and flaw->code is other than 0 with the first fault. It is still an error if the file is cut
 * short or much of it was lost. */
int xml_events_lenient(const uint8_t *data, size_t size, const struct xml_handler *handler,
                       void *context, const int *stop, struct error *flaw, struct error *err);

/* The value of an attribute, by its name without prefix, cut to fit; NULL if there is none.
 * `out` is returned. Where two have one name, that without a namespace comes first. */
const char *xml_attribute(const struct xml_tag *tag, const char *name, char *out, size_t size);

/* The same, only of those in a namespace whose name ends so. */
const char *xml_attribute_in(const struct xml_tag *tag, const char *space, const char *name,
                             char *out, size_t size);

/* The attribute as a number within [low, high]; `otherwise` if it is missing or none. */
long xml_number(const struct xml_tag *tag, const char *name, long low, long high, long otherwise);

#endif
