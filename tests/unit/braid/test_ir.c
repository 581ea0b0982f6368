/* ConstraintIR as a file: what is written is read back, what is wrong is refused with a reason, and the exports say what the IR says. */
#include "../test.h"
#include "base/json.h"
#include <ananke/ir.h>
#include <ananke/matcher.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static ananke_ir *sample(void) {
    const char *text =
        "{\"version\": 1, \"constraints\": ["
        "{\"id\": \"any\", \"kind\": \"forbid\", \"language\": \"typescript\", \"parameters\": {\"what\": \"any\"}},"
        "{\"id\": \"quotes\", \"kind\": \"quotes\", \"language\": \"typescript\", \"parameters\": {\"style\": \"double\"}},"
        "{\"id\": \"imports\", \"kind\": \"imports\", \"language\": \"typescript\", \"parameters\": {\"modules\": [\"zod\"]}}]}";
    ananke_constraints *set = ananke_constraints_parse(text, strlen(text), ANANKE_FORMAT_JSON, NULL, NULL);
    ananke_ir *ir = ananke_compile(set, NULL, NULL);
    ananke_constraints_free(set);
    assert_non_null(ir);
    return ir;
}

TEST(reading_what_was_written_gives_the_same_bytes) {
    IGNORE_STATE;
    ananke_ir *ir = sample();
    size_t length = 0;
    char *text = ananke_ir_text(ir, &length, NULL);
    ananke_error err = {0};
    ananke_ir *again = ananke_ir_parse(text, length, NULL, &err);
    if (!again) fail_msg("%s", err.message);
    char *second = ananke_ir_text(again, NULL, NULL);
    assert_string_equal(text, second);
    assert_string_equal(ananke_ir_grammar(ir), ananke_ir_grammar(again));
    assert_int_equal(ananke_constraints_count(ananke_ir_constraints(again)), 3);
    ananke_text_free(text);
    ananke_text_free(second);
    ananke_ir_free(again);
    ananke_ir_free(ir);
}

TEST(an_ir_is_saved_and_loaded) {
    IGNORE_STATE;
    char path[64];
    snprintf(path, sizeof path, "/tmp/ananke-ir-%ld.json", (long)getpid());
    ananke_ir *ir = sample();
    assert_true(ananke_ir_save(ir, path, NULL));
    ananke_ir *again = ananke_ir_load(path, NULL, NULL);
    unlink(path);
    assert_non_null(again);
    assert_string_equal(ananke_ir_language(again), "typescript");
    ananke_error err = {0};
    assert_null(ananke_ir_load(path, NULL, &err));
    assert_int_equal(err.code, ANANKE_ERROR_IO);
    ananke_ir_free(again);
    ananke_ir_free(ir);
}

/* The sample with `from` replaced by `to`. */
static ananke_ir *altered(const char *from, const char *to, ananke_error *err) {
    ananke_ir *ir = sample();
    char *text = ananke_ir_text(ir, NULL, NULL), *at = strstr(text, from);
    assert_non_null(at);
    size_t head = (size_t)(at - text), size = strlen(text) + strlen(to) + 1;
    char *changed = malloc(size);
    assert_non_null(changed);
    snprintf(changed, size, "%.*s%s%s", (int)head, text, to, at + strlen(from));
    ananke_ir *result = ananke_ir_parse(changed, strlen(changed), NULL, err);
    free(changed);
    ananke_text_free(text);
    ananke_ir_free(ir);
    return result;
}

