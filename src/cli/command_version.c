/* `ananke version`. */
#include "cli/cli.h"
#include "cli/help.h"
#include "cli/output.h"
#include <ananke/version.h>

Exit cli_show_version(Cli *cli) {
    if (!cli_has(cli, "json")) return cli_help_version(), EXIT_DONE;
    yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
    yyjson_mut_val *root = yyjson_mut_obj(doc);
    yyjson_mut_doc_set_root(doc, root);
    bool built = yyjson_mut_obj_add_str(doc, root, "version", ANANKE_VERSION) &&
                 yyjson_mut_obj_add_str(doc, root, "library", ananke_version());
    bool done = built ? cli_output_json(NULL, doc, &cli->err) : cli_fail_memory(&cli->err);
    yyjson_mut_doc_free(doc);
    return done ? EXIT_DONE : EXIT_FAILED;
}
