/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/options.h"

#include "searcher/query_range.h"
#include "searcher/ranking_options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIMIT_MOST = 1000000, CONTEXT_MOST = 1000, WIDTH_MOST = 10000, PER_DOCUMENT = 3 };

const char search_options_help[] =
    "Usage: plenary-search [OPTION]... INDEX QUERY...\n"
    "Find the passages of meeting documents that answer QUERY, best first.\n"
    "\n"
    "Query:\n"
    "  trafficking smuggling     either word; passages with both come first\n"
    "  \"search and rescue\"       a phrase (in a shell: '\"search and rescue\"')\n"
    "  a AND b   NOT c   -c      both; without c\n"
    "  a NEAR/5 b   migra*       at most 5 words apart; words that begin so\n"
    "  organi?ation   embrak~    any one character there; words spelt nearly so\n"
    "  title:x speaker:x heading:x   in the title, by a speaker, under a heading\n"
    "  date:2017..2018  page:3..9  body:x  id:x  source:x  language:x   of these alone\n"
    "  word^2   (a b c)~2        weighs twice as much; at least two of them\n"
    "      --min-match N         at least N of the query's words, or N% of them\n"
    "      --synonyms FILE       lines such as: people smuggling = smuggling of migrants\n"
    "      --like ID             passages like this one\n"
    "\n"
    "Which passages:\n"
    "      --from DATE, --to DATE   of meetings from, until: 2018, 2018-08 or 2018-08-06\n"
    "      --in PATH             in documents under this folder, or whose path or id matches this\n"
    "                            glob; may be repeated: in any of them\n"
    "      --language NAME       in documents of this language: english, fr, ...\n"
    "      --strict              refuse a query that has to be repaired to be read\n"
    "      --no-accelerator      rank through Xapian alone: slower, the same answer\n"
    "\n"
    "How many, in what order:\n"
    "  -n, --limit N             at most N (10)\n"
    "      --offset N            leave out the first N\n"
    "      --sort ORDER          relevance (the default), date (newest first) or oldest\n"
    "      --after CURSOR        what comes behind the page that printed this cursor\n"
    "      --group[=N]           documents by their best passage, and up to N passages of each "
    "(3)\n"
    "      --group=sum[,N]       documents by all their passages together\n"
    "      --fold-duplicates     one of passages with the same words, and how many more\n"
    "      --count               print only how many passages match\n"
    "\n"
    "      --ranking NAME        plain (BM25; the default), default or thorough; also --model,\n"
    "                            --k1, --b and --rank, as for plenary-report\n"
    "\n"
    "What is shown:\n"
    "      --facet NAME          how matches spread over speaker, body, year, month, language,\n"
    "                            title or heading; may be repeated\n"
    "      --facet-limit N       values of each facet (10)\n"
    "      --histogram UNIT      matches by year or month, in order of time\n"
    "      --context N           N paragraphs before and after each passage\n"
    "      --snippet-length N    characters shown of a long passage (240); 0: all of it\n"
    "      --format FORMAT       text (the default), json, jsonl, csv or tsv\n"
    "      --explain             how the query was understood and what made each score\n"
    "      --color WHEN          auto (the default), always or never\n"
    "      --width N             wrap text at N columns; 0: never\n"
    "\n"
    "  -h, --help                print this\n"
    "  -V, --version             print the version\n"
    "\n"
    "Exit status: 0 found, 1 nothing found, 2 wrong usage, 4 index or I/O error.\n"
    "See plenary-search(1) for more, with examples.\n";

enum option_code {
    OPTION_FROM = 256,
    OPTION_TO,
    OPTION_IN,
    OPTION_OFFSET,
    OPTION_SORT,
    OPTION_CONTEXT,
    OPTION_GROUP,
    OPTION_COUNT,
    OPTION_EXPLAIN,
    OPTION_FORMAT,
    OPTION_LANGUAGE,
    OPTION_STRICT,
    OPTION_NO_ACCELERATOR,
    OPTION_COLOR,
    OPTION_SNIPPET_LENGTH,
    OPTION_WIDTH,
    OPTION_MIN_MATCH,
    OPTION_SYNONYMS,
    OPTION_LIKE,
    OPTION_AFTER,
    OPTION_FOLD,
    OPTION_FACET,
    OPTION_FACET_LIMIT,
    OPTION_HISTOGRAM,
};

