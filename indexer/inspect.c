/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/inspect.h"

#include "corpus/date.h"
#include "indexer/index.h"

#include <inttypes.h>
#include <stdio.h>

static void add_sizes(struct segment_sizes *total, const struct segment_sizes *part) {
    total->postings += part->postings;
    total->documents += part->documents;
    total->passages += part->passages;
    total->text += part->text;
    total->tokens += part->tokens;
    total->lexicon += part->lexicon;
    total->bounds += part->bounds;
}

static uint64_t sum_sizes(const struct segment_sizes *sizes) {
    return sizes->postings + sizes->documents + sizes->passages + sizes->text + sizes->tokens +
           sizes->lexicon + sizes->bounds;
}

static void print_size(const char *name, uint64_t bytes, uint64_t total) {
    if (bytes)
        printf("  %-11s %14" PRIu64 "  %5.1f %%\n", name, bytes,
               total ? 100.0 * (double)bytes / (double)total : 0);
}

static int print_segments(const struct snapshot *snapshot, struct segment_sizes *total,
                          struct error *err) {
    for (uint32_t i = 0; i < snapshot_segment_count(snapshot); i++) {
        const struct segment *segment = snapshot_segment(snapshot, i);
        struct segment_sizes sizes;
        int status = segment_measure(segment, &sizes, err);
        if (status < 0)
            return status;
        add_sizes(total, &sizes);
        printf("  %s  %" PRIu32 " documents, %" PRIu32 " passages, %" PRIu32 " deleted, %" PRIu64
               " bytes\n",
               segment_folder(segment), segment_document_count(segment),
               segment_passage_count(segment), snapshot_deleted_count(snapshot, i),
               sum_sizes(&sizes));
    }
    return 0;
}

static void print_languages(uint64_t languages) {
    fputs("languages    ", stdout);
    const char *separator = "";
    for (int i = 0; language_name(i); i++)
        if (languages >> i & 1) {
            printf("%s%s", separator, language_name(i));
            separator = ", ";
        }
    fputc('\n', stdout);
}

int inspect_info(const char *index, struct error *err) {
    struct snapshot *snapshot;
    int status = snapshot_open(&snapshot, index, err);
    if (status < 0)
        return status;
    printf("generation   %" PRIu64 "\ndocuments    %" PRIu64 "\npassages     %" PRIu64 "\n",
           snapshot_generation(snapshot), snapshot_documents(snapshot),
           snapshot_passages(snapshot));
    print_languages(snapshot_languages(snapshot));
    printf("segments     %" PRIu32 "\n", snapshot_segment_count(snapshot));
    struct segment_sizes sizes = {0};
    status = print_segments(snapshot, &sizes, err);
    if (status >= 0) {
        char day[DATE_FORMAT_SIZE];
        uint64_t total = sum_sizes(&sizes);
        printf("published    %s\n",
               date_format(snapshot_day_of(snapshot, snapshot_generation(snapshot)), day));
        printf("bytes        %" PRIu64 "\n", total);
        print_size("postings", sizes.postings, total);
        print_size("text", sizes.text, total);
        print_size("tokens", sizes.tokens, total);
        print_size("documents", sizes.documents, total);
        print_size("passages", sizes.passages, total);
        print_size("lexicon", sizes.lexicon, total);
        print_size("bounds", sizes.bounds, total);
    }
    snapshot_close(snapshot);
    return status;
}

static void print_fault(void *context, const char *fault) {
    (void)context;
    puts(fault);
}

int inspect_check(const char *index, struct error *err) {
    struct snapshot *snapshot;
    int status = snapshot_open(&snapshot, index, err);
    if (status < 0)
        return status;
    uint64_t faults = 0;
    for (uint32_t i = 0; i < snapshot_segment_count(snapshot) && status >= 0; i++) {
        status = segment_verify(snapshot_segment(snapshot, i), print_fault, NULL, err);
        if (status > 0)
            faults += (uint64_t)status;
    }
    if (status >= 0 && faults == 0)
        printf("sound: generation %" PRIu64 ", %" PRIu64 " documents, %" PRIu64 " passages\n",
               snapshot_generation(snapshot), snapshot_documents(snapshot),
               snapshot_passages(snapshot));
    else if (status >= 0)
        printf("%" PRIu64 " faults: index the sources again into a new folder\n", faults);
    snapshot_close(snapshot);
    return status < 0 ? status : faults > 0;
}
