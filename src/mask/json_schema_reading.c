/* Keywords of a schema object, and pointers to them. */
#include "mask/json_schema_reading.h"
#include "mask/json_schema_number.h"

bool ak_reading_refuse(const Reading *at, ananke_error_code code, const char *keyword, const char *what) {
    return ak_fail(at->self->err, code, "JSON Schema: %s/%s: %s", at->pointer, keyword, what);
}

bool ak_reading_malformed(const Reading *at, const char *keyword, const char *wanted) {
    ak_fail(at->self->err, ANANKE_ERROR_SYNTAX, "JSON Schema: %s/%s: %s is wanted", at->pointer, keyword, wanted);
    return false;
}

const char *ak_reading_child(const Reading *at, const char *keyword, Str key) {
    Arena *arena = at->self->arena;
    const char *pointer = ak_json_pointer_child(arena, at->pointer, ak_str(keyword));
    if (pointer && key.data) pointer = ak_json_pointer_child(arena, pointer, key);
    if (!pointer) ak_fail_memory(at->self->err, arena);
    return pointer;
}

const char *ak_reading_child_at(const Reading *at, const char *keyword, size_t index) {
    Str number = ak_arena_format(at->self->arena, "%zu", index);
    return number.data ? ak_reading_child(at, keyword, number) : (ak_fail_memory(at->self->err, at->self->arena), NULL);
}

/* The schema under a keyword; `missing` when there is none. */
const Schema *ak_reading_member(const Reading *at, const char *keyword, const Schema *missing) {
    yyjson_val *value = ak_reading_get(at, keyword);
    if (!value) return missing;
    const char *pointer = ak_reading_child(at, keyword, (Str){0});
    return pointer ? ak_schema_read(at->self, value, pointer) : NULL;
}

const Schema *ak_reading_inner(const Reading *at, const char *keyword, const Schema *missing) {
    yyjson_val *value = ak_reading_get(at, keyword);
    if (!value) return missing;
    const char *pointer = ak_reading_child(at, keyword, (Str){0});
    return pointer ? ak_schema_read_inner(at->self, value, pointer) : NULL;
}

/* A count; `*count` stays as it is when the keyword is not there. */
bool ak_reading_count(const Reading *at, const char *keyword, uint64_t *count) {
    yyjson_val *value = ak_reading_get(at, keyword);
    Decimal decimal;
    if (!value) return true;
    Str raw = {yyjson_get_raw(value), yyjson_get_len(value)};
    if (!yyjson_is_raw(value) || !ak_decimal_read(at->self->arena, raw, &decimal) || decimal.is_negative ||
        decimal.fraction.length) {
        return ak_reading_malformed(at, keyword, "a whole number not below 0");
    }
    uint64_t number = 0;
    for (size_t i = 0; i < decimal.whole.length; i++) {
        number = number > UINT64_MAX / 20 ? UINT64_MAX / 10 : number * 10 + (uint64_t)(decimal.whole.data[i] - '0');
    }
    *count = number;
    return true;
}

bool ak_reading_check_list(const Reading *at, const char *keyword) {
    yyjson_val *list = ak_reading_get(at, keyword);
    return !list || (yyjson_is_arr(list) && yyjson_arr_size(list) > 0) ||
           ak_reading_malformed(at, keyword, "a list of schemas");
}
