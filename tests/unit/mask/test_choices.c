/* Choice lists. */
#include "../test.h"
#include <ananke/matcher.h>
#include <stdio.h>
#include <time.h>

typedef struct Fixture {
    ananke_vocab *vocab;
    ananke_program *program;
    ananke_matcher *matcher;
} Fixture;

static Fixture choose(const char *const *choices, const size_t *lengths, size_t count) {
    ananke_error err = {0};
    Fixture self = {.vocab = ananke_vocab_load("bytes", NULL, NULL)};
    self.program = ananke_program_from_choices(choices, lengths, count, self.vocab, NULL, &err);
    if (!self.program) print_error("%s\n", err.message);
    assert_non_null(self.program);
    self.matcher = ananke_matcher_new(self.program, NULL);
    return self;
}

static void finish(Fixture self) {
    ananke_matcher_free(self.matcher);
    ananke_program_free(self.program);
    ananke_vocab_free(self.vocab);
}

static bool accepts(Fixture self, const char *text, size_t length) {
    ananke_matcher_reset(self.matcher);
    return ananke_matcher_consume_bytes(self.matcher, (const uint8_t *)text, length, NULL) &&
           ananke_matcher_is_accepting(self.matcher);
}

TEST(the_text_is_exactly_one_of_them) {
    IGNORE_STATE;
    Fixture self = choose((const char *const[]){"yes", "no", "nothing", "né", "no"}, NULL, 5);
    assert_true(accepts(self, "yes", 3));
    assert_true(accepts(self, "no", 2));
    assert_true(accepts(self, "nothing", 7));
    assert_true(accepts(self, "né", 3));
    assert_false(accepts(self, "", 0));
    assert_false(accepts(self, "not", 3));
    assert_false(accepts(self, "nothing ", 8));
    assert_false(accepts(self, "n\xC3", 2));
    finish(self);
}

TEST(the_text_is_over_where_no_choice_goes_on) {
    IGNORE_STATE;
    Fixture self = choose((const char *const[]){"a", "ab"}, NULL, 2);
    assert_true(ananke_matcher_consume(self.matcher, 'a', NULL));
    assert_int_equal(ananke_matcher_stop_reason(self.matcher), ANANKE_STOP_NONE);
    assert_true(ananke_matcher_consume(self.matcher, 'b', NULL));
    assert_int_equal(ananke_matcher_stop_reason(self.matcher), ANANKE_STOP_EXHAUSTED);
    finish(self);
}

TEST(choices_are_bytes_with_lengths) {
    IGNORE_STATE;
    Fixture self = choose((const char *const[]){"a\0b", "\xFF\xFE", "abc"}, (const size_t[]){3, 2, 1}, 3);
    assert_true(accepts(self, "a\0b", 3));
    assert_true(accepts(self, "\xFF\xFE", 2));
    assert_true(accepts(self, "a", 1));
    assert_false(accepts(self, "abc", 3));
    finish(self);
}

TEST(a_choice_may_be_empty) {
    IGNORE_STATE;
    Fixture self = choose((const char *const[]){"a", "", "ab"}, NULL, 3);
    assert_true(accepts(self, "", 0));
    assert_true(accepts(self, "ab", 2));
    assert_false(accepts(self, "b", 1));
    finish(self);
    self = choose((const char *const[]){"", ""}, NULL, 2);
    assert_true(accepts(self, "", 0));
    assert_false(accepts(self, "a", 1));
    finish(self);
}

TEST(no_choice_is_an_error) {
    IGNORE_STATE;
    ananke_error err = {0};
    ananke_vocab *vocab = ananke_vocab_load("bytes", NULL, NULL);
    assert_null(ananke_program_from_choices(NULL, NULL, 0, vocab, NULL, &err));
    assert_int_equal(err.code, ANANKE_ERROR_USAGE);
    assert_non_null(strstr(err.message, "no choice"));
    ananke_vocab_free(vocab);
}

TEST(few_choices_are_named_and_many_counted) {
    IGNORE_STATE;
    char expected[200];
    Fixture self = choose((const char *const[]){"yes", "no"}, NULL, 2);
    ananke_matcher_expected(self.matcher, expected, sizeof expected);
    assert_string_equal(expected, "\"yes\" | \"no\"");
    finish(self);
    self = choose((const char *const[]){"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}, NULL, 10);
    ananke_matcher_expected(self.matcher, expected, sizeof expected);
    assert_string_equal(expected, "one of 10 choices");
    finish(self);
}

TEST(budgets_are_errors) {
    IGNORE_STATE;
    ananke_error err = {0};
    ananke_vocab *vocab = ananke_vocab_load("bytes", NULL, NULL);
    ananke_context context = {.memory_limit = 4000};
    const char *const choices[] = {"a choice", "another choice", "one more"};
    ananke_program_options options = {.fuel = 50};
    assert_null(ananke_program_from_choices(choices, NULL, 3, vocab, &options, &err));
    assert_int_equal(err.code, ANANKE_ERROR_LIMIT);
    err = (ananke_error){0}, options = (ananke_program_options){.context = &context};
    assert_null(ananke_program_from_choices(choices, NULL, 3, vocab, &options, &err));
    assert_int_equal(err.code, ANANKE_ERROR_LIMIT);
    ananke_vocab_free(vocab);
}

/* Thousands take milliseconds; the bound is for slow and busy machines, and for the sanitizers. */
TEST(twenty_thousand_choices_compile_in_no_time) {
    IGNORE_STATE;
    enum { COUNT = 20000, SIZE = 16 };
    static char texts[COUNT][SIZE];
    static const char *choices[COUNT];
    for (uint32_t i = 0; i < COUNT; i++) {
        snprintf(texts[i], SIZE, "%x-%u", i * UINT32_C(2654435761), i % 100);
        choices[i] = texts[i];
    }
    clock_t begin = clock();
    Fixture self = choose(choices, NULL, COUNT);
    assert_true((double)(clock() - begin) / CLOCKS_PER_SEC < 10);
    for (uint32_t i = 0; i < COUNT; i += 997) assert_true(accepts(self, texts[i], strlen(texts[i])));
    assert_false(accepts(self, texts[1], strlen(texts[1]) - 1));
    finish(self);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_text_is_exactly_one_of_them),
        cmocka_unit_test(the_text_is_over_where_no_choice_goes_on),
        cmocka_unit_test(choices_are_bytes_with_lengths),
        cmocka_unit_test(a_choice_may_be_empty),
        cmocka_unit_test(no_choice_is_an_error),
        cmocka_unit_test(few_choices_are_named_and_many_counted),
        cmocka_unit_test(budgets_are_errors),
        cmocka_unit_test(twenty_thousand_choices_compile_in_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
