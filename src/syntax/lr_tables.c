/* Building the tables: item sets, look-ahead, actions. */
#include "syntax/lr_tables.h"
#include "base/bitset.h"
#include <assert.h>
#include <stdlib.h>

enum { REDUCTIONS_MAX = 1024, RULE_WORDS = LR_RULES_MAX / 32, KERNEL_MAX = 1 << 14 };

/* An item is the number of a step, the dot being before it; behind the last step of production p the dot is at `ends + p`. */
typedef uint32_t Item;

typedef struct ItemSet {
    uint32_t first, count; /* kernel items, sorted */
    uint32_t first_move, moves;
} ItemSet;

typedef struct Move {
    SyntaxSymbol symbol;
    LrState to;
} Move;

/* A transition over a rule. */
typedef struct Nonterminal {
    LrState from;
    uint16_t rule;
} Nonterminal;

typedef struct Pair {
    SyntaxSymbol symbol;
    Item item;
} Pair;

typedef struct Building {
    LrTables *tables;
    const Syntax *syntax;
    Arena *arena;              /* of what is needed while building only */
    Arena *kept;               /* of the tables */
    uint32_t *step_production; /* by step */
    uint32_t ends;             /* the first item behind a production */
    VEC(Item) items;
    VEC(ItemSet) sets; /* by state */
    VEC(Move) moves;   /* by state, sorted by symbol */
    Map numbers;       /* of states, by kernel items as bytes */
    uint32_t *corners; /* by rule, a set of rules: those that its texts may begin with, itself included */
    uint32_t rule_words;
    VEC(Pair) pairs; /* of the state whose moves are being made */
    LrState *shifts; /* [state * terminals + terminal] */
    VEC(Nonterminal) nonterminals;
    uint32_t *nonterminal_numbers; /* [state * rules + rule] */
    uint32_t *follows;             /* by nonterminal transition, a set of terminals */
    uint32_t *include_starts;
    VEC(Pair) includes;        /* {from, to} as numbers of such transitions */
    uint32_t *complete_starts; /* by state: its complete items in `looks` */
    uint32_t *looks;           /* by complete item, a set of terminals */
    VEC(uint32_t) complete;    /* productions */
    /* of the tables, as they grow; rows by state */
    uint16_t *cells;
    LrState *gotos;
    uint32_t *shift_sets, *first_choices, *by;
    LrReduction *defaults;
    VEC(LrChoice) choices;
    VEC(uint32_t) choice_sets;
    VEC(LrCell) all_cells;
    VEC(LrReduction) reductions;
} Building;

static uint32_t rule_number(SyntaxSymbol symbol) {
    return symbol & ~SYMBOL_RULE;
}

static const Production *production_at(const Building *self, uint32_t number) {
    return &self->syntax->productions.items[number];
}

/* ---- Item sets */

static bool find_corners(Building *self) {
    const Syntax *syntax = self->syntax;
    uint32_t count = (uint32_t)syntax->rules.count, words = self->rule_words;
    self->corners = ak_new_array(self->arena, uint32_t, (size_t)count * words);
    if (!self->corners) return false;
    for (uint32_t rule = 0; rule < count; rule++) ak_bits_set(self->corners + (size_t)rule * words, rule);
    for (bool is_changed = true; is_changed;) {
        is_changed = false;
        for (size_t i = 0; i < syntax->productions.count; i++) {
            Production production = syntax->productions.items[i];
            SyntaxSymbol first = syntax->steps.items[production.first].symbol;
            if (!(first & SYMBOL_RULE)) continue;
            is_changed |= ak_bits_grow(self->corners + (size_t)production.left * words,
                                       self->corners + (size_t)rule_number(first) * words, words);
        }
    }
    return true;
}

static bool is_end(const Building *self, Item item) {
    return item >= self->ends;
}

static Item after(const Building *self, Item item) {
    uint32_t number = self->step_production[item];
    const Production *production = production_at(self, number);
    return item + 1 < production->first + production->count ? item + 1 : self->ends + number;
}

static int compare_pairs(const void *a, const void *b) {
    const Pair *left = a, *right = b;
    if (left->symbol != right->symbol) return left->symbol < right->symbol ? -1 : 1;
    return (left->item > right->item) - (left->item < right->item);
}

