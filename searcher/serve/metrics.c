/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/serve/metrics.h"

#include <inttypes.h>

static const char *const kind_names[METRICS_KINDS] = {"search", "suggest", "document",
                                                      "page",   "asset",   "other"};
/* Upper bounds of the buckets, microseconds. */
static const uint64_t bounds[METRICS_BUCKETS - 1] = {500,   1000,   2000,   5000,    10000,  20000,
                                                     50000, 100000, 250000, 1000000, 5000000};

void metrics_count(struct metrics *metrics, enum metrics_kind kind, unsigned status,
                   uint64_t nanoseconds, uint64_t bytes) {
    unsigned digit = status / 100;
    unsigned class = digit >= 1 && digit <= METRICS_CLASSES ? digit - 1 : METRICS_CLASSES - 1;
    unsigned bucket = 0;
    while (bucket < METRICS_BUCKETS - 1 && nanoseconds / 1000 > bounds[bucket])
        bucket++;
    atomic_fetch_add_explicit(&metrics->requests[kind][class], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&metrics->buckets[kind][bucket], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&metrics->nanoseconds[kind], nanoseconds, memory_order_relaxed);
    atomic_fetch_add_explicit(&metrics->sent, bytes, memory_order_relaxed);
}

static void write_one(struct bytes *out, const char *name, const char *type, const char *help,
                      uint64_t value) {
    bytes_printf(out, "# HELP plenary_%s %s\n# TYPE plenary_%s %s\nplenary_%s %" PRIu64 "\n", name,
                 help, name, type, name, value);
}

static void write_requests(struct bytes *out, const struct metrics *metrics) {
    bytes_add_string(out, "# HELP plenary_requests_total Requests answered.\n"
                          "# TYPE plenary_requests_total counter\n");
    for (int kind = 0; kind < METRICS_KINDS; kind++)
        for (int class = 0; class < METRICS_CLASSES; class ++)
            bytes_printf(out, "plenary_requests_total{kind=\"%s\",status=\"%dxx\"} %" PRIu64 "\n",
                         kind_names[kind], class + 1, atomic_load(&metrics->requests[kind][class]));
}

static void write_times(struct bytes *out, const struct metrics *metrics) {
    bytes_add_string(out, "# HELP plenary_request_seconds Time from request to answer.\n"
                          "# TYPE plenary_request_seconds histogram\n");
    for (int kind = 0; kind < METRICS_KINDS; kind++) {
        uint64_t sum = 0;
        for (int i = 0; i < METRICS_BUCKETS; i++) {
            sum += atomic_load(&metrics->buckets[kind][i]);
            bytes_printf(out, "plenary_request_seconds_bucket{kind=\"%s\",le=\"", kind_names[kind]);
            if (i < METRICS_BUCKETS - 1)
                bytes_printf(out, "%g", (double)bounds[i] / 1e6);
            else
                bytes_add_string(out, "+Inf");
            bytes_printf(out, "\"} %" PRIu64 "\n", sum);
        }
        bytes_printf(out,
                     "plenary_request_seconds_sum{kind=\"%s\"} %.6f\n"
                     "plenary_request_seconds_count{kind=\"%s\"} %" PRIu64 "\n",
                     kind_names[kind], (double)atomic_load(&metrics->nanoseconds[kind]) / 1e9,
                     kind_names[kind], sum);
    }
}

void metrics_write(struct bytes *out, const struct metrics *metrics,
                   const struct plenary_state *state, unsigned connections) {
    int active = atomic_load(&metrics->active);
    write_requests(out, metrics);
    write_times(out, metrics);
    write_one(out, "sent_bytes_total", "counter", "Bytes of answers.", atomic_load(&metrics->sent));
    write_one(out, "searches_without_result_total", "counter", "Searches that found nothing.",
              atomic_load(&metrics->nothing_found));
    write_one(out, "searches_cut_off_total", "counter", "Searches that took too long.",
              atomic_load(&metrics->cut_off));
    write_one(out, "connections_dropped_total", "counter",
              "Connections closed because no request came.", atomic_load(&metrics->dropped));
    write_one(out, "refreshes_total", "counter", "New generations taken up.",
              atomic_load(&metrics->refreshes));
    write_one(out, "refresh_failures_total", "counter", "New generations that could not be opened.",
              atomic_load(&metrics->refresh_failures));
    write_one(out, "requests_active", "gauge", "Requests being answered.",
              active > 0 ? (uint64_t)active : 0);
    write_one(out, "connections", "gauge", "Open connections.", connections);
    write_one(out, "index_generation", "gauge", "Generation of the index.", state->generation);
    write_one(out, "index_documents", "gauge", "Documents in the index.", state->documents);
    write_one(out, "index_passages", "gauge", "Passages in the index.", state->passages);
}
