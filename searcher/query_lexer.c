/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/query_lexer.h"

#include "searcher/query_characters.h"
#include "searcher/query_leaf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Does the field hold a value, not words? */
static bool has_value(enum query_field field) {
    return field >= QUERY_FIELDS;
}

/* ---- Moving ---------------------------------------------------------------------------------- */

/* Invalid bytes become U+FFFD, control characters blanks. */
bool query_lexer_init(struct query_lexer *lexer, struct query *query, struct arena *arena,
                      const char *text, size_t size) {
    *lexer = (struct query_lexer){.query = query, .arena = arena, .column = 1};
    size_t room;
    char *copy = NULL;
    if (!__builtin_mul_overflow(size, 3, &room) && room < SIZE_MAX)
        copy = arena_alloc(arena, room + 1);
    if (!copy)
        return false;
    size_t at = 0, out = 0;
    uint32_t column = 1, bad = 0;
    while (at < size) {
        size_t step = query_character_size((const unsigned char *)text + at, size - at);
        unsigned char c = (unsigned char)text[at];
        if (!step) {
            memcpy(copy + out, "\xEF\xBF\xBD", 3);
            bad = bad ? bad : column;
            out += 3;
        } else if (step == 1) {
            copy[out++] = c < 0x20 || c == 0x7F ? ' ' : (char)c;
        } else {
            memcpy(copy + out, text + at, step);
            out += step;
        }
        at += step ? step : 1;
        column++;
    }
    copy[out] = '\0';
    lexer->text = copy;
    lexer->size = out;
    if (bad)
        NOTE(lexer, QUERY_REPAIR, bad, "bytes that are not UTF-8; read as unknown characters");
    return !lexer->failed;
}

/* Move over `bytes` bytes; columns count characters. */
static void lexer_move(struct query_lexer *lexer, size_t bytes) {
    for (size_t i = 0; i < bytes; i++)
        lexer->column += ((unsigned char)lexer->text[lexer->at + i] & 0xC0) != 0x80;
    lexer->at += bytes;
}

static size_t space_at(const struct query_lexer *lexer, size_t at) {
    return query_space_size(lexer->text + at, lexer->size - at);
}

/* Nothing of a word can stand here. */
static bool is_boundary(const struct query_lexer *lexer, size_t at) {
    return at >= lexer->size || lexer->text[at] == '(' || lexer->text[at] == ')' ||
           space_at(lexer, at) || query_quote_size(lexer->text + at, lexer->size - at);
}

/* Nothing can follow a sign or a field here. */
static bool is_end(const struct query_lexer *lexer, size_t at) {
    return at >= lexer->size || lexer->text[at] == ')' || space_at(lexer, at);
}

/* ---- Words --------------------------------------------------------------------------------- */

static void word_add(struct query_lexer *lexer, struct query_raw_word *word, size_t bytes) {
    if (word->size + bytes <= QUERY_LIMIT_WORD_BYTES && !word->cut) {
        memcpy(lexer->word + word->size, lexer->text + lexer->at, bytes);
        word->size += bytes;
    } else if (!word->cut) {
        word->cut = true;
        NOTE(lexer, QUERY_REPAIR, word->column, "a word longer than %d bytes; cut to that length",
             (int)QUERY_LIMIT_WORD_BYTES);
    }
    lexer_move(lexer, bytes);
}

static void word_escape(struct query_lexer *lexer, struct query_raw_word *word) {
    uint32_t column = lexer->column;
    lexer_move(lexer, 1);
    if (lexer->at == lexer->size) {
        NOTE(lexer, QUERY_REPAIR, column, "nothing follows the backslash; left out");
        return;
    }
    word->literal = true;
    word_add(lexer, word,
             query_character_size((const unsigned char *)lexer->text + lexer->at,
                                  lexer->size - lexer->at));
}

/* A number of up to `most` digits at text[*at], moved past it; false if there is none. */
static bool take_number(const struct query_lexer *lexer, size_t *at, unsigned most,
                        unsigned *number) {
    size_t digits = *at;
    *number = 0;
    while (*at < lexer->size && query_is_digit(lexer->text[*at]) && *at - digits < most)
        *number = *number * 10 + (unsigned)(lexer->text[(*at)++] - '0');
    return *at > digits;
}

