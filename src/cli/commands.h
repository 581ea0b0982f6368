/* The one table of commands and options. Argument parsing, --help, the man page, completions and "did you mean" are all made from it; a command is
 * a row here and a function `run` in its own file. */
#ifndef ANANKE_CLI_COMMANDS_H
#define ANANKE_CLI_COMMANDS_H

#include <stddef.h>

typedef struct Cli Cli;

/* What a command returns and the program exits with. */
typedef enum Exit { EXIT_DONE = 0, EXIT_NO = 1, EXIT_FAILED = 2, EXIT_INTERRUPTED = 130 } Exit;

/* What an argument may be, where it is not free: a list of words separated by blanks, or one of these, for completion. */
#define VALUES_FILE "<file>"
#define VALUES_FOLDER "<folder>"
#define VALUES_LANGUAGE "<language>"
#define VALUES_MODEL "<model>"
#define VALUES_COMMAND "<command>"

typedef struct Option {
    const char *name;     /* long name, without its dashes */
    char letter;          /* short name; 0: none */
    const char *argument; /* how the help calls its argument, "FILE"; NULL: a flag */
    const char *values;   /* words (checked) or VALUES_…; NULL: anything */
    const char *help;     /* one line, no full stop */
    enum {
        OPTION_FREE = 0,
        OPTION_REQUIRED,
        OPTION_CHOICE
    } need; /* CHOICE: exactly one of the command's choices must be given */
} Option;

typedef struct Example {
    const char *command;     /* as typed; runs as a test in tests/man */
    const char *explanation; /* one sentence */
} Example;

typedef struct Command {
    const char *name;           /* "extract", "model pull" */
    const char *operands;       /* "PATH..."; "" when it takes none */
    const char *operand_values; /* as an option's values */
    size_t least, most;         /* how many operands */
    const char *summary;        /* one line, lower case, no full stop */
    const char *description;    /* paragraphs, separated by empty lines */
    const char *outputs;        /* where results go; one paragraph */
    const char *exit_no;        /* what exit status 1 says; NULL: it is not used */
    const Option *options;      /* ended by a row without name; NULL: none */
    const Example *examples;    /* ended by a row without command; NULL: none */
    Exit (*run)(Cli *cli);      /* EXIT_FAILED: cli->err says why */
} Command;

extern const Command cli_commands[];      /* ended by a row without name */
extern const Option cli_common_options[]; /* taken by every command */

/* The command that the words begin with; `*words` is set to how many of them (0 when NULL is returned). A group with one command in it needs no
 * second word. */
const Command *cli_command_find(int count, char *const *words, int *words_used);
/* Is `word` the first of several commands' names, as "model" is? */
int cli_command_is_group(const char *word);

Exit cli_bench_mask(Cli *cli);
Exit cli_check(Cli *cli);
Exit cli_compile(Cli *cli);
Exit cli_doctor(Cli *cli);
Exit cli_extract(Cli *cli);
Exit cli_generate(Cli *cli);
Exit cli_help(Cli *cli);
Exit cli_languages_list(Cli *cli);
Exit cli_model_list(Cli *cli);
Exit cli_model_path(Cli *cli);
Exit cli_model_pull(Cli *cli);
Exit cli_model_verify(Cli *cli);
Exit cli_replay(Cli *cli);
Exit cli_show_version(Cli *cli);

#endif
