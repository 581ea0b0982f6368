/* Completion: a short text that ends what was begun. Best-first search (A*,
 * https://doi.org/10.1109/TSSC.1968.300136) over lexemes.
 *
 * A node is a place where a lexeme may end. Its children append one lexeme that the row behind it allows, each
 * spelled by a shortest text that the longest match does not glue to what stands before, if need be with ignored
 * text between. The estimate of what is still to come is exact but for such separators: the cheapest way to finish
 * an item is the yield of the rest of its body plus the cheapest way to finish whatever waits, in the row where the
 * item began, for its rule; in a roster it is about exact. Every step is made by the reference engine itself, so a text that is found is one that it
 * accepts. */
#include "mask/completion.h"
#include "base/bitset.h"
#include "base/map.h"

enum { MAX_NODES = 20000, MAX_EXPANSIONS = 2000, INFINITE = 1 << 29, NO_PARENT = UINT32_MAX };

typedef struct Node {
    Cursor cursor;         /* behind a lexeme that may end here, or fresh */
    Row row;               /* the row that this end leads to */
    LexerState start;      /* and the lexer's state there */
    uint32_t parent;       /* node before it */
    uint32_t length, cost; /* bytes so far; what the way here has cost */
    Str text;              /* appended since the parent */
} Node;

typedef struct HeapEntry {
    uint32_t estimate, node;
} HeapEntry;

/* The cheapest entry, and comma, for each required seat of a roster, for each demand, and of all. */
typedef struct RosterPrices {
    uint32_t *seats, demands[AK_ROSTER_DEMANDS_MAX], cheapest;
} RosterPrices;

typedef struct Search {
    Reference *reference;
    const GrammarTables *tables;
    Arena *arena;
    Str *spellings;       /* a shortest text of each lexeme */
    uint32_t *rule_costs; /* cheapest yield of each rule */
    uint32_t *rest_costs; /* cheapest yield of what is behind each dot */
    uint32_t *lefts;      /* the rule whose body each dot is in */
    uint32_t *bodies;     /* first dots of all bodies, by rule: bodies[body_starts[r]] … */
    uint32_t *body_starts;
    VEC(uint32_t *)
    finish; /* finish[row][rule]: cheapest way to the end once `rule`, begun at `row`, is complete; or NULL */
    VEC(uint32_t) queue; /* rules to be relaxed */
    uint8_t *is_queued;
    RosterPrices *prices; /* by roster */
    uint32_t *state;      /* of a roster, scratch */
    VEC(Node) nodes;
    VEC(HeapEntry) heap;
    Map known; /* cursors that are nodes already, as bytes */
} Search;