static const struct option long_options[] = {
    {"from", required_argument, NULL, OPTION_FROM},
    {"to", required_argument, NULL, OPTION_TO},
    {"in", required_argument, NULL, OPTION_IN},
    {"limit", required_argument, NULL, 'n'},
    {"offset", required_argument, NULL, OPTION_OFFSET},
    {"sort", required_argument, NULL, OPTION_SORT},
    {"context", required_argument, NULL, OPTION_CONTEXT},
    {"group", optional_argument, NULL, OPTION_GROUP},
    {"count", no_argument, NULL, OPTION_COUNT},
    {"explain", no_argument, NULL, OPTION_EXPLAIN},
    {"format", required_argument, NULL, OPTION_FORMAT},
    {"language", required_argument, NULL, OPTION_LANGUAGE},
    {"strict", no_argument, NULL, OPTION_STRICT},
    {"no-accelerator", no_argument, NULL, OPTION_NO_ACCELERATOR},
    {"color", required_argument, NULL, OPTION_COLOR},
    {"colour", required_argument, NULL, OPTION_COLOR},
    {"snippet-length", required_argument, NULL, OPTION_SNIPPET_LENGTH},
    {"width", required_argument, NULL, OPTION_WIDTH},
    {"min-match", required_argument, NULL, OPTION_MIN_MATCH},
    {"synonyms", required_argument, NULL, OPTION_SYNONYMS},
    {"like", required_argument, NULL, OPTION_LIKE},
    {"after", required_argument, NULL, OPTION_AFTER},
    {"fold-duplicates", no_argument, NULL, OPTION_FOLD},
    {"facet", required_argument, NULL, OPTION_FACET},
    {"facet-limit", required_argument, NULL, OPTION_FACET_LIMIT},
    {"histogram", required_argument, NULL, OPTION_HISTOGRAM},
    RANKING_LONG_OPTIONS,
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

/* ---- Values ------------------------------------------------------------------------------- */

static int parse_number(const char *option, const char *text, unsigned long most,
                        unsigned long *out, struct error *err) {
    char *end;
    errno = 0;
    unsigned long number = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || errno || number > most)
        return error_set(err, PLENARY_EINVALID, "--%s: '%s' is not a number from 0 to %lu", option,
                         text, most);
    *out = number;
    return 0;
}

static int parse_date(const char *option, const char *text, uint32_t *out, struct error *err) {
    if (query_date_read(text, strlen(text), out))
        return 0;
    return error_set(err, PLENARY_EINVALID,
                     "--%s: '%s' is not a date; write 2018, 2018-08 or 2018-08-06", option, text);
}

/* The index of `text` in `names`, which end with NULL. */
static int parse_choice(const char *option, const char *text, const char *const *names,
                        unsigned *out, struct error *err) {
    char list[80] = "";
    for (unsigned i = 0; names[i]; i++) {
        if (strcmp(text, names[i]) == 0) {
            *out = i;
            return 0;
        }
        size_t used = strlen(list);
        const char *between = i == 0 ? "" : names[i + 1] ? ", " : " or ";
        snprintf(list + used, sizeof list - used, "%s%s", between, names[i]);
    }
    return error_set(err, PLENARY_EINVALID, "--%s: '%s' is none of %s", option, text, list);
}

static int parse_language(const char *text, int *out, struct error *err) {
    *out = language_number(text);
    if (*out >= 0)
        return 0;
    char list[320] = "";
    for (int i = 0; language_name(i); i++) {
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "", language_name(i));
    }
    return error_set(err, PLENARY_EINVALID, "--language: '%s' is not known; known are %s", text,
                     list);
}

static int take_in(struct search_options *options, const char *value, struct error *err) {
    struct search_filter *filter = &options->request.filter;
    if (!*value)
        return error_set(err, PLENARY_EINVALID, "--in: name a folder, a file, an id or a glob");
    char **in = reallocarray(options->in, filter->in_count + 1, sizeof *in);
    if (!in)
        return error_memory(err);
    options->in = in;
    filter->in = (const char *const *)in;
    in[filter->in_count] = strdup(value);
    return in[filter->in_count++] ? 0 : error_memory(err);
}

static int take_facet(struct search_options *options, const char *value, struct error *err) {
    enum facet_field field;
    if (!facet_field_parse(value, &field))
        return error_set(err, PLENARY_EINVALID,
                         "--facet: '%s' is none of speaker, body, year, month, language, title or "
                         "heading",
                         value);
    options->request.facets |= FACET_BIT(field);
    return 0;
}

/* "2" or "75%". */
static int take_least(struct search_options *options, const char *value, struct error *err) {
    struct search_least *least = &options->request.least;
    size_t digits = strspn(value, "0123456789");
    least->percent = value[digits] == '%';
    if (!digits || digits > 4 || value[digits + least->percent])
        return error_set(err, PLENARY_EINVALID,
                         "--min-match: '%s' is neither a number such as 2 nor a share such as 75%%",
                         value);
    least->value = (uint32_t)strtoul(value, NULL, 10);
    if (least->percent && least->value > 100)
        return error_set(err, PLENARY_EINVALID, "--min-match: %u%% is more than all of them",
                         (unsigned)least->value);
    return 0;
}

