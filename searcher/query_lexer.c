/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/query_lexer.h"

#include "searcher/query_range.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const field_names[QUERY_FIELDS_ALL] = {
    "", "title", "speaker", "heading", "body", "language", "id", "source", "page", "date"};

const char *query_field_name(enum query_field field) {
    return field < QUERY_FIELDS_ALL ? field_names[field] : "";
}

enum query_field query_field_named(const char *name, size_t size) {
    for (int i = 1; i < QUERY_FIELDS_ALL; i++)
        if (strlen(field_names[i]) == size && strncasecmp(field_names[i], name, size) == 0)
            return (enum query_field)i;
    bool path = size == 4 && strncasecmp(name, "path", 4) == 0;
    return path ? QUERY_FIELD_SOURCE : QUERY_FIELD_TEXT;
}

/* Does the field hold a value, not words? */
static bool has_value(enum query_field field) {
    return field >= QUERY_FIELDS;
}

/* ---- Notices ------------------------------------------------------------------------------- */

int query_note(struct query *query, struct arena *arena, enum query_notice_kind kind,
               uint32_t column, const char *format, ...) {
    if (kind == QUERY_REPAIR)
        query->repair_count++;
    if (query->notice_count == QUERY_LIMIT_NOTICES)
        return 0;
    if (!query->notices) {
        query->notices = arena_zero(arena, QUERY_LIMIT_NOTICES, sizeof *query->notices);
        if (!query->notices)
            return PLENARY_ENOMEM;
    }
    char message[400];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    /* The planner comes by some words more than once. */
    for (size_t i = 0; i < query->notice_count; i++)
        if (kind == QUERY_NOTE && query->notices[i].column == column &&
            strcmp(query->notices[i].message, message) == 0)
            return 0;
    struct query_notice *notice = &query->notices[query->notice_count];
    *notice = (struct query_notice){kind, column, arena_string(arena, message)};
    if (query->notice_count == QUERY_LIMIT_NOTICES - 1) {
        notice->message = "and more, which are not listed";
        notice->column = 0;
    }
    if (!notice->message)
        return PLENARY_ENOMEM;
    query->notice_count++;
    return 0;
}

#define NOTE(lexer, kind, column, ...)                                                             \
    do {                                                                                           \
        if (query_note((lexer)->query, (lexer)->arena, kind, column, __VA_ARGS__))                 \
            (lexer)->failed = true;                                                                \
    } while (0)

/* How much of a word to show in a notice: whole characters. */
static int shown(const char *text, size_t size) {
    enum { SHOWN_MAX = 40 };
    if (size > SHOWN_MAX) {
        size = SHOWN_MAX;
        while (size && ((unsigned char)text[size] & 0xC0) == 0x80)
            size--;
    }
    return (int)size;
}

/* ---- Characters ------------------------------------------------------------------------------ */

/* Bytes of the well-formed UTF-8 sequence at `text` (Unicode 15, table 3-7), 0 if there is none. */
static size_t utf8_size(const unsigned char *text, size_t size) {
    unsigned char c = text[0];
    if (c < 0x80)
        return 1;
    size_t need = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
    if (c < 0xC2 || c > 0xF4 || need > size)
        return 0;
    unsigned char low = c == 0xE0 ? 0xA0 : c == 0xF0 ? 0x90 : 0x80;
    unsigned char high = c == 0xED ? 0x9F : c == 0xF4 ? 0x8F : 0xBF;
    if (text[1] < low || text[1] > high)
        return 0;
    for (size_t i = 2; i < need; i++)
        if ((text[i] & 0xC0) != 0x80)
            return 0;
    return need;
}

