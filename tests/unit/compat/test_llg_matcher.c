/* Matchers: masks, tokens, back and forth, what must follow, errors and cancelling. */
#include "unit/compat/llg_bytes.h"

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

static LlgMatcher *match(const char *kind, const char *text) {
    LlgConstraintInit init = quiet_init(tokenizer);
    return llg_new_matcher(&init, kind, text);
}

static uint32_t allowed(LlgMatcher *matcher) {
    assert_int_equal(llg_matcher_compute_mask(matcher), 0);
    return count_allowed(llg_matcher_get_mask(matcher));
}

TEST(a_mask_is_there_until_the_matcher_moves) {
    IGNORE_STATE;
    LlgMatcher *matcher = match("regex", "[a-d]x");
    uint32_t row[WORDS];
    assert_int_equal(llg_matcher_get_mask_byte_size(matcher), sizeof row);
    assert_null(llg_matcher_get_mask(matcher));
    assert_int_equal(allowed(matcher), 4);
    assert_int_equal(llg_matcher_consume_token(matcher, 'b'), 0);
    assert_null(llg_matcher_get_mask(matcher));
    assert_int_equal(llg_matcher_compute_mask_into(matcher, row, sizeof row), 0);
    assert_true(count_allowed(row) == 1 && allows(row, 'x'));
    assert_int_equal(llg_matcher_compute_mask_into(matcher, row, sizeof row - 4), -1);
    assert_int_equal(llg_matcher_compute_mask_into(matcher, NULL, sizeof row), -1);
    assert_false(llg_matcher_is_error(matcher)); /* called wrongly, but unharmed */
    llg_free_matcher(matcher);
}

TEST(after_the_end_there_is_only_the_end_of_text) {
    IGNORE_STATE;
    LlgMatcher *matcher = match("regex", "ab");
    const uint32_t text[] = {'a', 'b'};
    assert_int_equal(llg_matcher_validate_tokens(matcher, text, 2), 2);
    assert_int_equal(llg_matcher_consume_tokens(matcher, text, 2), 0);
    assert_true(llg_matcher_is_stopped(matcher) && llg_matcher_is_accepting(matcher));
    assert_int_equal(allowed(matcher), 1);
    assert_true(allows(llg_matcher_get_mask(matcher), EOS));
    assert_int_equal(llg_matcher_validate_tokens(matcher, text, 2), 0);
    assert_int_equal(llg_matcher_rollback(matcher, 1), 0);
    assert_false(llg_matcher_is_stopped(matcher) || llg_matcher_is_accepting(matcher));
    assert_int_equal(llg_matcher_consume_token(matcher, 'b'), 0);
    assert_int_equal(llg_matcher_reset(matcher), 0);
    assert_int_equal(llg_matcher_consume_tokens(matcher, text, 2), 0);
    assert_int_equal(llg_matcher_consume_token(matcher, EOS), -1); /* it has ended already */
    assert_non_null(llg_matcher_get_error(matcher));
    llg_free_matcher(matcher);
}

TEST(a_draft_is_valid_up_to_its_first_end_of_text) {
    IGNORE_STATE;
    LlgMatcher *matcher = match("regex", "a+");
    const uint32_t draft[] = {'a', EOS, EOS, 'a'};
    assert_int_equal(llg_matcher_validate_tokens(matcher, draft, 4), 2);
    assert_int_equal(llg_matcher_validate_tokens(matcher, draft + 1, 1), 0);
    llg_free_matcher(matcher);
}

TEST(errors_stay) {
    IGNORE_STATE;
    static const uint32_t wrong[] = {'z', SIZE, EOS, PAD, UINT32_MAX};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        LlgMatcher *matcher = match("regex", "[ab]+");
        uint32_t ids[4];
        assert_null(llg_matcher_get_error(matcher));
        assert_int_equal(llg_matcher_consume_token(matcher, wrong[i]), -1);
        const char *error = llg_matcher_get_error(matcher);
        assert_non_null(error);
        assert_true(llg_matcher_is_error(matcher) && llg_matcher_is_stopped(matcher));
        assert_false(llg_matcher_is_accepting(matcher));
        assert_int_equal(llg_matcher_compute_mask(matcher), -1);
        assert_int_equal(llg_matcher_reset(matcher), -1);
        assert_int_equal(llg_matcher_validate_tokens(matcher, ids, 0), -1);
        assert_int_equal(llg_matcher_compute_ff_tokens(matcher, ids, 4), -1);
        assert_ptr_equal(llg_matcher_get_error(matcher), error);
        llg_free_matcher(matcher);
    }
}

