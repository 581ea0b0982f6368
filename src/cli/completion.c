/* Each shell gets one script that knows the words: first the command (or a group and its second word), then its options and their arguments. The
 * words are written out, so that completing starts no process. */
#include "cli/completion.h"
#include "cli/args.h"
#include "cli/languages.h"
#include <ananke/model_store.h>
#include <stdio.h>
#include <string.h>

/* ---- What every shell needs */

/* Those of a language, each once: its own name where it has a grammar, and those of its packs. */
static void put_language(yyjson_val *language) {
    const char *name = yyjson_get_str(yyjson_obj_get(language, "name"));
    bool generates = yyjson_is_true(yyjson_obj_get(language, "generates"));
    size_t index, count;
    yyjson_val *pack;
    if (generates) printf("%s ", name);
    yyjson_arr_foreach(yyjson_obj_get(language, "packs"), index, count, pack) {
        const char *pack_name = yyjson_get_str(yyjson_obj_get(pack, "name"));
        if (!generates || strcmp(pack_name, name) != 0) printf("%s ", pack_name);
    }
}

static void put_languages(void) {
    ananke_error err = {0};
    yyjson_doc *doc = cli_languages(&err);
    size_t index, count;
    yyjson_val *language;
    yyjson_arr_foreach(yyjson_doc_get_root(doc), index, count, language) put_language(language);
    yyjson_doc_free(doc);
}

/* The words that an argument may be, separated by blanks; nothing for files and free arguments. */
static void put_words(const char *values) {
    if (!values) return;
    if (strcmp(values, VALUES_LANGUAGE) == 0) {
        put_languages();
    } else if (strcmp(values, VALUES_MODEL) == 0) {
        for (size_t i = 0; i < ananke_model_store_count(); i++)
            printf("%s%s", i ? " " : "", ananke_model_store_get(i)->name);
    } else if (strcmp(values, VALUES_COMMAND) == 0) {
        for (const Command *command = cli_commands; command->name; command++) {
            if (!strchr(command->name, ' ')) printf("%s ", command->name);
        }
    } else if (values[0] != '<') {
        fputs(values, stdout);
    }
}

static bool takes_files(const char *values) {
    return values && (strcmp(values, VALUES_FILE) == 0 || strcmp(values, VALUES_FOLDER) == 0 ||
                      strcmp(values, VALUES_MODEL) == 0);
}

/* The first word of a command's name; is it the first command in the table with that word? */
static bool is_first_of_word(const Command *command, char *word, size_t size) {
    snprintf(word, size, "%.*s", (int)strcspn(command->name, " "), command->name);
    size_t length = strlen(word);
    for (const Command *before = cli_commands; before < command; before++) {
        if (strncmp(before->name, word, length) == 0 && (before->name[length] == ' ' || !before->name[length]))
            return false;
    }
    return true;
}

static void put_first_words(void) {
    char word[32];
    for (const Command *command = cli_commands; command->name; command++) {
        if (is_first_of_word(command, word, sizeof word)) printf("%s%s", command == cli_commands ? "" : " ", word);
    }
}

/* In single quotes, for any of the three shells. */
static void put_quoted(const char *text) {
    putchar('\'');
    for (; *text; text++) {
        if (*text == '\'') fputs("'\\''", stdout);
        else putchar(*text);
    }
    putchar('\'');
}

/* ---- bash */

static void put_bash_command(const Command *command) {
    const Option *option;
    printf("    '%s')\n        case $previous in\n", command->name);
    for (size_t i = 0; (option = cli_option_at(command, i)); i++) {
        if (!option->argument) continue;
        printf("        --%s", option->name);
        if (option->letter) printf("|-%c", option->letter);
        fputs(") words='", stdout);
        put_words(option->values);
        printf("' files=%d ;;\n", takes_files(option->values));
    }
    fputs("        *) words='", stdout);
    put_words(command->operand_values);
    for (size_t i = 0; (option = cli_option_at(command, i)); i++) printf(" --%s", option->name);
    printf("' files=%d ;;\n        esac ;;\n", takes_files(command->operand_values));
}

static void put_bash(void) {
    puts("# Completion of ananke for bash: source this file. Made by `ananke help --completion bash`.\n"
         "_ananke() {\n"
         "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} words='' files=0\n"
         "    local command=${COMP_WORDS[1]:-}");
    fputs("    if ((COMP_CWORD == 1)); then\n        mapfile -t COMPREPLY < <(compgen -W '", stdout);
    put_first_words();
    puts(" --help --version' -- \"$current\")\n        return\n    fi\n    case $command in");
    for (const Command *command = cli_commands; command->name; command++) {
        char word[32];
        if (!strchr(command->name, ' ') || !is_first_of_word(command, word, sizeof word)) continue;
        printf("    %s)\n        if ((COMP_CWORD == 2)); then\n            mapfile -t COMPREPLY < <(compgen -W '",
               word);
        for (const Command *member = command; member->name; member++) {
            size_t length = strlen(word);
            if (strncmp(member->name, word, length) == 0 && member->name[length] == ' ')
                printf("%s ", member->name + length + 1);
        }
        puts(
            "--help' -- \"$current\")\n            return\n        fi\n        command=\"$command ${COMP_WORDS[2]}\" ;;");
    }
    puts("    esac\n    case $command in");
    for (const Command *command = cli_commands; command->name; command++) put_bash_command(command);
    puts("    esac\n"
         "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
         "    if ((files)); then\n"
         "        mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- \"$current\")\n"
         "    fi\n"
         "}\n"
         "complete -o filenames -F _ananke ananke");
}

