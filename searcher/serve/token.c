/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/serve/token.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

enum { CREDENTIALS_MOST = 1024 };

/* Every byte given is looked at, and none decides when to stop. */
static bool equal(const char *token, const char *given, size_t size) {
    size_t length = strlen(token);
    volatile unsigned char difference = (unsigned char)(length != size);
    for (size_t i = 0; i < size; i++)
        difference |= (unsigned char)(given[i] ^ token[length ? i % length : 0]);
    return difference == 0;
}

static int digit(char c) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

static size_t decode(char out[CREDENTIALS_MOST], const char *text) {
    size_t used = 0;
    unsigned bits = 0, count = 0;
    for (; used < CREDENTIALS_MOST && digit(*text) >= 0; text++) {
        bits = bits << 6 | (unsigned)digit(*text);
        count += 6;
        if (count >= 8) {
            count -= 8;
            out[used++] = (char)(bits >> count & 0xFF);
        }
    }
    return used;
}

bool token_matches(const char *token, const char *header) {
    char credentials[CREDENTIALS_MOST];
    if (!header)
        return false;
    if (strncasecmp(header, "Bearer ", 7) == 0)
        return equal(token, header + 7, strlen(header + 7));
    if (strncasecmp(header, "Basic ", 6) != 0)
        return false;
    size_t size = decode(credentials, header + 6);
    const char *colon = memchr(credentials, ':', size);
    if (!colon)
        return false;
    size_t user = (size_t)(colon - credentials) + 1;
    return equal(token, credentials + user, size - user);
}
