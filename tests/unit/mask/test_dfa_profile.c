/* What is certain to go on: profiles that a reader can check, and random expressions, whose lexer (lexer.h) must never
 * die of what a profile promises. */
#include "../test.h"
#include "base/bitset.h"
#include "base/utf8.h"
#include "mask/dfa.h"
#include "regex/regex.h"
#include <stdio.h>

enum { LEXEMES_MAX = 4 };

typedef struct Fixture {
    Arena arena;
    Exprs exprs;
    Expr lexemes[LEXEMES_MAX];
    uint32_t count;
    Lexer lexer;
    Dfa dfa;
} Fixture;

static void begin(Fixture *self) {
    *self = (Fixture){.arena = ak_arena(NULL)};
    assert_true(ak_exprs_init(&self->exprs, &self->arena, 10000000));
}

static Expr parse(Fixture *self, const char *text) {
    ananke_error err = {0};
    RegexText regex = {.text = ak_str(text), .source = ak_str(text)};
    Expr expr = ak_regex_parse(&self->exprs, &regex, &err);
    if (!expr) print_error("%s: %s\n", text, err.message);
    assert_int_not_equal(expr, AK_EXPR_FAILED);
    return expr;
}

static void add(Fixture *self, Expr expr) {
    self->lexemes[self->count++] = expr;
}

static void finish(Fixture *self) {
    ak_exprs_seal(&self->exprs);
    assert_true(ak_lexer_init(&self->lexer, &self->arena, &self->exprs, self->lexemes, self->count, NULL));
    assert_true(ak_dfa_init(&self->dfa, &self->arena, &self->exprs, self->lexemes, self->count, NULL));
}

/* Lexemes up to a NULL. */
static void open_lexemes(Fixture *self, const char *const *texts) {
    begin(self);
    for (; *texts; texts++) add(self, parse(self, *texts));
    finish(self);
}

static DfaState read_on(Fixture *self, DfaState at, Str text) {
    for (size_t i = 0; i < text.length && at > DFA_DEAD; i++)
        at = ak_dfa_derive(&self->dfa, at, self->dfa.exprs.classes[(uint8_t)text.data[i]]);
    assert_int_not_equal(at, DFA_UNKNOWN);
    return at;
}

static DfaState read(Fixture *self, const char *text) {
    uint32_t all = (UINT32_C(1) << self->count) - 1;
    return read_on(self, ak_dfa_start(&self->dfa, &all), ak_str(text));
}

static DfaProfile profile(Fixture *self, const char *text) {
    DfaState at = read(self, text);
    const DfaProfile *made = ak_dfa_profile(&self->dfa, at);
    assert_non_null(made);
    assert_ptr_equal(ak_dfa_profile(&self->dfa, at), made); /* found out once */
    return *made;
}

static DfaProfile far_profile(Fixture *self, const char *text) {
    const DfaProfile *made = ak_dfa_far_profile(&self->dfa, read(self, text));
    assert_non_null(made);
    return *made;
}

static uint64_t groups_of(const char *text) {
    uint64_t groups = 0;
    for (; *text; text++) groups |= GROUP_BIT(ak_unit_group((uint8_t)*text));
    return groups;
}

static void expect(DfaProfile found, uint64_t groups, uint32_t limit, bool is_uniform) {
    assert_true(found.groups == groups);
    assert_int_equal(found.limit, limit);
    assert_int_equal(found.is_uniform, is_uniform);
}

/* ---- Profiles that a reader can check */

TEST(identifiers_loop_on_word_groups) {
    IGNORE_STATE;
    Fixture self;
    open_lexemes(&self, (const char *const[]){"[a-zA-Z_][a-zA-Z0-9_]*", NULL});
    expect(profile(&self, "x"), GROUPS_WORD, UINT32_MAX, true);
    assert_true(profile(&self, "").groups == 0);
    ak_arena_free(&self.arena);
}

TEST(a_group_that_is_taken_in_part_is_not_taken) {
    IGNORE_STATE;
    Fixture self;
    open_lexemes(&self, (const char *const[]){"x[a-y0-9]*", NULL});
    expect(profile(&self, "x"), groups_of("a01"), UINT32_MAX, true); /* no "z": not the letters from "g" on */
    ak_arena_free(&self.arena);
}

