/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/roster.h"

#include "corpus/error.h"
#include "corpus/initials.h"
#include "corpus/label_words.h"
#include "corpus/letters.h"
#include "corpus/name_order.h"
#include "corpus/word_set.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    PEOPLE_MAX = 2000, /* a hostile document must not make the list long */
    NAME_WORDS = 5,
    LIST_BYTES = 4000,
    ALONE_BYTES = 30,
};

struct roster_key {
    const char *text;
    size_t size;
    uint64_t start; /* its first letters, to sort by: name_key */
    uint32_t person;
    bool initials;           /* only in capitals */
    char made[INITIALS_MAX]; /* the text of initials made from a name */
};

/* ---- names ---- */

struct words {
    const char *begin, *end; /* of the name */
    const char *first_end, *last;
    unsigned count;
};

static bool is_name_byte(unsigned char byte) {
    return letters_is_ascii(byte) || byte >= 0x80 || byte == '\'' || byte == '-' || byte == '.';
}

/* "van", "de la": small words within a name. */
static bool is_particle(const char *word, size_t size) {
    static const char *const particles[] = {"de",  "del", "la", "van", "von", "der", "den", "da",
                                            "dos", "du",  "al", "bin", "ten", "di",  "le",  NULL};
    return letters_among(word, 0, size, particles);
}

static bool starts_upper(const char *word, const char *end) {
    size_t next;
    uint32_t point = letters_at(word, 0, (size_t)(end - word), &next);
    return letters_is_letter(point) && !letters_is_lower(point);
}

/* The capitalised words that `text` begins with, as a name. */
static struct words name_at(const char *text, const char *end) {
    struct words words = {text, text, text, text, 0};
    const char *at = text;
    while (at < end && words.count < NAME_WORDS) {
        const char *word = at;
        while (at < end && is_name_byte((unsigned char)*at))
            at++;
        size_t size = (size_t)(at - word);
        bool particle = words.count && is_particle(word, size);
        if (!size || (!particle && !starts_upper(word, at)))
            break;
        if (!particle) {
            words.end = at;
            words.last = word;
            words.first_end = words.count++ ? words.first_end : at;
        }
        if (at == end || *at != ' ')
            break;
        at++;
    }
    return words;
}

/* The name that ends before `end`, within `text`. */
static struct words name_before(const char *text, const char *end) {
    const char *begin = end;
    struct words none = {NULL, NULL, NULL, NULL, 0}, words = none;
    for (unsigned count = 0; count <= NAME_WORDS; count++) {
        const char *word = begin;
        while (word > text && is_name_byte((unsigned char)word[-1]))
            word--;
        if (word == begin)
            break;
        bool particle = is_particle(word, (size_t)(begin - word));
        if (!particle && !starts_upper(word, begin))
            break;
        if (!particle)
            words.begin = word;
        if (word == text || word[-1] != ' ')
            break;
        begin = word - 1;
    }
    return words.begin ? name_at(words.begin, end) : none;
}

/* ---- building ---- */

static bool grow(void **array, size_t count, size_t *capacity, size_t each) {
    if (count < *capacity)
        return true;
    size_t larger = *capacity ? *capacity * 2 : 64;
    void *grown = realloc(*array, larger * each);
    if (!grown)
        return false;
    *array = grown;
    *capacity = larger;
    return true;
}

static int add_key(struct roster *roster, const char *text, size_t size, bool initials) {
    void *keys = roster->keys;
    if (!size)
        return 0;
    if (!grow(&keys, roster->key_count, &roster->key_capacity, sizeof *roster->keys))
        return PLENARY_ENOMEM;
    roster->keys = keys;
    roster->keys[roster->key_count++] = (struct roster_key){
        text, size, text ? name_key(text, size) : 0, (uint32_t)(roster->count - 1), initials, ""};
    return 0;
}

