/* The chart: rows are built by scanning, completing and predicting; the row under construction is an agenda with a
 * hash set beside it. */
#include "mask/earley.h"
#include "base/bitset.h"
#include <assert.h>

static uint32_t row_words(const Chart *self) {
    return self->tables->rule_words + self->tables->lexeme_words;
}

static Place place_at(const Chart *self, Dot dot) {
    return ak_dots_place(&self->roster_dots, dot);
}

static bool burn(Chart *self, uint64_t steps) {
    if (self->fuel < steps) return self->fuel = 0, false;
    self->fuel -= steps;
    return true;
}

/* ---- The agenda */

static size_t seen_slot(const Chart *self, Item item) {
    uint64_t hash = ((uint64_t)item.origin << 32 | item.dot) * UINT64_C(0x9E3779B97F4A7C15);
    size_t at = (hash >> 32) & (self->seen_slots - 1);
    while (self->seen[at] >> 32 == self->generation) {
        const Item *there = &self->agenda.items[(uint32_t)self->seen[at]];
        if (there->dot == item.dot && there->origin == item.origin) break;
        at = (at + 1) & (self->seen_slots - 1);
    }
    return at;
}

static bool grow_seen(Chart *self) {
    size_t slots = self->seen_slots ? self->seen_slots * 2 : 64;
    uint64_t *seen = ak_new_array(self->arena, uint64_t, slots);
    if (!seen) return false;
    self->seen = seen, self->seen_slots = slots;
    for (uint32_t i = 0; i < self->agenda.count; i++) {
        self->seen[seen_slot(self, self->agenda.items[i])] = (uint64_t)self->generation << 32 | i;
    }
    return true;
}

/* Puts an item into the row under construction, once. */
static bool add(Chart *self, Dot dot, Row origin) {
    if (self->agenda.count * 2 >= self->seen_slots && !grow_seen(self)) return false;
    Item item = {dot, origin};
    size_t slot = seen_slot(self, item);
    if (self->seen[slot] >> 32 == self->generation) return true;
    self->seen[slot] = (uint64_t)self->generation << 32 | self->agenda.count;
    return burn(self, 1) && ak_vec_push(self->arena, &self->agenda, item);
}

static bool begin_row(Chart *self) {
    self->agenda.count = 0;
    if (++self->generation == 0) { /* the stamps of four billion rows ago would look fresh */
        if (self->seen_slots) memset(self->seen, 0, self->seen_slots * sizeof *self->seen);
        self->generation = 1;
    }
    return ak_vec_reserve(self->arena, &self->bits, row_words(self)) && ak_vec_reserve(self->arena, &self->rows, 1);
}

/* ---- The steps of Earley's algorithm */

/* `rule` was found from `origin` up to here: whatever waited for it there goes on. */
static bool complete(Chart *self, uint32_t rule, Row origin) {
    const GrammarTables *tables = self->tables;
    RowNode from = self->rows.items[origin];
    if (!burn(self, from.item_count)) return false;
    for (uint32_t i = 0; i < from.item_count; i++) {
        Item item = self->items.items[from.items + i];
        Place place = place_at(self, item.dot);
        if (place.kind == PLACE_RULE && place.symbol == rule && !add(self, item.dot + 1, item.origin)) return false;
    }
    const uint32_t *predicted = ak_earley_predicted(self, origin);
    for (uint32_t i = tables->rule_openings[rule]; i < tables->rule_openings[rule + 1]; i++) {
        if (ak_bits_get(predicted, tables->openings[i].rule) && !add(self, tables->openings[i].dot, origin))
            return false;
    }
    return true;
}

/* Waiting for `rule` predicts it and all that it may begin with. Predictions are closed: where it is predicted
 * already, so is the rest. */
