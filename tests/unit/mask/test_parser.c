/* The shared parser: what it takes to read long texts, and Earley's chart (earley.h) as its twin. Every lexeme here is
 * one byte. */
#include "../test.h"
#include "base/bitset.h"
#include "mask/earley.h"
#include "mask/lark.h"
#include "mask/parser.h"

typedef struct Fixture {
    Arena arena;
    Grammar grammar;
    GrammarTables tables;
    Dfa dfa;
    Parser parser;
    Chart chart;
} Fixture;

static void open_grammar(Fixture *self, const char *text) {
    ananke_error err = {0};
    Symbol start;
    *self = (Fixture){.arena = ak_arena(NULL)};
    Grammar *g = &self->grammar;
    assert_true(ak_grammar_init(g, &self->arena, 1000000));
    bool built = ak_lark_build(g, ak_str(text), "test", &start, &err) && ak_grammar_seal(g, start, &err);
    if (!built) print_error("%s\n%s\n", err.message, text);
    assert_true(built && ak_grammar_tables(&self->tables, g, &self->arena, &err));
    assert_true(ak_dfa_init(&self->dfa, &self->arena, &g->exprs, self->tables.lexemes, self->tables.lexeme_count,
                            self->tables.lazy));
    assert_true(ak_parser_init(&self->parser, &self->arena, &self->tables, &self->dfa));
    assert_true(ak_earley_init(&self->chart, &self->tables, &self->arena));
}

/* The ending that a byte makes at a node; 0: the byte is refused. */
static uint32_t ending_of(Fixture *self, ParserNode node, char byte) {
    DfaState state = ak_parser_lexer(&self->parser, node);
    if (state != DFA_DEAD) state = ak_dfa_derive(&self->dfa, state, self->dfa.exprs.classes[(uint8_t)byte]);
    return state == DFA_DEAD ? 0 : ak_dfa_node(&self->dfa, state)->ending;
}

static ParserNode put(Fixture *self, ParserNode node, const char *text) {
    for (; *text && node; text++) {
        uint32_t ending = ending_of(self, node, *text);
        node = ending ? ak_parser_scan(&self->parser, node, ending) : (ParserNode)NODE_NONE;
    }
    return node;
}

static bool is_accepting(const Fixture *self, ParserNode node) {
    return ak_parser_kernel(&self->parser, node)->is_accepting;
}

/* ---- Room */

static void expect_few_kernels(const char *grammar, const char *last, uint32_t most) {
    Fixture self;
    open_grammar(&self, grammar);
    ParserNode node = ak_parser_start(&self.parser);
    for (int i = 0; i < 5000; i++) assert_int_not_equal(node = put(&self, node, "a"), NODE_NONE);
    assert_true(is_accepting(&self, put(&self, node, last)));
    if (self.parser.kernels.count > most) print_error("%u kernels\n", self.parser.kernels.count);
    assert_true(self.parser.kernels.count <= most);
    assert_true(self.parser.frames.count <= most);
    ak_arena_free(&self.arena);
}

TEST(right_recursion_runs_in_place) {
    IGNORE_STATE;
    expect_few_kernels("start: \"a\" start | \"b\"\n", "b", 8);
    expect_few_kernels("start: \"a\" x\nx: y\ny: start | \"b\"\n", "b", 8);
}

TEST(what_is_empty_does_not_stand_behind_a_tail_call) {
    IGNORE_STATE;
    expect_few_kernels("start: \"a\" start none | \"b\"\nnone: \"\"\n", "b", 8);
    expect_few_kernels("start: \"a\" x \"\"\nx: start none | \"b\"\nnone: nothing\nnothing: \"\"\n", "b", 8);
}

TEST(left_recursion_runs_in_place) {
    IGNORE_STATE;
    expect_few_kernels("start: start \"a\" | \"a\"\n", "", 8);
    expect_few_kernels("start: x \"b\"?\nx: x y | y\ny: \"a\"\n", "b", 8);
}

TEST(repetitions_run_in_place) {
    IGNORE_STATE;
    expect_few_kernels("start: (\"a\" | \"b\" \"c\")* \"d\"?\n", "d", 12);
}

