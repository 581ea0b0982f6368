/* Building grammars, and removing from them what can never be part of a text: symbols of which no text can be made
 * (unproductive) and symbols that the start symbol never comes to (unreachable). What stays is "reduced", the form
 * in which every Earley item is the beginning of a whole text. */
#include "mask/grammar.h"
#include "base/bitset.h"
#include "base/buf.h"
#include <assert.h>

enum {
    GROUP = 4,       /* how many make one unit of the next power in counted repeats */
    OTHERS_MAX = 300 /* bytes of an error that names other places */
};

bool ak_grammar_init(Grammar *self, Arena *arena, uint64_t fuel) {
    *self = (Grammar){.arena = arena, .token_terminals = {.arena = arena}};
    return ak_exprs_init(&self->exprs, arena, fuel) && ak_vec_push(arena, &self->symbols, (GrammarSymbol){0});
}

bool ak_grammar_ok(const Grammar *self, ananke_error *err) {
    if (self->arena->failed) return ak_fail_memory(err, self->arena);
    if (self->exprs.exhausted) return ak_fail(err, ANANKE_ERROR_LIMIT, "the grammar takes too many steps to compile");
    return true;
}

static bool burn(Grammar *self, size_t steps) {
    return ak_exprs_burn(&self->exprs, steps);
}

/* ---- Symbols and bodies */

static Symbol add_symbol(Grammar *self, GrammarSymbol symbol) {
    symbol.name = ak_arena_str(self->arena, symbol.name);
    if (!burn(self, 1) || !ak_vec_push(self->arena, &self->symbols, symbol)) return AK_SYMBOL_FAILED;
    return (Symbol)self->symbols.count - 1;
}

static bool is_terminal_for(const Grammar *self, Symbol symbol, Lexeme lexeme) {
    const GrammarSymbol *terminal = &self->symbols.items[symbol];
    return terminal->expr == lexeme.expr && terminal->is_lazy == lexeme.is_lazy &&
           terminal->temperature == lexeme.temperature && terminal->max_tokens == lexeme.max_tokens &&
           terminal->role == lexeme.role;
}

static size_t terminal_slot(const Grammar *self, Lexeme lexeme) {
    size_t at = ((lexeme.expr * 2 + lexeme.is_lazy) * UINT32_C(2654435761) >> 7) & (self->terminal_slots - 1);
    while (self->terminal_of[at] && !is_terminal_for(self, self->terminal_of[at], lexeme))
        at = (at + 1) & (self->terminal_slots - 1);
    return at;
}

static bool grow_terminals(Grammar *self) {
    size_t old_slots = self->terminal_slots;
    uint32_t *old = self->terminal_of, *slots = ak_new_array(self->arena, uint32_t, old_slots ? old_slots * 2 : 64);
    if (!slots) return false;
    self->terminal_of = slots, self->terminal_slots = old_slots ? old_slots * 2 : 64;
    for (size_t i = 0; i < old_slots; i++) {
        if (!old[i]) continue;
        const GrammarSymbol *there = &self->symbols.items[old[i]];
        Lexeme lexeme = {there->expr, there->is_lazy, there->temperature, there->max_tokens, there->role};
        slots[terminal_slot(self, lexeme)] = old[i];
    }
    return true;
}

/* The expression without the empty text: a lexeme has at least one byte. */
static Expr not_empty(Grammar *self, Expr expr) {
    if (!expr || !ak_expr_is_nullable(&self->exprs, expr)) return expr;
    if (expr == AK_EXPR_EMPTY) return AK_EXPR_NOTHING;
    return ak_expr_and(&self->exprs, expr, ak_expr_not(&self->exprs, AK_EXPR_EMPTY));
}

