/* Arguments of one command, parsed by its row of the table. Option names below must be in that row or common: asking for another one is a bug. */
#ifndef ANANKE_CLI_ARGS_H
#define ANANKE_CLI_ARGS_H

#include "cli/commands.h"
#include <ananke/error.h>
#include <stdbool.h>
#include <stdint.h>

enum { ARGS_OPTIONS_MAX = 32 };

typedef struct Args {
    const Command *command;
    const char
        *values[ARGS_OPTIONS_MAX]; /* by cli_option_at's index; "" for a flag; NULL: not given; the last one counts */
    unsigned times[ARGS_OPTIONS_MAX]; /* how often it was given */
    char *const *operands;            /* into argv */
    size_t operand_count;
} Args;

/* Parses what follows the command's name; `argv[0]` is skipped and argv is reordered. False and `err` on failure. With --help nothing else is asked
 * for. */
bool cli_args_parse(Args *args, const Command *command, int argc, char **argv, ananke_error *err);

/* Option `index` of a command: its own first, then the common ones; NULL behind the last. */
const Option *cli_option_at(const Command *command, size_t index);

/* The option's argument ("" for a flag), NULL when it was not given. */
const char *cli_args_get(const Args *args, const char *option);
unsigned cli_args_times(const Args *args, const char *option);
static inline bool cli_args_has(const Args *args, const char *option) {
    return cli_args_times(args, option) > 0;
}
/* Numbers: `*value` is left alone when the option was not given. False and `err` when it is no number, or outside least … most. */
bool cli_args_count(const Args *args, const char *option, uint64_t least, uint64_t most, uint64_t *value,
                    ananke_error *err);
bool cli_args_decimal(const Args *args, const char *option, double least, double most, double *value,
                      ananke_error *err);

#endif
