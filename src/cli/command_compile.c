/* `ananke compile`: constraints files to an IR or another engine's form, with the table of how each rule is kept. */
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/rules.h"
#include "cli/table.h"
#include <ananke/ir.h>
#include <string.h>

enum { NAME_SIZE = 512 };

/* "rules/constraints.yaml" for "vllm" becomes "constraints.vllm.json", in the current folder. */
static const char *name_output(const char *input, const char *form, char buffer[NAME_SIZE]) {
    const char *slash = strrchr(input, '/'), *name = slash ? slash + 1 : input;
    const char *dot = strrchr(name, '.');
    int length = dot && dot > name ? (int)(dot - name) : (int)strlen(name);
    snprintf(buffer, NAME_SIZE, "%.*s.%s.json", length, name, form);
    return buffer;
}

static void show_enforcement(Cli *cli, const ananke_ir *ir, const char *output) {
    if (cli->terminal.quiet) return;
    size_t count = ananke_ir_enforcement_count(ir), by_tier[ANANKE_TIER_MASKED + 1] = {0};
    Table *table = cli_table_new("lll", (const char *const[]){"RULE", "KEPT", "WHY"});
    for (size_t i = 0; i < count; i++) {
        const ananke_enforcement *entry = ananke_ir_enforcement(ir, i);
        cli_table_add(table, "%s", entry->constraint);
        cli_table_add_styled(table, cli_tier_style(entry->tier), "%s", ananke_tier_name(entry->tier));
        cli_table_add(table, "%s", entry->why);
        by_tier[entry->tier]++;
    }
    cli_progress_clear(&cli->terminal);
    if (count) cli_table_print(table, &cli->terminal, stderr);
    cli_table_free(table);
    cli_say(&cli->terminal, "%s: %zu masked, %zu checked, %zu advised, %zu unsupported%s%s", ananke_ir_language(ir),
            by_tier[ANANKE_TIER_MASKED], by_tier[ANANKE_TIER_CHECKED], by_tier[ANANKE_TIER_ADVISED],
            by_tier[ANANKE_TIER_UNSUPPORTED], cli_output_is_standard(output) ? "" : " -> ",
            cli_output_is_standard(output) ? "" : output);
}

static bool print_enforcement_json(Cli *cli, const ananke_ir *ir, const char *output) {
    yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
    yyjson_mut_val *root = yyjson_mut_obj(doc);
    yyjson_mut_doc_set_root(doc, root);
    bool built = yyjson_mut_obj_add_str(doc, root, "output", output) &&
                 yyjson_mut_obj_add_str(doc, root, "language", ananke_ir_language(ir));
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(doc, root, "enforcement");
    for (size_t i = 0; built && i < ananke_ir_enforcement_count(ir); i++) {
        const ananke_enforcement *entry = ananke_ir_enforcement(ir, i);
        yyjson_mut_val *object = yyjson_mut_arr_add_obj(doc, list);
        built = yyjson_mut_obj_add_str(doc, object, "constraint", entry->constraint) &&
                yyjson_mut_obj_add_str(doc, object, "tier", ananke_tier_name(entry->tier)) &&
                yyjson_mut_obj_add_str(doc, object, "why", entry->why);
    }
    bool done = built ? cli_output_json(NULL, doc, &cli->err) : cli_fail_memory(&cli->err);
    yyjson_mut_doc_free(doc);
    return done;
}

static bool write_ir(Cli *cli, const ananke_ir *ir, const char *form, const char *output) {
    size_t length = 0;
    char *text = strcmp(form, "ir") == 0 ? ananke_ir_text(ir, &length, &cli->err)
                                         : ananke_ir_export(ir, form, &length, &cli->err);
    bool done = text && cli_output(output, text, length, &cli->err);
    ananke_text_free(text);
    return done;
}

Exit cli_compile(Cli *cli) {
    const char *form = cli_get(cli, "for"), *output = cli_get(cli, "output");
    const char *const *paths = (const char *const *)cli->args.operands;
    char named[NAME_SIZE];
    if (!form) form = "ir";
    if (!output) output = name_output(paths[0], form, named);
    if (cli_has(cli, "json") && cli_output_is_standard(output)) {
        cli_fail(&cli->err, ANANKE_ERROR_USAGE, "the IR and the table cannot both go to standard output");
        return cli_hint(&cli->err, "leave out --json, or give -o FILE"), EXIT_FAILED;
    }
    ananke_constraints *rules = cli_rules_join(paths, cli->args.operand_count, &cli->context, &cli->err);
    if (!rules) return EXIT_FAILED;
    ananke_compile_options options = {
        .context = &cli->context, .language = cli_get(cli, "language"), .strict = cli_has(cli, "strict")};
    ananke_ir *ir = ananke_compile(rules, &options, &cli->err);
    bool done = ir && write_ir(cli, ir, form, output);
    if (done) show_enforcement(cli, ir, output);
    if (done && cli_has(cli, "json")) done = print_enforcement_json(cli, ir, output);
    ananke_ir_free(ir);
    ananke_constraints_free(rules);
    return done ? EXIT_DONE : EXIT_FAILED;
}
