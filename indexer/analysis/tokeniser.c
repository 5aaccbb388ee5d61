/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/analysis/tokeniser.h"
#include "indexer/analysis/fold.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { PLAIN_MAX = 64, SPACE = 1, BEYOND_ASCII = 2, HASH_DIGITS = 16 };

/* Of each byte: the lower-case letter or digit, or else 0 for punctuation, SPACE, BEYOND_ASCII. */
static const uint8_t byte_class[256] = {
    ['\t'] = SPACE, ['\n'] = SPACE, ['\v'] = SPACE,
    ['\f'] = SPACE, ['\r'] = SPACE, [' '] = SPACE,
    ['0'] = '0',    ['1'] = '1',    ['2'] = '2',
    ['3'] = '3',    ['4'] = '4',    ['5'] = '5',
    ['6'] = '6',    ['7'] = '7',    ['8'] = '8',
    ['9'] = '9',    ['a'] = 'a',    ['b'] = 'b',
    ['c'] = 'c',    ['d'] = 'd',    ['e'] = 'e',
    ['f'] = 'f',    ['g'] = 'g',    ['h'] = 'h',
    ['i'] = 'i',    ['j'] = 'j',    ['k'] = 'k',
    ['l'] = 'l',    ['m'] = 'm',    ['n'] = 'n',
    ['o'] = 'o',    ['p'] = 'p',    ['q'] = 'q',
    ['r'] = 'r',    ['s'] = 's',    ['t'] = 't',
    ['u'] = 'u',    ['v'] = 'v',    ['w'] = 'w',
    ['x'] = 'x',    ['y'] = 'y',    ['z'] = 'z',
    ['A'] = 'a',    ['B'] = 'b',    ['C'] = 'c',
    ['D'] = 'd',    ['E'] = 'e',    ['F'] = 'f',
    ['G'] = 'g',    ['H'] = 'h',    ['I'] = 'i',
    ['J'] = 'j',    ['K'] = 'k',    ['L'] = 'l',
    ['M'] = 'm',    ['N'] = 'n',    ['O'] = 'o',
    ['P'] = 'p',    ['Q'] = 'q',    ['R'] = 'r',
    ['S'] = 's',    ['T'] = 't',    ['U'] = 'u',
    ['V'] = 'v',    ['W'] = 'w',    ['X'] = 'x',
    ['Y'] = 'y',    ['Z'] = 'z',    [128 ... 255] = BEYOND_ASCII,
};

/* ---- Words -------------------------------------------------------------------------------------
 */

static int add_word(struct tokeniser *tokeniser, const struct word_key *key, uint32_t *id,
                    struct error *err) {
    char buffer[8 * TERM_MAX + 1];
    const char *term;
    size_t term_size;
    int status = stemmers_stem(&tokeniser->stemmers, key->language, key->text, key->size, &term,
                               &term_size, buffer, err);
    if (status < 0)
        return status;
    status = word_table_add(&tokeniser->words, key, term, term_size, id);
    if (status == PLENARY_ELIMIT)
        return error_set(err, status, "more distinct words than ids: finish the segment earlier");
    return status < 0 ? error_memory(err) : 0;
}

static int find_word(struct tokeniser *tokeniser, const struct word_key *key, uint32_t *id,
                     struct error *err) {
    *id = word_table_find(&tokeniser->words, key);
    return *id == WORD_NONE ? add_word(tokeniser, key, id, err) : 0;
}

static struct token *token_room(struct token_list *list, struct error *err) {
    if (list->count == list->capacity) {
        size_t larger = list->capacity ? 2 * list->capacity : 256, size;
        struct token *moved = NULL;
        if (!__builtin_mul_overflow(larger, sizeof *moved, &size))
            moved = realloc(list->tokens, size);
        if (!moved) {
            error_memory(err);
            return NULL;
        }
        list->tokens = moved;
        list->capacity = larger;
    }
    return &list->tokens[list->count];
}

/* Longer words keep their first bytes and end in a hash of all, so that they stay distinct. */
static size_t shorten(const char *text, size_t size, char out[TERM_MAX + 1]) {
    size_t kept = TERM_MAX - HASH_DIGITS;
    while (kept && ((uint8_t)text[kept] & 0xC0) == 0x80)
        kept--;
    memcpy(out, text, kept);
    uint64_t hash = XXH64(text, size, 0);
    for (int i = 0; i < HASH_DIGITS; i++)
        out[kept + (size_t)i] = "0123456789abcdef"[hash >> (60 - 4 * i) & 15];
    return kept + HASH_DIGITS;
}

