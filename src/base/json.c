/* JSON through yyjson: the allocator, parse errors with their place, printing. */
#include "base/json.h"

static void *json_malloc(void *arena, size_t size) {
    return ak_arena_alloc(arena, size, 1);
}

static void *json_realloc(void *arena, void *pointer, size_t old_size, size_t size) {
    return size <= old_size ? pointer : ak_arena_grow(arena, pointer, old_size, size, 1);
}

static void json_free(void *arena, void *pointer) {
    (void)arena, (void)pointer; /* goes with the arena */
}

yyjson_alc ak_json_alc(Arena *arena) {
    return (yyjson_alc){.malloc = json_malloc, .realloc = json_realloc, .free = json_free, .ctx = arena};
}

static yyjson_doc *parse(Arena *arena, Str text, yyjson_read_flag flags, const char *file, ananke_error *err) {
    yyjson_alc alc = ak_json_alc(arena);
    yyjson_read_err problem = {0};
    /* Without YYJSON_READ_INSITU yyjson does not write to the text, though its parameter is not const. */
    yyjson_doc *doc =
        yyjson_read_opts((char *)(uintptr_t)(text.data ? text.data : ""), text.length, flags, &alc, &problem);
    if (doc) return doc;
    if (!ak_arena_ok(arena)) ak_fail_memory(err, arena);
    else
        ak_fail_at(err, ANANKE_ERROR_SYNTAX, file, text, problem.pos, "JSON: %s",
                   problem.msg ? problem.msg : "malformed");
    return NULL;
}

yyjson_doc *ak_json_parse(Arena *arena, Str text, const char *file, ananke_error *err) {
    return parse(arena, text, YYJSON_READ_NOFLAG, file, err);
}

yyjson_doc *ak_json_parse_raw(Arena *arena, Str text, const char *file, ananke_error *err) {
    return parse(arena, text, YYJSON_READ_NUMBER_AS_RAW, file, err);
}

yyjson_mut_doc *ak_json_new(Arena *arena) {
    yyjson_alc alc = ak_json_alc(arena);
    return yyjson_mut_doc_new(&alc);
}

static Str printed(Arena *arena, const char *text, size_t length, const yyjson_write_err *problem, ananke_error *err) {
    if (text) return (Str){text, length};
    if (!ak_arena_ok(arena)) ak_fail_memory(err, arena);
    else ak_fail(err, ANANKE_ERROR_SYNTAX, "JSON: %s", problem->msg ? problem->msg : "cannot be written");
    return (Str){0};
}

static yyjson_write_flag print_flags(bool pretty) {
    return pretty ? YYJSON_WRITE_PRETTY_TWO_SPACES | YYJSON_WRITE_NEWLINE_AT_END : YYJSON_WRITE_NOFLAG;
}

Str ak_json_print(Arena *arena, const yyjson_mut_doc *doc, bool pretty, ananke_error *err) {
    yyjson_alc alc = ak_json_alc(arena);
    yyjson_write_err problem = {0};
    size_t length = 0;
    char *text = yyjson_mut_write_opts(doc, print_flags(pretty), &alc, &length, &problem);
    return printed(arena, text, length, &problem, err);
}

Str ak_json_print_value(Arena *arena, yyjson_val *value, bool pretty, ananke_error *err) {
    yyjson_alc alc = ak_json_alc(arena);
    yyjson_write_err problem = {0};
    size_t length = 0;
    char *text = yyjson_val_write_opts(value, print_flags(pretty), &alc, &length, &problem);
    return printed(arena, text, length, &problem, err);
}
