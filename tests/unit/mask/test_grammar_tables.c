/* A small grammar, laid out: bodies, places, openings. */
#include "../test.h"
#include "mask/grammar_tables.h"

typedef struct Fixture {
    Arena arena;
    Grammar grammar;
    GrammarTables tables;
    Symbol start, list, maybe, a, b;
} Fixture;

static void open_grammar(Fixture *self) {
    Grammar *g = &self->grammar;
    self->arena = ak_arena(NULL);
    assert_true(ak_grammar_init(g, &self->arena, 100000));
    self->a = ak_grammar_literal(g, STR("a")), self->b = ak_grammar_literal(g, STR("b"));
}

/* start: list maybe a | b        list: list b | a        maybe: | b */
static void open_tables(Fixture *self) {
    Grammar *g = &self->grammar;
    open_grammar(self);
    self->start = ak_grammar_rule(g, STR("start")), self->list = ak_grammar_rule(g, STR("list"));
    self->maybe = ak_grammar_rule(g, STR("maybe"));
    ak_grammar_add(g, self->start, (Symbol[]){self->list, self->maybe, self->a}, 3);
    ak_grammar_add(g, self->start, &self->b, 1);
    ak_grammar_add(g, self->list, (Symbol[]){self->list, self->b}, 2);
    ak_grammar_add(g, self->list, &self->a, 1);
    ak_grammar_add(g, self->maybe, NULL, 0);
    ak_grammar_add(g, self->maybe, &self->b, 1);
    assert_true(ak_grammar_seal(g, self->start, NULL));
    assert_true(ak_grammar_tables(&self->tables, g, &self->arena, NULL));
}

static uint32_t number(const Fixture *self, Symbol symbol) {
    return self->grammar.symbols.items[symbol].number;
}

/* "list maybe a" for the body at `dot`; the rule's number is checked at its end. */
static const char *spell(const Fixture *self, Dot dot, uint32_t rule, char *text) {
    const Symbol all[] = {self->start, self->list, self->maybe, self->a, self->b};
    *text = '\0';
    for (; self->tables.places[dot].kind != PLACE_END; dot++) {
        Place place = self->tables.places[dot];
        for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
            const GrammarSymbol *symbol = &self->grammar.symbols.items[all[i]];
            if (symbol->is_terminal != (place.kind == PLACE_TERMINAL) || symbol->number != place.symbol) continue;
            if (*text) strcat(text, " ");
            strncat(text, symbol->name.data, symbol->name.length);
        }
    }
    assert_int_equal(self->tables.places[dot].symbol, rule);
    return text;
}

static void expect_bodies(const Fixture *self, Symbol symbol, const char *first, const char *second) {
    char text[100];
    uint32_t rule = number(self, symbol), from = self->tables.rule_bodies[rule];
    assert_int_equal(self->tables.rule_bodies[rule + 1] - from, 2);
    assert_string_equal(spell(self, self->tables.bodies[from], rule, text), first);
    assert_string_equal(spell(self, self->tables.bodies[from + 1], rule, text), second);
}

TEST(every_body_is_a_run_of_places_that_an_end_closes) {
    IGNORE_STATE;
    Fixture self;
    open_tables(&self);
    assert_int_equal(self.tables.rule_count, 3);
    assert_int_equal(self.tables.terminal_count, 2);
    expect_bodies(&self, self.start, "list maybe \"a\"", "\"b\"");
    expect_bodies(&self, self.list, "list \"b\"", "\"a\"");
    expect_bodies(&self, self.maybe, "", "\"b\"");
    assert_int_equal(self.tables.place_count, 2 + 4 + 2 + 3 + 2 + 1 + 2);
    ak_arena_free(&self.arena);
}

