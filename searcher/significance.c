/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/significance.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

enum { EXACT_MOST = 16, DRAWS = 100000 };

/* The continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method. */
static double beta_fraction(double a, double b, double x) {
    const double tiny = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < tiny ? tiny : d);
    double value = d;
    for (int m = 1; m < 1000; m++) {
        double terms[] = {m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                          -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))};
        double before = value;
        for (int i = 0; i < 2; i++) {
            d = 1 + terms[i] * d;
            c = 1 + terms[i] / c;
            d = 1 / (fabs(d) < tiny ? tiny : d);
            c = fabs(c) < tiny ? tiny : c;
            value *= c * d;
        }
        if (fabs(value - before) <= 1e-15 * fabs(value))
            break;
    }
    return value;
}

/* The regularised incomplete beta function I_x(a, b). */
static double beta_share(double a, double b, double x) {
    if (x <= 0 || x >= 1)
        return x <= 0 ? 0 : 1;
    double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
    return x < (a + 1) / (a + b + 2) ? front * beta_fraction(a, b, x) / a
                                     : 1 - front * beta_fraction(b, a, 1 - x) / b;
}

double significance_t_test(const double *differences, size_t count) {
    if (count < 2)
        return 1;
    double mean = 0, squares = 0, n = (double)count;
    for (size_t i = 0; i < count; i++)
        mean += differences[i] / n;
    for (size_t i = 0; i < count; i++)
        squares += (differences[i] - mean) * (differences[i] - mean);
    double deviation = sqrt(squares / (n - 1));
    if (!(deviation > 1e-12 * fabs(mean)))
        return mean == 0 ? 1 : 0;
    double t = mean / (deviation / sqrt(n)), freedom = n - 1;
    return beta_share(freedom / 2, 0.5, freedom / (freedom + t * t));
}

/* SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). */
static uint64_t draw(uint64_t *state) {
    uint64_t z = *state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

/* The sum with signs from bits that `next` gives 64 at a time. */
static double signed_sum(const double *differences, size_t count, uint64_t *state, uint64_t bits,
                         bool random) {
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        if (random && i % 64 == 0)
            bits = draw(state);
        sum += bits >> i % 64 & 1 ? -differences[i] : differences[i];
    }
    return sum;
}

double significance_randomisation(const double *differences, size_t count) {
    bool exact = count <= EXACT_MOST;
    uint64_t rounds = exact ? UINT64_C(1) << count : DRAWS, state = 1, as_far = 0;
    double sum = 0, size = 0;
    for (size_t i = 0; i < count; i++) {
        sum += differences[i];
        size += fabs(differences[i]);
    }
    double bar = fabs(sum) - 1e-12 * size; /* sums in another order differ in their last bits */
    for (uint64_t i = 0; i < rounds; i++)
        as_far += fabs(signed_sum(differences, count, &state, i, !exact)) >= bar;
    return exact ? (double)as_far / (double)rounds : (double)(as_far + 1) / (double)(rounds + 1);
}
