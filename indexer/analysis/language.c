/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/analysis/language.h"
#include "indexer/analysis/analyser.h"

#include <fingerprint.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef FINGERPRINTS_FOLDER
#define FINGERPRINTS_FOLDER "/usr/share/libexttextcat" /* where Debian's package puts them */
#endif

enum {
    DETECT_BYTES = 8192,
    DETECT_LETTERS = 120, /* fewer tell nothing */
    SURE_LETTERS = 2000,  /* from here on the nearest is believed */
    WINDOW_WORDS = 600,   /* looked at at once for plain English */
    WINDOWS_MAX = 8,
    INSIDE_BYTES = 12000,
    FINGERPRINT_SIZE = 400, /* n-grams compared, as libexttextcat itself does */
};

/* The order is part of the index format (ANALYSIS_VERSION 1): new stemmers go to the end. */
static const struct {
    const char *name, *code, *code3;
} languages[] = {
    {"none", "", ""},
    {"arabic", "ar", "ara"},
    {"armenian", "hy", "hye"},
    {"basque", "eu", "eus"},
    {"catalan", "ca", "cat"},
    {"danish", "da", "dan"},
    {"dutch", "nl", "nld"},
    {"english", "en", "eng"},
    {"finnish", "fi", "fin"},
    {"french", "fr", "fra"},
    {"german", "de", "deu"},
    {"greek", "el", "ell"},
    {"hindi", "hi", "hin"},
    {"hungarian", "hu", "hun"},
    {"indonesian", "id", "ind"},
    {"irish", "ga", "gle"},
    {"italian", "it", "ita"},
    {"lithuanian", "lt", "lit"},
    {"nepali", "ne", "nep"},
    {"norwegian", "no", "nor"},
    {"porter", "", ""},
    {"portuguese", "pt", "por"},
    {"romanian", "ro", "ron"},
    {"russian", "ru", "rus"},
    {"serbian", "sr", "srp"},
    {"spanish", "es", "spa"},
    {"swedish", "sv", "swe"},
    {"tamil", "ta", "tam"},
    {"turkish", "tr", "tur"},
    {"yiddish", "yi", "yid"},
};
enum { LANGUAGE_COUNT = sizeof languages / sizeof *languages };

int language_number(const char *name) {
    if (!name || !*name)
        return -1;
    if (!strcmp(name, "nb") || !strcmp(name, "nn"))
        name = "no";
    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        if (!strcasecmp(name, languages[i].name) || !strcasecmp(name, languages[i].code) ||
            !strcasecmp(name, languages[i].code3))
            return i;
    }
    return -1;
}

const char *language_name(int number) {
    return number >= 0 && number < LANGUAGE_COUNT ? languages[number].name : NULL;
}

/* Fingerprint files by language: those with a stemmer, and languages that plenary's readers meet
 * and that would else be taken for one of the former. First those written in Latin letters. */
static const struct {
    const char *file, *language;
} candidates[] = {
    /* clang-format off */
    {"eu", "eu"}, {"ca", "ca"}, {"da", "da"}, {"nl", "nl"}, {"en", "en"}, {"fi", "fi"},
    {"fr", "fr"}, {"de", "de"}, {"hu", "hu"}, {"id", "id"}, {"ga", "ga"}, {"it", "it"},
    {"lt", "lt"}, {"nb", "no"}, {"nn", "no"}, {"pt", "pt"}, {"ro", "ro"}, {"es", "es"},
    {"sv", "sv"}, {"sr-Latn", "sr"}, {"tr", "tr"}, {"cs", ""}, {"cy", ""}, {"et", ""}, {"fj", ""},
    {"is", ""}, {"lv", ""}, {"mi", ""}, {"mt", ""}, {"pl", ""}, {"sk", ""}, {"sl", ""}, {"sq", ""},
    {"sw", ""}, {"tl", ""}, {"vi", ""},
    {"ar", "ar"}, {"hy", "hy"}, {"el", "el"}, {"hi", "hi"}, {"ne", "ne"}, {"ru", "ru"},
    {"sr-Cyrl", "sr"}, {"ta", "ta"}, {"yi", "yi"}, {"bg", ""}, {"bn", ""}, {"fa", ""}, {"gu", ""},
    {"he", ""}, {"ja", ""}, {"ka", ""}, {"km", ""}, {"kn", ""}, {"ko", ""}, {"lo", ""}, {"mk", ""},
    {"ml", ""}, {"mn", ""}, {"mr", ""}, {"my", ""}, {"pa", ""}, {"si", ""}, {"th", ""}, {"uk", ""},
    {"ur", ""}, {"zh-Hans", ""}, {"zh-Hant", ""},
    /* clang-format on */
};
enum { LATIN_COUNT = 36, CANDIDATE_COUNT = sizeof candidates / sizeof *candidates };

