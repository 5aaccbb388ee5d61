/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All readers there are. Only plenary-read, which is confined, and tests are linked with this: the
 * indexer itself has no use for what parses PDF or mail, and starts the sooner without.
 */
#include "corpus/reader_bytes.h"
#include "corpus/reader_formats.h"
#include "corpus/reader_text.h"

#include <iconv.h>

/* Converters of character sets that mail and archives ask iconv for. They stay loaded, whether
 * they are open or not. */
void reader_formats_prepare(void) {
    static const char *const charsets[] = {
        "WINDOWS-1252", "ISO-8859-1",  "ISO-8859-2", "ISO-8859-15", "WINDOWS-1251", "KOI8-R",
        "WINDOWS-1250", "UTF-16",      "UTF-7",      "GB18030",     "BIG5",         "SHIFT_JIS",
        "EUC-JP",       "ISO-2022-JP", "EUC-KR",     "CP437",       "CP850",
    };
    for (size_t i = 0; i < sizeof charsets / sizeof *charsets; i++)
        (void)iconv_open("UTF-8", charsets[i]);
}

reader_fn *reader_find(enum corpus_format format) {
    static reader_fn *const readers[] = {
        [FORMAT_TEXT] = reader_text_read,         [FORMAT_MARKDOWN] = reader_markdown_read,
        [FORMAT_HTML] = reader_html_read,         [FORMAT_JSONL] = reader_jsonl_read,
        [FORMAT_TSV] = reader_tsv_read,           [FORMAT_DOCX] = reader_bytes_read,
        [FORMAT_ODT] = reader_bytes_read,         [FORMAT_PPTX] = reader_bytes_read,
        [FORMAT_ODP] = reader_bytes_read,         [FORMAT_RTF] = reader_bytes_read,
        [FORMAT_MAIL] = reader_bytes_read,        [FORMAT_MBOX] = reader_mbox_read,
        [FORMAT_CAPTIONS] = reader_captions_read, [FORMAT_XML] = reader_bytes_read,
        [FORMAT_PDF] = reader_pdf_read,           [FORMAT_ARCHIVE] = reader_archive_read,
    };
    return (size_t)format < sizeof readers / sizeof *readers ? readers[format] : NULL;
}

bytes_reader *bytes_reader_of(enum corpus_format format) {
    switch (format) {
    case FORMAT_DOCX:
        return docx_read;
    case FORMAT_PPTX:
        return pptx_read;
    case FORMAT_ODT:
    case FORMAT_ODP:
        return odf_read;
    case FORMAT_RTF:
        return rtf_read;
    case FORMAT_MAIL:
        return mail_read;
    case FORMAT_CAPTIONS:
        return captions_read;
    case FORMAT_XML:
        return xml_document_read;
    default:
        return NULL;
    }
}

int reader_bytes_read(const struct unit *unit, const struct corpus_options *options,
                      struct document *scratch, document_fn each, void *context, uint64_t *skipped,
                      struct error *err) {
    return bytes_read_unit(unit, bytes_reader_of(unit->format), options, scratch, each, context,
                           skipped, err);
}
