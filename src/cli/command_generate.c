/* `ananke generate`: a local model writes under the rules; the text streams to the terminal, the report follows on standard error.
 *
 * Only a terminal sees the text while it is made: its end may still be cut back to the last finished construct, and a file or a pipe must get the
 * text as it is in the end. */
#include "cli/cli.h"
#include "cli/interrupt.h"
#include "cli/model.h"
#include "cli/output.h"
#include "cli/rules.h"
#include "cli/table.h"
#include <ananke/file.h>
#include <ananke/generate.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_SIZE = 4096, RULES_LIMIT = 64 << 20 };
static const char default_ir[] = "constraints.ir.json";

/* ---- Rules */

static ananke_ir *compile(Cli *cli, ananke_constraints *rules) {
    ananke_compile_options options = {.context = &cli->context, .language = cli_get(cli, "language")};
    ananke_ir *ir = rules ? ananke_compile(rules, &options, &cli->err) : NULL;
    ananke_constraints_free(rules);
    return ir;
}

/* An IR as it is; a constraints file is compiled first. */
static ananke_ir *load_ir(Cli *cli, const char *path) {
    size_t length = 0;
    char *text = ananke_file_read(path, RULES_LIMIT, &length, &cli->err);
    if (!text) return NULL;
    bool is_ir = cli_rules_is_ir(text, length);
    ananke_text_free(text);
    if (is_ir) return ananke_ir_load(path, &cli->context, &cli->err);
    return compile(cli, ananke_constraints_load(path, ANANKE_FORMAT_AUTO, &cli->context, &cli->err));
}

/* The rules as the options say; *ir is NULL with --no-constraints. */
static bool find_ir(Cli *cli, ananke_ir **ir) {
    static const char no_rules[] = "{\"version\": 1, \"constraints\": []}";
    const char *path = cli_get(cli, "constraints");
    *ir = NULL;
    if (cli_has(cli, "no-constraints")) return true;
    if (path) *ir = load_ir(cli, path);
    else if (access(default_ir, R_OK) == 0) *ir = load_ir(cli, default_ir);
    else if (cli_has(cli, "language"))
        *ir = compile(
            cli, ananke_constraints_parse(no_rules, strlen(no_rules), ANANKE_FORMAT_JSON, &cli->context, &cli->err));
    else {
        cli_fail(&cli->err, ANANKE_ERROR_USAGE, "there is no %s in this folder", default_ir);
        cli_hint(&cli->err,
                 "`ananke extract . && ananke compile constraints.json` makes one; --language L does without");
    }
    const char *language = cli_get(cli, "language");
    if (*ir && language && strcmp(language, ananke_ir_language(*ir)) != 0) {
        cli_fail(&cli->err, ANANKE_ERROR_USAGE, "the rules are compiled for %s, not for %s", ananke_ir_language(*ir),
                 language);
        ananke_ir_free(*ir);
        *ir = NULL;
    }
    return *ir != NULL;
}

/* ---- Model */

/* A path is a path; every other word is a name of the model folder. */
static bool find_model(Cli *cli, char path[PATH_SIZE]) {
    const char *model = cli_get(cli, "model");
    size_t length = model ? strlen(model) : 0;
    if (model && (strchr(model, '/') || (length > 5 && strcmp(model + length - 5, ".gguf") == 0))) {
        snprintf(path, PATH_SIZE, "%s", model);
        return length < PATH_SIZE || cli_fail(&cli->err, ANANKE_ERROR_USAGE, "the model's path is too long");
    }
    if (!ananke_model_store_path(model, path, PATH_SIZE, &cli->err)) return false;
    if (access(path, R_OK) == 0) return true;
    cli_fail(&cli->err, ANANKE_ERROR_IO, model ? "the model is not there" : "the default model is not there");
    cli_fail_in(&cli->err, path);
    return cli_hint(&cli->err, "`ananke model pull%s%s` fetches it", model ? " " : "", model ? model : "");
}

/* ---- The text on its way */

typedef struct Stream {
    Terminal *terminal;
    bool shows; /* standard output is one */
    size_t shown;
} Stream;

