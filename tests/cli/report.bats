# SPDX-License-Identifier: GPL-2.0-or-later
# Stories of plenary-report: an analyst with topics, a search engineer with judgements.

load helper

plenary-report() { $PLENARY_WRAP "$BUILD/plenary-report" "$@"; }

write_records() {
    cat >records.jsonl <<'JSON'
{"id": "m1", "title": "Harbour safety", "date": "2019-03-02", "text": "Fishing boats met fog near the harbour wall."}
{"id": "m2", "title": "Budget", "date": "2020-05-06", "text": "The budget of the coast guard was agreed."}
{"id": "m3", "title": "Fog signals", "date": "2021-07-08", "text": "The signals are to be mended <b>soon</b> & well."}
{"id": "t:0", "document": "t", "text": "The chair opened the meeting."}
{"id": "t:1", "document": "t", "text": "Fog was discussed at length."}
{"id": "t:2", "document": "t", "text": "It stays thick until noon."}
JSON
    printf 'fog\tfog\nguard\tcoast guard budget\n' >topics.tsv
    plenary-index --quiet --language english idx records.jsonl
}

@test "a run names passages and its scores fall strictly" {
    write_records
    run plenary-report --run idx topics.tsv
    [ "$status" -eq 0 ]
    [[ $output == *"guard Q0 m2 1 "*" plenary"* ]]
    [[ $output == *"fog Q0 t:1 "* ]]
    [[ $output == *"fog Q0 m3 "* ]] # only its title says fog
    echo "$output" | awk '$1 == last && $5 >= score { exit 1 } { last = $1; score = $5 }'
}

@test "a scope keeps to one document and lists what stands beside the words" {
    write_records
    printf 'q\tfog\tt\n' >scoped.tsv
    run plenary-report --run idx scoped.tsv
    [ "$(echo "$output" | cut -d' ' -f3 | tr '\n' ' ')" = "t:1 t:0 t:2 " ]
}

@test "documents by their best passage" {
    write_records
    run plenary-report --run --unit document idx fog
    [[ $output == *" t "* ]]
    [ "$(echo "$output" | cut -d' ' -f3 | sort | uniq -d)" = "" ]
}

@test "the same answers with one thread or many, from one segment or several" {
    write_records
    for lines in 1 2,3 4,6; do
        sed -n "${lines}p" records.jsonl >"part$lines.jsonl"
        plenary-index --quiet --language english parts "part$lines.jsonl"
    done
    for ranking in default thorough plain; do
        plenary-report --ranking $ranking --jobs 1 --run=one idx topics.tsv
        plenary-report --ranking $ranking --jobs 4 --run=four idx topics.tsv
        cmp one four
    done
    for ranking in default thorough plain; do
        plenary-report --ranking $ranking --run=parts.run parts topics.tsv
        plenary-report --ranking $ranking --run=whole.run idx topics.tsv
        cmp parts.run whole.run
    done
}

@test "a page is well-formed, escaped and the same twice" {
    write_records
    export SOURCE_DATE_EPOCH=1700000000
    plenary-report --html=a.html --context 1 --title 'Fog <1>' idx topics.tsv
    plenary-report --html=b.html --context 1 --jobs 1 --title 'Fog <1>' idx topics.tsv
    cmp a.html b.html
    grep -q '<h1>Fog &lt;1&gt;</h1>' a.html
    grep -q '&lt;b&gt;soon&lt;/b&gt; &amp; well' a.html
    grep -q '<mark>fog</mark>' a.html
    grep -q '14 November 2023' a.html
    ! grep -qiE '<script|https?://[^g]|@import|<link' a.html
    # As XML but for the void elements.
    sed 's/<!DOCTYPE html>//; s/<meta\([^>]*\)>/<meta\1\/>/' a.html | xmllint --noout -
}

