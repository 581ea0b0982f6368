/* Laying a sealed grammar out: every body is a run of places, every way for a rule to begin is an opening. All of it
 * takes time and room linear in the grammar. */
#include "mask/grammar_tables.h"
#include "base/bitset.h"

static Place place_of(const Grammar *grammar, Symbol symbol, Symbol left) {
    const GrammarSymbol *info = &grammar->symbols.items[symbol];
    return (Place){.kind = info->is_terminal ? PLACE_TERMINAL : PLACE_RULE,
                   .is_nullable = info->is_nullable,
                   .ignored = grammar->symbols.items[left].ignored,
                   .symbol = info->number};
}

/* The first dots of all bodies, rule by rule. */
static bool lay_bodies(GrammarTables *self, const Grammar *grammar, Arena *arena, const Dot *starts) {
    self->bodies = ak_new_array(arena, Dot, grammar->bodies.count);
    self->rule_bodies = ak_new_array(arena, uint32_t, self->rule_count + (size_t)1);
    if (!ak_arena_ok(arena)) return false;
    for (size_t b = 0; b < grammar->bodies.count; b++)
        self->rule_bodies[grammar->symbols.items[grammar->bodies.items[b].left].number]++;
    for (uint32_t r = 1; r <= self->rule_count; r++) self->rule_bodies[r] += self->rule_bodies[r - 1];
    for (size_t b = grammar->bodies.count; b > 0; b--)
        self->bodies[--self->rule_bodies[grammar->symbols.items[grammar->bodies.items[b - 1].left].number]] =
            starts[b - 1];
    return true;
}

static bool is_entry_live(const Grammar *grammar, const GrammarBody *body, uint32_t entry) {
    return grammar->symbols.items[grammar->parts.items[body->first + AK_ROSTER_ENTRIES + entry]].is_live;
}

/* Numbers the seats that some entry takes anew, without gaps; the required ones are among them. */
static bool number_seats(Roster *self, RosterEntry *entries, Arena *scratch) {
    uint32_t *numbers = ak_new_array(scratch, uint32_t, self->rules.seats), count = 0;
    if (!numbers) return false;
    for (uint32_t i = 0; i < self->count; i++) {
        if (entries[i].seat != AK_ROSTER_NO_SEAT) numbers[entries[i].seat] = 1;
    }
    for (uint32_t seat = 0; seat < self->rules.seats; seat++) numbers[seat] = numbers[seat] ? count++ : 0;
    for (uint32_t i = 0; i < self->count; i++) {
        if (entries[i].seat != AK_ROSTER_NO_SEAT) entries[i].seat = numbers[entries[i].seat];
    }
    self->rules.seats = count;
    return true;
}

/* The entries that can come, and where it lies. */
static bool lay_roster(Roster *self, const Grammar *grammar, const GrammarBody *body, Arena *arena, Dot dot) {
    RosterEntry *entries = ak_new_array(arena, RosterEntry, body->roster->count);
    if (!entries) return false;
    *self = (Roster){.rules = body->roster->rules, .entries = entries, .dot = dot};
    for (uint32_t i = 0; i < body->roster->count; i++) {
        if (is_entry_live(grammar, body, i)) entries[self->count++] = body->roster->entries[i];
    }
    return number_seats(self, entries, grammar->arena) && ak_roster_prepare(self, arena);
}

/* The places of a roster but for its end; where that is. */
static Dot lay_roster_places(GrammarTables *self, const Grammar *grammar, const GrammarBody *body, uint32_t number) {
    const Symbol *parts = grammar->parts.items + body->first;
    const Place pick = {.kind = PLACE_PICK, .symbol = number}, take = {.kind = PLACE_TAKE, .symbol = number};
    Place *at = self->places + self->rosters[number].dot;
    *at++ = place_of(grammar, parts[0], body->left), *at++ = pick;
    *at++ = place_of(grammar, parts[1], body->left), *at++ = pick;
    for (uint32_t i = 0; i < body->roster->count; i++) {
        if (!is_entry_live(grammar, body, i)) continue;
        *at++ = place_of(grammar, parts[AK_ROSTER_ENTRIES + i], body->left), *at++ = take;
    }
    *at++ = place_of(grammar, parts[2], body->left);
    return (Dot)(at - self->places);
}

/* How many places all bodies take, and how many of them are rosters. */
static size_t count_places(const Grammar *grammar, uint32_t *rosters) {
    size_t count = 2;
    *rosters = 0;
    for (size_t b = 0; b < grammar->bodies.count; b++) {
        const GrammarBody *body = &grammar->bodies.items[b];
        count += (body->roster ? 2 : 1) * (size_t)body->count + 1;
        *rosters += body->roster != NULL;
    }
    return count;
}