TEST(strings_loop_on_what_needs_no_escape) {
    IGNORE_STATE;
    Fixture self;
    open_lexemes(&self, (const char *const[]){"\"([^\"\\\\]|\\\\.)*\"", NULL});
    uint64_t groups = GROUPS_ALL & ~GROUP_BIT(GROUP_MALFORMED) & ~groups_of("\"\\");
    expect(profile(&self, "\"ab"), groups, UINT32_MAX, true);
    expect(profile(&self, "\"\\n"), groups, UINT32_MAX, true);
    assert_false(profile(&self, "\"\\").groups & GROUP_BIT(GROUP_MALFORMED));
    assert_true(profile(&self, "\"\"").groups == 0);
    ak_arena_free(&self.arena);
}

TEST(counts_have_a_limit) {
    IGNORE_STATE;
    Fixture self;
    open_lexemes(&self, (const char *const[]){"x[a-z]{0,40}", NULL});
    DfaProfile found = profile(&self, "x");
    expect(found, groups_of("ag"), 40, true);
    assert_int_equal(found.spent, read(&self, "xabcdefghijabcdefghijabcdefghijabcdefghij"));
    expect(profile(&self, "xabcde"), groups_of("ag"), 35, true);
    ak_arena_free(&self.arena);
}

TEST(counts_that_still_need_some_are_not_uniform) {
    IGNORE_STATE;
    Fixture self;
    open_lexemes(&self, (const char *const[]){"x[a-z]{3,40}", NULL});
    expect(profile(&self, "x"), groups_of("ag"), 40, false);
    expect(profile(&self, "xabc"), groups_of("ag"), 37, true);
    ak_arena_free(&self.arena);
}

TEST(counts_beside_a_pattern_go_on_as_far_as_one_looks) {
    IGNORE_STATE;
    Fixture self;
    open_lexemes(&self, (const char *const[]){"([a-z]+ ){0,9}[a-z]+", NULL});
    expect(profile(&self, "a"), groups_of("az"), UINT32_MAX, true);
    ak_arena_free(&self.arena);
    begin(&self);
    Expr pattern = parse(&self, "([a-z]+ ){0,9}[a-z]+"), length = parse(&self, "[a-z ]{0,40}"),
         brief = parse(&self, "[a-z ]{0,9}");
    add(&self, ak_expr_and(&self.exprs, pattern, length));
    add(&self, ak_expr_concat(&self.exprs, parse(&self, "!"), ak_expr_and(&self.exprs, pattern, brief)));
    finish(&self);
    assert_true(profile(&self, "ab cd").groups == 0);
    expect(far_profile(&self, "ab cd"), groups_of("az"), SHORT_UNITS, false);
    DfaProfile soon = far_profile(&self, "!ab");
    expect(soon, groups_of("az"), 7, false);
    assert_int_equal(soon.spent, read(&self, "!abbbbbbbb"));
    ak_arena_free(&self.arena);
}

TEST(counted_code_points_are_units_too) {
    IGNORE_STATE;
    Fixture self;
    open_lexemes(&self, (const char *const[]){"\"[^\"]{0,9}\"", NULL});
    DfaProfile found = profile(&self, "\"");
    expect(found, GROUPS_ALL & ~GROUP_BIT(GROUP_MALFORMED) & ~groups_of("\""), 9, true);
    assert_int_equal(found.spent, read(&self, "\"1234\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80zz"));
    ak_arena_free(&self.arena);
}

TEST(a_name_lasts_where_a_keyword_may_still_be) {
    IGNORE_STATE;
    Fixture self;
    open_lexemes(&self, (const char *const[]){"return", "[a-z]+", NULL});
    expect(profile(&self, "re"), groups_of("ag"), UINT32_MAX, false);
    expect(profile(&self, "rex"), groups_of("ag"), UINT32_MAX, true);
    assert_int_equal(ak_dfa_lasting(&self.dfa, read(&self, "re")), read(&self, "rex"));
    assert_int_equal(ak_dfa_lasting(&self.dfa, read(&self, "rex")), read(&self, "x"));
    ak_arena_free(&self.arena);
}

