/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/batch.h"

#include "indexer/document_language.h"
#include "indexer/field_cache.h"

#include <stdlib.h>
#include <string.h>

/* When a word was last met, to count each passage and each batch once. */
struct word_use {
    uint32_t passage; /* stamp of the passage */
    uint32_t entry;   /* of batch.words + 1; 0: not in this batch */
};

/* A field of the document at hand as it was last met: neighbours mostly have the same string, and
 * are marked with its terms together. */
struct field_seen {
    const char *text;
    const struct field_terms *terms;
    uint32_t begin, end; /* passages of the batch that have it and are not marked yet */
};

struct batcher {
    struct analyser *analyser;
    struct document_language language;
    struct field_cache *fields;
    struct field_seen seen[TERM_FIELDS];
    struct inverter inverter;
    struct text_packer *packer;
    struct token_list tokens;
    struct word_use *uses; /* by word id */
    size_t use_count;
    uint32_t stamp;
    size_t words_told, terms_told; /* brought along by earlier batches */
    bool is_fresh;
};

/* ---- The batch ----------------------------------------------------------------------------- */

void batch_init(struct batch *batch) {
    *batch = (struct batch){.arena = ARENA_INIT, .runs = BYTES_INIT};
    text_blocks_init(&batch->text);
}

void batch_reset(struct batch *batch) {
    arena_reset(&batch->arena);
    bytes_reset(&batch->runs);
    text_blocks_reset(&batch->text);
    batch->document_count = batch->passage_count = batch->token_count = 0;
    batch->word_count = batch->term_count = 0;
    batch->new_word_count = batch->new_term_count = 0;
    batch->is_fresh = false;
}

void batch_free(struct batch *batch) {
    arena_free(&batch->arena);
    bytes_free(&batch->runs);
    text_blocks_free(&batch->text);
    free(batch->documents);
    free(batch->passages);
    free(batch->tokens);
    free(batch->words);
    free(batch->terms);
    free(batch->new_words);
    free(batch->new_terms);
    batch_init(batch);
}

size_t batch_memory(const struct batch *batch) {
    return batch->arena.total + batch->runs.capacity + text_blocks_memory(&batch->text) +
           batch->document_capacity * sizeof *batch->documents +
           batch->passage_capacity * sizeof *batch->passages +
           batch->token_capacity * sizeof *batch->tokens +
           batch->word_capacity * sizeof *batch->words +
           batch->term_capacity * sizeof *batch->terms +
           batch->new_word_capacity * sizeof *batch->new_words +
           batch->new_term_capacity * sizeof *batch->new_terms;
}

/* Room for `more` items behind `count`, doubling. */
#define RESERVE(array, count, capacity, more)                                                      \
    ((more) <= (capacity) - (count) ||                                                             \
     array_grow((void **)&(array), &(capacity), (count), (more), sizeof *(array)))

static bool array_grow(void **array, size_t *capacity, size_t count, size_t more, size_t size) {
    size_t need, wanted = *capacity ? *capacity : 256;
    if (__builtin_add_overflow(count, more, &need))
        return false;
    while (wanted < need)
        if (__builtin_mul_overflow(wanted, 2, &wanted))
            return false;
    void *grown = reallocarray(*array, wanted, size);
    if (!grown)
        return false;
    *array = grown;
    *capacity = wanted;
    return true;
}

/* ---- Copying a document's rows ------------------------------------------------------------- */

static bool copy_string(struct arena *arena, const char **to, const char *from) {
    *to = arena_string(arena, from);
    return *to || !from;
}

/* Neighbours mostly share their heading and speaker: then they share the copy. */
static bool copy_shared(struct arena *arena, const char **to, const char *from,
                        const char *before_from, const char *before_to) {
    if (from && before_from && (from == before_from || strcmp(from, before_from) == 0)) {
        *to = before_to;
        return true;
    }
    return copy_string(arena, to, from);
}

static bool copy_passages(struct arena *arena, struct document *to, const struct document *from) {
    to->passage_capacity = 0;
    to->passages = arena_alloc(arena, from->passage_count * sizeof *to->passages);
    if (!to->passages)
        return false;
    static const struct passage none;
    const struct passage *before = &none, *copied = &none;
    for (size_t i = 0; i < from->passage_count; i++) {
        const struct passage *source = &from->passages[i];
        struct passage *copy = &to->passages[i];
        *copy = *source;
        if (!copy_string(arena, &copy->id, source->id) ||
            !copy_string(arena, &copy->label, source->label) ||
            !copy_shared(arena, &copy->speaker, source->speaker, before->speaker,
                         copied->speaker) ||
            !copy_shared(arena, &copy->heading, source->heading, before->heading, copied->heading))
            return false;
        before = source;
        copied = copy;
    }
    return true;
}

