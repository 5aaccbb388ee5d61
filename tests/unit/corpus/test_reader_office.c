/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/corpus/reading.h"

#include "corpus/list_number.h"
#include "corpus/reader_bytes.h"
#include "corpus/zip_kind.h"
#include "tests/fuzz/stored_zip.h"

#define W "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'"
#define RELATION "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define P(style, text)                                                                             \
    "<w:p><w:pPr><w:pStyle w:val='" style "'/></w:pPr><w:r><w:t>" text "</w:t></w:r></w:p>"
#define ITEM(level, list, text)                                                                    \
    "<w:p><w:pPr><w:numPr><w:ilvl w:val='" level "'/><w:numId w:val='" list                        \
    "'/></w:numPr></w:pPr><w:r><w:t>" text "</w:t></w:r></w:p>"
#define R(text) "<w:r><w:t>" text "</w:t></w:r>"

static struct reading reading;
static struct stored_zip zip;

static int setup(void **state) {
    (void)state;
    zip = (struct stored_zip){.count = 0};
    return 0;
}

static int teardown(void **state) {
    (void)state;
    reading_free(&reading);
    stored_zip_free(&zip);
    reading = (struct reading){.stop = 0};
    return 0;
}

static void read_zip(enum corpus_format format, const char *path) {
    struct corpus_options options = CORPUS_OPTIONS_INIT;
#ifndef HAVE_LIBARCHIVE
    skip();
#endif
    stored_zip_finish(&zip);
    assert_false(zip.file.failed);
    assert_int_equal(
        reading_run(&reading, format, path, (char *)zip.file.data, zip.file.size, options), 0);
}

static void read_docx(const char *body) {
    struct bytes xml = BYTES_INIT;
    bytes_printf(&xml, "<w:document " W "><w:body>%s</w:body></w:document>", body);
    stored_zip_string(&zip, "[Content_Types].xml", "<Types/>");
    stored_zip_add(&zip, "word/document.xml", xml.data, xml.size);
    bytes_free(&xml);
    read_zip(FORMAT_DOCX, "minutes.docx");
}

static void add_docx_part(const char *name, const char *text) {
    char part[64];
    snprintf(part, sizeof part, "word/%s.xml", name);
    stored_zip_string(&zip, part, text);
}

static void add_docx_relations(void) {
    stored_zip_string(&zip, "word/_rels/document.xml.rels",
                      "<R><Relationship Id='a' Type='" RELATION "styles' Target='styles.xml'/>"
                      "<Relationship Id='b' Type='" RELATION "numbering' Target='numbering.xml'/>"
                      "<Relationship Id='c' Type='" RELATION "footnotes' "
                      "Target='/word/footnotes.xml'/></R>");
}

static void assert_passages(const char *expected) {
    const char *log = strchr(reading_log(&reading), '\n');
    assert_string_equal(log + 1, expected);
}

/* ---- Word --------------------------------------------------------------------------------------
 */

static void headings_have_the_levels_of_their_styles(void **state) {
    (void)state;
    add_docx_relations();
    add_docx_part("styles", "<w:styles " W "><w:style w:styleId='berschrift2'>"
                            "<w:name w:val='heading 2'/></w:style><w:style w:styleId='Own'>"
                            "<w:basedOn w:val='berschrift2'/></w:style><w:style w:styleId='Flat'>"
                            "<w:basedOn w:val='berschrift2'/><w:pPr><w:outlineLvl w:val='9'/>"
                            "</w:pPr></w:style><w:style w:styleId='T'><w:name w:val='Title'/>"
                            "</w:style></w:styles>");
    read_docx(P("T", "Harbour board") P("Heading1", "Roads") P("berschrift2", "Holes")
                  P("Own", "More") P("Flat", "No heading."));
    assert_passages("heading: Harbour board\nheading: Roads\nheading: Holes\nheading: More\n"
                    "paragraph: No heading.\n");
    assert_string_equal(reading.document.title, "Harbour board");
    assert_int_equal(reading_passage(&reading, 2)->level, 2);
    assert_int_equal(reading_passage(&reading, 3)->level, 2);
    assert_string_equal(reading_passage(&reading, 4)->heading, "Roads > More");
}

