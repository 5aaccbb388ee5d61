/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is the difference of two runs, topic by topic, more than chance? Both tests are two-sided
 * (Smucker, Allan and Carterette, "A Comparison of Statistical Significance Tests for Information
 * Retrieval Evaluation", CIKM 2007). No state: thread-safe.
 */
#ifndef PLENARY_SEARCHER_SIGNIFICANCE_H
#define PLENARY_SEARCHER_SIGNIFICANCE_H

#include <stddef.h>

/* Student's paired t-test: p of the differences' mean being 0. 1 where all differences are 0 or
 * there are fewer than two; 0 where all are the same and not 0. */
double significance_t_test(const double *differences, size_t count);

/* Fisher's randomisation test: how often, if each topic's difference had its sign by a coin, would
 * the mean be as far from 0 as it is? All assignments are tried for up to 16 topics; beyond that,
 * 100,000 drawn from a generator with a fixed seed, so that the same numbers give the same p. */
double significance_randomisation(const double *differences, size_t count);

#endif
