#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Stories of someone who searches our index with other Xapian programs.

load helper

make_index() {
    plenary-index -q --portable idx "$ROOT/corpus/samples"
}

python_xapian() {
    for python in python3 /usr/bin/python3; do
        if $python -c 'import xapian' 2>"$WORK/why"; then
            echo "$python"
            return
        fi
    done
    return 1
}

# search.py DATABASE QUERY: ids of the passages found by Xapian's own matcher, one a line.
write_search() {
    cat >search.py <<'PYTHON'
import json, sys, xapian
database = xapian.Database(sys.argv[1])
parser = xapian.QueryParser()
parser.set_stemmer(xapian.Stem("english"))
parser.set_stemming_strategy(xapian.QueryParser.STEM_ALL)
parser.add_boolean_prefix("id", "Q")
enquire = xapian.Enquire(database)
enquire.set_query(parser.parse_query(sys.argv[2]))
for match in enquire.get_mset(0, 100):
    print(json.loads(match.document.get_data())["id"])
PYTHON
}

@test "xapian-check finds every table, and no fault" {
    make_index
    run xapian-check idx/segments/000001
    [ "$status" -eq 0 ]
    [[ "$output" == *"docdata table structure checked OK"* ]]
    [[ "$output" == *"termlist table structure checked OK"* ]]
    [[ "$output" == *"position table structure checked OK"* ]]
    [[ "$output" == *"No errors found"* ]]
    run plenary-index --check idx
    [ "$status" -eq 0 ]
}

@test "quest finds stems, phrases of them, and shows passages as JSON" {
    make_index
    count=$(plenary-search --count idx trafficking)
    run quest -d idx/segments/000001 --stemmer=none traffick
    [ "$status" -eq 0 ]
    [[ "$output" == *"Exactly $count matches"* ]]
    [[ "$output" == *'{"id":"'* ]]
    phrase=$(plenary-search --count idx '"trafficking in persons"')
    run quest -d idx/xapian.stub --stemmer=none '"traffick in person"'
    [[ "$output" == *"Exactly $phrase matches"* ]]
    run quest -d idx/xapian.stub --stemmer=none '"person in traffick"'
    [[ "$output" == *"Exactly 0 matches"* ]]
}

@test "quest selects by language and date, and searches titles" {
    make_index
    run quest -d idx/xapian.stub --stemmer=none -b language:L -b date:D -p title:S \
        'traffick date:20211014 language:english title:halden'
    [ "$status" -eq 0 ]
    [[ "$output" == *'"title":"Halden'* ]]
    run quest -d idx/xapian.stub --stemmer=none -b language:L 'traffick language:german'
    [[ "$output" == *"Exactly 0 matches"* ]]
}

@test "xapian-delve lists terms, and each passage under one Q term" {
    make_index
    run xapian-delve -t traffick idx/segments/000001
    [ "$status" -eq 0 ]
    [[ "$output" == *"termfreq $(plenary-search --count idx trafficking)"* ]]
    documents=$(xapian-delve idx/segments/000001 | sed -n 's/^number of documents = //p')
    [ "$(xapian-delve -a -1 idx/segments/000001 | grep -c '^Q')" -eq "$documents" ]
    record=$(plenary-search --format json idx trafficking | jq -r '.results[0].passage.id')
    docid=$(xapian-delve -t "Q$record" idx/segments/000001 | sed 's/.*: //')
    xapian-delve -r "$docid" -d idx/segments/000001 | sed -n '/^{/p;s/^Data://p' | head -1 |
        jq -e --arg id "$record" '.id == $id'
}

@test "Python's xapian stems, phrases and reads the record" {
    python=$(python_xapian) || skip "python3-xapian is not installed"
    make_index
    write_search
    for query in 'trafficking' '"trafficking in persons"' '"the meeting"'; do
        "$python" search.py idx/xapian.stub "$query" | sort >theirs
        plenary-search --format json --limit 100 idx "$query" |
            jq -r '.results[].passage.id' | sort >ours
        [ -s ours ]
        diff ours theirs
    done
    id=$(head -1 ours)
    [ "$("$python" search.py idx/xapian.stub "id:\"$id\"")" = "$id" ]
}

@test "the stub follows the segments" {
    make_index
    printf 'A zeppelin was seen over the harbour.\n' >zeppelin.txt
    plenary-index -q idx zeppelin.txt
    [ "$(grep -c '^auto segments/' idx/xapian.stub)" -eq 2 ]
    run quest -d idx/xapian.stub --stemmer=none zeppelin
    [[ "$output" == *"Exactly 1 matches"* ]]
    (cd / && quest -d "$WORK/idx/xapian.stub" --stemmer=none zeppelin) | grep 'Exactly 1 matches'
    plenary-index -q --delete idx zeppelin.txt
    run quest -d idx/xapian.stub --stemmer=none zeppelin
    [[ "$output" == *"Exactly 0 matches"* ]]
    run plenary-index --check idx
    [ "$status" -eq 0 ]
}

