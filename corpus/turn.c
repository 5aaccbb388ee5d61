/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/turn.h"

#include "corpus/error.h"
#include "corpus/speaker_line.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    LABEL_MAX = 48,
    LABEL_WORDS = 4,
    INITIALS_MAX = 4,
    NAME_TIMES = 3,
    HANDLE_TIMES = 5,
    INITIALS_TIMES = 2,
    NAME_BYTES = 80,
    APART_BYTES = 60, /* less than that, without a stop, is no sentence */
    TRANSCRIPT_TURNS = 4,
};

/* Words that stand before a colon in minutes without being anybody's name. */
static const char *const label_words[] = {
    /* clang-format off */
    "action", "actions", "adopted", "agenda", "agreed", "ai", "also", "and", "announcement",
    "answer", "aob", "api", "apologies", "approved", "attendance", "attendees", "audio",
    "background", "cg", "chair", "chairs", "comment", "comments", "conclusion", "cons",
    "consensus", "context", "ctc", "date", "decision", "decisions", "details", "discussion",
    "document", "duration", "edit", "email", "eta", "example", "facilitator", "faq",
    "feedback", "from", "fyi", "github", "goal", "goals", "guests", "host", "how", "http",
    "https", "id", "idea", "if", "installation", "interested", "issue", "issues", "item",
    "items", "link", "links", "location", "meeting", "members", "merge", "minutes", "moderator",
    "moderators", "motivation", "name", "nb", "next", "no", "note", "noted", "notes",
    "notetaker", "notetakers", "observers", "option", "outcome", "owner", "participants",
    "phone", "poll", "posters", "pr", "present", "presenter", "problem", "proposal",
    "proposals", "pros", "ps", "psa", "purpose", "question", "questions", "rationale",
    "recording", "reference", "references", "regrets", "related", "remote", "report",
    "resolution", "resolved", "result", "results", "reviewers", "rfc", "scribe", "scribes",
    "see", "session", "slides", "so", "solution", "source", "stage", "status", "step",
    "steps", "subject", "summary", "the", "this", "time", "title", "tldr", "to", "todo",
    "topic", "topics", "tsc", "type", "update", "updates", "url", "version", "video", "vote",
    "warning", "we", "wg", "what", "when", "where", "who", "why", "yes", "zoom",
    /* clang-format on */
};

static bool is_label_word(const char *word, size_t size) {
    for (size_t i = 0; i < sizeof label_words / sizeof *label_words; i++)
        if (strlen(label_words[i]) == size && !strncasecmp(label_words[i], word, size))
            return true;
    return false;
}

static bool is_word_byte(unsigned char byte) {
    return isalnum(byte) || byte >= 0x80 || byte == '\'' || byte == '-' || byte == '.';
}

/* Capitalised words up to a colon that text follows: the size of the name, else 0. Letters beyond
 * ASCII count as either case. */
static size_t label_size(const char *text, size_t size) {
    const char *colon = memchr(text, ':', size < LABEL_MAX ? size : LABEL_MAX);
    if (!colon || (size_t)(colon - text) + 2 >= size || colon[1] != ' ')
        return 0;
    size_t end = (size_t)(colon - text);
    unsigned words = 0;
    for (size_t at = 0; at < end;) {
        size_t begin = at;
        while (at < end && is_word_byte((unsigned char)text[at]))
            at++;
        bool capital = isupper((unsigned char)text[begin]) || (text[begin] & 0x80);
        if (at == begin || ++words > LABEL_WORDS || is_label_word(text + begin, at - begin) ||
            !(capital || (at == end && !begin)))
            return 0;
        if (at < end && text[at++] != ' ')
            return 0;
    }
    return end >= 2 ? end : 0;
}

static bool is_initials(const char *label, size_t size) {
    if (size < 2 || size > INITIALS_MAX)
        return false;
    for (size_t i = 0; i < size; i++)
        if (!isupper((unsigned char)label[i]))
            return false;
    return true;
}

bool turn_starts(const char *text, size_t size) {
    return is_initials(text, label_size(text, size));
}

struct label {
    const char *text;
    size_t size, passage;
};

