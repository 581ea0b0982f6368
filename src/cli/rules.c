/* An IR is told from a constraints file by its keys, not by its name: users rename files. */
#include "cli/rules.h"
#include "cli/failure.h"
#include <stdlib.h>
#include <string.h>
#include <yyjson.h>

bool cli_rules_is_ir(const char *text, size_t length) {
    yyjson_doc *doc = yyjson_read(text, length, 0);
    yyjson_val *root = yyjson_doc_get_root(doc);
    bool is_ir = yyjson_obj_get(root, "enforcement") && yyjson_obj_get(root, "grammar");
    yyjson_doc_free(doc);
    return is_ir;
}

ananke_constraints *cli_rules_join(const char *const *paths, size_t count, const ananke_context *context,
                                   ananke_error *err) {
    if (count == 1) return ananke_constraints_load(paths[0], ANANKE_FORMAT_AUTO, context, err);
    ananke_constraints **sets = calloc(count, sizeof(ananke_constraints *));
    if (!sets) return cli_fail_memory(err), NULL;
    size_t loaded = 0;
    while (loaded < count && (sets[loaded] = ananke_constraints_load(paths[loaded], ANANKE_FORMAT_AUTO, context, err)))
        loaded++;
    ananke_constraints *joined = NULL;
    if (loaded == count)
        joined = ananke_constraints_merge((const ananke_constraints *const *)sets, count, context, err);
    for (size_t i = 0; i < loaded; i++) ananke_constraints_free(sets[i]);
    free(sets);
    return joined;
}
