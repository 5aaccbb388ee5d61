/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * THE RULES by which plain text is cut into passages. Lines are read in order, each is either added
 * to the open passage or ends it; nothing is read twice except one line ahead.
 *
 * What a passage is
 *   P1  A paragraph, a list item, a speech paragraph, a row. Headings become passages of their own
 *       kind and, joined by " > ", the `heading` of what follows. No text is dropped except page
 *       numbers, running heads (running_head.h) from the second on, rules (-----), bullets and,
 *       kept apart in `label`, the numbers of items.
 *   P2  Passages longer than PASSAGE_LIMIT bytes are cut behind a sentence (P1's parts of one
 *       paragraph carry the same label, speaker and heading).
 *   P3  The text of a record that has no line break is one paragraph, whatever it contains; P2
 *       holds for it.
 *
 * The layout is measured first (layout.h): the column where lines wrap, if they do.
 *   L1  In a text that does not wrap, a line is a paragraph; it goes on with the next line only if
 *       that begins in lower case, or if it ends in a comma, slash, hyphen or open bracket.
 *   L2  In a text in which every line is followed by a blank line, single blank lines mean nothing.
 *   L3  Where lines are sentences and blank lines part groups of them, the groups are paragraphs.
 *
 * Between paragraphs
 *   B1  A blank line ends a paragraph; but across a page break a sentence that goes on in lower
 *       case goes on.
 *   B2  Hard-wrapped text without blank lines: a line ends its paragraph if it ends a sentence, the
 *       next begins with a capital, digit or bracket, and that line's first word would have fitted
 *       on it. Where blank lines do part paragraphs, the line must fill less than three quarters.
 *   B3  So does a line filled to less than 55 %, whatever it ends with, before a capital.
 *   B4  A line that is indented two columns more than the one before begins a paragraph, if that
 *       ended a sentence. Lines back at the margin end an item whose lines hung.
 *   B5  A line that ends a sentence ends its paragraph, however full, before what looks like a
 *       heading and is too short to be a wrapped line.
 *   B6  A change in the depth of mail quotation (>) is a border.
 *   B7  Lines that open with a label and a colon ("Present: ...", "Apologies: ...") are apart where
 *       the paragraph before one of them opened with a label, too.
 *
 * Lists
 *   I1  A bullet, number or letter at the start of a line opens an item, if the line before ended a
 *       sentence or clause (. : ;) or ended early, if the mark counts on from the open item's, or
 *       if it is a sign that is nothing but a bullet. So "the years\n2018. ..." and a dash that
 *       wrapped to the start of a line open none.
 *   I2  "§ 5", "Article 3", "[12]" and "1.2.3" need a border of their own right: sentences begin
 *       with such words too. They label paragraphs, not items. "Article 3" stays in the text as
 *       well, for its words are looked for.
 *   I3  A bullet in the middle of a line opens an item behind a sentence end and before a capital
 *       (". - The"): inside an item of the same bullet always; elsewhere only in wrapped text that
 *       has the same bullets at the start of lines, or whose lines with such bullets are longer
 *       than the wrap column, which shows that a line break was lost. German records write dashes
 *       between sentences; they wrap nowhere or keep the column.
 *   I4  Lines go to the open item until a border. Depth is by indent, then by kind of mark.
 *
 * Headings: see heading.c. Underlined; behind hash marks; "Action items:" before a list; or short
 *   lines that stand alone.
 *
 * Rows
 *   R1  Dotted leaders with a number at the end, cells parted by bars, or by two and more wide
 * gaps: each line is a row.
 *
 * Speech
 *   S1  "The CHAIR:", "Mr. SMITH (Indonesia):", "Name Surname:" at the start of a line begins a
 *       paragraph, where B1-B3 allow one or the line before ended a sentence.
 *   S2  In a transcript (names in front of colons, again and again) the name is the speaker of that
 *       paragraph and of those after it, up to the next name or heading; lines in brackets, which
 *       describe, have none. Elsewhere only forms that cannot mean anything else set a speaker.
 *   S3  "Q. " and "A. " at the starts of lines are questions and answers, each a paragraph.
 */
#include "corpus/paragraph.h"

#include "corpus/cutter.h"
#include "corpus/letters.h"
#include "corpus/speaker_line.h"

