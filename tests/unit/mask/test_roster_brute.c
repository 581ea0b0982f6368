/* Rosters against themselves written out: random grammars with rosters, and the same with a rule for each state, whose bodies are the entries that may
 * come. The latter has no roster in it and shares nothing with their bookkeeping: what leads nowhere is removed by sealing. Masks must be the same at every step of
 * random walks, in both engines, also of programs that were saved; completions must be texts of both. */
#include "../test.h"
#include "base/bitset.h"
#include "mask/program_file.h"
#include "mask/reference.h"
#include <ananke/matcher.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { GRAMMARS = 60 };
#else
enum { GRAMMARS = 600 };
#endif
enum { RULES = 3, BODIES = 3, PARTS = 3, ENTRIES = 5, SEATS = 4, DEMANDS = 2, COUNTS = 6, TERMINALS = 6, STEPS = 14 };

static uint32_t seed;

static uint32_t dice(uint32_t sides) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % sides;
}

/* ---- Random grammars: parts below RULES are rules, those from there on terminals, the last one an optional terminal */

typedef struct Body {
    bool is_roster;
    int count, parts[ENTRIES]; /* of a roster: its entries */
    int opening, comma, closing;
    RosterRules rules;
    RosterEntry entries[ENTRIES];
} Body;

typedef struct Source {
    Body bodies[RULES][BODIES];
    bool is_ignoring;
    bool is_written_out;
} Source;

static const char *const terminals[TERMINALS] = {"a", "b", "ab", "ba", "c", "cc"};

static int random_part(void) {
    return dice(3) ? RULES + (int)dice(TERMINALS) : (int)dice(RULES);
}

static int random_terminal(void) {
    return RULES + (int)dice(TERMINALS);
}

static Body random_roster(void) {
    Body body = {.is_roster = true, .count = (int)dice(ENTRIES + 1)};
    RosterRules rules = {.seats = dice(SEATS + 1), .demands = dice(3) ? 0 : 1 + dice(DEMANDS), .max = AK_ROSTER_MANY};
    rules.required = dice(rules.seats + 1);
    if (!rules.demands && dice(2)) rules.min = dice(4);
    if (!rules.demands && dice(2)) rules.max = rules.min + dice(3);
    body.rules = rules;
    body.opening = random_terminal(), body.comma = dice(4) ? random_terminal() : RULES + TERMINALS,
    body.closing = random_part();
    for (int i = 0; i < body.count; i++) {
        bool has_seat = rules.seats && dice(4);
        body.parts[i] = random_part();
        body.entries[i].seat = has_seat ? dice(rules.seats) : AK_ROSTER_NO_SEAT;
        body.entries[i].demands = dice(1u << rules.demands);
    }
    return body;
}

static Body random_sequence(void) {
    Body body = {.count = (int)dice(PARTS + 1)};
    for (int i = 0; i < body.count; i++) body.parts[i] = random_part();
    return body;
}

static void random_source(Source *self) {
    for (int rule = 0; rule < RULES; rule++) {
        for (int b = 0; b < BODIES; b++) {
            bool is_roster = b == 0 ? rule == 0 || dice(2) : dice(4) == 0;
            self->bodies[rule][b] = is_roster ? random_roster() : random_sequence();
        }
    }
    self->is_ignoring = dice(3) == 0;
}

/* ---- Building them, in both ways */

typedef struct Build {
    Grammar *grammar;
    Symbol symbols[RULES + TERMINALS + 1];
} Build;

static void add_roster(Build *self, Symbol rule, const Body *body) {
    Symbol entries[ENTRIES];
    for (int i = 0; i < body->count; i++) entries[i] = self->symbols[body->parts[i]];
    RosterParts parts = {self->symbols[body->opening], self->symbols[body->comma], self->symbols[body->closing],
                         entries};
    Roster roster = {.rules = body->rules, .entries = body->entries, .count = (uint32_t)body->count};
    assert_true(ak_roster_is_sound(&roster.rules, roster.entries, roster.count));
    assert_true(ak_grammar_add_roster(self->grammar, rule, parts, &roster));
}

typedef struct State {
    uint32_t taken, met, count;
} State;

