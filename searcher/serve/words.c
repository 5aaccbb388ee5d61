/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/serve/words.h"

#include "corpus/bytes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const table[WORDS_COUNT][WORDS_LANGUAGES] = {
    [WORDS_SEARCH] = {"Search", "Rechercher", "Buscar"},
    [WORDS_SEARCH_LABEL] = {"Search the records", "Rechercher dans les comptes rendus",
                            "Buscar en las actas"},
    [WORDS_PLACEHOLDER] = {"Words, a “phrase in quotes”, a document symbol",
                           "Mots, une « phrase entre guillemets », une cote",
                           "Palabras, una “frase entre comillas”, una signatura"},
    [WORDS_SKIP] = {"Skip to the content", "Aller au contenu", "Ir al contenido"},
    [WORDS_HOME_LEAD] = {"Find the paragraph, and cite it.", "Trouver le paragraphe, et le citer.",
                         "Encuentre el párrafo y cítelo."},
    [WORDS_HOME_TEXT] = {"Full text of %s documents: %s passages, each with its meeting, date, "
                         "speaker and a lasting address.",
                         "Texte intégral de %s documents : %s passages, chacun avec sa réunion, sa "
                         "date, son orateur et une adresse durable.",
                         "Texto completo de %s documentos: %s pasajes, cada uno con su reunión, "
                         "fecha, orador y una dirección duradera."},
    [WORDS_LATEST] = {"Latest meetings", "Dernières réunions", "Últimas reuniones"},
    [WORDS_COVERAGE] = {"Coverage", "Couverture", "Cobertura"},
    [WORDS_HELP] = {"How to search", "Comment chercher", "Cómo buscar"},
    [WORDS_SPEAKERS] = {"Who spoke about it", "Qui en a parlé", "Quién habló de ello"},
    [WORDS_PASSAGES] = {"%s passages", "%s passages", "%s pasajes"},
    [WORDS_PASSAGE_ONE] = {"1 passage", "1 passage", "1 pasaje"},
    [WORDS_ABOUT] = {"about %s passages", "environ %s passages", "unos %s pasajes"},
    [WORDS_NOTHING] = {"Nothing found", "Rien trouvé", "No se encontró nada"},
    [WORDS_NOTHING_TEXT] = {"No passage has these words. Try fewer or more general ones, take away "
                            "a filter, or look at what is covered.",
                            "Aucun passage ne contient ces mots. Essayez-en moins ou de plus "
                            "généraux, retirez un filtre, ou voyez ce qui est couvert.",
                            "Ningún pasaje tiene estas palabras. Pruebe con menos o más generales, "
                            "quite un filtro o vea qué se cubre."},
    [WORDS_READ_AS] = {"Read as", "Compris comme", "Leído como"},
    [WORDS_IN_SPEECHES] = {"spoken by %s", "dits par %s", "dichos por %s"},
    [WORDS_OF_BODY] = {"of %s", "de %s", "de %s"},
    [WORDS_SINCE] = {"from %s", "depuis %s", "desde %s"},
    [WORDS_UNTIL] = {"until %s", "jusqu’à %s", "hasta %s"},
    [WORDS_IN_LANGUAGE] = {"in %s", "en %s", "en %s"},
    [WORDS_ORDER] = {"Order", "Ordre", "Orden"},
    [WORDS_BEST] = {"Best match", "Pertinence", "Relevancia"},
    [WORDS_NEWEST] = {"Newest first", "Récents d’abord", "Recientes primero"},
    [WORDS_OLDEST] = {"Oldest first", "Anciens d’abord", "Antiguos primero"},
    [WORDS_FILTERS] = {"Narrow down", "Affiner", "Acotar"},
    [WORDS_SPEAKER] = {"Speaker", "Orateur", "Orador"},
    [WORDS_LANGUAGE] = {"Language", "Langue", "Idioma"},
    [WORDS_BODY] = {"Body", "Organe", "Órgano"},
    [WORDS_YEAR] = {"Year", "Année", "Año"},
    [WORDS_TIME] = {"When it was said", "Quand cela fut dit", "Cuándo se dijo"},
    [WORDS_TIME_HINT] = {"Drag across the bars to choose a period.",
                         "Glissez sur les barres pour choisir une période.",
                         "Arrastre sobre las barras para elegir un período."},
    [WORDS_FROM] = {"From", "De", "Desde"},
    [WORDS_TO] = {"To", "À", "Hasta"},
    [WORDS_APPLY] = {"Apply", "Appliquer", "Aplicar"},
    [WORDS_CLEAR] = {"Clear dates", "Effacer les dates", "Borrar fechas"},
    [WORDS_REMOVE] = {"Remove filter: %s", "Retirer le filtre : %s", "Quitar el filtro: %s"},
    [WORDS_ALL_SPEAKERS] = {"All speakers, with dates", "Tous les orateurs, avec dates",
                            "Todos los oradores, con fechas"},
    [WORDS_MORE_HERE] = {"More from this meeting", "Plus de cette réunion", "Más de esta reunión"},
    [WORDS_OPEN] = {"Read in context", "Lire en contexte", "Leer en contexto"},
    [WORDS_CITE] = {"Cite", "Citer", "Citar"},
    [WORDS_COPIED] = {"Copied", "Copié", "Copiado"},
    [WORDS_CITE_PLAIN] = {"Plain text", "Texte", "Texto"},
    [WORDS_CITE_MARKDOWN] = {"Markdown link", "Lien Markdown", "Enlace Markdown"},
    [WORDS_CITE_BIBTEX] = {"BibTeX", "BibTeX", "BibTeX"},
    [WORDS_PREVIOUS] = {"Previous", "Précédent", "Anterior"},
    [WORDS_NEXT] = {"Next", "Suivant", "Siguiente"},
    [WORDS_PAGES] = {"Pages of results", "Pages de résultats", "Páginas de resultados"},
    [WORDS_KEEP] = {"Keep this search", "Garder cette recherche", "Guardar esta búsqueda"},
    [WORDS_FEED] = {"Follow as a feed", "Suivre par flux", "Seguir como fuente"},
    [WORDS_CSV] = {"Download CSV", "Télécharger CSV", "Descargar CSV"},
    [WORDS_JSON] = {"Download JSON", "Télécharger JSON", "Descargar JSON"},
    [WORDS_OUTLINE] = {"Outline", "Plan", "Esquema"},
    [WORDS_MATCHES] = {"%s passages match", "%s passages correspondent", "%s pasajes coinciden"},
    [WORDS_MATCH_ONE] = {"1 passage matches", "1 passage correspond", "1 pasaje coincide"},
    [WORDS_BACK] = {"Back to the results", "Retour aux résultats", "Volver a los resultados"},
    [WORDS_DOCUMENT] = {"Document", "Document", "Documento"},
    [WORDS_DATE] = {"Date", "Date", "Fecha"},
    [WORDS_SOURCE] = {"Source", "Source", "Fuente"},
    [WORDS_UNDATED] = {"undated", "sans date", "sin fecha"},
    [WORDS_DOCUMENTS] = {"Documents", "Documents", "Documentos"},
    [WORDS_PASSAGES_WORD] = {"Passages", "Passages", "Pasajes"},
    [WORDS_FIRST] = {"First", "Premier", "Primero"},
    [WORDS_LAST] = {"Last", "Dernier", "Último"},
    [WORDS_COVERAGE_LEAD] = {"What is indexed", "Ce qui est indexé", "Qué está indexado"},
    [WORDS_COVERAGE_TEXT] = {"%s documents and %s passages, from %s to %s.",
                             "%s documents et %s passages, de %s à %s.",
                             "%s documentos y %s pasajes, de %s a %s."},
    [WORDS_PROBLEM] = {"That did not work", "Cela n’a pas marché", "Eso no funcionó"},
    [WORDS_MISSING] = {"There is nothing at this address", "Il n’y a rien à cette adresse",
                       "No hay nada en esta dirección"},
    [WORDS_THEME] = {"Dark or light", "Sombre ou clair", "Oscuro o claro"},
    [WORDS_INTERFACE] = {"Language of the page", "Langue de la page", "Idioma de la página"},
    [WORDS_MADE_WITH] = {"Searched with plenary", "Recherche par plenary", "Búsqueda con plenary"},
    [WORDS_DID_YOU_MEAN] = {"Did you mean", "Vouliez-vous dire", "¿Quiso decir"},
    [WORDS_THE_DOCUMENT] = {"The document itself", "Le document lui-même", "El documento mismo"},
    [WORDS_PERMALINK] = {"Lasting address of paragraph %s", "Adresse durable du paragraphe %s",
                         "Dirección duradera del párrafo %s"},
    [WORDS_PAGE_OF] = {"Part %s of %s", "Partie %s de %s", "Parte %s de %s"},
    [WORDS_MEETING] = {"Meeting", "Réunion", "Reunión"},
    [WORDS_SUGGESTIONS] = {"Suggestions", "Suggestions", "Sugerencias"},
};

