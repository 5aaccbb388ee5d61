/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "glass_reader.h"
#include "tests/unit/rounds.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

struct entry {
    uint8_t *key, *tag;
    size_t key_size, tag_size;
};

static int entry_compare(const void *left, const void *right) {
    const struct entry *a = left, *b = right;
    int order = memcmp(a->key, b->key, a->key_size < b->key_size ? a->key_size : b->key_size);
    return order ? order : (a->key_size > b->key_size) - (a->key_size < b->key_size);
}

/* Keys share prefixes, hold zero bytes, and reach 255 bytes; some tags span many blocks. */
static void entry_fill(struct entry *entry, struct random *random, uint32_t tag_max) {
    entry->key_size = random_below(random, 50) ? 1 + random_below(random, 12) : GLASS_KEY_MAX;
    entry->key = malloc(entry->key_size);
    for (size_t i = 0; i < entry->key_size; i++)
        entry->key[i] = (uint8_t[]){0, 'a', 'b', 0xff}[random_below(random, 4)];
    entry->tag_size = random_below(random, random_below(random, 30) ? 60 : tag_max);
    entry->tag = malloc(entry->tag_size + 1);
    for (size_t i = 0; i < entry->tag_size; i++)
        entry->tag[i] = (uint8_t)random_next(random);
}

static size_t entries_create(struct entry *entries, size_t count, struct random *random,
                             uint32_t tag_max) {
    for (size_t i = 0; i < count; i++)
        entry_fill(&entries[i], random, tag_max);
    qsort(entries, count, sizeof *entries, entry_compare);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept && entry_compare(&entries[kept - 1], &entries[i]) == 0) {
            free(entries[i].key);
            free(entries[i].tag);
        } else {
            entries[kept++] = entries[i];
        }
    }
    return kept;
}

static void entries_free(struct entry *entries, size_t count) {
    for (size_t i = 0; i < count; i++) {
        free(entries[i].key);
        free(entries[i].tag);
    }
    free(entries);
}

static void expect_entry(void *context, const struct bytes *key, const struct bytes *tag) {
    struct entry **next = context;
    assert_int_equal(key->size, (*next)->key_size);
    assert_memory_equal(key->data, (*next)->key, key->size);
    assert_int_equal(tag->size, (*next)->tag_size);
    if (tag->size)
        assert_memory_equal(tag->data, (*next)->tag, tag->size);
    (*next)++;
}

/* A reader's search: in each branch block, the last item whose key is not greater. */
static bool key_is_found(const struct table_file *table, const struct glass_root *root,
                         const struct entry *entry) {
    uint32_t number = root->block;
    for (uint32_t level = root->level;; level--) {
        const uint8_t *block = table->bytes.data + (size_t)number * table->block_size;
        uint32_t end = get_u16(block + 9), head = level ? 4 : 2;
        const uint8_t *found = NULL;
        for (uint32_t i = 11; i < end; i += 2) {
            const uint8_t *item = block + get_u16(block + i);
            size_t size = item[head];
            const uint8_t *key = item + head + 1;
            struct entry other = {.key = entry->key, .key_size = entry->key_size};
            int order = memcmp(key, other.key, size < other.key_size ? size : other.key_size);
            if (order == 0)
                order = (size > other.key_size) - (size < other.key_size);
            uint32_t piece = level || !(get_u16(item) & 0x2000) ? get_u16(key + size) : 1;
            if (order > 0 || (order == 0 && piece > 1))
                break;
            found = item;
            if (level == 0 && order == 0)
                return true;
        }
        assert_non_null(found);
        if (level == 0)
            return false;
        number = get_u32(found);
    }
}

/* Leaves have rising numbers in the order of their keys: what "sequential" promises. */
static void leaves_rise(struct table_file *table, uint32_t number, unsigned level, int64_t *last) {
    const uint8_t *block = table->bytes.data + (size_t)number * table->block_size;
    if (level == 0) {
        assert_true(number > *last || (number == 0 && *last < 0));
        *last = number;
        return;
    }
    for (uint32_t i = 11; i < get_u16(block + 9); i += 2)
        leaves_rise(table, get_u32(block + get_u16(block + i)), level - 1, last);
}

static struct glass_root table_write(const char *folder, uint32_t block_size,
                                     const struct entry *entries, size_t count) {
    char *path = path_in(folder, "test.glass");
    struct glass_table *table;
    struct glass_root root;
    struct error err;
    assert_int_equal(glass_table_create(&table, path, block_size, &err), 0);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(glass_table_add(table, entries[i].key, entries[i].key_size, entries[i].tag,
                                         entries[i].tag_size, &err),
                         0);
    assert_int_equal(glass_table_finish(table, &root, &err), 0);
    glass_table_close(table);
    free(path);
    return root;
}