/* "2" or "0.5" behind a ^. */
static bool take_boost(const struct query_lexer *lexer, size_t *at, double *boost) {
    enum { DIGITS_MAX = 4 };
    unsigned whole, parts = 0;
    if (!take_number(lexer, at, DIGITS_MAX, &whole))
        return false;
    size_t point = *at, end = point + 1;
    double scale = 1;
    if (point < lexer->size && lexer->text[point] == '.' &&
        take_number(lexer, &end, DIGITS_MAX, &parts)) {
        *at = end;
        for (; end > point + 1; end--)
            scale *= 10;
    }
    *boost = whole + parts / scale;
    return *boost > 0;
}

/* Bytes of "~", "~2", "^2", "^0.5" or several of them at the cursor, if the word ends behind. */
static size_t suffix_size(const struct query_lexer *lexer, struct query_suffix *suffix) {
    enum { DIGITS_MAX = 4 };
    size_t at = lexer->at;
    *suffix = (struct query_suffix){false, 0, 0};
    while (!is_boundary(lexer, at)) {
        char c = lexer->text[at++];
        if (c == '~' && !suffix->fuzzy) {
            suffix->fuzzy = true;
            take_number(lexer, &at, DIGITS_MAX, &suffix->edits);
        } else if (c != '^' || suffix->boost > 0 || !take_boost(lexer, &at, &suffix->boost)) {
            return 0;
        }
    }
    return at - lexer->at;
}

static bool word_suffix(struct query_lexer *lexer, struct query_raw_word *word) {
    struct query_suffix suffix;
    size_t bytes = word->size ? suffix_size(lexer, &suffix) : 0;
    if (!bytes)
        return false;
    word->suffix = suffix;
    lexer_move(lexer, bytes);
    return true;
}

/* A colon without escape. True if it belongs to the word ("12:30", "http://..."). */
static bool word_colon(struct query_lexer *lexer, struct query_raw_word *word) {
    uint32_t column = lexer->column;
    size_t next = lexer->at + 1;
    bool end = is_end(lexer, next);
    if (!word->size) {
        NOTE(lexer, QUERY_REPAIR, column, "a colon with nothing before it; left out");
        lexer_move(lexer, 1);
        return true;
    }
    enum query_field field = word->literal || word->exact || word->wild
                                 ? QUERY_FIELD_TEXT
                                 : query_field_named(lexer->word, word->size);
    char before = lexer->word[word->size - 1], after = end ? ' ' : lexer->text[next];
    if (!end && field == QUERY_FIELD_TEXT &&
        (after == '/' || (query_is_digit(before) && query_is_digit(after)))) {
        word_add(lexer, word, 1);
        return true;
    }
    lexer_move(lexer, 1);
    word->literal = true;
    if (!end && field != QUERY_FIELD_TEXT)
        word->field = field;
    else if (field != QUERY_FIELD_TEXT)
        NOTE(lexer, QUERY_REPAIR, column, "nothing follows %s:; read as a word",
             query_field_name(field));
    else if (end)
        NOTE(lexer, QUERY_REPAIR, column, "a colon with nothing after it; left out");
    else
        NOTE(lexer, QUERY_NOTE, word->column,
             "\"%.*s\" is not a field (title, speaker, heading, body, language, id, source, page, "
             "date); read as a word",
             query_shown(lexer->word, word->size), lexer->word);
    return false;
}

/* A word outside quotation marks; it may be empty. */
static struct query_raw_word scan_word(struct query_lexer *lexer) {
    struct query_raw_word word = {.column = lexer->column};
    if (lexer->text[lexer->at] == '=' && !is_boundary(lexer, lexer->at + 1)) {
        word.exact = true;
        lexer_move(lexer, 1);
    }
    while (!is_boundary(lexer, lexer->at) && !lexer->failed) {
        char c = lexer->text[lexer->at];
        if (c == '\\') {
            word_escape(lexer, &word);
        } else if (c == ':') {
            if (!word_colon(lexer, &word))
                break;
        } else if ((c == '~' || c == '^') && word_suffix(lexer, &word)) {
            break;
        } else {
            word.wild |= c == '*';
            word.asks |= c == '?';
            word_add(lexer, &word,
                     (c & 0x80)
                         ? query_character_size((const unsigned char *)lexer->text + lexer->at,
                                                lexer->size - lexer->at)
                         : 1);
        }
    }
    return word;
}