static int compare_labels(const void *a, const void *b) {
    const struct label *x = a, *y = b;
    size_t size = x->size < y->size ? x->size : y->size;
    int order = memcmp(x->text, y->text, size);
    if (!order)
        order = (x->size > y->size) - (x->size < y->size);
    return order ? order : (x->passage > y->passage) - (x->passage < y->passage);
}

static bool same_label(const struct label *a, const struct label *b) {
    return a->size == b->size && !memcmp(a->text, b->text, a->size);
}

/* "(AKI)" or a table's "| AKI". */
static bool is_explained(const struct document *document, const struct label *label) {
    char form[INITIALS_MAX + 3];
    const char *text = (const char *)document->text.data;
    form[0] = '(';
    memcpy(form + 1, label->text, label->size);
    form[label->size + 1] = ')';
    if (memmem(text, document->text.size, form, label->size + 2))
        return true;
    memcpy(form, "| ", 2);
    memcpy(form + 2, label->text, label->size);
    return memmem(text, document->text.size, form, label->size + 2) != NULL;
}

static bool is_speaker(const struct document *document, const struct label *label, size_t times,
                       unsigned *searches) {
    if (islower((unsigned char)*label->text))
        return times >= HANDLE_TIMES;
    if (!is_initials(label->text, label->size))
        return times >= NAME_TIMES;
    /* The search reads the whole text: not for every label of a hostile document. */
    return times >= INITIALS_TIMES || (++*searches <= 200 && is_explained(document, label));
}

static size_t collect(const struct document *document, struct label *labels) {
    size_t count = 0;
    for (size_t i = 0; i < document->passage_count; i++) {
        const struct passage *passage = &document->passages[i];
        const char *text = (const char *)document->text.data + passage->text_begin;
        if (passage->speaker ||
            (passage->kind != PASSAGE_PARAGRAPH && passage->kind != PASSAGE_ITEM))
            continue;
        size_t size = label_size(text, passage->text_end - passage->text_begin);
        if (size)
            labels[count++] = (struct label){text, size, i};
    }
    return count;
}

/* "HON. A. B. NAME.- Order!": the size of the name, else 0. */
static size_t hansard_name_size(const char *text, size_t size) {
    static const char *const titles[] = {"HON.", "MR.",    "MRS.", "MS.",
                                         "DR.",  "MADAM ", "MR ",  NULL};
    bool titled = false;
    for (size_t i = 0; titles[i] && !titled; i++)
        titled = size > strlen(titles[i]) && !memcmp(text, titles[i], strlen(titles[i]));
    const char *end = titled ? memmem(text, size < NAME_BYTES ? size : NAME_BYTES, ".-", 2) : NULL;
    if (!end)
        return 0;
    for (const char *at = text; at < end; at++)
        if (islower((unsigned char)*at) || *at == ':')
            return 0;
    return (size_t)(end - text);
}

/* A name that is sure by its form alone, as in plain text: "The CHAIR:", "Mr. SMITH:". */
static bool find_sure(const char *text, size_t size, size_t *begin, size_t *end) {
    struct line_reader reader;
    struct line line;
    *begin = 0;
    if ((*end = hansard_name_size(text, size)))
        return true;
    if (!memchr(text, ':', size))
        return false;
    line_reader_init(&reader, text, size);
    if (!line_read(&reader, &line))
        return false;
    struct speaker_line name = speaker_line_read(text, &line);
    *begin = name.name_begin;
    *end = name.name_end;
    return speaker_line_named(&name) && name.sure && !is_label_word(text + *begin, *end - *begin);
}

static int mark_sure(struct document *document) {
    for (size_t i = 0; i < document->passage_count; i++) {
        struct passage *passage = &document->passages[i];
        const char *text = (const char *)document->text.data + passage->text_begin;
        size_t begin, end;
        if (passage->speaker || passage->kind != PASSAGE_PARAGRAPH ||
            !find_sure(text, passage->text_end - passage->text_begin, &begin, &end))
            continue;
        passage->speaker = arena_text(&document->arena, text + begin, end - begin);
        if (!passage->speaker)
            return PLENARY_ENOMEM;
    }
    return 0;
}

