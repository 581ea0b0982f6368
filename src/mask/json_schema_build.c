/* Building: schemas in normal form become rules and terminals.
 *
 * A terminal is a piece of JSON text with the white space behind it (opening brackets, commas, `"name": `) or before it (closing brackets). Properties come in
 * the schema's order, each at most once, the others behind them: for every property there is a symbol for "the rest from here" with and without a comma to begin
 * with, so that the grammar is linear in the properties. Names of other properties are all but the listed ones, however these are spelled.
 *
 * Where members are counted, or some must be met (demands), there is such a symbol for each count and each set of demands met so far. */
#include "mask/json_schema.h"
#include "mask/json_schema_text.h"
#include <stdlib.h>

enum { BUILD_DEPTH_MAX = 500, STATES_MAX = 50000, DEMANDS_MAX = 4 };

/* ---- Terminals */

static Symbol bracket(SchemaReader *self, const char *text, bool space_before) {
    Expr space = ak_json_space(self->exprs), byte = ak_expr_literal(self->exprs, ak_str(text));
    Expr expr = space_before ? ak_expr_concat(self->exprs, space, byte) : ak_expr_concat(self->exprs, byte, space);
    return ak_grammar_terminal(self->grammar, ak_str(text), expr);
}

void ak_schema_begin_building(SchemaReader *self) {
    self->open_object = bracket(self, "{", false), self->close_object = bracket(self, "}", true);
    self->open_array = bracket(self, "[", false), self->close_array = bracket(self, "]", true);
    self->comma = bracket(self, ",", false);
}

/* `"name": ` */
static Symbol name_terminal(SchemaReader *self, Str name, Expr text) {
    Expr colon = ak_expr_concat(self->exprs, ak_expr_byte(self->exprs, ':'), ak_json_space(self->exprs));
    return ak_grammar_terminal(self->grammar, name, ak_expr_concat(self->exprs, text, colon));
}

static Symbol property_name(SchemaReader *self, Str name) {
    Str shown = ak_arena_format(self->arena, "\"%.*s\":", STR_ARGS(name));
    return name_terminal(self, shown, ak_json_quoted(self->exprs, ak_json_literal(self->exprs, name)));
}

/* The texts of `names` that are none of the properties. */
static Expr unlisted(SchemaReader *self, const ObjectShape *shape, Expr names) {
    Exprs *exprs = self->exprs;
    if (!shape->properties.count) return names;
    Expr *listed = ak_new_array(self->arena, Expr, shape->properties.count);
    if (!listed) return AK_EXPR_FAILED;
    for (size_t i = 0; i < shape->properties.count; i++)
        listed[i] = ak_schema_spellings(self, shape->properties.items[i].name);
    Expr all = ak_expr_or_all(exprs, listed, shape->properties.count);
    if (names != self->strings) return ak_expr_and(exprs, names, ak_expr_not(exprs, ak_json_quoted(exprs, all)));
    Expr free = ak_expr_repeat(exprs, ak_json_any_character(exprs), 0, AK_REPEAT_MANY);
    return ak_json_quoted(exprs, ak_expr_and(exprs, free, ak_expr_not(exprs, all)));
}

static Str plain_name(const SchemaReader *self, Expr expr) {
    if (expr == self->strings) return STR("string");
    if (expr == self->numbers) return STR("number");
    return expr == self->integers ? STR("integer") : STR("value");
}

/* ---- Rules */

static Symbol sequence(SchemaReader *self, Symbol a, Symbol b, Symbol c) {
    const Symbol parts[] = {a, b, c};
    return ak_grammar_sequence(self->grammar, parts, 3);
}

static Symbol choice(SchemaReader *self, Symbol a, Symbol b) {
    const Symbol parts[] = {a, b};
    return ak_grammar_choice(self->grammar, parts, 2);
}

static Symbol dead(SchemaReader *self) {
    return ak_grammar_choice(self->grammar, NULL, 0);
}

static Symbol empty(SchemaReader *self) {
    return ak_grammar_nothing(self->grammar);
}

