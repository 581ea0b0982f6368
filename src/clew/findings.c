/* Findings: the getters, and the reports as text and as JSON. */
#include "clew/findings.h"
#include "base/text.h"
#include <assert.h>

void ananke_findings_free(ananke_findings *findings) {
    ak_object_free(findings, sizeof *findings, offsetof(ananke_findings, arena));
}

size_t ananke_findings_count(const ananke_findings *findings) {
    return findings->items.count;
}

const ananke_violation *ananke_findings_get(const ananke_findings *findings, size_t index) {
    assert(index < findings->items.count);
    return &findings->items.items[index].view;
}

const ananke_check_summary *ananke_findings_summary(const ananke_findings *findings) {
    return &findings->summary;
}

/* ---- Text */

static void put_summary(Buf *buf, const ananke_findings *findings) {
    const ananke_check_summary *it = &findings->summary;
    size_t count = findings->items.count, rules = findings->constraints->count;
    ak_buf_format(buf, "%zu violation%s in %llu file%s; %llu of %zu constraints checked", count, count == 1 ? "" : "s",
                  (unsigned long long)it->files, it->files == 1 ? "" : "s", (unsigned long long)it->checked_constraints,
                  rules);
    if (it->error_bytes) ak_buf_format(buf, "; %llu bytes were not understood", (unsigned long long)it->error_bytes);
    if (it->skipped) ak_buf_format(buf, "; %llu skipped", (unsigned long long)it->skipped);
    ak_buf_byte(buf, '\n');
    bool first = true;
    for (size_t i = 0; i < rules; i++) {
        if (findings->is_checked[i]) continue;
        ak_buf_format(buf, "%s%s", first ? "not checked on any file: " : ", ", findings->constraints->items[i].view.id);
        first = false;
    }
    if (!first) ak_buf_byte(buf, '\n');
}

static void put_text(Buf *buf, const ananke_findings *findings) {
    for (size_t i = 0; i < findings->items.count; i++) {
        const ananke_violation *it = &findings->items.items[i].view;
        ak_buf_format(buf, "%s:%u:%u: %s: %s [%s]\n    %s\n", it->place.file, it->place.line, it->place.column,
                      ak_severity_name(it->severity), it->message, it->constraint, it->evidence);
    }
    put_summary(buf, findings);
}

/* ---- JSON */

static void put_violation(yyjson_mut_doc *doc, yyjson_mut_val *object, const ananke_violation *it) {
    yyjson_mut_obj_add_str(doc, object, "file", it->place.file);
    yyjson_mut_obj_add_uint(doc, object, "line", it->place.line);
    yyjson_mut_obj_add_uint(doc, object, "column", it->place.column);
    yyjson_mut_obj_add_uint(doc, object, "end_line", it->place.end_line);
    yyjson_mut_obj_add_uint(doc, object, "end_column", it->place.end_column);
    yyjson_mut_obj_add_str(doc, object, "constraint", it->constraint);
    yyjson_mut_obj_add_str(doc, object, "severity", ak_severity_name(it->severity));
    yyjson_mut_obj_add_str(doc, object, "message", it->message);
    yyjson_mut_obj_add_str(doc, object, "evidence", it->evidence);
}

static void put_json(Buf *buf, const ananke_findings *findings) {
    yyjson_mut_doc *doc = ak_json_new(buf->arena);
    yyjson_mut_val *root = yyjson_mut_obj(doc);
    yyjson_mut_doc_set_root(doc, root);
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(doc, root, "violations");
    for (size_t i = 0; i < findings->items.count; i++)
        put_violation(doc, yyjson_mut_arr_add_obj(doc, list), &findings->items.items[i].view);
    const ananke_check_summary *it = &findings->summary;
    yyjson_mut_val *summary = yyjson_mut_obj_add_obj(doc, root, "summary");
    yyjson_mut_obj_add_uint(doc, summary, "violations", findings->items.count);
    yyjson_mut_obj_add_uint(doc, summary, "files", it->files);
    yyjson_mut_obj_add_uint(doc, summary, "bytes", it->bytes);
    yyjson_mut_obj_add_uint(doc, summary, "error_bytes", it->error_bytes);
    yyjson_mut_obj_add_uint(doc, summary, "skipped", it->skipped);
    yyjson_mut_obj_add_uint(doc, summary, "constraints", findings->constraints->count);
    yyjson_mut_obj_add_uint(doc, summary, "checked_constraints", it->checked_constraints);
    yyjson_mut_val *unchecked = yyjson_mut_obj_add_arr(doc, summary, "unchecked");
    for (size_t i = 0; i < findings->constraints->count; i++) {
        if (!findings->is_checked[i]) yyjson_mut_arr_add_str(doc, unchecked, findings->constraints->items[i].view.id);
    }
    ak_buf_str(buf, ak_json_print(buf->arena, doc, true, NULL));
}

char *ananke_findings_text(const ananke_findings *findings, ananke_report_format format, size_t *length,
                           ananke_error *err) {
    static void (*const writers[])(Buf * buf, const ananke_findings *findings) = {
        [ANANKE_REPORT_TEXT] = put_text, [ANANKE_REPORT_JSON] = put_json, [ANANKE_REPORT_SARIF] = ak_sarif_write};
    if ((size_t)format >= sizeof writers / sizeof *writers)
        return ak_fail(err, ANANKE_ERROR_USAGE, "no such report format"), NULL;
    Arena arena = ak_arena(NULL);
    Buf buf = {.arena = &arena};
    writers[format](&buf, findings);
    char *text = NULL;
    if (ak_arena_ok(&arena)) text = ak_text_new(ak_buf_view(&buf), length, err);
    else ak_fail_memory(err, &arena);
    ak_arena_free(&arena);
    return text;
}
