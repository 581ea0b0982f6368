/* Constraints: mask and token in turn, tokens that must follow, errors that stay, masks in parallel. */
#include "unit/compat/llg_bytes.h"
#include <pthread.h>
#include <stdio.h>

static LlgTokenizer *tokenizer;

static int set_up(void **state) {
    IGNORE_STATE;
    tokenizer = byte_tokenizer();
    return 0;
}

static int tear_down(void **state) {
    IGNORE_STATE;
    llg_free_tokenizer(tokenizer);
    return 0;
}

static LlgConstraint *constrain(const char *kind, const char *text) {
    LlgConstraintInit init = quiet_init(tokenizer);
    return llg_new_constraint_any(&init, kind, text);
}

TEST(every_kind_of_grammar_has_its_name) {
    IGNORE_STATE;
    static const char *const rows[][2] = {
        {"regex", "[0-9]+"},         {"json", "{\"type\": \"boolean\"}"}, {"json_schema", "{}"},
        {"json_object", ""},         {"lark", "start: \"a\" | \"b\""},    {"llguidance", "start: \"a\""},
        {"guidance", "start: \"a\""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        LlgConstraint *constraint = constrain(rows[i][0], rows[i][1]);
        if (llg_get_error(constraint)) fail_msg("%s: %s", rows[i][0], llg_get_error(constraint));
        llg_free_constraint(constraint);
    }
    LlgConstraintInit init = quiet_init(tokenizer);
    LlgConstraint *made[] = {llg_new_constraint(&init, "start: \"a\""), llg_new_constraint_regex(&init, "a"),
                             llg_new_constraint_json(&init, "{}"), llg_new_constraint_lark(&init, "start: \"a\"")};
    for (size_t i = 0; i < 4; i++) {
        assert_null(llg_get_error(made[i]));
        llg_free_constraint(made[i]);
    }
}

static void keeps_error(LlgConstraint *constraint, const char *word) {
    const char *error = llg_get_error(constraint);
    assert_non_null(error);
    if (!strstr(error, word)) fail_msg("'%s' has no '%s'", error, word);
    LlgMaskResult mask;
    LlgCommitResult commit;
    assert_int_equal(llg_compute_mask(constraint, &mask), -1);
    assert_int_equal(llg_commit_token(constraint, 'a', &commit), -1);
    assert_true(llg_is_stopped(constraint));
    assert_ptr_equal(llg_get_error(constraint), error);
    LlgConstraint *clone = llg_clone_constraint(constraint);
    assert_string_equal(llg_get_error(clone), error);
    llg_free_constraint(clone);
    llg_free_constraint(constraint);
}

TEST(what_is_wrong_with_a_grammar_is_an_error_that_stays) {
    IGNORE_STATE;
    keeps_error(constrain("nothing", "a"), "unknown constraint type: nothing");
    keeps_error(constrain("lark", "start: b"), "b");
    keeps_error(constrain("regex", "("), "");
    keeps_error(constrain("regex", NULL), "data is null");
    keeps_error(constrain(NULL, "a"), "constraint_type is null");
    LlgConstraintInit init = quiet_init(NULL);
    keeps_error(llg_new_constraint_regex(&init, "a"), "Tokenizer is null");
    init = quiet_init(tokenizer), init.backtrack_ok = true;
    keeps_error(llg_new_constraint_regex(&init, "a"), "backtrack requires ff_tokens");
}

TEST(a_mask_and_a_token_in_turn_until_the_text_ends) {
    IGNORE_STATE;
    LlgConstraint *constraint = constrain("regex", "[ab]c?");
    LlgMaskResult mask;
    LlgCommitResult commit;
    assert_int_equal(llg_compute_mask(constraint, &mask), 0);
    assert_int_equal(count_allowed(mask.sample_mask), 2);
    assert_false(mask.is_stop);
    assert_true(mask.temperature == 0 && llg_get_temperature(constraint) == 0);
    assert_int_equal(llg_commit_token(constraint, 'a', &commit), 0);
    assert_int_equal(commit.n_tokens, 1);
    assert_int_equal(commit.tokens[0], 'a');
    assert_int_equal(llg_compute_mask(constraint, &mask), 0);
    assert_true(allows(mask.sample_mask, 'c') && allows(mask.sample_mask, EOS));
    assert_int_equal(llg_commit_token(constraint, EOS, &commit), 0);
    assert_false(commit.is_stop || llg_is_stopped(constraint));
    assert_int_equal(llg_compute_mask(constraint, &mask), 0);
    assert_true(mask.is_stop && llg_is_stopped(constraint));
    assert_null(mask.sample_mask);
    assert_int_equal(llg_commit_token(constraint, 0, &commit), 0);
    assert_true(commit.is_stop && commit.n_tokens == 0);
    assert_null(llg_get_error(constraint));
    assert_string_equal(llg_flush_logs(constraint), "");
    assert_int_equal(llg_compute_mask(constraint, &mask), -1);
    keeps_error(constraint, "after stop");
}

TEST(a_token_out_of_the_mask_or_out_of_turn_is_an_error) {
    IGNORE_STATE;
    static const uint32_t wrong[] = {'b', EOS, PAD, SIZE, UINT32_MAX};
    LlgMaskResult mask;
    LlgCommitResult commit;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        LlgConstraint *constraint = constrain("regex", "[ac]");
        assert_int_equal(llg_compute_mask(constraint, &mask), 0);
        assert_int_equal(llg_commit_token(constraint, wrong[i], &commit), -1);
        keeps_error(constraint, "");
    }
    LlgConstraint *constraint = constrain("regex", "a");
    assert_int_equal(llg_commit_token(constraint, 'a', &commit), -1);
    keeps_error(constraint, "without compute_mask");
}

