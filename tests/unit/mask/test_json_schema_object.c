/* JSON Schemas: what is said of objects: names by pattern, dependencies. */
#include "schema_fixture.h"
#include <stdio.h>

TEST(objects_by_pattern) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"type\": \"object\", \"patternProperties\": {\"^a\": {\"type\": \"integer\"}, \"z$\": {\"maximum\": 5}}, \"additionalProperties\": {\"type\": \"null\"}}",
         {"{}", "{\"a\": 1}", "{\"az\": 5, \"b\": null, \"bz\": 3}", "{\"z\": \"x\"}"},
         {"{\"a\": \"x\"}", "{\"az\": 6}", "{\"b\": 1}", "{\"\\u0061\": null}"}},
        {"{\"properties\": {\"ab\": {\"type\": \"number\"}}, \"patternProperties\": {\"^a\": {\"minimum\": 3}}, \"additionalProperties\": false}",
         {"{\"ab\": 3.5}", "{\"ab\": 4, \"ac\": \"x\"}", "{\"ac\": 7}"},
         {"{\"ab\": 2}", "{\"ab\": \"x\"}", "{\"b\": 1}", "{\"ac\": 1}"}},
        {"{\"required\": [\"ax\"], \"patternProperties\": {\"^a\": {\"type\": \"integer\"}}, \"type\": \"object\"}",
         {"{\"ax\": 1}", "{\"b\": [], \"ax\": 1, \"a\": 2}"},
         {"{\"ax\": \"x\"}", "{}", "{\"b\": 1}"}},
        {"{\"type\": \"object\", \"propertyNames\": {\"pattern\": \"^[a-c]+$\", \"maxLength\": 2}}",
         {"{}", "{\"a\": 1, \"bc\": []}"},
         {"{\"d\": 1}", "{\"abc\": 1}", "{\"\": 1}"}},
        {"{\"type\": \"object\", \"propertyNames\": {\"enum\": [\"a\", \"b\"]}, \"properties\": {\"c\": {}}}",
         {"{\"b\": 1}", "{\"a\": 1, \"b\": 2}"},
         {"{\"c\": 1}", "{\"\\u0063\": 1}", "{\"x\": 1}"}},
        {"{\"properties\": {\"a\": {}}, \"propertyNames\": false}", {"{}", "3"}, {"{\"a\": 1}", "{\"b\": 1}"}},
        /* names by reference, once taken for none */
        {"{\"type\": \"object\", \"propertyNames\": {\"$ref\": \"#/$defs/t\"}, \"$defs\": {\"t\": {\"pattern\": \"^[a-c]+$\"}}}",
         {"{}", "{\"a\": 1, \"bc\": []}"},
         {"{\"d\": 1}", "{\"\": 1}"}},
        {"{\"type\": \"object\", \"propertyNames\": {\"not\": {\"$ref\": \"#/$defs/t\"}}, \"$defs\": {\"t\": {\"enum\": [\"a\", \"b\"]}}}",
         {"{}", "{\"c\": 1, \"bc\": []}"},
         {"{\"a\": 1}", "{\"c\": 1, \"b\": 2}"}},
        {"{\"type\": \"object\", \"propertyNames\": {\"anyOf\": [{\"$ref\": \"#/$defs/t\"}, {\"const\": \"z\"}]}, \"$defs\": {\"t\": {\"enum\": [\"a\", \"b\"]}}}",
         {"{}", "{\"a\": 1, \"z\": []}"},
         {"{\"c\": 1}"}},
    };
    RUN(cases);
}

/* A pattern, and the digits that properties of such names may have, as bits: what the twin knows of it. */
typedef struct NamePattern {
    char kind, letter; /* '^': the name begins with it, '$': it ends with it, '.': it has it, '*': any name */
    uint32_t digits;
} NamePattern;

static bool matches(NamePattern pattern, const char *name) {
    size_t length = strlen(name);
    if (pattern.kind == '^') return name[0] == pattern.letter;
    if (pattern.kind == '$') return length && name[length - 1] == pattern.letter;
    return pattern.kind == '*' || strchr(name, pattern.letter);
}

static void print_digits(char *out, uint32_t digits) {
    strcat(out, "{\"enum\": [-1");
    for (uint32_t d = 0; d < 4; d++) {
        if (digits >> d & 1) sprintf(out + strlen(out), ", %u", d);
    }
    strcat(out, "]}");
}

/* The same pattern may come but once: members of objects have different names. */
static bool is_new(const NamePattern *patterns, uint32_t at) {
    for (uint32_t i = 0; i < at; i++) {
        if (patterns[i].kind == patterns[at].kind &&
            (patterns[at].kind == '*' || patterns[i].letter == patterns[at].letter))
            return false;
    }
    return true;
}

