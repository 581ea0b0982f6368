/* Objects whose members come in any order. */
#include "schema_fixture.h"
#include <stdio.h>

static ananke_program *compile_any(const char *schema) {
    static const ananke_json_options json = {.order = ANANKE_JSON_ANY_ORDER};
    const ananke_program_options options = {.json = &json};
    ananke_error err = {0};
    ananke_program *program = ananke_program_from_json_schema(schema, strlen(schema), bytes, &options, &err);
    if (!program) fail_msg("%s: %s", schema, err.message);
    return program;
}

static void check(const Case *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        ananke_program *program = compile_any(cases[i].schema);
        for (size_t t = 0; cases[i].pass[t]; t++) {
            if (!accepts(program, cases[i].pass[t])) fail_msg("%s refuses %s", cases[i].schema, cases[i].pass[t]);
        }
        for (size_t t = 0; cases[i].fail[t]; t++) {
            if (accepts(program, cases[i].fail[t])) fail_msg("%s accepts %s", cases[i].schema, cases[i].fail[t]);
        }
        ananke_program_free(program);
    }
}
#define CHECK(cases) check(cases, sizeof(cases) / sizeof *(cases))

TEST(members_come_in_any_order_each_once) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"properties\": {\"a\": {\"type\": \"integer\"}, \"b\": {\"type\": \"boolean\"}}, \"required\": [\"a\"], \"type\": \"object\", "
         "\"additionalProperties\": false}",
         {"{\"a\": 1}", "{\"a\": 1, \"b\": true}", "{\"b\": true, \"a\": 1}"},
         {"{}", "{\"b\": true}", "{\"a\": 1, \"a\": 2}", "{\"b\": true, \"a\": 1, \"b\": false}", "{\"a\": 1,}",
          "{\"a\": 1, \"c\": 1}", "{\"a\": true}"}},
        {"{\"properties\": {\"a\": {\"type\": \"integer\"}}, \"type\": \"object\", \"additionalProperties\": false}",
         {"{}", "{ }", "{\"a\": 1}"},
         {"{\"a\": 1, \"a\": 1}", "{,}"}},
        {"{\"type\": \"object\", \"additionalProperties\": false}", {"{}"}, {"{\"a\": 1}"}},
        {"{\"const\": {\"a\": 1, \"b\": {\"c\": 2, \"d\": 3}}}",
         {"{\"a\": 1, \"b\": {\"c\": 2, \"d\": 3}}", "{\"b\": {\"d\": 3, \"c\": 2}, \"a\": 1}"},
         {"{\"a\": 1}", "{\"b\": {\"d\": 3}, \"a\": 1}"}},
    };
    CHECK(cases);
}

TEST(other_members_come_anywhere_but_not_by_a_listed_name) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"integer\"}, \"b\": {\"type\": \"integer\"}}, \"required\": [\"a\"], "
         "\"additionalProperties\": {\"type\": \"null\"}}",
         {"{\"a\": 1}", "{\"x\": null, \"a\": 1}", "{\"x\": null, \"b\": 2, \"y\": null, \"a\": 1, \"z\": null}"},
         {"{}", "{\"x\": null}", "{\"a\": null}", "{\"x\": 1, \"a\": 1}", "{\"\\u0061\": null, \"a\": 1}",
          "{\"a\": 1, \"b\": null}"}},
        {"{\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"integer\"}}, \"patternProperties\": {\"^x\": {\"type\": \"boolean\"}}, \"additionalProperties\": "
         "false}",
         {"{}", "{\"x1\": true, \"a\": 1, \"x2\": false}"},
         {"{\"x1\": 1}", "{\"y\": true}"}},
        {"{\"type\": \"object\", \"required\": [\"q\", \"p\"]}",
         {"{\"p\": 1, \"q\": 2}", "{\"q\": [], \"z\": {}, \"p\": {}}"},
         {"{\"p\": 1}", "{\"p\": 1, \"p\": 2}"}},
    };
    CHECK(cases);
}

