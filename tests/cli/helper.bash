# SPDX-License-Identifier: GPL-2.0-or-later
# Shared by the command-line stories: programs, a scratch folder, and small things to index.

setup() {
    ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    BUILD=${PLENARY_BUILD:-$ROOT/build}
    DATA=${PLENARY_DATA:-$ROOT/../shared/data}
    WORK=$(mktemp -d)
    cd "$WORK" || return 1
    unset NO_COLOR
    export COLUMNS=80 LC_ALL=C.UTF-8
}

teardown() {
    cd / && rm -rf "$WORK"
}

# The programs under test; PLENARY_WRAP may put valgrind in front.
plenary-index() { $PLENARY_WRAP "$BUILD/plenary-index" "$@"; }
plenary-search() { $PLENARY_WRAP "$BUILD/plenary-search" "$@"; }
plenary-serve() { $PLENARY_WRAP "$BUILD/plenary-serve" "$@"; }

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
