/* Code points as bytes: edges of the encoded lengths, and surrogates, which are left out. */
#include "../test.h"
#include "base/utf8.h"
#include "regex/regex_expr.h"

TEST(code_points_become_their_bytes) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Exprs exprs;
    assert_true(ak_exprs_init(&exprs, &arena, 1000000));
    Expr expr = ak_expr_points(&exprs, (PointRange[]){{'x', 'z'}, {0xE9, 0x800}, {0xFFFF, 0x10001}}, 3);
    ak_exprs_seal(&exprs);
    static const char *const yes[] = {"x", "\xC3\xA9", "\xDF\xBF", "\xE0\xA0\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x81"};
    static const char *const no[] = {"w", "\xC3\xA8", "\xE0\xA0\x81", "\xF0\x90\x80\x82", "\xC3", "xx"};
    for (size_t i = 0; i < 6; i++) assert_true(ak_expr_matches(&exprs, expr, ak_str(yes[i])));
    for (size_t i = 0; i < 6; i++) assert_false(ak_expr_matches(&exprs, expr, ak_str(no[i])));
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(code_points_become_their_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