/* A word of a phrase: up to a blank or the closing mark. */
static struct query_raw_word scan_phrase_word(struct query_lexer *lexer, enum quote open) {
    struct query_raw_word word = {.column = lexer->column};
    while (lexer->at < lexer->size && !space_at(lexer, lexer->at) && !lexer->failed) {
        size_t bytes;
        if (query_quote_closes(
                open, query_quote_at(lexer->text + lexer->at, lexer->size - lexer->at, &bytes)))
            break;
        char c = lexer->text[lexer->at];
        if (c == '\\') {
            word_escape(lexer, &word);
            continue;
        }
        word.wild |= c == '*';
        word.asks |= c == '?';
        word_add(lexer, &word,
                 query_character_size((const unsigned char *)lexer->text + lexer->at,
                                      lexer->size - lexer->at));
    }
    return word;
}

/* ---- Phrases -------------------------------------------------------------------------------- */

static bool only_stars(const struct query_lexer *lexer, const struct query_raw_word *word) {
    for (size_t i = 0; i < word->size; i++)
        if (lexer->word[i] != '*')
            return false;
    return word->wild;
}

/* "~2" or "^2" behind a phrase or a group. */
static struct query_suffix take_suffix(struct query_lexer *lexer) {
    struct query_suffix suffix = {false, 0, 0};
    if (lexer->at == lexer->size ||
        (lexer->text[lexer->at] != '~' && lexer->text[lexer->at] != '^'))
        return suffix;
    size_t bytes = suffix_size(lexer, &suffix);
    if (!bytes)
        return (struct query_suffix){false, 0, 0};
    lexer_move(lexer, bytes);
    return suffix;
}

static double phrase_suffix(struct query_lexer *lexer) {
    uint32_t column = lexer->column;
    struct query_suffix suffix = take_suffix(lexer);
    if (suffix.fuzzy)
        NOTE(lexer, QUERY_NOTE, column,
             "~ behind a phrase is not supported; NEAR finds words that stand close together");
    return suffix.boost;
}

/* The words up to the closing mark, as nodes that are linked by their array afterwards. */
static size_t phrase_words(struct query_lexer *lexer, enum quote open, size_t *closing,
                           struct query_node *words[QUERY_LIMIT_WORDS]) {
    size_t count = 0;
    *closing = 0;
    while (lexer->at < lexer->size && !lexer->failed && !lexer->full) {
        size_t bytes = space_at(lexer, lexer->at);
        if (bytes) {
            lexer_move(lexer, bytes);
            continue;
        }
        if (query_quote_closes(
                open, query_quote_at(lexer->text + lexer->at, lexer->size - lexer->at, &bytes))) {
            *closing = bytes;
            break;
        }
        struct query_raw_word word = scan_phrase_word(lexer, open);
        if (only_stars(lexer, &word)) {
            NOTE(lexer, QUERY_REPAIR, word.column,
                 "a star without the beginning of a word; left out");
            continue;
        }
        struct query_node *leaf = word.size ? query_make_leaf(lexer, &word) : NULL;
        if (leaf)
            words[count++] = leaf;
    }
    return count;
}

/* NULL for an empty phrase, which is told. */
static struct query_node *scan_phrase(struct query_lexer *lexer) {
    uint32_t column = lexer->column;
    size_t bytes, closing;
    enum quote open = query_quote_at(lexer->text + lexer->at, lexer->size - lexer->at, &bytes);
    lexer_move(lexer, bytes);
    struct query_node *words[QUERY_LIMIT_WORDS];
    size_t count = phrase_words(lexer, open, &closing, words);
    double boost = 0;
    if (closing) {
        lexer_move(lexer, closing);
        boost = phrase_suffix(lexer);
    } else if (!lexer->full) {
        NOTE(lexer, QUERY_REPAIR, column,
             "the quotation mark is never closed; read as closed at the end");
    }
    if (count == 0 && closing)
        NOTE(lexer, QUERY_REPAIR, column, "nothing between the quotation marks; left out");
    if (count < 2) {
        if (count)
            words[0]->boost = boost;
        return count ? words[0] : NULL;
    }
    struct query_node *phrase = query_lexer_node(lexer, QUERY_PHRASE, column);
    const struct query_node **children = arena_zero(lexer->arena, count, sizeof *children);
    if (!phrase || !children) {
        lexer->failed = true;
        return NULL;
    }
    memcpy(children, words, count * sizeof *children);
    phrase->children = children;
    phrase->count = count;
    phrase->boost = boost;
    return phrase;
}