@test "tables and lines carry the topic and the citation" {
    write_records
    [ "$(plenary-report --csv idx fog | head -1 | cut -d, -f1-4)" = "topic,query,rank,score" ]
    plenary-report --jsonl idx topics.tsv | jq -e 'select(.topic == "guard" and .rank == 1) |
        .document.id == "m2" and .query == "coast guard budget"'
    plenary-report --atom idx fog | xmllint --noout -
    plenary-report idx fog | grep -q '2 March 2019'
}

@test "several outputs of one pass, and the page among them" {
    write_records
    plenary-report --html=r.html --csv=r.csv --run=r.run idx topics.tsv
    [ -s r.html ] && [ -s r.csv ] && [ -s r.run ]
    run plenary-report --html --csv idx fog
    [ "$status" -eq 2 ]
    [[ $output == *"only one output can go to standard output"* ]]
}

@test "wrong usage is told" {
    write_records
    for wrong in "--unit page" "--rank title" "--rank nonsense=1" "--model Nonsense" "--k1 x" "--limit 0"; do
        # shellcheck disable=SC2086
        run plenary-report $wrong idx fog
        [ "$status" -eq 2 ] || { echo "$wrong: $status $output"; false; }
    done
    run plenary-report --run nowhere.idx fog
    [ "$status" -eq 4 ]
    run plenary-report idx
    [ "$status" -eq 2 ]
    run plenary-report --run=no/such/folder idx fog
    [ "$status" -eq 4 ]
}

@test "each of Xapian's weightings ranks" {
    write_records
    for model in BM25 BM25Plus PL2 PL2Plus DLH DPH BB2 IfB2 InL2 IneB2 LM TfIdf Coord Trad; do
        plenary-report --run --model $model idx guard | grep -q "m2" || { echo $model; false; }
    done
}

@test "eval measures, tops and compares runs" {
    printf '1 0 a 1\n1 0 b 0\n2 0 c 1\n3 0 d 1\n' >qrels
    printf '1 Q0 b 1 2 x\n1 Q0 a 2 1 x\n2 Q0 c 1 1 x\n9 Q0 c 1 1 x\n' >one
    printf '1 Q0 a 1 2 x\n1 Q0 b 2 1 x\n2 Q0 c 1 1 x\n' >two
    run plenary-report eval --qrels qrels -m map one
    [[ $output == *$'num_q                 \tall\t2'* ]]
    [[ $output == *$'map                   \tall\t0.7500'* ]]
    run plenary-report eval -c --qrels qrels -m map one
    [[ $output == *$'map                   \tall\t0.5000'* ]]
    run plenary-report eval -q --qrels qrels -m map one
    [[ $output == *$'map                   \t1\t0.5000'* ]]
    [ "$(plenary-report eval --format json --qrels qrels one two | jq '.runs[1].against_first.map.change')" = 0.25 ]
    plenary-report eval --format csv --qrels qrels one two | grep -q '^two,all,map:p_t_test,'
    run plenary-report eval --qrels nowhere one
    [ "$status" -eq 4 ]
    run plenary-report eval --qrels qrels
    [ "$status" -eq 2 ]
}

@test "eval agrees with an independent reading of trec_eval's definitions" {
    command -v python3 >/dev/null || skip "python3 is not here"
    awk 'BEGIN { srand(7); for (t = 1; t <= 20; t++) for (d = 1; d <= 60; d++) {
        if (rand() < 0.5) printf "%d 0 d%d %d\n", t, d, int(rand() * 5) - 1 > "qrels"
        if (rand() < 0.7 && t != 4) printf "%d Q0 d%d 1 %.1f x\n", t, d, rand() * 3 > "found" } }'
    "$ROOT/tests/relevance/compare" "$BUILD/plenary-report" qrels found
}

