/* Complements of schemas in normal form. The complement of a union is the intersection of the members' complements; that of an array or object is a
 * union again: one alternative for each thing that may be wrong with it.
 *
 * Plain values are told by their texts, and a value has many: 1, 1.0, 1e0; "a", "\u0061". A complement is right where, of each value, all texts that it
 * could accept are out or none is. So it has plain numbers and usual spellings only, and of numbers those with zeros at their end go with the others. */
#include "mask/json_schema.h"
#include "mask/json_schema_text.h"

/* ---- Plain values */

/* The usual texts that are not in `texts`; where these are all or none, it is said plainly. */
static Expr without(SchemaReader *self, Expr all, Expr usual, Expr texts) {
    if (texts == AK_EXPR_NOTHING) return all;
    return texts == all ? AK_EXPR_NOTHING : ak_expr_and(self->exprs, usual, ak_expr_not(self->exprs, texts));
}

static Expr strings_without(SchemaReader *self, Expr texts) {
    Expr usual = ak_json_quoted(self->exprs,
                                ak_expr_repeat(self->exprs, ak_json_usual_character(self->exprs), 0, AK_REPEAT_MANY));
    return without(self, self->strings, usual, texts);
}

/* The texts of `numbers`, and those of whole ones with zeros behind a point. */
static Expr with_zeros(SchemaReader *self, Expr numbers) {
    Exprs *exprs = self->exprs;
    Expr zeros = ak_expr_repeat(exprs, ak_expr_byte(exprs, '0'), 1, AK_REPEAT_MANY);
    Expr whole = ak_expr_and(exprs, numbers, self->integers);
    return ak_expr_or(exprs, numbers,
                      ak_expr_concat(exprs, whole, ak_expr_concat(exprs, ak_expr_byte(exprs, '.'), zeros)));
}

static Expr numbers_without(SchemaReader *self, Expr texts) {
    Exprs *exprs = self->exprs;
    if (texts == AK_EXPR_NOTHING || texts == self->numbers) return without(self, self->numbers, self->numbers, texts);
    Expr minus_zero = ak_expr_literal(exprs, STR("-0"));
    Expr usual = ak_expr_and(exprs, ak_json_plain_number(exprs), ak_expr_not(exprs, with_zeros(self, minus_zero)));
    return without(self, self->numbers, usual, with_zeros(self, texts));
}

static const Schema *plain_not(SchemaReader *self, const Schema *schema) {
    Schema *other = ak_schema_new(self);
    if (!other) return NULL;
    other->plain[PLAIN_STRING] = strings_without(self, schema->plain[PLAIN_STRING]);
    other->plain[PLAIN_NUMBER] = numbers_without(self, schema->plain[PLAIN_NUMBER]);
    for (int word = PLAIN_NULL; word < PLAIN_KINDS; word++)
        other->plain[word] = schema->plain[word] == AK_EXPR_NOTHING ? self->any->plain[word] : AK_EXPR_NOTHING;
    return other;
}

/* ---- Alternatives: what may be wrong */

static bool memory(SchemaReader *self, bool ok) {
    return ok || ak_fail_memory(self->err, self->arena);
}

static bool add_array(SchemaReader *self, Schema *to, const ArrayShape *shape) {
    return memory(self, ak_vec_push(self->arena, &to->arrays, shape));
}

static bool add_object(SchemaReader *self, Schema *to, const ObjectShape *shape) {
    return memory(self, ak_vec_push(self->arena, &to->objects, shape));
}

static ArrayShape *any_array(SchemaReader *self, const char *pointer) {
    ArrayShape *shape = ak_new(self->arena, ArrayShape);
    if (!memory(self, shape != NULL)) return NULL;
    shape->others = self->any, shape->max_count = UINT64_MAX, shape->pointer = pointer;
    return shape;
}

static bool too_few_items(SchemaReader *self, const ArrayShape *shape, Schema *wrong) {
    ArrayShape *few = shape->min_count ? any_array(self, shape->pointer) : NULL;
    if (!few) return shape->min_count == 0;
    few->max_count = shape->min_count - 1;
    return add_array(self, wrong, few);
}

static bool too_many_items(SchemaReader *self, const ArrayShape *shape, uint64_t max, Schema *wrong) {
    ArrayShape *many = max != UINT64_MAX ? any_array(self, shape->pointer) : NULL;
    if (!many) return max == UINT64_MAX;
    many->min_count = max + 1;
    return add_array(self, wrong, many);
}

