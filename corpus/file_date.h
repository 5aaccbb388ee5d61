/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When the meeting of a file was. THE RULES, most trusted first; a day goes before a month, a month
 * before a year:
 *
 *   D1  what the file's own metadata says (front matter, sidecar): set before;
 *   D2  a day in the title; on a line near the top that a word labels as the date ("Date:",
 *       "When:", "Datum:", "Fecha:"); in one of the first headings;
 *   D3  a day in the file's name, its folders helping; in plain text, whose first lines are its
 *       title page, a day in those goes before;
 *   D4  a day in the first 4 KiB of the text, unless title or name tell the month already: what
 *       else is named there is as often another day;
 *   D5  a day without a year ("Monday, 6 August") in the title, on a labelled line, in a heading or
 *       a short line near the top, with the year of the title, of the name or of the text, by that
 *       order; where a day of the week is written, a year that it does not fall in is passed over;
 *   D6  a month, else a year: of the title, the name, the headings, the text;
 *   D7  the day on which the file was written, as its format says: where nothing else is known, or
 *       that day lies in the month of D6. It may have been written long after.
 *
 * What a line says behind words about the next meeting ("next meeting Jan 2nd 2024") is no date of
 * this one.
 */
#ifndef PLENARY_CORPUS_FILE_DATE_H
#define PLENARY_CORPUS_FILE_DATE_H

#include "corpus/document.h"

/* yyyymmdd, dd or mm and dd 00 where unknown; 0 for none. `head` is the start of plain text (NULL
 * for a file with markup), `path` names the file. Pure, thread-safe. */
uint32_t file_date(const struct document *document, const char *path, const char *head,
                   size_t head_size);

#endif
