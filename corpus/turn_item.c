/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/turn_item.h"

#include "corpus/error.h"
#include "corpus/label_words.h"
#include "corpus/letters.h"
#include "corpus/name_order.h"
#include "corpus/spoken.h"
#include "corpus/turn_label.h"

#include <stdlib.h>
#include <string.h>

enum {
    LEVELS = 16,
    TOPIC_BYTES = 48, /* a label above a list is shorter */
    LABEL_WORDS = 3,
    DASH_TIMES = 3,
    RUN_LEAST = 3,
    TWICE = 2,
    NEAR = 40, /* passages */
    MET = 64,
};

/* An item that begins with what may be a name. */
struct named {
    struct turn_label label;
    const char *text; /* of the item */
    size_t size, passage;
    size_t parent; /* the item that it is below, plus one; 0: none */
    bool known, present, says, below, taken;
};

/* Of the bracketed items right below one item. */
struct tally {
    uint32_t all, says, known;
};

struct name {
    const char *text;
    size_t size;
};

struct items {
    struct document *document;
    const struct roster *roster;
    const char *heading; /* last looked at by is_below_tasks */
    bool tasks;          /* it is of tasks */
    struct named *list;  /* owned, in reading order */
    size_t count, capacity;
    struct name *names; /* owned: of who speaks in the record, sorted */
    size_t name_count;
    struct tally *tallies; /* owned, by parent */
    size_t *order;         /* owned: the list by name */
};

/* ---- words of a line ---- */

/* Call `is` on each word; how many there are, *hits for how many it holds. */
static size_t count_words(const char *text, size_t size, bool (*is)(const char *, size_t),
                          size_t *hits) {
    size_t count = 0;
    *hits = 0;
    for (size_t at = 0; at < size;) {
        size_t begin = at;
        while (at < size && (letters_is_ascii((uint8_t)text[at]) || (text[at] & 0x80)))
            at++;
        count += at > begin;
        *hits += at > begin && is(text + begin, at - begin);
        at += at < size;
    }
    return count;
}

static bool is_task_word(const char *word, size_t size) {
    static const char *const words[] = {"action",   "actions",  "todo",  "todos",
                                        "task",     "tasks",    "ai",    "ais",
                                        "aufgaben", "acciones", "steps", NULL};
    return letters_among(word, 0, size, words);
}

/* "Action items", "Next steps:": a name there is who shall do it. */
static bool names_tasks(const char *text, size_t size) {
    size_t hits;
    if (size > TOPIC_BYTES)
        return false;
    count_words(text, size, is_task_word, &hits);
    return hits > 0;
}

/* "Topics", "Issues of note:", any single word: what is below are the topics. */
static bool is_label(const char *text, size_t size) {
    size_t hits;
    if (!size || size > TOPIC_BYTES)
        return !size;
    size_t count = count_words(text, size, label_word, &hits);
    return count < TWICE || (hits && (count <= LABEL_WORDS || text[size - 1] == ':'));
}

/* ---- collecting ---- */

static int add(struct items *items, const struct named *named) {
    if (items->count == items->capacity) {
        size_t capacity = items->capacity ? items->capacity * 2 : 64;
        struct named *grown = reallocarray(items->list, capacity, sizeof *grown);
        if (!grown)
            return PLENARY_ENOMEM;
        items->list = grown;
        items->capacity = capacity;
    }
    items->list[items->count++] = *named;
    return 0;
}

/* By the last heading and by the item above. */
static bool is_below_tasks(struct items *items, const struct named *named) {
    const char *heading = items->document->passages[named->passage].heading;
    size_t size;
    if (heading && heading != items->heading) {
        items->heading = heading;
        const char *last = heading_last(heading);
        items->tasks = names_tasks(last, strlen(last));
    }
    if (heading && items->tasks)
        return true;
    if (!named->parent)
        return false;
    const char *text =
        passage_text(items->document, &items->document->passages[named->parent - 1], &size);
    return names_tasks(text, size);
}

