/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An opened set of segments: each by itself, and all as Xapian's combined database, which shares
 * their tables.
 */
#ifndef PLENARY_SHIM_DATABASE_HH
#define PLENARY_SHIM_DATABASE_HH

#include "shim/status.hh"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>
#include <xapian.h>

struct shim_database : shim::Failure {
    bool open = false;
    Xapian::Database all;
    std::vector<Xapian::Database> segments;
    /* A PostingSource is told only a sub-database; its UUID says which segment that is. */
    std::unordered_map<std::string, uint32_t> segment_of_uuid;
    /* Two segments that share a UUID (a copied folder), or -1: sources cannot tell them apart. */
    int64_t twins[2] = {-1, -1};
    uint64_t deadline = 0;      /* CLOCK_MONOTONIC, nanoseconds; 0: none */
    mutable unsigned steps = 0; /* since the clock was looked at */
};

namespace shim {

/* Xapian's limit, set in glass_database.cc: keys of a table hold 255 bytes. */
enum { TERM_LIMIT = 245 };

/* As guarded, for a database that must be open. */
template <class Body> int with_open(shim_database &database, Body &&body) noexcept {
    if (!database.open)
        return failed(database, SHIM_ECLOSED, "the database is not open");
    return guarded(database, body);
}

/* To be called often while a search runs; throws TimeOver. */
void check_deadline_now(const shim_database &database);
inline void check_deadline(const shim_database &database) {
    enum { STEPS = 256 };
    if (database.deadline && ++database.steps >= STEPS)
        check_deadline_now(database);
}

/* The segment of this number; throws Xapian::InvalidArgumentError if there is none. */
const Xapian::Database &segment_at(const shim_database &database, uint32_t segment);

} // namespace shim

#endif
