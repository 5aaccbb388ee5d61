/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/options.h"

#include "indexer/analysis/analyser.h"
#include "indexer/index.h"
#include "indexer/segment/posting_builder.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    OPTION_LANGUAGE = 256,
    OPTION_FORMAT,
    OPTION_WHOLE,
    OPTION_PRUNE,
    OPTION_DELETE,
    OPTION_DRY_RUN,
    OPTION_INFO,
    OPTION_CHECK,
    OPTION_BUILDER,
    OPTION_WAIT,
    OPTION_JOBS,
    OPTION_MEMORY,
    OPTION_PORTABLE,
    OPTION_MERGE,
    OPTION_LIMIT_MEMORY,
    OPTION_LIMIT_SECONDS,
    OPTION_MIN_WORDS,
};

static const struct option long_options[] = {
    {"language", required_argument, NULL, OPTION_LANGUAGE},
    {"format", required_argument, NULL, OPTION_FORMAT},
    {"whole", no_argument, NULL, OPTION_WHOLE},
    {"min-words", required_argument, NULL, OPTION_MIN_WORDS},
    {"prune", no_argument, NULL, OPTION_PRUNE},
    {"delete", no_argument, NULL, OPTION_DELETE},
    {"dry-run", no_argument, NULL, OPTION_DRY_RUN},
    {"info", no_argument, NULL, OPTION_INFO},
    {"check", no_argument, NULL, OPTION_CHECK},
    {"builder", required_argument, NULL, OPTION_BUILDER},
    {"wait", required_argument, NULL, OPTION_WAIT},
    {"jobs", required_argument, NULL, OPTION_JOBS},
    {"memory", required_argument, NULL, OPTION_MEMORY},
    {"portable", no_argument, NULL, OPTION_PORTABLE},
    {"merge", no_argument, NULL, OPTION_MERGE},
    {"limit-memory", required_argument, NULL, OPTION_LIMIT_MEMORY},
    {"limit-seconds", required_argument, NULL, OPTION_LIMIT_SECONDS},
    {"quiet", no_argument, NULL, 'q'},
    {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

void index_options_help(void) {
    fputs(
        "usage: plenary-index INDEX PATH...      add or refresh files and folders\n"
        "       plenary-index --delete INDEX ID-OR-PATH...\n"
        "       plenary-index --merge INDEX      make one segment of all, without what is deleted\n"
        "       plenary-index --dry-run PATH...  show how documents are cut into passages\n"
        "       plenary-index --info INDEX       show what is in an index\n"
        "       plenary-index --check INDEX      verify every byte of an index\n"
        "\n"
        "INDEX is a folder, made if it is not there. A PATH is a file, a folder (read with all\n"
        "its subfolders) or - for standard input. Plain text, Markdown, HTML, PDF, DOCX, ODT, "
        "RTF,\n"
        "PPTX, ODP, mail, captions, XML, JSON Lines and TSV are read, gzip of any of them, and\n"
        "archives (zip, tar) of all these. A document that is there already with the same content\n"
        "is left alone, a changed one is replaced.\n"
        "\n"
        "Reading\n"
        "  --language NAME   stem words as this language (english, fr, ... or none);\n"
        "                    auto, the default, tells each document's language by its text\n"
        "  --format NAME     text, markdown, html, jsonl, tsv, docx, odt, pptx, odp, rtf, mail,\n"
        "                    mbox, captions, xml, pdf or archive; auto (the default) looks\n"
        "  --whole           keep a record in one passage instead of cutting paragraphs\n"
        "  --limit-memory MIB, --limit-seconds N\n"
        "                    stop reading a file (PDF, office, mail, member of an archive, ...)\n"
        "                    that needs more memory or processor time than this (1024, 20)\n"
        "  --min-words N     join turns of speech of fewer words to their neighbours (0: never,\n"
        "                    the default); not those of records\n"
        "\n"
        "Updating\n"
        "  --prune           drop documents whose source is gone\n"
        "  --delete          drop the documents with these ids or from these files\n"
        "  --wait SECONDS    wait for another writer of this index (default: do not)\n"
        "  --portable        make a new index such that other Xapian programs search it, too\n"
        "                    (larger and slower to build; the index keeps to it)\n"
        "  --jobs N          threads (default: one for each processor)\n"
        "  --memory MIB      build in about this much memory (default: a quarter of what there\n"
        "                    is, at most 2048; about 130 are needed)\n"
        "  --builder NAME    how postings are written: glass (the default) or xapian\n"
        "                    (Xapian's own writer, slow)\n"
        "\n"
        "Telling\n"
        "  -q, --quiet       nothing but errors and skipped documents\n"
        "  -v, --verbose     say more about each file, and how far it is\n"
        "  -h, --help        this text\n"
        "  -V, --version     the version\n"
        "\n"
        "Exit status: 0 all well, 2 wrong usage, 3 some documents were skipped (each is named),\n"
        "4 the index could not be read or written.\n",
        stdout);
}

__attribute__((format(printf, 1, 2))) static bool usage(const char *format, ...) {
    va_list args;
    va_start(args, format);
    fputs("plenary-index: ", stderr);
    vfprintf(stderr, format, args);
    fputs("\nTry 'plenary-index --help'.\n", stderr);
    va_end(args);
    return false;
}

static bool parse_language(struct index_options *options, const char *name) {
    options->language = strcmp(name, "auto") == 0 ? -1 : language_number(name);
    if (options->language >= 0 || strcmp(name, "auto") == 0)
        return true;
    fprintf(stderr, "plenary-index: --language %s: no such stemmer; there are auto", name);
    for (int i = 0; language_name(i); i++)
        fprintf(stderr, ", %s", language_name(i));
    fputc('\n', stderr);
    return false;
}

static bool parse_wait(struct index_options *options, const char *text) {
    char *end;
    errno = 0;
    unsigned long seconds = strtoul(text, &end, 10);
    if (errno || *end || end == text || text[0] == '-' || seconds > INT_MAX)
        return usage("--wait %s: seconds are wanted, such as --wait 30", text);
    options->wait = (unsigned)seconds;
    return true;
}

static bool parse_number(const char *option, const char *text, unsigned long most,
                         unsigned long *out) {
    char *end;
    errno = 0;
    *out = strtoul(text, &end, 10);
    if (errno || *end || end == text || text[0] == '-' || *out < 1 || *out > most)
        return usage("%s %s: a number from 1 to %lu is wanted", option, text, most);
    return true;
}

static bool parse_jobs(struct index_options *options, const char *text) {
    unsigned long jobs;
    if (!parse_number("--jobs", text, INDEX_WORKERS, &jobs))
        return false;
    options->jobs = (unsigned)jobs;
    return true;
}

/* 0 is allowed: nothing is joined. */
static bool parse_min_words(struct index_options *options, const char *text) {
    unsigned long words = 0;
    if (strcmp(text, "0") != 0 && !parse_number("--min-words", text, 1000, &words))
        return false;
    options->corpus.min_words = (unsigned)words;
    return true;
}

static bool parse_memory(struct index_options *options, const char *text) {
    unsigned long mebibytes;
    if (!parse_number("--memory", text, 1ul << 20, &mebibytes))
        return false;
    options->memory = (size_t)mebibytes << 20;
    return true;
}

static bool parse_limit_memory(struct index_options *options, const char *text) {
    unsigned long mebibytes;
    if (!parse_number("--limit-memory", text, 1ul << 20, &mebibytes))
        return false;
    options->limits.memory = (uint64_t)mebibytes << 20;
    return true;
}

static bool parse_limit_seconds(struct index_options *options, const char *text) {
    unsigned long seconds;
    if (!parse_number("--limit-seconds", text, 86400, &seconds))
        return false;
    options->limits.seconds = (unsigned)seconds;
    return true;
}

/* A quarter of what there is, at most 2 GiB; and a thread for each processor. */
static void set_machine_defaults(struct index_options *options) {
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t quarter = pages > 0 && page > 0 ? (size_t)pages / 4 * (size_t)page : (size_t)512 << 20;
    size_t most = (size_t)2 << 30;
    options->memory = quarter < most ? quarter : most;
    options->jobs = processors < 1               ? 1
                    : processors > INDEX_WORKERS ? INDEX_WORKERS
                                                 : (unsigned)processors;
}

static bool set_task(struct index_options *options, enum index_task task) {
    if (options->task != TASK_ADD && options->task != task)
        return usage("--delete, --merge, --dry-run, --info and --check do not go together");
    options->task = task;
    return true;
}

static bool parse_option(struct index_options *options, int option) {
    switch (option) {
    case OPTION_LANGUAGE:
        return parse_language(options, optarg);
    case OPTION_FORMAT:
        return corpus_format_parse(optarg, &options->corpus.format) ||
               usage("--format %s: no such format; there are auto, text, markdown, html, jsonl, "
                     "tsv, docx, odt, pptx, odp, rtf, mail, mbox, captions, xml, pdf, archive",
                     optarg);
    case OPTION_LIMIT_MEMORY:
        return parse_limit_memory(options, optarg);
    case OPTION_LIMIT_SECONDS:
        return parse_limit_seconds(options, optarg);
    case OPTION_WHOLE:
        options->corpus.whole = true;
        return true;
    case OPTION_MIN_WORDS:
        return parse_min_words(options, optarg);
    case OPTION_PRUNE:
        options->prune = true;
        return true;
    case OPTION_DELETE:
        return set_task(options, TASK_DELETE);
    case OPTION_MERGE:
        return set_task(options, TASK_MERGE);
    case OPTION_DRY_RUN:
        return set_task(options, TASK_DRY_RUN);
    case OPTION_INFO:
        return set_task(options, TASK_INFO);
    case OPTION_CHECK:
        return set_task(options, TASK_CHECK);
    case OPTION_BUILDER:
        options->builder = optarg;
        if (strcmp(optarg, "portable") == 0)
            return usage("--builder portable: write --portable when the index is made");
        return posting_builder_named(optarg) ||
               usage("--builder %s: no such builder; there are glass and xapian", optarg);
    case OPTION_WAIT:
        return parse_wait(options, optarg);
    case OPTION_JOBS:
        return parse_jobs(options, optarg);
    case OPTION_MEMORY:
        return parse_memory(options, optarg);
    case OPTION_PORTABLE:
        options->portable = true;
        return true;
    case 'q':
        options->quiet = true;
        return true;
    case 'v':
        options->verbose = true;
        return true;
    default:
        return false;
    }
}

/* --dry-run touches no index, but people put it into a command that names one. */
static void skip_index(struct index_options *options) {
    char manifest[PATH_MAX];
    struct stat status;
    const char *first = options->paths[0];
    snprintf(manifest, sizeof manifest, "%s/manifest.json", first);
    bool is_index = stat(manifest, &status) == 0;
    bool is_absent = strcmp(first, "-") != 0 && stat(first, &status) != 0;
    if (options->path_count > 1 && (is_index || is_absent)) {
        options->paths++;
        options->path_count--;
    }
}

static bool take_arguments(struct index_options *options, int argc, char **argv) {
    options->paths = (const char *const *)(argv + optind);
    options->path_count = (size_t)(argc - optind);
    if (options->task == TASK_DRY_RUN) {
        if (options->path_count == 0)
            return usage("--dry-run needs a PATH to read");
        skip_index(options);
        return true;
    }
    if (options->path_count == 0)
        return usage("an INDEX folder is needed");
    options->index = *options->paths++;
    options->path_count--;
    if (options->index[0] == '\0')
        return usage("the INDEX folder has an empty name");
    bool wants_paths = options->task == TASK_ADD || options->task == TASK_DELETE;
    if (wants_paths && options->path_count == 0 && !options->prune)
        return usage("nothing to do: name the files or folders to %s",
                     options->task == TASK_ADD ? "index" : "delete");
    if (options->portable && options->task != TASK_ADD)
        return usage("--portable is for making an index and adding to it");
    if (!wants_paths && options->path_count > 0)
        return usage("%s: one INDEX at a time", options->paths[0]);
    return true;
}

bool index_options_parse(struct index_options *options, int argc, char **argv) {
    *options = (struct index_options){
        .corpus = CORPUS_OPTIONS_INIT, .limits = WORKER_LIMITS_INIT, .language = -2};
    set_machine_defaults(options);
    opterr = 0;
    int option;
    while ((option = getopt_long(argc, argv, "qvhV", long_options, NULL)) != -1) {
        if (option == 'h' || option == 'V') {
            options->task = option == 'h' ? TASK_HELP : TASK_VERSION;
            return true;
        }
        if (option == '?') {
            if (optopt >= OPTION_LANGUAGE)
                return usage("%s needs a value", argv[optind - 1]);
            return usage("%s is no option", argv[optind - 1]);
        }
        if (!parse_option(options, option))
            return false;
    }
    return take_arguments(options, argc, argv);
}