static bool push_move(Building *self, Item item) {
    return ak_vec_push(self->arena, &self->pairs, (Pair){self->syntax->steps.items[item].symbol, after(self, item)});
}

/* The state of a kernel, made when it is new; 0 when out of memory. */
static LrState state_of(Building *self, const Item *items, uint32_t count) {
    Str bytes = ak_arena_str(self->arena, (Str){(const char *)items, count * sizeof *items});
    bool is_new;
    uint64_t *number = bytes.data ? ak_map_put(&self->numbers, bytes, &is_new) : NULL;
    if (!number) return 0;
    if (!is_new) return (LrState)*number;
    if (self->sets.count >= UINT16_MAX || !ak_vec_reserve(self->arena, &self->items, count)) return 0;
    *number = self->sets.count;
    ItemSet set = {.first = (uint32_t)self->items.count, .count = count};
    memcpy(self->items.items + self->items.count, items, count * sizeof *items);
    self->items.count += count;
    return ak_vec_push(self->arena, &self->sets, set) ? (LrState)*number : 0;
}

/* All moves of a state, with the items behind them. */
static bool gather_pairs(Building *self, LrState state) {
    const Syntax *syntax = self->syntax;
    ItemSet set = self->sets.items[state];
    uint32_t rules[RULE_WORDS] = {0};
    assert(self->rule_words <= RULE_WORDS);
    self->pairs.count = 0;
    for (uint32_t i = 0; i < set.count; i++) {
        Item item = self->items.items[set.first + i];
        if (is_end(self, item)) continue;
        if (!push_move(self, item)) return false;
        SyntaxSymbol next = syntax->steps.items[item].symbol;
        if (next & SYMBOL_RULE)
            ak_bits_or(rules, self->corners + (size_t)rule_number(next) * self->rule_words, self->rule_words);
    }
    size_t bits = syntax->rules.count;
    for (size_t rule = ak_bits_next(rules, bits, 0); rule != SIZE_MAX; rule = ak_bits_next(rules, bits, rule + 1)) {
        SyntaxRule there = syntax->rules.items[rule];
        for (uint32_t i = 0; i < there.count; i++) {
            if (!push_move(self, production_at(self, there.first + i)->first)) return false;
        }
    }
    qsort(self->pairs.items, self->pairs.count, sizeof *self->pairs.items, compare_pairs);
    return true;
}

static bool make_moves(Building *self, LrState state) {
    if (!gather_pairs(self, state)) return false;
    uint32_t first = (uint32_t)self->moves.count;
    for (size_t i = 0; i < self->pairs.count;) {
        SyntaxSymbol symbol = self->pairs.items[i].symbol;
        Item kernel[KERNEL_MAX];
        uint32_t count = 0;
        for (; i < self->pairs.count && self->pairs.items[i].symbol == symbol; i++) {
            if (count && kernel[count - 1] == self->pairs.items[i].item) continue;
            if (count == KERNEL_MAX) return false;
            kernel[count++] = self->pairs.items[i].item;
        }
        LrState to = state_of(self, kernel, count);
        if (!to || !ak_vec_push(self->arena, &self->moves, (Move){symbol, to})) return false;
    }
    self->sets.items[state].first_move = first;
    self->sets.items[state].moves = (uint32_t)self->moves.count - first;
    return true;
}

static bool make_states(Building *self) {
    const Syntax *syntax = self->syntax;
    if (!ak_vec_push(self->arena, &self->sets, (ItemSet){0})) return false;
    for (uint32_t number = 0; number < syntax->fragment_count; number++) {
        SyntaxRule start = syntax->rules.items[number];
        Item kernel[2];
        assert(start.count <= 2);
        for (uint32_t i = 0; i < start.count; i++) kernel[i] = production_at(self, start.first + i)->first;
        if (state_of(self, kernel, start.count) != LR_START + number) return false;
    }
    for (uint32_t state = LR_START; state < self->sets.count; state++) {
        if (!make_moves(self, (LrState)state)) return false;
    }
    return true;
}

/* ---- Transitions as tables */

