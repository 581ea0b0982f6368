/* Reading Lark: the tree of what is there, and the place and the words for what is not. */
#include "../test.h"
#include "mask/lark_tree.h"

TEST(a_file_becomes_definitions) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    ananke_error err = {0};
    LarkFile file = {.name = "g.lark",
                     .text = STR("// comment\n"
                                 "?start: item (\",\" item)* -> list\n"
                                 "    # another\n"
                                 "     | \"none\"i\n"
                                 "item{2}: \"x\"\n")};
    assert_false(ak_lark_read(&file, &arena, &err));
    assert_int_equal(err.line, 5);
    assert_non_null(strstr(err.message, "templates"));
    file = (LarkFile){
        .name = "g.lark",
        .text =
            STR("!start: item~2..3 (\",\"\n item)* -> list\n\n | \"no\\u006ee\"i | NAME{,4} &\n"
                "item[capture=\"x\"]: /a\\/b/is \"a\"..\"z\"\n%import common (INT, WS)\n%import common.CNAME -> NAME\n"
                "%ignore WS\n%llguidance {\"ignore_once\": true}\np::_: \"\" %if not(bit_set(3))\n")};
    assert_true(ak_lark_read(&file, &arena, &err));
    assert_int_equal(file.definitions.count, 6);
    assert_int_equal(file.ignored.count, 1);
    assert_true(file.is_ignored_once);
    assert_true(ak_str_equal(file.definitions.items[0].name, STR("start")));
    const LarkNode *first = file.definitions.items[0].body->child, *second = first->next;
    assert_int_equal(first->child->kind, LARK_REPEAT);
    assert_int_equal(first->child->min, 2);
    assert_int_equal(first->child->max, 3);
    assert_true(ak_str_equal(second->child->text, STR("none")) && ak_str_equal(second->child->flags, STR("i")));
    assert_int_equal(second->next->kind, LARK_BOTH);
    const LarkNode *regex = file.definitions.items[1].body->child->child;
    assert_true(ak_str_equal(regex->text, STR("a\\/b")) && ak_str_equal(regex->flags, STR("is")));
    assert_int_equal(regex->next->kind, LARK_RANGE);
    assert_true(file.definitions.items[5].is_parametric);
    assert_non_null(file.definitions.items[5].body->child->condition);
    ak_arena_free(&arena);
}

