/* Completion scripts for shells, made from the table of commands. */
#ifndef ANANKE_CLI_COMPLETION_H
#define ANANKE_CLI_COMPLETION_H

/* `shell` is "bash", "zsh" or "fish". */
void cli_completion_print(const char *shell);

#endif
