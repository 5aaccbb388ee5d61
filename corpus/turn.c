/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/turn.h"

#include "corpus/error.h"
#include "corpus/initials.h"
#include "corpus/label_words.h"
#include "corpus/name_order.h"
#include "corpus/roster.h"
#include "corpus/speaker_line.h"
#include "corpus/turn_carry.h"
#include "corpus/turn_item.h"
#include "corpus/turn_label.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
    NAME_TIMES = 3,
    ACCOUNT_TIMES = 4,
    INITIALS_TIMES = 2,
    MANY_TURNS = 10,
    CHAT_BYTES = 32,
    NAME_BYTES = 80,
};

/* A passage that begins with what may be who speaks. */
struct candidate {
    struct turn_label label;
    const char *text; /* of the passage */
    size_t size, passage;
    uint64_t key; /* the first eight letters of the name, to sort by */
    bool says, taken;
};

/* One name and the candidates that begin with it: labels[first..first+times). */
struct name {
    size_t first, times;
};

struct marking {
    struct document *document;
    struct roster roster;
    struct candidate *candidates; /* owned; in reading order */
    size_t count, capacity;
    size_t *order; /* owned; candidates by name */
    bool several;  /* candidates of more than one name */
};

static bool may_open(const struct passage *passage) {
    return passage->kind == PASSAGE_PARAGRAPH || passage->kind == PASSAGE_ITEM;
}

bool turn_starts(const char *text, size_t size) {
    struct turn_label label = turn_label_read(text, size);
    return label.form != TURN_NONE && !label.worded;
}

/* ---- candidates ---- */

static int add_candidate(struct marking *marking, const struct candidate *candidate) {
    if (marking->count == marking->capacity) {
        size_t capacity = marking->capacity ? marking->capacity * 2 : 64;
        struct candidate *grown =
            realloc(marking->candidates, capacity * sizeof *marking->candidates);
        if (!grown)
            return PLENARY_ENOMEM;
        marking->candidates = grown;
        marking->capacity = capacity;
    }
    marking->candidates[marking->count++] = *candidate;
    return 0;
}

static const char *name_of(const struct candidate *candidate, size_t *size) {
    *size = candidate->label.end - candidate->label.begin;
    return candidate->text + candidate->label.begin;
}

static int collect(struct marking *marking) {
    const struct document *document = marking->document;
    int status = 0;
    for (size_t i = 0; !status && i < document->passage_count; i++) {
        struct candidate candidate = {.passage = i};
        const struct passage *passage = &document->passages[i];
        if (passage->speaker || !may_open(passage))
            continue;
        candidate.text = passage_text(document, &document->passages[i], &candidate.size);
        candidate.label = turn_label_read(candidate.text, candidate.size);
        if (candidate.label.form == TURN_NONE)
            continue;
        candidate.says = turn_label_says(candidate.text, candidate.size, &candidate.label);
        candidate.key = name_key(candidate.text + candidate.label.begin,
                                 candidate.label.end - candidate.label.begin);
        status = add_candidate(marking, &candidate);
    }
    return status;
}

static int compare_names(const struct candidate *a, const struct candidate *b) {
    size_t a_size, b_size;
    const char *a_name = name_of(a, &a_size), *b_name = name_of(b, &b_size);
    return name_compare_keys(a->key, a_name, a_size, b->key, b_name, b_size);
}

static int compare_order(const void *a, const void *b, void *context) {
    const struct candidate *candidates = context;
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    int order = compare_names(&candidates[x], &candidates[y]);
    return order ? order : (x > y) - (x < y);
}

/* ---- who is a speaker ---- */

static bool is_near(const struct marking *marking, size_t i, size_t j, size_t far) {
    const struct candidate *a = &marking->candidates[i], *b = &marking->candidates[j];
    size_t apart = a->passage > b->passage ? a->passage - b->passage : b->passage - a->passage;
    return apart <= far && !b->label.worded;
}

/* Does a name stand at the passage before or behind, an unnamed one between at the most? */
static bool in_company(const struct marking *marking, size_t i, bool taken) {
    const struct candidate *candidates = marking->candidates;
    return (i && is_near(marking, i, i - 1, 2) && (!taken || candidates[i - 1].taken)) ||
           (i + 1 < marking->count && is_near(marking, i, i + 1, 2) &&
            (!taken || candidates[i + 1].taken));
}

struct evidence {
    size_t times, says, company;
};

static bool is_carried(const struct candidate *a, const struct candidate *b) {
    return turn_label_repeats(a->text + a->label.text, a->size - a->label.text,
                              b->text + b->label.text, b->size - b->label.text);
}

