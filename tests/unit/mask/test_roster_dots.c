/* Dots in a roster of a, b and c, the first of which is required, and d, which may come again. */
#include "../test.h"
#include "mask/roster_dots.h"

enum { A, B, C, D, ENTRIES };

typedef struct Fixture {
    Arena arena;
    Grammar grammar;
    GrammarTables tables;
    RosterDots dots;
    const Roster *roster;
} Fixture;

static void open_dots(Fixture *self) {
    static const RosterEntry entries[] = {{0, 0}, {1, 0}, {2, 0}, {AK_ROSTER_NO_SEAT, 0}};
    Grammar *g = &self->grammar;
    self->arena = ak_arena(NULL);
    assert_true(ak_grammar_init(g, &self->arena, 100000));
    Symbol start = ak_grammar_rule(g, STR("start")), names[ENTRIES];
    for (size_t i = 0; i < ENTRIES; i++) names[i] = ak_grammar_literal(g, (Str){&"abcd"[i], 1});
    const RosterParts parts = {ak_grammar_literal(g, STR("(")), ak_grammar_literal(g, STR(",")),
                               ak_grammar_literal(g, STR(")")), names};
    const Roster roster = {
        .rules = {.seats = 3, .required = 1, .max = AK_ROSTER_MANY}, .entries = entries, .count = ENTRIES};
    assert_true(ak_grammar_add_roster(g, start, parts, &roster) && ak_grammar_seal(g, start, NULL) &&
                ak_grammar_tables(&self->tables, g, &self->arena, NULL) &&
                ak_dots_init(&self->dots, &self->tables, &self->arena));
    self->roster = self->tables.rosters;
}

/* The one of those found that is at the place. */
static Dot found_at(const Fixture *self, Dot place) {
    for (size_t i = 0; i < self->dots.found.count; i++) {
        if (ak_dots_base(&self->dots, self->dots.found.items[i]) == place) return self->dots.found.items[i];
    }
    return UINT32_MAX;
}

/* From before an entry that may come, at a PLACE_PICK, to the one behind the comma that follows it. */
static Dot pick(Fixture *self, Dot dot, uint32_t entry) {
    assert_true(ak_dots_follow(&self->dots, dot));
    dot = found_at(self, ak_roster_entry(self->roster, entry));
    assert_true(dot != UINT32_MAX);
    assert_int_equal(ak_dots_place(&self->dots, dot + 1).kind, PLACE_TAKE);
    assert_true(ak_dots_follow(&self->dots, dot + 1));
    dot = found_at(self, ak_roster_comma(self->roster));
    assert_true(dot != UINT32_MAX);
    assert_int_equal(ak_dots_place(&self->dots, dot + 1).kind, PLACE_PICK);
    return dot + 1;
}

TEST(every_order_leads_to_one_dot) {
    IGNORE_STATE;
    Fixture self;
    open_dots(&self);
    Dot start = self.roster->dot + 1, ab = pick(&self, pick(&self, start, A), B);
    uint32_t count = ak_dots_count(&self.dots);
    assert_true(ab >= self.tables.place_count && ab < count);
    assert_int_equal(pick(&self, pick(&self, start, A), B), ab);
    assert_int_equal(ak_dots_count(&self.dots), count); /* all that was known */
    assert_int_equal(pick(&self, pick(&self, start, B), A), ab);
    assert_int_equal(pick(&self, ab, D), ab);                                  /* it takes no seat */
    assert_int_equal(pick(&self, start, D), ak_roster_comma(self.roster) + 1); /* nothing is taken: the place itself */
    ak_arena_free(&self.arena);
}

TEST(what_has_come_does_not_come_again_and_what_must_comes_before_the_closing) {
    IGNORE_STATE;
    Fixture self;
    open_dots(&self);
    Dot start = self.roster->dot + 1, b = pick(&self, start, B), bd = pick(&self, b, D);
    assert_int_equal(found_at(&self, ak_roster_closing(self.roster)), UINT32_MAX);
    assert_true(ak_dots_follow(&self.dots, bd));
    assert_int_equal(self.dots.found.count, 3); /* a, c, d */
    assert_int_equal(found_at(&self, ak_roster_entry(self.roster, B)), UINT32_MAX);
    pick(&self, bd, A);
    assert_int_equal(found_at(&self, ak_roster_closing(self.roster)), ak_roster_closing(self.roster)); /* stateless */
    ak_arena_free(&self.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_order_leads_to_one_dot),
        cmocka_unit_test(what_has_come_does_not_come_again_and_what_must_comes_before_the_closing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