/* Every body is a run of places that an end closes. */
static bool lay_places(GrammarTables *self, const Grammar *grammar, Arena *arena) {
    Dot *starts = ak_new_array(grammar->arena, Dot, grammar->bodies.count); /* where each body begins */
    self->places = ak_new_array(arena, Place, count_places(grammar, &self->roster_count));
    self->rosters = ak_new_array(arena, Roster, self->roster_count);
    if (!ak_arena_ok(arena) || !starts) return false;
    Dot at = 0;
    uint32_t rosters = 0;
    uint16_t start_ignored = grammar->symbols.items[grammar->start].ignored;
    self->places[at++] = place_of(grammar, grammar->start, grammar->start);
    self->places[at++] = (Place){.kind = PLACE_END, .ignored = start_ignored, .symbol = self->start_rule};
    for (size_t b = 0; b < grammar->bodies.count; b++) {
        const GrammarBody *body = &grammar->bodies.items[b];
        starts[b] = at;
        if (body->roster) {
            if (!lay_roster(&self->rosters[rosters], grammar, body, arena, at)) return false;
            at = lay_roster_places(self, grammar, body, rosters++);
        }
        for (uint32_t i = 0; i < body->count && !body->roster; i++)
            self->places[at++] = place_of(grammar, grammar->parts.items[body->first + i], body->left);
        const GrammarSymbol *left = &grammar->symbols.items[body->left];
        self->places[at++] = (Place){.kind = PLACE_END, .ignored = left->ignored, .symbol = left->number};
    }
    self->place_count = at;
    return lay_bodies(self, grammar, arena, starts);
}

/* Each opening: `rule` may begin with the symbol before `dot`. With `openings` NULL they are only counted. */
static void visit_openings(GrammarTables *self, uint32_t rule, Opening *openings) {
    for (uint32_t i = self->rule_bodies[rule]; i < self->rule_bodies[rule + 1]; i++) {
        for (Dot dot = self->bodies[i]; self->places[dot].kind != PLACE_END; dot++) {
            const Place *place = &self->places[dot];
            uint32_t *slot = place->kind == PLACE_TERMINAL ? &self->terminal_openings[place->symbol]
                                                           : &self->rule_openings[place->symbol];
            if (openings) openings[--*slot] = (Opening){rule, dot + 1};
            else ++*slot;
            if (!place->is_nullable) break;
        }
    }
}

bool ak_tables_find_openings(GrammarTables *self, Arena *arena) {
    self->terminal_openings = ak_new_array(arena, uint32_t, self->terminal_count + (size_t)1);
    self->rule_openings = ak_new_array(arena, uint32_t, self->rule_count + (size_t)1);
    if (!ak_arena_ok(arena)) return false;
    for (uint32_t r = 0; r < self->rule_count; r++) visit_openings(self, r, NULL);
    uint32_t total = 0;
    for (uint32_t t = 0; t <= self->terminal_count; t++) total = self->terminal_openings[t] += total;
    for (uint32_t r = 0; r <= self->rule_count; r++) total = self->rule_openings[r] += total;
    self->openings = ak_new_array(arena, Opening, total);
    if (!self->openings) return false;
    for (uint32_t r = 0; r < self->rule_count; r++) visit_openings(self, r, self->openings);
    return true;
}

static bool lay_lexemes(GrammarTables *self, const Grammar *grammar, Arena *arena) {
    self->lexemes = ak_new_array(arena, Expr, self->lexeme_count);
    self->lazy = ak_new_array(arena, uint32_t, self->lexeme_words);
    Str *names = ak_new_array(arena, Str, self->terminal_count);
    if (!ak_arena_ok(arena)) return false;
    for (size_t s = 1; s < grammar->symbols.count; s++) {
        const GrammarSymbol *symbol = &grammar->symbols.items[s];
        if (!symbol->is_live || !symbol->is_terminal) continue;
        self->lexemes[symbol->number] = symbol->expr;
        if (symbol->is_lazy) ak_bits_set(self->lazy, symbol->number);
        names[symbol->number] = ak_arena_str(arena, symbol->name);
    }
    for (size_t i = 0; i < grammar->ignored.count; i++)
        self->lexemes[self->terminal_count + i] = grammar->ignored.items[i];
    self->terminal_names = names;
    return true;
}

static bool copy_set(TokenSet *to, const TokenSet *from, Arena *arena) {
    TokenRange *ranges = ak_new_array(arena, TokenRange, from->count);
    if (!ranges) return false;
    memcpy(ranges, from->ranges, from->count * sizeof *ranges);
    *to = (TokenSet){ranges, from->count};
    return true;
}

