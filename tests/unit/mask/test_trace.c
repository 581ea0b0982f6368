/* Traces: trees of questions, that answers lead through to a mask. */
#include "../test.h"
#include "mask/trace.h"

enum { KEY = 5 };

typedef struct Fixture {
    Arena arena;
    Traces traces;
} Fixture;

static void open_traces(Fixture *self) {
    self->arena = ak_arena(NULL);
    assert_true(ak_traces_init(&self->traces, &self->arena));
}

static Asked step(uint32_t of, uint32_t what, uint32_t answer) {
    return (Asked){{QUESTION_STEP, of, what}, answer};
}

static Question question_of(const Fixture *self, uint32_t node) {
    return ak_traces_question(&self->traces, node);
}

/* The mask that the answers lead to in the tree; 0: none. */
static uint32_t mask_of(const Fixture *self, uint32_t root, const uint32_t *answers, size_t count) {
    for (size_t i = 0; root && i < count; i++) root = ak_traces_follow(&self->traces, root, answers[i]);
    if (!root || question_of(self, root).kind != QUESTION_NONE) return 0;
    return (uint32_t)question_of(self, root).what;
}

TEST(nothing_is_known_at_first) {
    IGNORE_STATE;
    Fixture self;
    open_traces(&self);
    assert_int_equal(ak_traces_root(&self.traces, KEY), 0);
    ak_arena_free(&self.arena);
}

TEST(a_mask_that_nothing_was_asked_for_is_a_leaf) {
    IGNORE_STATE;
    Fixture self;
    open_traces(&self);
    assert_true(ak_traces_add(&self.traces, KEY, NULL, 0, 9));
    assert_int_equal(mask_of(&self, ak_traces_root(&self.traces, KEY), NULL, 0), 9);
    assert_int_equal(ak_traces_root(&self.traces, KEY + 1), 0);
    ak_arena_free(&self.arena);
}

TEST(other_answers_to_the_same_questions_share_the_tree) {
    IGNORE_STATE;
    Fixture self;
    open_traces(&self);
    Asked first[] = {step(0, 3, 10), step(1, 4, 20)}, second[] = {step(0, 3, 10), step(1, 4, 21)},
          third[] = {step(0, 3, 11), step(0, 8, 30), step(2, 1, 40)};
    assert_true(ak_traces_add(&self.traces, KEY, first, 2, 100));
    assert_true(ak_traces_add(&self.traces, KEY, second, 2, 101));
    assert_true(ak_traces_add(&self.traces, KEY, third, 3, 102));
    uint32_t root = ak_traces_root(&self.traces, KEY);
    assert_int_equal(ak_traces_next(&self.traces, root), 0);
    assert_int_equal(mask_of(&self, root, (uint32_t[]){10, 20}, 2), 100);
    assert_int_equal(mask_of(&self, root, (uint32_t[]){10, 21}, 2), 101);
    assert_int_equal(mask_of(&self, root, (uint32_t[]){11, 30, 40}, 3), 102);
    ak_arena_free(&self.arena);
}

TEST(answers_that_nobody_met_lead_nowhere) {
    IGNORE_STATE;
    Fixture self;
    open_traces(&self);
    Asked asked[] = {step(0, 3, 10), {{QUESTION_ACCEPT, 1, 0}, 1}};
    assert_true(ak_traces_add(&self.traces, KEY, asked, 2, 100));
    uint32_t root = ak_traces_root(&self.traces, KEY), next = ak_traces_follow(&self.traces, root, 10);
    assert_int_equal(question_of(&self, next).kind, QUESTION_ACCEPT);
    assert_int_equal(ak_traces_follow(&self.traces, root, 11), 0);
    assert_int_equal(ak_traces_follow(&self.traces, next, 0), 0);
    ak_arena_free(&self.arena);
}

TEST(adding_the_same_again_adds_nothing) {
    IGNORE_STATE;
    Fixture self;
    open_traces(&self);
    Asked asked[] = {step(0, 3, 10), step(1, 4, 20)};
    assert_true(ak_traces_add(&self.traces, KEY, asked, 2, 100));
    uint32_t nodes = self.traces.nodes.count, edges = self.traces.edges.count;
    assert_true(ak_traces_add(&self.traces, KEY, asked, 2, 100));
    assert_int_equal(self.traces.nodes.count, nodes);
    assert_int_equal(self.traces.edges.count, edges);
    ak_arena_free(&self.arena);
}

TEST(a_node_may_have_many_answers) {
    IGNORE_STATE;
    Fixture self;
    open_traces(&self);
    for (uint32_t answer = 1; answer < 300; answer++) {
        Asked asked = step(0, 3, answer);
        assert_true(ak_traces_add(&self.traces, KEY, &asked, 1, 1000 + answer));
    }
    uint32_t root = ak_traces_root(&self.traces, KEY);
    for (uint32_t answer = 1; answer < 300; answer++) assert_int_equal(mask_of(&self, root, &answer, 1), 1000 + answer);
    ak_arena_free(&self.arena);
}

/* The same first question but, after equal answers, another second one; or another first one. */
TEST(other_questions_begin_another_tree_four_at_most) {
    IGNORE_STATE;
    Fixture self;
    open_traces(&self);
    for (uint32_t tree = 0; tree < 7; tree++) {
        Asked asked[] = {step(0, 3, 10), step(tree % 2, 4 + tree / 2, 20)};
        assert_true(ak_traces_add(&self.traces, KEY, asked, 2, 100 + tree));
    }
    uint32_t root = ak_traces_root(&self.traces, KEY), trees = 0;
    for (; root; root = ak_traces_next(&self.traces, root), trees++)
        assert_int_equal(mask_of(&self, root, (uint32_t[]){10, 20}, 2), 100 + trees);
    assert_int_equal(trees, 4);
    ak_arena_free(&self.arena);
}

TEST(a_full_key_still_takes_what_fits_a_tree) {
    IGNORE_STATE;
    Fixture self;
    open_traces(&self);
    for (uint32_t tree = 0; tree < 5; tree++) {
        Asked asked = step(0, tree + 1, 10);
        assert_true(ak_traces_add(&self.traces, KEY, &asked, 1, 100 + tree));
    }
    Asked fits = step(0, 2, 11);
    assert_true(ak_traces_add(&self.traces, KEY, &fits, 1, 200));
    uint32_t second = ak_traces_next(&self.traces, ak_traces_root(&self.traces, KEY));
    assert_int_equal(mask_of(&self, second, (uint32_t[]){11}, 1), 200);
    ak_arena_free(&self.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_known_at_first),
        cmocka_unit_test(a_mask_that_nothing_was_asked_for_is_a_leaf),
        cmocka_unit_test(other_answers_to_the_same_questions_share_the_tree),
        cmocka_unit_test(answers_that_nobody_met_lead_nowhere),
        cmocka_unit_test(adding_the_same_again_adds_nothing),
        cmocka_unit_test(a_node_may_have_many_answers),
        cmocka_unit_test(other_questions_begin_another_tree_four_at_most),
        cmocka_unit_test(a_full_key_still_takes_what_fits_a_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
