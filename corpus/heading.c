/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Headings in text without markup. Signs beyond doubt: an underline, leading hash marks. All else
 * is a candidate: a short line that stands alone, opens in upper case or with a number, and does
 * not end as a sentence. Candidates that follow each other are judged together when text comes:
 *   - numbered ones that count on (1., 2., 3.) are an agenda: list items;
 *   - two, or three if one has capitals or a number, are headings, each below the one before;
 *   - more are a list of names or a table whose cells came apart: rows;
 *   - at the top of the document one of them is the title, the rest is the title page.
 */
#include "corpus/cutter.h"

#include "corpus/date.h"
#include "corpus/letters.h"
#include "corpus/speaker_line.h"

#include <string.h>

enum {
    HEADING_COLUMNS = 100,
    HEADING_WORDS = 15,
    HEADING_RUN = 3,  /* so many in a row may all be headings */
    TITLE_BYTES = 90, /* of a title made from a sentence */
    TITLE_LEAST = 30,
    LINE_TITLE_BYTES = 200, /* of a title that is a line */
    TOP_PASSAGES = 4,       /* a title may come behind so many short passages */
    TOP_BYTES = 300,
    GAP = 5, /* spaces */
};

bool heading_is_underlined(const struct cutter *cutter, const struct line *line) {
    const struct line *rule = &cutter->ahead;
    if (!cutter->has_ahead || rule->class != LINE_RULE || rule->blanks || line->quote)
        return false;
    char c = cutter->text[rule->begin];
    unsigned length = rule->width - rule->indent, words = line->width - line->indent;
    return (c == '=' || c == '-' || c == '~' || c == '*') && words <= HEADING_COLUMNS &&
           length * 2 >= words && length <= words * 2 + 4;
}

unsigned heading_hashes(const struct cutter *cutter, const struct line *line, size_t *text) {
    size_t at = line->begin;
    while (at < line->end && cutter->text[at] == '#' && at - line->begin < 7)
        at++;
    size_t count = at - line->begin;
    if (!count || count > 6 || at >= line->end || cutter->text[at] != ' ')
        return 0;
    *text = at + 1;
    return (unsigned)count;
}

struct shape {
    unsigned words, letters;
    unsigned lettered; /* words that do not begin with a digit or dash */
    bool address;      /* of a web page or mailbox */
    bool slashed;
    bool unbalanced; /* closes a bracket that it did not open */
    bool gapped;     /* cells of a table, or what stands left and right on a title page */
};

static struct shape measure(const char *text, const struct line *line) {
    struct shape shape = {.words = 0};
    bool in_word = false;
    int open = 0;
    unsigned spaces = 0;
    for (size_t at = line->begin, next; at < line->end; at = next) {
        uint32_t point = letters_at(text, at, line->end, &next);
        bool space = letters_is_space(point);
        shape.words += !space && !in_word;
        shape.lettered += !space && !in_word && !letters_is_digit(point) && !letters_is_dash(point);
        open += (point == '(') - (point == ')');
        shape.unbalanced |= open < 0;
        in_word = !space;
        spaces = space ? spaces + 1 : 0;
        shape.gapped |= spaces >= GAP && shape.lettered;
        shape.letters += letters_is_letter(point);
        shape.slashed |= point == '/';
        shape.address |=
            point == '@' || (point == ':' && line->end - at > 2 && !memcmp(text + at, "://", 3));
    }
    return shape;
}

/* "Action items:" right before a list. */
bool heading_is_list_label(const struct cutter *cutter, const struct line *line) {
    if (line->quote || line->width > 50 || line_last(cutter->text, line) != ':' ||
        !cutter->has_ahead || cutter->ahead.class != LINE_TEXT ||
        !letters_is_upper(line_first(cutter->text, line)))
        return false;
    return measure(cutter->text, line).words <= 2 &&
           line_marker(cutter->text, &cutter->ahead).style == MARKER_BULLET;
}

