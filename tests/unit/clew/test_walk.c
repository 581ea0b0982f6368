/* The source walk: what is read, in which order, what is left out, and that loops end. */
#include "../test.h"
#include "base/buf.h"
#include "clew/walk.h"
#include "folder.h"

typedef struct Log {
    char text[4096];
    size_t length;
} Log;

static void on_log(void *data, const ananke_log_record *record) {
    Log *log = data;
    int length = snprintf(log->text + log->length, sizeof log->text - log->length, "%s\n", record->message);
    if (length > 0) log->length += (size_t)length;
}

/* The relative paths, one a line, `!` behind tests. */
static Str walked(Arena *arena, const char *const *paths, size_t count, Log *log, uint64_t *skipped,
                  ananke_error *err) {
    Languages languages;
    SourceFiles files;
    ananke_context context = {.log = on_log, .log_data = log, .log_level = ANANKE_LOG_WARNING};
    Buf buf = {.arena = arena};
    assert_true(ak_languages_load(&languages, arena, NULL));
    if (!ak_walk(&files, arena, &languages, paths, count, log ? &context : NULL, err)) return (Str){0};
    for (size_t i = 0; i < files.count; i++)
        ak_buf_format(&buf, "%.*s%s\n", STR_ARGS(files.items[i].relative), files.items[i].is_test ? "!" : "");
    if (skipped) *skipped = files.skipped;
    return ak_buf_view(&buf);
}

TEST(a_folder_is_walked_in_order_and_what_is_not_source_is_left_out) {
    IGNORE_STATE;
    static const char *const names[] = {
        "b.ts",   "a/z.py",     "a/y.tsx",       "README.md", ".hidden/x.ts", "node_modules/m/i.ts", "dist/o.ts",
        "a.d.ts", "tests/t.ts", "src/a.test.ts", "gen/g.ts",  "src/dist.ts",  "keep/skip.ts",        "examples/e.py"};
    Arena arena = ak_arena(NULL);
    char folder[32];
    folder_new(folder);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) folder_text(folder, names[i], "x");
    folder_text(folder, ".gitignore", "/gen\nskip.ts\n");
    Str seen = walked(&arena, (const char *[]){folder}, 1, NULL, NULL, NULL);
    assert_string_equal(seen.data, "a/y.tsx\na/z.py\nb.ts\nexamples/e.py!\nsrc/a.test.ts!\nsrc/dist.ts\ntests/t.ts!\n");
    folder_free(folder);
    ak_arena_free(&arena);
}

TEST(symlinks_that_lead_in_circles_end) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Log log = {0};
    char folder[32], path[64];
    uint64_t skipped;
    folder_new(folder);
    folder_text(folder, "a/x.py", "x");
    snprintf(path, sizeof path, "%s/a/up", folder);
    assert_int_equal(symlink("..", path), 0);
    snprintf(path, sizeof path, "%s/self.py", folder);
    assert_int_equal(symlink("self.py", path), 0);
    snprintf(path, sizeof path, "%s/twin.py", folder);
    assert_int_equal(symlink("a/x.py", path), 0);
    snprintf(path, sizeof path, "%s/gone.py", folder);
    assert_int_equal(symlink("nowhere", path), 0);
    Str seen = walked(&arena, (const char *[]){folder}, 1, &log, &skipped, NULL);
    assert_string_equal(seen.data, "a/x.py\n");
    assert_int_equal(skipped, 3);
    assert_non_null(strstr(log.text, "a/up: leads to a folder that was read already"));
    assert_non_null(strstr(log.text, "self.py: is a symlink to itself"));
    assert_non_null(strstr(log.text, "gone.py: No such file"));
    folder_free(folder);
    ak_arena_free(&arena);
}

TEST(an_unreadable_folder_is_counted_and_told) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Log log = {0};
    char folder[32], path[64];
    uint64_t skipped;
    folder_new(folder);
    folder_text(folder, "a.py", "x");
    folder_text(folder, "locked/b.py", "x");
    snprintf(path, sizeof path, "%s/locked", folder);
    assert_int_equal(chmod(path, 0), 0);
    Str seen = walked(&arena, (const char *[]){folder}, 1, &log, &skipped, NULL);
    if (geteuid() == 0) { /* nothing is locked for root */
        assert_string_equal(seen.data, "a.py\nlocked/b.py\n");
    } else {
        assert_string_equal(seen.data, "a.py\n");
        assert_int_equal(skipped, 1);
        assert_non_null(strstr(log.text, "locked: Permission denied"));
    }
    assert_int_equal(chmod(path, 0755), 0);
    folder_free(folder);
    ak_arena_free(&arena);
}

TEST(paths_that_are_named_are_taken_once_or_refused) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    char folder[32], path[64];
    ananke_error err = {0};
    folder_new(folder);
    folder_text(folder, "a.py", "x");
    snprintf(path, sizeof path, "%s/a.py", folder);
    Str seen = walked(&arena, (const char *[]){path, folder, folder}, 3, NULL, NULL, NULL);
    char wanted[80];
    snprintf(wanted, sizeof wanted, "%s\n", path);
    assert_string_equal(seen.data, wanted);
    assert_null(walked(&arena, (const char *[]){"/no/such/folder"}, 1, NULL, NULL, &err).data);
    assert_int_equal(err.code, ANANKE_ERROR_IO);
    assert_string_equal(err.file, "/no/such/folder");
    folder_text(folder, "a.txt", "x");
    snprintf(path, sizeof path, "%s/a.txt", folder);
    assert_null(walked(&arena, (const char *[]){path}, 1, NULL, NULL, &err).data);
    assert_int_equal(err.code, ANANKE_ERROR_UNSUPPORTED);
    folder_free(folder);
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_folder_is_walked_in_order_and_what_is_not_source_is_left_out),
        cmocka_unit_test(symlinks_that_lead_in_circles_end),
        cmocka_unit_test(an_unreadable_folder_is_counted_and_told),
        cmocka_unit_test(paths_that_are_named_are_taken_once_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