size_t query_space_size(const char *text, size_t size) {
    const unsigned char *t = (const unsigned char *)text;
    if (!size || (t[0] != ' ' && t[0] < 0xC2))
        return 0;
    if (t[0] == ' ')
        return 1;
    if (size >= 2 && t[0] == 0xC2 && (t[1] == 0xA0 || t[1] == 0x85)) /* no-break space, next line */
        return 2;
    if (size < 3)
        return 0;
    uint32_t code = (uint32_t)(t[0] & 0x0F) << 12 | (uint32_t)(t[1] & 0x3F) << 6 | (t[2] & 0x3F);
    if ((t[0] & 0xF0) != 0xE0)
        return 0;
    return (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 ||
                   code == 0x202F || code == 0x205F || code == 0x3000 || code == 0x1680
               ? 3
               : 0;
}

enum quote { QUOTE_NONE, QUOTE_PLAIN, QUOTE_CURLY, QUOTE_LEFT, QUOTE_RIGHT };

static enum quote quote_at(const char *text, size_t size, size_t *bytes) {
    *bytes = 0;
    if (!size)
        return QUOTE_NONE;
    if (text[0] == '"') {
        *bytes = 1;
        return QUOTE_PLAIN;
    }
    if (size >= 2 && memcmp(text, "\xC2\xAB", 2) == 0) {
        *bytes = 2;
        return QUOTE_LEFT;
    }
    if (size >= 2 && memcmp(text, "\xC2\xBB", 2) == 0) {
        *bytes = 2;
        return QUOTE_RIGHT;
    }
    unsigned char last = size >= 3 ? (unsigned char)text[2] : 0;
    if (size >= 3 && memcmp(text, "\xE2\x80", 2) == 0 && last >= 0x9C && last <= 0x9F) {
        *bytes = 3;
        return QUOTE_CURLY;
    }
    return QUOTE_NONE;
}

size_t query_quote_size(const char *text, size_t size) {
    size_t bytes;
    quote_at(text, size, &bytes);
    return bytes;
}

/* Habits differ (“ ”, „ “, ” ”, « », » «), so what opened is closed by any mark of its kind. */
static bool quote_closes(enum quote open, enum quote mark) {
    if (open == QUOTE_LEFT)
        return mark == QUOTE_RIGHT;
    if (open == QUOTE_RIGHT)
        return mark == QUOTE_LEFT;
    return mark == QUOTE_PLAIN || mark == QUOTE_CURLY;
}

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
        size_t step = utf8_size((const unsigned char *)text + at, size - at);
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

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* ---- Words --------------------------------------------------------------------------------- */

struct raw_word {
    size_t size; /* in lexer->word */
    uint32_t column;
    bool literal; /* escaped, or cut by a colon: not an operator, not a field */
    bool wild, asks; /* an unescaped star, question mark */
    bool exact, cut;
    struct suffix {
        bool fuzzy;
        unsigned edits; /* "~2" behind a group: at least so many of it */
        double boost;
    } suffix;
    enum query_field field; /* the word turned out to be the name of this field */
};

static void word_add(struct query_lexer *lexer, struct raw_word *word, size_t bytes) {
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

static void word_escape(struct query_lexer *lexer, struct raw_word *word) {
    uint32_t column = lexer->column;
    lexer_move(lexer, 1);
    if (lexer->at == lexer->size) {
        NOTE(lexer, QUERY_REPAIR, column, "nothing follows the backslash; left out");
        return;
    }
    word->literal = true;
    word_add(lexer, word,
             utf8_size((const unsigned char *)lexer->text + lexer->at, lexer->size - lexer->at));
}

/* A number of up to `most` digits at text[*at], moved past it; false if there is none. */
static bool take_number(const struct query_lexer *lexer, size_t *at, unsigned most,
                        unsigned *number) {
    size_t digits = *at;
    *number = 0;
    while (*at < lexer->size && is_digit(lexer->text[*at]) && *at - digits < most)
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
static size_t suffix_size(const struct query_lexer *lexer, struct suffix *suffix) {
    enum { DIGITS_MAX = 4 };
    size_t at = lexer->at;
    *suffix = (struct suffix){false, 0, 0};
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

static bool word_suffix(struct query_lexer *lexer, struct raw_word *word) {
    struct suffix suffix;
    size_t bytes = word->size ? suffix_size(lexer, &suffix) : 0;
    if (!bytes)
        return false;
    word->suffix = suffix;
    lexer_move(lexer, bytes);
    return true;
}

/* A colon without escape. True if it belongs to the word ("12:30", "http://..."). */
static bool word_colon(struct query_lexer *lexer, struct raw_word *word) {
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
        (after == '/' || (is_digit(before) && is_digit(after)))) {
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
             shown(lexer->word, word->size), lexer->word);
    return false;
}

/* A word outside quotation marks; it may be empty. */
static struct raw_word scan_word(struct query_lexer *lexer) {
    struct raw_word word = {.column = lexer->column};
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
                     (c & 0x80) ? utf8_size((const unsigned char *)lexer->text + lexer->at,
                                            lexer->size - lexer->at)
                                : 1);
        }
    }
    return word;
}

