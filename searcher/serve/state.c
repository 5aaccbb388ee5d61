/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /health and /metrics, for those who watch over the server.
 */
#include "searcher/serve/metrics.h"
#include "searcher/serve/routes.h"

#include <inttypes.h>

void state_health(struct exchange *x, const char *rest) {
    struct plenary_state state;
    (void)rest;
    plenary_state(x->site->plenary, &state);
    x->answer.type = "application/json";
    x->answer.cache = "no-store";
    bytes_printf(&x->answer.body,
                 "{\"status\":\"ok\",\"version\":\"%s\",\"generation\":%" PRIu64
                 ",\"documents\":%" PRIu64 ",\"passages\":%" PRIu64 "}\n",
                 plenary_version(), state.generation, state.documents, state.passages);
}

void state_metrics(struct exchange *x, const char *rest) {
    struct plenary_state state;
    (void)rest;
    plenary_state(x->site->plenary, &state);
    x->answer.type = "text/plain; version=0.0.4; charset=utf-8";
    x->answer.cache = "no-store";
    metrics_write(&x->answer.body, x->site->metrics, &state,
                  x->site->connections ? x->site->connections(x->site->server) : 0);
}
