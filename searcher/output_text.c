/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text for a reader in a hurry:
 *
 *   153 passages; 1 to 10 shown
 *
 *    1. Bali Process SOM 2018 · 6 August 2018 · Engagement on irregular migration · ¶ 7
 *       …counter trafficking in persons in the context of crises…
 *       records/bali.txt:18-23  score 4.21
 */
#include "searcher/output.h"

#include "searcher/citation.h"
#include "searcher/wrap.h"

#include <inttypes.h>
#include <string.h>

enum { INDENT = 4, GROUP_INDENT = 4 };

/* ---- Helpers ------------------------------------------------------------------------------ */

static const char *plural(uint64_t count) {
    return count == 1 ? "" : "s";
}

static void add_spaces(struct bytes *out, unsigned count) {
    while (count-- > 0)
        bytes_add_byte(out, ' ');
}

static void add_marked(struct styled_text *styled, const char *text, size_t size,
                       const struct highlight_range *ranges, size_t count, const char *plain) {
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        styled_add(styled, text + at, ranges[i].begin - at, plain);
        styled_add(styled, text + ranges[i].begin, ranges[i].end - ranges[i].begin, SGR_MATCH);
        at = ranges[i].end;
    }
    styled_add(styled, text + at, size - at, plain);
}

/* A block of wrapped lines at `indent`, and a line end. `column`: what stands on the line already.
 */
static int write_block(struct output *output, struct styled_text *styled, unsigned column,
                       unsigned indent, struct error *err) {
    struct wrap_layout layout = {output->width, indent, indent, output->colour};
    if (column < indent)
        add_spaces(output->to, indent - column);
    int status = wrap_write(output->to, styled, &layout, err);
    bytes_add_byte(output->to, '\n');
    return status;
}

/* ---- The head and the foot ---------------------------------------------------------------- */

static void write_explanation(struct output *output) {
    const struct output_summary *summary = &output->summary;
    struct styled_text styled = STYLED_TEXT_INIT;
    const char *understood = summary->result->description;
    if (understood) {
        bytes_add_string(output->to, "understood as: ");
        styled_add(&styled, understood, strlen(understood), NULL);
        bytes_add(output->to, styled.text.data, styled.text.size);
        bytes_add_byte(output->to, '\n');
    }
    styled_reset(&styled);
    bytes_add_string(output->to, "for Xapian:    ");
    styled_add(&styled, summary->xapian, strlen(summary->xapian), NULL);
    bytes_add(output->to, styled.text.data, styled.text.size);
    bytes_add_byte(output->to, '\n');
    output->to->failed |= styled.text.failed;
    styled_free(&styled);
}

static uint64_t documents_shown(const struct search_result *result) {
    uint64_t count = 0;
    for (size_t i = 0; i < result->hit_count; i++)
        count += i == 0 || result->hits[i].rank != result->hits[i - 1].rank;
    return count;
}

static void write_nothing_found(struct bytes *to, const struct output_summary *summary) {
    bytes_add_string(to, "no passages");
    if (summary->filtered)
        bytes_add_string(to, " (of those that --from, --to, --in and --language leave)");
    bytes_add_byte(to, '\n');
}

static void write_suggestion(struct output *output) {
    struct styled_text styled = STYLED_TEXT_INIT;
    const char *suggestion = output->summary.result->suggestion;
    if (!suggestion)
        return;
    styled_add(&styled, suggestion, strlen(suggestion), NULL);
    bytes_add_string(output->to, "did you mean: ");
    bytes_add(output->to, styled.text.data, styled.text.size);
    bytes_add_byte(output->to, '\n');
    output->to->failed |= styled.text.failed;
    styled_free(&styled);
}

