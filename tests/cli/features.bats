#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Stories of someone who asks for more than words: patterns, misspelt words, synonyms, facets, pages.

load helper

index_samples() {
    plenary-index --quiet idx "$ROOT/corpus/samples"
}

# Records with a speaker, a body and a date.
index_records() {
    cat >records.jsonl <<'END'
{"id":"r1","document":"m1","title":"First meeting","date":"2017-03-01","body":"Halden Dialogue","speaker":"Ann","text":"Organisation of the disembarkation."}
{"id":"r2","document":"m1","title":"First meeting","date":"2017-03-01","body":"Halden Dialogue","speaker":"Bob","text":"The organization agreed: ports."}
{"id":"r3","document":"m2","title":"Second meeting","date":"2018-08-06","body":"Straits Forum","speaker":"Ann","text":"the ORGANIZATION agreed, ports!"}
{"id":"r4","document":"m3","title":"Third meeting","date":"2018-11","speaker":"Ann","text":"People smuggling across the straits."}
{"id":"r5","document":"m3","title":"Third meeting","date":"2018-11","text":"The smuggling of migrants."}
END
    plenary-index --quiet --language english idx records.jsonl
}

count() { plenary-search --count idx "$@" || true; }

@test "patterns and misspelt words" {
    index_records
    [ "$(count 'organi?ation')" -eq 3 ]
    [ "$(count '*embark*')" -eq 1 ]
    [ "$(count 'disembarkaton~')" -eq 1 ]
    [ "$(count 'smugling~1')" -eq 2 ]
    [ "$(count 'disembarkaton')" -eq 0 ]
    [ "$(count '"organi?ation agreed"')" -eq 2 ]
}

@test "a misspelt query gets a suggestion, in text and in JSON" {
    index_records
    run plenary-search idx disembarkaton
    [ "$status" -eq 1 ]
    [[ "$output" == *"did you mean: disembarkation"* ]]
    [ "$(plenary-search --format json idx disembarkaton | jq -r .query.suggestion)" = disembarkation ]
    [ "$(plenary-search --format json idx disembarkation | jq -r .query.suggestion)" = null ]
}

@test "values of fields, ranges, boosts and the least number of words" {
    index_records
    [ "$(count 'date:2018')" -eq 3 ]
    [ "$(count 'date:2017-02..2018-08')" -eq 3 ]
    [ "$(count 'body:halden')" -eq 2 ]
    [ "$(count 'id:m3')" -eq 2 ]
    [ "$(count 'id:r5')" -eq 1 ]
    [ "$(count 'speaker:ann AND date:2018-08..')" -eq 2 ]
    [ "$(count '(agreed ports smuggling straits)~2')" -eq 3 ]
    [ "$(count --min-match 100% people smuggling straits)" -eq 1 ]
    [ "$(json '.query.understood' idx 'ports^3 "a b"^2')" = 'ports^3 OR "a b"^2' ]
    run plenary-search --strict idx 'date:yesterday ports'
    [ "$status" -eq 2 ]
    [[ "$output" == *"column 6: date: takes"* ]]
}

@test "synonyms from a file; what is wrong in it is named" {
    index_records
    echo 'people smuggling = smuggling of migrants' >synonyms
    [ "$(count --synonyms synonyms '"people smuggling"')" -eq 2 ]
    [ "$(count '"people smuggling"')" -eq 1 ]
    printf 'a = b\nno sign\n' >synonyms
    run plenary-search --synonyms synonyms idx ports
    [ "$status" -eq 2 ]
    [[ "$output" == *"synonyms:2: no = or =>"* ]]
}

@test "facets count all matches, histograms fill the gaps" {
    index_records
    run plenary-search -n 0 --facet speaker --facet year --histogram month idx '*'
    [ "$status" -eq 0 ]
    [[ "$output" == *"speaker: 2; 1 passage has none"* ]]
    [[ "$output" == *"  3  Ann"* ]]
    [[ "$output" == *"2018-10  0"* ]]
    plenary-search -n 1 --format json --facet speaker --histogram month idx '*' >out.json
    [ "$(jq -c '.facets[0].values[0]' out.json)" = '{"name":"Ann","passages":3,"documents":3,"first_date":"2017-03-01","last_date":"2018-11"}' ]
    [ "$(jq -c '.facets[1] | [.field, .histogram, .distinct, (.values | length)]' out.json)" = '["month",true,3,21]' ]
    [ "$(jq -c '.total' out.json)" = '{"value":5,"relation":"eq"}' ]
    run plenary-search --facet colour idx ports
    [ "$status" -eq 2 ]
}

@test "duplicates are folded and counted" {
    index_records
    run plenary-search --fold-duplicates idx agreed
    [[ "$output" == *"1 passage; 1 with the same words left out"* ]]
    [[ "$output" == *"and 1 more like it"* ]]
    [ "$(json '.results[0].passage.id' --fold-duplicates idx agreed)" = r3 ]
    [ "$(json '.results[0].duplicates' --fold-duplicates idx agreed)" = 1 ]
    [ "$(json '.total.folded' --fold-duplicates idx agreed)" = 1 ]
}

@test "pages by cursor are the list as a whole" {
    index_samples
    plenary-search --format json -n 1000 idx the of and >all.json
    cursor=
    while :; do
        plenary-search --format json -n 7 ${cursor:+--after "$cursor"} idx the of and >page.json
        jq -c '.results[] | [.rank, .score, .passage.id]' page.json >>pages
        cursor=$(jq -r '.cursor // empty' page.json)
        [ -n "$cursor" ] || break
    done
    diff <(jq -c '.results[] | [.rank, .score, .passage.id]' all.json) pages
    run plenary-search --after nonsense idx the
    [ "$status" -eq 2 ]
    run plenary-search --after 00 --offset 3 idx the
    [ "$status" -eq 2 ]
}

@test "documents by the sum of their passages" {
    index_samples
    plenary-search --format json --group=sum,2 -n 3 idx ports >sum.json
    [ "$(jq '[.groups[].score] == ([.groups[].score] | sort | reverse)' sum.json)" = true ]
    [ "$(jq '[.groups[].results | length] | max' sum.json)" -le 2 ]
    run plenary-search --group=total idx ports
    [ "$status" -eq 2 ]
}

@test "more like a passage" {
    index_samples
    id=$(json '.results[0].passage.id' idx '"predictable disembarkation"')
    plenary-search --format json --like "$id" -n 5 idx >like.json
    [ "$(jq '.results | length' like.json)" -gt 0 ]
    [ "$(jq --arg id "$id" '[.results[].passage.id] | index($id)' like.json)" = null ]
    run plenary-search --like nowhere#1 idx
    [ "$status" -eq 2 ]
}
