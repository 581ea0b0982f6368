/* Tokens that a grammar names: read as a whole where they may come, never as text, in both front ends. */
#include "base/bitset.h"
#include "unit/mask/matcher_fixture.h"
#include "vocab/vocab.h"

enum { CALL = 256, THINK = 257, AB = 258, EOS = 259, SIZE = 260, WORDS = 9 };

/* Single bytes, two special tokens, "ab", and the end of text. */
static ananke_vocab *open_vocab(void) {
    static uint8_t bytes[256];
    Arena arena = ak_arena(NULL);
    VocabDraft draft = {.arena = &arena, .kind = "tokens"};
    for (uint32_t id = 0; id < 256; id++) {
        bytes[id] = (uint8_t)id;
        assert_true(ak_draft_put(&draft, id, (DraftToken){.bytes = {(const char *)&bytes[id], 1}}));
    }
    assert_true(ak_draft_put(&draft, CALL, (DraftToken){.name = STR("<|call|>"), .is_added = true}));
    assert_true(ak_draft_put(&draft, THINK, (DraftToken){.name = STR("</think>"), .is_added = true}));
    assert_true(ak_draft_put(&draft, AB, (DraftToken){.bytes = STR("ab")}));
    assert_true(ak_draft_put(&draft, EOS, (DraftToken){.name = STR("<|end|>"), .is_added = true}));
    assert_true(ak_draft_eos(&draft, EOS));
    ananke_vocab *vocab = ak_vocab_new(&draft, NULL, NULL);
    ak_arena_free(&arena);
    return vocab;
}

static Fixture open_grammar(Compile *compile, const char *grammar) {
    return open_matcher(compile, grammar, open_vocab());
}

/* What the mask allows: printable bytes, and C, T, 2, $ for the tokens above. */
static const char *mask(Fixture *self, char *out) {
    static const char letters[] = "CT2$";
    uint32_t row[WORDS];
    char *at = out;
    assert_true(ananke_matcher_fill_mask(self->matcher, row, WORDS, NULL));
    for (int byte = ' '; byte < 0x7F; byte++) {
        if (ak_bits_get(row, (size_t)byte)) *at++ = (char)byte;
    }
    for (size_t id = CALL; id < SIZE; id++) {
        if (ak_bits_get(row, id)) *at++ = letters[id - CALL];
    }
    *at = '\0';
    return out;
}

static bool take(Fixture *self, uint32_t token) {
    return ananke_matcher_consume(self->matcher, token, NULL);
}

static bool take_text(Fixture *self, const char *text) {
    return ananke_matcher_consume_bytes(self->matcher, (const uint8_t *)text, strlen(text), NULL);
}

TEST(a_named_token_comes_behind_a_lexeme_that_may_end) {
    IGNORE_STATE;
    char out[300];
    Fixture self = open_grammar(ananke_program_from_lark, "start: A <|call|> \"x\" | \"x\" </think>\nA: /a+b/\n");
    assert_string_equal(mask(&self, out), "ax2");
    assert_false(take(&self, CALL));
    assert_true(take(&self, 'a'));
    assert_string_equal(mask(&self, out), "ab2");
    assert_false(take(&self, CALL));
    assert_true(take(&self, 'b'));
    assert_string_equal(mask(&self, out), "C");
    assert_true(take(&self, CALL));
    assert_string_equal(mask(&self, out), "x");
    assert_true(take(&self, 'x'));
    assert_string_equal(mask(&self, out), "$");
    assert_int_equal(ananke_matcher_stop_reason(self.matcher), ANANKE_STOP_EXHAUSTED);
    close_matcher(&self);
}

TEST(the_text_of_its_name_is_not_the_token) {
    IGNORE_STATE;
    Fixture self = open_grammar(ananke_program_from_lark, "start: <|call|>\n");
    assert_false(take_text(&self, "<|call|>"));
    assert_true(take(&self, CALL));
    assert_true(ananke_matcher_is_accepting(self.matcher));
    close_matcher(&self);
}

TEST(ignored_text_may_stand_before_it) {
    IGNORE_STATE;
    char out[300];
    Fixture self = open_grammar(ananke_program_from_lark, "start: \"x\" <|call|> \"x\"\n%ignore / +/\n");
    assert_true(take_text(&self, "x "));
    assert_string_equal(mask(&self, out), " C");
    assert_true(take(&self, CALL));
    assert_string_equal(mask(&self, out), " x");
    assert_true(take_text(&self, "  x"));
    assert_string_equal(mask(&self, out), "$");
    close_matcher(&self);
}

