/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/xml_events.h"

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/utf8.h>

enum { CHUNK = 64 << 10 };

struct stream {
    const struct xml_handler *handler;
    void *context;
    const int *stop;
    xmlParserCtxtPtr parser;
    bool lenient;
    uint64_t reached; /* in the input, by the last end of an element */
    xmlEntity entity; /* the last one asked for */
    xmlChar entity_text[U8_MAX_LENGTH + 1];
    int fault, fault_line; /* libxml2's code of the first error, or 0 */
    char why[160];
};

static uint64_t line_of(const struct stream *stream) {
    return stream->parser->input ? (uint64_t)stream->parser->input->line : 0;
}

static uint64_t offset_of(const struct stream *stream) {
    const xmlParserInput *input = stream->parser->input;
    if (!input || !input->buf || input->buf->encoder) /* it would be found by converting back */
        return 0;
    long at = xmlByteConsumed(stream->parser);
    return at > 0 ? (uint64_t)at : 0;
}

static bool is_stopped(const struct stream *stream) {
    return (stream->fault && !stream->lenient) || (stream->stop && *stream->stop);
}

/* libxml2 passes over &amp; and its like once it has met a fault. */
static void go_on(struct stream *stream) {
    stream->parser->wellFormed = 1;
}

static void on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int namespaces, const xmlChar **namespace_list, int count, int defaulted,
                     const xmlChar **attributes) {
    struct stream *stream = context;
    (void)prefix, (void)uri, (void)namespaces, (void)namespace_list, (void)defaulted;
    struct xml_tag tag = {(const char *)name, (const unsigned char *const *)attributes,
                          count > 0 ? (unsigned)count : 0, line_of(stream), offset_of(stream)};
    go_on(stream);
    if (!is_stopped(stream))
        stream->handler->start(stream->context, &tag);
    if (is_stopped(stream))
        xmlStopParser(stream->parser);
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
    struct stream *stream = context;
    (void)prefix, (void)uri;
    go_on(stream);
    stream->reached = stream->lenient ? offset_of(stream) : 0;
    if (!is_stopped(stream))
        stream->handler->end(stream->context, (const char *)name, line_of(stream),
                             offset_of(stream));
    if (is_stopped(stream))
        xmlStopParser(stream->parser);
}

static void on_text(void *context, const xmlChar *text, int size) {
    struct stream *stream = context;
    if (size > 0 && !is_stopped(stream))
        stream->handler->text(stream->context, (const char *)text, (size_t)size);
}

/* What an entity of HTML stands for, as UTF-8; "" for a name that it does not know. */
static void entity_text(const xmlChar *name, xmlChar out[U8_MAX_LENGTH + 1]) {
    const htmlEntityDesc *known = htmlEntityLookup(name);
    size_t size = 0;
    if (known)
        U8_APPEND_UNSAFE(out, size, known->value);
    out[size] = '\0';
}

/*
 * libxml2 asks for every entity that is not XML's own. Whatever the document declares, the answer
 * is one that it takes for predefined, and so neither parses nor expands. Of those it puts a single
 * byte into an attribute's value: a blank there.
 */
static xmlEntityPtr get_entity(void *context, const xmlChar *name) {
    struct stream *stream = context;
    bool in_attribute = stream->parser->instate == XML_PARSER_ATTRIBUTE_VALUE;
    memcpy(stream->entity_text, " ", 2);
    if (!in_attribute)
        entity_text(name, stream->entity_text);
    stream->entity = (xmlEntity){.type = XML_ENTITY_DECL,
                                 .name = BAD_CAST "entity",
                                 .content = stream->entity_text,
                                 .orig = BAD_CAST "", /* else it would keep one there */
                                 .etype = XML_INTERNAL_PREDEFINED_ENTITY};
    return &stream->entity;
}

/* Names of entities and of namespaces that nobody declared do no harm to the text. */
static bool is_harmless(const xmlError *error) {
    int code = error->code;
    return error->level < XML_ERR_ERROR || code == XML_ERR_UNDECLARED_ENTITY ||
           code == XML_WAR_UNDECLARED_ENTITY ||
           (code >= XML_NS_ERR_XML_NAMESPACE && code <= XML_NS_ERR_COLON);
}

/* Keep the first error that matters. */
static void on_error(void *context, xmlErrorPtr error) {
    struct stream *stream = context;
    if (error->code == XML_ERR_NO_MEMORY || error->code == XML_ERR_INTERNAL_ERROR)
        stream->lenient = false; /* memory, or nested too deep: there is no going on */
    else if (stream->fault || is_harmless(error))
        return;
    stream->fault = error->code;
    stream->fault_line = error->line;
    snprintf(stream->why, sizeof stream->why, "%s", error->message ? error->message : "");
    stream->why[strcspn(stream->why, "\r\n")] = '\0';
}

static void set_handlers(xmlSAXHandler *sax) {
    *sax = (xmlSAXHandler){.initialized = XML_SAX2_MAGIC,
                           .startElementNs = on_start,
                           .endElementNs = on_end,
                           .characters = on_text,
                           .ignorableWhitespace = on_text,
                           .cdataBlock = on_text,
                           .getEntity = get_entity,
                           .serror = on_error};
}

/* libxml2 wants its tables set up by one thread before others use it. */
static pthread_once_t libxml2_ready = PTHREAD_ONCE_INIT;

