/* Inquiries: what was asked is remembered until the next one begins. */
#include "../test.h"
#include "mask/inquiry.h"

typedef struct Fixture {
    Arena arena;
    Inquiry inquiry;
} Fixture;

static void open_inquiry(Fixture *self, ParserNode node) {
    self->arena = ak_arena(NULL);
    self->inquiry = (Inquiry){.arena = &self->arena};
    assert_true(ak_inquiry_begin(&self->inquiry, node));
}

TEST(an_inquiry_begins_with_one_node_and_no_question) {
    IGNORE_STATE;
    Fixture self;
    open_inquiry(&self, 42);
    assert_int_equal(self.inquiry.nodes.count, 1);
    assert_int_equal(self.inquiry.nodes.items[0].node, 42);
    assert_int_equal(self.inquiry.asked.count, 0);
    assert_int_equal(ak_inquiry_step(&self.inquiry, 0, 1), 0);
    ak_arena_free(&self.arena);
}

TEST(a_step_is_a_question_and_a_numbered_node) {
    IGNORE_STATE;
    Fixture self;
    open_inquiry(&self, 42);
    assert_int_equal(ak_inquiry_add_step(&self.inquiry, 0, 7, (InquiryNode){.node = 99, .lexer = 5}), 1);
    assert_int_equal(ak_inquiry_add_step(&self.inquiry, 1, 7, (InquiryNode){.node = 42, .lexer = 6}), 2);
    assert_int_equal(ak_inquiry_step(&self.inquiry, 0, 7), 1);
    assert_int_equal(ak_inquiry_step(&self.inquiry, 1, 7), 2);
    assert_int_equal(ak_inquiry_step(&self.inquiry, 0, 8), 0);
    assert_int_equal(self.inquiry.nodes.items[1].node, 99);
    Asked asked = self.inquiry.asked.items[1];
    assert_int_equal(asked.question.kind, QUESTION_STEP);
    assert_int_equal(asked.question.of, 1);
    assert_int_equal(asked.question.what, 7);
    assert_int_equal(asked.answer, 6);
    ak_arena_free(&self.arena);
}

TEST(a_step_back_to_its_node_has_that_ones_number_as_an_answer) {
    IGNORE_STATE;
    Fixture self;
    open_inquiry(&self, 42);
    assert_int_equal(ak_inquiry_add_step(&self.inquiry, 0, 7, (InquiryNode){.node = 42, .lexer = 5}),
                     1); /* the point's own node is no other one's equal */
    assert_int_equal(ak_inquiry_add_step(&self.inquiry, 1, 7, (InquiryNode){.node = 42, .lexer = 5}), 1);
    assert_int_equal(ak_inquiry_add_step(&self.inquiry, 1, 8, (InquiryNode){.node = 99, .lexer = 5}), 2);
    assert_int_equal(self.inquiry.nodes.count, 3);
    assert_int_equal(ak_inquiry_step(&self.inquiry, 1, 7), 1);
    const Asked *asked = self.inquiry.asked.items;
    assert_int_equal(asked[0].answer, 5);
    assert_int_equal(ak_answer_state(asked[1].answer), 5);
    assert_int_equal(ak_answer_node(asked[1].answer), 1);
    assert_int_equal(asked[2].answer, 5);
    ak_arena_free(&self.arena);
}

TEST(other_questions_are_noted_in_order_and_number_nothing) {
    IGNORE_STATE;
    Fixture self;
    open_inquiry(&self, 1);
    assert_true(ak_inquiry_note(&self.inquiry, (Question){QUESTION_MASK, 0, 77}, 3));
    assert_true(ak_inquiry_note(&self.inquiry, (Question){QUESTION_ACCEPT, 0, 0}, 1));
    assert_int_equal(self.inquiry.nodes.count, 1);
    assert_int_equal(self.inquiry.asked.count, 2);
    assert_int_equal(self.inquiry.asked.items[0].question.what, 77);
    assert_int_equal(self.inquiry.asked.items[1].question.kind, QUESTION_ACCEPT);
    ak_arena_free(&self.arena);
}

TEST(hundreds_of_steps_keep_their_numbers) {
    IGNORE_STATE;
    enum { STEPS = 700 };
    Fixture self;
    open_inquiry(&self, 1);
    for (uint32_t i = 0; i < STEPS; i++) {
        assert_int_equal(
            ak_inquiry_add_step(&self.inquiry, i / 3, i % 3 + 1, (InquiryNode){.node = 1000 + i, .lexer = i}), i + 1);
        for (uint32_t k = 0; k <= i; k += 50) assert_int_equal(ak_inquiry_step(&self.inquiry, k / 3, k % 3 + 1), k + 1);
    }
    assert_int_equal(ak_inquiry_step(&self.inquiry, STEPS, 1), 0);
    ak_arena_free(&self.arena);
}

TEST(beginning_again_forgets_everything) {
    IGNORE_STATE;
    Fixture self;
    open_inquiry(&self, 1);
    for (uint32_t size = 1; size < 300; size += 37) {
        for (uint32_t i = 0; i < size; i++)
            assert_int_equal(ak_inquiry_add_step(&self.inquiry, i, 5, (InquiryNode){.node = i, .lexer = i}), i + 1);
        assert_true(ak_inquiry_begin(&self.inquiry, size));
        assert_int_equal(self.inquiry.nodes.count, 1);
        assert_int_equal(self.inquiry.nodes.items[0].node, size);
        for (uint32_t i = 0; i < size; i++) assert_int_equal(ak_inquiry_step(&self.inquiry, i, 5), 0);
    }
    ak_arena_free(&self.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_inquiry_begins_with_one_node_and_no_question),
        cmocka_unit_test(a_step_is_a_question_and_a_numbered_node),
        cmocka_unit_test(a_step_back_to_its_node_has_that_ones_number_as_an_answer),
        cmocka_unit_test(other_questions_are_noted_in_order_and_number_nothing),
        cmocka_unit_test(hundreds_of_steps_keep_their_numbers),
        cmocka_unit_test(beginning_again_forgets_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
