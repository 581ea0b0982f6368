/* YAML: the core schema, anchors, what is refused and where, and that what is printed reads back. */
#include "../test.h"
#include "base/buf.h"
#include "model/yaml.h"
#include <stdio.h>

/* The YAML text as compact JSON, or the error as `line:column message`. */
static Str as_json(Arena *arena, Str yaml) {
    ananke_error err = {0};
    Places places;
    yyjson_doc *doc = ak_yaml_parse(arena, yaml, "f.yaml", &places, &err);
    if (!doc) return ak_arena_format(arena, "%u:%u %s", err.line, err.column, err.message);
    assert_int_equal(places.count, yyjson_doc_get_val_count(doc));
    return ak_json_print_value(arena, yyjson_doc_get_root(doc), false, NULL);
}

TEST(scalars_follow_the_core_schema) {
    IGNORE_STATE;
    static const char *const pairs[][2] = {
        {"[a, 'b', \"c\\n\"]", "[\"a\",\"b\",\"c\\n\"]"},
        {"[1, -2, +3, 1.5, 1e3, .5, 1., 0x1]", "[1,-2,3,1.5,1000.0,0.5,1.0,\"0x1\"]"},
        {"[null, ~, true, False, yes, no, '1', \"null\"]", "[null,null,true,false,\"yes\",\"no\",\"1\",\"null\"]"},
        {"18446744073709551615", "18446744073709551615"},
        {"[1.2.3, 1e, -, 1e999]", "[\"1.2.3\",\"1e\",\"-\",\"1e999\"]"},
        {"a: 1\n2: b\ntrue: c\n", "{\"a\":1,\"2\":\"b\",\"true\":\"c\"}"},
        {"", "null"},
        {"- &x {a: [1, 2]}\n- *x\n", "[{\"a\":[1,2]},{\"a\":[1,2]}]"},
        {"k: |\n  one\n  two\n", "{\"k\":\"one\\ntwo\\n\"}"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        Arena arena = ak_arena(NULL);
        assert_string_equal(as_json(&arena, ak_str(pairs[i][0])).data, pairs[i][1]);
        ak_arena_free(&arena);
    }
}

TEST(what_is_refused_has_a_place) {
    IGNORE_STATE;
    static const char *const pairs[][2] = {
        {"a: !!str 1", "1:4 YAML: tags are not taken"},
        {"a: *b", "1:4 YAML: the alias names no anchor"},
        {"&a [*a]", "1:5 YAML: the alias stands inside of what it names"},
        {"a: 1\n---\nb: 2\n", "2:1 YAML: one document is wanted, here begins another"},
        {"? [a]\n: b\n", "1:3 YAML: a key must be a scalar"},
        {"a: [1, 2\n", "2:1 YAML: did not find expected ',' or ']'"},
        {"\xc3\xa9: \xff", "1:5 not UTF-8"},
        {"\xc3\xa9\xc3\xa9: !x 1", "1:7 YAML: tags are not taken"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        Arena arena = ak_arena(NULL);
        assert_string_equal(as_json(&arena, ak_str(pairs[i][0])).data, pairs[i][1]);
        ak_arena_free(&arena);
    }
}

TEST(a_few_lines_of_aliases_cannot_grow_without_end) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Buf buf = {.arena = &arena};
    ak_buf_text(&buf, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 20; i++) {
        ak_buf_format(&buf, "a%d: &a%d [", i, i);
        for (int j = 0; j < 10; j++) ak_buf_format(&buf, "%s*a%d", j ? ", " : "", i - 1);
        ak_buf_text(&buf, "]\n");
    }
    assert_non_null(strstr(as_json(&arena, ak_buf_view(&buf)).data, "too many copies"));
    ak_arena_free(&arena);
}

TEST(deep_nesting_is_an_error) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Buf buf = {.arena = &arena};
    ak_buf_repeat(&buf, '[', 100);
    assert_string_equal(as_json(&arena, ak_buf_view(&buf)).data, "1:65 YAML: nested too deeply");
    ak_arena_free(&arena);
}

TEST(what_is_printed_reads_back) {
    IGNORE_STATE;
    static const char *const values[] = {
        "{\"a\":[1,-1,1.5,true,null,\"\",\"1\",\"1.5\",\"true\",\"~\",\"null\"],\"b\":{\"c\":[],\"d\":{}}}",
        "[\"a: b\",\"- x\",\"#c\",\"'q'\",\"\\\"d\\\"\",\"line\\nbreak\",\" lead\",\"trail \",\"tab\\t\",\"*a\",\"&b\",\"!c\",\"%d\",\"@e\",\"`f`\",\"é\"]",
        "{\"1\":2,\"true\":3,\"\":4,\"a b\":5}",
    };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        Arena arena = ak_arena(NULL);
        yyjson_doc *doc = ak_json_parse(&arena, ak_str(values[i]), NULL, NULL);
        Str yaml = ak_yaml_print(&arena, yyjson_doc_get_root(doc), NULL);
        assert_non_null(yaml.data);
        assert_string_equal(as_json(&arena, yaml).data, values[i]);
        ak_arena_free(&arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scalars_follow_the_core_schema),
        cmocka_unit_test(what_is_refused_has_a_place),
        cmocka_unit_test(a_few_lines_of_aliases_cannot_grow_without_end),
        cmocka_unit_test(deep_nesting_is_an_error),
        cmocka_unit_test(what_is_printed_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