static int read_item(struct items *items, size_t i, size_t parent) {
    const struct document *document = items->document;
    const struct passage *passage = &document->passages[i], *next = passage + 1;
    if (passage->speaker && !passage->opens_turn)
        return 0;
    struct named named = {.passage = i, .parent = parent, .taken = passage->opens_turn};
    named.text = passage_text(document, passage, &named.size);
    if (named.taken)
        return add(items, &named);
    bool above = i + 1 < document->passage_count && next->kind == PASSAGE_ITEM &&
                 next->level > passage->level;
    named.label = turn_label_read_item(named.text, named.size, above);
    if (named.label.form == TURN_NONE || named.label.worded ||
        roster_is_entry(items->roster, named.text, named.size) || is_below_tasks(items, &named))
        return 0;
    size_t at = named.label.text < named.size ? named.label.text : named.size;
    named.below = at == named.size && above;
    named.says =
        named.below || (named.label.mark != TURN_COMMA && spoken(named.text + at, named.size - at));
    return at == named.size && !named.below ? 0 : add(items, &named);
}

static int collect(struct items *items) {
    const struct document *document = items->document;
    size_t open[LEVELS] = {0}; /* the last item of each level, plus one */
    size_t deepest = 0;
    int status = 0;
    for (size_t i = 0; !status && i < document->passage_count; i++) {
        const struct passage *passage = &document->passages[i];
        if (passage->kind == PASSAGE_HEADING)
            for (; deepest; deepest--)
                open[deepest] = 0;
        if (passage->kind != PASSAGE_ITEM)
            continue;
        size_t level = passage->level < LEVELS ? passage->level : LEVELS - 1, above = level;
        while (above && !open[above - 1])
            above--;
        status = read_item(items, i, above ? open[above - 1] : 0);
        for (; deepest > level; deepest--)
            open[deepest] = 0;
        open[level] = i + 1;
        deepest = level;
    }
    return status;
}

/* ---- who is known ---- */

static int compare_names(const void *a, const void *b) {
    const struct name *x = a, *y = b;
    return name_compare(x->text, x->size, y->text, y->size);
}

/* Who speaks, and their first names. */
static int gather_names(struct items *items) {
    const struct document *document = items->document;
    size_t turns = 0;
    for (size_t i = 0; i < document->passage_count; i++)
        turns += document->passages[i].opens_turn;
    items->names = calloc(2 * turns + 1, sizeof *items->names);
    if (!items->names)
        return PLENARY_ENOMEM;
    const char *met[MET] = {NULL}; /* most dialogues have few speakers, and one string for each */
    for (size_t i = 0; i < document->passage_count; i++) {
        const char *speaker = document->passages[i].speaker, *space;
        if (!document->passages[i].opens_turn)
            continue;
        const char **last = &met[((uintptr_t)speaker >> 3) % MET];
        if (*last == speaker)
            continue;
        *last = speaker;
        items->names[items->name_count++] = (struct name){speaker, strlen(speaker)};
        if ((space = strchr(speaker, ' ')))
            items->names[items->name_count++] = (struct name){speaker, (size_t)(space - speaker)};
    }
    qsort(items->names, items->name_count, sizeof *items->names, compare_names);
    return 0;
}

/* A joined label needs all its names known. */
static void find_known(const struct items *items, struct named *named) {
    const struct person *person;
    size_t at = named->label.begin, size = 0;
    named->known = named->present = true;
    while ((size = turn_label_next(named->text, &named->label, &at, size))) {
        struct name name = {named->text + at, size};
        if (roster_find(items->roster, name.text, size, &person))
            continue;
        named->present = false;
        named->known &=
            bsearch(&name, items->names, items->name_count, sizeof name, compare_names) != NULL;
    }
}

static struct name name_of(const struct named *named) {
    return (struct name){named->text + named->label.begin, named->label.end - named->label.begin};
}