/* ---- Chunks that need taking apart -------------------------------------------------------------
 */

static int take_piece(void *context, const struct piece *piece, struct error *err) {
    struct tokeniser *tokeniser = context;
    char shortened[TERM_MAX + 1];
    struct word_key key = {.text = piece->text,
                           .size = (uint32_t)piece->size,
                           .language = (uint16_t)tokeniser->language,
                           .joined = piece->joined};
    if (piece->size > TERM_MAX) {
        key.size = (uint32_t)shorten(piece->text, piece->size, shortened);
        key.text = shortened;
        tokeniser->shortened++;
    }
    uint64_t hash = word_hash_begin(key.language, key.joined);
    for (uint32_t i = 0; i < key.size; i++)
        hash = word_hash_byte(hash, (uint8_t)key.text[i]);
    key.hash = word_hash_end(hash);
    struct token *token = token_room(tokeniser->list, err);
    if (!token)
        return PLENARY_ENOMEM;
    token->position = piece->position;
    token->begin = tokeniser->chunk_begin + piece->begin;
    token->end = tokeniser->chunk_begin + piece->end;
    int status = find_word(tokeniser, &key, &token->word, err);
    if (!status)
        tokeniser->list->count++;
    return status;
}

static int reserve_folded(struct tokeniser *tokeniser, size_t size) {
    struct folded *folded = &tokeniser->folded;
    if (size <= tokeniser->folded_capacity)
        return 0;
    size = size < 1024 ? 1024 : size;
    char *text = realloc(folded->text, size);
    if (!text)
        return PLENARY_ENOMEM;
    folded->text = text;
    uint32_t *begins = realloc(folded->begins, size * sizeof *begins);
    if (!begins)
        return PLENARY_ENOMEM;
    folded->begins = begins;
    uint32_t *ends = realloc(folded->ends, size * sizeof *ends);
    if (!ends)
        return PLENARY_ENOMEM;
    folded->ends = ends;
    tokeniser->folded_capacity = size;
    return 0;
}

static void fold_chunk(struct folded *folded, const char *text, size_t size) {
    char step[FOLD_STEP_MAX];
    folded->size = 0;
    for (size_t at = 0; at < size;) {
        uint32_t begin = (uint32_t)at;
        size_t count = fold_step(text, size, &at, step);
        for (size_t i = 0; i < count; i++) {
            folded->text[folded->size] = step[i];
            folded->begins[folded->size] = begin;
            folded->ends[folded->size++] = (uint32_t)at;
        }
    }
}

/* Folding can make spaces (of U+00A0, say): what is between them is a chunk as any other. */
static int parse_chunk(struct tokeniser *tokeniser, const char *text, size_t size,
                       struct error *err) {
    struct compound_parser *parser = &tokeniser->parser;
    if (reserve_folded(tokeniser, 4 * size) < 0)
        return error_memory(err);
    fold_chunk(&tokeniser->folded, text, size);
    const struct folded *folded = &tokeniser->folded;
    parser->take = take_piece;
    parser->context = tokeniser;
    parser->position = tokeniser->position;
    int status = 0;
    for (size_t begin = 0, end; begin < folded->size && status >= 0; begin = end + 1) {
        for (end = begin; end < folded->size && byte_class[(uint8_t)folded->text[end]] != SPACE;)
            end++;
        struct folded part = {folded->text + begin, folded->begins + begin, folded->ends + begin,
                              end - begin};
        if (part.size)
            status = compound_parse(parser, &part, tokeniser->language, err);
    }
    tokeniser->position = parser->position;
    return status;
}

/* As parse_chunk, and keep the result: its positions and bytes counted from the chunk. */
static int parse_and_keep(struct tokeniser *tokeniser, uint32_t hash, const char *text, size_t size,
                          struct error *err) {
    struct token_list *list = tokeniser->list;
    uint32_t position = tokeniser->position, begin = tokeniser->chunk_begin;
    size_t first = list->count;
    tokeniser->position = tokeniser->chunk_begin = 0;
    int status = parse_chunk(tokeniser, text, size, err);
    if (status < 0)
        return status;
    chunk_cache_add(&tokeniser->cache, hash, tokeniser->language, text, size, list->tokens + first,
                    list->count - first);
    for (size_t i = first; i < list->count; i++) {
        list->tokens[i].position += position;
        list->tokens[i].begin += begin;
        list->tokens[i].end += begin;
    }
    tokeniser->position += position;
    return 0;
}

