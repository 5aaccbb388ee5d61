/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The numbering of languages, and telling the language of texts written for these tests. */
#include "indexer/analysis/analyser.h"
#include "indexer/analysis/language.h"

#include <libstemmer.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *language, *text;
} samples[] = {
    {"english",
     "The committee met in the morning to hear the report of the working group on water. Several "
     "members asked when the survey of the northern wells would be ready, and the secretary said "
     "that it had been delayed by rain. It was agreed to return to the question in the spring."},
    {"french",
     "La commission s'est réunie le matin pour entendre le rapport du groupe de travail sur l'eau. "
     "Plusieurs membres ont demandé quand l'étude des puits du nord serait prête, et la secrétaire "
     "a répondu qu'elle avait été retardée par les pluies. La question sera reprise au printemps."},
    {"spanish",
     "La comisión se reunió por la mañana para escuchar el informe del grupo de trabajo sobre el "
     "agua. Varios miembros preguntaron cuándo estaría listo el estudio de los pozos del norte, y "
     "la secretaria contestó que las lluvias lo habían retrasado hasta la primavera."},
    {"german",
     "Der Ausschuss trat am Vormittag zusammen, um den Bericht der Arbeitsgruppe über das Wasser "
     "zu "
     "hören. Mehrere Mitglieder fragten, wann die Untersuchung der nördlichen Brunnen fertig sein "
     "werde, und die Schriftführerin sagte, der Regen habe sie bis zum Frühjahr verzögert."},
    {"portuguese",
     "A comissão reuniu-se de manhã para ouvir o relatório do grupo de trabalho sobre a água. "
     "Vários "
     "membros perguntaram quando estaria pronto o estudo dos poços do norte, e a secretária "
     "respondeu que as chuvas o tinham atrasado. A questão não será votada antes da primavera."},
    {"italian",
     "La commissione si è riunita al mattino per ascoltare la relazione del gruppo di lavoro "
     "sull'acqua. Alcuni membri hanno chiesto quando sarà pronto lo studio dei pozzi del nord, e "
     "la "
     "segretaria ha risposto che le piogge lo hanno ritardato fino alla primavera."},
    {"dutch",
     "De commissie kwam in de ochtend bijeen om het verslag van de werkgroep over het water te "
     "horen. Verscheidene leden vroegen wanneer het onderzoek van de noordelijke putten klaar zou "
     "zijn, en de secretaris zei dat de regen het tot het voorjaar had vertraagd."},
    {"russian",
     "Комиссия собралась утром, чтобы заслушать доклад рабочей группы о воде. Несколько членов "
     "спросили, когда будет готово обследование северных колодцев, и секретарь ответила, что его "
     "задержали дожди. К этому вопросу решено вернуться весной."},
    {"arabic",
     "اجتمعت اللجنة في الصباح للاستماع إلى تقرير الفريق العامل عن المياه. وسأل عدد من الأعضاء متى "
     "تكون دراسة الآبار الشمالية جاهزة، وقالت الأمينة إن الأمطار أخرتها، وتقرر العودة إلى المسألة "
     "في الربيع."},
    {"none",
     "委员会上午开会，听取了水工作组的报告。几位委员询问北部水井的调查何时完成，秘书说因下雨而"
     "推迟了，会议决定明年春天再讨论这个问题。"},
    {"none",
     "委員会は午前に開かれ、水に関する作業部会の報告を聞いた。何人かの委員が北部の井戸の調査は"
     "いつ終わるのかと尋ね、書記は雨のために遅れていると答えた。"},
    {"none",
     "Komisja zebrała się rano, aby wysłuchać sprawozdania grupy roboczej w sprawie wody. Kilku "
     "członków zapytało, kiedy będzie gotowe badanie północnych studni, a sekretarz "
     "odpowiedziała, że opóźniły je deszcze i że komisja wróci do tego wiosną."},
};
enum { SAMPLE_COUNT = sizeof samples / sizeof *samples };

static void numbers_are_those_of_analysis_version_1(void **state) {
    (void)state;
    assert_int_equal(ANALYSIS_VERSION, 1);
    assert_int_equal(language_number("none"), 0);
    assert_int_equal(language_number("arabic"), 1);
    assert_int_equal(language_number("english"), 7);
    assert_int_equal(language_number("spanish"), 25);
    assert_int_equal(language_number("yiddish"), 29);
    assert_int_equal(language_number("french"), LANGUAGE_FRENCH);
    assert_int_equal(language_number("italian"), LANGUAGE_ITALIAN);
    assert_int_equal(language_number("catalan"), LANGUAGE_CATALAN);
    assert_int_equal(language_number("portuguese"), LANGUAGE_PORTUGUESE);
    assert_null(language_name(30));
    assert_null(language_name(-1));
}

static void iso_codes_name_languages_too(void **state) {
    (void)state;
    assert_int_equal(language_number("en"), language_number("english"));
    assert_int_equal(language_number("FRA"), language_number("French"));
    assert_int_equal(language_number("nb"), language_number("norwegian"));
    assert_int_equal(language_number("xx"), -1);
    assert_int_equal(language_number(""), -1);
    assert_int_equal(language_number(NULL), -1);
}

static void every_language_of_ours_has_its_stemmer(void **state) {
    (void)state;
    for (int i = 1; language_name(i); i++) {
        struct sb_stemmer *stemmer = sb_stemmer_new(language_name(i), "UTF_8");
        if (!stemmer)
            fail_msg("libstemmer has no %s", language_name(i));
        sb_stemmer_delete(stemmer);
        assert_int_equal(language_number(language_name(i)), i);
    }
}

static struct analyser *open_analyser(void) {
    struct analyser *analyser = NULL;
    assert_int_equal(analyser_open(&analyser, NULL), 0);
    return analyser;
}

