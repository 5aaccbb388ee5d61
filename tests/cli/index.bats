#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Stories of someone who builds and keeps an index.

load helper

@test "a folder is indexed and the summary says so" {
    mkdir -p minutes/2020
    write_statement minutes/2020/statement.txt
    printf '# Minutes\n\nThe harbour was dredged.\n' >minutes/may.md
    run plenary-index idx minutes
    [ "$status" -eq 0 ]
    [[ "$output" == *"2 added (documents)"* ]]
    run plenary-index --info idx
    [ "$status" -eq 0 ]
    [[ "$output" == *"documents    2"* ]]
}

@test "a second run leaves unchanged documents alone and makes no new generation" {
    write_statement
    plenary-index idx statement.txt
    before=$(cat idx/manifest.json)
    run plenary-index idx statement.txt
    [ "$status" -eq 0 ]
    [[ "$output" == *"1 unchanged"* ]]
    [ "$(cat idx/manifest.json)" = "$before" ]
}

@test "a changed document replaces the old one" {
    write_statement
    plenary-index idx statement.txt
    sed -i 's/dredg/dredg/; s/fog adds/zeppelins add/' statement.txt
    run plenary-index idx statement.txt
    [[ "$output" == *"1 replaced"* ]]
    [ "$(plenary-search --count idx zeppelins)" -eq 1 ]
    run plenary-search --count idx fog
    [ "$status" -eq 1 ]
}

@test "--prune drops documents whose file is gone, and only those" {
    write_statement a.txt
    printf 'The lighthouse keeper retired.\n' >b.txt
    plenary-index idx a.txt b.txt
    rm b.txt
    run plenary-index --prune idx a.txt
    [[ "$output" == *"1 deleted"* ]]
    run plenary-search --count idx lighthouse
    [ "$status" -eq 1 ]
    [ "$(plenary-search --count idx disembarkation)" -eq 1 ]
}

@test "--prune drops records that their file no longer holds" {
    printf 'a\tfirst lighthouse\nb\tsecond lighthouse\n' >r.tsv
    plenary-index idx r.tsv
    printf 'a\tfirst lighthouse\n' >r.tsv
    plenary-index --prune idx r.tsv
    [ "$(plenary-search --count idx lighthouse)" -eq 1 ]
}

@test "--delete takes ids and paths, and says when it finds none" {
    write_statement
    printf 'r1\tlighthouse\n' >r.tsv
    plenary-index idx statement.txt r.tsv
    run plenary-index --delete idx r1 statement.txt
    [ "$status" -eq 0 ]
    [[ "$output" == *"2 deleted"* ]]
    run plenary-index --delete idx r1
    [ "$status" -eq 3 ]
    [[ "$output" == *"r1"*"no document"* ]]
}

@test "standard input and gzip are read" {
    printf 'k1\tpilot boats\n' | plenary-index --format tsv idx -
    write_statement s.txt
    gzip s.txt
    plenary-index idx s.txt.gz
    [ "$(plenary-search --count idx pilot)" -eq 1 ]
    [ "$(plenary-search --count idx disembarkation)" -eq 1 ]
}

@test "--dry-run shows the cuts and touches nothing" {
    write_statement
    run plenary-index --dry-run statement.txt
    [ "$status" -eq 0 ]
    [[ "$output" == *"date      2020-03-03"* ]]
    [ "$(grep -c '^  \[[0-9]' <<<"$output")" -eq 5 ]
    [[ "$output" == *"under Next steps"* ]]
    [ ! -e idx ]
    run plenary-index --dry-run idx statement.txt
    [ "$status" -eq 0 ]
    [ ! -e idx ]
}

@test "off a terminal there is no progress line, and --quiet says nothing" {
    write_statement
    run plenary-index --quiet idx statement.txt
    [ "$status" -eq 0 ]
    [ -z "$output" ]
    plenary-index idx2 statement.txt 2>err >/dev/null
    [ ! -s err ]
}

@test "--verbose tells when each tenth of the input is in" {
    for i in $(seq 60000); do echo "r$i	The harbour was calm on day $i; the boats came in one by one."; done >many.tsv
    plenary-index --verbose idx many.tsv 2>said
    grep -c ' % of the input, ' said
    grep -q 'plenary-index: 100 % of the input, [0-9.]* MB, after [0-9.]* s' said
    plenary-index quiet many.tsv 2>said
    ! grep ' % of the input' said
}

