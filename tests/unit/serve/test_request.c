/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/serve/ask.h"
#include "searcher/serve/request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;

static struct request parse(const char *target) {
    struct request request;
    assert_int_equal(request_parse(&request, &arena, target, strlen(target), NULL), 0);
    return request;
}

static void takes_path_and_parameters_apart(void **state) {
    (void)state;
    struct request request = parse("/api/search?q=a+b&from=2018&&empty=&alone&q=second");
    assert_string_equal(request.path, "/api/search");
    assert_int_equal(request.count, 5);
    assert_string_equal(request_value(&request, "q"), "a b");
    assert_string_equal(request_value(&request, "from"), "2018");
    assert_string_equal(request_value(&request, "empty"), "");
    assert_string_equal(request_value(&request, "alone"), "");
    assert_null(request_value(&request, "to"));
}

static void decodes_what_is_escaped_and_keeps_what_only_looks_so(void **state) {
    (void)state;
    struct request request = parse("/d/a%2Fb+c%23?q=%C3%A9%zz%2&%71x=100%25");
    assert_string_equal(request.path, "/d/a/b+c#");
    assert_string_equal(request_value(&request, "q"), "\xC3\xA9%zz%2");
    assert_string_equal(request_value(&request, "qx"), "100%");
}

static void repairs_nul_and_bytes_that_are_no_utf8(void **state) {
    (void)state;
    struct request request = parse("/%00/%ff?q=a%00b%c3");
    assert_string_equal(request.path, "/\xEF\xBF\xBD/\xEF\xBF\xBD");
    assert_string_equal(request_value(&request, "q"), "a\xEF\xBF\xBD"
                                                      "b\xEF\xBF\xBD");
}

static void refuses_too_much(void **state) {
    (void)state;
    struct request request;
    struct error err;
    char many[REQUEST_TARGET_MOST + 2];
    memset(many, 'a', sizeof many);
    many[0] = '/';
    assert_int_equal(request_parse(&request, &arena, many, sizeof many, &err), PLENARY_ELIMIT);
    size_t size = (size_t)snprintf(many, sizeof many, "/?");
    for (int i = 0; i <= REQUEST_PARAMETERS_MOST; i++)
        size += (size_t)snprintf(many + size, sizeof many - size, "a=%d&", i);
    assert_int_equal(request_parse(&request, &arena, many, size, &err), PLENARY_ELIMIT);
}

static int read_error(const char *target) {
    struct request request = parse(target);
    struct ask ask;
    struct error err = {0};
    int status = ask_read(&ask, &request, 10, &err);
    assert_true(status == 0 || err.message[0]);
    return status;
}

static void reads_what_is_asked_and_names_what_is_wrong(void **state) {
    (void)state;
    struct request request =
        parse("/?q=x&sort=newest&limit=5&offset=20&group=3&in=a&in=b&facets=speaker,month&fold=1");
    struct ask ask;
    assert_int_equal(ask_read(&ask, &request, 10, NULL), 0);
    assert_int_equal(ask.sort, PLENARY_NEWEST_FIRST);
    assert_int_equal(ask.limit, 5);
    assert_int_equal(ask.offset, 20);
    assert_int_equal(ask.group, 3);
    assert_int_equal(ask.in_count, 2);
    assert_int_equal(ask.facets, 1 << PLENARY_BY_SPEAKER | 1 << PLENARY_BY_MONTH);
    assert_true(ask.fold);
    assert_int_equal(read_error("/?limit=-1"), PLENARY_EINVALID);
    assert_int_equal(read_error("/?limit=1e3"), PLENARY_EINVALID);
    assert_int_equal(read_error("/?limit=99999999999"), PLENARY_EINVALID);
    assert_int_equal(read_error("/?limit=101"), PLENARY_ELIMIT);
    assert_int_equal(read_error("/?limit=101&format=csv"), 0);
    assert_int_equal(read_error("/?offset=10000&limit=1"), PLENARY_ELIMIT);
    assert_int_equal(read_error("/?facets=speaker,,"), PLENARY_EINVALID);
    assert_int_equal(read_error("/?sort=best"), PLENARY_EINVALID);
    assert_int_equal(read_error("/?snippet=3"), PLENARY_EINVALID);
}

static void writes_an_address_that_asks_the_same(void **state) {
    (void)state;
    const char *target = "/?q=a%20%26%20%C3%A9%22%3C&from=2018&to=2019-02&speaker=The%20Chair&"
                         "body=B&language=fr&in=x%2Fy&sort=newest&offset=10";
    struct request request = parse(target);
    struct ask ask;
    struct bytes out = BYTES_INIT;
    assert_int_equal(ask_read(&ask, &request, 10, NULL), 0);
    ask_write(&out, &ask);
    assert_string_equal(bytes_string(&out), target + 1);
    bytes_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_path_and_parameters_apart),
        cmocka_unit_test(decodes_what_is_escaped_and_keeps_what_only_looks_so),
        cmocka_unit_test(repairs_nul_and_bytes_that_are_no_utf8),
        cmocka_unit_test(refuses_too_much),
        cmocka_unit_test(reads_what_is_asked_and_names_what_is_wrong),
        cmocka_unit_test(writes_an_address_that_asks_the_same),
    };
    int failed = cmocka_run_group_tests_name("request", tests, NULL, NULL);
    arena_free(&arena);
    return failed;
}
