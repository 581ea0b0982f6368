/* JSON Schemas in one normal form: a set of JSON values is a union of plain values (strings, numbers, true, false, null: one regular expression over
 * their JSON text), arrays, objects, and references to other schemas.
 *
 * Reading turns keywords into that form; allOf and keywords beside each other are intersections, anyOf is a union, oneOf a union whose members are proved
 * disjoint. Building turns it into a grammar. What cannot be said exactly is ANANKE_ERROR_UNSUPPORTED with the JSON pointer and the keyword: an
 * accepted instance is always valid. Objects have their properties in the schema's order. */
#ifndef AK_MASK_JSON_SCHEMA_H
#define AK_MASK_JSON_SCHEMA_H

#include "base/buf.h"
#include "base/json.h"
#include "base/map.h"
#include "mask/grammar.h"

typedef struct Schema Schema;
typedef struct SchemaRef SchemaRef;

typedef struct SchemaProperty {
    Str name;           /* decoded */
    const Schema *what; /* of nothing: the property must not be there */
    bool is_required;
} SchemaProperty;

typedef struct ObjectShape {
    VEC(SchemaProperty) properties;
    const Schema *others; /* the values of all other properties */
    uint64_t min_count;   /* minProperties */
    uint64_t max_count;   /* maxProperties; UINT64_MAX: no bound */
    const char *pointer;  /* where it comes from, for errors */
} ObjectShape;

typedef struct ArrayShape {
    VEC(const Schema *) first;     /* prefixItems */
    const Schema *others;          /* items */
    uint64_t min_count, max_count; /* UINT64_MAX: no bound */
} ArrayShape;

struct Schema {
    bool is_any; /* everything; the rest is then filled in too */
    Expr plain;  /* AK_EXPR_NOTHING: no plain values */
    VEC(const ArrayShape *) arrays;
    VEC(const ObjectShape *) objects;
    VEC(SchemaRef *) refs;
};

/* A place that `$ref` names. */
struct SchemaRef {
    const char *pointer; /* "#/$defs/node" */
    yyjson_val *value;
    const Schema *schema; /* NULL until it is read */
    bool is_reading;
    Symbol symbol; /* its rule, once building has begun it */
};

/* What reading, merging and building share. */
typedef struct SchemaReader {
    Grammar *grammar;
    Arena *arena;
    Exprs *exprs;
    ananke_error *err;
    yyjson_val *root;
    Str root_id;           /* "" when it has none */
    bool is_loose;         /* something was left out since this was cleared */
    bool refs_stand_alone; /* drafts up to 7: keywords beside `$ref` are ignored */
    Map refs;              /* pointer → SchemaRef */
    Map symbols;           /* address of a Schema → Symbol */
    Map formats;           /* name → Expr of the bodies that have it */
    uint64_t fuel;         /* schemas that may still be made */
    uint32_t depth, merge_depth, build_depth;
    size_t sealed; /* expressions that were there when the store was sealed last */
    const Schema *any, *nothing;
    Expr strings, numbers, integers; /* JSON texts */
    Symbol any_symbol;
    Symbol open_object, close_object, open_array, close_array, comma, free_name;
} SchemaReader;

/* Reads the schema at `value`. `pointer` says where it is. NULL and self->err on failure. */
const Schema *ak_schema_read(SchemaReader *self, yyjson_val *value, const char *pointer);
/* The place that a `$ref` names. */
SchemaRef *ak_schema_ref(SchemaReader *self, Str target, const char *pointer);
/* What is at that place, read when it is asked for first. */
const Schema *ak_schema_resolve(SchemaReader *self, SchemaRef *ref);

/* An empty schema to fill. Takes fuel. */
Schema *ak_schema_new(SchemaReader *self);
/* What is in both. */
const Schema *ak_schema_both(SchemaReader *self, const Schema *a, const Schema *b);
/* What is in one of them. */
const Schema *ak_schema_union(SchemaReader *self, const Schema *const *members, size_t count);
/* Is it certain that nothing is in it? Looks through required properties and items, not through references. */
bool ak_schema_is_nothing(SchemaReader *self, const Schema *schema);

/* The value that stands between quotes, as a fixed value: for const and enum. */
const Schema *ak_schema_constant(SchemaReader *self, yyjson_val *value, const char *pointer);

/* The symbol for a schema. AK_SYMBOL_FAILED and self->err on failure. */
Symbol ak_schema_symbol(SchemaReader *self, const Schema *schema);

/* Adds the schema in `text` to the grammar; `*start` is its symbol. */
bool ak_json_schema(Grammar *grammar, Str text, const char *file, Symbol *start, ananke_error *err);

#endif