static void list_items_have_the_numbers_that_word_prints(void **state) {
    (void)state;
    static const char *const labels[] = {"3)", "3.a", "3.b", "4)", "4.a", NULL, "7)"};
    add_docx_relations();
    add_docx_part(
        "numbering",
        "<w:numbering " W "><w:abstractNum w:abstractNumId='8'><w:lvl w:ilvl='0'>"
        "<w:start w:val='3'/><w:numFmt w:val='decimal'/><w:lvlText w:val='%1)'/></w:lvl>"
        "<w:lvl w:ilvl='1'><w:numFmt w:val='lowerLetter'/><w:lvlText w:val='%1.%2'/></w:lvl>"
        "</w:abstractNum><w:abstractNum w:abstractNumId='9'><w:lvl w:ilvl='0'>"
        "<w:numFmt w:val='bullet'/><w:lvlText w:val='o'/></w:lvl></w:abstractNum>"
        "<w:num w:numId='2'><w:abstractNumId w:val='9'/></w:num>"
        "<w:num w:numId='1'><w:abstractNumId w:val='8'/></w:num>"
        "<w:num w:numId='3'><w:abstractNumId w:val='8'/><w:lvlOverride w:ilvl='0'>"
        "<w:startOverride w:val='7'/></w:lvlOverride></w:num></w:numbering>");
    read_docx(ITEM("0", "1", "a") ITEM("1", "1", "b") ITEM("1", "1", "c") ITEM("0", "1", "d") ITEM(
        "1", "1", "e") ITEM("0", "2", "f") ITEM("0", "3", "g") ITEM("0", "0", "none"));
    assert_passages("item: a\nitem: b\nitem: c\nitem: d\nitem: e\nitem: f\nitem: g\n"
                    "paragraph: none\n");
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        const char *label = reading_passage(&reading, i)->label;
        assert_string_equal(label ? label : "-", labels[i] ? labels[i] : "-");
    }
    assert_int_equal(reading_passage(&reading, 1)->level, 2);
}

static void tables_come_row_by_row(void **state) {
    (void)state;
    read_docx("<w:tbl><w:tr><w:tc>" P("x", "Name") "</w:tc><w:tc>" P(
        "x", "Town") "</w:tc></w:tr>"
                     "<w:tr><w:tc>" P("x", "Ada") P("x", "Berg") "</w:tc><w:tc>" P(
                         "x", "Bern") "</w:tc></w:tr></w:tbl>" P("x", "After."));
    assert_passages("row: Name | Town\nrow: Ada Berg | Bern\nparagraph: After.\n");
}

static void footnotes_follow_their_paragraph(void **state) {
    (void)state;
    add_docx_relations();
    add_docx_part("footnotes", "<w:footnotes " W "><w:footnote w:id='0' w:type='separator'><w:p>" R(
                                   "no") "</w:p></w:footnote><w:footnote "
                                         "w:id='5'><w:p>" R("See annex.") "</w:p><w:p>" R(
                                             "Page 3.") "</w:p></"
                                                        "w:footnote></"
                                                        "w:footnotes>");
    read_docx("<w:p>" R("The board") "<w:r><w:footnoteReference w:id='5'/></w:r>" R(
        " agreed.") "</w:p><w:p>" R("Next.") "<w:r><w:footnoteReference w:id='5'/></w:r></w:p>");
    assert_passages("paragraph: The board agreed.\nparagraph: See annex. Page 3.\n"
                    "paragraph: Next.\n");
    assert_string_equal(reading_passage(&reading, 1)->label, "1");
}

static void what_word_does_not_print_is_left_out(void **state) {
    (void)state;
    read_docx("<w:p>" R(
        "Kept") "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
                "<w:moveFrom>" R(
                    "moved") "</w:moveFrom><w:r><w:instrText>PAGE</w:instrText></w:r>"
                             "<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>"
                             "<w:ins>" R(
                                 " too") "</w:ins><w:r><w:t>.</w:t><w:br/><w:t>On</w:t><w:tab/>"
                                         "<w:t>one line.</w:t></w:r></w:p>");
    assert_passages("paragraph: Kept too. On one line.\n");
}