Symbol ak_grammar_lexeme(Grammar *self, Str name, Lexeme lexeme) {
    if (!lexeme.expr || !burn(self, 1)) return AK_SYMBOL_FAILED;
    if (self->temperature_now > 0) lexeme.temperature = self->temperature_now;
    if (lexeme.expr == AK_EXPR_EMPTY) return ak_grammar_nothing(self);
    if (ak_expr_is_nullable(&self->exprs, lexeme.expr)) {
        lexeme.expr = not_empty(self, lexeme.expr);
        return ak_grammar_optional(self, ak_grammar_lexeme(self, name, lexeme));
    }
    if (self->terminal_count * 2 >= self->terminal_slots && !grow_terminals(self)) return AK_SYMBOL_FAILED;
    uint32_t *slot = &self->terminal_of[terminal_slot(self, lexeme)];
    if (*slot) return *slot;
    Symbol symbol = add_symbol(self, (GrammarSymbol){.name = name,
                                                     .is_terminal = true,
                                                     .is_lazy = lexeme.is_lazy,
                                                     .expr = lexeme.expr,
                                                     .temperature = lexeme.temperature,
                                                     .max_tokens = lexeme.max_tokens,
                                                     .role = lexeme.role});
    if (symbol) *slot = symbol, self->terminal_count++;
    return symbol;
}

Symbol ak_grammar_terminal(Grammar *self, Str name, Expr expr) {
    return ak_grammar_lexeme(self, name, (Lexeme){.expr = expr});
}

/* The ranges, and behind them the temperature. */
static Str token_key(Grammar *self, TokenSet tokens) {
    size_t length = tokens.count * sizeof *tokens.ranges;
    char *bytes = ak_new_array(self->arena, char, length + sizeof self->temperature_now);
    if (!bytes) return (Str){0};
    if (length) memcpy(bytes, tokens.ranges, length);
    memcpy(bytes + length, &self->temperature_now, sizeof self->temperature_now);
    return (Str){bytes, length + sizeof self->temperature_now};
}

Symbol ak_grammar_tokens(Grammar *self, Str name, TokenSet tokens) {
    TokenSet *set = ak_new(self->arena, TokenSet);
    Str key = token_key(self, tokens);
    uint64_t *known = set && key.data && burn(self, 1) ? ak_map_put(&self->token_terminals, key, NULL) : NULL;
    if (!known) return AK_SYMBOL_FAILED;
    if (*known) return (Symbol)*known;
    *set = tokens;
    Symbol symbol = add_symbol(self, (GrammarSymbol){.name = name,
                                                     .is_terminal = true,
                                                     .expr = AK_EXPR_NOTHING,
                                                     .tokens = set,
                                                     .temperature = self->temperature_now});
    *known = symbol;
    return symbol;
}

Symbol ak_grammar_literal(Grammar *self, Str text) {
    if (text.length == 0) return ak_grammar_nothing(self);
    Str name = ak_arena_format(self->arena, "\"%.*s\"", STR_ARGS(text));
    return ak_grammar_terminal(self, name, ak_expr_literal(&self->exprs, text));
}

Symbol ak_grammar_rule(Grammar *self, Str name) {
    return add_symbol(self, (GrammarSymbol){.name = name, .ignored = self->ignored_now});
}

void ak_grammar_capture(Grammar *self, Symbol rule, RuleCapture capture) {
    if (rule) self->symbols.items[rule].capture = capture;
}

void ak_grammar_limit(Grammar *self, Symbol rule, uint32_t max_tokens) {
    assert(max_tokens && max_tokens <= AK_MAX_TOKENS);
    if (rule) self->symbols.items[rule].max_tokens = max_tokens;
}

bool ak_grammar_add(Grammar *self, Symbol rule, const Symbol *parts, size_t count) {
    if (!rule || !burn(self, 1 + count) || !ak_vec_reserve(self->arena, &self->parts, count)) return false;
    assert(!self->symbols.items[rule].is_terminal);
    GrammarBody body = {.left = rule, .first = (uint32_t)self->parts.count, .count = (uint32_t)count};
    for (size_t i = 0; i < count; i++) {
        if (!parts[i]) return false;
        self->parts.items[self->parts.count + i] = parts[i];
    }
    self->parts.count += count;
    return ak_vec_push(self->arena, &self->bodies, body);
}

