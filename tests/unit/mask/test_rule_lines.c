/* Lines of rules of random tables, against going from rule to rule. */
#include "../test.h"
#include "base/bitset.h"
#include "mask/rule_lines.h"

enum { RULES_MAX = 12, PLACES_MAX = RULES_MAX * 3 * 4, TABLES = 3000, NONE = UINT32_MAX };

static uint32_t seed = 1;

static uint32_t dice(uint32_t sides) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % sides;
}

typedef struct Random {
    Arena arena;
    Place places[PLACES_MAX];
    Dot bodies[RULES_MAX * 3];
    uint32_t rule_bodies[RULES_MAX + 1], limits[RULES_MAX];
    GrammarTables tables;
} Random;

/* Bodies of a few rules or terminals, mostly one, so that there are lines. */
static void make_tables(Random *self) {
    *self = (Random){.arena = ak_arena(NULL)};
    uint32_t rules = 2 + dice(RULES_MAX - 1), place = 0, body = 0;
    for (uint32_t r = 0; r < rules; r++) {
        self->rule_bodies[r] = body;
        self->limits[r] = dice(8) == 0;
        for (uint32_t bodies = 1 + dice(2); bodies; bodies--) {
            self->bodies[body++] = place;
            for (uint32_t parts = dice(5) ? 1 : dice(4); parts; parts--) {
                bool is_rule = dice(3);
                self->places[place++] = (Place){.kind = is_rule ? PLACE_RULE : PLACE_TERMINAL,
                                                .is_nullable = is_rule && dice(6) == 0,
                                                .symbol = is_rule ? dice(rules) : 0};
            }
            self->places[place++] = (Place){.kind = PLACE_END, .symbol = r};
        }
    }
    self->rule_bodies[rules] = body;
    self->tables =
        (GrammarTables){.rule_count = rules, .terminal_count = 1, .places = self->places, .place_count = place};
    self->tables.bodies = self->bodies, self->tables.rule_bodies = self->rule_bodies;
    self->tables.rule_limits = self->limits;
    assert_true(ak_tables_find_openings(&self->tables, &self->arena));
}

/* The only rule that begins with this one, when it ends with it, too. */
static uint32_t caller(const GrammarTables *tables, uint32_t rule) {
    uint32_t found = NONE, count = 0;
    for (uint32_t r = 0; r < tables->rule_count; r++) {
        for (uint32_t b = tables->rule_bodies[r]; b < tables->rule_bodies[r + 1]; b++) {
            for (Dot dot = tables->bodies[b]; tables->places[dot].kind != PLACE_END; dot++) {
                Place place = tables->places[dot];
                bool is_it = place.kind == PLACE_RULE && place.symbol == rule;
                count += is_it;
                if (is_it && tables->places[dot + 1].kind == PLACE_END) found = r;
                if (!place.is_nullable) break;
            }
        }
    }
    return count == 1 && !ak_tables_is_limited(tables, rule) ? found : (uint32_t)NONE;
}

static bool is_in_a_circle(const GrammarTables *tables, uint32_t rule) {
    uint32_t at = caller(tables, rule);
    for (uint32_t i = 0; i < tables->rule_count && at != NONE && at != rule; i++) at = caller(tables, at);
    return at == rule;
}

/* Up the line until one is waited for. */
static uint32_t entry(const GrammarTables *tables, const RuleLine *lines, uint32_t rule, const uint32_t *waits,
                      uint32_t count) {
    for (;; rule = caller(tables, rule)) {
        for (uint32_t i = 0; i < count; i++) {
            if (waits[i] == rule) return rule;
        }
        if (lines[rule].first == rule) return rule;
    }
}

TEST(lines_are_entered_where_the_last_of_their_rules_is_waited_for) {
    IGNORE_STATE;
    static Random random;
    uint32_t longest = 0;
    for (int t = 0; t < TABLES; t++) {
        make_tables(&random);
        const GrammarTables *tables = &random.tables;
        const RuleLine *lines = ak_rule_lines(tables, &random.arena);
        assert_non_null(lines);
        for (uint32_t r = 0; r < tables->rule_count; r++) {
            uint32_t length = 0;
            for (uint32_t at = r; lines[at].first != at; at = caller(tables, at)) length++;
            if (length > longest) longest = length;
            if (length == 0) assert_true(caller(tables, r) == NONE || is_in_a_circle(tables, r));
            uint32_t waits[3], count = dice(4);
            for (uint32_t i = 0; i < count; i++) waits[i] = dice(tables->rule_count);
            assert_int_equal(ak_rule_lines_entry(lines, r, waits, count), entry(tables, lines, r, waits, count));
        }
        ak_arena_free(&random.arena);
    }
    assert_true(longest >= 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(lines_are_entered_where_the_last_of_their_rules_is_waited_for)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