struct language_detector {
    char *folder;
    int loaded;                          /* how many of them were looked for */
    void *fingerprints[CANDIDATE_COUNT]; /* NULL where the file is missing */
    int numbers[CANDIDATE_COUNT];
};

struct language_detector *language_detector_open(const char *folder) {
    struct language_detector *detector = calloc(1, sizeof *detector);
    if (detector)
        detector->folder = strdup(folder ? folder : FINGERPRINTS_FOLDER);
    if (detector && !detector->folder) {
        free(detector);
        return NULL;
    }
    return detector;
}

/* Some seventy files, which an archive in plain English never needs. */
static void load(struct language_detector *detector, int count) {
    for (; detector->loaded < count; detector->loaded++) {
        int i = detector->loaded;
        char path[4096];
        int size = snprintf(path, sizeof path, "%s/%s.lm", detector->folder, candidates[i].file);
        int number = language_number(candidates[i].language);
        detector->numbers[i] = number < 0 ? LANGUAGE_NONE : number;
        /* Asked first, for libexttextcat would complain aloud. */
        if (size < 0 || size >= (int)sizeof path || access(path, R_OK))
            continue;
        void *fingerprint = fp_Init(candidates[i].file);
        if (fingerprint && !fp_Read(fingerprint, path, FINGERPRINT_SIZE)) {
            fp_Done(fingerprint);
            fingerprint = NULL;
        }
        detector->fingerprints[i] = fingerprint;
    }
}

void language_detector_close(struct language_detector *detector) {
    if (!detector)
        return;
    for (int i = 0; i < CANDIDATE_COUNT; i++) {
        if (detector->fingerprints[i])
            fp_Done(detector->fingerprints[i]);
    }
    free(detector->folder);
    free(detector);
}

/* The sample handed to libexttextcat: whole UTF-8 sequences, no NUL (it reads a C string), letters
 * counted. Ideographs count for more, since each says more. */
static size_t sample(const char *text, size_t size, char *out, size_t *letters) {
    size_t written = 0;
    *letters = 0;
    if (size > DETECT_BYTES) {
        size = DETECT_BYTES;
        while (size && ((uint8_t)text[size] & 0xC0) == 0x80)
            size--;
    }
    for (size_t i = 0; i < size; i++) {
        uint8_t byte = (uint8_t)text[i];
        out[written++] = byte ? (char)byte : ' ';
        *letters +=
            byte >= 0xE0 ? 4 : byte >= 0xC0 || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
    }
    out[written] = '\0';
    return written;
}

/* Are all letters Latin ones (up to U+036F)? Some that are (U+1E00 and on) count as others. */
static bool is_latin(const char *text, size_t size) {
    for (size_t i = 0; i < size; i++) {
        uint8_t byte = (uint8_t)text[i];
        if (byte >= 0xCD && byte != 0xE2) /* E2: dashes, quotes, bullets */
            return false;
    }
    return true;
}

struct nearness {
    int number, distance; /* the nearest language */
    int second;           /* the distance of the nearest other language */
    int otherwise;        /* the distance of the language asked about; INT_MAX if it has none */
};

