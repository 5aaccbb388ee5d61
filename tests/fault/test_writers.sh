#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Writers that come together: without --wait one is told who holds the index; with it each has its
# turn, and all that they add (20 writers; 60 in the long form) is there at the end.
. "$(dirname "$0")/common.bash"
writers=20
[ "$LONG" ] && writers=60

pids=()
for ((i = 0; i < writers; i++)); do
    printf "d%d.%d w%dx\n" "$i" 1 "$i" "$i" 2 "$i" >"new.$i"
    records "new.$i" >"new.$i.jsonl"
    "$BUILD/plenary-index" -q --wait 60 index "new.$i.jsonl" >"said.$i" 2>&1 &
    pids+=($!)
done
trials=$((writers + 3)) # the second, the one that waits too short, the one after a dead holder
for ((i = 0; i < writers; i++)); do
    wait "${pids[i]}" || wrong "writer $i ended with $?: $(cat "said.$i")"
done
sort new.? new.?? >model
fault=$(holds index model) || wrong "$fault"
fault=$(strays index)
[ -z "$fault" ] || wrong "strays: $fault"
result "$writers writers with --wait: all that they added is there"

# One that is held up reading a pipe holds the lock.
mkfifo pipe
"$BUILD/plenary-index" -q --wait 20 --format jsonl index - <pipe >first.said 2>&1 &
first=$!
exec 9>pipe
for ((i = 0; i < 100; i++)); do
    plenary-index -q index new.0.jsonl >said 2>&1
    status=$?
    [ $status -eq 4 ] && break
    sleep 0.05
done
[ "$status" -eq 4 ] || wrong "the second writer ended with $status"
grep -q "process $first" said || wrong "the second is not told who holds the index: $(cat said)"
grep -q -- --wait said || wrong "the second is not told about --wait: $(cat said)"
start=$SECONDS
plenary-index -q --wait 1 index new.0.jsonl >said 2>&1 && wrong "--wait 1 did not fail"
[ $((SECONDS - start)) -le 10 ] || wrong "--wait 1 took $((SECONDS - start)) s"
kill -9 $first || wrong "the first ended: $(cat first.said)"
exec 9>&-
{ wait $first; } 2>/dev/null
plenary-index -q index new.0.jsonl >said 2>&1 || wrong "a dead holder keeps the lock: $(cat said)"
fault=$(holds index model) || wrong "$fault"
result "the second writer is told who holds the index; a dead one holds nothing"
finish
