/* Building rules and terminals out of schemas in normal form: what the builders of objects and arrays share. Every symbol is AK_SYMBOL_FAILED on failure. */
#ifndef AK_MASK_JSON_SCHEMA_BUILD_H
#define AK_MASK_JSON_SCHEMA_BUILD_H

#include "mask/json_schema.h"

/* More states than that, of counts and demands, are not told apart: something is left out then. */
enum { AK_BUILD_STATES_MAX = 50000, AK_BUILD_DEMANDS_MAX = 4 };

/* Those of the object or array that is being built. */
const Brackets *ak_build_brackets(const SchemaReader *self);
Symbol ak_build_comma(const SchemaReader *self);
/* A name as JSON text, with the colon behind it. */
Symbol ak_build_name(SchemaReader *self, Str name, Expr text);

Symbol ak_build_sequence(SchemaReader *self, Symbol a, Symbol b, Symbol c);
Symbol ak_build_choice(SchemaReader *self, Symbol a, Symbol b);
/* No text at all; the empty one. */
Symbol ak_build_dead(SchemaReader *self);
Symbol ak_build_empty(SchemaReader *self);
/* `next` is a member with its comma; the first of them is `first`, without one, unless `has_comma`. UINT64_MAX: no bound. */
Symbol ak_build_list(SchemaReader *self, Symbol first, Symbol next, uint64_t min, uint64_t max, bool has_comma);

/* As a roster counts. */
uint32_t ak_build_bound(uint64_t count);

/* json_schema_members.c and json_schema_items.c. */
Symbol ak_build_object(SchemaReader *self, const ObjectShape *shape);
Symbol ak_build_array(SchemaReader *self, const ArrayShape *shape);
/* The array with no two items equal, in json_schema_unique.c; AK_SYMBOL_FAILED where that is not held, as it is for few values and for strings. False on failure. */
bool ak_build_unique_array(SchemaReader *self, const ArrayShape *shape, Symbol *array);

#endif