static void a_text_box_does_not_break_the_paragraph_around_it(void **state) {
    (void)state;
    read_docx("<w:p>" R(
        "Before ") "<w:r><mc:AlternateContent xmlns:mc='m'><mc:Choice>"
                   "<w:txbxContent><w:p>" R(
                       "In the box.") "</w:p></w:txbxContent></mc:Choice>"
                                      "<mc:Fallback><w:txbxContent><w:p>" R(
                                          "In the box.") "</w:p></w:txbxContent>"
                                                         "</mc:Fallback></mc:AlternateContent></"
                                                         "w:r>" R("and after.") "</w:p>");
    assert_passages("paragraph: In the box.\nparagraph: Before and after.\n");
}

static void properties_give_title_and_date_where_the_text_does_not(void **state) {
    (void)state;
    stored_zip_string(&zip, "_rels/.rels",
                      "<R><Relationship Id='a' Type='" RELATION "officeDocument' "
                      "Target='word/document.xml'/><Relationship Id='b' "
                      "Type='http://x/metadata/core-properties' Target='docProps/core.xml'/></R>");
    stored_zip_string(&zip, "docProps/core.xml",
                      "<c xmlns:d='d'><d:title>Pier committee</d:title>"
                      "<d:created>2019-05-06T07:08:09Z</d:created></c>");
    read_docx(P("x", "It was agreed."));
    assert_string_equal(reading.document.title, "Pier committee");
    assert_int_equal(reading.document.date, 20190506);
}

/* ---- OpenDocument ------------------------------------------------------------------------------
 */

#define ODF                                                                                        \
    "xmlns:office='o' xmlns:text='t' xmlns:table='b' xmlns:style='s' xmlns:draw='d' "              \
    "xmlns:presentation='p'"

static void read_odf(enum corpus_format format, const char *styles, const char *body) {
    struct bytes xml = BYTES_INIT;
    bytes_printf(&xml,
                 "<office:document-content " ODF "><office:automatic-styles>%s"
                 "</office:automatic-styles><office:body>%s</office:body>"
                 "</office:document-content>",
                 styles, body);
    stored_zip_string(&zip, "mimetype", "application/vnd.oasis.opendocument.text");
    stored_zip_add(&zip, "content.xml", xml.data, xml.size);
    bytes_free(&xml);
    read_zip(format, "minutes.odt");
}

#define LIST_STYLE                                                                                 \
    "<text:list-style style:name='L'><text:list-level-style-number text:level='1' "                \
    "style:num-format='1' style:num-suffix='.'/><text:list-level-style-number text:level='2' "     \
    "style:num-format='a' style:num-prefix='(' style:num-suffix=')'/></text:list-style>"

static void odt_headings_lists_rows_and_notes(void **state) {
    (void)state;
    read_odf(FORMAT_ODT, LIST_STYLE,
             "<text:h text:outline-level='1'>Roads</text:h><text:list text:style-name='L'>"
             "<text:list-item><text:p>one</text:p><text:list><text:list-item><text:p>deep</text:p>"
             "</text:list-item></text:list></text:list-item><text:list-item><text:p>two</text:p>"
             "<text:p>more of it</text:p></text:list-item></text:list>"
             "<text:list text:style-name='L' text:continue-numbering='true'><text:list-item>"
             "<text:p>three</text:p></text:list-item></text:list><table:table><table:table-row>"
             "<table:table-cell><text:p>Ada</text:p></table:table-cell><table:table-cell><text:p>"
             "Bern</text:p></table:table-cell></table:table-row></table:table><text:p>The board"
             "<text:note><text:note-citation>7</text:note-citation><text:note-body><text:p>See "
             "annex.</text:p></text:note-body></text:note> agreed<text:s text:c='2'/>on<text:tab/>"
             "it.</text:p>");
    assert_passages("heading: Roads\nitem: one\nitem: deep\nitem: two\nitem: more of it\n"
                    "item: three\nrow: Ada | Bern\nparagraph: The board agreed on it.\n"
                    "paragraph: See annex.\n");
    assert_string_equal(reading_passage(&reading, 1)->label, "1.");
    assert_string_equal(reading_passage(&reading, 2)->label, "(a)");
    assert_string_equal(reading_passage(&reading, 3)->label, "2.");
    assert_null(reading_passage(&reading, 4)->label);
    assert_string_equal(reading_passage(&reading, 5)->label, "3.");
    assert_string_equal(reading_passage(&reading, 8)->label, "7");
}