TEST(objects_in_objects_have_any_order_too) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"$ref\": \"#/$defs/node\", \"$defs\": {\"node\": {\"type\": \"object\", \"properties\": {\"v\": {\"type\": \"integer\"}, \"next\": {\"$ref\": "
         "\"#/$defs/node\"}}, \"required\": [\"v\"], \"additionalProperties\": false}}}",
         {"{\"v\": 1}", "{\"next\": {\"next\": {\"v\": 1}, \"v\": 2}, \"v\": 3}", "{\"v\": 3, \"next\": {\"v\": 2}}"},
         {"{\"next\": {\"v\": 1}}", "{\"next\": {\"next\": {\"v\": 1}}, \"v\": 3}"}},
        {"{\"anyOf\": [{\"type\": \"object\", \"properties\": {\"k\": {\"const\": \"A\"}, \"n\": {\"type\": \"integer\"}}, \"required\": [\"k\", \"n\"], "
         "\"additionalProperties\": false}, {\"type\": \"object\", \"properties\": {\"k\": {\"const\": \"B\"}, \"s\": {\"type\": \"string\"}}, \"required\": "
         "[\"k\"], \"additionalProperties\": false}]}",
         {"{\"n\": 1, \"k\": \"A\"}", "{\"k\": \"A\", \"n\": 1}", "{\"k\": \"B\"}", "{\"s\": \"\", \"k\": \"B\"}"},
         {"{\"n\": 1, \"k\": \"B\"}", "{\"k\": \"A\"}", "{\"n\": 1}", "{\"s\": \"\", \"k\": \"A\"}"}},
    };
    CHECK(cases);
}

TEST(members_in_any_order_are_counted) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"type\": \"object\", \"properties\": {\"a\": {}, \"b\": {}, \"c\": {}}, \"required\": [\"c\"], \"additionalProperties\": false, \"minProperties\": 2, "
         "\"maxProperties\": 2}",
         {"{\"c\": 1, \"a\": 1}", "{\"b\": 1, \"c\": 1}"},
         {"{\"c\": 1}", "{\"a\": 1, \"b\": 1", "{\"a\": 1, \"b\": 1}", "{\"a\": 1, \"c\": 1, \"b\": 1}"}},
        {"{\"type\": \"object\", \"properties\": {\"a\": {}}, \"minProperties\": 3}",
         {"{\"x\": 1, \"a\": 1, \"y\": 1}", "{\"x\": 1, \"y\": 1, \"z\": 1, \"w\": 1}"},
         {"{\"x\": 1, \"a\": 1}"}},
        {"{\"type\": \"object\", \"properties\": {\"a\": {}}, \"required\": [\"a\"], \"maxProperties\": 1}",
         {"{\"a\": 1}"},
         {"{\"x\": 1", "{\"a\": 1,"}},
        {"{\"type\": \"object\", \"properties\": {\"a\": {}}, \"maxProperties\": 0}",
         {"{}"},
         {"{\"a\": 1}", "{\"x\": 1}"}},
    };
    CHECK(cases);
}

/* What must not hold, so that some member has to be otherwise. */
TEST(demands_are_met_in_any_order) {
    IGNORE_STATE;
    static const Case cases[] = {
        {"{\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"integer\"}, \"b\": {\"type\": \"integer\"}}, \"additionalProperties\": false, "
         "\"not\": {\"properties\": {\"a\": {\"maximum\": 5}, \"b\": {\"maximum\": 5}}}}",
         {"{\"a\": 6}", "{\"b\": 6}", "{\"b\": 6, \"a\": 1}", "{\"a\": 1, \"b\": 6}", "{\"b\": 1, \"a\": 7}"},
         {"{}", "{\"a\": 1}", "{\"b\": 1, \"a\": 1}", "{\"a\": 5"}},
        {"{\"type\": \"object\", \"not\": {\"additionalProperties\": {\"type\": \"string\"}}}",
         {"{\"x\": 1}", "{\"x\": \"s\", \"y\": 2, \"z\": \"\"}"},
         {"{}", "{\"x\": \"s\"}"}},
    };
    CHECK(cases);
}

/* ---- All orders of all sets of some names, judged by a few lines */

typedef struct Rules {
    const char *more; /* keywords */
    bool is_required[2], has_others;
    size_t min, max;
} Rules;

enum { NAMES = 5 };

static bool is_valid(const Rules *rules, const size_t *names, size_t count) {
    size_t times[NAMES] = {0};
    for (size_t i = 0; i < count; i++) times[names[i]]++;
    for (size_t n = 0; n < 2; n++) {
        if (rules->is_required[n] && !times[n]) return false;
    }
    for (size_t n = 0; n < 3; n++) {
        if (times[n] > 1) return false;
    }
    bool has_others = times[3] + times[4] > 0;
    return (rules->has_others || !has_others) && count >= rules->min && count <= rules->max;
}

