/* Mining: what becomes a rule and what does not, on code that is made for it; the Wilson interval. */
#include "../test.h"
#include "base/buf.h"
#include "clew/mine.h"
#include <math.h>

/* Mines one file's text; the set must be freed. */
static ananke_constraints *mine(const char *file, Str source) {
    Reader reader;
    Facts facts;
    Kinds kinds;
    ananke_error err = {0};
    assert_true(ak_reader_open(&reader, NULL, 0, &err));
    SourceFile it = {.path = ak_str(file), .relative = ak_str(file)};
    it.grammar = ak_language_grammar(&reader.languages, it.path, &it.language);
    assert_true(ak_reader_text(&reader, &it, source, &facts, &err));
    assert_true(ak_kinds_load(&kinds, &reader.arena, &err));
    yyjson_mut_doc *doc = ak_mine(&reader.arena, &kinds, &reader, &facts, 1, (MineOptions){0.9, 10}, &err);
    ananke_constraints *set = doc ? ak_constraint_set_from(doc, NULL, &err) : NULL;
    if (!set) fail_msg("%s", err.message);
    ak_reader_close(&reader);
    return set;
}

static const Constraint *rule(const ananke_constraints *set, const char *id) {
    for (size_t i = 0; i < set->count; i++) {
        if (strcmp(set->items[i].view.id, id) == 0) return &set->items[i];
    }
    return NULL;
}

static void put_functions(Buf *buf, const char *format, int count) {
    for (int i = 0; i < count; i++) {
        ak_buf_format(buf, format, 'a' + i % 26, 'a' + i / 26);
        ak_buf_byte(buf, '\n');
    }
}

TEST(wilson_is_the_lower_end_of_the_interval) {
    IGNORE_STATE;
    assert_true(ak_wilson(0, 0) == 0);
    assert_true(fabs(ak_wilson(35, 35) - 0.9011) < 0.0001);
    assert_true(fabs(ak_wilson(34, 34) - 0.8985) < 0.0001);
    assert_true(fabs(ak_wilson(412, 415) - 0.9790) < 0.0005);
    assert_true(fabs(ak_wilson(1, 2) - 0.0945) < 0.0005);
    assert_true(ak_wilson(0, 10) >= 0);
}

TEST(a_style_is_mined_with_its_exceptions) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Buf buf = {.arena = &arena};
    put_functions(&buf, "def read_%c%c(): ...", 60);
    ak_buf_text(&buf, "def readAll(): ...\n");
    ananke_constraints *set = mine("a.py", ak_buf_view(&buf));
    const Constraint *it = rule(set, "naming.function");
    assert_non_null(it);
    assert_string_equal(it->view.parameters, "{\"symbol\":\"function\",\"style\":\"snake_case\"}");
    assert_int_equal(it->view.support, 61);
    assert_int_equal(it->view.exception_count, 1);
    assert_string_equal(it->exceptions[0].text.data, "readAll");
    assert_int_equal(it->exceptions[0].line, 61);
    assert_int_equal(it->exceptions[0].column, 5);
    assert_true(it->exclude_count > 0);
    ananke_constraints_free(set);
    ak_arena_free(&arena);
}

TEST(names_of_one_word_prove_no_style) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Buf words = {.arena = &arena}, mixed = {.arena = &arena};
    put_functions(&words, "def read%c%c(): ...", 60);
    ananke_constraints *set = mine("a.py", ak_buf_view(&words));
    assert_null(rule(set, "naming.function"));
    ananke_constraints_free(set);
    put_functions(&mixed, "def read%c%c(): ...", 600);
    put_functions(&mixed, "def read_%c%c(): ...", 8);
    put_functions(&mixed, "def readAll%c%c(): ...", 8);
    set = mine("a.py", ak_buf_view(&mixed));
    assert_null(rule(set, "naming.function"));
    ananke_constraints_free(set);
    ak_arena_free(&arena);
}

TEST(too_few_places_and_too_many_exceptions_make_no_rule) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Buf few = {.arena = &arena}, many = {.arena = &arena};
    put_functions(&few, "def read_%c%c(): ...", 34);
    ananke_constraints *set = mine("a.py", ak_buf_view(&few));
    assert_null(rule(set, "naming.function"));
    ananke_constraints_free(set);
    put_functions(&many, "def read_%c%c(): ...", 90);
    put_functions(&many, "def readAll%c%c(): ...", 10);
    set = mine("a.py", ak_buf_view(&many));
    assert_null(rule(set, "naming.function"));
    ananke_constraints_free(set);
    ak_arena_free(&arena);
}

TEST(a_dollar_in_front_is_tolerated_where_it_is_usual) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Buf buf = {.arena = &arena};
    put_functions(&buf, "interface $Read%c%c {}", 30);
    put_functions(&buf, "interface Read%c%c {}", 30);
    ananke_constraints *set = mine("a.ts", ak_buf_view(&buf));
    assert_string_equal(rule(set, "naming.interface")->view.parameters,
                        "{\"symbol\":\"interface\",\"style\":\"PascalCase\",\"leading\":\"_$\"}");
    ananke_constraints_free(set);
    ak_arena_free(&arena);
}

TEST(modules_are_mined_when_their_set_is_closed) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Buf closed = {.arena = &arena}, open = {.arena = &arena};
    for (int i = 0; i < 40; i++) ak_buf_text(&closed, "import a from './a';\n");
    ananke_constraints *set = mine("a.ts", ak_buf_view(&closed));
    assert_string_equal(rule(set, "imports.modules")->view.parameters, "{\"modules\":[],\"standard_library\":false}");
    assert_string_equal(rule(set, "imports.modules")->view.message,
                        "the code imports nothing from outside the project");
    ananke_constraints_free(set);
    put_functions(&open, "import a from 'p%c%c';", 60); /* each package once: the next is likely new */
    set = mine("a.ts", ak_buf_view(&open));
    assert_null(rule(set, "imports.modules"));
    ananke_constraints_free(set);
    ak_arena_free(&arena);
}

TEST(what_one_file_does_is_no_rule_of_all_files) {
    IGNORE_STATE;
    ananke_constraints *set = mine("a.py", STR("x = 1\n"));
    assert_null(rule(set, "forbid.eval"));
    assert_null(rule(set, "forbid.print"));
    ananke_constraints_free(set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wilson_is_the_lower_end_of_the_interval),
        cmocka_unit_test(a_style_is_mined_with_its_exceptions),
        cmocka_unit_test(names_of_one_word_prove_no_style),
        cmocka_unit_test(too_few_places_and_too_many_exceptions_make_no_rule),
        cmocka_unit_test(a_dollar_in_front_is_tolerated_where_it_is_usual),
        cmocka_unit_test(modules_are_mined_when_their_set_is_closed),
        cmocka_unit_test(what_one_file_does_is_no_rule_of_all_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
