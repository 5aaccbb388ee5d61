/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/hyphen.h"

#include "corpus/letters.h"

#include <stdlib.h>
#include <string.h>

enum { WORD_MAX = 60, EVIDENCE_MAX = 1 << 20 /* divided words; more are judged by form alone */ };

/* Open addressing; a zero hash marks a free place. */
struct hyphen_evidence {
    size_t capacity, count; /* capacity: a power of two */
    struct entry {
        uint64_t hash;
        uint32_t seen;
    } * entries;
};

/* FNV-1a over the words without regard to ASCII case. */
static uint64_t hash_part(uint64_t hash, const char *text, size_t begin, size_t end) {
    for (; begin < end; begin++) {
        uint8_t byte = (uint8_t)text[begin];
        byte = byte >= 'A' && byte <= 'Z' ? byte | 32 : byte;
        hash = (hash ^ byte) * 1099511628211u;
    }
    return hash;
}

static const uint64_t hash_start = 14695981039346656037u;

static uint64_t hash_pair(const char *text, size_t begin, size_t hyphen, size_t next, size_t end,
                          bool hyphenated) {
    uint64_t hash = hash_part(hash_start, text, begin, hyphen);
    if (hyphenated)
        hash = hash_part(hash, "-", 0, 1);
    return hash_part(hash, text, next, end) | 1;
}

static struct entry *find(const struct hyphen_evidence *evidence, uint64_t hash) {
    size_t mask = evidence->capacity - 1, at = (hash >> 20 ^ hash) & mask;
    while (evidence->entries[at].hash && evidence->entries[at].hash != hash)
        at = (at + 1) & mask;
    return &evidence->entries[at];
}

static bool grow(struct hyphen_evidence *evidence) {
    struct hyphen_evidence bigger = {evidence->capacity ? evidence->capacity * 2 : 256,
                                     evidence->count, NULL};
    bigger.entries = calloc(bigger.capacity, sizeof *bigger.entries);
    if (!bigger.entries)
        return false;
    for (size_t i = 0; i < evidence->capacity; i++)
        if (evidence->entries[i].hash)
            *find(&bigger, evidence->entries[i].hash) = evidence->entries[i];
    free(evidence->entries);
    *evidence = bigger;
    return true;
}

static bool want(struct hyphen_evidence *evidence, uint64_t hash) {
    if (evidence->count >= EVIDENCE_MAX)
        return true;
    if (evidence->count * 2 >= evidence->capacity && !grow(evidence))
        return false;
    struct entry *entry = find(evidence, hash);
    evidence->count += !entry->hash;
    entry->hash = hash;
    return true;
}

static bool in_word(uint32_t point) {
    return letters_is_letter(point) || point == '\'' || point == 0x2019;
}

static size_t word_start(const char *text, size_t begin, size_t at) {
    size_t start;
    while (at > begin && in_word(letters_before(text, begin, at, &start)))
        at = start;
    return at;
}

static size_t word_end(const char *text, size_t at, size_t end) {
    size_t next;
    while (at < end && in_word(letters_at(text, at, end, &next)))
        at = next;
    return at;
}

static size_t back(size_t begin, size_t at) {
    return at - begin > WORD_MAX ? at - WORD_MAX : begin;
}

static size_t ahead(size_t at, size_t end) {
    return end - at > WORD_MAX ? at + WORD_MAX : end;
}

/* First pass: the divided words, found by the line ends behind hyphens. */
static bool gather_divided(struct hyphen_evidence *evidence, const char *text, size_t size) {
    const char *end = text + size;
    for (const char *at = text; (at = memchr(at, '-', (size_t)(end - at))); at++) {
        size_t hyphen = (size_t)(at - text), next = hyphen + 1;
        while (next < size && (text[next] == ' ' || text[next] == '\t' || text[next] == '\r'))
            next++;
        if (next >= size || text[next] != '\n')
            continue;
        while (next < size && strchr(" \t\r\n\f", text[next]) && text[next])
            next++;
        size_t left = word_start(text, back(0, hyphen), hyphen);
        size_t right = word_end(text, next, ahead(next, size));
        if (left == hyphen || right == next)
            continue;
        if (!want(evidence, hash_pair(text, left, hyphen, next, right, false)) ||
            !want(evidence, hash_pair(text, left, hyphen, next, right, true)))
            return false;
    }
    return true;
}

