/* Expressions: simplification, derivatives against a backtracking twin, exact emptiness, shortest texts, fuel. */
#include "../test.h"
#include "regex/regex_multiple.h"
#include <stdlib.h>

static Expr literal(Exprs *exprs, const char *text) {
    return ak_expr_literal(exprs, ak_str(text));
}

TEST(equal_expressions_are_equal_numbers) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Exprs exprs;
    assert_true(ak_exprs_init(&exprs, &arena, 100000));
    Expr a = literal(&exprs, "a"), b = literal(&exprs, "b"), ab = ak_expr_or(&exprs, a, b);
    assert_int_equal(ab, ak_expr_or(&exprs, b, a));
    assert_int_equal(ab, ak_expr_byte_range(&exprs, 'a', 'b'));
    assert_int_equal(ak_expr_concat(&exprs, a, AK_EXPR_NOTHING), AK_EXPR_NOTHING);
    assert_int_equal(ak_expr_concat(&exprs, a, AK_EXPR_EMPTY), a);
    assert_int_equal(ak_expr_or(&exprs, a, AK_EXPR_ANYTHING), AK_EXPR_ANYTHING);
    assert_int_equal(ak_expr_and(&exprs, a, b), AK_EXPR_NOTHING);
    Expr some = ak_expr_repeat(&exprs, a, 0, AK_REPEAT_MANY);
    assert_int_equal(ak_expr_and(&exprs, AK_EXPR_EMPTY, some), AK_EXPR_EMPTY);
    assert_int_equal(ak_expr_and(&exprs, AK_EXPR_EMPTY, ak_expr_not(&exprs, some)), AK_EXPR_NOTHING);
    assert_int_equal(ak_expr_not(&exprs, ak_expr_not(&exprs, a)), a);
    assert_int_equal(ak_expr_concat(&exprs, ak_expr_concat(&exprs, a, b), a), literal(&exprs, "aba"));
    Expr star = ak_expr_repeat(&exprs, a, 0, AK_REPEAT_MANY);
    assert_int_equal(ak_expr_repeat(&exprs, star, 0, AK_REPEAT_MANY), star);
    ak_arena_free(&arena);
}

/* Reads the number with as many places as count, or more when they are zeros; the modulus is small enough for this. */
static bool is_multiple(const uint32_t *parts, Str text) {
    uint64_t value = parts[1];
    uint32_t places = parts[2];
    bool has_point = parts[3];
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (c < '0' || c > '9') {
            if (has_point) return false;
            has_point = c == '.';
            continue;
        }
        if (has_point && places == 0 && c != '0') return false;
        if (has_point && places == 0) continue;
        value = value * 10 + (uint64_t)(c - '0');
        places -= has_point;
    }
    for (; places; places--) value *= 10;
    return value % parts[0] == 0;
}

/* The slow twin: tries every split. Texts are at most a few bytes long. */
static bool matches(const Exprs *exprs, Expr expr, Str text) {
    const ExprNode *node = ak_expr_node(exprs, expr);
    const uint32_t *parts = exprs->words.items + node->first;
    switch ((ExprKind)node->kind) {
    case EXPR_NOTHING: return false;
    case EXPR_EMPTY: return text.length == 0;
    case EXPR_SET: return text.length == 1 && (parts[(uint8_t)text.data[0] / 32] >> ((uint8_t)text.data[0] % 32) & 1);
    case EXPR_NOT: return !matches(exprs, parts[0], text);
    case EXPR_OR:
        for (uint32_t i = 0; i < node->count; i++) {
            if (matches(exprs, parts[i], text)) return true;
        }
        return false;
    case EXPR_AND:
        for (uint32_t i = 0; i < node->count; i++) {
            if (!matches(exprs, parts[i], text)) return false;
        }
        return true;
    case EXPR_CONCAT:
        for (size_t cut = 0; cut <= text.length; cut++) {
            if (matches(exprs, parts[0], ak_str_slice(text, 0, cut)) &&
                matches(exprs, parts[1], ak_str_slice(text, cut, text.length)))
                return true;
        }
        return false;
    case EXPR_REPEAT: break;
    case EXPR_MULTIPLE: return is_multiple(parts, text);
    }
    /* ways[k]: prefixes of the text that are k pieces; pieces may be empty, so min is met when some count in min …
     * min+length is */
    uint32_t reach = 1;
    for (uint32_t count = 0; count <= parts[1] + text.length && count <= parts[2]; count++) {
        if (count >= parts[1] && (reach >> text.length & 1)) return true;
        uint32_t next = 0;
        for (size_t from = 0; from <= text.length; from++) {
            for (size_t to = from; to <= text.length && (reach >> from & 1); to++) {
                if (matches(exprs, parts[0], ak_str_slice(text, from, to))) next |= UINT32_C(1) << to;
            }
        }
        reach = next;
    }
    return false;
}

