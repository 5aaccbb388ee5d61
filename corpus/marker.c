/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/marker.h"

#include "corpus/letters.h"
#include "corpus/scan.h"

#include <string.h>

/* Signs that are nothing but bullets. */
static bool is_pure_bullet(uint32_t point) {
    switch (point) {
    case 0x2022: /* • */
    case 0x2023: /* ‣ */
    case 0x2043: /* ⁃ */
    case 0x2219: /* ∙ */
    case 0x25A0: /* ■ */
    case 0x25A1: /* □ */
    case 0x25AA: /* ▪ */
    case 0x25AB: /* ▫ */
    case 0x25BA: /* ► */
    case 0x25B6: /* ▶ */
    case 0x25CB: /* ○ */
    case 0x25CF: /* ● */
    case 0x25E6: /* ◦ */
    case 0x27A2: /* ➢ */
    case 0x2756: /* ❖ */
    case 0x2713: /* ✓ */
    case 0xF0A7: /* bullets of symbol fonts, in the private use area */
    case 0xF0B7:
    case 0xF0D8:
        return true;
    default:
        return false;
    }
}

static bool is_bullet(uint32_t point) {
    return is_pure_bullet(point) || letters_is_dash(point) || point == '*' || point == 0xB7;
}

bool marker_is_dash(const struct marker *marker) {
    return marker->style == MARKER_BULLET && letters_is_dash(marker->symbol);
}

static size_t skip_spaces(const char *text, size_t at, size_t end) {
    size_t next;
    while (at < end && letters_is_space(letters_at(text, at, end, &next)))
        at = next;
    return at;
}

static struct marker finish(const char *text, const struct line *line, struct marker marker,
                            size_t label_end) {
    marker.label_end = label_end;
    marker.text = skip_spaces(text, label_end, line->end);
    if (!marker.depth)
        marker.depth = 1;
    return marker;
}

static const struct marker none = {MARKER_NONE, 0, 0, 0, 0, 0};

/* A label must be followed by space or stand alone. */
static bool is_parted(const char *text, const struct line *line, size_t at) {
    size_t next;
    return at >= line->end || letters_is_space(letters_at(text, at, line->end, &next));
}

static struct marker read_bullet(const char *text, const struct line *line) {
    size_t next;
    uint32_t symbol = letters_at(text, line->begin, line->end, &next);
    /* The "o" of word processors' second level: only indented, since it is a word in Spanish. */
    bool letter_o = symbol == 'o' && line->indent >= 2;
    if (!is_bullet(symbol) && !letter_o)
        return none;
    if (!is_parted(text, line, next) && !is_pure_bullet(symbol))
        return none;
    struct marker marker =
        finish(text, line, (struct marker){MARKER_BULLET, symbol, 0, 1, 0, 0}, next);
    if (marker.text == line->end && !line->inserted && (letters_is_dash(symbol) || symbol == '*'))
        return none;
    if (letter_o && !letters_is_upper(letters_at(text, marker.text, line->end, &next)))
        return none;
    return marker;
}

/* ---- numbers ---- */

static size_t read_decimal(const char *text, size_t at, size_t end, unsigned *value) {
    size_t start = at;
    for (*value = 0; at < end && letters_is_digit((uint8_t)text[at]) && at - start < 5; at++)
        *value = *value * 10 + (unsigned)(text[at] - '0');
    return at;
}

static unsigned roman_digit(char c) {
    static const char digits[] = "ivxlc";
    static const unsigned values[] = {1, 5, 10, 50, 100};
    const char *found = c ? strchr(digits, c | 32) : NULL;
    return found ? values[found - digits] : 0;
}

/* Value of the Roman numeral, 0 if it is none; both cases. */
static unsigned read_roman(const char *text, size_t begin, size_t end) {
    unsigned value = 0;
    if (end - begin > 8)
        return 0;
    for (size_t at = begin; at < end; at++) {
        unsigned digit = roman_digit(text[at]),
                 after = at + 1 < end ? roman_digit(text[at + 1]) : 0;
        if (!digit)
            return 0;
        value = digit < after ? value - digit : value + digit; /* wraps back with the next */
    }
    return value <= 300 ? value : 0;
}

