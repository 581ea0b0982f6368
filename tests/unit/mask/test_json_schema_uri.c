/* URI references: the examples of RFC 3986, section 5.4, and bases that have no scheme. */
#include "../test.h"
#include "mask/json_schema_uri.h"

static Arena arena;

static int open_arena(void **state) {
    IGNORE_STATE;
    arena = ak_arena(NULL);
    return 0;
}

static int close_arena(void **state) {
    IGNORE_STATE;
    ak_arena_free(&arena);
    return 0;
}

typedef struct Case {
    const char *base, *reference, *resolved;
} Case;

static void run(const Case *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        Str resolved = ak_uri_resolve(&arena, ak_str(cases[i].base), ak_str(cases[i].reference));
        if (!ak_str_equal(resolved, ak_str(cases[i].resolved)))
            fail_msg("%s in %s: %.*s", cases[i].reference, cases[i].base, STR_ARGS(resolved));
    }
}
#define RUN(cases) run(cases, sizeof(cases) / sizeof *(cases))

#define BASE "http://a/b/c/d;p?q"

TEST(the_examples_of_the_standard) {
    IGNORE_STATE;
    static const Case cases[] = {
        {BASE, "g:h", "g:h"},
        {BASE, "g", "http://a/b/c/g"},
        {BASE, "./g", "http://a/b/c/g"},
        {BASE, "g/", "http://a/b/c/g/"},
        {BASE, "/g", "http://a/g"},
        {BASE, "//g", "http://g"},
        {BASE, "?y", "http://a/b/c/d;p?y"},
        {BASE, "g?y", "http://a/b/c/g?y"},
        {BASE, "#s", "http://a/b/c/d;p?q#s"},
        {BASE, "g#s", "http://a/b/c/g#s"},
        {BASE, "g?y#s", "http://a/b/c/g?y#s"},
        {BASE, ";x", "http://a/b/c/;x"},
        {BASE, "", "http://a/b/c/d;p?q"},
        {BASE, ".", "http://a/b/c/"},
        {BASE, "./", "http://a/b/c/"},
        {BASE, "..", "http://a/b/"},
        {BASE, "../g", "http://a/b/g"},
        {BASE, "../..", "http://a/"},
        {BASE, "../../g", "http://a/g"},
        {BASE, "../../../g", "http://a/g"},
        {BASE, "/./g", "http://a/g"},
        {BASE, "/../g", "http://a/g"},
        {BASE, "g.", "http://a/b/c/g."},
        {BASE, "..g", "http://a/b/c/..g"},
        {BASE, "./g/.", "http://a/b/c/g/"},
        {BASE, "g/../h", "http://a/b/c/h"},
        {BASE, "g?y/../x", "http://a/b/c/g?y/../x"},
        {BASE, "http:g", "http:g"},
    };
    RUN(cases);
}

TEST(bases_without_a_scheme_and_names) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"", "#/$defs/a", "#/$defs/a"},           {"", "b.json#x", "b.json#x"},
        {"x/a.json", "b.json", "x/b.json"},       {"x/a.json", "../b.json", "b.json"},
        {"a.json", "../../b.json", "b.json"},     {"urn:example:a", "#x", "urn:example:a#x"},
        {"urn:example:a", "urn:b", "urn:b"},      {"http://a", "b", "http://a/b"},
        {"http://a/b/", "c/d", "http://a/b/c/d"},
    };
    RUN(cases);
}

TEST(escapes_and_fragments) {
    IGNORE_STATE;
    assert_true(ak_str_equal(ak_uri_unescape(&arena, STR("a%2Fb%25%zz%4")), STR("a/b%%zz%4")));
    assert_true(ak_str_equal(ak_uri_fragment(STR("a#b#c")), STR("b#c")));
    assert_true(ak_str_equal(ak_uri_without_fragment(STR("a#b")), STR("a")));
    assert_null(ak_uri_fragment(STR("a")).data);
    assert_non_null(ak_uri_fragment(STR("a#")).data);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_examples_of_the_standard),
        cmocka_unit_test(bases_without_a_scheme_and_names),
        cmocka_unit_test(escapes_and_fragments),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
