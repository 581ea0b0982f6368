/* --help, `ananke help` and usage lines, made from the table of commands. Everything goes to standard output. */
#ifndef ANANKE_CLI_HELP_H
#define ANANKE_CLI_HELP_H

#include "cli/commands.h"
#include "cli/terminal.h"

/* The commands with a line each; with `group` only those whose name begins with that word. */
void cli_help_overview(const Terminal *terminal, const char *group);
/* One command: usage, what it does, options, where outputs go, examples, exit status. */
void cli_help_command(const Terminal *terminal, const Command *command);
void cli_help_version(void);

/* How an option is spelt in a usage line: "[-o FILE]", "--constraints FILE". Written as snprintf does. */
int cli_option_usage(const Option *option, char *buffer, size_t size);
/* What stands for its argument: "json|yaml" for a list of words, else the argument's name. `buffer` is used when there is need. */
const char *cli_option_argument(const Option *option, char *buffer, size_t size);

#endif