static int add_made_initials(struct roster *roster, const struct words *words) {
    char made[INITIALS_MAX];
    size_t size = 0;
    for (const char *at = words->begin; at < words->end; at++) {
        bool begins = at == words->begin || at[-1] == ' ' || at[-1] == '-';
        if (!begins || *at < 'A' || *at > 'Z')
            continue;
        if (size == INITIALS_MAX)
            return 0;
        made[size++] = *at;
    }
    if (size < 2)
        return 0;
    int status = add_key(roster, NULL, size, true);
    if (!status) {
        struct roster_key *key = &roster->keys[roster->key_count - 1];
        memcpy(key->made, made, size);
        key->start = name_key(made, size);
    }
    return status;
}

static int add_person(struct roster *roster, const struct words *words) {
    void *people = roster->people;
    if (!grow(&people, roster->count, &roster->capacity, sizeof *roster->people))
        return PLENARY_ENOMEM;
    roster->people = people;
    size_t size = (size_t)(words->end - words->begin);
    roster->people[roster->count++] = (struct person){words->begin, size, words->count > 1};
    int status = add_key(roster, words->begin, size, false);
    if (!status && words->count > 1)
        status = add_key(roster, words->begin, (size_t)(words->first_end - words->begin), false);
    if (!status && words->count > 1)
        status = add_key(roster, words->last, (size_t)(words->end - words->last), false);
    return status;
}

/* Initials begin as the first or the last name does. */
static bool fit(const struct words *words, const char *initials) {
    return words->count > 1 && (*words->begin == *initials || *words->last == *initials ||
                                (*words->begin & 0x80) || (*words->last & 0x80));
}

static int add_with_initials(struct roster *roster, const struct words *words, const char *initials,
                             size_t size) {
    if (!fit(words, initials) || roster->count >= PEOPLE_MAX)
        return 0;
    int status = add_person(roster, words);
    return status ? status : add_key(roster, initials, size, true);
}

/* ---- R1, R2 ---- */

static int read_brackets(struct roster *roster, const char *text, const char *end) {
    int status = 0;
    for (const char *at = text; !status && at < end; at++) {
        at = memchr(at, '(', (size_t)(end - at));
        if (!at)
            break;
        size_t size = initials_at(at + 1, (size_t)(end - at - 1));
        if (!size || at + 1 + size == end || at[1 + size] != ')' || at - text < 4 || at[-1] != ' ')
            continue;
        struct words words = name_before(text, at - 1);
        if (words.count)
            status = add_with_initials(roster, &words, at + 1, size);
    }
    return status;
}

static int read_row(struct roster *roster, const char *text, const char *end) {
    const char *bar = memchr(text, '|', (size_t)(end - text));
    if (!bar || bar - text < 4 || bar[-1] != ' ')
        return 0;
    const char *cell = bar + 1;
    while (cell < end && *cell == ' ')
        cell++;
    size_t size = initials_at(cell, (size_t)(end - cell));
    const char *after = cell + size;
    while (after < end && *after == ' ')
        after++;
    struct words words = name_at(text, bar);
    if (!size || (after < end && *after != '|') || words.end + 1 < bar - 1)
        return 0;
    return add_with_initials(roster, &words, cell, size);
}

/* ---- R3 ---- */

static const char *const present_words[] = {
    "attendees", "attendance", "present",   "participants",    "participating",
    "attending", "anwesend",   "anwesende", "teilnehmer",      "asistentes",
    "presentes", "delegates",  "members",   "pr\xC3\xA9sents", "observers"};
static struct word_set present_set;

__attribute__((constructor)) static void build(void) {
    word_set_build(&present_set, present_words, sizeof present_words / sizeof *present_words);
}

static bool says_present(const char *text, size_t size) {
    for (size_t at = 0; at < size;) {
        size_t begin = at;
        while (at < size && is_name_byte((unsigned char)text[at]))
            at++;
        if (word_set_find(&present_set, text + begin, at - begin) >= 0)
            return true;
        at += at == begin;
        while (at < size && !is_name_byte((unsigned char)text[at]))
            at++;
    }
    return false;
}