static void predict(const Chart *self, uint32_t rule, uint32_t *predicted, uint32_t *allowed) {
    const GrammarTables *tables = self->tables;
    if (ak_bits_get(predicted, rule)) return;
    ak_bits_or(predicted, self->predictions.rules + (size_t)rule * tables->rule_words, tables->rule_words);
    ak_bits_or(allowed, self->predictions.lexemes + (size_t)rule * tables->lexeme_words, tables->lexeme_words);
}

/* Adds what may come in a roster at the item. */
static bool follow(Chart *self, Item item, Place place) {
    if (!burn(self, self->tables->rosters[place.symbol].count)) return false;
    if (!ak_dots_follow(&self->roster_dots, item.dot)) return false;
    for (size_t i = 0; i < self->roster_dots.found.count; i++) {
        if (!add(self, self->roster_dots.found.items[i], item.origin)) return false;
    }
    return true;
}

/* Handles every item of the agenda, which grows meanwhile, and fills the row's sets. The sets lie behind those of
 * the last row. */
static bool close_row(Chart *self, RowNode *row) {
    const GrammarTables *tables = self->tables;
    uint32_t *predicted = self->bits.items + self->bits.count, *allowed = predicted + tables->rule_words;
    memset(predicted, 0, row_words(self) * sizeof *predicted);
    for (uint32_t i = 0; i < self->agenda.count; i++) {
        Item item = self->agenda.items[i];
        Place place = place_at(self, item.dot);
        if (place.kind == PLACE_TERMINAL) {
            ak_bits_set(allowed, place.symbol);
        } else if (place.kind == PLACE_RULE) {
            predict(self, place.symbol, predicted, allowed);
            if (place.is_nullable && !add(self, item.dot + 1, item.origin)) return false;
        } else if (place.kind != PLACE_END) {
            if (!follow(self, item, place)) return false;
        } else if (place.symbol == tables->start_rule) {
            row->is_accepting = true;
        } else if (!complete(self, place.symbol, item.origin)) {
            return false;
        }
    }
    return true;
}

/* Keeps the items that wait for something; the completed ones have done their work. */
static bool store_row(Chart *self, RowNode *row) {
    row->items = (uint32_t)self->items.count;
    row->child = row->sibling = ROW_NONE;
    if (self->items.count > UINT32_MAX / 2 || !ak_vec_reserve(self->arena, &self->items, self->agenda.count))
        return false;
    for (uint32_t i = 0; i < self->agenda.count; i++) {
        if (place_at(self, self->agenda.items[i].dot).kind <= PLACE_RULE)
            self->items.items[self->items.count++] = self->agenda.items[i];
    }
    row->item_count = (uint32_t)self->items.count - row->items;
    self->bits.count += row_words(self);
    self->rows.items[self->rows.count++] = *row;
    return true;
}

/* Whether a lexeme may begin at the place. */
static bool has_lexeme(const Chart *self, Place place) {
    const GrammarTables *tables = self->tables;
    if (place.kind != PLACE_RULE) return place.kind == PLACE_TERMINAL;
    const uint32_t *lexemes = self->predictions.lexemes + (size_t)place.symbol * tables->lexeme_words;
    return ak_bits_next(lexemes, tables->terminal_count, 0) != SIZE_MAX;
}

/* Where a rule goes on, what it ignores may stand before any lexeme, but not after the last one possible. */
static void allow_ignored(const Chart *self, const RowNode *row, const Item *items, size_t count, bool is_first,
                          uint32_t *allowed) {
    const GrammarTables *tables = self->tables;
    if ((is_first && !tables->has_initial_ignore) || (row->follows_ignored && tables->is_ignored_once)) return;
    for (size_t i = 0; i < count; i++) {
        Place place = place_at(self, items[i].dot);
        if (place.ignored && has_lexeme(self, place)) ak_bits_set(allowed, tables->terminal_count + place.ignored - 1);
    }
}

static bool finish_row(Chart *self, RowNode row, bool is_first) {
    if (!close_row(self, &row)) return false;
    uint32_t *allowed = self->bits.items + self->bits.count + self->tables->rule_words;
    allow_ignored(self, &row, self->agenda.items, self->agenda.count, is_first, allowed);
    row.tokens = self->tokens;
    return store_row(self, &row);
}

