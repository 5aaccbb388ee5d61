#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Stories of threads and memory: they change how long a build takes, and nothing else.

load helper

# All that an index holds but the random name of each database.
contents() {
    (cd "$1" && find . -type f ! -name iamglass ! -name lock | LC_ALL=C sort | xargs sha256sum)
}

# More than a batch's worth of records (under a wrapper, of memory 8), and a folder of files.
write_collection() {
    local records=60000
    [ -z "$PLENARY_WRAP" ] || records=6000
    awk -v records=$records 'BEGIN { srand(7); for (i = 1; i <= records; i++) {
        printf "r%d\t", i
        for (j = 0; j < 12; j++) printf "w%d ", int(rand() * rand() * 20000)
        print "harbour" } }' >records.tsv
    cp -r "$ROOT/corpus/samples" files
}

@test "the index does not depend on the number of threads" {
    write_collection
    plenary-index --quiet --jobs 1 one files records.tsv
    plenary-index --quiet --jobs 3 three files records.tsv
    [ "$(contents one)" = "$(contents three)" ]
}

@test "little memory gives several segments with the same answers" {
    write_collection
    plenary-index --quiet --jobs 2 whole files records.tsv
    plenary-index --quiet --jobs 2 --memory 8 parts files records.tsv
    for query in w17 'w1 w250 w9000' harbour 'disembarkation port'; do
        plenary-search --format tsv --limit 30 whole "$query" | cut -f2- >a
        plenary-search --format tsv --limit 30 parts "$query" | cut -f2- >b
        cmp a b
    done
    plenary-index --check parts
}

@test "both builders give the same ranking" {
    plenary-index --quiet ours "$ROOT/corpus/samples"
    plenary-index --quiet --builder xapian theirs "$ROOT/corpus/samples"
    for query in trafficking 'port OR rescue' '+disembarkation rota' 'heading:search'; do
        plenary-search --format tsv --limit 50 ours "$query" >a
        plenary-search --format tsv --limit 50 theirs "$query" >b
        cmp a b
    done
}

@test "numbers that make no sense are refused" {
    run plenary-index --jobs 0 idx x
    [ "$status" -eq 2 ]
    run plenary-index --jobs many idx x
    [ "$status" -eq 2 ]
    run plenary-index --memory -5 idx x
    [ "$status" -eq 2 ]
}