TEST(tokens_that_must_follow_are_handed_out_to_who_takes_them) {
    IGNORE_STATE;
    LlgConstraintInit init = quiet_init(tokenizer);
    init.ff_tokens_ok = init.backtrack_ok = true;
    LlgConstraint *constraint = llg_new_constraint_regex(&init, "[ab]cde[fg]");
    LlgMaskResult mask;
    LlgCommitResult commit;
    assert_int_equal(llg_compute_mask(constraint, &mask), 0);
    assert_int_equal(llg_commit_token(constraint, 'b', &commit), 0);
    const uint32_t expected[] = {'b', 'c', 'd', 'e'};
    assert_int_equal(commit.n_tokens, 4);
    assert_memory_equal(commit.tokens, expected, sizeof expected);
    LlgConstraint *clone = llg_clone_constraint(constraint);
    assert_int_equal(llg_compute_mask(clone, &mask), 0);
    assert_int_equal(count_allowed(mask.sample_mask), 2);
    llg_free_constraint(constraint);
    llg_free_constraint(clone);
}

typedef struct Signal {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    int count;
} Signal;

static void tell(const void *data) {
    Signal *signal = (Signal *)(uintptr_t)data;
    pthread_mutex_lock(&signal->mutex);
    signal->count++;
    pthread_cond_signal(&signal->changed);
    pthread_mutex_unlock(&signal->mutex);
}

static void wait_for(Signal *signal, int count) {
    pthread_mutex_lock(&signal->mutex);
    while (signal->count < count) pthread_cond_wait(&signal->changed, &signal->mutex);
    pthread_mutex_unlock(&signal->mutex);
}

TEST(many_masks_at_once_are_the_masks_one_by_one) {
    IGNORE_STATE;
    enum { COUNT = 40, ROOM = WORDS + 3 };
    static uint32_t rows[COUNT][ROOM];
    LlgConstraintStep steps[COUNT + 1] = {0};
    Signal signal = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};
    memset(rows, 0xAA, sizeof rows);
    for (int i = 0; i < COUNT; i++) {
        char regex[30];
        snprintf(regex, sizeof regex, "[a-z]{%d}", i % 3);
        steps[i] = (LlgConstraintStep){constrain("regex", i % 3 ? regex : "[a-c]?"), rows[i], sizeof rows[i]};
    }
    steps[COUNT - 1].mask_byte_len = 3, steps[COUNT - 2].mask_dest = NULL;
    llg_par_compute_mask(steps, COUNT + 1, &signal, tell); /* the last is none at all */
    wait_for(&signal, 1);
    for (int i = 0; i < COUNT - 2; i++) {
        assert_int_equal(count_allowed(rows[i]), i % 3 ? 26 : 4);
        assert_int_equal(rows[i][WORDS] | rows[i][ROOM - 1], 0);
    }
    assert_non_null(strstr(llg_get_error(steps[COUNT - 1].constraint), "multiple of 4"));
    assert_non_null(strstr(llg_get_error(steps[COUNT - 2].constraint), "mask_dest is null"));
    for (int i = 0; i < COUNT; i++) llg_free_constraint(steps[i].constraint);
}

TEST(at_the_end_a_mask_in_parallel_is_the_end_of_text) {
    IGNORE_STATE;
    Signal signal = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};
    uint32_t row[WORDS];
    LlgConstraintStep step = {constrain("regex", "a"), row, sizeof row};
    LlgCommitResult commit;
    llg_par_compute_mask(&step, 1, NULL, NULL);
    assert_int_equal(llg_commit_token(step.constraint, 'a', &commit), 0);
    llg_par_compute_mask(&step, 1, NULL, NULL);
    assert_true(allows(row, EOS) && count_allowed(row) == 1);
    llg_free_constraint(step.constraint);
    llg_par_compute_mask(NULL, 2, &signal, tell); /* a caller's mistake: told at once */
    assert_int_equal(signal.count, 1);
    llg_par_compute_mask(NULL, 0, &signal, tell);
    wait_for(&signal, 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_grammar_has_its_name),
        cmocka_unit_test(what_is_wrong_with_a_grammar_is_an_error_that_stays),
        cmocka_unit_test(a_mask_and_a_token_in_turn_until_the_text_ends),
        cmocka_unit_test(a_token_out_of_the_mask_or_out_of_turn_is_an_error),
        cmocka_unit_test(tokens_that_must_follow_are_handed_out_to_who_takes_them),
        cmocka_unit_test(many_masks_at_once_are_the_masks_one_by_one),
        cmocka_unit_test(at_the_end_a_mask_in_parallel_is_the_end_of_text),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
