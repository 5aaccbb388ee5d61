/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/serve/exchange.h"

#include "corpus/error.h"
#include "searcher/serve/metrics.h"
#include "searcher/serve/text.h"

#include <microhttpd.h>
#include <string.h>

static const char *title_of(unsigned status) {
    switch (status) {
    case MHD_HTTP_BAD_REQUEST:
        return "The request makes no sense";
    case MHD_HTTP_UNAUTHORIZED:
        return "A token is needed";
    case MHD_HTTP_NOT_FOUND:
        return "There is no such thing here";
    case MHD_HTTP_METHOD_NOT_ALLOWED:
        return "Only GET and HEAD are answered";
    case MHD_HTTP_URI_TOO_LONG:
        return "The request asks too much";
    case MHD_HTTP_SERVICE_UNAVAILABLE:
        return "The search took too long";
    default:
        return "Something went wrong on our side";
    }
}

void exchange_problem(struct exchange *x, unsigned status, const char *kind, const char *detail) {
    struct answer *answer = &x->answer;
    bytes_reset(&answer->body);
    answer->fixed = NULL;
    answer->status = status;
    answer->type = "application/problem+json";
    answer->page = answer->tagged = false;
    answer->cache = "no-store";
    answer->disposition = NULL;
    bytes_printf(&answer->body,
                 "{\"type\":\"urn:plenary:problem:%s\",\"title\":\"%s\",\"status\":%u", kind,
                 title_of(status), status);
    if (detail)
        text_json_field(&answer->body, "detail", detail);
    bytes_add_string(&answer->body, "}\n");
}

void exchange_failure(struct exchange *x, const struct plenary_failure *failure) {
    switch (failure->code) {
    case PLENARY_EINVALID:
        exchange_problem(x, MHD_HTTP_BAD_REQUEST, "invalid", failure->message);
        break;
    case PLENARY_ELIMIT:
        exchange_problem(x, MHD_HTTP_BAD_REQUEST, "limit", failure->message);
        break;
    case PLENARY_ENOTFOUND:
        exchange_problem(x, MHD_HTTP_NOT_FOUND, "not-found", failure->message);
        break;
    case PLENARY_ESTOPPED:
        atomic_fetch_add(&x->site->metrics->cut_off, 1);
        exchange_problem(x, MHD_HTTP_SERVICE_UNAVAILABLE, "time", failure->message);
        break;
    default: /* messages of these may name files of the server */
        exchange_problem(x, MHD_HTTP_INTERNAL_SERVER_ERROR, "internal", NULL);
    }
}

void exchange_base(const struct exchange *x, struct bytes *out) {
    if (x->site->url)
        bytes_add_string(out, x->site->url);
    else if (x->host)
        bytes_printf(out, "http://%s", x->host);
    bytes_add_string(out, x->site->prefix);
}
