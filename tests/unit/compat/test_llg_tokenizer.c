/* Tokenizers made from tables and from the text of a tokenizer.json; what is refused; text to ids and back. */
#include "unit/compat/llg_bytes.h"
#include <ananke/version.h>
#include <stdio.h>

static char error[200];

static LlgTokenizer *try_new(const LlgTokenizerInitV2 *init) {
    snprintf(error, sizeof error, "none");
    return llg_new_tokenizer_v2(init, error, sizeof error);
}

static void refuses(const LlgTokenizerInitV2 *init, const char *word) {
    assert_null(try_new(init));
    if (!strstr(error, word)) fail_msg("'%s' has no '%s'", error, word);
    assert_null(llg_new_tokenizer_v2(init, NULL, 0)); /* nowhere to tell */
    char short_error[4];
    assert_null(llg_new_tokenizer_v2(init, short_error, sizeof short_error));
    assert_int_equal(strlen(short_error), 3);
}

TEST(bad_descriptions_are_refused_with_a_word) {
    IGNORE_STATE;
    const ByteTable table = byte_table();
    LlgTokenizerInitV2 init = byte_init(&table);
    refuses(NULL, "NULL");
    init.struct_size = 8, refuses(&init, "struct_size is 8");
    init = byte_init(&table), init.tokenize_fn = NULL, refuses(&init, "tokenize_fn");
    init = byte_init(&table), init.token_lens = NULL, refuses(&init, "token_lens");
    init = byte_init(&table), init.tok_eos = SIZE, refuses(&init, "out of range");
    init = byte_init(&table), init.vocab_size = 0, init.tok_eos = LLG_NO_TOKEN, refuses(&init, "no tokens");
    init = byte_init(&table), init.tokenizer_json = "{\"model\": 1", refuses(&init, "");
    const uint32_t extra[] = {3, SIZE};
    init = byte_init(&table), init.tok_eos_extra = extra, init.tok_eos_extra_count = 2, refuses(&init, "258");
}

TEST(fields_behind_struct_size_are_not_read) {
    IGNORE_STATE;
    const ByteTable table = byte_table();
    const uint32_t extra[] = {SIZE};
    LlgTokenizerInitV2 init = byte_init(&table);
    init.tok_eos_extra = extra, init.tok_eos_extra_count = 1;
    init.struct_size = offsetof(LlgTokenizerInitV2, tok_eos_extra);
    LlgTokenizer *tokenizer = try_new(&init);
    assert_non_null(tokenizer);
    llg_free_tokenizer(tokenizer);
}

TEST(the_first_form_is_read_as_the_second) {
    IGNORE_STATE;
    const ByteTable table = byte_table();
    LlgTokenizerInit init = {.vocab_size = SIZE,
                             .tok_eos = EOS,
                             .token_lens = table.lengths,
                             .token_bytes = table.bytes,
                             .use_approximate_greedy_tokenize_fn = true};
    LlgTokenizer *tokenizer = llg_new_tokenizer(&init, NULL, 0);
    uint32_t ids[2];
    assert_int_equal(llg_tokenize_bytes(tokenizer, (const uint8_t *)"abc", 3, ids, 2), 3);
    assert_int_equal(ids[1], 'b');
    assert_int_equal(llg_tokenize_bytes(tokenizer, (const uint8_t *)"\xff\xfe", 2, ids, 2), 2);
    assert_int_equal(ids[0], 0xFF); /* special, but it is a token by itself */
    llg_free_tokenizer(tokenizer);
}

TEST(what_is_not_utf8_does_not_reach_a_function_that_wants_it) {
    IGNORE_STATE;
    const ByteTable table = byte_table();
    size_t calls = 0;
    LlgTokenizerInitV2 init = byte_init(&table);
    init.tokenize_assumes_string = true, init.tokenize_user_data = &calls;
    LlgTokenizer *tokenizer = try_new(&init);
    uint32_t ids[8];
    assert_int_equal(llg_tokenize_bytes(tokenizer, (const uint8_t *)"a\x80\xE2\x82z", 5, ids, 8), 5);
    const uint32_t expected[] = {'a', 0x80, 0xE2, 0x82, 'z'};
    assert_memory_equal(ids, expected, sizeof expected);
    assert_int_equal(calls, 2);
    llg_free_tokenizer(tokenizer);
}