static uint32_t least(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

static uint32_t add_costs(uint32_t a, uint32_t b) {
    return a + b < INFINITE ? a + b : INFINITE;
}

static Place place_at(const Search *self, Dot dot) {
    return ak_dots_place(&self->reference->chart.roster_dots, dot);
}

/* The rule whose body it is in. */
static uint32_t left_of(const Search *self, Dot dot) {
    return self->lefts[ak_dots_base(&self->reference->chart.roster_dots, dot)];
}

/* ---- Yields */

/* One for the lexeme, as fewer are nicer, and one for each byte. */
static uint32_t place_cost(const Search *self, const Place *place) {
    if (place->kind == PLACE_RULE) return self->rule_costs[place->symbol];
    return self->spellings[place->symbol].data ? (uint32_t)self->spellings[place->symbol].length + 1 : INFINITE;
}

static void price_rosters(Search *self) {
    for (uint32_t r = 0; r < self->tables->roster_count; r++) {
        const Roster *roster = &self->tables->rosters[r];
        RosterPrices *prices = &self->prices[r];
        *prices = (RosterPrices){.seats = prices->seats, .cheapest = INFINITE};
        for (uint32_t seat = 0; seat < roster->rules.required; seat++) prices->seats[seat] = INFINITE;
        for (uint32_t d = 0; d < AK_ROSTER_DEMANDS_MAX; d++) prices->demands[d] = INFINITE;
        uint32_t comma = place_cost(self, &self->tables->places[ak_roster_comma(roster)]);
        for (uint32_t entry = 0; entry < roster->count; entry++) {
            RosterEntry it = roster->entries[entry];
            uint32_t cost = add_costs(comma, place_cost(self, &self->tables->places[ak_roster_entry(roster, entry)]));
            if (it.seat < roster->rules.required) prices->seats[it.seat] = least(prices->seats[it.seat], cost);
            for (uint32_t d = 0; d < roster->rules.demands; d++) {
                if (it.demands >> d & 1) prices->demands[d] = least(prices->demands[d], cost);
            }
            prices->cheapest = least(prices->cheapest, cost);
        }
    }
}

/* About what the entries cost that are still wanted, and the closing; `*count` is how many they are. */
static uint32_t wanted_cost(const Search *self, const Roster *roster, const uint32_t *state, uint64_t *count) {
    const RosterPrices *prices = &self->prices[roster - self->tables->rosters];
    uint32_t cost = place_cost(self, &self->tables->places[ak_roster_closing(roster)]);
    *count = 0;
    for (uint32_t seat = 0; seat < roster->rules.required; seat++) {
        if (!ak_bits_get(state + AK_ROSTER_SEATS, seat)) cost = add_costs(cost, prices->seats[seat]), ++*count;
    }
    for (uint32_t d = 0; d < roster->rules.demands; d++) {
        if (!(state[AK_ROSTER_MET] >> d & 1)) cost = add_costs(cost, prices->demands[d]), ++*count;
    }
    uint64_t come = state[AK_ROSTER_COUNT] + *count, more = come < roster->rules.min ? roster->rules.min - come : 0;
    *count += more;
    return more >= INFINITE || more * prices->cheapest >= INFINITE ? INFINITE
                                                                   : add_costs(cost, (uint32_t)more * prices->cheapest);
}

/* Behind an opening or a comma: at least one entry comes, the first of them without a comma. */
static uint32_t pick_cost(const Search *self, const Roster *roster, const uint32_t *state) {
    uint64_t count;
    uint32_t cost = wanted_cost(self, roster, state, &count),
             comma = place_cost(self, &self->tables->places[ak_roster_comma(roster)]);
    if (!count) cost = add_costs(cost, self->prices[roster - self->tables->rosters].cheapest);
    return cost < INFINITE ? cost - comma : INFINITE;
}

static const Roster *roster_of(const Search *self, const Place *entry) {
    return &self->tables->rosters[entry->kind == PLACE_TAKE ? entry->symbol : entry[1].symbol];
}

/* From an entry on, or from behind it. */
static uint32_t entry_cost(const Search *self, Dot dot) {
    const RosterDots *dots = &self->reference->chart.roster_dots;
    const Dot base = ak_dots_base(dots, dot);
    const Place *place = &self->tables->places[base];
    const Roster *roster = roster_of(self, place);
    uint32_t entry = (base - ak_roster_entry(roster, 0)) / 2;
    uint64_t count;
    if (!ak_roster_take(roster, ak_dots_state(dots, dot), entry, self->state)) return INFINITE;
    uint32_t cost = wanted_cost(self, roster, self->state, &count);
    return place->kind == PLACE_TAKE ? cost : add_costs(cost, place_cost(self, place));
}

static bool is_entry(const Place *place) {
    return place->kind == PLACE_TAKE || (place->kind != PLACE_END && place[1].kind == PLACE_TAKE);
}

/* What is behind the dot. */
static uint32_t rest_cost(const Search *self, Dot dot) {
    const RosterDots *dots = &self->reference->chart.roster_dots;
    const Dot base = ak_dots_base(dots, dot);
    const Place *place = &self->tables->places[base];
    if (is_entry(place)) return entry_cost(self, dot);
    if (dot == base) return self->rest_costs[dot];
    const Place *pick = place->kind == PLACE_PICK ? place : place + 1; /* a comma is before it */
    uint32_t cost = pick_cost(self, &self->tables->rosters[pick->symbol], ak_dots_state(dots, dot));
    return pick == place ? cost : add_costs(cost, place_cost(self, place));
}

static bool begin_rosters(Search *self) {
    size_t words = 0;
    self->prices = ak_new_array(self->arena, RosterPrices, self->tables->roster_count);
    for (uint32_t r = 0; self->prices && r < self->tables->roster_count; r++) {
        const Roster *roster = &self->tables->rosters[r];
        self->prices[r].seats = ak_new_array(self->arena, uint32_t, roster->rules.required);
        if (words < ak_roster_words(roster)) words = ak_roster_words(roster);
    }
    self->state = ak_new_array(self->arena, uint32_t, words);
    return ak_arena_ok(self->arena);
}

/* Sums from the end of every body; true when a rule got cheaper. */
static bool sum_bodies(Search *self) {
    bool changed = false;
    uint32_t left = 0, cost = 0;
    const uint32_t *beginning = ak_dots_state(&self->reference->chart.roster_dots, 0);
    price_rosters(self);
    for (uint32_t dot = self->tables->place_count; dot-- > 0;) {
        const Place *place = &self->tables->places[dot];
        if (place->kind == PLACE_END) left = place->symbol, cost = 0;
        else if (place->kind == PLACE_PICK) cost = pick_cost(self, &self->tables->rosters[place->symbol], beginning);
        else if (!is_entry(place)) cost = add_costs(cost, place_cost(self, place));
        self->rest_costs[dot] = cost, self->lefts[dot] = left;
        bool is_first = dot == 0 || self->tables->places[dot - 1].kind == PLACE_END;
        if (is_first && cost < self->rule_costs[left]) self->rule_costs[left] = cost, changed = true;
    }
    return changed;
}

static void list_bodies(Search *self) {
    const GrammarTables *tables = self->tables;
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t dot = 0; dot < tables->place_count; dot++) {
            if (dot && tables->places[dot - 1].kind != PLACE_END) continue;
            if (pass == 0) self->body_starts[self->lefts[dot]]++;
            else self->bodies[--self->body_starts[self->lefts[dot]]] = dot;
        }
        for (uint32_t rule = 0; pass == 0 && rule <= tables->rule_count; rule++) {
            self->body_starts[rule + 1] += self->body_starts[rule];
        }
    }
}