/* Everything that waits for `terminal` in `row` goes on, but for what stays because the text is ignored there. */
static bool scan_terminal(Chart *self, Row row, uint32_t terminal, const uint32_t *lexemes, uint32_t count) {
    const GrammarTables *tables = self->tables;
    RowNode from = self->rows.items[row];
    for (uint32_t i = 0; i < from.item_count; i++) {
        Item item = self->items.items[from.items + i];
        Place place = place_at(self, item.dot);
        if (place.kind != PLACE_TERMINAL || place.symbol != terminal) continue;
        if (!ak_tables_is_ignored(tables, place, lexemes, count) && !add(self, item.dot + 1, item.origin)) return false;
    }
    const uint32_t *predicted = ak_earley_predicted(self, row);
    for (uint32_t i = tables->terminal_openings[terminal]; i < tables->terminal_openings[terminal + 1]; i++) {
        Opening opening = tables->openings[i];
        if (!ak_bits_get(predicted, opening.rule)) continue;
        if (!ak_tables_is_ignored(tables, tables->places[opening.dot], lexemes, count) && !add(self, opening.dot, row))
            return false;
    }
    return true;
}

/* After ignored text the rules that ignore it, and may go on behind it, are as before, at a new place. */
static bool scan_ignored(Chart *self, Row row, const uint32_t *lexemes, uint32_t count) {
    RowNode from = self->rows.items[row];
    for (uint32_t i = 0; i < from.item_count; i++) {
        Item item = self->items.items[from.items + i];
        Place place = place_at(self, item.dot);
        bool stays = ak_tables_is_ignored(self->tables, place, lexemes, count) && has_lexeme(self, place);
        if (stays && !add(self, item.dot, item.origin)) return false;
    }
    return true;
}

static Row find_child(const Chart *self, Row row, uint32_t cause) {
    Row child = self->rows.items[row].child;
    while (child != ROW_NONE && self->rows.items[child].cause != cause) child = self->rows.items[child].sibling;
    return child;
}

Row ak_earley_scan(Chart *self, Row row, const uint32_t *lexemes, uint32_t count, uint32_t cause) {
    const GrammarTables *tables = self->tables;
    assert(row < self->rows.count);
    Row known = find_child(self, row, cause);
    if (known != ROW_NONE) return known;
    if (!begin_row(self)) return ROW_FAILED;
    RowNode fresh = {.cause = cause};
    if (count && lexemes[count - 1] >= tables->terminal_count) {
        if (!scan_ignored(self, row, lexemes, count)) return ROW_FAILED;
        fresh.follows_ignored = true;
        fresh.is_accepting = self->rows.items[row].is_accepting &&
                             ak_tables_is_ignored(tables, tables->places[tables->start], lexemes, count);
    }
    for (uint32_t i = 0; i < count && lexemes[i] < tables->terminal_count; i++) {
        if (!scan_terminal(self, row, lexemes[i], lexemes, count)) return ROW_FAILED;
    }
    if (!finish_row(self, fresh, false)) return ROW_FAILED;
    Row made = (Row)self->rows.count - 1;
    self->rows.items[made].sibling = self->rows.items[row].child;
    self->rows.items[row].child = made;
    return made;
}

/* ---- Rules with limits */

/* The rule whose body it is in; the start rule has the number after the others'. */
static uint32_t left_of(const Chart *self, Dot dot) {
    const Place *place = &self->tables->places[ak_dots_base(&self->roster_dots, dot)];
    while (place->kind != PLACE_END) place++;
    return place->symbol;
}

/* Notes that a rule's text is under way since `row`; whether it is news. */
static bool note(Chart *self, Row row, uint32_t rule) {
    uint32_t *rules = self->under_way.items + (size_t)row * self->tables->rule_words;
    if (rule == self->tables->start_rule || ak_bits_get(rules, rule)) return false;
    ak_bits_set(rules, rule);
    return true;
}