TEST(rolling_back_too_far_and_ids_that_are_none_are_errors) {
    IGNORE_STATE;
    LlgMatcher *matcher = match("regex", "a*"), *clone = llg_clone_matcher(matcher);
    assert_int_equal(llg_matcher_rollback(matcher, 0), 0);
    assert_int_equal(llg_matcher_rollback(matcher, 1), -1);
    assert_non_null(strstr(llg_matcher_get_error(matcher), "rollback: 1 > 0"));
    const uint32_t ids[] = {'a', SIZE};
    assert_int_equal(llg_matcher_validate_tokens(clone, ids, 1), 1);
    assert_int_equal(llg_matcher_validate_tokens(clone, ids, 2), -1);
    assert_non_null(strstr(llg_matcher_get_error(clone), "out of range"));
    llg_free_matcher(matcher);
    llg_free_matcher(clone);
    llg_free_matcher(NULL);
}

TEST(a_matcher_of_a_bad_grammar_is_one_with_an_error) {
    IGNORE_STATE;
    static const char *const bad[][2] = {{"lark", "start: x"}, {"json", "{"}, {"none", ""}, {"regex", "a{"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        LlgConstraintInit init = quiet_init(tokenizer);
        char message[100] = "";
        LlgMatcher *matcher = match(bad[i][0], bad[i][1]), *clone = llg_clone_matcher(matcher);
        assert_true(llg_matcher_is_error(matcher) && llg_matcher_is_error(clone));
        assert_int_equal(llg_matcher_get_mask_byte_size(matcher), WORDS * 4);
        assert_int_equal(llg_validate_grammar(&init, bad[i][0], bad[i][1], message, sizeof message), -1);
        assert_string_not_equal(message, "");
        llg_free_matcher(matcher);
        llg_free_matcher(clone);
    }
    LlgConstraintInit init = quiet_init(tokenizer);
    char message[10] = "something";
    assert_int_equal(llg_validate_grammar(&init, "lark", "start: \"a\"", message, sizeof message), 0);
    assert_string_equal(message, "");
    char warnings[200];
    assert_int_equal(
        llg_validate_grammar(&init, "json", "{\"uniqueItems\": true, \"format\": \"odd\"}", warnings, sizeof warnings),
        1);
    assert_non_null(strstr(warnings, "WARNING: #/format: "));
    assert_non_null(strstr(warnings, "\nWARNING: #/uniqueItems: "));
    assert_int_equal(llg_validate_grammar(&init, "json", "{\"uniqueItems\": true}", message, sizeof message), 1);
    assert_string_equal(message, "WARNING: ");
    assert_int_equal(llg_validate_grammar(&init, "json", "{\"uniqueItems\": true}", NULL, 0), 1);
    init.ff_tokens_ok = init.backtrack_ok = true;
    LlgMatcher *matcher = llg_new_matcher(&init, "regex", "a");
    assert_non_null(strstr(llg_matcher_get_error(matcher), "backtracking"));
    llg_free_matcher(matcher);
    init = quiet_init(NULL);
    matcher = llg_new_matcher(&init, "regex", "a");
    assert_non_null(strstr(llg_matcher_get_error(matcher), "Tokenizer is null"));
    assert_int_equal(llg_matcher_get_mask_byte_size(matcher), 36);
    llg_free_matcher(matcher);
}

/* ---- What must follow. */

static const char *const words[] = {"a", "b", "c", "ab", "abc", "cd", "d", "e"};
enum { WORD_COUNT = sizeof words / sizeof *words, END = WORD_COUNT };

static size_t tokenize_words(const void *data, const uint8_t *bytes, size_t length, uint32_t *tokens, size_t room) {
    (void)data;
    size_t count = 0;
    for (size_t at = 0, best; at < length; at += best) {
        best = 0;
        for (uint32_t i = 0, id = 0; i < WORD_COUNT; i++) {
            size_t n = strlen(words[i]);
            if (n <= best || n > length - at || memcmp(words[i], bytes + at, n) != 0) continue;
            best = n, id = i;
            if (count < room) tokens[count] = id;
        }
        count++;
        if (!best) best = 1;
    }
    return count;
}

static LlgTokenizer *word_tokenizer(bool greedy) {
    uint32_t lengths[WORD_COUNT + 1];
    uint8_t bytes[40];
    size_t at = 0;
    for (uint32_t i = 0; i < WORD_COUNT; at += lengths[i++]) {
        lengths[i] = (uint32_t)strlen(words[i]);
        memcpy(bytes + at, words[i], lengths[i]);
    }
    lengths[END] = 0;
    LlgTokenizerInit init = {.vocab_size = END + 1,
                             .tok_eos = END,
                             .token_lens = lengths,
                             .token_bytes = bytes,
                             .use_approximate_greedy_tokenize_fn = greedy,
                             .tokenize_fn = greedy ? NULL : tokenize_words};
    return llg_new_tokenizer(&init, NULL, 0);
}

static void forces(const char *regex, bool greedy, const uint32_t *expected, int32_t count) {
    LlgTokenizer *made = word_tokenizer(greedy);
    LlgConstraintInit init = quiet_init(made);
    LlgMatcher *matcher = llg_new_matcher(&init, "regex", regex);
    uint32_t ids[8];
    assert_int_equal(llg_matcher_compute_ff_tokens(matcher, ids, 8), count);
    if (count) {
        assert_memory_equal(ids, expected, (size_t)count * sizeof *ids);
        assert_int_equal(llg_matcher_compute_mask(matcher), 0);
        assert_int_equal(llg_matcher_get_mask(matcher)[0], 1U << expected[0]);
    }
    assert_int_equal(llg_matcher_compute_ff_tokens(matcher, NULL, 8), -1);
    llg_free_matcher(matcher);
    llg_free_tokenizer(made);
}

TEST(forced_tokens_are_the_models_own_and_leave_room_for_longer_ones) {
    IGNORE_STATE;
    forces("abce", false, (const uint32_t[]){4, 7}, 2);
    forces("e[abc]", false, (const uint32_t[]){7}, 1);
    forces("eab[ce]", false, (const uint32_t[]){7}, 1); /* "ab" may become "abc" */
    forces("eab[de]", false, (const uint32_t[]){7, 3}, 2);
    forces("[ab]e", false, NULL, 0);
    forces("abce", true, NULL, 0);
}

/* ---- Cancelling. */

TEST(a_cancelled_matcher_stays_so_and_its_clone_goes_on) {
    IGNORE_STATE;
    LlgMatcher *matcher = match("regex", "a*");
    LlgCancellationHandle *handle = llg_matcher_get_cancellation_handle(matcher);
    LlgCancellationHandle *other = llg_clone_cancellation_handle(handle);
    LlgMatcher *clone = llg_clone_matcher(matcher);
    assert_false(llg_matcher_is_cancelled(matcher));
    llg_cancel(other);
    assert_true(llg_matcher_is_cancelled(matcher) && llg_matcher_is_error(matcher) && llg_matcher_is_stopped(matcher));
    assert_int_equal(llg_matcher_consume_token(matcher, 'a'), -1);
    assert_string_equal(llg_matcher_get_error(matcher), "operation cancelled");
    assert_false(llg_matcher_is_cancelled(clone));
    assert_int_equal(llg_matcher_consume_token(clone, 'a'), 0);
    llg_free_matcher(matcher);
    llg_cancel(handle); /* nobody is there any more */
    llg_free_cancellation_handle(handle);
    llg_free_cancellation_handle(other);
    llg_free_cancellation_handle(NULL);
    llg_free_matcher(clone);
}

TEST(an_error_that_was_there_before_is_not_a_cancellation) {
    IGNORE_STATE;
    LlgMatcher *matcher = match("regex", "(");
    LlgCancellationHandle *handle = llg_matcher_get_cancellation_handle(matcher);
    llg_cancel(handle);
    assert_false(llg_matcher_is_cancelled(matcher));
    assert_string_not_equal(llg_matcher_get_error(matcher), "operation cancelled");
    llg_free_cancellation_handle(handle);
    llg_free_matcher(matcher);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mask_is_there_until_the_matcher_moves),
        cmocka_unit_test(after_the_end_there_is_only_the_end_of_text),
        cmocka_unit_test(a_draft_is_valid_up_to_its_first_end_of_text),
        cmocka_unit_test(errors_stay),
        cmocka_unit_test(rolling_back_too_far_and_ids_that_are_none_are_errors),
        cmocka_unit_test(a_matcher_of_a_bad_grammar_is_one_with_an_error),
        cmocka_unit_test(forced_tokens_are_the_models_own_and_leave_room_for_longer_ones),
        cmocka_unit_test(a_cancelled_matcher_stays_so_and_its_clone_goes_on),
        cmocka_unit_test(an_error_that_was_there_before_is_not_a_cancellation),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
