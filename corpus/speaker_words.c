/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/speaker_words.h"

/* Sorted by their bytes, in lower case. */
static const struct {
    const char *text;
    unsigned kinds;
} words[] = {
    {"abgeordneten", SPEAKER_COLLECTIVE},
    {"al", SPEAKER_PARTICLE},
    {"alderman", SPEAKER_HONORIFIC},
    {"ambassador", SPEAKER_HONORIFIC},
    {"and", SPEAKER_PARTICLE | SPEAKER_JOIN | SPEAKER_OPENER},
    {"auprès", SPEAKER_LOWER_OFFICE},
    {"bin", SPEAKER_PARTICLE},
    {"bürgermeister", SPEAKER_HONORIFIC},
    {"c", SPEAKER_PARTICLE},
    {"chair", SPEAKER_OFFICE | SPEAKER_LOWER_OFFICE},
    {"chairman", SPEAKER_OFFICE},
    {"chairperson", SPEAKER_OFFICE},
    {"chairwoman", SPEAKER_OFFICE},
    {"chargé", SPEAKER_LOWER_OFFICE},
    {"chargée", SPEAKER_LOWER_OFFICE},
    {"clerk", SPEAKER_OFFICE},
    {"co-chair", SPEAKER_OFFICE},
    {"commissaire", SPEAKER_LOWER_OFFICE},
    {"commissioner", SPEAKER_HONORIFIC},
    {"congressman", SPEAKER_HONORIFIC},
    {"congresswoman", SPEAKER_HONORIFIC},
    {"councillor", SPEAKER_HONORIFIC},
    {"councilmember", SPEAKER_HONORIFIC},
    {"d", SPEAKER_PARTICLE},
    {"da", SPEAKER_PARTICLE},
    {"das", SPEAKER_PARTICLE},
    {"de", SPEAKER_PARTICLE},
    {"dear", SPEAKER_OPENER},
    {"del", SPEAKER_PARTICLE},
    {"delegations", SPEAKER_COLLECTIVE},
    {"den", SPEAKER_PARTICLE},
    {"der", SPEAKER_PARTICLE},
    {"des", SPEAKER_PARTICLE},
    {"di", SPEAKER_PARTICLE},
    {"die", SPEAKER_PARTICLE},
    {"diputados", SPEAKER_COLLECTIVE},
    {"do", SPEAKER_PARTICLE},
    {"dos", SPEAKER_PARTICLE},
    {"dr", SPEAKER_HONORIFIC},
    {"du", SPEAKER_PARTICLE},
    {"député", SPEAKER_LOWER_OFFICE | SPEAKER_COLLECTIVE},
    {"députée", SPEAKER_LOWER_OFFICE},
    {"députées", SPEAKER_COLLECTIVE},
    {"députés", SPEAKER_COLLECTIVE},
    {"el", SPEAKER_PARTICLE | SPEAKER_ARTICLE},
    {"et", SPEAKER_PARTICLE | SPEAKER_JOIN | SPEAKER_OPENER},
    {"facilitator", SPEAKER_OFFICE},
    {"for", SPEAKER_PARTICLE | SPEAKER_JOIN | SPEAKER_OPENER},
    {"frau", SPEAKER_HONORIFIC},
    {"für", SPEAKER_PARTICLE | SPEAKER_OPENER},
    {"garde", SPEAKER_LOWER_OFFICE},
    {"h", SPEAKER_PARTICLE},
    {"haut-commissaire", SPEAKER_LOWER_OFFICE},
    {"herr", SPEAKER_HONORIFIC},
    {"hon", SPEAKER_HONORIFIC},
    {"jr", SPEAKER_LOWER_OFFICE},
    {"judge", SPEAKER_HONORIFIC},
    {"justice", SPEAKER_HONORIFIC},
    {"l", SPEAKER_PARTICLE | SPEAKER_ARTICLE},
    {"la", SPEAKER_PARTICLE | SPEAKER_ARTICLE},
    {"le", SPEAKER_PARTICLE | SPEAKER_ARTICLE},
    {"les", SPEAKER_PARTICLE},
    {"los", SPEAKER_PARTICLE},
    {"madam", SPEAKER_HONORIFIC},
    {"mayor", SPEAKER_HONORIFIC},
    {"members", SPEAKER_COLLECTIVE},
    {"minister", SPEAKER_OFFICE | SPEAKER_LOWER_OFFICE},
    {"ministra", SPEAKER_LOWER_OFFICE},
    {"ministre", SPEAKER_LOWER_OFFICE},
    {"ministro", SPEAKER_LOWER_OFFICE},
    {"miss", SPEAKER_HONORIFIC},
    {"mme", SPEAKER_HONORIFIC},
    {"moderator", SPEAKER_OFFICE},
    {"mr", SPEAKER_HONORIFIC},
    {"mrs", SPEAKER_HONORIFIC},
    {"ms", SPEAKER_HONORIFIC},
    {"oberbürgermeister", SPEAKER_HONORIFIC},
    {"of", SPEAKER_PARTICLE | SPEAKER_JOIN | SPEAKER_OPENER},
    {"porte-parole", SPEAKER_LOWER_OFFICE},
    {"president", SPEAKER_OFFICE},
    {"presidenta", SPEAKER_OFFICE},
    {"presidente", SPEAKER_OFFICE},
    {"präsident", SPEAKER_OFFICE},
    {"präsidentin", SPEAKER_OFFICE},
    {"président", SPEAKER_OFFICE | SPEAKER_LOWER_OFFICE},
    {"présidente", SPEAKER_OFFICE | SPEAKER_LOWER_OFFICE},
    {"rapporteur", SPEAKER_OFFICE | SPEAKER_LOWER_OFFICE},
    {"rapporteure", SPEAKER_LOWER_OFFICE},
    {"secretary", SPEAKER_OFFICE},
    {"secretary-general", SPEAKER_OFFICE},
    {"secrétaire", SPEAKER_LOWER_OFFICE},
    {"senator", SPEAKER_HONORIFIC},
    {"senators", SPEAKER_COLLECTIVE},
    {"sir", SPEAKER_HONORIFIC},
    {"speaker", SPEAKER_OFFICE},
    {"sr", SPEAKER_HONORIFIC},
    {"sra", SPEAKER_HONORIFIC},
    {"ten", SPEAKER_PARTICLE},
    {"ter", SPEAKER_PARTICLE},
    {"the", SPEAKER_PARTICLE | SPEAKER_ARTICLE},
    {"to", SPEAKER_PARTICLE | SPEAKER_JOIN | SPEAKER_OPENER},
    {"und", SPEAKER_PARTICLE | SPEAKER_JOIN | SPEAKER_OPENER},
    {"van", SPEAKER_PARTICLE},
    {"vice-chair", SPEAKER_OFFICE},
    {"vice-chairman", SPEAKER_OFFICE},
    {"vice-chairperson", SPEAKER_OFFICE},
    {"vice-president", SPEAKER_OFFICE},
    {"vice-président", SPEAKER_LOWER_OFFICE},
    {"vizepräsident", SPEAKER_OFFICE},
    {"vizepräsidentin", SPEAKER_OFFICE},
    {"voix", SPEAKER_COLLECTIVE},
    {"von", SPEAKER_PARTICLE},
    {"vorsitzende", SPEAKER_OFFICE},
    {"vorsitzender", SPEAKER_OFFICE},
    {"y", SPEAKER_PARTICLE | SPEAKER_JOIN | SPEAKER_OPENER},
    {"zu", SPEAKER_PARTICLE | SPEAKER_OPENER},
    {"zur", SPEAKER_PARTICLE | SPEAKER_OPENER},
    {"zuruf", SPEAKER_COLLECTIVE},
};

enum { WORD_COUNT = sizeof words / sizeof *words, WORD_MAX = 20 };

static unsigned char lower(char byte) {
    return (unsigned char)(byte >= 'A' && byte <= 'Z' ? byte | 32 : byte);
}

static int compare(const char *text, size_t size, const char *word) {
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = lower(text[i]), other = (unsigned char)word[i];
        if (!other || byte != other)
            return byte < other ? -1 : 1;
    }
    return -(word[size] != '\0');
}

unsigned speaker_word(const char *text, size_t size) {
    size_t low = 0, high = size && size <= WORD_MAX ? WORD_COUNT : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare(text, size, words[middle].text);
        if (!order)
            return words[middle].kinds;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return 0;
}