static bool prepare(Search *self) {
    const GrammarTables *tables = self->tables;
    uint32_t rules = tables->rule_count + 1; /* the extra start rule included */
    self->spellings = ak_new_array(self->arena, Str, tables->lexeme_count);
    self->rule_costs = ak_new_array(self->arena, uint32_t, rules);
    self->rest_costs = ak_new_array(self->arena, uint32_t, tables->place_count);
    self->lefts = ak_new_array(self->arena, uint32_t, tables->place_count);
    self->bodies = ak_new_array(self->arena, uint32_t, tables->place_count);
    self->body_starts = ak_new_array(self->arena, uint32_t, rules + (size_t)1);
    self->is_queued = ak_new_array(self->arena, uint8_t, rules);
    if (!ak_arena_ok(self->arena) || !begin_rosters(self)) return false;
    for (uint32_t t = 0; t < tables->lexeme_count; t++) {
        self->spellings[t] = ak_expr_shortest(&self->reference->lexer.exprs, tables->lexemes[t], self->arena);
    }
    for (uint32_t rule = 0; rule < rules; rule++) self->rule_costs[rule] = INFINITE;
    while (sum_bodies(self)) continue;
    list_bodies(self);
    return ak_arena_ok(self->arena) && !self->reference->lexer.exprs.exhausted;
}

/* ---- What is left to do in a row */

static bool offer(Search *self, uint32_t *finish, uint32_t rule, uint32_t cost) {
    if (cost >= finish[rule]) return true;
    finish[rule] = cost;
    if (self->is_queued[rule]) return true;
    self->is_queued[rule] = 1;
    return ak_vec_push(self->arena, &self->queue, rule);
}

/* Whatever a predicted rule may begin with is waited for, here, by that rule. */
static bool relax(Search *self, uint32_t *finish) {
    const GrammarTables *tables = self->tables;
    for (size_t at = 0; at < self->queue.count; at++) {
        uint32_t rule = self->queue.items[at];
        self->is_queued[rule] = 0;
        for (uint32_t i = self->body_starts[rule]; i < self->body_starts[rule + 1]; i++) {
            for (Dot dot = self->bodies[i]; tables->places[dot].kind == PLACE_RULE; dot++) {
                uint32_t cost = add_costs(self->rest_costs[dot + 1], finish[rule]);
                if (!offer(self, finish, tables->places[dot].symbol, cost)) return false;
                if (!tables->places[dot].is_nullable) break;
            }
        }
    }
    self->queue.count = 0;
    return true;
}

static uint32_t finish_item(const Search *self, Item item) {
    uint32_t rule = left_of(self, item.dot);
    uint32_t above = rule == self->tables->start_rule ? 0 : self->finish.items[item.origin][rule];
    return add_costs(rest_cost(self, item.dot), above);
}

