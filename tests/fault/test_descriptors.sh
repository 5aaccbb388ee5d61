#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Many segments under a low `ulimit -n` (200 under 64; in the short form 60 under 32): building,
# searching and merging work, or say what they need. Segments that a build would merge are kept apart
# by building each in an index of its own and naming them all in one manifest.
. "$(dirname "$0")/common.bash"
segments=60 limit=32
[ "$LONG" ] && segments=200 limit=64

: >model
parts=()
for ((i = 0; i < segments; i++)); do
    echo "d$i w${i}x" >new
    cat new >>model
    parts+=("part$i")
    records new | (ulimit -n $limit && plenary-index -q --format jsonl "part$i" -) >said 2>&1 ||
        { wrong "segment $i: $(cat said)" && break; }
    trials=$((trials + 1))
done
sort -o model model
"$BUILD/tests/fault/gather" index "${parts[@]}" || wrong "gather failed"
[ "$(jq '.segments | length' index/manifest.json)" -eq $segments ] || wrong "not $segments segments"
fault=$(holds index model) || wrong "$fault"
result "an index of $segments segments, built with $limit descriptors at most"

# `hard` leaves the program nothing to raise; `soft` it may raise by itself.
for kind in soft hard; do
    [ $kind = soft ] && option=-Sn || option=-n
    (ulimit $option $limit && plenary-search --format jsonl --limit 1000 index common) >found 2>said
    status=$?
    if [ $status -eq 0 ]; then
        [ "$(wc -l <found)" -eq "$(wc -l <model)" ] || wrong "$kind: $(wc -l <found) results"
    elif [ $status -ne 4 ] || ! grep -q "ulimit -n" said || ! grep -q -- --merge said; then
        wrong "$kind: ended with $status: $(cat said)"
    fi
    [ $kind = hard ] || [ $status -eq 0 ] || wrong "the soft limit was not raised: $(cat said)"
    (ulimit $option $limit && plenary-index --check index) >said 2>&1 ||
        wrong "$kind: --check: $(tail -c 600 said)"
    trials=$((trials + 2))
    result "search and --check under a $kind limit of $limit: status $status $(tail -c 300 said | tr '\n' ' ')"
done

# Adding to it, for which nothing of Xapian's needs to be open.
echo "last wlastx" >new
cp -r index other
records new | (ulimit -n $limit && plenary-index -q --format jsonl other -) >said 2>&1 ||
    wrong "adding: $(cat said)"
sort model new >more
fault=$(holds other more) || wrong "$fault"
trials=$((trials + 1))
result "adding under ulimit -n $limit leaves $(jq '.segments | length' other/manifest.json) segments"

if plenary-index --help | grep -q -- --merge; then
    (ulimit -n $limit && plenary-index -q --merge index) >said 2>&1 || wrong "--merge: $(cat said)"
    count=$(jq '.segments | length' index/manifest.json)
    [ "$count" -eq 1 ] || wrong "$count segments after --merge"
    (ulimit -n $limit && holds index model) >said || wrong "merged: $(cat said)"
    trials=$((trials + 1))
    result "merge under ulimit -n $limit, then search"
else
    tests=$((tests + 1))
    echo "ok $tests - merge # SKIP there is no --merge yet"
fi
finish