# Records FIRST to LAST of a collection whose every text follows from its number and version.
records() {
    awk -v first="$1" -v last="$2" -v version="$3" 'BEGIN { for (i = first; i <= last; i++)
        printf "r%d\tThe meeting of day %d saw %d boats; trafficking in persons, version %s.\n", i,
            i % 7, i * i % 23, version }'
}

# Three segments: the last replaces records of the first and one is deleted. The file is named alike
# each time, since records tell where they are from.
make_segments() {
    local index=$1
    records 1 3000 one >records.tsv && plenary-index -q --portable "$index" records.tsv
    records 3001 5000 one >records.tsv && plenary-index -q "$index" records.tsv
    records 50 90 two >records.tsv && plenary-index -q "$index" records.tsv
    plenary-index -q --delete "$index" r5 r3005
}

@test "merged segments are to the byte what one build of the same records writes" {
    make_segments parts
    [ "$(ls parts/segments | wc -l)" -gt 1 ]
    plenary-index -q --merge parts
    [ "$(ls parts/segments | wc -l)" -eq 1 ]
    [ "$(grep -c '^auto segments/' parts/xapian.stub)" -eq 1 ]
    { records 1 49 one; records 91 3000 one; records 3001 5000 one; records 50 90 two; } |
        grep -v -e '^r5	' -e '^r3005	' >records.tsv
    plenary-index -q --portable whole records.tsv
    for table in postlist termlist docdata position; do
        cmp parts/segments/*/$table.glass whole/segments/*/$table.glass
    done
    run xapian-check parts/segments/*
    [ "$status" -eq 0 ]
    [[ "$output" == *"No errors found"* ]]
    plenary-index --check parts
}

@test "other programs find the same before and after a merge, but for what was deleted" {
    python=$(python_xapian) || skip "python3-xapian is not installed"
    write_search
    make_segments idx
    for round in before after; do
        for query in 'meeting' '"day 3"' '"trafficking in persons version two"' 'boats version'; do
            sed -i 's/get_mset(0, [0-9]*)/get_mset(0, 100000)/' search.py
            "$python" search.py idx/xapian.stub "$query" | sort -u
            echo
        done >$round
        [ $round = after ] || plenary-index -q --merge idx
    done
    grep -v -x -e r5#1 -e r3005#1 before | diff - after
    "$python" search.py idx/xapian.stub 'id:"r60#1"' | grep -x r60#1
    # r60 as it was before is gone, too.
    [ "$("$python" search.py idx/xapian.stub 'id:"r60#1"' | wc -l)" -eq 1 ]
    [ -z "$("$python" search.py idx/xapian.stub 'id:"r5#1"')" ]
}

@test "many small additions to a portable index are merged on the way" {
    for i in $(seq 12); do
        records "$i" "$i" one >records.tsv
        plenary-index -q --portable idx records.tsv
    done
    [ "$(ls idx/segments | wc -l)" -le 8 ]
    [ "$(plenary-search --count idx '"trafficking in persons"')" -eq 12 ]
    run quest -d idx/xapian.stub --stemmer=none '"traffick in person"'
    [[ "$output" == *"Exactly 12 matches"* ]]
    plenary-index --check idx
}

@test "plenary-search answers from a portable index as from a plain one" {
    make_index
    plenary-index -q plain "$ROOT/corpus/samples"
    for query in trafficking '"trafficking in persons"' 'rescue port' 'title:halden persons'; do
        plenary-search --format json idx "$query" >portable.json
        plenary-search --format json plain "$query" >plain.json
        diff portable.json plain.json
    done
}

@test "an index that was not begun with --portable refuses it, and says what to do" {
    write_statement
    plenary-index -q plain statement.txt
    before=$(cat plain/manifest.json)
    run plenary-index --portable plain statement.txt
    [ "$status" -eq 2 ]
    [[ "$output" == *"not begun with --portable"*"new folder"* ]]
    [ "$(cat plain/manifest.json)" = "$before" ]
    [ ! -e plain/xapian.stub ]
    run plenary-index --portable --builder=xapian new statement.txt
    [ "$status" -eq 2 ]
}

@test "the index does not depend on the number of threads" {
    plenary-index -q --portable --jobs 1 one "$ROOT/corpus/samples"
    plenary-index -q --portable --jobs 4 four "$ROOT/corpus/samples"
    for table in postlist termlist docdata position; do
        cmp one/segments/000001/$table.glass four/segments/000001/$table.glass
    done
}
