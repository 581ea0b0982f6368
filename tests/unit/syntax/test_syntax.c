/* Normal form: what rulebooks become, and what cannot. */
#include "syntax_fixture.h"

static uint32_t productions_of(const Syntax *self, const char *name) {
    for (size_t i = 0; i < self->rules.count; i++) {
        if (ak_str_equal(self->rules.items[i].name, ak_str(name))) return self->rules.items[i].count;
    }
    return 0;
}

static const SyntaxTerminal *terminal_of(const Syntax *self, const char *name) {
    for (size_t i = 0; i < self->terminals.count; i++) {
        if (ak_str_equal(self->terminals.items[i].name, ak_str(name))) return &self->terminals.items[i];
    }
    return NULL;
}

static void expect_error(const char *overlay, const char *message) {
    LangFixture self;
    assert_false(open_syntax(&self, overlay));
    assert_string_equal(self.err.message, message);
    close_fixture(&self);
}

TEST(choices_are_multiplied_out_and_doubles_dropped) {
    IGNORE_STATE;
    LangFixture self;
    assert_true(open_syntax(&self, "a = b\nb = (\"x\" | \"y\") \"z\"? | \"x\"\n"));
    assert_int_equal(productions_of(&self.syntax, "b"), 4);
    close_fixture(&self);
}

TEST(equal_repetitions_are_one_rule) {
    IGNORE_STATE;
    LangFixture self;
    assert_true(open_syntax(&self, "a = b* \"|\" b+ \"|\" c\nb = \"x\"\nc = b*  \"y\""));
    assert_int_equal(self.syntax.rules.count, 4); /* the start, a, c and the repetition; b is a token */
    close_fixture(&self);
}

TEST(inlined_rules_vanish) {
    IGNORE_STATE;
    LangFixture self;
    assert_true(open_syntax(&self, "%inline b\na = b b\nb = \"x\" | \"y\""));
    assert_int_equal(productions_of(&self.syntax, "a"), 4);
    assert_int_equal(productions_of(&self.syntax, "b"), 0);
    close_fixture(&self);
}

TEST(roles_are_kept_with_the_steps) {
    IGNORE_STATE;
    LangFixture self;
    assert_true(open_syntax(&self, "a = left:(b -> name | \"x\")\nb = \"y\" \"z\""));
    const SyntaxRule *rule = &self.syntax.rules.items[1];
    SyntaxStep step = self.syntax.steps.items[self.syntax.productions.items[rule->first].first];
    SyntaxRole role = self.syntax.roles.items[step.role];
    assert_true(ak_str_equal(role.field, STR("left")) && ak_str_equal(role.alias, STR("name")));
    step = self.syntax.steps.items[self.syntax.productions.items[rule->first + 1].first];
    role = self.syntax.roles.items[step.role];
    assert_true(ak_str_equal(role.field, STR("left")) && !role.alias.length);
    close_fixture(&self);
}

TEST(marks_of_several_bytes_and_words_are_read_whole) {
    IGNORE_STATE;
    LangFixture self;
    assert_true(
        open_syntax(&self, "%word name\n%reserved else\na = name \"++\" \">\" \">>\" \"if\" \"+\"\nname = /[a-z]+/"));
    assert_true(terminal_of(&self.syntax, "++")->is_munched);
    assert_true(terminal_of(&self.syntax, "any word")->is_munched);
    assert_false(terminal_of(&self.syntax, "name")->is_munched);
    assert_true(terminal_of(&self.syntax, ">>")->is_munched);
    assert_false(terminal_of(&self.syntax, "if")->is_munched);
    assert_false(terminal_of(&self.syntax, "+")->is_munched);
    close_fixture(&self);
}

TEST(a_token_after_a_line_break_is_another) {
    IGNORE_STATE;
    LangFixture self;
    assert_true(open_syntax(&self, "%greedy \"[\"\na = \"[\" \"x\" ^\"[\" | \"(\" ^\"(\""));
    const SyntaxTerminal *open = terminal_of(&self.syntax, "[");
    assert_true(open->twin > 0);
    assert_int_equal(self.syntax.terminals.items[open->twin].lines, LINE_BEFORE);
    assert_int_equal(terminal_of(&self.syntax, "(")->twin, 0); /* not said to be greedy */
    close_fixture(&self);
}

