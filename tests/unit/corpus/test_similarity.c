/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The forms of one record give the same passages: for each NAME.ref.txt in the shared data (its
 * paragraphs parted by blank lines), the share of characters in passages that are a paragraph of
 * it, in order, white space aside. That is stricter than comparing characters one by one.
 */
#include "tests/unit/corpus/reading.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <xxhash.h>

static const double ENOUGH = 0.99;

struct piece {
    uint64_t hash;
    size_t size; /* characters that are no white space */
};

struct pieces {
    struct bytes list; /* of struct piece */
    uint64_t size;
};

static void add_piece(struct pieces *pieces, const char *text, size_t size) {
    struct bytes packed = BYTES_INIT;
    for (size_t i = 0; i < size; i++) {
        if (i + 1 < size && text[i] == '\xC2' && text[i + 1] == '\xA0')
            i++;
        else if ((unsigned char)text[i] > ' ')
            bytes_add_byte(&packed, (uint8_t)text[i]);
    }
    struct piece piece = {XXH3_64bits(packed.data, packed.size), 0};
    for (size_t i = 0; i < packed.size; i++)
        piece.size += (packed.data[i] & 0xC0) != 0x80;
    if (packed.size)
        bytes_add(&pieces->list, &piece, sizeof piece);
    pieces->size += piece.size;
    bytes_free(&packed);
}

static size_t count_of(const struct pieces *pieces) {
    return pieces->list.size / sizeof(struct piece);
}

static const struct piece *piece_at(const struct pieces *pieces, size_t i) {
    return (const struct piece *)(const void *)pieces->list.data + i;
}

static void read_reference(struct pieces *pieces, const char *path) {
    FILE *file = fopen(path, "rb");
    struct bytes text = BYTES_INIT;
    char buffer[4096];
    assert_non_null(file);
    for (size_t got; (got = fread(buffer, 1, sizeof buffer, file)) > 0;)
        bytes_add(&text, buffer, got);
    fclose(file);
    for (const char *at = bytes_string(&text), *end = NULL; at; at = end ? end + 2 : NULL) {
        end = strstr(at, "\n\n");
        add_piece(pieces, at, end ? (size_t)(end - at) : strlen(at));
    }
    bytes_free(&text);
}

static int collect(void *context, struct document *document) {
    for (size_t i = 0; i < document->passage_count; i++)
        add_piece(context, (const char *)document->text.data + document->passages[i].text_begin,
                  document->passages[i].text_end - document->passages[i].text_begin);
    return 0;
}

static void read_file(struct pieces *pieces, const char *path) {
    struct corpus_options options = CORPUS_OPTIONS_INIT;
    options.find = reader_find;
    struct document document;
    struct corpus *corpus;
    struct unit *unit;
    uint64_t skipped = 0;
    document_init(&document);
    assert_int_equal(corpus_open(&corpus, &path, 1, &options, NULL), 0);
    while (corpus_next(corpus, &unit, NULL) > 0) {
        assert_int_equal(unit_read(unit, &options, &document, collect, pieces, &skipped, NULL), 0);
        unit_free(unit);
    }
    corpus_close(corpus);
    document_free(&document);
}

/* The heaviest common subsequence of the two lists. */
static uint64_t common(const struct pieces *a, const struct pieces *b) {
    size_t width = count_of(b) + 1;
    uint64_t *best = calloc(width, sizeof *best);
    assert_non_null(best);
    for (size_t i = 0; i < count_of(a); i++) {
        uint64_t diagonal = 0;
        for (size_t j = 0; j < count_of(b); j++) {
            uint64_t above = best[j + 1];
            uint64_t same = diagonal + piece_at(a, i)->size;
            best[j + 1] = above > best[j] ? above : best[j];
            if (piece_at(a, i)->hash == piece_at(b, j)->hash && same > best[j + 1])
                best[j + 1] = same;
            diagonal = above;
        }
    }
    uint64_t result = best[width - 1];
    free(best);
    return result;
}

static double similarity(const struct pieces *reference, const char *path) {
    struct pieces read = {.size = 0};
    read_file(&read, path);
    uint64_t most = read.size > reference->size ? read.size : reference->size;
    double share = most ? (double)common(reference, &read) / (double)most : 0;
    bytes_free(&read.list);
    return share;
}

static bool compare_forms(const char *folder, const char *name) {
    static const char *const forms[] = {"docx", "odt", "rtf", "eml"};
    struct pieces reference = {.size = 0};
    char path[PATH_MAX * 2];
    bool good = true;
    snprintf(path, sizeof path, "%s/%s.ref.txt", folder, name);
    read_reference(&reference, path);
    print_message("# %-52.52s", name);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        snprintf(path, sizeof path, "%s/%s.%s", folder, name, forms[i]);
        double share = similarity(&reference, path);
        print_message(" %s %.4f", forms[i], share);
        good &= share >= ENOUGH;
    }
    print_message("\n");
    bytes_free(&reference.list);
    return good;
}

static void all_forms_give_the_passages_of_the_reference(void **state) {
    (void)state;
    char folder[PATH_MAX];
    const char *data = getenv("PLENARY_DATA");
    snprintf(folder, sizeof folder, "%s/formats", data ? data : "../shared/data");
    DIR *files = opendir(folder);
    if (!files) {
        print_message("# the shared data are not here: %s\n", folder);
        skip();
    }
#if !defined HAVE_LIBARCHIVE || !defined HAVE_GMIME
    print_message("# built without libarchive or gmime\n");
    skip();
#endif
    bool good = true;
    for (struct dirent *entry; (entry = readdir(files));) {
        size_t size = strlen(entry->d_name), ending = strlen(".ref.txt");
        if (size <= ending || strcmp(entry->d_name + size - ending, ".ref.txt") != 0)
            continue;
        entry->d_name[size - ending] = '\0';
        good &= compare_forms(folder, entry->d_name);
    }
    closedir(files);
    assert_true(good);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_forms_give_the_passages_of_the_reference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
