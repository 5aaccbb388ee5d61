/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/spoken.h"

#include "corpus/letters.h"
#include "corpus/word_set.h"

enum { SENTENCE_WORDS = 3, FIRST_WORDS = 3 };

/* Sorted by their bytes: English, with the commonest of German, French and Spanish. Of "don't" and
 * "it's" the part before the apostrophe. */
static const char *const words[] = {
    /* clang-format off */
    "agree", "agreed", "agrees", "am", "are", "aren", "been", "can", "congrats", "could",
    "couldn", "creo", "debemos", "deberíamos", "did", "didn", "do", "does", "doesn", "don", "es",
    "está", "faut", "had", "has", "hasn", "hat", "have", "haven", "he", "i", "ich", "is", "isn",
    "ist", "it", "je", "kann", "können", "kudos", "let", "likes", "may", "maybe", "me", "might",
    "must", "muss", "my", "need", "needs", "nous", "ok", "okay", "our", "perhaps", "podemos",
    "prefer", "prefers", "seem", "seems", "she", "should", "shouldn", "shout", "shoutout", "shoutouts", "sind",
    "sollte", "sollten", "sounds", "sure", "thank", "thanks", "that", "there", "they", "think",
    "thinks", "us", "want", "wants", "was", "wasn", "we", "were", "will", "wir", "won", "would",
    "wouldn", "yeah", "yes", "you", "your",
    /* clang-format on */
};

/* Sorted; of these, no topic begins with one. */
static const char *const first_words[] = {
    /* clang-format off */
    "agree", "agreed", "congrats", "danke", "gracias", "i", "ich", "ja", "je", "kudos", "merci",
    "nein", "no", "nous", "oui", "shout", "shoutout", "shoutouts", "shouts", "thank", "thanks",
    "we", "wir", "yeah", "yes",
    /* clang-format on */
};

static struct word_set set, first_set;

__attribute__((constructor)) static void build(void) {
    word_set_build(&set, words, sizeof words / sizeof *words);
    word_set_build(&first_set, first_words, sizeof first_words / sizeof *first_words);
}

static bool is_word_byte(const char *at, size_t rest) {
    /* The bytes of a typographic apostrophe would else count as letters. */
    return letters_is_ascii((uint8_t)*at) ||
           ((*at & 0x80) && !(rest > 2 && at[0] == '\xE2' && at[1] == '\x80'));
}

/* "US" and "IT" in capitals are no pronouns; "We" at the start is one. */
static bool is_in(const struct word_set *of, const char *word, size_t size) {
    return (size < 2 || !(word[1] >= 'A' && word[1] <= 'Z')) && word_set_find(of, word, size) >= 0;
}

/* Is one of the first `most` words in the set? *count: how many words were looked at. */
static bool holds(const struct word_set *of, const char *text, size_t size, size_t most,
                  size_t *count) {
    *count = 0;
    for (size_t at = 0; at < size && *count < most;) {
        size_t begin = at;
        while (at < size && is_word_byte(text + at, size - at))
            at++;
        *count += at > begin;
        if (at > begin && (!begin || text[begin - 1] == ' ') && is_in(of, text + begin, at - begin))
            return true;
        at += at < size;
    }
    return false;
}

/* A vote: "+1". */
static bool is_vote(const char *text, size_t size) {
    return size >= 2 && (*text == '+' || *text == '-') && text[1] == '1';
}

bool spoken(const char *text, size_t size) {
    size_t count;
    if (!size)
        return false;
    char last = text[size - 1];
    return last == '?' || last == '!' || is_vote(text, size) ||
           holds(&set, text, size, size, &count) || (last == '.' && count >= SENTENCE_WORDS);
}

bool spoken_at_once(const char *text, size_t size) {
    size_t count;
    return size && (is_vote(text, size) || holds(&first_set, text, size, FIRST_WORDS, &count));
}
