#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What is found out about meetings: who spoke, when, under which heading, in whose meeting.

load helper

# Where the files of a tree of the table are; empty if they are not here.
tree_folder() {
    case $1 in
    formats) [ -d "$DATA/formats/orig" ] && echo "$DATA/formats/orig" ;;
    scotus-oral) find_tree scotus-oral/txt ;;
    *) find_tree "$1/orig" ;;
    esac
}

# PLENARY_TREES names a folder with the archives of the shared data unpacked.
find_tree() {
    [ -n "$PLENARY_TREES" ] && [ -d "$PLENARY_TREES/$1" ] && echo "$PLENARY_TREES/$1"
}

# The head of a dry run as: date, title, turns.
found() {
    plenary-index --dry-run "$1" | awk '
        /^  title / { sub(/^  title +/, ""); title = $0 }
        /^  date / { date = $2 }
        /^(  speakers|           ) .*: [0-9]+ turns?, [0-9]+ passages?$/ {
            sub(/ turns?, [0-9]+ passages?$/, ""); sub(/.*: /, ""); turns += $0 }
        /^  \[/ { exit }
        END { printf "%s\t%s\t%d\n", date ? date : "-", title, turns }'
}

# Shares of dates, titles and turns of a tree that are as the table says.
hold_against_table() {
    local folder file date title turns
    folder=$(tree_folder "$1") || true
    [ -n "$folder" ] || skip "the unpacked tree is not here: $1 (see PLENARY_TREES)"
    while IFS=$'\t' read -r _ file date title turns _; do
        [ -e "$folder/$file" ] || continue
        printf '%s\t%s\t%s\t%s\n' "$date" "$title" "$turns" "$(found "$folder/$file")"
    done < <(grep "^$1"$'\t' "$ROOT/tests/data/structure_truth.tsv") | awk -F'\t' -v least="$2" '
        $1 != "-" { dates++; date_hits += $1 == $4 }
        $2 != "-" { titles++; title_hits += $2 == $5 }
        { turns += $3; hits += $3 < $6 ? $3 : $6; extra += $6 > $3 ? $6 - $3 : 0 }
        END {
            printf "dates %d of %d, titles %d of %d, turns %d of %d and %d too many\n", date_hits,
                dates, title_hits, titles, hits, turns, extra
            exit !(NR && date_hits >= 0.95 * dates && title_hits >= 0.95 * titles &&
                   hits >= least * turns && extra <= 0.05 * turns)
        }'
}

@test "graphql-wg as read by eye" { hold_against_table graphql-wg 0.90; }
# Missed are mostly messages quoted from a chat whose writers are told from the text by bold type alone.
@test "k8s-minutes as read by eye" { hold_against_table k8s-minutes 0.75; }
@test "nodejs-tsc as read by eye" { hold_against_table nodejs-tsc 0.90; }
@test "rust-minutes as read by eye" { hold_against_table rust-minutes 0.90; }
@test "tc39-notes as read by eye" { hold_against_table tc39-notes 0.90; }
@test "wasm-meetings as read by eye" { hold_against_table wasm-meetings 0.90; }
@test "scotus-oral as read by eye" { hold_against_table scotus-oral 0.90; }
@test "originals of the formats as read by eye" { hold_against_table formats 0.90; }

@test "a sidecar overrides what was detected, and both are no documents" {
    mkdir -p records/2019
    printf 'A note of no date. It has two sentences.\n' >records/2019/a.txt
    printf '# Talk on 7 May 2019\n\nWords.\n' >records/2019/b.md
    printf 'Other words about the rota.\n' >records/2019/c.txt
    printf 'filename\tdate\ttitle\tbody\n2019/a.txt\t2019-03-04\t**Big** [meeting](http://x)\tHarbour Council\n2019/b.md\t2019-05\t![logo](x.png)\t\n' \
        >records/manifest.tsv
    printf '{"title": "From beside", "date": "2020-01-02"}' >records/2019/c.meta.json
    run plenary-index --dry-run records
    [ "$status" -eq 0 ]
    [[ "$output" == *"Big meeting"*"2019-03-04"*"Harbour Council"* ]]
    [[ "$output" == *"Talk on 7 May 2019"*"2019-05-07"* ]]
    [[ "$output" == *"From beside"*"2020-01-02"* ]]
    [ "$(grep -c '^records' <<<"$output")" -eq 3 ]
    plenary-index idx records
    [ "$(json '.results[0].document.title' idx rota)" = "From beside" ]
    [ "$(json '.results[0].document.body' idx sentences)" = "Harbour Council" ]
    # What is written beside a file counts as its content.
    printf '{"title": "Renamed", "date": "2020-01-02"}' >records/2019/c.meta.json
    plenary-index idx records
    [ "$(json '.results[0].document.title' idx rota)" = "Renamed" ]
}

@test "a sidecar and --min-words reach readers that are confined" {
    mkdir records
    cp "$ROOT/tests/cli/formats/minutes.docx" records/a.docx
    printf '{"title": "From beside", "date": "2020-01-02", "body": "Harbour Council"}' >records/a.meta.json
    printf '{\\rtf1 Ms. REED: Yes, of course.\\par Mr. MOSS: I thank the chair for all that was said today.\\par}' >records/b.rtf
    run plenary-index --dry-run records
    [ "$status" -eq 0 ]
    [[ "$output" == *"From beside"*"2020-01-02"*"Harbour Council"* ]]
    [[ "$output" == *"speaker Ms. REED"*"speaker Mr. MOSS"* ]]
    run plenary-index --dry-run --min-words 6 records/b.rtf
    [[ "$output" == *"[1] paragraph"*"speaker Mr. MOSS"*"Ms. REED: Yes, of course. "*"Mr. MOSS: I thank"* ]]
    [[ "$output" != *"[2]"* ]]
}

@test "a damaged sidecar is named and passed over" {
    printf 'The tide was late.\n' >a.txt
    printf '{"title": ' >a.meta.json
    run plenary-index idx a.txt
    [ "$status" -eq 0 ]
    [[ "$output" == *"a.meta.json"*"not a JSON object"* ]]
    [ "$(plenary-search --count idx tide)" -eq 1 ]
}

@test "who spoke is resolved, searched, cited and printed" {
    cat >minutes.md <<'TEXT'
# Harbour Committee Meeting, 6 August 2018

Attendees: Rob Palmer (RPR), Ann Lee (AKL)

## Any other business

RPR: The lighthouse needs paint.

It has needed it for years, and everybody who sails there knows.

AKL: I agree with the proposal about the lighthouse.

Note: the budget is closed.
TEXT
    plenary-index idx minutes.md
    [ "$(json '.results[0].passage.speaker' idx paint)" = "Rob Palmer (RPR)" ]
    [ "$(json '.results[0].passage.speaker' idx sails)" = "Rob Palmer (RPR)" ]
    [ "$(json '.results[0].passage.speaker' idx budget)" = "null" ]
    [ "$(json '.results[0].document.body' idx paint)" = "Harbour Committee" ]
    [ "$(plenary-search --count idx 'speaker:palmer lighthouse')" -ge 1 ]
    run plenary-search idx paint
    [[ "$output" == *"Rob Palmer (RPR)"* && "$output" == *"Any other business"* ]]
}

@test "in lists, who speaks is told from who proposes a topic" {
    cat >minutes.md <<'TEXT'
# Harbour Committee, 6 August 2018

Present:

* Rob Palmer
* Ann Lee - Harbour Council

## Topics

* [Ann] Paint for the lighthouse
    * [Rob] we should ask the owners
    * [Ann] who pays the dockers?
    * [Rob]
        * The fund of the harbour
* [Rob] Winter rota
    * Ann - the crews want it by October
    * Rob, not before the storms are over
    * Ann, can you ask the pilots?
    * Rob, as late as last year
* Next steps
    * [Ann] will count the buoys
TEXT
    plenary-index idx minutes.md
    [ "$(json '.results[0].passage.speaker' idx owners)" = "Rob Palmer" ]
    [ "$(json '.results[0].passage.speaker' idx dockers)" = "Ann Lee" ]
    [ "$(json '.results[0].passage.speaker' idx fund)" = "Rob Palmer" ]
    [ "$(json '.results[0].passage.speaker' idx October)" = "Ann Lee" ]
    [ "$(json '.results[0].passage.speaker' idx paint)" = "null" ]
    [ "$(json '.results[0].passage.speaker' idx rota)" = "null" ]
    [ "$(json '.results[0].passage.speaker' idx pilots)" = "null" ]
    [ "$(json '.results[0].passage.speaker' idx buoys)" = "null" ]
}

@test "a list of thanks names who thanks, an agenda nobody" {
    printf -- '- Ann - thanks to the pilots\n- @bobmoss: huge thanks to the crews\n- Cleo - I thank the cooks\n' >thanks.md
    printf -- '- Paint - the shed is empty\n- Buoys - two are lost\n- Rota - is it full?\n' >agenda.md
    run plenary-index --dry-run thanks.md
    [[ "$output" == *"speaker Ann"*"speaker bobmoss"*"speaker Cleo"* ]]
    run plenary-index --dry-run agenda.md
    [[ "$output" != *"speaker"* ]]
}

@test "a chat's writer has brackets and slashes in the name, and writes links" {
    printf '<jo_(he/him)> see the rota: https://example.org/rota\n\n<ann> /rota/winter\n\n<br/> no writer\n' >chat.txt
    run plenary-index --dry-run chat.txt
    [[ "$output" == *"speaker jo_(he/him)"*"speaker ann"* ]]
    [[ "$output" != *"speaker br"* ]]
}
