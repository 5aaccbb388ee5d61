/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/unwrap.h"

#include "corpus/letters.h"
#include "corpus/scan.h"

#include <string.h>

/* A place where the piece may be cut: lengths of the output, and where the input goes on. */
struct border {
    size_t out, span, at, end;
};

struct piece {
    struct bytes *out;
    bool space;    /* one is due before the next character */
    bool whole;    /* all that is left fits: there will be no cut */
    uint32_t last; /* the last character written */
    struct border sentence, word;
};

/* The hyphen that ends the text so far, if a letter stands before it; its place, or SIZE_MAX. */
static size_t trailing_hyphen(const struct unwrap *unwrap, const struct span *span) {
    size_t start, before;
    uint32_t point = letters_before(unwrap->text, span->begin, span->end, &start);
    if (point != '-' && point != 0x2010 && point != 0xAD)
        return SIZE_MAX;
    uint32_t letter = letters_before(unwrap->text, span->begin, start, &before);
    return letters_is_letter(letter) || letters_is_digit(letter) ? start : SIZE_MAX;
}

/* Between two lines: a space, nothing, or a healed hyphen. */
static void join_lines(struct unwrap *unwrap, struct piece *piece, const struct span *span,
                       const struct span *next) {
    size_t start, hyphen = trailing_hyphen(unwrap, span);
    uint32_t first = letters_at(unwrap->text, next->begin, next->end, &start);
    piece->space = !(letters_is_unspaced(piece->last) && letters_is_unspaced(first));
    if (hyphen == SIZE_MAX || !(letters_is_letter(first) || letters_is_digit(first)))
        return;
    bool soft = span->end - hyphen == 2;
    enum hyphen_verdict verdict = soft ? HYPHEN_JOIN
                                       : hyphen_judge(unwrap->evidence, unwrap->text, span->begin,
                                                      hyphen, next->begin, next->end);
    piece->space = verdict == HYPHEN_SPACE;
    /* A soft hyphen was never written; a hard one is taken back. */
    if (verdict == HYPHEN_JOIN && !soft && piece->out->size >= span->end - hyphen)
        piece->out->size -= span->end - hyphen;
}

static void remember(struct piece *piece, struct border *border, const struct unwrap *unwrap,
                     size_t at, size_t end) {
    *border = (struct border){piece->out->size, unwrap->span, at, end};
}

/* A run of four dots and more leads the eye to a page number. */
static size_t skip_leader(const struct unwrap *unwrap, size_t at, size_t end) {
    size_t stop = at, dots = 0;
    while (stop < end && (unwrap->text[stop] == '.' || unwrap->text[stop] == ' '))
        dots += unwrap->text[stop++] == '.';
    return dots >= 3 ? stop : at;
}

static void put(struct unwrap *unwrap, struct piece *piece, uint32_t point, size_t at,
                size_t next) {
    if (piece->space && piece->out->size) {
        remember(piece, &piece->word, unwrap, at, unwrap->end);
        if (letters_is_stop(piece->last) || letters_is_closer(piece->last))
            piece->sentence = piece->word;
        bytes_add_byte(piece->out, ' ');
    } else if (letters_is_unspaced(piece->last) && letters_is_stop(piece->last))
        remember(piece, &piece->sentence, unwrap, at, unwrap->end);
    piece->space = false;
    piece->last = point;
    bytes_add(piece->out, unwrap->text + at, next - at);
    unwrap->end = next;
}

/* Where the run of ASCII that is neither space nor control ends: a word can be copied at once. */
static size_t plain_run(const struct unwrap *unwrap, const struct piece *piece, size_t at,
                        size_t end) {
    size_t room = unwrap->limit ? unwrap->limit - piece->out->size : end - at;
    end = room < end - at ? at + room : end;
    while (at < end && (uint8_t)(unwrap->text[at] - 0x21) < 0x5E)
        at++;
    return at;
}

/* Is one of sixteen bytes neither space nor a sign of ASCII, or a space before another one? */
static bool is_odd(const char *at) {
    scan_block block = scan_load(at);
    scan_block beyond = (scan_block)((block - 0x20) > 0x5E);
    return scan_any(beyond | ((scan_block)(block == ' ') & (scan_block)(scan_load(at + 1) == ' ')));
}

