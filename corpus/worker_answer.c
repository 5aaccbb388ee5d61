/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/worker_answer.h"

#include "corpus/document_message.h"
#include "corpus/file_document.h"
#include "corpus/notice.h"
#include "corpus/worker_protocol.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void worker_answer_begin(struct worker_answer *answer, int file) {
    answer->file = file;
    answer->at = 0;
    answer->damaged = false;
}

void worker_answer_end(struct worker_answer *answer) {
    bytes_free(&answer->record);
    free(answer->member);
    answer->member = NULL;
}

/* ---- What is in a record ---- */

/* The unit's own name, or that of something inside it. */
static bool is_inside(const char *name, const char *whole) {
    size_t size = strlen(whole);
    return !strncmp(name, whole, size) && strchr("/#", name[size]);
}

static int take_document(struct worker_answer *answer, struct error *err) {
    struct document *document = answer->scratch;
    int status = document_message_read(document, answer->record.data, answer->record.size, err);
    if (status == PLENARY_EDAMAGED) {
        answer->damaged = true;
        return 0;
    }
    if (status)
        return status;
    const char *id = file_document_id(&document->arena, answer->unit->path);
    if (!id)
        return error_memory(err);
    if (!is_inside(document->source, answer->unit->source) ||
        (!document->is_record && !is_inside(document->id, id))) {
        answer->damaged = true;
        return 0;
    }
    return answer->each(answer->context, document);
}

/* The bytes up to a NUL, moving *at behind it; NULL if there is none. */
static const char *cut_string(const uint8_t **at, const uint8_t *end) {
    const uint8_t *nul = memchr(*at, '\0', (size_t)(end - *at));
    const char *string = nul ? (const char *)*at : NULL;
    if (nul)
        *at = nul + 1;
    return string;
}

static bool take_notice(struct worker_answer *answer) {
    const uint8_t *at = answer->record.data, *end = at + answer->record.size;
    uint64_t level, line;
    if (!varint_read(&at, end, &level) || !varint_read(&at, end, &line) || level > NOTICE_SKIPPED)
        return false;
    const char *source = cut_string(&at, end), *text = source ? cut_string(&at, end) : NULL;
    if (!text || at != end)
        return false;
    if (!is_inside(source, answer->unit->path))
        source = answer->unit->path;
    notice_send(answer->options, (enum notice_level)level, source, line, "%s", text);
    return true;
}

static bool take_member(struct worker_answer *answer, struct error *err, int *status) {
    const uint8_t *at = answer->record.data, *end = at + answer->record.size;
    uint64_t number;
    if (!varint_read(&at, end, &number) || number >= UINT32_MAX)
        return false;
    const char *path = cut_string(&at, end);
    if (!path || at != end || !is_inside(path, answer->unit->path))
        return false;
    free(answer->member);
    answer->member = strdup(path);
    answer->member_number = number;
    if (!answer->member)
        *status = error_memory(err);
    return true;
}

/* ---- The file ---- */

static bool read_exactly(int file, void *data, size_t size, uint64_t at) {
    uint8_t *to = data;
    while (size) {
        ssize_t got = pread(file, to, size, (off_t)at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        to += got;
        at += (uint64_t)got;
        size -= (size_t)got;
    }
    return true;
}

/* 1: a record is in answer->record, with a NUL behind it if it is not a document; 0: none is
 * whole yet; PLENARY_ENOMEM. */
static int next_record(struct worker_answer *answer, uint64_t size, struct worker_record *head,
                       struct error *err) {
    if (size < answer->at || size - answer->at < sizeof *head)
        return 0;
    if (!read_exactly(answer->file, head, sizeof *head, answer->at)) {
        answer->damaged = true;
        return 0;
    }
    if (head->size > size - answer->at - sizeof *head)
        return 0;
    bytes_reset(&answer->record);
    if (!bytes_reserve(&answer->record, (size_t)head->size + 1))
        return error_memory(err);
    if (!read_exactly(answer->file, answer->record.data, (size_t)head->size,
                      answer->at + sizeof *head)) {
        answer->damaged = true;
        return 0;
    }
    answer->record.size = (size_t)head->size;
    if (head->type != WORKER_DOCUMENT)
        bytes_add_byte(&answer->record, 0);
    answer->at += sizeof *head + head->size;
    return 1;
}

int worker_answer_take(struct worker_answer *answer, struct error *err) {
    struct stat stat;
    struct worker_record head;
    int taken = 0, status = 0;
    if (answer->damaged || fstat(answer->file, &stat) || stat.st_size < 0)
        return 0;
    while (!answer->damaged &&
           (status = next_record(answer, (uint64_t)stat.st_size, &head, err)) > 0) {
        bool known = true;
        status = 0;
        if (head.type == WORKER_DOCUMENT)
            status = take_document(answer, err);
        else if (head.type == WORKER_NOTICE)
            known = take_notice(answer);
        else
            known = head.type == WORKER_MEMBER && take_member(answer, err, &status);
        answer->damaged |= !known;
        if (status < 0)
            return status;
        taken++;
    }
    return status < 0 ? status : taken;
}
