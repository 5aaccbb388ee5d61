#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Stories of someone who searches.

load helper

index_samples() {
    plenary-index --quiet idx "$ROOT/corpus/samples"
}

@test "a statement in the shape of real ones answers as a person expects" {
    write_statement
    plenary-index --quiet idx statement.txt
    [ "$(plenary-search --count idx disembarkation)" -eq 1 ]
    [ "$(plenary-search --count idx trafficking)" -eq 2 ]
    [ "$(plenary-search --count idx '"search and rescue"')" -eq 1 ]
    [ "$(json '.results[0].passage.kind' idx disembarkation)" = item ]
    [ "$(json '.results[0].passage.lines | join("-")' idx disembarkation)" = 7-9 ]
    [ "$(json '.results[0].passage.heading' idx rota)" = "Next steps" ]
    run plenary-search --count idx '"rescue search"'
    [ "$status" -eq 1 ]
    [ "$(plenary-search --count idx whatever)" -eq 1 ]
}

@test "the Bali record: counts, cuts, date" {
    needs_data bali-process-som-2018.txt
    plenary-index --quiet idx "$DATA/bali-process-som-2018.txt"
    [ "$(plenary-search --count idx disembarkation)" -eq 1 ]
    [[ "$(json '.results[0].passage.text' idx disembarkation)" == "The UN Refugee Agency (UNHCR)"* ]]
    [ "$(plenary-search --count idx trafficking)" -eq 6 ]
    [ "$(plenary-search --count idx '"search and rescue"')" -eq 1 ]
    run plenary-search --count idx '"rescue search"'
    [ "$status" -eq 1 ]
    [ "$(json '.results[0].document.date' idx disembarkation)" = 2018-08-06 ]
    [ "$(plenary-index --dry-run "$DATA/bali-process-som-2018.txt" | grep -c '^  \[[0-9]')" -eq 9 ]
    [ "$(plenary-index --dry-run "$DATA/bali-process-som-2018.txt" | grep -c '^  \[ \] heading')" -eq 2 ]
}

@test "the range a result gives in its source holds the words it shows" {
    write_statement
    plenary-index --quiet idx statement.txt
    read -r begin end < <(json '.results[0].passage.bytes | join(" ")' idx patrols)
    tail -c +$((begin + 1)) statement.txt | head -c $((end - begin)) >cut
    [ "$(tr '\n' ' ' <cut | sed 's/^- //; s/ *$//')" = "$(json '.results[0].passage.text' idx patrols)" ]
}

@test "highlights are byte offsets into the document's text" {
    write_statement
    plenary-index --quiet idx statement.txt
    json '.results[0] | .passage.text' idx '"search and rescue"' >text
    read -r begin end < <(json '.results[0] | .highlights[0] | join(" ")' idx '"search and rescue"')
    start=$(json '.results[0].passage.text_bytes[0]' idx '"search and rescue"')
    [ "$(tail -c +$((begin - start + 1)) text | head -c $((end - begin)))" = "search and rescue" ]
}

@test "words are OR-ed; AND, NOT, +, -, brackets, NEAR and prefixes work" {
    printf '%s\t%s\n' a 'apples and pears' b 'apples only' c 'pears only' d 'pear apple plum' \
        e 'plum one two three four cherry' >r.tsv
    plenary-index --quiet --language english idx r.tsv
    count() { plenary-search --count idx "$@" || true; }
    [ "$(count apples pears)" -eq 4 ]
    [ "$(count apples AND pears)" -eq 2 ]
    [ "$(count apples NOT pears)" -eq 1 ]
    [ "$(count apples -pears)" -eq 1 ]
    [ "$(count +plum apples)" -eq 2 ]
    [ "$(count '(apples OR cherry) AND plum')" -eq 2 ]
    [ "$(count 'plum NEAR/2 cherry')" -eq 0 ]
    [ "$(count 'plum NEAR/5 cherry')" -eq 1 ]
    [ "$(count 'cher*')" -eq 1 ]
    [ "$(count -- -apples)" -eq 2 ]
}