static bool fill_transitions(Building *self) {
    LrTables *tables = self->tables;
    uint32_t states = (uint32_t)self->sets.count, terminals = (uint32_t)self->syntax->terminals.count,
             rules = (uint32_t)self->syntax->rules.count;
    tables->state_count = states, tables->terminal_count = terminals, tables->rule_count = rules;
    tables->start_count = self->syntax->fragment_count;
    tables->set_words = (uint32_t)ak_bits_words(terminals);
    self->gotos = ak_new_array(self->arena, LrState, (size_t)states * rules);
    self->cells = ak_new_array(self->arena, uint16_t, (size_t)states * terminals);
    self->shift_sets = ak_new_array(self->kept, uint32_t, (size_t)states * tables->set_words);
    self->defaults = ak_new_array(self->kept, LrReduction, states);
    self->first_choices = ak_new_array(self->kept, uint32_t, (size_t)states + 1);
    self->by = ak_new_array(self->kept, uint32_t, states);
    self->shifts = ak_new_array(self->arena, LrState, (size_t)states * terminals);
    self->nonterminal_numbers = ak_new_array(self->arena, uint32_t, (size_t)states * rules);
    if (!ak_arena_ok(self->arena) || !ak_arena_ok(self->kept)) return false;
    for (uint32_t state = LR_START; state < states; state++) {
        ItemSet set = self->sets.items[state];
        for (uint32_t i = 0; i < set.moves; i++) {
            Move move = self->moves.items[set.first_move + i];
            self->by[move.to] = move.symbol;
            if (!(move.symbol & SYMBOL_RULE)) {
                self->shifts[(size_t)state * terminals + move.symbol] = move.to;
                continue;
            }
            size_t at = (size_t)state * rules + rule_number(move.symbol);
            self->gotos[at] = move.to;
            self->nonterminal_numbers[at] = (uint32_t)self->nonterminals.count;
            if (!ak_vec_push(self->arena, &self->nonterminals,
                             (Nonterminal){(LrState)state, (uint16_t)rule_number(move.symbol)}))
                return false;
        }
    }
    return true;
}

static LrState goto_of(const Building *self, LrState state, uint32_t rule) {
    return self->gotos[(size_t)state * self->tables->rule_count + rule];
}

static LrState next_state(const Building *self, LrState state, SyntaxSymbol symbol) {
    if (symbol & SYMBOL_RULE) return goto_of(self, state, rule_number(symbol));
    return self->shifts[(size_t)state * self->tables->terminal_count + symbol];
}

/* ---- Look-ahead */

/* Where the production that begins in `from` ends; `last` is the state before its last symbol. */
static LrState walk(const Building *self, LrState from, const Production *production, LrState *last) {
    LrState at = from;
    for (uint32_t i = 0; i < production->count; i++) {
        *last = at;
        at = next_state(self, at, self->syntax->steps.items[production->first + i].symbol);
    }
    return at;
}

/* What follows a rule where it is all that is left of another follows that other, too. */
static bool find_includes(Building *self) {
    for (uint32_t i = 0; i < self->nonterminals.count; i++) {
        Nonterminal whole = self->nonterminals.items[i];
        SyntaxRule rule = self->syntax->rules.items[whole.rule];
        for (uint32_t k = 0; k < rule.count; k++) {
            const Production *production = production_at(self, rule.first + k);
            SyntaxSymbol end = self->syntax->steps.items[production->first + production->count - 1].symbol;
            LrState last = 0;
            if (!(end & SYMBOL_RULE)) continue;
            walk(self, whole.from, production, &last);
            uint32_t inner = self->nonterminal_numbers[(size_t)last * self->tables->rule_count + rule_number(end)];
            if (!ak_vec_push(self->arena, &self->includes, (Pair){i, inner})) return false;
        }
    }
    if (self->includes.count > 1)
        qsort(self->includes.items, self->includes.count, sizeof *self->includes.items, compare_pairs);
    return true;
}