#include <stdlib.h>
#include <string.h>

/* ---- borders ---- */

/* L1: lines that are paragraphs by themselves, except where one plainly goes on. */
static bool unwrapped_breaks(const char *text, const struct line *line, const struct line *next) {
    uint32_t last = line_last(text, line);
    if (last == ',' || last == '/' || last == '(' || last == '&' || letters_is_dash(last))
        return false;
    return !line_starts_lower(text, next) || line_ends_sentence(text, line) || last == ':' ||
           last == ';';
}

/* Short texts give no measure: two lines of usual length are one paragraph when the first ends
 * inside a sentence. */
static bool looks_wrapped(const char *text, const struct line *line) {
    return line->width >= 50 && line->width <= 130 && !line_ends_sentence(text, line) &&
           line_last(text, line) != ':';
}

/* B2-B4. */
static bool wrapped_breaks(const struct cutter *cutter, const struct line *line,
                           const struct line *next) {
    const char *text = cutter->text;
    const struct layout *layout = &cutter->layout;
    bool ended = line_ends_sentence(text, line);
    unsigned reach = line->width + 1 + line_first_word(text, next);
    uint32_t first = line_first(text, next);
    if (line_starts_lower(text, next) || layout->stanzas)
        return false;
    if (!line_starts_fresh(text, next) && first != '(' && first != '[')
        return false;
    if (ended && next->indent >= line->indent + 2 && next->indent <= line->indent + 12)
        return true;
    if (!layout_would_fit(layout, text, line, next))
        return false;
    if (ended || line_last(text, line) == ':')
        return !layout->blanks || line->width * 4 < layout->width * 3;
    return reach * 100 < layout->width * 55;
}

/* "Present: A. Holm" and the like: up to three words, the first with a capital, and a colon. */
static bool opens_with_label(const char *text, const struct line *line) {
    size_t at = line->begin, next;
    unsigned words = 1;
    if (line->class != LINE_TEXT || !letters_is_upper(line_first(text, line)))
        return false;
    for (; at < line->end && at - line->begin < 40; at = next) {
        uint32_t point = letters_at(text, at, line->end, &next);
        if (point == ':')
            return next < line->end && text[next] == ' ';
        words += point == ' ';
        if (words > 3 || (point != ' ' && !letters_is_letter(point) && !letters_is_digit(point)))
            return false;
    }
    return false;
}

/* "Q. " or "A. ". */
static bool opens_with_question(const char *text, const struct line *line) {
    return line->end - line->begin > 3 && (text[line->begin] == 'Q' || text[line->begin] == 'A') &&
           text[line->begin + 1] == '.' && text[line->begin + 2] == ' ';
}

/* S3. */
static bool question_breaks(const struct cutter *cutter, const struct line *line,
                            const struct line *next) {
    return opens_with_question(cutter->text, &cutter->open.first) &&
           opens_with_question(cutter->text, next) && line_ends_sentence(cutter->text, line);
}

/* B7. */
static bool label_breaks(const struct cutter *cutter, const struct line *line,
                         const struct line *next) {
    const char *text = cutter->text;
    uint32_t last = line_last(text, line);
    return last != ',' && !letters_is_dash(last) && opens_with_label(text, next) &&
           opens_with_label(text, &cutter->open.first);
}

/* B5-B7, and whatever the layout says, for two lines without blank line between. */
static bool pair_breaks(const struct cutter *cutter, const struct line *line,
                        const struct line *next) {
    const struct open_passage *open = &cutter->open;
    if (line->quote != next->quote || label_breaks(cutter, line, next) ||
        question_breaks(cutter, line, next))
        return true;
    if (open->kind == PASSAGE_ITEM && open->hanging && next->indent <= open->first.indent &&
        line_starts_fresh(cutter->text, next))
        return true;
    if (cutter->layout.width)
        return wrapped_breaks(cutter, line, next) ||
               (line_ends_sentence(cutter->text, line) && !cutter->layout.stanzas &&
                heading_is_candidate(cutter, next));
    return unwrapped_breaks(cutter->text, line, next) &&
           !(cutter->layout.few && looks_wrapped(cutter->text, line));
}