static bool copy_document(struct batch *batch, const struct document *from, struct document *to) {
    struct arena *arena = &batch->arena;
    *to = *from;
    to->arena = (struct arena)ARENA_INIT;
    to->text.data = NULL;
    to->text.capacity = 0;
    const char *last =
        batch->document_count ? batch->documents[batch->document_count - 1].document.source : NULL;
    return copy_string(arena, &to->id, from->id) &&
           copy_shared(arena, &to->source, from->source, last, last) &&
           copy_string(arena, &to->title, from->title) &&
           copy_string(arena, &to->body, from->body) &&
           copy_string(arena, &to->language, from->language) && copy_passages(arena, to, from);
}

static struct batch_document *add_row(struct batch *batch, const struct document *document) {
    if (!RESERVE(batch->documents, batch->document_count, batch->document_capacity, 1))
        return NULL;
    struct batch_document *row = &batch->documents[batch->document_count];
    *row = (struct batch_document){0};
    if (!copy_document(batch, document, &row->document))
        return NULL;
    batch->document_count++;
    return row;
}

int batcher_add_unchanged(struct batch *batch, const struct document *document, struct error *err) {
    struct batch_document *row = add_row(batch, document);
    if (!row)
        return error_memory(err);
    row->is_unchanged = true;
    row->document.passage_count = 0;
    return 0;
}

/* ---- Analysing ----------------------------------------------------------------------------- */

int batcher_open(struct batcher **out, int language, struct error *err) {
    *out = NULL;
    struct batcher *batcher = calloc(1, sizeof *batcher);
    if (!batcher)
        return error_memory(err);
    inverter_init(&batcher->inverter);
    document_language_init(&batcher->language, language);
    int status = analyser_open(&batcher->analyser, err);
    if (!status)
        status = field_cache_open(&batcher->fields, err);
    if (!status)
        status = text_packer_open(&batcher->packer, err);
    if (status) {
        batcher_close(batcher);
        return status;
    }
    *out = batcher;
    return 0;
}

void batcher_close(struct batcher *batcher) {
    if (!batcher)
        return;
    analyser_close(batcher->analyser);
    document_language_free(&batcher->language);
    field_cache_close(batcher->fields);
    inverter_free(&batcher->inverter);
    text_packer_close(batcher->packer);
    token_list_free(&batcher->tokens);
    free(batcher->uses);
    free(batcher);
}

struct analyser *batcher_analyser(struct batcher *batcher) {
    return batcher->analyser;
}

size_t batcher_memory(const struct batcher *batcher) {
    return analyser_memory(batcher->analyser) + inverter_memory(&batcher->inverter) +
           batcher->use_count * sizeof *batcher->uses +
           batcher->tokens.capacity * sizeof *batcher->tokens.tokens;
}

void batcher_forget(struct batcher *batcher) {
    analyser_forget(batcher->analyser);
    field_cache_forget(batcher->fields);
    memset(batcher->uses, 0, batcher->use_count * sizeof *batcher->uses);
    batcher->words_told = batcher->terms_told = 0;
    batcher->is_fresh = true;
}

static bool reserve_uses(struct batcher *batcher) {
    size_t need = analyser_word_count(batcher->analyser), old = batcher->use_count;
    if (need <= old)
        return true;
    if (!array_grow((void **)&batcher->uses, &batcher->use_count, old, need - old,
                    sizeof *batcher->uses))
        return false;
    memset(batcher->uses + old, 0, (batcher->use_count - old) * sizeof *batcher->uses);
    return true;
}

/* Keep the words of a passage, and count each word once for it. */
static bool keep_tokens(struct batcher *batcher, struct batch *batch) {
    const struct token_list *tokens = &batcher->tokens;
    if (!reserve_uses(batcher) ||
        !RESERVE(batch->tokens, batch->token_count, batch->token_capacity, tokens->count) ||
        !RESERVE(batch->words, batch->word_count, batch->word_capacity, tokens->count))
        return false;
    uint32_t stamp = ++batcher->stamp; /* never 0, but for one passage in four thousand million */
    for (size_t i = 0; i < tokens->count; i++) {
        uint32_t word = tokens->tokens[i].word;
        batch->tokens[batch->token_count++] = word;
        struct word_use *use = &batcher->uses[word];
        if (use->passage == stamp && use->entry)
            continue;
        use->passage = stamp;
        if (!use->entry) {
            batch->words[batch->word_count++] = (struct batch_word){word, 0};
            use->entry = (uint32_t)batch->word_count;
        }
        batch->words[use->entry - 1].passages++;
    }
    return true;
}