/* start: a roster of a, a dead rule, b and what may come again, between "a" and "b", with "b" for a comma. */
TEST(a_roster_lies_in_one_body_without_what_cannot_come) {
    IGNORE_STATE;
    Fixture self;
    open_grammar(&self);
    Grammar *g = &self.grammar;
    Symbol start = ak_grammar_rule(g, STR("start")), dead = ak_grammar_rule(g, STR("dead")),
           c = ak_grammar_literal(g, STR("c"));
    const RosterEntry entries[] = {{2, 0}, {1, 0}, {0, 0}, {AK_ROSTER_NO_SEAT, 0}};
    const RosterParts parts = {self.a, self.b, c, (Symbol[]){self.a, dead, self.b, c}};
    Roster roster = {.rules = {.seats = 3, .required = 1, .max = AK_ROSTER_MANY}, .entries = entries, .count = 4};
    assert_true(ak_grammar_add_roster(g, start, parts, &roster));
    assert_true(ak_grammar_seal(g, start, NULL) && ak_grammar_tables(&self.tables, g, &self.arena, NULL));
    static const uint8_t kinds[] = {PLACE_TERMINAL, PLACE_PICK, PLACE_TERMINAL, PLACE_PICK, PLACE_TERMINAL, PLACE_TAKE,
                                    PLACE_TERMINAL, PLACE_TAKE, PLACE_TERMINAL, PLACE_TAKE, PLACE_TERMINAL, PLACE_END};
    const Roster *laid = self.tables.rosters;
    assert_int_equal(self.tables.roster_count, 1);
    assert_int_equal(laid->dot, self.tables.bodies[0]);
    for (size_t i = 0; i < sizeof kinds; i++) assert_int_equal(self.tables.places[laid->dot + i].kind, kinds[i]);
    const Symbol symbols[] = {self.a, self.b, c};
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(self.tables.places[ak_roster_entry(laid, i)].symbol, number(&self, symbols[i]));
    assert_int_equal(self.tables.places[ak_roster_closing(laid)].symbol, number(&self, c));
    assert_int_equal(laid->rules.seats, 2); /* nobody would take the dead one's */
    assert_int_equal(laid->entries[0].seat, 1);
    assert_int_equal(laid->entries[1].seat, 0);
    assert_int_equal(laid->entries[2].seat, AK_ROSTER_NO_SEAT);
    ak_arena_free(&self.arena);
}

