#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Archives: members are documents under the archive's name, whatever it is packed with.

bats_require_minimum_version 1.5.0
load helper

make_members() {
    mkdir -p minutes/2020 minutes/.git
    printf '# Harbour Committee\n\nThe committee met on 3 March 2020 about trafficking.\n' >minutes/2020/march.md
    write_statement minutes/statement.txt
    printf 'id\ttext\nx1\tA record about wrecks.\n' >minutes/records.tsv
    printf 'hidden\n' >minutes/.git/config
    printf 'backup\n' >minutes/statement.txt~
}

names() { plenary-index --dry-run "$1" 2>/dev/null | grep -v '^ ' | grep .; }

@test "zip and tar, plain or compressed, give the same documents" {
    make_members
    (cd minutes && zip -qr ../a.zip . && tar cf ../a.tar . && tar czf ../a.tar.gz . &&
        tar cJf ../a.tar.xz . && tar cjf ../a.tar.bz2 . &&
        tar --zstd -cf ../a.tar.zst .)
    for archive in a.zip a.tar a.tar.gz a.tar.xz a.tar.bz2 a.tar.zst; do
        run --separate-stderr plenary-index --dry-run "$archive"
        [ "$status" -eq 0 ]
        [ -z "$stderr" ]
        [ "$(names "$archive" | sort | tr '\n' ' ')" = "$archive/2020/march.md $archive/statement.txt x1 " ]
    done
}

@test "a result is cited by archive and member" {
    make_members
    zip -qr a.zip minutes
    plenary-index --quiet ix a.zip
    [ "$(json '.results[0].document.id' ix wrecks)" = x1 ]
    [ "$(json '.results[0].document.id' ix 'title:committee')" = a.zip/minutes/2020/march.md ]
}

@test "members that have not changed are left alone, and prune leaves them until the archive is gone" {
    make_members
    zip -qr a.zip minutes
    plenary-index --quiet ix a.zip
    run plenary-index ix a.zip
    [[ "$output" == "3 unchanged (documents)"* ]]
    run plenary-index --prune ix
    [[ "$output" == "nothing to do"* ]]
    mv a.zip b.zip
    run plenary-index --prune ix
    [[ "$output" == "3 deleted (documents)"* ]]
}

@test "one compressed file keeps its name" {
    write_statement
    xz -k statement.txt
    bzip2 -k statement.txt
    zstd -qk statement.txt
    [ "$(names statement.txt.xz)" = statement.txt.xz ]
    [ "$(names statement.txt.zst)" = statement.txt.zst ]
    [ "$(names statement.txt.bz2)" = statement.txt.bz2 ]
    [ "$(plenary-index --dry-run statement.txt.xz | tail -n +2)" = "$(plenary-index --dry-run statement.txt | tail -n +2)" ]
}

@test "an archive in an archive is read, five deep is not" {
    echo 'The chair opened the meeting.' >a.txt
    zip -q 1.zip a.txt
    for i in 1 2 3 4; do zip -q $((i + 1)).zip "$i.zip"; done
    [ "$(names 3.zip)" = 3.zip/2.zip/1.zip/a.txt ]
    run plenary-index --dry-run 5.zip
    [ "$status" -eq 3 ]
    [[ "$output" == *"5.zip/4.zip/3.zip/2.zip: skipped: the archive is too deep inside others"* ]]
}

@test "encrypted members and damaged archives are named" {
    write_statement
    zip -q -P secret locked.zip statement.txt
    run plenary-index --dry-run locked.zip
    [ "$status" -eq 3 ]
    [[ "$output" == *"locked.zip/statement.txt: skipped: the file is encrypted"* ]]
    tar cf whole.tar statement.txt
    xz whole.tar
    head -c 400 whole.tar.xz >cut.tar.xz
    run plenary-index --dry-run cut.tar.xz
    [ "$status" -eq 3 ]
    [[ "$output" == *"cut.tar.xz"*": skipped: "* ]]
}

@test "names that lead out of the archive are cleaned, links are no documents" {
    mkdir -p a/b
    echo 'The chair opened the meeting.' >a/up.txt
    ln -s /etc/passwd a/b/link
    (cd a/b && tar cPf ../../t.tar ../up.txt link)
    [ "$(names t.tar)" = t.tar/up.txt ]
}

@test "a zip bomb is stopped and named, and what comes after it is read" {
    head -c 300M /dev/zero | tr '\0' 'a' >bomb.txt
    write_statement
    zip -q bomb.zip bomb.txt
    zip -q good.zip statement.txt
    rm bomb.txt
    run plenary-index ix bomb.zip good.zip
    [ "$status" -eq 3 ]
    [[ "$output" == *"bomb.zip/bomb.txt: skipped: the archive unpacks to far more than it should: not read on"* ]]
    [[ "$output" == *"1 added, 1 skipped (documents)"* ]]
}