static bool find_follows(Building *self) {
    uint32_t words = self->tables->set_words, count = (uint32_t)self->nonterminals.count;
    self->follows = ak_new_array(self->arena, uint32_t, (size_t)count * words);
    self->include_starts = ak_new_array(self->arena, uint32_t, (size_t)count + 1);
    uint32_t *queue = ak_new_array(self->arena, uint32_t, (size_t)count + 1);
    bool *is_queued = ak_new_array(self->arena, bool, count);
    if (!ak_arena_ok(self->arena)) return false;
    for (uint32_t i = 0; i < count; i++) {
        Nonterminal here = self->nonterminals.items[i];
        ItemSet set = self->sets.items[goto_of(self, here.from, here.rule)];
        for (uint32_t k = 0; k < set.moves; k++) {
            SyntaxSymbol symbol = self->moves.items[set.first_move + k].symbol;
            if (!(symbol & SYMBOL_RULE)) ak_bits_set(self->follows + (size_t)i * words, symbol);
        }
    }
    for (uint32_t i = 0, at = 0; i <= count; i++) {
        while (at < self->includes.count && self->includes.items[at].symbol < i) at++;
        self->include_starts[i] = at;
    }
    uint32_t head = 0, waiting = count;
    for (uint32_t i = 0; i < count; i++) queue[i] = i, is_queued[i] = true;
    for (; waiting; waiting--) {
        uint32_t from = queue[head];
        head = head == count ? 0 : head + 1, is_queued[from] = false;
        for (uint32_t i = self->include_starts[from]; i < self->include_starts[from + 1]; i++) {
            uint32_t to = self->includes.items[i].item;
            if (!ak_bits_grow(self->follows + (size_t)to * words, self->follows + (size_t)from * words, words) ||
                is_queued[to])
                continue;
            queue[(head + waiting - 1) % (count + 1)] = to, is_queued[to] = true, waiting++;
        }
    }
    return true;
}

static bool list_complete(Building *self) {
    self->complete_starts = ak_new_array(self->arena, uint32_t, self->sets.count + 1);
    if (!self->complete_starts) return false;
    for (uint32_t state = 0; state < self->sets.count; state++) {
        ItemSet set = self->sets.items[state];
        self->complete_starts[state] = (uint32_t)self->complete.count;
        for (uint32_t i = 0; i < set.count; i++) {
            Item item = self->items.items[set.first + i];
            if (is_end(self, item) && !ak_vec_push(self->arena, &self->complete, item - self->ends)) return false;
        }
    }
    self->complete_starts[self->sets.count] = (uint32_t)self->complete.count;
    self->looks = ak_new_array(self->arena, uint32_t, self->complete.count * self->tables->set_words);
    return self->looks != NULL;
}

/* The number of a production's item in a state where it is complete. */
static uint32_t complete_of(const Building *self, LrState state, uint32_t production) {
    uint32_t at = self->complete_starts[state];
    while (self->complete.items[at] != production) at++;
    assert(at < self->complete_starts[state + 1]);
    return at;
}

static void find_looks(Building *self) {
    uint32_t words = self->tables->set_words;
    for (uint32_t i = 0; i < self->nonterminals.count; i++) {
        Nonterminal whole = self->nonterminals.items[i];
        SyntaxRule rule = self->syntax->rules.items[whole.rule];
        for (uint32_t k = 0; k < rule.count; k++) {
            LrState last = 0, end = walk(self, whole.from, production_at(self, rule.first + k), &last);
            uint32_t item = complete_of(self, end, rule.first + k);
            ak_bits_or(self->looks + (size_t)item * words, self->follows + (size_t)i * words, words);
        }
    }
}

/* ---- Actions */

/* One side of a comparison: how tightly it binds, and of which rule it is. */
typedef struct Binding {
    Precedence precedence;
    Str rule;
} Binding;

static bool is_entry(OrderEntry entry, Binding binding) {
    return ak_str_equal(entry.name, entry.is_rule ? binding.rule : binding.precedence.name);
}

/* Negative: `a` binds less; 0: nothing is said. */
static int compare_bindings(const Syntax *self, Binding a, Binding b) {
    bool is_a_level = !a.precedence.name.length, is_b_level = !b.precedence.name.length;
    if (is_a_level && is_b_level && (a.precedence.level || b.precedence.level))
        return (a.precedence.level > b.precedence.level) - (a.precedence.level < b.precedence.level);
    for (uint32_t i = 0; i < self->order_count; i++) {
        bool saw_a = false, saw_b = false;
        for (uint32_t k = 0; k < self->orders[i].count; k++) { /* what binds more comes first */
            OrderEntry entry = self->orders[i].entries[k];
            if (is_entry(entry, a)) {
                if (saw_b) return -1;
                saw_a = true;
            } else if (is_entry(entry, b)) {
                if (saw_a) return 1;
                saw_b = true;
            }
        }
    }
    return 0;
}

