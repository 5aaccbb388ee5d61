/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/format.h"

#include "corpus/caption_cue.h"
#include "corpus/charset.h"
#include "corpus/mbox.h"
#include "corpus/zip_kind.h"

#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#ifdef HAVE_POPPLER
enum { HAVE_PDF = 1 };
#else
enum { HAVE_PDF = 0 };
#endif
#ifdef HAVE_LIBARCHIVE
enum { HAVE_ARCHIVES = 1 };
#else
enum { HAVE_ARCHIVES = 0 };
#endif

static const char *const format_names[] = {
    [FORMAT_AUTO] = "auto", [FORMAT_TEXT] = "text",         [FORMAT_MARKDOWN] = "markdown",
    [FORMAT_HTML] = "html", [FORMAT_JSONL] = "jsonl",       [FORMAT_TSV] = "tsv",
    [FORMAT_DOCX] = "docx", [FORMAT_ODT] = "odt",           [FORMAT_PPTX] = "pptx",
    [FORMAT_ODP] = "odp",   [FORMAT_RTF] = "rtf",           [FORMAT_MAIL] = "mail",
    [FORMAT_MBOX] = "mbox", [FORMAT_CAPTIONS] = "captions", [FORMAT_XML] = "xml",
    [FORMAT_PDF] = "pdf",   [FORMAT_ARCHIVE] = "archive",
};

enum { FORMAT_COUNT = sizeof format_names / sizeof *format_names };

const char *corpus_format_name(enum corpus_format format) {
    return (unsigned)format < FORMAT_COUNT ? format_names[format] : "unknown";
}

bool corpus_format_parse(const char *name, enum corpus_format *out) {
    *out = FORMAT_AUTO;
    for (unsigned i = 0; i < FORMAT_COUNT; i++)
        if (!strcmp(name, format_names[i])) {
            *out = (enum corpus_format)i;
            return true;
        }
    return false;
}

bool format_has_records(enum corpus_format format) {
    return format == FORMAT_JSONL || format == FORMAT_TSV;
}

bool format_is_confined(enum corpus_format format) {
    return format > FORMAT_TSV && format != FORMAT_CAPTIONS;
}

/* Does the name end in one of these (each with its dot), before an optional ".gz"? */
static bool name_ends(const char *name, const char *const *endings, size_t count) {
    size_t size = strlen(name);
    if (size > 3 && !strcasecmp(name + size - 3, ".gz"))
        size -= 3;
    for (size_t i = 0; i < count; i++) {
        size_t ending = strlen(endings[i]);
        if (size > ending && !strncasecmp(name + size - ending, endings[i], ending))
            return true;
    }
    return false;
}

