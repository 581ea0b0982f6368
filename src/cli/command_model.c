/* `ananke model list|path|verify|pull`: the model folder, through the library's store. */
#include "cli/cli.h"
#include "cli/model.h"
#include "cli/output.h"
#include "cli/table.h"
#include <ananke/model_store.h>
#include <unistd.h>

enum { PATH_SIZE = 4096 };

bool cli_model_is_here(const ananke_model_info *model) {
    char path[PATH_SIZE];
    return ananke_model_store_path(model->name, path, sizeof path, NULL) && access(path, R_OK) == 0;
}

static bool list_json(Cli *cli) {
    yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
    yyjson_mut_val *list = yyjson_mut_arr(doc);
    yyjson_mut_doc_set_root(doc, list);
    bool built = list != NULL;
    for (size_t i = 0; built && i < ananke_model_store_count(); i++) {
        const ananke_model_info *model = ananke_model_store_get(i);
        yyjson_mut_val *object = yyjson_mut_arr_add_obj(doc, list);
        built = yyjson_mut_obj_add_str(doc, object, "name", model->name) &&
                yyjson_mut_obj_add_str(doc, object, "file", model->file) &&
                yyjson_mut_obj_add_uint(doc, object, "bytes", model->bytes) &&
                yyjson_mut_obj_add_str(doc, object, "sha256", model->sha256) &&
                yyjson_mut_obj_add_str(doc, object, "licence", model->licence) &&
                yyjson_mut_obj_add_str(doc, object, "origin", model->origin) &&
                yyjson_mut_obj_add_bool(doc, object, "default", model->is_default) &&
                yyjson_mut_obj_add_bool(doc, object, "here", cli_model_is_here(model));
    }
    bool done = built ? cli_output_json(NULL, doc, &cli->err) : cli_fail_memory(&cli->err);
    yyjson_mut_doc_free(doc);
    return done;
}

static void list_table(const Cli *cli) {
    Table *table = cli_table_new("lrlll", (const char *const[]){"MODEL", "SIZE", "HERE", "LICENCE", "FROM"});
    for (size_t i = 0; i < ananke_model_store_count(); i++) {
        const ananke_model_info *model = ananke_model_store_get(i);
        bool here = cli_model_is_here(model);
        cli_table_add(table, "%s%s", model->name, model->is_default ? " (default)" : "");
        cli_table_add(table, "%.0f MB", (double)model->bytes / 1e6);
        cli_table_add_styled(table, here ? STYLE_GOOD : STYLE_WARNING, "%s", here ? "yes" : "no");
        cli_table_add(table, "%s", model->licence);
        cli_table_add(table, "%s", model->origin);
    }
    cli_table_print(table, &cli->terminal, stdout);
    cli_table_free(table);
}

Exit cli_model_list(Cli *cli) {
    if (cli_has(cli, "json")) return list_json(cli) ? EXIT_DONE : EXIT_FAILED;
    list_table(cli);
    return EXIT_DONE;
}

/* The model that the operand names, the default one without; its path into `path`. */
static bool find(Cli *cli, const char **name, char path[PATH_SIZE]) {
    *name = cli->args.operand_count ? cli->args.operands[0] : NULL;
    return ananke_model_store_path(*name, path, PATH_SIZE, &cli->err);
}

Exit cli_model_path(Cli *cli) {
    char path[PATH_SIZE];
    const char *name;
    if (!find(cli, &name, path)) return EXIT_FAILED;
    puts(path);
    return EXIT_DONE;
}

Exit cli_model_verify(Cli *cli) {
    char path[PATH_SIZE];
    const char *name;
    if (!find(cli, &name, path) || !ananke_model_store_verify(name, &cli->context, &cli->err)) return EXIT_FAILED;
    cli_say(&cli->terminal, "%s: whole and unchanged", path);
    return EXIT_DONE;
}

Exit cli_model_pull(Cli *cli) {
    char path[PATH_SIZE];
    const char *name;
    if (!find(cli, &name, path) || !ananke_model_store_pull(name, &cli->context, &cli->err)) return EXIT_FAILED;
    cli_say(&cli->terminal, "%s: there, whole and unchanged", path);
    return EXIT_DONE;
}
