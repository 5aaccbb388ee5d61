/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/segment/segment.h"

#include "indexer/segment/field_terms.h"
#include "indexer/segment/folder.h"
#include "indexer/segment/lexicon.h"
#include "indexer/segment/passages.h"
#include "indexer/segment/posting_builder.h"
#include "indexer/segment/text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Where a term stands in the passage being indexed; valid if `stamp` is the passage's. */
struct term_slot {
    uint32_t stamp;
    uint32_t posting;
};

/* In how many passages a word has been, counting each passage once. */
struct word_use {
    uint32_t last_passage; /* + 1 */
    uint32_t passages;
};

/* The language of the file that records come from, told once for all of them. */
struct sample_language {
    const char *text;
    size_t size;
    char *source;
    char start[64];
    int language;
};

struct segment_writer {
    char *folder;
    int language;
    bool folder_made, finished;
    struct analyser *analyser;
    const struct posting_builder_class *class;
    struct posting_builder *builder;
    struct documents_writer documents;
    struct passages_writer passages;
    struct text_writer *text;
    struct sample_language sample;
    struct field_terms *fields;

    /* Scratch of the passage being indexed. */
    struct token_list tokens;
    struct term_slot *slots; /* by term id */
    size_t slot_capacity;
    struct word_use *words; /* by word id */
    size_t word_capacity;
    struct builder_posting *postings;
    size_t posting_count, posting_capacity;
    uint32_t *positions;
    size_t position_capacity;
};

static const char *const FILES[] = {"documents.table", "passages.table", "text.blocks",
                                    "lexicon.words"};
enum { FILE_DOCUMENTS, FILE_PASSAGES, FILE_TEXT, FILE_LEXICON };

/* ---- Creating ------------------------------------------------------------------------------ */

static const struct posting_builder_class *find_builder(const char *name) {
    if (name)
        return posting_builder_named(name);
    const struct posting_builder_class *class = posting_builder_named("glass");
    return class ? class : posting_builder_named("xapian");
}

static int create_text(struct segment_writer *writer, struct error *err) {
    char *path = folder_path(writer->folder, FILES[FILE_TEXT]);
    int status = path ? text_create(&writer->text, path, err) : error_memory(err);
    free(path);
    return status;
}

static int create_files(struct segment_writer *writer, const char *builder, struct error *err) {
    writer->class = find_builder(builder);
    if (!writer->class)
        return error_set(err, PLENARY_EINVALID, "there is no posting builder named \"%s\"",
                         builder ? builder : "");
    if (mkdir(writer->folder, 0777))
        return error_errno(err, "%s: cannot create this folder", writer->folder);
    writer->folder_made = true;
    int status = create_text(writer, err);
    if (!status)
        status = field_terms_open(&writer->fields, err);
    return status ? status : writer->class->create(&writer->builder, writer->folder, err);
}

int segment_writer_create(struct segment_writer **out, const char *folder, int language,
                          const char *builder, struct analyser *analyser, struct error *err) {
    *out = NULL;
    struct segment_writer *writer = calloc(1, sizeof *writer);
    if (!writer)
        return error_memory(err);
    writer->language = language;
    writer->analyser = analyser;
    documents_writer_init(&writer->documents);
    passages_writer_init(&writer->passages);
    writer->folder = strdup(folder);
    int status = writer->folder ? create_files(writer, builder, err) : error_memory(err);
    if (status) {
        segment_writer_close(writer);
        return status;
    }
    *out = writer;
    return 0;
}

/* ---- Language ------------------------------------------------------------------------------ */

/* Readers hand every record of a file the same sample, so the place it stands at tells it, with
 * the source's name and the sample's first bytes against memory that was used again. */
static bool is_known_sample(const struct sample_language *known, const struct document *document) {
    size_t start = document->language_sample_size < sizeof known->start
                       ? document->language_sample_size
                       : sizeof known->start;
    return known->source && known->text == document->language_sample &&
           known->size == document->language_sample_size &&
           !strcmp(known->source, document->source ? document->source : "") &&
           !memcmp(known->start, document->language_sample, start);
}

