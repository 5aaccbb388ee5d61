/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Postings through Xapian's own writer, with positions and without document data. */
#include "indexer/segment/posting_builder.h"
#include "shim/shim.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct posting_builder {
    struct shim_writer *writer;
    struct shim_posting *postings; /* one passage's, in the shim's form; kept between passages */
    size_t capacity;
    char folder[]; /* for messages */
};

static enum plenary_error code_of(int status) {
    switch (status) {
    case SHIM_OK:
        return PLENARY_OK;
    case SHIM_ENOMEM:
        return PLENARY_ENOMEM;
    case SHIM_EINVALID:
        return PLENARY_EINVALID;
    case SHIM_ENOTFOUND:
        return PLENARY_ENOTFOUND;
    case SHIM_ELOCKED:
        return PLENARY_ELOCKED;
    case SHIM_ECORRUPT:
        return PLENARY_EDAMAGED;
    case SHIM_EVERSION:
        return PLENARY_EVERSION;
    case SHIM_EOPEN:
    case SHIM_ECREATE:
    case SHIM_EDATABASE: /* a full disk among them */
        return PLENARY_EIO;
    default:
        return PLENARY_EENGINE;
    }
}

static int report(const struct posting_builder *builder, int status, struct error *err) {
    if (status == SHIM_OK)
        return PLENARY_OK;
    return error_set(err, code_of(status), "%s: cannot write postings: %s", builder->folder,
                     shim_writer_message(builder->writer));
}

static void builder_close(struct posting_builder *builder) {
    if (!builder)
        return;
    shim_writer_close(builder->writer);
    free(builder->postings);
    free(builder);
}

static int builder_create(struct posting_builder **out, const char *folder, struct error *err) {
    size_t size = strlen(folder) + 1;
    struct posting_builder *builder = calloc(1, sizeof *builder + size);

    *out = NULL;
    if (!builder)
        return error_memory(err);
    memcpy(builder->folder, folder, size);
    int code = report(builder, shim_writer_create(&builder->writer, folder), err);
    if (code != PLENARY_OK) {
        builder_close(builder);
        return code;
    }
    *out = builder;
    return PLENARY_OK;
}

static int make_room(struct posting_builder *builder, size_t count, struct error *err) {
    if (count <= builder->capacity)
        return PLENARY_OK;
    size_t capacity = count > SIZE_MAX / 2 ? count : count * 2;
    struct shim_posting *grown = reallocarray(builder->postings, capacity, sizeof *grown);
    if (!grown)
        return error_memory(err);
    builder->postings = grown;
    builder->capacity = capacity;
    return PLENARY_OK;
}

static int builder_add(struct posting_builder *builder, uint32_t docid,
                       const struct builder_posting *postings, size_t count, struct error *err) {
    int code = make_room(builder, count, err);

    if (code != PLENARY_OK)
        return code;
    for (size_t i = 0; i < count; i++)
        builder->postings[i] = (struct shim_posting){
            .term = postings[i].term,
            .term_size = postings[i].term_size,
            .wdf = postings[i].wdf,
            .positions = postings[i].positions,
            .position_count = postings[i].position_count,
        };
    return report(builder, shim_writer_add(builder->writer, docid, builder->postings, count, "", 0),
                  err);
}

static int builder_finish(struct posting_builder *builder, struct error *err) {
    return report(builder, shim_writer_finish(builder->writer), err);
}

static size_t builder_memory(const struct posting_builder *builder) {
    return builder->capacity * sizeof *builder->postings + shim_writer_memory(builder->writer);
}

const struct posting_builder_class posting_builder_xapian = {
    .name = "xapian",
    .create = builder_create,
    .add = builder_add,
    .finish = builder_finish,
    .close = builder_close,
    .memory = builder_memory,
};