/* A word of a phrase: up to a blank or the closing mark. */
static struct raw_word scan_phrase_word(struct query_lexer *lexer, enum quote open) {
    struct raw_word word = {.column = lexer->column};
    while (lexer->at < lexer->size && !space_at(lexer, lexer->at) && !lexer->failed) {
        size_t bytes;
        if (quote_closes(open, quote_at(lexer->text + lexer->at, lexer->size - lexer->at, &bytes)))
            break;
        char c = lexer->text[lexer->at];
        if (c == '\\') {
            word_escape(lexer, &word);
            continue;
        }
        word.wild |= c == '*';
        word.asks |= c == '?';
        word_add(
            lexer, &word,
            utf8_size((const unsigned char *)lexer->text + lexer->at, lexer->size - lexer->at));
    }
    return word;
}

/* ---- Leaves -------------------------------------------------------------------------------- */

static struct query_node *lexer_node(struct query_lexer *lexer, enum query_op op, uint32_t column) {
    struct query_node *node = arena_zero(lexer->arena, 1, sizeof *node);
    if (!node) {
        lexer->failed = true;
        return NULL;
    }
    node->op = op;
    node->column = column;
    return node;
}

/* Room for one more leaf; otherwise the rest of the query is left out. */
static bool lexer_count(struct query_lexer *lexer, uint32_t column) {
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
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80);
}

bool query_asks_character(const char *word, size_t size) {
    bool inside = false;
    if (memchr(word, '/', size) || memchr(word, ':', size))
        return false;
    for (size_t i = 1; i < size && !inside; i++) {
        size_t end = i;
        while (end < size && word[end] == '?')
            end++;
        inside = end > i && end < size && is_letter(word[end]) && is_letter(word[i - 1]);
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
                       const struct raw_word *word, bool asks) {
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
             "too little beside the wildcards (2 characters or more); read as the word %.*s",
             (int)node->text_size, lexer->word);
    } else if (head == stem && !asks) {
        node->text_size = stem;
    } else {
        node->wildcard = true;
        squeeze_stars(lexer, node);
    }
}

static void leaf_edits(struct query_lexer *lexer, struct query_node *node,
                       const struct raw_word *word) {
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

static struct query_node *make_leaf(struct query_lexer *lexer, const struct raw_word *word) {
    if (!lexer_count(lexer, word->column))
        return NULL;
    struct query_node *node = lexer_node(lexer, QUERY_WORD, word->column);
    if (!node)
        return NULL;
    node->text_size = word->size;
    node->exact = word->exact;
    node->boost = word->suffix.boost;
    bool asks = word->asks && query_asks_character(lexer->word, word->size);
    if (word->wild || asks)
        leaf_stars(lexer, node, word, asks);
    if (word->suffix.fuzzy)
        leaf_edits(lexer, node, word);
    node->text = arena_text(lexer->arena, lexer->word, node->text_size);
    lexer->failed |= !node->text;
    if (word->exact && node->op == QUERY_PREFIX)
        NOTE(lexer, QUERY_NOTE, word->column,
             "= and wildcards on one word are not supported yet; searched for without the =");
    return lexer->failed ? NULL : node;
}

static bool only_stars(const struct query_lexer *lexer, const struct raw_word *word) {
    for (size_t i = 0; i < word->size; i++)
        if (lexer->word[i] != '*')
            return false;
    return word->wild;
}

/* "~2" or "^2" behind a phrase or a group. */
static struct suffix take_suffix(struct query_lexer *lexer) {
    struct suffix suffix = {false, 0, 0};
    if (lexer->at == lexer->size ||
        (lexer->text[lexer->at] != '~' && lexer->text[lexer->at] != '^'))
        return suffix;
    size_t bytes = suffix_size(lexer, &suffix);
    if (!bytes)
        return (struct suffix){false, 0, 0};
    lexer_move(lexer, bytes);
    return suffix;
}

static double phrase_suffix(struct query_lexer *lexer) {
    uint32_t column = lexer->column;
    struct suffix suffix = take_suffix(lexer);
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
        if (quote_closes(open,
                         quote_at(lexer->text + lexer->at, lexer->size - lexer->at, &bytes))) {
            *closing = bytes;
            break;
        }
        struct raw_word word = scan_phrase_word(lexer, open);
        if (only_stars(lexer, &word)) {
            NOTE(lexer, QUERY_REPAIR, word.column,
                 "a star without the beginning of a word; left out");
            continue;
        }
        struct query_node *leaf = word.size ? make_leaf(lexer, &word) : NULL;
        if (leaf)
            words[count++] = leaf;
    }
    return count;
}