static void odt_leaves_out_deleted_text_and_comments(void **state) {
    (void)state;
    read_odf(FORMAT_ODT, "<style:style style:name='P1' style:parent-style-name='Title'/>",
             "<text:tracked-changes><text:p>gone</text:p></text:tracked-changes>"
             "<text:p text:style-name='P1'>Pier</text:p><text:p>Kept<office:annotation><text:p>"
             "comment</text:p></office:annotation>.</text:p>");
    assert_passages("heading: Pier\nparagraph: Kept.\n");
    assert_string_equal(reading.document.title, "Pier");
}

static void an_encrypted_odt_is_named(void **state) {
    (void)state;
    stored_zip_string(&zip, "META-INF/manifest.xml",
                      "<m><file-entry><encryption-data/></file-entry></m>");
    stored_zip_string(&zip, "content.xml", "\x7f\x80 noise");
    read_zip(FORMAT_ODT, "secret.odt");
    assert_int_equal(reading.documents, 0);
    assert_int_equal(reading.skipped, 1);
    assert_string_equal(reading_notices(&reading), "S secret.odt:0: the file is encrypted\n");
}

/* ---- Slides ------------------------------------------------------------------------------------
 */

static void an_odp_slide_is_a_section(void **state) {
    (void)state;
    read_odf(FORMAT_ODP, "",
             "<draw:page><draw:frame><draw:text-box><text:p>Said first.</text:p></draw:text-box>"
             "</draw:frame><draw:frame presentation:class='title'><draw:text-box><text:p>Ports"
             "</text:p></draw:text-box></draw:frame><draw:frame presentation:class='footer'>"
             "<draw:text-box><text:p>foot</text:p></draw:text-box></draw:frame>"
             "<presentation:notes><draw:frame presentation:class='notes'><draw:text-box><text:p>"
             "Mention it.</text:p></draw:text-box></draw:frame></presentation:notes></draw:page>"
             "<draw:page><draw:frame><draw:text-box><text:p>Second.</text:p></draw:text-box>"
             "</draw:frame></draw:page>");
    assert_passages("paragraph: Said first.\nheading: Ports\nparagraph: Mention it.\n"
                    "paragraph: Second.\n");
    assert_string_equal(reading_passage(&reading, 0)->heading, "Ports");
    assert_int_equal(reading_passage(&reading, 2)->page, 1);
    assert_int_equal(reading_passage(&reading, 3)->page, 2);
    assert_null(reading_passage(&reading, 3)->heading);
}

static void pptx_slides_come_in_their_order(void **state) {
    (void)state;
    stored_zip_string(&zip, "[Content_Types].xml", "<Types/>");
    stored_zip_string(&zip, "ppt/presentation.xml",
                      "<p xmlns:r='http://x/relationships'><sldIdLst><sldId id='1' r:id='r2'/>"
                      "<sldId id='2' r:id='r1'/></sldIdLst></p>");
    stored_zip_string(&zip, "ppt/_rels/presentation.xml.rels",
                      "<R><Relationship Id='r1' Target='slides/slide1.xml'/>"
                      "<Relationship Id='r2' Target='slides/slide2.xml'/></R>");
    stored_zip_string(&zip, "ppt/slides/slide1.xml",
                      "<s><sp><txBody><p><r><t>Last.</t></r></p></txBody></sp></s>");
    stored_zip_string(
        &zip, "ppt/slides/slide2.xml",
        "<s><sp><ph type='ctrTitle'/><p><r><t>Ports</t></r></p></sp><sp><ph idx='1'/><p>"
        "<pPr lvl='1'/><r><t>rota</t></r></p></sp><graphicFrame><tbl><tr><tc><p><r><t>a</t></r>"
        "</p></tc><tc><p><r><t>b</t></r></p></tc></tr></tbl></graphicFrame><sp>"
        "<ph type='sldNum'/><p><r><t>1</t></r></p></sp></s>");
    stored_zip_string(&zip, "ppt/slides/_rels/slide2.xml.rels",
                      "<R><Relationship Id='n' Type='http://x/notesSlide' "
                      "Target='../notesSlides/notesSlide1.xml'/></R>");
    stored_zip_string(&zip, "ppt/notesSlides/notesSlide1.xml",
                      "<n><sp><ph type='sldImg'/></sp><sp><ph type='body'/><p><r><t>Say it.</t>"
                      "</r></p></sp></n>");
    read_zip(FORMAT_PPTX, "talk.pptx");
    assert_passages("heading: Ports\nitem: rota\nrow: a | b\nparagraph: Say it.\n"
                    "paragraph: Last.\n");
    assert_int_equal(reading_passage(&reading, 1)->level, 2);
    assert_int_equal(reading_passage(&reading, 3)->page, 1);
    assert_int_equal(reading_passage(&reading, 4)->page, 2);
}