/* ---- Values ---------------------------------------------------------------------------------- */

/* What stands behind "date:" and its like, up to the closing quotation mark or the word's end. */
static struct query_raw_word scan_value(struct query_lexer *lexer) {
    struct query_raw_word word = {.column = lexer->column};
    size_t bytes;
    enum quote open = query_quote_at(lexer->text + lexer->at, lexer->size - lexer->at, &bytes);
    lexer_move(lexer, bytes);
    while (!lexer->failed && (open ? lexer->at < lexer->size : !is_boundary(lexer, lexer->at))) {
        if (open && query_quote_closes(open, query_quote_at(lexer->text + lexer->at,
                                                            lexer->size - lexer->at, &bytes)))
            break;
        if (lexer->text[lexer->at] == '\\')
            word_escape(lexer, &word);
        else
            word_add(lexer, &word,
                     query_character_size((const unsigned char *)lexer->text + lexer->at,
                                          lexer->size - lexer->at));
    }
    if (open && lexer->at < lexer->size)
        lexer_move(lexer, bytes);
    else if (open)
        NOTE(lexer, QUERY_REPAIR, word.column,
             "the quotation mark is never closed; read as closed at the end");
    return word;
}

/* ---- Tokens -------------------------------------------------------------------------------- */

enum query_token_kind query_operator_kind(const char *word, size_t size) {
    static const struct {
        const char *name;
        enum query_token_kind kind;
    } operators[] = {
        {"AND", TOKEN_AND}, {"OR", TOKEN_OR}, {"NOT", TOKEN_NOT}, {"NEAR", TOKEN_NEAR}};
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (strlen(operators[i].name) == size && memcmp(word, operators[i].name, size) == 0)
            return operators[i].kind;
    if (size < 6 || memcmp(word, "NEAR/", 5) != 0)
        return TOKEN_LEAF;
    for (size_t i = 5; i < size; i++)
        if (!query_is_digit(word[i]))
            return TOKEN_LEAF;
    return TOKEN_NEAR;
}

static uint32_t near_window(struct query_lexer *lexer, const struct query_raw_word *word) {
    if (word->size == 4)
        return QUERY_NEAR_DEFAULT;
    uint32_t window = 0;
    for (size_t i = 5; i < word->size && window <= QUERY_LIMIT_NEAR; i++)
        window = window * 10 + (uint32_t)(lexer->word[i] - '0');
    uint32_t kept = window < 1 ? 1 : window > QUERY_LIMIT_NEAR ? QUERY_LIMIT_NEAR : window;
    if (kept != window)
        NOTE(lexer, QUERY_REPAIR, word->column, "NEAR reaches from 1 to %d words; read as NEAR/%u",
             (int)QUERY_LIMIT_NEAR, kept);
    return kept;
}

static bool sign_can_stand(const struct query_lexer *lexer) {
    if (lexer->at == 0)
        return true;
    char before = lexer->text[lexer->at - 1];
    if (before == ' ' || before == '(')
        return true;
    for (size_t back = 2; back <= 3 && back <= lexer->at; back++)
        if (space_at(lexer, lexer->at - back) == back)
            return true;
    return false;
}

/* One + or - directly before something is a sign; by themselves, or several, they are left out. */
static bool scan_sign(struct query_lexer *lexer, struct query_token *token) {
    char c = lexer->text[lexer->at];
    if ((c != '+' && c != '-') || !sign_can_stand(lexer))
        return false;
    size_t run = 1;
    while (lexer->at + run < lexer->size &&
           (lexer->text[lexer->at + run] == '+' || lexer->text[lexer->at + run] == '-'))
        run++;
    if (run == 1 && !is_end(lexer, lexer->at + 1))
        token->kind = c == '+' ? TOKEN_PLUS : TOKEN_MINUS;
    else if (run == 1)
        NOTE(lexer, QUERY_REPAIR, lexer->column, "nothing follows %c; left out", c);
    else
        NOTE(lexer, QUERY_REPAIR, lexer->column, "several signs in a row; left out");
    lexer_move(lexer, run);
    return true;
}

