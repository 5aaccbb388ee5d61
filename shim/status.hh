/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where exceptions end: every handle of the shim starts with a Failure, and every call runs its
 * body through `guarded`, which turns whatever is thrown into a status and a sentence on the
 * handle.
 */
#ifndef PLENARY_SHIM_STATUS_HH
#define PLENARY_SHIM_STATUS_HH

/* The C header names a struct and a function alike, twice; C keeps them apart and so do we. */
#pragma GCC diagnostic ignored "-Wshadow"
#include "shim/shim.h"

namespace shim {

/* A fixed buffer: saying that memory is short must not need memory. */
struct Failure {
    char message[480] = "";
};

/* Thrown where a deadline has passed. */
struct TimeOver {};

/* Call only inside a catch block: the status of the exception in flight, its sentence in `failure`.
 * `where` (a path, or NULL) is added to sentences that do not name it. */
int caught(Failure &failure, const char *where = nullptr) noexcept;

/* Say (printf-like) what is wrong and return `status`. */
int failed(Failure &failure, int status, const char *format, ...) noexcept
    __attribute__((format(printf, 3, 4)));

/* `body` returns a status; what it throws becomes one. The last call's sentence is cleared first.
 */
template <class Body>
int guarded(Failure &failure, Body &&body, const char *where = nullptr) noexcept {
    failure.message[0] = '\0';
    try {
        return body();
    } catch (...) {
        return caught(failure, where);
    }
}

} // namespace shim

#endif