TEST(names_but_keywords_last_and_are_uniform_when_no_keyword_is_left) {
    IGNORE_STATE;
    Fixture self;
    begin(&self);
    add(&self, ak_expr_and(&self.exprs, parse(&self, "[a-z]+"), ak_expr_not(&self.exprs, parse(&self, "if|in|int"))));
    finish(&self);
    expect(profile(&self, "i"), groups_of("ag"), UINT32_MAX, false);
    expect(profile(&self, "in"), groups_of("ag"), UINT32_MAX, false);
    expect(profile(&self, "inx"), groups_of("ag"), UINT32_MAX, true);
    assert_int_equal(ak_dfa_lasting(&self.dfa, read(&self, "in")), read(&self, "inx"));
    ak_arena_free(&self.arena);
}

/* Their form says nothing of where they end; a state that leads to itself is a fact. */
/* `.*[0-9]{8}.*`: a digit leads elsewhere than another character, and nothing ever dies. */
TEST(a_loop_goes_on_while_what_follows_it_is_looked_for) {
    IGNORE_STATE;
    static const char *const before[] = {"1", "x123", "12345678", "12345678x1"};
    Fixture self;
    open_lexemes(&self, (const char *const[]){"[a-z0-9]*[0-9]{8}[a-z0-9]*;", NULL});
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        DfaProfile found = profile(&self, before[i]);
        assert_true(found.groups & GROUP_BIT(ak_unit_group('1')));
        assert_true(found.groups & GROUP_BIT(ak_unit_group('x')));
        assert_int_equal(found.limit, UINT32_MAX);
    }
    ak_arena_free(&self.arena);
}

TEST(lazy_lexemes_go_on_only_in_loops) {
    IGNORE_STATE;
    static const char *const texts[] = {"[a-z]{1,40}", "[a-z0-9]*![a-z0-9]*", "[a-z0-9]+", NULL};
    Fixture self;
    uint32_t lazy = 3, second = 2, both = 5;
    open_lexemes(&self, texts);
    assert_true(ak_dfa_init(&self.dfa, &self.arena, &self.exprs, self.lexemes, self.count, &lazy));
    DfaState loop = read_on(&self, ak_dfa_start(&self.dfa, &second), STR("a"));
    assert_true(ak_dfa_profile(&self.dfa, loop)->groups & groups_of("a"));
    assert_int_equal(read_on(&self, loop, STR("b")), loop);
    assert_int_equal(ak_dfa_lasting(&self.dfa, loop), DFA_DEAD);
    DfaState over = read_on(&self, ak_dfa_start(&self.dfa, &both), STR("a"));
    assert_int_equal(ak_dfa_profile(&self.dfa, over)->groups, 0);
    assert_int_equal(read_on(&self, over, STR("b")), DFA_DEAD);
    ak_arena_free(&self.arena);
}

TEST(fixed_texts_neither_go_on_nor_last) {
    IGNORE_STATE;
    Fixture self;
    open_lexemes(&self, (const char *const[]){"return", "ready", NULL});
    assert_true(profile(&self, "re").groups == 0);
    assert_int_equal(ak_dfa_lasting(&self.dfa, read(&self, "re")), DFA_DEAD);
    ak_arena_free(&self.arena);
}

TEST(all_code_points_lead_to_one_state_or_they_do_not) {
    IGNORE_STATE;
    Fixture self;
    open_lexemes(&self, (const char *const[]){"x[^a]*", "y.", "z([^\xC3\xA9]*|\xC3\xA9)", NULL});
    assert_true(ak_dfa_wide_groups(&self.dfa, read(&self, "x"), read(&self, "x")) == GROUPS_WIDE);
    assert_true(ak_dfa_wide_groups(&self.dfa, read(&self, "y"), read(&self, "y_")) == GROUPS_WIDE);
    assert_true(ak_dfa_wide_groups(&self.dfa, read(&self, "y"), read(&self, "y")) == 0);
    uint64_t but_latin = GROUPS_WIDE & ~GROUP_BIT(ak_unit_group(0xC3));
    assert_true(ak_dfa_wide_groups(&self.dfa, read(&self, "z"), read(&self, "zz")) == but_latin);
    ak_arena_free(&self.arena);
}

