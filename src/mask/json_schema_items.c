/* Building arrays: item by item where they are listed, a repetition behind that; where items are counted (contains), with a symbol for each state of the
 * counts. */
#include "mask/json_schema_build.h"
#include <assert.h>

/* The items of an array whose demands are counted: a state is what has been counted of each. */
typedef struct Items {
    SchemaReader *self;
    const ArrayShape *shape;
    size_t places; /* behind so many items all are alike */
    size_t states;
    size_t sizes[AK_BUILD_DEMANDS_MAX]; /* counts that are told apart, of each demand */
    size_t units[AK_BUILD_DEMANDS_MAX]; /* of a state: what one more counts */
} Items;

static const Schema *item_at(const ArrayShape *shape, size_t index) {
    return index < shape->first.count ? shape->first.items[index] : shape->others;
}

/* How many items have counted for a demand. */
static size_t count_in(const Items *items, size_t state, size_t demand) {
    size_t unit = items->units[demand], size = items->sizes[demand];
    assert(unit && size);
    return state / unit % size;
}

/* The state after an item that counts for the demands `met`; false when that is one too many. */
static bool state_after(const Items *items, size_t state, uint32_t met, size_t *after) {
    *after = state;
    for (size_t d = 0; d < items->shape->demands.count; d++) {
        if (!(met >> d & 1)) continue;
        bool is_last = count_in(items, state, d) + 1 == items->sizes[d];
        if (is_last && items->shape->demands.items[d].max != UINT64_MAX) return false;
        if (!is_last) *after += items->units[d];
    }
    return true;
}

static bool is_met(const Items *items, size_t state) {
    for (size_t d = 0; d < items->shape->demands.count; d++) {
        if (count_in(items, state, d) < items->shape->demands.items[d].min) return false;
    }
    return true;
}

/* The item at a place, if it counts for the demands `met` and, where counts are bounded, for no other; *value is FAILED when it cannot. */
static bool counted_item(const Items *items, size_t place, uint32_t met, Symbol *value) {
    SchemaReader *self = items->self;
    const Schema *what = item_at(items->shape, place);
    *value = AK_SYMBOL_FAILED;
    for (size_t d = 0; what && d < items->shape->demands.count; d++) {
        const SchemaDemand *demand = &items->shape->demands.items[d];
        bool counts = met >> d & 1;
        if (counts && place < demand->from) return true;
        if (counts) what = ak_schema_both_inner(self, what, demand->what);
        else if (demand->max != UINT64_MAX && place >= demand->from) {
            const Schema *other = ak_schema_not(self, demand->what);
            what = other ? ak_schema_both_inner(self, what, other) : NULL;
        }
    }
    if (!what) return false;
    if (what != self->nothing) *value = ak_schema_symbol(self, what);
    return what == self->nothing || *value != AK_SYMBOL_FAILED;
}

/* Adds to the rules for each state what an item at the place leads to; the first item has no comma. */
static bool add_items(const Items *items, size_t place, const Symbol *here, const Symbol *behind) {
    SchemaReader *self = items->self;
    for (uint32_t met = 0; met < UINT32_C(1) << items->shape->demands.count; met++) {
        Symbol value;
        if (!counted_item(items, place, met, &value)) return false;
        for (size_t state = 0, after; value != AK_SYMBOL_FAILED && state < items->states; state++) {
            if (!state_after(items, state, met, &after)) continue;
            Symbol item =
                ak_build_sequence(self, place ? ak_build_comma(self) : ak_build_empty(self), value, behind[after]);
            if (!ak_grammar_add(self->grammar, here[state], &item, 1)) return false;
        }
    }
    return true;
}

static bool add_ends(const Items *items, size_t place, const Symbol *here) {
    Symbol end = ak_build_empty(items->self);
    if (place == 0 && items->self->options.is_empty_apart) return true;
    for (size_t state = 0; state < items->states; state++) {
        if (place >= items->shape->min_count && is_met(items, state) &&
            !ak_grammar_add(items->self->grammar, here[state], &end, 1))
            return false;
    }
    return true;
}

static Symbol *new_rules(const Items *items) {
    Symbol *rules = ak_new_array(items->self->arena, Symbol, items->states);
    for (size_t state = 0; rules && state < items->states; state++)
        rules[state] = ak_grammar_rule(items->self->grammar, STR(""));
    return rules;
}

/* From the end to the start. */
static Symbol counted_array(Items *items) {
    SchemaReader *self = items->self;
    const ArrayShape *shape = items->shape;
    Symbol *behind = new_rules(items);
    bool ok = behind && add_ends(items, items->places, behind);
    if (ok && shape->max_count == UINT64_MAX) ok = add_items(items, items->places ? items->places : 1, behind, behind);
    for (size_t place = items->places; ok && place-- > 0;) {
        Symbol *here = new_rules(items);
        ok = here && add_ends(items, place, here) && add_items(items, place, here, behind);
        behind = here;
    }
    if (!ok) return AK_SYMBOL_FAILED;
    const Brackets *brackets = ak_build_brackets(self);
    Symbol array = ak_build_sequence(self, brackets->open_array, behind[0], brackets->close_array);
    bool has_empty = self->options.is_empty_apart && shape->min_count == 0 && is_met(items, 0);
    return has_empty ? ak_build_choice(self, array, brackets->empty_array) : array;
}

