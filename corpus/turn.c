/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/turn.h"

#include "corpus/error.h"
#include "corpus/speaker_line.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LABEL_MAX = 48, LABEL_WORDS = 4, INITIALS_MAX = 4, NAME_TIMES = 3, INITIALS_TIMES = 2 };

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
    "items", "link", "links", "location", "meeting", "members", "minutes", "moderator",
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
        if (at == begin || ++words > LABEL_WORDS || is_label_word(text + begin, at - begin) ||
            !(isupper((unsigned char)text[begin]) || (text[begin] & 0x80)))
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

/* Names that are sure by their form alone, as in plain text: "The CHAIR:", "Mr. SMITH:". */
static int mark_sure(struct document *document) {
    for (size_t i = 0; i < document->passage_count; i++) {
        struct passage *passage = &document->passages[i];
        const char *text = (const char *)document->text.data + passage->text_begin;
        size_t size = passage->text_end - passage->text_begin;
        if (passage->speaker || passage->kind != PASSAGE_PARAGRAPH || !memchr(text, ':', size))
            continue;
        struct line_reader reader;
        struct line line;
        line_reader_init(&reader, text, size);
        if (!line_read(&reader, &line))
            continue;
        struct speaker_line name = speaker_line_read(text, &line);
        if (!speaker_line_named(&name) || !name.sure ||
            is_label_word(text + name.name_begin, name.name_end - name.name_begin))
            continue;
        passage->speaker =
            arena_text(&document->arena, text + name.name_begin, name.name_end - name.name_begin);
        if (!passage->speaker)
            return PLENARY_ENOMEM;
    }
    return 0;
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
    return status ? status : mark_sure(document);
}
