/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Several terms that are one for the weighting (the words that a prefix stands for, a word's stems
 * in several languages), with the same weights however the documents are cut in segments.
 *
 * Xapian's OP_SYNONYM estimates in how many documents any of the terms is by joining them two by
 * two in the order of their frequency in the sub-database at hand, rounding each time
 * (orpostlist.cc); so a document's weight hangs on what else is in its segment, by parts in a
 * thousand. Here that number comes from the frequencies in the whole database in one go, and is the
 * same for all its parts. The weight is BM25's as Xapian has it, of the sum of the terms' wdf.
 */
#ifndef PLENARY_SHIM_SYNONYM_HH
#define PLENARY_SHIM_SYNONYM_HH

#include "shim/database.hh"

#include <memory>

namespace shim {

struct Bm25 {
    double k1, k2, k3, b, min_normlen;
};

class SynonymSource : public Xapian::PostingSource {
  public:
    SynonymSource(std::vector<std::string> terms, const Bm25 &bm25, const shim_database &database,
                  double scale);

    Xapian::doccount get_termfreq_min() const override { return least; }
    Xapian::doccount get_termfreq_est() const override { return estimate; }
    Xapian::doccount get_termfreq_max() const override { return most; }
    double get_weight() const override;
    Xapian::docid get_docid() const override { return current; }
    void next(double min_weight) override;
    void skip_to(Xapian::docid docid, double min_weight) override;
    bool at_end() const override { return lists.empty(); }
    SynonymSource *clone() const override;
    std::string name() const override { return "synonym"; }
    std::string get_description() const override;
    void init(const Xapian::Database &segment) override;

  private:
    struct List {
        Xapian::PostingIterator at;
        Xapian::docid docid; /* that it stands on */
    };
    /* What is the same in all clones. */
    struct Shared {
        std::vector<std::string> terms;
        Bm25 bm25;
        double idf, length_factor, scale;
    };
    explicit SynonymSource(std::shared_ptr<const Shared> shared_) : shared(std::move(shared_)) {}

    static bool is_behind(const List &a, const List &b) { return a.docid > b.docid; }
    double weigh(double wdf, double normlen) const;
    bool cannot_matter(double min_weight);
    void read_frequencies(const Xapian::Database &segment);
    void advance_one(Xapian::docid docid);
    void pop_least();
    void move_to(Xapian::docid docid);

    std::shared_ptr<const Shared> shared;
    /* A heap of `ahead` lists, least docid on top; behind it those that stand on `current`. */
    std::vector<List> lists;
    size_t ahead = 0;
    Xapian::docid current = 0;
    Xapian::doccount least = 0, estimate = 0, most = 0;
};

} // namespace shim

#endif