static const char *const codes[WORDS_LANGUAGES] = {"en", "fr", "es"};
static const char *const names[WORDS_LANGUAGES] = {"English", "Français", "Español"};

static const char *const months[WORDS_LANGUAGES][12] = {
    {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
    {"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.",
     "déc."},
    {"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"},
};

const char *words(enum words_language language, enum words which) {
    return table[which][language];
}

const char *words_code(enum words_language language) {
    return codes[language];
}

const char *words_name(enum words_language language) {
    return names[language];
}

static int known(const char *code) {
    for (int i = 0; i < WORDS_LANGUAGES; i++)
        if (strncasecmp(code, codes[i], 2) == 0 &&
            !strchr("abcdefghijklmnopqrstuvwxyz", code[2] | 32))
            return i;
    return -1;
}

enum words_language words_choose(const char *code, const char *header) {
    int best = code && *code ? known(code) : -1;
    double most = 0;
    if (best >= 0)
        return (enum words_language)best;
    best = WORDS_ENGLISH;
    while (header && *header) {
        header += strspn(header, ", \t");
        size_t size = strcspn(header, ",");
        char one[40];
        snprintf(one, sizeof one, "%.*s", (int)(size > 39 ? 39 : size), header);
        const char *weight = strstr(one, "q=");
        double quality = weight ? strtod(weight + 2, NULL) : 1;
        int language = strlen(one) >= 2 ? known(one) : -1;
        if (language >= 0 && quality > most) {
            most = quality;
            best = language;
        }
        header += size;
    }
    return (enum words_language)best;
}

void words_number(struct bytes *out, enum words_language language, uint64_t number) {
    static const char *const between[WORDS_LANGUAGES] = {",", "\xE2\x80\xAF", "\xE2\x80\xAF"};
    char digits[24];
    int size = snprintf(digits, sizeof digits, "%" PRIu64, number);
    for (int i = 0; i < size; i++) {
        if (i && (size - i) % 3 == 0)
            bytes_add_string(out, between[language]);
        bytes_add_byte(out, (uint8_t)digits[i]);
    }
}

const char *words_month(enum words_language language, unsigned month) {
    return month >= 1 && month <= 12 ? months[language][month - 1] : "";
}

void words_date(struct bytes *out, enum words_language language, const char *date) {
    unsigned year = 0, month = 0, day = 0;
    if (!date || sscanf(date, "%4u-%2u-%2u", &year, &month, &day) < 1) {
        bytes_add_string(out, words(language, WORDS_UNDATED));
        return;
    }
    if (day)
        bytes_printf(out, "%u ", day);
    if (month)
        bytes_printf(out, "%s ", words_month(language, month));
    bytes_printf(out, "%u", year);
}
