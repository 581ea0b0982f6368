/* ananke_generate as a caller sees it, with a model that knows nothing: refusals, the report, outcomes that were verified. */
#include "../test.h"
#include "base/json.h"
#include <ananke/ananke.h>
#include <stdlib.h>

static ananke_model *model;
static ananke_ir *ir;

static const char rules[] =
    "{\"version\": 1, \"constraints\": ["
    "{\"id\": \"naming.function\", \"kind\": \"naming\", \"language\": \"typescript\", \"parameters\": {\"symbol\": \"function\", \"style\": \"camelCase\"}},"
    "{\"id\": \"naming.class\", \"kind\": \"naming\", \"language\": \"typescript\", \"parameters\": {\"symbol\": \"class\", \"style\": \"PascalCase\"}}]}";

static ananke_generation *generate(ananke_generate_options options) {
    ananke_error err = {0};
    options.model = model;
    options.temperature = -1;
    if (options.max_tokens == 0) options.max_tokens = 60;
    ananke_generation *generation = ananke_generate("write a function", ir, &options, &err);
    if (!generation) print_error("%s\n", err.message);
    assert_non_null(generation);
    return generation;
}

static ananke_error refused(const char *intent, const ananke_generate_options *options) {
    ananke_error err = {0};
    assert_null(ananke_generate(intent, ir, options, &err));
    return err;
}

TEST(orders_that_make_no_sense_are_refused) {
    IGNORE_STATE;
    ananke_generate_options options = {.model = model};
    assert_int_equal(refused("", &options).code, ANANKE_ERROR_USAGE);
    assert_int_equal(refused(NULL, &options).code, ANANKE_ERROR_USAGE);
    assert_int_equal(refused("caf\xE9", &options).code, ANANKE_ERROR_USAGE);
    options.top_p = 1.5f;
    assert_int_equal(refused("x", &options).code, ANANKE_ERROR_USAGE);
    options.top_p = 0, options.max_tokens = 1 << 20;
    assert_int_equal(refused("x", &options).code, ANANKE_ERROR_LIMIT);
}

TEST(a_missing_default_model_says_how_to_get_it) {
    IGNORE_STATE;
    setenv("ANANKE_MODEL_DIR", "/nowhere", 1);
    ananke_error err = refused("x", NULL);
    assert_int_equal(err.code, ANANKE_ERROR_IO);
    assert_non_null(strstr(err.hint, "ananke model pull"));
    assert_non_null(strstr(err.file, "/nowhere/"));
}

TEST(masked_noise_is_complete_and_keeps_the_rules) {
    IGNORE_STATE;
    for (uint64_t seed = 0; seed < 10; seed++) {
        ananke_generation *generation = generate((ananke_generate_options){.seed = seed});
        const ananke_generation_report *report = ananke_generation_report_get(generation);
        assert_true(report->complete);
        assert_true(report->mask_us_avg > 0 && report->mask_us_p50 <= report->mask_us_p99 &&
                    report->mask_us_p99 <= report->mask_us_max);
        assert_int_equal(ananke_findings_count(ananke_generation_findings(generation)), 0);
        for (size_t i = 0; i < ananke_ir_enforcement_count(ir); i++)
            assert_int_equal(ananke_generation_outcome(generation, i), ANANKE_OUTCOME_KEPT);
        assert_int_equal(ananke_generation_outcome(generation, 99), ANANKE_OUTCOME_UNKNOWN);
        ananke_generation_free(generation);
    }
}

TEST(unmasked_noise_is_not_complete_and_nothing_is_called_kept) {
    IGNORE_STATE;
    ananke_generation *generation = generate((ananke_generate_options){.unconstrained = true, .seed = 3});
    assert_false(ananke_generation_report_get(generation)->complete);
    for (size_t i = 0; i < ananke_ir_enforcement_count(ir); i++)
        assert_int_not_equal(ananke_generation_outcome(generation, i), ANANKE_OUTCOME_KEPT);
    ananke_generation_free(generation);
}

