/* Unions and intersections of schemas in normal form. An intersection distributes over the unions on both sides; two objects agree property by
 * property, two arrays item by item; references are followed. Of recursive schemas each pair is intersected once, so that the result is recursive, too. */
#include "mask/json_schema.h"
#include "mask/json_schema_text.h"

enum { DEPTH_MAX = 100 };

static bool spend(SchemaReader *self, uint64_t fuel) {
    self->fuel -= fuel < self->fuel ? fuel : self->fuel;
    return (self->fuel && self->exprs->fuel >= self->expr_floor) ||
           ak_fail(self->err, ANANKE_ERROR_LIMIT, "JSON Schema: the combinations of its parts are too many");
}

Schema *ak_schema_new(SchemaReader *self) {
    if (!spend(self, 1)) return NULL;
    Schema *schema = ak_new(self->arena, Schema);
    if (!schema) return ak_fail_memory(self->err, self->arena), NULL;
    for (int kind = 0; kind < PLAIN_KINDS; kind++) schema->plain[kind] = AK_EXPR_NOTHING;
    return schema;
}

static bool memory(SchemaReader *self, bool ok) {
    return ok || ak_fail_memory(self->err, self->arena);
}

const Schema *ak_schema_of_array(SchemaReader *self, const ArrayShape *shape) {
    Schema *schema = ak_schema_new(self);
    return schema && memory(self, ak_vec_push(self->arena, &schema->arrays, shape)) ? schema : NULL;
}

const Schema *ak_schema_of_object(SchemaReader *self, const ObjectShape *shape) {
    Schema *schema = ak_schema_new(self);
    return schema && memory(self, ak_vec_push(self->arena, &schema->objects, shape)) ? schema : NULL;
}

ObjectShape *ak_schema_any_object(SchemaReader *self, const char *pointer) {
    ObjectShape *shape = ak_new(self->arena, ObjectShape);
    NameClass all = {self->strings, self->any};
    if (!memory(self, shape && ak_vec_push(self->arena, &shape->others, all))) return NULL;
    shape->max_count = UINT64_MAX, shape->pointer = shape->min_pointer = shape->max_pointer = pointer;
    return shape;
}

const Schema *ak_schema_any_but(SchemaReader *self, const ArrayShape *array, const ObjectShape *object) {
    Schema *schema = ak_schema_new(self);
    if (!schema) return NULL;
    memcpy(schema->plain, self->any->plain, sizeof schema->plain);
    bool ok = ak_vec_push(self->arena, &schema->arrays, array ? array : self->any->arrays.items[0]) &&
              ak_vec_push(self->arena, &schema->objects, object ? object : self->any->objects.items[0]);
    return memory(self, ok) ? schema : NULL;
}

/* Copies arrays, objects and references of `from` into `to`. */
static bool add_shapes(SchemaReader *self, Schema *to, const Schema *from) {
    bool ok = true;
    for (size_t i = 0; ok && i < from->arrays.count; i++)
        ok = ak_vec_push(self->arena, &to->arrays, from->arrays.items[i]);
    for (size_t i = 0; ok && i < from->objects.count; i++)
        ok = ak_vec_push(self->arena, &to->objects, from->objects.items[i]);
    for (size_t i = 0; ok && i < from->refs.count; i++) ok = ak_vec_push(self->arena, &to->refs, from->refs.items[i]);
    return memory(self, ok);
}

const Schema *ak_schema_union(SchemaReader *self, const Schema *const *members, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (members[i]->is_any) return members[i];
    }
    if (count == 1) return members[0];
    Schema *all = ak_schema_new(self);
    Expr *plain = ak_new_array(self->arena, Expr, count + 1);
    if (!all || !memory(self, plain != NULL)) return NULL;
    for (int kind = 0; kind < PLAIN_KINDS; kind++) {
        for (size_t i = 0; i < count; i++) plain[i] = members[i]->plain[kind];
        all->plain[kind] = ak_expr_or_all(self->exprs, plain, count);
    }
    for (size_t i = 0; i < count; i++) {
        if (!add_shapes(self, all, members[i])) return NULL;
    }
    return all;
}

static bool has_plain(const Schema *schema) {
    for (int kind = 0; kind < PLAIN_KINDS; kind++) {
        if (schema->plain[kind] != AK_EXPR_NOTHING) return true;
    }
    return false;
}

bool ak_schema_is_ref(const Schema *schema) {
    return schema->refs.count == 1 && !has_plain(schema) && !schema->arrays.count && !schema->objects.count;
}

static bool is_same_ref(const Schema *a, const Schema *b) {
    return ak_schema_is_ref(a) && ak_schema_is_ref(b) && a->refs.items[0] == b->refs.items[0];
}

