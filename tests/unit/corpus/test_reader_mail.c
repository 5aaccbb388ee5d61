/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/corpus/reading.h"

#include "corpus/mbox.h"

#define HEADER                                                                                     \
    "From: Ada Berg <ada@harbour.example>\nTo: board@harbour.example\nSubject: Pier repairs\n"     \
    "Date: Tue, 5 May 2020 23:30:00 -0400\nMIME-Version: 1.0\n"
#define LONG "a line as long as those that programs wrap, so that it must be joined with "

static struct reading reading;

/* Mail cannot be read by a plenary that was built without gmime. */
static void need_gmime(void) {
#ifndef HAVE_GMIME
    skip();
#endif
}

static int teardown(void **state) {
    (void)state;
    reading_free(&reading);
    reading = (struct reading){.stop = 0};
    return 0;
}

static void read_mail(const char *text) {
    need_gmime();
    reading_string(&reading, FORMAT_MAIL, "a.eml", text);
}

static void assert_passages(const char *expected) {
    const char *log = reading.documents ? strchr(reading_log(&reading), '\n') + 1 : "";
    assert_string_equal(log, expected);
}

static void the_header_gives_title_date_and_speaker(void **state) {
    (void)state;
    read_mail(HEADER "\nThe pier is closed.\n\nIt opens in June.\n");
    assert_passages("paragraph: The pier is closed.\nparagraph: It opens in June.\n");
    assert_string_equal(reading.document.title, "Pier repairs");
    assert_int_equal(reading.document.date, 20200505);
    assert_string_equal(reading_passage(&reading, 0)->speaker, "Ada Berg");
}

static void a_day_in_the_subject_comes_first_and_words_are_decoded(void **state) {
    (void)state;
    read_mail("From: x@y.example\nSubject: =?utf-8?q?R=C3=A9union?= du 2 mai 2020\n"
              "Date: Tue, 5 May 2020 10:00:00 +0000\n"
              "Content-Type: text/plain; charset=iso-8859-1\n"
              "Content-Transfer-Encoding: quoted-printable\n\nCaf=E9 ferm=\n=E9.\n");
    assert_passages("paragraph: Café fermé.\n");
    assert_string_equal(reading.document.title, "Réunion du 2 mai 2020");
    assert_int_equal(reading.document.date, 20200502);
    assert_string_equal(reading_passage(&reading, 0)->speaker, "x@y.example");
}

static void minutes_keep_the_speakers_that_they_name(void **state) {
    (void)state;
    read_mail(HEADER "\nThe CHAIR: The pier is closed.\n\nMr. DAHL (Port): Until June.\n");
    assert_string_equal(reading_passage(&reading, 0)->speaker, "The CHAIR");
    assert_string_equal(reading_passage(&reading, 1)->speaker, "Mr. DAHL (Port)");
}

#define ALTERNATIVE(plain, html)                                                                   \
    HEADER "Content-Type: multipart/alternative; boundary=B\n\n--B\nContent-Type: "                \
           "text/plain\n\n" plain "\n--B\nContent-Type: text/html\n\n" html "\n--B--\n"

static void plain_text_is_taken_where_it_says_its_paragraphs(void **state) {
    (void)state;
    read_mail(ALTERNATIVE("One.\n\nTwo.\n", "<p>other</p>"));
    assert_passages("paragraph: One.\nparagraph: Two.\n");
}

static void html_is_taken_where_plain_text_is_wrapped_or_empty(void **state) {
    (void)state;
    read_mail(ALTERNATIVE(LONG "\n" LONG "\n" LONG "\n", "<p>One</p><ul><li>Two</ul>"));
    assert_passages("paragraph: One\nitem: Two\n");
}

static void flowed_lines_are_joined(void **state) {
    (void)state;
    read_mail(HEADER "Content-Type: text/plain; format=flowed\n\n" LONG "\nthe next.\nAlone.\n");
    assert_passages("paragraph: " LONG "the next.\nparagraph: Alone.\n");
}

#define MIXED(type, name, content)                                                                 \
    HEADER "Content-Type: multipart/mixed; boundary=B\n\n--B\n\nSee the file.\n--B\n"              \
           "Content-Type: " type "\nContent-Disposition: attachment; filename=" name               \
           "\n\n" content "\n--B--\n"