static void scan_leaf(struct query_lexer *lexer, struct query_token *token,
                      enum query_field *field) {
    size_t bytes;
    if (has_value(*field)) {
        struct query_raw_word value = scan_value(lexer);
        token->leaf = query_make_value(lexer, &value, *field);
        token->kind = token->leaf ? TOKEN_LEAF : TOKEN_END;
        if (!token->leaf)
            *field = QUERY_FIELD_TEXT;
        return;
    }
    if (query_quote_at(lexer->text + lexer->at, lexer->size - lexer->at, &bytes) != QUOTE_NONE) {
        token->leaf = scan_phrase(lexer);
        token->kind = token->leaf ? TOKEN_LEAF : TOKEN_END;
        return;
    }
    struct query_raw_word word = scan_word(lexer);
    if (word.field != QUERY_FIELD_TEXT) {
        if (*field != QUERY_FIELD_TEXT)
            NOTE(lexer, QUERY_REPAIR, word.column, "a field after the field %s:, which is left out",
                 query_field_name(*field));
        *field = word.field;
        return;
    }
    if (!word.size)
        return;
    if (only_stars(lexer, &word)) {
        if (*field != QUERY_FIELD_TEXT || word.literal || word.exact) {
            NOTE(lexer, QUERY_REPAIR, word.column,
                 "a star without the beginning of a word; left out");
            return;
        }
        token->leaf = query_lexer_count(lexer, word.column)
                          ? query_lexer_node(lexer, QUERY_ALL, word.column)
                          : NULL;
        token->kind = token->leaf ? TOKEN_LEAF : TOKEN_END;
        return;
    }
    bool plain = !word.literal && !word.exact && !word.suffix.fuzzy && !(word.suffix.boost > 0) &&
                 !word.wild;
    if (plain && *field == QUERY_FIELD_TEXT)
        token->kind = query_operator_kind(lexer->word, word.size);
    else
        token->kind = TOKEN_LEAF;
    if (token->kind == TOKEN_NEAR)
        token->window = near_window(lexer, &word);
    if (token->kind == TOKEN_LEAF) {
        token->leaf = query_make_leaf(lexer, &word);
        token->kind = token->leaf ? TOKEN_LEAF : TOKEN_END;
        if (!token->leaf)
            *field = QUERY_FIELD_TEXT;
    }
}

static void close_suffix(struct query_lexer *lexer, struct query_token *token) {
    uint32_t column = lexer->column;
    struct query_suffix suffix = take_suffix(lexer);
    token->boost = suffix.boost;
    token->least = suffix.edits;
    if (suffix.fuzzy && !suffix.edits)
        NOTE(lexer, QUERY_REPAIR, column,
             "~ behind a group needs a number: how many of it must match; left out");
}

struct query_token query_lexer_next(struct query_lexer *lexer) {
    struct query_token token = {.kind = TOKEN_END};
    enum query_field field = QUERY_FIELD_TEXT;
    while (token.kind == TOKEN_END && !lexer->failed && !lexer->full) {
        size_t space = space_at(lexer, lexer->at);
        lexer_move(lexer, space);
        if (space)
            field = QUERY_FIELD_TEXT;
        token.column = lexer->column;
        if (lexer->at >= lexer->size)
            break;
        char c = lexer->text[lexer->at];
        if (space)
            continue;
        if (c == '(' || c == ')') {
            if (has_value(field))
                NOTE(lexer, QUERY_REPAIR, lexer->column,
                     "%s: takes one value, not brackets; it is left out", query_field_name(field));
            token.kind = c == '(' ? TOKEN_OPEN : TOKEN_CLOSE;
            token.field = has_value(field) ? QUERY_FIELD_TEXT : field;
            lexer_move(lexer, 1);
            if (c == ')')
                close_suffix(lexer, &token);
        } else if (field != QUERY_FIELD_TEXT || !scan_sign(lexer, &token)) {
            scan_leaf(lexer, &token, &field);
        }
    }
    if (token.leaf)
        token.leaf->field = field;
    return token;
}