static void check_round_trip(struct random *random, uint32_t block_size, size_t count,
                             uint32_t tag_max) {
    char *folder = folder_create();
    struct entry *entries = calloc(count + 1, sizeof *entries);
    count = entries_create(entries, count, random, tag_max);
    struct glass_root root = table_write(folder, block_size, entries, count);
    struct entry *next = entries;
    struct table_file table = table_read(folder, "test.glass", &root, expect_entry, &next);
    assert_ptr_equal(next, entries + count);
    assert_int_equal(table.blocks_seen, root.blocks);
    assert_int_equal(table.bytes.size, (size_t)root.blocks * block_size);
    int64_t last = -1;
    leaves_rise(&table, root.block, root.level, &last);
    for (size_t i = 0; i < count; i++)
        assert_true(key_is_found(&table, &root, &entries[i]));
    bytes_free(&table.bytes);
    entries_free(entries, count);
    folder_remove(folder);
}

static void entries_come_back_in_order_and_are_found(void **state) {
    (void)state;
    struct random random = random_create(__func__);
    for (uint32_t block_size = 2048; block_size <= 65536; block_size *= 2) {
        check_round_trip(&random, block_size, 0, 1);
        check_round_trip(&random, block_size, 1, 1);
        check_round_trip(&random, block_size, 20, 20);
        check_round_trip(&random, block_size, 4000, 3 * block_size);
    }
}

static void a_million_entries_make_a_tree_of_several_levels(void **state) {
    (void)state;
    char *folder = folder_create();
    char *path = path_in(folder, "test.glass");
    struct glass_table *table;
    struct glass_root root;
    assert_int_equal(glass_table_create(&table, path, 2048, NULL), 0);
    uint8_t key[200] = {0};
    uint32_t entries = rounds(1000000);
    for (uint32_t i = 1; i <= entries; i++) {
        /* Long keys that differ in the last bytes make large branch items, so high trees. */
        uint8_t *end = glass_pack_uint_sortable(key + 100, i);
        assert_int_equal(glass_table_add(table, key, (size_t)(end - key), &i, sizeof i, NULL), 0);
    }
    assert_int_equal(glass_table_finish(table, &root, NULL), 0);
    assert_true(root.level >= (is_wrapped() ? 3 : 4));
    assert_int_equal(root.entries, entries);
    glass_table_close(table);
    struct table_file read = table_read(folder, "test.glass", &root, NULL, NULL);
    assert_int_equal(read.blocks_seen, root.blocks);
    bytes_free(&read.bytes);
    free(path);
    folder_remove(folder);
}

static void tags_that_use_the_room_leave_no_gap(void **state) {
    (void)state;
    char *folder = folder_create();
    char *path = path_in(folder, "test.glass");
    struct glass_table *table;
    struct glass_root root;
    static const uint8_t tag[GLASS_ITEM_MAX];
    assert_int_equal(glass_table_create(&table, path, 0, NULL), 0);
    for (uint32_t i = 0; i < 5000; i++) {
        uint8_t key[2] = {(uint8_t)(i >> 8), (uint8_t)i};
        size_t room = glass_table_room(table, 2);
        size_t size = room ? room : glass_table_largest_tag(table, 2);
        assert_int_equal(glass_table_add(table, key, 2, tag, size, NULL), 0);
        assert_true(glass_table_tag_is_whole(table));
    }
    assert_int_equal(glass_table_finish(table, &root, NULL), 0);
    glass_table_close(table);
    struct table_file read = table_read(folder, "test.glass", &root, NULL, NULL);
    assert_true(read.gap / read.leaves_seen < 10);
    bytes_free(&read.bytes);
    free(path);
    folder_remove(folder);
}

static void offset_tells_where_a_tag_lies(void **state) {
    (void)state;
    char *folder = folder_create();
    char *path = path_in(folder, "test.glass");
    struct glass_table *table;
    struct glass_root root;
    uint64_t offsets[3000];
    assert_int_equal(glass_table_create(&table, path, 2048, NULL), 0);
    for (uint32_t i = 0; i < 3000; i++) {
        uint8_t key[2] = {(uint8_t)(i >> 8), (uint8_t)i};
        assert_int_equal(glass_table_add(table, key, 2, &i, sizeof i, NULL), 0);
        offsets[i] = glass_table_tag_offset(table);
    }
    assert_int_equal(glass_table_finish(table, &root, NULL), 0);
    glass_table_close(table);
    struct bytes file = file_read(folder, "test.glass");
    for (uint32_t i = 0; i < 3000; i++)
        assert_memory_equal(file.data + offsets[i], &i, sizeof i);
    bytes_free(&file);
    free(path);
    folder_remove(folder);
}

static void wrong_parameters_are_refused(void **state) {
    (void)state;
    char *folder = folder_create();
    char *path = path_in(folder, "test.glass");
    char *nowhere = path_in(folder, "absent/test.glass");
    struct glass_table *table;
    struct error err;
    static const uint32_t sizes[] = {1, 1024, 2049, 8191, 131072};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        assert_int_equal(glass_table_create(&table, path, sizes[i], &err), PLENARY_EINVALID);
    assert_int_equal(glass_table_create(&table, nowhere, 0, &err), PLENARY_EIO);
    assert_non_null(strstr(err.message, nowhere));
    assert_int_equal(glass_table_create(&table, path, 0, &err), 0);
    struct glass_table *second;
    assert_int_equal(glass_table_create(&second, path, 0, &err), PLENARY_EIO);
    assert_null(second);
    assert_int_equal(access(path, F_OK), 0); /* the failed creation left the other's file */
    glass_table_close(table);
    assert_int_equal(access(path, F_OK), -1);
    free(nowhere);
    free(path);
    folder_remove(folder);
}

