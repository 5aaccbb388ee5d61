/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shim/query.hh"

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>

namespace shim {

namespace {

[[noreturn]] void refuse(const std::string &what) {
    throw Xapian::InvalidArgumentError(what);
}

/* A node whose children are being built; theirs start at `first` in the stack of results. */
struct Frame {
    const struct shim_query *node;
    size_t next_child;
    size_t first;
    double scale; /* the product of the scales above: 0 where weights do not count */
};

class Builder {
  public:
    Builder(const shim_database &database_, const Bm25 *bm25_, SourceFault &fault_)
        : database(database_), bm25(bm25_), fault(fault_) {}
    Xapian::Query build(const struct shim_query *tree);

  private:
    void enter(const struct shim_query *node, double scale);
    Xapian::Query leaf(const struct shim_query &node, double scale);
    Xapian::Query source(const struct shim_query &node, double scale);
    bool asked_for_candidates() const;
    bool is_weighed_synonym(const Frame &frame) const;
    Xapian::Query synonym(const Frame &frame) const;
    Xapian::Query branch(const Frame &frame);

    const shim_database &database;
    const Bm25 *bm25;
    SourceFault &fault;
    std::vector<Frame> stack;
    std::vector<Xapian::Query> results;
    size_t nodes = 0;
};

/* C callers can put any number into an enum; C++ may not even look at it. */
void check_kind(const struct shim_query &node) {
    static_assert(sizeof node.op == sizeof(unsigned), "an enum is an int in C");
    unsigned kind;
    std::memcpy(&kind, &node.op, sizeof kind);
    if (kind > SHIM_SOURCE)
        refuse("There is no query node of kind " + std::to_string(kind));
}

bool is_leaf(enum shim_op op) {
    return op == SHIM_TERM || op == SHIM_ALL || op == SHIM_NOTHING || op == SHIM_SOURCE;
}

void check_children(const struct shim_query &node) {
    size_t least = 0, most = SIZE_MAX;
    if (node.op == SHIM_SCALE || node.op == SHIM_FIXED)
        least = most = 1;
    else if (node.op == SHIM_AND_NOT || node.op == SHIM_AND_MAYBE || node.op == SHIM_FILTER)
        least = 1;
    if (node.count < least || node.count > most)
        refuse("A query node of kind " + std::to_string(node.op) + " cannot have " +
               std::to_string(node.count) + " children");
    if (node.count && !node.children)
        refuse("A query node's children are NULL");
}

double weight_factor(const struct shim_query &node) {
    if (!(node.factor >= 0) || std::isinf(node.factor))
        refuse("A query's weight factor must be a finite number, 0 or more");
    return node.factor;
}

/* Do weights of child `i` count, and by how much more than its parent's? */
double child_scale(const Frame &frame, size_t i) {
    switch (frame.node->op) {
    case SHIM_SCALE:
        return frame.scale * weight_factor(*frame.node);
    case SHIM_FIXED:
    case SHIM_SYNONYM:
        return 0;
    case SHIM_AND_NOT:
    case SHIM_FILTER:
        return i ? 0 : frame.scale;
    default:
        return frame.scale;
    }
}

Xapian::Query term(const struct shim_query &node) {
    if (!node.term || node.term_size == 0)
        refuse("A query term is empty");
    double wqf = weight_factor(node);
    if (wqf > std::numeric_limits<Xapian::termcount>::max())
        refuse("A query term's factor is too large");
    return Xapian::Query(std::string(node.term, node.term_size),
                         wqf < 1 ? 1 : static_cast<Xapian::termcount>(wqf));
}

/* Is the node being built one of several that must all match? */
bool Builder::asked_for_candidates() const {
    if (stack.empty())
        return false;
    const struct shim_query &parent = *stack.back().node;
    return (parent.op == SHIM_AND || parent.op == SHIM_FILTER) && parent.count > 1;
}

Xapian::Query Builder::source(const struct shim_query &node, double scale) {
    const struct shim_source *callbacks = node.source;
    if (!callbacks || !callbacks->open || !callbacks->next || !callbacks->skip_to)
        refuse("A query's source lacks open, next or skip_to");
    if (database.twins[0] >= 0)
        refuse("Segments " + std::to_string(database.twins[0]) + " and " +
               std::to_string(database.twins[1]) +
               " have the same UUID, so that sources cannot tell them apart: open each once, and "
               "no copies");
    CSource prototype(*callbacks, database, scale, fault, asked_for_candidates());
    return Xapian::Query(&prototype); /* takes a clone */
}

Xapian::Query Builder::leaf(const struct shim_query &node, double scale) {
    switch (node.op) {
    case SHIM_TERM:
        return term(node);
    case SHIM_ALL:
        /* Not Query::MatchAll: copying that static changes a count that threads would share. */
        return Xapian::Query(std::string());
    case SHIM_SOURCE:
        return source(node, scale);
    default:
        return Xapian::Query();
    }
}

Xapian::Query::op operation(enum shim_op op) {
    switch (op) {
    case SHIM_AND:
        return Xapian::Query::OP_AND;
    case SHIM_OR:
        return Xapian::Query::OP_OR;
    case SHIM_AND_NOT:
        return Xapian::Query::OP_AND_NOT;
    case SHIM_AND_MAYBE:
        return Xapian::Query::OP_AND_MAYBE;
    case SHIM_FILTER:
        return Xapian::Query::OP_FILTER;
    case SHIM_NEAR:
        return Xapian::Query::OP_NEAR;
    case SHIM_PHRASE:
        return Xapian::Query::OP_PHRASE;
    default:
        return Xapian::Query::OP_SYNONYM;
    }
}

Xapian::Query fixed(const Xapian::Query &child, double weight, double scale) {
    FixedSource everything(weight, scale);
    return Xapian::Query(Xapian::Query::OP_AND, Xapian::Query(&everything),
                         Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT, child, 0.0));
}

/* Where weights do not count, or one term is all, Xapian's own will do. */
bool Builder::is_weighed_synonym(const Frame &frame) const {
    const struct shim_query &node = *frame.node;
    if (node.op != SHIM_SYNONYM || !bm25 || frame.scale <= 0 || node.count < 2)
        return false;
    for (size_t i = 0; i < node.count; i++)
        if (node.children[i]->op != SHIM_TERM)
            return false;
    return true;
}

Xapian::Query Builder::synonym(const Frame &frame) const {
    std::vector<std::string> terms;
    for (size_t i = 0; i < frame.node->count; i++) {
        const struct shim_query &child = *frame.node->children[i];
        terms.emplace_back(child.term, child.term_size);
    }
    SynonymSource prototype(std::move(terms), *bm25, database, frame.scale);
    return Xapian::Query(&prototype); /* takes a clone */
}

Xapian::Query Builder::branch(const Frame &frame) {
    if (is_weighed_synonym(frame))
        return synonym(frame);
    const struct shim_query &node = *frame.node;
    auto first = results.begin() + static_cast<std::ptrdiff_t>(frame.first);
    if (node.op == SHIM_SCALE)
        return Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT, *first, weight_factor(node));
    if (node.op == SHIM_FIXED)
        return fixed(*first, weight_factor(node), frame.scale);
    bool windowed = node.op == SHIM_NEAR || node.op == SHIM_PHRASE;
    return Xapian::Query(operation(node.op), first, results.end(), windowed ? node.window : 0);
}