static bool take_piece(void *data, const char *piece, size_t length) {
    Stream *stream = data;
    if (stream->shows && !piece) {
        fputs("\n--- that breaks a rule; again:\n", stdout);
        stream->shown = 0;
    } else if (stream->shows) {
        cli_progress_end(stream->terminal);
        fwrite(piece, 1, length, stdout);
        fflush(stdout);
        stream->shown += length;
    }
    return !cli_interrupted(NULL);
}

/* What of the final text has not been shown yet. A terminal gets a line that is ended; files and pipes the text as it is. */
static bool write_text(Cli *cli, const ananke_generation *generation, const Stream *stream) {
    size_t length = 0;
    const char *text = ananke_generation_text(generation, &length);
    const char *output = cli_get(cli, "output");
    if (!cli_output_is_standard(output)) return cli_output(output, text, length, &cli->err);
    size_t shown = stream->shown < length ? stream->shown : length;
    if (!cli_output(NULL, text + shown, length - shown, &cli->err)) return false;
    bool wants_newline = cli->terminal.out_is_terminal && length && text[length - 1] != '\n';
    return !wants_newline || cli_output(NULL, "\n", 1, &cli->err);
}

/* ---- The report */

static const char *outcome_name(ananke_outcome outcome) {
    return outcome == ANANKE_OUTCOME_KEPT ? "kept" : outcome == ANANKE_OUTCOME_BROKEN ? "broken" : "not verified";
}

static void show_outcomes(Cli *cli, const ananke_ir *ir, const ananke_generation *generation) {
    Table *table = cli_table_new("llll", (const char *const[]){"RULE", "KEPT BY", "OUTCOME", "WHY"});
    size_t count = ananke_ir_enforcement_count(ir);
    for (size_t i = 0; i < count; i++) {
        const ananke_enforcement *entry = ananke_ir_enforcement(ir, i);
        ananke_outcome outcome = ananke_generation_outcome(generation, i);
        Style style = outcome == ANANKE_OUTCOME_KEPT     ? STYLE_GOOD
                      : outcome == ANANKE_OUTCOME_BROKEN ? STYLE_BAD
                                                         : STYLE_WARNING;
        cli_table_add(table, "%s", entry->constraint);
        cli_table_add_styled(table, cli_tier_style(entry->tier), "%s",
                             cli_has(cli, "unconstrained") ? "nothing" : ananke_tier_name(entry->tier));
        cli_table_add_styled(table, style, "%s", outcome_name(outcome));
        cli_table_add(table, "%s", entry->why);
    }
    if (count) cli_table_print(table, &cli->terminal, stderr);
    cli_table_free(table);
}

static void show_findings(Cli *cli, const ananke_findings *findings) {
    for (size_t i = 0; findings && i < ananke_findings_count(findings); i++) {
        const ananke_violation *violation = ananke_findings_get(findings, i);
        cli_say(&cli->terminal, "%s:%u:%u: %s [%s]", violation->place.file, (unsigned)violation->place.line,
                (unsigned)violation->place.column, violation->message, violation->constraint);
    }
}

static void show_report(Cli *cli, const ananke_ir *ir, const ananke_generation *generation) {
    if (cli->terminal.quiet) return;
    const ananke_generation_report *report = ananke_generation_report_get(generation);
    Terminal *terminal = &cli->terminal;
    cli_say(terminal, "%s", "");
    if (ir) show_outcomes(cli, ir, generation);
    show_findings(cli, ananke_generation_findings(generation));
    cli_say(terminal, "%u tokens after a prompt of %u, %.1f tokens/s, stopped by: %s%s", (unsigned)report->tokens,
            (unsigned)report->prompt_tokens, report->tokens_per_second, report->stop,
            ir && !report->complete ? "; the text is not complete" : "");
    if (ir && !cli_has(cli, "unconstrained")) {
        cli_say(
            terminal,
            "mask and consume: avg %.0f, p50 %.0f, p99 %.0f, max %.0f microseconds; %u first choices masked, %.1f %% of the probability",
            report->mask_us_avg, report->mask_us_p50, report->mask_us_p99, report->mask_us_max,
            (unsigned)report->interventions, report->masked_mass * 100);
    }
    if (report->completed_bytes)
        cli_say(terminal, "the last construct was completed with %u bytes", (unsigned)report->completed_bytes);
    if (report->dropped_bytes)
        cli_say(terminal, "%u bytes of an unfinished construct at the end were dropped",
                (unsigned)report->dropped_bytes);
}

