/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/speaker_line.h"

#include "corpus/initials.h"
#include "corpus/label_words.h"
#include "corpus/letters.h"
#include "corpus/speaker_words.h"

#include <string.h>

enum {
    NAME_MAX_BYTES = 120,
    NAME_MAX_WORDS = 16,
    COLLECTIVE_WORDS = 8,
    TAIL_WORDS = 4,
    CHAT_TIME = 28,
    CHAT_NAME = 64
};

/* The colon that ends the name, or line.end: nothing, space or a capital must follow it. */
static size_t find_colon(const char *text, const struct line *line) {
    size_t size = line->end - line->begin, next;
    const char *colon =
        memchr(text + line->begin, ':', size < NAME_MAX_BYTES ? size : NAME_MAX_BYTES);
    if (!colon)
        return line->end;
    size_t at = (size_t)(colon - text);
    uint32_t behind = letters_at(text, at + 1, line->end, &next);
    bool parted = at + 1 == line->end || letters_is_space(behind) || letters_is_upper(behind) ||
                  behind == '*';
    return parted ? at : line->end;
}

struct name_words {
    unsigned count, capitalised, capitals, plain, joins, depth;
    unsigned letters; /* words of one letter */
    unsigned tail;    /* words in lower case behind a name and a comma */
    bool comma;       /* behind the word before */
    bool titled, office;
    bool named; /* a comma behind a full name: what follows is the office, in any words */
    bool collective;
};

static bool has_no_lower(const char *text, size_t begin, size_t end) {
    size_t next;
    for (; begin < end; begin = next)
        if (letters_is_lower(letters_at(text, begin, end, &next)))
            return false;
    return true;
}

static bool is_mark(char c) {
    return c && strchr(".,()[]*_'\"", c);
}

/* Does the word fit into a name? Counts what kind of word it is. */
static bool judge_word(const char *text, size_t begin, size_t end, struct name_words *words) {
    bool full_stop = text[end - 1] == '.', closes = text[end - 1] == ')' || text[end - 1] == ']';
    bool comma = text[end - 1] == ',';
    bool inside = words->depth || text[begin] == '(' || text[begin] == '[';
    words->depth =
        inside && !closes && !(end - begin > 1 && text[end - 1] == ',' && text[end - 2] == ')');
    while (begin < end && is_mark(text[begin]))
        begin++;
    while (end > begin && is_mark(text[end - 1]))
        end--;
    if (begin == end)
        return false;
    size_t next;
    uint32_t first = letters_at(text, begin, end, &next);
    words->count++;
    words->letters += next == end;
    if (inside)
        return true;
    if (full_stop && end - begin > 5 && words->named)
        return false; /* a sentence ends here */
    unsigned kinds = speaker_word(text + begin, end - begin);
    bool small = kinds & SPEAKER_PARTICLE, fits = kinds & (SPEAKER_PARTICLE | SPEAKER_LOWER_OFFICE);
    if (words->comma && letters_is_lower(first) && !fits)
        return false;
    words->comma = comma;
    if (words->named) {
        words->tail += letters_is_lower(first) && !fits;
        return words->tail <= TAIL_WORDS; /* more is a sentence, not an office */
    }
    words->named = comma && words->capitalised + 1 >= 2 && letters_is_upper(first);
    words->collective |= (kinds & SPEAKER_COLLECTIVE) != 0;
    words->titled |= (kinds & SPEAKER_HONORIFIC) && letters_is_upper(first);
    bool office = kinds & SPEAKER_OFFICE;
    words->office |= office;
    words->joins += (kinds & SPEAKER_JOIN) != 0;
    words->capitals +=
        end - begin > 1 && !small && letters_is_letter(first) && has_no_lower(text, begin, end);
    if (office || small)
        return true;
    if (!letters_is_letter(first))
        return false;
    words->plain += letters_is_lower(first);
    words->capitalised += !letters_is_lower(first);
    /* A long word with a full stop ends a sentence; "Jr." and "St." do not. */
    return !full_stop || end - begin <= 5;
}

