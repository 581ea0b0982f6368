/* What may come in a roster, against a search of all ways. */
#include "../test.h"
#include "mask/roster.h"

enum { ENTRIES = 5, SEATS = 4, DEMANDS = 2, CAP = 6, ROSTERS = 2000 };

static uint32_t seed;

static uint32_t dice(uint32_t sides) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % sides;
}

typedef struct State {
    uint32_t taken, met, count;
} State;

/* Which states a search has come to. */
typedef bool Seen[1 << SEATS][1 << DEMANDS][CAP + 1];

static bool comes(const Roster *roster, uint32_t entry, State *state) {
    RosterEntry it = roster->entries[entry];
    uint32_t seat = it.seat == AK_ROSTER_NO_SEAT ? 0 : 1u << it.seat;
    if (state->taken & seat || state->met & it.demands || state->count >= roster->rules.max) return false;
    state->taken |= seat, state->met |= it.demands;
    if (state->count < CAP) state->count++; /* bounds are lower */
    return true;
}

static bool is_whole(const RosterRules *rules, State state) {
    return !(~state.taken & ((1u << rules->required) - 1)) && state.met + 1 == 1u << rules->demands &&
           state.count >= rules->min;
}

static bool can_close(const Roster *roster, State state, Seen seen) {
    bool *is_seen = &seen[state.taken][state.met][state.count], found = is_whole(&roster->rules, state);
    if (*is_seen) return found;
    *is_seen = true;
    for (uint32_t entry = 0; entry < roster->count && !found; entry++) {
        State behind = state;
        found = comes(roster, entry, &behind) && can_close(roster, behind, seen);
    }
    return found;
}

/* Compares everything that may come at the state, and then behind it. */
static size_t compare(const Roster *roster, State state, const uint32_t *words, Seen seen) {
    bool *is_seen = &seen[state.taken][state.met][state.count], has_more = false;
    size_t compared = 1;
    uint32_t behind[AK_ROSTER_SEATS + 1], room[AK_ROSTER_SEATS + 1];
    if (*is_seen) return 0;
    *is_seen = true;
    if (state.count) assert_int_equal(ak_roster_is_whole(roster, words), is_whole(&roster->rules, state));
    for (uint32_t entry = 0; entry < roster->count; entry++) {
        Seen tried = {0};
        State next = state;
        bool may_come = comes(roster, entry, &next) && can_close(roster, next, tried);
        assert_int_equal(ak_roster_take(roster, words, entry, behind), may_come);
        has_more = has_more || may_come;
        if (may_come) compared += compare(roster, next, behind, seen);
    }
    assert_int_equal(ak_roster_has_more(roster, words, room), has_more);
    return compared;
}

TEST(an_entry_comes_when_there_is_a_way_to_the_closing) {
    IGNORE_STATE;
    size_t compared = 0;
    for (seed = 1; seed <= ROSTERS;) {
        Arena arena = ak_arena(NULL);
        RosterEntry entries[ENTRIES];
        uint32_t kept = seed, beginning[AK_ROSTER_SEATS + 1] = {0};
        RosterRules rules = {
            .seats = dice(SEATS + 1), .demands = dice(2) ? 0 : dice(DEMANDS + 1), .max = AK_ROSTER_MANY};
        rules.required = dice(rules.seats + 1);
        if (!rules.demands && dice(2)) rules.min = dice(4);
        if (!rules.demands && dice(2)) rules.max = rules.min + dice(3);
        Roster roster = {.rules = rules, .entries = entries, .count = dice(ENTRIES + 1)};
        for (uint32_t i = 0; i < roster.count; i++) {
            entries[i].seat = rules.seats && dice(4) ? dice(rules.seats) : AK_ROSTER_NO_SEAT;
            entries[i].demands = dice(1u << rules.demands);
        }
        assert_true(ak_roster_is_sound(&rules, entries, roster.count) && ak_roster_prepare(&roster, &arena));
        assert_int_equal(ak_roster_words(&roster), AK_ROSTER_SEATS + (rules.seats > 0));
        Seen seen = {0};
        compared += compare(&roster, (State){0}, beginning, seen);
        ak_arena_free(&arena);
        seed = kept + 1;
    }
    assert_true(compared > 2 * ROSTERS);
}

/* More seats than a word has bits. */
TEST(a_hundred_seats_are_taken_one_by_one) {
    IGNORE_STATE;
    enum { MANY = 100 };
    Arena arena = ak_arena(NULL);
    RosterEntry entries[MANY] = {0};
    uint32_t states[2][AK_ROSTER_SEATS + 4] = {0};
    for (uint32_t i = 0; i < MANY; i++) entries[i].seat = i;
    Roster roster = {
        .rules = {.seats = MANY, .required = 70, .max = AK_ROSTER_MANY}, .entries = entries, .count = MANY};
    assert_true(ak_roster_prepare(&roster, &arena));
    for (uint32_t i = 0; i < MANY; i++) {
        uint32_t entry = i * 37 % MANY, *here = states[i % 2], *behind = states[1 - i % 2];
        bool is_missing = false;
        for (uint32_t k = i; k < MANY; k++) is_missing = is_missing || k * 37 % MANY < 70;
        assert_int_equal(ak_roster_is_whole(&roster, here), !is_missing);
        assert_true(ak_roster_take(&roster, here, entry, behind));
        assert_false(ak_roster_take(&roster, behind, entry, here));
    }
    ak_arena_free(&arena);
}

TEST(rules_and_entries_fit) {
    IGNORE_STATE;
    static const struct {
        RosterRules rules;
        RosterEntry entry;
        bool is_sound;
    } cases[] = {
        {{.seats = 2, .required = 2, .max = AK_ROSTER_MANY}, {1, 0}, true},
        {{.seats = 2, .required = 3, .max = AK_ROSTER_MANY}, {1, 0}, false},
        {{.seats = 2, .max = AK_ROSTER_MANY}, {2, 0}, false},
        {{.seats = 2, .max = AK_ROSTER_MANY}, {AK_ROSTER_NO_SEAT, 0}, true},
        {{.demands = 1, .max = AK_ROSTER_MANY}, {AK_ROSTER_NO_SEAT, 1}, true},
        {{.demands = 1, .max = AK_ROSTER_MANY}, {AK_ROSTER_NO_SEAT, 2}, false},
        {{.demands = AK_ROSTER_DEMANDS_MAX + 1, .max = AK_ROSTER_MANY}, {AK_ROSTER_NO_SEAT, 1}, false},
        {{.demands = 1, .max = 3}, {AK_ROSTER_NO_SEAT, 1}, false},
        {{.demands = 1, .min = 2, .max = AK_ROSTER_MANY}, {AK_ROSTER_NO_SEAT, 1}, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(ak_roster_is_sound(&cases[i].rules, &cases[i].entry, 1), cases[i].is_sound);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entry_comes_when_there_is_a_way_to_the_closing),
        cmocka_unit_test(a_hundred_seats_are_taken_one_by_one),
        cmocka_unit_test(rules_and_entries_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