static uint32_t repeat_bound(uint64_t count) {
    return count >= AK_REPEAT_MANY ? AK_REPEAT_MANY : (uint32_t)count;
}

/* `next` is a member with its comma; the first of them is `first`, without one. */
static Symbol list(SchemaReader *self, Symbol first, Symbol next, uint64_t min, uint64_t max, bool has_comma) {
    if (min > max) return dead(self);
    if (max == 0) return empty(self);
    if (has_comma) return ak_grammar_repeat(self->grammar, next, repeat_bound(min), repeat_bound(max));
    uint64_t most = max == UINT64_MAX ? max : max - 1;
    Symbol more = ak_grammar_repeat(self->grammar, next, repeat_bound(min ? min - 1 : 0), repeat_bound(most));
    Symbol filled = sequence(self, first, more, empty(self));
    return min ? filled : ak_grammar_optional(self->grammar, filled);
}

/* ---- Objects */

/* The members of an object. `met` is a set of demands. */
typedef struct Members {
    SchemaReader *self;
    const ObjectShape *shape;
    const SchemaProperty **properties; /* those that there can be */
    size_t count, counts;              /* properties; how many numbers of members are told apart */
    bool has_others;
    uint64_t min, max;
    uint32_t all;      /* demands */
    Symbol *from_here; /* at the property that is looked at: by count, demands met, comma */
    Symbol mixed;      /* there with a comma, when other members may come first; FAILED: they may not */
    Symbol free[2];    /* any other member, without and with a comma */
} Members;

/* The value, if it meets the demands `met` too; NULL on failure. */
static const Schema *meeting(const Members *members, const Schema *what, uint32_t met) {
    for (size_t d = 0; what && d < members->shape->demands.count; d++) {
        if (met >> d & 1) what = ak_schema_both(members->self, what, members->shape->demands.items[d].what);
    }
    return what;
}

/* The names out of a class that count for all of the demands `met`. */
static Expr counting(const Members *members, Expr names, uint32_t met) {
    SchemaReader *self = members->self;
    for (size_t d = 0; d < members->shape->demands.count; d++) {
        Expr counted = members->shape->demands.items[d].names;
        if (!(met >> d & 1) || counted == self->strings) continue;
        names = names == self->strings ? counted : ak_expr_and(self->exprs, names, counted);
    }
    return names;
}

/* Any other member that meets the demands. */
static Symbol other_member(const Members *members, uint32_t met) {
    SchemaReader *self = members->self;
    Symbol all = dead(self);
    for (size_t i = 0; i < members->shape->others.count; i++) {
        const NameClass *class = &members->shape->others.items[i];
        const Schema *what = meeting(members, class->what, met);
        if (!what) return AK_SYMBOL_FAILED;
        if (what == self->nothing) continue;
        Symbol value = ak_schema_symbol(self, what);
        if (value == AK_SYMBOL_FAILED) return AK_SYMBOL_FAILED;
        Expr names = unlisted(self, members->shape, counting(members, class->names, met));
        Symbol member = sequence(self, name_terminal(self, STR("name"), names), value, empty(self));
        all = members->shape->others.count == 1 ? member : choice(self, all, member);
    }
    return all;
}

/* What is behind the listed properties when the demands `met` are met. */
static Symbol unmet_others(const Members *members, uint32_t met, bool has_comma) {
    SchemaReader *self = members->self;
    Symbol all = dead(self);
    if (met == members->all) return list(self, members->free[0], members->free[1], 0, UINT64_MAX, has_comma);
    Symbol before = list(self, members->free[0], members->free[1], !has_comma, UINT64_MAX, has_comma);
    for (uint32_t now = 1; now <= members->all; now++) {
        if (now & met) continue;
        Symbol member = other_member(members, now), behind = unmet_others(members, met | now, true);
        if (member == AK_SYMBOL_FAILED || behind == AK_SYMBOL_FAILED) return AK_SYMBOL_FAILED;
        member = sequence(self, member, behind, empty(self));
        all = choice(self, all, sequence(self, before, self->comma, member));
        if (!has_comma) all = choice(self, all, member);
    }
    return all;
}

