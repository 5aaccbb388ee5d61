/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shim/source.hh"

#include <algorithm>
#include <cfloat>
#include <cmath>

namespace shim {

/* What a document must exceed, in the source's own scale. Xapian's bound is one that a document may
 * equal (ties are settled by docid), hence the step below it; that also makes 0 a bound that
 * documents without weight pass. */
static double own_minimum(double min_weight, double scale) {
    if (!(min_weight > 0) || !(scale > 0))
        return -DBL_MIN;
    return std::nextafter(min_weight / scale, -HUGE_VAL);
}

static bool is_weight(double weight) {
    return weight >= 0 && weight <= DBL_MAX;
}

CSource::CSource(const struct shim_source &callbacks_, const shim_database &database_,
                 double scale_, SourceFault &fault_, bool may_refuse_)
    : callbacks(callbacks_), database(database_), scale(scale_), fault(fault_),
      may_refuse(may_refuse_) {}

CSource::~CSource() {
    if (cursor && callbacks.close)
        callbacks.close(cursor);
}

CSource *CSource::clone() const {
    return new CSource(callbacks, database, scale, fault, may_refuse);
}

std::string CSource::name() const {
    return "plenary::CSource";
}

std::string CSource::get_description() const {
    return "source";
}

void CSource::fail(int status, const char *what) const {
    if (fault.status == SHIM_OK)
        fault.status = failed(fault, status, "%s", what);
}

bool CSource::open_segment(const Xapian::Database &segment) {
    auto found = database.segment_of_uuid.find(segment.get_uuid());
    if (found == database.segment_of_uuid.end()) {
        fail(SHIM_EINTERNAL, "a source was asked for a database that is not open here");
        return false;
    }
    cursor = callbacks.open(callbacks.context, found->second);
    if (!cursor)
        fail(SHIM_ENOMEM, "out of memory: a source could not be opened");
    return cursor != nullptr;
}

void CSource::read_frequency(Xapian::doccount documents) {
    uint32_t low = 0, middle = documents / 2, high = documents;
    if (callbacks.frequency)
        callbacks.frequency(cursor, &low, &middle, &high);
    most = std::min<Xapian::doccount>(high, documents);
    least = std::min<Xapian::doccount>(low, most);
    estimate = std::min<Xapian::doccount>(std::max<Xapian::doccount>(middle, least), most);
}

void CSource::init(const Xapian::Database &segment) {
    current = refused = 0;
    least = estimate = most = 0;
    ended = true;
    if (fault.status != SHIM_OK || !open_segment(segment))
        return;
    ended = false;
    last = segment.get_lastdocid();
    read_frequency(segment.get_doccount());
    double maximum = callbacks.weight && callbacks.max_weight ? callbacks.max_weight(cursor) : 0;
    if (!is_weight(maximum)) {
        fail(SHIM_EINVALID, "a source's greatest weight must be a finite number, 0 or more");
        maximum = 0;
    }
    set_maxweight(maximum);
}

/* A bound that falls lets the matcher stop sooner; one that rose would already have misled it. */
void CSource::lower_max_weight() {
    if (!callbacks.weight || !callbacks.max_weight || !(scale > 0))
        return;
    double maximum = callbacks.max_weight(cursor);
    if (is_weight(maximum) && maximum < get_maxweight())
        set_maxweight(maximum);
}

void CSource::move(Xapian::docid to, Xapian::docid least_allowed) {
    if (to == 0 || to > last) {
        ended = true;
    } else if (to < least_allowed) {
        fail(SHIM_EINVALID, "a source's docids do not rise");
        ended = true;
    } else {
        current = to;
        lower_max_weight();
    }
}

void CSource::next(double min_weight) {
    check_deadline(database);
    if (!ended)
        move(callbacks.next(cursor, own_minimum(min_weight, scale)),
             std::max(current, refused) + 1);
}

void CSource::skip_to(Xapian::docid docid, double min_weight) {
    check_deadline(database);
    if (!ended && docid > current)
        move(
            callbacks.skip_to(cursor, std::max(docid, refused + 1), own_minimum(min_weight, scale)),
            docid);
}

bool CSource::check(Xapian::docid docid, double min_weight) {
    check_deadline(database);
    if (!callbacks.check || !may_refuse) {
        skip_to(docid, min_weight);
        return true;
    }
    if (ended || docid <= current)
        return true;
    if (docid <= refused)
        return false;
    if (!callbacks.check(cursor, docid, own_minimum(min_weight, scale))) {
        refused = docid;
        return false;
    }
    move(docid, docid);
    return true;
}

double CSource::get_weight() const {
    if (!callbacks.weight)
        return 0;
    double weight = callbacks.weight(cursor);
    if (is_weight(weight))
        return weight;
    fail(SHIM_EINVALID, "a source's weight must be a finite number, 0 or more");
    return 0;
}

void FixedSource::next(double min_weight) {
    Xapian::FixedWeightPostingSource::next(own_minimum(min_weight, scale));
}

void FixedSource::skip_to(Xapian::docid docid, double min_weight) {
    Xapian::FixedWeightPostingSource::skip_to(docid, own_minimum(min_weight, scale));
}

FixedSource *FixedSource::clone() const {
    return new FixedSource(get_maxweight(), scale);
}

} // namespace shim
