/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shim/status.hh"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ostream>
#include <streambuf>
#include <string>
#include <sys/stat.h>
#include <xapian.h>

#ifdef __SANITIZE_ADDRESS__
/* Xapian 1.4.22's check deletes a table as its base class, whose destructor is not told the size:
 * AddressSanitizer would stop every program that checks a database. */
extern "C" const char *__asan_default_options(void);
extern "C" const char *__asan_default_options(void) {
    return "new_delete_type_mismatch=0";
}
#endif

namespace {

/* Cuts what Xapian prints into lines, as it prints them. */
class Lines : public std::streambuf {
  public:
    Lines(void (*report_)(void *context, const char *line), void *context_)
        : report(report_), context(context_) {}

    void end() {
        if (used)
            give();
    }

  protected:
    int overflow(int letter) override {
        if (letter == '\n' || used == sizeof line - 1)
            give();
        if (letter != '\n' && letter != EOF)
            line[used++] = static_cast<char>(letter);
        return letter == EOF ? 0 : letter;
    }

  private:
    void give() {
        line[used] = '\0';
        used = 0;
        if (report && *line)
            report(context, line);
    }

    void (*report)(void *context, const char *line);
    void *context;
    char line[1000] = {};
    size_t used = 0;
};

/* Xapian's check also follows stub files, which can name databases elsewhere. */
void require_glass(const std::string &path) {
    struct stat about;
    if (stat((path + "/iamglass").c_str(), &about) == 0)
        return;
    if (errno == ENOENT || errno == ENOTDIR)
        throw Xapian::DatabaseNotFoundError(path + " holds no glass database", errno);
    throw Xapian::DatabaseOpeningError(path + "/iamglass: cannot be examined", errno);
}

} // namespace

int shim_check(const char *path, uint64_t *errors, void (*report)(void *context, const char *line),
               void *context, char *message, size_t message_size) {
    shim::Failure failure;
    *errors = 0;
    int status = shim::guarded(
        failure,
        [&] {
            require_glass(path);
            Lines lines(report, context);
            std::ostream stream(&lines);
            *errors = Xapian::Database::check(path, 0, &stream);
            lines.end();
            return SHIM_OK;
        },
        path);
    if (message && message_size)
        std::snprintf(message, message_size, "%s", failure.message);
    return status;
}
