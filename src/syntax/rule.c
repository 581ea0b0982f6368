/* Rulebooks: rules by name. */
#include "syntax/rule.h"

void ak_rulebook_init(Rulebook *self, Arena *arena) {
    *self = (Rulebook){.arena = arena, .by_name = {.arena = arena}};
}

const Rule *ak_rulebook_find(const Rulebook *self, Str name) {
    const uint64_t *at = ak_map_find(&self->by_name, name);
    return at ? self->rules.items[*at].rule : NULL;
}

bool ak_rulebook_put(Rulebook *self, Str name, const Rule *rule) {
    bool is_new;
    uint64_t *at = ak_map_put(&self->by_name, name, &is_new);
    if (!at) return false;
    if (!is_new) return self->rules.items[*at].rule = rule, true;
    *at = self->rules.count;
    return ak_vec_push(self->arena, &self->rules, (NamedRule){name, rule});
}

bool ak_names_has(const Names *names, Str name) {
    for (size_t i = 0; i < names->count; i++) {
        if (ak_str_equal(names->items[i], name)) return true;
    }
    return false;
}

Rule *ak_rule_new(Arena *arena, RuleKind kind, Str text) {
    Rule *rule = ak_new(arena, Rule);
    if (rule) *rule = (Rule){.kind = kind, .text = text};
    return rule;
}

Rule *ak_rule_with(Arena *arena, RuleKind kind, const Rule *const *members, size_t count) {
    Rule *rule = ak_rule_new(arena, kind, (Str){0});
    const Rule **copy = ak_new_array(arena, const Rule *, count ? count : 1);
    if (!rule || !copy) return NULL;
    for (size_t i = 0; i < count; i++) {
        if (!members[i]) return NULL;
        copy[i] = members[i];
    }
    rule->members = copy, rule->count = (uint32_t)count;
    return rule;
}
