/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/corpus/reading.h"

static struct reading reading;

static int teardown(void **state) {
    (void)state;
    reading_free(&reading);
    reading = (struct reading){.stop = 0};
    return 0;
}

static void read_xml(const char *text) {
    reading_string(&reading, FORMAT_XML, "debate.xml", text);
}

static void assert_passages(const char *expected) {
    const char *log = reading.documents ? strchr(reading_log(&reading), '\n') + 1 : "";
    assert_string_equal(log, expected);
}

static const char *speaker(size_t i) {
    const char *name = reading_passage(&reading, i)->speaker;
    return name ? name : "-";
}

static void hansard_sections_members_and_columns(void **state) {
    (void)state;
    read_xml("<hansard><title>ASSEMBLY.</title><date format=\"1931-02-03\">3rd February.</date>"
             "<section><title>PIERS.</title><section><title>RUST.</title><p><member>Mr. BERG"
             "</member><membercontribution>: The pier at Norder-\n<col>7</col>\nhaven is closed."
             "</membercontribution></p><p>It rusts.</p><p><i>Bill read.</i></p><division><table>"
             "<tr><td>Ada</td><td>Bo</td></tr></table></division></section><p>After it.</p>"
             "</section></hansard>");
    assert_passages("heading: ASSEMBLY.\nparagraph: 3rd February.\nheading: PIERS.\n"
                    "heading: RUST.\nparagraph: Mr. BERG: The pier at Norderhaven is closed.\n"
                    "paragraph: It rusts.\nparagraph: Bill read.\nrow: Ada | Bo\n"
                    "paragraph: After it.\n");
    assert_int_equal(reading.document.date, 19310203);
    assert_int_equal(reading_passage(&reading, 3)->level, 3);
    assert_string_equal(speaker(4), "Mr. BERG");
    assert_string_equal(speaker(5), "Mr. BERG");
    assert_string_equal(speaker(6), "-");
    assert_string_equal(speaker(8), "-");
    assert_string_equal(reading_passage(&reading, 8)->heading, "ASSEMBLY. > PIERS.");
}

static void akoma_ntoso_speeches_and_numbers(void **state) {
    (void)state;
    read_xml("<akomaNtoso xmlns=\"http://docs.oasis-open.org/legaldocml/ns/akn/3.0\"><debate><meta>"
             "<identification><FRBRWork><FRBRdate date=\"2019-05-06\"/></FRBRWork>"
             "</identification><references><TLCPerson eId=\"berg\" showAs=\"Ada Berg\"/>"
             "</references></meta><debateBody><debateSection><num>4.</num><heading>Piers</heading>"
             "<narrative>The sitting opened.</narrative><speech by=\"#berg\"><from>Ms Berg:</from>"
             "<p>It is closed.</p><p>Until June.</p></speech><speech by=\"#berg\"><p>Again.</p>"
             "</speech></debateSection></debateBody></debate></akomaNtoso>");
    assert_passages("heading: 4. Piers\nparagraph: The sitting opened.\nparagraph: It is closed.\n"
                    "paragraph: Until June.\nparagraph: Again.\n");
    assert_string_equal(speaker(1), "-");
    assert_string_equal(speaker(2), "Ms Berg");
    assert_string_equal(speaker(3), "Ms Berg");
    assert_string_equal(speaker(4), "Ada Berg");
    assert_int_equal(reading.document.date, 20190506);
}

static void tei_speeches_notes_and_lists(void **state) {
    (void)state;
    read_xml("<TEI xml:lang=\"fr\"><teiHeader><fileDesc><titleStmt><title>Première séance</title>"
             "</titleStmt><publicationStmt><date when=\"2020-01-01\"/></publicationStmt></fileDesc>"
             "<profileDesc><settingDesc><setting><date when=\"2013-01-30\"/></setting>"
             "</settingDesc></profileDesc></teiHeader><text><body><div><head>Ports</head>"
             "<sp who=\"#p\"><speaker>le président :</speaker><p>Ouverte.<note>Voir</note> Oui.</p>"
             "</sp><u who=\"#DahlBo\"><seg>Un.</seg><seg>Deux.</seg></u><list><item>a</item><item>"
             "<p>b</p></item></list></div></body></text></TEI>");
    assert_passages("heading: Ports\nparagraph: Voir\nparagraph: Ouverte. Oui.\nparagraph: Un.\n"
                    "paragraph: Deux.\nitem: a\nitem: b\n");
    assert_string_equal(reading.document.title, "Première séance");
    assert_string_equal(reading.document.language, "fr");
    assert_int_equal(reading.document.date, 20130130);
    assert_string_equal(speaker(2), "le président");
    assert_string_equal(speaker(4), "DahlBo");
    assert_string_equal(speaker(5), "-");
}