/* An item at a place of its own. */
static bool wrong_item(SchemaReader *self, const ArrayShape *shape, size_t index, Schema *wrong) {
    if (shape->first.items[index]->is_any) return true;
    const Schema *what = ak_schema_not(self, shape->first.items[index]);
    ArrayShape *array = what ? any_array(self, shape->pointer) : NULL;
    bool ok = array != NULL;
    for (size_t i = 0; ok && i <= index; i++)
        ok = memory(self, ak_vec_push(self->arena, &array->first, i == index ? what : self->any));
    if (!ok) return false;
    array->min_count = index + 1;
    return add_array(self, wrong, array);
}

static bool wrong_count(SchemaReader *self, const ArrayShape *shape, const SchemaDemand *demand, uint64_t min,
                        uint64_t max, Schema *wrong) {
    ArrayShape *array = any_array(self, shape->pointer);
    SchemaDemand other = *demand;
    other.min = min, other.max = max;
    return array && memory(self, ak_vec_push(self->arena, &array->demands, other)) && add_array(self, wrong, array);
}

static bool wrong_others(SchemaReader *self, const ArrayShape *shape, Schema *wrong) {
    if (shape->others->is_any) return true;
    if (shape->others == self->nothing) return too_many_items(self, shape, shape->first.count, wrong);
    const Schema *what = ak_schema_not(self, shape->others);
    SchemaDemand demand = {.from = shape->first.count, .what = what, .pointer = shape->pointer};
    return what && wrong_count(self, shape, &demand, 1, UINT64_MAX, wrong);
}

static const Schema *array_not(SchemaReader *self, const ArrayShape *shape) {
    Schema *wrong = ak_schema_new(self);
    self->is_loose |= shape->unique_pointer != NULL; /* arrays with equal items cannot be told */
    bool ok = wrong && too_few_items(self, shape, wrong) && too_many_items(self, shape, shape->max_count, wrong) &&
              wrong_others(self, shape, wrong);
    for (size_t i = 0; ok && i < shape->first.count; i++) ok = wrong_item(self, shape, i, wrong);
    for (size_t i = 0; ok && i < shape->demands.count; i++) {
        const SchemaDemand *demand = &shape->demands.items[i];
        if (demand->min) ok = wrong_count(self, shape, demand, 0, demand->min - 1, wrong);
        if (ok && demand->max != UINT64_MAX) ok = wrong_count(self, shape, demand, demand->max + 1, UINT64_MAX, wrong);
    }
    return ok ? wrong : NULL;
}

static bool wrong_size(SchemaReader *self, const ObjectShape *shape, Schema *wrong) {
    ObjectShape *few = shape->min_count ? ak_schema_any_object(self, shape->pointer) : NULL;
    if (few) few->max_count = shape->min_count - 1;
    if (shape->min_count && (!few || !add_object(self, wrong, few))) return false;
    ObjectShape *many = shape->max_count != UINT64_MAX ? ak_schema_any_object(self, shape->pointer) : NULL;
    if (many) many->min_count = shape->max_count + 1;
    return shape->max_count == UINT64_MAX || (many && add_object(self, wrong, many));
}

/* Any object where one property, which the shape lists, is as said. The others keep their places. */
static bool with_property(SchemaReader *self, const ObjectShape *shape, const SchemaProperty *property,
                          const Schema *what, bool is_required, Schema *wrong) {
    ObjectShape *object = ak_schema_any_object(self, shape->pointer);
    bool ok = object != NULL;
    for (size_t i = 0; ok && i < shape->properties.count; i++) {
        SchemaProperty other = {.name = shape->properties.items[i].name,
                                .what = self->any,
                                .is_unplaced = shape->properties.items[i].is_unplaced};
        if (&shape->properties.items[i] == property)
            other.what = what, other.is_required = is_required, other.rank = property->rank;
        ok = memory(self, ak_vec_push(self->arena, &object->properties, other));
    }
    return ok && add_object(self, wrong, object);
}

static bool wrong_property(SchemaReader *self, const ObjectShape *shape, const SchemaProperty *property,
                           Schema *wrong) {
    if (property->is_required && !with_property(self, shape, property, self->nothing, false, wrong)) return false;
    if (property->what->is_any) return true;
    const Schema *what = ak_schema_not(self, property->what);
    return what && with_property(self, shape, property, what, true, wrong);
}