static int add_cached(struct tokeniser *tokeniser, const struct cached_chunk *chunk,
                      struct error *err) {
    uint32_t position = tokeniser->position;
    for (size_t i = 0; i < chunk->count; i++) {
        struct token *token = token_room(tokeniser->list, err);
        if (!token)
            return PLENARY_ENOMEM;
        *token = chunk->tokens[i];
        tokeniser->position = token->position += position;
        token->begin += tokeniser->chunk_begin;
        token->end += tokeniser->chunk_begin;
        tokeniser->list->count++;
    }
    return 0;
}

static int take_chunk(struct tokeniser *tokeniser, const char *text, size_t size,
                      struct error *err) {
    if (size > CHUNK_CACHED_MAX)
        return parse_chunk(tokeniser, text, size, err);
    uint32_t hash = chunk_cache_hash(tokeniser->language, text, size);
    const struct cached_chunk *chunk =
        chunk_cache_find(&tokeniser->cache, hash, tokeniser->language, text, size);
    return chunk ? add_cached(tokeniser, chunk, err)
                 : parse_and_keep(tokeniser, hash, text, size, err);
}

/* Where the chunk that holds text[at] ends. */
static size_t chunk_end(const char *text, size_t size, size_t begin, size_t at) {
    size_t limit = size - begin > CHUNK_MAX ? begin + CHUNK_MAX : size;
    while (at < limit && byte_class[(uint8_t)text[at]] != SPACE)
        at++;
    if (at < size && at == limit) {
        for (int back = 0; back < 3 && ((uint8_t)text[at] & 0xC0) == 0x80; back++)
            at--;
    }
    return at;
}

/* ---- The loop ----------------------------------------------------------------------------------
 */

/* Lower-case the plain word at text[*at] into `out`, hashing; move *at behind it. */
static inline uint32_t read_plain(const char *text, size_t size, size_t *at, char out[PLAIN_MAX],
                                  uint64_t *hash) {
    uint32_t count = 0;
    size_t here = *at;
    uint64_t sum = *hash;
    uint8_t class;
    while (here < size && count < PLAIN_MAX && (class = byte_class[(uint8_t)text[here]]) > 2) {
        out[count++] = (char)class;
        sum = word_hash_byte(sum, class);
        here++;
    }
    *at = here;
    *hash = sum;
    return count;
}

static int add_plain(struct tokeniser *tokeniser, const struct word_key *key, size_t begin,
                     size_t end, struct error *err) {
    struct token *token = token_room(tokeniser->list, err);
    if (!token)
        return PLENARY_ENOMEM;
    token->position = ++tokeniser->position;
    token->begin = (uint32_t)begin;
    token->end = (uint32_t)end;
    int status = find_word(tokeniser, key, &token->word, err);
    if (!status)
        tokeniser->list->count++;
    return status;
}

int tokeniser_run(struct tokeniser *tokeniser, int language, const char *text, size_t size,
                  struct token_list *list, struct error *err) {
    char plain[PLAIN_MAX];
    struct word_key key = {.text = plain, .language = (uint16_t)language};
    const uint64_t seed = word_hash_begin(key.language, false);
    int status = 0;
    tokeniser->language = language;
    tokeniser->list = list;
    tokeniser->position = 0;
    for (size_t at = 0; status >= 0;) {
        while (at < size && byte_class[(uint8_t)text[at]] < BEYOND_ASCII)
            at++;
        if (at == size)
            break;
        size_t begin = at;
        uint64_t hash = seed;
        key.size = read_plain(text, size, &at, plain, &hash);
        size_t behind = at;
        while (behind < size && !byte_class[(uint8_t)text[behind]])
            behind++;
        if (behind == size || byte_class[(uint8_t)text[behind]] == SPACE) {
            key.hash = word_hash_end(hash);
            status = add_plain(tokeniser, &key, begin, at, err);
            at = behind;
        } else {
            at = chunk_end(text, size, begin, at);
            tokeniser->chunk_begin = (uint32_t)begin;
            status = take_chunk(tokeniser, text + begin, at - begin, err);
        }
    }
    return status;
}

void tokeniser_forget(struct tokeniser *tokeniser) {
    word_table_clear(&tokeniser->words);
    chunk_cache_clear(&tokeniser->cache);
}

void tokeniser_free(struct tokeniser *tokeniser) {
    tokeniser_forget(tokeniser);
    stemmers_close(&tokeniser->stemmers);
    compound_parser_free(&tokeniser->parser);
    free(tokeniser->folded.text);
    free(tokeniser->folded.begins);
    free(tokeniser->folded.ends);
    *tokeniser = (struct tokeniser){0};
}
