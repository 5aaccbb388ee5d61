/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/inflate.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { INFLATE_INPUT = 128 * 1024, GZIP_MAGIC_SIZE = 2 };

struct inflater {
    int fd;
    const char *name;
    uint64_t consumed, expected;
    bool told, gzip, ended, in_member;
    z_stream zlib;
    unsigned char *input; /* of a gzip file; owned */
    size_t input_size;
    size_t begin, end; /* what of `input` is still to be used */
};

/* read(2) until `size` bytes are there or the file ends. A short read ends a regular file, at the
 * size it was seen to have; it is not asked again. */
static ssize_t read_fully(struct inflater *in, unsigned char *to, size_t size, struct error *err) {
    size_t have = 0;
    while (have < size && !in->ended) {
        ssize_t got = read(in->fd, to + have, size - have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_errno(err, "%s: cannot read", in->name);
        have += (size_t)got;
        in->ended =
            got == 0 || (in->expected && have < size && in->consumed + have >= in->expected);
    }
    in->consumed += have;
    return (ssize_t)have;
}

static int refill(struct inflater *in, struct error *err) {
    ssize_t got = read_fully(in, in->input, in->input_size, err);
    if (got < 0)
        return (int)got;
    in->begin = 0;
    in->end = (size_t)got;
    return 0;
}

static bool is_gzip(const unsigned char *data, size_t size) {
    return size >= GZIP_MAGIC_SIZE && data[0] == 0x1f && data[1] == 0x8b;
}

int inflater_open(struct inflater **out, int fd, uint64_t expected, const char *name,
                  struct error *err) {
    *out = calloc(1, sizeof **out);
    if (!*out) {
        close(fd);
        return error_memory(err);
    }
    (*out)->fd = fd;
    (*out)->expected = expected;
    (*out)->name = name;
    return 0;
}

/* What was read is gzip: take it as input, and start zlib. */
static int start_gzip(struct inflater *in, const unsigned char *data, size_t size,
                      struct error *err) {
    in->input_size = size > INFLATE_INPUT ? size : INFLATE_INPUT;
    in->input = malloc(in->input_size);
    /* 15 + 16: the largest window, gzip wrapper only. */
    if (!in->input || inflateInit2(&in->zlib, 15 + 16) != Z_OK)
        return error_memory(err);
    in->gzip = in->in_member = true;
    memcpy(in->input, data, size);
    in->end = size;
    return 0;
}

/* After a member: another may follow. Anything else behind it is ignored, as gzip(1) does. */
static int next_member(struct inflater *in, struct error *err) {
    if (in->end - in->begin < GZIP_MAGIC_SIZE) {
        size_t rest = in->end - in->begin;
        memmove(in->input, in->input + in->begin, rest);
        ssize_t got = read_fully(in, in->input + rest, in->input_size - rest, err);
        if (got < 0)
            return (int)got;
        in->begin = 0;
        in->end = rest + (size_t)got;
    }
    in->in_member = is_gzip(in->input + in->begin, in->end - in->begin);
    return in->in_member && inflateReset(&in->zlib) != Z_OK ? error_memory(err) : 0;
}

static int inflate_some(struct inflater *in, struct error *err) {
    if (in->begin == in->end && !in->ended) {
        int status = refill(in, err);
        if (status)
            return status;
    }
    if (in->begin == in->end)
        return error_set(err, PLENARY_EDAMAGED, "%s: the gzip file is cut off", in->name);
    in->zlib.next_in = in->input + in->begin;
    in->zlib.avail_in = (uInt)(in->end - in->begin);
    int result = inflate(&in->zlib, Z_NO_FLUSH);
    in->begin = in->end - in->zlib.avail_in;
    if (result == Z_STREAM_END)
        return next_member(in, err);
    if (result == Z_MEM_ERROR)
        return error_memory(err);
    if (result != Z_OK && result != Z_BUF_ERROR)
        return error_set(err, PLENARY_EDAMAGED, "%s: the gzip file is damaged near byte %llu: %s",
                         in->name, (unsigned long long)(in->consumed - (in->end - in->begin)),
                         in->zlib.msg ? in->zlib.msg : "unknown fault");
    return 0;
}

static ssize_t read_gzip(struct inflater *in, unsigned char *to, size_t size, struct error *err) {
    size_t have = 0;
    while (have < size && in->in_member) {
        size_t room = size - have > UINT32_MAX / 2 ? UINT32_MAX / 2 : size - have;
        in->zlib.next_out = to + have;
        in->zlib.avail_out = (uInt)room;
        int status = inflate_some(in, err);
        if (status)
            return status;
        have += room - in->zlib.avail_out;
    }
    return (ssize_t)have;
}

/* Into the caller's buffer, since most files are no gzip. */
static ssize_t read_start(struct inflater *in, unsigned char *to, size_t size, struct error *err) {
    ssize_t got = read_fully(in, to, size, err);
    in->told = got >= 0;
    if (got < 0 || !is_gzip(to, (size_t)got))
        return got;
    int status = start_gzip(in, to, (size_t)got, err);
    return status ? status : read_gzip(in, to, size, err);
}

ssize_t inflater_read(struct inflater *inflater, void *buffer, size_t size, struct error *err) {
    if (!inflater->told)
        return read_start(inflater, buffer, size, err);
    return inflater->gzip ? read_gzip(inflater, buffer, size, err)
                          : read_fully(inflater, buffer, size, err);
}

uint64_t inflater_consumed(const struct inflater *inflater) {
    return inflater->consumed - (inflater->end - inflater->begin);
}

void inflater_close(struct inflater *inflater) {
    if (!inflater)
        return;
    if (inflater->gzip)
        inflateEnd(&inflater->zlib);
    close(inflater->fd);
    free(inflater->input);
    free(inflater);
}
