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
static void allow_ignored(Chart *self, const RowNode *row, bool is_first) {
    const GrammarTables *tables = self->tables;
    uint32_t *allowed = self->bits.items + self->bits.count + tables->rule_words;
    if ((is_first && !tables->has_initial_ignore) || (row->follows_ignored && tables->is_ignored_once)) return;
    for (uint32_t i = 0; i < self->agenda.count; i++) {
        Place place = place_at(self, self->agenda.items[i].dot);
        if (place.ignored && has_lexeme(self, place)) ak_bits_set(allowed, tables->terminal_count + place.ignored - 1);
    }
}

static bool finish_row(Chart *self, RowNode row, bool is_first) {
    if (!close_row(self, &row)) return false;
    allow_ignored(self, &row, is_first);
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

/* After ignored text the rules that ignore it are as before, at a new place. */
static bool scan_ignored(Chart *self, Row row, const uint32_t *lexemes, uint32_t count) {
    RowNode from = self->rows.items[row];
    for (uint32_t i = 0; i < from.item_count; i++) {
        Item item = self->items.items[from.items + i];
        if (ak_tables_is_ignored(self->tables, place_at(self, item.dot), lexemes, count) &&
            !add(self, item.dot, item.origin))
            return false;
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