/* Over the two letters of an alphabet; of digits there may be multiples, too. */
static Expr random_expr(Exprs *exprs, const char *alphabet, int depth) {
    bool has_digits = alphabet[1] <= '9';
    int roll = depth ? rand() % (has_digits ? 11 : 9) : rand() % 2;
    Expr one = ak_expr_byte(exprs, (uint8_t)alphabet[0]), other = ak_expr_byte(exprs, (uint8_t)alphabet[1]);
    if (roll == 0) return rand() % 2 ? one : other;
    if (roll == 1) return rand() % 4 ? ak_expr_or(exprs, one, other) : (Expr)AK_EXPR_EMPTY;
    if (roll >= 9) return ak_expr_multiple(exprs, 1 + (uint32_t)rand() % 30, (uint32_t)rand() % 3);
    Expr a = random_expr(exprs, alphabet, depth - 1), b = random_expr(exprs, alphabet, depth - 1);
    if (roll <= 3) return ak_expr_concat(exprs, a, b);
    if (roll == 4) return ak_expr_or(exprs, a, b);
    if (roll == 5) return ak_expr_and(exprs, a, b);
    if (roll == 6) return ak_expr_not(exprs, a);
    uint32_t min = (uint32_t)rand() % 3;
    return ak_expr_repeat(exprs, a, min, rand() % 2 ? AK_REPEAT_MANY : min + (uint32_t)rand() % 3);
}

TEST(derivatives_agree_with_backtracking) {
    IGNORE_STATE;
    static const char *const alphabets[] = {"ab", "ab", "25", "04", ".6", ".5", "x7"};
    srand(2);
    for (int round = 0; round < 1000; round++) {
        const char *alphabet = alphabets[round % 7];
        Arena arena = ak_arena(NULL);
        Exprs exprs;
        assert_true(ak_exprs_init(&exprs, &arena, 10000000));
        Expr expr = random_expr(&exprs, alphabet, 4);
        ak_exprs_seal(&exprs);
        bool any = false;
        for (uint32_t bits = 0; bits < 63; bits++) { /* every text over the alphabet with up to 5 bytes */
            char text[6];
            size_t length = 0;
            for (uint32_t rest = bits + 1; rest > 1; rest /= 2) text[length++] = alphabet[rest & 1];
            bool found = ak_expr_matches(&exprs, expr, (Str){text, length});
            assert_int_equal(found, matches(&exprs, expr, (Str){text, length}));
            any = any || found;
        }
        Str shortest = ak_expr_shortest(&exprs, expr, &arena);
        assert_int_equal(shortest.data == NULL, ak_expr_is_empty(&exprs, expr));
        if (shortest.data) assert_true(ak_expr_matches(&exprs, expr, shortest));
        if (any) assert_true(shortest.data && shortest.length <= 5);
        ak_arena_free(&arena);
    }
}

TEST(words_with_very_much_in_common_are_one_union) {
    IGNORE_STATE;
    enum { COMMON = 200000 };
    Arena arena = ak_arena(NULL);
    Exprs exprs;
    assert_true(ak_exprs_init(&exprs, &arena, 100000000));
    char *text = malloc(COMMON + 1);
    memset(text, 'a', COMMON);
    text[COMMON] = 'b';
    Expr first = ak_expr_literal(&exprs, (Str){text, COMMON + 1});
    text[COMMON] = 'c';
    Expr both = ak_expr_or(&exprs, first, ak_expr_literal(&exprs, (Str){text, COMMON + 1}));
    ak_exprs_seal(&exprs);
    assert_true(both);
    assert_false(ak_expr_is_empty(&exprs, ak_expr_derivative(&exprs, both, exprs.classes['a'])));
    assert_true(ak_expr_is_empty(&exprs, ak_expr_derivative(&exprs, both, exprs.classes['b'])));
    free(text);
    ak_arena_free(&arena);
}

TEST(emptiness_sees_through_and_and_not) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Exprs exprs;
    assert_true(ak_exprs_init(&exprs, &arena, 100000));
    Expr as = ak_expr_repeat(&exprs, literal(&exprs, "aa"), 1, AK_REPEAT_MANY),
         odd = ak_expr_concat(&exprs, literal(&exprs, "a"), as);
    Expr both = ak_expr_and(&exprs, as, odd), with_tail = ak_expr_concat(&exprs, both, literal(&exprs, "b"));
    Expr some = ak_expr_and(&exprs, as, ak_expr_not(&exprs, literal(&exprs, "aa")));
    ak_exprs_seal(&exprs);
    assert_true(ak_expr_is_empty(&exprs, both));
    assert_true(ak_expr_is_empty(&exprs, with_tail));
    assert_false(ak_expr_is_empty(&exprs, some));
    assert_int_equal(ak_expr_shortest(&exprs, some, &arena).length, 4);
    ak_arena_free(&arena);
}

TEST(fuel_runs_out_with_words) {
    IGNORE_STATE;
    ananke_error err = {0};
    Arena arena = ak_arena(NULL);
    Exprs exprs;
    assert_true(ak_exprs_init(&exprs, &arena, 20));
    assert_int_equal(literal(&exprs, "a text of more than twenty bytes"), AK_EXPR_FAILED);
    assert_false(ak_exprs_ok(&exprs, &err));
    assert_int_equal(err.code, ANANKE_ERROR_LIMIT);
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_expressions_are_equal_numbers),
        cmocka_unit_test(derivatives_agree_with_backtracking),
        cmocka_unit_test(words_with_very_much_in_common_are_one_union),
        cmocka_unit_test(emptiness_sees_through_and_and_not),
        cmocka_unit_test(fuel_runs_out_with_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