static struct nearness compare(const struct language_detector *detector, void *unknown,
                               int candidate_count, int otherwise) {
    struct nearness near = {LANGUAGE_NONE, INT_MAX, INT_MAX, INT_MAX};
    for (int i = 0; i < candidate_count; i++) {
        if (!detector->fingerprints[i])
            continue;
        /* What is farther than the second need not be measured to the end. */
        int most = detector->numbers[i] == otherwise ? INT_MAX : near.second;
        int distance = fp_Compare(detector->fingerprints[i], unknown, most);
        if (distance < near.distance) {
            if (detector->numbers[i] != near.number)
                near.second = near.distance;
            near.number = detector->numbers[i];
            near.distance = distance;
        } else if (distance < near.second && detector->numbers[i] != near.number) {
            near.second = distance;
        }
        if (otherwise != LANGUAGE_NONE && detector->numbers[i] == otherwise &&
            distance < near.otherwise)
            near.otherwise = distance;
    }
    return near;
}

static bool is_within(int distance, int best, int percent) {
    return distance < INT_MAX && distance - best <= best / 100 * percent;
}

/* Candidates within three in a hundred libexttextcat calls equal: then the language asked about is
 * as likely. A short text with names and headings in it needs twice that, and where two others are
 * nearly equal it tells nothing. */
static int nearest(const struct language_detector *detector, void *unknown, size_t letters,
                   int candidate_count, int otherwise) {
    struct nearness near = compare(detector, unknown, candidate_count, otherwise);
    bool brief = letters < SURE_LETTERS;
    if (near.distance == INT_MAX || is_within(near.otherwise, near.distance, brief ? 6 : 3) ||
        (brief && is_within(near.second, near.distance, 2)))
        return otherwise;
    return near.number;
}

static bool is_ascii_letter(char c) {
    return ((uint8_t)c | 0x20) >= 'a' && ((uint8_t)c | 0x20) <= 'z';
}

/* Words of a stretch of text: all, those that English has most, "the", those beyond ASCII; and of
 * the further small words of English how many there are, and which. */
struct word_count {
    unsigned words, english, the, far, small;
    uint32_t met;
};

