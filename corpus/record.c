/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/record.h"

#include "corpus/date.h"
#include "corpus/notice.h"
#include "corpus/paragraph.h"
#include "corpus/scan.h"
#include "corpus/unit_file.h"

#include <inttypes.h>
#include <string.h>

/* Goes into content hashes: raise it when records are cut differently, so that they count as
 * changed. */
enum { RECORD_VERSION = 1 };

enum record_field record_field_parse(const char *name, size_t size) {
    static const char *const names[RECORD_FIELDS] = {"id",      "text",    "title",    "date",
                                                     "speaker", "heading", "language", "source",
                                                     "page",    "body",    "document"};
    for (unsigned i = 0; i < RECORD_FIELDS; i++)
        if (strlen(names[i]) == size && !memcmp(names[i], name, size))
            return (enum record_field)i;
    return RECORD_FIELDS;
}

void record_note_unknown(const struct unit *unit, const struct corpus_options *options,
                         uint64_t line, const char *name, size_t size) {
    if (unit->file && !atomic_exchange(&unit->file->unknown_field_told, true))
        notice_send(options, NOTICE_DETAIL, unit->path, line,
                    "the field \"%.*s\" is not used, nor are others of unknown names",
                    size < 60 ? (int)size : 60, name);
}

void record_sink_init(struct record_sink *sink, const struct unit *unit,
                      const struct corpus_options *options, struct document *document,
                      document_fn each, void *context, uint64_t *skipped) {
    *sink = (struct record_sink){.unit = unit,
                                 .options = options,
                                 .document = document,
                                 .each = each,
                                 .context = context,
                                 .skipped = skipped};
    const struct bytes *header = unit->file ? &unit->file->header : NULL;
    uint64_t names = header && header->size ? XXH3_64bits(header->data, header->size) : 0;
    sink->seed = names ^ (RECORD_VERSION << 8 | (unsigned)unit->format << 1 | options->whole);
}

/* ---- Values ------------------------------------------------------------------------------------
 */

/* A value counts as absent when nothing of it would show. */
static bool is_present(struct record_value value) {
    for (size_t i = 0; i < value.size; i++)
        if ((unsigned char)value.data[i] > ' ' && value.data[i] != 0x7f)
            return true;
    return false;
}

/* A copy in the document's arena. JSON can hold NULs, strings of C cannot. */
static const char *copy_value(struct document *document, struct record_value value) {
    char *copy = arena_text(&document->arena, value.data, value.size);
    for (char *nul; copy && (nul = memchr(copy, '\0', value.size));)
        *nul = ' ';
    return copy;
}

static bool set_once(struct document *document, const char **to, struct record_value value) {
    return *to || !is_present(value) || (*to = copy_value(document, value));
}

/* As `last`, if it is the same: passages mostly share their speakers and headings. */
static bool set_shared(struct document *document, const char **to, const char *last,
                       struct record_value value) {
    if (!is_present(value))
        return true;
    bool same = last && strlen(last) == value.size && !memcmp(last, value.data, value.size);
    *to = same ? last : copy_value(document, value);
    return *to != NULL;
}

static uint32_t parse_page(struct record_value value) {
    uint32_t page = 0;
    for (size_t i = 0; i < value.size; i++) {
        if (value.data[i] < '0' || value.data[i] > '9' ||
            __builtin_mul_overflow(page, 10u, &page) ||
            __builtin_add_overflow(page, (uint32_t)(value.data[i] - '0'), &page))
            return 0;
    }
    return page;
}

static uint32_t parse_date(const struct record_sink *sink, const struct record *record) {
    struct record_value value = record->fields[RECORD_DATE];
    char text[64];
    if (!is_present(value))
        return 0;
    size_t size = value.size < sizeof text ? value.size : sizeof text - 1;
    memcpy(text, value.data, size);
    text[size] = '\0';
    uint32_t date = date_parse(text);
    if (!date)
        date = date_find(text, size);
    if (!date)
        notice_send(sink->options, NOTICE_DETAIL, sink->unit->path, record->line.number,
                    "\"%s\" is not a date as 2018-08-06", text);
    return date;
}

/* The record's id, else its place: "path:line". NULL when out of memory. */
static const char *name_of(struct record_sink *sink, const struct record *record) {
    if (is_present(record->fields[RECORD_ID]))
        return copy_value(sink->document, record->fields[RECORD_ID]);
    bytes_reset(&sink->name);
    bytes_printf(&sink->name, "%s:%" PRIu64, sink->unit->path, record->line.number);
    return sink->name.failed
               ? NULL
               : arena_text(&sink->document->arena, (char *)sink->name.data, sink->name.size);
}

/* ---- Text --------------------------------------------------------------------------------------
 */

static struct record_value trim(struct record_value value) {
    while (value.size && (unsigned char)*value.data <= ' ') {
        value.data++;
        value.size--;
    }
    while (value.size && (unsigned char)value.data[value.size - 1] <= ' ')
        value.size--;
    return value;
}

/* One line: runs of white space that hold a newline, tab or other control become a space. */
static bool fold(struct bytes *out, struct record_value value) {
    bytes_reset(out);
    if (!bytes_reserve(out, value.size))
        return false;
    for (size_t i = 0; i < value.size;) {
        size_t run = i;
        bool control = false;
        for (; run < value.size && (unsigned char)value.data[run] <= ' '; run++)
            control |= value.data[run] != ' ';
        if (control) {
            out->data[out->size++] = ' ';
            i = run;
        } else {
            out->data[out->size++] = (uint8_t)value.data[i++];
        }
    }
    return true;
}

