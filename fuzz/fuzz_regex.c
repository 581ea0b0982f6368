/* Regular expressions: any text gives an expression or an error with words; an expression has a shortest text
 * exactly when it is not empty, and matches it. */
#include "regex/regex.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void verify(bool good) {
    if (!good) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    ananke_context context = {.memory_limit = 64 << 20};
    Arena arena = ak_arena(&context);
    ananke_error err = {0};
    Exprs exprs;
    Str text = {(const char *)data, size};
    verify(ak_exprs_init(&exprs, &arena, 300000));
    RegexText regex = {.text = text, .source = text};
    Expr expr = ak_regex_parse(&exprs, &regex, &err);
    verify(expr || err.message[0]);
    if (expr) {
        ak_exprs_seal(&exprs);
        bool is_empty = ak_expr_is_empty(&exprs, expr);
        Str shortest = ak_expr_shortest(&exprs, expr, &arena);
        if (ak_exprs_ok(&exprs, NULL)) verify(is_empty == (shortest.data == NULL));
        bool matches = shortest.data && ak_expr_matches(&exprs, expr, shortest);
        if (shortest.data && ak_exprs_ok(&exprs, NULL)) verify(matches);
    }
    ak_arena_free(&arena);
    return 0;
}
