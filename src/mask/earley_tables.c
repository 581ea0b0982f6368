/* The immutable part of the parser: places of dots, ways for predicted rules to begin, and what waiting for a rule
 * predicts. */
#include "base/bitset.h"
#include "mask/earley.h"

enum { MAX_TABLE_BYTES = 256 << 20 };

static Place place_of(const Grammar *grammar, Symbol symbol) {
    const GrammarSymbol *info = &grammar->symbols.items[symbol];
    return (Place){.kind = info->is_terminal ? PLACE_TERMINAL : PLACE_RULE,
                   .is_nullable = info->is_nullable,
                   .symbol = info->number};
}

/* Every body is a run of places that an end closes. starts[b] is where body b begins. */
static bool lay_places(EarleyTables *self, const Grammar *grammar, Arena *arena, Dot *starts) {
    size_t count = 2;
    for (size_t b = 0; b < grammar->bodies.count; b++) count += grammar->bodies.items[b].count + (size_t)1;
    self->places = ak_new_array(arena, Place, count);
    if (!self->places) return false;
    Dot at = 0;
    self->places[at++] = place_of(grammar, grammar->start);
    self->places[at++] = (Place){.kind = PLACE_END, .symbol = self->start_rule};
    for (size_t b = 0; b < grammar->bodies.count; b++) {
        const GrammarBody *body = &grammar->bodies.items[b];
        starts[b] = at;
        for (uint32_t i = 0; i < body->count; i++)
            self->places[at++] = place_of(grammar, grammar->parts.items[body->first + i]);
        self->places[at++] = (Place){.kind = PLACE_END, .symbol = grammar->symbols.items[body->left].number};
    }
    self->place_count = at;
    return true;
}

/* Calls for every opening: `rule` may begin with the symbol before `dot`. With `openings` NULL they are only
 * counted. */
static void visit_openings(EarleyTables *self, const Grammar *grammar, const Dot *starts, Opening *openings) {
    for (size_t b = 0; b < grammar->bodies.count; b++) {
        uint32_t rule = grammar->symbols.items[grammar->bodies.items[b].left].number;
        for (Dot dot = starts[b]; self->places[dot].kind != PLACE_END; dot++) {
            const Place *place = &self->places[dot];
            uint32_t *slot = place->kind == PLACE_TERMINAL ? &self->terminal_openings[place->symbol]
                                                           : &self->rule_openings[place->symbol];
            if (openings) openings[--*slot] = (Opening){rule, dot + 1};
            else ++*slot;
            if (!place->is_nullable) break;
        }
    }
}

static bool lay_openings(EarleyTables *self, const Grammar *grammar, Arena *arena, const Dot *starts) {
    self->terminal_openings = ak_new_array(arena, uint32_t, self->terminal_count + (size_t)1);
    self->rule_openings = ak_new_array(arena, uint32_t, self->rule_count + (size_t)1);
    if (!ak_arena_ok(arena)) return false;
    visit_openings(self, grammar, starts, NULL);
    uint32_t total = 0;
    for (uint32_t t = 0; t <= self->terminal_count; t++) total = self->terminal_openings[t] += total;
    for (uint32_t r = 0; r <= self->rule_count; r++) total = self->rule_openings[r] += total;
    self->openings = ak_new_array(arena, Opening, total);
    if (!self->openings) return false;
    visit_openings(self, grammar, starts, self->openings);
    return true;
}

/* Grows the predictions of `rule` by those of what it begins with; true when that changed them. */
static bool absorb(EarleyTables *self, uint32_t rule, uint32_t part) {
    bool changed = ak_bits_or(self->predictions + (size_t)rule * self->rule_words,
                              self->predictions + (size_t)part * self->rule_words, self->rule_words);
    uint32_t *lexemes = self->first_lexemes + (size_t)rule * self->lexeme_words;
    return ak_bits_or(lexemes, self->first_lexemes + (size_t)part * self->lexeme_words, self->lexeme_words) || changed;
}

