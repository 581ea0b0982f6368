/* grammar.json: every kind of rule, the lists beside them, what is wrong with it. */
#include "../test.h"
#include "syntax/rule_json.h"
#include <stdio.h>

static Arena arena;
static Rulebook book;
static ananke_error err;

static bool read(const char *json) {
    ak_arena_free(&arena);
    arena = ak_arena(NULL), err = (ananke_error){0};
    ak_rulebook_init(&book, &arena);
    return ak_rule_json_read(&book, ak_str(json), "grammar.json", &err);
}

static const Rule *rule(const char *content) {
    char json[1000];
    snprintf(json, sizeof json, "{\"name\": \"toy\", \"rules\": {\"start\": %s}}", content);
    if (!read(json)) fail_msg("%s: %s", json, err.message);
    return ak_rulebook_find(&book, STR("start"));
}

TEST(sequences_choices_and_leaves) {
    IGNORE_STATE;
    const Rule *seq = rule(
        "{\"type\": \"SEQ\", \"members\": [{\"type\": \"STRING\", \"value\": \"if\"}, {\"type\": \"CHOICE\", \"members\": "
        "[{\"type\": \"SYMBOL\", \"name\": \"x\"}, {\"type\": \"BLANK\"}]}, {\"type\": \"PATTERN\", \"value\": \"a+\", \"flags\": \"i\"}]}");
    assert_int_equal(seq->kind, RULE_SEQ);
    assert_int_equal(seq->count, 3);
    assert_true(ak_str_equal(seq->members[0]->text, STR("if")));
    assert_int_equal(seq->members[1]->kind, RULE_CHOICE);
    assert_int_equal(seq->members[1]->members[1]->kind, RULE_BLANK);
    assert_true(ak_str_equal(seq->members[2]->flags, STR("i")));
}

TEST(fields_aliases_and_precedence) {
    IGNORE_STATE;
    const Rule *field = rule(
        "{\"type\": \"FIELD\", \"name\": \"left\", \"content\": {\"type\": \"ALIAS\", \"value\": \"name\", \"named\": true, "
        "\"content\": {\"type\": \"PREC_LEFT\", \"value\": \"binary\", \"content\": {\"type\": \"PREC\", \"value\": -1, "
        "\"content\": {\"type\": \"BLANK\"}}}}}");
    assert_true(ak_str_equal(field->text, STR("left")));
    const Rule *alias = field->members[0], *left = alias->members[0], *inner = left->members[0];
    assert_true(alias->is_named && ak_str_equal(alias->text, STR("name")));
    assert_int_equal(left->associativity, ASSOCIATES_LEFT);
    assert_true(ak_str_equal(left->precedence.name, STR("binary")));
    assert_int_equal(inner->precedence.level, -1);
    assert_int_equal(inner->associativity, ASSOCIATES_NOT);
}

TEST(what_stands_beside_the_rules) {
    IGNORE_STATE;
    assert_true(read(
        "{\"name\": \"toy\", \"word\": \"identifier\", \"rules\": {\"a\": {\"type\": \"BLANK\"}}, \"extras\": [{\"type\": "
        "\"SYMBOL\", \"name\": \"comment\"}], \"inline\": [\"b\"], \"precedences\": [[{\"type\": \"STRING\", \"value\": \"call\"}, "
        "{\"type\": \"SYMBOL\", \"name\": \"a\"}]]}"));
    assert_true(ak_str_equal(book.word, STR("identifier")));
    assert_int_equal(book.extras.count, 1);
    assert_true(ak_names_has(&book.inlined, STR("b")));
    assert_int_equal(book.orders.count, 1);
    assert_false(book.orders.items[0].entries[0].is_rule);
    assert_true(book.orders.items[0].entries[1].is_rule);
}

TEST(what_is_wrong_is_told_with_the_rule) {
    IGNORE_STATE;
    assert_false(read("{\"name\": \"toy\"}"));
    assert_string_equal(err.message, "a grammar has rules");
    assert_false(read("{\"rules\": {\"a\": {\"type\": \"SEQ\", \"members\": [{\"type\": \"MAGIC\"}]}}}"));
    assert_string_equal(err.message, "rule a: unknown type 'MAGIC'");
    assert_false(read("{\"rules\": {\"a\": {\"type\": \"STRING\"}}}"));
    assert_string_equal(err.message, "rule a: an empty string, pattern or name");
    assert_false(read("{\"rules\": "));
}

TEST(nesting_has_a_bound) {
    IGNORE_STATE;
    static char json[40000] = "{\"rules\": {\"a\": ";
    for (int i = 0; i < 300; i++) strcat(json, "{\"type\": \"REPEAT\", \"content\": ");
    strcat(json, "{\"type\": \"BLANK\"}");
    for (int i = 0; i < 300; i++) strcat(json, "}");
    strcat(json, "}}");
    assert_false(read(json));
    assert_string_equal(err.message, "rule a: nested too deeply");
}

static int free_arena(void **state) {
    IGNORE_STATE;
    ak_arena_free(&arena);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sequences_choices_and_leaves), cmocka_unit_test(fields_aliases_and_precedence),
        cmocka_unit_test(what_stands_beside_the_rules), cmocka_unit_test(what_is_wrong_is_told_with_the_rule),
        cmocka_unit_test(nesting_has_a_bound),
    };
    return cmocka_run_group_tests(tests, NULL, free_arena);
}
