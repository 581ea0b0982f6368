/* Building objects, and their members in the listed order: properties come as the schema has them, each at most once, the others behind them. For every
 * property there is a symbol for the members from here on, and one for what stands behind another member, so that the grammar is linear in the properties.
 * A comma has its place before all that may follow it, not before each of these: a parser that has read one is at one place then, whatever their number.
 * Names of other properties are all but the listed ones, however these are spelled.
 *
 * Where members are counted, or some must be met (demands), there are such symbols for each count and each set of demands met so far. */
#include "mask/json_schema_members.h"
#include "mask/json_schema_text.h"
#include <stdlib.h>

/* ---- Names */

Symbol ak_members_name(SchemaReader *self, Str name) {
    Str shown = ak_arena_format(self->arena, "\"%.*s\":", STR_ARGS(name));
    return ak_build_name(self, shown, ak_json_quoted(self->exprs, ak_json_literal(self->exprs, name)));
}

/* ---- Members */

const Schema *ak_members_meeting(const Members *members, const Schema *what, uint32_t met) {
    for (size_t d = 0; what && d < members->shape->demands.count; d++) {
        if (met >> d & 1) what = ak_schema_both_inner(members->self, what, members->shape->demands.items[d].what);
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

Symbol ak_members_other(const Members *members, uint32_t met) {
    SchemaReader *self = members->self;
    Symbol all = ak_build_dead(self);
    for (size_t i = 0; i < members->shape->others.count; i++) {
        const NameClass *class = &members->shape->others.items[i];
        const Schema *what = ak_members_meeting(members, class->what, met);
        if (!what) return AK_SYMBOL_FAILED;
        if (what == self->nothing) continue;
        Symbol value = ak_schema_symbol(self, what);
        if (value == AK_SYMBOL_FAILED) return AK_SYMBOL_FAILED;
        Expr names = ak_schema_unlisted(self, members->shape, counting(members, class->names, met));
        Symbol member = ak_build_sequence(self, ak_build_name(self, STR("name"), names), value, ak_build_empty(self));
        all = members->shape->others.count == 1 ? member : ak_build_choice(self, all, member);
    }
    return all;
}

/* What is behind the listed properties when the demands `met` are met. */
static Symbol unmet_others(const Members *members, uint32_t met, bool has_comma) {
    SchemaReader *self = members->self;
    Symbol all = ak_build_dead(self);
    if (met == members->all) return ak_build_list(self, members->free[0], members->free[1], 0, UINT64_MAX, has_comma);
    Symbol before = ak_build_list(self, members->free[0], members->free[1], !has_comma, UINT64_MAX, has_comma);
    for (uint32_t now = 1; now <= members->all; now++) {
        if (now & met) continue;
        Symbol member = ak_members_other(members, now), behind = unmet_others(members, met | now, true);
        if (member == AK_SYMBOL_FAILED || behind == AK_SYMBOL_FAILED) return AK_SYMBOL_FAILED;
        member = ak_build_sequence(self, member, behind, ak_build_empty(self));
        all = ak_build_choice(self, all, ak_build_sequence(self, before, ak_build_comma(self), member));
        if (!has_comma) all = ak_build_choice(self, all, member);
    }
    return all;
}

/* What may be behind all listed properties. */
static MembersRest others_from(const Members *members, size_t taken, uint32_t met) {
    SchemaReader *self = members->self;
    if (met != members->all) return (MembersRest){.some = unmet_others(members, met, false)};
    uint64_t min = members->min > taken ? members->min - taken : 0,
             max = members->max == UINT64_MAX ? UINT64_MAX : members->max - taken;
    MembersRest rest = {.some = ak_build_dead(self), .may_be_none = min == 0};
    if (members->has_others && max)
        rest.some = ak_build_list(self, members->free[0], members->free[1], min ? min : 1, max, false);
    return rest;
}

/* Works out what stands behind a member that is before all these. */
static bool finish_rest(SchemaReader *self, MembersRest *rest) {
    Symbol more = ak_build_sequence(self, ak_build_comma(self), rest->some, ak_build_empty(self));
    rest->behind = rest->may_be_none ? ak_build_choice(self, ak_build_empty(self), more) : more;
    return rest->behind != AK_SYMBOL_FAILED;
}

static size_t state_of(const Members *members, size_t taken, uint32_t met) {
    return taken * (members->all + (size_t)1) + met;
}

static bool is_counting(const Members *members, const SchemaProperty *property, size_t demand) {
    Exprs *exprs = members->self->exprs;
    Expr names = members->shape->demands.items[demand].names;
    if (names == members->self->strings) return true;
    Expr name = ak_json_quoted(exprs, ak_json_literal(exprs, property->name));
    return !ak_schema_is_empty(members->self, ak_expr_and(exprs, name, names));
}

uint32_t ak_members_demands(const Members *members, const SchemaProperty *property) {
    uint32_t demands = 0;
    for (size_t d = 0; d < members->shape->demands.count; d++)
        demands |= (uint32_t)is_counting(members, property, d) << d;
    return demands;
}

/* The property itself, and what is behind it. */
static Symbol with_member(const Members *members, const SchemaProperty *property, const Symbol *values, size_t taken,
                          uint32_t met) {
    SchemaReader *self = members->self;
    Symbol name = ak_members_name(self, property->name), all = AK_SYMBOL_FAILED;
    size_t next = taken + 1 < members->counts ? taken + 1 : members->counts - 1;
    for (uint32_t now = 0; now <= members->all; now++) {
        if (values[now] == AK_SYMBOL_FAILED || now & met) continue;
        Symbol rest = members->mixed ? members->mixed : members->rests[state_of(members, next, met | now)].behind;
        Symbol member = ak_build_sequence(self, name, values[now], rest);
        all = all == AK_SYMBOL_FAILED ? member : ak_build_choice(self, all, member);
    }
    return all == AK_SYMBOL_FAILED ? ak_build_dead(self) : all;
}

static bool is_full(const Members *members, size_t taken) {
    return members->max != UINT64_MAX && taken >= members->max;
}

/* Goes one property back: `members->rests` is what is behind it, and becomes what is in front of it. */
static bool add_property(Members *members, const SchemaProperty *property, MembersRest *fresh) {
    SchemaReader *self = members->self;
    uint32_t demands = ak_members_demands(members, property);
    Symbol values[1 << AK_BUILD_DEMANDS_MAX] = {0};
    for (uint32_t now = 0; now <= members->all; now++) {
        if (now & ~demands) continue;
        const Schema *what = ak_members_meeting(members, property->what, now);
        values[now] = what ? ak_schema_symbol(self, what) : AK_SYMBOL_FAILED;
        if (values[now] == AK_SYMBOL_FAILED) return false;
    }
    for (size_t taken = 0; taken < members->counts; taken++) {
        for (uint32_t met = 0; met <= members->all; met++) {
            size_t state = state_of(members, taken, met);
            MembersRest rest = {.some = is_full(members, taken) ? ak_build_dead(self)
                                                                : with_member(members, property, values, taken, met)};
            if (!property->is_required) {
                rest.some = ak_build_choice(self, rest.some, members->rests[state].some);
                rest.may_be_none = members->rests[state].may_be_none;
            }
            if (!finish_rest(self, &rest)) return false;
            fresh[state] = rest;
        }
    }
    memcpy(members->rests, fresh, state_of(members, members->counts, 0) * sizeof *fresh);
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
    size_t states = members->counts * (members->all + (size_t)1) * (members->count + 1);
    if (!(is_bounded && members->all) && (members->self->options.is_any_order || states <= AK_BUILD_STATES_MAX))
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

/* In their order, for what is noted on the way; the object is put together from its end. */
static bool build_values(const Members *members) {
    for (size_t i = 0; i < members->count; i++) {
        const Schema *what = members->properties[i]->what;
        if (what != members->self->nothing && ak_schema_symbol(members->self, what) == AK_SYMBOL_FAILED) return false;
    }
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
    if (shape->demands.count <= AK_BUILD_DEMANDS_MAX) return shape;
    ObjectShape *fewer = ak_new(self->arena, ObjectShape);
    if (!fewer) return ak_fail_memory(self->err, self->arena), NULL;
    *fewer = *shape;
    fewer->demands.count = AK_BUILD_DEMANDS_MAX;
    for (size_t i = AK_BUILD_DEMANDS_MAX; i < shape->demands.count; i++) {
        if (!leave_demand_out(self, ak_str(shape->demands.items[i].pointer))) return NULL;
    }
    return fewer;
}

/* Behind all listed properties. */
static bool begin_members(Members *members) {
    SchemaReader *self = members->self;
    members->free[0] = ak_members_other(members, 0);
    if (members->free[0] == AK_SYMBOL_FAILED) return false;
    members->free[1] = ak_build_sequence(self, ak_build_comma(self), members->free[0], ak_build_empty(self));
    for (size_t taken = 0; taken < members->counts; taken++) {
        for (uint32_t met = 0; met <= members->all; met++) {
            MembersRest *rest = &members->rests[state_of(members, taken, met)];
            *rest = others_from(members, taken, met);
            if (!finish_rest(self, rest)) return false;
        }
    }
    return true;
}

static bool is_mixed(const SchemaProperty *property) {
    return !property->is_required || property->is_unplaced;
}

/* Where the rest is optional or has no place, and nothing is counted, the others may stand between the listed properties, too: they are free to come at
 * most of these places anyway. The rest is without any directly at the place then, so that each text is read in one way only. */
static bool add_mixed(Members *members, MembersRest *fresh) {
    SchemaReader *self = members->self;
    MembersRest *rest = &members->rests[0];
    Symbol some = ak_build_list(self, members->free[0], members->free[1], 1, UINT64_MAX, false),
           more = ak_grammar_repeat(self->grammar, members->free[1], 1, AK_REPEAT_MANY);
    *rest = (MembersRest){.some = ak_build_dead(self), .behind = ak_build_empty(self), .may_be_none = true};
    while (members->count && is_mixed(members->properties[members->count - 1])) {
        members->mixed =
            ak_build_choice(self, rest->behind, ak_build_sequence(self, more, rest->behind, ak_build_empty(self)));
        if (!add_property(members, members->properties[--members->count], fresh)) return false;
    }
    members->mixed = AK_SYMBOL_FAILED;
    rest->some = ak_build_choice(self, rest->some, ak_build_sequence(self, some, rest->behind, ak_build_empty(self)));
    return finish_rest(self, rest);
}

/* The members in the order of `properties`. */
static Symbol ordered_members(Members *members) {
    SchemaReader *self = members->self;
    size_t states = state_of(members, members->counts, 0), count = members->count;
    MembersRest *fresh = ak_new_array(self->arena, MembersRest, states);
    members->rests = ak_new_array(self->arena, MembersRest, states);
    if (!fresh || !members->rests) return ak_fail_memory(self->err, self->arena), AK_SYMBOL_FAILED;
    if (!begin_members(members)) return AK_SYMBOL_FAILED;
    bool may_mix = members->has_others && members->min == 0 && members->max == UINT64_MAX && members->all == 0;
    if (may_mix && !add_mixed(members, fresh)) return AK_SYMBOL_FAILED;
    while (members->count) {
        if (!add_property(members, members->properties[--members->count], fresh)) return AK_SYMBOL_FAILED;
    }
    members->count = count;
    const MembersRest *all = &members->rests[state_of(members, 0, 0)];
    bool has_none = all->may_be_none && !self->options.is_empty_apart;
    return has_none ? ak_grammar_optional(self->grammar, all->some) : all->some;
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

bool ak_members_may_be_none(const Members *members) {
    for (size_t i = 0; i < members->count; i++) {
        if (members->properties[i]->is_required) return false;
    }
    return members->min == 0 && members->all == 0;
}

/* Where no other order is wanted, schemas tell two: that of `properties`, often by the alphabet, and that of `required`. Models follow the one or the
 * other. */
Symbol ak_build_object(SchemaReader *self, const ObjectShape *shape) {
    shape = with_few_demands(self, shape);
    Members members = {.self = self, .shape = shape};
    if (!shape || !find_properties(&members) || !build_values(&members) || !find_bounds(&members))
        return AK_SYMBOL_FAILED;
    if (self->options.is_any_order) return ak_build_any_order(&members);
    Symbol inside = ordered_members(&members);
    if (inside != AK_SYMBOL_FAILED && put_required_first(&members)) {
        Symbol other = ordered_members(&members);
        inside = other == AK_SYMBOL_FAILED ? other : ak_build_choice(self, inside, other);
    }
    if (inside == AK_SYMBOL_FAILED) return inside;
    const Brackets *brackets = ak_build_brackets(self);
    Symbol object = ak_build_sequence(self, brackets->open_object, inside, brackets->close_object);
    bool has_empty = self->options.is_empty_apart && ak_members_may_be_none(&members);
    return has_empty ? ak_build_choice(self, object, brackets->empty_object) : object;
}