int output_text_begin(struct output *output, struct error *err) {
    const struct output_summary *summary = &output->summary;
    const struct search_result *result = summary->result;
    struct bytes *to = output->to;
    (void)err;
    if (summary->count_only) {
        bytes_printf(to, "%" PRIu64 "\n", result->total.value);
        return 0;
    }
    if (summary->xapian)
        write_explanation(output);
    if (!result->total.value) {
        write_nothing_found(to, summary);
        write_suggestion(output);
        return 0;
    }
    bytes_printf(to, "%s%" PRIu64 " passage%s", result->total.exact ? "" : "at least ",
                 result->total.value, plural(result->total.value));
    uint64_t shown = summary->grouped ? documents_shown(result) : result->hit_count;
    const char *what = shown == 1 ? "number " : "";
    if (summary->grouped)
        what = shown == 1 ? "document " : "documents ";
    bool all = !summary->offset && !summary->grouped && shown == result->total.value;
    if (shown == 1 && !all)
        bytes_printf(to, "; %s%" PRIu64 " shown", what, summary->offset + shown);
    else if (shown > 1 && !all)
        bytes_printf(to, "; %s%" PRIu64 " to %" PRIu64 " shown", what,
                     (uint64_t)summary->offset + 1, summary->offset + shown);
    else if (!shown && summary->limit)
        bytes_printf(to, "; none after the first %" PRIu32, summary->offset);
    if (result->folded)
        bytes_printf(to, "; %" PRIu64 " with the same words left out", result->folded);
    bytes_add_byte(to, '\n');
    write_suggestion(output);
    return 0;
}

/* A page deep down is better followed by its cursor: it costs no more than the first. */
static void write_more(struct output *output) {
    enum { DEEP = 100 };
    const struct output_summary *summary = &output->summary;
    const struct search_result *result = summary->result;
    uint64_t shown = summary->grouped ? documents_shown(result) : result->hit_count;
    uint64_t next = summary->offset + shown;
    bool cursor = result->cursor && (summary->after || next >= DEEP);
    bool more = summary->grouped ? shown == summary->limit : next < result->total.value;
    if (cursor)
        bytes_printf(output->to, "\n%s--after %s shows more%s\n", output->colour ? SGR_DIM : "",
                     result->cursor, output->colour ? SGR_OFF : "");
    else if (more && !summary->after)
        bytes_printf(output->to, "\n%s--offset %" PRIu64 " shows more%s\n",
                     output->colour ? SGR_DIM : "", next, output->colour ? SGR_OFF : "");
}

int output_text_end(struct output *output, struct error *err) {
    const struct output_summary *summary = &output->summary;
    (void)err;
    if (!summary->count_only)
        output_text_facets(output);
    if (!summary->count_only && summary->result->hit_count)
        write_more(output);
    return 0;
}

/* ---- A hit -------------------------------------------------------------------------------- */

static int write_citation(struct output *output, const struct listing_hit *hit, unsigned indent,
                          struct error *err) {
    struct bytes line = BYTES_INIT;
    struct styled_text styled = STYLED_TEXT_INIT;
    size_t title = 0, column = output->to->size;
    if (output->summary.grouped) {
        add_spaces(output->to, indent);
        citation_place(&line, &hit->document, &hit->passage.row);
    } else {
        bytes_printf(output->to, "%2" PRIu32 ". ", hit->hit->rank);
        citation_write(&line, &hit->document, &hit->passage.row);
        title = strlen(citation_title(&hit->document));
    }
    column = output->to->size - column;
    const char *text = line.data ? (const char *)line.data : "";
    title = title < line.size ? title : line.size;
    styled_add(&styled, text, title, SGR_TITLE);
    styled_add(&styled, text + title, line.size - title, NULL);
    struct wrap_layout layout = {output->width, (unsigned)column, indent, output->colour};
    int status = wrap_write(output->to, &styled, &layout, err);
    bytes_add_byte(output->to, '\n');
    output->to->failed |= line.failed;
    bytes_free(&line);
    styled_free(&styled);
    return status;
}

static int write_context(struct output *output, const struct listing_passage *passages,
                         size_t count, unsigned indent, struct error *err) {
    int status = 0;
    for (size_t i = 0; i < count && status >= 0; i++) {
        struct styled_text styled = STYLED_TEXT_INIT;
        bool heading = passages[i].row.kind == PASSAGE_HEADING;
        styled_add(&styled, heading ? "# " : "| ", 2, SGR_DIM);
        styled_add(&styled, passages[i].text, passages[i].size, SGR_DIM);
        status = write_block(output, &styled, 0, indent, err);
        styled_free(&styled);
    }
    return status;
}

