#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Stories of a developer who builds plenary into a program.

load helper
load serve

@test "the C example builds with the installed header and library, and finds" {
    sample_index
    env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$ROOT" install BUILD="${BUILD#"$ROOT"/}" \
        DESTDIR="$WORK/root" PREFIX=/usr
    export PKG_CONFIG_PATH=$WORK/root/usr/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$WORK/root
    export PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 PKG_CONFIG_ALLOW_SYSTEM_LIBS=1
    # shellcheck disable=SC2046
    gcc -std=c11 -Wall -Wextra -Werror -pedantic "$ROOT/searcher/examples/search.c" \
        $(pkg-config --cflags --libs plenary) ${SANITIZE:+-fsanitize=$SANITIZE} -o search
    run env LD_LIBRARY_PATH="$WORK/root/usr/lib" $PLENARY_WRAP ./search idx disembarkation
    echo "$output"
    [ "$status" -eq 0 ]
    [[ ${lines[0]} == "15 passages" ]]
    [[ $output == *"¶"* ]]
    run env LD_LIBRARY_PATH="$WORK/root/usr/lib" ./search nowhere x
    [ "$status" -eq 1 ]
}

@test "the header is clean C11 and C++17 by itself" {
    echo '#include "searcher/plenary.h"' >one.c
    cp one.c one.cc
    gcc -std=c11 -Wall -Wextra -Wpedantic -Wstrict-prototypes -Wshadow -Werror -I"$ROOT" -fsyntax-only one.c
    g++ -std=c++17 -Wall -Wextra -Wpedantic -Werror -I"$ROOT" -fsyntax-only one.cc
}

@test "the error codes of the public header are those of the sources" {
    codes() { sed -n '/^enum plenary_error {/,/^};/s/^ *\(PLENARY_[A-Z]* = -\?[0-9]*\),.*/\1/p' "$1"; }
    [ -n "$(codes "$ROOT/searcher/plenary.h")" ]
    [ "$(codes "$ROOT/searcher/plenary.h")" = "$(codes "$ROOT/corpus/error.h")" ]
}

@test "the shared library exports the public calls, versioned, and nothing else" {
    nm -D --defined-only "$BUILD/libplenary.so" | awk '$2 == "T" {print $3}' | sort >exported
    sed -n 's/^ *\(plenary_[a-z_]*\);$/\1@@PLENARY_1/p' "$ROOT/searcher/library/plenary.map" | sort >mapped
    diff exported mapped
    grep -oE '\bplenary_[a-z_]+\(' "$ROOT/searcher/plenary.h" | tr -d '(' | sort -u >declared
    diff <(sed 's/@@.*//' exported) declared
    # Neither prints, exits nor aborts on its own account.
    nm -D --undefined-only "$BUILD/libplenary.so" | awk '{print $2}' | sed 's/@.*//' >needed
    ! grep -qxE 'exit|_exit|puts|printf' needed
}

@test "the Python example searches through ctypes" {
    [ -z "$PLENARY_WRAP" ] || skip "python under a wrap"
    [ -z "$(nm -D "$BUILD/libplenary.so" | grep -m1 __asan_init)" ] || skip "a sanitized library"
    sample_index
    run env LD_LIBRARY_PATH="$BUILD" python3 "$ROOT/searcher/examples/search.py" idx '"search and rescue"'
    echo "$output"
    [ "$status" -eq 0 ]
    [[ ${lines[0]} =~ ^[0-9]+\ passages$ ]]
    run env LD_LIBRARY_PATH="$BUILD" python3 "$ROOT/searcher/examples/search.py" nowhere x
    [ "$status" -eq 1 ]
    [[ $output == *nowhere* ]]
}

@test "the Node example renders a page from the HTTP API" {
    sample_index
    serve idx
    run node "$ROOT/searcher/examples/portal.mjs" "$SERVER" 'disembarkation <b>'
    [ "$status" -eq 0 ]
    [[ $output == *"<mark>"* && $output != *"<b>"* ]]
}