static void see(struct hyphen_evidence *evidence, uint64_t hash) {
    struct entry *entry = find(evidence, hash);
    entry->seen += entry->hash && entry->seen < UINT32_MAX;
}

/* Second pass: count the whole words of the text that were wanted, alone and as parts of a pair. */
static void count_words(struct hyphen_evidence *evidence, const char *text, size_t size) {
    size_t at = 0, before = 0, before_end = 0, next;
    while (at < size) {
        size_t end = word_end(text, at, ahead(at, size));
        if (end == at) {
            letters_at(text, at, size, &next);
            at = next;
            continue;
        }
        bool paired = before_end && at == before_end + 1 && text[before_end] == '-';
        bool divided = end < size && text[end] == '-';
        if (paired)
            see(evidence, hash_pair(text, before, before_end, at, end, true));
        if (!paired && !divided)
            see(evidence, hash_pair(text, at, end, end, end, false));
        before = at;
        before_end = end;
        at = end;
    }
}

int hyphen_gather(struct hyphen_evidence **out, const char *text, size_t size, struct error *err) {
    struct hyphen_evidence *evidence = calloc(1, sizeof *evidence);
    *out = NULL;
    if (!evidence || !gather_divided(evidence, text, size)) {
        hyphen_free(evidence);
        return error_memory(err);
    }
    if (!evidence->count) {
        hyphen_free(evidence);
        return 0;
    }
    count_words(evidence, text, size);
    *out = evidence;
    return 0;
}

static const char *const hanging[] = {"and", "or", "und", "oder", "bis",
                                      "et",  "ou", "y",   "to",   NULL};

static const char *const prefixes[] = {
    "co",     "non",   "self",  "ex",      "vice",   "anti",   "post",   "cross",
    "well",   "long",  "short", "high",    "low",    "full",   "half",   "mid",
    "all",    "semi",  "third", "first",   "second", "two",    "three",  "four",
    "five",   "six",   "seven", "eight",   "nine",   "ten",    "twenty", "thirty",
    "forty",  "fifty", "sixty", "seventy", "eighty", "ninety", "so",     "decision",
    "policy", "law",   "peace", "rights",  "gender", NULL};

static const char *const pronouns[] = {"il",   "elle",      "on", "ils",         "elles",
                                       "nous", "vous",      "je", "m\xC3\xAAme", "m\xC3\xAAmes",
                                       "ci",   "l\xC3\xA0", "t",  NULL};

static uint32_t seen(const struct hyphen_evidence *evidence, uint64_t hash) {
    return evidence ? find(evidence, hash)->seen : 0;
}

enum hyphen_verdict hyphen_judge(const struct hyphen_evidence *evidence, const char *text,
                                 size_t begin, size_t hyphen, size_t next, size_t end) {
    size_t left = word_start(text, back(begin, hyphen), hyphen), dummy;
    size_t right = word_end(text, next, ahead(next, end));
    if (left == hyphen)
        return HYPHEN_KEEP;
    if (letters_among(text, next, right, hanging))
        return HYPHEN_SPACE;
    uint32_t whole = seen(evidence, hash_pair(text, left, hyphen, next, right, false));
    uint32_t apart = seen(evidence, hash_pair(text, left, hyphen, next, right, true));
    uint32_t first = letters_at(text, next, end, &dummy);
    uint32_t last = letters_before(text, begin, hyphen, &dummy);
    if (!letters_is_lower(first) || !letters_is_lower(last))
        return letters_is_upper(first) && letters_is_upper(last) && whole > apart ? HYPHEN_JOIN
                                                                                  : HYPHEN_KEEP;
    if (whole != apart)
        return whole > apart ? HYPHEN_JOIN : HYPHEN_KEEP;
    letters_at(text, left, hyphen, &dummy);
    if (dummy == hyphen || letters_among(text, left, hyphen, prefixes) ||
        letters_among(text, next, right, pronouns))
        return HYPHEN_KEEP;
    /* Part of a longer compound, "state-of-the-" + "art": the writer hyphenates it. */
    uint32_t before = letters_before(text, back(begin, left), left, &dummy);
    return letters_is_dash(before) ? HYPHEN_KEEP : HYPHEN_JOIN;
}

void hyphen_free(struct hyphen_evidence *evidence) {
    if (evidence)
        free(evidence->entries);
    free(evidence);
}
