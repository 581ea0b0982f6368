/* Classes that an expression takes alike: expressions that a reader can check, and random ones, whose derivatives must be
 * equal where the parts are. */
#include "../test.h"
#include "regex/expr_partition.h"
#include "regex/regex.h"
#include "regex/regex_multiple.h"

typedef struct Fixture {
    Arena arena;
    Exprs exprs;
    Partitions partitions;
} Fixture;

static void begin(Fixture *self) {
    *self = (Fixture){.arena = ak_arena(NULL)};
    assert_true(ak_exprs_init(&self->exprs, &self->arena, 10000000));
}

static Expr parse(Fixture *self, const char *text) {
    ananke_error err = {0};
    Expr expr = ak_regex_parse(&self->exprs, &(RegexText){.text = ak_str(text), .source = ak_str(text)}, &err);
    assert_int_not_equal(expr, AK_EXPR_FAILED);
    return expr;
}

static void seal(Fixture *self) {
    ak_exprs_seal(&self->exprs);
    self->partitions = (Partitions){.arena = &self->arena, .exprs = &self->exprs};
}

static bool are_alike(Fixture *self, Expr expr, char a, char b) {
    const Partition *partition = ak_partition_of(&self->partitions, expr);
    assert_non_null(partition);
    assert_ptr_equal(ak_partition_of(&self->partitions, expr), partition); /* found once */
    return partition->of[self->exprs.classes[(uint8_t)a]] == partition->of[self->exprs.classes[(uint8_t)b]];
}

TEST(a_name_tells_its_next_letter_from_all_others) {
    IGNORE_STATE;
    Fixture self;
    begin(&self);
    Expr name = parse(&self, "name"), other = parse(&self, "[a-z]+|[0-9]+");
    seal(&self);
    assert_false(are_alike(&self, name, 'n', 'a'));
    assert_true(are_alike(&self, name, 'a', '7'));
    assert_int_equal(ak_partition_of(&self.partitions, name)->count, 2);
    assert_true(are_alike(&self, other, 'n', 'a'));
    assert_false(are_alike(&self, other, 'n', '7'));
    ak_arena_free(&self.arena);
}

TEST(what_comes_behind_an_optional_part_counts_too) {
    IGNORE_STATE;
    Fixture self;
    begin(&self);
    Expr expr = parse(&self, "x?y?[0-9]{2,9}|~");
    seal(&self);
    static const char told_apart[] = "xy5~a";
    for (int i = 0; i < 5; i++) {
        for (int k = 0; k < i; k++) assert_false(are_alike(&self, expr, told_apart[i], told_apart[k]));
    }
    assert_true(are_alike(&self, expr, '0', '9'));
    ak_arena_free(&self.arena);
}

TEST(a_meeting_tells_apart_what_either_side_does) {
    IGNORE_STATE;
    Fixture self;
    begin(&self);
    Expr first = parse(&self, "[a-m]x"), second = parse(&self, "[h-z]y");
    Expr single = parse(&self, "kz"), another = parse(&self, "k");
    seal(&self);
    Meeting meeting = {0};
    assert_true(ak_meeting_add(&self.partitions, &meeting, first));
    assert_true(ak_meeting_add(&self.partitions, &meeting, second));
    assert_int_equal(ak_meeting_end(&self.partitions, &meeting)->count, 4);
    assert_true(ak_meeting_add(&self.partitions, &meeting, second));
    assert_int_equal(ak_meeting_end(&self.partitions, &meeting)->count, 4);
    assert_true(ak_meeting_add(&self.partitions, &meeting, single) &&
                ak_meeting_add(&self.partitions, &meeting, another));
    assert_int_equal(ak_meeting_end(&self.partitions, &meeting)->count, 5);
    ak_arena_free(&self.arena);
}

TEST(a_meeting_of_one_expression_is_not_copied) {
    IGNORE_STATE;
    Fixture self;
    begin(&self);
    Expr expr = parse(&self, "[a-m]x|[k-z]y"), single = parse(&self, "k");
    seal(&self);
    Meeting meeting = {0};
    assert_true(ak_meeting_add(&self.partitions, &meeting, expr));
    assert_ptr_equal(ak_meeting_end(&self.partitions, &meeting), ak_partition_of(&self.partitions, expr));
    uint32_t before = ak_partition_of(&self.partitions, expr)->count;
    assert_true(ak_meeting_add(&self.partitions, &meeting, single));
    assert_int_equal(ak_meeting_end(&self.partitions, &meeting)->count, before + 1);
    assert_int_equal(ak_partition_of(&self.partitions, expr)->count, before);
    ak_arena_free(&self.arena);
}

