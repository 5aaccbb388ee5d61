/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Dates of meetings, as yyyymmdd in a uint32_t; dd, or mm and dd, are 00 where only the month or
 * the year is known; 0 is "no date". Gregorian calendar, years 1500 to 2199: what lies outside is
 * more likely a document number. Pure functions, thread-safe.
 */
#ifndef PLENARY_CORPUS_DATE_H
#define PLENARY_CORPUS_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The first full date in `text`, else the first month with a year, else 0. English, French, Spanish
 * and German forms, with or without weekday: "6 August 2018", "August 6th, 2018", "1er mars 2019",
 * "6 de agosto de 2018", "6. August 2018", "2018-08-06", "06.08.2018", "2018年8月6日". Of a range
 * ("5-7 August 2018", "30 July to 2 August 2018") the first day. "06/08/2018" counts only where
 * one number cannot be a month: which of the two comes first differs between countries.
 */
uint32_t date_find(const char *text, size_t size);

/*
 * The first date in `text` that says month and day, of this year where none is written with it:
 * "Monday, 6 August", "March 3rd". *weekday: 1 if the day of the week before it is that of the
 * date, -1 if it is another one (so the year is wrong), 0 where none is written.
 */
uint32_t date_find_in_year(const char *text, size_t size, unsigned year, int *weekday);

/*
 * A date in a file name, folders helping: "2018-08-06", "20180806", "2018_08", "1998_July_8",
 * "2019-07/july-24.md" (20190724), "2022/GC-05-03.md" (20220503). 0 if there is none.
 */
uint32_t date_from_name(const char *path);

/* Strict, for record fields and options: "2018", "2018-08", "2018-08-06", the last also followed by
 * a time ("2018-08-06T10:00:00Z"). 0 if it is anything else. */
uint32_t date_parse(const char *text);

/* "2018-08-06", "2018-08", "2018" or "" into `out`; returns out. */
#define DATE_FORMAT_SIZE 11
const char *date_format(uint32_t date, char out[DATE_FORMAT_SIZE]);

/* True for a possible yyyymmdd, with mm or dd 00 as above; false for 0. */
bool date_valid(uint32_t date);

#endif