@test "title, speaker and heading can be searched" {
    index_samples
    [ "$(plenary-search --count idx 'speaker:fisheries')" -gt 0 ]
    [ "$(plenary-search --count idx 'heading:disembarkation')" -gt 0 ]
    [ "$(plenary-search --count idx 'heading:"any other business"')" -gt 0 ]
    run plenary-search --count idx 'heading:"business other any"'
    [ "$status" -eq 1 ]
    [ "$(plenary-search --count idx 'title:norland trafficking AND title:norland')" -gt 0 ]
    [[ "$(json '.results[].document.title' idx 'title:sandmouth')" != *Halden* ]]
}

@test "dates and paths filter" {
    index_samples
    json '.results[].document.date' --from 2022 --to 2022-12 --limit 50 idx trafficking >dates
    [ -s dates ]
    run grep -v '^2022' dates
    [ "$status" -eq 1 ]
    json '.results[].document.source' --in '*.html' --limit 50 idx trafficking >sources
    [ -s sources ]
    run grep -v 'html$' sources
    [ "$status" -eq 1 ]
    html=$(wc -l <sources)
    json '.results[].document.source' --in '*.md' --limit 50 idx trafficking >sources
    [ "$(plenary-search --count --in '*.md' --in '*.html' idx trafficking)" -eq $((html + $(wc -l <sources))) ]
}

@test "sorting by date puts the newest first" {
    index_samples
    json '.results[].document.date // ""' --sort date --limit 100 idx disembarkation >dates
    sort -rc dates
}

@test "paging: two pages of five are the first ten" {
    index_samples
    plenary-search --format tsv --limit 10 idx disembarkation port >ten
    plenary-search --format tsv --limit 5 idx disembarkation port >pages
    plenary-search --format tsv --limit 5 --offset 5 idx disembarkation port | tail -n +2 >>pages
    cmp ten pages
}

@test "French and Spanish are stemmed as such, with or without accents" {
    index_samples
    [[ "$(json '.results[].document.source' idx débarquements)" == *conference-des-rives* ]]
    [[ "$(json '.results[].document.source' idx debarquement)" == *conference-des-rives* ]]
    [[ "$(json '.results[].document.source' idx desembarcos)" == *foro-del-estrecho* ]]
}

@test "co-chairs, cochairs and co chairs as a phrase are one" {
    printf 'a\tThe co-chairs spoke.\nb\tThe cochairs spoke.\n' >r.tsv
    plenary-index --quiet --language english idx r.tsv
    [ "$(plenary-search --count idx co-chairs)" -eq 2 ]
    [ "$(plenary-search --count idx '"co chairs"')" -eq 1 ]
}

@test "document symbols are found whole and in part" {
    index_samples
    [ "$(plenary-search --count idx P/MS/2020/12)" -eq 1 ]
    [ "$(plenary-search --count idx '"CRP.3"')" -ge 1 ]
}

@test "text output cites title, date, section, paragraph and lines" {
    write_statement
    plenary-index --quiet idx statement.txt
    run plenary-search idx rota
    [ "$status" -eq 0 ]
    [[ "$output" == *"Second Meeting of Harbour Officials"*"3 March 2020"*"Next steps"* ]]
    [[ "$output" == *"statement.txt:12-13"* ]]
    [[ "$output" != *$'\033'* ]]
}

@test "colour only on a terminal, and NO_COLOR is honoured" {
    write_statement
    plenary-index --quiet idx statement.txt
    script -qec "$PROGRAMS/plenary-search idx rota" /dev/null >colour
    grep -q $'\033\[' colour
    NO_COLOR=1 script -qec "$PROGRAMS/plenary-search idx rota" /dev/null >plain
    ! grep -q $'\033\[' plain
    plenary-search --color always idx rota | grep -q $'\033\['
}

@test "--context, --group and --explain add what they promise" {
    index_samples
    [ "$(json '.results[0].context.before | length' --context 1 idx 'rota' )" -le 1 ]
    json '.results[0].context.after[0].text' --context 2 idx '"search and rescue" rota' | grep -q .
    run plenary-search --group idx trafficking
    [ "$status" -eq 0 ]
    run plenary-search --explain idx trafficking -- -halden
    [[ "$output" == *"traffick"* ]]
}

@test "json, jsonl, csv and tsv agree with each other" {
    index_samples
    json '.results[].passage.id' idx trafficking >a
    plenary-search --format jsonl idx trafficking | jq -r .passage.id >b
    cmp a b
    [ "$(plenary-search --format tsv idx trafficking | tail -n +2 | wc -l)" -eq "$(wc -l <a)" ]
    plenary-search --format csv idx trafficking | head -n 1 | grep -q '^rank,score,'
}

