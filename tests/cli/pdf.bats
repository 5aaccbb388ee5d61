#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# PDFs: made here as a program would write them, and the shared ones held against pdftotext.

bats_require_minimum_version 1.5.0
load helper
load pdf

text() { plenary-index --dry-run "$@" 2>/dev/null | grep '^        ' | sed 's/^ *//'; }

@test "paragraphs, divided words, columns, bullets and pages" {
    {
        pdf_text 72 730 20 "Harbour Committee: report"
        pdf_text 72 690 12 "The committee met in Sandmouth on 3 March 2020 and re-"
        pdf_text 72 676 12 "viewed the rules for ships in distress. It thanked the"
        pdf_text 72 662 12 "crews."
        pdf_text 72 634 12 "A second paragraph is about small boats that nobody had"
        pdf_text 72 620 12 "counted before."
        pdf_text 72 592 12 "- The forum asked for one telephone number, what-"
        pdf_text 82 578 12 "ever the flag."
        pdf_text 72 564 12 "- The inspectorates asked for patrols."
    } >page
    pdf_make report.pdf page
    run text report.pdf
    [ "${lines[0]}" = "Harbour Committee: report" ]
    [ "${lines[1]}" = "The committee met in Sandmouth on 3 March 2020 and reviewed the rules for ships in distress." ]
    [ "${lines[2]}" = "It thanked the crews." ]
    [ "${lines[3]}" = "A second paragraph is about small boats that nobody had counted before." ]
    [ "${lines[4]}" = "The forum asked for one telephone number, whatever the flag." ]
    [ "${lines[5]}" = "The inspectorates asked for patrols." ]
    plenary-index --dry-run report.pdf | grep -q '^  title     Harbour Committee: report$'
    plenary-index --dry-run report.pdf | grep -q '^  date      2020-03-03$'
    plenary-index --dry-run report.pdf | grep -q '^  \[3\] item 1, page 1'
}

@test "running heads and page numbers go, a sentence goes on over the page" {
    for i in 1 2 3 4; do
        {
            pdf_text 72 770 9 "Report of the Harbour Committee"
            pdf_text 72 700 12 "of page $i, which goes on and on for a while until its"
            pdf_text 72 686 12 "words are enough for a line. This is sentence $i that goes over the end"
            pdf_text 300 20 9 "$i"
        } >"page$i"
    done
    pdf_make long.pdf page1 page2 page3 page4
    run text long.pdf
    [ "$(grep -c 'Report of the Harbour Committee' <<<"$output")" -eq 1 ]
    run ! grep -qx '[0-9]' <<<"$output"
    text long.pdf | tr '\n' ' ' | grep -q 'sentence 1 that goes over the end of page 2, which'
}

@test "search results say the page" {
    pdf_text 72 700 12 "The first page is about harbours." >one
    pdf_text 72 700 12 "The second page is about trafficking." >two
    pdf_make pages.pdf one two
    plenary-index --quiet ix pages.pdf
    [ "$(json '.results[0].passage.page' ix trafficking)" = 2 ]
}

@test "encrypted, damaged, empty PDFs and those without text are named" {
    pdf_text 72 700 12 "A secret." >page
    pdf_make plain.pdf page
    qpdf --encrypt secret owner 256 -- plain.pdf locked.pdf || [ $? -eq 3 ] # it warns
    head -c 60 plain.pdf >damaged.pdf
    echo '0 0 100 100 re f' >drawing
    pdf_make image.pdf drawing
    : >empty.pdf
    run plenary-index ix plain.pdf locked.pdf damaged.pdf image.pdf empty.pdf
    [ "$status" -eq 3 ]
    [[ "$output" == *"locked.pdf: skipped: the PDF is encrypted: a password is needed to read it"* ]]
    [[ "$output" == *"damaged.pdf: skipped: the PDF is damaged"* ]]
    [[ "$output" == *"image.pdf: skipped: the PDF has no text, only images"* ]]
    [[ "$output" == *"empty.pdf: the file is empty"* ]]
    [[ "$output" == *"1 added, 4 skipped (documents)"* ]]
}

@test "a PDF is told by its content" {
    pdf_text 72 700 12 "Words." >page
    pdf_make minutes.txt page
    [ "$(text minutes.txt)" = "Words." ]
}

@test "a page of ten gigabytes is stopped and named, and the next file is read" {
    pdf_text 72 700 12 "Good words." >page
    pdf_make good.pdf page
    pdf_bomb bomb.pdf
    [ "$(stat -c %s bomb.pdf)" -lt 200000 ]
    run plenary-index --limit-seconds 2 --limit-memory 300 ix bomb.pdf good.pdf
    [ "$status" -eq 3 ]
    [[ "$output" == *"bomb.pdf: skipped: reading it "*"(--limit-"* ]]
    [[ "$output" == *"1 added, 1 skipped (documents)"* ]]
}

@test "a page of a million nested states is stopped and named" {
    head -c 20000000 /dev/zero | sed 's/\x0/q /g' >page
    pdf_make nested.pdf page
    run plenary-index --limit-seconds 2 --limit-memory 300 --dry-run nested.pdf
    [ "$status" -eq 3 ]
    [[ "$output" == *"nested.pdf: skipped: reading it "* ]]
}

@test "no word that pdftotext finds is lost in the shared PDFs, bar one in a hundred" {
    needs_data formats/orig
    command -v pdftotext >/dev/null || skip "pdftotext is not here (poppler-utils)"
    local all=0 missing=0
    # Running heads come once with us, so that each word of a file counts once.
    for file in "$DATA"/formats/orig/*.pdf; do
        pdftotext "$file" - 2>/dev/null | sed 's/ﬁ/fi/g; s/ﬂ/fl/g; s/ﬀ/ff/g; s/ﬃ/ffi/g' |
            words | sort -u >theirs
        text "$file" | words | sort -u >ours
        all=$((all + $(wc -l <theirs)))
        missing=$((missing + $(comm -23 theirs ours | wc -l)))
    done
    echo "$missing of $all words are missing"
    [ "$all" -gt 1000 ]
    [ $((missing * 100)) -lt "$all" ]
}
