/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Search an index from C:
 *   cc search.c $(pkg-config --cflags --libs plenary) -o search
 *   ./search minutes.index 'safe ports'
 */
#include <plenary.h>
#include <stdio.h>

static int complain(const struct plenary_failure *failure) {
    fprintf(stderr, "search: %s\n", failure->message);
    return 1;
}

static int print_hits(struct plenary_result *result) {
    struct plenary_failure failure;
    const struct plenary_hit *hit;
    int status;
    while ((status = plenary_result_next(&hit, result, &failure)) == 1)
        printf("%s\n    %s\n", hit->citation, hit->snippet);
    return status < 0 ? complain(&failure) : 0;
}

int main(int argc, char **argv) {
    struct plenary *index;
    struct plenary_result *result;
    struct plenary_failure failure;
    struct plenary_search_options options = PLENARY_SEARCH_OPTIONS_INIT;
    if (argc != 3) {
        fprintf(stderr, "usage: search INDEX QUERY\n");
        return 2;
    }
    if (plenary_open(&index, argv[1], &failure) < 0)
        return complain(&failure);
    options.limit = 3;
    options.sort = PLENARY_NEWEST_FIRST;
    int code = 1;
    if (plenary_search(&result, index, argv[2], PLENARY_ALL, &options, &failure) < 0) {
        complain(&failure);
    } else {
        printf("%llu passages\n", (unsigned long long)plenary_result_about(result)->total);
        code = print_hits(result);
        plenary_result_free(result);
    }
    plenary_close(index);
    return code;
}