TEST(without_an_ir_nothing_is_enforced_and_nothing_claimed) {
    IGNORE_STATE;
    ananke_error err = {0};
    ananke_generation *generation =
        ananke_generate("say hello", NULL, &(ananke_generate_options){.model = model, .max_tokens = 10}, &err);
    assert_non_null(generation);
    assert_null(ananke_generation_findings(generation));
    assert_int_equal(ananke_generation_outcome(generation, 0), ANANKE_OUTCOME_UNKNOWN);
    assert_int_equal(ananke_generation_report_get(generation)->interventions, 0);
    char *text = ananke_generation_report_text(generation, NULL, &err);
    assert_non_null(text);
    assert_null(strstr(text, "\"constraints\""));
    ananke_text_free(text);
    ananke_generation_free(generation);
}

static double number(yyjson_val *object, const char *key) {
    yyjson_val *value = yyjson_obj_get(object, key);
    assert_true(yyjson_is_num(value));
    return yyjson_get_num(value);
}

TEST(the_written_report_says_what_the_struct_says) {
    IGNORE_STATE;
    ananke_generation *generation = generate((ananke_generate_options){.seed = 5});
    const ananke_generation_report *report = ananke_generation_report_get(generation);
    Arena arena = ak_arena(NULL);
    size_t length;
    char *text = ananke_generation_report_text(generation, &length, NULL);
    assert_non_null(text);
    assert_int_equal(strlen(text), length);
    yyjson_val *root = yyjson_doc_get_root(ak_json_parse(&arena, ak_str(text), NULL, NULL));
    assert_true(number(root, "tokens") == report->tokens);
    assert_true(number(root, "interventions") == report->interventions);
    assert_true(number(root, "completed_bytes") == report->completed_bytes);
    assert_true(number(root, "dropped_bytes") == report->dropped_bytes);
    assert_true(number(yyjson_obj_get(root, "prompt"), "tokens") == report->prompt_tokens);
    assert_string_equal(yyjson_get_str(yyjson_obj_get(root, "stop")), report->stop);
    assert_int_equal(yyjson_arr_size(yyjson_obj_get(root, "constraints")), 2);
    yyjson_val *row = yyjson_arr_get_first(yyjson_obj_get(root, "constraints"));
    assert_string_equal(yyjson_get_str(yyjson_obj_get(row, "constraint")), "naming.function");
    assert_string_equal(yyjson_get_str(yyjson_obj_get(row, "outcome")), "kept");
    assert_true(yyjson_is_obj(yyjson_obj_get(root, "check")));
    ananke_text_free(text);
    ak_arena_free(&arena);
    ananke_generation_free(generation);
}

TEST(one_model_serves_many_generations_with_equal_results) {
    IGNORE_STATE;
    ananke_generation *one = generate((ananke_generate_options){.seed = 7}),
                      *two = generate((ananke_generate_options){.seed = 7});
    assert_string_equal(ananke_generation_text(one, NULL), ananke_generation_text(two, NULL));
    ananke_generation_free(one);
    ananke_generation_free(two);
}

static int start(void **state) {
    IGNORE_STATE;
    ananke_error err = {0};
    model = ananke_model_load(getenv("ANANKE_TINY_GGUF"), NULL, &err);
    ananke_constraints *set = ananke_constraints_parse(rules, sizeof rules - 1, ANANKE_FORMAT_JSON, NULL, &err);
    ir = set ? ananke_compile(set, NULL, &err) : NULL;
    ananke_constraints_free(set);
    if (err.code) print_error("%s\n", err.message);
    return model && ir ? 0 : -1;
}

static int stop(void **state) {
    IGNORE_STATE;
    ananke_ir_free(ir);
    ananke_model_free(model);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_that_make_no_sense_are_refused),
        cmocka_unit_test(a_missing_default_model_says_how_to_get_it),
        cmocka_unit_test(masked_noise_is_complete_and_keeps_the_rules),
        cmocka_unit_test(unmasked_noise_is_not_complete_and_nothing_is_called_kept),
        cmocka_unit_test(without_an_ir_nothing_is_enforced_and_nothing_claimed),
        cmocka_unit_test(the_written_report_says_what_the_struct_says),
        cmocka_unit_test(one_model_serves_many_generations_with_equal_results),
    };
    return cmocka_run_group_tests_name("generate", tests, start, stop);
}