/* "", "5", "sum" or "sum,5". */
static int take_group(struct search_options *options, const char *value, struct error *err) {
    struct search_request *request = &options->request;
    unsigned long number = PER_DOCUMENT;
    int status = 0;
    request->group_sum = value && strncmp(value, "sum", 3) == 0;
    if (request->group_sum)
        value = value[3] == ',' ? value + 4 : value[3] ? value : NULL;
    if (value)
        status = parse_number("group", value, CONTEXT_MOST, &number, err);
    if (status >= 0 && !number)
        status = error_set(err, PLENARY_EINVALID, "--group: show at least 1 passage of each");
    request->per_document = (uint32_t)number;
    return status;
}

/* ---- Options ------------------------------------------------------------------------------ */

static int apply_number(struct search_options *options, int code, const char *value,
                        struct error *err) {
    struct search_request *request = &options->request;
    unsigned long number = 0;
    int status = 0;
    switch (code) {
    case 'n':
        status = parse_number("limit", value, LIMIT_MOST, &number, err);
        request->limit = (uint32_t)number;
        break;
    case OPTION_OFFSET:
        status = parse_number("offset", value, LIMIT_MOST, &number, err);
        request->offset = (uint32_t)number;
        break;
    case OPTION_CONTEXT:
        status = parse_number("context", value, CONTEXT_MOST, &number, err);
        options->context = (unsigned)number;
        break;
    case OPTION_WIDTH:
        status = parse_number("width", value, WIDTH_MOST, &number, err);
        options->width = (int)number;
        break;
    case OPTION_FACET_LIMIT:
        status = parse_number("facet-limit", value, LIMIT_MOST, &number, err);
        request->facet_limit = (uint32_t)number;
        break;
    case OPTION_SNIPPET_LENGTH:
        status = parse_number("snippet-length", value, SNIPPET_MOST, &number, err);
        if (status >= 0 && number && number < SNIPPET_LEAST)
            status = error_set(err, PLENARY_EINVALID,
                               "--snippet-length: %lu is too short; at least %d, or 0 for all of "
                               "a passage",
                               number, SNIPPET_LEAST);
        options->snippet_length = (unsigned)number;
        break;
    }
    return status;
}

static int apply_choice(struct search_options *options, int code, const char *value,
                        struct error *err) {
    static const char *const orders[] = {"relevance", "date", "oldest", NULL};
    static const char *const units[] = {"year", "month", NULL};
    static const char *const colours[] = {"auto", "always", "never", NULL};
    static const char *const formats[] = {"text", "json", "jsonl", "csv", "tsv", NULL};
    unsigned choice = 0;
    int status = 0;
    switch (code) {
    case OPTION_SORT:
        status = parse_choice("sort", value, orders, &choice, err);
        options->request.sort = (enum search_sort)choice;
        break;
    case OPTION_HISTOGRAM:
        status = parse_choice("histogram", value, units, &choice, err);
        options->request.histogram |= FACET_BIT(choice ? FACET_MONTH : FACET_YEAR);
        break;
    case OPTION_COLOR:
        status = parse_choice("color", value, colours, &choice, err);
        options->colour = (enum colour_choice)choice;
        break;
    case OPTION_FORMAT:
        status = parse_choice("format", value, formats, &choice, err);
        if (status >= 0)
            output_format_parse(value, &options->format);
        break;
    }
    return status;
}

static int apply(struct search_options *options, int code, const char *value, struct error *err) {
    struct search_request *request = &options->request;
    if (ranking_option_is(code))
        return ranking_option_apply(&options->ranking, request, code, value, err);
    switch (code) {
    case OPTION_FROM:
        return parse_date("from", value, &request->filter.from, err);
    case OPTION_TO:
        return parse_date("to", value, &request->filter.to, err);
    case OPTION_IN:
        return take_in(options, value, err);
    case OPTION_LANGUAGE:
        return parse_language(value, &request->filter.language, err);
    case OPTION_GROUP:
        return take_group(options, value, err);
    case OPTION_FACET:
        return take_facet(options, value, err);
    case OPTION_MIN_MATCH:
        return take_least(options, value, err);
    case OPTION_SYNONYMS:
        options->synonyms = value;
        return 0;
    case OPTION_LIKE:
        options->like = value;
        return 0;
    case OPTION_AFTER:
        request->after = value;
        return 0;
    case OPTION_FOLD:
        request->fold_duplicates = true;
        return 0;
    case OPTION_SORT:
    case OPTION_COLOR:
    case OPTION_FORMAT:
    case OPTION_HISTOGRAM:
        return apply_choice(options, code, value, err);
    case OPTION_COUNT:
        request->count_only = true;
        return 0;
    case OPTION_EXPLAIN:
        options->explain = true;
        return 0;
    case OPTION_STRICT:
        options->strict = true;
        return 0;
    case OPTION_NO_ACCELERATOR:
        options->request.plain = true;
        return 0;
    case 'h':
        options->action = ACTION_HELP;
        return 0;
    case 'V':
        options->action = ACTION_VERSION;
        return 0;
    default:
        return apply_number(options, code, value, err);
    }
}