static struct evidence weigh(const struct marking *marking, const struct name *name) {
    struct evidence evidence = {0, 0, 0};
    for (size_t i = name->first; i < name->first + name->times; i++) {
        size_t at = marking->order[i];
        if (i > name->first &&
            is_carried(&marking->candidates[marking->order[i - 1]], &marking->candidates[at]))
            continue;
        evidence.times++;
        evidence.says += marking->candidates[at].says;
        evidence.company += in_company(marking, at, false);
    }
    return evidence;
}

/* T1: a joined label needs all its names known. */
static bool is_known(const struct marking *marking, const struct candidate *candidate) {
    const struct person *person;
    size_t at = candidate->label.begin, size = 0;
    while ((size = turn_label_next(candidate->text, &candidate->label, &at, size)))
        if (!roster_find(&marking->roster, candidate->text + at, size, &person))
            return false;
    return true;
}

static bool is_speaker(const struct marking *marking, const struct name *name) {
    const struct candidate *candidate = &marking->candidates[marking->order[name->first]];
    struct evidence evidence = weigh(marking, name);
    if (evidence.says * 2 < evidence.times)
        return false;
    if (is_known(marking, candidate))
        return true;
    if (candidate->label.worded)
        return false;
    switch (candidate->label.form) {
    case TURN_INITIALS:
        return evidence.times >= INITIALS_TIMES;
    case TURN_NAME:
        return evidence.times >= NAME_TIMES && evidence.company * 2 >= evidence.times &&
               marking->several;
    case TURN_ACCOUNT:
        return evidence.times >= ACCOUNT_TIMES && evidence.company * 2 >= evidence.times &&
               marking->several;
    default:
        return false;
    }
}

static void take_repeated(struct marking *marking) {
    for (size_t i = 0, next; i < marking->count; i = next) {
        const struct candidate *first = &marking->candidates[marking->order[i]];
        for (next = i + 1; next < marking->count; next++)
            if (compare_names(first, &marking->candidates[marking->order[next]]))
                break;
        struct name name = {i, next - i};
        if (!is_speaker(marking, &name))
            continue;
        for (size_t j = i; j < next; j++)
            marking->candidates[marking->order[j]].taken = true;
    }
}

static bool is_taken_name(const struct marking *marking, const char *text, size_t size) {
    for (size_t i = 0; i < marking->count; i++) {
        size_t other;
        const char *name = name_of(&marking->candidates[i], &other);
        if (marking->candidates[i].taken && other == size && !memcmp(name, text, size))
            return true;
    }
    return false;
}

static bool is_taken_near(const struct marking *marking, size_t i, size_t j, size_t far) {
    return marking->candidates[j].taken && is_near(marking, i, j, far);
}

/* One word, between turns: "Pascal: I agree" in a record full of "Lee:" and "Andi:". */
static bool is_rare_name(const struct marking *marking, size_t i, size_t taken) {
    const struct candidate *candidate = &marking->candidates[i];
    size_t size;
    const char *name = name_of(candidate, &size);
    bool account = candidate->label.form == TURN_ACCOUNT;
    return taken >= (account ? 2 * MANY_TURNS : MANY_TURNS) && !memchr(name, ' ', size) &&
           (account || candidate->label.form == TURN_NAME) && i && i + 1 < marking->count &&
           is_taken_near(marking, i, i - 1, 2) && is_taken_near(marking, i, i + 1, 2);
}

/* The second parts of T2 and T3, for what occurs but once or twice: next to turns that are sure.
 * The searches read all candidates, so there are not many of them. */
static void take_rare(struct marking *marking) {
    unsigned searches = 0;
    size_t taken = 0;
    for (size_t i = 0; i < marking->count; i++)
        taken += marking->candidates[i].taken;
    for (size_t i = 0; i < marking->count; i++) {
        struct candidate *candidate = &marking->candidates[i];
        enum turn_form form = candidate->label.form;
        if (candidate->taken || candidate->label.worded || !candidate->says ||
            !in_company(marking, i, true))
            continue;
        if (form == TURN_INITIALS || is_rare_name(marking, i, taken))
            candidate->taken = true;
        if (form != TURN_JOINED)
            continue;
        bool all = true;
        size_t at = candidate->label.begin, size = 0;
        const struct person *person;
        while (all && (size = turn_label_next(candidate->text, &candidate->label, &at, size)))
            all = roster_find(&marking->roster, candidate->text + at, size, &person) ||
                  (++searches < 100 && is_taken_name(marking, candidate->text + at, size));
        candidate->taken = all;
    }
}

/* ---- sure by form ---- */

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