#define LETTERS(a, b, c, d)                                                                        \
    ((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24)

enum { THE = 0, MOST_FREQUENT = 10, NOT_SMALL = -1 };

/* The number of a small word of two to four letters: below MOST_FREQUENT those that English has
 * most. */
static int small_word(const char *word, size_t length) {
    uint32_t letters = 0;
    for (size_t i = 0; i < length; i++)
        letters |= ((uint32_t)word[i] | 0x20) << 8 * i;
    switch (letters) {
#define SMALL(number, a, b, c, d)                                                                  \
    case LETTERS(a, b, c, d):                                                                      \
        return number;
        SMALL(THE, 't', 'h', 'e', 0)
        SMALL(1, 'a', 'n', 'd', 0)
        SMALL(2, 'o', 'f', 0, 0)
        SMALL(3, 't', 'o', 0, 0)
        SMALL(4, 't', 'h', 'a', 't')
        SMALL(5, 'i', 's', 0, 0)
        SMALL(6, 'f', 'o', 'r', 0)
        SMALL(7, 't', 'h', 'i', 's')
        SMALL(8, 'w', 'i', 't', 'h')
        SMALL(9, 'i', 't', 0, 0)
        SMALL(10, 'w', 'e', 0, 0)
        SMALL(11, 'b', 'e', 0, 0)
        SMALL(12, 'a', 'r', 'e', 0)
        SMALL(13, 'n', 'o', 't', 0)
        SMALL(14, 'y', 'o', 'u', 0)
        SMALL(15, 'h', 'a', 'v', 'e')
        SMALL(16, 'a', 't', 0, 0)
        SMALL(17, 'b', 'y', 0, 0)
        SMALL(18, 'f', 'r', 'o', 'm')
        SMALL(19, 'i', 'f', 0, 0)
        SMALL(20, 'w', 'i', 'l', 'l')
        SMALL(21, 'c', 'a', 'n', 0)
        SMALL(22, 'b', 'u', 't', 0)
        SMALL(23, 't', 'h', 'e', 'y')
        SMALL(24, 'w', 'h', 'a', 't')
        SMALL(25, 'h', 'a', 's', 0)
        SMALL(26, 'o', 'u', 'r', 0)
        SMALL(27, 'b', 'e', 'e', 'n')
        SMALL(28, 'w', 'e', 'r', 'e')
        SMALL(29, 'w', 'h', 'e', 'n')
#undef SMALL
    default:
        return NOT_SMALL;
    }
}

/* Counts up to WINDOW_WORDS from *at on, and moves *at behind them. */
static struct word_count count_words(const char *text, size_t size, size_t *at) {
    struct word_count count = {0, 0, 0, 0, 0, 0};
    for (; *at < size && count.words < WINDOW_WORDS; ++*at) {
        const char *word = text + *at;
        while (*at < size && is_ascii_letter(text[*at]))
            ++*at;
        size_t length = (size_t)(text + *at - word);
        bool far = *at < size && (uint8_t)text[*at] >= 0x80; /* of another language, mostly */
        count.words += far || length;
        count.far += far;
        int number = length < 2 || length > 4 ? NOT_SMALL : small_word(word, length);
        if (number == NOT_SMALL)
            continue;
        count.the += number == THE;
        count.english += number < MOST_FREQUENT;
        count.small++;
        count.met |= UINT32_C(1) << number;
    }
    return count;
}

/* Most of the words are small ones of English; or, among many names, so many different ones as no
 * other language shares with it. */
static bool is_plain(struct word_count count) {
    if (count.words < 50)
        return false;
    bool dense = count.the * 60 >= count.words && count.english * 10 >= count.words;
    return dense || (count.the * 120 >= count.words && count.small * 12 >= count.words &&
                     count.far * 12 <= count.words && __builtin_popcount(count.met) >= 8);
}

/* English among names, links and code, as minutes begin: with half as many of its words, and hardly
 * one beyond ASCII. */
static bool may_be_plain_further_on(struct word_count count) {
    return count.words == WINDOW_WORDS && count.the * 120 >= count.words &&
           count.english * 20 >= count.words && count.far * 20 <= count.words;
}

/* Records that begin with a list of those present: English a third and two thirds further down. */
static bool is_plain_inside(const char *text, size_t size) {
    size_t first = size / 3, second = size / 3 * 2;
    return size > INSIDE_BYTES && is_plain(count_words(text, size, &first)) &&
           is_plain(count_words(text, size, &second));
}

/* Is it English beyond doubt? Comparing fingerprints costs more than cutting and indexing a short
 * document does, and most documents are English: where its small words are as frequent as in no
 * other language, nothing need be compared. "the" is a word of no other candidate. */
static bool is_plainly_english(const char *text, size_t size) {
    size_t at = 0;
    struct word_count count = count_words(text, size, &at);
    if (is_plain(count) || is_plain_inside(text, size))
        return true;
    for (int windows = 0; windows < WINDOWS_MAX && may_be_plain_further_on(count); windows++) {
        count = count_words(text, size, &at);
        if (is_plain(count))
            return true;
    }
    return false;
}

int language_detect(struct language_detector *detector, const char *text, size_t size,
                    int otherwise) {
    char buffer[DETECT_BYTES + 1];
    size_t letters;
    if (!detector)
        return otherwise;
    if (is_plainly_english(text, size))
        return language_number("english");
    size_t sampled = sample(text, size, buffer, &letters);
    if (letters < DETECT_LETTERS)
        return otherwise;
    int count = is_latin(buffer, sampled) ? LATIN_COUNT : CANDIDATE_COUNT;
    load(detector, count);
    void *unknown = fp_Init(NULL);
    if (!unknown)
        return otherwise;
    int number = otherwise;
    fp_SetProperty(unknown, TCPROP_UTF8AWARE, TC_TRUE);
    if (fp_Create(unknown, buffer, (uint4)sampled, FINGERPRINT_SIZE))
        number = nearest(detector, unknown, letters, count, otherwise);
    fp_Done(unknown);
    return number;
}