static bool comes(const RosterRules *rules, RosterEntry entry, State *state) {
    uint32_t seat = entry.seat == AK_ROSTER_NO_SEAT ? 0 : 1u << entry.seat;
    if (state->taken & seat || state->met & entry.demands || state->count >= rules->max) return false;
    state->taken |= seat, state->met |= entry.demands;
    if (state->count < COUNTS) state->count++; /* no bound is that high */
    return true;
}

/* What may stand behind an entry: the closing, or a comma, an entry, and what may stand behind that. */
static Symbol written_out(Build *self, const Body *body, State state,
                          Symbol known[1 << SEATS][1 << DEMANDS][COUNTS + 1]) {
    Symbol *slot = &known[state.taken][state.met][state.count];
    const RosterRules *rules = &body->rules;
    if (*slot) return *slot;
    Symbol rule = *slot = ak_grammar_rule(self->grammar, STR(""));
    bool is_whole = (~state.taken & ((1u << rules->required) - 1)) == 0 && state.met + 1 == 1u << rules->demands &&
                    state.count >= rules->min;
    if (is_whole) ak_grammar_add(self->grammar, rule, &self->symbols[body->closing], 1);
    for (int i = 0; i < body->count; i++) {
        State behind = state;
        if (!comes(rules, body->entries[i], &behind)) continue;
        Symbol parts[] = {self->symbols[body->comma], self->symbols[body->parts[i]],
                          written_out(self, body, behind, known)};
        ak_grammar_add(self->grammar, rule, parts, 3);
    }
    return rule;
}

static void add_written_out(Build *self, Symbol rule, const Body *body) {
    Symbol known[1 << SEATS][1 << DEMANDS][COUNTS + 1] = {0};
    for (int i = 0; i < body->count; i++) {
        State behind = {0};
        if (!comes(&body->rules, body->entries[i], &behind)) continue;
        Symbol parts[] = {self->symbols[body->opening], self->symbols[body->parts[i]],
                          written_out(self, body, behind, known)};
        ak_grammar_add(self->grammar, rule, parts, 3);
    }
}

static bool build(Grammar *grammar, const void *from, const char *file, Symbol *start, ananke_error *err) {
    const Source *source = from;
    Build self = {.grammar = grammar};
    (void)file;
    if (source->is_ignoring) ak_grammar_ignore(grammar, ak_expr_byte(&grammar->exprs, ' '));
    for (int rule = 0; rule < RULES; rule++) self.symbols[rule] = ak_grammar_rule(grammar, STR(""));
    for (int t = 0; t < TERMINALS; t++) self.symbols[RULES + t] = ak_grammar_literal(grammar, ak_str(terminals[t]));
    self.symbols[RULES + TERMINALS] = ak_grammar_optional(grammar, self.symbols[RULES]);
    for (int rule = 0; rule < RULES; rule++) {
        for (int b = 0; b < BODIES; b++) {
            const Body *body = &source->bodies[rule][b];
            Symbol parts[PARTS];
            for (int i = 0; i < body->count && !body->is_roster; i++) parts[i] = self.symbols[body->parts[i]];
            if (!body->is_roster) ak_grammar_add(grammar, self.symbols[rule], parts, (size_t)body->count);
            else if (source->is_written_out) add_written_out(&self, self.symbols[rule], body);
            else add_roster(&self, self.symbols[rule], body);
        }
    }
    *start = self.symbols[0];
    return ak_grammar_ok(grammar, err);
}

static ananke_program *compile(Source *source, bool is_written_out, const ananke_vocab *vocab) {
    ananke_error err = {0};
    source->is_written_out = is_written_out;
    ananke_program *program = ak_program_build_from(build, source, vocab, NULL, &err);
    if (!program) assert_int_equal(err.code, ANANKE_ERROR_CONFLICT);
    return program;
}

static ananke_program *save_and_load(const ananke_program *program, const ananke_vocab *vocab) {
    Arena arena = ak_arena(NULL);
    ananke_error err = {0};
    Str content = ak_program_file_content(program, &arena, &err);
    ananke_program *back = ak_program_file_read(content, NULL, vocab, NULL, &err);
    if (!back) fail_msg("%s", err.message);
    ak_arena_free(&arena);
    return back;
}

/* ---- The comparison */