/* With a colon, without "@": turn.c has judged the name by itself. */
static bool is_plain(const struct named *named) {
    return named->label.mark == TURN_COLON && *named->text != '@';
}

/* ---- T7 ---- */

static bool is_topic(const struct items *items, size_t parent) {
    size_t size;
    const char *text;
    if (!parent)
        return false;
    text = passage_text(items->document, &items->document->passages[parent - 1], &size);
    struct turn_label label = turn_label_read_item(text, size, false);
    return (label.mark == TURN_BRACKETS && label.form != TURN_NONE) || !is_label(text, size);
}

static int compare_order(const void *a, const void *b, void *context) {
    const struct named *list = context;
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    struct name x_name = name_of(&list[x]), y_name = name_of(&list[y]);
    int order = compare_names(&x_name, &y_name);
    return order ? order : (x > y) - (x < y);
}

static bool is_bracketed(const struct named *named) {
    return named->label.mark == TURN_BRACKETS && !named->taken;
}

static void take_bracketed(struct items *items, struct named *named, size_t times) {
    const struct tally *tally = &items->tallies[named->parent];
    bool alone = tally->all<TWICE, among_known = tally->known * 2> tally->all;
    if (is_bracketed(named) && tally->says * 2 >= tally->all && is_topic(items, named->parent) &&
        (named->known || (!alone && (times >= TWICE || among_known))) && (named->says || !alone))
        named->taken = true;
}

static void count_bracketed(struct items *items) {
    for (size_t i = 0; i < items->count; i++) {
        const struct named *named = &items->list[i];
        if (!is_bracketed(named))
            continue;
        items->tallies[named->parent].all++;
        items->tallies[named->parent].says += named->says;
        items->tallies[named->parent].known += named->known;
    }
}

/* ---- T8 ---- */

/* "Ann, could you ...", "Ann, who chairs the group, ...", "Ann, Bob and Cleo". */
static bool comma_speaks(const struct named *named) {
    static const char *const words[] = {"who",  "whose",  "whom", "which", "and", "or",   "the",
                                        "a",    "an",     "of",   "from",  "as",  "with", "you",
                                        "your", "please", "et",   "und",   "y",   NULL};
    enum { LOOK_BYTES = 24 };
    size_t at = named->label.text,
           end = at + LOOK_BYTES < named->size ? at + LOOK_BYTES : named->size;
    size_t next;
    if (!letters_is_lower(letters_at(named->text, at, end, &next)))
        return false;
    for (size_t count = 0; at < end && count < 3; count++) {
        size_t begin = at;
        while (at < end && named->text[at] != ' ')
            at++;
        if (letters_among(named->text, begin, at, words) ||
            (!count && named->text[at - 1] == ',' && !spoken(named->text + begin, at - begin)))
            return false;
        at += at < end;
    }
    return true;
}

/* Not "Ann - Harbour Council", "Ann - next week", "Ann - 4 to 9 May", which tell where she is from
 * or when her turn is. */
static bool dash_speaks(const struct named *named) {
    enum { WORDS = 3 };
    const char *text = named->text + named->label.text;
    size_t size = named->size - named->label.text, words = 1;
    for (size_t i = 0; i < size; i++)
        words += text[i] == ' ';
    return (named->says || words >= WORDS) && *text != '(' && !letters_is_digit((uint8_t)*text) &&
           turn_label_says(named->text, named->size, &named->label);
}

static bool is_alone(const struct named *named) {
    return named->label.mark == TURN_ALONE && named->below;
}

/* In the same list stands another name above items, of somebody present: "Ann" and "Bob", each with
 * what they said, not "Outreach" with what there is to report. A name that is not on the list of
 * those present (as spelt there) stands there twice. */
