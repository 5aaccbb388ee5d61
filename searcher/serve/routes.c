/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/serve/routes.h"

#include "searcher/escape.h"
#include "searcher/serve/assets.h"
#include "searcher/serve/token.h"

#include <microhttpd.h>
#include <string.h>

static void route_asset(struct exchange *x, const char *rest) {
    const struct asset *asset = asset_find(rest);
    const char *version = request_value(&x->request, "v");
    if (!asset) {
        exchange_problem(x, MHD_HTTP_NOT_FOUND, "not-found", NULL);
        return;
    }
    x->answer.type = asset->type;
    x->answer.fixed = asset->begin;
    x->answer.fixed_size = (size_t)(asset->end - asset->begin);
    x->answer.tagged = true;
    if (version && strcmp(version, assets_version()) == 0)
        x->answer.cache = "public, max-age=31536000, immutable";
}

static void route_openapi(struct exchange *x, const char *rest) {
    (void)rest;
    route_asset(x, "openapi.json");
}

static void route_icon(struct exchange *x, const char *rest) {
    (void)rest;
    route_asset(x, "icon.svg");
}

/* The component is fetched by pages of other hosts, under a name that stays. */
static void route_component(struct exchange *x, const char *rest) {
    (void)rest;
    route_asset(x, "plenary-search.js");
}

struct route {
    const char *path;
    bool below; /* and what begins so */
    bool page;
    bool open; /* without a token, too */
    enum metrics_kind kind;
    void (*answer)(struct exchange *x, const char *rest);
};

static const struct route routes[] = {
    {"/", false, true, false, METRICS_PAGE, page_search},
    {"/api/search", false, false, false, METRICS_SEARCH, api_search},
    {"/api/suggest", false, false, false, METRICS_SUGGEST, api_suggest},
    {"/api/documents/", true, false, false, METRICS_DOCUMENT, api_document},
    {"/api/documents", false, false, false, METRICS_DOCUMENT, api_documents},
    {"/api/passages/", true, false, false, METRICS_DOCUMENT, api_passage},
    {"/api/facets", false, false, false, METRICS_SEARCH, api_facets},
    {"/feed.atom", false, false, false, METRICS_SEARCH, feed_atom},
    {"/opensearch.xml", false, false, true, METRICS_OTHER, feed_opensearch},
    {"/openapi.json", false, false, true, METRICS_OTHER, route_openapi},
    {"/health", false, false, true, METRICS_OTHER, state_health},
    {"/metrics", false, false, false, METRICS_OTHER, state_metrics},
    {"/assets/", true, false, true, METRICS_ASSET, route_asset},
    {"/plenary-search.js", false, false, true, METRICS_ASSET, route_component},
    {"/favicon.ico", false, false, true, METRICS_ASSET, route_icon},
    {"/d/", true, true, false, METRICS_PAGE, page_document},
    {"/p/", true, true, false, METRICS_PAGE, page_passage},
    {"/speakers", false, true, false, METRICS_PAGE, page_speakers},
    {"/coverage", false, true, false, METRICS_PAGE, page_coverage},
    {"/help", false, true, false, METRICS_PAGE, page_help},
};

static const struct route *find_route(const char *path, const char **rest) {
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        size_t size = strlen(routes[i].path);
        if (strncmp(path, routes[i].path, size) == 0 &&
            (routes[i].below ? path[size] != '\0' : path[size] == '\0')) {
            *rest = path + size;
            return &routes[i];
        }
    }
    return NULL;
}

/* ---- What the headers say ------------------------------------------------------------------ */

static const char *header(const struct exchange *x, const char *name) {
    return MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, name);
}

/* A host is echoed into feeds: letters, digits and what else an authority is made of. */
static const char *checked_host(const char *host) {
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]";
    return host && *host && strlen(host) < 256 && !host[strspn(host, allowed)] ? host : NULL;
}

/* A cookie's value begins at what is returned. */
static const char *cookie(const struct exchange *x, const char *name) {
    return MHD_lookup_connection_value(x->connection, MHD_COOKIE_KIND, name);
}

static void read_headers(struct exchange *x) {
    const char *asked = request_value(&x->request, "lang");
    const char *sort = cookie(x, "plenary-sort");
    const char *theme = cookie(x, "plenary-theme");
    x->host = checked_host(header(x, MHD_HTTP_HEADER_HOST));
    x->language = words_choose(asked ? asked : cookie(x, "plenary-lang"),
                               header(x, MHD_HTTP_HEADER_ACCEPT_LANGUAGE));
    x->newest = sort && strcmp(sort, "newest") == 0;
    if (theme && strcmp(theme, "dark") == 0)
        x->theme = "dark";
    else if (theme && strcmp(theme, "light") == 0)
        x->theme = "light";
}

/* ---- Answering ----------------------------------------------------------------------------- */

static bool read_target(struct exchange *x) {
    struct error err = {0};
    int status = request_parse(&x->request, &x->arena, x->target, strlen(x->target), &err);
    if (status < 0) {
        exchange_problem(x, MHD_HTTP_URI_TOO_LONG, "limit", err.message);
        return false;
    }
    size_t prefix = strlen(x->site->prefix);
    x->path = x->request.path;
    if (prefix && strncmp(x->path, x->site->prefix, prefix) == 0 &&
        (x->path[prefix] == '/' || x->path[prefix] == '\0'))
        x->path = x->path[prefix] ? x->path + prefix : "/";
    return true;
}

static bool method_allowed(struct exchange *x, const char *method) {
    if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0)
        return true;
    if (strcmp(method, "OPTIONS") == 0) {
        x->answer.status = MHD_HTTP_NO_CONTENT;
        x->answer.open = true;
    } else {
        exchange_problem(x, MHD_HTTP_METHOD_NOT_ALLOWED, "method", NULL);
    }
    x->answer.allow = "GET, HEAD, OPTIONS";
    return false;
}

static void answer_route(struct exchange *x, const struct route *route, const char *rest) {
    x->answer.open = route->open;
    x->answer.page = route->page;
    if (!route->open && x->site->token &&
        !token_matches(x->site->token, header(x, MHD_HTTP_HEADER_AUTHORIZATION)))
        exchange_problem(x, MHD_HTTP_UNAUTHORIZED, "token", NULL);
    else
        route->answer(x, rest);
    if (x->answer.status == MHD_HTTP_BAD_REQUEST || x->answer.status == MHD_HTTP_NOT_FOUND ||
        x->answer.status == MHD_HTTP_SERVICE_UNAVAILABLE)
        if (route->page)
            page_problem(x);
}

enum metrics_kind routes_answer(struct exchange *x, const char *method) {
    const char *rest = "";
    x->answer.status = MHD_HTTP_OK;
    x->answer.type = "text/plain; charset=utf-8";
    if (!read_target(x) || !method_allowed(x, method))
        return METRICS_OTHER;
    read_headers(x);
    const struct route *route = find_route(x->path, &rest);
    if (!route) {
        exchange_problem(x, MHD_HTTP_NOT_FOUND, "not-found", NULL);
        if (strncmp(x->path, "/api/", 5) != 0)
            page_problem(x);
        return METRICS_OTHER;
    }
    answer_route(x, route, rest);
    return route->kind;
}