static ananke_vocab *random_vocab(void) {
    enum { WORDS = 120 };
    static uint8_t text[WORDS + 4][6];
    static const uint8_t *tokens[WORDS + 5];
    static size_t lengths[WORDS + 5];
    for (uint32_t i = 0; i < WORDS + 4; i++) {
        lengths[i] = i < 4 ? 1 : 2 + dice(4), tokens[i] = text[i];
        for (size_t k = 0; k < lengths[i]; k++) text[i][k] = (uint8_t) "abc "[i < 4 ? i : dice(4)];
    }
    uint32_t eos = WORDS + 4;
    return ananke_vocab_from_tokens(tokens, lengths, WORDS + 5, &eos, 1, NULL, NULL);
}

enum { WAYS = 3 }; /* with rosters, saved and loaded, written out */

typedef struct Tally {
    int masks, dead, completions, incomplete;
} Tally;

static void check_completion(ananke_matcher *const *matchers, Tally *tally) {
    uint8_t text[512];
    size_t length = ananke_matcher_completion(matchers[0], text, sizeof text);
    if (length == SIZE_MAX) {
        tally->incomplete++;
        return;
    }
    tally->completions++;
    assert_true(length <= sizeof text);
    ananke_matcher *fork = ananke_matcher_fork(matchers[WAYS - 1], NULL);
    assert_true(ananke_matcher_consume_bytes(fork, text, length, NULL) && ananke_matcher_is_accepting(fork));
    ananke_matcher_free(fork);
}

/* A random token of the mask, not the end; UINT32_MAX: there is none. */
static uint32_t choose(const uint32_t *row, uint32_t size) {
    uint32_t chosen = UINT32_MAX, seen = 0;
    for (uint32_t token = 0; token + 1 < size; token++) {
        if (ak_bits_get(row, token) && dice(++seen) == 0) chosen = token;
    }
    return chosen;
}

static void walk(ananke_program *const *programs, const ananke_vocab *vocab, Tally *tally) {
    uint32_t size = ananke_vocab_size(vocab), rows[WAYS + 1][8] = {0};
    size_t words = ak_bits_words(size);
    ananke_matcher *matchers[WAYS];
    for (int w = 0; w < WAYS; w++) matchers[w] = ananke_matcher_new(programs[w], NULL);
    Reference *reference = ak_reference_new(programs[0], NULL);
    for (int step = 0; step < STEPS; step++) {
        for (int w = 0; w < WAYS; w++) assert_true(ananke_matcher_fill_mask(matchers[w], rows[w], words, NULL));
        assert_true(ak_reference_fill_mask(reference, rows[WAYS], words, NULL));
        for (int w = 0; w < WAYS; w++) assert_memory_equal(rows[w], rows[WAYS], words * sizeof **rows);
        check_completion(matchers, tally);
        tally->masks++;
        uint32_t token = choose(rows[0], size);
        if (token == UINT32_MAX) break;
        for (int w = 0; w < WAYS; w++) assert_true(ananke_matcher_consume(matchers[w], token, NULL));
        assert_true(ak_reference_consume(reference, token, NULL));
    }
    for (int w = 0; w < WAYS; w++) ananke_matcher_free(matchers[w]);
    ak_reference_free(reference);
}

TEST(rosters_are_what_they_are_written_out) {
    IGNORE_STATE;
    Tally tally = {0};
    ananke_vocab *vocab = random_vocab();
    for (uint32_t round = 1; round <= GRAMMARS; round++) {
        static Source source;
        seed = round;
        random_source(&source);
        ananke_program *with = compile(&source, false, vocab), *without = compile(&source, true, vocab);
        if (!with != !without) print_error("round %u\n", round);
        assert_int_equal(!with, !without);
        tally.dead += !with;
        if (!with) continue;
        ananke_program *programs[WAYS] = {with, save_and_load(with, vocab), without};
        for (int i = 0; i < 3; i++) walk(programs, vocab, &tally);
        for (int w = 0; w < WAYS; w++) ananke_program_free(programs[w]);
    }
    print_message("%d masks; %d grammars without a text; %d completions, %d without one\n", tally.masks, tally.dead,
                  tally.completions, tally.incomplete);
    assert_true(tally.masks > 5 * GRAMMARS && tally.completions > 50 * tally.incomplete);
    ananke_vocab_free(vocab);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rosters_are_what_they_are_written_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