static int read_account(struct roster *roster, const char *at, const char *end) {
    while (at < end && (*at == ' ' || *at == '('))
        at++;
    if (at == end || *at++ != '@')
        return 0;
    const char *begin = at;
    while (at < end && (letters_is_ascii((uint8_t)*at) || letters_is_digit((uint8_t)*at) ||
                        *at == '-' || *at == '_'))
        at++;
    return add_key(roster, begin, (size_t)(at - begin), false);
}

/* Nothing but a name, or then something in brackets, an account, a dash: a sentence names nobody.
 */
static bool ends_name(const char *at, const char *end) {
    return at == end || (*at == ' ' && at + 1 < end && strchr("(@[-<", at[1])) ||
           !memcmp(at, " \xE2\x80", at + 3 <= end ? 3 : (size_t)(end - at));
}

/* One entry of a list: a name, an account in lower case, or neither. */
static int read_entry(struct roster *roster, const char *at, const char *end) {
    while (at < end && !is_name_byte((unsigned char)*at) && *at != '@')
        at++;
    while (end > at && end[-1] == ' ')
        end--;
    struct words words = name_at(at, end);
    const char *word = at;
    while (word < end && *word != ' ')
        word++;
    if (!words.count && word == end && end - at >= 3 && end - at <= 24 && *at != '@')
        words = (struct words){at, end, end, at, 1}; /* "simulacrum" */
    if (!words.count || !ends_name(words.end, end) ||
        label_word(words.begin, (size_t)(words.first_end - words.begin)) ||
        roster->count >= PEOPLE_MAX)
        return 0;
    int status = add_person(roster, &words);
    if (!status && words.count > 1)
        status = add_made_initials(roster, &words);
    return status ? status : read_account(roster, words.end, end);
}

static int read_list(struct roster *roster, const char *text, const char *end) {
    int status = 0;
    while (!status && text < end) {
        const char *stop = text;
        while (stop < end && *stop != ',' && *stop != ';' && *stop != '|')
            stop++;
        status = read_entry(roster, text, stop);
        text = stop + 1;
    }
    return status;
}

struct place {
    const char *heading; /* last seen: neighbours share it */
    bool below, behind;  /* below a heading, behind a label that says who was present */
    unsigned level;      /* of that label, where it is an item */
};

static bool is_list(struct place *place, const struct passage *passage, const char *text,
                    size_t size, size_t *begin) {
    if (passage->heading != place->heading || passage->kind == PASSAGE_HEADING) {
        const char *heading = heading_last(passage->heading ? passage->heading : "");
        place->heading = passage->heading;
        place->below = says_present(heading, strlen(heading));
        place->behind = false;
    }
    const char *colon = memchr(text, ':', size < 48 ? size : 48);
    bool labelled = colon && !passage->speaker && says_present(text, (size_t)(colon - text));
    bool alone = !colon && size <= ALONE_BYTES && says_present(text, size);
    *begin = labelled ? (size_t)(colon - text) + 1 : alone ? size : 0;
    /* "Attendees:" and nothing, then a list: deeper where the label is an item itself. */
    bool behind = place->behind &&
                  (passage->kind != PASSAGE_ITEM || !place->level || passage->level > place->level);
    if (labelled || alone || passage->kind != PASSAGE_ITEM || !behind) {
        place->behind = (labelled || alone) && *begin == size;
        place->level = passage->level;
    }
    return passage->kind != PASSAGE_HEADING && size < LIST_BYTES &&
           (labelled || place->below || behind);
}

/* ---- the whole ---- */

static const char *key_text(const struct roster_key *key) {
    return key->text ? key->text : key->made;
}

static int compare_keys(const void *a, const void *b) {
    const struct roster_key *x = a, *y = b;
    int order = name_compare_keys(x->start, key_text(x), x->size, y->start, key_text(y), y->size);
    return order ? order : (x->person > y->person) - (x->person < y->person);
}

static bool same_name(const struct person *a, const struct person *b) {
    return a->size == b->size && !memcmp(a->name, b->name, a->size);
}