TEST(what_is_a_token_of_a_set_and_text_is_the_token) {
    IGNORE_STATE;
    char out[300];
    Fixture self = open_grammar(ananke_program_from_lark, "start: \"ab\" \"x\" | <[258,97]> \"y\"\n");
    assert_string_equal(mask(&self, out), "a2");
    assert_true(take(&self, AB));
    assert_string_equal(mask(&self, out), "y");
    ananke_matcher_reset(self.matcher);
    assert_true(take_text(&self, "ab"));
    assert_string_equal(mask(&self, out), "x");
    close_matcher(&self);
}

TEST(the_end_of_text_goes_first_where_the_text_may_end) {
    IGNORE_STATE;
    char out[300];
    Fixture self = open_grammar(ananke_program_from_lark, "start: (\"a\" <|end|>)* | \"b\" <[*]>\n");
    assert_string_equal(mask(&self, out), "ab$");
    assert_true(take(&self, 'a'));
    assert_string_equal(mask(&self, out), "$");
    assert_false(ananke_matcher_is_accepting(self.matcher));
    assert_true(take(&self, EOS));
    assert_int_equal(ananke_matcher_stop_reason(self.matcher), ANANKE_STOP_NONE);
    assert_string_equal(mask(&self, out), "a$");
    assert_true(take(&self, EOS));
    assert_int_equal(ananke_matcher_stop_reason(self.matcher), ANANKE_STOP_EOS);
    assert_true(ananke_matcher_rollback(self.matcher, 1, NULL));
    assert_int_equal(ananke_matcher_stop_reason(self.matcher), ANANKE_STOP_NONE);
    assert_true(ananke_matcher_rollback(self.matcher, 1, NULL));
    assert_string_equal(mask(&self, out), "$");
    close_matcher(&self);
}

TEST(what_may_come_next_and_what_must) {
    IGNORE_STATE;
    char text[100];
    uint8_t bytes[20];
    Fixture self = open_grammar(ananke_program_from_lark, "start: \"xy\" (<|call|> \"a\" | \"b\")\n");
    assert_int_equal(ananke_matcher_forced(self.matcher, bytes, sizeof bytes), 2);
    assert_true(take_text(&self, "xy"));
    ananke_matcher_expected(self.matcher, text, sizeof text);
    assert_string_equal(text, "<|call|>, \"b\"");
    assert_int_equal(ananke_matcher_completion(self.matcher, bytes, sizeof bytes), 1);
    assert_int_equal(bytes[0], 'b');
    assert_true(take(&self, CALL));
    assert_int_equal(ananke_matcher_forced(self.matcher, bytes, sizeof bytes), 1);
    assert_int_equal(ananke_matcher_completion(self.matcher, bytes, sizeof bytes), 1);
    assert_int_equal(bytes[0], 'a');
    close_matcher(&self);
}

TEST(a_token_that_must_come_is_no_text_to_complete_with) {
    IGNORE_STATE;
    uint8_t bytes[20];
    uint32_t tokens[] = {'x', CALL, EOS};
    Fixture self = open_grammar(ananke_program_from_lark, "start: \"x\" <|call|>\n");
    assert_int_equal(ananke_matcher_completion(self.matcher, bytes, sizeof bytes), SIZE_MAX);
    assert_int_equal(ananke_matcher_forced(self.matcher, bytes, sizeof bytes), 1);
    assert_int_equal(ananke_matcher_validate(self.matcher, tokens, 3), 3);
    assert_true(take(&self, 'x'));
    assert_int_equal(ananke_matcher_stop_reason(self.matcher), ANANKE_STOP_NONE);
    assert_int_equal(ananke_matcher_forced(self.matcher, bytes, sizeof bytes), 0);
    assert_true(take(&self, CALL));
    assert_int_equal(ananke_matcher_stop_reason(self.matcher), ANANKE_STOP_EXHAUSTED);
    close_matcher(&self);
}

TEST(gbnf_has_tokens_and_what_is_none) {
    IGNORE_STATE;
    char out[300];
    Fixture self = open_grammar(ananke_program_from_gbnf,
                                "root ::= <[257]>? think\nthink ::= !</think>* </think> (\"a\" | [a-c] \"d\")\n");
    assert_true(take(&self, THINK));
    assert_true(take(&self, CALL));
    assert_true(take(&self, 'a'));
    assert_false(take(&self, EOS));
    assert_true(take(&self, AB));
    assert_true(take(&self, THINK));
    assert_string_equal(mask(&self, out), "abc");
    assert_true(take(&self, 'a'));
    assert_string_equal(mask(&self, out), "d$");
    close_matcher(&self);
}