/* Whether the item goes on with one of the lexemes, or ignores it. */
static bool waits_for(const Chart *self, Item item, const uint32_t *lexemes) {
    Place place = place_at(self, item.dot);
    if (place.kind == PLACE_TERMINAL && ak_bits_get(lexemes, place.symbol)) return true;
    return place.ignored && ak_bits_get(lexemes, self->tables->terminal_count + place.ignored - 1);
}

/* The rules in which something waits at the newest row. */
static void note_newest(Chart *self, const uint32_t *lexemes) {
    const GrammarTables *tables = self->tables;
    Row row = (Row)self->rows.count - 1;
    RowNode node = self->rows.items[row];
    for (uint32_t i = 0; i < node.item_count; i++) {
        Item item = self->items.items[node.items + i];
        if (!lexemes || waits_for(self, item, lexemes)) note(self, item.origin, left_of(self, item.dot));
    }
    for (size_t t = 0; lexemes && (t = ak_bits_next(lexemes, tables->terminal_count, t)) != SIZE_MAX; t++) {
        for (uint32_t i = tables->terminal_openings[t]; i < tables->terminal_openings[t + 1]; i++) {
            uint32_t rule = tables->openings[i].rule;
            if (ak_bits_get(ak_earley_predicted(self, row), rule)) note(self, row, rule);
        }
    }
}

/* The rules that wait at a row for one whose text began there. */
static void note_waiting(Chart *self, Row row) {
    const GrammarTables *tables = self->tables;
    const uint32_t *rules = self->under_way.items + (size_t)row * tables->rule_words;
    RowNode node = self->rows.items[row];
    for (bool is_news = true; is_news;) {
        is_news = false;
        for (uint32_t rule = 0; rule < tables->rule_count; rule++) {
            for (uint32_t i = tables->rule_openings[rule];
                 ak_bits_get(rules, rule) && i < tables->rule_openings[rule + 1]; i++) {
                uint32_t other = tables->openings[i].rule;
                if (ak_bits_get(ak_earley_predicted(self, row), other)) is_news |= note(self, row, other);
            }
        }
    }
    for (uint32_t i = 0; i < node.item_count; i++) {
        Item item = self->items.items[node.items + i];
        Place place = place_at(self, item.dot);
        if (place.kind == PLACE_RULE && ak_bits_get(rules, place.symbol))
            note(self, item.origin, left_of(self, item.dot));
    }
}

bool ak_earley_used(Chart *self, const uint32_t *lexemes, BegunList *used) {
    const GrammarTables *tables = self->tables;
    size_t words = self->rows.count * tables->rule_words;
    self->under_way.count = used->count = 0;
    if (!tables->rule_limits) return true;
    if (!burn(self, words) || !ak_vec_reserve(self->arena, &self->under_way, words)) return false;
    memset(self->under_way.items, 0, words * sizeof *self->under_way.items);
    note_newest(self, lexemes);
    for (Row row = (Row)self->rows.count; row-- > 0;) {
        note_waiting(self, row);
        const uint32_t *rules = self->under_way.items + (size_t)row * tables->rule_words;
        for (uint32_t rule = 0; rule < tables->rule_count; rule++) {
            uint32_t limit = tables->rule_limits[rule], tokens = self->tokens - self->rows.items[row].tokens;
            if (!limit || tokens < limit || !ak_bits_get(rules, rule)) continue;
            if (!ak_vec_push(self->arena, used, ((Begun){row, rule}))) return false;
        }
    }
    return true;
}

static bool is_barred(const Chart *self, Row row, uint32_t rule) {
    for (size_t i = 0; i < self->barred.count; i++) {
        if (self->barred.items[i].row == row && self->barred.items[i].rule == rule) return true;
    }
    return false;
}