@test "ranking beats plain BM25 on the collections" {
    needs_data ir/cacm/docs.jsonl
    plenary-index --quiet --language english cacm "$DATA/ir/cacm/docs.jsonl"
    for ranking in plain default thorough; do
        plenary-report --words --ranking $ranking --run=$ranking cacm "$DATA/ir/cacm/topics.tsv"
        plenary-report eval --qrels "$DATA/ir/cacm/qrels.anserini.txt" -m map $ranking |
            awk '$1 == "map" { print $3 }' >>maps
    done
    paste -sd' ' maps | awk '{ print; exit !($2 > 0.3123 && $3 > 0.3648 && $1 < $2) }'
}

# What the topic "fog" has that is new, by id.
new_fog() { plenary-report --run --since "$1" idx fog | sort -k3,3 | cut -d' ' -f3 | sort | tr '\n' ' '; }

@test "what is new since a generation, through additions, changes and merges" {
    write_records # generation 1
    [ "$(new_fog 0)" = "m1 m3 t:1 " ]
    [ "$(new_fog 1)" = "" ]
    echo '{"id": "m4", "text": "More fog was seen."}' >more.jsonl
    plenary-index --quiet idx more.jsonl # 2
    [ "$(new_fog 1)" = "m4 " ]
    # A changed document is new; one given again as it was is not.
    echo '{"id": "m1", "text": "Fog left the harbour."}' >>more.jsonl
    plenary-index --quiet idx more.jsonl # 3
    [ "$(new_fog 1)" = "m1 m4 " ]
    [ "$(new_fog 2)" = "m1 " ]
    plenary-index --quiet --merge idx # 4: merging makes nothing new
    [ "$(plenary-index --info idx | awk '/^segments/ { print $2 }')" = 1 ]
    [ "$(new_fog 1)" = "m1 m4 " ]
    [ "$(new_fog 2)" = "m1 " ]
    [ "$(new_fog 3)" = "" ]
    plenary-index --quiet --delete idx m1
    [ "$(new_fog 1)" = "m4 " ]
}

@test "what is new since a day" {
    SOURCE_DATE_EPOCH=1700000000 write_records # 14 November 2023
    echo '{"id": "m4", "text": "More fog was seen."}' >more.jsonl
    SOURCE_DATE_EPOCH=1700100000 plenary-index --quiet idx more.jsonl # the 16th
    plenary-index --info idx | grep -q '^published *2023-11-16$'
    [ "$(new_fog 2023-11-14)" = "m1 m3 m4 t:1 " ]
    [ "$(new_fog 2023-11-15)" = "m4 " ]
    [ "$(new_fog 2023-11-16)" = "m4 " ]
    [ "$(new_fog 2023-11-17)" = "" ]
    [ "$(new_fog 2023-11)" = "m1 m3 m4 t:1 " ]
    plenary-report --atom --since 1 idx fog >feed
    xmllint --noout feed
    [ "$(grep -c '<entry>' feed)" = 1 ]
    grep -A3 '<entry>' feed | grep -q '<updated>2023-11-16T00:00:00Z</updated>'
    plenary-report --html --since 1 idx topics.tsv >page
    grep -q 'New since generation 1 (2023-11-14); the index is at generation 2 (2023-11-16)' page
    grep -q 'Nothing new on this topic' page
}

@test "an alert names the topics with news, or says that there is none" {
    write_records
    echo '{"id": "m4", "text": "More fog was seen."}' >more.jsonl
    plenary-index --quiet idx more.jsonl
    run plenary-report --since 1 idx topics.tsv
    [[ $output == "New since generation 1 "*"fog  fog"*"1 passage"*"More fog was seen"* ]]
    [[ $output != *guard* ]]
    run plenary-report --since 2 idx topics.tsv
    [[ $output == *"Nothing new." ]]
    for wrong in 3 yesterday 2023-13-01 '' 99999999999999999999; do
        run plenary-report --since "$wrong" idx fog
        [ "$status" -eq 2 ] || { echo "$wrong: $status $output"; false; }
    done
}