/* I1 and I2: is the mark at the start of the line meant as one, given the open passage? */
static bool marker_opens(const struct cutter *cutter, const struct line *line,
                         const struct marker *marker) {
    const struct open_passage *open = &cutter->open;
    const char *text = cutter->text;
    const struct line *before = &open->last;
    uint32_t last = line_last(text, before);
    bool ended = line_ends_sentence(text, before) || last == ':' || last == ';';
    bool sibling = open->marker.style == marker->style && open->marker.symbol == marker->symbol;
    if (marker->style == MARKER_SECTION || marker->style == MARKER_REFERENCE ||
        marker->style == MARKER_ARTICLE)
        return pair_breaks(cutter, before, line) ||
               (ended && sibling && marker->value == open->marker.value + 1);
    if (marker->style != MARKER_BULLET)
        return ended || (sibling && marker->value == open->marker.value + 1) ||
               layout_would_fit(&cutter->layout, text, before, line);
    if (!marker_is_dash(marker))
        return true;
    size_t next;
    bool lower = letters_is_lower(letters_at(text, marker->text, line->end, &next));
    return ended || (sibling && !lower) || layout_would_fit(&cutter->layout, text, before, line);
}

static bool name_opens(const struct cutter *cutter, const struct line *line,
                       const struct speaker_line *named) {
    const struct line *before = &cutter->open.last;
    if (named->name_begin == named->name_end)
        return false;
    return line_ends_sentence(cutter->text, before) || pair_breaks(cutter, before, line) ||
           (cutter->layout.speech && named->sure);
}

/* B1, and the exception for page breaks. */
static bool blank_breaks(const struct cutter *cutter, const struct line *line) {
    const struct line *before = &cutter->open.last;
    uint32_t last = line_last(cutter->text, before);
    bool goes_on = line->page_break && line->class == LINE_TEXT &&
                   cutter->open.kind != PASSAGE_ROW && !line_ends_sentence(cutter->text, before) &&
                   last != ':' && last != ';' && line_starts_lower(cutter->text, line);
    return !goes_on;
}

static bool is_border(const struct cutter *cutter, const struct line *line,
                      const struct marker *marker, const struct speaker_line *named) {
    const struct open_passage *open = &cutter->open;
    if (!open->active || line->class != LINE_TEXT || line->inserted)
        return true;
    if (open->headless) /* its text is still to come; only another mark or name ends it */
        return marker->style || named->name_end > named->name_begin;
    if (line->blanks)
        return blank_breaks(cutter, line);
    if (marker->style && marker_opens(cutter, line, marker))
        return true;
    return name_opens(cutter, line, named) || pair_breaks(cutter, &open->last, line);
}

/* ---- opening a passage ---- */

static const char *copy_text(struct cutter *cutter, size_t begin, size_t end) {
    return arena_text(&cutter->document->arena, cutter->text + begin, end - begin);
}

/* One copy of a name serves the whole turn. */
static int take_speaker(struct cutter *cutter, const struct speaker_line *named) {
    size_t size = named->name_end - named->name_begin;
    const char *name = cutter->text + named->name_begin;
    if (cutter->speaker && strlen(cutter->speaker) == size && !memcmp(cutter->speaker, name, size))
        return 0;
    cutter->speaker = copy_text(cutter, named->name_begin, named->name_end);
    return cutter->speaker ? 0 : error_memory(cutter->err);
}

/* S2. */
static int set_speaker(struct cutter *cutter, const struct line *line,
                       const struct speaker_line *named) {
    bool is_named = speaker_line_named(named);
    bool speech = cutter->layout.speech;
    if (is_named && (speech || named->sure)) {
        int rc = take_speaker(cutter, named);
        if (rc)
            return rc;
        cutter->open.headless = line->end - named->name_end <= 4; /* the colon and nothing */
    } else if (!speech)
        cutter->speaker = NULL;
    uint32_t first = (uint8_t)cutter->text[line->begin];
    uint32_t last = (uint8_t)cutter->text[line->end - 1];
    bool described = (first == '(' && last == ')') || (first == '[' && last == ']');
    cutter->open.speaker = described ? NULL : cutter->speaker;
    return 0;
}

static bool labels_paragraph(enum marker_style style) {
    return style == MARKER_SECTION || style == MARKER_REFERENCE || style == MARKER_ARTICLE;
}