static void short_minutes_are_told_apart(void **state) {
    (void)state;
    struct analyser *analyser = open_analyser();
    for (int i = 0; i < SAMPLE_COUNT; i++) {
        int number = analyser_detect(analyser, samples[i].text, strlen(samples[i].text), 20);
        if (number != language_number(samples[i].language))
            fail_msg("%.40s... is %s, not %s", samples[i].text, language_name(number),
                     samples[i].language);
    }
    analyser_close(analyser);
}

static void a_text_too_short_to_tell_is_otherwise(void **state) {
    (void)state;
    struct analyser *analyser = open_analyser();
    assert_int_equal(analyser_detect(analyser, "", 0, 9), 9);
    assert_int_equal(analyser_detect(analyser, "Bonjour", 7, 7), 7);
    assert_int_equal(analyser_detect(analyser, "12 13 14 \0\0", 11, 3), 3);
    analyser_close(analyser);
}

static void only_the_beginning_counts_and_any_bytes_will_do(void **state) {
    (void)state;
    enum { SIZE = 40000 };
    struct analyser *analyser = open_analyser();
    char *text = malloc(SIZE);
    assert_non_null(text);
    memset(text, '\xD0', SIZE); /* 8 KiB ends inside a sequence, and so does the text */
    for (size_t at = 0, size = strlen(samples[0].text); at + size < 8192; at += size)
        memcpy(text + at, samples[0].text, size);
    assert_int_equal(analyser_detect(analyser, text, SIZE, 0), language_number("english"));
    uint64_t seed = 20181123;
    for (int round = 0; round < 200; round++) {
        for (size_t i = 0; i < 500; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            text[i] = (char)(seed >> 56);
        }
        assert_non_null(language_name(analyser_detect(analyser, text, 500, 0)));
    }
    free(text);
    analyser_close(analyser);
}

static void without_fingerprints_everything_is_otherwise(void **state) {
    (void)state;
    struct language_detector *detector = language_detector_open("/nowhere/at/all");
    assert_non_null(detector);
    assert_int_equal(language_detect(detector, samples[1].text, strlen(samples[1].text), 7), 7);
    language_detector_close(detector);
    assert_int_equal(language_detect(NULL, samples[1].text, strlen(samples[1].text), 7), 7);
}

/* Half of the words are names, so that those English has most are too few to tell. */
static const char agenda[] =
    "Present: Okoro, Lindqvist, Baptiste, Nakamura, Ferreira, Novak, Haddad, Moreau, Petrov. "
    "Okoro: we have what you sent. Lindqvist: the draft will be with Baptiste by Monday. Nakamura, "
    "Ferreira: not yet, but we are at it. Novak: if they can, Haddad has been asked. Moreau, "
    "Petrov, Silva, Okoro, Lindqvist, Baptiste: agreed. Next: Haddad, Moreau, Petrov, Novak, "
    "Ferreira.";

static void english_among_names_needs_no_fingerprints(void **state) {
    (void)state;
    struct language_detector *detector = language_detector_open("/nowhere/at/all");
    assert_non_null(detector);
    assert_int_equal(language_detect(detector, agenda, strlen(agenda), 7),
                     language_number("english"));
    /* The same names and another language around them. */
    static const char french[] =
        "Present: Okoro, Lindqvist, Baptiste, Nakamura, Ferreira, Novak, Haddad, Moreau, Petrov. "
        "Okoro: the will can be. Lindqvist: nous avons ce que vous avez envoy\xC3\xA9, mais le "
        "projet sera pr\xC3\xAAt lundi. Nakamura, Ferreira: pas encore, nous y travaillons, et "
        "s'ils le peuvent, Haddad a d\xC3\xA9j\xC3\xA0 \xC3\xA9t\xC3\xA9 pri\xC3\xA9.";
    assert_int_equal(language_detect(detector, french, strlen(french), 7), 7);
    language_detector_close(detector);
}

/* Real minutes, where they are at hand. */
static void real_documents_are_told_apart(void **state) {
    (void)state;
    static const char *const files[][2] = {
        {"multi_de_txt_18092.ref.txt", "german"},
        {"multi_fr_txt_20130120.ref.txt", "french"},
        {"pacific-hansard_txt_Cook_Islands_1998_July_8.ref.txt", "english"},
        {"tc39-notes_orig_meetings_2014-09_sept-25.ref.txt", "english"},
    };
    const char *data = getenv("PLENARY_DATA");
    struct analyser *analyser = open_analyser();
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[4096], text[9000];
        snprintf(path, sizeof path, "%s/formats/%s", data ? data : "../shared/data", files[i][0]);
        FILE *file = fopen(path, "rb");
        if (!file) {
            print_message("skipped: no %s (set PLENARY_DATA)\n", path);
            continue;
        }
        size_t size = fread(text, 1, sizeof text, file);
        fclose(file);
        assert_string_equal(language_name(analyser_detect(analyser, text, size, 0)), files[i][1]);
    }
    analyser_close(analyser);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_those_of_analysis_version_1),
        cmocka_unit_test(iso_codes_name_languages_too),
        cmocka_unit_test(every_language_of_ours_has_its_stemmer),
        cmocka_unit_test(short_minutes_are_told_apart),
        cmocka_unit_test(a_text_too_short_to_tell_is_otherwise),
        cmocka_unit_test(only_the_beginning_counts_and_any_bytes_will_do),
        cmocka_unit_test(english_among_names_needs_no_fingerprints),
        cmocka_unit_test(without_fingerprints_everything_is_otherwise),
        cmocka_unit_test(real_documents_are_told_apart),
    };
    return cmocka_run_group_tests_name("language", tests, NULL, NULL);
}