/* NULL for an empty phrase, which is told. */
static struct query_node *scan_phrase(struct query_lexer *lexer) {
    uint32_t column = lexer->column;
    size_t bytes, closing;
    enum quote open = quote_at(lexer->text + lexer->at, lexer->size - lexer->at, &bytes);
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
    struct query_node *phrase = lexer_node(lexer, QUERY_PHRASE, column);
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
static struct raw_word scan_value(struct query_lexer *lexer) {
    struct raw_word word = {.column = lexer->column};
    size_t bytes;
    enum quote open = quote_at(lexer->text + lexer->at, lexer->size - lexer->at, &bytes);
    lexer_move(lexer, bytes);
    while (!lexer->failed && (open ? lexer->at < lexer->size : !is_boundary(lexer, lexer->at))) {
        if (open &&
            quote_closes(open, quote_at(lexer->text + lexer->at, lexer->size - lexer->at, &bytes)))
            break;
        if (lexer->text[lexer->at] == '\\')
            word_escape(lexer, &word);
        else
            word_add(lexer, &word,
                     utf8_size((const unsigned char *)lexer->text + lexer->at,
                               lexer->size - lexer->at));
    }
    if (open && lexer->at < lexer->size)
        lexer_move(lexer, bytes);
    else if (open)
        NOTE(lexer, QUERY_REPAIR, word.column,
             "the quotation mark is never closed; read as closed at the end");
    return word;
}

/* NULL for a value that is none, which is told. */
static struct query_node *make_value(struct query_lexer *lexer, const struct raw_word *word,
                                     enum query_field field) {
    if (!word->size) {
        NOTE(lexer, QUERY_REPAIR, word->column, "%s: has an empty value; left out",
             query_field_name(field));
        return NULL;
    }
    struct query_node *node =
        lexer_count(lexer, word->column) ? lexer_node(lexer, QUERY_IS, word->column) : NULL;
    if (!node)
        return NULL;
    bool date = field == QUERY_FIELD_DATE, page = field == QUERY_FIELD_PAGE;
    if ((date && !query_range_dates(lexer->word, word->size, &node->from, &node->to)) ||
        (page && !query_range_pages(lexer->word, word->size, &node->from, &node->to))) {
        NOTE(lexer, QUERY_REPAIR, word->column, "%s takes %s, not \"%.*s\"; left out",
             date ? "date:" : "page:",
             date ? "2018, 2018-08, 2018-08-06 or a range such as 2017..2018"
                  : "a page or a range such as 3..9",
             shown(lexer->word, word->size), lexer->word);
        return NULL;
    }
    node->text_size = word->size;
    node->text = arena_text(lexer->arena, lexer->word, word->size);
    lexer->failed |= !node->text;
    return node;
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
        if (!is_digit(word[i]))
            return TOKEN_LEAF;
    return TOKEN_NEAR;
}

static uint32_t near_window(struct query_lexer *lexer, const struct raw_word *word) {
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
        struct raw_word value = scan_value(lexer);
        token->leaf = make_value(lexer, &value, *field);
        token->kind = token->leaf ? TOKEN_LEAF : TOKEN_END;
        if (!token->leaf)
            *field = QUERY_FIELD_TEXT;
        return;
    }
    if (quote_at(lexer->text + lexer->at, lexer->size - lexer->at, &bytes) != QUOTE_NONE) {
        token->leaf = scan_phrase(lexer);
        token->kind = token->leaf ? TOKEN_LEAF : TOKEN_END;
        return;
    }
    struct raw_word word = scan_word(lexer);
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
        token->leaf =
            lexer_count(lexer, word.column) ? lexer_node(lexer, QUERY_ALL, word.column) : NULL;
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
        token->leaf = make_leaf(lexer, &word);
        token->kind = token->leaf ? TOKEN_LEAF : TOKEN_END;
    }
}

static void close_suffix(struct query_lexer *lexer, struct query_token *token) {
    uint32_t column = lexer->column;
    struct suffix suffix = take_suffix(lexer);
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