static bool add_one_passage(struct record_sink *sink, struct record_value text) {
    if (scan_has_control(text.data, text.size)) {
        if (!fold(&sink->folded, text))
            return false;
        text = (struct record_value){(const char *)sink->folded.data, sink->folded.size};
    }
    return document_add(sink->document, PASSAGE_PARAGRAPH, text.data, text.size) != NULL;
}

/* What the record says of the passages its text became. */
static bool describe(struct record_sink *sink, const struct record *record, size_t first) {
    struct document *document = sink->document;
    const struct record_value *fields = record->fields;
    for (size_t i = first; i < document->passage_count; i++) {
        struct passage *passage = &document->passages[i];
        const struct passage *last = i ? passage - 1 : NULL;
        passage->line_begin = passage->line_end = record->line.number;
        passage->source_begin = record->line.offset;
        passage->source_end = record->line.offset + record->line.raw_size;
        passage->page = parse_page(fields[RECORD_PAGE]);
        if (!set_shared(document, &passage->speaker, last ? last->speaker : NULL,
                        fields[RECORD_SPEAKER]) ||
            !set_shared(document, &passage->heading, last ? last->heading : NULL,
                        fields[RECORD_HEADING]))
            return false;
        if (sink->grouped && !(passage->id = name_of(sink, record)))
            return false;
    }
    return true;
}

static const struct cut_options CUT = {.record = true};

static int append(struct record_sink *sink, const struct record *record, struct error *err) {
    struct document *document = sink->document;
    const struct record_value *fields = record->fields;
    if (!set_once(document, &document->title, fields[RECORD_TITLE]) ||
        !set_once(document, &document->body, fields[RECORD_BODY]) ||
        !set_once(document, &document->language, fields[RECORD_LANGUAGE]) ||
        (document->source == sink->unit->source && is_present(fields[RECORD_SOURCE]) &&
         !(document->source = copy_value(document, fields[RECORD_SOURCE]))))
        return error_memory(err);
    if (!document->date)
        document->date = parse_date(sink, record);
    struct record_value text = trim(fields[RECORD_TEXT]);
    size_t first = document->passage_count;
    if (!text.size && !is_present(fields[RECORD_TITLE])) {
        ++*sink->skipped;
        notice_send(sink->options, NOTICE_SKIPPED, sink->unit->path, record->line.number,
                    "the record has neither text nor title");
    }
    if (!text.size)
        return 0;
    bool one = sink->grouped || sink->options->whole || !memchr(text.data, '\n', text.size);
    int status = one ? (add_one_passage(sink, text) ? 0 : error_memory(err))
                     : paragraph_cut(document, text.data, text.size, &CUT, err);
    if (status)
        return status;
    return describe(sink, record, first) ? 0 : error_memory(err);
}

/* ---- Documents ---------------------------------------------------------------------------------
 */

static int flush(struct record_sink *sink, struct error *err) {
    struct document *document = sink->document;
    if (!sink->open)
        return 0;
    sink->open = false;
    if (sink->grouped) {
        XXH128_canonical_t hash;
        XXH128_canonicalFromHash(&hash, XXH3_128bits_digest(sink->hash));
        memcpy(document->content, hash.digest, sizeof document->content);
    }
    if (document_finish(document))
        return error_memory(err);
    return document->passage_count ? sink->each(sink->context, document) : 0;
}

static int begin(struct record_sink *sink, const struct record *record, struct error *err) {
    const struct unit *unit = sink->unit;
    struct document *document = sink->document;
    document_reset(document);
    sink->grouped = is_present(record->fields[RECORD_DOCUMENT]);
    document->is_record = true;
    document->source = unit->source;
    if (unit->file) {
        document->language_sample = (const char *)unit->file->language_sample.data;
        document->language_sample_size = unit->file->language_sample.size;
    }
    document->id = sink->grouped ? copy_value(document, record->fields[RECORD_DOCUMENT])
                                 : name_of(sink, record);
    if (sink->grouped && !sink->hash)
        sink->hash = XXH3_createState();
    if (!document->id || (sink->grouped && !sink->hash))
        return error_memory(err);
    if (sink->grouped)
        XXH3_128bits_reset_withSeed(sink->hash, sink->seed);
    sink->open = true;
    return 0;
}

static bool continues(const struct record_sink *sink, const struct record *record) {
    struct record_value value = record->fields[RECORD_DOCUMENT];
    const char *id = sink->document->id;
    return sink->open && sink->grouped && value.data && strlen(id) == value.size &&
           !memcmp(id, value.data, value.size);
}

static void hash_line(struct record_sink *sink, const struct record_line *line) {
    if (sink->grouped) {
        XXH3_128bits_update(sink->hash, line->raw, line->raw_size);
        XXH3_128bits_update(sink->hash, "\n", 1);
        return;
    }
    XXH128_canonical_t hash;
    XXH128_canonicalFromHash(&hash, XXH3_128bits_withSeed(line->raw, line->raw_size, sink->seed));
    memcpy(sink->document->content, hash.digest, sizeof sink->document->content);
}

int record_sink_add(struct record_sink *sink, const struct record *record, struct error *err) {
    if (!continues(sink, record)) {
        int status = flush(sink, err);
        if (!status)
            status = begin(sink, record, err);
        if (status)
            return status;
    }
    sink->document->replaced_bytes += record->line.replaced;
    hash_line(sink, &record->line);
    return append(sink, record, err);
}

int record_sink_finish(struct record_sink *sink, struct error *err) {
    return flush(sink, err);
}

void record_sink_free(struct record_sink *sink) {
    bytes_free(&sink->folded);
    bytes_free(&sink->name);
    XXH3_freeState(sink->hash);
    sink->hash = NULL;
}
