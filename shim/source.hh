/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Documents and weights that do not come from the postings: a struct shim_source as a
 * Xapian::PostingSource, and a constant weight.
 *
 * Xapian clones a source for each sub-database and tells it the minimum weight without dividing by
 * the OP_SCALE_WEIGHT above it (externalpostlist.cc). Both classes here know that scale and divide,
 * or a scale above 1 would make them skip documents that still matter.
 */
#ifndef PLENARY_SHIM_SOURCE_HH
#define PLENARY_SHIM_SOURCE_HH

#include "shim/database.hh"

namespace shim {

/* The first thing that went wrong in a callback. Sources note it here and end, and the search
 * reports it: the matcher is not left by an exception in the middle of its work. */
struct SourceFault : Failure {
    int status = SHIM_OK;
};

/* `may_refuse`: ask the callback check. Only below a MultiAndPostList: Xapian 1.4's
 * OrPostList::check takes a child that refused document N for one that stands on N + 1, and adds
 * its weight there if the other child does (orpostlist.cc). */
class CSource : public Xapian::PostingSource {
  public:
    CSource(const struct shim_source &callbacks, const shim_database &database, double scale,
            SourceFault &fault, bool may_refuse);
    ~CSource() override;

    Xapian::doccount get_termfreq_min() const override { return least; }
    Xapian::doccount get_termfreq_est() const override { return estimate; }
    Xapian::doccount get_termfreq_max() const override { return most; }
    double get_weight() const override;
    Xapian::docid get_docid() const override { return current; }
    void next(double min_weight) override;
    void skip_to(Xapian::docid docid, double min_weight) override;
    bool check(Xapian::docid docid, double min_weight) override;
    bool at_end() const override { return ended; }
    CSource *clone() const override;
    std::string name() const override;
    std::string get_description() const override;
    void init(const Xapian::Database &segment) override;

  private:
    void fail(int status, const char *what) const;
    bool open_segment(const Xapian::Database &segment);
    void read_frequency(Xapian::doccount documents);
    void move(Xapian::docid to, Xapian::docid least_allowed);
    void lower_max_weight();

    const struct shim_source &callbacks;
    const shim_database &database;
    const double scale;
    SourceFault &fault;
    const bool may_refuse;
    void *cursor = nullptr;
    Xapian::docid current = 0, last = 0;
    Xapian::docid refused = 0; /* by check: the cursor stands behind it */
    Xapian::doccount least = 0, estimate = 0, most = 0;
    bool ended = true;
};

/* Every document with the same weight. */
class FixedSource : public Xapian::FixedWeightPostingSource {
  public:
    FixedSource(double weight, double scale_)
        : Xapian::FixedWeightPostingSource(weight), scale(scale_) {}

    void next(double min_weight) override;
    void skip_to(Xapian::docid docid, double min_weight) override;
    FixedSource *clone() const override;

  private:
    const double scale;
};

} // namespace shim

#endif