/* ---- Hostile and broken ------------------------------------------------------------------------
 */

static void assert_skipped(const char *why) {
    assert_int_equal(reading.documents, 0);
    assert_int_equal(reading.skipped, 1);
    if (!strstr(reading_notices(&reading), why))
        fail_msg("%s", reading_notices(&reading));
}

static void broken_files_are_named(void **state) {
    (void)state;
    stored_zip_string(&zip, "[Content_Types].xml", "<Types/>");
    read_zip(FORMAT_DOCX, "empty.docx");
    assert_skipped("S empty.docx:0: the file is damaged: it has no part word/document.xml");
    reading_free(&reading);
    stored_zip_free(&zip);
    zip = (struct stored_zip){.count = 0};
    read_docx("<w:p>" R("cut") "</w:q>");
    assert_skipped("S minutes.docx:0: the XML is damaged at line 1");
}

static void a_zip_that_is_cut_short_is_damaged(void **state) {
    (void)state;
    struct corpus_options options = CORPUS_OPTIONS_INIT;
#ifndef HAVE_LIBARCHIVE
    skip();
#endif
    stored_zip_string(&zip, "word/document.xml", "<d><p><r><t>x</t></r></p></d>");
    stored_zip_finish(&zip);
    assert_int_equal(reading_run(&reading, FORMAT_DOCX, "cut.docx", (char *)zip.file.data,
                                 zip.file.size / 2, options),
                     0);
    assert_skipped("S cut.docx:0: the file is damaged");
}

static void entities_are_never_expanded(void **state) {
    (void)state;
    stored_zip_string(&zip, "word/document.xml",
                      "<!DOCTYPE d [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>"
                      "<!ENTITY f SYSTEM 'file:///etc/hostname'>]>"
                      "<d><p><r><t>Text&b;&f;&amp;&nbsp;more.</t></r></p></d>");
    read_zip(FORMAT_DOCX, "bomb.docx");
    assert_passages("paragraph: Text& more.\n");
}

static void deep_nesting_is_refused(void **state) {
    (void)state;
    struct bytes body = BYTES_INIT;
    for (int i = 0; i < 300; i++)
        bytes_add_string(&body, "<w:smartTag>");
    read_docx(bytes_string(&body));
    bytes_free(&body);
    assert_skipped("minutes.docx");
}

static void nested_text_boxes_are_bounded(void **state) {
    (void)state;
    struct bytes body = BYTES_INIT;
    for (int i = 0; i < 40; i++)
        bytes_add_string(&body, "<w:p><w:r><w:txbxContent>");
    bytes_add_string(&body, "<w:p>" R("deep") "</w:p>");
    for (int i = 0; i < 40; i++)
        bytes_add_string(&body, "</w:txbxContent></w:r></w:p>");
    bytes_add_string(&body, "<w:p>" R("after") "</w:p>");
    read_docx(bytes_string(&body));
    bytes_free(&body);
    assert_passages("paragraph: deep\nparagraph: after\n");
}