static size_t try_all(const ananke_program *program, const Rules *rules, size_t *names, size_t count, size_t most) {
    char text[200] = "{", *end = text + 1;
    for (size_t i = 0; i < count; i++) end += snprintf(end, 20, "%s\"%c\": 1", i ? ", " : "", "abcxy"[names[i]]);
    snprintf(end, 2, "}");
    bool is_right = accepts(program, text) == is_valid(rules, names, count);
    if (!is_right) fail_msg("%s: %s", rules->more, text);
    size_t tried = 1;
    for (names[count] = 0; count < most && names[count] < NAMES; names[count]++)
        tried += try_all(program, rules, names, count + 1, most);
    return tried;
}

TEST(every_order_of_every_set_is_as_it_should_be) {
    IGNORE_STATE;
    static const Rules all[] = {
        {"\"additionalProperties\": false", {false, false}, false, 0, 9},
        {"\"additionalProperties\": false, \"required\": [\"a\", \"b\"]", {true, true}, false, 0, 9},
        {"\"required\": [\"b\"]", {false, true}, true, 0, 9},
        {"\"required\": [\"b\"], \"minProperties\": 3", {false, true}, true, 3, 9},
        {"\"required\": [\"a\", \"b\"], \"maxProperties\": 3", {true, true}, true, 0, 3},
        {"\"additionalProperties\": false, \"minProperties\": 1, \"maxProperties\": 2", {false, false}, false, 1, 2},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char schema[400];
        size_t names[NAMES];
        snprintf(
            schema, sizeof schema,
            "{\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"integer\"}, \"b\": {\"type\": \"integer\"}, \"c\": {\"type\": \"integer\"}}, %s}",
            all[i].more);
        ananke_program *program = compile_any(schema);
        assert_int_equal(try_all(program, &all[i], names, 0, 4), 1 + 5 + 25 + 125 + 625);
        ananke_program_free(program);
    }
}

/* ---- Many members */

static char *big_schema(size_t count, bool is_required) {
    char *text = malloc(count * 60 + 200), *end = text;
    assert_non_null(text);
    end += sprintf(end, "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {");
    for (size_t i = 0; i < count; i++) end += sprintf(end, "%s\"name_%zu\": {\"type\": \"integer\"}", i ? ", " : "", i);
    end += sprintf(end, "}, \"required\": [");
    for (size_t i = 0; i < count && is_required; i++) end += sprintf(end, "%s\"name_%zu\"", i ? ", " : "", i);
    sprintf(end, "]}");
    return text;
}

/* The members in an order of strides. */
static char *big_text(size_t count, size_t stride) {
    char *text = malloc(count * 20 + 10), *end = text;
    assert_non_null(text);
    for (size_t i = 0; i < count; i++) end += sprintf(end, "%s\"name_%zu\": 1", i ? ", " : "{", i * stride % count);
    sprintf(end, "}");
    return text;
}

/* All orders of 60 members are more than there are atoms: what is learnt is linear in the text. */
TEST(many_members_cost_a_few_states_each) {
    IGNORE_STATE;
    static const struct {
        size_t count;
        bool is_required;
    } sizes[] = {{60, false}, {200, true}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char *schema = big_schema(sizes[i].count, sizes[i].is_required);
        ananke_program *program = compile_any(schema);
        static const size_t strides[] = {1, 7, 77};
        for (size_t k = 0; k < sizeof strides / sizeof *strides; k++) {
            char *text = big_text(sizes[i].count, strides[k]);
            assert_true(accepts(program, text));
            text[strlen(text) - 1] = ',';
            assert_false(accepts(program, text));
            free(text);
        }
        ananke_program_stats stats;
        ananke_program_stats_get(program, &stats);
        assert_true(stats.parser_states < 3 * 6 * sizes[i].count);
        ananke_program_free(program);
        free(schema);
    }
}

TEST(a_completion_adds_whatever_is_required) {
    IGNORE_STATE;
    static const char *const begun[] = {"", "{", "{\"name_7\": 1", "{\"name_7\": 1, \"name_3\": 1, \"name_1",
                                        "{\"name_199\": "};
    char *schema = big_schema(200, true);
    ananke_program *program = compile_any(schema);
    for (size_t i = 0; i < sizeof begun / sizeof *begun; i++) {
        uint8_t rest[8000];
        ananke_matcher *matcher = ananke_matcher_new(program, NULL);
        assert_true(ananke_matcher_consume_bytes(matcher, (const uint8_t *)begun[i], strlen(begun[i]), NULL));
        size_t length = ananke_matcher_completion(matcher, rest, sizeof rest);
        if (length > sizeof rest) fail_msg("%s is not completed", begun[i]);
        assert_true(ananke_matcher_consume_bytes(matcher, rest, length, NULL));
        assert_true(ananke_matcher_is_accepting(matcher));
        assert_in_range(length + strlen(begun[i]), 200 * strlen("\"name_1\":1,"), 200 * strlen("\"name_111\": 1,") + 1);
        ananke_matcher_free(matcher);
    }
    ananke_program_free(program);
    free(schema);
}