static Symbol others_from(const Members *members, size_t taken, uint32_t met, bool has_comma) {
    if (met != members->all) return unmet_others(members, met, has_comma);
    uint64_t min = members->min > taken ? members->min - taken : 0,
             max = members->max == UINT64_MAX ? UINT64_MAX : members->max - taken;
    if (!members->has_others) return min ? dead(members->self) : empty(members->self);
    return list(members->self, members->free[0], members->free[1], min, max, has_comma);
}

static size_t state_of(const Members *members, size_t taken, uint32_t met, bool has_comma) {
    return (taken * (members->all + (size_t)1) + met) * 2 + has_comma;
}

static bool is_counting(const Members *members, const SchemaProperty *property, size_t demand) {
    Exprs *exprs = members->self->exprs;
    Expr names = members->shape->demands.items[demand].names;
    if (names == members->self->strings) return true;
    Expr name = ak_json_quoted(exprs, ak_json_literal(exprs, property->name));
    return !ak_schema_is_empty(members->self, ak_expr_and(exprs, name, names));
}

/* The demands that the property can meet. */
static uint32_t demands_of(const Members *members, const SchemaProperty *property) {
    uint32_t demands = 0;
    for (size_t d = 0; d < members->shape->demands.count; d++)
        demands |= (uint32_t)is_counting(members, property, d) << d;
    return demands;
}

/* The property itself, and what is behind it; `behind` are the symbols at the next one. */
static Symbol with_member(const Members *members, const SchemaProperty *property, const Symbol *values, size_t taken,
                          uint32_t met, const Symbol *behind) {
    SchemaReader *self = members->self;
    Symbol name = property_name(self, property->name), all = AK_SYMBOL_FAILED;
    size_t next = taken + 1 < members->counts ? taken + 1 : members->counts - 1;
    for (uint32_t now = 0; now <= members->all; now++) {
        if (values[now] == AK_SYMBOL_FAILED || now & met) continue;
        Symbol rest = members->mixed ? members->mixed : behind[state_of(members, next, met | now, true)];
        Symbol member = sequence(self, name, values[now], rest);
        all = all == AK_SYMBOL_FAILED ? member : choice(self, all, member);
    }
    return all == AK_SYMBOL_FAILED ? dead(self) : all;
}

static bool is_full(const Members *members, size_t taken) {
    return members->max != UINT64_MAX && taken >= members->max;
}

/* Goes one property back: `members->from_here` are the symbols behind it, and become those in front of it. */
static bool add_property(Members *members, const SchemaProperty *property, Symbol *fresh) {
    SchemaReader *self = members->self;
    uint32_t demands = demands_of(members, property);
    Symbol values[1 << DEMANDS_MAX] = {0};
    for (uint32_t now = 0; now <= members->all; now++) {
        if (now & ~demands) continue;
        const Schema *what = meeting(members, property->what, now);
        values[now] = what ? ak_schema_symbol(self, what) : AK_SYMBOL_FAILED;
        if (values[now] == AK_SYMBOL_FAILED) return false;
    }
    for (size_t taken = 0; taken < members->counts; taken++) {
        for (uint32_t met = 0; met <= members->all; met++) {
            Symbol taking = is_full(members, taken)
                                ? dead(self)
                                : with_member(members, property, values, taken, met, members->from_here);
            for (int comma = 0; comma < 2; comma++) {
                size_t state = state_of(members, taken, met, comma);
                Symbol with = comma ? sequence(self, self->comma, taking, empty(self)) : taking;
                fresh[state] = property->is_required ? with : choice(self, with, members->from_here[state]);
            }
        }
    }
    memcpy(members->from_here, fresh, state_of(members, members->counts, 0, false) * sizeof *fresh);
    return true;
}

