/* Checking: any text, taken as TypeScript, TSX or Python by its first byte, gives findings with places inside of it, or an error with words. */
#include "clew/check.h"
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

/* One checker for the whole run: compiling its queries takes longer than a text. */
static TextChecker *the_checker(void) {
    static TextChecker checker;
    static ananke_constraints *set;
    if (!set) {
        set = ananke_constraints_parse(rules, sizeof rules - 1, ANANKE_FORMAT_YAML, NULL, NULL);
        verify(set && ak_text_checker_open(&checker, set, NULL, NULL));
    }
    return &checker;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const files[] = {"a.ts", "a.tsx", "a.py"};
    ananke_error err = {0};
    if (!size) return 0;
    Str text = {(const char *)data + 1, size - 1};
    ananke_findings *findings = ak_text_checker_check(the_checker(), files[data[0] % 3], text, &err);
    verify(findings || err.message[0]);
    if (findings) verify_findings(findings, size);
    ananke_findings_free(findings);
    return 0;
}