/* Lines without blank line between: is the one set off from the next by its shortness? */
static bool is_set_off(const struct cutter *cutter, const struct line *line,
                       const struct line *next) {
    const char *text = cutter->text;
    uint32_t last = line_last(text, line);
    if (next->blanks || next->class != LINE_TEXT || line_marker(text, next).style)
        return true;
    if (line_starts_lower(text, next) || last == '-' || last == '/')
        return false;
    if (!line_starts_fresh(text, next))
        return false;
    if (!cutter->layout.width)
        return true;
    unsigned reach = line->width + 1 + line_first_word(text, next);
    return reach * 4 <= cutter->layout.width * 3;
}

static bool ends_bare(const char *text, const struct line *line) {
    size_t start;
    uint32_t last = letters_before(text, line->begin, line->end, &start);
    if (last == ')' || last == ']' || last == '"' || last == '\'' || last == 0x2019 ||
        last == 0x201D || last == 0xBB)
        last = line_last(text, line);
    return !(letters_is_stop(last) || letters_is_dash(last) || last == ',' || last == ';' ||
             last == ':' || last == '/' || last == '&' || last == '(');
}

/* What a heading heads is longer than it, or begins as only something headed does; behind a blank
 * line it may be shorter, but not a mere scrap such as a cell of a table. */
static bool stands_over(const char *text, const struct line *line, const struct marker *marker,
                        const struct line *ahead) {
    if (ahead->width > line->width || marker->style || ahead->class != LINE_TEXT ||
        line_is_capitals(text, line) || line_marker(text, ahead).style)
        return true;
    struct speaker_line named = line_speaker(text, ahead);
    struct shape shape = measure(text, ahead);
    return speaker_line_named(&named) ||
           (ahead->blanks && (line_ends_sentence(text, ahead) || shape.letters > 2));
}

/* A date and little else, with its year or, in running heads, without. */
static bool is_date(const char *text, size_t begin, size_t end) {
    char dated[40];
    size_t size = end - begin;
    if (size > 30)
        return false;
    memcpy(dated, text + begin, size);
    memcpy(dated + size, " 2000", 5);
    return date_find(text + begin, size) || date_find(dated, size + 5) % 100;
}

/* Nothing but a title page so far: a few short passages, and no sentence. */
static bool at_top(const struct cutter *cutter) {
    const struct document *document = cutter->document;
    if (!cutter->wants_title || document->text.size >= TOP_BYTES ||
        document->passage_count - cutter->first_passage >= TOP_PASSAGES)
        return false;
    return document->text.size < 20 || document->text.data[document->text.size - 1] != '.';
}

/* "I did (Inaudible)", "Thank you.[Laughter]"; not "Discussion (continued)". */
static bool breaks_off(const char *text, const struct line *line) {
    size_t at = line->end - 1, next;
    if (text[at] != ')' && text[at] != ']')
        return false;
    while (at > line->begin && text[at] != '(' && text[at] != '[')
        at--;
    return letters_is_upper(letters_at(text, at + 1, line->end, &next));
}

/* Where a sentence without its full stop would pass for a heading, more is asked of one that has
 * neither capitals nor a number: in text that does not wrap, a blank line before it; inside a
 * speech, that the next speaker follows and that it does not break off. */
static bool has_room(const struct cutter *cutter, const struct line *line,
                     const struct marker *marker) {
    const struct layout *layout = &cutter->layout;
    if (marker->style || line_is_capitals(cutter->text, line) || at_top(cutter))
        return true;
    if (!layout->width && layout->gaps && !line->blanks && !cutter->pending_count)
        return false;
    if (!layout->speech || !cutter->speaker)
        return true;
    struct speaker_line named = line_speaker(cutter->text, &cutter->ahead);
    return speaker_line_named(&named) && !breaks_off(cutter->text, line);
}

