/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facets for a reader:
 *
 *   speaker: 12; 3 passages have none
 *      45  The Chair
 *      12  Observer of the Halden Dialogue
 *
 *   2017    45  ##########
 *   2018     0
 */
#include "searcher/output.h"

#include "searcher/escape.h"

#include <inttypes.h>
#include <string.h>

static unsigned digits_of(uint64_t number) {
    unsigned digits = 1;
    for (; number >= 10; number /= 10)
        digits++;
    return digits;
}

static uint64_t most_of(const struct facet *facet) {
    uint64_t most = 0;
    for (size_t i = 0; i < facet->count; i++)
        most = facet->values[i].passages > most ? facet->values[i].passages : most;
    return most;
}

/* At least one mark for what is not nothing. */
static void write_bar(struct bytes *to, uint64_t passages, uint64_t most) {
    enum { LONGEST = 40 };
    uint64_t marks = most ? (uint64_t)((double)passages * LONGEST / (double)most + 0.5) : 0;
    marks = passages && !marks ? 1 : marks;
    if (marks)
        bytes_add_string(to, "  ");
    for (uint64_t i = 0; i < marks; i++)
        bytes_add_byte(to, '#');
}

static void write_values(struct bytes *to, const struct facet *facet) {
    uint64_t most = most_of(facet);
    int width = (int)digits_of(most);
    for (size_t i = 0; i < facet->count; i++) {
        const struct facet_value *value = &facet->values[i];
        bytes_add_string(to, "  ");
        if (facet->histogram) {
            bytes_printf(to, "%s  %*" PRIu64, value->name, width, value->passages);
            write_bar(to, value->passages, most);
        } else {
            bytes_printf(to, "%*" PRIu64 "  ", width + 2, value->passages);
            escape_terminal(to, value->name, strlen(value->name));
        }
        bytes_add_byte(to, '\n');
    }
}

void output_text_facets(struct output *output) {
    const struct search_result *result = output->summary.result;
    for (size_t i = 0; i < result->facet_count; i++) {
        const struct facet *facet = &result->facets[i];
        bytes_printf(output->to, "\n%s: %" PRIu64, facet_field_name(facet->field), facet->distinct);
        if (facet->count < facet->distinct)
            bytes_printf(output->to, ", the first %zu", facet->count);
        if (facet->without)
            bytes_printf(output->to, "; %" PRIu64 " passage%s none", facet->without,
                         facet->without == 1 ? " has" : "s have");
        bytes_add_byte(output->to, '\n');
        write_values(output->to, facet);
    }
}