/* Words of titles and such are in the lexicon, too, so that prefixes of them can be searched. */
static bool keep_field_words(struct batcher *batcher, struct batch *batch,
                             const struct field_terms *terms) {
    if (!reserve_uses(batcher) ||
        !RESERVE(batch->words, batch->word_count, batch->word_capacity, terms->word_count))
        return false;
    for (uint32_t i = 0; i < terms->word_count; i++) {
        struct word_use *use = &batcher->uses[terms->words[i]];
        if (use->entry)
            continue;
        batch->words[batch->word_count++] = (struct batch_word){terms->words[i], 0};
        use->entry = (uint32_t)batch->word_count;
        use->passage = 0;
    }
    return true;
}

static int mark_field(struct batcher *batcher, unsigned field) {
    struct field_seen *seen = &batcher->seen[field];
    int status = 0;
    if (seen->begin < seen->end)
        status = inverter_add_field(&batcher->inverter, batcher->analyser, field, seen->begin,
                                    seen->end - seen->begin, seen->terms->ids, seen->terms->count);
    seen->begin = seen->end;
    return status;
}

static int find_field(struct batcher *batcher, struct batch *batch, unsigned field,
                      const char *text, int language, struct error *err) {
    struct field_seen *seen = &batcher->seen[field];
    if (seen->text == text)
        return 0;
    seen->text = NULL;
    if (mark_field(batcher, field))
        return error_memory(err);
    int status = field_cache_find(batcher->fields, batcher->analyser, &batch->arena, field, text,
                                  language, &seen->terms, err);
    if (status)
        return status;
    size_t ordinal = batch->passage_count;
    bool same = ordinal && batch->passages[ordinal - 1].fields[field] == seen->terms;
    if (!same && !keep_field_words(batcher, batch, seen->terms))
        return error_memory(err);
    seen->text = text;
    return 0;
}

static int add_fields(struct batcher *batcher, struct batch *batch, const struct document *document,
                      const struct passage *passage, struct batch_passage *row, int language,
                      struct error *err) {
    const char *texts[TERM_FIELDS] = {NULL, document->title, passage->speaker, passage->heading};
    uint32_t ordinal = (uint32_t)batch->passage_count;
    for (unsigned field = FIELD_TITLE; field < TERM_FIELDS; field++) {
        if (!texts[field])
            continue;
        int status = find_field(batcher, batch, field, texts[field], language, err);
        if (status)
            return status;
        struct field_seen *seen = &batcher->seen[field];
        row->fields[field] = seen->terms;
        if (seen->end != ordinal) {
            if (mark_field(batcher, field))
                return error_memory(err);
            seen->begin = ordinal;
        }
        seen->end = ordinal + 1;
    }
    return 0;
}

static int index_passage(struct batcher *batcher, struct batch *batch,
                         const struct document *document, const struct passage *passage,
                         struct batch_passage *row, int language, struct error *err) {
    const char *text = (const char *)document->text.data + passage->text_begin;
    int status = analyser_tokenise(batcher->analyser, language, text,
                                   passage->text_end - passage->text_begin, &batcher->tokens, err);
    if (status)
        return status;
    uint32_t length;
    if (!keep_tokens(batcher, batch) ||
        inverter_add_text(&batcher->inverter, batcher->analyser, (uint32_t)batch->passage_count,
                          &batcher->tokens, &length))
        return error_memory(err);
    row->indexed = true;
    return add_fields(batcher, batch, document, passage, row, language, err);
}

/* A heading is found through the passages it stands above. If none follows before the next heading
 * of its rank, it is text itself, or nothing would lead to it. */
static bool is_indexed(const struct document *document, size_t i) {
    const struct passage *passage = &document->passages[i];
    if (passage->kind != PASSAGE_HEADING || i + 1 == document->passage_count)
        return true;
    return passage[1].kind == PASSAGE_HEADING && passage[1].level <= passage->level;
}