TEST(wrong_irs_are_refused_with_a_reason) {
    IGNORE_STATE;
    static const struct {
        const char *from, *to, *says, *hint;
    } cases[] = {
        {"\"version\": 1", "\"version\": 2", "version 2", ""},
        {"\"language\": ", "\"langage\": ", "`langage`", "`language`"},
        {"\"grammar\": ", "\"grammar\": 1, \"x\": ", "`grammar`", ""},
        {"\"tier\": \"masked\"", "\"tier\": \"maskd\"", "`enforcement[].tier`", ""},
        {"\"tier\": ", "\"tire\": ", "`enforcement[].tire`", "`tier`"},
        {"\"json_schema\": null", "\"json_schema\": 3", "`json_schema`", ""},
        {"\"kind\": \"forbid\"", "\"kind\": \"forbit\"", "forbit", "forbid"},
        {"\"enforcement\": [", "\"enforcement\": [{\"constraint\": \"a\", \"tier\": \"masked\", \"why\": \"\"},",
         "4 entries for 3", ""},
        {"{", "[", "JSON", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ananke_error err = {0};
        if (altered(cases[i].from, cases[i].to, &err)) fail_msg("%s is accepted", cases[i].to);
        if (!strstr(err.message, cases[i].says) || !strstr(err.hint, cases[i].hint))
            fail_msg("%s: %s (%s)", cases[i].to, err.message, err.hint);
    }
}

TEST(exports_carry_the_grammar) {
    IGNORE_STATE;
    ananke_ir *ir = sample();
    Arena arena = ak_arena(NULL);
    static const struct {
        const char *form, *pointer;
    } forms[] = {
        {"ir", "/grammar"}, {"llguidance", "/grammars/0/lark_grammar"}, {"vllm", "/structured_outputs/grammar"}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        size_t length = 0;
        char *text = ananke_ir_export(ir, forms[i].form, &length, NULL);
        assert_non_null(text);
        yyjson_doc *doc = ak_json_parse(&arena, (Str){text, length}, NULL, NULL);
        const char *grammar = yyjson_get_str(yyjson_ptr_get(yyjson_doc_get_root(doc), forms[i].pointer));
        assert_non_null(grammar);
        assert_string_equal(grammar, ananke_ir_grammar(ir));
        ananke_text_free(text);
    }
    ananke_error err = {0};
    assert_null(ananke_ir_export(ir, "sglang", NULL, &err));
    assert_int_equal(err.code, ANANKE_ERROR_UNSUPPORTED);
    assert_null(ananke_ir_export(ir, "gbnff", NULL, &err));
    assert_int_equal(err.code, ANANKE_ERROR_USAGE);
    ak_arena_free(&arena);
    ananke_ir_free(ir);
}

TEST(an_ir_may_hold_a_json_schema_instead_of_a_grammar) {
    IGNORE_STATE;
    const char *text =
        "{\"version\": 1, \"language\": \"json\", \"json_schema\": {\"type\": \"integer\"}, \"grammar\": \"\", \"regex_patterns\": [], "
        "\"token_masks\": [], \"priority_rules\": [], \"checks\": {\"version\": 1, \"constraints\": []}, \"names\": [], \"enforcement\": []}";
    ananke_error err = {0};
    ananke_ir *ir = ananke_ir_parse(text, strlen(text), NULL, &err);
    if (!ir) fail_msg("%s", err.message);
    ananke_vocab *bytes = ananke_vocab_load("bytes", NULL, NULL);
    ananke_program *program = ananke_program_from_ir(ir, bytes, NULL, &err);
    if (!program) fail_msg("%s", err.message);
    ananke_matcher *matcher = ananke_matcher_new(program, NULL);
    assert_true(ananke_matcher_consume_bytes(matcher, (const uint8_t *)"12", 2, NULL));
    assert_false(ananke_matcher_consume_bytes(matcher, (const uint8_t *)"x", 1, NULL));
    ananke_matcher_free(matcher);
    ananke_program_free(program);
    ananke_vocab_free(bytes);
    char *sglang = ananke_ir_export(ir, "sglang", NULL, &err);
    assert_non_null(sglang);
    assert_non_null(strstr(sglang, "json_schema"));
    ananke_text_free(sglang);
    ananke_ir_free(ir);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_what_was_written_gives_the_same_bytes),
        cmocka_unit_test(an_ir_is_saved_and_loaded),
        cmocka_unit_test(wrong_irs_are_refused_with_a_reason),
        cmocka_unit_test(exports_carry_the_grammar),
        cmocka_unit_test(an_ir_may_hold_a_json_schema_instead_of_a_grammar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