/* "Michael B. (CDU/CSU)": somebody with party or country, from a list of names. */
static bool ends_in_party(const char *text, const struct line *line) {
    size_t at = line->end;
    if (text[line->end - 1] != ')')
        return false;
    while (at > line->begin && text[at - 1] != '(')
        at--;
    struct line inside = {.begin = at, .end = line->end - 1};
    return at > line->begin + 1 && line_is_capitals(text, &inside) && !line_is_capitals(text, line);
}

bool heading_is_candidate(const struct cutter *cutter, const struct line *line) {
    const char *text = cutter->text;
    if (line->class != LINE_TEXT || line->quote || line->inserted || !cutter->has_ahead ||
        line->width - line->indent > HEADING_COLUMNS || !ends_bare(text, line))
        return false;
    struct marker marker = line_marker(text, line);
    struct speaker_line named = line_speaker(text, line);
    if (marker.style == MARKER_BULLET || marker.style == MARKER_ALPHA ||
        marker.style == MARKER_ROMAN || marker.style == MARKER_REFERENCE ||
        named.name_end > named.name_begin || named.label)
        return false;
    size_t next;
    uint32_t first = letters_at(text, line->begin, line->end, &next);
    if (!letters_is_letter(first) && !letters_is_digit(first) && !marker.style && first != 0xAB &&
        first != 0x201C && first != '"')
        return false;
    if (line_starts_lower(text, line))
        return false;
    struct shape shape = measure(text, line);
    /* One word with slashes is a document's symbol, A/RES/73/195. A date belongs to a title page.
     */
    bool dated = at_top(cutter) && is_date(text, line->begin, line->end);
    if (!dated && (shape.letters < 2 || shape.words > HEADING_WORDS || shape.address ||
                   shape.gapped || shape.unbalanced || (shape.words == 1 && shape.slashed) ||
                   shape.lettered * 2 < shape.words || ends_in_party(text, line)))
        return false;
    /* The running head of a new page. */
    if (line->page_break && is_date(text, line->begin, line->end))
        return false;
    return is_set_off(cutter, line, &cutter->ahead) && has_room(cutter, line, &marker) &&
           (stands_over(text, line, &marker, &cutter->ahead) || at_top(cutter));
}

/* ---- runs of candidates ---- */

static struct open_passage plain_form(const struct candidate *candidate, enum passage_kind kind) {
    return (struct open_passage){
        .kind = kind, .begin = candidate->line.begin, .first = candidate->line};
}

static int emit_plain(struct cutter *cutter, const struct candidate *candidate,
                      enum passage_kind kind) {
    struct open_passage form = plain_form(candidate, kind);
    return cutter_emit(cutter, &form, candidate->spans, candidate->count);
}

static int emit_item(struct cutter *cutter, const struct candidate *candidate) {
    struct open_passage form = plain_form(candidate, PASSAGE_ITEM);
    struct span spans[CANDIDATE_LINES];
    memcpy(spans, candidate->spans, sizeof spans);
    form.level = cutter_list_level(cutter, &candidate->line, &candidate->marker);
    form.label = arena_text(&cutter->document->arena, cutter->text + candidate->line.begin,
                            candidate->marker.label_end - candidate->line.begin);
    if (!form.label)
        return error_memory(cutter->err);
    if (candidate->marker.text < candidate->line.end)
        spans[0].begin = candidate->marker.text;
    return cutter_emit(cutter, &form, spans, candidate->count);
}

/* Two numbered lines of which the second counts on from the first. */
static bool counts_on(const struct candidate *first, const struct candidate *second) {
    return first->marker.style && first->marker.style == second->marker.style &&
           first->marker.depth == second->marker.depth &&
           second->marker.value == first->marker.value + 1;
}

static bool is_agenda(const struct cutter *cutter, size_t i) {
    const struct candidate *pending = cutter->pending;
    return (i && counts_on(&pending[i - 1], &pending[i])) ||
           (i + 1 < cutter->pending_count && counts_on(&pending[i], &pending[i + 1])) ||
           /* the run was longer: its earlier members have gone out as items already */
           (!i && pending[0].marker.style && cutter->pending_overflow && cutter->list_depth);
}