@test "on a terminal a progress line is shown and taken away" {
    for i in $(seq 300); do write_statement "s$i.txt"; done
    mkdir all && mv s*.txt all
    script -qec "$PROGRAMS/plenary-index idx all" /dev/null >typescript
    grep -q 'MB/s' typescript
    grep -q $'\033\[K' typescript
}

@test "missing and binary files are named, counted and leave exit status 3" {
    write_statement
    head -c 4096 /dev/urandom >noise.bin
    run plenary-index idx statement.txt noise.bin nowhere.txt
    [ "$status" -eq 3 ]
    [[ "$output" == *"noise.bin"*"skipped"* ]]
    [[ "$output" == *"nowhere.txt"*"skipped"* ]]
    [[ "$output" == *"1 added, 2 skipped"* ]]
    [ "$(plenary-search --count idx disembarkation)" -eq 1 ]
}

@test "a bad line of JSON is named with its line; the others are kept" {
    printf '%s\n' '{"id":"a","text":"lighthouse"}' '{"id":' '{"id":"c","text":"lighthouse"}' >r.jsonl
    run plenary-index idx r.jsonl
    [ "$status" -eq 3 ]
    [[ "$output" == *"r.jsonl:2"*"skipped"* ]]
    [ "$(plenary-search --count idx lighthouse)" -eq 2 ]
}

@test "a line of 200 MB is skipped without taking 200 MB" {
    # The limit is 64 MiB.
    size=200000000
    [ -z "$PLENARY_WRAP" ] || size=68000000
    { printf 'a\tlighthouse\nb\t'; head -c $size /dev/zero | tr '\0' x; printf '\nc\tlighthouse\n'; } >long.tsv
    run plenary-index idx long.tsv
    [ "$status" -eq 3 ]
    [[ "$output" == *"long.tsv:2"* ]]
    [ "$(plenary-search --count idx lighthouse)" -eq 2 ]
}

@test "deep nesting of JSON, Markdown and HTML is survived" {
    { printf '{"id":"a","text":'; head -c 100000 /dev/zero | tr '\0' '['; printf '\n'; } >deep.jsonl
    { head -c 20000 /dev/zero | tr '\0' '>'; printf ' lighthouse\n'; } >deep.md
    { printf '<html><body>'; yes '<div>' | head -n 50000; printf 'lighthouse</body></html>\n'; } >deep.html
    run plenary-index idx deep.jsonl deep.md deep.html
    [ "$status" -eq 3 ]
    [[ "$output" == *"deep.jsonl"* ]]
}

@test "a symbolic link loop does not hang the walk, and hidden files are left out" {
    mkdir -p tree/sub
    ln -s .. tree/sub/up
    write_statement tree/sub/s.txt
    printf 'zeppelin\n' >tree/.hidden.txt
    run plenary-index idx tree
    [ "$status" -eq 0 ]
    [[ "$output" == *"1 added"* ]]
}

@test "an index within the folder that is indexed is not taken for documents" {
    write_statement
    for language in english none; do
        run plenary-index --language $language "$language.idx" .
        [ "$status" -eq 0 ]
        [[ "$output" == "1 added"* ]]
    done
    mkdir -p empty/segments
    write_statement empty/segments/other.txt
    run plenary-index english.idx .
    [ "$status" -eq 0 ]
    [[ "$output" == "1 added, 1 unchanged"* ]]
}

@test "a folder is not left out because some other program's manifest.json is in it" {
    mkdir -p site/sub
    write_statement site/sub/statement.txt
    printf '{"name":"A web page","icons":[]}\n' >site/sub/manifest.json
    run plenary-index idx site
    [ "$status" -eq 3 ]
    [[ "$output" == *"sub/manifest.json"*"skipped"* ]]
    [ "$(plenary-search --count --in site/sub/statement.txt idx disembarkation)" -eq 1 ]
}

# Run as somebody whom permissions bind: root without what makes it root.
bound_by_permissions() {
    local powers=-dac_override,-dac_read_search
    if [ "$(id -u)" -ne 0 ]; then "$@"; return; fi
    setpriv --bounding-set=$powers --inh-caps=$powers -- "$@"
}

@test "a file and a folder that may not be read are named, counted and leave exit status 3" {
    mkdir -p tree/closed
    write_statement tree/statement.txt
    write_statement tree/secret.txt
    write_statement tree/closed/inside.txt
    chmod 000 tree/secret.txt tree/closed
    ! bound_by_permissions cat tree/secret.txt 2>/dev/null || skip "no way to be bound by permissions"
    run bound_by_permissions "$PROGRAMS/plenary-index" idx tree
    chmod 755 tree/closed
    [ "$status" -eq 3 ]
    [[ "$output" == *"tree/closed: skipped: "* ]]
    [[ "$output" == *"tree/secret.txt: skipped: "* ]]
    [[ "$output" == *"1 added, 2 skipped"* ]]
}

