/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/like.h"

#include "indexer/segment/segment_columns.h"
#include "searcher/query_meta.h"
#include "searcher/query_verify.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct like_word {
    const char *word, *term;
    uint32_t id, count;
    double worth;
};

struct like {
    struct searcher *searcher;
    const struct segment *segment;
    struct like_word *words; /* in the arena */
    size_t count;
    struct arena arena;
    struct error *err;
};

static int by_id(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* The distinct words of the passage with how often each stands there. */
static int count_words(struct like *like, uint32_t passage) {
    const uint8_t *at;
    size_t size, count = 0;
    int status = segment_tokens(like->segment, passage, &at, &size, like->err);
    uint32_t *ids = status ? NULL : malloc((size + 1) * sizeof *ids);
    if (status)
        return status;
    uint64_t id;
    for (const uint8_t *end = at + size; ids && at < end && varint_read(&at, end, &id);)
        if (id < segment_word_count(like->segment) &&
            !segment_word_is_joined(like->segment, (uint32_t)id))
            ids[count++] = (uint32_t)id;
    like->words = arena_zero(&like->arena, count + 1, sizeof *like->words);
    if (!ids || !like->words) {
        free(ids);
        return error_memory(like->err);
    }
    if (count)
        qsort(ids, count, sizeof *ids, by_id);
    for (size_t i = 0; i < count; i++) {
        if (!i || ids[i] != ids[i - 1])
            like->words[like->count++].id = ids[i];
        like->words[like->count - 1].count++;
    }
    free(ids);
    return 0;
}

struct naming {
    struct like *like;
    struct like_word *word;
};

static int take_name(void *context, const char *word, size_t word_size, const char *term,
                     size_t term_size, uint64_t passages) {
    const struct naming *naming = context;
    (void)passages;
    naming->word->word = arena_text(&naming->like->arena, word, word_size);
    naming->word->term = arena_text(&naming->like->arena, term, term_size);
    return naming->word->word && naming->word->term ? 0 : error_memory(naming->like->err);
}

/* Words of one stem are one; one that an eighth of all passages have says little. */
static int weigh_words(struct like *like) {
    enum { COMMON = 8 };
    struct shim_database *database = searcher_database(like->searcher);
    struct shim_statistics all;
    int status = shim_error(like->err, database, shim_database_statistics(database, &all));
    for (size_t i = 0; i < like->count && !status; i++) {
        struct like_word *word = &like->words[i];
        struct naming naming = {like, word};
        uint64_t passages = 0, occurrences;
        status = segment_word_of_id(like->segment, word->id, take_name, &naming, like->err);
        if (!status)
            status = shim_error(like->err, database,
                                shim_term_statistics(database, word->term, strlen(word->term),
                                                     &passages, &occurrences));
        bool alone = passages < 2 || passages > all.documents / COMMON;
        word->worth = alone && all.documents > COMMON * 2
                          ? 0
                          : word->count * log(1 + (double)all.documents / ((double)passages + 1));
    }
    return status;
}

static int by_worth(const void *a, const void *b) {
    const struct like_word *x = a, *y = b;
    if (x->worth > y->worth || x->worth < y->worth)
        return x->worth > y->worth ? -1 : 1;
    return strcmp(x->word, y->word);
}

static bool has_term(const struct like *like, size_t before, const char *term) {
    for (size_t i = 0; i < before; i++)
        if (like->words[i].worth > 0 && strcmp(like->words[i].term, term) == 0)
            return true;
    return false;
}

/* The words as an OR, escaped as any word of a query is. */
static int write_words(struct like *like, struct bytes *out) {
    struct query_node nodes[LIKE_WORDS];
    const struct query_node *children[LIKE_WORDS];
    size_t count = 0;
    for (size_t i = 0; i < like->count && count < LIKE_WORDS; i++) {
        if (!(like->words[i].worth > 0) || has_term(like, i, like->words[i].term))
            continue;
        nodes[count] = (struct query_node){.op = QUERY_WORD,
                                           .text = like->words[i].word,
                                           .text_size = strlen(like->words[i].word)};
        children[count] = &nodes[count];
        count++;
    }
    const struct query_node either = {.op = QUERY_OR, .children = children, .count = count};
    if (count)
        query_describe(count > 1 ? &either : &nodes[0], out);
    return count ? 0
                 : error_set(like->err, PLENARY_EINVALID,
                             "--like: the passage has no words that others have");
}

static int write_query(struct like *like, const char *id, struct bytes *query) {
    struct bytes made = BYTES_INIT;
    bytes_add_byte(&made, '(');
    int status = write_words(like, &made);
    const struct query_node self = {
        .op = QUERY_IS, .field = QUERY_FIELD_ID, .text = id, .text_size = strlen(id)};
    const struct query_node *children[] = {&self};
    const struct query_node not_self = {.op = QUERY_NOT, .children = children, .count = 1};
    bytes_add_string(&made, ") AND ");
    query_describe(&not_self, &made);
    if (query->size) {
        bytes_add_string(&made, " AND (");
        bytes_add(&made, query->data, query->size);
        bytes_add_byte(&made, ')');
    }
    if (!status) {
        bytes_reset(query);
        bytes_add(query, made.data, made.size);
        if (made.failed || query->failed)
            status = error_memory(like->err);
    }
    bytes_free(&made);
    return status;
}

int like_query(struct bytes *query, struct searcher *searcher, const char *id, struct error *err) {
    struct like like = {.searcher = searcher, .arena = ARENA_INIT, .err = err};
    const struct snapshot *snapshot = searcher_snapshot(searcher);
    uint32_t segment = 0, passage = 0;
    int found = query_meta_find_passage(snapshot, id, &segment, &passage, err);
    if (!found) { /* a record is often one passage, and known by the document's id */
        uint32_t document = 0;
        found = snapshot_find_id(snapshot, id, &segment, &document, err);
        if (found == 1)
            passage = segment_first_passage(snapshot_segment(snapshot, segment), document);
    }
    if (found < 0)
        return found;
    if (!found)
        return error_set(err, PLENARY_EINVALID,
                         "--like: there is no passage %s; give an id as --format json prints it",
                         id);
    like.segment = snapshot_segment(snapshot, segment);
    int status = count_words(&like, passage);
    if (!status)
        status = weigh_words(&like);
    if (!status && like.count)
        qsort(like.words, like.count, sizeof *like.words, by_worth);
    if (!status)
        status = write_query(&like, id, query);
    arena_free(&like.arena);
    return status;
}