TEST(markers_name_special_tokens) {
    IGNORE_STATE;
    LlgTokenizer *tokenizer = byte_tokenizer();
    static const struct {
        const char *text;
        size_t count;
        uint32_t first;
    } rows[] = {{"\xff<eos>", 1, EOS}, {"\xff[256]", 1, PAD}, {"\xff[999]", 5, '['},
                {"\xff<no>", 4, '<'},  {"\xff[", 1, '['},     {"\xff", 0, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t ids[8] = {0};
        const uint8_t *text = (const uint8_t *)rows[i].text;
        assert_int_equal(llg_tokenize_bytes_marker(tokenizer, text, strlen(rows[i].text), ids, 8), rows[i].count);
        assert_int_equal(ids[0], rows[i].first);
    }
    llg_free_tokenizer(tokenizer);
}

TEST(ids_become_text) {
    IGNORE_STATE;
    LlgTokenizer *tokenizer = byte_tokenizer();
    const uint32_t ids[] = {'a', '\n', 0xC3, PAD, EOS, SIZE + 1};
    char text[80];
    size_t size = llg_stringify_tokens(tokenizer, ids, 6, text, sizeof text);
    assert_int_equal(size, strlen(text) + 1);
    assert_string_equal(text, "⟦a‧\\n‧≺HEX[c3]≻‧<pad>‧≺EOS≻‧≺OOB[259]≻⟧");
    assert_int_equal(llg_decode_tokens(tokenizer, ids, 6, text, sizeof text, 0), 4);
    assert_string_equal(text, "a\n\xC3");
    llg_decode_tokens(tokenizer, ids, 6, text, sizeof text, LLG_DECODE_INCLUDE_SPECIAL | LLG_DECODE_VALID_UTF8);
    assert_string_equal(text, "a\n\xEF\xBF\xBD<pad><eos><[259]>");
    assert_int_equal(llg_decode_tokens(tokenizer, ids, 2, text, 2, 0), 3);
    assert_string_equal(text, "a");
    assert_int_equal(llg_decode_tokens(tokenizer, NULL, 0, NULL, 0, 0), 1);
    llg_free_tokenizer(tokenizer);
}

static const char tokenizer_json[] =
    "{\"version\":\"1.0\",\"truncation\":null,\"padding\":null,"
    "\"added_tokens\":[{\"id\":3,\"content\":\"<s>\",\"single_word\":false,\"lstrip\":false,\"rstrip\":false,"
    "\"normalized\":false,\"special\":true}],\"normalizer\":null,"
    "\"pre_tokenizer\":{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":true,\"use_regex\":true},"
    "\"post_processor\":null,\"decoder\":{\"type\":\"ByteLevel\",\"add_prefix_space\":true,\"trim_offsets\":true,"
    "\"use_regex\":true},\"model\":{\"type\":\"BPE\",\"dropout\":null,\"unk_token\":null,"
    "\"continuing_subword_prefix\":null,\"end_of_word_suffix\":null,\"fuse_unk\":false,\"byte_fallback\":false,"
    "\"vocab\":{\"a\":0,\"b\":1,\"ab\":2},\"merges\":[\"a b\"]}}";

TEST(a_tokenizer_json_is_a_table_that_may_be_padded) {
    IGNORE_STATE;
    LlgTokenizerInitV2 init = {.struct_size = sizeof init,
                               .vocab_size = 10,
                               .tok_eos = 9,
                               .tokenizer_json = tokenizer_json,
                               .use_approximate_greedy_tokenize_fn = true};
    LlgTokenizer *tokenizer = try_new(&init);
    assert_string_equal(error, "none");
    uint32_t ids[4];
    assert_int_equal(llg_tokenize_bytes(tokenizer, (const uint8_t *)"abba?a", 6, ids, 4), 4);
    assert_int_equal(ids[0], 2);
    LlgConstraintInit with = quiet_init(tokenizer);
    LlgMatcher *matcher = llg_new_matcher(&with, "regex", "(ab)*");
    assert_null(llg_matcher_get_error(matcher));
    assert_int_equal(llg_matcher_compute_mask(matcher), 0);
    assert_int_equal(llg_matcher_get_mask(matcher)[0], 1 << 0 | 1 << 2 | 1 << 9);
    llg_free_matcher(matcher);
    llg_free_tokenizer(tokenizer);
}

TEST(a_tokenizer_may_go_before_what_was_made_with_it) {
    IGNORE_STATE;
    LlgTokenizer *tokenizer = byte_tokenizer(), *clone = llg_clone_tokenizer(tokenizer);
    llg_free_tokenizer(tokenizer);
    LlgConstraintInit init = quiet_init(clone);
    LlgMatcher *matcher = llg_new_matcher(&init, "regex", "a");
    llg_free_tokenizer(clone);
    llg_free_tokenizer(NULL);
    assert_int_equal(llg_matcher_consume_token(matcher, 'a'), 0);
    llg_free_matcher(matcher);
}

TEST(the_version_says_who_it_is_and_whose_interface) {
    IGNORE_STATE;
    assert_non_null(strstr(llg_get_version(), "ananke@" ANANKE_VERSION));
    assert_non_null(strstr(llg_get_version(), "llguidance@1.9"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_descriptions_are_refused_with_a_word),
        cmocka_unit_test(fields_behind_struct_size_are_not_read),
        cmocka_unit_test(the_first_form_is_read_as_the_second),
        cmocka_unit_test(what_is_not_utf8_does_not_reach_a_function_that_wants_it),
        cmocka_unit_test(markers_name_special_tokens),
        cmocka_unit_test(ids_become_text),
        cmocka_unit_test(a_tokenizer_json_is_a_table_that_may_be_padded),
        cmocka_unit_test(a_tokenizer_may_go_before_what_was_made_with_it),
        cmocka_unit_test(the_version_says_who_it_is_and_whose_interface),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