static bool wrong_other(SchemaReader *self, const ObjectShape *shape, const NameClass *class, Schema *wrong) {
    if (class->what->is_any) return true;
    ObjectShape *object = ak_schema_any_object(self, shape->pointer);
    SchemaDemand demand = {.names = ak_schema_unlisted(self, shape, class->names), .min = 1, .max = UINT64_MAX};
    demand.what = ak_schema_not(self, class->what), demand.pointer = shape->pointer;
    return object && demand.names != AK_EXPR_FAILED && demand.what &&
           memory(self, ak_vec_push(self->arena, &object->demands, demand)) && add_object(self, wrong, object);
}

/* Nothing meets the demand: that is what the properties with such names are then. */
static bool unmet(SchemaReader *self, const ObjectShape *shape, const SchemaDemand *demand, Schema *wrong) {
    ObjectShape *object = ak_new(self->arena, ObjectShape);
    const Schema *what = object ? ak_schema_not(self, demand->what) : NULL;
    if (!what) return object || memory(self, false);
    NameClass such = {demand->names, what},
              others = {ak_expr_and(self->exprs, self->strings, ak_expr_not(self->exprs, demand->names)), self->any};
    object->max_count = UINT64_MAX, object->pointer = object->min_pointer = object->max_pointer = shape->pointer;
    return memory(self, ak_vec_push(self->arena, &object->others, such) &&
                            ak_vec_push(self->arena, &object->others, others)) &&
           add_object(self, wrong, object);
}

static const Schema *object_not(SchemaReader *self, const ObjectShape *shape) {
    Schema *wrong = ak_schema_new(self);
    bool ok = wrong && wrong_size(self, shape, wrong);
    for (size_t i = 0; ok && i < shape->properties.count; i++)
        ok = wrong_property(self, shape, &shape->properties.items[i], wrong);
    for (size_t i = 0; ok && i < shape->others.count; i++)
        ok = wrong_other(self, shape, &shape->others.items[i], wrong);
    for (size_t i = 0; ok && i < shape->demands.count; i++) ok = unmet(self, shape, &shape->demands.items[i], wrong);
    return ok ? wrong : NULL;
}

/* ---- Schemas */

static const Schema *arrays_not(SchemaReader *self, const Schema *schema) {
    ArrayShape *all = any_array(self, self->here.resource->pointer);
    const Schema *left = all ? ak_schema_of_array(self, all) : NULL;
    for (size_t i = 0; left && i < schema->arrays.count; i++) {
        const Schema *other = array_not(self, schema->arrays.items[i]);
        left = other ? ak_schema_both(self, left, other) : NULL;
    }
    return left;
}

static const Schema *objects_not(SchemaReader *self, const Schema *schema) {
    ObjectShape *all = ak_schema_any_object(self, self->here.resource->pointer);
    const Schema *left = all ? ak_schema_of_object(self, all) : NULL;
    for (size_t i = 0; left && i < schema->objects.count; i++) {
        const Schema *other = object_not(self, schema->objects.items[i]);
        left = other ? ak_schema_both(self, left, other) : NULL;
    }
    return left;
}

/* A reference to what is not at that place. It can be asked for while it is being worked out: types are recursive. */
static const Schema *ref_not(SchemaReader *self, SchemaRef *ref) {
    Schema *schema = ak_schema_new(self);
    if (!schema) return NULL;
    if (!ref->complement) ref->complement = ak_new(self->arena, SchemaRef);
    SchemaRef *other = ref->complement;
    if (!memory(self, other && ak_vec_push(self->arena, &schema->refs, other))) return NULL;
    self->is_loose |= ref->is_loose;
    if (other->schema || other->is_reading) return schema;
    other->pointer = ref->pointer, other->complement_of = ref, other->is_reading = true;
    const Schema *target = ak_schema_resolve_wholly(self, ref);
    other->schema = target ? ak_schema_not(self, target) : NULL;
    other->is_reading = false; /* after a failure it may be asked for again, with more fuel */
    return other->schema ? schema : NULL;
}

const Schema *ak_schema_not(SchemaReader *self, const Schema *schema) {
    if (schema->is_any) return self->nothing;
    if (schema == self->nothing) return self->any;
    if (ak_schema_is_ref(schema)) return ref_not(self, schema->refs.items[0]);
    const Schema *arrays = arrays_not(self, schema), *objects = arrays ? objects_not(self, schema) : NULL;
    const Schema *plain = objects ? plain_not(self, schema) : NULL;
    if (!plain) return NULL;
    const Schema *parts[] = {plain, arrays, objects}, *left = ak_schema_union(self, parts, 3);
    for (size_t i = 0; left && i < schema->refs.count; i++) {
        const Schema *other = ref_not(self, schema->refs.items[i]);
        left = other ? ak_schema_both(self, left, other) : NULL;
    }
    return left;
}
