/* `ananke check`: violations as text, JSON or SARIF. Exit status 1 says that there are some. */
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/rules.h"
#include <ananke/check.h>
#include <ananke/file.h>
#include <string.h>

enum { RULES_LIMIT = 64 << 20 };

static ananke_report_format choose_format(const Cli *cli) {
    const char *format = cli_get(cli, "format");
    if (!format) return cli_has(cli, "json") ? ANANKE_REPORT_JSON : ANANKE_REPORT_TEXT;
    return strcmp(format, "sarif") == 0  ? ANANKE_REPORT_SARIF
           : strcmp(format, "json") == 0 ? ANANKE_REPORT_JSON
                                         : ANANKE_REPORT_TEXT;
}

/* The constraints of a file; when it is an IR, `*ir` owns them. */
static const ananke_constraints *load(Cli *cli, const char *path, ananke_constraints **owned, ananke_ir **ir) {
    size_t length = 0;
    char *text = ananke_file_read(path, RULES_LIMIT, &length, &cli->err);
    if (!text) return NULL;
    bool is_ir = cli_rules_is_ir(text, length);
    ananke_text_free(text);
    if (!is_ir) return *owned = ananke_constraints_load(path, ANANKE_FORMAT_AUTO, &cli->context, &cli->err);
    *ir = ananke_ir_load(path, &cli->context, &cli->err);
    return *ir ? ananke_ir_constraints(*ir) : NULL;
}

static void say_summary(Cli *cli, const ananke_findings *findings) {
    const ananke_check_summary *summary = ananke_findings_summary(findings);
    size_t count = ananke_findings_count(findings);
    cli_say(&cli->terminal, "%zu violation%s in %llu file%s, %.2f MB; %llu rule%s checked, %llu file%s skipped", count,
            count == 1 ? "" : "s", (unsigned long long)summary->files, summary->files == 1 ? "" : "s",
            (double)summary->bytes / 1e6, (unsigned long long)summary->checked_constraints,
            summary->checked_constraints == 1 ? "" : "s", (unsigned long long)summary->skipped,
            summary->skipped == 1 ? "" : "s");
}

static Exit report(Cli *cli, const ananke_findings *findings) {
    size_t length = 0;
    char *text = ananke_findings_text(findings, choose_format(cli), &length, &cli->err);
    bool done = text && cli_output(cli_get(cli, "output"), text, length, &cli->err);
    ananke_text_free(text);
    if (!done) return EXIT_FAILED;
    bool is_said = choose_format(cli) == ANANKE_REPORT_TEXT && cli_output_is_standard(cli_get(cli, "output"));
    if (!is_said) say_summary(cli, findings); /* the text report ends with it */
    return ananke_findings_count(findings) ? EXIT_NO : EXIT_DONE;
}

Exit cli_check(Cli *cli) {
    uint64_t threads = 0;
    if (!cli_args_count(&cli->args, "threads", 1, 1024, &threads, &cli->err)) return EXIT_FAILED;
    cli->context.threads = (uint32_t)threads;
    ananke_constraints *owned = NULL;
    ananke_ir *ir = NULL;
    const ananke_constraints *rules = load(cli, cli_get(cli, "constraints"), &owned, &ir);
    ananke_findings *findings = NULL;
    if (rules)
        findings = ananke_check((const char *const *)cli->args.operands, cli->args.operand_count, rules, &cli->context,
                                &cli->err);
    Exit status = findings ? report(cli, findings) : EXIT_FAILED;
    ananke_findings_free(findings);
    ananke_constraints_free(owned);
    ananke_ir_free(ir);
    return status;
}
