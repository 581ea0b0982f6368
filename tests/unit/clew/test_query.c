/* Fact queries: the corpora in languages/NAME/corpus (format: languages/README.md). With ANANKE_PRINT_FACTS set, what was seen is printed instead. */
#include "../test.h"
#include "base/buf.h"
#include "base/file.h"
#include "clew/facts.h"
#include "clew/judge.h"
#include "clew/style.h"
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

static void put_styles(Buf *buf, unsigned styles) {
    static const char *const names[] = {"camelCase", "PascalCase", "snake_case", "UPPER_SNAKE"};
    bool first = true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!(styles & ak_style_from(ak_str(names[i])))) continue;
        ak_buf_format(buf, "%s%s", first ? "" : "|", names[i]);
        first = false;
    }
    if (first) ak_buf_text(buf, "none");
}

static void put_observation(Buf *buf, const Vocabulary *vocabulary, const Observation *it, Str source) {
    Str population = ak_intern_str(&vocabulary->populations, it->population);
    ak_buf_format(buf, "%u:%u %.*s ", it->line, it->column, STR_ARGS(population));
    Str variant = ak_intern_str(&vocabulary->variants, ak_str_starts(population, STR("name.")) ? 0 : it->variant);
    if (ak_str_starts(population, STR("name."))) put_styles(buf, it->variant);
    else if (variant.length) ak_buf_str(buf, variant);
    else ak_buf_byte(buf, '-');
    Str text = ak_observation_text(it, source);
    ak_buf_format(buf, " %.*s\n", STR_ARGS(text));
}

static Str facts_of(Arena *arena, const char *file, Str source) {
    Reader reader;
    Facts facts;
    ananke_error err = {0};
    Buf buf = {.arena = arena};
    assert_true(ak_reader_open(&reader, NULL, 0, &err));
    SourceFile it = {.path = ak_str(file), .relative = ak_str(file)};
    it.grammar = ak_language_grammar(&reader.languages, it.path, &it.language);
    if (!ak_reader_text(&reader, &it, source, &facts, &err)) fail_msg("%s", err.message);
    if (facts.error_bytes) ak_buf_format(&buf, "errors %llu\n", (unsigned long long)facts.error_bytes);
    const Vocabulary *vocabulary = ak_reader_vocabulary(&reader, it.language);
    for (size_t i = 0; i < facts.observations.count; i++)
        put_observation(&buf, vocabulary, &facts.observations.items[i], source);
    ak_reader_close(&reader);
    return ak_buf_view(&buf);
}

/* The text up to a line that begins with `mark`; `*rest` is behind that line's start. */
static Str until(Str *rest, Str mark) {
    for (size_t at = 0; at <= rest->length;) {
        Str here = ak_str_slice(*rest, at, rest->length);
        if (ak_str_starts(here, mark) || at == rest->length) {
            Str text = ak_str_slice(*rest, 0, at);
            *rest = here;
            return text;
        }
        size_t end = ak_str_find_byte(here, '\n', 0);
        at = end == SIZE_MAX ? rest->length : at + end + 1;
    }
    return (Str){0};
}

static size_t run_corpus(Arena *arena, const char *path, const char *file) {
    ananke_error err = {0};
    Str rest = ak_file_read(arena, path, 0, &err), title;
    size_t count = 0;
    if (!rest.data) fail_msg("%s: %s", path, err.message);
    for (; ak_str_starts(rest, STR("=== ")); count++) {
        ak_str_split(&rest, '\n', &title);
        Str source = until(&rest, STR("---\n"));
        rest = ak_str_slice(rest, 4, rest.length);
        Str wanted = until(&rest, STR("=== ")), seen = facts_of(arena, file, source);
        if (getenv("ANANKE_PRINT_FACTS"))
            printf("%.*s\n%.*s---\n%.*s", STR_ARGS(title), STR_ARGS(source), STR_ARGS(seen));
        else if (!ak_str_equal(wanted, seen)) fail_msg("%s: %.*s: seen:\n%.*s", path, STR_ARGS(title), STR_ARGS(seen));
    }
    if (rest.length) fail_msg("%s: a case begins with `=== `", path);
    return count;
}

static void run_corpora(const char *pattern, const char *file, size_t least) {
    Arena arena = ak_arena(NULL);
    glob_t paths;
    size_t count = 0;
    assert_int_equal(glob(pattern, 0, NULL, &paths), 0);
    for (size_t i = 0; i < paths.gl_pathc; i++) count += run_corpus(&arena, paths.gl_pathv[i], file);
    assert_true(count >= least);
    globfree(&paths);
    ak_arena_free(&arena);
}

TEST(typescript_facts_are_as_the_corpus_says) {
    IGNORE_STATE;
    run_corpora("languages/typescript/corpus/*.txt", "a.ts", 6);
}

TEST(python_facts_are_as_the_corpus_says) {
    IGNORE_STATE;
    run_corpora("languages/python/corpus/*.txt", "a.py", 6);
}

TEST(quotes_of_jsx_attributes_are_left_alone) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Str seen = facts_of(&arena, "a.tsx", STR("const a = <b c=\"d\">{f('e')}</b>;\n"));
    assert_null(strstr(seen.data, "double"));
    assert_non_null(strstr(seen.data, "quotes single 'e'"));
    ak_arena_free(&arena);
}

/* Compiles a query text in the place of Python's. */
static void compile(const char *text, ananke_error *err) {
    Arena arena = ak_arena(NULL);
    Languages languages;
    assert_true(ak_languages_load(&languages, &arena, NULL));
    Language language = *ak_language_find(&languages, STR("python"));
    language.facts = ak_str(text);
    Vocabulary vocabulary = {{{.arena = &arena}}, {{.arena = &arena}}, {{.arena = &arena}}};
    FactQuery *query = ak_query_new(&arena, &language, &language.grammars[0], &vocabulary, err);
    ak_query_free(query);
    ak_arena_free(&arena);
}

TEST(a_broken_query_is_an_error_with_a_place) {
    IGNORE_STATE;
    static const struct {
        const char *text, *message;
        unsigned line;
    } rows[] = {
        {"(identifier) @name.x\n(identifer) @name.x", "the grammar knows no such node, field or form", 2},
        {"(identifier", "the grammar knows no such node, field or form", 3},
        {"(module)\n((identifier) @_a (#equals? @_a \"b\"))", "unknown predicate `#equals?`", 2},
        {"((identifier) @_a (#eq? @_a))", "`#eq?` takes a capture and texts", 1},
        {"((identifier) @_a (#eq? \"x\" \"y\"))", "`#eq?` takes a capture and texts", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ananke_error err = {0};
        compile(rows[i].text, &err);
        assert_string_equal(err.message, rows[i].message);
        assert_string_equal(err.file, "languages/python/facts.scm");
        assert_int_equal(err.line, rows[i].line);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(typescript_facts_are_as_the_corpus_says),
        cmocka_unit_test(python_facts_are_as_the_corpus_says),
        cmocka_unit_test(quotes_of_jsx_attributes_are_left_alone),
        cmocka_unit_test(a_broken_query_is_an_error_with_a_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
