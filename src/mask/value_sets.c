/* Persistent treaps. Priorities are random, not taken from the texts: nobody can choose texts that make a path of a tree. */
#include "mask/value_sets.h"
#include "base/bitset.h"

bool ak_value_sets_init(ValueSets *self, Arena *arena) {
    *self = (ValueSets){.arena = arena, .seed = 1};
    return ak_paged_push(arena, &self->nodes, (ValueNode){0});
}

static const ValueNode *node_at(const ValueSets *self, ValueSet set) {
    return ak_paged_at(&self->nodes, set);
}

/* Is it before the text or, when there is a byte (0 … 255; -1: there is none), before the text with that behind it? */
static bool is_before(Str a, Str text, int byte) {
    if (!ak_str_starts(a, text)) return ak_str_compare(a, text) < 0;
    return a.length > text.length ? (uint8_t)a.data[text.length] < byte : byte >= 0;
}

/* The first text that is not. */
static Str find(const ValueSets *self, ValueSet set, Str text, int byte) {
    Str found = {0};
    while (set) {
        const ValueNode *node = node_at(self, set);
        bool goes_on = is_before(node->text, text, byte);
        if (!goes_on) found = node->text;
        set = goes_on ? node->greater : node->smaller;
    }
    return found;
}

Str ak_value_sets_from(const ValueSets *self, ValueSet set, Str from) {
    return find(self, set, from, -1);
}

Str ak_value_sets_behind(const ValueSets *self, ValueSet set, Str text) {
    return find(self, set, text, 0);
}

static uint32_t count_before(const ValueSets *self, ValueSet set, Str text, int byte) {
    uint32_t count = 0;
    while (set) {
        const ValueNode *node = node_at(self, set);
        bool goes_on = is_before(node->text, text, byte);
        if (goes_on) count += node_at(self, node->smaller)->count + 1;
        set = goes_on ? node->greater : node->smaller;
    }
    return count;
}

uint32_t ak_value_sets_count(const ValueSets *self, ValueSet set, Str text) {
    return count_before(self, set, text, UINT8_MAX + 1) - count_before(self, set, text, -1);
}

void ak_value_sets_mark_next(const ValueSets *self, ValueSet set, Str text, uint32_t *bytes) {
    for (int byte = 0; byte <= UINT8_MAX; byte++) {
        Str found = find(self, set, text, byte);
        if (found.length <= text.length || !ak_str_starts(found, text)) return;
        byte = (uint8_t)found.data[text.length];
        ak_bits_set(bytes, (size_t)byte);
    }
}

size_t ak_value_sets_longest(const ValueSets *self, ValueSet set) {
    return node_at(self, set)->longest;
}

static uint32_t next_priority(ValueSets *self) {
    self->seed = self->seed * 1664525 + 1013904223;
    return self->seed >> 4;
}

/* Puts a node at the place, which is one of a node that was made just now; NULL when out of memory. */
static ValueNode *put(ValueSets *self, ValueSet *place, ValueNode node) {
    if (!ak_paged_push(self->arena, &self->nodes, node)) return NULL;
    *place = self->nodes.count - 1;
    return ak_paged_at(&self->nodes, *place);
}

static void weigh(const ValueSets *self, ValueNode *node) {
    node->count = node_at(self, node->smaller)->count + node_at(self, node->greater)->count + 1;
}

/* Parts the texts of the tree at that one, which is none of them. As deep as the tree is. */
static bool split(ValueSets *self, ValueSet tree, Str text, ValueSet *smaller, ValueSet *greater) {
    if (!tree) return *smaller = *greater = 0, true;
    bool is_smaller = ak_str_compare(node_at(self, tree)->text, text) < 0;
    ValueNode *copy = put(self, is_smaller ? smaller : greater, *node_at(self, tree));
    if (!copy) return false;
    bool done = is_smaller ? split(self, copy->greater, text, &copy->greater, greater)
                           : split(self, copy->smaller, text, smaller, &copy->smaller);
    if (done) weigh(self, copy);
    return done;
}

ValueSet ak_value_sets_add(ValueSets *self, ValueSet set, Str text) {
    Str there = ak_value_sets_from(self, set, text);
    if (there.data && ak_str_equal(there, text)) return set;
    ValueSet made = 0, *place = &made, tree = set;
    ValueNode fresh = {.text = ak_arena_str(self->arena, text), .priority = next_priority(self)};
    if (tree) fresh.longest = node_at(self, tree)->longest; /* it may stand above all of these */
    if (fresh.longest < text.length) fresh.longest = text.length;
    while (fresh.text.data && tree && node_at(self, tree)->priority >= fresh.priority) {
        ValueNode *copy = put(self, place, *node_at(self, tree));
        if (!copy) return 0;
        if (copy->longest < text.length) copy->longest = text.length;
        copy->count++;
        place = ak_str_compare(text, copy->text) < 0 ? &copy->smaller : &copy->greater;
        tree = *place;
    }
    ValueNode *node = fresh.text.data ? put(self, place, fresh) : NULL;
    if (!node || !split(self, tree, fresh.text, &node->smaller, &node->greater)) return 0;
    return weigh(self, node), made;
}