static uint32_t random_patterns(uint32_t *seed, NamePattern *patterns, char *schema) {
    uint32_t count = 0;
    strcpy(schema, "{\"type\": \"object\", \"patternProperties\": {");
    for (uint32_t i = 0; i < 6; i++) {
        *seed = *seed * 1664525 + 1013904223;
        patterns[count] =
            (NamePattern){"^^^$.*"[(*seed >> 8) % (i < 3 ? 4 : 6)], "abc"[(*seed >> 12) % 3], *seed >> 20 & 15};
        if (!is_new(patterns, count)) continue;
        static const char *const forms[] = {"^%c", "%c$", "%c", ""};
        const char *form = forms[strchr("^$.*", patterns[count].kind) - "^$.*"];
        strcat(schema, count ? ", \"" : "\"");
        sprintf(schema + strlen(schema), form, patterns[count].letter);
        strcat(schema, "\": ");
        print_digits(schema, patterns[count++].digits);
    }
    strcat(schema, "}, \"additionalProperties\": ");
    print_digits(schema, 1);
    strcat(schema, "}");
    return count;
}

TEST(patterns_equal_their_twin) {
    IGNORE_STATE;
    static const char *const names[] = {"", "a", "b", "c", "ab", "ba", "ca", "bcb", "dad", "d", "cbd"};
    uint32_t seed = 1;
    for (int round = 0; round < 100; round++) {
        char schema[2048], text[64];
        NamePattern patterns[6];
        uint32_t count = random_patterns(&seed, patterns, schema);
        ananke_error err = {0};
        ananke_program *program = compile(schema, &err);
        if (!program) fail_msg("%s: %s", schema, err.message);
        for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
            uint32_t digits = 15, matched = 0;
            for (uint32_t i = 0; i < count; i++) {
                if (matches(patterns[i], names[n])) digits &= patterns[i].digits, matched++;
            }
            if (!matched) digits = 1;
            for (uint32_t d = 0; d < 4; d++) {
                snprintf(text, sizeof text, "{\"%s\": %u}", names[n], d);
                if (accepts(program, text) != (digits >> d & 1)) fail_msg("%s: %s", schema, text);
            }
        }
        ananke_program_free(program);
    }
}

/* They took too many steps to compile. */
TEST(two_hundred_patterns_that_have_nothing_in_common) {
    IGNORE_STATE;
    static char schema[16384];
    strcpy(schema, "{\"type\": \"object\", \"patternProperties\": {");
    for (int i = 0; i < 200; i++)
        sprintf(schema + strlen(schema), "%s\"^x%03d_[0-9]+$\": {\"type\": \"integer\"}", i ? ", " : "", i);
    strcat(schema, "}, \"additionalProperties\": false}");
    const Case cases[] = {
        {schema, {"{\"x007_1\": 1, \"x199_23\": 2}"}, {"{\"x200_1\": 1}", "{\"x007_\": 1}", "{\"x007_1\": \"\"}"}}};
    RUN(cases);
}

TEST(dependencies) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"properties\": {\"a\": {}, \"b\": {}}, \"dependentRequired\": {\"a\": [\"b\"]}}",
         {"{}", "{\"b\": 1}", "{\"a\": 1, \"b\": 2}", "{\"c\": 1}", "3"},
         {"{\"a\": 1}", "{\"a\": 1, \"c\": 2}"}},
        {"{\"properties\": {\"a\": {}, \"b\": {\"type\": \"integer\"}}, \"dependentSchemas\": {\"a\": {\"properties\": {\"b\": {\"minimum\": 5}}, \"required\": [\"b\"]}}}",
         {"{\"b\": 1}", "{\"a\": 1, \"b\": 5}"},
         {"{\"a\": 1}", "{\"a\": 1, \"b\": 4}"}},
        {"{\"dependencies\": {\"a\": [\"b\", \"c\"], \"d\": {\"maxProperties\": 1}}, \"type\": \"object\"}",
         {"{\"x\": 1}", "{\"a\": 1, \"b\": 2, \"c\": 3}", "{\"d\": 1}"},
         {"{\"a\": 1, \"b\": 2}", "{\"d\": 1, \"x\": 2}"}},
    };
    RUN(cases);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_by_pattern),
        cmocka_unit_test(patterns_equal_their_twin),
        cmocka_unit_test(two_hundred_patterns_that_have_nothing_in_common),
        cmocka_unit_test(dependencies),
    };
    return cmocka_run_group_tests(tests, open_bytes, close_bytes);
}