/* ---- zsh */

/* Inside a specification of _arguments, brackets and colons speak. */
static void put_zsh_text(const char *text) {
    for (; *text; text++) {
        if (strchr("[]:\\", *text)) putchar('\\');
        if (*text == '\'') fputs("'\\''", stdout);
        else putchar(*text);
    }
}

static void put_zsh_action(const char *values) {
    if (takes_files(values) && strcmp(values, VALUES_MODEL) != 0) {
        fputs("_files", stdout);
        return;
    }
    putchar('(');
    put_words(values);
    putchar(')');
}

static void put_zsh_option(const Option *option) {
    fputs(" \\\n            ", stdout);
    if (option->letter) printf("'(-%c --%s)'{-%c,--%s}'", option->letter, option->name, option->letter, option->name);
    else printf("'--%s", option->name);
    putchar('[');
    put_zsh_text(option->help);
    putchar(']');
    if (option->argument) {
        printf(":%s:", option->argument);
        put_zsh_action(option->values);
    }
    putchar('\'');
}

static void put_zsh(void) {
    puts("#compdef ananke\n# Made by `ananke help --completion zsh`.\n_ananke() {\n    local command=${words[2]}");
    fputs("    if ((CURRENT == 2)); then\n        compadd -- ", stdout);
    put_first_words();
    puts(" --help --version\n        return\n    fi\n    shift words; ((CURRENT--))");
    for (const Command *command = cli_commands; command->name; command++) {
        char word[32];
        if (!strchr(command->name, ' ') || !is_first_of_word(command, word, sizeof word)) continue;
        printf("    if [[ $command == %s ]]; then\n        if ((CURRENT == 2)); then\n            compadd --", word);
        for (const Command *member = command; member->name; member++) {
            size_t length = strlen(word);
            if (strncmp(member->name, word, length) == 0 && member->name[length] == ' ')
                printf(" %s", member->name + length + 1);
        }
        puts(
            "\n            return\n        fi\n        command+=\" ${words[2]}\"\n        shift words; ((CURRENT--))\n    fi");
    }
    puts("    case $command in");
    for (const Command *command = cli_commands; command->name; command++) {
        printf("    '%s')\n        _arguments -s", command->name);
        const Option *option;
        for (size_t i = 0; (option = cli_option_at(command, i)); i++) put_zsh_option(option);
        if (command->most) {
            printf(" \\\n            '*:%s:", command->operands);
            put_zsh_action(command->operand_values);
            putchar('\'');
        }
        puts(" ;;");
    }
    puts("    esac\n}\n_ananke \"$@\"");
}

/* ---- fish */

static void put_fish_condition(const Command *command) {
    const char *blank = strchr(command->name, ' ');
    printf("complete -c ananke -n '__fish_seen_subcommand_from %.*s", (int)strcspn(command->name, " "), command->name);
    if (blank) printf("; and __fish_seen_subcommand_from %s", blank + 1);
    putchar('\'');
}

static void put_fish_option(const Command *command, const Option *option) {
    put_fish_condition(command);
    printf(" -l %s", option->name);
    if (option->letter) printf(" -s %c", option->letter);
    if (option->argument) {
        fputs(takes_files(option->values) ? " -rF" : " -x", stdout);
        fputs(" -a '", stdout);
        put_words(option->values);
        putchar('\'');
    }
    fputs(" -d ", stdout);
    put_quoted(option->help);
    putchar('\n');
}

static void put_fish(void) {
    puts("# Completion of ananke for fish. Made by `ananke help --completion fish`.\ncomplete -c ananke -f");
    for (const Command *command = cli_commands; command->name; command++) {
        char word[32];
        const char *blank = strchr(command->name, ' ');
        bool first = is_first_of_word(command, word, sizeof word);
        if (first)
            printf("complete -c ananke -n __fish_use_subcommand -a %s -d ", word), put_quoted(command->summary),
                putchar('\n');
        if (blank) {
            printf("complete -c ananke -n '__fish_seen_subcommand_from %s' -a %s -d ", word, blank + 1);
            put_quoted(command->summary);
            putchar('\n');
        }
        if (command->operand_values) {
            put_fish_condition(command);
            fputs(takes_files(command->operand_values) ? " -F -a '" : " -a '", stdout);
            put_words(command->operand_values);
            puts("'");
        }
        const Option *option;
        for (size_t i = 0; (option = cli_option_at(command, i)); i++) put_fish_option(command, option);
    }
}

void cli_completion_print(const char *shell) {
    if (strcmp(shell, "bash") == 0) put_bash();
    else if (strcmp(shell, "zsh") == 0) put_zsh();
    else put_fish();
}
