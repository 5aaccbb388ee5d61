/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Xapian's own writer, in a folder of its own or beside other files:
 *
 *   postlist.glass termlist.glass [docdata.glass position.glass]   the tables, being written
 *   iamglass.unfinished   what is committed so far, under a name that no reader looks for
 *   iamglass              its final name, given by shim_writer_finish once all is on the disk
 *   flintlock             Xapian's lock while writing
 *
 * Xapian commits by itself after XAPIAN_FLUSH_THRESHOLD documents (10,000 where the environment
 * says nothing), read when a writer opens. Nothing here sets that variable: setenv is unsafe while
 * other threads run, and a larger number gains little or loses. One run each, on a shared machine,
 * synthetic passages of 35 words: 400,000 with positions took 125 s at 10,000 documents, 110 s at
 * 100,000 and 145 s in one piece, with 62, 437 and 1629 MB resident; 200,000 without positions took
 * 18 s at 10,000 and 25 s at 100,000, with 28 and 172 MB. What the number cannot do is bound memory
 * in bytes, so this writer commits by itself: when its estimate reaches a bound, and always before
 * Xapian would, because each commit brings iamglass back to be hidden again.
 *
 * Commits do not sync, as nothing reads them; shim_writer_finish syncs each file once.
 */
#include "shim/database.hh"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

enum : size_t {
    PENDING_LIMIT = size_t{256} << 20,
    /* What Xapian's inverter takes: nodes of its maps by term and docid, and a packed string for
     * positions. The runs above at 100,000 come to 49 bytes a posting without, 125 with positions.
     */
    POSTING_COST = 64,
    POSITIONS_COST = 80,
    DOCUMENT_COST = 64,
};

const char *const TABLES[] = {"postlist.glass", "docdata.glass",  "termlist.glass",
                              "position.glass", "spelling.glass", "synonym.glass"};

/* A file descriptor that closes itself. */
struct Descriptor {
    explicit Descriptor(const std::string &path, int flags) : number(open(path.c_str(), flags)) {}
    ~Descriptor() {
        if (number >= 0)
            close(number);
    }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    const int number;
};

/* `optional`: tables that hold nothing have no file. */
void sync_file(const std::string &path, bool optional) {
    Descriptor file(path, O_RDONLY | O_CLOEXEC);
    if (file.number < 0 && errno == ENOENT && optional)
        return;
    if (file.number < 0 || fsync(file.number) != 0)
        throw Xapian::DatabaseError(path + ": cannot be synced to the disk", errno);
}

bool exists(const std::string &path) {
    struct stat about;
    if (stat(path.c_str(), &about) == 0)
        return true;
    if (errno != ENOENT && errno != ENOTDIR)
        throw Xapian::DatabaseCreateError(path + ": cannot be examined", errno);
    return false;
}

uint32_t documents_per_flush() {
    const char *text = getenv("XAPIAN_FLUSH_THRESHOLD"); /* as glass_database.cc reads it */
    int number = text ? atoi(text) : 0;
    return number > 0 ? static_cast<uint32_t>(number) : text && number < 0 ? 1 : 10000;
}

} // namespace

struct shim_writer : shim::Failure {
    std::string path;
    Xapian::WritableDatabase database;
    enum { CLOSED, WRITING, FINISHED } state = CLOSED;
    bool owns_files = false;
    int broken = SHIM_OK; /* the status of the failure that lost documents */
    uint32_t last_docid = 0;
    uint32_t documents = 0, documents_limit = 0; /* since the last commit */
    size_t pending = 0;

    std::string file(const char *name) const { return path + "/" + name; }
};

/* Take the version file out of readers' sight. */
static void hide(shim_writer &writer) {
    std::string from = writer.file("iamglass"), to = writer.file("iamglass.unfinished");
    if (rename(from.c_str(), to.c_str()) != 0 && errno != ENOENT)
        throw Xapian::DatabaseError(from + ": cannot be renamed", errno);
}

static int create(shim_writer &writer, const char *path) {
    if (!path || !*path)
        return shim::failed(writer, SHIM_EINVALID, "a database needs a path");
    writer.path = path;
    if (exists(writer.file("iamglass")))
        throw Xapian::DatabaseCreateError(writer.path + " holds a database already");
    writer.documents_limit = documents_per_flush();
    /* Overwrites what a writer that died may have left; one that lives holds the lock. */
    writer.database =
        Xapian::WritableDatabase(writer.path, Xapian::DB_CREATE_OR_OVERWRITE |
                                                  Xapian::DB_BACKEND_GLASS | Xapian::DB_NO_SYNC);
    writer.owns_files = true;
    hide(writer);
    writer.state = shim_writer::WRITING;
    return SHIM_OK;
}

int shim_writer_create(struct shim_writer **out, const char *path) {
    *out = nullptr;
    try {
        *out = new shim_writer;
    } catch (...) {
        return SHIM_ENOMEM;
    }
    shim_writer &writer = **out;
    return shim::guarded(
        writer, [&] { return create(writer, path); }, path);
}

/* Zero bytes take two in a table's key. Xapian itself would notice only at the next commit. */
static bool fits_key(const struct shim_posting &posting) {
    size_t size = posting.term_size;
    if (size > shim::TERM_LIMIT)
        return false;
    for (uint32_t i = 0; i < posting.term_size; i++)
        size += posting.term[i] == '\0';
    return size <= shim::TERM_LIMIT;
}

/* All that a caller can get wrong, before anything is handed over: an error inside Xapian's writer
 * would cost every document since the last commit. */