static int open_marked(struct cutter *cutter, const struct line *line,
                       const struct marker *marker) {
    struct open_passage *open = &cutter->open;
    open->headless = marker->text >= line->end;
    if (!labels_paragraph(marker->style)) {
        open->kind = PASSAGE_ITEM;
        open->level = cutter_list_level(cutter, line, marker);
    }
    if (marker->style != MARKER_BULLET) {
        open->label = copy_text(cutter, line->begin, marker->label_end);
        if (!open->label)
            return error_memory(cutter->err);
    }
    return 0;
}

static int open_passage(struct cutter *cutter, const struct line *line, const struct marker *marker,
                        const struct speaker_line *named) {
    /* The words of "Article 3" stay where they are found. */
    bool cut_off = marker->style && marker->style != MARKER_ARTICLE;
    size_t begin = cut_off ? marker->text : line->begin;
    cutter->open = (struct open_passage){.active = true,
                                         .kind = PASSAGE_PARAGRAPH,
                                         .marker = *marker,
                                         .first = *line,
                                         .last = *line,
                                         .begin = line->begin};
    int rc = set_speaker(cutter, line, named);
    if (!rc && marker->style)
        rc = open_marked(cutter, line, marker);
    else if (!line->indent)
        cutter->list_depth = 0;
    return rc ? rc : cutter_add_line(cutter, line, begin);
}

/* I3: keep the part of the line before a bullet in its middle, put the rest back as a line. */
static void divide_line(struct cutter *cutter, struct line *line, const struct marker *marker) {
    uint32_t symbol = marker->style == MARKER_BULLET ? marker->symbol : 0;
    if (!symbol && cutter->open.active && cutter->open.marker.style == MARKER_BULLET)
        symbol = cutter->open.marker.symbol;
    bool any = symbol || cutter->layout.dashes;
    size_t inside =
        any ? marker_find_inside(cutter->text, line, symbol) : marker_find_pure(cutter->text, line);
    if (any && inside >= line->end && cutter->has_ahead && !cutter->ahead.blanks &&
        line_starts_fresh(cutter->text, &cutter->ahead))
        inside = marker_find_at_end(cutter->text, line, symbol);
    if (inside >= line->end)
        return;
    struct line rest = *line;
    rest.begin = inside;
    rest.blanks = 0;
    rest.page_break = false;
    rest.inserted = true;
    line_classify(cutter->text, &rest);
    /* It ends in the column where the whole line does, unless a lost break made that too long. */
    if (line->width <= cutter->layout.width + cutter->layout.slack)
        rest.width = line->width;
    rest.class = LINE_TEXT;
    cutter_push_back(cutter, &rest);
    size_t start;
    for (line->end = inside; line->end > line->begin; line->end = start)
        if (!letters_is_space(letters_before(cutter->text, line->begin, line->end, &start)))
            break;
    line_classify(cutter->text, line);
    line->class = LINE_TEXT;
}

/* ---- the loop ---- */

static int add_row(struct cutter *cutter, const struct line *line) {
    struct open_passage form = {.kind = PASSAGE_ROW, .begin = line->begin, .first = *line};
    struct span span = {line->begin, line->end, line->number};
    return cutter_emit(cutter, &form, &span, 1);
}

static int add_heading(struct cutter *cutter, size_t begin, const struct line *line,
                       unsigned level) {
    struct span span = {begin, line->end, line->number};
    bool title = level == 1 && cutter->wants_title &&
                 cutter->document->passage_count == cutter->first_passage;
    return begin < line->end ? cutter_heading(cutter, &span, 1, level, title) : 0;
}

/* Headings beyond doubt. *done: the line was one. */
static int take_heading(struct cutter *cutter, const struct line *line, bool *done) {
    size_t begin = line->begin;
    unsigned level = heading_hashes(cutter, line, &begin);
    struct line copy = *line, rule;
    *done = true;
    if (level)
        return add_heading(cutter, begin, line, level);
    if (heading_is_underlined(cutter, line)) {
        cutter_next(cutter, &rule);
        return add_heading(cutter, begin, line, cutter->text[rule.begin] == '=' ? 1 : 2);
    }
    if (heading_is_list_label(cutter, line)) {
        copy.end--;
        return add_heading(cutter, begin, &copy,
                           cutter->had_strong || cutter->outline_depth ? 4 : 2);
    }
    *done = false;
    return 0;
}

