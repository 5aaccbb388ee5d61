/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/ranking_options.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char ranking_options_help[] =
    "Ranking:\n"
    "      --ranking NAME        default, thorough or plain\n"
    "      --thorough            also words that the best passages share, and passages beside "
    "them\n"
    "      --plain               BM25 alone\n"
    "      --model NAME          another weighting, alone: BM25Plus, PL2, PL2Plus, DLH, DPH, BB2,\n"
    "                            IfB2, InL2, IneB2, LM, TfIdf, Coord\n"
    "      --k1 X, --b X         of BM25\n"
    "      --rank NAME=X         a number of the ranking: title, heading, speaker, proximity,\n"
    "                            context, inside, reach, fade, rarity, common, passages, words, "
    "keep,\n"
    "                            depth, neighbours (see plenary-report(1))\n"
    "\n";

bool ranking_option_is(int code) {
    return code >= RANKING_OPTION_FIRST && code < RANKING_OPTION_FIRST + 7;
}

static int parse_real(const char *name, const char *text, double *out, struct error *err) {
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end || !(value >= 0) || isinf(value))
        return error_set(err, PLENARY_EINVALID, "--%s: '%s' is not a number of 0 or more", name,
                         text);
    *out = value;
    return 0;
}

static int apply_number(struct ranking *ranking, const char *setting, struct error *err) {
    const struct {
        const char *name;
        double *real;
        uint32_t *whole;
    } numbers[] = {
        {"title", &ranking->title, NULL},
        {"heading", &ranking->heading, NULL},
        {"speaker", &ranking->speaker, NULL},
        {"proximity", &ranking->proximity, NULL},
        {"context", &ranking->context, NULL},
        {"inside", &ranking->inside, NULL},
        {"fade", &ranking->fade, NULL},
        {"rarity", &ranking->rarity, NULL},
        {"common", &ranking->common, NULL},
        {"keep", &ranking->keep, NULL},
        {"reach", NULL, &ranking->reach},
        {"passages", NULL, &ranking->feedback_passages},
        {"words", NULL, &ranking->feedback_words},
        {"depth", NULL, &ranking->depth},
    };
    const char *value = strchr(setting, '=');
    double number = 0;
    int status = value ? parse_real("rank", value + 1, &number, err) : 0;
    if (!value)
        return error_set(err, PLENARY_EINVALID, "--rank: write NAME=NUMBER, not '%s'", setting);
    size_t size = (size_t)(value - setting);
    if (!status && size == 10 && memcmp(setting, "neighbours", size) == 0) {
        ranking->neighbours = number > 0;
        return 0;
    }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers && !status; i++) {
        if (strlen(numbers[i].name) != size || memcmp(numbers[i].name, setting, size) != 0)
            continue;
        if (numbers[i].real)
            *numbers[i].real = number;
        if (numbers[i].whole)
            *numbers[i].whole = number < 1e9 ? (uint32_t)number : 1000000000;
        return 0;
    }
    return status ? status
                  : error_set(err, PLENARY_EINVALID, "--rank: there is no number '%.*s'", (int)size,
                              setting);
}

/* Names go to Xapian's registry; only what it could know passes. */
static int apply_model(struct search_request *request, const char *name, struct error *err) {
    static const char *const models[] = {"BM25", "BM25Plus", "PL2",   "PL2Plus", "DLH",
                                         "DPH",  "BB2",      "IfB2",  "InL2",    "IneB2",
                                         "LM",   "TfIdf",    "Coord", "Trad",    NULL};
    for (size_t i = 0; models[i]; i++)
        if (strcasecmp(models[i], name) == 0) {
            request->model = models[i];
            return 0;
        }
    return error_set(err, PLENARY_EINVALID,
                     "--model: '%s' is none of BM25, BM25Plus, PL2, PL2Plus, DLH, DPH, BB2, IfB2, "
                     "InL2, IneB2, LM, TfIdf, Coord, Trad",
                     name);
}

static int apply_profile(struct ranking *ranking, struct search_request *request, const char *name,
                         struct error *err) {
    static const struct ranking profiles[] = {RANKING_DEFAULT, RANKING_THOROUGH, RANKING_PLAIN};
    static const char *const names[] = {"default", "thorough", "plain"};
    for (size_t i = 0; i < 3; i++) {
        if (strcmp(names[i], name) != 0)
            continue;
        *ranking = profiles[i];
        request->k1 = profiles[i].feedback_passages ? RANKING_K1_THOROUGH : RANKING_K1;
        request->b = RANKING_B;
        return 0;
    }
    return error_set(err, PLENARY_EINVALID, "--ranking: '%s' is none of default, thorough or plain",
                     name);
}

int ranking_option_apply(struct ranking *ranking, struct search_request *request, int code,
                         const char *value, struct error *err) {
    switch (code - RANKING_OPTION_FIRST) {
    case 0:
        return apply_profile(ranking, request, "thorough", err);
    case 1:
        return apply_profile(ranking, request, "plain", err);
    case 2:
        return apply_model(request, value, err);
    case 3:
        return parse_real("k1", value, &request->k1, err);
    case 4:
        return parse_real("b", value, &request->b, err);
    case 6:
        return apply_profile(ranking, request, value, err);
    default:
        return apply_number(ranking, value, err);
    }
}