static int sample_language(struct segment_writer *writer, const struct document *document,
                           int otherwise) {
    struct sample_language *known = &writer->sample;
    if (is_known_sample(known, document))
        return known->language;
    size_t size = document->language_sample_size;
    free(known->source);
    known->source = strdup(document->source ? document->source : "");
    known->text = document->language_sample;
    known->size = size;
    memcpy(known->start, document->language_sample,
           size < sizeof known->start ? size : sizeof known->start);
    known->language = analyser_detect(writer->analyser, known->text, size, otherwise);
    return known->language;
}

static int resolve_language(struct segment_writer *writer, const struct document *document) {
    if (writer->language >= 0)
        return writer->language;
    int named = document->language ? language_number(document->language) : -1;
    if (named >= 0)
        return named;
    int otherwise = language_number("english");
    if (document->language_sample && document->language_sample_size)
        return sample_language(writer, document, otherwise);
    return analyser_detect(writer->analyser, (const char *)document->text.data, document->text.size,
                           otherwise);
}

/* ---- Postings ------------------------------------------------------------------------------ */

/* Grow the zeroed array that `array` points at to hold `need` items; at least doubles. The pointer
 * goes through memcpy, since arrays of every type come here. */
static bool grow(void *array, size_t *capacity, size_t need, size_t item) {
    if (need <= *capacity)
        return true;
    void *items;
    memcpy(&items, array, sizeof items);
    size_t wanted = *capacity * 2 > need ? *capacity * 2 : need + 1024;
    void *grown = reallocarray(items, wanted, item);
    if (!grown)
        return false;
    memset((char *)grown + *capacity * item, 0, (wanted - *capacity) * item);
    memcpy(array, &grown, sizeof grown);
    *capacity = wanted;
    /* cppcheck-suppress memleak  ; *array has it now */
    return true;
}

/* Room for the terms and words met so far and for a posting of each token. */
static bool reserve_passage(struct segment_writer *writer, size_t field_terms) {
    size_t tokens = writer->tokens.count;
    size_t words = analyser_word_count(writer->analyser);
    size_t terms = analyser_term_count(writer->analyser);
    return grow(&writer->slots, &writer->slot_capacity, terms, sizeof *writer->slots) &&
           grow(&writer->words, &writer->word_capacity, words, sizeof *writer->words) &&
           grow(&writer->postings, &writer->posting_capacity, tokens + field_terms,
                sizeof *writer->postings) &&
           grow(&writer->positions, &writer->position_capacity, tokens, sizeof *writer->positions);
}

/* Count each term of the tokens: a posting for each, in the order first met. */
static void count_terms(struct segment_writer *writer, uint32_t stamp) {
    for (size_t i = 0; i < writer->tokens.count; i++) {
        uint32_t id = writer->tokens.tokens[i].word;
        const struct word *word = analyser_word(writer->analyser, id);
        struct word_use *use = &writer->words[id];
        if (use->last_passage != stamp) {
            use->last_passage = stamp;
            use->passages++;
        }
        struct term_slot *slot = &writer->slots[word->term_id];
        if (slot->stamp != stamp) {
            *slot = (struct term_slot){stamp, (uint32_t)writer->posting_count};
            writer->postings[writer->posting_count++] =
                (struct builder_posting){.term = word->term, .term_size = word->term_size};
        }
        writer->postings[slot->posting].wdf++;
    }
}

/* Deal the positions out: a stretch of `positions` for each posting, as long as its wdf. */
static void place_positions(struct segment_writer *writer) {
    uint32_t *next = writer->positions;
    for (size_t i = 0; i < writer->posting_count; i++) {
        writer->postings[i].positions = next;
        next += writer->postings[i].wdf;
    }
    for (size_t i = 0; i < writer->tokens.count; i++) {
        const struct token *token = &writer->tokens.tokens[i];
        const struct word *word = analyser_word(writer->analyser, token->word);
        struct builder_posting *posting = &writer->postings[writer->slots[word->term_id].posting];
        uint32_t *stretch = writer->positions + (posting->positions - writer->positions);
        /* A joined form and its first part may have the same term at the same place. */
        if (!posting->position_count || stretch[posting->position_count - 1] != token->position)
            stretch[posting->position_count++] = token->position;
    }
}

