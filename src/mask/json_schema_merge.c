/* Unions and intersections of schemas in normal form. An intersection distributes over the unions on both sides; two objects agree property by
 * property, two arrays item by item; references are followed. Of recursive schemas each pair is intersected once, so that the result is recursive, too. */
#include "mask/json_schema.h"

enum { DEPTH_MAX = 100 };

Schema *ak_schema_new(SchemaReader *self) {
    if (self->fuel == 0) {
        ak_fail(self->err, ANANKE_ERROR_LIMIT, "JSON Schema: the combinations of its parts are too many");
        return NULL;
    }
    self->fuel--;
    Schema *schema = ak_new(self->arena, Schema);
    if (schema) schema->plain = AK_EXPR_NOTHING;
    else ak_fail_memory(self->err, self->arena);
    return schema;
}

static bool memory(SchemaReader *self, bool ok) {
    return ok || ak_fail_memory(self->err, self->arena);
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
    for (size_t i = 0; i < count; i++) {
        if (!add_shapes(self, all, members[i])) return NULL;
        plain[i] = members[i]->plain;
    }
    all->plain = ak_expr_or_all(self->exprs, plain, count);
    return all;
}

/* Is the schema one reference and nothing else? */
static bool is_ref(const Schema *schema) {
    return schema->refs.count == 1 && schema->plain == AK_EXPR_NOTHING && !schema->arrays.count &&
           !schema->objects.count;
}

static bool is_same_ref(const Schema *a, const Schema *b) {
    return is_ref(a) && is_ref(b) && a->refs.items[0] == b->refs.items[0];
}

/* What inner values must be to be in both. References may come round again: what they have in common is a reference then, too. */
static const Schema *both_inner(SchemaReader *self, const Schema *a, const Schema *b) {
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

static bool add_property(SchemaReader *self, ObjectShape *to, const SchemaProperty *a, const Schema *b,
                         bool is_required) {
    const Schema *what = both_inner(self, a->what, b);
    if (!what) return false;
    SchemaProperty property = {a->name, what, is_required};
    return memory(self, ak_vec_push(self->arena, &to->properties, property));
}

static const ObjectShape *both_objects(SchemaReader *self, const ObjectShape *a, const ObjectShape *b) {
    ObjectShape *both = ak_new(self->arena, ObjectShape);
    if (!both) return ak_fail_memory(self->err, self->arena), NULL;
    both->pointer = b->properties.count ? b->pointer : a->pointer;
    both->min_count = a->min_count > b->min_count ? a->min_count : b->min_count;
    both->max_count = a->max_count < b->max_count ? a->max_count : b->max_count;
    for (size_t i = 0; i < a->properties.count; i++) {
        const SchemaProperty *mine = &a->properties.items[i], *theirs = find_property(b, mine->name);
        bool is_required = mine->is_required || (theirs && theirs->is_required);
        if (!add_property(self, both, mine, theirs ? theirs->what : b->others, is_required)) return NULL;
    }
    for (size_t i = 0; i < b->properties.count; i++) {
        const SchemaProperty *theirs = &b->properties.items[i];
        if (!find_property(a, theirs->name) && !add_property(self, both, theirs, a->others, theirs->is_required))
            return NULL;
    }
    both->others = both_inner(self, a->others, b->others);
    return both->others ? both : NULL;
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
    size_t count = a->first.count > b->first.count ? a->first.count : b->first.count;
    for (size_t i = 0; i < count; i++) {
        const Schema *item = both_inner(self, item_at(a, i), item_at(b, i));
        if (!item) return NULL;
        if (!ak_vec_push(self->arena, &both->first, item)) return ak_fail_memory(self->err, self->arena), NULL;
    }
    both->others = both_inner(self, a->others, b->others);
    return both->others ? both : NULL;
}

/* ---- schemas */

static bool add_members(SchemaReader *self, Schema *to, const Schema *from) {
    to->plain = ak_expr_or(self->exprs, to->plain, from->plain);
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

static bool both_shapes(SchemaReader *self, const Schema *a, const Schema *b, Schema *both) {
    for (size_t i = 0; i < a->arrays.count; i++) {
        for (size_t j = 0; j < b->arrays.count; j++) {
            const ArrayShape *shape = both_arrays(self, a->arrays.items[i], b->arrays.items[j]);
            if (!shape || !memory(self, ak_vec_push(self->arena, &both->arrays, shape))) return false;
        }
    }
    for (size_t i = 0; i < a->objects.count; i++) {
        for (size_t j = 0; j < b->objects.count; j++) {
            const ObjectShape *shape = both_objects(self, a->objects.items[i], b->objects.items[j]);
            if (!shape || !memory(self, ak_vec_push(self->arena, &both->objects, shape))) return false;
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
        both->plain = ak_expr_and(self->exprs, a->plain, b->plain);
        if (both->plain == AK_EXPR_FAILED) ok = ak_exprs_ok(self->exprs, self->err);
    }
    ok = ok && both_shapes(self, a, b, both);
    self->merge_depth--;
    return ok ? both : NULL;
}

/* ---- emptiness */

static bool array_is_nothing(SchemaReader *self, const ArrayShape *shape) {
    if (shape->min_count > shape->max_count) return true;
    for (size_t i = 0; i < shape->first.count && i < shape->min_count; i++) {
        if (ak_schema_is_nothing(self, shape->first.items[i])) return true;
    }
    return shape->min_count > shape->first.count && ak_schema_is_nothing(self, shape->others);
}

static bool object_is_nothing(SchemaReader *self, const ObjectShape *shape) {
    uint64_t required = 0;
    for (size_t i = 0; i < shape->properties.count; i++) {
        const SchemaProperty *property = &shape->properties.items[i];
        if (property->is_required && ak_schema_is_nothing(self, property->what)) return true;
        required += property->is_required;
    }
    return shape->min_count > shape->max_count || required > shape->max_count;
}

/* Byte classes are good until a new byte set appears. */
static void seal(SchemaReader *self) {
    bool is_stale = self->sealed == 0;
    for (size_t i = self->sealed; !is_stale && i < self->exprs->nodes.count; i++)
        is_stale = self->exprs->nodes.items[i].kind == EXPR_SET;
    if (is_stale) ak_exprs_seal(self->exprs);
    self->sealed = self->exprs->nodes.count;
}

bool ak_schema_is_nothing(SchemaReader *self, const Schema *schema) {
    if (schema->is_any || self->merge_depth > DEPTH_MAX) return false;
    self->merge_depth++;
    bool is_nothing = true;
    for (size_t i = 0; is_nothing && i < schema->refs.count; i++)
        is_nothing = ak_schema_ref_is_nothing(self, schema->refs.items[i]);
    if (schema->plain != AK_EXPR_NOTHING) {
        seal(self);
        is_nothing = ak_expr_is_empty(self->exprs, schema->plain);
    }
    for (size_t i = 0; is_nothing && i < schema->arrays.count; i++)
        is_nothing = array_is_nothing(self, schema->arrays.items[i]);
    for (size_t i = 0; is_nothing && i < schema->objects.count; i++)
        is_nothing = object_is_nothing(self, schema->objects.items[i]);
    self->merge_depth--;
    return is_nothing;
}