bool ak_grammar_add_roster(Grammar *self, Symbol rule, RosterParts parts, const Roster *roster) {
    assert(ak_roster_is_sound(&roster->rules, roster->entries, roster->count));
    const Symbol around[] = {parts.opening, parts.comma, parts.closing};
    size_t count = AK_ROSTER_ENTRIES + (size_t)roster->count;
    Symbol *all = ak_new_array(self->arena, Symbol, count);
    Roster *kept = ak_new(self->arena, Roster);
    RosterEntry *entries = ak_new_array(self->arena, RosterEntry, roster->count);
    if (!ak_arena_ok(self->arena)) return false;
    memcpy(all, around, sizeof around);
    if (roster->count) memcpy(all + AK_ROSTER_ENTRIES, parts.entries, roster->count * sizeof *all);
    if (roster->count) memcpy(entries, roster->entries, roster->count * sizeof *entries);
    *kept = (Roster){.rules = roster->rules, .entries = entries, .count = roster->count};
    if (!ak_grammar_add(self, rule, all, count)) return false;
    assert(self->symbols.items[parts.opening].is_terminal);
    self->bodies.items[self->bodies.count - 1].roster = kept;
    return true;
}

void ak_grammar_ignore(Grammar *self, Expr expr) {
    expr = not_empty(self, expr);
    self->ignored_now = 0;
    if (!expr || expr == AK_EXPR_NOTHING) return;
    for (size_t i = 0; i < self->ignored.count; i++) {
        if (self->ignored.items[i] == expr) self->ignored_now = (uint16_t)(i + 1);
    }
    if (self->ignored_now) return;
    if (self->ignored.count == UINT16_MAX) self->exprs.exhausted = true;
    else if (ak_vec_push(self->arena, &self->ignored, expr)) self->ignored_now = (uint16_t)self->ignored.count;
}

/* ---- Combinations */

/* A rule without a name that has this one body. */
static Symbol rule_of(Grammar *self, const Symbol *parts, size_t count) {
    Symbol rule = ak_grammar_rule(self, (Str){0});
    return ak_grammar_add(self, rule, parts, count) ? rule : (Symbol)AK_SYMBOL_FAILED;
}

Symbol ak_grammar_nothing(Grammar *self) {
    return rule_of(self, NULL, 0);
}

Symbol ak_grammar_sequence(Grammar *self, const Symbol *parts, size_t count) {
    return count == 1 ? parts[0] : rule_of(self, parts, count);
}

Symbol ak_grammar_choice(Grammar *self, const Symbol *parts, size_t count) {
    if (count == 1) return parts[0];
    Symbol rule = ak_grammar_rule(self, (Str){0});
    for (size_t i = 0; i < count && rule; i++) {
        if (!ak_grammar_add(self, rule, &parts[i], 1)) return AK_SYMBOL_FAILED;
    }
    return rule;
}

Symbol ak_grammar_optional(Grammar *self, Symbol what) {
    return ak_grammar_choice(self, (Symbol[]){ak_grammar_nothing(self), what}, 2);
}

static Symbol list_of(Grammar *self, Symbol what, bool may_be_empty) {
    Symbol list = ak_grammar_rule(self, (Str){0});
    bool ok = may_be_empty ? ak_grammar_add(self, list, NULL, 0) : ak_grammar_add(self, list, &what, 1);
    return ok && ak_grammar_add(self, list, (Symbol[]){list, what}, 2) ? list : (Symbol)AK_SYMBOL_FAILED;
}

static Symbol group_of(Grammar *self, Symbol what) {
    return rule_of(self, (Symbol[]){what, what, what, what}, GROUP);
}

static Symbol exactly(Grammar *self, Symbol what, uint32_t count) {
    if (!what) return AK_SYMBOL_FAILED;
    if (count <= GROUP) return ak_grammar_sequence(self, (Symbol[]){what, what, what, what}, count);
    Symbol groups = exactly(self, group_of(self, what), count / GROUP);
    Symbol rest = exactly(self, what, count % GROUP);
    return ak_grammar_sequence(self, (Symbol[]){groups, rest}, 2);
}

