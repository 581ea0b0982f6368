/* The program: finds the command, parses its arguments, hangs terminal and Ctrl-C into the context, runs it, and says what went wrong.
 *
 * Exit status: what the command says (0 or 1), 2 for usage and failure, 130 after Ctrl-C. An error is shown here and nowhere else. */
#include "cli/cli.h"
#include "cli/help.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/suggest.h"
#include <string.h>

/* A group's members, or the commands' first words. */
static bool fail_unknown(ananke_error *err, int count, char *const *words) {
    bool in_group = cli_command_is_group(words[0]);
    if (in_group && (count < 2 || words[1][0] == '-'))
        cli_fail(err, ANANKE_ERROR_USAGE, "`ananke %s` needs one word more", words[0]);
    else
        cli_fail(err, ANANKE_ERROR_USAGE, "there is no command `%s%s%s`", words[0], in_group ? " " : "",
                 in_group ? words[1] : "");
    char typed[64];
    snprintf(typed, sizeof typed, "%s%s%s", words[0], in_group && count > 1 ? " " : "",
             in_group && count > 1 ? words[1] : "");
    Suggestion suggestion = {.word = typed};
    for (const Command *command = cli_commands; command->name; command++) cli_suggest(&suggestion, command->name);
    if (suggestion.best) return cli_hint(err, "did you mean `ananke %s`?", suggestion.best);
    if (in_group) return cli_hint(err, "`ananke %s --help` lists them", words[0]);
    return cli_hint(err, "`ananke help` lists the commands");
}

static ananke_log_level log_level(const Args *args) {
    unsigned verbose = cli_args_times(args, "verbose");
    if (verbose) return verbose > 1 ? ANANKE_LOG_DEBUG : ANANKE_LOG_INFO;
    return cli_args_has(args, "quiet") ? ANANKE_LOG_ERROR : ANANKE_LOG_WARNING;
}

static ananke_context make_context(Cli *cli) {
    return (ananke_context){
        .cancelled = cli_interrupted,
        .progress = cli->terminal.has_progress ? cli_terminal_progress : NULL,
        .progress_data = &cli->terminal,
        .log = cli_terminal_log,
        .log_data = &cli->terminal,
        .log_level = log_level(&cli->args),
        .trace_id = cli_get(cli, "trace-id"),
    };
}

static Exit run(Cli *cli, const Command *command, int argc, char **argv) {
    if (!cli_args_parse(&cli->args, command, argc, argv, &cli->err)) return EXIT_FAILED;
    cli_terminal_open(&cli->terminal, &cli->args);
    if (cli_has(cli, "help")) return cli_help_command(&cli->terminal, command), EXIT_DONE;
    cli->context = make_context(cli);
    Exit status = command->run(cli);
    cli_progress_clear(&cli->terminal);
    return status;
}

/* `ananke`, `ananke --help`, `ananke --version`, `ananke model --help`: no command of the table. */
static bool run_without_command(Cli *cli, int argc, char **argv, Exit *status) {
    const char *word = argc > 1 ? argv[1] : "--help", *second = argc > 2 ? argv[2] : "";
    bool wants_help = strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
    *status = argc > 1 ? EXIT_DONE : EXIT_FAILED;
    if (wants_help) return cli_help_overview(&cli->terminal, NULL), true;
    if (strcmp(word, "--version") == 0) return cli_help_version(), true;
    if (!cli_command_is_group(word) || (strcmp(second, "--help") != 0 && strcmp(second, "-h") != 0)) return false;
    return cli_help_overview(&cli->terminal, word), true;
}

static Exit start(Cli *cli, int argc, char **argv) {
    Exit status;
    int used = 0;
    const Command *command = cli_command_find(argc - 1, argv + 1, &used);
    if (command) return run(cli, command, argc - used, argv + used);
    if (run_without_command(cli, argc, argv, &status)) return status;
    if (argv[1][0] != '-') return fail_unknown(&cli->err, argc - 1, argv + 1), EXIT_FAILED;
    cli_fail(&cli->err, ANANKE_ERROR_USAGE, "`%s` stands before the command", argv[1]);
    return cli_hint(&cli->err, "options come behind it: ananke COMMAND [OPTION...]"), EXIT_FAILED;
}

int main(int argc, char **argv) {
    Cli cli = {0};
    cli_terminal_open(&cli.terminal, NULL);
    cli_interrupt_catch();
    Exit status = start(&cli, argc, argv);
    if (cli_interrupted(NULL) && status != EXIT_DONE) {
        cli_say(&cli.terminal, "interrupted");
        return EXIT_INTERRUPTED;
    }
    if (status == EXIT_FAILED && cli.err.code) cli_show_error(&cli.terminal, &cli.err);
    else if (!cli_output_finish(&cli.err)) status = EXIT_FAILED, cli_show_error(&cli.terminal, &cli.err);
    return (int)status;
}