/* Fills finish[row]; those of the rows where its items began are there already. */
static bool fill_finish(Search *self, Row row) {
    const GrammarTables *tables = self->tables;
    uint32_t *finish = ak_new_array(self->arena, uint32_t, tables->rule_count + (size_t)1);
    if (!finish) return false;
    for (uint32_t rule = 0; rule <= tables->rule_count; rule++) finish[rule] = INFINITE;
    self->finish.items[row] = finish;
    RowNode node = self->reference->chart.rows.items[row];
    for (uint32_t i = 0; i < node.item_count; i++) {
        Item item = self->reference->chart.items.items[node.items + i];
        Place place = place_at(self, item.dot);
        Item after = {item.dot + 1, item.origin};
        if (place.kind == PLACE_RULE && !offer(self, finish, place.symbol, finish_item(self, after))) return false;
    }
    return relax(self, finish);
}

/* Fills finish for every row where an item of `row`, or of a row so found, began. Origins are older rows, so the
 * last one found is filled first. */
static bool fill_origins(Search *self, Row row) {
    const Chart *chart = &self->reference->chart;
    while (self->finish.count < chart->rows.count) {
        if (!ak_vec_push(self->arena, &self->finish, NULL)) return false;
    }
    VEC(Row) stack = {0};
    bool ok = ak_vec_push(self->arena, &stack, row);
    while (ok && stack.count) {
        Row top = stack.items[stack.count - 1];
        RowNode node = chart->rows.items[top];
        size_t before = stack.count;
        for (uint32_t i = 0; ok && i < node.item_count; i++) {
            Item item = chart->items.items[node.items + i];
            bool is_known = item.origin == top || self->finish.items[item.origin] ||
                            left_of(self, item.dot) == self->tables->start_rule;
            if (!is_known) ok = ak_vec_push(self->arena, &stack, item.origin);
        }
        if (!ok || stack.count > before) continue;
        stack.count--;
        if (top != row && !self->finish.items[top]) ok = fill_finish(self, top);
    }
    return ok;
}

/* The cheapest way to the end of text from `row`. */
static bool estimate(Search *self, Row row, uint32_t *cost) {
    RowNode node = self->reference->chart.rows.items[row];
    *cost = node.is_accepting ? 0 : INFINITE;
    if (node.is_accepting) return true;
    if (!fill_origins(self, row)) return false;
    for (uint32_t i = 0; i < node.item_count; i++) {
        uint32_t way = finish_item(self, self->reference->chart.items.items[node.items + i]);
        if (way < *cost) *cost = way;
    }
    return true;
}

/* ---- Orders */

/* The first seat that must still be taken; `required` when there is none. */
static uint32_t first_wanted(const Roster *roster, const uint32_t *state) {
    uint32_t seat = 0;
    while (seat < roster->rules.required && ak_bits_get(state + AK_ROSTER_SEATS, seat)) seat++;
    return seat;
}

static uint32_t price_of(const Search *self, const Roster *roster, uint32_t entry) {
    return place_cost(self, &self->tables->places[ak_roster_entry(roster, entry)]);
}

/* Is another entry, which may come too, cheaper, or as cheap and before it? */
static bool is_beaten(const Search *self, const Roster *roster, const uint32_t *state, uint32_t entry) {
    uint32_t price = price_of(self, roster, entry);
    for (uint32_t other = 0; other < roster->count; other++) {
        uint32_t its = price_of(self, roster, other);
        bool is_better = its < price || (its == price && other < entry);
        if (is_better && ak_roster_take(roster, state, other, self->state)) return true;
    }
    return false;
}

/* Of all orders one is enough: what is required comes in the order of the seats, then what meets demands, then the cheapest. */
static bool is_next(const Search *self, Dot dot) {
    const RosterDots *dots = &self->reference->chart.roster_dots;
    const Dot base = ak_dots_base(dots, dot);
    const Roster *roster = roster_of(self, &self->tables->places[base]);
    const uint32_t *state = ak_dots_state(dots, dot);
    uint32_t number = (base - ak_roster_entry(roster, 0)) / 2, wanted = first_wanted(roster, state);
    RosterEntry entry = roster->entries[number];
    if (wanted < roster->rules.required) return entry.seat == wanted;
    if (state[AK_ROSTER_MET] + 1 < UINT32_C(1) << roster->rules.demands) return entry.demands;
    return !is_beaten(self, roster, state, number);
}

