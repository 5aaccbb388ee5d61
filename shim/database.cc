/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shim/database.hh"

#include <ctime>

#include <limits>

using shim::guarded;
using shim::with_open;

static const uint64_t DOCID_MAX = std::numeric_limits<Xapian::docid>::max();

const Xapian::Database &shim::segment_at(const shim_database &database, uint32_t segment) {
    if (segment >= database.segments.size())
        throw Xapian::InvalidArgumentError("There is no segment " + std::to_string(segment) + ": " +
                                           std::to_string(database.segments.size()) + " are open");
    return database.segments[segment];
}

/* Xapian numbers the documents of n databases (docid - 1) * n + i + 1, in 32 bits, unchecked. */
static void check_docids(const Xapian::Database &segment, size_t count) {
    uint64_t last;
    if (__builtin_mul_overflow(uint64_t{segment.get_lastdocid()}, uint64_t{count}, &last) ||
        last > DOCID_MAX)
        throw Xapian::RangeError("Docid " + std::to_string(segment.get_lastdocid()) +
                                 " is too large for " + std::to_string(count) +
                                 " databases at once: merge some");
}

static void add_segment(shim_database &database, const char *path, size_t count) {
    if (!path)
        throw Xapian::InvalidArgumentError("A database path is NULL");
    /* Glass and nothing else: left to guess, Xapian would also follow a stub file, which can name
     * other hosts and start programs. */
    Xapian::Database segment(path, Xapian::DB_BACKEND_GLASS);
    check_docids(segment, count);
    uint32_t number = static_cast<uint32_t>(database.segments.size());
    database.segments.push_back(segment);
    database.all.add_database(segment);
    auto place = database.segment_of_uuid.emplace(segment.get_uuid(), number);
    if (!place.second) {
        database.twins[0] = place.first->second;
        database.twins[1] = number;
    }
}

/* A failure half-way leaves nothing open. */
static int open_all(shim_database &database, const char *const *paths, size_t count) {
    if (count > DOCID_MAX)
        return shim::failed(database, SHIM_EINVALID, "%zu databases are too many", count);
    for (size_t i = 0; i < count; i++) {
        int status = guarded(
            database,
            [&] {
                add_segment(database, paths[i], count);
                return SHIM_OK;
            },
            paths[i]);
        if (status != SHIM_OK) {
            database.all = Xapian::Database();
            database.segments.clear();
            return status;
        }
    }
    database.open = true;
    return SHIM_OK;
}

int shim_database_open(struct shim_database **out, const char *const *paths, size_t count) {
    *out = nullptr;
    try {
        *out = new shim_database;
    } catch (...) {
        return SHIM_ENOMEM;
    }
    shim_database &database = **out;
    return guarded(database, [&] { return open_all(database, paths, count); });
}

void shim_database_close(struct shim_database *database) {
    delete database;
}

void shim_database_set_deadline(struct shim_database *database, uint64_t deadline) {
    database->deadline = deadline;
    database->steps = 0;
}

bool shim_database_is_late(const struct shim_database *database) {
    struct timespec now;
    if (!database->deadline)
        return false;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<uint64_t>(now.tv_sec) * 1000000000 + static_cast<uint64_t>(now.tv_nsec) >=
           database->deadline;
}

namespace shim {

void check_deadline_now(const shim_database &database) {
    database.steps = 0;
    if (shim_database_is_late(&database))
        throw TimeOver();
}

} // namespace shim

const char *shim_database_message(const struct shim_database *database) {
    return database ? database->message : "out of memory";
}

int shim_database_statistics(struct shim_database *database, struct shim_statistics *out) {
    *out = {0, 0, 0};
    return with_open(*database, [&] {
        for (const Xapian::Database &segment : database->segments) {
            out->documents += segment.get_doccount();
            out->total_length += segment.get_total_length();
        }
        if (out->documents)
            out->average_length =
                static_cast<double>(out->total_length) / static_cast<double>(out->documents);
        return SHIM_OK;
    });
}

int shim_term_statistics(struct shim_database *database, const char *term, size_t size,
                         uint64_t *documents, uint64_t *occurrences) {
    *documents = *occurrences = 0;
    return with_open(*database, [&] {
        std::string key(term, size);
        if (key.empty())
            return shim::failed(*database, SHIM_EINVALID, "an empty term has no statistics");
        /* By segment, since Xapian adds up in 32 bits. */
        for (const Xapian::Database &segment : database->segments) {
            *documents += segment.get_termfreq(key);
            *occurrences += segment.get_collection_freq(key);
        }
        return static_cast<int>(SHIM_OK);
    });
}

int shim_each_term(struct shim_database *database, const char *prefix, size_t size,
                   shim_term_fn each, void *context) {
    return with_open(*database, [&] {
        std::string start(prefix, size);
        Xapian::TermIterator end = database->all.allterms_end(start);
        for (auto term = database->all.allterms_begin(start); term != end; ++term) {
            std::string text = *term;
            int answer = each(context, text.data(), text.size(), term.get_termfreq());
            if (answer)
                return answer < 0 ? answer : static_cast<int>(SHIM_OK);
        }
        return static_cast<int>(SHIM_OK);
    });
}

int shim_each_posting(struct shim_database *database, uint32_t segment, const char *term,
                      size_t size, shim_posting_fn each, void *context) {
    return with_open(*database, [&] {
        const Xapian::Database &one = shim::segment_at(*database, segment);
        std::string key(term, size);
        Xapian::PostingIterator end = one.postlist_end(key);
        for (auto posting = one.postlist_begin(key); posting != end; ++posting) {
            uint32_t wdf = key.empty() ? posting.get_doclength() : posting.get_wdf();
            int answer = each(context, *posting, wdf);
            if (answer)
                return answer < 0 ? answer : static_cast<int>(SHIM_OK);
        }
        return static_cast<int>(SHIM_OK);
    });
}

int shim_posting(struct shim_database *database, uint32_t segment, uint32_t docid, const char *term,
                 size_t size, uint32_t *wdf, uint32_t *length) {
    *wdf = *length = 0;
    return with_open(*database, [&] {
        const Xapian::Database &one = shim::segment_at(*database, segment);
        if (size == 0)
            return shim::failed(*database, SHIM_EINVALID, "an empty term has no postings");
        std::string key(term, size);
        *length = one.get_doclength(docid);
        Xapian::PostingIterator posting = one.postlist_begin(key), end = one.postlist_end(key);
        if (posting != end)
            posting.skip_to(docid);
        if (posting != end && *posting == docid)
            *wdf = posting.get_wdf();
        return static_cast<int>(SHIM_OK);
    });
}
