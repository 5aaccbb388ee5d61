# SPDX-License-Identifier: GPL-2.0-or-later
# Completion of plenary-index, plenary-search, plenary-report and plenary-serve for bash: options, their values, files.

_plenary_values() {
    case $1 in
    plenary-search:--format) echo text json jsonl csv tsv ;;
    plenary-index:--format) echo auto text markdown html jsonl tsv docx odt pptx odp rtf mail mbox captions xml pdf archive ;;
    *:--facet) echo speaker body year month language title heading ;;
    *:--histogram) echo year month ;;
    plenary-report:--format) echo table json csv ;;
    *:--unit) echo passage document ;;
    *:--ranking) echo default thorough plain ;;
    *:--sort) echo relevance date oldest ;;
    *:--color) echo auto always never ;;
    *:--builder) echo glass xapian ;;
    esac
}

_plenary() {
    local program=${1##*/} word=$2 before=$3 values
    # In "--format=js" bash takes the "=" for a word of its own.
    if [ "$word" = = ]; then
        word=
    elif [ "$before" = = ] && [ "$COMP_CWORD" -ge 2 ]; then
        before=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    values=$(_plenary_values "$program:$before")
    if [ -n "$values" ]; then
        mapfile -t COMPREPLY < <(compgen -W "$values" -- "$word")
    elif [[ $word == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$("$1" --help | grep -oE -- '--[a-z][a-z-]+' | sort -u)" -- "$word")
    fi
}

complete -o default -F _plenary plenary-index plenary-search plenary-report plenary-serve