static int write_snippet(struct output *output, const struct listing_hit *hit, unsigned indent,
                         struct error *err) {
    const struct snippet *snippet = &hit->snippet;
    struct styled_text styled = STYLED_TEXT_INIT;
    add_marked(&styled, snippet->text, snippet->size, snippet->ranges, snippet->range_count, NULL);
    int status = write_block(output, &styled, 0, indent, err);
    styled_free(&styled);
    return status;
}

static void write_source(struct output *output, const struct listing_hit *hit, unsigned indent) {
    struct bytes line = BYTES_INIT;
    struct styled_text styled = STYLED_TEXT_INIT;
    struct wrap_layout one_line = {.colour = output->colour};
    citation_source(&line, &hit->document, &hit->passage.row, output->folder);
    bytes_printf(&line, "%sscore %.2f", line.size ? "  " : "", hit->hit->score);
    if (hit->hit->duplicates)
        bytes_printf(&line, "  and %" PRIu32 " more like it", hit->hit->duplicates);
    if (!line.failed)
        styled_add(&styled, (const char *)line.data, line.size, SGR_DIM);
    add_spaces(output->to, indent);
    wrap_write(output->to, &styled, &one_line, NULL);
    bytes_add_byte(output->to, '\n');
    output->to->failed |= line.failed || styled.text.failed;
    bytes_free(&line);
    styled_free(&styled);
}

/* A part without statistics is what no word accounts for. */
static void write_parts(struct output *output, const struct output_part *parts, size_t count,
                        unsigned indent) {
    for (size_t i = 0; i < count; i++) {
        struct styled_text styled = STYLED_TEXT_INIT;
        add_spaces(output->to, indent + 2);
        styled_add(&styled, parts[i].word, strlen(parts[i].word), NULL);
        bytes_printf(output->to, "%.6f  ", parts[i].weight);
        bytes_add(output->to, styled.text.data, styled.text.size);
        if (parts[i].passages)
            bytes_printf(
                output->to, ": %" PRIu32 " of %" PRIu32 " words here, in %" PRIu64 " passage%s",
                parts[i].frequency, parts[i].length, parts[i].passages, plural(parts[i].passages));
        bytes_add_byte(output->to, '\n');
        output->to->failed |= styled.text.failed;
        styled_free(&styled);
    }
}

static int write_group_head(struct output *output, const struct listing_hit *hit,
                            struct error *err) {
    struct bytes date = BYTES_INIT;
    struct styled_text styled = STYLED_TEXT_INIT;
    size_t column = output->to->size;
    bytes_printf(output->to, "%2" PRIu32 ". ", hit->hit->rank);
    column = output->to->size - column;
    const char *title = citation_title(&hit->document);
    styled_add(&styled, title, strlen(title), SGR_TITLE);
    if (!citation_title_has_date(&hit->document))
        citation_date(&date, hit->document.date);
    if (date.size) {
        styled_add(&styled, " · ", strlen(" · "), NULL);
        styled_add(&styled, (const char *)date.data, date.size, NULL);
    }
    struct wrap_layout layout = {output->width, (unsigned)column, INDENT, output->colour};
    int status = wrap_write(output->to, &styled, &layout, err);
    bytes_add_byte(output->to, '\n');
    output->to->failed |= date.failed;
    bytes_free(&date);
    styled_free(&styled);
    return status;
}

int output_text_hit(struct output *output, const struct listing_hit *hit,
                    const struct output_part *parts, size_t part_count, struct error *err) {
    bool grouped = output->summary.grouped;
    unsigned indent = grouped ? INDENT + GROUP_INDENT : INDENT;
    int status = 0;
    if (!grouped || hit->hit->place == 1)
        bytes_add_byte(output->to, '\n');
    if (grouped && hit->hit->place == 1)
        status = write_group_head(output, hit, err);
    if (status >= 0)
        status = write_citation(output, hit, INDENT, err);
    if (status >= 0)
        status = write_context(output, hit->before, hit->before_count, indent, err);
    if (status >= 0)
        status = write_snippet(output, hit, indent, err);
    if (status >= 0)
        status = write_context(output, hit->after, hit->after_count, indent, err);
    write_source(output, hit, indent);
    write_parts(output, parts, part_count, indent);
    return status;
}
