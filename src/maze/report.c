/* The report of a generation as JSON: what was to be kept, how, and with what outcome; the figures; what the check found. It states what was done and
 * nothing that was not verified: an outcome is "kept" only when the check has read the text. */
#include "base/json.h"
#include "base/text.h"
#include "maze/generation.h"

static const char *const outcome_names[] = {
    [ANANKE_OUTCOME_UNKNOWN] = "unknown",
    [ANANKE_OUTCOME_KEPT] = "kept",
    [ANANKE_OUTCOME_BROKEN] = "broken",
};

typedef struct Report {
    Arena arena;
    yyjson_mut_doc *doc;
    const ananke_generation *generation;
} Report;

static void put_text(Report *report, yyjson_mut_val *object, const char *key, const char *text) {
    ak_json_put_str(report->doc, object, key, ak_str(text));
}

static void put_number(Report *report, yyjson_mut_val *object, const char *key, double number) {
    yyjson_mut_obj_add_real(report->doc, object, key, number);
}

static void put_count(Report *report, yyjson_mut_val *object, const char *key, uint64_t count) {
    yyjson_mut_obj_add_uint(report->doc, object, key, count);
}

static void put_settings(Report *report, yyjson_mut_val *root) {
    const ananke_generation *of = report->generation;
    if (of->ir) put_text(report, root, "language", ananke_ir_language(of->ir));
    yyjson_mut_obj_add_bool(report->doc, root, "masked", of->is_masked);
    put_text(report, root, "model", of->model_path);
    put_count(report, root, "seed", of->seed);
    yyjson_mut_obj_add_float(report->doc, root, "temperature", of->temperature);
    yyjson_mut_obj_add_float(report->doc, root, "top_p", of->top_p);
    yyjson_mut_val *prompt = yyjson_mut_obj_add_obj(report->doc, root, "prompt");
    put_count(report, prompt, "tokens", of->report.prompt_tokens);
    put_text(report, prompt, "roles", of->roles);
    if (!of->in_file[0]) return;
    put_text(report, prompt, "file", of->in_file);
    put_count(report, prompt, "file_bytes", of->file_bytes);
    put_count(report, prompt, "file_bytes_used", of->file_used);
}

static void put_figures(Report *report, yyjson_mut_val *root) {
    const ananke_generation_report *figures = &report->generation->report;
    put_text(report, root, "stop", figures->stop);
    yyjson_mut_obj_add_bool(report->doc, root, "complete", figures->complete);
    put_count(report, root, "completed_bytes", figures->completed_bytes);
    put_count(report, root, "dropped_bytes", figures->dropped_bytes);
    put_count(report, root, "rewinds", figures->rewinds);
    put_count(report, root, "tokens", figures->tokens);
    put_number(report, root, "tokens_per_second", figures->tokens_per_second);
    put_count(report, root, "interventions", figures->interventions);
    put_number(report, root, "masked_mass", figures->masked_mass);
    yyjson_mut_val *mask = yyjson_mut_obj_add_obj(report->doc, root, "mask_us");
    put_number(report, mask, "avg", figures->mask_us_avg);
    put_number(report, mask, "p50", figures->mask_us_p50);
    put_number(report, mask, "p99", figures->mask_us_p99);
    put_number(report, mask, "max", figures->mask_us_max);
}

static uint64_t count_violations(const ananke_findings *findings, const char *id) {
    uint64_t count = 0;
    for (size_t i = 0; i < ananke_findings_count(findings); i++)
        count += strcmp(ananke_findings_get(findings, i)->constraint, id) == 0;
    return count;
}

static void put_constraints(Report *report, yyjson_mut_val *root) {
    const ananke_generation *of = report->generation;
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(report->doc, root, "constraints");
    const ananke_constraints *constraints = ananke_ir_constraints(of->ir);
    for (size_t i = 0; i < ananke_ir_enforcement_count(of->ir); i++) {
        const ananke_enforcement *enforcement = ananke_ir_enforcement(of->ir, i);
        yyjson_mut_val *row = yyjson_mut_arr_add_obj(report->doc, list);
        put_text(report, row, "constraint", enforcement->constraint);
        put_text(report, row, "message", ananke_constraints_get(constraints, i)->message);
        put_text(report, row, "tier", ananke_tier_name(enforcement->tier));
        put_text(report, row, "why", enforcement->why);
        put_text(report, row, "outcome", outcome_names[of->outcomes[i]]);
        put_count(report, row, "violations", count_violations(of->findings, enforcement->constraint));
    }
}

/* The check's own report, as it is. */
static bool put_findings(Report *report, yyjson_mut_val *root, ananke_error *err) {
    size_t length;
    char *text = ananke_findings_text(report->generation->findings, ANANKE_REPORT_JSON, &length, err);
    if (!text) return false;
    yyjson_doc *read = ak_json_parse(&report->arena, (Str){text, length}, NULL, err);
    if (read)
        yyjson_mut_obj_add_val(report->doc, root, "check", yyjson_val_mut_copy(report->doc, yyjson_doc_get_root(read)));
    ananke_text_free(text);
    return read != NULL;
}

static bool build(Report *report, ananke_error *err) {
    report->doc = ak_json_new(&report->arena);
    yyjson_mut_val *root = report->doc ? yyjson_mut_obj(report->doc) : NULL;
    if (!root) return ak_fail_memory(err, &report->arena);
    yyjson_mut_doc_set_root(report->doc, root);
    put_settings(report, root);
    put_figures(report, root);
    if (report->generation->ir) put_constraints(report, root);
    if (report->generation->ir && !put_findings(report, root, err)) return false;
    return ak_arena_ok(&report->arena) || ak_fail_memory(err, &report->arena);
}

char *ananke_generation_report_text(const ananke_generation *generation, size_t *length, ananke_error *err) {
    Report report = {.arena = ak_arena(NULL), .generation = generation};
    Str text = {0};
    char *copy = NULL;
    if (build(&report, err)) text = ak_json_print(&report.arena, report.doc, true, err);
    if (text.data) copy = ak_text_new(text, length, err);
    ak_arena_free(&report.arena);
    return copy;
}