/* ---- turns of several paragraphs ---- */

/* What a paragraph without a name is to the turn before it. */
enum follow { FOLLOW_ENDS, FOLLOW_APART, FOLLOW_MAY, FOLLOW_SURE };

/* A word and a colon, or a line in brackets, is of the record, not of the speech; so is what is
 * too short for a sentence, such as the running head of a page, but that does not end the turn. */
static enum follow judge_follow(const char *before, size_t before_size, const char *text,
                                size_t size) {
    struct line line = {.begin = 0, .end = size}, last = {.begin = 0, .end = before_size};
    const char *colon = memchr(text, ':', size < LABEL_MAX ? size : LABEL_MAX);
    if ((*text == '(' && text[size - 1] == ')') || (*text == '[' && text[size - 1] == ']') ||
        *text == '<' || *text == '.')
        return FOLLOW_ENDS;
    if (colon && colon + 1 < text + size && colon[1] == ' ' &&
        (isupper((unsigned char)*text) || !memchr(text, ' ', (size_t)(colon - text))))
        return FOLLOW_ENDS;
    uint32_t end = line_last(before, &last);
    bool open = end == ':' || end == ',';
    if (open || (line_starts_lower(text, &line) && !line_ends_sentence(before, &last)))
        return FOLLOW_SURE;
    return size < APART_BYTES && !line_ends_sentence(text, &line) ? FOLLOW_APART : FOLLOW_MAY;
}

/* Do most paragraphs begin with a name? With initials, typed by hand, notes stand among them. */
static bool is_transcript(const struct document *document) {
    size_t named = 0, all = 0;
    for (size_t i = 0; i < document->passage_count; i++) {
        const struct passage *passage = &document->passages[i];
        all += passage->kind == PASSAGE_PARAGRAPH;
        named += passage->kind == PASSAGE_PARAGRAPH && passage->speaker &&
                 strlen(passage->speaker) > INITIALS_MAX;
    }
    return named >= TRANSCRIPT_TURNS && named * 10 >= all * 6;
}

static void carry_turns(struct document *document) {
    bool transcript = is_transcript(document);
    const struct passage *turn = NULL; /* the last paragraph of it */
    for (size_t i = 0; i < document->passage_count; i++) {
        struct passage *passage = &document->passages[i];
        const char *text = (const char *)document->text.data;
        if (passage->kind != PASSAGE_PARAGRAPH)
            turn = NULL;
        else if (passage->speaker)
            turn = passage;
        else if (turn && turn->text_end > turn->text_begin) {
            enum follow follow =
                judge_follow(text + turn->text_begin, turn->text_end - turn->text_begin,
                             text + passage->text_begin, passage->text_end - passage->text_begin);
            if (follow == FOLLOW_SURE || (follow == FOLLOW_MAY && transcript)) {
                passage->speaker = turn->speaker;
                turn = passage;
            } else if (follow != FOLLOW_APART)
                turn = NULL;
        }
    }
}

static int mark_repeated(struct document *document) {
    if (!document->passage_count)
        return 0;
    struct label *labels = calloc(document->passage_count, sizeof *labels);
    if (!labels)
        return PLENARY_ENOMEM;
    size_t count = collect(document, labels);
    unsigned searches = 0;
    int status = 0;
    qsort(labels, count, sizeof *labels, compare_labels);
    for (size_t i = 0, next; i < count && !status; i = next) {
        for (next = i + 1; next < count && same_label(&labels[i], &labels[next]); next++)
            ;
        if (!is_speaker(document, &labels[i], next - i, &searches))
            continue;
        const char *name = arena_text(&document->arena, labels[i].text, labels[i].size);
        status = name ? 0 : PLENARY_ENOMEM;
        for (size_t j = i; j < next; j++)
            document->passages[labels[j].passage].speaker = name;
    }
    free(labels);
    return status;
}

int turn_mark(struct document *document) {
    int status = mark_repeated(document);
    if (!status)
        status = mark_sure(document);
    if (!status)
        carry_turns(document);
    return status;
}
