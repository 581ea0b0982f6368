/* Compiling: tiers, composition, conflicts, and the examples of every kind under the masks it claims. */
#include "../test.h"
#include "language/registry.h"
#include "model/constraint_set.h"
#include <ananke/ir.h>
#include <ananke/matcher.h>
#include <stdio.h>
#include <stdlib.h>

static ananke_vocab *bytes;

static int open_vocab(void **state) {
    IGNORE_STATE;
    bytes = ananke_vocab_load("bytes", NULL, NULL);
    return bytes ? 0 : -1;
}

static int close_vocab(void **state) {
    IGNORE_STATE;
    ananke_vocab_free(bytes);
    return 0;
}

/* The IR of constraints given as the inside of their list. */
static ananke_ir *compile(const char *list, const char *language, ananke_error *err) {
    char text[4096];
    snprintf(text, sizeof text, "{\"version\": 1, \"constraints\": [%s]}", list);
    ananke_error problem = {0};
    ananke_constraints *set = ananke_constraints_parse(text, strlen(text), ANANKE_FORMAT_JSON, NULL, &problem);
    if (!set) fail_msg("%s: %s", text, problem.message);
    ananke_compile_options options = {.language = language};
    ananke_ir *ir = ananke_compile(set, &options, err);
    ananke_constraints_free(set);
    return ir;
}

static bool accepts(const ananke_program *program, const char *text) {
    ananke_matcher *matcher = ananke_matcher_new(program, NULL);
    assert_non_null(matcher);
    bool ok = ananke_matcher_consume_bytes(matcher, (const uint8_t *)text, strlen(text), NULL) &&
              ananke_matcher_is_accepting(matcher);
    ananke_matcher_free(matcher);
    return ok;
}

static const char *tier_of(const ananke_ir *ir, size_t index) {
    return ananke_tier_name(ananke_ir_enforcement(ir, index)->tier);
}

#define CLASSES \
    "{\"id\": \"f\", \"kind\": \"naming\", \"language\": \"typescript\", \"parameters\": {\"symbol\": \"class\", \"style\": \"PascalCase\"}}"
#define UPPER \
    "{\"id\": \"s\", \"kind\": \"naming\", \"language\": \"typescript\", \"parameters\": {\"symbol\": \"class\", \"style\": \"UPPER_SNAKE\"}}"
#define CAMEL \
    "{\"id\": \"p\", \"kind\": \"naming\", \"language\": \"typescript\", \"parameters\": {\"symbol\": \"class\", \"style\": \"camelCase\"}}"
#define SEMICOLONS \
    "{\"id\": \"semi\", \"kind\": \"semicolons\", \"language\": \"typescript\", \"parameters\": {\"style\": \"always\"}}"

TEST(every_constraint_gets_a_tier_and_a_reason) {
    IGNORE_STATE;
    ananke_error err = {0};
    ananke_ir *ir = compile(
        CLASSES
        ", {\"id\": \"py\", \"kind\": \"naming\", \"language\": \"python\", \"parameters\": {\"symbol\": \"class\", \"style\": \"snake_case\"}}"
        ", {\"id\": \"some\", \"kind\": \"quotes\", \"language\": \"typescript\", \"parameters\": {\"style\": \"double\"}, \"scope\": {\"paths\": [\"src/**\"]}}"
        ", {\"id\": \"indent\", \"kind\": \"indentation\", \"language\": \"typescript\", \"parameters\": {\"unit\": \"tab\"}}",
        "typescript", &err);
    if (!ir) fail_msg("%s", err.message);
    assert_int_equal(ananke_ir_enforcement_count(ir), 4);
    assert_string_equal(tier_of(ir, 0), "masked");
    assert_string_equal(tier_of(ir, 1), "unsupported");
    assert_string_equal(tier_of(ir, 2), "checked");
    assert_string_equal(tier_of(ir, 3), "checked");
    for (size_t i = 0; i < 4; i++) assert_true(strlen(ananke_ir_enforcement(ir, i)->why) > 10);
    assert_string_equal(ananke_ir_language(ir), "typescript");
    ananke_ir_free(ir);
}