/* "1.2.3", "1.2.": at least two numbers. */
static struct marker read_section(const char *text, const struct line *line) {
    struct marker marker = {MARKER_SECTION, 0, 0, 0, 0, 0};
    size_t at = line->begin, end;
    for (;;) {
        end = read_decimal(text, at, line->end, &marker.value);
        if (end == at || end - at > 3)
            break;
        marker.depth++;
        at = end;
        if (at >= line->end || text[at] != '.')
            break;
        at++;
    }
    if (marker.depth < 2 || marker.depth > 6 || !is_parted(text, line, at))
        return none;
    marker = finish(text, line, marker, at);
    /* "2.5 per cent", "14.30 Uhr" are quantities; a section's text begins with a capital. */
    size_t next;
    uint32_t first = letters_at(text, marker.text, line->end, &next);
    return letters_is_lower(first) || letters_is_digit(first) ? none : marker;
}

static bool is_month_or_session(const char *text, size_t at, size_t end) {
    static const char *const words[] = {
        "january",  "february", "march",       "april",         "may",
        "june",     "july",     "august",      "september",     "october",
        "november", "december", "januar",      "februar",       "m\xC3\xA4rz",
        "mai",      "juni",     "juli",        "oktober",       "dezember",
        "sitzung",  "tagung",   "wahlperiode", "j\xC3\xA4nner", NULL};
    size_t word = at, next;
    while (word < end && letters_is_letter(letters_at(text, word, end, &next)))
        word = next;
    return letters_among(text, at, word, words);
}

/* The sign of French "1°)", where a bracket or full stop follows it. */
static size_t skip_ordinal(const char *text, size_t at, size_t end) {
    if (end - at < 3 || (memcmp(text + at, "\xC2\xB0", 2) && memcmp(text + at, "\xC2\xBA", 2)))
        return at;
    return text[at + 2] == ')' || text[at + 2] == '.' ? at + 2 : at;
}

/* "12.", "12)" and "1°)"; four digits are a year at the end of a sentence. */
static struct marker read_number(const char *text, const struct line *line) {
    unsigned value;
    size_t at = read_decimal(text, line->begin, line->end, &value);
    if (at == line->begin || at - line->begin > 3 || at >= line->end)
        return none;
    at = skip_ordinal(text, at, line->end);
    if (at >= line->end || (text[at] != '.' && text[at] != ')') || !is_parted(text, line, at + 1))
        return none;
    enum marker_style style = text[at] == '.' ? MARKER_DECIMAL : MARKER_DECIMAL_PAREN;
    struct marker marker = finish(text, line, (struct marker){style, 0, value, 1, 0, 0}, at + 1);
    /* German ordinals: "6. August", "92. Sitzung". */
    return style == MARKER_DECIMAL && is_month_or_session(text, marker.text, line->end) ? none
                                                                                        : marker;
}

/* "(12)", "(a)", "(iv)", "a)", "iv)", "[12]". */
static struct marker read_enclosed(const char *text, const struct line *line) {
    char open = text[line->begin];
    bool opened = open == '(' || open == '[';
    size_t at = line->begin + opened, close = at;
    while (close < line->end && close - at < 6 && text[close] != ')' && text[close] != ']')
        close++;
    if (close >= line->end || close == at || text[close] != (open == '[' ? ']' : ')') ||
        !is_parted(text, line, close + 1))
        return none;
    struct marker marker = {MARKER_NONE, 0, 0, 1, 0, 0};
    if (opened && read_decimal(text, at, close, &marker.value) == close)
        marker.style = open == '[' ? MARKER_REFERENCE : MARKER_PAREN_DECIMAL;
    else if (open != '[' && close - at == 1 && letters_is_letter((uint8_t)text[at])) {
        marker.style = MARKER_ALPHA;
        marker.value = ((unsigned)text[at] | 32) - 'a' + 1;
    } else if (open != '[' && (marker.value = read_roman(text, at, close)))
        marker.style = MARKER_ROMAN;
    return marker.style ? finish(text, line, marker, close + 1) : none;
}

/* "a." and "ii.", only where the line is indented: prose has "i. e." and "d. h.", too. */
static struct marker read_lettered(const char *text, const struct line *line) {
    size_t at = line->begin, next;
    if (line->indent < 2)
        return none;
    while (at < line->end && at - line->begin < 6 && letters_is_lower((uint8_t)text[at]))
        at++;
    if (at == line->begin || at >= line->end || text[at] != '.' || !is_parted(text, line, at + 1))
        return none;
    struct marker marker = {
        MARKER_ALPHA, '.', ((unsigned)text[line->begin] | 32) - 'a' + 1, 1, 0, 0};
    if (at - line->begin > 1 || text[line->begin] == 'i') {
        marker.style = MARKER_ROMAN;
        marker.value = read_roman(text, line->begin, at);
    }
    marker = finish(text, line, marker, at + 1);
    letters_at(text, marker.text, line->end, &next);
    bool abbreviates = next < line->end && text[next] == '.';
    return marker.value && !abbreviates ? marker : none;
}