TEST(a_completion_adds_as_many_as_are_asked_for) {
    IGNORE_STATE;
    char *schema = big_schema(60, false);
    schema = realloc(schema, strlen(schema) + 40);
    assert_non_null(schema);
    snprintf(schema + strlen(schema) - 1, 40, ", \"minProperties\": 20}");
    ananke_program *program = compile_any(schema);
    ananke_matcher *matcher = ananke_matcher_new(program, NULL);
    uint8_t rest[2000];
    assert_true(ananke_matcher_consume_bytes(matcher, (const uint8_t *)"{\"name_33\": 1", 13, NULL));
    size_t length = ananke_matcher_completion(matcher, rest, sizeof rest), members = 1;
    assert_true(length <= sizeof rest);
    for (size_t i = 0; i < length; i++) members += rest[i] == ':';
    assert_int_equal(members, 20);
    assert_true(ananke_matcher_consume_bytes(matcher, rest, length, NULL) && ananke_matcher_is_accepting(matcher));
    ananke_matcher_free(matcher);
    ananke_program_free(program);
    free(schema);
}

/* ---- Saying so */

#define PAIR "\"properties\": {\"a\": {}, \"b\": {}}, \"type\": \"object\""

TEST(a_schema_may_say_what_order_it_wants) {
    IGNORE_STATE;
    static const char turned[] = "{\"b\": 1, \"a\": 1}";
    ananke_program *by_itself = compile("{" PAIR ", \"x-guidance\": {\"any_order\": true}}", NULL),
                   *against = compile_any("{" PAIR ", \"x-guidance\": {\"any_order\": false}}"),
                   *spaced = compile_any("{" PAIR ", \"x-guidance\": {\"whitespace_flexible\": true}}"),
                   *listed = compile("{" PAIR "}", NULL);
    assert_true(accepts(by_itself, turned) && accepts(spaced, turned));
    assert_false(accepts(against, turned) || accepts(listed, turned));
    ananke_error err = {0};
    assert_null(compile("{\"x-guidance\": {\"any_order\": 1}}", &err));
    assert_string_equal(err.message, "JSON Schema: #/x-guidance/any_order: true or false is wanted");
    const ananke_json_options json = {.order = (ananke_json_order)9};
    const ananke_program_options options = {.json = &json};
    assert_null(ananke_program_from_json_schema("true", 4, bytes, &options, &err));
    assert_string_equal(err.message, "order of JSON: 9 is none");
    ananke_program_free(by_itself), ananke_program_free(against), ananke_program_free(spaced),
        ananke_program_free(listed);
}

/* Bounds and demands together are not held, in no order. */
TEST(what_cannot_be_held_in_any_order_is_listed) {
    IGNORE_STATE;
    ananke_program *program = compile_any(
        "{\"type\": \"object\", \"maxProperties\": 2, \"not\": {\"additionalProperties\": {\"type\": \"string\"}}}");
    size_t count = 0;
    const ananke_unenforced *places = ananke_program_unenforced(program, &count);
    assert_int_equal(count, 1);
    assert_string_equal(places[0].pointer, "#/maxProperties");
    ananke_program_free(program);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_come_in_any_order_each_once),
        cmocka_unit_test(other_members_come_anywhere_but_not_by_a_listed_name),
        cmocka_unit_test(objects_in_objects_have_any_order_too),
        cmocka_unit_test(members_in_any_order_are_counted),
        cmocka_unit_test(demands_are_met_in_any_order),
        cmocka_unit_test(every_order_of_every_set_is_as_it_should_be),
        cmocka_unit_test(many_members_cost_a_few_states_each),
        cmocka_unit_test(a_completion_adds_whatever_is_required),
        cmocka_unit_test(a_completion_adds_as_many_as_are_asked_for),
        cmocka_unit_test(a_schema_may_say_what_order_it_wants),
        cmocka_unit_test(what_cannot_be_held_in_any_order_is_listed),
    };
    return cmocka_run_group_tests(tests, open_bytes, close_bytes);
}
