/* Sets of texts that grow, against lists. */
#include "../test.h"
#include "mask/value_sets.h"
#include <stdio.h>

static uint32_t seed = 1;

static uint32_t dice(uint32_t sides) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % sides;
}

enum { SETS = 300, LONGEST = 4 };

typedef struct List {
    ValueSet set;
    int before, count; /* the list that it is one text more than; -1: none */
    Str text;
} List;

static Str random_text(Arena *arena) {
    char text[LONGEST];
    size_t length = dice(LONGEST + 1);
    for (size_t i = 0; i < length; i++) text[i] = dice(8) ? (char)('a' + dice(3)) : dice(2) ? '\0' : '\xFF';
    return ak_arena_str(arena, (Str){text, length});
}

/* The first text of the list not before `from`. */
static Str first_from(const List *lists, int at, Str from) {
    Str first = {0};
    for (; at >= 0; at = lists[at].before) {
        if (ak_str_compare(lists[at].text, from) < 0) continue;
        if (!first.data || ak_str_compare(lists[at].text, first) < 0) first = lists[at].text;
    }
    return first;
}

static void check(const ValueSets *sets, const List *lists, int at, Arena *arena) {
    Str from = random_text(arena), found = ak_value_sets_from(sets, lists[at].set, from),
        wanted = first_from(lists, at, from);
    assert_int_equal(!found.data, !wanted.data);
    assert_true(ak_str_equal(found, wanted));
    uint32_t bytes[8] = {0}, marked[8] = {0};
    ak_value_sets_mark_next(sets, lists[at].set, from, bytes);
    for (int i = at; i >= 0; i = lists[i].before) {
        if (lists[i].text.length <= from.length || !ak_str_starts(lists[i].text, from)) continue;
        uint8_t byte = (uint8_t)lists[i].text.data[from.length];
        marked[byte / 32] |= UINT32_C(1) << byte % 32;
    }
    assert_memory_equal(bytes, marked, sizeof bytes);
    Str next = {0}, behind = ak_value_sets_behind(sets, lists[at].set, from);
    uint32_t starting = 0;
    for (int i = at; i >= 0; i = lists[i].before) {
        bool is_known = false; /* a text that was there already is in the list twice */
        for (int k = lists[i].before; k >= 0; k = lists[k].before)
            is_known |= ak_str_equal(lists[k].text, lists[i].text);
        starting += !is_known && ak_str_starts(lists[i].text, from);
        if (ak_str_compare(lists[i].text, from) > 0 && (!next.data || ak_str_compare(lists[i].text, next) < 0))
            next = lists[i].text;
    }
    assert_int_equal(ak_value_sets_count(sets, lists[at].set, from), starting);
    assert_int_equal(!behind.data, !next.data);
    assert_true(ak_str_equal(behind, next));
    for (int i = at; i >= 0; i = lists[i].before)
        assert_true(lists[i].text.length <= ak_value_sets_longest(sets, lists[at].set));
    assert_true(ak_value_sets_longest(sets, lists[at].set) <= LONGEST);
}

TEST(sets_stay_when_greater_ones_are_made_of_them) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    ValueSets sets;
    static List lists[SETS];
    assert_true(ak_value_sets_init(&sets, &arena));
    for (int i = 0; i < SETS; i++) {
        int before = i ? dice(4) ? i - 1 : (int)dice((uint32_t)i) : -1;
        lists[i] = (List){.before = before, .text = random_text(&arena)};
        lists[i].set = ak_value_sets_add(&sets, before < 0 ? 0 : lists[before].set, lists[i].text);
        assert_int_not_equal(lists[i].set, 0);
        for (int k = 0; k < 20; k++) check(&sets, lists, (int)dice((uint32_t)i + 1), &arena);
    }
    ak_arena_free(&arena);
}

TEST(a_text_that_is_there_makes_no_other_set) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    ValueSets sets;
    assert_true(ak_value_sets_init(&sets, &arena));
    ValueSet one = ak_value_sets_add(&sets, 0, STR("")), two = ak_value_sets_add(&sets, one, STR("a"));
    assert_int_not_equal(one, two);
    assert_int_equal(ak_value_sets_add(&sets, two, STR("")), two);
    assert_int_equal(ak_value_sets_add(&sets, two, STR("a")), two);
    assert_null(ak_value_sets_from(&sets, 0, STR("")).data);
    ak_arena_free(&arena);
}

/* However texts are ordered: a path of a hundred thousand nodes would be felt here. */
TEST(texts_in_order_make_no_path) {
    IGNORE_STATE;
    enum { TEXTS = 20000 };
    Arena arena = ak_arena(NULL);
    ValueSets sets;
    ValueSet set = 0;
    assert_true(ak_value_sets_init(&sets, &arena));
    for (int i = 0; i < TEXTS; i++) {
        char text[16];
        int length = snprintf(text, sizeof text, "%08d", i);
        set = ak_value_sets_add(&sets, set, (Str){text, (size_t)length});
    }
    assert_true(sets.nodes.count < TEXTS * 60);
    assert_true(ak_str_equal(ak_value_sets_from(&sets, set, STR("00012345")), STR("00012345")));
    ak_arena_free(&arena);
}

TEST(memory_may_run_out) {
    IGNORE_STATE;
    ananke_context context = {.memory_limit = 20000};
    Arena arena = ak_arena(&context);
    ValueSets sets;
    ValueSet set = 0, last;
    assert_true(ak_value_sets_init(&sets, &arena));
    char text[2] = {0};
    do text[0]++, text[1] ^= text[0], last = set;
    while ((set = ak_value_sets_add(&sets, set, (Str){text, sizeof text})));
    assert_non_null(ak_value_sets_from(&sets, last, STR("")).data);
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sets_stay_when_greater_ones_are_made_of_them),
        cmocka_unit_test(a_text_that_is_there_makes_no_other_set),
        cmocka_unit_test(texts_in_order_make_no_path),
        cmocka_unit_test(memory_may_run_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