@test "deleting from an index that is not there makes none" {
    run plenary-index --delete nowhere some.txt
    [ "$status" -eq 4 ]
    [[ "$output" == *"nowhere: no such folder"* ]]
    [ ! -e nowhere ]
    run plenary-index --prune nowhere
    [ "$status" -eq 4 ]
    [ ! -e nowhere ]
}

@test "--dry-run into head is no error" {
    for i in $(seq 200); do write_statement "s$i.txt"; done
    mkdir all && mv s*.txt all
    run bash -c "'$PROGRAMS/plenary-index' --dry-run all 2>err | head -n 1; echo \${PIPESTATUS[0]}; cat err"
    [ "${lines[1]}" = 0 ]
    [ "${#lines[@]}" -eq 2 ]
}

@test "a closed standard input, output or error does no harm to the index" {
    write_statement
    run bash -c "'$PROGRAMS/plenary-index' idx - <&-"
    [ "$status" -eq 3 ]
    [ -z "$PLENARY_WRAP" ] || return 0 # valgrind would take the free numbers for itself
    "$PROGRAMS/plenary-index" idx statement.txt nowhere.txt >&- 2>&- || true
    plenary-index --check idx
    [ "$(plenary-search --count idx disembarkation)" -eq 1 ]
}

@test "UTF-16, Windows-1252 and broken UTF-8 are read; invalid bytes are counted" {
    printf 'Der Präsident eröffnet die Sitzung.\n' | iconv -t UTF-16 >a.txt
    printf 'La séance est levée.\n' | iconv -t WINDOWS-1252 >b.txt
    printf 'The harbour \377 was dredged. Der Bürgermeister kam später, São Tomé.\n' >c.txt
    run plenary-index --language none idx a.txt b.txt c.txt
    [ "$status" -eq 0 ]
    [[ "$output" == *"1 invalid bytes replaced"* ]]
    [ "$(plenary-search --count idx prasident)" -eq 1 ]
    [ "$(plenary-search --count idx séance)" -eq 1 ]
    [ "$(plenary-search --count idx dredged)" -eq 1 ]
}

@test "an interrupted run leaves the last published state, and the next run completes it" {
    write_statement
    plenary-index idx statement.txt
    mkfifo slow
    "$PROGRAMS/plenary-index" --format tsv idx slow &
    pid=$!
    exec 9>slow
    printf 'a\tzeppelin\n' >&9
    until_it_is grep -q "$pid" idx/lock
    kill -INT $pid
    printf 'b\tzeppelin\n' >&9
    exec 9>&-
    run wait $pid
    run plenary-search --count idx zeppelin
    [ "$status" -eq 1 ]
    [ "$(plenary-search --count idx disembarkation)" -eq 1 ]
    printf 'a\tzeppelin\n' >r.tsv
    plenary-index idx r.tsv
    [ "$(plenary-search --count idx zeppelin)" -eq 1 ]
    [ "$(ls idx/segments | wc -l)" -eq 2 ]
}

@test "a second writer is told who holds the index; --wait waits" {
    write_statement
    plenary-index idx statement.txt
    mkfifo slow
    "$PROGRAMS/plenary-index" --format tsv idx slow >/dev/null &
    pid=$!
    exec 9>slow
    printf 'a\tzeppelin\n' >&9
    until_it_is grep -q "$pid" idx/lock
    run plenary-index idx statement.txt
    [ "$status" -eq 4 ]
    [[ "$output" == *"$pid"* ]]
    [[ "$output" == *"--wait"* ]]
    (sleep 1; exec 9>&-) &
    exec 9>&-
    run plenary-index --wait 20 idx statement.txt
    [ "$status" -eq 0 ]
    wait $pid
}

@test "folders and files that are no index are refused with a reason" {
    mkdir folder
    echo hello >folder/file
    run plenary-index folder folder/file
    [ "$status" -eq 4 ]
    [[ "$output" == *"folder"* ]]
    [ "$(ls folder)" = file ]
    run plenary-index --info folder
    [ "$status" -eq 4 ]
    run plenary-search nowhere word
    [ "$status" -eq 4 ]
    [[ "$output" == *"nowhere"* ]]
}

