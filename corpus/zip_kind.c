/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/zip_kind.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum {
    LOCAL_SIZE = 30,
    CENTRAL_SIZE = 46,
    END_SIZE = 22,
    COMMENT_MAX = 65535,
    ENTRIES_MAX = 70000
};

static uint32_t read16(const uint8_t *at) {
    return (uint32_t)at[0] | (uint32_t)at[1] << 8;
}

static uint32_t read32(const uint8_t *at) {
    return read16(at) | read16(at + 2) << 16;
}

struct names {
    bool types, word, slides, sheets;
};

static bool begins(const uint8_t *name, size_t size, const char *with) {
    size_t length = strlen(with);
    return size >= length && !strncasecmp((const char *)name, with, length);
}

static void note_name(struct names *names, const uint8_t *name, size_t size) {
    names->types |= begins(name, size, "[Content_Types].xml");
    names->word |= begins(name, size, "word/");
    names->slides |= begins(name, size, "ppt/");
    names->sheets |= begins(name, size, "xl/");
}

/* Offset of the end record, which a comment may follow; SIZE_MAX if there is none. */
static size_t find_end(const uint8_t *data, size_t size) {
    size_t first = size > END_SIZE + COMMENT_MAX ? size - END_SIZE - COMMENT_MAX : 0;
    for (size_t at = size >= END_SIZE ? size - END_SIZE : 0; at + END_SIZE <= size; at--) {
        if (!memcmp(data + at, "PK\5\6", 4))
            return at;
        if (at == first)
            break;
    }
    return SIZE_MAX;
}

static void read_directory(struct names *names, const uint8_t *data, size_t size) {
    size_t end = find_end(data, size);
    if (end == SIZE_MAX)
        return;
    size_t at = read32(data + end + 16);
    for (unsigned i = 0;
         i < ENTRIES_MAX && at < end && end - at >= CENTRAL_SIZE && !memcmp(data + at, "PK\1\2", 4);
         i++) {
        size_t name = read16(data + at + 28), more = read16(data + at + 30);
        size_t comment = read16(data + at + 32);
        if (end - at - CENTRAL_SIZE < name)
            return;
        note_name(names, data + at + CENTRAL_SIZE, name);
        at += CENTRAL_SIZE + name + more + comment;
    }
}

/* Without a directory (the file is cut short), the first entry's name alone tells. */
static void read_first(struct names *names, const uint8_t *data, size_t size) {
    if (size < LOCAL_SIZE || memcmp(data, "PK\3\4", 4) != 0)
        return;
    size_t name = read16(data + 26);
    if (size - LOCAL_SIZE >= name)
        note_name(names, data + LOCAL_SIZE, name);
}

/* OpenDocument and EPUB: the first entry is `mimetype`, stored, and holds the type. */
static enum zip_kind kind_of_mimetype(const uint8_t *data, size_t size) {
    static const struct {
        const char *type;
        enum zip_kind kind;
    } kinds[] = {
        {"application/vnd.oasis.opendocument.text", ZIP_ODT},
        {"application/vnd.oasis.opendocument.presentation", ZIP_ODP},
        {"application/vnd.oasis.opendocument.spreadsheet", ZIP_ODS},
        {"application/epub+zip", ZIP_EPUB},
    };
    static const char name[] = "mimetype";
    if (size < LOCAL_SIZE || read16(data + 26) != sizeof name - 1)
        return ZIP_ARCHIVE;
    size_t begin = LOCAL_SIZE + sizeof name - 1;
    if (size < begin || memcmp(data + LOCAL_SIZE, name, sizeof name - 1) != 0 ||
        size - begin < read16(data + 28))
        return ZIP_ARCHIVE;
    begin += read16(data + 28);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (begins(data + begin, size - begin, kinds[i].type))
            return kinds[i].kind;
    return ZIP_ARCHIVE;
}

enum zip_kind zip_kind(const uint8_t *data, size_t size) {
    struct names names = {.types = false};
    enum zip_kind kind = kind_of_mimetype(data, size);
    if (kind)
        return kind;
    read_directory(&names, data, size);
    read_first(&names, data, size);
    if (!names.types)
        return ZIP_ARCHIVE;
    if (names.word)
        return ZIP_DOCX;
    if (names.slides)
        return ZIP_PPTX;
    if (names.sheets)
        return ZIP_XLSX;
    /* Cut short behind its list of types: those tell as well, if they can be read. */
    return memmem(data, size, "word/", 5)  ? ZIP_DOCX
           : memmem(data, size, "ppt/", 4) ? ZIP_PPTX
           : memmem(data, size, "xl/", 3)  ? ZIP_XLSX
                                           : ZIP_ARCHIVE;
}