/* The lexemes that may come after the row, but for those that nothing but entries begin with whose turn it is not. NULL when out of memory. */
static uint32_t *find_next(Search *self, Row row) {
    const GrammarTables *tables = self->tables;
    const Chart *chart = &self->reference->chart;
    RowNode node = chart->rows.items[row];
    uint32_t *next = ak_new_array(self->arena, uint32_t, tables->lexeme_words);
    if (next && !tables->roster_count) memcpy(next, ak_earley_allowed(chart, row), tables->lexeme_words * sizeof *next);
    for (uint32_t i = 0; next && tables->roster_count && i < node.item_count; i++) {
        Dot dot = chart->items.items[node.items + i].dot;
        const Place *place = &tables->places[ak_dots_base(&chart->roster_dots, dot)];
        if (is_entry(place) && !is_next(self, dot)) continue;
        if (place->kind == PLACE_TERMINAL) ak_bits_set(next, place->symbol);
        else
            ak_bits_or(next, chart->predictions.lexemes + (size_t)place->symbol * tables->lexeme_words,
                       tables->lexeme_words);
    }
    for (uint32_t word = 0; next && word < tables->lexeme_words; word++)
        next[word] &= ak_earley_allowed(chart, row)[word]; /* less may be allowed than is waited for (limit.h) */
    return next;
}

/* ---- The search */

/* Of orders that cost the same the one that is under way goes on. */
static bool is_before(const Search *self, HeapEntry a, HeapEntry b) {
    bool is_tie = a.estimate == b.estimate && self->tables->roster_count;
    return is_tie ? a.node > b.node : a.estimate < b.estimate;
}

static bool heap_push(Search *self, HeapEntry entry) {
    if (!ak_vec_push(self->arena, &self->heap, entry)) return false;
    size_t at = self->heap.count - 1;
    for (; at && is_before(self, entry, self->heap.items[(at - 1) / 2]); at = (at - 1) / 2) {
        self->heap.items[at] = self->heap.items[(at - 1) / 2];
    }
    self->heap.items[at] = entry;
    return true;
}

static HeapEntry heap_pop(Search *self) {
    HeapEntry top = self->heap.items[0], last = self->heap.items[--self->heap.count];
    size_t at = 0;
    for (size_t child; (child = 2 * at + 1) < self->heap.count; at = child) {
        if (child + 1 < self->heap.count && is_before(self, self->heap.items[child + 1], self->heap.items[child]))
            child++;
        if (!is_before(self, self->heap.items[child], last)) break;
        self->heap.items[at] = self->heap.items[child];
    }
    self->heap.items[at] = last;
    return top;
}

/* Whether the cursor is met for the first time; the way that was found first is about as cheap as any later one. */
static bool is_new_cursor(Search *self, Cursor cursor) {
    uint32_t *key = ak_new_array(self->arena, uint32_t, 2);
    bool is_new = false;
    if (!key) return false;
    key[0] = cursor.row, key[1] = cursor.state;
    return ak_map_put(&self->known, (Str){(const char *)key, 2 * sizeof *key}, &is_new) && is_new;
}

/* Appends `text` at `from`; a node when all of it is taken and may end there. False only on failure. */
static bool append(Search *self, uint32_t parent, Cursor from, Str text) {
    uint32_t before = parent == NO_PARENT ? 0 : self->nodes.items[parent].cost;
    Node node = {.cursor = from, .parent = parent, .text = text};
    if (!text.data || self->nodes.count >= MAX_NODES) return true;
    for (size_t i = 0; i < text.length; i++) {
        ReferenceStep result = ak_reference_step(self->reference, &node.cursor, (uint8_t)text.data[i]);
        if (result != REFERENCE_TAKEN) return result == REFERENCE_REFUSED;
    }
    Cursor closed;
    ReferenceStep result = ak_reference_close(self->reference, node.cursor, &closed);
    if (result != REFERENCE_TAKEN) return result == REFERENCE_REFUSED;
    uint32_t rest;
    node.row = closed.row, node.start = closed.state;
    node.cost = before + (uint32_t)text.length + 1;
    node.length = (parent == NO_PARENT ? 0 : self->nodes.items[parent].length) + (uint32_t)text.length;
    if (!estimate(self, closed.row, &rest)) return false;
    if (rest >= INFINITE || !is_new_cursor(self, node.cursor)) return true;
    return ak_vec_push(self->arena, &self->nodes, node) &&
           heap_push(self, (HeapEntry){node.cost + rest, (uint32_t)self->nodes.count - 1});
}

