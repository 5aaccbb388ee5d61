/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which part of the server answers which address.
 */
#ifndef PLENARY_SERVE_ROUTES_H
#define PLENARY_SERVE_ROUTES_H

#include "searcher/serve/exchange.h"
#include "searcher/serve/metrics.h"

/* Fill in the answer of an exchange whose target is set. */
enum metrics_kind routes_answer(struct exchange *x, const char *method);

/* ---- The answers: `rest` is what stands behind the route's own path ------------------------- */

void api_search(struct exchange *x, const char *rest);
void api_suggest(struct exchange *x, const char *rest);
void api_documents(struct exchange *x, const char *rest);
void api_document(struct exchange *x, const char *rest);
void api_passage(struct exchange *x, const char *rest);
void api_facets(struct exchange *x, const char *rest);
void feed_atom(struct exchange *x, const char *rest);
void feed_opensearch(struct exchange *x, const char *rest);
void state_health(struct exchange *x, const char *rest);
void state_metrics(struct exchange *x, const char *rest);
void page_search(struct exchange *x, const char *rest);
void page_document(struct exchange *x, const char *rest);
void page_passage(struct exchange *x, const char *rest);
void page_speakers(struct exchange *x, const char *rest);
void page_coverage(struct exchange *x, const char *rest);
void page_help(struct exchange *x, const char *rest);
/* An HTML page instead of the problem object that the answer is. */
void page_problem(struct exchange *x);

#endif