/* ---- Chinese and Japanese numbers ---- */

static unsigned full_digit(uint32_t point) {
    return point >= 0xFF10 && point <= 0xFF19 ? point - 0xFF10 : 10;
}

/* The value of an ideograph from one to ten, or 0. */
static unsigned ideographic_digit(uint32_t point) {
    static const uint32_t digits[] = {0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94,
                                      0x516D, 0x4E03, 0x516B, 0x4E5D, 0x5341};
    for (unsigned i = 0; i < sizeof digits / sizeof *digits; i++)
        if (point == digits[i])
            return i + 1;
    return 0;
}

/* Up to three digits of either kind at `at`; 10 counts the tens before it. Where they end. */
static size_t read_wide_number(const char *text, size_t at, size_t end, unsigned *value,
                               enum marker_style *style) {
    size_t next;
    *value = 0;
    *style = MARKER_NONE;
    for (int i = 0; i < 3 && at < end; i++, at = next) {
        uint32_t point = letters_at(text, at, end, &next);
        unsigned full = full_digit(point), digit = ideographic_digit(point);
        enum marker_style found = full < 10 ? MARKER_DECIMAL
                                  : digit   ? MARKER_IDEOGRAPHIC
                                            : MARKER_NONE;
        if (!found || (*style && found != *style))
            break;
        *style = found;
        if (full < 10)
            *value = *value * 10 + full;
        else
            *value = digit == 10 ? (*value ? *value * 10 : 10) : *value + digit;
    }
    return at;
}

/* "一、", "（二）" and "１．"; but "二、三" counts nothing, it names two numbers. */
static struct marker read_wide(const char *text, const struct line *line) {
    struct marker marker = {MARKER_NONE, 0, 0, 1, 0, 0};
    size_t next, after, at = line->begin;
    if ((uint8_t)text[at] < 0xE3)
        return none;
    bool opened = letters_at(text, at, line->end, &next) == 0xFF08;
    at = read_wide_number(text, opened ? next : at, line->end, &marker.value, &marker.style);
    uint32_t closer = letters_at(text, at, line->end, &next);
    bool closed = opened ? closer == 0xFF09 : closer == 0x3001 || closer == 0xFF0E || closer == '.';
    if (!marker.style || at >= line->end || !closed)
        return none;
    uint32_t first = letters_at(text, next, line->end, &after);
    if (!opened && (ideographic_digit(first) || full_digit(first) < 10))
        return none;
    marker.symbol = closer;
    return finish(text, line, marker, next);
}

/* "IV." and "I.": a single C, D, L, M or X is rather somebody's initial. */
static struct marker read_upper_roman(const char *text, const struct line *line) {
    size_t at = line->begin;
    while (at < line->end && at - line->begin < 6 && letters_is_upper((uint8_t)text[at]))
        at++;
    unsigned value = at > line->begin ? read_roman(text, line->begin, at) : 0;
    if (!value || at >= line->end || text[at] != '.' || !is_parted(text, line, at + 1))
        return none;
    if (at - line->begin == 1 && text[line->begin] != 'I' && text[line->begin] != 'V' &&
        text[line->begin] != 'X')
        return none;
    return finish(text, line, (struct marker){MARKER_UPPER_ROMAN, 0, value, 1, 0, 0}, at + 1);
}

/* "Article 3", "§ 5", "Rule 12.", "TOP 2:". */
static struct marker read_article(const char *text, const struct line *line) {
    static const char *const words[] = {"article",
                                        "artikel",
                                        "art\xC3\xAD"
                                        "culo",
                                        "rule",
                                        "r\xC3\xA8gle",
                                        "clause",
                                        "section",
                                        "item",
                                        "top",
                                        "punkt",
                                        "point",
                                        "punto",
                                        NULL};
    size_t at = line->begin, next;
    bool sign = line->end - at >= 3 && !memcmp(text + at, "\xC2\xA7", 2);
    if (sign)
        at += 2;
    else {
        if (!letters_is_upper((uint8_t)text[at]))
            return none;
        while (at < line->end && at - line->begin < 12 &&
               letters_is_letter(letters_at(text, at, line->end, &next)))
            at = next;
    }
    size_t word = at, start = skip_spaces(text, at, line->end);
    struct marker marker = {MARKER_ARTICLE, 0, 0, 1, 0, 0};
    at = read_decimal(text, start, line->end, &marker.value);
    if (at == start || (!sign && !letters_among(text, line->begin, word, words)))
        return none;
    at += at < line->end && (text[at] == '.' || text[at] == ':');
    if (!is_parted(text, line, at))
        return none;
    marker = finish(text, line, marker, at);
    /* "Article 3 of the Convention says" is the beginning of a sentence. */
    return letters_is_lower(letters_at(text, marker.text, line->end, &next)) ? none : marker;
}