TEST(equal_situations_are_one_node) {
    IGNORE_STATE;
    Fixture self;
    open_grammar(&self, "start: item (\",\" item)*\nitem: \"a\" | \"b\" | \"[\" start \"]\"\n");
    ParserNode start = ak_parser_start(&self.parser), two = put(&self, start, "a,b");
    assert_int_not_equal(two, NODE_NONE);
    assert_int_equal(put(&self, start, "a,b,a"), two);
    assert_int_equal(put(&self, start, "a,[a],b"), two);
    assert_int_equal(put(&self, start, "[a,b"), put(&self, start, "[b,a,b,a"));
    assert_int_not_equal(put(&self, start, "[a,b"), two);
    ak_arena_free(&self.arena);
}

TEST(nesting_takes_room_linear_in_its_depth) {
    IGNORE_STATE;
    enum { DEPTH = 2000 };
    Fixture self;
    open_grammar(&self, "start: \"(\" start \")\" | \"x\"\n");
    ParserNode node = ak_parser_start(&self.parser);
    for (int i = 0; i < DEPTH; i++) node = put(&self, node, "(");
    node = put(&self, node, "x");
    for (int i = 0; i < DEPTH; i++) {
        assert_int_not_equal(node, NODE_NONE);
        assert_false(is_accepting(&self, node));
        node = put(&self, node, ")");
    }
    assert_true(is_accepting(&self, node));
    assert_int_equal(put(&self, node, ")"), NODE_NONE);
    assert_true(self.parser.kernels.count <= 2 * DEPTH + 10);
    assert_true(self.parser.items.count <= 4 * DEPTH + 10);
    ak_arena_free(&self.arena);
}

TEST(steps_are_remembered) {
    IGNORE_STATE;
    Fixture self;
    open_grammar(&self, "start: \"a\" start | \"b\"\n");
    Pushdown pushdown = ak_parser_pushdown(&self.parser);
    ParserNode start = ak_parser_start(&self.parser);
    uint32_t ending = ending_of(&self, start, 'a');
    assert_int_equal(ak_pushdown_find(&pushdown, start, ending), NODE_NONE);
    ParserNode next = ak_parser_scan(&self.parser, start, ending);
    assert_int_equal(ak_pushdown_find(&pushdown, start, ending), next);
    self.parser.fuel = 0;
    assert_int_equal(ak_parser_scan(&self.parser, start, ending), next);
    ak_arena_free(&self.arena);
}

/* ---- Earley's chart beside it */

static const char *const grammars[] = {
    "start: \"a\" start | \"b\"\n",
    "start: start \"a\" | \"b\"\n",
    "start: start start | \"a\"\n",
    "start: start start start | start start | \"a\" | \"\"\n",
    "start: \"(\" start \")\" start | \"\"\n",
    "start: x | \"a\" start \"b\"\nx: start | y | \"\"\ny: x \"c\" | \"d\"\n",
    "start: a b c\na: \"a\"?\nb: a a | \"b\" start?\nc: (b | \"c\")*\n",
    "start: start \"+\" t | t\nt: t \"*\" f | f\nf: \"(\" start \")\" | \"x\"\n",
    "start: \"a\" start \"a\" | \"b\" start \"b\" | \"a\" | \"b\" | \"\"\n",
    "start: n start \"a\" | \"b\"\nn: \"n\"?\n",
    "start: \"a\" start n | \"b\"\nn: \"n\"?\n",
    "start: \"a\" x | \"b\" x \"c\" | \"a\" y \"d\"\nx: \"a\" x | y\ny: \"c\" | \"(\" start \")\"\n",
    "start: x \"a\" | y \"b\"\nx: \"c\" x | \"\"\ny: \"c\" y | \"\"\n",
    "start: (\"a\" \"b\")* \"c\"?\n%ignore \" \"\n",
    "start: \"a\" start | \"(\" start \")\" | \"b\"\n%ignore \" \"\n",
};
enum { GRAMMARS = sizeof grammars / sizeof *grammars };

static uint32_t seed;

static uint32_t dice(uint32_t sides) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % sides;
}

