/* Languages: their files, and what a module's name says. */
#include "../test.h"
#include "clew/language.h"

typedef struct Row {
    const char *language, *module;
    ModuleClass class;
    const char *package;
} Row;

TEST(files_are_told_by_their_endings) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Languages languages;
    const Language *language;
    assert_true(ak_languages_load(&languages, &arena, NULL));
    assert_string_equal(ak_language_grammar(&languages, STR("src/a.ts"), &language)->name.data, "typescript");
    assert_string_equal(ak_language_grammar(&languages, STR("a.tsx"), &language)->name.data, "tsx");
    assert_string_equal(language->name.data, "typescript");
    assert_string_equal(ak_language_grammar(&languages, STR("a.py"), &language)->name.data, "python");
    assert_null(ak_language_grammar(&languages, STR("a.txt"), &language));
    assert_null(ak_language_find(&languages, STR("cobol")));
    assert_true(ak_language_lists(ak_language_find(&languages, STR("python")), "tests", STR("pkg/test_a.py")));
    assert_false(ak_language_lists(ak_language_find(&languages, STR("python")), "tests", STR("pkg/testing.py")));
    assert_true(ak_language_lists(ak_language_find(&languages, STR("typescript")), "generated", STR("lib/a.d.ts")));
    ak_arena_free(&arena);
}

TEST(modules_are_told_apart) {
    IGNORE_STATE;
    static const Row rows[] = {
        {"typescript", "./a.js", MODULE_RELATIVE, "."},
        {"typescript", "..", MODULE_RELATIVE, ".."},
        {"typescript", "@/lib/a", MODULE_OWN, "@/lib"},
        {"typescript", "node:fs", MODULE_STANDARD, "node:fs"},
        {"typescript", "fs/promises", MODULE_STANDARD, "fs"},
        {"typescript", "zod", MODULE_EXTERNAL, "zod"},
        {"typescript", "zod/v4", MODULE_EXTERNAL, "zod"},
        {"typescript", "@a/b/c", MODULE_EXTERNAL, "@a/b"},
        {"typescript", "@a/b", MODULE_EXTERNAL, "@a/b"},
        {"python", "os.path", MODULE_STANDARD, "os"},
        {"python", ".globals", MODULE_RELATIVE, ""},
        {"python", "werkzeug.http", MODULE_EXTERNAL, "werkzeug"},
        {"python", "osx", MODULE_EXTERNAL, "osx"},
    };
    Arena arena = ak_arena(NULL);
    Languages languages;
    assert_true(ak_languages_load(&languages, &arena, NULL));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const Language *language = ak_language_find(&languages, ak_str(rows[i].language));
        Str module = ak_str(rows[i].module);
        if (ak_language_module(language, module) != rows[i].class) fail_msg("class of %s", rows[i].module);
        if (!ak_str_equal(ak_language_package(language, module), ak_str(rows[i].package)))
            fail_msg("package of %s", rows[i].module);
    }
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_told_by_their_endings),
        cmocka_unit_test(modules_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
