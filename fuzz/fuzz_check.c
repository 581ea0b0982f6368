/* Checking: any text, taken as TypeScript, TSX or Python by its first byte, gives findings with places inside of it, or an error with words. */
#include <ananke/check.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char rules[] =
    "version: 1\n"
    "constraints:\n"
    "  - {id: a, kind: naming, parameters: {symbol: function, style: snake_case, leading: none}}\n"
    "  - {id: b, kind: naming-pattern, parameters: {symbol: class, pattern: '^[A-Z]+$'}}\n"
    "  - {id: c, kind: imports, parameters: {modules: [os], relative: false}}\n"
    "  - {id: d, kind: quotes, parameters: {style: single}}\n"
    "  - {id: e, kind: indentation, parameters: {unit: tab}}\n"
    "  - {id: f, kind: require, parameters: {what: return-types}}\n"
    "  - {id: g, kind: forbid, parameters: {what: eval}}\n";

static void verify(bool good) {
    if (!good) abort();
}

static void verify_findings(const ananke_findings *findings, size_t size) {
    for (size_t i = 0; i < ananke_findings_count(findings); i++) {
        const ananke_violation *it = ananke_findings_get(findings, i);
        verify(it->place.line >= 1 && it->place.line <= it->place.end_line && it->place.end_line <= size + 1);
        verify(it->message[0] && it->evidence[0]);
    }
    for (int format = ANANKE_REPORT_TEXT; format <= ANANKE_REPORT_SARIF; format++) {
        char *text = ananke_findings_text(findings, (ananke_report_format)format, NULL, NULL);
        verify(text != NULL);
        ananke_text_free(text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const files[] = {"a.ts", "a.tsx", "a.py"};
    ananke_error err = {0};
    if (!size) return 0;
    ananke_constraints *set = ananke_constraints_parse(rules, sizeof rules - 1, ANANKE_FORMAT_YAML, NULL, NULL);
    ananke_findings *findings =
        ananke_check_text(files[data[0] % 3], (const char *)data + 1, size - 1, set, NULL, &err);
    verify(findings || err.message[0]);
    if (findings) verify_findings(findings, size);
    ananke_findings_free(findings);
    ananke_constraints_free(set);
    return 0;
}