/* What is counted at all: bounds that hold anyway are dropped. */
static bool find_bounds(Members *members) {
    const ObjectShape *shape = members->shape;
    uint64_t required = 0;
    for (size_t i = 0; i < members->count; i++) required += members->properties[i]->is_required;
    members->min = shape->min_count > required ? shape->min_count : 0;
    members->max = members->has_others || shape->max_count < members->count ? shape->max_count : UINT64_MAX;
    uint64_t most = members->max == UINT64_MAX ? members->min : members->max;
    members->counts = (size_t)(most < members->count ? most : members->count) + 1;
    if (members->max == UINT64_MAX && members->min == 0) members->counts = 1;
    members->all = (UINT32_C(1) << shape->demands.count) - 1;
    bool is_bounded = members->min || members->max != UINT64_MAX;
    if (!(is_bounded && members->all) &&
        members->counts * (members->all + (size_t)1) * (members->count + 1) <= STATES_MAX)
        return true;
    static const char reason[] = "there are too many properties to be counted";
    bool has_min = members->min > 0, has_max = members->max != UINT64_MAX;
    members->min = 0, members->max = UINT64_MAX, members->counts = 1;
    return (!has_min || ak_schema_leave_out(members->self, shape->min_pointer, "minProperties", reason)) &&
           (!has_max || ak_schema_leave_out(members->self, shape->max_pointer, "maxProperties", reason));
}

static bool find_properties(Members *members) {
    SchemaReader *self = members->self;
    const ObjectShape *shape = members->shape;
    members->properties = ak_new_array(self->arena, const SchemaProperty *, shape->properties.count + 1);
    if (!members->properties) return ak_fail_memory(self->err, self->arena);
    for (size_t i = 0; i < shape->properties.count; i++) {
        const SchemaProperty *property = &shape->properties.items[i];
        if (property->is_required || property->what != self->nothing) members->properties[members->count++] = property;
    }
    for (size_t i = 0; i < shape->others.count; i++)
        members->has_others |= shape->others.items[i].what != self->nothing;
    return true;
}

/* Demands on properties come from schemas that must not hold, mostly from the one under `not`. */
static bool leave_demand_out(SchemaReader *self, Str pointer) {
    if (ak_str_ends(pointer, STR("/not"))) pointer.length -= strlen("/not");
    pointer = ak_arena_str(self->arena, pointer);
    if (!pointer.data) return ak_fail_memory(self->err, self->arena);
    return ak_schema_leave_out(self, pointer.data, "not", "too many different properties are demanded");
}

/* More demands than can be told apart: the last ones are left out. */
static const ObjectShape *with_few_demands(SchemaReader *self, const ObjectShape *shape) {
    if (shape->demands.count <= DEMANDS_MAX) return shape;
    ObjectShape *fewer = ak_new(self->arena, ObjectShape);
    if (!fewer) return ak_fail_memory(self->err, self->arena), NULL;
    *fewer = *shape;
    fewer->demands.count = DEMANDS_MAX;
    for (size_t i = DEMANDS_MAX; i < shape->demands.count; i++) {
        if (!leave_demand_out(self, ak_str(shape->demands.items[i].pointer))) return NULL;
    }
    return fewer;
}

/* Behind all listed properties. */
static bool begin_members(Members *members) {
    SchemaReader *self = members->self;
    members->free[0] = other_member(members, 0);
    if (members->free[0] == AK_SYMBOL_FAILED) return false;
    members->free[1] = sequence(self, self->comma, members->free[0], empty(self));
    for (size_t taken = 0; taken < members->counts; taken++) {
        for (uint32_t met = 0; met <= members->all; met++) {
            for (int comma = 0; comma < 2; comma++) {
                Symbol others = others_from(members, taken, met, comma);
                if (others == AK_SYMBOL_FAILED) return false;
                members->from_here[state_of(members, taken, met, comma)] = others;
            }
        }
    }
    return true;
}

static bool is_mixed(const SchemaProperty *property) {
    return !property->is_required || property->is_unplaced;
}

/* Where the rest is optional or has no place, and nothing is counted, the others may stand between the listed properties, too: they are free to come at
 * most of these places anyway. `from_here` is without any directly at the place then, so that each text is read in one way only. */