static void add_field_terms(struct segment_writer *writer, const struct field_term_list *list) {
    for (size_t i = 0; list && i < list->count; i++) {
        uint32_t size;
        const char *term = field_term(list, i, &size);
        writer->postings[writer->posting_count++] =
            (struct builder_posting){.term = term, .term_size = size};
    }
}

enum { FIELDS = 3 };

/* The terms of title, speaker and heading; NULL where there is none. */
static int find_fields(struct segment_writer *writer, const struct document *document,
                       const struct passage *passage, int language,
                       const struct field_term_list *lists[FIELDS], size_t *count,
                       struct error *err) {
    const char *texts[FIELDS] = {document->title, passage->speaker, passage->heading};
    static const char *const prefixes[FIELDS] = {TERM_PREFIX_TITLE, TERM_PREFIX_SPEAKER,
                                                 TERM_PREFIX_HEADING};
    *count = 0;
    for (unsigned i = 0; i < FIELDS; i++) {
        lists[i] = NULL;
        if (!texts[i])
            continue;
        int status = field_terms_find(writer->fields, writer->analyser, i, prefixes[i], texts[i],
                                      language, &lists[i], err);
        if (status)
            return status;
        *count += lists[i]->count;
    }
    return 0;
}

static int index_passage(struct segment_writer *writer, const struct document *document,
                         const struct passage *passage, uint32_t ordinal, int language,
                         struct error *err) {
    const struct field_term_list *lists[FIELDS];
    size_t field_terms;
    int status = find_fields(writer, document, passage, language, lists, &field_terms, err);
    if (!status)
        status = analyser_tokenise(writer->analyser, language,
                                   (const char *)document->text.data + passage->text_begin,
                                   passage->text_end - passage->text_begin, &writer->tokens, err);
    if (status)
        return status;
    if (!reserve_passage(writer, field_terms))
        return error_memory(err);
    writer->posting_count = 0;
    count_terms(writer, ordinal + 1);
    place_positions(writer);
    for (unsigned i = 0; i < FIELDS; i++)
        add_field_terms(writer, lists[i]);
    if (!writer->posting_count)
        return 0;
    return writer->class->add(writer->builder, ordinal + 1, writer->postings, writer->posting_count,
                              err);
}

/* A heading is found through the passages it stands above. If none follows before the next heading
 * of its rank, it is text itself, or nothing would lead to it. */
static bool is_indexed(const struct document *document, size_t i) {
    const struct passage *passage = &document->passages[i];
    if (passage->kind != PASSAGE_HEADING || i + 1 == document->passage_count)
        return true;
    return passage[1].kind == PASSAGE_HEADING && passage[1].level <= passage->level;
}

static int index_document(struct segment_writer *writer, const struct document *document,
                          uint32_t first_passage, int language, struct error *err) {
    int status = 0;
    for (size_t i = 0; !status && i < document->passage_count; i++) {
        if (is_indexed(document, i))
            status = index_passage(writer, document, &document->passages[i],
                                   first_passage + (uint32_t)i, language, err);
    }
    return status;
}

/* ---- Adding -------------------------------------------------------------------------------- */

static int check_limits(const struct segment_writer *writer, const struct document *document,
                        struct error *err) {
    if (!document->id)
        return error_set(err, PLENARY_EINVALID, "a document without an id");
    if (document->text.size >= UINT32_MAX)
        return error_set(err, PLENARY_ELIMIT,
                         "%s: the text of a document may be at most 4 GiB long", document->id);
    if (document->passage_count >= UINT32_MAX - 1 - writer->passages.count ||
        writer->documents.count >= UINT32_MAX - 1)
        return error_set(err, PLENARY_ELIMIT, "%s: the segment is full", document->id);
    return 0;
}