TEST(blocks_of_classes_tell_which_parts_they_meet) {
    IGNORE_STATE;
    Fixture self;
    begin(&self);
    Expr expr = parse(&self, "[a-c]x|[b-d]y|[aq]z|[0-9]1|3+|\\xC3\\xA9");
    seal(&self);
    const Partition *partition = ak_partition_of(&self.partitions, expr);
    for (uint32_t from = 0; from < self.exprs.class_count; from += AK_PARTITION_BLOCK) {
        for (uint32_t part = 1; part < partition->count; part++) {
            bool meets = false;
            for (uint32_t i = from; i < from + AK_PARTITION_BLOCK && i < self.exprs.class_count; i++)
                meets = meets || partition->of[i] == part;
            assert_int_equal(ak_partition_meets(partition, from, (uint8_t)part), meets);
        }
    }
    ak_arena_free(&self.arena);
}

static uint32_t seed = 1;

static uint32_t dice(uint32_t sides) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % sides;
}

static Expr random_expr(Fixture *self, int depth) {
    static const char *const leaves[] = {"[a-z]", "[^\"\\\\]", ".", "if", "[a-f0-9]", "\xC3\xA9", "int", "\"", "_"};
    Exprs *exprs = &self->exprs;
    if (depth == 0 && dice(8) == 0) return ak_expr_multiple(exprs, 1 + dice(100), dice(3));
    if (depth == 0) return parse(self, leaves[dice(sizeof leaves / sizeof *leaves)]);
    Expr a = random_expr(self, depth - 1), b = random_expr(self, depth - 1);
    switch (dice(6)) {
    case 0: return ak_expr_or(exprs, a, b);
    case 1: return ak_expr_and(exprs, a, b);
    case 2: return ak_expr_and(exprs, ak_expr_repeat(exprs, a, 0, AK_REPEAT_MANY), ak_expr_not(exprs, b));
    case 3: return ak_expr_repeat(exprs, a, dice(3), 3 + dice(9));
    case 4: return ak_expr_repeat(exprs, a, dice(2), AK_REPEAT_MANY);
    default: return ak_expr_concat(exprs, a, b);
    }
}

/* Along a random text: wherever two classes are in one part, their derivatives are one expression. */
static size_t compare_along(Fixture *self, Expr expr) {
    size_t saved = 0;
    for (int step = 0; step < 4 && expr != AK_EXPR_NOTHING; step++) {
        const Partition *partition = ak_partition_of(&self->partitions, expr);
        Expr by_part[256] = {0};
        for (uint32_t class = 0; class < self->exprs.class_count; class ++) {
            Expr to = ak_expr_derivative(&self->exprs, expr, class), *first = &by_part[partition->of[class]];
            assert_int_not_equal(to, AK_EXPR_FAILED);
            assert_true(partition->of[class] < partition->count);
            if (*first) saved++, assert_int_equal(*first, to);
            *first = to;
        }
        expr = ak_expr_derivative(&self->exprs, expr, dice(self->exprs.class_count));
    }
    return saved;
}

TEST(classes_of_one_part_have_one_derivative) {
    IGNORE_STATE;
    size_t saved = 0;
    for (int round = 0; round < 2000; round++) {
        Fixture self;
        begin(&self);
        Expr expr = random_expr(&self, 1 + (int)dice(3));
        seal(&self);
        saved += compare_along(&self, expr);
        ak_arena_free(&self.arena);
    }
    assert_true(saved > 10000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_tells_its_next_letter_from_all_others),
        cmocka_unit_test(what_comes_behind_an_optional_part_counts_too),
        cmocka_unit_test(a_meeting_tells_apart_what_either_side_does),
        cmocka_unit_test(a_meeting_of_one_expression_is_not_copied),
        cmocka_unit_test(blocks_of_classes_tell_which_parts_they_meet),
        cmocka_unit_test(classes_of_one_part_have_one_derivative),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
