/* Parameters and conditions as they are written; test_lark_param.c works with them. */
#include "../test.h"
#include "mask/lark_condition.h"

typedef struct Text {
    Arena arena;
    LarkFile file;
    LarkReader reader;
    ananke_error err;
} Text;

static LarkReader *begin(Text *self, const char *text) {
    *self = (Text){.arena = ak_arena(NULL), .file = {.name = "g.lark", .text = ak_str(text)}};
    self->reader = (LarkReader){.file = &self->file, .arena = &self->arena, .text = self->file.text, .err = &self->err};
    return &self->reader;
}

TEST(parameters_say_what_comes_next) {
    IGNORE_STATE;
    static const struct {
        const char *text;
        uint64_t self, next;
    } rows[] = {{"17", 0, 17},          {"0xFf", 0, 255},       {"_", 5, 5},         {"set_bit(2)", 1, 5},
                {"clear_bit(0)", 5, 4}, {"bit_and(0x6)", 5, 4}, {"bit_or(4)", 1, 5}, {"incr(_)", 6, 7},
                {"decr([3:6])", 9, 1},  {"incr( [0:3] )", 7, 7}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Text text;
        const LarkParam *param = ak_lark_read_param(begin(&text, rows[i].text));
        assert_non_null(param);
        assert_int_equal(ak_lark_param(param, rows[i].self), rows[i].next);
        assert_true(ak_lark_is_end(&text.reader));
        ak_arena_free(&text.arena);
    }
}

TEST(conditions_hold_or_not) {
    IGNORE_STATE;
    static const struct {
        const char *text;
        uint64_t holds, fails;
    } rows[] = {{"bit_set(3)", 8, 7},
                {"bit_clear(3)", 7, 8},
                {"is_ones([1:3])", 6, 4},
                {"is_zeros([1:3])", 9, 4},
                {"eq(_, 3)", 3, 4},
                {"bit_count_le([0:4], 1)", 0xF8, 3},
                {"not(true())", UINT64_MAX, 0},
                {"and(bit_set(0), or(lt(_, 2), gt(_, 4)))", 1, 3}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Text text;
        const LarkCondition *condition = ak_lark_read_condition(begin(&text, rows[i].text));
        assert_non_null(condition);
        assert_int_equal(ak_lark_holds(condition, rows[i].holds), rows[i].holds != UINT64_MAX);
        assert_false(ak_lark_holds(condition, rows[i].fails));
        ak_arena_free(&text.arena);
    }
}

TEST(errors_have_a_place) {
    IGNORE_STATE;
    static const struct {
        const char *text, *word;
        uint32_t column;
    } rows[] = {{"maybe(1)", "unknown condition", 1},   {"bit_set(64)", "0 to 63", 9},
                {"eq([3:3], 1)", "above the lower", 4}, {"eq(_)", "','", 5},
                {"and(true, false)", "unknown", 11},    {"not(true", "')'", 9},
                {"eq(_, 0x10000000000000000)", "64", 7}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Text text;
        assert_null(ak_lark_read_condition(begin(&text, rows[i].text)));
        assert_non_null(strstr(text.err.message, rows[i].word));
        assert_int_equal(text.err.column, rows[i].column);
        ak_arena_free(&text.arena);
    }
    Text text;
    assert_null(ak_lark_read_param(begin(&text, "twice(_)")));
    assert_non_null(strstr(text.err.message, "unknown function"));
    ak_arena_free(&text.arena);
}

TEST(deep_nesting_is_an_error_and_not_a_crash) {
    IGNORE_STATE;
    static char deep[400001];
    for (size_t i = 0; i < 100000; i++) memcpy(deep + 4 * i, "not(", 4);
    Text text;
    assert_null(ak_lark_read_condition(begin(&text, deep)));
    assert_non_null(strstr(text.err.message, "deeply"));
    ak_arena_free(&text.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parameters_say_what_comes_next),
        cmocka_unit_test(conditions_hold_or_not),
        cmocka_unit_test(errors_have_a_place),
        cmocka_unit_test(deep_nesting_is_an_error_and_not_a_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