TEST(a_roster_whose_required_seat_nobody_takes_has_no_text) {
    IGNORE_STATE;
    static const struct {
        RosterRules rules;
        bool has_text;
    } cases[] = {
        {{.seats = 2, .required = 1, .max = AK_ROSTER_MANY}, true},
        {{.seats = 2, .required = 2, .max = AK_ROSTER_MANY}, false},
        {{.seats = 1, .required = 1, .min = 2, .max = AK_ROSTER_MANY}, false},
        {{.seats = 1, .max = 0}, false},
        {{.seats = 1, .demands = 1, .max = AK_ROSTER_MANY}, false},
        {{.seats = 1, .max = 1}, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Fixture self;
        open_grammar(&self);
        Symbol start = ak_grammar_rule(&self.grammar, STR("start"));
        Roster roster = {.rules = cases[i].rules, .entries = &(RosterEntry){0, 0}, .count = 1};
        assert_true(
            ak_grammar_add_roster(&self.grammar, start, (RosterParts){self.a, self.b, self.a, &self.b}, &roster));
        assert_int_equal(ak_grammar_seal(&self.grammar, start, NULL), cases[i].has_text);
        ak_arena_free(&self.arena);
    }
}

TEST(an_extra_rule_holds_the_start_symbol) {
    IGNORE_STATE;
    Fixture self;
    open_tables(&self);
    const Place *start = &self.tables.places[self.tables.start];
    assert_int_equal(start[0].kind, PLACE_RULE);
    assert_int_equal(start[0].symbol, number(&self, self.start));
    assert_int_equal(start[1].kind, PLACE_END);
    assert_int_equal(start[1].symbol, self.tables.start_rule);
    assert_int_equal(self.tables.start_rule, self.tables.rule_count);
    ak_arena_free(&self.arena);
}

TEST(places_of_rules_that_can_be_empty_say_so) {
    IGNORE_STATE;
    Fixture self;
    open_tables(&self);
    for (Dot dot = 0; dot < self.tables.place_count; dot++) {
        Place place = self.tables.places[dot];
        bool is_maybe = place.kind == PLACE_RULE && place.symbol == number(&self, self.maybe);
        assert_int_equal(place.is_nullable, is_maybe);
    }
    ak_arena_free(&self.arena);
}

/* Whether a body of `rule` may begin with the symbol, `count` bodies or places in all. */
static void expect_opening(const Fixture *self, Symbol symbol, Symbol rule, uint32_t count) {
    const uint32_t *starts =
        self->grammar.symbols.items[symbol].is_terminal ? self->tables.terminal_openings : self->tables.rule_openings;
    uint32_t found = 0;
    for (uint32_t i = starts[number(self, symbol)]; i < starts[number(self, symbol) + 1]; i++) {
        Opening opening = self->tables.openings[i];
        assert_int_equal(self->tables.places[opening.dot - 1].symbol, number(self, symbol));
        found += opening.rule == number(self, rule);
    }
    assert_int_equal(found, count);
}

TEST(openings_lead_behind_the_first_symbol_of_bodies) {
    IGNORE_STATE;
    Fixture self;
    open_tables(&self);
    expect_opening(&self, self.list, self.start, 1);
    expect_opening(&self, self.list, self.list, 1);
    expect_opening(&self, self.a, self.list, 1);
    expect_opening(&self, self.a, self.start, 0); /* "list" cannot be empty */
    expect_opening(&self, self.b, self.start, 1);
    expect_opening(&self, self.b, self.list, 0);
    expect_opening(&self, self.b, self.maybe, 1);
    expect_opening(&self, self.maybe, self.start, 0);
    ak_arena_free(&self.arena);
}

/* s: n n a, where n can be empty: s opens with n, twice, and with a. */
TEST(openings_skip_what_can_be_empty) {
    IGNORE_STATE;
    Fixture self = {.arena = ak_arena(NULL)};
    Grammar *g = &self.grammar;
    assert_true(ak_grammar_init(g, &self.arena, 100000));
    self.a = ak_grammar_literal(g, STR("a")), self.b = ak_grammar_literal(g, STR("b"));
    self.start = ak_grammar_rule(g, STR("start")), self.maybe = ak_grammar_rule(g, STR("maybe"));
    ak_grammar_add(g, self.start, (Symbol[]){self.maybe, self.maybe, self.a}, 3);
    ak_grammar_add(g, self.maybe, NULL, 0);
    ak_grammar_add(g, self.maybe, &self.b, 1);
    assert_true(ak_grammar_seal(g, self.start, NULL));
    assert_true(ak_grammar_tables(&self.tables, g, &self.arena, NULL));
    expect_opening(&self, self.maybe, self.start, 2);
    expect_opening(&self, self.a, self.start, 1);
    expect_opening(&self, self.b, self.maybe, 1);
    ak_arena_free(&self.arena);
}

TEST(ignored_texts_are_the_last_lexemes) {
    IGNORE_STATE;
    Fixture self;
    open_grammar(&self);
    Grammar *g = &self.grammar;
    Expr space = ak_expr_byte(&g->exprs, ' '), dash = ak_expr_byte(&g->exprs, '-');
    ak_grammar_ignore(g, space);
    Symbol start = ak_grammar_rule(g, STR("start"));
    ak_grammar_ignore(g, dash);
    Symbol inner = ak_grammar_rule(g, STR("inner"));
    ak_grammar_ignore(g, AK_EXPR_NOTHING);
    Symbol plain = ak_grammar_rule(g, STR("plain"));
    ak_grammar_ignore(g, space);
    assert_int_equal(g->ignored_now, 1);
    ak_grammar_add(g, start, (Symbol[]){inner, plain}, 2);
    ak_grammar_add(g, inner, &self.a, 1);
    ak_grammar_add(g, plain, &self.b, 1);
    assert_true(ak_grammar_seal(g, start, NULL));
    assert_true(ak_grammar_tables(&self.tables, g, &self.arena, NULL));
    assert_int_equal(self.tables.terminal_count, 2);
    assert_int_equal(self.tables.lexeme_count, 4);
    assert_int_equal(self.tables.lexemes[2], space);
    assert_int_equal(self.tables.lexemes[3], dash);
    static const uint16_t ignored[] = {1, 1, 1, 1, 1, 2, 2, 0, 0}; /* the extra rule, start, inner, plain */
    for (Dot dot = 0; dot < self.tables.place_count; dot++)
        assert_int_equal(self.tables.places[dot].ignored, ignored[dot]);
    ak_arena_free(&self.arena);
}

TEST(an_ending_ignores_where_it_has_the_rules_own_ignored_text) {
    IGNORE_STATE;
    GrammarTables tables = {.terminal_count = 5};
    uint32_t ending[] = {1, 4, 5, 7};
    assert_true(ak_tables_is_ignored(&tables, (Place){.ignored = 1}, ending, 4));
    assert_false(ak_tables_is_ignored(&tables, (Place){.ignored = 2}, ending, 4));
    assert_true(ak_tables_is_ignored(&tables, (Place){.ignored = 3}, ending, 4));
    assert_false(ak_tables_is_ignored(&tables, (Place){.ignored = 3}, ending, 3));
    assert_false(ak_tables_is_ignored(&tables, (Place){.ignored = 0}, ending, 2));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_body_is_a_run_of_places_that_an_end_closes),
        cmocka_unit_test(a_roster_lies_in_one_body_without_what_cannot_come),
        cmocka_unit_test(a_roster_whose_required_seat_nobody_takes_has_no_text),
        cmocka_unit_test(an_extra_rule_holds_the_start_symbol),
        cmocka_unit_test(places_of_rules_that_can_be_empty_say_so),
        cmocka_unit_test(openings_lead_behind_the_first_symbol_of_bodies),
        cmocka_unit_test(openings_skip_what_can_be_empty),
        cmocka_unit_test(ignored_texts_are_the_last_lexemes),
        cmocka_unit_test(an_ending_ignores_where_it_has_the_rules_own_ignored_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