static bool is_contents(const struct cutter *cutter, const struct candidate *candidate) {
    static const char *const words[] = {"contents",
                                        "table of contents",
                                        "inhalt",
                                        "sommaire",
                                        "table des mati\xC3\xA8res",
                                        "indice",
                                        "inhaltsverzeichnis",
                                        "agenda",
                                        "table des mati\xC3\x88res",
                                        NULL};
    return letters_among(cutter->text, candidate->spans[0].begin, candidate->spans[0].end, words);
}

static unsigned heading_level(struct cutter *cutter, const struct candidate *candidate) {
    const struct marker *marker = &candidate->marker;
    unsigned base = cutter->had_strong ? 3 : 2;
    if (marker->style) {
        /* "3." stands beside "2.", whatever came between. */
        bool sibling = cutter->numbered.style == marker->style && marker->depth == 1 &&
                       marker->value == cutter->numbered.value + 1;
        unsigned level = sibling ? cutter->numbered.level : base + marker->depth - 1;
        if (marker->depth == 1) {
            cutter->numbered.style = marker->style;
            cutter->numbered.value = marker->value;
            cutter->numbered.level = level;
        }
        cutter->had_numbered = true;
        return level;
    }
    if (candidate->strong) {
        /* What stands below a table of contents is not part of it. */
        cutter->had_strong |= !is_contents(cutter, candidate);
        return 2;
    }
    return base + cutter->had_numbered;
}

static bool only_date(const struct cutter *cutter, const struct candidate *candidate) {
    return is_date(cutter->text, candidate->spans[0].begin, candidate->spans[0].end);
}

/* Which of the candidates at the top names the document: capitals first, then any of two words. */
static size_t choose_title(const struct cutter *cutter) {
    size_t best = 0;
    unsigned best_score = 0;
    for (size_t i = 0; i < cutter->pending_count; i++) {
        const struct candidate *candidate = &cutter->pending[i];
        unsigned words = measure(cutter->text, &candidate->line).words;
        unsigned score = words < 2 || only_date(cutter, candidate) ? 1 : candidate->strong ? 3 : 2;
        if (score > best_score) {
            best = i;
            best_score = score;
        }
    }
    return best;
}

static bool has_date(const struct cutter *cutter, const struct candidate *candidate) {
    const struct span *span = &candidate->spans[0];
    uint32_t date = date_find(cutter->text + span->begin, span->end - span->begin);
    return date % 100 != 0;
}

/* Still on the title page: place and date of the meeting stand here. */
static bool near_top(const struct cutter *cutter) {
    const struct document *document = cutter->document;
    return !cutter->options->record && document->text.size < TOP_BYTES &&
           document->passage_count - cutter->first_passage < 2 * TOP_PASSAGES;
}

static int flush_title_page(struct cutter *cutter, bool followed) {
    size_t title = choose_title(cutter), last = cutter->pending_count - 1;
    if (!last && only_date(cutter, &cutter->pending[0])) /* the title is still to come */
        return emit_plain(cutter, &cutter->pending[0], PASSAGE_PARAGRAPH);
    int rc = 0;
    for (size_t i = 0; !rc && i <= last; i++) {
        const struct candidate *candidate = &cutter->pending[i];
        if (i == title)
            rc = cutter_heading(cutter, candidate->spans, candidate->count, 1, true);
        else if (i == last && i > title && followed && !has_date(cutter, candidate))
            rc = cutter_heading(cutter, candidate->spans, candidate->count,
                                heading_level(cutter, candidate), false);
        else
            rc = emit_plain(cutter, candidate, PASSAGE_PARAGRAPH);
    }
    return rc;
}

/* Three and more short lines without capitals or numbers: attendance, a column of a table. The
 * items of an agenda stand between such groups; `i` is in the one that is asked about. */