TEST(a_set_without_tokens_is_no_way_on) {
    IGNORE_STATE;
    char out[300];
    ananke_error err = {0};
    Fixture self = open_grammar(ananke_program_from_lark, "start: \"x\" | <[^0-259]> \"y\"\n");
    assert_string_equal(mask(&self, out), "x");
    assert_null(ananke_program_from_lark("start: <[^0-259]>\n", 18, self.vocab, NULL, &err));
    assert_int_equal(err.code, ANANKE_ERROR_CONFLICT);
    close_matcher(&self);
}

TEST(a_name_that_is_not_known_has_a_place_and_a_hint) {
    IGNORE_STATE;
    static const struct {
        Compile *compile;
        const char *grammar;
    } rows[] = {{ananke_program_from_lark, "start: \"x\"\n  | <|cal|>\n"},
                {ananke_program_from_gbnf, "root ::= (\n  | <|cal|>)\n"}};
    ananke_vocab *vocab = open_vocab();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ananke_error err = {0};
        assert_null(rows[i].compile(rows[i].grammar, strlen(rows[i].grammar), vocab, NULL, &err));
        assert_int_equal(err.code, ANANKE_ERROR_SYNTAX);
        assert_int_equal(err.line, 2);
        assert_int_equal(err.column, 5);
        assert_non_null(strstr(err.hint, "<|call|>"));
    }
    ananke_vocab_free(vocab);
}

TEST(temperatures_are_those_of_the_lexemes_that_wait) {
    IGNORE_STATE;
    float temperature = -1;
    Fixture self =
        open_grammar(ananke_program_from_lark, "start: \"x\" (a | b) \"x\"\na[temperature=0.5]: \"a\" \"b\"\n"
                                               "b[temperature=1.25]: /b?/\n");
    assert_false(ananke_matcher_temperature(self.matcher, &temperature));
    assert_true(temperature == -1);
    assert_true(take(&self, 'x'));
    assert_true(ananke_matcher_temperature(self.matcher, &temperature)); /* the lexeme before cannot get longer */
    assert_true(temperature == 1.25f);
    temperature = -1;
    assert_true(take(&self, 'a'));
    assert_true(ananke_matcher_temperature(self.matcher, &temperature));
    assert_true(temperature == 1.25f);
    assert_true(take_text(&self, "bx"));
    assert_false(ananke_matcher_temperature(self.matcher, &temperature));
    close_matcher(&self);
}

/* As in llguidance a whole grammar's temperature is that of its lexemes and tokens, whatever its rules say, and not of
 * grammars inside of it. */
TEST(a_whole_grammar_has_a_temperature) {
    IGNORE_STATE;
    static const char grammar[] = "start: \"q\" a b c \"z\"\na[temperature=0.5]: %lark {\nstart: x y nested <[33]>\n"
                                  "x: \"x\"\ny[temperature=0.25]: \"y\"\nnested: %lark {\nstart: \"n\"\n}\n}\n"
                                  "b[temperature=2, capture]: %json {\"enum\": [\"\"]}\nc: x\nx: \"x\"\n";
    static const float wanted[] = {0, 0.5f, 0.5f, 0, 0.5f, 2, 2, 0, 0};
    Fixture self = open_grammar(ananke_program_from_lark, grammar);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        float temperature = 0;
        assert_int_equal(ananke_matcher_temperature(self.matcher, &temperature), wanted[i] > 0);
        assert_true(temperature == wanted[i]);
        assert_true(take(&self, (uint32_t) "qxyn!\"\"xz"[i]));
    }
    close_matcher(&self);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_named_token_comes_behind_a_lexeme_that_may_end),
        cmocka_unit_test(the_text_of_its_name_is_not_the_token),
        cmocka_unit_test(ignored_text_may_stand_before_it),
        cmocka_unit_test(what_is_a_token_of_a_set_and_text_is_the_token),
        cmocka_unit_test(the_end_of_text_goes_first_where_the_text_may_end),
        cmocka_unit_test(what_may_come_next_and_what_must),
        cmocka_unit_test(a_token_that_must_come_is_no_text_to_complete_with),
        cmocka_unit_test(gbnf_has_tokens_and_what_is_none),
        cmocka_unit_test(a_set_without_tokens_is_no_way_on),
        cmocka_unit_test(a_name_that_is_not_known_has_a_place_and_a_hint),
        cmocka_unit_test(temperatures_are_those_of_the_lexemes_that_wait),
        cmocka_unit_test(a_whole_grammar_has_a_temperature),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
