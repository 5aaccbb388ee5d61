/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shim/synonym.hh"

#include <algorithm>
#include <cmath>

namespace shim {

namespace {

/* In how many of `documents` any of the terms is, if they fall independently of each other. */
double estimate_any(const Xapian::Database &database, const std::vector<std::string> &terms,
                    double documents) {
    double none = 1;
    for (const std::string &term : terms)
        none *= 1 - database.get_termfreq(term) / documents;
    return documents * (1 - none);
}

/* As in Xapian's BM25Weight: half of what is below 2 above 1, so that none is negative. */
double inverse_frequency(double documents, double with_any) {
    double odds = (documents - with_any + 0.5) / (with_any + 0.5);
    return std::log(odds < 2 ? odds * 0.5 + 1 : odds);
}

} // namespace

SynonymSource::SynonymSource(std::vector<std::string> terms, const Bm25 &bm25,
                             const shim_database &database, double scale) {
    auto made = std::make_shared<Shared>();
    double documents = database.all.get_doccount(), average = database.all.get_avlength();
    double with_any = documents > 0 ? estimate_any(database.all, terms, documents) : 0;
    made->idf = inverse_frequency(documents, std::floor(with_any + 0.5));
    made->length_factor = average > 0 ? 1 / average : 0;
    made->terms = std::move(terms);
    made->bm25 = bm25;
    made->scale = scale;
    shared = made;
}

SynonymSource *SynonymSource::clone() const {
    return new SynonymSource(shared);
}

std::string SynonymSource::get_description() const {
    std::string text = "synonym";
    for (const std::string &term : shared->terms)
        text += ' ' + term;
    return text;
}

/* ---- Weights ------------------------------------------------------------------------------- */

double SynonymSource::weigh(double wdf, double normlen) const {
    const Bm25 &bm25 = shared->bm25;
    if (wdf <= 0)
        return 0;
    normlen = std::max(normlen, bm25.min_normlen);
    double denominator = bm25.k1 * (normlen * bm25.b + (1 - bm25.b)) + wdf;
    return shared->idf * (bm25.k1 + 1) * (wdf / denominator);
}

double SynonymSource::get_weight() const {
    double wdf = 0;
    for (size_t i = ahead; i < lists.size(); i++)
        wdf += lists[i].at.get_wdf();
    if (ahead == lists.size())
        return 0;
    return weigh(wdf, lists[ahead].at.get_doclength() * shared->length_factor);
}

/* ---- Walking ------------------------------------------------------------------------------- */

void SynonymSource::read_frequencies(const Xapian::Database &segment) {
    Xapian::doccount documents = segment.get_doccount();
    double sum = 0;
    least = 0;
    for (const std::string &term : shared->terms) {
        Xapian::doccount with = segment.get_termfreq(term);
        least = std::max(least, with);
        sum += with;
    }
    most = sum < documents ? static_cast<Xapian::doccount>(sum) : documents;
    double any = documents ? estimate_any(segment, shared->terms, documents) : 0;
    estimate = std::min(most, std::max(least, static_cast<Xapian::doccount>(any + 0.5)));
}

void SynonymSource::init(const Xapian::Database &segment) {
    double wdf = 0;
    lists.clear();
    current = 0;
    read_frequencies(segment);
    for (const std::string &term : shared->terms) {
        Xapian::PostingIterator at = segment.postlist_begin(term);
        if (at == segment.postlist_end(term))
            continue;
        wdf += segment.get_wdf_upper_bound(term);
        lists.push_back({at, *at});
    }
    std::make_heap(lists.begin(), lists.end(), is_behind);
    ahead = lists.size();
    set_maxweight(weigh(wdf, segment.get_doclength_lower_bound() * shared->length_factor));
}

/* Xapian does not divide what it asks for by the scale above. */
bool SynonymSource::cannot_matter(double min_weight) {
    if (min_weight <= get_maxweight() * shared->scale)
        return false;
    lists.clear();
    ahead = 0;
    return true;
}

/* The list behind those of the heap goes to `docid` at least, and into the heap, or is at its end.
 */
void SynonymSource::advance_one(Xapian::docid docid) {
    List &list = lists[ahead];
    if (docid > list.docid + 1)
        list.at.skip_to(docid);
    else
        ++list.at;
    if (list.at == Xapian::PostingIterator()) {
        std::swap(list, lists.back());
        lists.pop_back();
        return;
    }
    list.docid = *list.at;
    ++ahead;
    std::push_heap(lists.begin(), lists.begin() + static_cast<std::ptrdiff_t>(ahead), is_behind);
}

void SynonymSource::pop_least() {
    std::pop_heap(lists.begin(), lists.begin() + static_cast<std::ptrdiff_t>(ahead), is_behind);
    --ahead;
}

/* To the first document from `docid` on, behind the current one, that has any of the terms. */
void SynonymSource::move_to(Xapian::docid docid) {
    while (ahead < lists.size())
        advance_one(docid);
    while (ahead > 0 && lists.front().docid < docid) {
        pop_least();
        advance_one(docid);
    }
    current = ahead > 0 ? lists.front().docid : 0;
    while (ahead > 0 && lists.front().docid == current)
        pop_least();
}

void SynonymSource::next(double min_weight) {
    if (!cannot_matter(min_weight))
        move_to(current + 1);
}

void SynonymSource::skip_to(Xapian::docid docid, double min_weight) {
    if (!cannot_matter(min_weight) && docid > current)
        move_to(docid);
}

} // namespace shim
