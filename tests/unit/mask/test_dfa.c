/* The shared lexer against lexer.h's, its slow twin: the same endings, the same deaths. */
#include "../test.h"
#include "base/bitset.h"
#include "mask/dfa.h"
#include "regex/regex.h"

enum { LEXEMES_MAX = 8 };

typedef struct Fixture {
    Arena arena;
    Exprs exprs;
    Expr lexemes[LEXEMES_MAX];
    uint32_t count;
    Lexer lexer;
    Dfa dfa;
} Fixture;

static Expr parse(Exprs *exprs, const char *text) {
    ananke_error err = {0};
    RegexText regex = {.text = ak_str(text), .source = ak_str(text)};
    Expr expr = ak_regex_parse(exprs, &regex, &err);
    if (!expr) print_error("%s: %s\n", text, err.message);
    assert_int_not_equal(expr, AK_EXPR_FAILED);
    return expr;
}

/* Lexemes up to a NULL. "A & B" and "A & ~ B" are what they look like. */
static void open_lexemes(Fixture *self, const char *const *texts) {
    *self = (Fixture){.arena = ak_arena(NULL)};
    assert_true(ak_exprs_init(&self->exprs, &self->arena, 10000000));
    for (; texts[self->count]; self->count++) {
        char text[100];
        assert_true(strlen(texts[self->count]) < sizeof text);
        strcpy(text, texts[self->count]);
        char *and = strstr(text, " & "), *right = and? and+3 : NULL;
        if (and) *and = '\0';
        Expr expr = parse(&self->exprs, text);
        bool is_not = right && strncmp(right, "~ ", 2) == 0;
        Expr other = right ? parse(&self->exprs, is_not ? right + 2 : right) : (Expr)AK_EXPR_ANYTHING;
        self->lexemes[self->count] = ak_expr_and(&self->exprs, expr, is_not ? ak_expr_not(&self->exprs, other) : other);
    }
    ak_exprs_seal(&self->exprs);
    assert_true(ak_lexer_init(&self->lexer, &self->arena, &self->exprs, self->lexemes, self->count, NULL));
    assert_true(ak_dfa_init(&self->dfa, &self->arena, &self->exprs, self->lexemes, self->count, NULL));
}

static DfaState next(Fixture *self, DfaState state, uint8_t byte) {
    uint32_t class = self->dfa.exprs.classes[byte];
    DfaState known = ak_dfa_next(&self->dfa, state, class);
    return known ? known : ak_dfa_derive(&self->dfa, state, class);
}

static DfaState read(Fixture *self, uint32_t allowed, const char *text) {
    DfaState state = ak_dfa_start(&self->dfa, &allowed);
    for (; *text && state > DFA_DEAD; text++) state = next(self, state, (uint8_t)*text);
    return state;
}

/* ---- The twin */

static void compare_states(const Fixture *self, DfaState state, LexerState twin) {
    uint32_t count, twin_count, number, growing = 0, twin_growing = 0;
    const uint32_t *twin_ended = ak_lexer_ending(&self->lexer, twin, &twin_count, &number);
    const uint32_t *ended = ak_dfa_ended(&self->dfa, ak_dfa_node(&self->dfa, state)->ending, &count);
    assert_int_equal(count, twin_count);
    assert_int_equal(ak_dfa_node(&self->dfa, state)->ending == 0, count == 0);
    if (count) assert_memory_equal(ended, twin_ended, count * sizeof *ended);
    const LexerPart *parts = ak_lexer_parts(&self->lexer, twin, &twin_count);
    for (uint32_t i = 0; i < twin_count; i++) {
        if (parts[i].rest != AK_EXPR_EMPTY) twin_growing |= UINT32_C(1) << parts[i].lexeme;
    }
    ak_dfa_growing(&self->dfa, state, &growing);
    assert_int_equal(growing, twin_growing);
}

static uint32_t seed = 1;

static uint32_t dice(uint32_t sides) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % sides;
}

static void compare_walk(Fixture *self, const char *bytes) {
    uint32_t allowed = dice(UINT32_C(1) << self->count);
    DfaState state = ak_dfa_start(&self->dfa, &allowed);
    LexerState twin = ak_lexer_start(&self->lexer, &allowed);
    assert_int_equal(state == DFA_DEAD, allowed == 0);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(state == DFA_DEAD, twin == LEXER_DEAD);
        assert_true(state != DFA_UNKNOWN && twin != LEXER_FAILED);
        compare_states(self, state, twin);
        uint8_t byte = (uint8_t)(dice(10) ? bytes[dice((uint32_t)strlen(bytes))] : (char)dice(256));
        state = next(self, state, byte), twin = ak_lexer_next(&self->lexer, twin, byte);
    }
}

static void compare_lexemes(const char *const *texts, const char *bytes) {
    Fixture self;
    open_lexemes(&self, texts);
    for (int round = 0; round < 3000; round++) compare_walk(&self, bytes);
    ak_arena_free(&self.arena);
}

TEST(keywords_and_names_end_and_die_as_the_twin_says) {
    IGNORE_STATE;
    compare_lexemes((const char *const[]){"if", "int", "else", "[a-z_][a-z_0-9]*", "[0-9]+", "[ \\n]+", NULL},
                    "ifntels_09 \n");
}

