/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads a PDF (poppler-glib) as one document: the text of each page with the place of every
 * character, from that lines (pdf_lines.h), from those passages with their pages
 * (pdf_paragraphs.h). The title is the first large heading, else what the file says of itself. Of
 * what is drawn or scanned rather than written nothing is read.
 */
#include "corpus/date.h"
#include "corpus/file_document.h"
#include "corpus/notice.h"
#include "corpus/pdf_lines.h"
#include "corpus/pdf_paragraphs.h"
#include "corpus/reader_formats.h"
#include "corpus/turn.h"

#ifdef HAVE_POPPLER

#include <poppler.h>
#include <string.h>

static int skip(const struct unit *unit, const struct corpus_options *options, uint64_t *skipped,
                const char *why) {
    ++*skipped;
    notice_send(options, NOTICE_SKIPPED, unit->path, 0, "%s", why);
    return 0;
}

/* ---- Pages ---- */

/* Size and weight of the type from one character on. */
struct type {
    const GList *next; /* PopplerTextAttributes, in order */
    gint until;
    float size;
    bool bold;
};

static void go_to(struct type *type, gint index) {
    while (type->next && index >= type->until) {
        const PopplerTextAttributes *attributes = type->next->data;
        type->until = attributes->end_index + 1;
        type->size = (float)attributes->font_size;
        type->bold = attributes->font_name && (strstr(attributes->font_name, "Bold") ||
                                               strstr(attributes->font_name, "bold") ||
                                               strstr(attributes->font_name, "Black"));
        type->next = type->next->next;
    }
}

static int add_characters(struct pdf_lines *lines, uint32_t page, double height, const char *text,
                          const PopplerRectangle *places, guint count, const GList *attributes) {
    struct type type = {.next = attributes};
    guint index = 0;
    for (const char *at = text; *at && index < count; at = g_utf8_next_char(at), index++) {
        const PopplerRectangle *place = &places[index];
        go_to(&type, (gint)index);
        struct pdf_character character = {.point = g_utf8_get_char(at),
                                          .left = (float)place->x1,
                                          .right = (float)place->x2,
                                          .top = (float)place->y1,
                                          .bottom = (float)place->y2,
                                          .size = type.size,
                                          .bold = type.bold};
        if (pdf_lines_add(lines, page, (float)height, &character))
            return PLENARY_ENOMEM;
    }
    return 0;
}

static int add_page(struct pdf_lines *lines, PopplerDocument *pdf, int number) {
    PopplerPage *page = poppler_document_get_page(pdf, number);
    if (!page)
        return 0; /* damaged: the others may do */
    double width, height;
    PopplerRectangle *places = NULL;
    guint count = 0;
    int status = 0;
    poppler_page_get_size(page, &width, &height);
    char *text = poppler_page_get_text(page);
    if (text && *text && g_utf8_validate(text, -1, NULL) &&
        poppler_page_get_text_layout(page, &places, &count)) {
        GList *attributes = poppler_page_get_text_attributes(page);
        status =
            add_characters(lines, (uint32_t)number + 1, height, text, places, count, attributes);
        poppler_page_free_text_attributes(attributes);
    }
    g_free(places);
    g_free(text);
    g_object_unref(page);
    return status;
}

/* ---- The document ---- */

/* What programs put where a title should be says nothing: "Microsoft Word - x.doc", "untitled". */
static bool is_title(const char *title) {
    return title && g_utf8_validate(title, -1, NULL) && strlen(title) > 3 &&
           !strstr(title, "Microsoft") && !strchr(title, '\\') && strchr(title, ' ') &&
           g_ascii_strncasecmp(title, "untitled", 8) != 0;
}

/* The largest heading of the first page that has any. */
static int title_from_page(struct document *document, struct error *err) {
    const struct passage *best = NULL;
    for (size_t i = 0; i < document->passage_count; i++) {
        const struct passage *passage = &document->passages[i];
        if (best && passage->page != best->page)
            break;
        if (passage->kind == PASSAGE_HEADING && (!best || passage->level < best->level))
            best = passage;
    }
    if (!best)
        return 0;
    document->title =
        arena_text(&document->arena, (const char *)document->text.data + best->text_begin,
                   best->text_end - best->text_begin);
    return document->title ? 0 : error_memory(err);
}

static int set_title(struct document *document, PopplerDocument *pdf, struct error *err) {
    int status = title_from_page(document, err);
    char *title = status || document->title ? NULL : poppler_document_get_title(pdf);
    if (is_title(title)) {
        document->title = arena_string(&document->arena, title);
        status = document->title ? 0 : error_memory(err);
    }
    g_free(title);
    return status;
}

static void set_written(struct document *document, PopplerDocument *pdf) {
    GDateTime *written = poppler_document_get_creation_date_time(pdf);
    int year, month, day;
    if (!written)
        return;
    g_date_time_get_ymd(written, &year, &month, &day);
    uint32_t date = (uint32_t)year * 10000 + (uint32_t)month * 100 + (uint32_t)day;
    document->written = date_valid(date) ? date : 0;
    g_date_time_unref(written);
}

static int fill(struct document *document, PopplerDocument *pdf, struct error *err) {
    struct pdf_lines lines = {.lines = NULL};
    int status = 0, pages = poppler_document_get_n_pages(pdf);
    for (int i = 0; i < pages && !status; i++)
        status = add_page(&lines, pdf, i);
    if (!status)
        status = pdf_lines_finish(&lines);
    status = status ? error_memory(err) : pdf_paragraphs_cut(document, &lines, err);
    pdf_lines_free(&lines);
    if (!status && turn_mark(document))
        status = error_memory(err);
    set_written(document, pdf);
    return status ? status : set_title(document, pdf, err);
}

static const char *fault(const GError *error) {
    if (g_error_matches(error, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED))
        return "the PDF is encrypted: a password is needed to read it";
    return "the PDF is damaged";
}

int reader_pdf_read(const struct unit *unit, const struct corpus_options *options,
                    struct document *scratch, document_fn each, void *context, uint64_t *skipped,
                    struct error *err) {
    GError *error = NULL;
    int status = file_document_begin(scratch, unit, err);
    if (status)
        return status;
    GBytes *bytes = g_bytes_new_static(unit->data, unit->size);
    PopplerDocument *pdf = poppler_document_new_from_bytes(bytes, NULL, &error);
    if (pdf)
        status = fill(scratch, pdf, err);
    if (!pdf)
        status = skip(unit, options, skipped, fault(error));
    else if (!status && !poppler_document_get_n_pages(pdf))
        status = skip(unit, options, skipped, "the PDF has no pages that can be read");
    else if (!status && !scratch->passage_count)
        status = skip(unit, options, skipped,
                      "the PDF has no text, only images: it would have to go through OCR first");
    else if (!status)
        status = file_document_finish(scratch, unit, options, each, context, skipped, err);
    if (pdf)
        g_object_unref(pdf);
    g_bytes_unref(bytes);
    g_clear_error(&error);
    return status;
}

#else

int reader_pdf_read(const struct unit *unit, const struct corpus_options *options,
                    struct document *scratch, document_fn each, void *context, uint64_t *skipped,
                    struct error *err) {
    (void)scratch, (void)each, (void)context, (void)err;
    ++*skipped;
    notice_send(options, NOTICE_SKIPPED, unit->path, 0,
                "this plenary was built without poppler-glib, which reads PDF");
    return 0;
}

#endif