/* Each wrong key spoils the table: nothing can be added or finished after it. */
static void keys_that_do_not_rise_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *key;
        size_t size;
    } wrong[] = {{"", 0}, {"b", 1}, {"a", 1}, {"azzz", 4}, {NULL, 256}};
    static const uint8_t long_key[256] = {'z'};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char *folder = folder_create();
        char *path = path_in(folder, "test.glass");
        struct glass_table *table;
        struct glass_root root;
        const void *key = wrong[i].key ? (const void *)wrong[i].key : long_key;
        assert_int_equal(glass_table_create(&table, path, 0, NULL), 0);
        assert_int_equal(glass_table_add(table, "b", 1, "", 0, NULL), 0);
        assert_int_equal(glass_table_add(table, key, wrong[i].size, "", 0, NULL), PLENARY_EINVALID);
        assert_int_equal(glass_table_add(table, "c", 1, "", 0, NULL), PLENARY_EINVALID);
        assert_int_equal(glass_table_finish(table, &root, NULL), PLENARY_EINVALID);
        glass_table_close(table);
        assert_int_equal(access(path, F_OK), -1);
        free(path);
        folder_remove(folder);
    }
}

static void a_finished_table_takes_no_more(void **state) {
    (void)state;
    char *folder = folder_create();
    char *path = path_in(folder, "test.glass");
    struct glass_table *table;
    struct glass_root root;
    assert_int_equal(glass_table_create(&table, path, 0, NULL), 0);
    assert_int_equal(glass_table_finish(table, &root, NULL), 0);
    assert_int_equal(root.blocks, 1);
    assert_int_equal(glass_table_finish(table, &root, NULL), PLENARY_EINVALID);
    assert_int_equal(glass_table_add(table, "a", 1, "", 0, NULL), PLENARY_EINVALID);
    glass_table_close(table);
    assert_int_equal(access(path, F_OK), 0);
    free(path);
    folder_remove(folder);
}

/* A tag of more than 65,535 pieces: 2 KiB blocks and a long key make pieces of about 250 bytes. */
static void a_tag_beyond_the_format_is_refused(void **state) {
    (void)state;
    char *folder = folder_create();
    char *path = path_in(folder, "test.glass");
    struct glass_table *table;
    size_t size = 20 << 20;
    uint8_t *tag = calloc(1, size);
    uint8_t key[GLASS_KEY_MAX] = {1};
    assert_int_equal(glass_table_create(&table, path, 2048, NULL), 0);
    assert_int_equal(glass_table_add(table, key, sizeof key, tag, size, NULL), PLENARY_ELIMIT);
    glass_table_close(table);
    free(tag);
    free(path);
    folder_remove(folder);
}

/* The file may not grow past 1 MiB, as on a full disk. */
static void a_failed_write_names_the_file_and_removes_it(void **state) {
    (void)state;
    char *folder = folder_create();
    char *path = path_in(folder, "test.glass");
    struct glass_table *table;
    struct error err = {0};
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &(struct rlimit){1 << 20, before.rlim_max}), 0);
    assert_int_equal(glass_table_create(&table, path, 0, NULL), 0);
    int status = 0;
    uint8_t tag[2000] = {0};
    for (uint32_t i = 0; i < 5000 && !status; i++) {
        uint8_t key[2] = {(uint8_t)(i >> 8), (uint8_t)i};
        status = glass_table_add(table, key, 2, tag, sizeof tag, &err);
    }
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(status, PLENARY_EIO);
    assert_non_null(strstr(err.message, path));
    struct glass_root root;
    assert_int_equal(glass_table_finish(table, &root, &err), PLENARY_EIO);
    glass_table_close(table);
    assert_int_equal(access(path, F_OK), -1);
    free(path);
    folder_remove(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_come_back_in_order_and_are_found),
        cmocka_unit_test(a_million_entries_make_a_tree_of_several_levels),
        cmocka_unit_test(tags_that_use_the_room_leave_no_gap),
        cmocka_unit_test(offset_tells_where_a_tag_lies),
        cmocka_unit_test(wrong_parameters_are_refused),
        cmocka_unit_test(keys_that_do_not_rise_are_refused),
        cmocka_unit_test(a_finished_table_takes_no_more),
        cmocka_unit_test(a_tag_beyond_the_format_is_refused),
        cmocka_unit_test(a_failed_write_names_the_file_and_removes_it),
    };
    return cmocka_run_group_tests_name("glass_table", tests, NULL, NULL);
}