/* What the lexeme may be behind a node: where items must differ, not all that it is elsewhere. */
static Expr expr_behind(const Search *self, const Node *node, uint32_t lexeme) {
    uint32_t count;
    const LexerPart *parts = ak_lexer_parts(&self->reference->lexer, node->start, &count);
    for (uint32_t i = 0; self->tables->roles && i < count; i++) {
        if (parts[i].lexeme == lexeme) return parts[i].rest;
    }
    return self->tables->lexemes[lexeme];
}

/* A shortest text of `lexeme` behind the node whose first byte does not go on with what is pending there; {NULL, 0} when there
 * is none. */
static Str spell_apart(Search *self, const Node *node, uint32_t lexeme) {
    Lexer *lexer = &self->reference->lexer;
    const Cursor cursor = node->cursor;
    const Expr whole = expr_behind(self, node, lexeme);
    Str best = self->spellings[lexeme];
    if (whole != self->tables->lexemes[lexeme]) best = ak_expr_shortest(&lexer->exprs, whole, self->arena);
    if (!best.data || cursor.is_fresh) return best;
    if (ak_lexer_next(lexer, cursor.state, (uint8_t)best.data[0]) == LEXER_DEAD) return best;
    best = (Str){0};
    for (uint32_t i = 0; i < lexer->exprs.class_count; i++) {
        uint8_t byte = lexer->exprs.samples[lexer->exprs.pretty[i]];
        if (ak_lexer_next(lexer, cursor.state, byte) != LEXER_DEAD) continue;
        Expr rest = ak_expr_derivative(&lexer->exprs, whole, lexer->exprs.pretty[i]);
        Str tail = ak_expr_shortest(&lexer->exprs, rest, self->arena);
        if (!tail.data || (best.data && best.length <= tail.length + 1)) continue;
        char *text = ak_arena_alloc(self->arena, tail.length + 2, 1);
        if (!text) return (Str){0};
        text[0] = (char)byte;
        memcpy(text + 1, tail.data, tail.length);
        best = (Str){text, tail.length + 1};
    }
    return best;
}

/* A text of the ignored lexeme, then the other. */
static bool append_separated(Search *self, uint32_t parent, uint32_t ignored, uint32_t lexeme) {
    const Node node = self->nodes.items[parent];
    Str separator = spell_apart(self, &node, ignored), word = self->spellings[lexeme];
    if (!separator.data || !word.data) return true;
    char *text = ak_arena_alloc(self->arena, separator.length + word.length + 1, 1);
    if (!text) return false;
    memcpy(text, separator.data, separator.length);
    memcpy(text + separator.length, word.data, word.length);
    return append(self, parent, node.cursor, (Str){text, separator.length + word.length});
}

/* The same for each ignored lexeme that is allowed. */
static bool append_behind_ignored(Search *self, uint32_t parent, const uint32_t *allowed, uint32_t lexeme) {
    const GrammarTables *tables = self->tables;
    for (size_t i = ak_bits_next(allowed, tables->lexeme_count, tables->terminal_count); i != SIZE_MAX;
         i = ak_bits_next(allowed, tables->lexeme_count, i + 1)) {
        if (!append_separated(self, parent, (uint32_t)i, lexeme)) return false;
    }
    return true;
}

/* A state of the lexer on the way to where the pending lexeme can be followed. */
typedef struct Detour {
    LexerState state;
    uint32_t before, length;
    uint8_t byte;
} Detour;

static bool append_detour(Search *self, uint32_t index, const Detour *detours, uint32_t last) {
    char *text = ak_arena_alloc(self->arena, detours[last].length + (size_t)1, 1);
    if (!text) return false;
    Str path = {text, detours[last].length};
    for (uint32_t at = last; at; at = detours[at].before) text[detours[at].length - 1] = (char)detours[at].byte;
    return append(self, index, self->nodes.items[index].cursor, path);
}

/* Nothing can follow directly: the longest match would take it (a word after a line comment). Looks, breadth first,
 * for longer texts of the pending lexeme behind which other bytes end it. */
