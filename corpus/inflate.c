/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/inflate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { INFLATE_INPUT = 128 * 1024, PLAIN_INPUT = 512, GZIP_MAGIC_SIZE = 2 };

struct inflater {
    int fd;
    const char *name;
    uint64_t consumed;
    bool gzip, ended, in_member;
    z_stream zlib;
    size_t begin, end; /* what of `input` is still to be used */
    unsigned char *input;
    size_t input_size;
    unsigned char *large;             /* the input of a gzip file; owned */
    unsigned char small[PLAIN_INPUT]; /* that of others, read past from then on */
};

/* read(2) until `size` bytes are there or the file ends. */
static ssize_t read_fully(struct inflater *in, unsigned char *to, size_t size, struct error *err) {
    size_t have = 0;
    while (have < size && !in->ended) {
        ssize_t got = read(in->fd, to + have, size - have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_errno(err, "%s: cannot read", in->name);
        in->ended = got == 0;
        have += (size_t)got;
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

static bool starts_gzip(const struct inflater *in) {
    return in->end - in->begin >= GZIP_MAGIC_SIZE && in->input[in->begin] == 0x1f &&
           in->input[in->begin + 1] == 0x8b;
}

/* A larger buffer, and zlib's state. */
static int start_gzip(struct inflater *in, struct error *err) {
    in->large = malloc(INFLATE_INPUT);
    /* 15 + 16: the largest window, gzip wrapper only. */
    if (!in->large || inflateInit2(&in->zlib, 15 + 16) != Z_OK)
        return error_memory(err);
    in->gzip = in->in_member = true;
    memcpy(in->large, in->input + in->begin, in->end - in->begin);
    in->end -= in->begin;
    in->begin = 0;
    in->input = in->large;
    in->input_size = INFLATE_INPUT;
    return 0;
}

int inflater_open(struct inflater **out, int fd, const char *name, struct error *err) {
    struct inflater *in = calloc(1, sizeof *in);
    *out = NULL;
    if (!in) {
        close(fd);
        return error_memory(err);
    }
    in->fd = fd;
    in->name = name;
    in->input = in->small;
    in->input_size = sizeof in->small;
    int status = refill(in, err);
    if (!status && starts_gzip(in))
        status = start_gzip(in, err);
    if (status) {
        inflater_close(in);
        return status;
    }
    *out = in;
    return 0;
}

static ssize_t read_plain(struct inflater *in, unsigned char *to, size_t size, struct error *err) {
    size_t have = in->end - in->begin < size ? in->end - in->begin : size;
    memcpy(to, in->input + in->begin, have);
    in->begin += have;
    ssize_t got = read_fully(in, to + have, size - have, err);
    return got < 0 ? got : (ssize_t)have + got;
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
    in->in_member = starts_gzip(in);
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

ssize_t inflater_read(struct inflater *inflater, void *buffer, size_t size, struct error *err) {
    return inflater->gzip ? read_gzip(inflater, buffer, size, err)
                          : read_plain(inflater, buffer, size, err);
}

bool inflater_is_gzip(const struct inflater *inflater) {
    return inflater->gzip;
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
    free(inflater->large);
    free(inflater);
}
