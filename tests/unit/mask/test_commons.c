/* What the grammars of a vocabulary have in common: numbers that stand for one thing each, masks under them, and a bound on all of it. */
#include "../failing.h"
#include "../test.h"
#include "mask/commons.h"
#include "vocab/vocab.h"

static Commons *open_commons(void **state) {
    return ak_commons_of(*state);
}

static int open_vocab(void **state) {
    *state = ananke_vocab_load("bytes", NULL, NULL);
    return *state ? 0 : -1;
}

static int close_vocab(void **state) {
    ananke_vocab_free(*state);
    return 0;
}

TEST(equal_things_have_one_number) {
    Commons *commons = open_commons(state);
    uint32_t words[] = {7, 8, 9};
    assert_int_equal(ak_commons_number(commons, EXPR_CONCAT, words, 2, false), COMMON_NONE);
    uint32_t first = ak_commons_number(commons, EXPR_CONCAT, words, 2, true);
    assert_int_not_equal(first, COMMON_NONE);
    assert_int_equal(ak_commons_number(commons, EXPR_CONCAT, words, 2, false), first);
    assert_int_equal(ak_commons_number(commons, EXPR_CONCAT, words, 2, true), first);
    assert_int_not_equal(ak_commons_number(commons, EXPR_OR, words, 2, true), first);
    assert_int_not_equal(ak_commons_number(commons, EXPR_CONCAT, words, 3, true), first);
    uint32_t empty = ak_commons_number(commons, COMMON_PENDING, NULL, 0, true);
    assert_int_equal(ak_commons_number(commons, COMMON_PENDING, words, 0, false), empty);
    const CommonNode *node = ak_commons_node(commons, first);
    assert_int_equal(node->kind, EXPR_CONCAT);
    assert_memory_equal(node->words, words, 2 * sizeof *words);
}

TEST(masks_are_found_by_what_was_answered) {
    Commons *commons = open_commons(state);
    uint32_t ids[] = {1, 5};
    Asked asked = {{QUESTION_ACCEPT, 0, 0}, 1};
    ak_commons_add_mask(commons, 77, &asked, 1, (Mask){.ids = ids, .count = 2}, 0);
    uint32_t root = ak_traces_root(&commons->traces, 77);
    assert_int_not_equal(root, 0);
    assert_int_equal(ak_traces_follow(&commons->traces, root, 0), 0);
    uint32_t leaf = ak_traces_follow(&commons->traces, root, 1);
    const Question found = ak_traces_question(&commons->traces, leaf);
    assert_int_equal(found.kind, QUESTION_NONE);
    const Mask *mask = ak_mask_get(&commons->masks, (uint32_t)found.what);
    assert_int_equal(mask->count, 2);
    assert_memory_equal(mask->ids, ids, sizeof ids);
}

TEST(a_state_has_to_come_twice_once_half_is_full_and_nothing_is_taken_when_all_is) {
    Commons *commons = open_commons(state);
    assert_true(ak_commons_takes(commons, 12345));
    uint32_t words[64] = {0}, first = ak_commons_number(commons, EXPR_OR, words, 64, true), last = first;
    bool was_choosy = false;
    for (words[0] = 1; last; words[0]++) {
        last = ak_commons_number(commons, EXPR_OR, words, 64, true);
        if (was_choosy || atomic_load(&commons->is_roomy)) continue;
        was_choosy = true;
        assert_false(ak_commons_takes(commons, 54321));
        assert_true(ak_commons_takes(commons, 54321));
    }
    assert_true(was_choosy && ak_commons_is_full(commons));
    assert_true(commons->arena.used <= COMMONS_BYTES);
    assert_false(ak_commons_takes(commons, 54321));
    words[0] = 0;
    assert_int_equal(ak_commons_number(commons, EXPR_OR, words, 64, true), first);
}

TEST(without_memory_there_are_none) {
    ananke_vocab *vocab = *state;
    Failing failing = {.left = 0};
    ananke_allocator allocator = {failing_resize, &failing};
    for (int left = 0;; left++) {
        failing.left = left;
        Commons *commons = ak_commons_new(vocab, &allocator);
        ak_commons_free(commons);
        assert_int_equal(failing.live, 0);
        if (commons) break;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(equal_things_have_one_number, open_vocab, close_vocab),
        cmocka_unit_test_setup_teardown(masks_are_found_by_what_was_answered, open_vocab, close_vocab),
        cmocka_unit_test_setup_teardown(a_state_has_to_come_twice_once_half_is_full_and_nothing_is_taken_when_all_is,
                                        open_vocab, close_vocab),
        cmocka_unit_test_setup_teardown(without_memory_there_are_none, open_vocab, close_vocab),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