static bool extend(Search *self, uint32_t index) {
    enum { MAX_STATES = 300, MAX_FOUND = 8 };
    Lexer *lexer = &self->reference->lexer;
    Detour detours[MAX_STATES] = {{.state = self->nodes.items[index].cursor.state}};
    uint32_t count = 1, found = 0;
    for (uint32_t at = 0; at < count && found < MAX_FOUND; at++) {
        for (uint32_t i = 0; i < lexer->exprs.class_count; i++) {
            uint8_t byte = lexer->exprs.samples[lexer->exprs.pretty[i]];
            LexerState next = ak_lexer_next(lexer, detours[at].state, byte);
            if (next == LEXER_FAILED) return false;
            bool is_known = next == LEXER_DEAD || count == MAX_STATES;
            for (uint32_t k = 0; k < count && !is_known; k++) is_known = detours[k].state == next;
            if (is_known) continue;
            detours[count] = (Detour){next, at, detours[at].length + 1, byte};
            uint32_t ending_count, number;
            ak_lexer_ending(lexer, next, &ending_count, &number);
            if (ending_count && !append_detour(self, index, detours, count)) return false;
            count++, found += ending_count != 0;
        }
    }
    return true;
}

/* Follows a node with the terminals of the set, which its row allows; notes whether one of them would be glued to what stands before it. */
static bool follow_with(Search *self, uint32_t index, const uint32_t *set, const uint32_t *allowed, bool *is_glued) {
    uint32_t terminals = self->tables->terminal_count;
    for (size_t t = ak_bits_next(set, terminals, 0); t != SIZE_MAX; t = ak_bits_next(set, terminals, t + 1)) {
        const Node node = self->nodes.items[index];
        Str text = spell_apart(self, &node, (uint32_t)t);
        *is_glued |= !text.data;
        bool ok = text.data ? append(self, index, node.cursor, text)
                            : append_behind_ignored(self, index, allowed, (uint32_t)t);
        if (!ok || !ak_arena_ok(self->arena)) return false;
    }
    return true;
}

/* Follows a node with every lexeme that its row allows, in rosters with those of one order, if these will do. */
static bool expand(Search *self, uint32_t index) {
    Node node = self->nodes.items[index];
    uint32_t words = self->tables->lexeme_words;
    uint32_t *allowed = ak_new_array(self->arena, uint32_t, words), *set = find_next(self, node.row);
    if (!allowed || !set) return false;
    memcpy(allowed, ak_earley_allowed(&self->reference->chart, node.row), words * sizeof *allowed);
    bool is_glued = false;
    if (!follow_with(self, index, set, allowed, &is_glued)) return false;
    for (uint32_t i = 0; i < words; i++) set[i] = is_glued ? allowed[i] & ~set[i] : 0;
    if (!follow_with(self, index, set, allowed, &is_glued)) return false;
    return !is_glued || node.cursor.is_fresh || extend(self, index);
}

/* The ways to end what is pending. */
static bool begin(Search *self) {
    Cursor cursor = self->reference->cursor;
    if (cursor.is_fresh) return append(self, NO_PARENT, cursor, STR(""));
    uint32_t count;
    const LexerPart *parts = ak_lexer_parts(&self->reference->lexer, cursor.state, &count);
    LexerPart *copy = ak_new_array(self->arena, LexerPart, count);
    if (!copy) return false;
    memcpy(copy, parts, count * sizeof *copy);
    for (uint32_t i = 0; i < count; i++) {
        if (!append(self, NO_PARENT, cursor,
                    ak_expr_shortest(&self->reference->lexer.exprs, copy[i].rest, self->arena)))
            return false;
    }
    return true;
}

static Str spell_path(Search *self, uint32_t index) {
    size_t end = self->nodes.items[index].length;
    char *text = ak_arena_alloc(self->arena, end + 1, 1);
    if (!text) return (Str){0};
    Str whole = {text, end};
    for (uint32_t at = index; at != NO_PARENT; at = self->nodes.items[at].parent) {
        Str part = self->nodes.items[at].text;
        end -= part.length;
        if (part.length) memcpy(text + end, part.data, part.length);
    }
    return whole;
}

Str ak_completion_find(Reference *reference, Arena *arena) {
    Search self = {
        .reference = reference, .tables = &reference->program->tables, .arena = arena, .known = {.arena = arena}};
    if (!prepare(&self) || !begin(&self)) return (Str){0};
    for (int round = 0; self.heap.count && round < MAX_EXPANSIONS; round++) {
        HeapEntry top = heap_pop(&self);
        if (reference->chart.rows.items[self.nodes.items[top.node].row].is_accepting)
            return spell_path(&self, top.node);
        if (!expand(&self, top.node)) break;
    }
    return (Str){0};
}
