/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/line_table.h"

#include <stdlib.h>
#include <string.h>

struct kept_line {
    struct line line;
    size_t next; /* where the reader stood behind it */
    struct line_facts facts;
};

struct line_block {
    struct kept_line lines[LINE_TABLE_BLOCK];
};

void line_table_init(struct line_table *table, const char *text) {
    *table = (struct line_table){.text = text};
}

void line_table_free(struct line_table *table) {
    for (size_t i = 0; i * LINE_TABLE_BLOCK < table->count; i++)
        free(table->blocks[i]);
}

static void find_facts(const char *text, struct kept_line *kept) {
    const struct line *line = &kept->line;
    kept->facts.marker = marker_read(text, line);
    kept->facts.speaker = speaker_line_read(text, line);
    kept->facts.first = line_first(text, line);
    kept->facts.last = line_last(text, line);
    kept->facts.ends_sentence = line_ends_sentence(text, line);
    kept->line.facts = &kept->facts;
}

static void keep(struct line_table *table, const struct line_reader *reader, struct line *line) {
    struct line_block **block = &table->blocks[table->count / LINE_TABLE_BLOCK];
    size_t place = table->count % LINE_TABLE_BLOCK;
    if (!place && !(*block = malloc(sizeof **block))) {
        table->full = true;
        return;
    }
    struct kept_line *kept = &(*block)->lines[place];
    kept->line = *line;
    kept->next = reader->at;
    if (line->class == LINE_TEXT)
        find_facts(table->text, kept);
    *line = kept->line;
    table->full = ++table->count == LINE_TABLE_MAX;
}

bool line_table_read(struct line_table *table, struct line_reader *reader, struct line *line) {
    size_t number = reader->count;
    if (number < table->count) {
        const struct kept_line *kept =
            &table->blocks[number / LINE_TABLE_BLOCK]->lines[number % LINE_TABLE_BLOCK];
        *line = kept->line;
        reader->count++;
        reader->at = kept->next;
        reader->number = line->number;
        reader->page = line->page;
        return true;
    }
    if (!line_read(reader, line))
        return false;
    if (number == table->count && !table->full)
        keep(table, reader, line);
    return true;
}

struct marker line_marker(const char *text, const struct line *line) {
    return line->facts ? line->facts->marker : marker_read(text, line);
}

struct speaker_line line_speaker(const char *text, const struct line *line) {
    return line->facts ? line->facts->speaker : speaker_line_read(text, line);
}