static bool add_mixed(Members *members, Symbol *fresh) {
    SchemaReader *self = members->self;
    Symbol some = list(self, members->free[0], members->free[1], 1, UINT64_MAX, false),
           more = ak_grammar_repeat(self->grammar, members->free[1], 1, AK_REPEAT_MANY);
    members->from_here[0] = members->from_here[1] = empty(self);
    while (members->count && is_mixed(members->properties[members->count - 1])) {
        members->mixed = choice(self, members->from_here[1], sequence(self, more, members->from_here[1], empty(self)));
        if (!add_property(members, members->properties[--members->count], fresh)) return false;
    }
    members->mixed = AK_SYMBOL_FAILED;
    for (int comma = 0; comma < 2; comma++) {
        Symbol others = sequence(self, comma ? more : some, members->from_here[1], empty(self));
        fresh[comma] = choice(self, members->from_here[comma], others);
    }
    memcpy(members->from_here, fresh, 2 * sizeof *fresh);
    return true;
}

/* The members in the order of `properties`. */
static Symbol ordered_members(Members *members) {
    SchemaReader *self = members->self;
    size_t states = state_of(members, members->counts, 0, false), count = members->count;
    Symbol *fresh = ak_new_array(self->arena, Symbol, states);
    members->from_here = ak_new_array(self->arena, Symbol, states);
    if (!fresh || !members->from_here) return ak_fail_memory(self->err, self->arena), AK_SYMBOL_FAILED;
    if (!begin_members(members)) return AK_SYMBOL_FAILED;
    bool may_mix = members->has_others && members->min == 0 && members->max == UINT64_MAX && members->all == 0;
    if (may_mix && !add_mixed(members, fresh)) return AK_SYMBOL_FAILED;
    while (members->count) {
        if (!add_property(members, members->properties[--members->count], fresh)) return AK_SYMBOL_FAILED;
    }
    members->count = count;
    return members->from_here[state_of(members, 0, 0, false)];
}

static int compare_ranks(const void *a, const void *b) {
    const SchemaProperty *left = *(const SchemaProperty *const *)a, *right = *(const SchemaProperty *const *)b;
    if (left->rank == right->rank) return (left > right) - (left < right);
    if (!left->rank || !right->rank) return left->rank ? -1 : 1;
    return left->rank < right->rank ? -1 : 1;
}

/* Moves the required properties to the front, as `required` lists them. False when they are there already. */
static bool put_required_first(Members *members) {
    bool is_new = false;
    for (size_t i = 1; i < members->count; i++)
        is_new |= compare_ranks(&members->properties[i - 1], &members->properties[i]) > 0;
    if (is_new) qsort(members->properties, members->count, sizeof *members->properties, compare_ranks);
    return is_new;
}

/* Schemas tell two orders: that of `properties`, often by the alphabet, and that of `required`. Models follow the one or the other. */
static Symbol object_symbol(SchemaReader *self, const ObjectShape *shape) {
    shape = with_few_demands(self, shape);
    Members members = {.self = self, .shape = shape};
    if (!shape || !find_properties(&members) || !find_bounds(&members)) return AK_SYMBOL_FAILED;
    Symbol inside = ordered_members(&members);
    if (inside != AK_SYMBOL_FAILED && put_required_first(&members)) {
        Symbol other = ordered_members(&members);
        inside = other == AK_SYMBOL_FAILED ? other : choice(self, inside, other);
    }
    return inside == AK_SYMBOL_FAILED ? inside : sequence(self, self->open_object, inside, self->close_object);
}

/* ---- Arrays */

/* The items of an array whose demands are counted: a state is what has been counted of each. */
typedef struct Items {
    SchemaReader *self;
    const ArrayShape *shape;
    size_t places; /* behind so many items all are alike */
    size_t states;
    size_t sizes[DEMANDS_MAX]; /* counts that are told apart, of each demand */
    Symbol *from_here;         /* behind an item, by state */
} Items;

static const Schema *item_at(const ArrayShape *shape, size_t index) {
    return index < shape->first.count ? shape->first.items[index] : shape->others;
}

