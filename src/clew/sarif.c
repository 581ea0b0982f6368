/* SARIF 2.1.0: one run, a rule for each constraint, a result for each violation. Columns count code points there, and places are URIs. */
#include "clew/findings.h"
#include <ananke/version.h>

static const char *level(ananke_severity severity) {
    return severity == ANANKE_SEVERITY_ERROR ? "error" : severity == ANANKE_SEVERITY_WARNING ? "warning" : "note";
}

static void add_message(yyjson_mut_doc *doc, yyjson_mut_val *object, const char *key, const char *text) {
    yyjson_mut_obj_add_str(doc, yyjson_mut_obj_add_obj(doc, object, key), "text", text);
}

static void add_rule(yyjson_mut_doc *doc, yyjson_mut_val *rules, const Constraint *it) {
    yyjson_mut_val *rule = yyjson_mut_arr_add_obj(doc, rules);
    yyjson_mut_obj_add_str(doc, rule, "id", it->view.id);
    add_message(doc, rule, "shortDescription", it->view.message);
    yyjson_mut_obj_add_str(doc, yyjson_mut_obj_add_obj(doc, rule, "defaultConfiguration"), "level",
                           level(it->view.severity));
    yyjson_mut_val *properties = yyjson_mut_obj_add_obj(doc, rule, "properties");
    yyjson_mut_obj_add_str(doc, properties, "kind", it->view.kind);
    yyjson_mut_obj_add_str(doc, properties, "category", it->view.category);
    yyjson_mut_obj_add_real(doc, properties, "confidence", it->view.confidence);
}

/* A path as a URI reference: bytes that a path segment may not hold are percent-encoded; an absolute path gets its scheme. */
static Str uri_of(Arena *arena, const char *path) {
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/!$&'()*+,;=@";
    Buf buf = {.arena = arena};
    if (path[0] == '/') ak_buf_text(&buf, "file://");
    for (const char *at = path; *at; at++) {
        if (strchr(plain, *at)) ak_buf_byte(&buf, *at);
        else ak_buf_format(&buf, "%%%02X", (unsigned char)*at);
    }
    return ak_buf_view(&buf);
}

static void add_result(Arena *arena, yyjson_mut_doc *doc, yyjson_mut_val *results, const Violation *it, size_t rule) {
    yyjson_mut_val *result = yyjson_mut_arr_add_obj(doc, results);
    yyjson_mut_obj_add_str(doc, result, "ruleId", it->view.constraint);
    yyjson_mut_obj_add_uint(doc, result, "ruleIndex", rule);
    yyjson_mut_obj_add_str(doc, result, "level", level(it->view.severity));
    add_message(doc, result, "message", it->view.message);
    yyjson_mut_val *location = yyjson_mut_arr_add_obj(doc, yyjson_mut_obj_add_arr(doc, result, "locations"));
    yyjson_mut_val *physical = yyjson_mut_obj_add_obj(doc, location, "physicalLocation");
    ak_json_put_str(doc, yyjson_mut_obj_add_obj(doc, physical, "artifactLocation"), "uri",
                    uri_of(arena, it->view.place.file));
    yyjson_mut_val *region = yyjson_mut_obj_add_obj(doc, physical, "region");
    yyjson_mut_obj_add_uint(doc, region, "startLine", it->view.place.line);
    yyjson_mut_obj_add_uint(doc, region, "startColumn", it->column_points);
    yyjson_mut_obj_add_uint(doc, region, "endLine", it->view.place.end_line);
    yyjson_mut_obj_add_uint(doc, region, "endColumn", it->end_column_points);
    yyjson_mut_obj_add_str(doc, yyjson_mut_obj_add_obj(doc, result, "properties"), "evidence", it->view.evidence);
}

void ak_sarif_write(Buf *buf, const ananke_findings *findings) {
    Arena *arena = buf->arena;
    const ananke_constraints *set = findings->constraints;
    yyjson_mut_doc *doc = ak_json_new(arena);
    yyjson_mut_val *root = yyjson_mut_obj(doc);
    yyjson_mut_doc_set_root(doc, root);
    yyjson_mut_obj_add_str(doc, root, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    yyjson_mut_obj_add_str(doc, root, "version", "2.1.0");
    yyjson_mut_val *run = yyjson_mut_arr_add_obj(doc, yyjson_mut_obj_add_arr(doc, root, "runs"));
    yyjson_mut_val *driver = yyjson_mut_obj_add_obj(doc, yyjson_mut_obj_add_obj(doc, run, "tool"), "driver");
    yyjson_mut_obj_add_str(doc, driver, "name", "Ananke");
    yyjson_mut_obj_add_str(doc, driver, "version", ANANKE_VERSION);
    yyjson_mut_val *rules = yyjson_mut_obj_add_arr(doc, driver, "rules");
    for (size_t i = 0; i < set->count; i++) add_rule(doc, rules, &set->items[i]);
    yyjson_mut_obj_add_str(doc, run, "columnKind", "unicodeCodePoints");
    yyjson_mut_val *results = yyjson_mut_obj_add_arr(doc, run, "results");
    for (size_t i = 0; i < findings->items.count; i++) {
        const Violation *it = &findings->items.items[i];
        add_result(arena, doc, results, it, (size_t)(it->constraint - set->items));
    }
    ak_buf_str(buf, ak_json_print(arena, doc, true, NULL));
}
