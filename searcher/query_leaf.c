/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/query_leaf.h"

#include "searcher/query_range.h"

#include <string.h>

int query_shown(const char *text, size_t size) {
    enum { SHOWN_MAX = 40 };
    if (size > SHOWN_MAX) {
        size = SHOWN_MAX;
        while (size && ((unsigned char)text[size] & 0xC0) == 0x80)
            size--;
    }
    return (int)size;
}

struct query_node *query_lexer_node(struct query_lexer *lexer, enum query_op op, uint32_t column) {
    struct query_node *node = arena_zero(lexer->arena, 1, sizeof *node);
    if (!node) {
        lexer->failed = true;
        return NULL;
    }
    node->op = op;
    node->column = column;
    return node;
}

bool query_lexer_count(struct query_lexer *lexer, uint32_t column) {
    if (lexer->words == QUERY_LIMIT_WORDS) {
        if (!lexer->full)
            NOTE(lexer, QUERY_REPAIR, column,
                 "more than %d words; what follows the first %d is left out",
                 (int)QUERY_LIMIT_WORDS, (int)QUERY_LIMIT_WORDS);
        lexer->full = true;
        return false;
    }
    lexer->words++;
    return true;
}

static size_t count_characters(const char *text, size_t size) {
    size_t count = 0;
    for (size_t i = 0; i < size; i++)
        count += ((unsigned char)text[i] & 0xC0) != 0x80;
    return count;
}

static bool is_letter(char c) {
    return query_is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80);
}

bool query_asks_character(const char *word, size_t size) {
    bool inside = false;
    if (memchr(word, '/', size) || memchr(word, ':', size))
        return false;
    for (size_t i = 1; i < size && !inside; i++) {
        size_t end = i;
        while (end < size && word[end] == '?')
            end++;
        inside = end > i && end < size && (is_letter(word[end]) || word[end] == '*') &&
                 (is_letter(word[i - 1]) || word[i - 1] == '*');
    }
    return inside;
}

/* A pattern without stars that do nothing. */
static void squeeze_stars(struct query_lexer *lexer, struct query_node *node) {
    size_t kept = 0;
    for (size_t i = 0; i < node->text_size; i++)
        if (lexer->word[i] != '*' || !kept || lexer->word[kept - 1] != '*')
            lexer->word[kept++] = lexer->word[i];
    node->text_size = kept;
}

/* Decide what the stars and question marks of a word mean. An escaped one matches nothing in a
 * text, so that beside others it may as well be one of them. */
static void leaf_stars(struct query_lexer *lexer, struct query_node *node,
                       const struct query_raw_word *word, bool asks) {
    size_t head = 0, stem = word->size, marks = 0;
    while (head < word->size && lexer->word[head] != '*')
        head++;
    while (stem > 0 && lexer->word[stem - 1] == '*')
        stem--;
    for (size_t i = 0; i < word->size; i++)
        marks += lexer->word[i] == '*' || (asks && lexer->word[i] == '?');
    node->op = QUERY_PREFIX;
    if (count_characters(lexer->word, word->size) - marks < 2) {
        node->op = QUERY_WORD;
        node->text_size = 0;
        for (size_t i = 0; i < word->size; i++)
            if (lexer->word[i] != '*' && (!asks || lexer->word[i] != '?'))
                lexer->word[node->text_size++] = lexer->word[i];
        NOTE(lexer, QUERY_REPAIR, word->column,
             node->text_size
                 ? "too little beside the wildcards (2 characters or more); read as the word %.*s"
                 : "nothing beside the wildcards; left out%.*s",
             (int)node->text_size, lexer->word);
    } else if (head == stem && !asks) {
        node->text_size = stem;
    } else {
        node->wildcard = true;
        squeeze_stars(lexer, node);
    }
}

static void leaf_edits(struct query_lexer *lexer, struct query_node *node,
                       const struct query_raw_word *word) {
    node->fuzzy = node->op == QUERY_WORD && !node->exact;
    if (!node->fuzzy) {
        NOTE(lexer, QUERY_NOTE, word->column,
             "~ is not for a word with = or wildcards; searched for without the ~");
        return;
    }
    node->edits = word->suffix.edits;
    if (node->edits > 2) {
        NOTE(lexer, QUERY_REPAIR, word->column, "~ takes 1 or 2; read as ~2");
        node->edits = 2;
    }
}

struct query_node *query_make_leaf(struct query_lexer *lexer, const struct query_raw_word *word) {
    if (!query_lexer_count(lexer, word->column))
        return NULL;
    struct query_node *node = query_lexer_node(lexer, QUERY_WORD, word->column);
    if (!node)
        return NULL;
    node->text_size = word->size;
    node->exact = word->exact;
    node->boost = word->suffix.boost;
    bool asks = (word->asks || word->wild) && query_asks_character(lexer->word, word->size);
    if (word->wild || asks)
        leaf_stars(lexer, node, word, asks);
    if (!node->text_size)
        return NULL;
    if (word->suffix.fuzzy)
        leaf_edits(lexer, node, word);
    node->text = arena_text(lexer->arena, lexer->word, node->text_size);
    lexer->failed |= !node->text;
    if (word->exact && node->op == QUERY_PREFIX)
        NOTE(lexer, QUERY_NOTE, word->column,
             "= and wildcards on one word are not supported yet; searched for without the =");
    return lexer->failed ? NULL : node;
}

struct query_node *query_make_value(struct query_lexer *lexer, const struct query_raw_word *word,
                                    enum query_field field) {
    if (!word->size) {
        NOTE(lexer, QUERY_REPAIR, word->column, "%s: has an empty value; left out",
             query_field_name(field));
        return NULL;
    }
    struct query_node *node = query_lexer_count(lexer, word->column)
                                  ? query_lexer_node(lexer, QUERY_IS, word->column)
                                  : NULL;
    if (!node)
        return NULL;
    bool date = field == QUERY_FIELD_DATE, page = field == QUERY_FIELD_PAGE;
    if ((date && !query_range_dates(lexer->word, word->size, &node->from, &node->to)) ||
        (page && !query_range_pages(lexer->word, word->size, &node->from, &node->to))) {
        NOTE(lexer, QUERY_REPAIR, word->column, "%s takes %s, not \"%.*s\"; left out",
             date ? "date:" : "page:",
             date ? "2018, 2018-08, 2018-08-06 or a range such as 2017..2018"
                  : "a page or a range such as 3..9",
             query_shown(lexer->word, word->size), lexer->word);
        return NULL;
    }
    node->text_size = word->size;
    node->text = arena_text(lexer->arena, lexer->word, word->size);
    lexer->failed |= !node->text;
    return node;
}