struct marker marker_read(const char *text, const struct line *line) {
    /* What begins with a letter of ASCII, as nearly all lines do, cannot be of the first forms. */
    static struct marker (*const forms[])(const char *, const struct line *) = {
        read_bullet,   read_section,  read_number,      read_wide,
        read_enclosed, read_lettered, read_upper_roman, read_article};
    enum { LETTER_FORMS = 4 };
    if (line->begin >= line->end)
        return none;
    bool letter = letters_is_ascii((uint8_t)text[line->begin]) && text[line->begin] != 'o';
    for (size_t i = letter ? LETTER_FORMS : 0; i < sizeof forms / sizeof *forms; i++) {
        struct marker marker = forms[i](text, line);
        if (marker.style)
            return marker;
    }
    return none;
}

/* ---- bullets in the middle of a line ---- */

/* A sentence (or a clause of an enumeration) ends before the space in front of `at`. */
static bool follows_sentence(const char *text, size_t begin, size_t at) {
    size_t start = at;
    uint32_t point;
    do
        point = letters_before(text, begin, start, &start);
    while (start > begin && letters_is_space(point));
    for (int i = 0; i < 3 && letters_is_closer(point); i++)
        point = letters_before(text, begin, start, &start);
    return letters_is_stop(point) || point == ';' || point == ':';
}

static bool opens_item(const char *text, const struct line *line, size_t at, uint32_t symbol,
                       size_t next) {
    size_t text_begin = skip_spaces(text, next, line->end), after;
    if (text_begin == next || text_begin >= line->end)
        return false;
    if (is_pure_bullet(symbol))
        return true;
    uint32_t first = letters_at(text, text_begin, line->end, &after);
    if (letters_is_opener(first) || first == '*')
        first = letters_at(text, after, line->end, &after);
    return (letters_is_upper(first) || letters_is_unspaced(first)) &&
           follows_sentence(text, line->begin, at);
}

static bool has_bullet_byte(const char *at) {
    scan_block block = scan_load(at);
    return scan_any((scan_block)(block == '-') | (scan_block)(block == '*') | (block & 0x80));
}

/* The next byte that can begin a bullet, or `end`. */
static size_t skip_to_bullet(const char *text, size_t at, size_t end) {
    if (end - at >= SCAN_BLOCK) {
        while (end - at >= SCAN_BLOCK && !has_bullet_byte(text + at))
            at += SCAN_BLOCK;
        if (end - at < SCAN_BLOCK && !has_bullet_byte(text + end - SCAN_BLOCK))
            return end;
    }
    for (; at < end; at++) {
        uint8_t byte = (uint8_t)text[at];
        if (byte == '-' || byte == '*' || byte == 0xE2 || byte == 0xEF || byte == 0xC2)
            break;
    }
    return at;
}

size_t marker_find_inside(const char *text, const struct line *line, uint32_t symbol) {
    size_t next;
    letters_at(text, line->begin, line->end, &next);
    for (size_t at = next; (at = skip_to_bullet(text, at, line->end)) < line->end; at = next) {
        uint32_t point = letters_at(text, at, line->end, &next);
        if (!is_bullet(point) || (symbol && point != symbol))
            continue;
        if (letters_is_space((uint8_t)text[at - 1]) && opens_item(text, line, at, point, next))
            return at;
    }
    return line->end;
}

size_t marker_find_pure(const char *text, const struct line *line) {
    size_t next, after;
    letters_at(text, line->begin, line->end, &next);
    for (size_t at = next; (at = skip_to_bullet(text, at, line->end)) < line->end; at = next) {
        uint32_t point = letters_at(text, at, line->end, &next);
        if (!is_pure_bullet(point) || !follows_sentence(text, line->begin, at))
            continue;
        letters_at(text, skip_spaces(text, next, line->end), line->end, &after);
        if (letters_is_space((uint8_t)text[at - 1]) && after < line->end)
            return at;
    }
    return line->end;
}

size_t marker_find_at_end(const char *text, const struct line *line, uint32_t symbol) {
    size_t at, before;
    uint32_t point = letters_before(text, line->begin, line->end, &at);
    if (!is_bullet(point) || (symbol && point != symbol) || at == line->begin)
        return line->end;
    bool parted = letters_is_space(letters_before(text, line->begin, at, &before));
    return parted && follows_sentence(text, line->begin, at) ? at : line->end;
}
