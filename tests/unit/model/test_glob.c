/* Globs, against a table and against a slow twin that tries everything; .gitignore rules. */
#include "../test.h"
#include "model/glob.h"
#include <stdlib.h>

TEST(globs_match_whole_paths) {
    IGNORE_STATE;
    static const struct {
        const char *glob, *path;
        bool matches;
    } rows[] = {
        {"a.ts", "a.ts", true},
        {"a.ts", "src/a.ts", false},
        {"*.ts", "a.ts", true},
        {"*.ts", "src/a.ts", false},
        {"**/*.ts", "a.ts", true},
        {"**/*.ts", "src/deep/a.ts", true},
        {"src/**", "src/a/b.ts", true},
        {"src/**", "srcs/a.ts", false},
        {"src/**", "src", false},
        {"**", "a/b", true},
        {"**/tests/**", "tests/a", true},
        {"**/tests/**", "x/tests/a/b", true},
        {"**/tests/**", "x/mytests/a", false},
        {"**/b", "ab", false},
        {"a/**/b", "a/b", true},
        {"a/**/b", "a/x/y/b", true},
        {"a/**/b", "a/x/yb", false},
        {"?.c", "x.c", true},
        {"?.c", "/.c", false},
        {"[a-c]x", "bx", true},
        {"[!a-c]x", "bx", false},
        {"[a-c]x", "dx", false},
        {"[]]", "]", true},
        {"[a", "[a", true},
        {"**.ts", "a.ts", true},
        {"a*b*c", "axbxbc", true},
        {"a*b*c", "axbxb", false},
        {"", "", true},
        {"", "a", false},
        {"*", "", true},
        {"**/a*b", "x/ayc/azb", true},
        {"**/test_*.py", "test_a.py", true},
        {"a/*/c", "a/b/b/c", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool matches = ak_glob_matches(ak_str(rows[i].glob), ak_str(rows[i].path));
        if (matches != rows[i].matches) fail_msg("%s on %s", rows[i].glob, rows[i].path);
    }
}

/* Tries every way; only for letters, `/`, `?`, `*` and `**` between slashes. */
static bool slow(const char *glob, const char *path, bool at_segment) {
    if (at_segment && glob[0] == '*' && glob[1] == '*' && (glob[2] == '/' || glob[2] == '\0')) {
        if (glob[2] == '\0') return *path != '\0';
        if (slow(glob + 3, path, true)) return true;
        const char *slash = strchr(path, '/');
        return slash && slow(glob, slash + 1, true);
    }
    if (*glob == '*') return slow(glob + 1, path, false) || (*path && *path != '/' && slow(glob, path + 1, false));
    if (*glob == '\0' || *path == '\0') return *glob == *path;
    if (*glob == '?' ? *path == '/' : *glob != *path) return false;
    return slow(glob + 1, path + 1, *glob == '/');
}

static void random_text(char *text, size_t most, const char *letters) {
    size_t length = (size_t)rand() % most, count = strlen(letters);
    for (size_t i = 0; i < length; i++) text[i] = letters[(size_t)rand() % count];
    text[length] = '\0';
}

TEST(globs_match_as_their_slow_twin_does) {
    IGNORE_STATE;
    srand(7);
    size_t matched = 0;
    for (int i = 0; i < 300000; i++) {
        char glob[9], path[9];
        random_text(glob, sizeof glob, "ab/**?");
        random_text(path, sizeof path, "ab/");
        bool is_plain = !strstr(glob, "***");
        for (const char *at = glob; (at = strstr(at, "**")) != NULL && is_plain; at++)
            is_plain = (at == glob || at[-1] == '/') && (at[2] == '/' || at[2] == '\0');
        if (!is_plain || strstr(path, "//") || path[0] == '/' || path[0] == '\0' || path[strlen(path) - 1] == '/')
            continue;
        bool wanted = slow(glob, path, true);
        matched += wanted;
        if (ak_glob_matches(ak_str(glob), ak_str(path)) != wanted) fail_msg("%s on %s is not %d", glob, path, wanted);
    }
    assert_true(matched > 1000);
}

TEST(gitignore_rules_are_followed) {
    IGNORE_STATE;
    Str rules = STR("# a comment\n*.log\n/out\nbuild/\nsrc/gen\n!keep.log\ndoc/**/*.tmp\r\n");
    assert_true(ak_glob_ignores(rules, STR("a.log"), false));
    assert_true(ak_glob_ignores(rules, STR("deep/a.log"), false));
    assert_false(ak_glob_ignores(rules, STR("deep/keep.log"), false));
    assert_true(ak_glob_ignores(rules, STR("out"), true));
    assert_false(ak_glob_ignores(rules, STR("src/out"), true));
    assert_true(ak_glob_ignores(rules, STR("src/build"), true));
    assert_false(ak_glob_ignores(rules, STR("src/build"), false));
    assert_true(ak_glob_ignores(rules, STR("src/gen"), true));
    assert_false(ak_glob_ignores(rules, STR("x/src/gen"), true));
    assert_true(ak_glob_ignores(rules, STR("doc/a/b.tmp"), false));
    assert_false(ak_glob_ignores((Str){0}, STR("a"), false));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(globs_match_whole_paths),
        cmocka_unit_test(globs_match_as_their_slow_twin_does),
        cmocka_unit_test(gitignore_rules_are_followed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
