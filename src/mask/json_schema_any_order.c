/* Objects whose members come in any order: a roster (roster.h). Each property has a seat, the required ones first, and an entry for each set of demands
 * that its value may meet; members with other names have none and may come again. */
#include "mask/json_schema_members.h"

typedef struct AnyOrder {
    const Members *members;
    VEC(Symbol) symbols; /* of the entries */
    VEC(RosterEntry) entries;
} AnyOrder;

static bool add_entry(AnyOrder *self, Symbol what, uint32_t seat, uint32_t met) {
    SchemaReader *reader = self->members->self;
    return what != AK_SYMBOL_FAILED && ((ak_vec_push(reader->arena, &self->symbols, what) &&
                                         ak_vec_push(reader->arena, &self->entries, (RosterEntry){seat, met})) ||
                                        ak_fail_memory(reader->err, reader->arena));
}

static bool add_property(AnyOrder *self, const SchemaProperty *property, uint32_t seat) {
    SchemaReader *reader = self->members->self;
    uint32_t demands = ak_members_demands(self->members, property);
    Symbol name = ak_members_name(reader, property->name);
    for (uint32_t met = 0; met <= demands; met++) {
        if (met & ~demands) continue;
        const Schema *what = ak_members_meeting(self->members, property->what, met);
        if (!what) return false;
        if (what == reader->nothing) continue;
        Symbol value = ak_schema_symbol(reader, what);
        if (value == AK_SYMBOL_FAILED) return false;
        if (!add_entry(self, ak_grammar_sequence(reader->grammar, (Symbol[]){name, value}, 2), seat, met)) return false;
    }
    return true;
}

static bool add_properties(AnyOrder *self, bool is_required, uint32_t *seats) {
    for (size_t i = 0; i < self->members->count; i++) {
        const SchemaProperty *property = self->members->properties[i];
        if (property->is_required == is_required && !add_property(self, property, (*seats)++)) return false;
    }
    return true;
}

static bool add_others(AnyOrder *self) {
    for (uint32_t met = 0; self->members->has_others && met <= self->members->all; met++) {
        if (!add_entry(self, ak_members_other(self->members, met), AK_ROSTER_NO_SEAT, met)) return false;
    }
    return true;
}

Symbol ak_build_any_order(const Members *members) {
    SchemaReader *reader = members->self;
    const Brackets *brackets = ak_build_brackets(reader);
    AnyOrder self = {.members = members};
    RosterRules rules = {.demands = (uint32_t)members->shape->demands.count,
                         .min = ak_build_bound(members->min),
                         .max = ak_build_bound(members->max)};
    if (!add_properties(&self, true, &rules.required)) return AK_SYMBOL_FAILED;
    rules.seats = rules.required;
    if (!add_properties(&self, false, &rules.seats) || !add_others(&self)) return AK_SYMBOL_FAILED;
    Symbol object = ak_grammar_rule(reader->grammar, STR("object"));
    RosterParts parts = {brackets->open_object, brackets->comma, brackets->close_object, self.symbols.items};
    Roster roster = {.rules = rules, .entries = self.entries.items, .count = (uint32_t)self.entries.count};
    if (!ak_grammar_add_roster(reader->grammar, object, parts, &roster)) return AK_SYMBOL_FAILED;
    if (!ak_members_may_be_none(members)) return object;
    Symbol none[] = {brackets->open_object, brackets->close_object};
    bool ok = reader->options.is_empty_apart ? ak_grammar_add(reader->grammar, object, &brackets->empty_object, 1)
                                             : ak_grammar_add(reader->grammar, object, none, 2);
    return ok ? object : AK_SYMBOL_FAILED;
}