static int check_document(shim_writer &writer, uint32_t docid, const struct shim_posting *postings,
                          size_t count) {
    if (docid <= writer.last_docid)
        return shim::failed(writer, SHIM_EINVALID, "docid %u does not come after %u", docid,
                            writer.last_docid);
    uint32_t length = 0;
    for (size_t i = 0; i < count; i++) {
        const struct shim_posting &posting = postings[i];
        if (!posting.term || posting.term_size == 0)
            return shim::failed(writer, SHIM_EINVALID, "document %u: term %zu is empty", docid, i);
        if (!fits_key(posting))
            return shim::failed(writer, SHIM_EINVALID,
                                "document %u: term too long, %u bytes where Xapian takes %d: %.60s",
                                docid, posting.term_size, shim::TERM_LIMIT,
                                std::string(posting.term, posting.term_size).c_str());
        if (posting.position_count && !posting.positions)
            return shim::failed(writer, SHIM_EINVALID, "document %u: positions are NULL", docid);
        if (__builtin_add_overflow(length, posting.wdf, &length))
            return shim::failed(writer, SHIM_EINVALID,
                                "document %u: its length is over 4,294,967,295 terms", docid);
    }
    return SHIM_OK;
}

static size_t cost_of(const struct shim_posting &posting) {
    size_t cost = POSTING_COST + posting.term_size / 2;
    if (posting.position_count)
        cost += POSITIONS_COST + posting.position_count;
    return cost;
}

static size_t fill(Xapian::Document &document, const struct shim_posting *postings, size_t count) {
    size_t cost = DOCUMENT_COST;
    for (size_t i = 0; i < count; i++) {
        const struct shim_posting &posting = postings[i];
        std::string term(posting.term, posting.term_size);
        document.add_term(term, posting.wdf);
        for (uint32_t j = 0; j < posting.position_count; j++)
            document.add_posting(term, posting.positions[j], 0);
        cost += cost_of(posting);
    }
    return cost;
}

static void commit(shim_writer &writer) {
    writer.database.commit();
    hide(writer);
    writer.documents = 0;
    writer.pending = 0;
}

static void add(shim_writer &writer, uint32_t docid, const Xapian::Document &document,
                size_t cost) {
    writer.database.replace_document(docid, document);
    writer.last_docid = docid;
    writer.documents++;
    writer.pending += cost;
    if (writer.pending >= PENDING_LIMIT || writer.documents + 1 >= writer.documents_limit)
        commit(writer);
}

/* As shim::guarded, for a writer that can still write. A failure of `body` loses documents (Xapian
 * drops what is not committed), so it stays: no later call may look like success. */
template <class Body> static int with_writing(shim_writer &writer, Body &&body) {
    if (writer.broken != SHIM_OK)
        return writer.broken;
    if (writer.state != shim_writer::WRITING)
        return shim::failed(writer, SHIM_ECLOSED, "the writer is finished or was never opened");
    return writer.broken = shim::guarded(writer, body, writer.path.c_str());
}

int shim_writer_add(struct shim_writer *writer, uint32_t docid, const struct shim_posting *postings,
                    size_t count, const char *data, size_t data_size) {
    int refused = SHIM_OK;
    int status = with_writing(*writer, [&] {
        refused = check_document(*writer, docid, postings, count);
        if (refused != SHIM_OK)
            return static_cast<int>(SHIM_OK);
        Xapian::Document document;
        size_t cost = fill(document, postings, count);
        if (data_size)
            document.set_data(std::string(data, data_size));
        add(*writer, docid, document, cost);
        return static_cast<int>(SHIM_OK);
    });
    return status != SHIM_OK ? status : refused;
}

size_t shim_writer_memory(const struct shim_writer *writer) {
    return writer->pending;
}

/* The version file comes last: whoever sees it finds all it speaks of on the disk. */
static void publish(shim_writer &writer) {
    for (const char *table : TABLES)
        sync_file(writer.file(table), true);
    std::string from = writer.file("iamglass.unfinished"), to = writer.file("iamglass");
    sync_file(from, false);
    sync_file(writer.path, false);
    if (rename(from.c_str(), to.c_str()) != 0)
        throw Xapian::DatabaseError(to + ": cannot be renamed", errno);
    sync_file(writer.path, false);
}

int shim_writer_finish(struct shim_writer *writer) {
    return with_writing(*writer, [&] {
        commit(*writer);
        writer->database.close();
        hide(*writer);
        unlink(writer->file("flintlock").c_str());
        publish(*writer);
        writer->state = shim_writer::FINISHED;
        return SHIM_OK;
    });
}

const char *shim_writer_message(const struct shim_writer *writer) {
    return writer ? writer->message : "out of memory";
}

static void remove_files(const shim_writer &writer) {
    for (const char *table : TABLES)
        unlink(writer.file(table).c_str());
    for (const char *name : {"iamglass", "iamglass.unfinished", "v.tmp", "flintlock"})
        unlink(writer.file(name).c_str());
}

/* Closing commits, and what cannot be committed is given up here anyway. */
static void abandon(shim_writer &writer) {
    shim::guarded(writer, [&] {
        writer.database.close();
        return SHIM_OK;
    });
    shim::guarded(writer, [&] {
        remove_files(writer);
        return SHIM_OK;
    });
}

void shim_writer_close(struct shim_writer *writer) {
    if (!writer)
        return;
    if (writer->owns_files && writer->state != shim_writer::FINISHED)
        abandon(*writer);
    delete writer;
}
