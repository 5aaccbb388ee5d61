#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# kill -9 at random moments over update and merge runs (200; 20 in the short form): the index opens
# every time, --check passes, and it holds what it held before or, if the run came that far, after;
# what a run that ended well has published is never lost.
. "$(dirname "$0")/common.bash"
runs=20
[ "$LONG" ] && runs=200
documents=60

merges=
plenary-index --help | grep -q -- --merge && merges=1

# A run is what `next` has put in `command`; then the index must hold the model `after`.
word=0
next() {
    local kind=$((RANDOM % 10)) i
    if [ "$merges" ] && [ $kind -lt 3 ]; then
        command=(--merge index)
        cp before after
    elif [ $kind -lt 5 ] && [ -s before ]; then
        shuf -n $((1 + RANDOM % 5)) --random-source=<(seeded) before >chosen
        command=(--delete index)
        for i in $(cut -d' ' -f1 chosen); do command+=("$i"); done
        comm -23 before <(sort chosen) >after
    else
        for ((i = 0; i < documents / 3; i++)); do
            echo "d$((RANDOM % documents)) w$((++word))x"
        done | sort -u -k1,1 >chosen
        word=$((word + documents))
        records chosen >new.jsonl
        command=(index new.jsonl)
        awk 'NR == FNR { new[$1] = 1; print; next } !($1 in new)' chosen before | sort >after
    fi
}

# Bytes enough for shuf, from our seed.
seeded() {
    local i
    for ((i = 0; i < 400; i++)); do echo "$RANDOM"; done
}

: >before
plenary-index -q index <(:) 2>/dev/null
[ -e index/manifest.json ] || plenary-index -q --format jsonl index - <<<'{"id":"d0","text":"common w0x harbour"}'
[ "$(contents index)" ] && contents index >before

# A pause without a process of its own, which would take longer to start than some runs last.
exec {never}<> <(:)
pause_for() { read -r -t "$(printf '0.%06d' "$1")" -u "$never"; }

killed=0 published=0
length=50000 # microseconds that a whole run takes, as one in eight shows that is let be
for ((run = 0; run < runs; run++)); do
    next
    trials=$((trials + 1))
    start=${EPOCHREALTIME/./}
    "$BUILD/plenary-index" -q "${command[@]}" >said 2>&1 & # not the function: it must be ours to kill
    pid=$!
    pause=$((RANDOM * RANDOM % (length * 9 / 8)))
    if [ $((run % 8)) -gt 0 ]; then
        pause_for "$pause"
        kill -9 $pid 2>/dev/null
    fi
    { wait $pid; } 2>/dev/null
    status=$?
    [ $((run % 8)) -gt 0 ] || length=$((${EPOCHREALTIME/./} - start))
    [ $length -lt 900000 ] || length=900000
    if [ $status -eq 137 ]; then
        killed=$((killed + 1))
    else
        [ $status -eq 0 ] || wrong "run $run (${command[0]}) ended with $status: $(cat said)"
    fi
    fault=$(holds index after)
    if [ $? -eq 0 ]; then
        published=$((published + 1))
        mv after before
    elif [ $status -eq 0 ]; then
        wrong "run $run (${command[0]}) ended well, but: $fault"
        contents index >before
    elif ! fault=$(holds index before); then
        wrong "run $run (${command[0]}), killed after $pause us: $fault"
        contents index >before
    fi
done
[ $killed -gt 0 ] || wrong "no run was killed"
result "$runs runs, $killed killed, $published published: always the last generation"

plenary-index -q index - --format jsonl <<<'{"id":"last","text":"common wlast harbour"}'
sort before - >after <<<'last wlast'
fault=$(holds index after) || wrong "$fault"
fault=$(strays index)
[ -z "$fault" ] || wrong "strays: $fault"
result "the next run works and leaves no strays"
finish