/* None up to `count`: below GROUP nested options; above, with count = GROUP q + r: fewer than q groups and up to
 * GROUP - 1 more, or q groups and up to r more. */
static Symbol at_most(Grammar *self, Symbol what, uint32_t count) {
    if (!what) return AK_SYMBOL_FAILED;
    if (count < GROUP) {
        Symbol rest = ak_grammar_nothing(self);
        for (uint32_t i = 0; i < count; i++)
            rest = ak_grammar_optional(self, ak_grammar_sequence(self, (Symbol[]){what, rest}, 2));
        return rest;
    }
    Symbol group = group_of(self, what);
    uint32_t groups = count / GROUP;
    Symbol fewer[] = {at_most(self, group, groups - 1), at_most(self, what, GROUP - 1)};
    Symbol all[] = {exactly(self, group, groups), at_most(self, what, count % GROUP)};
    return ak_grammar_choice(self, (Symbol[]){ak_grammar_sequence(self, fewer, 2), ak_grammar_sequence(self, all, 2)},
                             2);
}

Symbol ak_grammar_repeat(Grammar *self, Symbol what, uint32_t min, uint32_t max) {
    if (!what) return AK_SYMBOL_FAILED;
    if (max == AK_REPEAT_MANY && min <= 1) return list_of(self, what, min == 0);
    Symbol rest = max == AK_REPEAT_MANY ? list_of(self, what, true) : at_most(self, what, max - min);
    if (min == 0) return rest;
    Symbol first = exactly(self, what, min);
    return min == max ? first : ak_grammar_sequence(self, (Symbol[]){first, rest}, 2);
}

/* ---- What a grammar leaves out */

bool ak_grammar_leave_out(Grammar *self, const char *pointer, const char *reason, ananke_error *err) {
    for (size_t i = 0; i < self->unenforced.count; i++) {
        if (strcmp(self->unenforced.items[i].pointer, pointer) == 0) return true;
    }
    return ak_vec_push(self->arena, &self->unenforced, (ananke_unenforced){pointer, reason}) ||
           ak_fail_memory(err, self->arena);
}

/* Names all places behind the first one, as far as there is room for them. */
static bool name_others(const Grammar *self, ananke_error *err) {
    const ananke_unenforced *places = self->unenforced.items;
    size_t count = self->unenforced.count, named = 1;
    Buf others = {.arena = self->arena};
    for (; named < count && others.length + strlen(places[named].pointer) < OTHERS_MAX; named++)
        ak_buf_format(&others, "%s%s", named > 1 ? ", " : "", places[named].pointer);
    if (named < count) ak_buf_format(&others, "%s%zu more", named > 1 ? " and " : "", count - named);
    if (!ak_arena_ok(self->arena)) return ak_fail_memory(err, self->arena);
    return ak_fail(err, ANANKE_ERROR_UNSUPPORTED, "%s: %s; not enforced either: %.*s", places->pointer, places->reason,
                   STR_ARGS(ak_buf_view(&others)));
}

bool ak_grammar_holds(const Grammar *self, ananke_error *err) {
    const ananke_unenforced *places = self->unenforced.items;
    if (!self->is_strict || !self->unenforced.count) return true;
    if (self->unenforced.count > 1) return name_others(self, err);
    return ak_fail(err, ANANKE_ERROR_UNSUPPORTED, "%s: %s", places->pointer, places->reason);
}

/* ---- Sealing */

/* Whether the rule is there for the empty text only; `filled` and `empty` are those that have bodies with parts, and without. */
static bool is_void(const Grammar *self, const uint32_t *filled, const uint32_t *empty, Symbol symbol) {
    const GrammarSymbol *info = &self->symbols.items[symbol];
    bool is_named = info->capture.name.length || info->capture.end_name.length;
    return ak_bits_get(empty, symbol) && !ak_bits_get(filled, symbol) && !is_named;
}

/* Takes those rules out of a body. */
static void drop_parts(Grammar *self, GrammarBody *body, const uint32_t *filled, const uint32_t *empty) {
    Symbol *parts = self->parts.items + body->first;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < body->count; i++) {
        if (!is_void(self, filled, empty, parts[i])) parts[kept++] = parts[i];
    }
    body->count = kept;
}

