/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/fault/answers.h"

#include "corpus/bytes.h"

#include <string.h>
#include <xxhash.h>

static const struct {
    const char *text;
    enum search_sort sort;
    uint32_t from, to, per_document;
    const char *in;
    int language;
} searches[] = {
    {"harbour", SEARCH_BY_RELEVANCE, 0, 0, 0, NULL, -1},
    {"harbour -word7 -word11", SEARCH_NEWEST_FIRST, 0, 0, 0, NULL, -1},
    {"\"word1 word2\"", SEARCH_BY_RELEVANCE, 0, 0, 0, NULL, -1},
    {"=harbours", SEARCH_BY_RELEVANCE, 0, 0, 0, NULL, -1},
    {"word1* title:meeting", SEARCH_OLDEST_FIRST, 0, 0, 0, NULL, -1},
    {"speaker:chair harbour", SEARCH_BY_RELEVANCE, 0, 0, 2, NULL, -1},
    {"word3 OR word4 OR absentword", SEARCH_BY_RELEVANCE, 20150000, 20200000, 0, NULL, -1},
    {"harbour", SEARCH_OLDEST_FIRST, 20120300, 0, 3, NULL, -1},
    {"-harbour", SEARCH_BY_RELEVANCE, 0, 0, 0, NULL, -1},
    {"word5 AND word6", SEARCH_BY_RELEVANCE, 0, 0, 0, "d1*", -1},
    {"word5 \"harbours word*\"", SEARCH_BY_RELEVANCE, 0, 0, 0, NULL, -1},
    {"word8", SEARCH_BY_RELEVANCE, 0, 0, 0, NULL, 4},
};
enum { SEARCHES = sizeof searches / sizeof *searches };
_Static_assert((int)SEARCHES <= (int)ANSWERS_MAX, "room for all");

const char *answers_query(size_t i) {
    return searches[i].text;
}

static void add_string(struct bytes *bytes, const char *string) {
    bytes_add(bytes, string ? string : "(none)", string ? strlen(string) + 1 : 7);
}

static int add_hit(struct bytes *bytes, const struct searcher *searcher,
                   const struct search_hit *hit, struct error *err) {
    const struct segment *segment = snapshot_segment(searcher_snapshot(searcher), hit->segment);
    struct arena arena = ARENA_INIT;
    struct document_row document;
    struct passage_row passage;
    const uint8_t *ids;
    size_t size;
    int status = segment_document(segment, hit->document, &arena, &document, err);
    if (!status)
        status = segment_passage(segment, hit->passage, &arena, &passage, err);
    if (!status)
        status = segment_tokens(segment, hit->passage, &ids, &size, err);
    if (!status) {
        uint64_t numbers[] = {document.date,
                              document.first_passage,
                              document.passage_count,
                              passage.kind,
                              passage.level,
                              passage.number,
                              passage.page,
                              passage.text_begin,
                              passage.text_end,
                              passage.source_begin,
                              passage.source_end,
                              passage.line_begin,
                              passage.line_end,
                              hit->rank,
                              hit->place};
        const char *strings[] = {document.id,   document.source,   document.title,
                                 document.body, document.language, passage.id,
                                 passage.label, passage.speaker,   passage.heading};
        for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
            add_string(bytes, strings[i]);
        bytes_add(bytes, numbers, sizeof numbers);
        bytes_add(bytes, document.content, sizeof document.content);
        bytes_add(bytes, ids, size);
        bytes_add(bytes, &hit->score, sizeof hit->score);
        status =
            segment_text(segment, hit->document, passage.text_begin, passage.text_end, bytes, err);
    }
    arena_free(&arena);
    return status;
}

static int take_one(struct answers *out, size_t i, struct searcher *searcher, struct error *err) {
    struct search_request request = SEARCH_REQUEST_INIT;
    struct search_result result;
    request.text = searches[i].text;
    request.text_size = strlen(searches[i].text);
    request.sort = searches[i].sort;
    request.filter = (struct search_filter){.from = searches[i].from,
                                            .to = searches[i].to,
                                            .in = searches[i].in ? &searches[i].in : NULL,
                                            .in_count = searches[i].in != NULL,
                                            .language = searches[i].language};
    request.per_document = searches[i].per_document;
    request.limit = 30;
    request.exact_total = true;
    int status = searcher_search(&result, searcher, &request, err);
    if (status)
        return status;
    struct bytes bytes = BYTES_INIT;
    bytes_add(&bytes, &result.total.value, sizeof result.total.value);
    for (size_t hit = 0; !status && hit < result.hit_count; hit++)
        status = add_hit(&bytes, searcher, &result.hits[hit], err);
    out->hash[i] = XXH3_64bits(bytes.data, bytes.size);
    out->hits += result.hit_count;
    if (!status && bytes.failed)
        status = PLENARY_ENOMEM;
    bytes_free(&bytes);
    search_result_free(&result);
    return status;
}

int answers_take(struct answers *out, const char *index, struct error *err) {
    struct searcher *searcher;
    memset(out, 0, sizeof *out);
    int status = searcher_open(&searcher, index, err);
    if (status)
        return status;
    out->count = SEARCHES;
    for (size_t i = 0; i < SEARCHES; i++)
        out->status[i] = take_one(out, i, searcher, err);
    searcher_close(searcher);
    return 0;
}
