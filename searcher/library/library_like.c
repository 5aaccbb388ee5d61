/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/library/library.h"
#include "searcher/like.h"

PLENARY_EXPORT int plenary_like(char **out, struct plenary *plenary, const char *passage_id,
                                struct plenary_failure *failure) {
    struct error err = {0};
    struct pooled *pooled;
    struct bytes text = BYTES_INIT;
    *out = NULL;
    int status = pool_take(&pooled, plenary->pool, &err);
    if (!status)
        status = like_query(&text, pooled->searcher, passage_id, &err);
    pool_give(plenary->pool, pooled);
    if (!status && !bytes_string(&text))
        status = error_memory(&err);
    if (status < 0) {
        bytes_free(&text);
        return library_fail(failure, status, &err);
    }
    *out = (char *)text.data;
    return 0;
}
