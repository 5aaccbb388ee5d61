/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/zip_members.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

const struct bytes *zip_members_find(const struct zip_members *members, const char *name) {
    for (size_t i = 0; i < members->count; i++)
        if (!strcasecmp(members->list[i].name, name))
            return &members->list[i].data;
    return NULL;
}

void zip_members_free(struct zip_members *members) {
    for (size_t i = 0; i < members->count; i++) {
        free(members->list[i].name);
        bytes_free(&members->list[i].data);
    }
    free(members->list);
    *members = (struct zip_members){.list = NULL};
}

int zip_members_charge(const struct zip_members *members, const struct bytes *member,
                       struct error *err) {
    if (member->size > *members->budget)
        return error_set(err, PLENARY_ELIMIT,
                         "the parts of the file repeat each other to more than %u MiB: it was left "
                         "unread",
                         (unsigned)(READ_BUDGET >> 20));
    *members->budget -= member->size;
    return 0;
}

#ifdef HAVE_LIBARCHIVE

#include <archive.h>
#include <archive_entry.h>

enum { CHUNK = 1 << 20 };

static struct zip_member *add_member(struct zip_members *members, const char *name) {
    if (members->count == members->capacity) {
        size_t capacity = members->capacity ? members->capacity * 2 : 16;
        struct zip_member *list = realloc(members->list, capacity * sizeof *list);
        if (!list)
            return NULL;
        members->list = list;
        members->capacity = capacity;
    }
    struct zip_member *member = &members->list[members->count];
    *member = (struct zip_member){.name = strdup(name), .data = BYTES_INIT};
    if (!member->name)
        return NULL;
    members->count++;
    return member;
}

/* The size that the archive states is not to be trusted: only what comes counts. */
static int read_member(struct zip_member *member, struct archive *archive, uint64_t *budget,
                       struct error *err) {
    for (;;) {
        if (!bytes_reserve(&member->data, 64 << 10))
            return PLENARY_ENOMEM;
        size_t room = member->data.capacity - member->data.size;
        room = room < CHUNK ? room : CHUNK; /* so that a bomb is noticed before it fills it all */
        la_ssize_t got = archive_read_data(archive, member->data.data + member->data.size, room);
        if (got == 0)
            return 0;
        if (got < 0)
            return error_set(err, PLENARY_EDAMAGED, "the file is damaged: %s: %s", member->name,
                             archive_error_string(archive) ? archive_error_string(archive)
                                                           : "cannot be decompressed");
        if ((uint64_t)got > *budget || member->data.size > ZIP_MEMBER_MAX)
            return error_set(err, PLENARY_ELIMIT,
                             "the file decompresses to more than %u MiB: it was left unread",
                             (unsigned)(member->data.size > ZIP_MEMBER_MAX ? ZIP_MEMBER_MAX >> 20
                                                                           : READ_BUDGET >> 20));
        *budget -= (uint64_t)got;
        member->data.size += (size_t)got;
    }
}

static int read_entry(struct zip_members *out, struct archive *archive, struct archive_entry *entry,
                      const struct read_bytes *in, bool (*wanted)(const char *name),
                      struct error *err) {
    const char *name = archive_entry_pathname(entry);
    if (!name || !wanted(name) || zip_members_find(out, name))
        return 0;
    if (archive_entry_is_data_encrypted(entry)) {
        out->encrypted = true;
        return 0;
    }
    struct zip_member *member = add_member(out, name);
    return member ? read_member(member, archive, in->budget, err) : PLENARY_ENOMEM;
}

static int read_entries(struct zip_members *out, struct archive *archive,
                        const struct read_bytes *in, bool (*wanted)(const char *name),
                        struct error *err) {
    struct archive_entry *entry;
    for (unsigned count = 0; count < ZIP_ENTRIES_MAX && out->count < ZIP_MEMBERS_MAX; count++) {
        int got = archive_read_next_header(archive, &entry);
        if (got == ARCHIVE_EOF)
            return 0;
        if (got != ARCHIVE_OK && got != ARCHIVE_WARN)
            return error_set(err, PLENARY_EDAMAGED, "the file is damaged: %s",
                             archive_error_string(archive) ? archive_error_string(archive)
                                                           : "its zip archive cannot be read");
        int status = read_entry(out, archive, entry, in, wanted, err);
        if (status)
            return status;
    }
    return error_set(err, PLENARY_ELIMIT, "the file has too many members: it was left unread");
}

int zip_members_read(struct zip_members *out, const struct read_bytes *in,
                     bool (*wanted)(const char *name), struct error *err) {
    *out = (struct zip_members){.budget = in->budget};
    struct archive *archive = archive_read_new();
    if (!archive)
        return PLENARY_ENOMEM;
    int status;
    if (archive_read_support_format_zip_seekable(archive) != ARCHIVE_OK ||
        archive_read_open_memory(archive, in->data, in->size) != ARCHIVE_OK)
        status = error_set(err, PLENARY_EDAMAGED,
                           "the file is damaged: its zip archive cannot be "
                           "opened");
    else
        status = read_entries(out, archive, in, wanted, err);
    archive_read_free(archive);
    return status;
}

#else

int zip_members_read(struct zip_members *out, const struct read_bytes *in,
                     bool (*wanted)(const char *name), struct error *err) {
    (void)wanted;
    *out = (struct zip_members){.budget = in->budget};
    return error_set(err, PLENARY_EINVALID,
                     "office files cannot be read: plenary was built without libarchive "
                     "(libarchive-dev)");
}

#endif
