/* Reading the keywords that combine schemas: allOf, anyOf, oneOf, not, if. */
#include "mask/json_schema_complement.h"

static const Schema *with_all_of(const Reading *at, const Schema *schema) {
    if (!ak_reading_check_list(at, "allOf")) return NULL;
    yyjson_arr_iter members = yyjson_arr_iter_with(ak_reading_get(at, "allOf"));
    size_t index = 0;
    for (yyjson_val *member; schema && (member = yyjson_arr_iter_next(&members)); index++) {
        const char *pointer = ak_reading_child_at(at, "allOf", index);
        const Schema *what = pointer ? ak_schema_read(at->self, member, pointer) : NULL;
        schema = what ? ak_schema_both(at->self, schema, what) : NULL;
    }
    return schema;
}

static bool read_loosely(const Reading *at, yyjson_val *value, const char *pointer, SchemaMember *member) {
    SchemaReader *self = at->self;
    bool was_loose = self->is_loose;
    self->is_loose = false;
    *member = (SchemaMember){.what = pointer ? ak_schema_read(self, value, pointer) : NULL};
    member->is_loose = self->is_loose;
    self->is_loose |= was_loose;
    return member->what;
}

const Schema *ak_reading_with_not(const Reading *at, const Schema *schema) {
    yyjson_val *value = ak_reading_get(at, "not");
    SchemaMember member;
    if (!value) return schema;
    return read_loosely(at, value, ak_reading_child(at, "not", (Str){0}), &member)
               ? ak_reading_without(at, "not", schema, &member)
               : NULL;
}

static const Schema *with_branch(const Reading *at, const char *keyword, const Schema *schema) {
    const Schema *branch = ak_reading_member(at, keyword, at->self->any);
    return branch ? ak_schema_both(at->self, schema, branch) : NULL;
}

static const Schema *with_condition(const Reading *at, const Schema *schema) {
    yyjson_val *value = ak_reading_get(at, "if");
    SchemaMember condition;
    if (!value || (!ak_reading_get(at, "then") && !ak_reading_get(at, "else"))) return schema;
    if (!read_loosely(at, value, ak_reading_child(at, "if", (Str){0}), &condition)) return NULL;
    const Schema *yes = ak_schema_both(at->self, schema, condition.what),
                 *no = yes ? ak_reading_without(at, "if", schema, &condition) : NULL;
    if (no) yes = with_branch(at, "then", yes), no = with_branch(at, "else", no);
    const Schema *ways[] = {yes, no};
    return yes && no ? ak_schema_union(at->self, ways, 2) : NULL;
}

/* ---- anyOf and oneOf */

/* Reads the members of the list, each intersected with what is known. */
static bool read_members(const Reading *at, const char *keyword, yyjson_val *list, const Schema *schema,
                         SchemaMember *members, const Schema **ways) {
    yyjson_arr_iter values = yyjson_arr_iter_with(list);
    size_t count = 0;
    for (yyjson_val *value; (value = yyjson_arr_iter_next(&values)); count++) {
        if (!read_loosely(at, value, ak_reading_child_at(at, keyword, count), &members[count])) return false;
        if (!(ways[count] = ak_schema_both(at->self, schema, members[count].what))) return false;
    }
    return true;
}

static const Schema *with_choice(const Reading *at, const char *keyword, bool is_exclusive, const Schema *schema) {
    SchemaReader *self = at->self;
    yyjson_val *list = ak_reading_get(at, keyword);
    if (!ak_reading_check_list(at, keyword)) return NULL;
    if (!list) return schema;
    size_t count = yyjson_arr_size(list);
    SchemaMember *members = ak_new_array(self->arena, SchemaMember, count);
    const Schema **ways = ak_new_array(self->arena, const Schema *, count);
    if (!members || !ways) return ak_fail_memory(self->err, self->arena), NULL;
    if (!read_members(at, keyword, list, schema, members, ways)) return NULL;
    if (is_exclusive && !ak_reading_part(at, members, ways, count)) return NULL;
    return ak_schema_union(self, ways, count);
}

const Schema *ak_reading_with_logic(const Reading *at, const Schema *schema) {
    schema = with_all_of(at, schema);
    if (schema) schema = with_choice(at, "anyOf", false, schema);
    if (schema) schema = with_choice(at, "oneOf", true, schema);
    if (schema) schema = ak_reading_with_not(at, schema);
    return schema ? with_condition(at, schema) : NULL;
}