/* With such a rule at the end a call before it would be no tail call (parser.h), and whoever waits for it would wait for nothing. What is left of others is looked
 * at again: nobody makes long chains of them. Grammars with rules that have limits stay as they are: whether a rule's text is under way, behind which only empty texts may
 * come, is told by the bodies. */
static bool drop_void(Grammar *self) {
    enum { PASSES = 3 };
    size_t words = ak_bits_words(self->symbols.count);
    uint32_t *filled = ak_new_array(self->arena, uint32_t, words), *empty = ak_new_array(self->arena, uint32_t, words);
    if (!filled || !empty) return false;
    for (size_t s = 1; s < self->symbols.count; s++) {
        if (self->symbols.items[s].max_tokens && !self->symbols.items[s].is_terminal) return true;
    }
    for (int pass = 0; pass < PASSES; pass++) {
        memset(filled, 0, words * sizeof *filled);
        for (size_t b = 0; b < self->bodies.count; b++)
            ak_bits_set(self->bodies.items[b].count ? filled : empty, self->bodies.items[b].left);
        for (size_t b = 0; b < self->bodies.count; b++) {
            if (!self->bodies.items[b].roster) drop_parts(self, &self->bodies.items[b], filled, empty);
        }
    }
    return true;
}

/* For each symbol the bodies that it occurs in, and for each body how many parts are still waited for: so that a
 * fixpoint over all bodies touches each part once. */
typedef struct Waiting {
    uint32_t *starts; /* occurrences of symbol s are users[starts[s] … starts[s+1]-1] */
    uint32_t *users;  /* bodies */
    uint32_t *counts; /* counts[b]: parts of body b that are not settled */
    Symbol *agenda;   /* settled symbols whose users are to be told */
    size_t agenda_count;
    uint32_t *rosters; /* the bodies that are */
    size_t roster_count;
} Waiting;

static bool waiting_init(const Grammar *self, Waiting *waiting) {
    waiting->starts = ak_new_array(self->arena, uint32_t, self->symbols.count + 1);
    waiting->users = ak_new_array(self->arena, uint32_t, self->parts.count);
    waiting->counts = ak_new_array(self->arena, uint32_t, self->bodies.count);
    waiting->agenda = ak_new_array(self->arena, Symbol, self->symbols.count);
    waiting->rosters = ak_new_array(self->arena, uint32_t, self->bodies.count);
    if (!ak_arena_ok(self->arena)) return false;
    for (size_t b = 0; b < self->bodies.count; b++) {
        if (self->bodies.items[b].roster) waiting->rosters[waiting->roster_count++] = (uint32_t)b;
    }
    for (size_t b = 0; b < self->bodies.count; b++) {
        const GrammarBody *body = &self->bodies.items[b];
        for (uint32_t i = 0; i < body->count; i++) waiting->starts[self->parts.items[body->first + i]]++;
    }
    for (size_t s = 1; s <= self->symbols.count; s++) waiting->starts[s] += waiting->starts[s - 1];
    for (size_t b = self->bodies.count; b > 0; b--) {
        const GrammarBody *body = &self->bodies.items[b - 1];
        for (uint32_t i = 0; i < body->count; i++)
            waiting->users[--waiting->starts[self->parts.items[body->first + i]]] = (uint32_t)b - 1;
    }
    return true;
}