/* Predicts a rule and what it may begin with, but for what is barred. */
static bool predict_unbarred(Chart *self, Row row, uint32_t rule, uint32_t *predicted, uint32_t *allowed) {
    const GrammarTables *tables = self->tables;
    self->rules.count = 0;
    if (!ak_vec_push(self->arena, &self->rules, rule)) return false;
    while (self->rules.count) {
        rule = self->rules.items[--self->rules.count];
        if (ak_bits_get(predicted, rule) || is_barred(self, row, rule)) continue;
        ak_bits_set(predicted, rule);
        for (uint32_t i = tables->rule_bodies[rule]; i < tables->rule_bodies[rule + 1]; i++) {
            for (Dot dot = tables->bodies[i]; tables->places[dot].kind != PLACE_END; dot++) {
                Place place = tables->places[dot];
                if (place.kind == PLACE_TERMINAL) ak_bits_set(allowed, place.symbol);
                else if (!ak_vec_push(self->arena, &self->rules, place.symbol)) return false;
                if (!place.is_nullable) break;
            }
        }
    }
    return true;
}

/* Keeps the items whose rule is still predicted where it began, and works out anew what they predict. */
static bool filter_row(Chart *self, Row row) {
    const GrammarTables *tables = self->tables;
    RowNode *node = &self->rows.items[row];
    Item *items = self->items.items + node->items;
    uint32_t *predicted = self->bits.items + (size_t)row * row_words(self), *allowed = predicted + tables->rule_words;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < node->item_count; i++) {
        uint32_t rule = left_of(self, items[i].dot);
        if (rule == tables->start_rule || ak_bits_get(ak_earley_predicted(self, items[i].origin), rule))
            items[kept++] = items[i];
    }
    node->item_count = kept, node->lexer_start = 0;
    memset(predicted, 0, row_words(self) * sizeof *predicted);
    for (uint32_t i = 0; i < kept; i++) {
        Place place = place_at(self, items[i].dot);
        if (place.kind == PLACE_TERMINAL) ak_bits_set(allowed, place.symbol);
        else if (!predict_unbarred(self, row, place.symbol, predicted, allowed)) return false;
    }
    allow_ignored(self, node, items, kept, row == 0, allowed);
    return burn(self, kept);
}

bool ak_earley_leave(Chart *self, const BegunList *used) {
    for (size_t i = 0; i < used->count; i++) {
        if (!ak_vec_push(self->arena, &self->barred, used->items[i])) return false;
    }
    for (Row row = 0; row < self->rows.count; row++) {
        if (!filter_row(self, row)) return false;
    }
    return true;
}

Row ak_earley_cut(Chart *self, const BegunList *used, const uint32_t *lexemes, uint32_t count) {
    Row row = (Row)self->rows.count - 1;
    if (!begin_row(self)) return ROW_FAILED;
    for (size_t i = 0; i < used->count; i++) {
        if (!complete(self, used->items[i].rule, used->items[i].row)) return ROW_FAILED;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!scan_terminal(self, row, lexemes[i], lexemes, count)) return ROW_FAILED;
    }
    return finish_row(self, (RowNode){.cause = UINT32_MAX}, false) ? row + 1 : ROW_FAILED;
}

bool ak_earley_init(Chart *self, const GrammarTables *tables, Arena *arena) {
    *self = (Chart){.arena = arena, .tables = tables, .fuel = UINT64_MAX};
    return ak_dots_init(&self->roster_dots, tables, arena) && ak_predictions_build(&self->predictions, tables, arena) &&
           begin_row(self) && add(self, tables->start, 0) && finish_row(self, (RowNode){0}, true);
}

void ak_earley_truncate(Chart *self, uint32_t count) {
    assert(count > 0 && count <= self->rows.count);
    RowNode *last = &self->rows.items[count - 1];
    last->child = ROW_NONE;
    self->rows.count = count;
    self->items.count = last->items + last->item_count;
    self->bits.count = (size_t)count * row_words(self);
}
