/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A report as an Atom feed (RFC 4287): an entry a passage, for feed readers that watch a topic. Ids
 * are made of the topic and the passage, so that a reader shows a passage once; an entry is of the
 * day on which the index got its document, so that it seems changed only when it is.
 */
#include "searcher/report.h"

#include "corpus/date.h"
#include "searcher/citation.h"
#include "searcher/report_page.h"

#include <string.h>
#include <xxhash.h>

static void add(struct bytes *out, const char *xml) {
    bytes_add_string(out, xml);
}

static void add_instant(struct bytes *out, time_t now) {
    char instant[40];
    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(instant, sizeof instant, "%Y-%m-%dT%H:%M:%SZ", &utc);
    add(out, instant);
}

/* A name-based UUID of 128 hash bits, in the version left to applications (RFC 9562). */
static void add_id(struct bytes *out, const char *first, const char *second) {
    struct bytes both = BYTES_INIT;
    bytes_add(&both, first, strlen(first) + 1);
    bytes_add_string(&both, second);
    XXH128_canonical_t bytes;
    XXH128_canonicalFromHash(&bytes, XXH3_128bits(both.data, both.failed ? 0 : both.size));
    out->failed |= both.failed;
    bytes_free(&both);
    bytes.digest[6] = (bytes.digest[6] & 0x0f) | 0x80;
    bytes.digest[8] = (bytes.digest[8] & 0x3f) | 0x80;
    add(out, "urn:uuid:");
    for (size_t i = 0; i < sizeof bytes.digest; i++)
        bytes_printf(out, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x",
                     bytes.digest[i]);
}

void report_atom_begin(struct bytes *out, const struct report_options *options) {
    add(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
             "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<title>");
    report_html_string(out, options->title ? options->title : options->index);
    add(out, "</title>\n");
    if (*options->news) {
        add(out, "<subtitle>");
        report_html_string(out, options->news);
        add(out, "</subtitle>\n");
    }
    add(out, "<id>");
    add_id(out, "feed", options->index);
    add(out, "</id>\n<updated>");
    add_instant(out, options->now);
    add(out, "</updated>\n<author><name>plenary</name></author>\n"
             "<generator version=\"" PLENARY_VERSION "\">plenary-report</generator>\n");
}

/* The day on which the index got the document as it is. */
static void add_day(struct bytes *out, const struct report_answer *answer,
                    const struct search_hit *hit) {
    const struct snapshot *snapshot = searcher_snapshot(answer->searcher);
    const struct segment *segment = snapshot_segment(snapshot, hit->segment);
    char text[DATE_FORMAT_SIZE];
    uint32_t day = snapshot_day_of(snapshot, segment_document_generation(segment, hit->document));
    if (day)
        bytes_printf(out, "%sT00:00:00Z", date_format(day, text));
    else
        add_instant(out, answer->options->now);
}

static void add_entry(struct bytes *out, const struct report_answer *answer,
                      const struct listing_hit *hit) {
    struct bytes citation = BYTES_INIT;
    citation_write(&citation, &hit->document, &hit->passage.row);
    add(out, "<entry>\n<title>");
    report_html_text(out, citation.data ? (const char *)citation.data : "", citation.size);
    add(out, "</title>\n<id>");
    add_id(out, answer->topic->id, hit->passage.id);
    add(out, "</id>\n<updated>");
    add_day(out, answer, hit->hit);
    add(out, "</updated>\n<category term=\"");
    report_html_string(out, answer->topic->id);
    add(out, "\" label=\"");
    report_html_string(out, answer->topic->query);
    add(out, "\"/>\n<content type=\"text\">");
    report_html_text(out, hit->passage.text, hit->passage.size);
    add(out, "</content>\n</entry>\n");
    out->failed |= citation.failed;
    bytes_free(&citation);
}

int report_atom_topic(struct bytes *out, const struct report_answer *answer, struct error *err) {
    struct listing *listing;
    const struct listing_options options = {0, 0};
    int status = listing_open(&listing, answer->searcher, answer->result, &options, err);
    for (size_t i = 0; i < answer->result->hit_count && !status; i++) {
        const struct listing_hit *hit;
        if (answer->result->hits[i].rank > answer->options->limit)
            break;
        status = listing_load(listing, i, &hit, err);
        if (!status)
            add_entry(out, answer, hit);
    }
    listing_close(listing);
    return status;
}

void report_atom_end(struct bytes *out) {
    add(out, "</feed>\n");
}