static bool alternates(const struct items *items, size_t i) {
    const struct named *named = &items->list[i];
    struct name name = name_of(named);
    bool other = false, again = named->present;
    size_t first = i, last = i;
    while (first && items->list[first - 1].passage + NEAR > named->passage)
        first--;
    while (last + 1 < items->count && items->list[last + 1].passage < named->passage + NEAR)
        last++;
    for (size_t j = first; j <= last; j++) {
        const struct named *beside = &items->list[j];
        struct name beside_name = name_of(beside);
        if (j == i || beside->parent != named->parent || !is_alone(beside))
            continue;
        bool same = !compare_names(&name, &beside_name);
        again |= same;
        other |= !same && beside->present;
    }
    return other && again;
}

static bool is_known_turn(const struct items *items, size_t i) {
    const struct named *named = &items->list[i];
    /* Initials in front of a dash are as often an abbreviation. */
    if (named->taken || named->label.form == TURN_INITIALS)
        return false;
    if (is_alone(named))
        return alternates(items, i);
    if (!named->known)
        return false;
    switch (named->label.mark) {
    case TURN_DASH:
        return dash_speaks(named);
    case TURN_COMMA:
        return named->label.form != TURN_ACCOUNT && comma_speaks(named);
    case TURN_COLON:
        return *named->text == '@' && named->says; /* others with a colon are turn.c's to judge */
    default:
        return false;
    }
}

static void take_known(struct items *items) {
    size_t times[TURN_ALONE + 1] = {0};
    for (size_t i = 0; i < items->count; i++)
        if (is_known_turn(items, i))
            times[items->list[i].label.mark]++;
    for (size_t i = 0; i < items->count; i++) {
        struct named *named = &items->list[i];
        if (is_known_turn(items, i) &&
            (named->label.mark <= TURN_DASH || times[named->label.mark] >= TWICE))
            named->taken = true;
    }
}

/* ---- T9 ---- */

static bool in_run(const struct named *named) {
    return named->taken || named->label.mark == TURN_DASH || named->label.mark == TURN_COLON;
}

static bool are_near(const struct named *a, const struct named *b) {
    return in_run(b) && b->passage - a->passage <= 2;
}

static bool in_company(const struct items *items, size_t i) {
    return (i && in_run(&items->list[i - 1]) && are_near(&items->list[i - 1], &items->list[i])) ||
           (i + 1 < items->count && are_near(&items->list[i], &items->list[i + 1]));
}

static bool is_carried(const struct named *a, const struct named *b) {
    return turn_label_repeats(a->text + a->label.text, a->size - a->label.text,
                              b->text + b->label.text, b->size - b->label.text);
}

/* order[first, next): the items that begin with one name. */
static void take_name(struct items *items, size_t first, size_t next) {
    size_t times = 0, says = 0, company = 0;
    for (size_t i = first; i < next; i++) {
        const struct named *named = &items->list[items->order[i]];
        if (named->label.mark != TURN_DASH ||
            (i > first && is_carried(&items->list[items->order[i - 1]], named)))
            continue;
        times++;
        says += named->says;
        company += in_company(items, items->order[i]);
    }
    enum turn_form form = items->list[items->order[first]].label.form;
    bool speaks = form != TURN_JOINED && times >= DASH_TIMES + (form == TURN_ACCOUNT) &&
                  says * 3 >= times * 2 && company * 2 >= times;
    size_t bracketed = 0;
    for (size_t i = first; i < next; i++)
        bracketed += items->list[items->order[i]].label.mark == TURN_BRACKETS;
    for (size_t i = first; i < next; i++) {
        struct named *named = &items->list[items->order[i]];
        if (speaks && named->label.mark == TURN_DASH)
            named->taken = true;
        take_bracketed(items, named, bracketed);
    }
}

