/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/turn_carry.h"

#include "corpus/letters.h"
#include "corpus/line.h"
#include "corpus/turn_label.h"

#include <ctype.h>
#include <string.h>

enum {
    LABEL_BYTES = 48,
    APART_BYTES = 60, /* less than that, without a stop, is no sentence */
    TRANSCRIPT_TURNS = 4,
};

/* What a paragraph without a name is to the turn before it. */
enum follow { FOLLOW_ENDS, FOLLOW_APART, FOLLOW_MAY, FOLLOW_SURE };

/* "Conclusion", "Discussion about ...": the record speaks, not a person. */
static bool reports_outcome(const char *text, size_t size) {
    static const char *const words[] = {"conclusion", "conclusions", "discussion",
                                        "resolution", "consensus",   "adjourned",
                                        "decision",   "beschluss",   NULL};
    size_t end = 0;
    while (end < size && (letters_is_ascii((uint8_t)text[end]) || (text[end] & 0x80)))
        end++;
    return letters_among(text, 0, end, words);
}

static bool is_described(const char *text, size_t size) {
    return (*text == '(' && text[size - 1] == ')') || (*text == '[' && text[size - 1] == ']');
}

/* A word and a colon, or a line in brackets, is of the record, not of the speech; so is what is
 * too short for a sentence, such as the running head of a page, but that does not end the turn. */
static enum follow judge_follow(const char *before, size_t before_size, const char *text,
                                size_t size) {
    struct line line = {.begin = 0, .end = size}, last = {.begin = 0, .end = before_size};
    const char *colon = memchr(text, ':', size < LABEL_BYTES ? size : LABEL_BYTES);
    if (is_described(text, size) || *text == '<' || reports_outcome(text, size))
        return FOLLOW_ENDS;
    /* "... it needs paint": scribes of chats write so. */
    if (size > 4 && (!memcmp(text, "... ", 4) || !memcmp(text, "\xE2\x80\xA6 ", 4)))
        return FOLLOW_SURE;
    if (*text == '.')
        return FOLLOW_ENDS;
    uint32_t end = line_last(before, &last);
    bool open = end == ':' || end == ',';
    if (colon && colon + 1 < text + size && colon[1] == ' ' &&
        (isupper((unsigned char)*text) || !memchr(text, ' ', (size_t)(colon - text))))
        return FOLLOW_ENDS;
    if (open || (line_starts_lower(text, &line) && !line_ends_sentence(before, &last)))
        return FOLLOW_SURE;
    return size < APART_BYTES && !line_ends_sentence(text, &line) ? FOLLOW_APART : FOLLOW_MAY;
}

struct share {
    size_t turns, full, all; /* full: under more than initials or a first name */
};

/* "Note: ...", "(Laughter)", "Conclusion": neither a turn nor what goes on with one. */
static bool is_apart(const char *text, const struct passage *passage) {
    size_t size = passage->text_end - passage->text_begin;
    text += passage->text_begin;
    return !passage->opens_turn &&
           (!size || is_described(text, size) || reports_outcome(text, size) ||
            turn_label_read(text, size).worded);
}

static void count(struct share *share, const char *text, const struct passage *passage) {
    share->all += passage->kind == PASSAGE_PARAGRAPH && !is_apart(text, passage);
    if (passage->kind != PASSAGE_PARAGRAPH || !passage->opens_turn)
        return;
    share->turns++;
    share->full +=
        strchr(passage->speaker, ' ') && passage->speaker[strlen(passage->speaker) - 1] != ')';
}

static bool is_transcript(const struct document *document) {
    struct share share = {0, 0, 0};
    for (size_t i = 0; i < document->passage_count; i++)
        count(&share, (const char *)document->text.data, &document->passages[i]);
    return share.turns >= TRANSCRIPT_TURNS && share.turns * 10 >= share.all * 6;
}

/* Are two in three paragraphs from here to the next heading turns? */
static bool is_debate(const struct document *document, size_t i) {
    struct share share = {0, 0, 0};
    for (; i < document->passage_count && document->passages[i].kind != PASSAGE_HEADING; i++)
        count(&share, (const char *)document->text.data, &document->passages[i]);
    return (share.turns >= 2 && share.turns * 3 >= share.all * 2) ||
           (share.full >= 3 && share.full * 3 >= share.all);
}

struct turn {
    const struct passage *opened, *last; /* NULL: nobody's turn */
};

/* "[Ben] space for forty": whether Ben says it or asks for it, it is not the speaker's. */
static bool is_of_another(const char *text, const struct passage *passage) {
    text += passage->text_begin;
    if (*text != '[')
        return false;
    struct turn_label label =
        turn_label_read_item(text, passage->text_end - passage->text_begin, false);
    return label.form != TURN_NONE && !label.worded;
}

/* T6. */
static bool takes_item(const struct turn *turn, const struct passage *item, const char *text) {
    if (turn->opened->kind == PASSAGE_ITEM)
        return item->level > turn->opened->level;
    return turn->last->kind == PASSAGE_ITEM || text[turn->last->text_end - 1] == ':';
}

static bool takes(const struct turn *turn, const struct passage *passage, const char *text,
                  bool debate, bool *apart) {
    const struct passage *last = turn->last;
    *apart = false;
    if (passage->text_end == passage->text_begin || last->text_end == last->text_begin)
        return false;
    if (passage->kind == PASSAGE_ITEM)
        return takes_item(turn, passage, text) && !is_of_another(text, passage);
    if (passage->kind != PASSAGE_PARAGRAPH || turn->opened->kind == PASSAGE_ITEM)
        return false;
    size_t name = strlen(turn->opened->speaker);
    if (passage->text_end - passage->text_begin > name &&
        !memcmp(text + passage->text_begin, turn->opened->speaker, name))
        return false; /* "Ann Lee is the chair" is said about her */
    enum follow follow =
        judge_follow(text + last->text_begin, last->text_end - last->text_begin,
                     text + passage->text_begin, passage->text_end - passage->text_begin);
    *apart = follow == FOLLOW_APART;
    return follow == FOLLOW_SURE || (follow == FOLLOW_MAY && debate);
}

void turn_carry(struct document *document) {
    bool transcript = is_transcript(document), debate = transcript || is_debate(document, 0);
    const char *text = (const char *)document->text.data;
    struct turn turn = {NULL, NULL};
    for (size_t i = 0; i < document->passage_count; i++) {
        struct passage *passage = &document->passages[i];
        bool apart;
        if (passage->kind == PASSAGE_HEADING) {
            turn.opened = NULL;
            debate = transcript || is_debate(document, i + 1);
        } else if (passage->speaker) {
            turn.last = passage;
            turn.opened = passage->opens_turn || !turn.opened ? passage : turn.opened;
        } else if (turn.opened && takes(&turn, passage, text, debate, &apart)) {
            passage->speaker = turn.opened->speaker;
            turn.last = passage;
        } else if (turn.opened && !apart) {
            turn.opened = NULL;
        }
    }
}