static void attachments_stand_under_their_names(void **state) {
    (void)state;
    read_mail(MIXED("application/octet-stream", "minutes.rtf",
                    "{\\rtf1\\outlinelevel0 Roads\\par\\pard Holes.\\par}"));
    assert_passages("paragraph: See the file.\nheading: minutes.rtf\nheading: Roads\n"
                    "paragraph: Holes.\n");
    assert_string_equal(reading_passage(&reading, 3)->heading, "minutes.rtf > Roads");
    assert_string_equal(reading_passage(&reading, 0)->speaker, "Ada Berg");
    assert_null(reading_passage(&reading, 3)->speaker);
    assert_int_equal(reading.skipped, 0);
}

static void text_attachments_are_read_as_what_they_are(void **state) {
    (void)state;
    read_mail(MIXED("text/html", "notes.html", "<html><body><h1>Roads</h1><p>Holes.</p>"));
    assert_passages("paragraph: See the file.\nheading: notes.html\nheading: Roads\n"
                    "paragraph: Holes.\n");
}

static void pictures_are_passed_over_and_what_cannot_be_read_is_named(void **state) {
    (void)state;
    read_mail(MIXED("image/png", "pier.png", "\x89PNG\r\n"));
    assert_passages("paragraph: See the file.\n");
    assert_int_equal(reading.skipped, 0);
    reading_free(&reading);
    read_mail(MIXED("application/rtf", "cut.rtf", "{\\rtf1 {cut"));
    assert_passages("paragraph: See the file.\n");
    assert_int_equal(reading.skipped, 1);
    assert_non_null(strstr(reading_notices(&reading),
                           "S a.eml:0: the attachment cut.rtf was left out: the file is damaged"));
}

static void a_forwarded_mail_is_read_under_its_subject(void **state) {
    (void)state;
    read_mail(HEADER "Content-Type: message/rfc822\n\nSubject: Inner\n\nHello.\n");
    assert_passages("heading: Inner\nparagraph: Hello.\n");
}

static void encrypted_mail_is_named(void **state) {
    (void)state;
    read_mail(HEADER "Content-Type: multipart/encrypted; boundary=B\n\n--B\n\nVersion: 1\n--B\n"
                     "Content-Type: application/octet-stream\n\nxxxx\n--B--\n");
    assert_int_equal(reading.skipped, 1);
    assert_string_equal(reading_notices(&reading), "S a.eml:0: the mail is encrypted\n");
}

static void deep_nesting_is_refused(void **state) {
    (void)state;
    struct bytes text = BYTES_INIT;
    bytes_add_string(&text, HEADER);
    for (int i = 0; i < 200; i++)
        bytes_printf(&text, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i);
    bytes_add_string(&text, "\nx\n");
    read_mail(bytes_string(&text));
    bytes_free(&text);
    assert_int_equal(reading.skipped, 1);
    assert_non_null(strstr(reading_notices(&reading), "nest deeper than"));
}

static void a_mailbox_is_a_document_a_message(void **state) {
    (void)state;
    need_gmime();
    reading_string(&reading, FORMAT_MBOX, "list.mbox",
                   "From ada@x Tue May  5 10:00:00 2020\n" HEADER "\nOne.\n\nFrom here on.\n\n"
                   "From bo@x Wed May  6 10:00:00 2020\nFrom: bo@x\nSubject: Second\n\nTwo.\n");
    assert_string_equal(reading_log(&reading),
                        "# list.mbox#1\nparagraph: One.\nparagraph: From here on.\n"
                        "# list.mbox#2\nparagraph: Two.\n");
    assert_string_equal(reading.document.title, "Second");
}

int main(void) {
#define TEST(name) cmocka_unit_test_teardown(name, teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_header_gives_title_date_and_speaker),
        TEST(a_day_in_the_subject_comes_first_and_words_are_decoded),
        TEST(minutes_keep_the_speakers_that_they_name),
        TEST(plain_text_is_taken_where_it_says_its_paragraphs),
        TEST(html_is_taken_where_plain_text_is_wrapped_or_empty),
        TEST(flowed_lines_are_joined),
        TEST(attachments_stand_under_their_names),
        TEST(text_attachments_are_read_as_what_they_are),
        TEST(pictures_are_passed_over_and_what_cannot_be_read_is_named),
        TEST(a_forwarded_mail_is_read_under_its_subject),
        TEST(encrypted_mail_is_named),
        TEST(deep_nesting_is_refused),
        TEST(a_mailbox_is_a_document_a_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
