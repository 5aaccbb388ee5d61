#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Stories of someone who installs the programs, or packages them.

load helper

install_to() {
    env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$ROOT" "$1" BUILD="${BUILD#"$ROOT"/}" \
        DESTDIR="$WORK/root" PREFIX=/usr
}

@test "make install puts programs, manuals, completion and the pkg-config file under DESTDIR" {
    install_to install
    run find root -type f -printf '%P\n'
    [ "$(sort <<<"$output")" = "$(sort <<'FILES'
usr/bin/plenary-index
usr/bin/plenary-report
usr/bin/plenary-search
usr/bin/plenary-serve
usr/include/plenary.h
usr/lib/libplenary.a
usr/lib/libplenary.so.1
usr/lib/pkgconfig/plenary.pc
usr/lib/systemd/system/plenary-serve.service
usr/lib/systemd/system/plenary-serve.socket
usr/libexec/plenary/plenary-read
usr/share/bash-completion/completions/plenary-index
usr/share/bash-completion/completions/plenary-report
usr/share/bash-completion/completions/plenary-search
usr/share/bash-completion/completions/plenary-serve
usr/share/doc/plenary/examples/portal.mjs
usr/share/doc/plenary/examples/search.c
usr/share/doc/plenary/examples/search.py
usr/share/doc/plenary/schema.md
usr/share/man/man1/plenary-index.1
usr/share/man/man1/plenary-report.1
usr/share/man/man1/plenary-search.1
usr/share/man/man1/plenary-serve.1
FILES
)" ]
    write_statement
    $PLENARY_WRAP root/usr/bin/plenary-index --quiet idx statement.txt
    [ "$($PLENARY_WRAP root/usr/bin/plenary-search --count idx rota)" -eq 1 ]
}

@test "installed programs find plenary-read, and say what is missing without it" {
    install_to install
    printf '%s' '{\rtf1 The rota for the harbour was agreed.}' >rota.rtf
    run --separate-stderr $PLENARY_WRAP root/usr/bin/plenary-index --quiet idx rota.rtf
    [ "$status" -eq 0 ]
    [ "$($PLENARY_WRAP root/usr/bin/plenary-search --count idx rota)" -eq 1 ]
    rm root/usr/libexec/plenary/plenary-read
    run --separate-stderr $PLENARY_WRAP root/usr/bin/plenary-index --quiet other rota.rtf
    [ "$status" -eq 3 ]
    [[ "$stderr" == *"rota.rtf: skipped:"*plenary-read* ]]
}

@test "plenary-read started by hand says whose program it is" {
    run --separate-stderr "$BUILD/plenary-read"
    [ "$status" -eq 2 ]
    [[ "$stderr" == *"plenary-index"* ]]
}

@test "the pkg-config file tells the version and where the programs will be" {
    install_to install
    export PKG_CONFIG_PATH=$WORK/root/usr/lib/pkgconfig
    [ "plenary-search $(pkg-config --modversion plenary)" = "$(plenary-search --version)" ]
    [ "$(pkg-config --variable=bindir plenary)" = /usr/bin ]
    run grep -r "$WORK" root/usr/lib root/usr/share
    [ "$status" -eq 1 ]
}

@test "make uninstall takes away all that make install brought" {
    install_to install
    install_to uninstall
    [ -z "$(find root ! -type d)" ]
    [ ! -e root/usr/share/doc/plenary ]
}

@test "completion offers the options of each program, and values where they are few" {
    # shellcheck source=/dev/null
    source "$ROOT/searcher/completion.bash"
    offers() {
        COMP_WORDS=("$1" "$3" "$2") COMP_CWORD=2 COMPREPLY=()
        _plenary "$BUILD/$1" "$2" "$3"
        printf '%s ' "${COMPREPLY[@]}"
    }
    [[ "$(offers plenary-search --con '')" == "--context " ]]
    [[ "$(offers plenary-search --s '')" == *--sort* ]]
    [[ "$(offers plenary-index --pr '')" == "--prune " ]]
    [[ "$(offers plenary-search js --format)" == "json jsonl " ]]
    [[ "$(offers plenary-index js --format)" == "jsonl " ]]
}
