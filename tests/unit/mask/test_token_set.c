/* Sets of tokens as grammars write them: what they have, and what is wrong with them. */
#include "../test.h"
#include "base/bitset.h"
#include "mask/token_set.h"

/* Ten ids: "a" to "e" are text, 5 is <|x|>, 6 to 8 are nothing, 9 ends the text. */
static ananke_vocab *ten_tokens(void) {
    Arena arena = ak_arena(NULL);
    VocabDraft draft = {.arena = &arena, .kind = "tokens"};
    for (uint32_t id = 0; id < 5; id++) assert_true(ak_draft_put(&draft, id, (DraftToken){.bytes = {&"abcde"[id], 1}}));
    assert_true(ak_draft_put(&draft, 5, (DraftToken){.name = STR("<|x|>"), .is_added = true}));
    assert_true(ak_draft_put(&draft, 9, (DraftToken){.name = STR("<|end|>"), .is_added = true}));
    assert_true(ak_draft_eos(&draft, 9));
    ananke_vocab *vocab = ak_vocab_new(&draft, NULL, NULL);
    ak_arena_free(&arena);
    return vocab;
}

/* A digit for each token of the set. */
static const char *list(const TokenSet *set, char *out) {
    uint32_t row = 0;
    char *at = out;
    ak_token_set_fill(set, &row);
    for (uint32_t id = 0; id < 12; id++) {
        assert_int_equal(ak_bits_get(&row, id), ak_token_set_has(set, id));
        if (ak_bits_get(&row, id)) *at++ = (char)('0' + id);
    }
    *at = '\0';
    return out;
}

TEST(sets_have_what_they_name) {
    IGNORE_STATE;
    static const struct {
        const char *text, *ids, *others;
    } rows[] = {
        {"<|x|>", "5", "01234678"},     {"<[3]>", "3", "01245678"},    {"<[7,2-4,3-5,0]>", "023457", "168"},
        {"<[^1-8]>", "09", "12345678"}, {"<[^0,9]>", "12345678", "0"}, {"<[^0-9]>", "", "012345678"},
        {"<[*]>", "0123456789", ""},    {"<|end|>", "9", "012345678"}, {"a", "0", "12345678"},
    };
    ananke_vocab *vocab = ten_tokens();
    Arena arena = ak_arena(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        TokenSet set;
        char out[16];
        ananke_error err = {0};
        assert_true(ak_token_set_read(&set, ak_str(rows[i].text), vocab, &arena, &err));
        assert_string_equal(list(&set, out), rows[i].ids);
        assert_true(ak_token_set_others(&set, vocab, &arena));
        assert_string_equal(list(&set, out), rows[i].others);
    }
    ak_arena_free(&arena);
    ananke_vocab_free(vocab);
}

TEST(what_is_wrong_is_said) {
    IGNORE_STATE;
    static const struct {
        const char *text, *message, *hint;
    } rows[] = {
        {"<|y|>", "no token of that name", "did you mean <|x|>?"},
        {"<unheard-of>", "no token of that name", "by its id"},
        {"<[10]>", "below the size", "0 to 9"},
        {"<[4294967297]>", "below the size", "0 to 9"},
        {"<[]>", "an id or a range", "0 to 9"},
        {"<[1,,2]>", "an id or a range", "0 to 9"},
        {"<[1-]>", "an id or a range", "0 to 9"},
        {"<[*,1]>", "an id or a range", "0 to 9"},
        {"<[5-2]>", "ends before it begins", ""},
        {"<[^*]>", "no token at all", ""},
    };
    ananke_vocab *vocab = ten_tokens();
    Arena arena = ak_arena(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        TokenSet set;
        ananke_error err = {0};
        assert_false(ak_token_set_read(&set, ak_str(rows[i].text), vocab, &arena, &err));
        assert_int_equal(err.code, ANANKE_ERROR_SYNTAX);
        if (!strstr(err.message, rows[i].message)) print_error("%s: %s\n", rows[i].text, err.message);
        assert_non_null(strstr(err.message, rows[i].message));
        assert_non_null(strstr(err.hint, rows[i].hint));
    }
    ak_arena_free(&arena);
    ananke_vocab_free(vocab);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sets_have_what_they_name),
        cmocka_unit_test(what_is_wrong_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