/* The state after an item that counts for the demands `met`; false when that is one too many. */
static bool state_after(const Items *items, size_t state, uint32_t met, size_t *after) {
    size_t unit = 1;
    *after = state;
    for (size_t d = 0; d < items->shape->demands.count; unit *= items->sizes[d++]) {
        if (!(met >> d & 1)) continue;
        bool is_last = state / unit % items->sizes[d] + 1 == items->sizes[d];
        if (is_last && items->shape->demands.items[d].max != UINT64_MAX) return false;
        if (!is_last) *after += unit;
    }
    return true;
}

static bool is_met(const Items *items, size_t state) {
    size_t unit = 1;
    for (size_t d = 0; d < items->shape->demands.count; unit *= items->sizes[d++]) {
        if (state / unit % items->sizes[d] < items->shape->demands.items[d].min) return false;
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
        if (counts) what = ak_schema_both(self, what, demand->what);
        else if (demand->max != UINT64_MAX && place >= demand->from) {
            const Schema *other = ak_schema_not(self, demand->what);
            what = other ? ak_schema_both(self, what, other) : NULL;
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
            Symbol item = sequence(self, place ? self->comma : empty(self), value, behind[after]);
            if (!ak_grammar_add(self->grammar, here[state], &item, 1)) return false;
        }
    }
    return true;
}

static bool add_ends(const Items *items, size_t place, const Symbol *here) {
    Symbol end = empty(items->self);
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
    return ok ? sequence(self, self->open_array, behind[0], self->close_array) : AK_SYMBOL_FAILED;
}

/* False when they are too many. */
static bool count_states(Items *items) {
    const ArrayShape *shape = items->shape;
    uint64_t places = shape->first.count + 1, states = 1;
    if (shape->min_count > places) places = shape->min_count;
    if (shape->max_count != UINT64_MAX) places = shape->max_count;
    if (shape->demands.count > DEMANDS_MAX) return false;
    for (size_t d = 0; d < shape->demands.count; d++) {
        const SchemaDemand *demand = &shape->demands.items[d];
        uint64_t most = demand->max == UINT64_MAX ? demand->min : demand->max;
        if (most > STATES_MAX || states > STATES_MAX) return false;
        if (demand->from > places && shape->max_count == UINT64_MAX) places = demand->from;
        items->sizes[d] = (size_t)most + 1, states *= most + 1;
    }
    items->places = (size_t)places, items->states = (size_t)states;
    return places < STATES_MAX && places * states <= STATES_MAX;
}

/* Items behind the listed ones, each with a comma before it. */
static Symbol other_items(SchemaReader *self, const ArrayShape *shape, uint64_t taken) {
    uint64_t min = shape->min_count > taken ? shape->min_count - taken : 0;
    if (shape->others == self->nothing) return min ? dead(self) : empty(self);
    uint64_t max = shape->max_count == UINT64_MAX ? UINT64_MAX
                   : shape->max_count > taken     ? shape->max_count - taken
                                                  : 0;
    if (max == 0) return empty(self);
    Symbol value = ak_schema_symbol(self, shape->others);
    if (value == AK_SYMBOL_FAILED) return AK_SYMBOL_FAILED;
    return list(self, value, sequence(self, self->comma, value, empty(self)), min, max, true);
}

/* From the end: what may come after `i` items; `[` and the first item are added last. */
static Symbol listed_array(SchemaReader *self, const ArrayShape *shape) {
    Symbol nothing = empty(self), none = sequence(self, self->open_array, self->close_array, nothing);
    if (shape->max_count == 0) return none;
    size_t listed = shape->first.count ? shape->first.count : 1;
    Symbol rest = other_items(self, shape, listed);
    for (size_t i = listed; rest != AK_SYMBOL_FAILED && i-- > 1;) {
        Symbol value = ak_schema_symbol(self, item_at(shape, i));
        if (value == AK_SYMBOL_FAILED) return AK_SYMBOL_FAILED;
        Symbol next = sequence(self, self->comma, value, rest);
        if (i >= shape->max_count) rest = nothing;
        else rest = i < shape->min_count ? next : choice(self, next, nothing);
    }
    Symbol value = rest == AK_SYMBOL_FAILED ? rest : ak_schema_symbol(self, item_at(shape, 0));
    if (value == AK_SYMBOL_FAILED) return AK_SYMBOL_FAILED;
    Symbol filled = sequence(self, self->open_array, sequence(self, value, rest, nothing), self->close_array);
    return shape->min_count ? filled : choice(self, filled, none);
}