static int add_passages(struct batcher *batcher, struct batch *batch,
                        const struct document *document, int language, struct error *err) {
    if (!RESERVE(batch->passages, batch->passage_count, batch->passage_capacity,
                 document->passage_count))
        return error_memory(err);
    for (size_t i = 0; i < document->passage_count; i++) {
        struct batch_passage *row = &batch->passages[batch->passage_count];
        *row = (struct batch_passage){0};
        int status = 0;
        if (is_indexed(document, i))
            status =
                index_passage(batcher, batch, document, &document->passages[i], row, language, err);
        if (status)
            return status;
        row->token_end = (uint32_t)batch->token_count;
        batch->passage_count++;
    }
    for (unsigned field = FIELD_TITLE; field < TERM_FIELDS; field++)
        if (mark_field(batcher, field))
            return error_memory(err);
    return 0;
}

/* The postings are numbered with 32 bits; a batch is a few megabytes, but a document may be large.
 */
static int check_limits(const struct batch *batch, const struct document *document,
                        struct error *err) {
    if (!document->id)
        return error_set(err, PLENARY_EINVALID, "a document without an id");
    if (document->text.size >= UINT32_MAX - batch->token_count ||
        document->passage_count >= UINT32_MAX - batch->passage_count)
        return error_set(err, PLENARY_ELIMIT,
                         "%s: the text of a document may be at most 4 GiB long", document->id);
    for (size_t i = 0; i < document->passage_count; i++) {
        const struct passage *passage = &document->passages[i];
        if (passage->text_begin > passage->text_end || passage->text_end > document->text.size)
            return error_set(err, PLENARY_EINVALID, "%s: passage %zu lies outside the text",
                             document->id, i + 1);
    }
    return 0;
}

int batcher_add(struct batcher *batcher, struct batch *batch, const struct document *document,
                struct error *err) {
    int status = check_limits(batch, document, err);
    if (status)
        return status;
    if (batch->document_count == 0)
        inverter_begin(&batcher->inverter);
    struct batch_document *row = add_row(batch, document);
    if (!row)
        return error_memory(err);
    row->language = document_language_find(&batcher->language, batcher->analyser, document);
    memset(batcher->seen, 0, sizeof batcher->seen);
    status = text_packer_add(batcher->packer, &batch->text, document->text.data,
                             document->text.size, err);
    return status ? status : add_passages(batcher, batch, document, row->language, err);
}

/* ---- Ending a batch ------------------------------------------------------------------------ */

/* Words and terms met since the last batch go along, so that nobody need ask the analyser. */
static bool tell_vocabulary(struct batcher *batcher, struct batch *batch) {
    size_t words = analyser_word_count(batcher->analyser);
    size_t terms = analyser_term_count(batcher->analyser);
    if (!RESERVE(batch->new_words, 0, batch->new_word_capacity, words - batcher->words_told) ||
        !RESERVE(batch->new_terms, 0, batch->new_term_capacity, terms - batcher->terms_told))
        return false;
    batch->first_word = batcher->words_told;
    batch->first_term = batcher->terms_told;
    for (size_t i = batcher->words_told; i < words; i++)
        batch->new_words[batch->new_word_count++] = *analyser_word(batcher->analyser, (uint32_t)i);
    for (size_t i = batcher->terms_told; i < terms; i++) {
        struct batch_term *term = &batch->new_terms[batch->new_term_count++];
        term->text = analyser_term(batcher->analyser, (uint32_t)i, &term->size);
    }
    batcher->words_told = words;
    batcher->terms_told = terms;
    batch->is_fresh = batcher->is_fresh;
    batcher->is_fresh = false;
    return true;
}

/* The postings change hands, so that the batcher can go on while the batch waits its turn. */
static bool take_postings(struct batcher *batcher, struct batch *batch) {
    struct inverter *inverter = &batcher->inverter;
    if (inverter_finish(inverter) ||
        !RESERVE(batch->terms, 0, batch->term_capacity, inverter->term_count))
        return false;
    if (inverter->term_count)
        memcpy(batch->terms, inverter->terms, inverter->term_count * sizeof *batch->terms);
    batch->term_count = inverter->term_count;
    struct bytes runs = batch->runs;
    batch->runs = inverter->runs;
    inverter->runs = runs;
    inverter_begin(inverter);
    return true;
}

int batcher_finish(struct batcher *batcher, struct batch *batch, struct error *err) {
    for (size_t i = 0; i < batch->word_count; i++)
        batcher->uses[batch->words[i].word].entry = 0;
    field_cache_forget(batcher->fields); /* what it holds lies in the batch's arena */
    if (!take_postings(batcher, batch) || !tell_vocabulary(batcher, batch))
        return error_memory(err);
    return text_packer_finish(batcher->packer, &batch->text, err);
}