/* T4. */
static bool find_sure(const char *text, size_t size, size_t *begin, size_t *end) {
    struct line_reader reader;
    struct line line;
    *begin = 0;
    if ((*end = hansard_name_size(text, size)))
        return true;
    if (!memchr(text, ':', size < 120 ? size : 120) && *text != '<')
        return false;
    line_reader_init(&reader, text, size);
    if (!line_read(&reader, &line))
        return false;
    struct speaker_line name = speaker_line_read(text, &line);
    *begin = name.name_begin;
    *end = name.name_end;
    if (initials_at(text + *begin, *end - *begin) == *end - *begin || !speaker_line_named(&name) ||
        !name.sure || label_word(text + *begin, *end - *begin))
        return false;
    if (*end < size && text[*end] == '>')
        return true; /* of a chat, whatever is said */
    const char *colon = memchr(text + *end, ':', size - *end);
    struct turn_label label = {.text = colon ? (size_t)(colon - text) + 1 : *end};
    while (label.text < size && text[label.text] == ' ')
        label.text++;
    /* Nothing behind the colon: what is said follows. */
    return label.text == size || turn_label_says(text, size, &label);
}

/* ---- names ---- */

/* T4: chats, by the person of the list; other forms as they are printed. */
static int mark_sure(struct marking *marking) {
    struct document *document = marking->document;
    for (size_t i = 0; i < document->passage_count; i++) {
        struct passage *passage = &document->passages[i];
        size_t size, begin, end, chat;
        const char *text = passage_text(document, &document->passages[i], &size);
        if (passage->speaker || !may_open(passage))
            continue;
        if ((chat = turn_label_chat(text, size, &begin)))
            passage->speaker =
                roster_resolve(&marking->roster, &marking->document->arena, text + begin, chat);
        else if (passage->kind == PASSAGE_PARAGRAPH && find_sure(text, size, &begin, &end))
            passage->speaker = arena_text(&document->arena, text + begin,
                                          turn_label_strip(text + begin, end - begin));
        else
            continue;
        if (!passage->speaker)
            return PLENARY_ENOMEM;
        passage->opens_turn = true;
    }
    return 0;
}

/* Give the candidates taken their speaker: one copy of each name. */
static int name_taken(struct marking *marking) {
    const char *name = NULL;
    const struct candidate *last = NULL;
    for (size_t i = 0; i < marking->count; i++) {
        const struct candidate *candidate = &marking->candidates[marking->order[i]];
        if (!candidate->taken)
            continue;
        if (!last || compare_names(last, candidate)) {
            size_t size;
            const char *text = name_of(candidate, &size);
            name = roster_resolve(&marking->roster, &marking->document->arena, text, size);
            if (!name)
                return PLENARY_ENOMEM;
            last = candidate;
        }
        struct passage *passage = &marking->document->passages[candidate->passage];
        passage->speaker = name;
        passage->opens_turn = true;
    }
    return 0;
}

/* A space, or a no-break space as two bytes: its size, else 0. */
static size_t space_size(const char *at, const char *end) {
    return *at == ' ' ? 1 : end - at > 1 && !memcmp(at, "\xC2\xA0", 2) ? 2 : 0;
}

static bool begins_with(const char *text, size_t size, const char *name) {
    const char *nick = size && (*text == '<' || *text == '[' || isdigit((unsigned char)*text))
                           ? memchr(text, '<', size < CHAT_BYTES ? size : CHAT_BYTES)
                           : NULL;
    size -= nick ? (size_t)(nick - text) : 0;
    text = nick ? nick : text;
    while (size && (*text == '<' || *text == '*' || *text == '_' || *text == '[')) {
        text++;
        size--;
    }
    const char *end = text + size;
    while (text < end && *name) {
        size_t spaces = space_size(text, end);
        if (*text != *name && !(spaces && *name == ' '))
            return false;
        text += spaces ? 0 : 1;
        name++;
        for (; spaces; spaces = text < end ? space_size(text, end) : 0)
            text += spaces;
    }
    return !*name;
}

/* A name as it is printed in running text: no double spaces. NULL when out of memory. */
static const char *single_spaced(struct arena *arena, const char *name) {
    if (!strstr(name, "  ") && !strstr(name, "\xC2\xA0"))
        return name;
    char *copy = arena_string(arena, name), *out = copy;
    for (const char *at = copy, *end = copy ? copy + strlen(copy) : NULL; at < end;) {
        size_t space = space_size(at, end);
        if (!space)
            *out++ = *at++;
        else if (out > copy && out[-1] != ' ')
            *out++ = ' ';
        at += space;
    }
    if (copy)
        *out = '\0';
    return copy;
}

/* "President: Mr. Smith (Ruritania)": who held an office, not what was said. */
static bool lists_office(const char *text, size_t size, const char *speaker) {
    size_t length = strlen(speaker);
    if (strchr(speaker, ' ') || size < length + 2 || memcmp(text, speaker, length) != 0 ||
        text[length] != ':')
        return false;
    struct turn_label label = {.text = length + 2};
    return !turn_label_says(text, size, &label);
}