int segment_writer_add(struct segment_writer *writer, const struct document *document,
                       struct error *err) {
    int status = check_limits(writer, document, err);
    if (status)
        return status;
    uint32_t first_passage = writer->passages.count;
    uint64_t text_begin = text_size(writer->text);
    status = passages_add(&writer->passages, document, text_begin, err);
    if (status)
        return status;
    int language = resolve_language(writer, document);
    documents_add(&writer->documents, document, language, first_passage, text_begin);
    status = text_add(writer->text, document->text.data, document->text.size, err);
    return status ? status : index_document(writer, document, first_passage, language, err);
}

int segment_writer_document(struct segment_writer *writer, uint32_t document,
                            struct document_key *out, struct error *err) {
    return documents_added(&writer->documents, document, out, err);
}

const char *segment_writer_builder(const struct segment_writer *writer) {
    return writer->class->name;
}

uint32_t segment_writer_documents(const struct segment_writer *writer) {
    return writer->documents.count;
}

uint32_t segment_writer_passages(const struct segment_writer *writer) {
    return writer->passages.count;
}

size_t segment_writer_memory(const struct segment_writer *writer) {
    /* The rows of the lexicon are made at the end, one for each word. */
    return sizeof *writer + documents_memory(&writer->documents) +
           passages_memory(&writer->passages) + text_memory(writer->text) +
           analyser_memory(writer->analyser) + writer->class->memory(writer->builder) +
           writer->slot_capacity * sizeof *writer->slots +
           writer->word_capacity * (sizeof *writer->words + sizeof(struct lexicon_row)) +
           writer->posting_capacity * sizeof *writer->postings +
           writer->position_capacity * sizeof *writer->positions +
           writer->tokens.capacity * sizeof *writer->tokens.tokens;
}

/* ---- Finishing ----------------------------------------------------------------------------- */

static int write_lexicon(struct segment_writer *writer, const char *path, struct error *err) {
    size_t count = analyser_word_count(writer->analyser);
    struct lexicon_row *rows = calloc(count ? count : 1, sizeof *rows);
    if (!rows)
        return error_memory(err);
    for (size_t i = 0; i < count; i++) {
        const struct word *word = analyser_word(writer->analyser, (uint32_t)i);
        uint32_t passages = i < writer->word_capacity ? writer->words[i].passages : 0;
        rows[i] = (struct lexicon_row){word->text, word->term, word->text_size, word->term_size,
                                       passages};
    }
    int status = lexicon_write(path, rows, count, err);
    free(rows);
    return status;
}

static int write_file(struct segment_writer *writer, int file, struct error *err) {
    char *path = folder_path(writer->folder, FILES[file]);
    if (!path)
        return error_memory(err);
    int status;
    if (file == FILE_DOCUMENTS)
        status = documents_write(&writer->documents, path, writer->passages.count,
                                 text_size(writer->text), err);
    else if (file == FILE_PASSAGES)
        status = passages_write(&writer->passages, path, err);
    else
        status = write_lexicon(writer, path, err);
    free(path);
    return status;
}

int segment_writer_finish(struct segment_writer *writer, struct error *err) {
    if (writer->finished)
        return error_set(err, PLENARY_EINVALID, "%s: finished already", writer->folder);
    int status = writer->class->finish(writer->builder, err);
    if (!status)
        status = text_finish(writer->text, err);
    if (!status)
        status = write_file(writer, FILE_DOCUMENTS, err);
    if (!status)
        status = write_file(writer, FILE_PASSAGES, err);
    if (!status)
        status = write_file(writer, FILE_LEXICON, err);
    if (!status)
        status = folder_sync_files(writer->folder, err);
    writer->finished = !status;
    return status;
}

void segment_writer_close(struct segment_writer *writer) {
    if (!writer)
        return;
    if (writer->builder)
        writer->class->close(writer->builder);
    text_writer_close(writer->text);
    documents_writer_free(&writer->documents);
    passages_writer_free(&writer->passages);
    field_terms_close(writer->fields);
    token_list_free(&writer->tokens);
    if (writer->folder_made && !writer->finished)
        folder_remove(writer->folder, NULL);
    free(writer->sample.source);
    free(writer->slots);
    free(writer->words);
    free(writer->postings);
    free(writer->positions);
    free(writer->folder);
    free(writer);
}