static void compare(const Fixture *self, ParserNode node, Row row, const char *text) {
    const uint32_t *starts = ak_dfa_node(&self->dfa, ak_parser_lexer(&self->parser, node))->starts;
    const uint32_t *allowed = ak_earley_allowed(&self->chart, row), none = 0;
    assert_int_equal(self->tables.lexeme_words, 1);
    bool is_equal =
        *(starts ? starts : &none) == *allowed && is_accepting(self, node) == self->chart.rows.items[row].is_accepting;
    if (!is_equal) print_error("behind \"%s\"\n", text);
    assert_true(is_equal);
}

/* A random byte that the node takes; '\0' when there is none. */
static char random_byte(Fixture *self, ParserNode node) {
    static const char bytes[] = "abcdnx+*() ";
    for (int tries = 0; tries < 100; tries++) {
        char byte = bytes[dice(sizeof bytes - 1)];
        if (ending_of(self, node, byte)) return byte;
    }
    return '\0';
}

/* The step with as little fuel as it may take, tried from `fuel` on. */
static ParserNode scan_sparingly(Fixture *self, ParserNode node, uint32_t ending, uint64_t fuel, int *failures) {
    for (;; fuel++) {
        self->parser.fuel = fuel;
        ParserNode next = ak_parser_scan(&self->parser, node, ending);
        if (next) return next;
        ++*failures;
        assert_true(fuel < 5000);
    }
}

/* Reads a random text with both, and gives the parser `fuel` for each step, and more where that is not enough. */
static void compare_text(Fixture *self, uint64_t fuel, int *failures) {
    char text[64] = "";
    ParserNode node = ak_parser_start(&self->parser);
    Row row = 0;
    for (size_t length = 0; length < 25; length++) {
        compare(self, node, row, text);
        char byte = random_byte(self, node);
        if (!byte) break;
        text[length] = byte;
        uint32_t ending = ending_of(self, node, byte), count;
        const uint32_t *lexemes = ak_dfa_ended(&self->dfa, ending, &count);
        row = ak_earley_scan(&self->chart, row, lexemes, count, ending);
        node = scan_sparingly(self, node, ending, fuel, failures);
    }
    compare(self, node, row, text);
    ak_earley_truncate(&self->chart, 1);
}

TEST(random_texts_are_read_as_the_chart_reads_them) {
    IGNORE_STATE;
    for (uint32_t g = 0; g < GRAMMARS; g++) {
        Fixture self;
        int failures = 0;
        seed = g;
        open_grammar(&self, grammars[g]);
        for (int round = 0; round < 100; round++) compare_text(&self, UINT64_MAX, &failures);
        assert_int_equal(failures, 0);
        ak_arena_free(&self.arena);
    }
}

TEST(a_step_that_fails_for_want_of_fuel_succeeds_with_more) {
    IGNORE_STATE;
    int failures = 0;
    for (uint32_t g = 0; g < GRAMMARS; g++) {
        Fixture self;
        seed = g;
        open_grammar(&self, grammars[g]);
        for (int round = 0; round < 30; round++) compare_text(&self, 0, &failures);
        ak_arena_free(&self.arena);
    }
    assert_true(failures > 100);
}

TEST(ambiguity_costs_no_more_than_the_chart_s) {
    IGNORE_STATE;
    Fixture self;
    open_grammar(&self, "start: start start | \"a\"\n");
    ParserNode node = ak_parser_start(&self.parser);
    for (int i = 0; i < 100; i++) {
        node = put(&self, node, "a");
        assert_true(is_accepting(&self, node));
    }
    assert_true(self.parser.kernels.count <= 102);
    assert_true(self.parser.items.count <= 300);
    ak_arena_free(&self.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right_recursion_runs_in_place),
        cmocka_unit_test(what_is_empty_does_not_stand_behind_a_tail_call),
        cmocka_unit_test(left_recursion_runs_in_place),
        cmocka_unit_test(repetitions_run_in_place),
        cmocka_unit_test(equal_situations_are_one_node),
        cmocka_unit_test(nesting_takes_room_linear_in_its_depth),
        cmocka_unit_test(steps_are_remembered),
        cmocka_unit_test(random_texts_are_read_as_the_chart_reads_them),
        cmocka_unit_test(a_step_that_fails_for_want_of_fuel_succeeds_with_more),
        cmocka_unit_test(ambiguity_costs_no_more_than_the_chart_s),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