/* The least fixpoint, by passes over the openings in alternating direction: each settles chains that run its way. */
static bool close_predictions(EarleyTables *self, Grammar *grammar) {
    uint32_t first = self->rule_openings[0], last = self->rule_openings[self->rule_count];
    uint32_t *symbols = ak_new_array(grammar->arena, uint32_t, (size_t)last - first);
    if (!symbols) return false;
    for (uint32_t r = 0; r < self->rule_count; r++) {
        for (uint32_t i = self->rule_openings[r]; i < self->rule_openings[r + 1]; i++) symbols[i - first] = r;
    }
    bool changed = true;
    for (bool forward = true; changed; forward = !forward) {
        changed = false;
        uint64_t cost = (uint64_t)(last - first) * (1 + (self->rule_words + self->lexeme_words) / 8);
        if (grammar->exprs.fuel < cost) return grammar->exprs.exhausted = true, false;
        grammar->exprs.fuel -= cost;
        for (uint32_t i = 0; i < last - first; i++) {
            uint32_t at = forward ? i : last - first - 1 - i;
            if (absorb(self, self->openings[first + at].rule, symbols[at])) changed = true;
        }
    }
    return true;
}

static bool lay_predictions(EarleyTables *self, Grammar *grammar, Arena *arena) {
    uint64_t words = (uint64_t)self->rule_count * (self->rule_words + self->lexeme_words);
    if (words * sizeof(uint32_t) > MAX_TABLE_BYTES) return grammar->exprs.exhausted = true, false;
    self->predictions = ak_new_array(arena, uint32_t, (size_t)self->rule_count * self->rule_words);
    self->first_lexemes = ak_new_array(arena, uint32_t, (size_t)self->rule_count * self->lexeme_words);
    if (!ak_arena_ok(arena)) return false;
    for (uint32_t r = 0; r < self->rule_count; r++) ak_bits_set(self->predictions + (size_t)r * self->rule_words, r);
    for (uint32_t t = 0; t < self->terminal_count; t++) {
        for (uint32_t i = self->terminal_openings[t]; i < self->terminal_openings[t + 1]; i++) {
            ak_bits_set(self->first_lexemes + (size_t)self->openings[i].rule * self->lexeme_words, t);
        }
    }
    return close_predictions(self, grammar);
}

static bool lay_lexemes(EarleyTables *self, const Grammar *grammar, Arena *arena) {
    self->lexemes = ak_new_array(arena, Expr, self->terminal_count + (size_t)1);
    Str *names = ak_new_array(arena, Str, self->terminal_count + (size_t)1);
    if (!names) return false;
    for (size_t s = 1; s < grammar->symbols.count; s++) {
        const GrammarSymbol *symbol = &grammar->symbols.items[s];
        if (!symbol->is_live || !symbol->is_terminal) continue;
        self->lexemes[symbol->number] = symbol->expr;
        names[symbol->number] = ak_arena_str(arena, symbol->name);
    }
    self->lexemes[self->terminal_count] = grammar->ignore;
    self->terminal_names = names;
    return true;
}

bool ak_earley_tables(EarleyTables *self, Grammar *grammar, Arena *arena, ananke_error *err) {
    *self = (EarleyTables){.terminal_count = grammar->live_terminals,
                           .rule_count = grammar->live_rules,
                           .start_rule = grammar->live_rules};
    self->has_ignore = grammar->ignore != AK_EXPR_NOTHING;
    self->has_initial_ignore = grammar->has_initial_ignore;
    self->is_ignored_once = grammar->is_ignored_once;
    self->lexeme_words = (uint32_t)ak_bits_words(self->terminal_count + (size_t)1);
    self->rule_words = (uint32_t)ak_bits_words(self->rule_count);
    Dot *starts = ak_new_array(grammar->arena, Dot, grammar->bodies.count);
    bool ok = starts && lay_places(self, grammar, arena, starts) && lay_openings(self, grammar, arena, starts) &&
              lay_predictions(self, grammar, arena) && lay_lexemes(self, grammar, arena);
    if (!ok && arena->failed) return ak_fail_memory(err, arena);
    return ak_grammar_ok(grammar, err) && ok;
}
