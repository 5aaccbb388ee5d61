/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The wrap column is the length up to which 95 % of the text lies in lines so long; a few lines of
 * a wide table do not move it. A text has one only if lines do continue each other: an adjacent
 * pair of which the first ends inside a sentence and the second begins in lower case is called a
 * seam here. Seams give the slack as well: they show how far below the column a full line may end.
 */
#include "corpus/layout.h"

#include "corpus/letters.h"
#include "corpus/marker.h"
#include "corpus/speaker_line.h"

#include <string.h>

enum {
    WIDTH_TOP = 200, /* no paper is wider; longer lines are not wrapped */
    WIDTH_LEAST = 30,
    WIDTH_LEAST_UNSPACED = 10, /* Chinese needs fewer columns */
    NAME_BITS = 4096,
};

struct census {
    uint64_t bytes[LINE_WIDTH_MAX + 1]; /* text in lines of this width */
    uint64_t reach[LINE_WIDTH_MAX + 1]; /* seams: width with the next line's first word */
    uint64_t lines, pairs, seams, spaced_seams, unspaced_seams;
    uint64_t single_blanks, gaps;
    uint64_t sentences; /* lines that end one */
    uint64_t short_then_blank, short_then_text;
    uint64_t turns, sure_turns, names;
    uint64_t dash_starts, dash_insides, dash_overlong, dash_all;
    uint8_t seen[NAME_BITS / 8];
};

static void count_name(struct census *census, const char *text, const struct speaker_line *named) {
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (size_t i = named->name_begin; i < named->name_end; i++)
        hash = (hash ^ (uint8_t)text[i]) * 16777619u;
    hash = (hash ^ hash >> 15) % NAME_BITS;
    census->names += !(census->seen[hash / 8] >> hash % 8 & 1);
    census->seen[hash / 8] |= (uint8_t)(1 << hash % 8);
    census->turns++;
    census->sure_turns += named->sure;
}

static bool is_seam(const char *text, const struct line *line, const struct line *next) {
    uint32_t last = line_last(text, line);
    if (line_ends_sentence(text, line) || last == ':' || last == ';')
        return false;
    if (letters_is_unspaced(last))
        return letters_is_unspaced(line_first(text, next));
    return line_starts_lower(text, next) && line->width >= WIDTH_LEAST;
}

/* A pair of text lines that follow each other, `next->blanks` blank lines between. */
static void count_pair(struct census *census, const char *text, const struct line *line,
                       const struct line *next) {
    bool seam = is_seam(text, line, next);
    if (next->blanks) {
        census->gaps++;
        census->single_blanks += next->blanks == 1;
        census->spaced_seams += seam && next->blanks == 1;
        return;
    }
    census->pairs++;
    census->seams += seam;
    census->unspaced_seams += seam && letters_is_unspaced(line_last(text, line));
    unsigned reach = line->width + 1 + line_first_word(text, next);
    if (seam)
        census->reach[reach < LINE_WIDTH_MAX ? reach : LINE_WIDTH_MAX]++;
}

/* Short lines that end a sentence show whether paragraphs are parted by blanks; width known. */
static void count_ends(struct census *census, const char *text, const struct layout *layout,
                       const struct line *line, const struct line *next) {
    if (!line_ends_sentence(text, line) || !layout_would_fit(layout, text, line, next))
        return;
    if (next->blanks)
        census->short_then_blank++;
    else if (line_starts_fresh(text, next))
        census->short_then_text++;
}

static void count_line(struct census *census, const char *text, const struct line *line) {
    struct marker marker = line_marker(text, line);
    struct speaker_line named = line_speaker(text, line);
    struct line rest = *line;
    census->lines++;
    census->sentences += line_ends_sentence(text, line);
    census->dash_starts += marker_is_dash(&marker) && letters_is_upper((uint8_t)text[marker.text]);
    if (named.name_end > named.name_begin)
        count_name(census, text, &named);
    /* Where the break before a bullet was lost, two lines stand as one: measure them apart. */
    if (line->width <= 2 * WIDTH_TOP) {
        size_t inside = marker_find_inside(text, line, 0);
        if (inside < line->end) {
            census->dash_insides++;
            rest.end = inside;
            rest.begin = line->begin;
            line_classify(text, &rest);
            census->bytes[rest.width] += rest.width;
            rest = (struct line){.begin = inside, .end = line->end};
            line_classify(text, &rest);
        }
    }
    census->bytes[rest.width] += rest.width;
}

