#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# No word of a document is lost between the file and its passages, labels and headings.

load helper

# The different words on standard input, one a line, in lower case.
words() { tr '[:upper:]' '[:lower:]' | grep -oE '[[:alnum:]]+' | sort -u; }

# What a reader sees: without front matter, addresses of links, tags and remarks; words that were
# divided at a line's end are whole.
visible() {
    sed -e '1{/^---$/,/^---$/d}' -e 's/<!--.*-->//g' -e 's/<[^>]*>/ /g' -e 's/](\([^()]*\))/]/g' "$1" |
        sed -z 's/\([[:lower:]]\)-\n\([[:lower:]]\)/\1\2/g'
}

# What stands in FILE and not in its dry run.
lost_words() {
    comm -23 <(visible "$1" | words) <(plenary-index --dry-run "$1" | words)
}

@test "every word of the sample records is in a passage or a heading" {
    for file in "$ROOT"/corpus/samples/*.md "$ROOT"/corpus/samples/*.txt; do
        run lost_words "$file"
        [ -z "$output" ] || { echo "$file: $output"; return 1; }
    done
}

@test "every word of minutes in Markdown's dialects is in a passage, label or heading" {
    cat >minutes.md <<'TEXT'
# Harbour board {#board}

![Quay seen from north](quay.png)

**Attendance**

Ada Berg
Bo Carlsen
Cy Dahl

    * pilots [price list](https://example.org/hidden)
        * winter rates
    * [x] ~~ropes~~ chains

| Berth | Ship |
|-------|------|
| one   | Ida  |

olsen: agreed[^why]

[^why]: subject to funds

~~~~

**Next: **spring<br>meeting

```
tide = 3
```
TEXT
    run lost_words minutes.md
    [ -z "$output" ] || { echo "$output"; return 1; }
    run plenary-index --dry-run minutes.md
    [[ "$output" != *hidden* && "$output" != *'{#'* && "$output" != *'**'* && "$output" != *'~~'* ]]
}

@test "every word of real minutes is in a passage or a heading" {
    needs_data formats/orig/meetings__2015-05__may-28.md
    run lost_words "$DATA/formats/orig/meetings__2015-05__may-28.md"
    [ "$(wc -w <<<"$output")" -le 3 ] || { echo "$output"; return 1; }
}