static Symbol array_symbol(SchemaReader *self, const ArrayShape *shape) {
    Items items = {.self = self, .shape = shape};
    if (shape->min_count > shape->max_count) return dead(self);
    if (!shape->demands.count) return listed_array(self, shape);
    if (count_states(&items)) return counted_array(&items);
    for (size_t i = 0; i < shape->demands.count; i++) {
        if (!ak_schema_leave_out(self, shape->demands.items[i].pointer, "contains",
                                 "there are too many items to be counted"))
            return AK_SYMBOL_FAILED;
    }
    return listed_array(self, shape);
}

/* ---- Schemas */

Symbol ak_schema_ref_symbol(SchemaReader *self, SchemaRef *ref) {
    if (ref->symbol != AK_SYMBOL_FAILED) return ref->symbol;
    const Schema *schema = ak_schema_resolve(self, ref);
    if (!schema) return AK_SYMBOL_FAILED;
    ref->symbol = ak_grammar_rule(self->grammar, ak_str(ref->pointer));
    Symbol body = ak_schema_symbol(self, schema);
    if (body == AK_SYMBOL_FAILED || !ak_grammar_add(self->grammar, ref->symbol, &body, 1)) return AK_SYMBOL_FAILED;
    return ref->symbol;
}

/* Fills `rule` with everything that is in the schema. */
static bool add_bodies(SchemaReader *self, Symbol rule, const Schema *schema) {
    Symbol part = AK_SYMBOL_FAILED;
    Expr plain = ak_expr_or_all(self->exprs, schema->plain, PLAIN_KINDS);
    if (plain != AK_EXPR_NOTHING) {
        part = ak_grammar_terminal(self->grammar, plain_name(self, plain), plain);
        if (!ak_grammar_add(self->grammar, rule, &part, 1)) return false;
    }
    for (size_t i = 0; i < schema->arrays.count; i++) {
        part = array_symbol(self, schema->arrays.items[i]);
        if (part == AK_SYMBOL_FAILED || !ak_grammar_add(self->grammar, rule, &part, 1)) return false;
    }
    for (size_t i = 0; i < schema->objects.count; i++) {
        part = object_symbol(self, schema->objects.items[i]);
        if (part == AK_SYMBOL_FAILED || !ak_grammar_add(self->grammar, rule, &part, 1)) return false;
    }
    for (size_t i = 0; i < schema->refs.count; i++) {
        part = ak_schema_ref_symbol(self, schema->refs.items[i]);
        if (part == AK_SYMBOL_FAILED || !ak_grammar_add(self->grammar, rule, &part, 1)) return false;
    }
    return true;
}

Symbol ak_schema_symbol(SchemaReader *self, const Schema *schema) {
    Str key = ak_arena_str(self->arena, (Str){(const char *)&schema, sizeof schema}); /* the address */
    bool is_new = false;
    uint64_t *slot = key.data ? ak_map_put(&self->symbols, key, &is_new) : NULL;
    if (!slot) return ak_fail_memory(self->err, self->arena), AK_SYMBOL_FAILED;
    if (!is_new) return (Symbol)*slot;
    if (self->build_depth >= BUILD_DEPTH_MAX)
        return ak_fail(self->err, ANANKE_ERROR_LIMIT, "JSON Schema: nested too deeply"), AK_SYMBOL_FAILED;
    Symbol rule = ak_grammar_rule(self->grammar, schema->is_any ? STR("value") : STR(""));
    *slot = rule;
    self->build_depth++;
    bool ok = rule != AK_SYMBOL_FAILED && add_bodies(self, rule, schema);
    self->build_depth--;
    return ok ? rule : AK_SYMBOL_FAILED;
}
