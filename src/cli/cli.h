/* One run of the program: what a command gets. */
#ifndef ANANKE_CLI_CLI_H
#define ANANKE_CLI_CLI_H

#include "cli/args.h"
#include "cli/commands.h"
#include "cli/failure.h"
#include "cli/terminal.h"

struct Cli {
    Args args;
    Terminal terminal;
    ananke_context context; /* cancel, log and progress are hung in */
    ananke_error err;       /* why, when a command returns EXIT_FAILED */
};

/* The argument of an option, NULL when it was not given. */
static inline const char *cli_get(const Cli *cli, const char *option) {
    return cli_args_get(&cli->args, option);
}
static inline bool cli_has(const Cli *cli, const char *option) {
    return cli_args_has(&cli->args, option);
}

#endif
