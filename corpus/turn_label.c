/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/turn_label.h"

#include "corpus/initials.h"
#include "corpus/label_words.h"
#include "corpus/letters.h"

#include <string.h>

enum {
    LABEL_MAX = 64,
    LABEL_WORDS = 4,
    ACCOUNT_MAX = 24,
    JOINED_MAX = 3,
    CHAT_TIME = 12,
    CHAT_GROUP = 24,
    REPEAT_BYTES = 24
};

static bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}

static bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

static bool is_word_byte(unsigned char byte) {
    return letters_is_ascii(byte) || letters_is_digit(byte) || byte >= 0x80 || byte == '\'' ||
           byte == '-' || byte == '.';
}

/* "JK (chat)", "AR (via queue)", "Ivan [in chat]", "AK(?)": how it was said is no part of the name;
 * what else stands in brackets is ("Mr. Smith (Indonesia)"). */
static bool is_remark(const char *text, size_t begin, size_t end) {
    static const char *const words[] = {"chat", "spoke",  "speaking", "via",   "queue", "irc",
                                        "zoom", "remote", "?",        "slack", "in",    "online",
                                        "on",   "phone",  "matrix",   NULL};
    size_t stop = begin;
    while (stop < end && text[stop] != ' ')
        stop++;
    return letters_among(text, begin, stop, words);
}

/* The end of the name: before remarks and the spaces around them. `*open`: something else stands in
 * brackets at the end. */
static size_t name_end(const char *text, size_t end, bool *open) {
    static const char *const tails[] = {" in chat", " on chat", " via chat", " from chat", NULL};
    *open = false;
    if (end > 3 && (text[end - 1] == ')' || text[end - 1] == ']')) {
        size_t at = end - 1;
        char opener = text[end - 1] == ')' ? '(' : '[';
        while (at && text[at] != opener)
            at--;
        if (!at)
            return end;
        *open = !is_remark(text, at + 1, end - 1);
        end = at;
        while (end && text[end - 1] == ' ')
            end--;
    }
    for (size_t i = 0; end && (text[end - 1] | 0x20) == 't' && tails[i]; i++) {
        size_t size = strlen(tails[i]);
        if (end > size && letters_equal(text, end - size, end, tails[i]))
            end -= size;
    }
    return end;
}

size_t turn_label_strip(const char *text, size_t size) {
    bool bracket;
    size_t end = name_end(text, size, &bracket);
    return bracket || !end ? size : end;
}

/* What one name is; words counted as label words go to *worded. */
static enum turn_form judge(const char *text, size_t size, bool *worded) {
    unsigned words = 0;
    bool capitals = true;
    *worded |= label_word(text, size);
    if (initials_at(text, size) == size)
        return TURN_INITIALS;
    for (size_t at = 0; at < size;) {
        size_t begin = at;
        while (at < size && is_word_byte((unsigned char)text[at]))
            at++;
        if (at == begin || ++words > LABEL_WORDS)
            return TURN_NONE;
        if (at - begin < size)
            *worded |= label_word(text + begin, at - begin);
        capitals &= is_upper(text[begin]) || (text[begin] & 0x80);
        if (at < size && text[at++] != ' ')
            return TURN_NONE;
    }
    /* Letters beyond ASCII count as either case. */
    if (words && capitals && size >= 2)
        return TURN_NAME;
    return words == 1 && size >= 3 && size <= ACCOUNT_MAX && is_lower(*text) ? TURN_ACCOUNT
                                                                             : TURN_NONE;
}

static size_t separator_size(const char *text, size_t at, size_t end) {
    static const char *const separators[] = {" & ", ", ", " / ", "/", " + ", " and ", " || ", "&"};
    char first = text[at], second = at + 1 < end ? text[at + 1] : '\0';
    if (first == ' ' ? !strchr("&/+a|", second) : first != ',' && first != '/' && first != '&')
        return 0;
    for (size_t i = 0; i < sizeof separators / sizeof *separators; i++) {
        size_t size = strlen(separators[i]);
        if (end - at > size && !memcmp(text + at, separators[i], size))
            return size;
    }
    return 0;
}