void Builder::enter(const struct shim_query *node, double scale) {
    if (!node)
        refuse("A query node is NULL");
    if (++nodes > QUERY_NODES_MAX)
        refuse("The query has more than " + std::to_string(QUERY_NODES_MAX) + " nodes");
    check_kind(*node);
    if (is_leaf(node->op)) {
        results.push_back(leaf(*node, scale));
        return;
    }
    if (stack.size() >= QUERY_DEPTH_MAX)
        refuse("The query is nested more than " + std::to_string(QUERY_DEPTH_MAX) + " deep");
    check_children(*node);
    stack.push_back({node, 0, results.size(), scale});
}

Xapian::Query Builder::build(const struct shim_query *tree) {
    enter(tree, 1);
    while (!stack.empty()) {
        Frame &frame = stack.back();
        if (frame.next_child < frame.node->count) {
            size_t i = frame.next_child++;
            enter(frame.node->children[i], child_scale(frame, i));
            continue;
        }
        Xapian::Query built = branch(frame);
        results.resize(frame.first);
        results.push_back(built);
        stack.pop_back();
    }
    return results.back();
}

} // namespace

Xapian::Query build_query(const struct shim_query *tree, const shim_database &database,
                          const Bm25 *bm25, SourceFault &fault) {
    return Builder(database, bm25, fault).build(tree);
}

} // namespace shim

char *shim_query_text(struct shim_database *database, const struct shim_query *query) {
    char *text = nullptr;
    shim::guarded(*database, [&] {
        shim::SourceFault fault;
        text =
            strdup(shim::build_query(query, *database, nullptr, fault).get_description().c_str());
        if (!text)
            throw std::bad_alloc();
        return static_cast<int>(SHIM_OK);
    });
    return text;
}