/* Of an item: what its last step before the dot says. */
static Binding binding_of(const Building *self, Item item) {
    uint32_t number = is_end(self, item) ? item - self->ends : self->step_production[item];
    const Production *production = production_at(self, number);
    uint32_t step = is_end(self, item) ? production->first + production->count : item;
    Str name = self->syntax->rules.items[production->left].name;
    if (production->left < self->syntax->fragment_count) name = (Str){0}; /* a start's is that of another rule */
    if (step == production->first) return (Binding){{0}, name};
    return (Binding){self->syntax->steps.items[step - 1].precedence, name};
}

static bool may_begin(const Building *self, SyntaxSymbol symbol, uint32_t terminal) {
    if (!(symbol & SYMBOL_RULE)) return symbol == terminal;
    const uint32_t *corners = self->corners + (size_t)rule_number(symbol) * self->rule_words;
    size_t bits = self->syntax->rules.count;
    for (size_t rule = ak_bits_next(corners, bits, 0); rule != SIZE_MAX; rule = ak_bits_next(corners, bits, rule + 1)) {
        SyntaxRule there = self->syntax->rules.items[rule];
        for (uint32_t i = 0; i < there.count; i++) {
            if (self->syntax->steps.items[production_at(self, there.first + i)->first].symbol == terminal) return true;
        }
    }
    return false;
}

/* Of complete items those that bind most. */
static uint32_t keep_tightest(const Building *self, uint32_t *productions, uint32_t count) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        Binding fresh = binding_of(self, self->ends + productions[i]);
        int order = kept ? compare_bindings(self->syntax, fresh, binding_of(self, self->ends + productions[0])) : 1;
        if (order > 0) kept = 0;
        if (order >= 0) productions[kept++] = productions[i];
    }
    return kept;
}

typedef enum Verdict { KEEPS_BOTH, KEEPS_SHIFT, KEEPS_REDUCTION } Verdict;

/* The shift over the terminal, or the reductions, which bind alike? */
static Verdict judge(const Building *self, LrState state, uint32_t terminal, const uint32_t *productions,
                     uint32_t count) {
    Binding reduction = binding_of(self, self->ends + productions[0]);
    bool is_less = false, is_more = false, has[3] = {false};
    ItemSet set = self->sets.items[state];
    for (uint32_t i = 0; i < set.count; i++) {
        Item item = self->items.items[set.first + i];
        if (is_end(self, item) || !may_begin(self, self->syntax->steps.items[item].symbol, terminal)) continue;
        if (item == production_at(self, self->step_production[item])->first) continue;
        int order = compare_bindings(self->syntax, binding_of(self, item), reduction);
        if (order < 0) is_less = true;
        if (order > 0) is_more = true;
    }
    if (is_less != is_more) return is_more ? KEEPS_SHIFT : KEEPS_REDUCTION;
    if (is_less) return KEEPS_BOTH;
    for (uint32_t i = 0; i < count; i++) {
        const Production *production = production_at(self, productions[i]);
        has[self->syntax->steps.items[production->first + production->count - 1].associativity] = true;
    }
    if (has[ASSOCIATES_LEFT] && !has[ASSOCIATES_RIGHT] && !has[ASSOCIATES_NOT]) return KEEPS_REDUCTION;
    if (has[ASSOCIATES_RIGHT] && !has[ASSOCIATES_LEFT] && !has[ASSOCIATES_NOT]) return KEEPS_SHIFT;
    return KEEPS_BOTH;
}

static bool add_reduction(Building *self, uint32_t first, uint32_t number) {
    const Production *production = production_at(self, number);
    LrReduction made = {(uint16_t)production->left, (uint16_t)production->count};
    for (size_t i = first; i < self->reductions.count; i++) {
        if (memcmp(&self->reductions.items[i], &made, sizeof made) == 0) return true;
    }
    return ak_vec_push(self->kept, &self->reductions, made);
}