/* Whether entries that are settled, between settled symbols, make a whole text of the roster. */
static bool is_settled_roster(const Grammar *self, const GrammarBody *body, const uint32_t *settled) {
    const Symbol *parts = self->parts.items + body->first;
    for (int i = 0; i < AK_ROSTER_ENTRIES; i++) {
        if (!ak_bits_get(settled, parts[i])) return false;
    }
    ArenaMark mark = ak_arena_mark(self->arena);
    RosterEntry *entries = ak_new_array(self->arena, RosterEntry, body->roster->count);
    Roster roster = {.rules = body->roster->rules, .entries = entries};
    for (uint32_t i = 0; entries && i < body->roster->count; i++) {
        if (ak_bits_get(settled, parts[AK_ROSTER_ENTRIES + i])) entries[roster.count++] = body->roster->entries[i];
    }
    uint32_t *states = ak_new_array(self->arena, uint32_t, 2 * ak_roster_words(&roster));
    bool is_whole = ak_roster_prepare(&roster, self->arena) && states &&
                    ak_roster_has_more(&roster, states, states + ak_roster_words(&roster));
    ak_arena_rewind(self->arena, mark);
    return is_whole;
}

static bool is_settled_body(const Grammar *self, const GrammarBody *body, const uint32_t *settled) {
    if (body->roster) return is_settled_roster(self, body, settled);
    for (uint32_t i = 0; i < body->count; i++) {
        if (!ak_bits_get(settled, self->parts.items[body->first + i])) return false;
    }
    return true;
}

static void settle_symbol(Waiting *waiting, Symbol symbol, uint32_t *settled) {
    if (ak_bits_get(settled, symbol)) return;
    ak_bits_set(settled, symbol);
    waiting->agenda[waiting->agenda_count++] = symbol;
}

/* Settles the rules of those rosters that can be now. */
static void settle_rosters(const Grammar *self, Waiting *waiting, uint32_t *settled) {
    for (size_t i = 0; i < waiting->roster_count; i++) {
        uint32_t b = waiting->rosters[i];
        const GrammarBody *body = &self->bodies.items[b];
        if (waiting->counts[b] == body->count || ak_bits_get(settled, body->left)) continue;
        waiting->counts[b] = body->count; /* until another of its parts is settled */
        if (is_settled_roster(self, body, settled)) settle_symbol(waiting, body->left, settled);
    }
}

/* Settles symbols from the bottom up: those of `agenda` are settled, and a rule is when all parts of one of its
 * bodies are, or enough of them for a roster. */
static void settle(const Grammar *self, Waiting *waiting, uint32_t *settled) {
    for (size_t b = 0; b < self->bodies.count; b++) {
        const GrammarBody *body = &self->bodies.items[b];
        waiting->counts[b] = body->count;
        if (!body->count) settle_symbol(waiting, body->left, settled);
    }
    while (waiting->agenda_count) {
        Symbol symbol = waiting->agenda[--waiting->agenda_count];
        for (uint32_t i = waiting->starts[symbol]; i < waiting->starts[symbol + 1]; i++) {
            uint32_t user = waiting->users[i];
            const GrammarBody *body = &self->bodies.items[user];
            if (--waiting->counts[user] == 0 && !body->roster) settle_symbol(waiting, body->left, settled);
        }
        if (!waiting->agenda_count) settle_rosters(self, waiting, settled);
    }
}

/* Removes bodies with unproductive parts, then marks what the start symbol comes to. */
static bool mark_live(Grammar *self, const uint32_t *productive, Symbol *agenda) {
    uint32_t *starts = ak_new_array(self->arena, uint32_t, self->symbols.count + 2), *order = NULL;
    size_t kept = 0;
    for (size_t b = 0; b < self->bodies.count; b++) {
        if (is_settled_body(self, &self->bodies.items[b], productive))
            self->bodies.items[kept++] = self->bodies.items[b];
    }
    self->bodies.count = kept;
    order = ak_new_array(self->arena, uint32_t, kept);
    if (!order) return false;
    for (size_t b = 0; b < kept; b++) starts[self->bodies.items[b].left + 1]++;
    for (size_t s = 1; s <= self->symbols.count; s++) starts[s + 1] += starts[s];
    for (size_t b = 0; b < kept; b++)
        order[starts[self->bodies.items[b].left]++] = (uint32_t)b; /* starts[s] is now where s ends */
    size_t count = 0;
    agenda[count++] = self->start;
    self->symbols.items[self->start].is_live = true;
    while (count) {
        Symbol symbol = agenda[--count];
        for (uint32_t i = starts[symbol - 1]; i < starts[symbol]; i++) {
            const GrammarBody *body = &self->bodies.items[order[i]];
            for (uint32_t k = 0; k < body->count; k++) {
                Symbol part = self->parts.items[body->first + k];
                bool is_dead = body->roster && !ak_bits_get(productive, part); /* an entry that cannot come */
                if (is_dead || self->symbols.items[part].is_live) continue;
                self->symbols.items[part].is_live = true;
                agenda[count++] = part;
            }
        }
    }
    return true;
}

