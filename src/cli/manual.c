/* mdoc (see mdoc(7)): text lines are escaped, so that no word of ours is taken for a macro; words that are typed, between backquotes in the table,
 * become quoted literals. `mandoc -Tlint -W warning` must have nothing to say (tests/man). */
#include "cli/manual.h"
#include "cli/args.h"
#include "cli/help.h"
#include <ananke/version.h>
#include <stdio.h>
#include <string.h>

/* One character of text, on a line that began before it. */
static void put_character(char c) {
    if (c == '\\') fputs("\\e", stdout);
    else if (c == '-') fputs("\\-", stdout);
    else putchar(c);
}

/* Does a sentence end here? Each begins on a line of its own. */
static bool is_sentence_end(const char *at, const char *text) {
    return at > text && *at == ' ' && strchr(".?!", at[-1]) && at[1];
}

/* Text as one or more lines; an empty line becomes a paragraph. Backquoted words become bold. */
static void put_text(const char *text) {
    bool literal = false, at_start = true;
    for (const char *at = text; *at; at++) {
        if (at_start && (*at == '.' || *at == '\'')) fputs("\\&", stdout);
        at_start = false;
        if (at[0] == '\n' && at[1] == '\n') {
            fputs("\n.Pp\n", stdout);
            at++;
            at_start = true;
        } else if (is_sentence_end(at, text)) {
            putchar('\n');
            at_start = true;
        } else if (*at == '`') {
            literal = !literal;
            fputs(literal ? "\\fB" : "\\fR", stdout);
        } else {
            put_character(*at);
        }
    }
    putchar('\n');
}

/* Arguments of a macro: a word that could be a macro's name or holds a blank must be protected. */
static void put_argument(const char *word) {
    fputs(" \"\\&", stdout);
    for (; *word; word++) {
        if (*word == '"') fputs("\"\"", stdout);
        else put_character(*word);
    }
    putchar('"');
}

static void put_option_macros(const Option *option) {
    char words[64];
    if (option->letter) printf("Fl %c , ", option->letter);
    fputs("Fl \\-", stdout);
    for (const char *at = option->name; *at; at++) put_character(*at);
    if (!option->argument) return;
    fputs(" Ar", stdout);
    put_argument(cli_option_argument(option, words, sizeof words));
}

/* The options of one need, each on a line; choices stand together. */
static void put_synopsis_options(const Command *command, int need) {
    size_t count = 0;
    for (const Option *option = command->options; option && option->name; option++) {
        char words[64];
        if ((int)option->need != need) continue;
        if (need == OPTION_CHOICE) fputs(count++ ? " | " : ".Pq ", stdout);
        else fputs(need == OPTION_FREE ? ".Op " : ".", stdout);
        fputs("Fl \\-", stdout);
        for (const char *at = option->name; *at; at++) put_character(*at);
        if (option->argument) fputs(" Ar", stdout), put_argument(cli_option_argument(option, words, sizeof words));
        if (need != OPTION_CHOICE) putchar('\n');
    }
    if (count) putchar('\n');
}

static void put_synopsis(const Command *command) {
    printf(".Nm\n.Cm %s\n", command->name);
    put_synopsis_options(command, OPTION_CHOICE);
    put_synopsis_options(command, OPTION_REQUIRED);
    put_synopsis_options(command, OPTION_FREE);
    if (!*command->operands) return;
    fputs(".Ar", stdout);
    put_argument(command->operands);
    putchar('\n');
}

static void put_options(const Option *options) {
    puts(".Bl -tag -width Ds");
    for (const Option *option = options; option->name; option++) {
        fputs(".It ", stdout);
        put_option_macros(option);
        putchar('\n');
        put_text(option->help);
    }
    puts(".El");
}

static void put_command(const Command *command) {
    printf(".Ss ananke %s\n", command->name);
    put_text(command->description);
    if (command->options && command->options->name) put_options(command->options);
    puts(".Pp");
    put_text(command->outputs);
}

static void put_examples(void) {
    puts(".Sh EXAMPLES");
    for (const Command *command = cli_commands; command->name; command++) {
        for (const Example *example = command->examples; example && example->command; example++) {
            put_text(example->explanation);
            fputs(".Dl", stdout);
            put_argument(example->command);
            puts("\n.Pp");
        }
    }
    puts("The main job from C is ten lines; see\n.In ananke/ananke.h .");
}

static void put_exit_status(void) {
    puts(".Sh EXIT STATUS\n.Bl -tag -width Ds\n.It 0\nDone.");
    puts(".It 1");
    for (const Command *command = cli_commands; command->name; command++) {
        if (!command->exit_no) continue;
        printf("ananke %s: ", command->name);
        put_text(command->exit_no);
        puts(".br");
    }
    puts("The other commands do not use it.");
    puts(".It 2\nWrong usage, or failure: one line on standard error says what and where, and how to mend it.");
    puts(".It 130\nInterrupted by Ctrl-C or SIGTERM; no output file was written.\n.El");
}

static const char environment[] =
    ".Sh ENVIRONMENT\n"
    ".Bl -tag -width Ds\n"
    ".It Ev ANANKE_MODEL_DIR\nThe model folder.\n"
    ".It Ev XDG_DATA_HOME\nWithout the former, the model folder is ananke/models in here; without both it is ~/.local/share/ananke/models.\n"
    ".It Ev NO_COLOR\nWhen it is set and not empty, nothing is coloured unless --color always says so.\n"
    ".El\n"
    ".Sh FILES\n"
    ".Bl -tag -width Ds\n"
    ".It Pa constraints.json\nRules: what extract writes and compile reads.\n"
    ".It Pa constraints.ir.json\nThe IR: what compile writes and generate finds.\n"
    ".El";

void cli_manual_print(void) {
    puts(".\\\" Made by `ananke help --man` from the table of commands.\n.Dd November 22, 2026\n.Dt ANANKE 1\n.Os");
    puts(".Sh NAME\n.Nm ananke\n.Nd make language models write code that obeys rules\n.Sh SYNOPSIS");
    for (const Command *command = cli_commands; command->name; command++) put_synopsis(command);
    puts(".Sh DESCRIPTION");
    puts(
        "Ananke extracts the rules that a code base already follows, compiles them, and holds a model to them token by token while it writes.\n"
        "The same rules check code that anybody wrote.\nOptions that every command takes:");
    put_options(cli_common_options);
    for (const Command *command = cli_commands; command->name; command++) put_command(command);
    puts(environment);
    put_exit_status();
    put_examples();
    puts(".Sh SEE ALSO\n.Xr libananke 3");
}