/* The number of the cell; equal ones are one. */
static bool cell_of(Building *self, Map *known, LrState shift, const uint32_t *productions, uint32_t count,
                    uint16_t *number) {
    uint32_t first = (uint32_t)self->reductions.count;
    for (uint32_t i = 0; i < count; i++) {
        if (!add_reduction(self, first, productions[i])) return false;
    }
    LrCell cell = {shift, (uint16_t)(self->reductions.count - first), first};
    Str key = ak_arena_format(self->arena, "%u", shift);
    for (uint32_t i = 0; i < cell.count; i++) {
        LrReduction there = self->reductions.items[first + i];
        key = ak_arena_format(self->arena, "%.*s %u:%u", STR_ARGS(key), there.rule, there.count);
    }
    bool is_new;
    uint64_t *at = key.data ? ak_map_put(known, key, &is_new) : NULL;
    if (!at) return false;
    if (is_new) {
        *at = self->all_cells.count;
        if (*at > UINT16_MAX || !ak_vec_push(self->kept, &self->all_cells, cell)) return false;
    } else {
        self->reductions.count = first;
    }
    return *number = (uint16_t)*at, true;
}

static bool fill_state(Building *self, Map *known, LrState state) {
    LrTables *tables = self->tables;
    for (uint32_t terminal = 0; terminal < tables->terminal_count; terminal++) {
        uint32_t productions[REDUCTIONS_MAX], count = 0;
        LrState shift = self->shifts[(size_t)state * tables->terminal_count + terminal];
        for (uint32_t i = self->complete_starts[state]; i < self->complete_starts[state + 1]; i++) {
            if (!ak_bits_get(self->looks + (size_t)i * tables->set_words, terminal)) continue;
            if (count == REDUCTIONS_MAX) return false;
            productions[count++] = self->complete.items[i];
        }
        if (!shift && !count) continue;
        uint32_t before = count + (shift != 0);
        if (count > 1) count = keep_tightest(self, productions, count);
        if (count && shift) {
            Verdict verdict = judge(self, state, terminal, productions, count);
            if (verdict == KEEPS_SHIFT) count = 0;
            if (verdict == KEEPS_REDUCTION) shift = 0;
        }
        uint16_t *cell = &self->cells[(size_t)state * tables->terminal_count + terminal];
        if (!cell_of(self, known, shift, productions, count, cell)) return false;
        tables->conflicts += self->all_cells.items[*cell].count + (shift != 0) > 1;
        tables->resolved += count + (shift != 0) < before;
        if (shift) ak_bits_set(self->shift_sets + (size_t)state * tables->set_words, terminal);
    }
    return true;
}

/* The set of terminals before which a state makes the reduction; NULL when out of memory. */
static uint32_t *choice_of(Building *self, LrState state, LrReduction reduction) {
    uint32_t words = self->tables->set_words, set = (uint32_t)self->choice_sets.count;
    for (uint32_t at = self->first_choices[state]; at < self->choices.count; at++) {
        if (memcmp(&self->choices.items[at].reduction, &reduction, sizeof reduction) == 0)
            return self->choice_sets.items + self->choices.items[at].set;
    }
    if (!ak_vec_push(self->kept, &self->choices, (LrChoice){reduction, set}) ||
        !ak_vec_reserve(self->kept, &self->choice_sets, words))
        return NULL;
    self->choice_sets.count += words;
    return memset(self->choice_sets.items + set, 0, words * sizeof *self->choice_sets.items);
}

static bool list_choices(Building *self, LrState state) {
    const LrTables *tables = self->tables;
    self->first_choices[state] = (uint32_t)self->choices.count;
    for (uint32_t terminal = 0; terminal < tables->terminal_count; terminal++) {
        const LrCell *cell = &self->all_cells.items[self->cells[(size_t)state * tables->terminal_count + terminal]];
        for (uint32_t i = 0; i < cell->count; i++) {
            uint32_t *set = choice_of(self, state, self->reductions.items[cell->first + i]);
            if (!set) return false;
            ak_bits_set(set, terminal);
        }
    }
    bool is_alone = self->choices.count == self->first_choices[state] + 1u;
    for (uint32_t i = 0; i < tables->set_words; i++)
        is_alone &= self->shift_sets[(size_t)state * tables->set_words + i] == 0;
    if (is_alone) self->defaults[state] = self->choices.items[self->first_choices[state]].reduction;
    return true;
}

static bool fill_cells(Building *self) {
    Map known = {.arena = self->arena};
    if (!ak_vec_push(self->kept, &self->all_cells, (LrCell){0})) return false;
    for (uint32_t state = LR_START; state < self->tables->state_count; state++) {
        if (!fill_state(self, &known, (LrState)state) || !list_choices(self, (LrState)state)) return false;
    }
    self->first_choices[self->tables->state_count] = (uint32_t)self->choices.count;
    return true;
}