TEST(words_are_any_or_not_reserved_or_fewer) {
    IGNORE_STATE;
    LangFixture self;
    assert_true(open_syntax(
        &self,
        "%word name\n%reserved if\n%spelled key\n%without type infer\na = name | type \"!\" | name -> key \"?\"\n"
        "name = /[a-z]+/"));
    const struct {
        const char *name;
        bool has_if, has_infer;
    } words[] = {{"any word", true, true}, {"name", false, true}, {"type", false, false}};
    for (size_t i = 0; i < 3; i++) {
        const SyntaxTerminal *word = terminal_of(&self.syntax, words[i].name);
        assert_int_equal(ak_expr_matches(&self.syntax.exprs, word->expr, STR("if")), words[i].has_if);
        assert_int_equal(ak_expr_matches(&self.syntax.exprs, word->expr, STR("infer")), words[i].has_infer);
        assert_true(ak_expr_matches(&self.syntax.exprs, word->expr, STR("inference")));
    }
    close_fixture(&self);
}

TEST(fragments_have_starts_of_their_own) {
    IGNORE_STATE;
    LangFixture self;
    uint32_t number;
    assert_true(open_syntax(&self, "%fragments b rest\na = \"x\" b\nb = \"y\" \"z\" | \"!\"\nrest = b*"));
    assert_int_equal(self.syntax.fragment_count, 3);
    assert_int_equal(self.syntax.rules.items[FRAGMENT_FILE].count, 1);
    assert_true(ak_syntax_fragment(&self.syntax, STR("file"), &number, NULL) && number == FRAGMENT_FILE);
    assert_true(ak_syntax_fragment(&self.syntax, (Str){0}, &number, NULL) && number == FRAGMENT_FILE);
    assert_true(ak_syntax_fragment(&self.syntax, STR("b"), &number, NULL) && number == 1);
    assert_true(ak_syntax_fragment(&self.syntax, STR("rest"), &number, NULL) && number == 2);
    assert_int_equal(self.syntax.rules.items[number].count, 2); /* it may be empty */
    assert_false(ak_syntax_fragment(&self.syntax, STR("a"), &number, &self.err));
    assert_int_equal(self.err.code, ANANKE_ERROR_USAGE);
    assert_string_equal(self.err.message, "there is no fragment `a`");
    assert_string_equal(self.err.hint, "fragments of the language: file, b, rest");
    close_fixture(&self);
}

TEST(what_cannot_be_is_told) {
    IGNORE_STATE;
    expect_error("%fragments c\na = \"x\"", "rule c: there is no such rule");
    expect_error("%fragments b b\na = b\nb = \"x\" \"y\"", "rule b: it is a fragment twice");
    expect_error("%fragments file\nfile = \"x\" \"y\"", "rule file: it is a fragment twice");
    expect_error("%fragments b\na = \"x\" b\nb = \"y\"?", "rule b: it may be empty");
    expect_error("%fragments b\na = \"x\"\nb = \"y\" b", "rule b: no text comes of it");
    expect_error("", "rule : there are no rules");
    expect_error("a = b", "rule a: there is no rule b; an external token is given one by the overlay");
    expect_error("a = \"x\" b\nb = \"y\"?", "rule b: it may be empty");
    expect_error("a = /x*/", "rule a: a token has a text");
    expect_error("a = \"x\" a", "rule : no text comes of it");
    expect_error("%inline b\na = b\nb = \"x\" b | \"y\"", "rule a: inlined rules go round in circles");
    expect_error("a = %token(b)\nb = %token(b \"x\")",
                 "rule a: a token speaks of a rule that is missing, or goes round in circles");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(choices_are_multiplied_out_and_doubles_dropped),
        cmocka_unit_test(equal_repetitions_are_one_rule),
        cmocka_unit_test(inlined_rules_vanish),
        cmocka_unit_test(roles_are_kept_with_the_steps),
        cmocka_unit_test(marks_of_several_bytes_and_words_are_read_whole),
        cmocka_unit_test(a_token_after_a_line_break_is_another),
        cmocka_unit_test(words_are_any_or_not_reserved_or_fewer),
        cmocka_unit_test(fragments_have_starts_of_their_own),
        cmocka_unit_test(what_cannot_be_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