TEST(a_variable_that_holds_a_function_is_named_like_one) {
    IGNORE_STATE;
    ananke_ir *ir =
        compile("{\"id\": \"f\", \"kind\": \"naming\", \"language\": \"typescript\", \"parameters\": {\"symbol\": "
                "\"function\", \"style\": \"camelCase\"}}",
                NULL, NULL);
    assert_non_null(ir);
    ananke_program *program = ananke_program_from_ir(ir, bytes, NULL, NULL);
    assert_non_null(program);
    static const char *const good[] = {"const readAll = () => 1;", "const MAX = 3;",
                                       "const LIST = [1, 2];",     "let Read = f(() => 1);",
                                       "const Reader = class {};", "function f() { const A = x ? 1 : 2; let b; }"};
    static const char *const bad[] = {"const Read = () => 1;", "const READ = async x => 1;",
                                      "let Read = function () {};", "function f() { const Read = <T>(a: T) => a; }",
                                      "export const Read_all = /**/ () => 1;"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        if (!accepts(program, good[i])) fail_msg("refused: %s", good[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (accepts(program, bad[i])) fail_msg("accepted: %s", bad[i]);
    }
    ananke_program_free(program);
    ananke_ir_free(ir);
}

TEST(scopes_are_decided_for_the_file_that_is_written) {
    IGNORE_STATE;
    const char *source =
        "{\"version\": 1, \"constraints\": ["
        "{\"id\": \"some\", \"kind\": \"quotes\", \"language\": \"typescript\", \"parameters\": {\"style\": \"double\"},"
        " \"scope\": {\"paths\": [\"src/**\"]}},"
        "{\"id\": \"most\", \"kind\": \"semicolons\", \"language\": \"typescript\", \"parameters\": {\"style\": \"always\"},"
        " \"scope\": {\"exclude\": [\"**/tests/**\"]}}]}";
    const struct {
        const char *target, *some, *most;
    } cases[] = {
        {NULL, "checked", "masked"},
        {"src/a.ts", "masked", "masked"},
        {"src/tests/a.ts", "masked", "unsupported"},
        {"lib/a.ts", "unsupported", "masked"},
    };
    ananke_constraints *set = ananke_constraints_parse(source, strlen(source), ANANKE_FORMAT_JSON, NULL, NULL);
    assert_non_null(set);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ananke_ir *ir = ananke_compile(set, &(ananke_compile_options){.target = cases[i].target}, NULL);
        assert_non_null(ir);
        assert_string_equal(tier_of(ir, 0), cases[i].some);
        assert_string_equal(tier_of(ir, 1), cases[i].most);
        ananke_ir_free(ir);
    }
    ananke_constraints_free(set);
}

TEST(two_constraints_on_one_name_are_intersected) {
    IGNORE_STATE;
    ananke_ir *ir = compile(CLASSES ", " UPPER, "typescript", NULL);
    assert_non_null(ir);
    ananke_program *program = ananke_program_from_ir(ir, bytes, NULL, NULL);
    assert_non_null(program);
    assert_true(accepts(program, "class READ {}"));
    assert_false(accepts(program, "class Read {}"));
    assert_false(accepts(program, "class READ_ALL {}"));
    ananke_program_free(program);
    ananke_ir_free(ir);
}

TEST(a_contradiction_names_both_constraints) {
    IGNORE_STATE;
    ananke_error err = {0};
    assert_null(compile(CLASSES ", " SEMICOLONS ", " CAMEL, "typescript", &err));
    assert_int_equal(err.code, ANANKE_ERROR_CONFLICT);
    assert_non_null(strstr(err.message, "`f`"));
    assert_non_null(strstr(err.message, "`p`"));
    assert_null(strstr(err.message, "`semi`"));
}

TEST(equal_input_gives_equal_bytes) {
    IGNORE_STATE;
    ananke_ir *a = compile(CLASSES ", " SEMICOLONS, "typescript", NULL),
              *b = compile(CLASSES ", " SEMICOLONS, NULL, NULL);
    char *left = ananke_ir_text(a, NULL, NULL), *right = ananke_ir_text(b, NULL, NULL);
    assert_string_equal(left, right);
    ananke_text_free(left);
    ananke_text_free(right);
    ananke_ir_free(a);
    ananke_ir_free(b);
}

TEST(unknown_languages_and_strictness_are_errors) {
    IGNORE_STATE;
    ananke_error err = {0};
    assert_null(compile(CLASSES, "typescrip", &err));
    assert_int_equal(err.code, ANANKE_ERROR_USAGE);
    assert_non_null(strstr(err.hint, "typescript"));
    assert_null(compile("", NULL, &err));
    assert_int_equal(err.code, ANANKE_ERROR_USAGE);
}

/* ---- the examples of the kinds */

/* One example list of one kind and language. */
typedef struct Example {
    const Kind *kind;
    const char *language;
    yyjson_val *parameters; /* object */
    yyjson_val *pass, *fail;
} Example;

static ananke_ir *compile_example(const Example *example, Arena *arena) {
    Str parameters = ak_json_print_value(arena, example->parameters, false, NULL);
    Str list = ak_arena_format(arena, "{\"id\": \"x\", \"kind\": \"%.*s\", \"language\": \"%s\", \"parameters\": %.*s}",
                               STR_ARGS(example->kind->id), example->language, STR_ARGS(parameters));
    ananke_error err = {0};
    ananke_ir *ir = compile(list.data, example->language, &err);
    if (!ir) fail_msg("%s: %s", list.data, err.message);
    return ir;
}

/* What breaks the rule is refused; what keeps it is accepted wherever the bare grammar accepts it. Returns how many texts were told apart. */
static size_t run_example(const Example *example, const ananke_program *bare, Arena *arena) {
    ananke_ir *ir = compile_example(example, arena);
    size_t i, count, told = 0;
    yyjson_val *text;
    if (ananke_ir_enforcement(ir, 0)->tier == ANANKE_TIER_MASKED) {
        ananke_error err = {0};
        ananke_program *program = ananke_program_from_ir(ir, bytes, NULL, &err);
        if (!program) fail_msg("%s: %s", example->kind->id.data, err.message);
        yyjson_arr_foreach(example->fail, i, count, text) {
            if (accepts(program, yyjson_get_str(text)))
                fail_msg("%s in %s: the masks let this through: %s", example->kind->id.data, example->language,
                         yyjson_get_str(text));
            told += accepts(bare, yyjson_get_str(text));
        }
        yyjson_arr_foreach(example->pass, i, count, text) {
            if (!accepts(bare, yyjson_get_str(text))) continue;
            told++;
            if (!accepts(program, yyjson_get_str(text)))
                print_message("stricter than the rule: %s in %s: %s\n", example->kind->id.data, example->language,
                              yyjson_get_str(text));
        }
        ananke_program_free(program);
    }
    ananke_ir_free(ir);
    return told;
}

static yyjson_val *parameters_of(const KindCase *about, yyjson_val *example) {
    yyjson_val *parameters = yyjson_obj_get(example, "parameters");
    return parameters ? parameters : about->when;
}

static void run_language(const char *language, size_t at_least) {
    Arena arena = ak_arena(NULL);
    Kinds kinds;
    assert_true(ak_kinds_load(&kinds, &arena, NULL));
    ananke_error err = {0};
    ananke_program *bare = ananke_program_from_language(language, bytes, NULL, &err);
    if (!bare) fail_msg("%s", err.message);
    size_t told = 0, i, count;
    yyjson_val *item;
    for (size_t k = 0; k < kinds.count; k++) {
        for (size_t c = 0; c < kinds.items[k].case_count; c++) {
            const KindCase *about = &kinds.items[k].cases[c];
            yyjson_arr_foreach(yyjson_obj_get(about->examples, language), i, count, item) {
                Example example = {&kinds.items[k], language, parameters_of(about, item), yyjson_obj_get(item, "pass"),
                                   yyjson_obj_get(item, "fail")};
                if (!yyjson_is_obj(example.parameters) || ak_kind_case(example.kind, example.parameters) != about)
                    continue;
                told += run_example(&example, bare, &arena);
            }
        }
    }
    print_message("%s: %zu examples told apart by masks\n", language, told);
    assert_true(told >= at_least);
    ananke_program_free(bare);
    ak_arena_free(&arena);
}

TEST(masks_hold_the_examples_of_typescript) {
    IGNORE_STATE;
    run_language("typescript", 20);
}

TEST(masks_hold_the_examples_of_python) {
    IGNORE_STATE;
    run_language("python", 20);
}

/* An allocator whose nth call fails, and that counts what is out. */
typedef struct Failing {
    size_t calls, fail_at, live;
} Failing;

static void *failing_resize(void *data, void *pointer, size_t old_size, size_t new_size) {
    Failing *self = data;
    if (new_size == 0) {
        if (pointer) self->live--;
        free(pointer);
        return NULL;
    }
    (void)old_size;
    if (++self->calls == self->fail_at) return NULL;
    void *fresh = realloc(pointer, new_size);
    if (fresh && !pointer) self->live++;
    return fresh;
}

TEST(every_failing_allocation_is_an_error_without_a_leak) {
    IGNORE_STATE;
    const char *text = "{\"version\": 1, \"constraints\": [" CLASSES ", " UPPER ", " SEMICOLONS "]}";
    ananke_constraints *set = ananke_constraints_parse(text, strlen(text), ANANKE_FORMAT_JSON, NULL, NULL);
    assert_non_null(set);
    Failing failing = {0};
    ananke_allocator allocator = {failing_resize, &failing};
    ananke_context context = {.allocator = &allocator};
    ananke_compile_options options = {.context = &context};
    ananke_ir *ir = NULL;
    for (size_t at = 1; !ir; at++) {
        ananke_error err = {0};
        failing = (Failing){.fail_at = at};
        ir = ananke_compile(set, &options, &err);
        if (ir) break;
        assert_int_equal(err.code, ANANKE_ERROR_MEMORY);
        assert_int_equal(failing.live, 0);
        assert_true(at < 100000);
    }
    assert_true(failing.calls < failing.fail_at && failing.fail_at > 10);
    ananke_ir_free(ir);
    assert_int_equal(failing.live, 0);
    ananke_constraints_free(set);
}

/* Polls until it is called off. */
static bool called_off(void *data) {
    size_t *polls = data;
    return *polls == 0 || --*polls == 0;
}

TEST(verifying_is_called_off_like_the_rest) {
    IGNORE_STATE;
    const char *text = "{\"version\": 1, \"constraints\": [" CLASSES ", " SEMICOLONS "]}";
    ananke_constraints *set = ananke_constraints_parse(text, strlen(text), ANANKE_FORMAT_JSON, NULL, NULL);
    assert_non_null(set);
    size_t polls = SIZE_MAX;
    ananke_context context = {.cancelled = called_off, .cancelled_data = &polls};
    ananke_compile_options options = {.context = &context};
    ananke_ir_free(ananke_compile(set, &options, NULL));
    size_t all = SIZE_MAX - polls;
    assert_true(all > 20); /* lowering alone polls once */
    for (size_t at = 1; at < all; at += all / 20) {
        ananke_error err = {0};
        polls = at;
        assert_null(ananke_compile(set, &options, &err));
        assert_int_equal(err.code, ANANKE_ERROR_CANCELLED);
    }
    ananke_constraints_free(set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_constraint_gets_a_tier_and_a_reason),
        cmocka_unit_test(a_variable_that_holds_a_function_is_named_like_one),
        cmocka_unit_test(scopes_are_decided_for_the_file_that_is_written),
        cmocka_unit_test(two_constraints_on_one_name_are_intersected),
        cmocka_unit_test(a_contradiction_names_both_constraints),
        cmocka_unit_test(equal_input_gives_equal_bytes),
        cmocka_unit_test(unknown_languages_and_strictness_are_errors),
        cmocka_unit_test(masks_hold_the_examples_of_typescript),
        cmocka_unit_test(masks_hold_the_examples_of_python),
        cmocka_unit_test(every_failing_allocation_is_an_error_without_a_leak),
        cmocka_unit_test(verifying_is_called_off_like_the_rest),
    };
    return cmocka_run_group_tests(tests, open_vocab, close_vocab);
}
