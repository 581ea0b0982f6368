/* `ananke extract`: rules out of code, with a table of what was found. */
#include "cli/cli.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/table.h"
#include <ananke/extract.h>
#include <string.h>

static bool ends_in(const char *path, const char *ending) {
    size_t length = strlen(path), tail = strlen(ending);
    return length >= tail && strcmp(path + length - tail, ending) == 0;
}

/* --format, else the output's name, else JSON. */
static ananke_format choose_format(const Cli *cli) {
    const char *format = cli_get(cli, "format"), *output = cli_get(cli, "output");
    if (format) return strcmp(format, "yaml") == 0 ? ANANKE_FORMAT_YAML : ANANKE_FORMAT_JSON;
    return output && (ends_in(output, ".yaml") || ends_in(output, ".yml")) ? ANANKE_FORMAT_YAML : ANANKE_FORMAT_JSON;
}

static bool read_options(Cli *cli, ananke_extract_options *options) {
    uint64_t support = 0, threads = 0;
    if (!cli_args_decimal(&cli->args, "min-confidence", 0, 1, &options->min_confidence, &cli->err)) return false;
    if (!cli_args_count(&cli->args, "min-support", 1, UINT32_MAX, &support, &cli->err)) return false;
    if (!cli_args_count(&cli->args, "threads", 1, 1024, &threads, &cli->err)) return false;
    options->min_support = (uint32_t)support;
    cli->context.threads = (uint32_t)threads;
    options->context = &cli->context;
    return true;
}

static void show_rules(Cli *cli, const ananke_constraints *rules) {
    Table *table = cli_table_new("llrrl", (const char *const[]){"RULE", "KIND", "SUPPORT", "CONFIDENCE", "SAYS"});
    for (size_t i = 0; i < ananke_constraints_count(rules); i++) {
        const ananke_constraint *rule = ananke_constraints_get(rules, i);
        cli_table_add(table, "%s", rule->id);
        cli_table_add_styled(table, STYLE_DIM, "%s", rule->kind);
        if (rule->exception_count)
            cli_table_add(table, "%u of %u", rule->support - rule->exception_count, rule->support);
        else cli_table_add(table, "%u", rule->support);
        cli_table_add(table, "%.3f", rule->confidence);
        cli_table_add(table, "%s", rule->message);
    }
    cli_progress_clear(&cli->terminal);
    cli_table_print(table, &cli->terminal, stderr);
    cli_table_free(table);
}

static void show_summary(Cli *cli, const ananke_constraints *rules, const ananke_extract_summary *summary,
                         const char *output) {
    if (cli->terminal.quiet) return;
    if (ananke_constraints_count(rules)) show_rules(cli, rules);
    size_t count = ananke_constraints_count(rules);
    cli_say(&cli->terminal,
            "%zu rule%s from %llu file%s, %.2f MB (%llu bytes not understood), %llu skipped, %.2f s%s%s", count,
            count == 1 ? "" : "s", (unsigned long long)summary->files, summary->files == 1 ? "" : "s",
            (double)summary->bytes / 1e6, (unsigned long long)summary->error_bytes,
            (unsigned long long)summary->skipped, (double)summary->wall_us / 1e6,
            cli_output_is_standard(output) ? "" : " -> ", cli_output_is_standard(output) ? "" : output);
}

static bool print_summary_json(Cli *cli, const ananke_constraints *rules, const ananke_extract_summary *summary,
                               const char *output) {
    yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
    yyjson_mut_val *root = yyjson_mut_obj(doc);
    yyjson_mut_doc_set_root(doc, root);
    bool built = yyjson_mut_obj_add_str(doc, root, "output", output) &&
                 yyjson_mut_obj_add_uint(doc, root, "rules", ananke_constraints_count(rules)) &&
                 yyjson_mut_obj_add_uint(doc, root, "files", summary->files) &&
                 yyjson_mut_obj_add_uint(doc, root, "bytes", summary->bytes) &&
                 yyjson_mut_obj_add_uint(doc, root, "error_bytes", summary->error_bytes) &&
                 yyjson_mut_obj_add_uint(doc, root, "skipped", summary->skipped) &&
                 yyjson_mut_obj_add_uint(doc, root, "parse_us", summary->parse_us) &&
                 yyjson_mut_obj_add_uint(doc, root, "wall_us", summary->wall_us);
    bool done = built ? cli_output_json(NULL, doc, &cli->err) : cli_fail_memory(&cli->err);
    yyjson_mut_doc_free(doc);
    return done;
}

static bool write_rules(Cli *cli, const ananke_constraints *rules, const char *output, ananke_format format) {
    size_t length = 0;
    char *text = ananke_constraints_text(rules, format, &length, &cli->err);
    bool done = text && cli_output(output, text, length, &cli->err);
    ananke_text_free(text);
    return done;
}

Exit cli_extract(Cli *cli) {
    ananke_format format = choose_format(cli);
    const char *output = cli_get(cli, "output");
    if (!output) output = format == ANANKE_FORMAT_YAML ? "constraints.yaml" : "constraints.json";
    if (cli_has(cli, "json") && cli_output_is_standard(output)) {
        cli_fail(&cli->err, ANANKE_ERROR_USAGE, "the rules and the summary cannot both go to standard output");
        return cli_hint(&cli->err, "leave out --json, or give -o FILE"), EXIT_FAILED;
    }
    ananke_extract_options options = {0};
    if (!read_options(cli, &options)) return EXIT_FAILED;
    ananke_extract_summary summary = {0};
    ananke_constraints *rules =
        ananke_extract((const char *const *)cli->args.operands, cli->args.operand_count, &options, &summary, &cli->err);
    if (!rules) return EXIT_FAILED;
    bool done = write_rules(cli, rules, output, format);
    if (done) show_summary(cli, rules, &summary, output);
    if (done && cli_has(cli, "json")) done = print_summary_json(cli, rules, &summary, output);
    ananke_constraints_free(rules);
    return done ? EXIT_DONE : EXIT_FAILED;
}
