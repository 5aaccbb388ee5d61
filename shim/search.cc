/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shim/query.hh"

#include <cmath>
#include <cstdlib>
#include <string>

/* BM25Weight itself takes the nearest number that makes sense, and lets a NaN through. */
static void check_parameters(const struct shim_search &search) {
    const double parameters[] = {search.k1, search.k2, search.k3, search.b, search.min_normlen};
    for (double parameter : parameters)
        if (!(parameter >= 0) || std::isinf(parameter))
            throw Xapian::InvalidArgumentError(
                "A BM25 parameter must be a finite number, 0 or more");
    if (!(search.cutoff >= 0) || std::isinf(search.cutoff))
        throw Xapian::InvalidArgumentError("A cutoff must be a finite number, 0 or more");
    if (search.b > 1)
        throw Xapian::InvalidArgumentError("BM25's b must lie between 0 and 1");
}

/* Looks at the clock as matches are found. */
class Watch : public Xapian::MatchSpy {
  public:
    explicit Watch(const shim_database &database_) : database(database_) {}
    void operator()(const Xapian::Document &, double) override { shim::check_deadline(database); }

  private:
    const shim_database &database;
};

/* Xapian 1.4 turns an OR into an AND_MAYBE, and that into an AND, as the minimum weight rises. In
 * the second step (AndMaybePostList::next, andmaybepostlist.cc of 1.4.22) it goes on behind the
 * document that the optional side stands on, which the required side may still have before it: that
 * document is lost. So queries with either are searched to the end without a minimum. Depth and
 * number of nodes are bounded by build_query, which comes first. */
static bool loses_documents(const struct shim_query &node) {
    if ((node.op == SHIM_OR || node.op == SHIM_AND_MAYBE) && node.count > 1)
        return true;
    if (node.op == SHIM_SYNONYM || node.op == SHIM_FIXED)
        return false; /* their children see no minimum */
    size_t weighed = node.op == SHIM_FILTER || node.op == SHIM_AND_NOT ? 1 : node.count;
    for (size_t i = 0; i < weighed && i < node.count; i++)
        if (loses_documents(*node.children[i]))
            return true;
    return false;
}

static void set_weighting(Xapian::Enquire &enquire, const struct shim_search &search) {
    if (!search.model) {
        enquire.set_weighting_scheme(
            Xapian::BM25Weight(search.k1, search.k2, search.k3, search.b, search.min_normlen));
        return;
    }
    Xapian::Registry registry;
    std::string name = std::string("Xapian::") + search.model + "Weight";
    const Xapian::Weight *weight = registry.get_weighting_scheme(name);
    if (!weight)
        throw Xapian::InvalidArgumentError("There is no weighting " + name);
    enquire.set_weighting_scheme(*weight);
}

static Xapian::MSet run(shim_database &database, const struct shim_search &search,
                        const Xapian::Query &query) {
    bool whole = loses_documents(*search.query);
    Xapian::Enquire enquire(database.all);
    set_weighting(enquire, search);
    /* Equal weights in order of docid, so that the cut at `limit` falls in the same place always.
     */
    enquire.set_docid_order(Xapian::Enquire::ASCENDING);
    if (search.cutoff > 0 && !whole)
        enquire.set_cutoff(0, search.cutoff);
    enquire.set_query(query);
    Watch watch(database);
    if (database.deadline) {
        shim::check_deadline_now(database);
        enquire.add_matchspy(&watch);
    }
    Xapian::doccount least = whole ? database.all.get_doccount() : search.check_at_least;
    return enquire.get_mset(search.first, search.limit, least);
}

static void take_matches(struct shim_result &out, const Xapian::MSet &found, size_t segments,
                         double cutoff) {
    out.lower = found.get_matches_lower_bound();
    out.estimate = found.get_matches_estimated();
    out.upper = found.get_matches_upper_bound();
    if (found.empty())
        return;
    out.matches = static_cast<struct shim_match *>(calloc(found.size(), sizeof *out.matches));
    if (!out.matches)
        throw std::bad_alloc();
    for (Xapian::MSetIterator i = found.begin(); i != found.end(); ++i) {
        if (i.get_weight() < cutoff)
            break;
        size_t docid = *i - 1;
        struct shim_match &match = out.matches[out.count++];
        match.segment = static_cast<uint32_t>(docid % segments);
        match.docid = static_cast<uint32_t>(docid / segments + 1);
        match.weight = i.get_weight();
    }
}

int shim_search(struct shim_database *database, const struct shim_search *search,
                struct shim_result *out) {
    *out = {nullptr, 0, 0, 0, 0};
    return shim::with_open(*database, [&] {
        shim::SourceFault fault;
        check_parameters(*search);
        const shim::Bm25 bm25 = {search->k1, search->k2, search->k3, search->b,
                                 search->min_normlen};
        Xapian::Query query = shim::build_query(search->query, *database, &bm25, fault);
        if (database->segments.empty()) /* Enquire refuses a database of none. */
            return static_cast<int>(SHIM_OK);
        Xapian::MSet found = run(*database, *search, query);
        if (fault.status != SHIM_OK)
            return shim::failed(*database, fault.status, "%s", fault.message);
        take_matches(*out, found, database->segments.size(), search->cutoff);
        return static_cast<int>(SHIM_OK);
    });
}

void shim_result_free(struct shim_result *result) {
    free(result->matches);
    *result = {nullptr, 0, 0, 0, 0};
}