@test "the same search twice is the same to the byte" {
    index_samples
    plenary-search --format json --limit 50 idx port disembarkation >a
    plenary-search --format json --limit 50 idx port disembarkation >b
    cmp a b
}

@test "nothing found is exit status 1, said on a terminal's terms" {
    write_statement
    plenary-index --quiet idx statement.txt
    run plenary-search idx zeppelin
    [ "$status" -eq 1 ]
    [ "$output" = "no passages" ]
    run plenary-search --from 2030 idx rota
    [ "$status" -eq 1 ]
    [[ "$output" == "no passages ("*--from* ]]
}

@test "no query is a syntax error; --strict refuses what had to be repaired" {
    write_statement
    plenary-index --quiet idx statement.txt
    run plenary-search idx '"search and rescue'
    [ "$status" -eq 0 ]
    [[ "$output" == *"column 1"* ]]
    run plenary-search --strict idx '"search and rescue'
    [ "$status" -eq 2 ]
    [[ "$output" == *"column 1"* ]]
    for query in '(' ')' '((rota' 'rota)' 'AND' 'OR OR' 'NOT' '+' '-- -' '"' ':' 'title:' 'rota AND' '*' 'NEAR/3' '\'; do
        run plenary-search idx -- "$query"
        [ "$status" -le 2 ]
    done
}

@test "an empty query is a usage error; a query of 1 MB is answered" {
    write_statement
    plenary-index --quiet idx statement.txt
    run plenary-search idx ''
    [ "$status" -eq 2 ]
    run plenary-search idx
    [ "$status" -eq 2 ]
    { yes 'harbour ( "fog' | head -c 100000 | tr '\n' ' '; } >query
    run plenary-search --count idx "$(cat query)"
    [ "$status" -eq 0 ]
}

@test "a full disk under the output is an error" {
    [ -e /dev/full ] || skip "no /dev/full"
    write_statement
    plenary-index --quiet idx statement.txt
    run bash -c "'$PROGRAMS/plenary-search' idx rota >/dev/full"
    [ "$status" -eq 4 ]
}

@test "a reader that goes away is no error worth a message" {
    index_samples
    run bash -c "'$PROGRAMS/plenary-search' --limit 50 idx port disembarkation trafficking | head -n 1"
    [ "$status" -eq 0 ]
    [[ "$output" != *"plenary-search:"* ]]
}

@test "hostile text in a document cannot drive the terminal" {
    printf 'a\tlighthouse \033]0;owned\007 \xe2\x80\xae evil\n' >r.tsv
    plenary-index --quiet idx r.tsv || true
    run plenary-search --color always idx lighthouse
    [[ "$output" != *$'\033]'* ]]
    [[ "$output" != *$'\xe2\x80\xae'* ]]
    plenary-search --format json idx lighthouse | jq . >/dev/null
}

@test "--help names every option of the manual" {
    plenary-search --help >help
    for option in from to in limit offset sort context group count explain format language strict color; do
        grep -q -- "--$option" help
        grep -q -- "Fl Fl $option" "$ROOT/searcher/plenary-search.1"
    done
}

@test "everything, undated: the first documents by id, whichever segment they are in, page by page" {
    for part in 1 2 3; do
        for i in $(seq "$part" 3 600 | sort -R --random-source=<(yes)); do
            printf 'r%04d\tRecord %d of the harbour.\n' "$i" "$i"
        done >"part$part.tsv"
        plenary-index --quiet index "part$part.tsv"
    done
    ids() { plenary-search --format jsonl "$@" | jq -r .document.id; }
    seq -f 'r%04g' 600 >expected
    diff <(ids --limit 1000 index '*') expected
    diff <(ids --limit 7 --offset 300 index '*') <(sed -n 301,307p expected)
    diff <(ids --limit 4 --offset 90 --group=1 index '*') <(sed -n 91,94p expected)
    diff <(ids --limit 5 index 'NOT r0001') <(ids --limit 5 index '* NOT r0001')
    run plenary-search --format json --limit 1 index '*'
    [ "$(jq .total.value <<<"$output")" = 600 ]
}
