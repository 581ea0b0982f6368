/* Overlays: what each notation becomes, and where errors are. */
#include "../test.h"
#include "syntax/overlay.h"

static Arena arena;
static Rulebook book;
static ananke_error err;

static bool apply(const char *text) {
    ak_arena_free(&arena);
    arena = ak_arena(NULL), err = (ananke_error){0};
    ak_rulebook_init(&book, &arena);
    return ak_overlay_apply(&book, ak_str(text), "toy.overlay", &err);
}

static const Rule *rule(const char *text) {
    if (!apply(text)) fail_msg("%s: %s", text, err.message);
    return ak_rulebook_find(&book, STR("a"));
}

TEST(bodies_are_sequences_of_choices) {
    IGNORE_STATE;
    const Rule *a = rule("a = \"x\" /y+/i b | (c | ) # and that is all\n  \"z\"\n");
    assert_int_equal(a->kind, RULE_CHOICE);
    assert_int_equal(a->count, 2);
    const Rule *first = a->members[0], *second = a->members[1];
    assert_int_equal(first->count, 3);
    assert_int_equal(first->members[0]->kind, RULE_STRING);
    assert_true(ak_str_equal(first->members[1]->text, STR("y+")) && ak_str_equal(first->members[1]->flags, STR("i")));
    assert_int_equal(second->members[0]->members[1]->kind, RULE_BLANK);
    assert_true(ak_str_equal(second->members[1]->text, STR("z"))); /* the indented line goes on */
}

TEST(repetition_fields_and_aliases) {
    IGNORE_STATE;
    const Rule *a = rule("a = left:b? -> name c* d+ e -> \"text\"");
    const Rule *field = a->members[0], *alias = field->members[0];
    assert_int_equal(field->kind, RULE_FIELD);
    assert_true(alias->kind == RULE_ALIAS && alias->is_named);
    assert_int_equal(alias->members[0]->kind, RULE_CHOICE);
    assert_int_equal(a->members[1]->kind, RULE_REPEAT);
    assert_int_equal(a->members[2]->kind, RULE_REPEAT1);
    assert_false(a->members[3]->is_named);
}

TEST(calls_and_line_breaks) {
    IGNORE_STATE;
    const Rule *a = rule(
        "a = %left(binary: b) %right(3: c) %prec(-2: d) %token(e) %now(f) %not(\"{\" \"if\": g) ^\"=>\" \"return\"^");
    assert_int_equal(a->count, 8);
    assert_true(a->members[0]->associativity == ASSOCIATES_LEFT &&
                ak_str_equal(a->members[0]->precedence.name, STR("binary")));
    assert_int_equal(a->members[1]->precedence.level, 3);
    assert_int_equal(a->members[2]->precedence.level, -2);
    assert_int_equal(a->members[3]->kind, RULE_TOKEN);
    assert_int_equal(a->members[4]->kind, RULE_IMMEDIATE);
    assert_int_equal(a->members[5]->name_count, 2);
    assert_int_equal(a->members[6]->lines, LINE_BEFORE);
    assert_int_equal(a->members[7]->lines, LINE_AFTER);
}

TEST(rules_are_replaced_added_to_and_dropped) {
    IGNORE_STATE;
    const Rule *a = rule("a = \"x\"\na = \"y\"\na += \"z\"\n");
    assert_int_equal(a->kind, RULE_CHOICE);
    assert_true(ak_str_equal(a->members[0]->text, STR("y")));
    assert_null(rule("a = b\n%drop a"));
}

TEST(lists_are_replaced) {
    IGNORE_STATE;
    assert_true(apply(
        "%reserved if else\n  while\n%extras blank\n%extras newline comment\n%closing \"}\" # and nothing else\n%word name\n%without type keyof "
        "infer\n"));
    assert_int_equal(book.reserved.count, 3);
    assert_int_equal(book.extras.count, 2);
    assert_true(ak_names_has(&book.closing, STR("}")));
    assert_true(ak_str_equal(book.word, STR("name")));
    assert_int_equal(book.narrowed.count, 1);
    assert_true(ak_str_equal(book.narrowed.items[0].name, STR("type")));
    assert_int_equal(book.narrowed.items[0].words.count, 2);
}

TEST(a_backslash_guards_a_quote) {
    IGNORE_STATE;
    const Rule *a = rule("a = \"\\\"\\\\\" /\\/x/");
    assert_true(ak_str_equal(a->members[0]->text, STR("\"\\")));
    assert_true(ak_str_equal(a->members[1]->text, STR("\\/x"))); /* patterns have their own backslashes */
}

TEST(errors_have_a_place) {
    IGNORE_STATE;
    static const struct {
        const char *text, *message;
        unsigned line;
    } cases[] = {
        {"a = \"x", "the quote is not closed", 1},
        {"a = b\nb = (c", "a group ends with ')'", 2},
        {"a = )", "the body has ended", 1},
        {"a b", "'=' is missing", 1},
        {"\n= b", "a statement begins with a name or '%'", 2},
        {"%sorts a", "unknown list", 1},
        {"a = %left(b)", "a level and ':' belong here", 1},
        {"a = %magic(b)", "unknown word after '%'", 1},
        {"b += c", "there is no such rule to add to", 1},
        {"a = %not(b: c)", "tokens and ':' belong here", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_false(apply(cases[i].text));
        assert_string_equal(err.message, cases[i].message);
        assert_int_equal(err.line, cases[i].line);
    }
}

TEST(nesting_has_a_bound) {
    IGNORE_STATE;
    char text[600] = "a = ";
    memset(text + 4, '(', 500);
    assert_false(apply(text));
    assert_string_equal(err.message, "nested too deeply");
}

static int free_arena(void **state) {
    IGNORE_STATE;
    ak_arena_free(&arena);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_are_sequences_of_choices),
        cmocka_unit_test(repetition_fields_and_aliases),
        cmocka_unit_test(calls_and_line_breaks),
        cmocka_unit_test(rules_are_replaced_added_to_and_dropped),
        cmocka_unit_test(lists_are_replaced),
        cmocka_unit_test(a_backslash_guards_a_quote),
        cmocka_unit_test(errors_have_a_place),
        cmocka_unit_test(nesting_has_a_bound),
    };
    return cmocka_run_group_tests(tests, NULL, free_arena);
}
