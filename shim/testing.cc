/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shim/testing.h"
#include "shim/status.hh"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <new>
#include <stdexcept>
#include <xapian.h>

template <class Class> [[noreturn]] static void raise_xapian() {
    throw Class("thrown", "by hand", ENOSPC);
}
[[noreturn]] static void raise_memory() {
    throw std::bad_alloc();
}
[[noreturn]] static void raise_standard() {
    throw std::runtime_error("thrown");
}
[[noreturn]] static void raise_unknown() {
    throw 42;
}

static const struct {
    const char *name;
    void (*raise)();
} classes[] = {
    {"AssertionError", raise_xapian<Xapian::AssertionError>},
    {"InvalidArgumentError", raise_xapian<Xapian::InvalidArgumentError>},
    {"InvalidOperationError", raise_xapian<Xapian::InvalidOperationError>},
    {"UnimplementedError", raise_xapian<Xapian::UnimplementedError>},
    {"DatabaseError", raise_xapian<Xapian::DatabaseError>},
    {"DatabaseCorruptError", raise_xapian<Xapian::DatabaseCorruptError>},
    {"DatabaseCreateError", raise_xapian<Xapian::DatabaseCreateError>},
    {"DatabaseLockError", raise_xapian<Xapian::DatabaseLockError>},
    {"DatabaseModifiedError", raise_xapian<Xapian::DatabaseModifiedError>},
    {"DatabaseOpeningError", raise_xapian<Xapian::DatabaseOpeningError>},
    {"DatabaseVersionError", raise_xapian<Xapian::DatabaseVersionError>},
    {"DatabaseNotFoundError", raise_xapian<Xapian::DatabaseNotFoundError>},
    {"DatabaseClosedError", raise_xapian<Xapian::DatabaseClosedError>},
    {"DocNotFoundError", raise_xapian<Xapian::DocNotFoundError>},
    {"FeatureUnavailableError", raise_xapian<Xapian::FeatureUnavailableError>},
    {"InternalError", raise_xapian<Xapian::InternalError>},
    {"NetworkError", raise_xapian<Xapian::NetworkError>},
    {"NetworkTimeoutError", raise_xapian<Xapian::NetworkTimeoutError>},
    {"QueryParserError", raise_xapian<Xapian::QueryParserError>},
    {"SerialisationError", raise_xapian<Xapian::SerialisationError>},
    {"RangeError", raise_xapian<Xapian::RangeError>},
    {"WildcardError", raise_xapian<Xapian::WildcardError>},
    {"bad_alloc", raise_memory},
    {"runtime_error", raise_standard},
    {"int", raise_unknown},
};

int shim_testing_throw(const char *class_name, char *message, size_t message_size) {
    for (const auto &entry : classes) {
        if (std::strcmp(entry.name, class_name) != 0)
            continue;
        shim::Failure failure;
        int status = shim::guarded(failure, [&] {
            entry.raise();
            return SHIM_OK;
        });
        std::snprintf(message, message_size, "%s", failure.message);
        return status;
    }
    return 1;
}

int shim_testing_rewrite(const char *path, unsigned times) {
    shim::Failure failure;
    return shim::guarded(failure, [&] {
        Xapian::WritableDatabase database(path, Xapian::DB_OPEN);
        for (unsigned i = 0; i < times; i++) {
            for (Xapian::docid docid = 1; docid <= database.get_lastdocid(); docid++) {
                Xapian::Document document;
                /* Many terms, so that every block of the table is used anew. */
                document.add_term("w" + std::to_string(docid + i));
                document.add_term("x" + std::to_string(docid * 7919 + i));
                database.replace_document(docid, document);
            }
            database.commit();
        }
        return SHIM_OK;
    });
}