#define NAME_ENDS(name, ...)                                                                       \
    name_ends(name, (const char *const[]){__VA_ARGS__},                                            \
              sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

struct sample {
    const uint8_t *at, *end;
};

/* Asked of each byte of a text: most differ in the first. */
static bool starts(struct sample sample, const char *word) {
    if (sample.at >= sample.end || tolower(*sample.at) != tolower((unsigned char)*word))
        return false;
    size_t size = strlen(word);
    return (size_t)(sample.end - sample.at) >= size &&
           !strncasecmp((const char *)sample.at, word, size);
}

static struct sample skip_space(struct sample sample) {
    if (starts(sample, "\xef\xbb\xbf"))
        sample.at += 3;
    while (sample.at < sample.end && isspace(*sample.at))
        sample.at++;
    return sample;
}

/* ---- Files told by their first bytes ----------------------------------------------------------
 */

/* Word's and its fellows' old files, and new ones behind a password, are one kind of container: the
 * latter hold a stream of this name, in UTF-16. */
static const char *compound_kind(const uint8_t *data, size_t size) {
    static const char name[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";
    return memmem(data, size, name, sizeof name) ? "an encrypted Office document"
                                                 : "an old or encrypted Office document";
}

static bool has_magic(const uint8_t *data, size_t size, size_t at, const char *magic,
                      size_t length) {
    return size >= at + length && !memcmp(data + at, magic, length);
}

#define HAS_MAGIC(at, magic) has_magic(data, size, at, magic, sizeof(magic) - 1)

static bool is_archive(const uint8_t *data, size_t size) {
    return HAS_MAGIC(257, "ustar") || HAS_MAGIC(0, "BZh") ||
           HAS_MAGIC(0, "\xfd"
                        "7zXZ") ||
           HAS_MAGIC(0, "\x28\xb5\x2f\xfd") || HAS_MAGIC(0, "\x1f\x8b");
}

/* Mail systems and web servers may put a little in front of a PDF, which viewers allow. */
static bool is_pdf(const uint8_t *data, size_t size) {
    return HAS_MAGIC(0, "%PDF-") ||
           (memmem(data, size < 1024 ? size : 1024, "%PDF-", 5) && charset_is_binary(data, size));
}

/* ---- Files that cannot be read -----------------------------------------------------------------
 */

const char *format_unreadable(const char *name, const uint8_t *data, size_t size, bool complete) {
    static const struct {
        const char *magic;
        size_t size;
        const char *kind;
    } kinds[] = {
#define MAGIC(bytes, kind) {(bytes), sizeof(bytes) - 1, (kind)}
        MAGIC("%PDF-", "a PDF"),
        MAGIC("\x89PNG\r\n", "a PNG image"),
        MAGIC("\xff\xd8\xff", "a JPEG image"),
        MAGIC("GIF8", "a GIF image"),
        MAGIC("RIFF", "a sound, film or WebP file"),
        MAGIC("OggS", "a sound or film file"),
        MAGIC("ID3", "a sound file"),
        MAGIC("\x7f"
              "ELF",
              "a program"),
        MAGIC("SQLite format 3", "an SQLite database"),
        MAGIC("BZh", "bzip2-compressed"),
        MAGIC("\xfd"
              "7zXZ",
              "xz-compressed"),
        MAGIC("\x28\xb5\x2f\xfd", "zstd-compressed"),
        MAGIC("7z\xbc\xaf", "a 7z archive"),
        MAGIC("\x1f\x8b", "compressed twice"),
        MAGIC("%!PS", "PostScript"),
#undef MAGIC
    };
    if (size >= 6 && !memcmp(data, "\xd0\xcf\x11\xe0\xa1\xb1", 6))
        return compound_kind(data, size);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (size >= kinds[i].size && !memcmp(data, kinds[i].magic, kinds[i].size))
            return kinds[i].kind;
    if (size > 262 && !memcmp(data + 257, "ustar", 5))
        return "a tar archive";
    if (NAME_ENDS(name, ".json", ".geojson"))
        return format_detect(name, data, size, complete) == FORMAT_JSONL
                   ? NULL
                   : "a JSON file that is not one object a line";
    return NULL;
}

/* ---- Office files and mail ---------------------------------------------------------------------
 */

enum corpus_format format_of_zip(const uint8_t *data, size_t size, const char **kind) {
    static const struct {
        enum corpus_format format;
        const char *kind;
    } kinds[] = {
        [ZIP_ARCHIVE] = {HAVE_ARCHIVES ? FORMAT_ARCHIVE : FORMAT_AUTO,
                         HAVE_ARCHIVES ? NULL : "a zip archive"},
        [ZIP_DOCX] = {FORMAT_DOCX, NULL},
        [ZIP_PPTX] = {FORMAT_PPTX, NULL},
        [ZIP_XLSX] = {FORMAT_AUTO, "an Excel workbook"},
        [ZIP_ODT] = {FORMAT_ODT, NULL},
        [ZIP_ODP] = {FORMAT_ODP, NULL},
        [ZIP_ODS] = {FORMAT_AUTO, "an OpenDocument spreadsheet"},
        [ZIP_EPUB] = {FORMAT_AUTO, "an EPUB book"},
    };
    enum zip_kind found = zip_kind(data, size);
    *kind = kinds[found].kind;
    return kinds[found].format;
}

/* A line of a mail's header: its name's size, 0 if it is none. */
static size_t header_name(const uint8_t *line, size_t size) {
    size_t at = 0;
    while (at < size && line[at] > ' ' && line[at] < 0x7F && line[at] != ':')
        at++;
    return at < size && line[at] == ':' ? at : 0;
}

static bool is_name(const uint8_t *line, size_t size, const char *name) {
    return strlen(name) == size && !strncasecmp((const char *)line, name, size);
}

/* A header of which one line at least is none that people type into minutes. */
static bool is_mail(const uint8_t *data, size_t size) {
    static const char *const typed[] = {"From", "Date", "Subject", "To"};
    static const char *const machines[] = {"Received",     "Return-Path",  "Message-ID",
                                           "MIME-Version", "Delivered-To", "Content-Type"};
    unsigned known = 0, made = 0;
    for (size_t at = 0; at < size;) {
        const uint8_t *newline = memchr(data + at, '\n', size - at);
        size_t line = newline ? (size_t)(newline - data) - at : size - at;
        size_t name = header_name(data + at, line);
        if (!line || (line == 1 && data[at] == '\r'))
            break;
        if (!name && (at == 0 || (data[at] != ' ' && data[at] != '\t')))
            return false;
        for (size_t i = 0; name && i < sizeof typed / sizeof *typed; i++)
            known += is_name(data + at, name, typed[i]);
        for (size_t i = 0; name && i < sizeof machines / sizeof *machines; i++)
            made += is_name(data + at, name, machines[i]);
        at += line + 1;
    }
    return known && made && known + made >= 3;
}

enum corpus_format format_of_magic(const uint8_t *data, size_t size) {
    if (HAVE_PDF && is_pdf(data, size))
        return FORMAT_PDF;
    if (HAVE_ARCHIVES && is_archive(data, size))
        return FORMAT_ARCHIVE;
    if (size >= 4 && (!memcmp(data, "PK\3\4", 4) || !memcmp(data, "PK\5\6", 4)))
        return FORMAT_ZIP;
    if (size >= 5 && !memcmp(data, "{\\rtf", 5))
        return FORMAT_RTF;
    if (mbox_is_border(data, size)) {
        const uint8_t *newline = memchr(data, '\n', size);
        size_t rest = newline ? size - (size_t)(newline + 1 - data) : 0;
        return rest && header_name(newline + 1, rest < 200 ? rest : 200) ? FORMAT_MBOX
                                                                         : FORMAT_AUTO;
    }
    return is_mail(data, size) ? FORMAT_MAIL : FORMAT_AUTO;
}

/* ---- XML and captions --------------------------------------------------------------------------
 */

/* Is there this tag near the beginning? */
static bool holds_tag(struct sample sample, const char *tag, size_t within) {
    const uint8_t *end =
        (size_t)(sample.end - sample.at) > within ? sample.at + within : sample.end;
    for (;
         sample.at < end && (sample.at = memchr(sample.at, '<', (size_t)(end - sample.at))) != NULL;
         sample.at++)
        if (starts(sample, tag))
            return true;
    return false;
}

/* XML that is not a web page: it says so, or its root is one of parliamentary records, or any that
 * its name agrees with. */
static bool is_xml(const char *name, struct sample sample) {
    static const char *const roots[] = {
        "<hansard",   "<housecommons", "<houselords",         "<akomaNtoso", "<TEI",
        "<teiCorpus", "<publicwhip",   "<dbtplenarprotokoll", "<DOKUMENT",   "<debates"};
    sample = skip_space(sample);
    if (holds_tag(sample, "<html", 4096) || holds_tag(sample, "<!doctype html", 4096))
        return false;
    if (starts(sample, "<?xml "))
        return true;
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
        if (starts(sample, roots[i]))
            return true;
    return NAME_ENDS(name, ".xml") && sample.end - sample.at > 2 && *sample.at == '<' &&
           (isalpha(sample.at[1]) || sample.at[1] == '!');
}

/* WebVTT says so; a SubRip file begins with a number and the times of a cue. */
static bool is_captions(struct sample sample) {
    sample = skip_space(sample);
    if (starts(sample, "WEBVTT"))
        return sample.end - sample.at == 6 || isspace(sample.at[6]);
    for (unsigned lines = 0; lines < 2 && sample.at < sample.end; lines++) {
        const uint8_t *newline = memchr(sample.at, '\n', (size_t)(sample.end - sample.at));
        const uint8_t *end = newline ? newline : sample.end;
        if (caption_is_timing((const char *)sample.at, (size_t)(end - sample.at)))
            return true;
        if (!isdigit(*sample.at))
            return false;
        sample.at = newline ? newline + 1 : sample.end;
    }
    return false;
}

/* ---- HTML --------------------------------------------------------------------------------------
 */

static bool starts_tag(struct sample sample) {
    static const char *const tags[] = {
        "<html",    "<head",  "<body",   "<title",  "<meta", "<div",  "<p>",
        "<p ",      "<table", "<h1",     "<h2",     "<h3",   "<ul",   "<ol",
        "<pre",     "<span",  "<br>",    "<center", "<font", "<link", "<section",
        "<article", "<style", "<script", "<header", "<main", "<nav",
    };
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (starts(sample, tags[i]))
            return true;
    return false;
}

static unsigned count_tags(struct sample sample, size_t within) {
    unsigned count = 0;
    const uint8_t *end =
        (size_t)(sample.end - sample.at) > within ? sample.at + within : sample.end;
    while (sample.at < end && (sample.at = memchr(sample.at, '<', (size_t)(end - sample.at)))) {
        count += starts_tag(sample) ||
                 (starts(sample, "</") && sample.end - sample.at > 2 && isalpha(sample.at[2]));
        sample.at++;
    }
    return count;
}

static bool is_html(const char *name, struct sample sample) {
    sample = skip_space(sample);
    if (starts(sample, "<!doctype html") || starts(sample, "<html") || starts(sample, "<?xml"))
        return true;
    if (sample.at == sample.end || *sample.at != '<' ||
        NAME_ENDS(name, ".md", ".markdown", ".mdown"))
        return false;
    return count_tags(sample, 4096) >= (starts_tag(sample) || starts(sample, "<!--") ? 3 : 20);
}

/* ---- Lines -------------------------------------------------------------------------------------
 */

/* The next complete, non-blank line; false at the end. */
static bool next_line(struct sample *sample, bool complete, struct sample *line) {
    while (sample->at < sample->end) {
        const uint8_t *newline = memchr(sample->at, '\n', (size_t)(sample->end - sample->at));
        if (!newline && !complete)
            return false;
        line->at = sample->at;
        line->end = newline ? newline : sample->end;
        sample->at = newline ? newline + 1 : sample->end;
        struct sample rest = skip_space(*line);
        if (rest.at < rest.end)
            return true;
    }
    return false;
}

static bool is_json_object(struct sample line) {
    json_t *value =
        json_loadb((const char *)line.at, (size_t)(line.end - line.at), JSON_ALLOW_NUL, NULL);
    bool object = json_is_object(value);
    json_decref(value);
    return object;
}

static bool is_jsonl(const char *name, struct sample sample, bool complete) {
    struct sample line, start = skip_space(sample);
    if (NAME_ENDS(name, ".jsonl", ".ndjson"))
        return true;
    if (start.at == start.end || *start.at != '{')
        return false;
    if (next_line(&start, complete, &line))
        return is_json_object(line);
    /* A first line longer than the sample: an object that opens with a key will do. */
    start.at++;
    start = skip_space(start);
    return start.at < start.end && *start.at == '"';
}

struct tab_counts {
    unsigned lines, regular; /* regular: as many tabs as the first line, a first cell like an id */
    size_t text;             /* bytes behind the first cell */
};

static struct tab_counts count_tabs(struct sample sample, bool complete) {
    struct tab_counts counts = {0, 0, 0};
    struct sample line;
    unsigned expected = 0;
    while (counts.lines < 40 && next_line(&sample, complete, &line)) {
        unsigned tabs = 0;
        const uint8_t *first = NULL;
        for (const uint8_t *at = line.at; at < line.end; at++)
            if (*at == '\t' && !tabs++)
                first = at;
        if (!counts.lines++)
            expected = tabs;
        if (!first || tabs != expected || first == line.at || first - line.at > 64 ||
            memchr(line.at, ' ', (size_t)(first - line.at)))
            continue;
        counts.regular++;
        counts.text += (size_t)(line.end - first);
    }
    return counts;
}

static bool is_tsv(const char *name, struct sample sample, bool complete) {
    if (NAME_ENDS(name, ".tsv", ".tab"))
        return true;
    if (NAME_ENDS(name, ".md", ".markdown", ".mdown"))
        return false;
    struct tab_counts counts = count_tabs(sample, complete);
    /* An agenda typed with tabs looks much the same; a name that says text needs better evidence:
     * no line out of step, and cells long enough to be prose. */
    if (NAME_ENDS(name, ".txt", ".text", ".vtt", ".srt"))
        return counts.lines >= 8 && counts.regular == counts.lines &&
               counts.text / counts.lines >= 60;
    return counts.lines >= 2 && counts.regular * 10 >= counts.lines * 9;
}

/* ---- Markdown ----------------------------------------------------------------------------------
 */

static unsigned markdown_signs(struct sample line) {
    const char *at = (const char *)line.at;
    size_t size = (size_t)(line.end - line.at);
    size_t hashes = 0;
    while (hashes < size && at[hashes] == '#')
        hashes++;
    if (hashes && hashes <= 6 && hashes < size && at[hashes] == ' ')
        return 2;
    if (size >= 3 && (!memcmp(at, "```", 3) || !memcmp(at, "|--", 3)))
        return 2;
    return memmem(at, size, "](", 2) || memmem(at, size, "**", 2) ? 1 : 0;
}

static bool is_markdown(const char *name, struct sample sample, bool complete) {
    if (NAME_ENDS(name, ".md", ".markdown", ".mdown", ".mkd"))
        return true;
    if (NAME_ENDS(name, ".txt", ".text", ".vtt", ".srt"))
        return false;
    struct sample line;
    unsigned lines = 0, signs = 0;
    while (lines < 60 && next_line(&sample, complete, &line)) {
        lines++;
        signs += markdown_signs(line);
    }
    return signs >= 4 && signs * 8 >= lines;
}

enum corpus_format format_detect(const char *name, const uint8_t *data, size_t size,
                                 bool complete) {
    struct sample sample = {data, data + size};
    if (is_captions(sample))
        return FORMAT_CAPTIONS;
    if (is_xml(name, sample))
        return FORMAT_XML;
    if (is_html(name, sample))
        return FORMAT_HTML;
    if (is_jsonl(name, sample, complete))
        return FORMAT_JSONL;
    if (is_tsv(name, sample, complete))
        return FORMAT_TSV;
    return is_markdown(name, sample, complete) ? FORMAT_MARKDOWN : FORMAT_TEXT;
}

static int refuse(struct format_verdict *verdict, const char *why, const char *kind,
                  const char *rest) {
    verdict->format = FORMAT_AUTO;
    snprintf(verdict->why, sizeof verdict->why, "%s%s%s", why, kind, rest);
    return 0;
}

int format_tell(struct format_verdict *verdict, enum corpus_format forced, const char *name,
                const uint8_t *data, size_t size, bool complete, struct error *err) {
    *verdict = (struct format_verdict){forced ? forced : format_of_magic(data, size), ""};
    if (format_is_confined(verdict->format))
        return 0;
    const char *kind = forced ? NULL : format_unreadable(name, data, size, complete);
    if (kind)
        return refuse(verdict, "the file is ", kind, ", which cannot be read");
    if (!forced && charset_is_binary(data, size))
        return refuse(verdict, "the file is binary, not text", "", "");
    struct decoded decoded;
    int status = charset_decode(&decoded, data, size, err);
    bool wide = decoded.charset == CHARSET_UTF16LE || decoded.charset == CHARSET_UTF16BE;
    if (!status && !forced)
        verdict->format =
            format_detect(name, (const uint8_t *)decoded.text, decoded.size, complete);
    decoded_free(&decoded);
    /* Records are cut at newlines before anything is decoded, which UTF-16 does not allow. */
    if (!status && wide && format_has_records(verdict->format))
        return refuse(verdict, "records in UTF-16 cannot be read: convert the file to UTF-8",
                      " (iconv does)", "");
    return status;
}