TEST(errors_have_a_place) {
    IGNORE_STATE;
    static const struct {
        const char *text, *word;
        uint32_t line, column;
        ananke_error_code code;
    } rows[] = {
        {"start: \"a", "closing quote", 1, 8, ANANKE_ERROR_SYNTAX},
        {"start: /a", "closing slash", 1, 8, ANANKE_ERROR_SYNTAX},
        {"start: (\"a\"", "')'", 1, 12, ANANKE_ERROR_SYNTAX},
        {"start \"a\"", "':'", 1, 7, ANANKE_ERROR_SYNTAX},
        {"start: \"a\"\nstart: \"b\"", "defined twice", 2, 1, ANANKE_ERROR_SYNTAX},
        {"start: @ x", "a grammar's name", 1, 9, ANANKE_ERROR_SYNTAX},
        {"start: <eos", "a token is <name> or <[id]>", 1, 8, ANANKE_ERROR_SYNTAX},
        {"start: <a b>", "without blanks", 1, 8, ANANKE_ERROR_SYNTAX},
        {"start: <>", "a token is <name>", 1, 8, ANANKE_ERROR_SYNTAX},
        {"a[temperature]: /x/", "'='", 1, 14, ANANKE_ERROR_SYNTAX},
        {"a[temperature=]: /x/", "a number", 1, 15, ANANKE_ERROR_SYNTAX},
        {"A[temperature=1]: /x/", "terminals take no temperature", 1, 1, ANANKE_ERROR_SYNTAX},
        {"A.2: \"a\"", "priorities", 1, 2, ANANKE_ERROR_UNSUPPORTED},
        {"a[max_tokens]: /x/", "'='", 1, 13, ANANKE_ERROR_SYNTAX},
        {"a[max_tokens=x]: /x/", "a number", 1, 14, ANANKE_ERROR_SYNTAX},
        {"a[max_tokens=1234567890]: /x/", "a number", 1, 14, ANANKE_ERROR_SYNTAX},
        {"A[max_tokens=1]: /x/", "terminals take no max_tokens", 1, 1, ANANKE_ERROR_SYNTAX},
        {"a[min_tokens=3]: /x/", "'min_tokens'", 1, 3, ANANKE_ERROR_UNSUPPORTED},
        {"A[lazy]: /x/", "rules without a parameter", 1, 3, ANANKE_ERROR_SYNTAX},
        {"a::_[lazy]: /x/", "rules without a parameter", 1, 6, ANANKE_ERROR_SYNTAX},
        {"a[suffix=\"x\", stop=\"y\"]: /x/", "exclude each other", 1, 15, ANANKE_ERROR_SYNTAX},
        {"a[suffix=(\"x\")]: /x/", "a string, a regular expression", 1, 10, ANANKE_ERROR_SYNTAX},
        {"a[stop=\"\", lazy]: /x/", "exclude each other", 1, 12, ANANKE_ERROR_SYNTAX},
        {"a[stop_capture=\"x\"]: /x/", "rules with lazy, suffix or stop", 1, 1, ANANKE_ERROR_SYNTAX},
        {"a[lazy, stop_capture]: /x/", "'='", 1, 21, ANANKE_ERROR_SYNTAX},
        {"a[lazy, stop_capture=\"\"]: /x/", "a name", 1, 22, ANANKE_ERROR_SYNTAX},
        {"start: \"a\" }", "nothing is open", 1, 12, ANANKE_ERROR_SYNTAX},
        {"%declare X", "%declare", 1, 1, ANANKE_ERROR_UNSUPPORTED},
        {"%import common.FOO", "common.FOO", 1, 16, ANANKE_ERROR_UNSUPPORTED},
        {"start: \"\\q\"", "unknown escape", 1, 9, ANANKE_ERROR_SYNTAX},
        {"start: fooBar", "mixes", 1, 8, ANANKE_ERROR_SYNTAX},
        {"start: \"b\"..\"a\"", "ends before", 1, 8, ANANKE_ERROR_SYNTAX},
        {"start: \"a\"{0}", "may not be 0", 1, 11, ANANKE_ERROR_SYNTAX},
        {"start: a{b}", "templates", 1, 9, ANANKE_ERROR_UNSUPPORTED},
        {"\xFF", "UTF-8", 1, 1, ANANKE_ERROR_SYNTAX},
        {"start: %lark start", "'{' was expected", 1, 14, ANANKE_ERROR_SYNTAX},
        {"start: %lark { a: \"x\"", "'}' was expected", 1, 22, ANANKE_ERROR_SYNTAX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena arena = ak_arena(NULL);
        ananke_error err = {0};
        LarkFile file = {.name = "g.lark", .text = ak_str(rows[i].text)};
        assert_false(ak_lark_read(&file, &arena, &err));
        if (!strstr(err.message, rows[i].word) || err.column != rows[i].column)
            print_error("%s: %u %s\n", rows[i].text, err.column, err.message);
        assert_non_null(strstr(err.message, rows[i].word));
        assert_int_equal(err.line, rows[i].line);
        assert_int_equal(err.column, rows[i].column);
        assert_int_equal(err.code, rows[i].code);
        ak_arena_free(&arena);
    }
}

TEST(deep_nesting_is_an_error_and_not_a_crash) {
    IGNORE_STATE;
    static char text[30008] = "start: ";
    Arena arena = ak_arena(NULL);
    ananke_error err = {0};
    memset(text + 7, '(', 30000);
    LarkFile file = {.name = "g.lark", .text = ak_str(text)};
    assert_false(ak_lark_read(&file, &arena, &err));
    assert_non_null(strstr(err.message, "deeply"));
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_becomes_definitions),
        cmocka_unit_test(errors_have_a_place),
        cmocka_unit_test(deep_nesting_is_an_error_and_not_a_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
