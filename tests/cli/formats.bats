#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Records as they come: office files, mail, captions, XML. The files are in tests/cli/formats.

load helper

FORMATS=$BATS_TEST_DIRNAME/formats

# The dry run of a file, copied here under another name so that only its content tells what it is.
dry_run_of() {
    cp "$FORMATS/$1" "${2:-record}"
    plenary-index --dry-run "${2:-record}"
}

# Readers of office files and of mail may have been left out of this build.
needs_reader() {
    run plenary-index --dry-run "$FORMATS/$1"
    [[ "$output" != *"built without"* ]] || skip "$output"
}

@test "DOCX, ODT and RTF give the same minutes, whatever the files are called" {
    needs_reader minutes.docx
    dry_run_of minutes.docx >docx
    dry_run_of minutes.odt >odt
    dry_run_of minutes.rtf >rtf
    diff docx odt
    diff docx rtf
    grep -q 'title     Tern Sound Pilotage Board: minutes, 4 June 2019' docx
    grep -q 'date      2019-06-04' docx
    grep -q 'item 2 (b), under Pilot boats' docx
    grep -q 'Plover | 9' docx
    grep -q 'speaker The CHAIR, under Dues' docx
}

@test "PPTX and ODP: a slide is a section, its number the page" {
    needs_reader talk.pptx
    dry_run_of talk.pptx >pptx
    dry_run_of talk.odp >odp
    diff pptx odp
    grep -q 'item 1, page 2, under What it costs' pptx
}

@test "a mail is its text and what is attached to it" {
    needs_reader mail.eml
    needs_reader minutes.docx
    dry_run_of mail.eml >mail
    grep -q 'title     Pilotage minutes' mail
    grep -q 'date      2019-06-05' mail
    grep -q 'paragraph, speaker Ada Berg' mail
    grep -q 'under minutes.docx > Pilot boats' mail
}

@test "each mail of a mailbox is a document that can be searched for" {
    needs_reader list.mbox
    plenary-index --quiet i "$FORMATS/list.mbox"
    [ "$(json .total.value i fitter)" = 1 ]
    [ "$(json '.results[0].passage.speaker' i fitter)" = "Bo Dahl" ]
    [ "$(json '.results[0].document.title' i mole)" = "Fog signals" ]
}

@test "captions are turns of speakers, with their times" {
    dry_run_of call.vtt >vtt
    grep -q '1. paragraph 00:00:04, lines 3-9, bytes 8-122, speaker Ada Berg' vtt
    grep -q 'The pilot boat sails at noon.' vtt
    run dry_run_of call.srt
    [[ "$output" == *"The pilot boat sails at noon."* ]]
}

@test "XML of parliaments has sections and speakers" {
    dry_run_of debate.xml >xml
    grep -q 'speaker Ms Berg, under 3. Pilotage Bill' xml
    grep -q 'date      2019-06-04' xml
}

@test "encrypted, damaged and empty files are named and skipped, the others are indexed" {
    needs_reader minutes.docx
    mkdir in
    cp "$FORMATS"/encrypted.odt "$FORMATS"/damaged.docx "$FORMATS"/minutes.odt in
    : >in/empty.docx
    printf '{\\rtf1 {cut' >in/cut.rtf
    printf '<?xml version="1.0"?><a><p>cut' >in/cut.xml
    printf '\320\317\021\340\241\261\032\341 E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0' >in/locked.docx
    run plenary-index i in
    [ "$status" -eq 3 ]
    [[ "$output" == *"in/encrypted.odt: skipped: the file is encrypted"* ]]
    [[ "$output" == *"in/damaged.docx: skipped: the file is damaged"* ]]
    [[ "$output" == *"in/cut.rtf: skipped: the file is damaged"* ]]
    [[ "$output" == *"in/cut.xml: skipped: the XML is damaged"* ]]
    [[ "$output" == *"in/locked.docx: skipped: the file is an encrypted Office document"* ]]
    [[ "$output" == *"in/empty.docx"*"empty"* ]]
    [ "$(json .total.value i plover)" -gt 0 ]
}

@test "a form of one's own choice is forced by --format" {
    run plenary-index --format rtf --dry-run "$FORMATS/call.vtt"
    [ "$status" -eq 3 ]
    plenary-index --format captions --dry-run "$FORMATS/call.srt" | grep -q '00:00:04'
}

@test "all originals of these formats among the shared data are read" {
    needs_data formats/orig
    needs_reader minutes.docx
    run plenary-index --quiet i "$DATA"/formats/orig/*.docx "$DATA"/formats/orig/*.odt \
        "$DATA"/formats/orig/*.rtf "$DATA"/formats/orig/*.xml "$DATA"/formats/orig/.*.vtt
    [ "$status" -eq 0 ]
    [ "$(json .total.value i '"Fusaka Blob"')" -gt 0 ]
    [ "$(json '.results[0].passage.speaker' i '+speaker:monsell oilers')" = "Sir B. EYRES MONSELL" ]
}