static void the_budget_of_decompressed_bytes_holds(void **state) {
    (void)state;
#ifndef HAVE_LIBARCHIVE
    skip();
#endif
    struct error err = {.message = ""};
    struct document document;
    static char spaces[100000];
    uint64_t budget = sizeof spaces - 1;
    memset(spaces, ' ', sizeof spaces);
    stored_zip_add(&zip, "word/document.xml", spaces, sizeof spaces);
    stored_zip_finish(&zip);
    struct read_bytes in = {zip.file.data, zip.file.size, "bomb.docx", 0, &budget};
    document_init(&document);
    assert_int_equal(docx_read(&document, &in, &err), PLENARY_ELIMIT);
    assert_non_null(strstr(err.message, "decompresses to more than"));
    document_free(&document);
}

/* ---- Parts -------------------------------------------------------------------------------------
 */

static void zip_kinds_are_told_by_what_is_in_them(void **state) {
    (void)state;
    static const struct {
        const char *first, *content, *second;
        enum zip_kind kind;
    } cases[] = {
        {"[Content_Types].xml", "<T/>", "word/document.xml", ZIP_DOCX},
        {"a/b", "x", "c", ZIP_ARCHIVE},
        {"word/x", "x", "c", ZIP_ARCHIVE},
        {"ppt/slides/slide1.xml", "x", "[Content_Types].xml", ZIP_PPTX},
        {"[Content_Types].xml", "<T/>", "xl/workbook.xml", ZIP_XLSX},
        {"mimetype", "application/vnd.oasis.opendocument.presentation", "content.xml", ZIP_ODP},
        {"mimetype", "application/epub+zip", "x", ZIP_EPUB},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        zip = (struct stored_zip){.count = 0};
        stored_zip_string(&zip, cases[i].first, cases[i].content);
        stored_zip_string(&zip, cases[i].second, "x");
        stored_zip_finish(&zip);
        assert_int_equal(zip_kind(zip.file.data, zip.file.size), cases[i].kind);
        for (size_t cut = 0; cut < zip.file.size; cut++)
            zip_kind(zip.file.data, cut); /* no cut reads outside: the sanitizers see to it */
        stored_zip_free(&zip);
    }
}

static void list_numbers_are_printed_as_word_does(void **state) {
    (void)state;
    static const struct {
        enum list_number format;
        long number;
        const char *text;
    } cases[] = {
        {LIST_DECIMAL, 12, "12"},      {LIST_DECIMAL_ZERO, 3, "03"},
        {LIST_LOWER_LETTER, 28, "bb"}, {LIST_UPPER_LETTER, 3, "C"},
        {LIST_LOWER_ROMAN, 14, "xiv"}, {LIST_UPPER_ROMAN, 1999, "MCMXCIX"},
        {LIST_ORDINAL, 22, "22nd"},    {LIST_ORDINAL, 11, "11th"},
        {LIST_BULLET, 1, ""},          {LIST_UPPER_ROMAN, 5000, "5000"},
        {LIST_LOWER_LETTER, 0, "0"},
    };
    char out[LIST_NUMBER_SIZE];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(list_number_format(cases[i].format, cases[i].number, out),
                            cases[i].text);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(headings_have_the_levels_of_their_styles),
        TEST(list_items_have_the_numbers_that_word_prints),
        TEST(tables_come_row_by_row),
        TEST(footnotes_follow_their_paragraph),
        TEST(what_word_does_not_print_is_left_out),
        TEST(a_text_box_does_not_break_the_paragraph_around_it),
        TEST(properties_give_title_and_date_where_the_text_does_not),
        TEST(odt_headings_lists_rows_and_notes),
        TEST(odt_leaves_out_deleted_text_and_comments),
        TEST(an_encrypted_odt_is_named),
        TEST(an_odp_slide_is_a_section),
        TEST(pptx_slides_come_in_their_order),
        TEST(broken_files_are_named),
        TEST(a_zip_that_is_cut_short_is_damaged),
        TEST(entities_are_never_expanded),
        TEST(deep_nesting_is_refused),
        TEST(nested_text_boxes_are_bounded),
        TEST(the_budget_of_decompressed_bytes_holds),
        TEST(zip_kinds_are_told_by_what_is_in_them),
        TEST(list_numbers_are_printed_as_word_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
