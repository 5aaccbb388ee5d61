/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/serve/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 4096, FIRST_PASSED = 3, HOST_MOST = 256 };

static int set_flags(int descriptor) {
    int flags = fcntl(descriptor, F_GETFL);
    if (flags < 0 || fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) < 0)
        return -1;
    return fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

/* 1: systemd passed a socket. */
static int take_passed(int *out, struct error *err) {
    const char *process = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
    if (!process || !count || strtol(process, NULL, 10) != (long)getpid())
        return 0;
    if (strtol(count, NULL, 10) != 1)
        return error_set(err, PLENARY_EINVALID, "systemd passed %s sockets; one is needed", count);
    *out = FIRST_PASSED;
    return set_flags(*out) < 0 ? error_errno(err, "the socket from systemd") : 1;
}

static int split(char host[HOST_MOST], const char **port, const char *address, struct error *err) {
    const char *colon = strrchr(address, ':');
    const char *begin = address, *end = colon;
    if (colon && address[0] == '[' && colon > address && colon[-1] == ']') {
        begin++;
        end--;
    }
    if (!colon || !colon[1] || end - begin >= HOST_MOST)
        return error_set(err, PLENARY_EINVALID, "--listen: '%s' is not HOST:PORT", address);
    snprintf(host, HOST_MOST, "%.*s", (int)(end - begin), begin);
    *port = colon + 1;
    return 0;
}

static int try_address(const struct addrinfo *one) {
    int on = 1;
    int descriptor = socket(one->ai_family, one->ai_socktype | SOCK_CLOEXEC, one->ai_protocol);
    if (descriptor < 0)
        return -1;
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(descriptor, one->ai_addr, one->ai_addrlen) == 0 && listen(descriptor, BACKLOG) == 0 &&
        set_flags(descriptor) >= 0)
        return descriptor;
    int reason = errno;
    close(descriptor);
    errno = reason;
    return -1;
}

int listen_open(int *out, const char *address, struct error *err) {
    char host[HOST_MOST];
    const char *port = "";
    struct addrinfo *found,
        hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    int status = take_passed(out, err);
    if (status)
        return status < 0 ? status : 0;
    status = split(host, &port, address, err);
    if (status)
        return status;
    int failed = getaddrinfo(*host ? host : NULL, port, &hints, &found);
    if (failed)
        return error_set(err, PLENARY_EINVALID, "--listen: %s: %s", address, gai_strerror(failed));
    *out = -1;
    for (const struct addrinfo *one = found; one && *out < 0; one = one->ai_next)
        *out = try_address(one);
    status = *out < 0 ? error_errno(err, "--listen: %s", address) : 0;
    freeaddrinfo(found);
    return status;
}

void listen_name(char *out, size_t size, int descriptor) {
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    char host[HOST_MOST] = "?", port[16] = "?";
    if (getsockname(descriptor, (struct sockaddr *)&address, &length) == 0)
        getnameinfo((struct sockaddr *)&address, length, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV);
    snprintf(out, size, strchr(host, ':') ? "[%.100s]:%s" : "%.100s:%s", host, port);
}