static bool lay_tokens(GrammarTables *self, const Grammar *grammar, Arena *arena) {
    TokenSet *sets = NULL;
    for (size_t s = 1; s < grammar->symbols.count; s++) {
        const GrammarSymbol *symbol = &grammar->symbols.items[s];
        if (!symbol->is_live || !symbol->tokens) continue;
        if (!sets && !(sets = ak_new_array(arena, TokenSet, self->terminal_count))) return false;
        if (!copy_set(&sets[symbol->number], symbol->tokens, arena)) return false;
    }
    self->tokens = sets;
    return true;
}

static bool lay_temperatures(GrammarTables *self, const Grammar *grammar, Arena *arena) {
    float *temperatures = NULL;
    for (size_t s = 1; s < grammar->symbols.count; s++) {
        const GrammarSymbol *symbol = &grammar->symbols.items[s];
        if (!symbol->is_live || symbol->temperature <= 0) continue;
        if (!temperatures && !(temperatures = ak_new_array(arena, float, self->terminal_count))) return false;
        temperatures[symbol->number] = symbol->temperature;
    }
    self->temperatures = temperatures;
    return true;
}

static bool lay_limits(GrammarTables *self, const Grammar *grammar, Arena *arena) {
    uint32_t *limits = NULL, *rule_limits = NULL;
    for (size_t s = 1; s < grammar->symbols.count; s++) {
        const GrammarSymbol *symbol = &grammar->symbols.items[s];
        if (!symbol->is_live || !symbol->max_tokens) continue;
        uint32_t **list = symbol->is_terminal ? &limits : &rule_limits;
        uint32_t count = symbol->is_terminal ? self->lexeme_count : self->rule_count;
        if (!*list && !(*list = ak_new_array(arena, uint32_t, count))) return false;
        (*list)[symbol->number] = symbol->max_tokens;
    }
    self->max_tokens = limits, self->rule_limits = rule_limits;
    return true;
}

static bool lay_roles(GrammarTables *self, const Grammar *grammar, Arena *arena) {
    uint8_t *roles = NULL;
    for (size_t s = 1; s < grammar->symbols.count; s++) {
        const GrammarSymbol *symbol = &grammar->symbols.items[s];
        if (!symbol->is_live || !symbol->role) continue;
        if (!roles && !(roles = ak_new_array(arena, uint8_t, self->lexeme_count))) return false;
        roles[symbol->number] = (uint8_t)symbol->role;
    }
    self->roles = roles;
    return true;
}

static bool lay_captures(GrammarTables *self, const Grammar *grammar, Arena *arena) {
    RuleCapture *captures = NULL;
    for (size_t s = 1; s < grammar->symbols.count; s++) {
        const GrammarSymbol *symbol = &grammar->symbols.items[s];
        RuleCapture capture = symbol->capture;
        if (!symbol->is_live || !(capture.name.length || capture.end_name.length)) continue;
        if (!captures && !(captures = ak_new_array(arena, RuleCapture, self->rule_count))) return false;
        capture.name = ak_arena_str(arena, capture.name), capture.end_name = ak_arena_str(arena, capture.end_name);
        captures[symbol->number] = capture;
    }
    self->captures = captures;
    return ak_arena_ok(arena);
}

bool ak_grammar_tables(GrammarTables *self, Grammar *grammar, Arena *arena, ananke_error *err) {
    *self = (GrammarTables){.terminal_count = grammar->live_terminals,
                            .lexeme_count = grammar->live_terminals + (uint32_t)grammar->ignored.count,
                            .rule_count = grammar->live_rules,
                            .start_rule = grammar->live_rules};
    self->has_initial_ignore = grammar->has_initial_ignore;
    self->text_tokens = grammar->text_tokens;
    self->is_ignored_once = grammar->is_ignored_once;
    self->lexeme_words = (uint32_t)ak_bits_words(self->lexeme_count);
    self->rule_words = (uint32_t)ak_bits_words(self->rule_count);
    bool ok = lay_places(self, grammar, arena) && ak_tables_find_openings(self, arena) &&
              lay_lexemes(self, grammar, arena) && lay_tokens(self, grammar, arena) &&
              lay_temperatures(self, grammar, arena) && lay_limits(self, grammar, arena) &&
              lay_roles(self, grammar, arena) && lay_captures(self, grammar, arena);
    if (!ok && arena->failed) return ak_fail_memory(err, arena);
    return ak_grammar_ok(grammar, err) && ok;
}
