/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A sidecar of kind TOKENS with the sections
 *
 *   1  ids     varint*            the passages' words, passage after passage
 *   2  begins  column             where each passage's ids begin in section 1, and their end
 */
#include "indexer/segment/tokens.h"

enum { TOKENS_KIND = 'k', TOKENS_VERSION = 1, SECTION_IDS = 1, SECTION_BEGINS = 2 };

int tokens_create(struct tokens_writer *writer, const char *path, struct error *err) {
    *writer = (struct tokens_writer){0};
    column_writer_init(&writer->begins);
    int status = sidecar_create(&writer->file, path, TOKENS_KIND, TOKENS_VERSION, err);
    return status < 0 ? status : sidecar_begin(writer->file, SECTION_IDS, err);
}

int tokens_add(struct tokens_writer *writer, const uint8_t *ids, size_t size, struct error *err) {
    column_add(&writer->begins, writer->size);
    writer->size += size;
    return size ? sidecar_append(writer->file, ids, size, err) : 0;
}

int tokens_finish(struct tokens_writer *writer, struct error *err) {
    column_add(&writer->begins, writer->size);
    int status = column_write(&writer->begins, writer->file, SECTION_BEGINS, err);
    return status < 0 ? status : sidecar_finish(writer->file, err);
}

size_t tokens_memory(const struct tokens_writer *writer) {
    return column_memory(&writer->begins) + (writer->file ? sidecar_memory(writer->file) : 0);
}

void tokens_writer_close(struct tokens_writer *writer) {
    column_writer_free(&writer->begins);
    sidecar_writer_close(writer->file);
    writer->file = NULL;
}

int tokens_open(struct tokens *out, const char *path, uint64_t passages, struct error *err) {
    *out = (struct tokens){.passages = passages};
    int status = sidecar_open(&out->file, path, TOKENS_KIND, TOKENS_VERSION, err);
    if (status >= 0)
        status = sidecar_section(out->file, SECTION_IDS, &out->ids, err);
    if (status >= 0)
        status = column_open_counted(&out->begins, out->file, SECTION_BEGINS, passages + 1, err);
    if (status < 0)
        tokens_close(out);
    return status;
}

void tokens_close(struct tokens *tokens) {
    sidecar_close(tokens->file);
    tokens->file = NULL;
}

int tokens_place(const struct tokens *tokens, uint64_t passage, const uint8_t **ids, size_t *size,
                 struct error *err) {
    uint64_t begin, end;
    if (passage >= tokens->passages)
        return error_set(err, PLENARY_EINVALID, "there is no passage %llu in this segment",
                         (unsigned long long)passage);
    int status = column_get_pair(&tokens->begins, passage, &begin, &end, err);
    if (status < 0)
        return status;
    if (end < begin || end > tokens->ids.size)
        return section_damaged(&tokens->ids, begin, "a passage ends elsewhere than it can", err);
    *ids = tokens->ids.data + begin;
    *size = end - begin;
    return 0;
}

int tokens_get(const struct tokens *tokens, uint64_t passage, const uint8_t **ids, size_t *size,
               struct error *err) {
    int status = tokens_place(tokens, passage, ids, size, err);
    return status ? status
                  : section_need(&tokens->ids, (uint64_t)(*ids - tokens->ids.data), *size, err);
}