/* A line that begins something new: no passage is open. */
static int begin_line(struct cutter *cutter, const struct line *line, const struct marker *marker,
                      const struct speaker_line *named) {
    bool done = false;
    if (line->class == LINE_TEXT && heading_is_candidate(cutter, line) &&
        !heading_is_underlined(cutter, line))
        return heading_push(cutter, line);
    int rc = heading_flush(cutter, line->class != LINE_RULE);
    if (rc || line->class == LINE_RULE)
        return rc;
    if (line->class == LINE_ROW)
        return add_row(cutter, line);
    rc = line->inserted ? 0 : take_heading(cutter, line, &done);
    return rc || done ? rc : open_passage(cutter, line, marker, named);
}

static int take_line(struct cutter *cutter, struct line *line) {
    struct marker marker = {.style = MARKER_NONE};
    struct speaker_line named = {line->begin, line->begin, false, false};
    struct open_passage *open = &cutter->open;
    if (line->class == LINE_TEXT) {
        marker = line_marker(cutter->text, line);
        named = line_speaker(cutter->text, line);
        divide_line(cutter, line, &marker);
    }
    if (!is_border(cutter, line, &marker, &named)) {
        open->hanging |= open->kind == PASSAGE_ITEM && line->indent > open->first.indent;
        open->headless = false;
        return cutter_add_line(cutter, line, line->begin);
    }
    int rc = cutter_close(cutter);
    return rc ? rc : begin_line(cutter, line, &marker, &named);
}

static int cut(struct cutter *cutter) {
    struct line line;
    int rc = hyphen_gather(&cutter->evidence, cutter->text, cutter->size, cutter->err);
    layout_measure(&cutter->layout, &cutter->heads, &cutter->lines, cutter->size);
    line_reader_init(&cutter->reader, cutter->text, cutter->size);
    while (!rc && cutter_next(cutter, &line))
        rc = take_line(cutter, &line);
    if (!rc)
        rc = cutter_close(cutter);
    return rc ? rc : heading_flush(cutter, false);
}

/* One paragraph, cut only where the limit says so: all lines are one span. */
static int cut_plain(struct cutter *cutter) {
    struct open_passage form = {.kind = PASSAGE_PARAGRAPH};
    struct span all = {0, cutter->size, 1};
    size_t first = cutter->document->passage_count;
    int rc = cutter_emit(cutter, &form, &all, 1);
    if (rc || cutter->document->passage_count == first)
        return rc;
    /* The span counts as line 1; the text may have more. */
    struct line line;
    uint64_t last = 1;
    line_reader_init(&cutter->reader, cutter->text, cutter->size);
    while (line_read(&cutter->reader, &line))
        last = line.class == LINE_BLANK ? last : line.number;
    struct passage *passage = &cutter->document->passages[cutter->document->passage_count - 1];
    if (cutter->options->line)
        passage->line_end = cutter->options->line - 1 + last;
    return 0;
}

static bool has_line_break(const char *text, size_t size) {
    return size && (memchr(text, '\n', size) || memchr(text, '\r', size));
}

int paragraph_cut(struct document *document, const char *text, size_t size,
                  const struct cut_options *options, struct error *err) {
    struct cutter *cutter = calloc(1, sizeof *cutter);
    if (!cutter)
        return error_memory(err);
    cutter->document = document;
    cutter->text = text;
    cutter->size = size;
    line_table_init(&cutter->lines, text);
    cutter->options = options;
    cutter->err = err;
    cutter->first_passage = document->passage_count;
    cutter->wants_title = !options->record && !document->title;
    cutter->limit = options->whole ? 0 : PASSAGE_LIMIT;
    bool plain = options->whole || (options->record && !has_line_break(text, size));
    int rc = plain ? cut_plain(cutter) : cut(cutter);
    if (!rc && cutter->wants_title)
        rc = heading_title_from_prose(cutter);
    hyphen_free(cutter->evidence);
    line_table_free(&cutter->lines);
    running_heads_free(&cutter->heads);
    bytes_free(&cutter->piece);
    free(cutter->spans);
    free(cutter);
    return rc;
}
