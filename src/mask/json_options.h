/* How generated JSON is spaced, and how strictly a schema is taken: the caller's ananke_json_options, and above them what the schema itself says under
 * `x-guidance` at its root, as llguidance has it.
 *
 * A key that x-guidance lacks is as the options say; only white space comes as a whole: with `whitespace_flexible` or `whitespace_pattern` the separators
 * are `,` and `:` where x-guidance has no others. */
#ifndef AK_MASK_JSON_OPTIONS_H
#define AK_MASK_JSON_OPTIONS_H

#include "base/json.h"
#include "regex/regex_expr.h"
#include <ananke/program.h>

typedef struct JsonOptions {
    Expr gap;            /* white space behind opening brackets and separators, and before closing brackets */
    Expr separator_gap;  /* and before separators */
    Expr item, key;      /* the separators */
    bool is_empty_apart; /* between the brackets of nothing there is one gap; else there may be two */
    bool is_indented; /* lines of their own for members, `indent` blanks deeper than their brackets; `gap` is empty */
    uint32_t indent;
    bool is_any_order;     /* of the members of objects; else the listed one */
    bool is_one_of_any_of; /* oneOf is taken as anyOf */
    bool is_lenient;       /* what is not supported is left out */
} JsonOptions;

/* `options` may be NULL: the defaults; `root` is the schema. False and `err` when they, or its x-guidance, are not right. */
bool ak_json_options_read(JsonOptions *self, const ananke_json_options *options, yyjson_val *root, Exprs *exprs,
                          ananke_error *err);

#endif