/* References may come round again: what they have in common is a reference then, too. */
const Schema *ak_schema_both_inner(SchemaReader *self, const Schema *a, const Schema *b) {
    bool has_refs = a->refs.count || b->refs.count;
    bool is_simple = !has_refs || a->is_any || b->is_any || a == b || is_same_ref(a, b);
    return is_simple ? ak_schema_both(self, a, b) : ak_schema_common(self, a, b);
}

/* ---- objects */

static const SchemaProperty *find_property(const ObjectShape *shape, Str name) {
    for (size_t i = 0; i < shape->properties.count; i++) {
        if (ak_str_equal(shape->properties.items[i].name, name)) return &shape->properties.items[i];
    }
    return NULL;
}

const Schema *ak_schema_of_name(SchemaReader *self, const ObjectShape *shape, Str name) {
    if (shape->others.count == 1) return shape->others.items[0].what;
    Expr text = ak_json_quoted(self->exprs, ak_json_literal(self->exprs, name));
    for (size_t i = 0; i < shape->others.count; i++) {
        const NameClass *class = &shape->others.items[i];
        if (!ak_schema_is_empty(self, ak_expr_and(self->exprs, text, class->names))) return class->what;
    }
    return self->nothing;
}

Expr ak_schema_unlisted(SchemaReader *self, const ObjectShape *shape, Expr names) {
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

/* What the shape says of a property that the other one lists. */
static const Schema *value_in(SchemaReader *self, const ObjectShape *shape, Str name) {
    const SchemaProperty *property = find_property(shape, name);
    return property ? property->what : ak_schema_of_name(self, shape, name);
}

/* The properties of `a` that are placed or not, those that are in both with what both say. Which of the two gives the place is settled by the caller. */
static bool add_properties(SchemaReader *self, ObjectShape *both, const ObjectShape *a, const ObjectShape *b,
                           bool is_unplaced) {
    for (size_t i = 0; i < a->properties.count; i++) {
        const SchemaProperty *mine = &a->properties.items[i], *theirs = find_property(b, mine->name);
        if (mine->is_unplaced != is_unplaced || find_property(both, mine->name)) continue;
        const Schema *what = ak_schema_both_inner(self, mine->what, value_in(self, b, mine->name));
        if (!what) return false;
        bool is_required = mine->is_required || (theirs && theirs->is_required);
        uint32_t rank = mine->rank ? mine->rank : theirs ? theirs->rank : 0;
        SchemaProperty property = {mine->name, what, is_required, is_unplaced, rank};
        if (!memory(self, ak_vec_push(self->arena, &both->properties, property))) return false;
    }
    return true;
}

static bool add_class(SchemaReader *self, ObjectShape *both, const NameClass *a, const NameClass *b) {
    bool is_whole = a->names == self->strings || b->names == self->strings || a->names == b->names;
    NameClass class = {a->names == self->strings ? b->names : a->names, NULL};
    if (!is_whole) class.names = ak_expr_and(self->exprs, a->names, b->names);
    if (!is_whole && ak_schema_is_empty(self, class.names)) return true;
    class.what = ak_schema_both_inner(self, a->what, b->what);
    return class.what && memory(self, ak_vec_push(self->arena, &both->others, class));
}

static bool add_classes(SchemaReader *self, ObjectShape *both, const ObjectShape *a, const ObjectShape *b) {
    for (size_t i = 0; i < a->others.count; i++) {
        for (size_t j = 0; j < b->others.count; j++) {
            if (!add_class(self, both, &a->others.items[i], &b->others.items[j])) return false;
        }
    }
    return true;
}

#define ADD_DEMANDS(self, both, from)                                                                            \
    for (size_t i_ = 0; i_ < (from)->demands.count; i_++) {                                                      \
        if (!memory(self, ak_vec_push((self)->arena, &(both)->demands, (from)->demands.items[i_]))) return NULL; \
    }

static const ObjectShape *both_objects(SchemaReader *self, const ObjectShape *a, const ObjectShape *b) {
    ObjectShape *both = ak_new(self->arena, ObjectShape);
    if (!both) return ak_fail_memory(self->err, self->arena), NULL;
    both->pointer = b->properties.count ? b->pointer : a->pointer;
    both->min_count = a->min_count > b->min_count ? a->min_count : b->min_count;
    both->max_count = a->max_count < b->max_count ? a->max_count : b->max_count;
    both->min_pointer = b->min_count > a->min_count ? b->min_pointer : a->min_pointer;
    both->max_pointer = b->max_count < a->max_count ? b->max_pointer : a->max_pointer;
    if (!add_properties(self, both, a, b, false) || !add_properties(self, both, b, a, false) ||
        !add_properties(self, both, a, b, true) || !add_properties(self, both, b, a, true) ||
        !add_classes(self, both, a, b))
        return NULL;
    ADD_DEMANDS(self, both, a)
    ADD_DEMANDS(self, both, b)
    return both;
}

/* ---- arrays */

static const Schema *item_at(const ArrayShape *shape, size_t index) {
    return index < shape->first.count ? shape->first.items[index] : shape->others;
}

static const ArrayShape *both_arrays(SchemaReader *self, const ArrayShape *a, const ArrayShape *b) {
    ArrayShape *both = ak_new(self->arena, ArrayShape);
    if (!both) return ak_fail_memory(self->err, self->arena), NULL;
    both->min_count = a->min_count > b->min_count ? a->min_count : b->min_count;
    both->max_count = a->max_count < b->max_count ? a->max_count : b->max_count;
    both->pointer = a->demands.count ? a->pointer : b->pointer;
    both->unique_pointer = a->unique_pointer ? a->unique_pointer : b->unique_pointer;
    size_t count = a->first.count > b->first.count ? a->first.count : b->first.count;
    for (size_t i = 0; i < count; i++) {
        const Schema *item = ak_schema_both_inner(self, item_at(a, i), item_at(b, i));
        if (!item) return NULL;
        if (!ak_vec_push(self->arena, &both->first, item)) return ak_fail_memory(self->err, self->arena), NULL;
    }
    both->others = ak_schema_both_inner(self, a->others, b->others);
    if (!both->others) return NULL;
    ADD_DEMANDS(self, both, a)
    ADD_DEMANDS(self, both, b)
    return both;
}

/* ---- schemas */

static bool add_members(SchemaReader *self, Schema *to, const Schema *from) {
    for (int kind = 0; kind < PLAIN_KINDS; kind++)
        to->plain[kind] = ak_expr_or(self->exprs, to->plain[kind], from->plain[kind]);
    return add_shapes(self, to, from);
}

/* The same schema with every reference replaced by what it names; each once, since more of the same adds nothing to a union. */
static const Schema *followed(SchemaReader *self, const Schema *schema) {
    if (!schema->refs.count) return schema;
    Schema *all = ak_schema_new(self);
    if (!all || !add_members(self, all, schema)) return NULL;
    for (size_t i = 0; i < all->refs.count; i++) {
        bool is_met = false;
        for (size_t j = 0; j < i && !is_met; j++) is_met = all->refs.items[j] == all->refs.items[i];
        const Schema *target = is_met ? self->nothing : ak_schema_follow(self, all->refs.items[i]);
        if (!target || target->is_any) return target;
        if (!add_members(self, all, target)) return NULL;
    }
    all->refs.count = 0;
    return all;
}

static bool array_is_nothing(SchemaReader *self, const ArrayShape *shape);
static bool object_is_nothing(SchemaReader *self, const ObjectShape *shape);

static bool is_plain(const Schema *schema) {
    return !schema->is_any && !schema->arrays.count && !schema->objects.count && !schema->refs.count;
}

/* Is there a property that must be there and has plain values that nothing fits? Members of unions mostly are told apart so, and the rest of them,
 * which may be large, need not be looked at. */
static bool are_apart(SchemaReader *self, const ObjectShape *a, const ObjectShape *b) {
    for (size_t i = 0; i < a->properties.count; i++) {
        const SchemaProperty *mine = &a->properties.items[i], *theirs = find_property(b, mine->name);
        if (!theirs || !(mine->is_required || theirs->is_required) || !is_plain(mine->what) || !is_plain(theirs->what))
            continue;
        bool are_apart = true;
        for (int kind = 0; are_apart && kind < PLAIN_KINDS; kind++)
            are_apart =
                ak_schema_is_empty(self, ak_expr_and(self->exprs, mine->what->plain[kind], theirs->what->plain[kind]));
        if (are_apart) return true;
    }
    return false;
}

/* Pairs of which nothing is left are left out: the unions of complements would grow without end. */
static bool both_shapes(SchemaReader *self, const Schema *a, const Schema *b, Schema *both) {
    bool many = a->arrays.count * b->arrays.count > 1;
    for (size_t i = 0; i < a->arrays.count; i++) {
        for (size_t j = 0; j < b->arrays.count; j++) {
            if (!spend(self, 1)) return false;
            const ArrayShape *shape = both_arrays(self, a->arrays.items[i], b->arrays.items[j]);
            if (!shape) return false;
            if (many && array_is_nothing(self, shape)) continue;
            if (!memory(self, ak_vec_push(self->arena, &both->arrays, shape))) return false;
        }
    }
    many = a->objects.count * b->objects.count > 1;
    for (size_t i = 0; i < a->objects.count; i++) {
        for (size_t j = 0; j < b->objects.count; j++) {
            if (!spend(self, 1 + a->objects.items[i]->properties.count + b->objects.items[j]->properties.count))
                return false;
            if (are_apart(self, a->objects.items[i], b->objects.items[j])) continue;
            const ObjectShape *shape = both_objects(self, a->objects.items[i], b->objects.items[j]);
            if (!shape) return false;
            if (many && object_is_nothing(self, shape)) continue;
            if (!memory(self, ak_vec_push(self->arena, &both->objects, shape))) return false;
        }
    }
    return true;
}

const Schema *ak_schema_both(SchemaReader *self, const Schema *a, const Schema *b) {
    if (a->is_any || a == b || b == self->nothing) return b;
    if (b->is_any || a == self->nothing) return a;
    if (is_same_ref(a, b)) return a;
    if (++self->merge_depth > DEPTH_MAX) {
        ak_fail(self->err, ANANKE_ERROR_UNSUPPORTED, "JSON Schema: an intersection of recursive schemas does not end");
        return NULL;
    }
    a = followed(self, a);
    b = a ? followed(self, b) : NULL;
    Schema *both = b ? ak_schema_new(self) : NULL;
    bool ok = both != NULL;
    if (ok) {
        for (int kind = 0; kind < PLAIN_KINDS; kind++)
            both->plain[kind] = ak_expr_and(self->exprs, a->plain[kind], b->plain[kind]);
        ok = ak_exprs_ok(self->exprs, self->err);
    }
    ok = ok && both_shapes(self, a, b, both);
    self->merge_depth--;
    return ok ? both : NULL;
}

/* ---- emptiness */

static bool demand_is_nothing(SchemaReader *self, const SchemaDemand *demand) {
    return demand->min > demand->max || (demand->min && ak_schema_is_nothing(self, demand->what));
}

static bool array_is_nothing(SchemaReader *self, const ArrayShape *shape) {
    if (shape->min_count > shape->max_count) return true;
    for (size_t i = 0; i < shape->demands.count; i++) {
        if (demand_is_nothing(self, &shape->demands.items[i])) return true;
    }
    for (size_t i = 0; i < shape->first.count && i < shape->min_count; i++) {
        if (ak_schema_is_nothing(self, shape->first.items[i])) return true;
    }
    return shape->min_count > shape->first.count && ak_schema_is_nothing(self, shape->others);
}

/* Is there no other property either that could meet the demand? */
static bool demand_is_unmet(SchemaReader *self, const ObjectShape *shape, const SchemaDemand *demand) {
    if (demand_is_nothing(self, demand)) return true;
    if (shape->properties.count) return false;
    for (size_t i = 0; i < shape->others.count; i++) {
        if (shape->others.items[i].what != self->nothing) return false;
    }
    return demand->min > 0;
}

static bool object_is_nothing(SchemaReader *self, const ObjectShape *shape) {
    uint64_t required = 0;
    for (size_t i = 0; i < shape->properties.count; i++) {
        const SchemaProperty *property = &shape->properties.items[i];
        if (property->is_required && ak_schema_is_nothing(self, property->what)) return true;
        required += property->is_required;
    }
    for (size_t i = 0; i < shape->demands.count; i++) {
        if (demand_is_unmet(self, shape, &shape->demands.items[i])) return true;
    }
    return shape->min_count > shape->max_count || required > shape->max_count;
}

bool ak_schema_is_empty(SchemaReader *self, Expr texts) {
    if (texts == AK_EXPR_NOTHING || texts == AK_EXPR_FAILED) return texts == AK_EXPR_NOTHING;
    ak_exprs_seal(self->exprs);
    return ak_expr_is_empty(self->exprs, texts);
}

bool ak_schema_is_nothing(SchemaReader *self, const Schema *schema) {
    if (schema->is_any || self->merge_depth > DEPTH_MAX) return false;
    self->merge_depth++;
    bool is_nothing = true;
    for (size_t i = 0; is_nothing && i < schema->refs.count; i++)
        is_nothing = ak_schema_ref_is_nothing(self, schema->refs.items[i]);
    for (int kind = 0; is_nothing && kind < PLAIN_KINDS; kind++)
        is_nothing = ak_schema_is_empty(self, schema->plain[kind]);
    for (size_t i = 0; is_nothing && i < schema->arrays.count; i++)
        is_nothing = array_is_nothing(self, schema->arrays.items[i]);
    for (size_t i = 0; is_nothing && i < schema->objects.count; i++)
        is_nothing = object_is_nothing(self, schema->objects.items[i]);
    self->merge_depth--;
    return is_nothing;
}
