/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reports of what is new: since a generation, or since a day. A document is new if it came, or
 * changed, in a later generation; the index keeps that number with the document, so that merging
 * does not make old ones new, and a list of the days on which it was written.
 */
#include "searcher/report.h"

#include "corpus/date.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* "4 (2026-11-25)" */
static void write_generation(char *out, size_t size, const struct snapshot *snapshot,
                             uint64_t generation) {
    char day[DATE_FORMAT_SIZE];
    date_format(snapshot_day_of(snapshot, generation), day);
    snprintf(out, size, *day ? "%" PRIu64 " (%s)" : "%" PRIu64, generation, day);
}

static int since_generation(struct report_options *options, const struct snapshot *snapshot,
                            struct error *err) {
    uint64_t newest = snapshot_generation(snapshot);
    char text[60];
    errno = 0;
    options->after = strtoull(options->since, NULL, 10);
    if (errno || options->after > newest)
        return error_set(err, PLENARY_EINVALID, "--since: the index is at generation %" PRIu64,
                         newest);
    write_generation(text, sizeof text, snapshot, options->after);
    snprintf(options->news, sizeof options->news, "New since generation %s", text);
    return 0;
}

static int since_day(struct report_options *options, const struct snapshot *snapshot,
                     struct error *err) {
    uint32_t day = date_parse(options->since);
    char text[DATE_FORMAT_SIZE];
    if (!day)
        return error_set(err, PLENARY_EINVALID,
                         "--since: '%s' is neither a generation nor a date such as 2026-11-25",
                         options->since);
    options->after = snapshot_generation_before(snapshot, day);
    snprintf(options->news, sizeof options->news, "New since %s", date_format(day, text));
    return 0;
}

int report_since(struct report_options *options, const struct snapshot *snapshot,
                 struct error *err) {
    if (!options->since)
        return 0;
    bool digits = *options->since && !options->since[strspn(options->since, "0123456789")];
    int status =
        digits ? since_generation(options, snapshot, err) : since_day(options, snapshot, err);
    size_t size = strlen(options->news);
    char now[60];
    write_generation(now, sizeof now, snapshot, snapshot_generation(snapshot));
    snprintf(options->news + size, sizeof options->news - size, "; the index is at generation %s",
             now);
    return status;
}
