/* Argument parsing with getopt_long, whose tables are built from the command's row. getopt's own messages are off: ours say what was meant. Its
 * state (optind and friends) is the C library's; nothing here outlives the call. */
#include "cli/args.h"
#include "cli/failure.h"
#include "cli/suggest.h"
#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONG_ONLY = 256 }; /* getopt's return values for long options: LONG_ONLY + index */

const Option *cli_option_at(const Command *command, size_t index) {
    size_t own = 0;
    while (command->options && command->options[own].name) own++;
    if (index < own) return &command->options[index];
    const Option *common = &cli_common_options[0];
    for (size_t i = own; i < index && common->name; i++) common++;
    return common->name ? common : NULL;
}

static size_t option_index(const Command *command, const char *name) {
    size_t index = 0;
    for (const Option *option; (option = cli_option_at(command, index)); index++) {
        if (strcmp(option->name, name) == 0) return index;
    }
    assert(!"an option that is not in the command's row");
    return ARGS_OPTIONS_MAX - 1;
}

/* getopt's two tables. A leading `:` makes it tell a missing argument from an unknown option. */
typedef struct Tables {
    char letters[2 * ARGS_OPTIONS_MAX + 2];
    struct option names[ARGS_OPTIONS_MAX + 1];
} Tables;

static void build_tables(const Command *command, Tables *tables) {
    char *letter = tables->letters;
    *letter++ = ':';
    size_t index = 0;
    for (const Option *option; (option = cli_option_at(command, index)); index++) {
        assert(index < ARGS_OPTIONS_MAX);
        tables->names[index] = (struct option){option->name, option->argument ? required_argument : no_argument, NULL,
                                               LONG_ONLY + (int)index};
        if (!option->letter) continue;
        *letter++ = option->letter;
        if (option->argument) *letter++ = ':';
    }
    tables->names[index] = (struct option){0};
    *letter = '\0';
}

static bool fail_unknown_option(const Command *command, const char *typed, ananke_error *err) {
    char word[64] = {0};
    size_t length = strcspn(typed, "=");
    memcpy(word, typed, length < sizeof word ? length : sizeof word - 1);
    cli_fail(err, ANANKE_ERROR_USAGE, "`ananke %s` has no option `%s`", command->name, word);
    Suggestion suggestion = {.word = word + strspn(word, "-")};
    const Option *option;
    for (size_t i = 0; word[1] == '-' && (option = cli_option_at(command, i)); i++)
        cli_suggest(&suggestion, option->name);
    if (suggestion.best) return cli_hint(err, "did you mean `--%s`?", suggestion.best);
    return cli_hint(err, "`ananke %s --help` lists the options", command->name);
}

/* What getopt stumbled over: a letter inside a cluster (optopt), or a whole word just behind optind. */
static bool fail_option(const Command *command, int what, char *const *argv, ananke_error *err) {
    char letter[] = {'-', (char)optopt, '\0'};
    if (what == ':') {
        const char *typed = optopt >= LONG_ONLY ? argv[optind - 1] : letter;
        size_t index = 0;
        for (const Option *option; (option = cli_option_at(command, index)); index++) {
            if (optopt >= LONG_ONLY ? optopt == LONG_ONLY + (int)index : optopt == option->letter) break;
        }
        const Option *option = cli_option_at(command, index);
        return cli_fail(err, ANANKE_ERROR_USAGE, "`%s` needs an argument: %s", typed, option ? option->argument : "");
    }
    if (optopt >= LONG_ONLY) return cli_fail(err, ANANKE_ERROR_USAGE, "`%s` takes no argument", argv[optind - 1]);
    return fail_unknown_option(command, optopt ? letter : argv[optind - 1], err);
}

/* A fixed list of words, or free. */
static bool check_value(const Option *option, const char *value, ananke_error *err) {
    if (!option->values || option->values[0] == '<') return true;
    Suggestion suggestion = {.word = value};
    char words[8][LONG_ONLY / 8];
    size_t count = 0;
    for (const char *at = option->values; *at && count < 8; count++) {
        size_t length = strcspn(at, " ");
        if (length == strlen(value) && memcmp(at, value, length) == 0) return true;
        assert(length < sizeof words[0]);
        memcpy(words[count], at, length);
        words[count][length] = '\0';
        cli_suggest(&suggestion, words[count]);
        at += length + (at[length] == ' ');
    }
    cli_fail(err, ANANKE_ERROR_USAGE, "`--%s %s`: not one of: %s", option->name, value, option->values);
    return suggestion.best ? cli_hint(err, "did you mean `%s`?", suggestion.best) : false;
}