static bool is_in_list_of_names(const struct cutter *cutter, size_t i) {
    size_t begin = i, end = i + 1;
    bool marked = false;
    while (begin && !is_agenda(cutter, begin - 1))
        begin--;
    while (end < cutter->pending_count && !is_agenda(cutter, end))
        end++;
    if ((!begin && cutter->pending_overflow && !cutter->list_depth) || end - begin > HEADING_RUN)
        return true;
    for (size_t k = begin; k < end; k++)
        marked |= cutter->pending[k].strong || cutter->pending[k].marker.style;
    return !marked && end - begin >= HEADING_RUN;
}

static int flush_run(struct cutter *cutter, bool followed) {
    unsigned above = 0;
    int rc = 0;
    for (size_t i = 0; !rc && i < cutter->pending_count; i++) {
        const struct candidate *candidate = &cutter->pending[i];
        bool last = i + 1 == cutter->pending_count;
        bool doubtful = is_in_list_of_names(cutter, i) && !(last && candidate->strong);
        if (is_agenda(cutter, i))
            rc = emit_item(cutter, candidate);
        else if (!followed || (near_top(cutter) && has_date(cutter, candidate)))
            rc = emit_plain(cutter, candidate, PASSAGE_PARAGRAPH);
        else if (doubtful)
            rc = emit_plain(cutter, candidate, PASSAGE_ROW);
        else {
            unsigned level = heading_level(cutter, candidate);
            above = level > above ? level : above + 1;
            rc = cutter_heading(cutter, candidate->spans, candidate->count, above, false);
        }
    }
    return rc;
}

/* "1. Introduction" heads a section, never the document. */
static bool only_numbered(const struct cutter *cutter) {
    for (size_t i = 0; i < cutter->pending_count; i++)
        if (!cutter->pending[i].marker.style)
            return false;
    return true;
}

int heading_flush(struct cutter *cutter, bool followed) {
    if (!cutter->pending_count)
        return 0;
    bool top = at_top(cutter) && !is_agenda(cutter, 0) && !only_numbered(cutter);
    int rc = top ? flush_title_page(cutter, followed) : flush_run(cutter, followed);
    cutter->pending_count = 0;
    cutter->pending_overflow = false;
    return rc;
}

/* A heading in capitals that runs on: the first line ends, or the second begins, with a small word.
 */
static bool continues(const struct cutter *cutter, const struct candidate *candidate,
                      const struct line *line) {
    static const char *const small[] = {
        "of", "on",  "for", "and", "the", "to",  "in",         "at",  "de", "du",   "des",  "la",
        "et", "sur", "del", "y",   "und", "der", "f\xC3\xBCr", "von", "by", "with", "from", NULL};
    const struct span *span = &candidate->spans[candidate->count - 1];
    if (!candidate->strong || line->blanks || candidate->count == CANDIDATE_LINES ||
        !line_is_capitals(cutter->text, line))
        return false;
    size_t word = line->begin, start = span->end, edge;
    while (word < line->end && letters_is_letter(letters_at(cutter->text, word, line->end, &edge)))
        word = edge;
    while (start > span->begin &&
           letters_is_letter(letters_before(cutter->text, span->begin, start, &edge)))
        start = edge;
    return letters_among(cutter->text, line->begin, word, small) ||
           letters_among(cutter->text, start, span->end, small);
}

/* The run is too long for headings: let its first member go as what it then is. */
static int shift_out(struct cutter *cutter) {
    const struct candidate *first = &cutter->pending[0];
    int rc;
    if (at_top(cutter) && !is_agenda(cutter, 0)) {
        rc = flush_title_page(cutter, false);
        cutter->pending_count = 0;
        return rc;
    }
    if (is_agenda(cutter, 0))
        rc = emit_item(cutter, first);
    else if (first->strong && !cutter->pending_overflow && is_agenda(cutter, 1))
        rc =
            cutter_heading(cutter, first->spans, first->count, heading_level(cutter, first), false);
    else
        rc = emit_plain(cutter, first, PASSAGE_ROW);
    cutter->pending_overflow = true;
    memmove(cutter->pending, cutter->pending + 1, (PENDING_MAX - 1) * sizeof *cutter->pending);
    cutter->pending_count--;
    return rc;
}