static void debates_and_protocols_name_speakers_their_own_way(void **state) {
    (void)state;
    read_xml("<publicwhip><major-heading>Piers</major-heading><minor-heading>Rust</minor-heading>"
             "<speech speakername=\"Ada Berg\"><p>Closed.</p></speech></publicwhip>");
    assert_passages("heading: Piers\nheading: Rust\nparagraph: Closed.\n");
    assert_string_equal(speaker(2), "Ada Berg");
    reading_free(&reading);
    read_xml("<dbtplenarprotokoll sitzung-datum=\"06.03.2015\"><rede><p klasse=\"redner\"><redner>"
             "<name>x</name></redner>Dr. Ada Berg (Hafen):</p><p klasse=\"J_1\">Ja.</p><kommentar>"
             "(Beifall)</kommentar></rede></dbtplenarprotokoll>");
    assert_passages("paragraph: Ja.\nparagraph: (Beifall)\n");
    assert_string_equal(speaker(0), "Dr. Ada Berg (Hafen)");
    assert_int_equal(reading.document.date, 20150306);
}

static void unknown_elements_part_paragraphs_and_raw_text_is_cut(void **state) {
    (void)state;
    read_xml("<record><a>One.</a>\n<b>Two <c>words</c>.</b><d><p>Three.</p></d></record>");
    assert_passages("paragraph: One.\nparagraph: Two words.\nparagraph: Three.\n");
    reading_free(&reading);
    read_xml("<RECORD><TEXT>The meeting of the pier committee was opened at ten by its chair, who "
             "greeted all\nthe members and the guests from the port, and thanked the crews.\n\n"
             "It then heard the report of the surveyor, who had been on the pier for a week with "
             "his\nassistants, and who had found rust on most of its beams and holes in its deck."
             "\n\nThe committee thanked him.\n\nIt closed at noon.\n</TEXT></RECORD>");
    assert_int_equal(reading.document.passage_count, 4);
}

static void html_s_entities_are_known_and_none_is_expanded(void **state) {
    (void)state;
    read_xml("<!DOCTYPE a [<!ENTITY x \"xxxxxxxxxx\"><!ENTITY y \"&x;&x;&x;&x;\">"
             "<!ENTITY f SYSTEM \"file:///etc/hostname\">]>"
             "<a><p k=\"&y;&eacute;\">caf&eacute; &amp;&nbsp;bar&y;&f;.</p></a>");
    assert_passages("paragraph: café & bar.\n");
}

static void tags_that_do_not_match_are_forgiven_and_told(void **state) {
    (void)state;
    read_xml("<a><p>One.</b><p>Two &amp; three.</p></a>");
    assert_passages("paragraph: One.\nparagraph: Two & three.\n");
    assert_non_null(strstr(reading_notices(&reading), "W debate.xml:0: the XML is not well-formed "
                                                      "at line 1"));
    assert_int_equal(reading.skipped, 0);
}

static void a_file_cut_short_is_damaged(void **state) {
    (void)state;
    read_xml("<a><p>One.</p><p>Tw");
    assert_int_equal(reading.documents, 0);
    assert_int_equal(reading.skipped, 1);
    assert_non_null(strstr(reading_notices(&reading), "S debate.xml:0: the XML is damaged"));
}

static void deep_nesting_is_refused(void **state) {
    (void)state;
    struct bytes text = BYTES_INIT;
    for (int i = 0; i < 5000; i++)
        bytes_add_string(&text, "<a>");
    read_xml(bytes_string(&text));
    bytes_free(&text);
    assert_int_equal(reading.skipped, 1);
}

int main(void) {
#define TEST(name) cmocka_unit_test_teardown(name, teardown)
    const struct CMUnitTest tests[] = {
        TEST(hansard_sections_members_and_columns),
        TEST(akoma_ntoso_speeches_and_numbers),
        TEST(tei_speeches_notes_and_lists),
        TEST(debates_and_protocols_name_speakers_their_own_way),
        TEST(unknown_elements_part_paragraphs_and_raw_text_is_cut),
        TEST(html_s_entities_are_known_and_none_is_expanded),
        TEST(tags_that_do_not_match_are_forgiven_and_told),
        TEST(a_file_cut_short_is_damaged),
        TEST(deep_nesting_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