static bool take_options(Args *args, int argc, char **argv, ananke_error *err) {
    Tables tables;
    build_tables(args->command, &tables);
    opterr = 0, optind = 1;
    for (int found; (found = getopt_long(argc, argv, tables.letters, tables.names, NULL)) != -1;) {
        if (found == '?' || found == ':') return fail_option(args->command, found, argv, err);
        size_t index = 0;
        const Option *option;
        for (; (option = cli_option_at(args->command, index)); index++) {
            if (found == LONG_ONLY + (int)index || found == option->letter) break;
        }
        assert(option);
        if (optarg && !check_value(option, optarg, err)) return false;
        args->values[index] = optarg ? optarg : "";
        args->times[index]++;
    }
    args->operands = argv + optind;
    args->operand_count = (size_t)(argc - optind);
    return true;
}

static bool check_needs(const Args *args, ananke_error *err) {
    size_t choices = 0, chosen = 0;
    char list[256] = "";
    const Option *option;
    for (size_t i = 0; (option = cli_option_at(args->command, i)); i++) {
        if (option->need == OPTION_REQUIRED && !args->values[i]) {
            cli_fail(err, ANANKE_ERROR_USAGE, "`ananke %s` needs `--%s %s`", args->command->name, option->name,
                     option->argument);
            return cli_hint(err, "it is %s", option->help);
        }
        if (option->need != OPTION_CHOICE) continue;
        size_t end = strlen(list);
        snprintf(list + end, sizeof list - end, "%s--%s", choices++ ? ", " : "", option->name);
        chosen += args->values[i] != NULL;
    }
    if (choices == 0 || chosen == 1) return true;
    return cli_fail(err, ANANKE_ERROR_USAGE, "`ananke %s` needs exactly one of %s", args->command->name, list);
}

static bool check_operands(const Args *args, ananke_error *err) {
    const Command *command = args->command;
    if (args->operand_count < command->least) {
        cli_fail(err, ANANKE_ERROR_USAGE, "`ananke %s` needs %s", command->name, command->operands);
        return cli_hint(err, "`ananke %s --help` shows how it is used", command->name);
    }
    if (args->operand_count <= command->most) return true;
    cli_fail(err, ANANKE_ERROR_USAGE, "`ananke %s` does not know what to do with `%s`", command->name,
             args->operands[command->most]);
    if (command->most == 1 && command->least == 1)
        return cli_hint(err, "put %s between quotes when it has blanks", command->operands);
    return cli_hint(err, "`ananke %s --help` shows how it is used", command->name);
}

bool cli_args_parse(Args *args, const Command *command, int argc, char **argv, ananke_error *err) {
    *args = (Args){.command = command};
    if (!take_options(args, argc, argv, err)) return false;
    return cli_args_has(args, "help") || (check_needs(args, err) && check_operands(args, err));
}

const char *cli_args_get(const Args *args, const char *option) {
    return args->values[option_index(args->command, option)];
}

unsigned cli_args_times(const Args *args, const char *option) {
    return args->times[option_index(args->command, option)];
}

bool cli_args_count(const Args *args, const char *option, uint64_t least, uint64_t most, uint64_t *value,
                    ananke_error *err) {
    const char *text = cli_args_get(args, option);
    if (!text) return true;
    char *end = NULL;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    if (text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 && number >= least && number <= most)
        return *value = number, true;
    cli_fail(err, ANANKE_ERROR_USAGE, "`--%s %s`: not a whole number that fits here", option, text);
    return most == UINT64_MAX
               ? cli_hint(err, "give one from %llu", (unsigned long long)least)
               : cli_hint(err, "give one from %llu to %llu", (unsigned long long)least, (unsigned long long)most);
}

bool cli_args_decimal(const Args *args, const char *option, double least, double most, double *value,
                      ananke_error *err) {
    const char *text = cli_args_get(args, option);
    if (!text) return true;
    char *end = NULL;
    double number = strtod(text, &end);
    if (end != text && *end == '\0' && isfinite(number) && number >= least && number <= most)
        return *value = number, true;
    cli_fail(err, ANANKE_ERROR_USAGE, "`--%s %s`: not a number that fits here", option, text);
    return cli_hint(err, "give one from %g to %g", least, most);
}