@test "an index of another version is refused, and is left as it was" {
    write_statement
    plenary-index idx statement.txt
    sed -i 's/"version": *[12]/"version":99/' idx/manifest.json
    cp idx/manifest.json before
    run plenary-index idx statement.txt
    [ "$status" -eq 4 ]
    [[ "$output" == *"version"* ]]
    cmp before idx/manifest.json
    run plenary-search idx word
    [ "$status" -eq 4 ]
    [[ "$output" == *"version"* ]]
}

@test "a full disk is an error that names the file; the old index answers" {
    [ "$(id -u)" -eq 0 ] || skip "mounting needs root"
    mkdir small
    mount -t tmpfs -o size=1m tmpfs small 2>/dev/null || skip "cannot mount here"
    write_statement
    plenary-index small/idx statement.txt
    for i in $(seq 3000); do printf 'r%d\tzeppelin %d %s\n' "$i" "$i" "$(head -c 300 /dev/urandom | base64 -w0)"; done >many.tsv
    run plenary-index small/idx many.tsv
    count=$(plenary-search --count small/idx disembarkation)
    run_status=$status run_output=$output
    umount small
    [ "$run_status" -eq 4 ]
    [[ "$run_output" == *"No space left"* ]]
    [ "$count" -eq 1 ]
}

@test "words over the term limit are counted and still found" {
    word=$(head -c 300 /dev/zero | tr '\0' q)
    printf 'a\t%s lighthouse\n' "$word" >r.tsv
    run plenary-index idx r.tsv
    [[ "$output" == *"1 overlong words shortened"* ]]
    [ "$(plenary-search --count idx "$word")" -eq 1 ]
    run plenary-search --count idx "${word%q}z"
    [ "$status" -eq 1 ]
}

@test "--check misses a file that only makes searches faster, and searches do without it" {
    write_statement
    plenary-index --quiet idx statement.txt
    rm idx/segments/*/bounds.blocks
    run --separate-stderr plenary-index --check idx
    [ "$status" -eq 4 ]
    [[ "$output$stderr" == *"bounds.blocks: is missing"* ]]
    [ "$(plenary-search --count idx rota)" -eq 1 ]
}

@test "--check finds a sound index sound and a damaged one damaged" {
    write_statement
    plenary-index idx statement.txt
    run plenary-index --check idx
    [ "$status" -eq 0 ]
    [[ "$output" == *"sound"* ]]
    file=$(ls idx/segments/*/text* | head -n 1)
    printf 'XXXX' | dd of="$file" bs=1 seek=40 conv=notrunc 2>/dev/null
    run plenary-index --check idx
    [ "$status" -eq 4 ]
    [[ "$output" == *"text"* ]]
}

@test "usage errors name what is wrong and exit with 2" {
    run plenary-index
    [ "$status" -eq 2 ]
    run plenary-index --frobnicate idx x
    [ "$status" -eq 2 ]
    [[ "$output" == *"--frobnicate"* ]]
    run plenary-index idx
    [ "$status" -eq 2 ]
    run plenary-index --language klingon idx x
    [ "$status" -eq 2 ]
    [[ "$output" == *"english"* ]]
    run plenary-index --wait soon idx x
    [ "$status" -eq 2 ]
}

@test "--help and --version print to standard output" {
    run plenary-index --help
    [ "$status" -eq 0 ]
    [[ "$output" == *"usage: plenary-index"* ]]
    run plenary-index --version
    [ "$status" -eq 0 ]
    [[ "$output" == "plenary-index "* ]]
}

@test "hostile file names cannot drive the terminal" {
    printf 'x' >$'evil\033]0;owned\007.bin'
    run plenary-index idx $'evil\033]0;owned\007.nowhere'
    [ "$status" -eq 3 ]
    [[ "$output" != *$'\033'* ]]
}

@test "the minutes trees index without a silent loss" {
    needs_data k8s-minutes.tar.xz
    for tree in rust-minutes wasm-meetings; do
        tar xJf "$DATA/$tree.tar.xz"
        # Under a wrapper, the first few.
        [ -z "$PLENARY_WRAP" ] || find "$tree/orig" -type f | sort | tail -n +9 | xargs -d '\n' rm
        run plenary-index "$tree.idx" "$tree/orig"
        [ "$status" -eq 0 ] || [ "$status" -eq 3 ]
        files=$(find "$tree/orig" -type f ! -path '*/.*' | wc -l)
        added=$(sed -n 's/^\([0-9]*\) added.*/\1/p' <<<"$output")
        left=$(grep -c 'skipped: ' <<<"$output" || true)
        [ $((added + left)) -eq "$files" ]
    done
}