/* The first word that is no option is the index, the others are the query. */
static void take_word(struct search_options *options, const char *word) {
    if (!options->index) {
        options->index = word;
        return;
    }
    if (options->query.size)
        bytes_add_byte(&options->query, ' ');
    bytes_add_string(&options->query, word);
}

/* A word with one dash in front that is not -h, -V, -n or -nNUMBER. */
static bool is_query_word(const char *word) {
    if (word[0] != '-' || word[1] == '-' || !word[1])
        return false;
    if (strcmp(word, "-h") == 0 || strcmp(word, "-V") == 0)
        return false;
    return word[1] != 'n' || word[2 + strspn(word + 2, "0123456789")] != '\0';
}

static int wrong_option(int code, char **argv, struct error *err) {
    const char *word = argv[optind - 1];
    if (code == ':' && optopt == 'n')
        return error_set(err, PLENARY_EINVALID, "-n, --limit: the number is missing");
    if (code == ':')
        return error_set(err, PLENARY_EINVALID, "%s: its value is missing", word);
    if (optopt)
        return error_set(err, PLENARY_EINVALID, "%s: this option takes no value", word);
    return error_set(
        err, PLENARY_EINVALID,
        "%s: no such option, or short for several; if it is part of the query, put -- before it",
        word);
}

static int take_all(struct search_options *options, int argc, char **argv, struct error *err) {
    int status = 0;
    optind = 0; /* glibc: start over */
    opterr = 0;
    while (status >= 0 && options->action == ACTION_SEARCH) {
        int next = optind ? optind : 1;
        if (next < argc && is_query_word(argv[next])) {
            take_word(options, argv[next]);
            optind = next + 1;
            continue;
        }
        int code = getopt_long(argc, argv, "-:hVn:", long_options, NULL);
        if (code == -1)
            break;
        if (code == 1)
            take_word(options, optarg);
        else if (code == '?' || code == ':')
            status = wrong_option(code, argv, err);
        else
            status = apply(options, code, optarg, err);
    }
    for (; status >= 0 && options->action == ACTION_SEARCH && optind < argc; optind++)
        take_word(options, argv[optind]);
    return status;
}

/* The last day that a date can mean. */
static uint32_t last_day(uint32_t date) {
    uint32_t month = date / 100 % 100, day = date % 100;
    return date + (month ? 0 : 1200) + (day ? 0 : 31);
}

static int check(struct search_options *options, struct error *err) {
    const struct search_filter *filter = &options->request.filter;
    if (!options->index)
        return error_set(err, PLENARY_EINVALID,
                         "name an index and a query, such as: plenary-search meetings.index "
                         "trafficking");
    if (options->query.failed)
        return error_memory(err);
    const char *query = options->query.data ? (const char *)options->query.data : "";
    size_t blank = 0;
    while (blank < options->query.size && strchr(" \t\r\n", query[blank]))
        blank++;
    if (options->request.after && options->request.offset)
        return error_set(err, PLENARY_EINVALID, "--after and --offset do not go together");
    if (blank == options->query.size && !options->like)
        return error_set(err, PLENARY_EINVALID,
                         "the query is empty; say what to look for, such as: plenary-search %s "
                         "trafficking",
                         options->index);
    if (filter->from && filter->to && filter->from > last_day(filter->to))
        return error_set(err, PLENARY_EINVALID, "--from is later than --to: no date is in between");
    options->request.text = query;
    options->request.text_size = options->query.size;
    return 0;
}

int search_options_parse(struct search_options *out, int argc, char **argv, struct error *err) {
    *out = (struct search_options){
        .request = SEARCH_REQUEST_INIT,
        .ranking = RANKING_PLAIN,
        .query = BYTES_INIT,
        .snippet_length = SNIPPET_LENGTH,
        .width = WIDTH_AUTO,
    };
    int status = take_all(out, argc, argv, err);
    if (status >= 0 && out->action == ACTION_SEARCH)
        status = check(out, err);
    return status;
}

void search_options_free(struct search_options *options) {
    bytes_free(&options->query);
    for (size_t i = 0; i < options->request.filter.in_count; i++)
        free(options->in[i]);
    free(options->in);
    options->in = NULL;
    options->request.filter.in = NULL;
    options->request.filter.in_count = 0;
}
