#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Stories of threads and memory: they change how long a build takes, and nothing else.

load helper

# Of the same day, for the manifest tells on which an index was written.
export SOURCE_DATE_EPOCH=1700000000

# Every file of an index, to the byte; the lock names the process that wrote last.
contents() {
    (cd "$1" && find . -type f ! -name lock | LC_ALL=C sort | xargs sha256sum)
}

# More than a batch's worth of records (under a wrapper, of memory 8), and a folder of files.
write_collection() {
    local records=60000
    [ -z "$PLENARY_WRAP" ] || records=${1:-6000}
    awk -v records=$records 'BEGIN { srand(7); for (i = 1; i <= records; i++) {
        printf "r%d\t", i
        for (j = 0; j < 12; j++) printf "w%d ", int(rand() * rand() * 20000)
        print "harbour" } }' >records.tsv
    cp -r "$ROOT/corpus/samples" files
}

# same_for_any_jobs OPTION...: build, add to it, delete and merge with 1, 2 and 5 threads.
same_for_any_jobs() {
    local jobs
    for jobs in 1 2 5; do
        plenary-index --quiet --jobs $jobs "$@" "index.$jobs" files records.tsv
        contents "index.$jobs" >"built.$jobs"
        plenary-index --quiet --jobs $jobs "index.$jobs" more.tsv
        plenary-index --quiet --delete "index.$jobs" r2 r70
        contents "index.$jobs" >"updated.$jobs"
        plenary-index --quiet --merge "index.$jobs"
        contents "index.$jobs" >"merged.$jobs"
    done
    for jobs in 2 5; do
        diff built.1 "built.$jobs" && diff updated.1 "updated.$jobs" && diff merged.1 "merged.$jobs"
    done
    grep -q iamglass built.1
    ! cmp -s built.1 merged.1
}

@test "equal builds are equal to the byte, whatever the number of threads" {
    write_collection
    printf 'r%d\tchanged harbour\n' $(seq 3 40) >more.tsv
    same_for_any_jobs
}

@test "so they are where memory is short and several segments are written" {
    write_collection 60000 # fewer would be one segment, under a wrapper too
    printf 'r%d\tchanged harbour\n' $(seq 3 40) >more.tsv
    same_for_any_jobs --memory 8
    [ "$(grep -c postlist.glass built.1)" -gt 1 ]
}

@test "so are portable ones" {
    write_collection
    head -n 9000 records.tsv >some.tsv && mv some.tsv records.tsv
    printf 'r%d\tchanged harbour\n' $(seq 3 40) >more.tsv
    same_for_any_jobs --portable
}

@test "little memory gives several segments with the same answers" {
    write_collection
    plenary-index --quiet --jobs 2 whole files records.tsv
    plenary-index --quiet --jobs 2 --memory 8 parts files records.tsv
    for query in w17 'w1 w250 w9000' harbour 'disembarkation port' 'w30*' 'w12* w5' 'w7* AND w4*' '-w1 w22*'; do
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
