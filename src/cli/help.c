/* Help texts are wrapped at 80 columns, so that they can be compared in tests and read anywhere. */
#include "cli/help.h"
#include "cli/cli.h"
#include "cli/completion.h"
#include "cli/manual.h"
#include <ananke/version.h>
#include <stdio.h>
#include <string.h>

enum { LINE_WIDTH = 80, OPTION_COLUMN = 28 };

typedef struct Page {
    const Terminal *terminal;
    size_t indent; /* of wrapped lines */
    size_t column; /* where the line stands now */
} Page;

static void put_word(Page *page, const char *word, size_t length) {
    if (page->column > page->indent && page->column + 1 + length > LINE_WIDTH) {
        putchar('\n');
        page->column = 0;
    }
    if (page->column < page->indent) page->column += (size_t)printf("%*s", (int)(page->indent - page->column), "");
    else if (page->column > page->indent) page->column += (size_t)printf(" ");
    fwrite(word, 1, length, stdout);
    page->column += length;
}

/* Words of one paragraph or of several; an empty line between two stays one. */
static void put_text(Page *page, const char *text) {
    while (*text) {
        size_t blanks = strspn(text, " \n");
        if (blanks == 2 && text[0] == '\n') {
            fputs("\n\n", stdout);
            page->column = 0;
        }
        text += blanks;
        size_t length = strcspn(text, " \n");
        if (length) put_word(page, text, length);
        text += length;
    }
}

static void put_paragraph(const Terminal *terminal, const char *text) {
    Page page = {terminal, 2, 0};
    put_text(&page, text);
    putchar('\n');
}

static void put_heading(const Terminal *terminal, const char *heading) {
    printf("\n%s%s%s\n", cli_style(terminal, stdout, STYLE_BOLD), heading, cli_style(terminal, stdout, STYLE_PLAIN));
}

const char *cli_option_argument(const Option *option, char *buffer, size_t size) {
    if (!option->values || option->values[0] == '<') return option->argument;
    snprintf(buffer, size, "%s", option->values);
    for (char *at = buffer; (at = strchr(at, ' '));) *at = '|';
    return buffer;
}

int cli_option_usage(const Option *option, char *buffer, size_t size) {
    char words[64], dashed[64];
    bool bare = option->need != OPTION_FREE;
    if (option->letter && !bare) snprintf(dashed, sizeof dashed, "-%c", option->letter);
    else snprintf(dashed, sizeof dashed, "--%s", option->name);
    const char *argument = option->argument ? cli_option_argument(option, words, sizeof words) : "";
    return snprintf(buffer, size, "%s%s%s%s%s", bare ? "" : "[", dashed, *argument ? " " : "", argument,
                    bare ? "" : "]");
}

/* Options that are free, required, or the choices: those stand as (A | B). */
static void put_usage_options(Page *page, const Command *command, int need) {
    size_t left = 0, at = 0;
    for (const Option *option = command->options; option && option->name; option++) left += (int)option->need == need;
    for (const Option *option = command->options; option && option->name; option++) {
        if ((int)option->need != need) continue;
        char usage[128], piece[160];
        cli_option_usage(option, usage, sizeof usage);
        bool is_choice = need == OPTION_CHOICE, is_last = --left == 0;
        snprintf(piece, sizeof piece, "%s%s%s",
                 !is_choice ? ""
                 : at++     ? "| "
                            : "(",
                 usage, is_choice && is_last ? ")" : "");
        put_word(page, piece, strlen(piece));
    }
}

static void put_usage(const Terminal *terminal, const Command *command) {
    Page page = {terminal, 0, 0};
    char start[64];
    snprintf(start, sizeof start, "  ananke %s", command->name);
    put_word(&page, start, strlen(start));
    page.indent = strlen(start) + 1;
    putchar(' ');
    page.column = page.indent;
    put_usage_options(&page, command, OPTION_CHOICE);
    put_usage_options(&page, command, OPTION_REQUIRED);
    put_usage_options(&page, command, OPTION_FREE);
    if (*command->operands) put_word(&page, command->operands, strlen(command->operands));
    putchar('\n');
}

