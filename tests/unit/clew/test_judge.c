/* Judging: the examples of every built-in kind, in every language that it knows: what must pass passes, what must fail fails. */
#include "../test.h"
#include "base/buf.h"
#include "clew/check.h"
#include "model/kind.h"
#include <stdio.h>

typedef struct Example {
    Arena *arena;
    const Kind *kind;
    const KindCase *about;
    Str language, file;
    TextChecker *checker; /* its constraints change from example to example, its queries do not */
} Example;

/* A set of one constraint: what chooses the case, and the example's parameters. */
static ananke_constraints *set_for(const Example *it, yyjson_val *parameters) {
    yyjson_mut_doc *doc = ak_json_new(it->arena);
    yyjson_mut_val *root = yyjson_mut_obj(doc);
    yyjson_mut_doc_set_root(doc, root);
    yyjson_mut_obj_add_uint(doc, root, "version", 1);
    yyjson_mut_val *rule = yyjson_mut_arr_add_obj(doc, yyjson_mut_obj_add_arr(doc, root, "constraints"));
    yyjson_mut_obj_add_str(doc, rule, "id", "it");
    ak_json_put_str(doc, rule, "kind", it->kind->id);
    ak_json_put_str(doc, rule, "language", it->language);
    yyjson_mut_val *object = yyjson_mut_obj_add_obj(doc, rule, "parameters");
    size_t i, count;
    yyjson_val *key, *value;
    if (!parameters) parameters = it->about->when;
    yyjson_obj_foreach(parameters, i, count, key, value) {
        yyjson_mut_obj_add(object, yyjson_val_mut_copy(doc, key), yyjson_val_mut_copy(doc, value));
    }
    Str text = ak_json_print(it->arena, doc, false, NULL);
    ananke_error err = {0};
    ananke_constraints *set = ananke_constraints_parse(text.data, text.length, ANANKE_FORMAT_JSON, NULL, &err);
    if (!set) fail_msg("%s: %s", it->kind->id.data, err.message);
    return set;
}

static size_t count_violations(const Example *it, Str code) {
    ananke_error err = {0};
    ananke_findings *findings = ak_text_checker_check(it->checker, it->file.data, code, &err);
    if (!findings) fail_msg("%s: %s", it->kind->id.data, err.message);
    const ananke_check_summary *summary = ananke_findings_summary(findings);
    if (summary->error_bytes) fail_msg("%s: the example does not parse: %s", it->kind->id.data, code.data);
    if (!summary->checked_constraints) fail_msg("%s: not checked on %s", it->kind->id.data, it->language.data);
    size_t count = ananke_findings_count(findings);
    ananke_findings_free(findings);
    return count;
}

static void run_example(const Example *it, yyjson_val *example) {
    ananke_constraints *set = set_for(it, yyjson_obj_get(example, "parameters"));
    it->checker->constraints = set;
    size_t i, count;
    yyjson_val *code;
    assert_true(yyjson_arr_size(yyjson_obj_get(example, "pass")) > 0 &&
                yyjson_arr_size(yyjson_obj_get(example, "fail")) > 0);
    yyjson_arr_foreach(yyjson_obj_get(example, "pass"), i, count, code) {
        if (count_violations(it, ak_json_str(code)) > 0)
            fail_msg("%s must pass: %s", ananke_constraints_get(set, 0)->message, yyjson_get_str(code));
    }
    yyjson_arr_foreach(yyjson_obj_get(example, "fail"), i, count, code) {
        if (count_violations(it, ak_json_str(code)) == 0)
            fail_msg("%s must fail: %s", ananke_constraints_get(set, 0)->message, yyjson_get_str(code));
    }
    ananke_constraints_free(set);
}

static size_t run_case(const Languages *languages, Example *it) {
    size_t l, languages_count, i, count, run = 0;
    yyjson_val *key, *list, *example;
    yyjson_obj_foreach(it->about->examples, l, languages_count, key, list) {
        const Language *language = ak_language_find(languages, ak_json_str(key));
        if (!language) fail_msg("%s: no language is called %s", it->kind->id.data, yyjson_get_str(key));
        it->language = language->name;
        it->file = ak_arena_format(it->arena, "example%s", language->grammars[0].extensions[0].data);
        yyjson_arr_foreach(list, i, count, example) run_example(it, example), run++;
    }
    return run;
}

TEST(the_examples_of_every_kind_hold) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Kinds kinds;
    TextChecker checker;
    assert_true(ak_kinds_load(&kinds, &arena, NULL) && ak_text_checker_open(&checker, NULL, NULL, NULL));
    for (size_t k = 0; k < kinds.count; k++) {
        size_t run = 0;
        for (size_t c = 0; c < kinds.items[k].case_count; c++) {
            Example it = {
                .arena = &arena, .kind = &kinds.items[k], .about = &kinds.items[k].cases[c], .checker = &checker};
            run += run_case(&checker.reader.languages, &it);
        }
        if (!run) fail_msg("%s has no example", kinds.items[k].id.data);
    }
    ak_text_checker_close(&checker);
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_examples_of_every_kind_hold)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
