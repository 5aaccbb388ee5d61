/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What worker_pool.c and read_worker.c, two programs of one version, say to each other.
 *
 * Over a socket of whole messages (SOCK_SEQPACKET): the worker says once what confines it (READY);
 * then, for each job, the pool sends a struct worker_job with two descriptors, the sealed bytes of
 * the file and an empty memory file, and the worker answers DONE. Into the memory file go records:
 *
 *   record  = type, size (struct worker_record), then `size` bytes
 *   DOCUMENT: a document_message; NOTICE: level, line (varints), source NUL text;
 *   MEMBER: number (varint), its path: the worker turns to this member of an archive
 *
 * The pool takes what comes from a worker as it would take a hostile file.
 */
#ifndef PLENARY_CORPUS_WORKER_PROTOCOL_H
#define PLENARY_CORPUS_WORKER_PROTOCOL_H

#include "corpus/error.h"
#include "corpus/metadata.h"
#include "corpus/reader.h"

#include <limits.h>
#include <stdint.h>

enum {
    WORKER_SOCKET = 3,         /* the worker's end */
    WORKER_NO_MEMORY = 113,    /* exit status: an allocation failed and nobody bore it */
    WORKER_READY = 0x504C5231, /* struct worker_reply.kind */
    WORKER_DONE = 0x504C5232,
    WORKER_LEAVING = 0x504C5233, /* done, and the worker ends: its memory is worn */
};

struct worker_job {
    uint64_t size; /* of the file */
    uint64_t max_file, max_line, offset, line, first_member;
    uint32_t format, whole, min_words;
    uint8_t content[16];
    /* What is written down beside the file (metadata.h); "" and 0: nothing. */
    uint32_t date;
    char title[METADATA_VALUE_MAX + 1], body[METADATA_VALUE_MAX + 1];
    char language[METADATA_VALUE_MAX + 1];
    char path[PATH_MAX], source[PATH_MAX];
};

struct worker_reply {
    uint32_t kind;
    uint32_t confinement; /* READY: bits of enum confinement */
    int32_t status;       /* DONE: of the reader */
    uint32_t skipped;
    char message[sizeof((struct error *)NULL)->message];
};

enum worker_record_type { WORKER_DOCUMENT = 1, WORKER_NOTICE, WORKER_MEMBER };

struct worker_record {
    uint64_t type, size;
};

#endif