static void put_option(const Terminal *terminal, const Option *option) {
    char words[64], head[128];
    const char *argument = option->argument ? cli_option_argument(option, words, sizeof words) : "";
    char letter[8] = "    ";
    if (option->letter) snprintf(letter, sizeof letter, "-%c, ", option->letter);
    int taken = snprintf(head, sizeof head, "  %s--%s%s%s", letter, option->name, *argument ? " " : "", argument);
    fputs(head, stdout);
    Page page = {terminal, OPTION_COLUMN, (size_t)taken};
    if (taken + 2 > OPTION_COLUMN) {
        putchar('\n');
        page.column = 0;
    }
    put_text(&page, option->help);
    putchar('\n');
}

static void put_examples(const Terminal *terminal, const Command *command) {
    if (!command->examples) return;
    put_heading(terminal, "Examples");
    for (const Example *example = command->examples; example->command; example++) {
        printf("  %s\n", example->command);
        Page page = {terminal, 6, 0};
        put_text(&page, example->explanation);
        putchar('\n');
    }
}

static void put_exit_status(const Terminal *terminal, const Command *command) {
    char text[256];
    put_heading(terminal, "Exit status");
    snprintf(text, sizeof text, "0: done%s%s; 2: wrong usage or failure; 130: interrupted",
             command->exit_no ? "; 1: " : "", command->exit_no ? command->exit_no : "");
    put_paragraph(terminal, text);
}

void cli_help_command(const Terminal *terminal, const Command *command) {
    printf("%sananke %s%s - %s\n", cli_style(terminal, stdout, STYLE_BOLD), command->name,
           cli_style(terminal, stdout, STYLE_PLAIN), command->summary);
    put_heading(terminal, "Usage");
    put_usage(terminal, command);
    putchar('\n');
    put_paragraph(terminal, command->description);
    put_heading(terminal, "Options");
    const Option *option;
    for (size_t i = 0; (option = cli_option_at(command, i)); i++) put_option(terminal, option);
    put_heading(terminal, "Output");
    put_paragraph(terminal, command->outputs);
    put_examples(terminal, command);
    put_exit_status(terminal, command);
}

static bool is_in_group(const Command *command, const char *group) {
    size_t length = group ? strlen(group) : 0;
    return !group || (strncmp(command->name, group, length) == 0 && command->name[length] == ' ');
}

void cli_help_overview(const Terminal *terminal, const char *group) {
    if (!group)
        puts("Ananke makes language models write code that obeys rules: it extracts the rules\n"
             "of a code base, compiles them, and holds a model to them token by token.");
    if (!group) put_heading(terminal, "Usage");
    if (!group) puts("  ananke COMMAND [OPTION...] [ARGUMENT...]");
    printf("%s%sCommands%s\n", group ? "" : "\n", cli_style(terminal, stdout, STYLE_BOLD),
           cli_style(terminal, stdout, STYLE_PLAIN));
    for (const Command *command = cli_commands; command->name; command++) {
        if (is_in_group(command, group)) printf("  %-16s %s\n", command->name, command->summary);
    }
    if (group) return;
    put_heading(terminal, "The main job, in any folder with code");
    puts("  ananke extract ./src                    writes constraints.json\n"
         "  ananke compile constraints.json         writes constraints.ir.json\n"
         "  ananke generate \"implement feature\"     finds it, writes code that obeys");
    puts("\n`ananke COMMAND --help` shows what a command does, `man ananke` everything.");
}

void cli_help_version(void) {
    printf("ananke %s\n", ANANKE_VERSION);
    if (strcmp(ANANKE_VERSION, ananke_version()) != 0) printf("libananke %s\n", ananke_version());
}

Exit cli_help(Cli *cli) {
    const char *shell = cli_get(cli, "completion");
    if (cli_has(cli, "man")) return cli_manual_print(), EXIT_DONE;
    if (shell) return cli_completion_print(shell), EXIT_DONE;
    int count = (int)cli->args.operand_count, used = 0;
    if (count == 0) return cli_help_overview(&cli->terminal, NULL), EXIT_DONE;
    const Command *command = cli_command_find(count, cli->args.operands, &used);
    if (command && used == count) return cli_help_command(&cli->terminal, command), EXIT_DONE;
    if (!command && count == 1 && cli_command_is_group(cli->args.operands[0])) {
        return cli_help_overview(&cli->terminal, cli->args.operands[0]), EXIT_DONE;
    }
    cli_fail(&cli->err, ANANKE_ERROR_USAGE, "there is no command `%s`", cli->args.operands[count - 1]);
    return cli_hint(&cli->err, "`ananke help` lists the commands"), EXIT_FAILED;
}
