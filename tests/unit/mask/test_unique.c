/* Arrays of strings that must differ, through matchers. test_unique_brute.c compares their masks with the reference engine's. */
#include "base/bitset.h"
#include "base/buf.h"
#include "mask/matcher.h"
#include "schema_fixture.h"
#include <stdio.h>

static const char strings[] = "{\"type\": \"array\", \"uniqueItems\": true, \"items\": {\"type\": \"string\"}}";

static ananke_matcher *begin(const ananke_program *program, const char *text) {
    ananke_matcher *matcher = ananke_matcher_new(program, NULL);
    assert_non_null(matcher);
    assert_true(ananke_matcher_consume_bytes(matcher, (const uint8_t *)text, strlen(text), NULL));
    return matcher;
}

static bool allows(ananke_matcher *matcher, char byte) {
    uint32_t row[9] = {0};
    assert_true(ananke_matcher_fill_mask(matcher, row, 9, NULL));
    return ak_bits_get(row, (uint8_t)byte);
}

static bool takes(ananke_matcher *matcher, const char *text) {
    ananke_matcher *fork = ananke_matcher_fork(matcher, NULL);
    bool taken = ananke_matcher_consume_bytes(fork, (const uint8_t *)text, strlen(text), NULL);
    ananke_matcher_free(fork);
    return taken;
}

TEST(the_quote_that_would_make_an_item_equal_is_not_allowed) {
    IGNORE_STATE;
    ananke_program *program = compile(strings, NULL);
    ananke_matcher *matcher = begin(program, "[\"ab\", \"a");
    assert_true(allows(matcher, '"') && allows(matcher, 'b'));
    assert_true(ananke_matcher_consume_bytes(matcher, (const uint8_t *)"\\u0062", 6, NULL));
    assert_true(!allows(matcher, '"') && allows(matcher, 'b'));
    ananke_matcher_free(matcher);
    ananke_program_free(program);
}

TEST(an_item_that_could_only_become_equal_is_not_begun) {
    IGNORE_STATE;
    ananke_program *program = compile("{\"type\": \"array\", \"uniqueItems\": true, \"items\": {\"pattern\": "
                                      "\"^(abc|x.*)$\", \"type\": \"string\"}}",
                                      NULL);
    ananke_matcher *matcher = begin(program, "[\"abc\", \"");
    uint8_t forced[8];
    assert_true(!allows(matcher, 'a') && allows(matcher, 'x') && allows(matcher, '\\'));
    assert_false(takes(matcher, "\\u0061"));
    assert_true(takes(matcher, "\\u0078"));
    assert_int_equal(ananke_matcher_forced(matcher, forced, sizeof forced), 0); /* x, or an escape of it */
    ananke_matcher_free(matcher);
    ananke_program_free(program);
}

/* Where there are no more strings than that, an item begins only while there is one left. */
TEST(strings_are_counted) {
    IGNORE_STATE;
    ananke_program *program = compile("{\"type\": \"array\", \"uniqueItems\": true, \"items\": {\"pattern\": "
                                      "\"^[a-z][a-t]$\", \"type\": \"string\"}}",
                                      NULL);
    Arena arena = ak_arena(NULL);
    Buf text = {.arena = &arena};
    for (int i = 0; i < 520; i++) ak_buf_format(&text, "%s\"%c%c\"", i ? ", " : "[", 'a' + i / 20, 'a' + i % 20);
    ak_buf_byte(&text, '\0');
    ananke_matcher *matcher = begin(program, text.data);
    assert_true(!allows(matcher, ',') && allows(matcher, ']'));
    assert_true(ananke_matcher_rollback(matcher, 1, NULL));
    text.data[text.length - 7] = '\0'; /* all but the last */
    assert_true(ananke_matcher_consume_bytes(matcher, (const uint8_t *)text.data, strlen(text.data), NULL));
    assert_true(takes(matcher, ", \"zt\"]") && !takes(matcher, ", \"zs") && !takes(matcher, ", \"a"));
    ananke_matcher_free(matcher);
    ak_arena_free(&arena);
    ananke_program_free(program);
}

TEST(arrays_do_not_know_of_each_other) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"type\": \"array\", \"items\": {\"type\": \"array\", \"uniqueItems\": true, \"items\": {\"type\": \"string\"}}}",
         {"[[\"a\"], [\"a\"]]", "[[\"a\", \"b\"], [\"b\", \"a\"]]", "[[], [\"\"], []]"},
         {"[[\"a\", \"a\"", "[[\"a\"], [\"b\", \"b\"", "[[\"\", \"\""}},
        {"{\"anyOf\": [{\"type\": \"array\", \"uniqueItems\": true, \"items\": {\"type\": \"string\"}},"
         "{\"type\": \"array\", \"maxItems\": 2, \"items\": {\"type\": \"string\"}}]}",
         {"[\"a\", \"a\"]", "[\"a\", \"b\", \"c\"]"},
         {"[\"a\", \"a\",", "[\"a\", \"b\", \"a\""}},
    };
    RUN(cases);
}