int heading_push(struct cutter *cutter, const struct line *line) {
    struct span span = {line->begin, line->end, line->number};
    if (cutter->pending_count) {
        struct candidate *before = &cutter->pending[cutter->pending_count - 1];
        if (continues(cutter, before, line)) {
            before->spans[before->count++] = span;
            return 0;
        }
    }
    int rc = cutter->pending_count > HEADING_RUN ? shift_out(cutter) : 0;
    struct candidate *candidate = &cutter->pending[cutter->pending_count++];
    memset(candidate, 0, sizeof *candidate);
    candidate->line = *line;
    candidate->marker = line_marker(cutter->text, line);
    candidate->spans[0] = span;
    candidate->count = 1;
    /* Four letters in capitals are rather an abbreviation. */
    candidate->strong = line_is_capitals(cutter->text, line) && !candidate->marker.style &&
                        measure(cutter->text, line).letters > 4;
    return rc;
}

/* ---- a title where none was written ---- */

/* "the 14." of "die 14. Sitzung": a number that short is an ordinal rather than a sentence's end.
 */
static bool is_ordinal(const char *text, size_t stop) {
    size_t begin = stop;
    while (begin && letters_is_digit((uint8_t)text[begin - 1]))
        begin--;
    return text[stop] == '.' && begin < stop && stop - begin <= 2;
}

/* Where the first sentence ends: at a stop before a space, or at the end. */
static size_t sentence_end(const char *text, size_t size) {
    for (size_t at = 0, next; at < size; at = next) {
        uint32_t point = letters_at(text, at, size, &next);
        struct line line = {.begin = 0, .end = next};
        size_t after;
        if (letters_is_stop(point) && (next == size || text[next] == ' ') &&
            line_ends_sentence(text, &line) && !is_ordinal(text, at) &&
            !letters_is_lower(letters_at(text, next + 1, size, &after)))
            return at;
    }
    return size;
}

static size_t shorten(const char *text, size_t size) {
    size_t clause = 0, word = 0;
    if (size <= TITLE_BYTES)
        return size;
    for (size_t at = 0, next; at <= TITLE_BYTES && at < size; at = next) {
        uint32_t point = letters_at(text, at, size, &next);
        if ((point == ',' || point == ';' || point == ':') && next < size && text[next] == ' ')
            clause = at;
        if (point == ' ')
            word = at;
    }
    if (clause >= TITLE_LEAST)
        return clause;
    if (word)
        return word;
    for (size = TITLE_BYTES; size && ((uint8_t)text[size] & 0xC0) == 0x80;)
        size--;
    return size;
}

static int set_title(struct document *document, const char *text, size_t size, struct error *err) {
    document->title = arena_text(&document->arena, text, size);
    return document->title ? 0 : error_memory(err);
}

int heading_title_from_prose(struct cutter *cutter) {
    struct document *document = cutter->document;
    for (size_t i = cutter->first_passage; i < document->passage_count; i++) {
        const struct passage *passage = &document->passages[i];
        const char *text = (const char *)document->text.data + passage->text_begin;
        size_t size = passage->text_end - passage->text_begin;
        size_t looked_at = size < 1000 ? size : 1000;
        /* A line by itself that is no sentence is a title as it stands. */
        struct line line = {.begin = 0, .end = size};
        if (passage->line_begin == passage->line_end && size <= LINE_TITLE_BYTES &&
            !line_ends_sentence(text, &line) && !passage->speaker)
            return set_title(document, text, size, cutter->err);
        size = shorten(text, sentence_end(text, looked_at));
        if (!size)
            continue;
        return set_title(document, text, size, cutter->err);
    }
    return 0;
}
