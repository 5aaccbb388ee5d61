/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shim/status.hh"

#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <xapian.h>

namespace shim {

/* Is the exception being handled of this class? Xapian::Error has no virtual function, so that only
 * catching asks for the dynamic type. */
template <class Class> static bool is_handled() noexcept {
    try {
        throw;
    } catch (const Class &) {
        return true;
    } catch (...) {
        return false;
    }
}

/* Most derived first: the first match decides. */
static const struct {
    bool (*matches)() noexcept;
    int status;
} classes[] = {
    {is_handled<Xapian::DatabaseNotFoundError>, SHIM_ENOTFOUND},
    {is_handled<Xapian::DatabaseVersionError>, SHIM_EVERSION},
    {is_handled<Xapian::DatabaseOpeningError>, SHIM_EOPEN},
    {is_handled<Xapian::DatabaseCreateError>, SHIM_ECREATE},
    {is_handled<Xapian::DatabaseLockError>, SHIM_ELOCKED},
    {is_handled<Xapian::DatabaseModifiedError>, SHIM_EMODIFIED},
    {is_handled<Xapian::DatabaseCorruptError>, SHIM_ECORRUPT},
    {is_handled<Xapian::DatabaseClosedError>, SHIM_ECLOSED},
    {is_handled<Xapian::DatabaseError>, SHIM_EDATABASE},
    {is_handled<Xapian::DocNotFoundError>, SHIM_ENOTFOUND},
    {is_handled<Xapian::SerialisationError>, SHIM_ECORRUPT},
    {is_handled<Xapian::NetworkError>, SHIM_ENETWORK},
    {is_handled<Xapian::QueryParserError>, SHIM_EQUERY},
    {is_handled<Xapian::WildcardError>, SHIM_EQUERY},
    {is_handled<Xapian::FeatureUnavailableError>, SHIM_EFEATURE},
    {is_handled<Xapian::RangeError>, SHIM_EINVALID},
    {is_handled<Xapian::InternalError>, SHIM_EINTERNAL},
    {is_handled<Xapian::LogicError>, SHIM_EINVALID},
};

/* Messages quote paths, terms and bytes of files; none of that may steer a terminal. */
static void disarm(char *text) noexcept {
    for (; *text; text++)
        if (static_cast<unsigned char>(*text) < 0x20 || *text == 0x7f)
            *text = '?';
}

int failed(Failure &failure, int status, const char *format, ...) noexcept {
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(failure.message, sizeof failure.message, format, arguments);
    va_end(arguments);
    disarm(failure.message);
    return status;
}

/* "ClassName: message (context; error string; in where)", leaving out what there is not. */
static void describe(Failure &failure, const Xapian::Error &error, const char *where) {
    const char *extras[] = {error.get_context().c_str(), error.get_error_string(), where};
    char tail[sizeof failure.message] = "";
    size_t used = 0;
    for (const char *extra : extras) {
        if (!extra || !*extra || std::strstr(error.get_msg().c_str(), extra))
            continue;
        int size = std::snprintf(tail + used, sizeof tail - used, "%s%s%s", used ? "; " : " (",
                                 extra == where ? "in " : "", extra);
        if (size > 0)
            used = used + size < sizeof tail ? used + size : sizeof tail - 1;
    }
    failed(failure, 0, "%s: %s%s%s", error.get_type(), error.get_msg().c_str(), tail,
           used ? ")" : "");
}

static int status_of_handled() noexcept {
    for (const auto &entry : classes)
        if (entry.matches())
            return entry.status;
    return SHIM_EINTERNAL;
}

static int describe_any(Failure &failure, const char *where) {
    try {
        throw;
    } catch (const Xapian::Error &error) {
        describe(failure, error, where);
        return status_of_handled();
    } catch (const TimeOver &) {
        return failed(failure, SHIM_ETIME, "the search took longer than it was given");
    } catch (const std::bad_alloc &) {
        return failed(failure, SHIM_ENOMEM, "out of memory");
    } catch (const std::exception &error) {
        return failed(failure, SHIM_EINTERNAL, "%s", error.what());
    } catch (...) {
        return failed(failure, SHIM_EINTERNAL, "an exception of unknown type");
    }
}

int caught(Failure &failure, const char *where) noexcept {
    try {
        return describe_any(failure, where);
    } catch (...) {
        /* Describing allocates a little, in Xapian's error strings. */
        return failed(failure, SHIM_ENOMEM, "out of memory");
    }
}

} // namespace shim

const char *shim_status_name(int status) {
    static const char *const names[] = {
        "SHIM_OK",        "SHIM_ENOMEM",    "SHIM_EINVALID",  "SHIM_ENOTFOUND", "SHIM_EOPEN",
        "SHIM_ECREATE",   "SHIM_ELOCKED",   "SHIM_EMODIFIED", "SHIM_ECORRUPT",  "SHIM_EVERSION",
        "SHIM_ECLOSED",   "SHIM_EDATABASE", "SHIM_ENETWORK",  "SHIM_EQUERY",    "SHIM_EFEATURE",
        "SHIM_EINTERNAL", "SHIM_ETIME",
    };
    if (status > 0 || status <= -static_cast<int>(sizeof names / sizeof *names))
        return "unknown status";
    return names[-status];
}

const char *shim_xapian_version(void) {
    return Xapian::version_string();
}