TEST(operators_and_comments_end_and_die_as_the_twin_says) {
    IGNORE_STATE;
    compare_lexemes((const char *const[]){"/", "/=", "//[^\\n]*", "/\\*([^*]|\\*+[^*/])*\\*+/", "<<=|<<|<", NULL},
                    "/*=<\nxx");
}

TEST(strings_and_counts_end_and_die_as_the_twin_says) {
    IGNORE_STATE;
    compare_lexemes((const char *const[]){"\"([^\"\\\\]|\\\\.)*\"", "\"[a-c]{2,4}\"", "[a-c]{0,3}d", "[ac]{3}", NULL},
                    "\"\\abcd\xC3\xA9");
}

TEST(intersections_and_complements_end_and_die_as_the_twin_says) {
    IGNORE_STATE;
    compare_lexemes((const char *const[]){"[a-z]+ & ~ if|in|int", "[a-z]+ & .*n.*", "[a-z ]+ & ~ .* .*", "in|if", NULL},
                    "ifnt ");
}

TEST(code_points_end_and_die_as_the_twin_says) {
    IGNORE_STATE;
    compare_lexemes((const char *const[]){"[\xC3\xA0-\xC3\xBF]+", ".", "\xE2\x82\xAC[^a]*", "[^\\x00-\\x7F]{2}", NULL},
                    "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
}

/* ---- States */

TEST(equal_states_are_one) {
    IGNORE_STATE;
    Fixture self;
    open_lexemes(&self, (const char *const[]){"[a-z]+", "[a-z]+!", NULL});
    assert_int_equal(read(&self, 3, "a"), read(&self, 3, "bcd"));
    assert_int_equal(read(&self, 1, ""), read(&self, 1, ""));
    assert_int_not_equal(read(&self, 1, ""), read(&self, 3, ""));
    assert_int_not_equal(read(&self, 1, "a"), read(&self, 3, "a"));
    assert_int_equal(read(&self, 3, "a!"), read(&self, 2, "xyz!"));
    ak_arena_free(&self.arena);
}

TEST(start_states_know_their_lexemes_and_end_nothing) {
    IGNORE_STATE;
    Fixture self;
    open_lexemes(&self, (const char *const[]){"a", "b", "c", NULL});
    const DfaNode *start = ak_dfa_node(&self.dfa, read(&self, 5, ""));
    assert_non_null(start->starts);
    assert_int_equal(start->starts[0], 5);
    assert_int_equal(start->ending, 0);
    assert_null(ak_dfa_node(&self.dfa, read(&self, 5, "a"))->starts);
    ak_arena_free(&self.arena);
}

TEST(equal_endings_have_one_number) {
    IGNORE_STATE;
    Fixture self;
    open_lexemes(&self, (const char *const[]){"if", "[a-z]+", "in", NULL});
    uint32_t number = ak_dfa_node(&self.dfa, read(&self, 7, "x"))->ending;
    assert_int_equal(ak_dfa_node(&self.dfa, read(&self, 7, "ifx"))->ending, number);
    assert_int_not_equal(ak_dfa_node(&self.dfa, read(&self, 7, "if"))->ending, number);
    assert_int_not_equal(ak_dfa_node(&self.dfa, read(&self, 7, "if"))->ending,
                         ak_dfa_node(&self.dfa, read(&self, 7, "in"))->ending);
    ak_arena_free(&self.arena);
}

TEST(fuel_runs_out_and_the_same_transition_succeeds_with_more) {
    IGNORE_STATE;
    Fixture self;
    open_lexemes(&self, (const char *const[]){"(abc|abd)+", "[a-c]{1,20}", NULL});
    DfaState from = read(&self, 3, "ab");
    self.dfa.exprs.fuel = 0;
    assert_int_equal(next(&self, from, 'c'), DFA_UNKNOWN);
    assert_true(self.dfa.exprs.exhausted);
    self.dfa.exprs.fuel = 100000, self.dfa.exprs.exhausted = false;
    DfaState made = next(&self, from, 'c');
    assert_true(made > DFA_DEAD);
    LexerState twin = ak_lexer_start(&self.lexer, &(uint32_t){3});
    for (const char *at = "abc"; *at; at++) twin = ak_lexer_next(&self.lexer, twin, (uint8_t)*at);
    compare_states(&self, made, twin);
    ak_arena_free(&self.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keywords_and_names_end_and_die_as_the_twin_says),
        cmocka_unit_test(operators_and_comments_end_and_die_as_the_twin_says),
        cmocka_unit_test(strings_and_counts_end_and_die_as_the_twin_says),
        cmocka_unit_test(intersections_and_complements_end_and_die_as_the_twin_says),
        cmocka_unit_test(code_points_end_and_die_as_the_twin_says),
        cmocka_unit_test(equal_states_are_one),
        cmocka_unit_test(start_states_know_their_lexemes_and_end_nothing),
        cmocka_unit_test(equal_endings_have_one_number),
        cmocka_unit_test(fuel_runs_out_and_the_same_transition_succeeds_with_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