static bool judge_name(const char *text, size_t begin, size_t end, struct name_words *words) {
    memset(words, 0, sizeof *words);
    for (size_t at = begin, next; at < end;) {
        size_t stop = at;
        while (stop < end && !letters_is_space(letters_at(text, stop, end, &next)))
            stop = next;
        if (stop > at && !judge_word(text, at, stop, words))
            return false;
        while (stop < end && letters_is_space(letters_at(text, stop, end, &next)))
            stop = next;
        at = stop;
    }
    return words->count && words->count <= NAME_MAX_WORDS && !words->depth && words->letters < 3 &&
           (words->capitalised || words->office) &&
           (!words->plain || (words->collective && words->count <= COLLECTIVE_WORDS));
}

/* Emphasis of Markdown and of mail around a name is no part of it: "**Ben**:", "*Ben:*". */
static bool is_emphasis(char c) {
    return c == '*' || c == '_';
}

/* "<nigel> I agree", "14:02 <nigel> I agree": who speaks in a chat. */
static struct speaker_line read_chat(const char *text, const struct line *line) {
    struct speaker_line speaker = {line->begin, line->begin, false, false};
    size_t at = line->begin;
    while (at < line->end && at - line->begin < CHAT_TIME &&
           (letters_is_digit((uint8_t)text[at]) || strchr(":[]() .-TZ", text[at])))
        at++;
    if (at >= line->end || text[at] != '<')
        return speaker;
    size_t begin = ++at;
    while (at < line->end && at - begin < CHAT_NAME && text[at] != '>' && text[at] != '<' &&
           text[at] != ' ' && text[at] != '=' &&
           !(text[at] == '/' && (at == begin || text[at - 1] == ':')))
        at++;
    /* "jo_(he/him)" is a name; "</b>", "<br/>" and "<http://...>" are not. */
    if (at == begin || at + 1 >= line->end || text[at] != '>' || text[at + 1] != ' ' ||
        text[at - 1] == '/')
        return speaker;
    return (struct speaker_line){begin, at, true, false};
}

struct speaker_line speaker_line_read(const char *text, const struct line *line) {
    struct speaker_line speaker = {line->begin, line->begin, false, false};
    uint8_t first = line->begin < line->end ? (uint8_t)text[line->begin] : 0;
    if (first == '<' || first == '[' || first == '(' || letters_is_digit(first)) {
        speaker = read_chat(text, line);
        if (speaker.sure)
            return speaker;
    }
    size_t end = line->end > line->begin ? find_colon(text, line) : line->end;
    size_t start = end, next = end;
    if (end == line->end)
        return speaker;
    size_t begin = line->begin;
    while (begin < end && is_emphasis(text[begin]))
        begin++;
    while (end > begin && (is_emphasis(text[end - 1]) ||
                           letters_is_space(letters_before(text, begin, end, &start))))
        end = is_emphasis(text[end - 1]) ? end - 1 : start;
    size_t word = begin;
    while (word < end && letters_is_letter(letters_at(text, word, end, &next)))
        word = next;
    struct name_words words;
    bool lower = letters_is_lower(letters_at(text, begin, end, &next));
    unsigned kinds = speaker_word(text + begin, word - begin);
    bool article = kinds & SPEAKER_ARTICLE;
    if (begin == end || (kinds & SPEAKER_OPENER) || (lower && !article) ||
        !judge_name(text, begin, end, &words))
        return speaker;
    if (!article && label_word(text + begin, word - begin)) {
        speaker.label = true;
        return speaker;
    }
    /* "Christiane T., garde des Sceaux. :" closes the office as a sentence; "Jr." keeps its stop.
     */
    if (text[end - 1] == '.' && end - begin > 5 && !memchr(text + end - 5, ' ', 5) &&
        !memchr(text + end - 5, '.', 4))
        end--;
    speaker.name_begin = begin;
    speaker.name_end = end;
    /* Few capitals alone are as often an abbreviation, "NASA: ...". */
    bool capitals = words.capitals && words.capitals + 1 >= words.capitalised && !words.joins &&
                    initials_at(text + begin, end - begin) != end - begin;
    speaker.sure = words.titled || words.office || capitals;
    return speaker;
}
