# SPDX-License-Identifier: GPL-2.0-or-later
# Shared by the survival tests that are scripts: a scratch folder, TAP, a model of what an index must
# hold, and the questions asked of it.
#
# The model is a file of lines "ID WORD": every document's text is "common VERSION-WORD harbour", so
# that a document's every version has a word of its own and all of them share one.
# shellcheck shell=bash disable=SC2034

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BUILD=${PLENARY_BUILD:-$ROOT/build}
LONG=${PLENARY_LONG:-}
SEED=${PLENARY_SEED:-$(((RANDOM << 15 | RANDOM) % 32768))}
WORK=$(mktemp -d)
export LC_ALL=C.UTF-8 COLUMNS=80
# A preloaded library comes before AddressSanitizer's own; leaks of a killed program do not matter.
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0:detect_leaks=0
trap 'cd / && rm -rf "$WORK"' EXIT
cd "$WORK" || exit 1
RANDOM=$SEED
echo "# seed $SEED (PLENARY_SEED=$SEED repeats it)"

plenary-index() { "$BUILD/plenary-index" "$@"; }
plenary-search() { "$BUILD/plenary-search" "$@"; }

tests=0 faults=0 trials=0
# Report something wrong; the test goes on to find more of it, but not without end.
wrong() {
    printf '# %s\n' "$@"
    if [ $((++faults)) -ge 20 ]; then
        result "and more: stopped here"
        exit 1
    fi
}

# End a test: ok unless something was wrong since the last one.
result() {
    tests=$((tests + 1))
    if [ "$faults" -eq 0 ]; then echo "ok $tests - $*"; else echo "not ok $tests - $* ($faults faults)"; fi
    all_faults=$((${all_faults:-0} + faults)) faults=0
}

# What `make fault` adds up: "# NAME: N trials, M faults".
finish() {
    echo "# $(basename "$0" .sh): $trials trials, ${all_faults:-0} faults"
    echo "1..$tests"
    [ "${all_faults:-0}" -eq 0 ]
    exit
}

# records MODEL: its documents as JSON Lines.
records() { awk '{printf "{\"id\":\"%s\",\"text\":\"common %s harbour\"}\n", $1, $2}' "$1"; }

# What a search finds, as a model. The word all share, and to begin with the last word of the model.
contents() {
    plenary-search --format jsonl --limit 10000 "$1" common >found 2>found.err ||
        [ $? -eq 1 ] || { cat found.err; return 1; }
    sed -E 's/.*"document":\{"id":"([^"]*)".*"text":"common ([^ "]*) harbour".*/\1 \2/' found | sort
}

# holds INDEX MODEL: it opens, is sound, and holds just that. Says what is wrong otherwise.
holds() {
    local index=$1 model=$2
    if ! plenary-index --check "$index" >check 2>&1; then
        echo "--check: $(head -c 600 check)"
        return 1
    fi
    contents "$index" >actual || { echo "search: $(head -c 600 actual)"; return 1; }
    if ! cmp -s actual "$model"; then
        echo "holds other documents: $(diff "$model" actual | head -5 | tr '\n' ' ')"
        return 1
    fi
}

# Files in an index that its manifest does not name.
strays() {
    local index=$1 file segment
    {
        printf '%s\n' lock manifest.json xapian.stub
        jq -r '.segments[] | .name as $s | ("segments/\($s)/" + ("documents.table","passages.table",
            "text.blocks","tokens.words","lexicon.words","postlist.glass","iamglass","postings.sums",
            "bounds.blocks","docdata.glass","termlist.glass","position.glass","flintlock")),
            (select(.tombstones) | "segments/\($s)/\(.tombstones)")' "$index/manifest.json"
    } | sort >known
    (cd "$index" && find . -type f -printf '%P\n' | sort) | comm -23 - known
    (cd "$index" && find . -mindepth 1 -type d -empty -printf '%P\n')
}