/* One word, not in capitals and not of a chat: "Kurzum: ...", "Barnabas: ...". */
static bool is_doubtful(const struct document *document, size_t i) {
    const struct passage *passage = &document->passages[i];
    size_t size;
    const char *text = passage_text(document, &document->passages[i], &size),
               *name = passage->speaker;
    bool capitals = true;
    for (const char *at = name; *at; at++) {
        if (*at == ' ')
            return false;
        capitals &= !islower((unsigned char)*at);
    }
    return !capitals && *text == *name && begins_with(text, size, name);
}

static bool occurs_again(const struct document *document, const char *speaker) {
    for (size_t i = 0; i < document->passage_count; i++) {
        const char *other = document->passages[i].speaker;
        if (other && other != speaker && !strcmp(other, speaker))
            return true;
    }
    return false;
}

/* A doubtful name that occurs but once is a word of the speaker before. The searches read all
 * passages, so there are not many of them. */
static void drop_doubtful(struct document *document) {
    const char *before = NULL, *dropped = NULL, *kept = NULL;
    unsigned searches = 0;
    for (size_t i = 0; i < document->passage_count; i++) {
        struct passage *passage = &document->passages[i];
        if (passage->speaker && !passage->opens_turn && passage->speaker != dropped &&
            passage->speaker != kept && searches < 200 && is_doubtful(document, i)) {
            searches++;
            if (occurs_again(document, passage->speaker))
                kept = passage->speaker;
            else
                dropped = passage->speaker;
        }
        if (passage->speaker && passage->speaker == dropped)
            passage->speaker = before;
        else if (passage->speaker)
            before = passage->speaker;
    }
}

/* Speakers that the reader found: which passages open their turns, by the name at the beginning or
 * because another one spoke before, and their names in full. */
static int complete_given(struct marking *marking) {
    struct document *document = marking->document;
    const char *given = NULL, *printed = NULL, *name = NULL, *marked = "";
    for (size_t i = 0; i < document->passage_count; i++) {
        struct passage *passage = &document->passages[i];
        size_t size;
        const char *text = passage_text(document, &document->passages[i], &size);
        if (passage->speaker && passage->opens_turn)
            marked = passage->speaker; /* by an earlier turn_mark, and so what goes on */
        if (!passage->speaker || passage->opens_turn || !strcmp(passage->speaker, marked))
            continue;
        if (lists_office(text, size, passage->speaker)) {
            passage->speaker = NULL;
            continue;
        }
        bool changed =
            !given || (passage->speaker != given && strcmp(passage->speaker, given) != 0);
        if (passage->speaker != given) {
            given = passage->speaker;
            printed = single_spaced(&document->arena, given);
            name = printed ? roster_resolve(&marking->roster, &marking->document->arena, printed,
                                            turn_label_strip(printed, strlen(printed)))
                           : NULL;
        }
        if (!name)
            return PLENARY_ENOMEM;
        passage->opens_turn = changed || begins_with(text, size, printed);
        passage->speaker = name;
    }
    return 0;
}

static int mark(struct marking *marking) {
    int status = roster_read(&marking->roster, marking->document);
    if (!status)
        drop_doubtful(marking->document);
    if (!status)
        status = complete_given(marking);
    if (!status)
        status = collect(marking);
    if (!status && marking->count) {
        marking->order = malloc(marking->count * sizeof *marking->order);
        if (!marking->order)
            return PLENARY_ENOMEM;
        for (size_t i = 0; i < marking->count; i++)
            marking->order[i] = i;
        qsort_r(marking->order, marking->count, sizeof *marking->order, compare_order,
                marking->candidates);
        marking->several = compare_names(&marking->candidates[marking->order[0]],
                                         &marking->candidates[marking->order[marking->count - 1]]);
        take_repeated(marking);
        take_rare(marking);
        status = name_taken(marking);
    }
    if (!status)
        status = mark_sure(marking);
    return status ? status : turn_item_mark(marking->document, &marking->roster);
}

int turn_mark(struct document *document) {
    struct marking marking = {.document = document};
    int status = mark(&marking);
    if (!status)
        turn_carry(document);
    roster_free(&marking.roster);
    free(marking.candidates);
    free(marking.order);
    return status;
}

/* Names in full and turns of the speakers there are. */
static int mark_given(struct document *document) {
    struct marking marking = {.document = document};
    int status = roster_read(&marking.roster, document);
    if (!status)
        status = complete_given(&marking);
    roster_free(&marking.roster);
    return status;
}

int turn_mark_unless_given(struct document *document) {
    for (size_t i = 0; i < document->passage_count; i++)
        if (document->passages[i].speaker)
            return mark_given(document);
    return turn_mark(document);
}
