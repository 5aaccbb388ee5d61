#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Each call that plenary-index makes on an index's files fails in turn (every 29th from a random one
# in the short form), with EIO once, and with ENOSPC from then on: it must say so, name a file and
# end with 4; the old generation must be whole; the next run must do it all and leave no strays.
# Calls on the way to reading fail under plenary-search: an error, or the right answer.
. "$(dirname "$0")/common.bash"
failing=$BUILD/tests/fault/failing.so
index=$WORK/index
step=29
[ "$LONG" ] && step=${PLENARY_STEP:-1}
everything=open,create,write,sync,rename,map,truncate,close,mkdir,unlink,read
failed=0

# under KINDS ERRNO CALL STAYS COMMAND...: status in $?, its words in the file `said`; the file
# `failed` tells which call failed, if the program came so far.
under() {
    local kinds=$1 number=$2 call=$3 stays=$4
    shift 4
    rm -f failed
    env LD_PRELOAD="$failing" FAILING_UNDER="$index" FAILING_KINDS="$kinds" FAILING_CALL="$call" \
        FAILING_ERRNO="$number" FAILING_LOG="$WORK/failed" ${stays:+FAILING_STAYS=1} \
        timeout 20 "$@" >said 2>&1
}

# The bases that runs start from: two segments, one with tombstones; what a kill left behind.
printf '%s\n' "a a1" "b b1" "c c1" >first
printf '%s\n' "b b2" "d d1" >second
sort >before <<<$'a a1\nb b2\nc c1\nd d1'
records first >first.jsonl
records second >second.jsonl
make_base() {
    local base=$1
    shift
    plenary-index -q "$@" "$base" first.jsonl && plenary-index -q "$base" second.jsonl
    mkdir "$base/segments/000099"
    echo unfinished | tee "$base/segments/000099/text.blocks" >"$base/manifest.json.tmp"
}
make_base base

# What is done to it, and what it then must hold.
printf '%s\n' "c c2" "e e1" >third
records third >third.jsonl
sort >after.add <<<$'a a1\nb b2\nc c2\nd d1\ne e1'
sort >after.delete <<<$'b b2\nc c1'
cp before after.merge
: >none
records none >none.jsonl
do_add() { echo "$BUILD/plenary-index" -q "$index" third.jsonl; }
do_delete() { echo "$BUILD/plenary-index" -q --delete "$index" a d; }
do_merge() { echo "$BUILD/plenary-index" -q --merge "$index"; }

judge() {
    local what=$1 mode=$2 call=$3 status=$4 fault done=''
    local path
    path=$(cut -d' ' -f2- failed)
    local name="$what, $mode call $call ($(cat failed))"
    failed=$((failed + 1)) trials=$((trials + 1))
    case $status in
    0)
        done=1
        fault=$(holds "$index" "after.$what") || wrong "$name: ended with 0, but: $fault"
        ;;
    4)
        grep -qF "$path" said || [[ $(cat said) == *"$index"* ]] ||
            wrong "$name: the message names no file: $(cat said)"
        # After the rename the new generation is there, whatever its folder's fsync says.
        if grep -q "in place" said; then
            done=1
            fault=$(holds "$index" "after.$what") || wrong "$name: $fault"
        else
            fault=$(holds "$index" before) || wrong "$name: $fault"
        fi
        ;;
    *) wrong "$name: ended with $status: $(head -c 600 said)" ;;
    esac
    # shellcheck disable=SC2046
    $("do_$what") >said 2>&1
    status=$?
    # What was deleted in spite of all is not there to be deleted again.
    if [ $status -eq 3 ] && [ "$done" ] && [ "$what" = delete ]; then status=0; fi
    [ $status -eq 0 ] || wrong "$name: the next run: $(cat said)"
    fault=$(holds "$index" "after.$what") || wrong "$name: after the next run: $fault"
    fault=$(strays "$index")
    [ -z "$fault" ] || wrong "$name: strays after the next run: $(tr '\n' ' ' <<<"$fault")"
}

each_call() {
    local what=$1 mode=$2 kinds=$3 number=$4 stays=$5 call status
    call=$((1 + RANDOM % step))
    while :; do
        rm -rf "$index"
        cp -r "$base" "$index"
        # shellcheck disable=SC2046
        under "$kinds" "$number" "$call" "$stays" $("do_$what")
        status=$?
        [ -e failed ] || break
        judge "$what" "$mode" "$call" "$status"
        call=$((call + step))
    done
}

changes="add delete"
plenary-index --help | grep -q -- --merge && changes+=" merge"
base=base
for what in $changes; do
    failed=0
    each_call "$what" EIO "$everything" 5 ""
    each_call "$what" ENOSPC create,write,sync,mkdir,truncate 28 stays
    [ $failed -gt 0 ] || wrong "no call ever failed"
    result "$what: $failed calls failed in turn"
done

if plenary-index --help | grep -q -- --portable; then
    make_base portable --portable
    base=portable failed=0
    each_call add EIO "$everything" 5 ""
    each_call add ENOSPC create,write,sync,mkdir,truncate 28 stays
    [ $failed -gt 0 ] || wrong "no call ever failed"
    result "add, portable: $failed calls failed in turn"
    failed=0
    each_call merge EIO "$everything" 5 ""
    each_call merge ENOSPC create,write,sync,mkdir,truncate 28 stays
    [ $failed -gt 0 ] || wrong "no call ever failed"
    result "merge, portable: $failed calls failed in turn"
fi

# A new index: nothing, or all of it.
failed=0
call=$((1 + RANDOM % step))
while :; do
    rm -rf "$index"
    under "$everything" 5 "$call" "" "$BUILD/plenary-index" -q "$index" first.jsonl
    status=$?
    [ -e failed ] || break
    failed=$((failed + 1)) trials=$((trials + 1))
    name="new, call $call ($(cat failed))"
    case $status in
    0) fault=$(holds "$index" first) || wrong "$name: ended with 0, but: $fault" ;;
    4) [[ $(cat said) == *"$index"* ]] || wrong "$name: the message names no file: $(cat said)" ;;
    *) wrong "$name: ended with $status: $(head -c 600 said)" ;;
    esac
    plenary-index -q "$index" first.jsonl >said 2>&1 || wrong "$name: the next run: $(cat said)"
    fault=$(holds "$index" first) || wrong "$name: after the next run: $fault"
    fault=$(strays "$index")
    [ -z "$fault" ] || wrong "$name: strays after the next run: $fault"
    call=$((call + step))
done
[ $failed -gt 0 ] || wrong "no call ever failed"
result "a new index: $failed calls failed in turn"

# Searching: the right answer or an error that names the index.
rm -rf "$index"
cp -r base "$index"
failed=0
for query in 'common' '"common b2"' '=harbour -c1'; do
    plenary-search --format jsonl "$index" "$query" >right
    for number in 5 24 12; do # EIO, EMFILE, ENOMEM
        call=$((1 + RANDOM % step))
        while under open,map,read,close "$number" "$call" "" \
            "$BUILD/plenary-search" --format jsonl "$index" "$query"
        status=$?
        [ -e failed ]; do
            failed=$((failed + 1)) trials=$((trials + 1))
            name="search $query, errno $number, call $call ($(cat failed))"
            case $status in
            0) cmp -s said right || wrong "$name: another answer" ;;
            4) grep -qF "$index" said || wrong "$name: the message names no file: $(cat said)" ;;
            *) wrong "$name: ended with $status: $(head -c 600 said)" ;;
            esac
            call=$((call + step))
        done
    done
done
[ $failed -gt 0 ] || wrong "no call ever failed"
result "search: $failed calls failed in turn"
finish