static void take_by_name(struct items *items) {
    size_t count = 0;
    for (size_t i = 0; i < items->count; i++)
        if (!items->list[i].taken &&
            (items->list[i].label.mark == TURN_DASH || items->list[i].label.mark == TURN_BRACKETS))
            items->order[count++] = i;
    qsort_r(items->order, count, sizeof *items->order, compare_order, items->list);
    for (size_t i = 0, next; i < count; i = next) {
        struct name name = name_of(&items->list[items->order[i]]);
        for (next = i + 1; next < count; next++) {
            struct name other = name_of(&items->list[items->order[next]]);
            if (compare_names(&name, &other))
                break;
        }
        take_name(items, i, next);
    }
}

/* ---- T10 ---- */

/* Is b the item after a in the same list, but for items below a? */
static bool are_beside(const struct items *items, const struct named *a, const struct named *b) {
    const struct passage *passages = items->document->passages;
    unsigned level = passages[a->passage].level;
    if (a->parent != b->parent || level != passages[b->passage].level)
        return false;
    for (size_t i = a->passage + 1; i < b->passage; i++)
        if (passages[i].kind != PASSAGE_ITEM || passages[i].level <= level)
            return false;
    return true;
}

struct run {
    size_t last; /* of the list */
    size_t count, taken, at_once;
};

static void add_to_run(struct run *run, const struct items *items, size_t i) {
    const struct named *named = &items->list[i];
    run->last = i;
    run->count++;
    run->taken += named->taken;
    run->at_once += !named->below && spoken_at_once(named->text + named->label.text,
                                                    named->size - named->label.text);
}

static struct run read_run(const struct items *items, size_t i) {
    const struct passage *passages = items->document->passages;
    struct run run = {i, 0, 0, 0};
    add_to_run(&run, items, i);
    for (size_t j = i + 1; j < items->count; j++) {
        const struct named *named = &items->list[j];
        if (in_run(named) && are_beside(items, &items->list[run.last], named))
            add_to_run(&run, items, j);
        else if (passages[named->passage].level <= passages[items->list[i].passage].level)
            break;
    }
    return run;
}

static void take_runs(struct items *items) {
    for (size_t i = 0, next; i < items->count; i = next) {
        next = i + 1;
        if (!in_run(&items->list[i]))
            continue;
        struct run run = read_run(items, i);
        if (run.count < RUN_LEAST || (run.taken * 2 < run.count && run.at_once * 3 < run.count * 2))
            continue;
        for (size_t j = i; j <= run.last; j++) {
            struct named *named = &items->list[j];
            named->taken |= in_run(named) && named->says && (!named->below || named->known) &&
                            named->parent == items->list[i].parent;
        }
        next = run.last + 1;
    }
}

/* ---- the whole ---- */

static int name_taken(struct items *items) {
    for (size_t i = 0; i < items->count; i++) {
        const struct named *named = &items->list[i];
        struct passage *passage = &items->document->passages[named->passage];
        struct name name = name_of(named);
        if (!named->taken || passage->speaker)
            continue;
        passage->speaker =
            roster_resolve(items->roster, &items->document->arena, name.text, name.size);
        if (!passage->speaker)
            return PLENARY_ENOMEM;
        passage->opens_turn = true;
    }
    return 0;
}

static int mark(struct items *items) {
    int status = collect(items);
    if (status || !items->count)
        return status;
    items->tallies = calloc(items->document->passage_count + 1, sizeof *items->tallies);
    items->order = calloc(items->count, sizeof *items->order);
    if (!items->tallies || !items->order || gather_names(items))
        return PLENARY_ENOMEM;
    for (size_t i = 0; i < items->count; i++)
        if (!items->list[i].taken && !is_plain(&items->list[i]))
            find_known(items, &items->list[i]);
    count_bracketed(items);
    take_known(items);
    take_by_name(items);
    take_runs(items);
    return name_taken(items);
}

int turn_item_mark(struct document *document, const struct roster *roster) {
    struct items items = {.document = document, .roster = roster};
    int status = mark(&items);
    free(items.list);
    free(items.names);
    free(items.tallies);
    free(items.order);
    return status;
}