/* As plain_run, with the single spaces between words: for text that will not be cut. */
static size_t plain_words(const char *text, size_t at, size_t end) {
    size_t begin = at;
    while (end - at > SCAN_BLOCK && !is_odd(text + at))
        at += SCAN_BLOCK;
    if (at > begin && end - at <= SCAN_BLOCK && (uint8_t)(text[end - 1] - 0x21) < 0x5E &&
        !is_odd(text + end - SCAN_BLOCK - 1))
        return end;
    for (; at < end; at++) {
        uint8_t byte = (uint8_t)text[at];
        if (byte == ' ' && at + 1 < end && (uint8_t)(text[at + 1] - 0x21) < 0x5E)
            continue;
        if ((uint8_t)(byte - 0x21) >= 0x5E)
            break;
    }
    /* A space is copied only when it is known what follows. */
    return at > begin && text[at - 1] == ' ' ? at - 1 : at;
}

/* Copy one line; false once the limit is passed. */
static bool copy_line(struct unwrap *unwrap, struct piece *piece, const struct span *span) {
    while (unwrap->at < span->end) {
        size_t at = unwrap->at, next;
        uint32_t point = letters_at(unwrap->text, at, span->end, &next);
        if (unwrap->row && point == '.')
            next =
                skip_leader(unwrap, at, span->end) > at ? skip_leader(unwrap, at, span->end) : next;
        bool leader = unwrap->row && next - at >= 3 && point == '.';
        if (letters_is_space(point) || leader)
            piece->space = true;
        else if (point != 0xAD && point != 0xFEFF) {
            if (unwrap->limit && piece->out->size + 5 > unwrap->limit)
                return false;
            put(unwrap, piece, point, at, next);
            size_t run = unwrap->row    ? next
                         : piece->whole ? plain_words(unwrap->text, next, span->end)
                                        : plain_run(unwrap, piece, next, span->end);
            if (run > next) {
                bytes_add(piece->out, unwrap->text + next, run - next);
                piece->last = (uint8_t)unwrap->text[run - 1];
                unwrap->end = next = run;
            }
        }
        unwrap->at = next;
    }
    return true;
}

/* Go back to the best border; a sentence end counts unless the piece would get very short. */
static void cut_back(struct unwrap *unwrap, struct piece *piece) {
    const struct border *border = &piece->sentence;
    if (border->out < unwrap->limit / 4)
        border = &piece->word;
    if (border->out < unwrap->limit / 4)
        return; /* one endless word: cut where we are */
    piece->out->size = border->out;
    unwrap->span = border->span;
    unwrap->at = border->at;
    unwrap->end = border->end;
}

static size_t skip_to_text(struct unwrap *unwrap) {
    size_t next;
    for (; unwrap->span < unwrap->count; unwrap->span++, unwrap->at = 0) {
        const struct span *span = &unwrap->spans[unwrap->span];
        unwrap->at = unwrap->at < span->begin ? span->begin : unwrap->at;
        for (; unwrap->at < span->end; unwrap->at = next) {
            uint32_t point = letters_at(unwrap->text, unwrap->at, span->end, &next);
            if (!letters_is_space(point) && point != 0xAD && point != 0xFEFF)
                return unwrap->at;
        }
    }
    return SIZE_MAX;
}

/* Does what is left fit under the limit? The text never gets longer by unwrapping. */
static bool fits(const struct unwrap *unwrap) {
    size_t room = unwrap->limit, first = unwrap->at;
    if (!room)
        return true;
    for (size_t i = unwrap->span; i < unwrap->count; i++, first = 0) {
        const struct span *span = &unwrap->spans[i];
        size_t size = span->end - (first > span->begin ? first : span->begin) + 8;
        if (size >= room)
            return false;
        room -= size;
    }
    return true;
}

/* The line in which the byte before unwrap->end lies. */
static uint64_t last_line(const struct unwrap *unwrap, size_t first) {
    size_t i = unwrap->span < unwrap->count ? unwrap->span : unwrap->count - 1;
    while (i > first && unwrap->spans[i].begin >= unwrap->end)
        i--;
    return unwrap->spans[i].line;
}

bool unwrap_next(struct unwrap *unwrap, struct bytes *out) {
    struct piece piece = {.out = out};
    bytes_reset(out);
    unwrap->begin = unwrap->end = skip_to_text(unwrap);
    if (unwrap->begin == SIZE_MAX)
        return false;
    size_t first = unwrap->span;
    piece.whole = fits(unwrap);
    unwrap->line_begin = unwrap->spans[first].line;
    while (unwrap->span < unwrap->count) {
        const struct span *span = &unwrap->spans[unwrap->span];
        unwrap->at = unwrap->at < span->begin ? span->begin : unwrap->at;
        if (!copy_line(unwrap, &piece, span)) {
            cut_back(unwrap, &piece);
            break;
        }
        if (++unwrap->span < unwrap->count)
            join_lines(unwrap, &piece, span, span + 1);
        unwrap->at = 0;
    }
    unwrap->line_end = last_line(unwrap, first);
    return !out->failed && out->size;
}
