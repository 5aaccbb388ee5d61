/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a passage is cited, so that a reader finds it again and can quote it: the meeting, its date,
 * the section, the paragraph, who spoke, the page.
 *
 * Writers append to `out` without escaping: what goes to a terminal passes escape_terminal next.
 * Thread-safe: no state.
 */
#ifndef PLENARY_SEARCHER_CITATION_H
#define PLENARY_SEARCHER_CITATION_H

#include "corpus/bytes.h"
#include "indexer/segment/segment.h"

#include <stdbool.h>
#include <stdint.h>

/* "6 August 2018", "August 2018" or "2018", as much as is known; nothing for 0. */
void citation_date(struct bytes *out, uint32_t date);

/* "2018-08-06", "2018-08" or "2018"; nothing for 0. */
void citation_iso_date(struct bytes *out, uint32_t date);

/* The title, or the id of a document that has none. */
const char *citation_title(const struct document_row *document);

/* Does the title (or the id in its place) tell the document's date already? */
bool citation_title_has_date(const struct document_row *document);

/* "¶ 7", with the number the source itself prints behind it where there is one: "¶ 7 “12.”".
 * Nothing for a heading. */
void citation_paragraph(struct bytes *out, const struct passage_row *passage);

/* The headings above a passage, without a first one that only repeats the title or its beginning;
 * NULL if none. */
const char *citation_section(const struct document_row *document,
                             const struct passage_row *passage);

/* All in one line: "Bali Process SOM 2018 · 6 August 2018 · Engagement · ¶ 7 · The Chair · p. 3".
 * Behind the date the body, "Harbour Council". What is not known is left out, and so are a date and
 * a body that the title tells. */
void citation_write(struct bytes *out, const struct document_row *document,
                    const struct passage_row *passage);

/* Where a passage is, without its document: "Engagement · ¶ 7 · The Chair · p. 3". */
void citation_place(struct bytes *out, const struct document_row *document,
                    const struct passage_row *passage);

/* An id that stays the same while the document does: the given one, or "<document id>#7"; for a
 * heading "<document id>#h5", 5 counting all of the document's passages and headings from 1. */
void citation_passage_id(struct bytes *out, const struct document_row *document,
                         const struct passage_row *passage, uint32_t ordinal);

/* The source path, relative to `folder` if beneath it (`folder` may be NULL), and its lines:
 * "records/bali.txt:18-23". */
void citation_source(struct bytes *out, const struct document_row *document,
                     const struct passage_row *passage, const char *folder);

#endif
