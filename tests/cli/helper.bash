# SPDX-License-Identifier: GPL-2.0-or-later
# Shared by the command-line stories: programs, a scratch folder, and small things to index.

setup() {
    ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    BUILD=${PLENARY_BUILD:-$ROOT/build}
    DATA=${PLENARY_DATA:-$ROOT/../shared/data}
    PROGRAMS=$BUILD
    [ -z "$PLENARY_WRAP" ] || wrap_programs
    WORK=$(mktemp -d)
    cd "$WORK" || return 1
    unset NO_COLOR
    export COLUMNS=80 LC_ALL=C.UTF-8
}

teardown() {
    cd / && rm -rf "$WORK"
}

# With PLENARY_WRAP (valgrind), $PROGRAMS holds scripts of the programs' names that put it in front, so
# that no story runs a program without it.
wrap_programs() {
    local program
    PROGRAMS=$BATS_FILE_TMPDIR
    for program in plenary-index plenary-search plenary-serve; do
        printf '#!/bin/sh\nexec %s "%s" "$@"\n' "$PLENARY_WRAP" "$BUILD/$program" >"$PROGRAMS/$program"
        chmod +x "$PROGRAMS/$program"
    done
}

# The programs under test.
plenary-index() { "$PROGRAMS/plenary-index" "$@"; }
plenary-search() { "$PROGRAMS/plenary-search" "$@"; }
plenary-serve() { "$PROGRAMS/plenary-serve" "$@"; }

# Wait for a command to succeed; a minute at most.
until_it_is() {
    for _ in $(seq 600); do
        "$@" && return 0
        sleep 0.1
    done
    return 1
}

# The Nth result's field of a JSON search: json '.results[0].passage.text' INDEX QUERY...
json() {
    local filter=$1
    shift
    plenary-search --format json "$@" | jq -r "$filter"
}

needs_data() {
    [ -e "$DATA/$1" ] || skip "shared data is not here: $1"
}

# A statement in the shape that real ones have: hard-wrapped, no blank lines, bullets that open in
# the middle of a line, bare headings, a hyphen at a line's end.
write_statement() {
    cat >"${1:-statement.txt}" <<'TEXT'
The Second Meeting of Harbour Officials was held in Sandmouth on 3 March 2020. The meeting
reviewed the rules for ships in distress and the work of the coastal stations. It thanked the
harbour authority for its hospitality and the crews for their patience.
Officials acknowledged that the number of small boats had grown. They noted that rescues now
take place at night more often than by day, and that fog adds to the danger. They expressed
concern about traffickers who sell places on boats that cannot float.
- The Rescue Forum drew attention to the need for predictable disembarkation and for one
telephone number. It emphasised that search and rescue is a duty of every master, what-
ever the flag. - The Labour Inspectorates reported cases of trafficking for work on trawlers.
They asked for joint patrols with the coast guard and for a shelter near the harbour.
Next steps
The meeting asked the secretariat to draft a rota of ports before the summer. The draft will
be sent to all stations for comment.
TEXT
}