size_t turn_label_next(const char *text, const struct turn_label *label, size_t *at, size_t size) {
    *at += size;
    if (size)
        *at += separator_size(text, *at, label->end);
    size = 0;
    while (*at + size < label->end && (is_word_byte((unsigned char)text[*at + size]) ||
                                       !separator_size(text, *at + size, label->end)))
        size++;
    return size;
}

static enum turn_form judge_all(const char *text, struct turn_label *label) {
    enum turn_form form = TURN_NONE;
    unsigned count = 0;
    size_t at = label->begin, size = 0;
    while ((size = turn_label_next(text, label, &at, size))) {
        form = judge(text + at, size, &label->worded);
        if (form == TURN_NONE || ++count > JOINED_MAX)
            return TURN_NONE;
    }
    return count > 1 ? TURN_JOINED : form;
}

/* "[Joe]: yes": the name stands between the brackets. */
static struct turn_label read_bracketed(const char *text, size_t size) {
    struct turn_label label = {.begin = 1, .end = 1, .text = size};
    const char *close = memchr(text, ']', size < LABEL_MAX ? size : LABEL_MAX);
    size_t end = close ? (size_t)(close - text) : size;
    if (end + 3 >= size || text[end + 1] != ':' || text[end + 2] != ' ')
        return label;
    label.end = end;
    label.text = end + 3;
    label.form = end > 1 ? judge_all(text, &label) : TURN_NONE;
    return label;
}

struct turn_label turn_label_read(const char *text, size_t size) {
    struct turn_label label = {.text = size};
    if (size && *text == '[')
        return read_bracketed(text, size);
    const char *colon = memchr(text, ':', size < LABEL_MAX ? size : LABEL_MAX);
    if (!colon || colon == text)
        return label;
    size_t end = (size_t)(colon - text);
    if (end + 1 < size && text[end + 1] != ' ')
        return label;
    bool bracket;
    label.text = end + 2 < size ? end + 2 : size;
    while (end && text[end - 1] == ' ')
        end--;
    label.end = name_end(text, end, &bracket);
    label.form = label.end ? judge_all(text, &label) : TURN_NONE;
    if (bracket && (label.form == TURN_NAME || label.form == TURN_ACCOUNT))
        label.end = end;
    return label;
}

/* The size of a dash between spaces, or of a hyphen that a word ends with, the space behind it
 * included; else 0. */
static size_t dash_size(const char *text, size_t at, size_t size) {
    static const char *const dashes[] = {" - ", " -- ", " \xE2\x80\x93 ", " \xE2\x80\x94 ", "- "};
    char second = at + 1 < size ? text[at + 1] : '\0';
    if (text[at] != ' ' && text[at] != '-')
        return 0;
    if (text[at] == ' ' ? second != '-' && second != '\xE2' : second != ' ')
        return 0;
    for (size_t i = 0; i < sizeof dashes / sizeof *dashes; i++) {
        size_t bytes = strlen(dashes[i]);
        if (size - at > bytes && !memcmp(text + at, dashes[i], bytes))
            return bytes;
    }
    return 0;
}

/* "[Ann] we should", "(Ann) - we should", "[Ann]". */
static struct turn_label read_in_brackets(const char *text, size_t size, size_t begin) {
    struct turn_label label = {.begin = begin, .text = size, .mark = TURN_BRACKETS};
    const char *close = memchr(text, *text == '[' ? ']' : ')', size < LABEL_MAX ? size : LABEL_MAX);
    label.end = close ? (size_t)(close - text) : 0;
    size_t at = label.end + 1;
    if (label.end <= begin || (at < size && text[at] != ' '))
        return label;
    size_t dash = at < size ? dash_size(text, at, size) : 0;
    label.text = dash ? at + dash : at + 1 < size ? at + 1 : size;
    label.form = judge_all(text, &label);
    return label;
}

/* "We should" is no name, whatever stands behind it: most items end here. */
static bool goes_on_lower(const char *text, size_t at, size_t size) {
    return size - at > 4 && is_lower(text[at + 1]) && memcmp(text + at + 1, "and ", 4) != 0;
}