static void feed(struct stream *stream, const uint8_t *data, size_t size) {
    for (size_t at = 0; at < size && !is_stopped(stream);) {
        size_t part = size - at < CHUNK ? size - at : CHUNK;
        xmlParseChunk(stream->parser, (const char *)data + at, (int)part, 0);
        at += part;
    }
    if (!is_stopped(stream))
        xmlParseChunk(stream->parser, NULL, 0, 1);
}

/* Most of the file was read, and its first fault is not that it ends too soon. */
static bool goes_on(const struct stream *stream, size_t size) {
    bool encoded = stream->parser->input && stream->parser->input->buf &&
                   stream->parser->input->buf->encoder; /* no place is known then */
    return stream->fault != XML_ERR_TAG_NOT_FINISHED && stream->fault != XML_ERR_DOCUMENT_END &&
           stream->fault != XML_ERR_DOCUMENT_EMPTY && stream->fault != XML_ERR_GT_REQUIRED &&
           (encoded || size - stream->reached <= (size > 20000 ? size / 20 : 1000));
}

static int result(const struct stream *stream, size_t size, struct error *err) {
    int stopped = stream->stop ? *stream->stop : 0;
    if (stopped)
        return stopped;
    if (stream->fault == XML_ERR_NO_MEMORY)
        return PLENARY_ENOMEM;
    if (!stream->fault || (stream->lenient && goes_on(stream, size)))
        return 0;
    return error_set(err, PLENARY_EDAMAGED, "the XML is damaged at line %d: %s", stream->fault_line,
                     stream->why);
}

static int parse(struct stream *stream, const uint8_t *data, size_t size, struct error *err) {
    xmlSAXHandler sax;
    pthread_once(&libxml2_ready, xmlInitParser);
    if (!size)
        return error_set(err, PLENARY_EDAMAGED, "the XML is empty");
    set_handlers(&sax);
    size_t first = size < 4 ? size : 4; /* enough to see the encoding by */
    stream->parser = xmlCreatePushParserCtxt(&sax, stream, (const char *)data, (int)first, NULL);
    if (!stream->parser)
        return PLENARY_ENOMEM;
    xmlCtxtUseOptions(stream->parser, XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_RECOVER);
    feed(stream, data + first, size - first);
    int status = result(stream, size, err);
    xmlFreeDoc(stream->parser->myDoc); /* of a DTD's declarations, if there was one */
    xmlFreeParserCtxt(stream->parser);
    return status;
}

int xml_events(const uint8_t *data, size_t size, const struct xml_handler *handler, void *context,
               const int *stop, struct error *err) {
    struct stream stream = {.handler = handler, .context = context, .stop = stop};
    return parse(&stream, data, size, err);
}

int xml_events_lenient(const uint8_t *data, size_t size, const struct xml_handler *handler,
                       void *context, const int *stop, struct error *flaw, struct error *err) {
    struct stream stream = {.handler = handler, .context = context, .stop = stop, .lenient = true};
    int status = parse(&stream, data, size, err);
    flaw->code = PLENARY_OK;
    if (!status && stream.fault)
        error_set(flaw, PLENARY_EDAMAGED,
                  "the XML is not well-formed at line %d (%s): it was read as well as could be",
                  stream.fault_line, stream.why);
    return status;
}

/* ---- Attributes --------------------------------------------------------------------------------
 */

enum { LOCAL, PREFIX, URI, VALUE, END, FIELDS };

static const char *copy_value(const unsigned char *const *attribute, char *out, size_t size) {
    size_t length = (size_t)(attribute[END] - attribute[VALUE]);
    if (length >= size) { /* cut between characters */
        length = size - 1;
        while (length && (attribute[VALUE][length] & 0xC0) == 0x80)
            length--;
    }
    memcpy(out, attribute[VALUE], length);
    out[length] = '\0';
    return out;
}

const char *xml_attribute(const struct xml_tag *tag, const char *name, char *out, size_t size) {
    const unsigned char *const *found = NULL;
    for (unsigned i = 0; i < tag->count; i++) {
        const unsigned char *const *attribute = tag->attributes + i * FIELDS;
        if (!strcmp((const char *)attribute[LOCAL], name) && (!found || !attribute[URI]))
            found = attribute;
    }
    return found ? copy_value(found, out, size) : NULL;
}

const char *xml_attribute_in(const struct xml_tag *tag, const char *space, const char *name,
                             char *out, size_t size) {
    size_t ending = strlen(space);
    for (unsigned i = 0; i < tag->count; i++) {
        const unsigned char *const *attribute = tag->attributes + i * FIELDS;
        const char *uri = (const char *)attribute[URI];
        size_t length = uri ? strlen(uri) : 0;
        if (uri && !strcmp((const char *)attribute[LOCAL], name) && length >= ending &&
            !strcmp(uri + length - ending, space))
            return copy_value(attribute, out, size);
    }
    return NULL;
}

long xml_number(const struct xml_tag *tag, const char *name, long low, long high, long otherwise) {
    char text[24], *end;
    if (!xml_attribute(tag, name, text, sizeof text) || !*text)
        return otherwise;
    long value = strtol(text, &end, 10);
    return *end ? otherwise : value < low ? low : value > high ? high : value;
}