/* ---- Random expressions */

static uint32_t seed = 1;

static uint32_t dice(uint32_t sides) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % sides;
}

static Expr random_expr(Fixture *self, int depth) {
    static const char *const leaves[] = {"[a-z]",
                                         "[a-zA-Z_0-9]",
                                         "[^\"\\\\]",
                                         ".",
                                         "if",
                                         "[a-f0-9]",
                                         "\xC3\xA9",
                                         "[^\\n]",
                                         "x",
                                         "[ \\t]",
                                         "[\"\\\\]",
                                         "int",
                                         "[^a-z\\n ]",
                                         "\"",
                                         "[^*]",
                                         "_",
                                         "[\xC3\xA0-\xC3\xBF]"};
    Exprs *exprs = &self->exprs;
    if (depth == 0) return parse(self, leaves[dice(sizeof leaves / sizeof *leaves)]);
    Expr a = random_expr(self, depth - 1), b = dice(2) ? random_expr(self, depth - 1) : a;
    uint32_t min = dice(3) ? 0 : 1 + dice(3);
    switch (dice(8)) {
    case 0: return ak_expr_or(exprs, a, b);
    case 1: return ak_expr_and(exprs, a, ak_expr_not(exprs, random_expr(self, depth - 1)));
    case 2: return ak_expr_and(exprs, ak_expr_repeat(exprs, a, 0, AK_REPEAT_MANY), ak_expr_not(exprs, b));
    case 3: return ak_expr_repeat(exprs, a, min, min + 1 + dice(9));
    case 4:
    case 5: return ak_expr_repeat(exprs, a, min, AK_REPEAT_MANY);
    default: return ak_expr_concat(exprs, a, b);
    }
}

static void open_random(Fixture *self) {
    begin(self);
    uint32_t count = 1 + dice(LEXEMES_MAX - 1);
    while (self->count < count) {
        Expr expr = random_expr(self, 1 + (int)dice(3));
        if (ak_expr_is_nullable(&self->exprs, expr)) expr = ak_expr_concat(&self->exprs, parse(self, "x|\""), expr);
        assert_int_not_equal(expr, AK_EXPR_FAILED);
        if (expr != AK_EXPR_NOTHING) add(self, expr);
    }
    finish(self);
}

/* A random unit of the group. */
static size_t random_unit(unsigned group, char *bytes) {
    size_t length = 0;
    if (group >= GROUP_WIDE) {
        do length = ak_utf8_encode(0x80 + dice(dice(2) ? 0x800 : dice(2) ? 0x10000 : 0x110000 - 0x80), bytes);
        while (!length || ak_unit_group((uint8_t)bytes[0]) != group);
        return length;
    }
    do bytes[0] = (char)dice(0x80);
    while (ak_unit_group((uint8_t)bytes[0]) != group);
    return 1;
}

static size_t random_units(uint64_t groups, uint32_t count, char *text) {
    size_t length = 0;
    for (uint32_t i = 0; i < count; i++) {
        unsigned group = dice(GROUP_COUNT);
        while (!(groups & GROUP_BIT(group))) group = dice(GROUP_COUNT);
        length += random_unit(group, text + length);
    }
    return length;
}

static LexerState read_twin(Fixture *self, LexerState at, Str text) {
    for (size_t i = 0; i < text.length; i++) at = ak_lexer_next(&self->lexer, at, (uint8_t)text.data[i]);
    assert_int_not_equal(at, LEXER_FAILED);
    return at;
}

/* Whether no unit of the groups goes on with the pending lexeme. */
static bool dies(Fixture *self, DfaState at, uint64_t groups) {
    for (unsigned byte = 0; byte < 256; byte++) {
        char bytes[] = {(char)byte};
        bool is_meant = groups & GROUP_BIT(ak_unit_group((uint8_t)byte));
        if (is_meant && read_on(self, at, (Str){bytes, 1}) != DFA_DEAD) return false;
    }
    return true;
}

