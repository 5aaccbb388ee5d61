/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/short_turn.h"

#include "corpus/paragraph.h"

#include <string.h>

enum { LONG_TIMES = 8 };

static size_t count_words(const struct document *document, const struct passage *passage) {
    const char *text = (const char *)document->text.data;
    size_t words = 0;
    for (size_t at = passage->text_begin; at < passage->text_end; at++)
        words += text[at] != ' ' && (at == passage->text_begin || text[at - 1] == ' ');
    return words;
}

static bool same(const char *a, const char *b) {
    return a == b || (a && b && !strcmp(a, b));
}

static bool may_join(const struct passage *before, const struct passage *passage) {
    return before->speaker && passage->speaker && before->kind == PASSAGE_PARAGRAPH &&
           passage->kind == PASSAGE_PARAGRAPH && same(before->heading, passage->heading) &&
           before->page == passage->page && !passage->id &&
           passage->text_end - before->text_begin <= PASSAGE_LIMIT;
}

/* The blank line between them becomes spaces. */
static void join(struct document *document, struct passage *before, const struct passage *passage) {
    memset(document->text.data + before->text_end, ' ', passage->text_begin - before->text_end);
    before->text_end = passage->text_end;
    before->source_end = passage->source_end;
    before->line_end = passage->line_end;
}

void short_turn_join(struct document *document, unsigned least_words) {
    size_t kept = 0, words = 0, most = 0;
    for (size_t i = 0; least_words && i < document->passage_count; i++) {
        struct passage *passage = &document->passages[i];
        struct passage *before = kept ? &document->passages[kept - 1] : NULL;
        size_t own = count_words(document, passage);
        bool is_short = own < least_words && words < (size_t)LONG_TIMES * least_words;
        if (before && (is_short || words < least_words) && may_join(before, passage)) {
            if (own > most)
                before->speaker = passage->speaker;
            most = own > most ? own : most;
            words += own;
            join(document, before, passage);
            continue;
        }
        document->passages[kept++] = *passage;
        words = most = own;
    }
    if (least_words)
        document->passage_count = kept;
}