static unsigned quantile(const uint64_t *histogram, unsigned top, unsigned percent) {
    uint64_t sum = 0, so_far = 0;
    for (unsigned i = 0; i <= top; i++)
        sum += histogram[i];
    for (unsigned i = 0; i <= top; i++) {
        so_far += histogram[i];
        if (so_far && so_far * 100 >= sum * percent)
            return i;
    }
    return 0;
}

typedef void pair_fn(struct census *, const char *, const struct layout *, const struct line *,
                     const struct line *);

static void first_pass(struct census *census, const char *text, const struct layout *layout,
                       const struct line *line, const struct line *next) {
    (void)layout;
    count_line(census, text, next);
    if (line->end && line->quote == next->quote)
        count_pair(census, text, line, next);
}

static void second_pass(struct census *census, const char *text, const struct layout *layout,
                        const struct line *line, const struct line *next) {
    if (line->end && line->quote == next->quote)
        count_ends(census, text, layout, line, next);
    if (marker_find_inside(text, next, 0) < next->end)
        census->dash_overlong += next->width > layout->width + 4;
}

static void walk(struct census *census, struct line_table *lines, size_t size,
                 const struct layout *layout, pair_fn *each, struct running_heads *heads) {
    const char *text = lines->text;
    struct line_reader reader;
    struct line line = {0}, next;
    unsigned blanks = 0;
    line_reader_init(&reader, text, size);
    while (line_table_read(lines, &reader, &next)) {
        if (next.class == LINE_BLANK) {
            blanks++;
            continue;
        }
        if (heads)
            running_heads_see(heads, text, &next);
        if (next.class == LINE_TEXT) {
            next.blanks = blanks;
            each(census, text, layout, &line, &next);
            line = next;
            blanks = 0;
        }
    }
}

static void measure_width(struct layout *layout, const struct census *census) {
    unsigned width = quantile(census->bytes, LINE_WIDTH_MAX, 95);
    uint64_t seams = layout->spaced ? census->spaced_seams : census->seams;
    uint64_t pairs = layout->spaced ? census->single_blanks : census->pairs;
    bool wrapped = seams * 10 >= pairs && seams;
    if (width > WIDTH_TOP) /* a wrapped text with some endless lines in it */
        width = seams * 3 >= pairs && seams > 2 ? quantile(census->bytes, WIDTH_TOP, 95) : 0;
    unsigned least =
        census->unspaced_seams * 2 > census->seams ? WIDTH_LEAST_UNSPACED : WIDTH_LEAST;
    layout->width = wrapped && width >= least ? width : 0;
    if (!layout->width)
        return;
    unsigned reach = quantile(census->reach, LINE_WIDTH_MAX, 10);
    unsigned most = layout->width / 8;
    layout->slack = reach && reach < layout->width ? layout->width - reach + 1 : 0;
    layout->slack = layout->slack < most ? layout->slack : most;
}

void layout_measure(struct layout *layout, struct running_heads *heads, struct line_table *lines,
                    size_t size) {
    struct census census;
    memset(layout, 0, sizeof *layout);
    memset(&census, 0, sizeof census);
    walk(&census, lines, size, layout, first_pass, heads);
    layout->spaced = census.pairs * 10 < census.gaps && census.gaps >= 6 &&
                     census.spaced_seams * 10 >= census.gaps * 4;
    measure_width(layout, &census);
    layout->few = census.pairs < 5;
    layout->gaps = census.gaps * 20 >= census.lines && census.gaps > 1;
    uint64_t again = census.turns - census.names;
    layout->speech =
        census.turns >= 4 && again * 3 >= census.turns && census.turns * 20 >= census.lines;
    if (layout->width)
        walk(&census, lines, size, layout, second_pass, NULL);
    layout->blanks = census.short_then_blank > 2 * census.short_then_text;
    layout->stanzas = census.sentences * 10 >= census.lines * 8 &&
                      census.gaps * 10 >= census.lines && census.pairs * 2 >= census.lines &&
                      layout->width;
    layout->dashes = layout->width && census.dash_insides &&
                     (census.dash_starts ||
                      (census.dash_overlong * 2 >= census.dash_insides && census.dash_insides > 1));
}

bool layout_would_fit(const struct layout *layout, const char *text, const struct line *line,
                      const struct line *next) {
    if (!layout->width)
        return true;
    return line->width + 1 + line_first_word(text, next) + layout->slack <= layout->width;
}