/* What the profile of `at` promises, for one random text. */
static void try_promise(Fixture *self, DfaState at, LexerState twin, const DfaProfile *promise) {
    char text[400];
    uint32_t count = dice(promise->limit < 60 ? promise->limit + 1 : 60);
    Str units = {text, random_units(promise->groups, count, text)};
    Str cut = ak_str_slice(units, 0, units.length ? dice((uint32_t)units.length + 1) : 0);
    assert_int_not_equal(read_twin(self, twin, units), LEXER_DEAD);
    assert_int_not_equal(read_twin(self, twin, cut), LEXER_DEAD); /* units may be cut at a token's end */
    if (promise->limit == UINT32_MAX && promise->is_uniform) assert_int_equal(read_on(self, at, units), at);
    if (promise->limit == count && promise->spent && dies(self, promise->spent, promise->groups))
        assert_int_equal(read_on(self, at, units), promise->spent);
    DfaState lasting = ak_dfa_lasting(&self->dfa, at);
    const DfaProfile *of_lasting = lasting > DFA_DEAD ? ak_dfa_profile(&self->dfa, lasting) : NULL;
    if (!of_lasting || !of_lasting->groups) return;
    count = dice(of_lasting->limit < 60 ? of_lasting->limit + 1 : 60);
    units.length = random_units(of_lasting->groups, count, text);
    assert_int_not_equal(read_twin(self, twin, units), LEXER_DEAD);
}

typedef struct Tally {
    int loops, counts, lasting;
} Tally;

/* Walks at random and tries the promise of every state on the way. */
static void try_walk(Fixture *self, Tally *tally) {
    static const char bytes[] = "xifnt_09 \"\\a*\n\t\xC3\xA9";
    uint32_t all = (UINT32_C(1) << self->count) - 1;
    DfaState at = ak_dfa_start(&self->dfa, &all);
    LexerState twin = ak_lexer_start(&self->lexer, &all);
    for (int step = 0; step < 10 && at > DFA_DEAD; step++) {
        const DfaProfile *promise = dice(2) ? ak_dfa_profile(&self->dfa, at) : ak_dfa_far_profile(&self->dfa, at);
        assert_non_null(promise);
        assert_false(promise->groups & GROUP_BIT(GROUP_MALFORMED));
        for (int tries = 0; promise->groups && tries < 5; tries++) try_promise(self, at, twin, promise);
        if (promise->limit != UINT32_MAX) tally->counts++;
        else if (promise->groups && promise->is_uniform) tally->loops++;
        else if (promise->groups) tally->lasting++;
        char byte = bytes[dice(sizeof bytes - 1)];
        at = read_on(self, at, (Str){&byte, 1}), twin = read_twin(self, twin, (Str){&byte, 1});
    }
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { ROUNDS = 300 };
#else
enum { ROUNDS = 2000 };
#endif

TEST(texts_that_a_profile_promises_never_die) {
    IGNORE_STATE;
    Tally tally = {0};
    for (uint32_t round = 1; round <= ROUNDS; round++) {
        Fixture self;
        seed = round;
        open_random(&self);
        for (int i = 0; i < 20; i++) try_walk(&self, &tally);
        ak_arena_free(&self.arena);
    }
    assert_true(tally.loops > ROUNDS && tally.counts > ROUNDS / 10 && tally.lasting > ROUNDS / 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(identifiers_loop_on_word_groups),
        cmocka_unit_test(a_group_that_is_taken_in_part_is_not_taken),
        cmocka_unit_test(strings_loop_on_what_needs_no_escape),
        cmocka_unit_test(counts_have_a_limit),
        cmocka_unit_test(counts_that_still_need_some_are_not_uniform),
        cmocka_unit_test(counts_beside_a_pattern_go_on_as_far_as_one_looks),
        cmocka_unit_test(counted_code_points_are_units_too),
        cmocka_unit_test(a_name_lasts_where_a_keyword_may_still_be),
        cmocka_unit_test(names_but_keywords_last_and_are_uniform_when_no_keyword_is_left),
        cmocka_unit_test(a_loop_goes_on_while_what_follows_it_is_looked_for),
        cmocka_unit_test(lazy_lexemes_go_on_only_in_loops),
        cmocka_unit_test(fixed_texts_neither_go_on_nor_last),
        cmocka_unit_test(all_code_points_lead_to_one_state_or_they_do_not),
        cmocka_unit_test(texts_that_a_profile_promises_never_die),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
