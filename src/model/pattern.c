/* Patterns: PCRE2 with the arena's memory for the code, and small match data on the heap of the call. */
#include "model/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum { MATCH_LIMIT = 100000 };

struct Pattern {
    pcre2_general_context *memory;
    pcre2_code *code;
};

static void *take(PCRE2_SIZE size, void *arena) {
    return ak_arena_alloc(arena, size, 1);
}

static void give(void *memory, void *arena) {
    (void)memory, (void)arena; /* goes with the arena */
}

Pattern *ak_pattern_new(Arena *arena, Str text, char problem[128], size_t *at) {
    int code = 0;
    PCRE2_SIZE offset = 0;
    Pattern *self = ak_new(arena, Pattern);
    problem[0] = '\0';
    if (!self) return NULL;
    self->memory = pcre2_general_context_create(take, give, arena);
    pcre2_compile_context *context = self->memory ? pcre2_compile_context_create(self->memory) : NULL;
    if (!context) return NULL;
    self->code = pcre2_compile((PCRE2_SPTR)text.data, text.length, PCRE2_UTF, &code, &offset, context);
    if (self->code) return self;
    if (ak_arena_ok(arena)) pcre2_get_error_message(code, (PCRE2_UCHAR *)problem, 128);
    *at = offset;
    return NULL;
}

bool ak_pattern_matches(const Pattern *pattern, Str text) {
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    pcre2_match_context *context = pcre2_match_context_create(NULL);
    bool found = false;
    if (data && context) {
        pcre2_set_match_limit(context, MATCH_LIMIT);
        found = pcre2_match(pattern->code, (PCRE2_SPTR)text.data, text.length, 0, 0, data, context) >= 0;
    }
    pcre2_match_context_free(context);
    pcre2_match_data_free(data);
    return found;
}
