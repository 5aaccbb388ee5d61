/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words that tell names and offices from sentences, in several languages. Pure, thread-safe. */
#ifndef PLENARY_CORPUS_SPEAKER_WORDS_H
#define PLENARY_CORPUS_SPEAKER_WORDS_H

#include <stddef.h>

enum speaker_word {
    SPEAKER_PARTICLE = 1,      /* small words inside names and offices: "of", "van", "der" */
    SPEAKER_JOIN = 2,          /* those of offices and phrases, not of names: "and", "of" */
    SPEAKER_ARTICLE = 4,       /* may open a name in lower case: "le", "the" */
    SPEAKER_OFFICE = 8,        /* "chair", "rapporteur" */
    SPEAKER_LOWER_OFFICE = 16, /* small behind a name: "Christiane T., garde des Sceaux" */
    SPEAKER_OPENER = 32,       /* no name begins with it: "for", "dear" */
    SPEAKER_COLLECTIVE = 64,   /* who are many: "De nombreux députés du groupe UMP : Si !" */
    SPEAKER_HONORIFIC = 128,   /* "Mr", "Senator" */
};

/* What a word is, ASCII letters in either case: bits of enum speaker_word, 0 for other words. */
unsigned speaker_word(const char *text, size_t size);

#endif