/* The library's report with the text in it. */
static bool print_json(Cli *cli, const ananke_generation *generation) {
    size_t length = 0, text_length = 0;
    char *report = ananke_generation_report_text(generation, &length, &cli->err);
    if (!report) return false;
    yyjson_doc *read = yyjson_read(report, length, 0);
    yyjson_mut_doc *doc = yyjson_doc_mut_copy(read, NULL);
    yyjson_mut_val *root = yyjson_mut_doc_get_root(doc);
    const char *text = ananke_generation_text(generation, &text_length);
    yyjson_mut_val *key = yyjson_mut_str(doc, "text"), *value = yyjson_mut_strn(doc, text, text_length);
    yyjson_mut_obj_remove_key(root, "text");
    bool built = doc && key && value && yyjson_mut_obj_insert(root, key, value, 0);
    bool done = built ? cli_output_json(NULL, doc, &cli->err) : cli_fail_memory(&cli->err);
    yyjson_mut_doc_free(doc);
    yyjson_doc_free(read);
    ananke_text_free(report);
    return done;
}

/* Does the text break a rule, or is it not a whole one? */
static bool falls_short(const ananke_ir *ir, const ananke_generation *generation) {
    if (!ir) return false;
    for (size_t i = 0; i < ananke_ir_enforcement_count(ir); i++) {
        if (ananke_generation_outcome(generation, i) == ANANKE_OUTCOME_BROKEN) return true;
    }
    return !ananke_generation_report_get(generation)->complete;
}

/* ---- The command */

static bool read_options(Cli *cli, ananke_generate_options *options) {
    uint64_t max_tokens = 0, seed = 0;
    double temperature = -1;
    if (!cli_args_count(&cli->args, "max-tokens", 1, 1 << 20, &max_tokens, &cli->err)) return false;
    if (!cli_args_count(&cli->args, "seed", 0, UINT64_MAX, &seed, &cli->err)) return false;
    if (!cli_args_decimal(&cli->args, "temperature", 0, 10, &temperature, &cli->err)) return false;
    options->context = &cli->context;
    options->in_file = cli_get(cli, "in");
    options->unconstrained = cli_has(cli, "unconstrained");
    options->max_tokens = (uint32_t)max_tokens;
    options->seed = seed;
    options->temperature = (float)temperature;
    return true;
}

static Exit deliver(Cli *cli, const ananke_generation *generation, const Stream *stream) {
    cli_progress_clear(&cli->terminal);
    bool json = cli_has(cli, "json"), has_file = !cli_output_is_standard(cli_get(cli, "output"));
    if ((!json || has_file) && !write_text(cli, generation, stream)) return EXIT_FAILED;
    if (!cli_output_finish(&cli->err)) return EXIT_FAILED;
    if (json && !print_json(cli, generation)) return EXIT_FAILED;
    const ananke_ir *ir = ananke_generation_ir(generation);
    if (!json) show_report(cli, ir, generation);
    return falls_short(ir, generation) ? EXIT_NO : EXIT_DONE;
}

Exit cli_generate(Cli *cli) {
    char model[PATH_SIZE];
    ananke_ir *ir = NULL;
    ananke_generate_options options = {0};
    if (!read_options(cli, &options) || !find_ir(cli, &ir)) return EXIT_FAILED;
    bool to_standard = !cli_has(cli, "json") && cli_output_is_standard(cli_get(cli, "output"));
    Stream stream = {.terminal = &cli->terminal, .shows = cli->terminal.out_is_terminal && to_standard};
    options.text = take_piece, options.text_data = &stream;
    options.model_path = model;
    ananke_generation *generation =
        find_model(cli, model) ? ananke_generate(cli->args.operands[0], ir, &options, &cli->err) : NULL;
    Exit status = EXIT_FAILED;
    if (generation && cli_interrupted(NULL)) cli_fail(&cli->err, ANANKE_ERROR_CANCELLED, "interrupted");
    else if (generation) status = deliver(cli, generation, &stream);
    ananke_generation_free(generation);
    ananke_ir_free(ir);
    return status;
}