/* Drops the bodies of dead rules and numbers what is left. */
static void number(Grammar *self) {
    size_t kept = 0;
    for (size_t b = 0; b < self->bodies.count; b++) {
        if (self->symbols.items[self->bodies.items[b].left].is_live) self->bodies.items[kept++] = self->bodies.items[b];
    }
    self->bodies.count = kept;
    self->live_terminals = self->live_rules = 0;
    for (size_t s = 1; s < self->symbols.count; s++) {
        GrammarSymbol *symbol = &self->symbols.items[s];
        if (symbol->is_live) symbol->number = symbol->is_terminal ? self->live_terminals++ : self->live_rules++;
    }
}

/* Is there no text, or no token, that the terminal matches? */
static bool matches_nothing(Grammar *self, const GrammarSymbol *terminal) {
    return terminal->tokens ? !terminal->tokens->count : ak_expr_is_empty(&self->exprs, terminal->expr);
}

static bool find_productive(Grammar *self, Waiting *waiting, uint32_t *productive) {
    for (Symbol s = 1; s < self->symbols.count; s++) {
        const GrammarSymbol *symbol = &self->symbols.items[s];
        if (!symbol->is_terminal || matches_nothing(self, symbol)) continue;
        ak_bits_set(productive, s);
        waiting->agenda[waiting->agenda_count++] = s;
    }
    settle(self, waiting, productive);
    return !self->exprs.exhausted && !self->arena->failed;
}

/* Ignored texts that there are none of are none. */
static bool number_ignored(Grammar *self) {
    uint16_t *numbers = ak_new_array(self->arena, uint16_t, self->ignored.count + 1), kept = 0;
    if (!numbers) return false;
    for (size_t i = 0; i < self->ignored.count; i++) {
        if (ak_expr_is_empty(&self->exprs, self->ignored.items[i])) continue;
        self->ignored.items[kept] = self->ignored.items[i];
        numbers[i + 1] = ++kept;
    }
    self->ignored.count = kept;
    for (size_t s = 1; s < self->symbols.count; s++) {
        GrammarSymbol *symbol = &self->symbols.items[s];
        symbol->ignored = numbers[symbol->ignored];
    }
    return true;
}

bool ak_grammar_seal(Grammar *self, Symbol start, ananke_error *err) {
    if (!ak_grammar_ok(self, err)) return false;
    assert(start);
    self->start = start;
    ak_exprs_seal(&self->exprs);
    size_t words = ak_bits_words(self->symbols.count);
    uint32_t *productive = ak_new_array(self->arena, uint32_t, words),
             *nullable = ak_new_array(self->arena, uint32_t, words);
    Waiting waiting = {0};
    if (!nullable || !drop_void(self) || !waiting_init(self, &waiting) || !find_productive(self, &waiting, productive))
        return ak_grammar_ok(self, err);
    if (!ak_bits_get(productive, start) && self->schema_pointer)
        return ak_fail(err, ANANKE_ERROR_CONFLICT, "JSON Schema: %s: no value is valid", self->schema_pointer);
    if (!ak_bits_get(productive, start))
        return ak_fail(err, ANANKE_ERROR_CONFLICT, "the grammar allows no text at all");
    settle(self, &waiting, nullable);
    for (Symbol s = 1; s < self->symbols.count; s++) self->symbols.items[s].is_nullable = ak_bits_get(nullable, s);
    if (!mark_live(self, productive, waiting.agenda)) return ak_grammar_ok(self, err);
    number(self);
    number_ignored(self);
    return ak_grammar_ok(self, err);
}
