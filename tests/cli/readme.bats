#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The README's tour, run as it stands there: what it shows is what the programs print.

load helper

# Split the README's console blocks into pairs of a command and what it is said to print.
split_tour() {
    awk '/^```console/ { on = 1; next }
         /^```/ { on = 0 }
         on && /^\$ / { n++; print substr($0, 3) >("command." n); next }
         on { print >("shown." n) }' "$ROOT/README.md"
}

@test "every command of the README's tour prints what the README shows" {
    mkdir corpus
    cp -r "$ROOT/corpus/samples" corpus
    split_tour
    [ -e command.1 ]
    for command in $(ls command.* | sort -t. -k2n); do
        n=${command#command.}
        PATH=$PROGRAMS:$PATH bash "$command" >printed 2>&1 || [ $? -eq 1 ] # nothing found
        if [ -e "shown.$n" ]; then
            diff "shown.$n" printed || { cat "$command"; return 1; }
        fi
    done
}

@test "every file and folder that the README links to is there" {
    grep -o '](\([^)#]*\))' "$ROOT/README.md" | tr -d '()]' | while read -r path; do
        [ -e "$ROOT/$path" ] || { echo "$path"; return 1; }
    done
}