/* A file of many meetings lists its people at each: once is enough. */
static void drop_repeated(struct roster *roster) {
    size_t kept = 0;
    for (size_t i = 0; i < roster->key_count; i++) {
        const struct roster_key *key = &roster->keys[i], *last = &roster->keys[kept ? kept - 1 : 0];
        if (kept && key->size == last->size && key->initials == last->initials &&
            !key->text == !last->text && !memcmp(key_text(key), key_text(last), key->size) &&
            same_name(&roster->people[key->person], &roster->people[last->person]))
            continue;
        roster->keys[kept++] = *key;
    }
    roster->key_count = kept;
}

int roster_read(struct roster *roster, const struct document *document) {
    struct place place = {NULL, false, false, 0};
    int status = 0;
    *roster = (struct roster){.people = NULL};
    for (size_t i = 0; i < document->passage_count && !status; i++) {
        const struct passage *passage = &document->passages[i];
        const char *text = (const char *)document->text.data + passage->text_begin;
        const char *end = (const char *)document->text.data + passage->text_end;
        size_t begin;
        status = read_brackets(roster, text, end);
        if (!status && passage->kind == PASSAGE_ROW)
            status = read_row(roster, text, end);
        if (!status && is_list(&place, passage, text, (size_t)(end - text), &begin))
            status = read_list(roster, text + begin, end);
    }
    if (!status && roster->key_count)
        qsort(roster->keys, roster->key_count, sizeof *roster->keys, compare_keys);
    drop_repeated(roster);
    return status;
}

/* The person with the longer name where one name begins or ends as the other: "Rob", "Rob P." */
static const struct person *unite(const struct person *a, const struct person *b) {
    if (!a || !b || same_name(a, b))
        return a;
    const struct person *longer = a->size > b->size ? a : b, *shorter = longer == a ? b : a;
    bool begins = !strncasecmp(longer->name, shorter->name, shorter->size) &&
                  longer->name[shorter->size] == ' ';
    return begins && !shorter->full ? longer : NULL;
}

bool roster_find(const struct roster *roster, const char *label, size_t size,
                 const struct person **person) {
    bool capitals = initials_at(label, size) == size, found = false;
    size_t low = 0, high = roster->key_count;
    struct roster_key key = {label, size, name_key(label, size), 0, false, ""};
    *person = NULL;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (compare_keys(&roster->keys[middle], &key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool printed = false; /* initials that are printed go before those made from a name */
    for (; low < roster->key_count; low++) {
        const struct roster_key *at = &roster->keys[low];
        if (at->size != size || strncasecmp(key_text(at), label, size) != 0)
            break;
        if (at->initials && (!capitals || (printed && !at->text)))
            continue;
        const struct person *other = &roster->people[at->person];
        bool first = !found || (at->initials && at->text && !printed);
        *person = first ? other : unite(*person, other);
        printed |= at->initials && at->text;
        found = true;
    }
    return found;
}

const char *roster_resolve(const struct roster *roster, struct arena *arena, const char *name,
                           size_t size) {
    const struct person *person;
    if (!roster_find(roster, name, size, &person) || !person || !person->full ||
        person->size <= size)
        return arena_text(arena, name, size);
    bool initials = initials_at(name, size) == size;
    char *text = arena_alloc(arena, person->size + size + 4);
    if (!text)
        return NULL;
    memcpy(text, person->name, person->size);
    char *at = text + person->size;
    if (initials) {
        *at++ = ' ';
        *at++ = '(';
        memcpy(at, name, size);
        at += size;
        *at++ = ')';
    }
    *at = '\0';
    return text;
}

/* People stand in reading order, those of one passage in any. */
bool roster_is_entry(const struct roster *roster, const char *text, size_t size) {
    size_t low = 0, high = roster->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (roster->people[middle].name < text)
            low = middle + 1;
        else
            high = middle;
    }
    return low < roster->count && roster->people[low].name < text + size;
}

void roster_free(struct roster *roster) {
    free(roster->people);
    free(roster->keys);
    *roster = (struct roster){.people = NULL};
}
