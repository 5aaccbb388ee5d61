#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""trec_eval's measures, written again from their definitions: the oracle that `plenary-report eval`
is compared with. Slow and plain on purpose; shares no code with the program.

usage: oracle.py [-q] [-c] QRELS RUN     lines "measure <tab> topic <tab> value"

bpref: Buckley and Voorhees, SIGIR 2004, with trec_eval's bound min(judged non-relevant, R).
nDCG: Jarvelin and Kekalainen, TOIS 2002, gain = judgement, discount log2(rank + 1).
Ties: by docno, the larger first, as trec_eval's form_res_rels sorts; scores are floats there.
"""
import math
import struct
import sys

CUTS = [5, 10, 15, 20, 30, 100, 200, 500, 1000]
SUCCESS = [1, 5, 10]


def single(text):
    """A score as trec_eval keeps it: a C float."""
    return struct.unpack("f", struct.pack("f", float(text)))[0]


def read(path, value, column):
    topics = {}
    for line in open(path, encoding="utf-8", errors="surrogateescape"):
        field = line.split()
        if len(field) > column:
            topics.setdefault(field[0], {})[field[2]] = value(field[column])
    return topics


def measure(judged, found):
    order = sorted(found, key=lambda doc: doc.encode("utf-8", "surrogateescape"), reverse=True)
    order.sort(key=lambda doc: -found[doc])
    gains = [judged.get(doc) for doc in order]
    relevant = [gain is not None and gain >= 1 for gain in gains]
    total = sum(1 for gain in judged.values() if gain >= 1)
    nonrelevant = sum(1 for gain in judged.values() if gain == 0)
    out = {"num_ret": len(order), "num_rel": total, "num_rel_ret": sum(relevant)}
    precision_at = lambda k: sum(relevant[:k]) / k
    out["map"] = sum(precision_at(i + 1) for i, r in enumerate(relevant) if r) / total if total else 0
    out["Rprec"] = precision_at(total) if total else 0
    out["recip_rank"] = 1 / (relevant.index(True) + 1) if True in relevant else 0
    bpref, above, bound = 0, 0, min(total, nonrelevant)
    for gain in gains:
        if gain == 0:
            above += 1
        elif gain is not None and gain >= 1:
            bpref += 1 - min(above, total) / bound if above else 1
    out["bpref"] = bpref / total if total else 0
    ideal = sorted((gain for gain in judged.values() if gain > 0), reverse=True)
    dcg = lambda list_: sum(g / math.log2(i + 2) for i, g in enumerate(list_) if g and g > 0)
    out["ndcg"] = dcg(gains) / dcg(ideal) if total else 0
    for k in CUTS:
        out["P_%d" % k] = precision_at(k)
        out["recall_%d" % k] = sum(relevant[:k]) / total if total else 0
        out["ndcg_cut_%d" % k] = dcg(gains[:k]) / dcg(ideal[:k]) if total else 0
    for k in SUCCESS:
        out["success_%d" % k] = 1 if any(relevant[:k]) else 0
    return out


def main():
    flags, (qrels_path, run_path) = sys.argv[1:-2], sys.argv[-2:]
    qrels, run = read(qrels_path, int, 3), read(run_path, single, 4)
    each = {}
    # What trec_eval leaves out of its averages: topics that only one of the two files has, and
    # with -c only those that the qrels lack.
    for topic in qrels:
        if topic in run or "-c" in flags:
            each[topic] = measure(qrels[topic], run.get(topic, {}))
    if "-q" in flags:
        for topic, values in each.items():
            if topic in run:
                for name, value in values.items():
                    show(name, topic, value)
    print("num_q\tall\t%d" % len(each))
    if not each:
        return
    for name in next(iter(each.values())):
        total = sum(values[name] for values in each.values())
        show(name, "all", total if name.startswith("num_") else total / len(each))


def show(name, topic, value):
    print("%s\t%s\t%s" % (name, topic, "%d" % value if name.startswith("num_") else "%.4f" % value))


if __name__ == "__main__":
    main()