/* ---- Rows: many states have the same ones */

typedef struct Rows {
    uint16_t *of, *items;
    uint32_t count;
} Rows;

static bool share_rows(Building *self, const uint16_t *all, uint32_t width, Rows *rows) {
    uint32_t states = self->tables->state_count;
    Map known = {.arena = self->arena};
    VEC(uint16_t) items = {0};
    *rows = (Rows){.of = ak_new_array(self->kept, uint16_t, states)};
    if (!rows->of) return false;
    for (uint32_t state = 0; state < states; state++) {
        const uint16_t *row = all + (size_t)state * width;
        bool is_new;
        uint64_t *number = ak_map_put(&known, (Str){(const char *)row, width * sizeof *row}, &is_new);
        if (!number) return false;
        if (is_new) {
            if (!ak_vec_reserve(self->arena, &items, width)) return false;
            memcpy(items.items + items.count, row, width * sizeof *row);
            items.count += width, *number = rows->count++;
        }
        rows->of[state] = (uint16_t)*number;
    }
    rows->items = ak_new_array(self->kept, uint16_t, items.count);
    return rows->items && memcpy(rows->items, items.items, items.count * sizeof *items.items);
}

static bool finish(Building *self) {
    LrTables *tables = self->tables;
    Rows cells, gotos;
    if (!share_rows(self, self->cells, tables->terminal_count, &cells) ||
        !share_rows(self, self->gotos, tables->rule_count, &gotos))
        return false;
    tables->row_of_cells = cells.of, tables->cells = cells.items, tables->cell_rows = cells.count;
    tables->row_of_gotos = gotos.of, tables->gotos = gotos.items, tables->goto_rows = gotos.count;
    tables->shifts = self->shift_sets, tables->defaults = self->defaults;
    tables->first_choices = self->first_choices, tables->by = self->by;
    tables->choices = self->choices.items, tables->choice_count = (uint32_t)self->choices.count;
    tables->sets = self->choice_sets.items, tables->set_count = (uint32_t)self->choice_sets.count;
    tables->all_cells = self->all_cells.items, tables->all_cell_count = (uint32_t)self->all_cells.count;
    tables->reductions = self->reductions.items, tables->reduction_count = (uint32_t)self->reductions.count;
    return true;
}

static bool number_steps(Building *self) {
    self->step_production = ak_new_array(self->arena, uint32_t, self->syntax->steps.count);
    if (!self->step_production) return false;
    for (uint32_t i = 0; i < self->syntax->productions.count; i++) {
        const Production *production = production_at(self, i);
        for (uint32_t k = 0; k < production->count; k++) self->step_production[production->first + k] = i;
    }
    return true;
}

static bool build(Building *self) {
    if (!number_steps(self) || !find_corners(self) || !make_states(self) || !fill_transitions(self)) return false;
    if (!find_includes(self) || !find_follows(self) || !list_complete(self)) return false;
    find_looks(self);
    return fill_cells(self) && finish(self);
}

bool ak_lr_init(LrTables *self, Arena *arena, const Syntax *syntax, ananke_error *err) {
    *self = (LrTables){0};
    if (syntax->terminals.count > SET_WORDS * 32 || syntax->rules.count > LR_RULES_MAX)
        return ak_fail(err, ANANKE_ERROR_LIMIT, "the grammar has too many terminals or rules");
    Arena work = {.allocator = arena->allocator, .limit = arena->limit};
    Building building = {.tables = self, .syntax = syntax, .arena = &work, .kept = arena, .numbers = {.arena = &work}};
    building.ends = (uint32_t)syntax->steps.count, building.rule_words = (uint32_t)ak_bits_words(syntax->rules.count);
    bool is_done = build(&building);
    if (!is_done && !ak_arena_ok(&work)) ak_fail_memory(err, &work);
    else if (!is_done && !ak_arena_ok(arena)) ak_fail_memory(err, arena);
    else if (!is_done)
        ak_fail(err, ANANKE_ERROR_LIMIT, "the grammar has too many states, or too many conflicts in one");
    ak_arena_free(&work);
    return is_done;
}