/* "Ann - we should", "Ann, we should", "Ann": the first of these marks ends the name. */
static struct turn_label read_open(const char *text, size_t size, size_t begin, bool alone) {
    struct turn_label label = {.begin = begin, .end = begin, .text = size, .mark = TURN_ALONE};
    size_t most = size < LABEL_MAX ? size : LABEL_MAX, at = begin, dash = 0;
    bool first = true;
    for (; at < most; at++) {
        if (letters_is_ascii((uint8_t)text[at]))
            continue;
        if (text[at] == ':' || text[at] == ',' || (dash = dash_size(text, at, size)))
            break;
        if (first && text[at] == ' ' && goes_on_lower(text, at, size))
            return label;
        first &= text[at] != ' ';
    }
    if (at == begin || (at == most && (at < size || !alone)))
        return label;
    if (at < size && text[at] == ':') {
        label = turn_label_read(text + begin, size - begin);
        label.begin += begin;
        label.end += begin;
        label.text += begin;
        return label;
    }
    if (dash) {
        label.mark = TURN_DASH;
        label.text = at + dash;
    } else if (at < size) {
        label.mark = TURN_COMMA;
        label.text = at + 2 < size && text[at + 1] == ' ' ? at + 2 : size;
    }
    label.end = at;
    label.form = judge_all(text, &label);
    return label;
}

struct turn_label turn_label_read_item(const char *text, size_t size, bool alone) {
    if (size > 2 && *text == '[') {
        struct turn_label label = turn_label_read(text, size); /* "[Ann]: we should" */
        if (label.form != TURN_NONE)
            return label;
    }
    if (size > 2 && (*text == '[' || *text == '('))
        return read_in_brackets(text, size, text[1] == '@' ? 2 : 1);
    return read_open(text, size, size && *text == '@', alone);
}

bool turn_label_says(const char *text, size_t size, const struct turn_label *label) {
    size_t at = label->text;
    if (at >= size)
        return false;
    unsigned char last = (unsigned char)text[size - 1];
    if (text[at] == '(' || text[at] == '[')
        return true;
    if (text[at] == '+' && size - at > 1 && text[at + 1] == '1')
        return true; /* a vote */
    if (last == '.' || last == '?' || last == '!')
        return true;
    for (size_t next = at; next + 1 < size; next++)
        if ((next == at || text[next - 1] == ' ') && is_lower(text[next]))
            return !(size - next > 4 && !memcmp(text + next, "http", 4));
    return (text[at] & 0x80) != 0; /* a script that may have no cases */
}

bool turn_label_repeats(const char *a, size_t a_size, const char *b, size_t b_size) {
    return a_size >= REPEAT_BYTES && b_size >= REPEAT_BYTES && !memcmp(a, b, REPEAT_BYTES);
}

/* Spaces, of which chats print one or two, or a tab. */
static size_t skip_spaces(const char *text, size_t at, size_t size) {
    while (at < size && (text[at] == ' ' || text[at] == '\t'))
        at++;
    return at;
}

size_t turn_label_chat(const char *text, size_t size, size_t *begin) {
    static const char *const hearers[] = {"everyone", "all panelists", NULL};
    size_t at = 0;
    while (at < size && at < CHAT_TIME && (letters_is_digit((uint8_t)text[at]) || text[at] == ':'))
        at++;
    at = skip_spaces(text, at, size);
    if (size - at < 5 || memcmp(text + at, "From", 4) ||
        (text[at + 4] != ' ' && text[at + 4] != '\t'))
        return 0;
    *begin = skip_spaces(text, at + 4, size);
    /* "[steering] Aaron": a group in front is no part of the name. */
    const char *group =
        *begin < size && text[*begin] == '['
            ? memchr(text + *begin, ']', size - *begin < CHAT_GROUP ? size - *begin : CHAT_GROUP)
            : NULL;
    if (group)
        *begin = skip_spaces(text, (size_t)(group - text) + 1, size);
    const char *colon =
        memchr(text + *begin, ':', size - *begin < LABEL_MAX ? size - *begin : LABEL_MAX);
    const char *to =
        colon ? memmem(text + *begin, (size_t)(colon - text) - *begin, " to ", 4) : NULL;
    if (!to)
        return 0;
    size_t hearer = skip_spaces(text, (size_t)(to - text) + 4, size), end = (size_t)(colon - text);
    while (end > hearer && text[end - 1] == ' ')
        end--;
    size_t stop = (size_t)(to - text);
    while (stop > *begin && text[stop - 1] == ' ')
        stop--;
    return letters_among(text, hearer, end, hearers) ? stop - *begin : 0;
}