/* False when they are too many. */
static bool count_states(Items *items) {
    const ArrayShape *shape = items->shape;
    uint64_t places = shape->first.count + 1, states = 1;
    if (shape->min_count > places) places = shape->min_count;
    if (shape->max_count != UINT64_MAX) places = shape->max_count;
    if (shape->demands.count > AK_BUILD_DEMANDS_MAX) return false;
    for (size_t d = 0; d < shape->demands.count; d++) {
        const SchemaDemand *demand = &shape->demands.items[d];
        uint64_t most = demand->max == UINT64_MAX ? demand->min : demand->max;
        if (most > AK_BUILD_STATES_MAX || states > AK_BUILD_STATES_MAX) return false;
        if (demand->from > places && shape->max_count == UINT64_MAX) places = demand->from;
        items->sizes[d] = (size_t)most + 1, items->units[d] = (size_t)states, states *= most + 1;
    }
    items->places = (size_t)places, items->states = (size_t)states;
    return places < AK_BUILD_STATES_MAX && places * states <= AK_BUILD_STATES_MAX;
}

/* Items behind the listed ones, each with a comma before it. */
static Symbol other_items(SchemaReader *self, const ArrayShape *shape, uint64_t taken) {
    uint64_t min = shape->min_count > taken ? shape->min_count - taken : 0;
    if (shape->others == self->nothing) return min ? ak_build_dead(self) : ak_build_empty(self);
    uint64_t max = shape->max_count == UINT64_MAX ? UINT64_MAX
                   : shape->max_count > taken     ? shape->max_count - taken
                                                  : 0;
    if (max == 0) return ak_build_empty(self);
    Symbol value = ak_schema_symbol(self, shape->others);
    if (value == AK_SYMBOL_FAILED) return AK_SYMBOL_FAILED;
    return ak_build_list(self, value, ak_build_sequence(self, ak_build_comma(self), value, ak_build_empty(self)), min,
                         max, true);
}

/* From the end: what may come after `i` items; `[` and the first item are added last. */
static Symbol listed_array(SchemaReader *self, const ArrayShape *shape) {
    const Brackets *brackets = ak_build_brackets(self);
    Symbol nothing = ak_build_empty(self),
           none = self->options.is_empty_apart
                      ? brackets->empty_array
                      : ak_build_sequence(self, brackets->open_array, brackets->close_array, nothing);
    if (shape->max_count == 0) return none;
    size_t listed = shape->first.count ? shape->first.count : 1;
    Symbol rest = other_items(self, shape, listed);
    for (size_t i = listed; rest != AK_SYMBOL_FAILED && i-- > 1;) {
        Symbol value = ak_schema_symbol(self, item_at(shape, i));
        if (value == AK_SYMBOL_FAILED) return AK_SYMBOL_FAILED;
        Symbol next = ak_build_sequence(self, ak_build_comma(self), value, rest);
        if (i >= shape->max_count) rest = nothing;
        else rest = i < shape->min_count ? next : ak_build_choice(self, next, nothing);
    }
    Symbol value = rest == AK_SYMBOL_FAILED ? rest : ak_schema_symbol(self, item_at(shape, 0));
    if (value == AK_SYMBOL_FAILED) return AK_SYMBOL_FAILED;
    Symbol filled = ak_build_sequence(self, brackets->open_array, ak_build_sequence(self, value, rest, nothing),
                                      brackets->close_array);
    return shape->min_count ? filled : ak_build_choice(self, filled, none);
}

/* Can there be two items? */
static bool has_many(const SchemaReader *self, const ArrayShape *shape) {
    return shape->max_count > 1 && (shape->first.count > 1 || shape->others != self->nothing);
}

Symbol ak_build_array(SchemaReader *self, const ArrayShape *shape) {
    Items items = {.self = self, .shape = shape};
    if (shape->min_count > shape->max_count) return ak_build_dead(self);
    if (shape->unique_pointer && has_many(self, shape)) {
        Symbol array;
        if (!ak_build_unique_array(self, shape, &array) || array != AK_SYMBOL_FAILED) return array;
        if (!ak_schema_leave_out(self, shape->unique_pointer, "uniqueItems", "equal items are not told apart"))
            return AK_SYMBOL_FAILED;
    }
    for (size_t i = 0; i < shape->first.count;
         i++) { /* in their order, for what is noted on the way; the array is put together from its end */
        if (shape->first.items[i] != self->nothing && ak_schema_symbol(self, shape->first.items[i]) == AK_SYMBOL_FAILED)
            return AK_SYMBOL_FAILED;
    }
    if (!shape->demands.count) return listed_array(self, shape);
    if (count_states(&items)) return counted_array(&items);
    static const char reason[] = "there are too many items to be counted";
    for (size_t i = 0; i < shape->demands.count; i++) {
        if (!ak_schema_leave_out(self, shape->demands.items[i].pointer, "contains", reason)) return AK_SYMBOL_FAILED;
    }
    return listed_array(self, shape);
}