/* Values that a walk came by are put into sets when they become many, long ones come in pieces. */
TEST(many_and_long_items_in_one_step_and_in_many) {
    IGNORE_STATE;
    ananke_program *program = compile(strings, NULL);
    Arena arena = ak_arena(NULL);
    Buf text = {.arena = &arena};
    for (int i = 0; i < 200; i++) ak_buf_format(&text, "%s\"%0*d\"", i ? ", " : "[", i % 7 ? 3 : 300, i);
    ak_buf_byte(&text, '\0');
    ananke_matcher *whole = begin(program, text.data), *single = begin(program, "");
    for (size_t i = 0; text.data[i]; i++) assert_true(ananke_matcher_consume(single, (uint8_t)text.data[i], NULL));
    char last[302];
    for (int i = 0; i < 200; i++) {
        snprintf(last, sizeof last, "%0*d", i % 7 ? 3 : 300, i);
        Str again = ak_arena_format(&arena, ", \"%s\"", last), longer = ak_arena_format(&arena, ", \"%s0\"", last);
        assert_true(!takes(whole, again.data) && !takes(single, again.data));
        assert_true(takes(whole, longer.data) && takes(single, longer.data));
    }
    ananke_matcher_free(whole), ananke_matcher_free(single);
    ak_arena_free(&arena);
    ananke_program_free(program);
}

TEST(a_matcher_keeps_its_items_in_another_engine) {
    IGNORE_STATE;
    ananke_program *program = compile(strings, NULL);
    ananke_matcher *matcher = begin(program, "[\"ab\"");
    assert_true(ananke_matcher_consume_bytes(matcher, (const uint8_t *)", \"a", 4, NULL));
    Engine *first = matcher->engine;
    atomic_store(&first->is_full, true);
    assert_true(ananke_matcher_consume(matcher, 'b', NULL));
    assert_ptr_not_equal(matcher->engine, first);
    assert_false(allows(matcher, '"'));
    assert_true(ananke_matcher_rollback(matcher, 2, NULL));
    assert_false(takes(matcher, ", \"ab\""));
    ananke_matcher_reset(matcher);
    assert_true(takes(matcher, "[\"ab\"]"));
    ananke_matcher_free(matcher);
    ananke_program_free(program);
}

/* Masks with the same tokens are the same mask. */
TEST(corrected_masks_are_kept_once) {
    IGNORE_STATE;
    ananke_program *program = compile(strings, NULL);
    ananke_matcher *one = begin(program, "[\"ab\", \"ab"), *other = begin(program, "[\"x\", \"y\", \"x");
    ananke_mask left, right;
    assert_true(ananke_matcher_mask(one, &left, NULL) && ananke_matcher_mask(other, &right, NULL));
    assert_true(left.id && left.id == right.id);
    ananke_matcher_free(one), ananke_matcher_free(other);
    ananke_program_free(program);
}

/* Beside other lexemes, with limits of tokens. */
TEST(items_differ_inside_of_other_grammars) {
    IGNORE_STATE;
    static const char lark[] =
        "start: array word array\nword[max_tokens=3]: /[a-z]+/\n"
        "array: %json {\"type\": \"array\", \"uniqueItems\": true, \"items\": {\"type\": \"string\"}}\n";
    ananke_program *program = ananke_program_from_lark(lark, strlen(lark), bytes, NULL, NULL);
    assert_non_null(program);
    ananke_matcher *matcher = begin(program, "");
    for (const char *at = "[\"a\", \"b\"]xyz[\"a\", \""; *at; at++)
        assert_true(ananke_matcher_consume(matcher, (uint8_t)*at, NULL));
    assert_true(takes(matcher, "b\"]") && !takes(matcher, "a\""));
    assert_true(ananke_matcher_rollback(matcher, 8, NULL)); /* behind "xy", which were two tokens of three */
    assert_true(ananke_matcher_consume(matcher, 'z', NULL));
    assert_true(!takes(matcher, "w") && takes(matcher, "[\"a\""));
    ananke_matcher_free(matcher);
    ananke_program_free(program);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_quote_that_would_make_an_item_equal_is_not_allowed),
        cmocka_unit_test(an_item_that_could_only_become_equal_is_not_begun),
        cmocka_unit_test(strings_are_counted),
        cmocka_unit_test(arrays_do_not_know_of_each_other),
        cmocka_unit_test(many_and_long_items_in_one_step_and_in_many),
        cmocka_unit_test(a_matcher_keeps_its_items_in_another_engine),
        cmocka_unit_test(corrected_masks_are_kept_once),
        cmocka_unit_test(items_differ_inside_of_other_grammars),
    };
    return cmocka_run_group_tests(tests, open_bytes, close_bytes);
}
